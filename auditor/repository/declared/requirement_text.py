"""Single requirement strings and requirements files, in the words of pip, conda and people."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as Parsed
from packaging.utils import canonicalize_name

from auditor.errors import Unreadable
from auditor.repository.model import Requirement

INCLUDE_DEPTH = 5
LINES_LIMIT = 5_000
TEXT_LIMIT = 500
"""Characters of one requirement; no distribution's name with its version is longer."""

_EGG = re.compile(r"[#&]egg=([A-Za-z0-9._-]{1,100})")
_COMMIT = re.compile(r"@[0-9a-f]{7,40}(?=[#&]|$)|@v?\d+(\.\d+){1,3}(?=[#&]|$)|/archive/[^/]{5,80}$|\.whl(?=[#&?]|$)")
_CONDA = re.compile(
    r"^\s{0,80}(?:[\w.\-/]{1,80}::)?([A-Za-z0-9._-]{1,100})\s{0,20}(?:(==?|[<>!]=?"
    r"|~=)\s{0,20}([^\s=,]{1,60}))?(?:=([\w.*]{1,60}))?\s{0,80}$"
)
_EXPORTED = re.compile(r"^([A-Za-z0-9._-]{1,100})=([0-9][\w.!+]{0,40})=([\w.]{1,60})$")


def parse_requirement(text: str, path: str, line: int) -> Requirement | None:
    """Return one requirement in pip's words (PEP 508, a URL, or `-e` with one); None where it names no distribution."""
    bare = re.split(r"\s--(?:hash|config-settings|global-option)", text[:20_000], maxsplit=1)[0].strip()
    bare = re.sub(r"^(-e|--editable)[\s=]+", "", bare)
    bare = re.split(r"\s#", bare, maxsplit=1)[0].strip()[:TEXT_LIMIT]
    if not bare or bare.startswith("#") or bare in (".", "./"):
        return None
    exported = _EXPORTED.match(bare)
    if exported:  # a line of `conda list --export`
        return Requirement(_canonical(exported[1]), f"=={exported[2]}", path, line, text[:200], exact=True)
    if re.match(r"^(git|hg|svn|bzr)\+|^(https?|file)://|^git@", bare):
        return _from_url(bare, path, line, text)
    try:
        parsed = Parsed(bare)
    except InvalidRequirement:
        loose = re.match(
            r"^([A-Za-z0-9][A-Za-z0-9._-]{0,80})\s{0,20}(==?|>=?|<=?|~=)?\s{0,20}([\w.*]{1,40})?\s{0,20}$", bare
        )
        if not loose:
            return None
        if loose[3] and not loose[2] and not re.match(r"\d+\.\d", loose[3]):
            return None  # two words are a sentence
        operator = loose[2] if loose[2] and loose[2] != "=" else "=="  # `torch 1.0` means that version
        specifier = f"{operator}{loose[3]}" if loose[3] else ""
        return Requirement(_canonical(loose[1]), specifier, path, line, text[:200], exact=is_exact(specifier))
    specifier = str(parsed.specifier)
    return Requirement(
        name=_canonical(parsed.name),
        specifier=specifier,
        path=path,
        line=line,
        text=text.strip()[:200],
        exact=is_exact(specifier) or bool(parsed.url and _COMMIT.search(parsed.url)),
        marker=str(parsed.marker)[:200] if parsed.marker else "",
        url=parsed.url,
    )


def is_exact(specifier: str) -> bool:
    """Return whether a PEP 440 specifier fixes one version."""
    clauses = [clause.strip() for clause in specifier.split(",") if clause.strip()]
    return any(clause.startswith("==") and "*" not in clause and len(clause) > 2 for clause in clauses)


def _canonical(name: str) -> str:
    return str(canonicalize_name(name))


def _from_url(text: str, path: str, line: int, original: str) -> Requirement | None:
    egg = _EGG.search(text)
    if egg:
        name = egg[1]
    else:
        tail = re.split(r"[?#@]", text.split("://", 1)[-1].rstrip("/"))[0].rsplit("/", 1)[-1]
        name = re.sub(r"\.git$|-[0-9].*$|\.(zip|tar\.gz|whl)$", "", tail)
    if not re.match(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,80}$", name):
        return None
    return Requirement(
        _canonical(name), "", path, line, original.strip()[:200], exact=bool(_COMMIT.search(text)), url=text
    )


def parse_conda(text: str, path: str, line: int) -> Requirement | None:
    """Return one requirement in conda's words (`numpy=1.16.4`, `numpy=1.16.4=py37_0`, `numpy>=1.16`, `numpy 1.16`)."""
    bare = text[:TEXT_LIMIT].split("#", 1)[0].strip().strip("\"'")
    bare = re.sub(r"\[.*\]$", "", bare)
    spaced = re.match(r"^([\w.-]{1,100})\s+([\d][\w.]{0,40})(?:\s+\S{1,60})?$", bare)
    if spaced:
        bare = f"{spaced[1]}={spaced[2]}"
    match = _CONDA.match(bare)
    if not match:
        return parse_requirement(bare, path, line)
    name, operator, version, build = match[1], match[2] or "", match[3] or "", match[4]
    full = version.count(".") >= 1 or build is not None
    exact = "*" not in version and (operator == "==" or (operator == "=" and full))
    if operator == "=":
        specifier = f"=={version}" if version.count(".") >= 2 or build or "*" in version else f"=={version}.*"
    else:
        specifier = f"{operator}{version}" if version else ""
    return Requirement(_canonical(name), specifier, path, line, text.strip()[:200], exact=exact)


