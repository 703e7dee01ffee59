"""Where evaluation stands on its own: a program, a mode of one, or a documented command."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from auditor.analysis import measuring
from auditor.analysis.fitting import STRONG, is_gradient, is_step
from auditor.analysis.roles import Roles
from auditor.findings import FileEvidence
from auditor.repository.model import Call, DocumentedCommand, Option, Source
from auditor.repository.results.shown import others_projects

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_EVALUATES = re.compile(
    r"^(m?eval(s|uate|uates|uation|uations|uator|uating)?|m?test(s|ing|er)?|valid(ate|ation|ating)|infer(ence|ring)?"
    r"|predict(ion|ions|ing|or)?|scor(e|es|er|ing)|metrics?|benchmark(s|ing)?|decod(e|ing)|verif(y|ication)"
    r"|accurac(y|ies)|fid|bleu)$"
)
_EVALUATES_SURELY = re.compile(r"^(eval\w*|benchmark\w*|metrics?|fid|bleu)$")
_MODES = re.compile(r"^(m?eval(uate|uation)?|m?test(ing)?|validate|validation|benchmark|score)$")
_WITH_MODE = re.compile(
    r"^(do|run|only|just|is|mode|model|phase|perform|to|whether|existing|checkpoint|ckpt|best|pretrained|standalone|now)$"
)
_TRAINS = re.compile(r"^(m|pre|re)?train(ing|er|ed)?$|^fit(ting)?$|^learn(ing)?$|^finetun(e|ing)$")
_TRAINING_MODE = re.compile(r"^m?train(ing)?$")
_WITHOUT = frozenset(("no", "skip", "not", "without", "dont", "disable", "is", "do"))
_REUSES = frozenset(("load", "restore", "resume", "reuse", "skip"))
_WEIGHTS = frozenset(("ckpt", "checkpoint", "weights", "snapshot", "from", "path", "dir", "file"))
_MODE_OPTION = re.compile(r"(^|[-_])(\w{0,6}mode|phase|action|task|command|cmd)$", re.I)
_ASIDE = re.compile(
    r"\b(during|while|every|each|after (each|every)|epochs?|interval|path to the"
    r" (test|eval)|(test|eval)\w* (file|data|set) path)\b",
    re.I,
)
_TRIES = re.compile(r"\b(debug\w*|smoke|unit|dry|sanity)\b", re.I)
_INSTEAD = re.compile(
    r"\b(instead of|skip\w*|without|no|not|don'?t|do not|do|bypass)( (the|any|do|perform))? ?(re|m|pre|meta-?)?-?train"
    r"|\b(only|just|simply|purely) (do |run |perform )?(the )?(eval|test|infer|valid|predict)"
    r"|\b(eval|test|infer|valid|predict)\w*[ -](mode|only|phase)\b"
    r"|\b(evaluat|test)\w{0,4} (a|an|the|of|existing|saved|trained|pre-?trained|loaded|given)\b.{0,30}"
    r"\b(model|checkpoint|network|agent|policy|weights)"
    r"|\bcheckpoint (to|for) (evaluat|test)|\bfor (evaluat|test)ing\b|\bmodel to (evaluate|test|validate)",
    re.I,
)
_SETTINGS = r"(?:\w{0,10}args|arg|opts?|options|FLAGS|flags|config|cfg|conf|params|hparams|hp|settings)"
_SETTING = re.compile(rf"\b(?:if|while|and|or|not)\s{{1,9}}\(?(?:\w{{1,20}}\.)?{_SETTINGS}(?:\.|\[['\"])(\w{{1,40}})")
_CONDITION = re.compile(r"^[\s\"]{0,80}(?:el)?(?:if|while)\b(.{0,300})", re.M)
_ASKED = re.compile(r"(?:(?<![\w'\"])|\[['\"]|(?:getattr\(\w{1,20},|get\() ?['\"])([A-Za-z_]\w{0,60})")
_MODE_BRANCH = re.compile(
    rf"^\s*(?:el)?if\b.{{0,60}}?(?:{_SETTINGS}(?:\.|\[['\"])\w{{0,20}}(?:mode|action|phase|task|stage|command|cmd|job)\w{{0,4}}"
    r"|argv\[\d\])['\"\])]{0,3}\s*"
    r"(?:==|in)\s*[\[(]?\s*['\"](\w{1,20})['\"]",
    re.I,
)
_ANALYSES = re.compile(r"(^|[_\- /])(fig|figure|analy|result|table|compar|summar|plot|visuali)", re.I)
_LOADS = re.compile(
    r"(^|\.)(restore\w*|load_model\w*|load_weights\w*|latest_checkpoint|load_checkpoint\w*"
    r"|load_from_checkpoint|load_(params|parameters|net|network|networks|snapshot|policy|agent|module|estimator"
    r"|trained\w*|pretrained\w*))$|^torch\.load$"
)
_SAVES = re.compile(
    r"(^|\.)(save_model|save_weights|save_pretrained|save_checkpoint|save_net\w{0,5})$|\bsaver\.save$", re.I
)
_MODEL = re.compile(
    r"state_dict|(^|[\W_])(model|net|network|params|ckpt|checkpoint)s?([\W_]|$)|\.(h5|hdf5|keras|pth)\b", re.I
)
_SCRIPT_LINE = re.compile(
    r"^[^#\n]{0,200}?\b(?:python[\d.]{0,4}|srun|torchrun)\b[^#\n]{0,300}?([\w./-]{1,120}\.py)\b([^#\n]{0,600})"
)
_INSTALLS = re.compile(r"\b(install\w*|unit[- ]?tests?|set[- ]?up|requirements?|build\w*)\b", re.I)
SHELL_SIZE = 100_000
BRANCH_SIZE = 400_000


@dataclass(frozen=True)
class Evaluating:
    """The places at which evaluation stands on its own, the plainest first."""

    roles: Roles

    @cached_property
    def places(self) -> tuple[FileEvidence, ...]:
        """Programs, modes and commands whose purpose is to evaluate; only those count that measure something.

        What a project copied in brings along to evaluate is of its own work.
        """
        found = [*self._programs(), *self._modes(), *self._commands(), *self._scripts(), *self._measuring_programs()]
        others = others_projects(self.roles.program.repository)
        return tuple(place for place in found if not place.path.startswith(others))

    def _programs(self) -> Iterator[FileEvidence]:
        """Yield the programs that are named for evaluating, and that do so."""
        for source in self.roles.programs:
            if self._named(source) and self._does(source):
                yield source.evidence(1, source.path)

    def _named(self, source: Source) -> bool:
        """Return whether a program's name says that it evaluates, and not that it trains."""
        named = words(_stem(source.path))
        if any(_TRAINS.match(word) for word in named):
            return False
        if source.notebook or any(_EVALUATES_SURELY.match(word) for word in named):
            return any(_EVALUATES_SURELY.match(word) for word in named) and self._is_second(source)
        evaluates = any(_EVALUATES.match(word) for word in named)
        return evaluates and (self._has_twin(source) or self._follows_training(source))

    def _has_twin(self, source: Source) -> bool:
        """Return whether one beside it that fits is named the same but for training: `test_a.py`, `train_a.py`.

        What is called `train.py` alone may leave the fitting to a library.
        """
        folder = source.path.rpartition("/")[0]
        rest = [word for word in words(_stem(source.path)) if not _EVALUATES.match(word)]
        for other in self.roles.program.entry_points:
            named = words(_stem(other.path)) if other.path.rpartition("/")[0] == folder else []
            if any(_TRAINS.match(word) for word in named) and rest == [w for w in named if not _TRAINS.match(w)]:
                return rest == [] or self.roles.fits_something(other)
        return False

    def _is_second(self, source: Source) -> bool:
        """Return whether a program takes no training steps of its own, or others do so too (it may fit a probe)."""
        trains = self.roles.trains_itself
        return not trains(source) or any(trains(other) for other in self.roles.program.entry_points if other != source)

    def _follows_training(self, source: Source) -> bool:
        """Return whether others train and this program does not: what is named `test` may be the experiment itself."""
        return self.roles.fits_surely and not self._trains(source)

    def _only_measures(self, source: Source) -> bool:
        return self._follows_training(source) and not self._makes_models(source)

    def _trains(self, source: Source) -> bool:
        """Return whether a program fits something when it is run; of gradients, where nothing else is fitted."""
        if self._steps(source):
            return True
        calls = self.roles.program.running_calls((source,))
        return not self.roles.fits_surely and any(is_gradient(c) and self.roles.strength(s, c) for s, c in calls)

    def _steps(self, source: Source) -> bool:
        """Return whether a program takes training steps when it is run."""
        return any(is_step(where, call) for where, call in self.roles.program.running_calls((source,)))

    def _makes_models(self, source: Source) -> bool:
        """Return whether a program writes a model: then it makes one of what it loads, however it measures it."""
        return any(saves_model(call) for _, call in self.roles.program.running_calls((source,)))

    def _does(self, source: Source) -> bool:
        calls = list(self.roles.program.running_calls((source,)))
        if self._measures(calls) or any(measuring.assigns_metric(item) for item in source.assignments):
            return True
        return self.roles.is_benchmark(source)

    def _measuring_programs(self) -> Iterator[FileEvidence]:
        """Yield the programs that load what was trained, or follow on what others train, and measure it."""
        for source in self.roles.programs:
            if any(_TRAINS.match(word) or word in ("data", "dataset") for word in words(source.path)):
                continue
            if (
                self._makes_models(source)
                or self._steps(source)
                or any(self.roles.strength(source, call) == STRONG for call in source.calls)
            ):
                continue
            calls = list(self.roles.program.running_calls((source,)))
            loading = sorted((item for item in calls if _LOADS.search(item[1].name)), key=lambda i: i[0] is not source)
            loads = next(iter(loading), None)
            own = next((c for c in source.calls if measuring.computes_metric(c)), None)
            compared = next((a for a in source.assignments if measuring.compares(a)), None)
            if loads and (own or compared or self._measures(calls)):
                yield source.evidence(loads[1].line if loads[0] is source else 1, loads[1].statement)
            elif self.roles.fits_surely and (source.notebook or _ANALYSES.search(source.path)):
                if compared:
                    yield source.evidence(compared.line, f"{compared.target} = {compared.value}")
                elif own and (source.notebook or measuring.is_library(own)):
                    yield source.evidence(own.line, own.statement)

    @staticmethod
    def _measures(calls: list[tuple[Source, Call]]) -> bool:
        return any(measuring.computes_metric(c) or measuring.prints_metric(s, c) for s, c in calls)

    @cached_property
    def _reached(self) -> tuple[Source, ...]:
        program = self.roles.program
        paths = dict.fromkeys(node[0] for entry in self.roles.programs for node in program.reached(entry))
        return tuple(program.sources[path] for path in paths)

    def _modes(self) -> Iterator[FileEvidence]:
        """Yield the options, subcommands and branches by which a program evaluates only."""
        declared = {word for source in self._reached for option in source.options for word in _names(option)}
        for source in self._reached:
            helps = _helps(source)
            for option in source.options:
                if _is_mode(option, helps.get(option.line, "")) and _names(option) & self._asked:
                    yield source.evidence(option.line, f"option {option.names[0]}")
            for call in source.calls:
                last = call.name.rpartition(".")[2]
                if last == "add_parser" and call.arguments and _is_mode_name(call.arguments[0].strip("\"'")):
                    yield source.evidence(call.line, call.statement)
            if source.option_style == "fire":
                for function in source.functions:
                    if "." not in function.name and _is_mode_name(function.name):
                        yield source.evidence(function.line, f"def {function.name}")
            yield from self._branches(source, declared)

    @cached_property
    def _asked(self) -> frozenset[str]:
        """Names that a condition of the programs asks for: an option that none asks for makes no mode."""
        found: set[str] = set()
        repository = self.roles.program.repository
        for source in self._reached:
            file = repository.by_path.get(source.path)
            if file is not None and (file.size <= BRANCH_SIZE or source.notebook):
                for condition in _CONDITION.findall(repository.text(source.path)):
                    found.update(name.lower() for name in _ASKED.findall(condition))
        return frozenset(found)

    def _branches(self, source: Source, declared: set[str]) -> Iterator[FileEvidence]:
        """Yield the conditions on a setting that no option declares, and on a mode's value, that lead to evaluation."""
        program = self.roles.program
        file = program.repository.by_path.get(source.path)
        if source.notebook or file is None or file.size > BRANCH_SIZE:
            return
        for number, line in enumerate(program.repository.text(source.path).split("\n"), 1):
            text = line[:300]
            if not _CONDITION.match(text):
                continue
            if any(name.lower() not in declared and _is_mode_name(name) for name in _SETTING.findall(text)):
                yield source.evidence(number, line.strip())
                continue
            match = _MODE_BRANCH.match(text)
            if match and _MODES.match(match[1].lower()) and source in self.roles.programs:
                yield source.evidence(number, line.strip())

    def _commands(self) -> Iterator[FileEvidence]:
        """Yield the documented commands that evaluate: by the program's name, an option, or the heading above them."""
        for command in self.roles.program.repository.commands:
            if command.exists and command.purpose not in ("install", "data") and self._evaluates(command):
                yield command.evidence

    def _evaluates(self, command: DocumentedCommand) -> bool:
        target = command.resolved or ""
        if target.endswith(".py") and target not in {source.path for source in self.roles.programs}:
            return False
        named = words(_stem(target))
        name = target.rpartition("/")[2]
        after = command.shell.partition(name)[2] if name else ""  # what a compiler makes lies in no file
        if _tells_mode(after):
            return True
        if any(_TRAINS.match(word) for word in named) or _INSTALLS.search(command.heading):
            return False
        if any(_EVALUATES.match(word) for word in named) and target.endswith((".py", ".sh")):
            source = self.roles.program.sources.get(target)
            return source is not None and self._named(source)
        source = self.roles.program.sources.get(target)
        return source is not None and self._heads(command.heading, source)

    def _heads(self, heading: str, source: Source) -> bool:
        headed = words(heading)
        if _ANALYSES.search(_stem(source.path)):
            return False
        if any(_TRAINS.match(word) or word in ("data", "dataset", "datasets") for word in headed):
            return False
        if any(_EVALUATES_SURELY.match(word) for word in headed):
            return True
        return any(_EVALUATES.match(word) for word in headed) and self._follows_training(source) and self._does(source)

    def _scripts(self) -> Iterator[FileEvidence]:
        """Yield the lines of shell scripts that start an own program to evaluate."""
        repository = self.roles.program.repository
        names = {source.path.rpartition("/")[2]: source for source in self.roles.programs}
        for file in repository.own_files:
            if file.kind != "shell" or file.size > SHELL_SIZE:
                continue
            script = words(_stem(file.path))
            for number, line in enumerate(repository.text(file.path).split("\n")[:2_000], 1):
                match = _SCRIPT_LINE.match(line[:1_500]) if ".py" in line else None
                if match is None or match[1].rpartition("/")[2] not in names:
                    continue
                named = any(_EVALUATES.match(word) for word in script) and not any(
                    _TRAINS.match(word) for word in script
                )
                if _tells_mode(match[2]) or (named and self._only_measures(names[match[1].rpartition("/")[2]])):
                    yield FileEvidence(path=file.path, line=number, excerpt=line.strip())
                    break


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


