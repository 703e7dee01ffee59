"""The licence of the authors' code, recognised by the words of the licence texts."""

from __future__ import annotations

import re

from auditor.errors import Unreadable
from auditor.findings import FileEvidence
from auditor.repository.documents.outline import Outline
from auditor.repository.licence_subject import is_for_data, speaks_of_data
from auditor.repository.model import Document, Licence, Repository

LICENCE_LIMIT = 200_000

# Phrases, in lower case without punctuation, all of which the text of the licence holds. The row whose first phrase
# stands earliest wins, since licences name others further down; of two at one place the narrower one, which is above.
_TEXTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("AGPL-3.0", ("gnu affero general public license", "version 3")),
    ("LGPL-3.0", ("gnu lesser general public license", "version 3")),
    ("LGPL-2.1", ("gnu lesser general public license", "version 2 1")),
    ("GPL-3.0", ("gnu general public license", "version 3")),
    ("GPL-2.0", ("gnu general public license", "version 2")),
    ("MPL-2.0", ("mozilla public license", "version 2 0")),
    ("ECL-2.0", ("educational community license", "version 2 0")),
    ("Apache-2.0", ("apache license", "version 2 0")),
    ("AML", ("this apple software is supplied to you by apple", "apple grants you a personal non exclusive license")),
    ("MS-PL", ("microsoft public license",)),
    ("MS-RL", ("microsoft reciprocal license",)),
    ("EUPL-1.2", ("european union public licence", "v 1 2")),
    ("CECILL-2.1", ("cecill", "version 2 1")),
    ("Artistic-2.0", ("the artistic license 2 0",)),
    ("AFL-3.0", ("academic free license", "version 3 0")),
    ("OSL-3.0", ("open software license", "version 3 0")),
    ("WTFPL", ("do what the fuck you want to public license",)),
    ("Zlib", ("the origin of this software must not be misrepresented",)),
    ("EPL-2.0", ("eclipse public license", "v 2 0")),
    ("CC0-1.0", ("cc0 1 0 universal",)),
    ("Unlicense", ("free and unencumbered software released into the public domain",)),
    ("BSL-1.0", ("boost software license", "version 1 0")),
    (
        "BSD-3-Clause-Clear",
        (
            "redistribution and use in source and binary forms",
            "no express or implied licenses to any party s patent rights are granted by this license",
        ),
    ),
    (
        "BSD-3-Clause",
        (
            "redistribution and use in source and binary forms",
            "redistributions of source code must retain",
            "endorse or promote products derived from",
        ),
    ),
    (
        "BSD-2-Clause",
        (
            "redistribution and use in source and binary forms",
            "redistributions of source code must retain",
            "redistributions in binary form must reproduce",
        ),
    ),
    ("ISC", ("permission to use copy modify and or distribute this software for any purpose",)),
    (
        "MIT",
        (
            "permission is hereby granted free of charge to any person obtaining a copy",
            "the software is provided as is without warranty of any kind",
        ),
    ),
)

# Creative Commons' titles give the id: Attribution-NonCommercial-ShareAlike 4.0.
_COMMONS = re.compile(
    r"\battribution(?: (non ?commercial))?(?: (share ?alike|no ?deriv(?:ative)?s?(?: works)?))? ([1-4]) (0|5)\b"
)

# How people write a licence's name in one sentence, longest first.
_NAMES: tuple[tuple[str, str], ...] = (
    ("AGPL-3.0", r"a-?gpl(?:\s?-?v?3(?:\.0)?)?|affero general public licen[sc]e"),
    ("LGPL-3.0", r"lgpl(?:\s?-?v?3(?:\.0)?)?|lesser general public licen[sc]e"),
    ("GPL-2.0", r"gnu gpl v?2|gpl[-\s]?v?2(?:\.0)?|general public licen[sc]e,? ?(?:version|v)\.? ?2"),
    ("GPL-3.0", r"gpl[-\s]?v?3(?:\.0)?|gnu general public licen[sc]e|gnu gpl|gpl"),
    ("Apache-2.0", r"apache(?:\s|-)?(?:licen[sc]e)?,?\s?(?:version\s?)?v?2(?:\.0)?|apache licen[sc]e"),
    ("MPL-2.0", r"mozilla public licen[sc]e|mpl[-\s]?2(?:\.0)?"),
    (
        "CC-BY-NC-SA-4.0",
        r"(?:cc|creative commons)[-\s]by[-\s]nc[-\s]sa(?:[-\s]4\.0)?|attribution-?\s?noncommercial-?\s?sharealike",
    ),
    (
        "CC-BY-NC-4.0",
        r"(?:cc|creative commons)[-\s]by[-\s]nc(?:[-\s]4\.0)?|creative commons attribution-?\s?non-?commercial",
    ),
    (
        "CC-BY-SA-4.0",
        r"(?:cc|creative commons)[-\s]by[-\s]sa(?:[-\s]4\.0)?|creative commons attribution-?\s?sharealike",
    ),
    ("CC-BY-4.0", r"(?:cc|creative commons)[-\s]by(?:[-\s]4\.0)?|creative commons attribution"),
    ("CC0-1.0", r"cc0|public domain"),
    ("BSD-2-Clause", r"bsd[-\s]2(?:[-\s]clause)?|2-clause bsd|simplified bsd"),
    ("BSD-3-Clause", r"bsd[-\s]3(?:[-\s]clause)?|3-clause bsd|new bsd|modified bsd|bsd"),
    ("ISC", r"isc"),
    ("MIT", r"mit"),
)
_NAME = re.compile(
    "|".join(f"(?P<n{number}>(?<![\\w-])(?:{pattern})(?![\\w]))" for number, (_, pattern) in enumerate(_NAMES)), re.I
)
_STATEMENT = re.compile(
    r"(?:under|with|by|released|licen[sc]ed?|licen[sc]ing|distributed|terms of|is|are|the"
    r"|a)\s.{0,80}?licen[sc]e|licen[sc]ed? (?:under|:)"
    r"|under (?:the )?(?:terms of )?(?:the )?(?:mit|gpl|bsd|apache|cc)",
    re.I,
)


