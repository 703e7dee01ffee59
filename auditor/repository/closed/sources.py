"""Sources that a person cannot read: encoded, encrypted or minified."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.errors import Unreadable
from auditor.findings import FileEvidence
from auditor.repository.model import File, Repository, Source

SUSPECT_BYTES_PER_LINE = 200
LONG_LINE = 3_000
LINE_LIMIT = 100_000
SIZE_LIMIT = 2 << 20
FILES_LIMIT = 200
LEFT_CODE = 1_500
"""Characters of code that must be left of a long line when its literals are taken out: data in code is no code."""
MANGLED_NAMES = 12

_DECODERS = re.compile(
    r"\b(b64decode|b32decode|b85decode|a85decode|unhexlify|marshal\.loads|(zlib|gzip|lzma)\.decompress|codecs\.decode"
    r"|bytes\.fromhex|rot_?13)\b"
)
_RUNS = frozenset({"exec", "eval", "builtins.exec", "builtins.eval", "__builtin__.exec", "types.FunctionType"})
_GUARDS = re.compile(
    r"^(pytransform|pyarmor_runtime\w{0,20}|pyarmor|pyconcrete|sourcedefender|pyobfuscate)$|^__pyarmor__$"
)
_LITERALS = re.compile(r"""("[^"\n]{0,200000}"|'[^'\n]{0,200000}'|[\d\s,.\[\](){}eE+:;/-]+)""")
_MANGLED = re.compile(r"^(?=.{6,})(?:[O0]{6,}|[Il1]{6,}|_?0x[0-9a-f]{3,}|_{6,}|(?=.*[O0]{3})[O0o_]{8,})$")
_SUFFIXES = (".py", ".pyw", ".m", ".jl", ".r", ".lua", ".c", ".cpp", ".cc", ".cu", ".java")


def unreadable_sources(repository: Repository) -> tuple[FileEvidence, ...]:
    """Return the places in the authors' own sources that hide what they do, one of each file.

    These are the loaders of encrypted code (PyArmor and its like), `exec` of decoded text, lines of thousands of
    characters that hold code and not data, and files whose names are all made of look-alike letters.
    """
    found: dict[str, FileEvidence] = {}
    for source in repository.sources:
        if not source.vendored:
            for place in _hidden(source):
                found.setdefault(source.path, place)
    lines = {source.path: source.lines for source in repository.sources if not source.notebook}
    for file in [file for file in repository.own_files if _suspect(file, lines.get(file.path))][:FILES_LIMIT]:
        long_line = _minified(repository, file.path)
        if long_line is not None:
            found.setdefault(file.path, long_line)
    return tuple(found.values())


def _suspect(file: File, lines: int | None) -> bool:
    """Return whether a source's lines are long on the whole; of languages that are not parsed, whether it is large."""
    if not LONG_LINE < file.size < SIZE_LIMIT or not file.path.lower().endswith(_SUFFIXES):
        return False
    return lines is None or file.size > lines * SUSPECT_BYTES_PER_LINE


def _minified(repository: Repository, path: str) -> FileEvidence | None:
    """Return a line of a file that is too long to read and holds code: what is left of it without literals."""
    try:
        text = repository.text(path)
    except Unreadable:
        return None
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > LONG_LINE and len(_LITERALS.sub("", line[:LINE_LIMIT])) > LEFT_CODE:
            return FileEvidence(path=path, line=number, excerpt=f"{line.strip()[:120]} … ({len(line)} characters)")
    return None


def _hidden(source: Source) -> Iterator[FileEvidence]:
    for item in source.imports:
        if _GUARDS.match(item.module.partition(".")[0]):
            yield source.evidence(item.line, f"import {item.module}")
    decoded = {item.target for item in source.assignments if _DECODERS.search(item.value)}
    for call in source.calls:
        if _GUARDS.match(call.name):
            yield source.evidence(call.line, call.statement)
        if call.name in _RUNS and any(_DECODERS.search(text) or text in decoded for text in call.arguments):
            yield source.evidence(call.line, call.statement)
    names = {assignment.target for assignment in source.assignments} | {f.name for f in source.functions}
    mangled = [name for name in names if _MANGLED.match(name)]
    if len(mangled) >= MANGLED_NAMES and len(mangled) * 3 >= len(names):
        yield source.evidence(1, f"names such as {sorted(mangled)[0]}")
