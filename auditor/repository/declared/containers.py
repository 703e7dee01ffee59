"""Dockerfiles and Singularity definitions: what they install, and the image that they build on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from auditor.findings import FileEvidence
from auditor.repository.declared.install_lines import from_clones
from auditor.repository.declared.manifests import Declared
from auditor.repository.declared.requirement_text import installed_by
from auditor.repository.model import BaseImage, Requirement

LINES_LIMIT = 5_000
_FROM = re.compile(
    r"(?i)^from:?\s+(?:--platform=\S{1,80}\s+)?(?P<image>\S{1,300})(?:\s+as\s+(?P<stage>[\w.-]{1,80}))?\s*$"
)
_IMAGE = re.compile(r"^(?P<name>[^@]{1,250}?)(?::(?P<tag>[\w.-]{1,128}))?(?:@(?P<digest>sha256:[0-9a-f]{8,64}))?$")
_ARG = re.compile(
    r"(?i)^(?:arg|env)\s{1,9}(\w{1,80})(?:=|\s)\s{0,9}(?:\"([^\"]{1,5000})\"|'([^']{1,5000})'|([^\"'\s]{1,200}))"
)
_VARIABLE = re.compile(r"\$\{?(\w{1,80})(?::-([^}\s]{0,100}))?\}?")
_VERSION = re.compile(r"\d+\.\d+|^\d|(?<![0-9a-z])[0-9a-f]{7,40}(?![0-9a-z])|\d{8}")
_MOVING = re.compile(r"(?<![a-z])(latest|nightly|stable|edge|main|master)(?![a-z])", re.I)
_APT = re.compile(r"\b(?:apt-get|apt|aptitude|apk|yum|dnf)\s(?:[^;&|]{0,200}?\s)?(?:install|add)\b([^;&|]{0,4000})")
_SECTION = re.compile(r"^%(\w{1,30})")
# Images whose name says which distribution comes with them, in the version of their tag.
_BRINGS = {
    "tensorflow/tensorflow": "tensorflow", "pytorch/pytorch": "torch", "nvcr.io/nvidia/pytorch": "torch",
    "nvcr.io/nvidia/tensorflow": "tensorflow", "mxnet/python": "mxnet", "chainer/chainer": "chainer",
}  # fmt: skip


def from_container(path: str, text: str) -> Declared:
    """Return what a container file installs, its base images, and the Python that they bring."""
    declared = Declared()
    arguments: dict[str, str] = {}
    stages: set[str] = set()
    definition = bool(re.search(r"(?im)^bootstrap\s{0,4}:", text[:5_000]))
    section = ""
    for number, line in _instructions(text):
        argument = _ARG.match(line)
        if argument:
            arguments[argument[1]] = argument[2] or argument[3] or argument[4]
        heading = _SECTION.match(line)
        section = heading[1].lower() if heading else section
        base = _FROM.match(line)
        if base and not section:
            image = _resolved(base["image"], arguments)
            if image.lower() not in stages and image != "scratch":
                _base(declared, image, path, number, line)
            if base["stage"]:
                stages.add(base["stage"].lower())
        elif section == "post" or (not definition and re.match(r"(?i)run\s", line)):
            _installs(declared, _filled(line, arguments), path, number)
        _python(declared, line, number)
    if not re.search(r"(?im)^\s{0,20}(run|copy|add|onbuild)\s|^%(post|files)", text):
        declared.images.clear()  # it only names an image, and builds nothing on it
    return declared


def _instructions(text: str) -> Iterator[tuple[int, str]]:
    """Yield (line, instruction) with continued lines joined; lines of a here-document belong to its instruction."""
    pending, start, until = "", 0, ""
    for number, raw in enumerate(text.split("\n")[:LINES_LIMIT], 1):
        line = raw.strip()[:2_000]
        if line.startswith("#") and not pending:
            continue
        start = start or number
        opened = re.search(r"<<-?[\"']?(\w{1,40})[\"']?", line) if not until and re.match(r"(?i)run\s", line) else None
        if opened:
            until = opened[1]
        if until and line == until:
            until = ""
        elif line.endswith("\\") or until:
            if not line.startswith("#"):
                pending = (pending + line.rstrip("\\") + (" ; " if until else " "))[:20_000]
            continue
        elif line.startswith("#"):
            continue
        whole, pending = pending + (line if not opened else ""), ""
        first, start = start, 0
        yield first, whole


def _resolved(image: str, arguments: dict[str, str]) -> str:
    """Return an image's name with the build arguments' defaults put in, which may name each other."""
    for _ in range(3):
        image = _filled(image, arguments)[:300]
    return image


def _filled(text: str, arguments: dict[str, str]) -> str:
    """Return a text with the values of build arguments in the place of their names."""
    return _VARIABLE.sub(lambda found: arguments.get(found[1], found[2] or found[0]), text, count=20)[:20_000]


def _base(declared: Declared, image: str, path: str, number: int, line: str) -> None:
    evidence = FileEvidence(path=path, line=number, excerpt=line[:200])
    # A registry's port is no tag.
    found = _IMAGE.match(image)
    if found is None:
        return
    name, tag, digest = found["name"].removeprefix("docker.io/").removeprefix("library/"), found["tag"], found["digest"]
    fixed = bool(digest) or bool(tag and _VERSION.search(tag) and not _MOVING.search(tag))
    declared.images.append(BaseImage(image, tag, digest, fixed, evidence))
    if name.rpartition("/")[2] == "python" and tag and tag[0].isdigit():
        declared.state_python(re.match(r"[\d.]+", tag)[0].rstrip("."), number)  # type: ignore[index]
    brings = _BRINGS.get(name)
    if brings:
        version = re.match(r"\d+\.\d+(\.\d+)?", tag or "")
        specifier = f"=={version[0]}" if version and not name.startswith("nvcr.io") else ""
        exact = bool(digest) or (fixed and version is not None)
        item = Requirement(brings, specifier, path, number, line[:200], exact=exact)
        declared.add(item)


def _installs(declared: Declared, line: str, path: str, number: int) -> None:
    for item in (*installed_by(line, path, number), *from_clones(line, path, number)):
        declared.add(item)
    for match in _APT.finditer(line):
        for word in match[1].split():
            name, _, version = word.partition("=")
            if re.match(r"^[a-z0-9][a-z0-9.+-]{0,80}$", name):
                specifier = f"=={version}" if version else ""
                system = Requirement(name, specifier, path, number, word[:200], exact=bool(version))
                declared.others.append(replace(system, ecosystem="system"))


def _python(declared: Declared, line: str, number: int) -> None:
    stated = re.search(r"\bpython={0,2}\s?(3\.\d{1,2}|2\.7)", line)
    if stated:
        declared.state_python(stated[1], number)
