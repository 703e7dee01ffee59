"""Seeds that settings files declare, and whether anything of the repository reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from auditor.analysis.call_graph import Program
from auditor.analysis.randomness.faults import Fault
from auditor.analysis.randomness.levels import Randomness
from auditor.analysis.randomness.options import never_seeded
from auditor.analysis.randomness.remedies import SEED_NAME, seeding_lines, sentence_case, where_to_seed
from auditor.analysis.randomness.semantics import only_shows
from auditor.errors import Unreadable
from auditor.findings import FileEvidence
from auditor.repository.model import Call, Repository
from auditor.repository.settings_forms import FORMS, FRAMEWORKS

FILES_LIMIT = 200
TEXT_LIMIT = 200_000
CODE_LIMIT = 8_000_000
"""Characters of all Python files together that are searched for a setting's name."""
NAMES_LIMIT = 100_000
"""Places of a name in one file that are looked at."""
_VALUE = r"\s{0,4}[:=]\s{0,4}[\"']?(-?\d{1,20})\b(?!\.\d)"
_LINE = re.compile(rf"^\s{{0,60}}(?:- )?[\"']?([A-Za-z_][\w./-]{{0,80}})[\"']?{_VALUE}")
_PAIR = re.compile(rf"[\"']([A-Za-z_]\w{{0,60}})[\"']{_VALUE}")
_RESULTS = re.compile(
    r"(^|/)(results?|outputs?|logs?|runs|checkpoints?|\w{0,60}_results|results_\w{0,60}|\.[^/]{1,60})/"
    r"|(results?|metrics|scores|history|summary|log|package(-lock)?)\.json$",
    re.I,
)
_HANDS_ON = re.compile(
    r"(^|\.)(instantiate|HfArgumentParser|parse_json_file|parse_yaml_file|LightningCLI|build_from_cfg|from_dict"
    r"|from_params|from_config|from_file|bind_parameter|external_configurable)$"
)
"""They make objects of settings by names that no line of the code shows."""
_WRAPS = re.compile(
    r"(^|\.)(dict|OrderedDict|set_defaults|update|Namespace|SimpleNamespace|EasyDict|edict|Munch|munchify|Box|Dot\w*Dict"
    r"|\w*Dict|\w*Config|merge|create|to_container|deepcopy|copy|vars|items|keys|len|list|isinstance|sorted)$"
)
_PASSED_ON = frozenset(("kwargs", "kw", "kwds", "self.kwargs", "keywords", "params_kwargs"))


@dataclass(frozen=True, slots=True)
class SeedSetting:
    """A key named seed with a number, and where a settings file declares it."""

    key: str
    form: str
    evidence: FileEvidence


def seed_settings(repository: Repository) -> Iterator[SeedSetting]:
    """Yield the seeds of the authors' own settings files, the first of each key in each file."""
    forms = {suffix: form for form, known in FORMS.items() for suffix in known.suffixes}
    looked = 0
    for file in repository.own_files:
        form = forms.get(f".{file.path.lower().rpartition('.')[2]}")
        usable = file.size <= TEXT_LIMIT and not file.absent and file.kind not in ("dependencies", "container")
        if form is None or not usable or _RESULTS.search(file.path) or looked >= FILES_LIMIT:
            continue
        looked += 1
        try:
            text = repository.text(file.path)
        except Unreadable:
            continue
        seen: set[str] = set()
        for number, line in enumerate(text.split("\n"), 1):
            for key in _keys(line[:2_000], form):
                if key not in seen:
                    seen.add(key)
                    yield SeedSetting(key, form, FileEvidence(path=file.path, line=number, excerpt=line.strip()[:200]))


def _keys(line: str, form: str) -> Iterator[str]:
    """Yield the seeds that a line declares, by the last part of their names."""
    found = _PAIR.finditer(line) if form == "json" else filter(None, [_LINE.match(line)])
    for match in found:
        key = re.split(r"[./]", match[1])[-1]
        if SEED_NAME.match(key):
            yield key