def _is_mode_name(name: str) -> bool:
    """Return whether a switch's name says that the program then evaluates only (`test_only`, `do_eval`)."""
    parts = words(name)
    evaluates = [word for word in parts if _MODES.match(word)]
    others = [word for word in parts if not _MODES.match(word)]
    return bool(evaluates) and ("only" in others or all(_WITH_MODE.match(word) for word in others))


def _is_mode(option: Option, told: str) -> bool:
    """Return whether an option makes its program evaluate: by its values, its name, or what its help says."""
    names = [name for name in (*option.names, option.destination or "") if name]
    values = words(f"{' '.join(option.choices)} {option.default or ''}") if option.choices or option.default else []
    if any(_MODE_OPTION.search(name.lstrip("-")) for name in names):
        if any(_MODES.match(word) for word in values) or (option.default or "").strip("\"'") in ("train", "training"):
            return True
        told_words = [] if option.flag else words(told)
        return any(_MODES.match(w) for w in told_words) and any(_TRAINS.match(w) for w in told_words)
    if _TRIES.search(told) or (_ASIDE.search(told) and not _INSTEAD.search(told)):
        return False
    bare = [name for name in names if len(name.lstrip("-")) > 1]
    evaluates = any(any(_MODES.match(word) for word in words(name)) for name in bare)
    loads = any(set(words(name)) & _REUSES for name in bare)
    if told and _INSTEAD.search(told) and (evaluates or (loads and option.flag)):
        return True
    if any(_is_mode_name(name) for name in bare) and (option.flag or _switches(option)):
        return True
    if evaluates and any(set(words(name)) & _WEIGHTS & {"ckpt", "checkpoint", "snapshot", "weights"} for name in bare):
        return True
    return any(_leaves_training_out(name) for name in bare) and (
        option.flag or option.default in ("True", "False", "0", "1")
    )