class RequirementsFile:
    """The requirements of one pip file and of those it includes, which must lie in the same repository."""

    def __init__(self, read: Callable[[str], str]) -> None:
        self._read = read
        self.problems: list[str] = []
        self.seen: set[str] = set()

    def parse(self, path: str, depth: int = 0) -> list[Requirement]:
        """Return the requirements of `path` in order; what could not be read is added to `problems`."""
        self.seen.add(path)
        try:
            text = self._read(path)
        except Unreadable as error:
            self.problems.append(str(error))
            return []
        found: list[Requirement] = []
        pins: dict[str, Requirement] = {}
        for number, line in _logical_lines(text):
            option = re.match(r"^(-r|--requirement|-c|--constraint)[\s=]*(\S{1,300})", line)
            if option:
                inner = self._include(path, option[2], depth)
                if option[1] in ("-c", "--constraint"):
                    pins |= {item.name: item for item in inner}
                else:
                    found += inner
            elif line.startswith("-") and not re.match(r"^(-e|--editable)\b", line):
                if re.match(r"^(-i|-f|--index-url|--extra-index-url|--find-links|--trusted-host)\b", line):
                    self.problems.append(f"{path}, line {number} names an index of its own: {line[:120]}")
            else:
                item = parse_requirement(line, path, number)
                if item:
                    found.append(item)
        return [_constrained(item, pins.get(item.name)) for item in found]

    def _include(self, path: str, named: str, depth: int) -> list[Requirement]:
        target = joined(path, named)
        if target is None:
            self.problems.append(f"{path} includes {named[:120]}, which lies outside the repository.")
            return []
        if depth >= INCLUDE_DEPTH or target in self.seen:
            return []
        return self.parse(target, depth + 1)


def _constrained(item: Requirement, constraint: Requirement | None) -> Requirement:
    if constraint is None or item.exact or not constraint.exact:
        return item
    return replace(item, specifier=constraint.specifier, exact=True)


def joined(path: str, named: str) -> str | None:
    """Return the path that `named` means beside `path`, or None where it leaves the repository."""
    if "://" in named or named.startswith(("/", "~")) or "\\" in named or "$" in named:
        return None
    parts: list[str] = list(PurePosixPath(path).parent.parts)
    for part in PurePosixPath(named).parts:
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    pending, start = "", 0
    for number, line in enumerate(text.split("\n")[:LINES_LIMIT], 1):
        start = start or number
        if line.rstrip().endswith("\\") and len(pending) < 20_000:
            pending += line.rstrip()[:-1] + " "
            continue
        whole = (pending + line).strip()[:2_000]
        if whole and not whole.startswith("#"):
            yield start, whole
        pending, start = "", 0


_VALUE_OPTIONS = frozenset(
    "-r --requirement -c --constraint -i --index-url --extra-index-url -f --find-links --trusted-host -t "  # noqa: SIM905
    "--target --prefix"
    " --root --platform --python-version --timeout --proxy --cache-dir --channel -n --name -p --file --index".split()
)  # fmt: skip


def installed_by(command: str, path: str, line: int) -> list[Requirement]:
    """Return the distributions that a `pip install` or `conda install/create` command names, outside of files."""
    found: list[Requirement] = []
    for part in re.split(r"&&|\|\||;|\n", command[:5_000]):
        match = re.search(
            r"\b(?:(?P<pip>(?:uv\s+)?pip[\d.]{0,4}|easy_install|poetry|pipenv|uv)|(?P<conda>conda|mamba|micromamba))"
            r"(?:\s{1,9}--?[\w-]{1,40}(?:=\S{1,100})?){0,4}\s{1,9}(?:env\s{1,9})?(?P<verb>install|create|add)\b(?P<rest>.*)$",
            part,
        ) or re.search(r"\b(?P<pip>easy_install)\b(?P<conda>\b)(?P<rest>.*)$", part)
        if not match:
            continue
        conda = bool(match["conda"])
        for word in _words(match["rest"]):
            item = parse_conda(word, path, line) if conda else parse_requirement(word, path, line)
            if item and item.name not in ("pip", "setuptools", "wheel", "conda"):
                found.append(replace(item, text=part.strip()[:200]))
    return found


def _words(rest: str) -> Iterator[str]:
    try:
        words = shlex.split(rest, comments=True)
    except ValueError:
        words = rest.split()
    skip = False
    for word in words:
        if skip:
            skip = False
        elif word in _VALUE_OPTIONS:
            skip = True
        elif (
            (
                word.startswith("-")
                or word in (".", "..", "./", "|", ">", "&&")
                or word.startswith((".", "/", "<", "$", "{"))
            )
            or ("[" in word and word.startswith("."))
            or re.search(r"\.(txt|ya?ml|in)$", word)
        ):
            continue
        else:
            yield word


def version_in_words(specifier: str) -> str:
    """Return a specifier as a reader says it: `3.6` of `==3.6.*`, `3.6 or newer` of `>=3.6`; others as they are."""
    match = re.fullmatch(r"(==|>=)\s{0,5}(\d[\d.]{0,20}?)(?:\.\*)?", specifier.strip())
    return specifier if match is None else match[2] if match[1] == "==" else f"{match[2]} or newer"
