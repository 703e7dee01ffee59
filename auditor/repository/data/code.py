"""What the authors' own Python says of its data: loaders, downloads, files it reads, programs that make data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache

from auditor.errors import Unreadable
from auditor.known_data import canonical
from auditor.repository.data.calls import last_part, reads_file, stem, writes_file
from auditor.repository.data.documents import says_how
from auditor.repository.data.files import FETCHES, SIDE, fetches_models, is_data
from auditor.repository.data.fixed import fixed_beside, fixed_by_address, fixed_by_call
from auditor.repository.data.known import BY_HAND, LOADERS
from auditor.repository.data.tree import Tree
from auditor.repository.data.words import DATA_SUFFIX, DATA_WORD, NOT_DATA, OUTPUT, OWN_MACHINE, OWN_RESULTS, WEIGHTS
from auditor.repository.model import Call, DataReference, Repository, Source

COMMENT_BYTES = 20 << 20
"""Bytes of sources in whose comments addresses are looked for."""
ADDRESSES_LIMIT = 100
"""Addresses in the comments of one file that are looked at."""

_ABSOLUTE = re.compile(r"/(?!(?:tmp|dev|proc|etc|usr|path|some|your)/)[\w.-]{1,80}/[\w.-]{1,80}/")
_DOWNLOAD_CALLS = re.compile(
    r"(^|\.)(urlretrieve|urlopen|download_url|download_and_extract_archive|download_file_from_google_drive"
    r"|maybe_download|get_file|download_file|download_from_url|cached_download|snapshot_download|hf_hub_download"
    r"|download_data|download_dataset|extract_archive)$|^gdown\.|^wget\.|^kaggle\.api|^requests\.get$"
    r"|^torch\.hub\.download_url_to_file$"
)
_SHELL_CALLS = re.compile(r"^(os\.(system|popen)|subprocess\.\w+|get_ipython\(\)\.system|sh)$")
_FETCHES = re.compile(r"\b(wget|curl|gdown|aria2c)\b.{0,300}(https?|ftp)://")
_FOLDER_CALLS = re.compile(
    r"(^|\.)(\w{0,30}ImageFolder\w{0,30}|DatasetFolder|flow_from_directory|image_dataset_from_directory)$"
)
_MAKES_BY_LIBRARY = re.compile(
    r"^(sklearn\.datasets\.(make_\w+|samples_generator\.\w+)|numpy\.random\.multivariate_normal"
    r"|networkx\.(\w+_graph|\w+_model))$"
)
_MAKES_BY_NAME = re.compile(
    r"(^|[._])(simulate|simulation|simulator|generate|gen|make|synthetic|synthesize|toy"
    r"|sample)_?(\w{0,20}_)?(data|dataset|samples|problem|graph|points|series|trajector\w{1,3}|instance|signal|matrix)"
    r"|(^|[._])simulate_\w{1,30}|(^|[._])(create|build)_(sim|simulated|synth|synthetic|toy|fake|artificial)_\w{1,30}",
    re.I,
)
_SYNTHETIC = re.compile(r"(?<![a-z])(simul\w{1,6}|synth\w{0,8}|toy|fake|artificial|random)(?![a-z])|^sklearn", re.I)
"""What says so by its name; `generate_samples` may as well be what a trained model does."""
_MAKES_BY_MODULE = re.compile(r"(^|[/_])(artificial|synthetic|simulated|synth|toy)(_?data|_?datasets?)?\.py$", re.I)
_ENVIRONMENTS = re.compile(
    r"^(gym|gymnasium|dm_control|pysc2|smac|smacv2|vizdoom|mujoco_py|mujoco|ale_py|atari_py|procgen|pybullet_envs"
    r"|gym_\w{1,30}|minigrid|roboschool|metaworld|pettingzoo|pommerman|retro|baselines|stable_baselines3?|rllab|garage|rlkit|tianshou)(\.|$)"
)
_OWN_ENVIRONMENT = re.compile(r"(^|[a-z_])Env(ironment)?$")
_ENVIRONMENT_OPTION = re.compile(r"^--?env(ironment)?([_-]?(name|id))?$|^--?(scenario|map_name|gym[_-]?env)$", re.I)
_GYM_NAME = re.compile(r"-v\d|NoFrameskip")
ENVIRONMENT = "the environment"
"""How the name begins of a program that an agent acts in."""

_DATA_OPTION = re.compile(
    r"^--?(path[_-]?(to[_-]?)?data\w{0,12}|data([_-]?set)?s?([_-]?(dir|path|root|folder|file|directory))?"
    r"|(input|train|img|image|corpus|imagenet)[_-]?(data[_-]?)?(dir|path|root|folder|file))$",
    re.I,
)
_ADDRESS = re.compile(r"(https?|ftp)://[^\s\"'<>)\]]{4,300}")


def from_code(repository: Repository) -> Iterator[DataReference]:
    """Yield what the own sources refer to, file by file; what only tests and packaging do is left out."""
    tree = Tree(repository)
    budget = COMMENT_BYTES
    for source in repository.sources:
        if source.vendored or SIDE.search(source.path):
            continue
        yield from _calls(source, tree)
        yield from _makes(source, tree)
        yield from _strings(source, tree)
        yield from _options(source, tree)
        file = repository.by_path.get(source.path)
        reads = any(reads_file(call) or writes_file(call) for call in source.calls)
        if file and reads and not source.notebook and file.size <= budget:
            budget -= file.size
            yield from _comments(repository, source)


def _loader(call: Call) -> str | None:
    """Return whether the class or the argument of a call names the set that a library fetches; None for other calls."""
    return _loader_named(call.name)


@lru_cache(maxsize=2_000)
def _loader_named(name: str) -> str | None:
    return next((kind for pattern, kind in LOADERS if pattern.search(name)), None)


def _calls(source: Source, tree: Tree) -> Iterator[DataReference]:
    for call in source.calls:
        loader = _loader(call)
        if BY_HAND.search(call.name) or (loader and ("download", "False") in call.keywords):
            name = call.name.rpartition(".")[2]
            named = canonical(name)
            evidence = source.evidence(call.line, call.statement)
            yield DataReference(name, "path", evidence, data_set=named, within=call.within, sure=True, read=True)
        elif loader or (("download", "True") in call.keywords and call.name.rpartition(".")[0] not in tree.modules):
            named = next((a.strip("\"'") for a in call.arguments if a[:1] in "\"'"), "")
            last = re.sub(r"\.(load_data|load\w{0,20}|splits|iters|data_path)$", "", call.name).rpartition(".")[2]
            name = last if loader == "class" else named or last
            yield DataReference(
                name,
                "loader",
                source.evidence(call.line, call.statement),
                data_set=canonical(name),
                within=call.within,
                fixed=fixed_by_call(call, source),
                named_in_call=loader == "argument",
            )
        elif _FOLDER_CALLS.search(call.name):
            name = f"a folder of images ({call.arguments[0]})" if call.arguments else "a folder of images"
            evidence = source.evidence(call.line, call.statement)
            yield DataReference(name, "path", evidence, within=call.within, sure=not tree.pictures, read=True)
        elif _DOWNLOAD_CALLS.search(call.name) or (
            _SHELL_CALLS.search(call.name) and any(_FETCHES.search(a) for a in call.arguments)
        ):
            yield from _download(call, source, fixed_by_call(call, source))


def _download(call: Call, source: Source, fixed: str) -> Iterator[DataReference]:
    if fetches_models(source.path):
        return
    told = " ".join(call.arguments)
    address = _ADDRESS.search(told)
    url = address[0] if address else None
    if url and (re.fullmatch(r"\w+://[^/]+/?", url) or NOT_DATA.search(url) or WEIGHTS.search(url)):
        return  # a host alone asks whether the network is there
    if not url and WEIGHTS.search(f"{call.within} {told} {source.path}") and not DATA_WORD.search(told):
        return
    named = canonical(f"{url or ''} {call.within}")
    where = f"{call.within} {source.path} {told}"
    if not url and not any("://" in text for text, _ in source.strings):
        return  # a general helper that fetches whatever it is given
    if not (url or named or DATA_WORD.search(where) or canonical(where) or "download" in last_part(source.path)):
        return
    evidence = source.evidence(call.line, call.statement)
    yield DataReference(url or call.name, "downloaded", evidence, url, data_set=named, within=call.within, fixed=fixed)


def _makes(source: Source, tree: Tree) -> Iterator[DataReference]:
    for item in source.imports:
        if not item.level and _ENVIRONMENTS.search(item.module) and item.module not in tree.modules:
            name = f"{ENVIRONMENT} of {item.module.partition('.')[0]}"
            evidence = source.evidence(item.line, f"import {item.module}")
            yield DataReference(name, "generated", evidence, sure=True)
    methods = {function.name for function in source.functions}
    for name in source.classes:
        if _OWN_ENVIRONMENT.search(name):
            evidence = source.evidence(None, f"class {name}")
            title = f"{ENVIRONMENT} {name}" if f"{name}.step" in methods else name
            yield DataReference(title, "generated", evidence, sure=True)
    for call in source.calls:
        if _MAKES_BY_LIBRARY.search(call.name) or _MAKES_BY_NAME.search(call.name):
            evidence = source.evidence(call.line, call.statement)
            sure = bool(_SYNTHETIC.search(call.name))
            yield DataReference(call.name, "generated", evidence, within=call.within, sure=sure)
    for function in source.functions:
        if _MAKES_BY_NAME.search(function.name) or _MAKES_BY_MODULE.search(source.path):
            evidence = source.evidence(function.line, f"def {function.name}")
            sure = bool(_SYNTHETIC.search(f"{function.name} {last_part(source.path)}"))
            yield DataReference(function.name, "generated", evidence, within=function.name, sure=sure)


def _strings(source: Source, tree: Tree) -> Iterator[DataReference]:
    reads = _read_lines(source)
    writes = _by_line(call for call in source.calls if writes_file(call))
    loaders = [call for call in source.calls if _loader(call)]
    roots, fetches = _named_in(source, loaders), "\n".join(call.statement or "" for call in loaders)
    defaults = frozenset((option.default or "").strip("\"'") for option in source.options)
    for text, line in source.strings:
        if text.startswith(("http://", "https://", "ftp://")):
            what = f"{text} {last_part(source.path)}"
            if DATA_SUFFIX.search(text.split("?")[0]) and not WEIGHTS.search(what) and is_data(text, source.path):
                evidence = source.evidence(line, text)
                named = canonical(text)
                fixed = fixed_by_address(text) or fixed_beside(source, line)
                within = _within(source, line)
                yield DataReference(text[:200], "downloaded", evidence, text[:300], named, within, fixed=fixed)
            continue
        if line in writes or WEIGHTS.search(last_part(text)):
            continue
        held = tree.held(text)
        if held is not None:
            if line in reads and (DATA_SUFFIX.search(text) or tree.is_data(held)) and not OUTPUT.search(text):
                yield DataReference(
                    held,
                    "included",
                    source.evidence(line, text),
                    data_set=canonical(text),
                    within=_within(source, line),
                    read=True,
                )
            continue
        if tree.holds_folder(text):
            yield DataReference(
                text[:200],
                "included",
                source.evidence(line, text),
                data_set=canonical(text),
                within=_within(source, line),
                read=True,
            )
            continue
        for item in _absent(source, tree, text, line, line in reads):
            root = (line in roots or text in fetches) and not item.data_set and not DATA_SUFFIX.search(text)
            file = DATA_SUFFIX.search(text) and text.startswith(("~/", "/"))  # of one machine, by its name
            yield replace(item, sure=bool(file)) if text in defaults else replace(item, sure=item.sure and not root)


def _absent(source: Source, tree: Tree, text: str, line: int, read: bool) -> Iterator[DataReference]:
    """Yield the reference of a path that leads to nothing here, where it looks like one to data."""
    own = tree.names_data_set(text)
    suffixed, worded = bool(DATA_SUFFIX.search(text)), bool(own or DATA_WORD.search(text) or canonical(text))
    folder = "/" in text or "\\" in text
    if not ((suffixed and (read or worded)) or (worded and folder)):
        return
    machine = bool(OWN_MACHINE.match(text) or ((read or own) and _ABSOLUTE.match(text)))
    end = "/".join(re.split(r"[/\\]", text)[-2:]) if machine else text  # folders of a machine may be called anything
    if OUTPUT.search(end) or (machine and OWN_RESULTS.search(text)) or stem(text) in tree.written or not stem(text):
        return
    named = canonical(text)
    yield DataReference(
        text[:200],
        "path",
        source.evidence(line, text),
        data_set=named,
        within=_within(source, line),
        sure=machine or ((read or suffixed) and folder and bool(named) and not re.search(r"[%{}*]", text)),
        read=read and suffixed and not re.search(r"[%{}*]", text),  # a pattern is no file's name
    )


def _read_lines(source: Source) -> frozenset[int]:
    """Return the lines of the calls that read files, and of the assignments to the names that they are given."""
    return _named_in(source, [call for call in source.calls if reads_file(call)])


def _named_in(source: Source, calls: list[Call]) -> frozenset[int]:
    """Return the lines of calls, and of the assignments to the names that they are given."""
    texts = [text for call in calls for text in call.arguments[:2]]
    texts += [value for call in calls for key, value in call.keywords if key == "root"]
    given = {word for text in texts for word in re.findall(r"[A-Za-z_][\w.]{0,80}", text)}
    named = {item.line for item in source.assignments if item.target in given}
    return _by_line(calls) | frozenset(named)


def _by_line(calls: Iterable[Call]) -> frozenset[int]:
    return frozenset(call.line for call in calls)


def _within(source: Source, line: int) -> str:
    """Return the innermost function that holds a line."""
    holding = [f for f in source.functions if f.line <= line <= f.last_line]
    return max(holding, key=lambda function: function.line).name if holding else ""


def _options(source: Source, tree: Tree) -> Iterator[DataReference]:
    for option in source.options:
        if any(_ENVIRONMENT_OPTION.search(name) for name in option.names) and _GYM_NAME.search(option.default or ""):
            evidence = source.evidence(option.line, f"{option.names[0]} (default {option.default})")
            yield DataReference(f"{ENVIRONMENT} of {option.names[0]}", "generated", evidence, sure=True)
        if option.flag or option.choices:
            continue
        name = next((name for name in option.names if _DATA_OPTION.search(name)), None)
        default = (option.default or "").strip("\"'")
        folder = bool(re.search(r"dir|path|root|folder|file", name or "", re.I)) or "/" in default
        if name and folder and tree.holds_folder(default):
            evidence = source.evidence(option.line, f"{name} (default {default})")
            yield DataReference(default, "included", evidence, data_set=canonical(default), read=True)
        elif name and folder:
            text = f"{name} (default {default})" if default else name
            yield DataReference(
                name, "path", source.evidence(option.line, text), data_set=canonical(default), within=""
            )


def _comments(repository: Repository, source: Source) -> Iterator[DataReference]:
    """Yield addresses in comments and docstrings beside words that say how to get data, as documents are read."""
    try:
        text = repository.text(source.path)
    except Unreadable:
        return
    if "://" not in text:
        return
    quoted = {line for _, line in source.strings}
    lines = text.split("\n")
    told = [number for number, line in enumerate(lines, 1) if "://" in line and number not in quoted]
    for number in told[:ADDRESSES_LIMIT]:
        line = lines[number - 1]
        address = _ADDRESS.search(line[:1_000])
        if address is None:
            continue
        near = " ".join(row[:300] for row in lines[max(0, number - 3) : number])
        if says_how(near) or (FETCHES.search(line[:1_000]) and is_data(address[0], source.path)):
            named = canonical(near)
            evidence = source.evidence(number, line.strip()[:300])
            within = _within(source, number)
            fixed = fixed_by_address(address[0])
            yield DataReference(named or address[0], "instructions", evidence, address[0], named, within, fixed=fixed)