def _switches(option: Option) -> bool:
    return option.default in ("True", "False", "0", "1", None)


def _leaves_training_out(name: str) -> bool:
    parts = words(name)
    return any(_TRAINING_MODE.match(word) for word in parts) and all(
        _TRAINING_MODE.match(word) or word in _WITHOUT for word in parts
    )


def _helps(source: Source) -> dict[int, str]:
    """Return the help texts of a file's options by the line of the declaration."""
    return {line: re.sub(r"[\"']\s{0,200}\+?\s{0,200}[\"']", "", text) for line, text in _raw_helps(source).items()}


def _raw_helps(source: Source) -> dict[int, str]:
    found: dict[int, str] = {}
    for call in source.calls:
        last = call.name.rpartition(".")[2]
        if last in ("add_argument", "option", "add_option", "argument"):
            found[call.line] = next((value for key, value in call.keywords if key == "help"), "")
        elif last.startswith("DEFINE_"):
            given = next((value for key, value in call.keywords if key == "help"), "")
            found[call.line] = given or (call.arguments[2] if len(call.arguments) > 2 else "")
    return found


def _tells_mode(arguments: str) -> bool:
    """Return whether a command's arguments tell the program to evaluate: `--eval`, `--mode test`, `test`."""
    parts = arguments.replace("=", " ").split()
    for number, part in enumerate(parts):
        value = parts[number + 1].strip("\"'").lower() if number + 1 < len(parts) else ""
        off = value in ("false", "0", "no")
        if part.startswith("-"):
            if (
                _is_mode_name(part)
                and not off
                and (not value or value.startswith("-") or value in ("true", "1", "yes"))
            ):
                return True
            if _MODE_OPTION.search(part.lstrip("-")) and _MODES.match(value):
                return True
            if off and _TRAINING_MODE.match(part.lstrip("-").lower()):
                return True
        elif number == 0 and _MODES.match(part.lower()):
            return True
    return False


def _names(option: Option) -> set[str]:
    names = {name.lstrip("-").replace("-", "_").lower() for name in option.names}
    return names | ({option.destination.lower()} if option.destination else set())


def _stem(path: str) -> str:
    return path.rpartition("/")[2].rpartition(".")[0] or path.rpartition("/")[2]
