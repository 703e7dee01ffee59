"""Parts that the repository itself says or shows to be missing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import PurePosixPath

from auditor.findings import FileEvidence
from auditor.repository.declared.requirement_text import joined
from auditor.repository.missing.open_items import absent_folders, open_items
from auditor.repository.model import Document, Repository

_SOON = re.compile(
    r"\b(code|scripts?|models?|weights|data\s?sets?|data|experiments?|implementation|instructions?|details"
    r"|notebooks?|training|evaluation|rest|remaining|files?|support|cifar-?\d*|more)\b[^.]{0,60}"
    r"\b(coming soon|will be (released|added|uploaded|published|provided|available|made available|here)( soon| "
    r"shortly| later)?|to be (released|added|uploaded|completed)|(is|are) not (yet )?(been )?(included|released"
    r"|published|provided|shipped)|not (yet )?(been )?(available|released|included|published)( yet)?)"
    r"|\bnot (yet|currently) (been )?(publicly )?(published|released|uploaded|available|included)\b"
    r"|\bnot (been )?(published|released|uploaded|available) yet\b"
    r"|\bwill be (added|released|uploaded|published|provided|available|made available) (here )?"
    r"(soon|shortly|later|in the (near )?future)\b"
    r"|\bcoming soon\b|\bunder construction\b|\bcode (is )?(to come|tba)\b|\bwill (be )?(add|upload|release)\w* "
    r"(the |our |all )?((full|complete|source|training|evaluation|testing|test|running|remaining|pre-?trained) ){0,2}"
    r"(code|scripts?|data|models?|weights|instructions|details|rest)\b"
    r"|\b(we|i|authors)(\s(will|plan\sto|intend\sto)|'ll)\s(also\s)?(add|upload|release|publish|share)\s([\w-]{1,30}\s){0,4}"
    r"(code|scripts?|data\s?sets?|models?|weights)\b",
    re.I,
)
_ONLY_MORE = re.compile(
    r"\bmore (results?|examples?|models?|details|features?|experiments?|data ?sets?|documentation|tutorials?)\b"
    r"|\bsurvey|\b(paper|article|preprint|proceedings|camera[- ]ready|arxiv)\b"
    r"|\bbut\b|\bdownload|\binstead\b|\bcan be (found|obtained|had)\b|\banymore\b"
    r"|\bno longer\b|\b(if|unless|in case|whether)\b[^.,]{0,80}\bnot\b",
    re.I,
)
_FILE = re.compile(
    r"(?<![\w/.:*-])((?:[\w.-]{1,60}/){0,6}[\w-]{1,80}\.(?:py|ipynb|sh|ya?ml|txt|json|m|R|jl|lua|md))(?![\w/])"
)
_MADE_BY_USER = re.compile(
    r"\b(create|generat\w+|produc\w+|sav\w+|output|download\w*|obtain\w*|unzip|extract\w*|writ\w+|store\w*"
    r"|place|put|your|example|e\.g\.|such as|will be|log)\b",
    re.I,
)


_STANDS_FOR = re.compile(r"^(dataset|data_set|task|method|env|model|name|your)[_-]\w", re.I)
"""A name whose first word stands for several (`dataset_base.sh` beside `enwik8_base.sh`)."""
_WITHHELD = re.compile(
    r"\b(not|cannot|n't) (be )?(included|uploaded|shared|provided|released|published|on git ?hub|in (this|the) repo)"
    r"[^.]{0,48}\b(due to|because|owing to|for)\b[^.]{0,60}\b(size|space|large|licen[cs]\w{1,4}|copyright\w{0,2}"
    r"|confidential\w{0,3}|proprietary|privacy|private|legal)\b",
    re.I,
)
_MOVED = re.compile(
    r"\b(code|repository|project|implementation)\b[^.]{0,30}\b(moved|migrated|deprecated|now (lives|hosted))\b", re.I
)
_CORRESPONDENCE = re.compile(
    r"(^|/)(rebuttal|response|reviews?|change_?-?log|changes|news|history|notice)\w{0,20}(\.|$)", re.I
)
_MODELS = re.compile(r"\b(models?|weights|checkpoints?|networks?|predictions|outputs?|logs?|figures?)\b", re.I)
_LATER = re.compile(r"\b(yet|soon|will|later|coming|to be|tba)\b", re.I)
_HAD = re.compile(r"\bdownload|\bcan be (found|obtained|had|accessed)\b|\bavailable (at|from|here)\b|https?://", re.I)
_TO_CREATE = re.compile(
    r"\b(creat\w{1,4}|writ\w{1,3}|mak(e|ing)|add|sav\w{1,3}|nam(e|ed)|call(ed)?)\b[^.;:]{0,40}$", re.I
)
_MADE_HERE = re.compile(r"(?:<<\s?[\"']?\w{1,20}[\"']?\s?>\s?|>\s?)([\w./-]{1,100}\.(?:py|sh|ya?ml|json|txt))")
_HOUSEKEEPING = re.compile(
    r"(^|[/_-])(prune|clean\w{0,3}|archive|backup|monitor|watch|notify|commit|upload|push|lint|format|tensorboard|kill"
    r"|view|serve)([_.-]|$)",
    re.I,
)
_FORMAL = re.compile(r"(^|/)(un)?(licen[sc]e|copying|contributing|code[_-]of[_-]conduct|authors)[^/]{0,20}$", re.I)
"""What nobody needs to run the code."""
_ORDER = {"train": 0, "run": 0, "evaluate": 0, "data": 1}


def missing_parts(repository: Repository) -> tuple[FileEvidence, ...]:
    """Return the places where documents promise something not there yet, or name a file that is absent."""
    made = _made_by_reader(repository)
    found = list(_programs(repository, made))
    for document in repository.documents:
        if _CORRESPONDENCE.search(document.path):
            continue
        if document.main or document.path.count("/") <= 1:
            found += [
                *_promised(document, bare=not repository.sources),
                *_requirements(document, repository),
                *_links(document, repository),
                *(open_items(document) if document.main else ()),
                *absent_folders(document, repository),
                *_named(document, repository, made),
            ]
    unique = {(item.path, item.excerpt): item for item in found}
    return tuple(unique.values())


def _programs(repository: Repository, made: frozenset[str]) -> Iterator[FileEvidence]:
    """Yield the commands of main documents whose program is absent: a part's may be about another project's."""
    main = {document.path for document in repository.documents if document.main}
    for command in sorted(repository.commands, key=lambda c: _ORDER.get(c.purpose, 2)):
        if command.evidence.path not in main or not command.target or _HOUSEKEEPING.search(command.target):
            continue
        if not command.exists and command.purpose != "install" and _own_program(command.target):
            name = PurePosixPath(command.target).name
            if name not in made and not _elsewhere(repository, command.target):
                yield command.evidence


def _made_by_reader(repository: Repository) -> frozenset[str]:
    """Return the names of files that a document has its reader write: "create a file keys.sh", `cat <<EOF > a.sh`."""
    names: set[str] = set()
    for document in repository.documents:
        for _, text in document.prose:
            for match in _FILE.finditer(text[:3_000]):
                if _TO_CREATE.search(text[max(0, match.start() - 60) : match.start()]):
                    names.add(PurePosixPath(match[1]).name)
        for block in document.blocks:
            names |= {PurePosixPath(match[1]).name for match in _MADE_HERE.finditer(block.text[:20_000])}
    return frozenset(names)


def _own_program(target: str) -> bool:
    return target.endswith((".py", ".sh", ".ipynb")) and not target.startswith(("/", "~", "$"))


def _elsewhere(repository: Repository, target: str) -> bool:
    """Return whether a file of that name (or stem) is anywhere in the tree: moved or renamed, not missing."""
    name = re.sub(r"(\.\w{1,6})\1$", r"\1", PurePosixPath(target).name)  # a suffix written twice
    stem = PurePosixPath(name).stem
    if _STANDS_FOR.match(name):
        return True
    if any(f"/{stem}s/" in f"/{path}" for path in repository.by_path):
        return True  # `run_script.sh` stands for those of `run_scripts/`
    if _renamed(repository, name) or _fetched(repository, name):
        return True
    return any(p.rpartition("/")[2] in (name, f"{stem}.sh", f"{stem}.py", f"{stem}.ipynb") for p in repository.by_path)


def _renamed(repository: Repository, name: str) -> bool:
    """Return whether a file of the same kind is there whose name is this one's first words, or the other way round."""
    stem, _, suffix = name.rpartition(".")
    if not stem:
        return False
    for path in repository.by_path:
        other, _, ending = path.rpartition("/")[2].rpartition(".")
        if ending == suffix and other and min(len(other), len(stem)) > 2:
            short, long = sorted((stem.lower(), other.lower()), key=len)
            step = re.match(r"^\d{1,3}[a-z]?_[a-z]{3,40}_", short)
            if step and long.startswith(step[0]):
                return True  # the same step of a numbered series
            if re.match(rf"{re.escape(short)}[-_ ]", long) or (
                abs(len(short) - len(long)) < 3 and SequenceMatcher(None, short, long).ratio() > 0.85
            ):
                return True
    return False