def settings_faults(randomness: Randomness) -> Iterator[Fault]:
    """Yield the seeds that settings files declare, in a form that the programs load, and that nothing reads."""
    program = randomness.program
    drawn = {event.libraries[0] for path in randomness.followed for event in path.ledger.draws()}
    if not drawn:
        return
    by_key: dict[str, list[SeedSetting]] = {}
    for setting in seed_settings(program.repository):
        by_key.setdefault(setting.key, []).append(setting)
    loaded = _loaded(program) if by_key and not _handed_on(program) else frozenset()
    for key, all_settings in by_key.items():
        settings = [setting for setting in all_settings if setting.form in loaded]
        if settings and not _is_read(key, program):
            yield _fault(key, settings, randomness, drawn)


def declares_seed(program: Program) -> bool:
    """Return whether a settings file of a form that the programs load, or hand on, declares a seed."""
    forms = {setting.form for setting in seed_settings(program.repository)}
    return bool(forms) and (bool(forms & _loaded(program)) or _handed_on(program))


def _fault(key: str, settings: list[SeedSetting], randomness: Randomness, drawn: set[str]) -> Fault:
    first, more = settings[0].evidence, len(settings) - 1
    others = f" and {more} more files" if more > 1 else " and one more file" if more else ""
    entry = randomness.followed[0].entry
    code = seeding_lines(sorted(drawn), entry, randomness.program, f'config["{key}"]')
    return Fault(
        7,
        "high",
        f"`{key}` is declared in {first.path}, line {first.line}{others}, and no line of the code reads it",
        tuple(setting.evidence for setting in settings[:4]),
        sentence_case(f"put `{code}` {where_to_seed(entry)}, once the settings are read, or take `{key}` out of them."),
        tuple(sorted({library for path in randomness.followed for library in never_seeded(path)})),
    )


def _loaded(program: Program) -> frozenset[str]:
    """Return the forms of settings that the programs load."""
    names = {call.name for source in program.sources.values() for call in source.calls}
    return frozenset(form for form, known in FORMS.items() if any(map(known.loader.search, names)))


def _handed_on(program: Program) -> bool:
    """Return whether settings may reach code outside the repository as a whole, which may read any of them."""
    sources = program.sources.values()
    if any(item.module.partition(".")[0] in FRAMEWORKS for source in sources for item in source.imports):
        return True
    held = {item.target for source in sources for item in source.assignments if _loads(item.value)}
    return any(_takes_whole(call, held) for source in sources for call in source.calls)


def _loads(text: str) -> bool:
    called = text.partition("(")[0]
    return any(form.loader.search(called) for form in FORMS.values())


def _takes_whole(call: Call, held: set[str]) -> bool:
    if _HANDS_ON.search(call.name):
        return True
    if _WRAPS.search(call.name) or only_shows(call.name):
        return False
    spread = [value for key, value in call.keywords if key == "**" and value not in _PASSED_ON]
    values = (*call.arguments, *(value for _, value in call.keywords))
    whole = any(value in held or _loads(value) for value in values)
    own = "." not in call.name or call.name.startswith("self.")
    return bool(spread) or (whole and not own)


def _is_read(key: str, program: Program) -> bool:
    """Return whether code or another setting names a key: as an attribute, a text, a parameter, or to be filled in."""
    name = re.escape(key)
    used = re.compile(rf"\.{name}\b(?!\s{{0,4}}\()|[\"']([\w.]{{1,80}}[./])?{name}[\"']")
    named = re.compile(rf"\b{name}\b")
    filled = re.compile(rf"[$%<]\{{?(\w{{1,40}}[.:]){{0,4}}{name}\b")
    left = CODE_LIMIT
    for file in program.repository.files:
        low = file.path.lower()
        pattern = used if low.endswith((".py", ".pyx", ".ipynb")) else filled
        settings = low.endswith(tuple(suffix for form in FORMS.values() for suffix in form.suffixes))
        if file.absent or not (pattern is used or settings or file.kind == "shell"):
            continue
        left -= file.size
        if left < 0:
            return True  # what was not searched may read it
        try:
            text = program.repository.text(file.path)
        except Unreadable:
            return True
        if pattern.search(text) or (pattern is used and _is_parameter(named, text)):
            return True
    return False


def _is_parameter(named: re.Pattern[str], text: str) -> bool:
    """Return whether a name stands between a `def` and the next closing bracket."""
    for match in islice(named.finditer(text), NAMES_LIMIT):
        before = text[max(0, match.start() - 2_000) : match.start()]
        if before.rfind("def ") > before.rfind(")"):
            return True
    return False
