"""The folders that a repository's own set-up makes, and those to which its programs write under literal paths."""

from __future__ import annotations

import ast
import posixpath
import re
from collections.abc import Iterator

from auditor.findings import FileEvidence
from auditor.repository.model import Repository
from auditor.rerun.command_files import placed_words, within
from auditor.rerun.model import Command

MOST_FOLDERS = 50
_FILE_BYTES = 1 << 18
_ASSIGNED = re.compile(
    r"^\s{0,40}(?:ENV\s+|ARG\s+|export\s+)?([A-Za-z_]\w{0,60})[= ]\s{0,5}[\"']?([\w./-]{1,100})[\"']?\s{0,40}$", re.M
)
_MKDIR = re.compile(r"(?<![\w.-])mkdir\s+([^;&|\n`]{1,1000})")
_PLAIN = re.compile(r"[\w.][\w./-]{0,200}")
# Calls that write to the path in one of their arguments, by the last part of their name.
_WRITERS = frozenset({
    "savefig", "to_csv", "to_json", "to_excel", "to_latex", "to_pickle", "to_html", "to_parquet", "savetxt", "save",
    "savez", "savez_compressed", "imwrite", "imsave", "write_image", "write_html", "dump", "save_weights",
})  # fmt: skip


def documented_folders(repository: Repository, missing: str) -> tuple[tuple[str, ...], tuple[FileEvidence, ...]]:
    """Return all folders that the repository's own set-up makes, and the line that says so of `missing`.

    A variable in such a line stands for what the file assigns to it, where that leads to `missing` or beside it.
    """
    made: dict[str, None] = {}
    evidence: tuple[FileEvidence, ...] = ()
    for path, number, line, text in _lines(repository):
        folders = _made_by(line, text, missing)
        if missing in folders and not evidence:
            evidence = (FileEvidence(path=path, line=number, excerpt=line.strip()),)
        made |= dict.fromkeys(folders)
        if len(made) >= MOST_FOLDERS:
            break
    return tuple(made)[:MOST_FOLDERS], evidence


def _lines(repository: Repository) -> Iterator[tuple[str, int, str, str]]:
    """Yield path, number, line and whole text for the lines of set-up files and of the documentation's code."""
    for file in repository.own_files:
        script = file.kind in ("shell", "container") or (file.kind == "other" and file.path.endswith("Makefile"))
        if not script or file.size > _FILE_BYTES:
            continue
        text = repository.text(file.path)
        for number, line in enumerate(text.splitlines(), 1):
            if "mkdir" in line and len(line) <= 2_000 and not line.lstrip().startswith("#"):
                yield file.path, number, line, text
    for document in repository.documents:
        for block in document.blocks:
            for offset, line in enumerate(block.text.splitlines() if "mkdir" in block.text else ()):
                if "mkdir" in line and len(line) <= 2_000:
                    yield block.path, block.line + offset, line, block.text


def _made_by(line: str, text: str, missing: str) -> tuple[str, ...]:
    """The folders of the repository that a line makes; none where it stands in another folder by then."""
    if re.search(r"(?<![\w.-])cd\s", line):
        return ()
    values = dict.fromkeys(_ASSIGNED.findall(text))
    folders = []
    for names in _MKDIR.findall(line):
        for name in names.replace('"', "").replace("'", "").split():
            folders += [] if name.startswith("-") else _filled(name.removeprefix("./").rstrip("/"), values, missing)
    return tuple(folder for folder in dict.fromkeys(folders) if ".." not in folder and _PLAIN.fullmatch(folder))


def _filled(name: str, values: dict[tuple[str, str], None], missing: str) -> list[str]:
    variable = re.match(r"\$\{?(\w+)\}?/", name)
    if variable is None:
        return [name]
    rest = name[variable.end() - 1 :]
    if missing.endswith(rest):
        return [missing]
    given = [value.removeprefix("./").rstrip("/") for named, value in values if named == variable[1]]
    # Several stages assign several values: the one meant is where something was found to be missing.
    return [value + rest for value in given if missing.startswith(value + "/") or len(given) == 1]


def written_folders(repository: Repository, commands: tuple[Command, ...]) -> tuple[str, ...]:
    """Return the folders in which the commands' programs write files under literal paths."""
    sources = {source.path: source for source in repository.sources}
    found: dict[str, None] = {}
    for command in commands:
        for folder, words in placed_words(command):
            named = next((sources[path] for word in words if (path := within(folder, word) or "") in sources), None)
            for call in named.calls if named else ():
                for path in _written(call.name, call.arguments, dict(call.keywords)):
                    place = within(folder, posixpath.dirname(path))
                    if place and place not in repository.folders and _PLAIN.fullmatch(place):
                        found[place] = None
    return tuple(found)[:MOST_FOLDERS]


def _written(name: str, arguments: tuple[str, ...], keywords: dict[str, str]) -> Iterator[str]:
    last = name.rpartition(".")[2]
    mode = _literal(arguments[1] if len(arguments) > 1 else keywords.get("mode", ""))
    given = arguments[:1] if last == "open" and mode[:1] in ("w", "a", "x") else ()
    for argument in arguments[:2] if last in _WRITERS else given:
        path = _literal(argument)
        if "/" in path:
            yield path


def _literal(text: str) -> str:
    """The value of a string literal; empty for any other expression."""
    try:
        value = ast.literal_eval(text.strip()) if len(text) < 200 else ""
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return ""
    return value if isinstance(value, str) else ""