def _fetched(repository: Repository, name: str) -> bool:
    """Return whether a document gives an address that ends in this name, so that the reader fetches it."""
    return any(re.search(rf"https?://\S{{1,300}}/{re.escape(name)}", d.text[:200_000]) for d in repository.documents)


def _promised(document: Document, bare: bool) -> Iterator[FileEvidence]:
    """Yield sentences that promise or withhold a part; in a tree without code (`bare`), also that it was moved."""
    for line, text in document.prose:
        sentences = re.split(r"(?<=[.!?])\s", text[:5_000])
        for sentence, following in zip(sentences, [*sentences[1:], ""], strict=True):
            if (_WITHHELD.search(sentence) and not _HAD.search(f"{sentence} {following}")) or (
                bare and _MOVED.search(sentence)
            ):
                yield FileEvidence(path=document.path, line=line, excerpt=sentence[:300])
                continue
            if not _SOON.search(sentence) or _ONLY_MORE.search(sentence) or _HAD.search(following):
                continue
            if not _by_choice(sentence):
                yield FileEvidence(path=document.path, line=line, excerpt=sentence[:300])


def _by_choice(sentence: str) -> bool:
    """Return whether a sentence says that what running the code gives (models, outputs) is kept back for good.

    What running makes is not needed to run; promised for later, it is a part that the authors themselves miss.
    """
    return bool(_MODELS.search(sentence)) and not _LATER.search(sentence)


