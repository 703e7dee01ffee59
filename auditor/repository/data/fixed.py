"""What fixes the content of a data set: a version, a revision, a checksum beside the call or command that gets it."""

from __future__ import annotations

import re

from auditor.repository.model import Call, Source

_KEYWORDS = re.compile(
    r"^(revision|version|commit_hash|data_version|md5|sha256|sha1|checksum|known_hash|file_hash|hash|tgz_md5"
    r"|expected_hash|md5sum|hash_prefix|data_id)$",
    re.I,
)
_ATTRIBUTE = re.compile(r"(?:\w{1,40}\.){1,4}(?P<name>\w{0,30}(?:md5|sha1|sha256|sha512|checksum)\w{0,30})", re.I)
NEAR = 3
"""Lines below an address in which its checksum stands."""
_MOVING = frozenset(
    {"None", "'main'", '"main"', "'latest'", '"latest"', "'master'", '"master"', "'active'", '"active"'}
)
_DIGEST = re.compile(r"""(?<![0-9a-f])(?:[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32})(?![0-9a-f])""")
_VERSIONED = re.compile(r"""^["'][\w/-]{1,100}(?:/[\w-]{1,60})?:\d{1,4}\.(?:\d{1,4}|\*)\.(?:\d{1,4}|\*)["']$""")
_IN_ADDRESS = re.compile(
    r"zenodo\.org/(?:records?|deposit)/\d{3,12}|figshare\.com/.{0,100}/\d{4,12}(?:/\d{1,4})?|dataverse.{0,60}persistentId"
    r"|/resolve/[0-9a-f]{40}/|/(?:raw|blob|archive)/[0-9a-f]{40}|/releases/download/|doi\.org/10\.",
    re.I,
)
_CHECKS = re.compile(r"\b(md5sum|sha\d{0,3}sum|shasum|openssl (?:md5|sha))\b.{0,200}(-c|--check)|\bdvc pull\b", re.I)


def fixed_by_call(call: Call, source: Source) -> str:
    """Return what a call says that fixes the data it gets (`version='3.0.0'`), or an empty string.

    An attribute named for a checksum (`self.tgz_md5`) counts where its file gives it one.
    """
    for key, value in call.keywords:
        if _KEYWORDS.match(key) and value not in _MOVING:
            return f"{key}={value}"[:100]
    for argument in call.arguments:
        if _VERSIONED.match(argument):
            return argument[:100]
        digest = _DIGEST.search(argument)
        if digest:
            return digest[0]
        if fixed := fixed_by_address(argument) or _attribute(argument, source):
            return fixed
    return ""


def fixed_beside(source: Source, line: int) -> str:
    """Return the checksum that stands below an address as an attribute which a call of the file is handed, or nothing.

    Such are the attributes of data-set classes: `url = …`, `filename = …`, `tgz_md5 = …`.
    """
    near = [item for item in source.assignments if line < item.line <= line + NEAR and _DIGEST.search(item.value[:200])]
    if not near:
        return ""
    handed = [text for call in source.calls for text in (*call.arguments, *(value for _, value in call.keywords))]
    used = {found["name"] for text in handed if (found := _ATTRIBUTE.fullmatch(text[:200]))}
    return next((f"{item.target}={item.value}"[:100] for item in near if item.target in used), "")


def _attribute(argument: str, source: Source) -> str:
    found = _ATTRIBUTE.fullmatch(argument[:200])
    named = [item for item in source.assignments if found and item.target.rpartition(".")[2] == found["name"]]
    return argument if any(_DIGEST.search(item.value[:200]) for item in named) else ""


def fixed_by_address(url: str) -> str:
    """Return the part of an address that names one version for good (an archive's record, a release), or nothing."""
    found = _IN_ADDRESS.search(url[:600])
    return found[0][:100] if found else ""


def checks_content(line: str) -> bool:
    """Return whether a shell line compares what was fetched with a checksum."""
    return bool(_CHECKS.search(line[:2_000]))
