"""Where evaluation stands on its own: a program, a mode of one, or a documented command."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from auditor.analysis import measuring
from auditor.analysis.fitting import is_step
from auditor.analysis.roles import Roles
from auditor.findings import FileEvidence
from auditor.repository.folders import lies_in
from auditor.repository.model import Call, Source

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_EVALUATES = re.compile(
    r"^(m?eval(s|uate|uates|uation|uations|uator|uating)?|m?test(s|ing|er)?|valid(ate|ation|ating)|infer(ence|ring)?"
    r"|predict(ion|ions|ing|or)?|scor(e|es|er|ing)|metrics?|benchmark(s|ing)?|decod(e|ing)|verif(y|ication)"
    r"|accurac(y|ies)|fid|bleu)$"
)
_EVALUATES_SURELY = re.compile(r"^(eval\w*|benchmark\w*|metrics?|fid|bleu)$")
_TRAINS = re.compile(r"^(m|pre|re)?train(ing|er|ed)?$|^fit(ting)?$|^learn(ing)?$|^finetun(e|ing)$")
_DATA = frozenset(("data", "dataset", "datasets"))
_MODES = re.compile(r"^(m?eval(uate|uation)?|m?test(ing)?|validate|validation|benchmark|score)$")
_WITH_MODE = frozenset(
    ("do", "run", "only", "just", "is", "mode", "model", "phase", "perform", "to", "ckpt", "checkpoint")
)
_TRAINING_MODE = re.compile(r"^m?train(ing)?$")
_WITH_TRAINING = frozenset(("no", "skip", "not", "without", "dont", "disable", "is", "do", "to", "run"))
_SETTING = (
    r"(?:\w{1,20}\.)?(?:\w{0,12}args|arg\w{0,8}|opts?|options?|FLAGS|flags|config\w{0,4}|cfg|conf|params|hparams"
    r"|hps?|settings)(?:\.|\[['\"])(\w{1,40})(?:['\"]\])?"
)
_CONDITION = re.compile(r"^([ \t]{0,80})(el)?(?:if|while)\b[ (](.{0,300})")
_ASKED = re.compile(rf"[( ]*(not )?[( ]*{_SETTING}[) ]*(?:(?:==|is|!=) (?:True|False|None|0|1))?[) ]*(?::.*)?")
_COMPARED = re.compile(
    rf"(?:{_SETTING}|argv\[\d\])(?:\.lower\(\))? ?(?:[=!]=|(?:not )?in) ?[\[({{]?((?: ?['\"]\w{{1,30}}['\"],?){{1,9}})"
)
_MODE_NAME = re.compile(r"mode|action|phase|task|stage|command|cmd|job", re.I)
_LEAVES = re.compile(r"return\b|(sys\.|os\._)?exit\(|quit\(|break\b|raise SystemExit")
_LOADS = re.compile(
    r"(^|\.)(restore\w*|load_state_dict|load_models?|load_weights\w*|latest_checkpoint|load_checkpoint\w*"
    r"|load_from_checkpoint|load_(params|parameters|net|network|networks|snapshot|policy|agent|module|estimator"
    r"|trained\w*|pretrained\w*))$"
)
_SAVES = re.compile(
    r"(^|\.)(save_model|save_weights|save_pretrained|save_checkpoint|save_net\w{0,5})$|\bsaver\.save$", re.I
)
_MODEL = re.compile(
    r"state_dict|(^|[\W_])(model|net|network|params|ckpt|checkpoint)s?([\W_]|$)|\.(h5|hdf5|keras|pth)\b", re.I
)
SOURCE_SIZE = 400_000
BLOCK_LINES = 200


@dataclass(frozen=True)
class Evaluating:
    """The places at which evaluation stands on its own, the plainest first."""

    roles: Roles

    @cached_property
    def places(self) -> tuple[FileEvidence, ...]:
        """Programs, modes and commands whose purpose is to evaluate.

        What a project copied in brings along to evaluate is of its own work.
        """
        found = [*self._programs(), *self._modes(), *self._commands()]
        others = self.roles.program.repository.others_projects
        return tuple(place for place in found if not lies_in(place.path, others))

    def _programs(self) -> Iterator[FileEvidence]:
        """Yield the programs named for evaluating that do so, then those that measure a trained model they load."""
        loading = []
        for source in self.roles.programs:
            named = words(_stem(source.path))
            if any(_TRAINS.match(word) for word in named):
                continue
            calls = list(self.roles.program.running_calls((source,)))
            loads = next((found for found in calls if loads_model(found[1])), None)
            measures = self._measures(source, calls)
            surely = any(map(_EVALUATES_SURELY.match, named)) and self._is_second(source)
            maybe = any(map(_EVALUATES.match, named)) and self._beside(source)
            if (measures and (surely or maybe)) or (surely and loads):
                yield source.evidence(1, source.path)
            elif loads and not source.notebook and self._only_measures(source, calls):
                line = loads[1].line if loads[0] is source else 1
                loading.append(source.evidence(line, loads[1].statement))
        yield from loading

    def _is_second(self, source: Source) -> bool:
        """Return whether a program takes no training steps of its own, or others do so too (it may fit a probe)."""
        trains = self.roles.trains_itself
        return not trains(source) or any(trains(other) for other in self.roles.program.entry_points if other != source)

    def _beside(self, source: Source) -> bool:
        """Return whether another program trains: `test_a.py` stands beside `train_a.py`, or itself takes no steps."""
        if source.notebook:
            return False
        folder, rest = source.path.rpartition("/")[0], [w for w in words(_stem(source.path)) if not _EVALUATES.match(w)]
        for other in self.roles.program.entry_points:
            named = words(_stem(other.path)) if other.path.rpartition("/")[0] == folder else []
            if any(map(_TRAINS.match, named)) and rest == [w for w in named if not _TRAINS.match(w)]:
                return True
        return self._follows_training(source)

    def _follows_training(self, source: Source) -> bool:
        """Return whether others train and this program does not: what is named `test` may be the experiment itself."""
        return self.roles.fits_surely and not self._steps(source)

    def _steps(self, source: Source) -> bool:
        """Return whether a program takes training steps when it is run."""
        return any(is_step(where, call) for where, call in self.roles.program.running_calls((source,)))

    def _measures(self, source: Source, calls: list[tuple[Source, Call]]) -> bool:
        if any(measuring.computes_metric(c) or measuring.prints_metric(s, c) for s, c in calls):
            return True
        return any(measuring.assigns_metric(item) for item in source.assignments) or self.roles.is_benchmark(source)

    def _only_measures(self, source: Source, calls: list[tuple[Source, Call]]) -> bool:
        """Return whether a program measures, and neither trains nor makes a new model of what it loads."""
        if any(_TRAINS.match(word) or word in _DATA for word in words(source.path)):
            return False
        if any(is_step(where, call) or saves_model(call) for where, call in calls):
            return False
        return any(measuring.computes_metric(c) or measuring.prints_metric(s, c) for s, c in calls)

    def _modes(self) -> Iterator[FileEvidence]:
        """Yield the conditions and subcommands by which a program evaluates instead of training."""
        program = self.roles.program
        reached = (sorted({path for path, _ in program.reached(entry)}) for entry in self.roles.programs)
        paths = dict.fromkeys(path for paths in reached for path in paths)
        for source in (program.sources[path] for path in paths):
            for call in source.calls:
                if call.name.endswith("add_parser") and call.arguments and _is_mode(call.arguments[0].strip("\"'")):
                    yield source.evidence(call.line, call.statement)
            if source.option_style == "fire":
                for function in source.functions:
                    if "." not in function.name and _is_mode(function.name):
                        yield source.evidence(function.line, f"def {function.name}")
            file = program.repository.by_path.get(source.path)
            if not source.notebook and file is not None and file.size <= SOURCE_SIZE:
                lines = program.repository.text(source.path).split("\n")
                for number in mode_conditions(lines):
                    yield source.evidence(number, lines[number - 1].strip()[:300])

    def _commands(self) -> Iterator[FileEvidence]:
        """Yield the documented commands below a heading on evaluating, where programs are trained.

        Below a heading on tests or scores that is done by a program that does not train.
        """
        programs = {source.path: source for source in self.roles.programs} if self.roles.fits_surely else {}
        for command in self.roles.program.repository.commands:
            source = programs.get(command.resolved or "")
            if source is None or not command.exists or command.purpose in ("install", "data"):
                continue
            heading = words(command.heading)
            if any(_TRAINS.match(word) or word in _DATA for word in (*heading, *words(_stem(source.path)))):
                continue
            surely = any(map(_EVALUATES_SURELY.match, heading))
            if surely or (any(map(_EVALUATES.match, heading)) and self._follows_training(source)):
                yield command.evidence


def mode_conditions(lines: list[str]) -> Iterator[int]:
    """Yield the lines, from 1, whose condition on a setting makes a program evaluate and not train.

    A switch that is named for evaluating does so where one branch leaves or the other goes another way; behind
    training, `if args.test:` alone only adds a measurement.
    """
    for number, line in enumerate(lines, 1):
        match = _CONDITION.match(line)
        if match is None:
            continue
        for part in re.split(r"\b(?:and|or)\b", match[3]):
            asked = _ASKED.fullmatch(part)
            if asked:
                if _is_training(asked[2]) or (
                    _is_mode(asked[2])
                    and ("only" in words(asked[2]) or asked[1] or match[2] or _chooses(lines, number, len(match[1])))
                ):
                    yield number
                    break
                continue
            compared = _COMPARED.search(part)
            if compared and (compared[1] is None or _MODE_NAME.search(compared[1])):
                values = words(compared[2])
                if any(_MODES.match(word) for word in values) or (
                    any(_TRAINING_MODE.match(word) for word in values)
                    and ("!=" in part or _chooses(lines, number, len(match[1])))
                ):
                    yield number
                    break


def _chooses(lines: list[str], number: int, indent: int) -> bool:
    """Return whether the block below a condition leaves its function or program, or has an `else`."""
    leaves = False
    for line in lines[number : number + BLOCK_LINES]:
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        here = len(line) - len(line.lstrip())
        if here <= indent:
            return leaves or (here == indent and text.startswith(("else", "elif")))
        leaves = leaves or bool(_LEAVES.match(text))
    return leaves


def loads_model(call: Call) -> bool:
    """Return whether a call loads a model; `torch.load` reads data as well."""
    return bool(_LOADS.search(call.name)) or (call.name == "torch.load" and bool(_MODEL.search(call.statement)))


def saves_model(call: Call) -> bool:
    """Return whether a call writes a model to a file."""
    if _SAVES.search(call.name):
        return True
    if call.name == "torch.save":
        return any(_MODEL.search(text) for text in call.arguments[:1])
    receiver, _, last = call.name.rpartition(".")
    return last == "save" and receiver != "numpy" and any(_MODEL.search(t) for t in (receiver, *call.arguments[:1]))


def words(name: str) -> list[str]:
    """Return the words of a file's, option's or heading's name in lower case, split at punctuation and capitals."""
    return [word.lower() for word in _WORD.findall(name)] or [""]


def _is_mode(name: str) -> bool:
    """Return whether a switch's name says that the program then evaluates (`test_only`, `do_eval`)."""
    parts = words(name)
    return any(map(_MODES.match, parts)) and (
        "only" in parts or all(_MODES.match(word) or word in _WITH_MODE for word in parts)
    )


def _is_training(name: str) -> bool:
    """Return whether a switch's name says that training may be left out (`train`, `do_train`, `skip_training`)."""
    parts = words(name)
    return any(map(_TRAINING_MODE.match, parts)) and all(
        _TRAINING_MODE.match(word) or word in _WITH_TRAINING for word in parts
    )


def _stem(path: str) -> str:
    return path.rpartition("/")[2].rpartition(".")[0] or path.rpartition("/")[2]