_QUOTED_INSTALL = re.compile(r"[\s$>]{0,8}(python\d?\s-m\s)?(pip|conda|mamba)[\d.]{0,4}\s\w")


def _requirements(document: Document, repository: Repository) -> Iterator[FileEvidence]:
    """Yield installs, in blocks or as quoted lines, from a file that is not there under that name or one alike."""
    home = document.path.rpartition("/")[0]
    blocks = (
        (block.line + offset, row) for block in document.blocks for offset, row in enumerate(block.text.split("\n"))
    )
    for line, row in (*blocks, *(item for item in document.prose if _QUOTED_INSTALL.match(item[1][:100]))):
        match = re.search(r"(?:-r|--requirement|-f|--file)[\s=]+(\S{1,200}\.(?:txt|ya?ml))\b", row[:1_000])
        if match and re.search(r"\b(pip[\d.]{0,4}|conda|mamba)\b", row):
            name = PurePosixPath(match[1]).name
            if not _exists(repository, home, match[1]) and not (_renamed(repository, name) and not home):
                yield FileEvidence(path=document.path, line=line, excerpt=row.strip()[:300])


def _exists(repository: Repository, home: str, named: str) -> bool:
    name = named.rpartition("/")[2]
    if home:  # the reader of a part's own instructions looks there, and in the folders around it
        around = {"", *("/".join(home.split("/")[:depth]) for depth in range(1, home.count("/") + 2))}
        return any(f"{folder}/{name}".lstrip("/") in repository.by_path for folder in around) or any(
            path.startswith(f"{home}/") and path.endswith(f"/{name}") for path in repository.by_path
        )
    direct = joined(f"{home}/x" if home else "x", named)
    return (
        direct in repository.by_path
        or any(p == named or p.endswith(f"/{name}") for p in repository.by_path)
        or name in repository.by_path
    )


def _links(document: Document, repository: Repository) -> Iterator[FileEvidence]:
    """Yield relative links to code files and folders that are not there."""
    folders = {"/".join(p.split("/")[:n]) for p in repository.by_path for n in range(1, p.count("/") + 1)}
    for link in document.links:
        url = link.url.split("#")[0].split("?")[0]
        if link.image or not url or "://" in url or url.startswith(("mailto:", "#", "/", "www.")):
            continue
        target = joined(document.path, url.rstrip("/"))
        if _FORMAL.search(url):
            continue
        absent = target and target not in repository.by_path and target not in folders and _FILE.fullmatch(url)
        if absent and not _elsewhere(repository, url):
            yield FileEvidence(path=document.path, line=link.line, excerpt=f"{link.text} ({link.url})"[:300])


def _named(document: Document, repository: Repository, made: frozenset[str]) -> Iterator[FileEvidence]:
    """Yield the mentions, in prose, of absent files that declare what to install.

    Programs that only prose names are often another project's, or stand for several: only commands tell of those.
    """
    foreign = _about_others(document)
    for line, text in document.prose:
        if _heading(document, line) in foreign or _MADE_BY_USER.search(text[:3_000]):
            continue
        for match in _DECLARES.finditer(text[:3_000]):
            if (
                match[1] not in made
                and "git clone" not in text[: match.start()]
                and not _elsewhere(repository, match[1])
            ):
                yield FileEvidence(
                    path=document.path, line=line, excerpt=text[max(0, match.start() - 80) : match.end() + 40]
                )


_DECLARES = re.compile(r"(?<![\w/.:*-])(requirements?[\w-]{0,40}\.txt|environment[\w-]{0,40}\.ya?ml)(?![\w/])")


def _heading(document: Document, line: int) -> int:
    """Return the line of the heading that a line stands under; 0 before the first."""
    return max((start for _, _, start in document.headings if start <= line), default=0)


def _about_others(document: Document) -> frozenset[int]:
    """Return the sections, by their headings' lines, that refer to another repository: they name its files."""
    return frozenset(_heading(document, link.line) for link in document.links if _REPOSITORY.search(link.url))


_REPOSITORY = re.compile(r"^https?://(www\.)?(github|gitlab|bitbucket)\.(com|org)/[\w.-]{1,60}/[\w.-]{1,80}/?$")