def read_licence(repository: Repository) -> Licence | None:
    """Return the licence that a licence file of the authors' own or the README states; None where neither does.

    `spdx` is `unrecognised` where a licence file holds text of no known licence. An empty file states nothing, and
    neither does what is said of data alone. Folders under different licences have none for the whole.
    """
    kept = (file for file in repository.own_files if file.kind == "licence" and file.path.count("/") <= 1)
    files = [file for file in kept if not is_for_data(file.path)]
    read = [_read_file(repository, file.path) for file in sorted(files, key=lambda file: file.path)]
    for inside in (False, True):
        found = [one for one in read if one and one.evidence.path.count("/") == inside]
        known = [one for one in found if one.spdx != "unrecognised"] or found
        if inside and len({one.spdx for one in found}) > 1:
            break
        for one in known:
            if not inside or _covers_the_code(repository, one.evidence.path):
                return one
    for document in repository.documents:
        stated = _stated_in(document) if document.main else None
        if stated:
            return stated
    return None


def _read_file(repository: Repository, path: str) -> Licence | None:
    try:
        text = repository.text(path)[:LICENCE_LIMIT]
    except Unreadable:
        return None
    spdx = licence_of_text(text) or ("unrecognised" if len(text.split()) > 5 else None)
    first = next((line.strip() for line in text.split("\n") if line.strip()), "")
    return Licence(spdx, FileEvidence(path=path, line=1, excerpt=first[:300])) if spdx else None


def _covers_the_code(repository: Repository, path: str) -> bool:
    """Return whether most of the authors' source files lie in the folder of a licence file, or below it."""
    folder = path.rpartition("/")[0]
    code = [file.path for file in repository.own_files if file.kind in ("python", "notebook", "source", "shell")]
    return 2 * sum(one.startswith(f"{folder}/") for one in code) > len(code)


def licence_of_text(text: str) -> str | None:
    """Return the SPDX id of a licence's full text, or of the name that a short file gives; None if unknown."""
    plain = " ".join(re.findall(r"[a-z0-9]+", text[:LICENCE_LIMIT].lower()))
    head = plain[:8_000]
    matching = [spdx for spdx, phrases in _TEXTS if phrases[0] in head and all(phrase in plain for phrase in phrases)]
    if matching:
        first = {spdx: head.find(phrases[0]) for spdx, phrases in _TEXTS}
        return min(matching, key=lambda spdx: first[spdx])
    if "creative commons" in head and (commons := _COMMONS.search(head)):
        return _commons_id(commons)
    if len(plain) < 400:
        match = _NAME.search(text)
        return _spdx(match) if match else None
    return None


def _commons_id(title: re.Match[str]) -> str:
    limits = "-NC" if title[1] else ""
    if title[2]:
        limits += "-SA" if title[2].startswith("share") else "-ND"
    return f"CC-BY{limits}-{title[3]}.{title[4]}"


def _spdx(match: re.Match[str]) -> str:
    return _NAMES[int((match.lastgroup or "n0")[1:])][0]


def _named_in(text: str, heading: str) -> re.Match[str] | None:
    """Return the first name of a licence in a passage below a heading that is not said of data alone."""
    names = _NAME.finditer(text[:2_000])
    return next((name for name in names if not speaks_of_data(text, *name.span(), heading)), None)


def _stated_in(document: Document) -> Licence | None:
    headed = {line for _, text, line in document.headings if re.search(r"\blicen[sc]", text, re.I)}
    outline = Outline(document)
    passages = [*document.prose, *((block.line, block.text) for block in document.blocks if not block.inline)]
    named = [(line, text, _named_in(text, outline.heading(line)[1])) for line, text in passages]
    for line, text, match in named:
        if match and outline.heading(line)[0] in headed:
            return Licence(_spdx(match), FileEvidence(path=document.path, line=line, excerpt=text[:300]))
    for line, text, match in named[: len(document.prose)]:
        near = match and re.search(r"licen[sc]e", text[max(0, match.start() - 80) : match.end() + 60], re.I)
        if match and near and _STATEMENT.search(text[:2_000]):
            return Licence(_spdx(match), FileEvidence(path=document.path, line=line, excerpt=text[:300]))
    for link in document.links:
        badge = re.search(r"badge/licen[sc]e-([\w.%-]{2,40})", link.url, re.I)
        match = _NAME.search(badge[1].replace("%20", " ").replace("--", "-").replace("_", " ")) if badge else None
        if match:
            return Licence(_spdx(match), FileEvidence(path=document.path, line=link.line, excerpt=link.url[:300]))
    return None
