"""Observed numbers that stood in a shipped file before the run: one that it read, or a script that is no own Python."""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from auditor.claims.model import Claims
from auditor.claims.numbers import last_digit
from auditor.claims.vocabulary import mentions, metric_named
from auditor.errors import Unreadable
from auditor.findings import FileEvidence
from auditor.repository.inventory import read_bytes
from auditor.repository.model import File, Repository
from auditor.rerun.model import Observation, Rerun, Run
from auditor.rerun.observations import observe_file

FILE_LIMIT = 1_000_000
MOST_FILES = 400
FEW_NUMBERS = 200
"""Up to so many different numbers in a file, one of four digits that stands there without a name is no accident."""

_NUMBER = re.compile(r"(?<![\w.])\d{1,9}(?:\.\d{1,17})?(?![\w.]*\d)")
_SHOWING = frozenset(("cat", "head", "tail", "cp", "sed", "awk", "grep", "jq", "column", "more", "less"))
_REDIRECTED = re.compile(r"(?:>|\btee\s+(?:-a\s+)?)\s*([\w./-]{1,300})")
_TO_COMPARE = re.compile(r"(?:^|[/_.-])(?:expected|reported|references?|published|targets?|paper)(?:[/_.-]|$)", re.I)


@dataclass(frozen=True, slots=True)
class Copied:
    """The `found` of the `answers` of one run, all of which stood in `path` before it started.

    `read` where the run read the file, else it is a script; `compared` where its name says that it is compared with.
    """

    path: str
    read: bool
    compared: bool
    answers: tuple[Observation, ...]
    found: tuple[Observation, ...]
    evidence: tuple[FileEvidence, ...]

    @property
    def all_there(self) -> bool:
        """Whether no answer of the run stands elsewhere alone."""
        return len(self.found) == len(self.answers)


def copied_outputs(rerun: Rerun, claims: Claims, repository: Repository) -> tuple[tuple[Copied, ...], int]:
    """Return the files in which at least half of a run's answers already stood, and how many files were looked at.

    Looked at are the shipped files that the run read (by its recorder, or by a `cat` of its script), and scripts that
    are not the authors' own Python and that a command, a script or a source names. Results that the authors ship and
    no run reads do not count, nor does what the runs wrote before they read it. Without an answered claim, the final
    values of known metrics are the answers.
    """
    named = _naming(rerun, repository)
    scripts = [file for file in repository.files if _is_script(file) and _stem(file.path) in named][:MOST_FILES]
    found: dict[str, Copied] = {}
    looked_at: set[str] = set()
    for run in rerun.runs:
        answers = _answers(run, rerun, claims)
        if not answers:
            continue
        read = [repository.by_path[path] for path in _read(run, rerun.runs, repository)][:MOST_FILES]
        for file, was_read in (*((f, True) for f in read), *((f, False) for f in scripts)):
            if file.size > FILE_LIMIT or file.path in found:
                continue
            looked_at.add(file.path)
            there = _standing(repository, file.path, answers)
            # Round numbers stand everywhere; one of three digits or more must be among them.
            if 2 * len(there) >= len(answers) and any(_digits(answers[index].printed) >= 3 for index in there):
                compared = was_read and bool(_TO_COMPARE.search(file.path))
                evidence = tuple(there.values())[:5]
                seen = tuple(answers[index] for index in there)
                found[file.path] = Copied(file.path, was_read, compared, answers, seen, evidence)
    return tuple(found.values()), len(looked_at)


def ran_files(run: Run, repository: Repository) -> frozenset[str]:
    """Return the repository's files that the command of a run names, modules called by `-m` among them."""
    named: set[str] = set()
    tokens = _tokens(run.command)
    for before, token in zip(("", *tokens), tokens, strict=False):
        module = token.replace(".", "/")
        candidates = (f"{module}.py", f"{module}/__main__.py", f"src/{module}.py") if before == "-m" else (token,)
        named |= {posixpath.normpath(posixpath.join(run.folder, name)) for name in candidates}
    if "make" in tokens:
        named |= {"Makefile", "makefile", "GNUmakefile"}
    return frozenset(named & set(repository.by_path))


def _answers(run: Run, rerun: Rerun, claims: Claims) -> tuple[Observation, ...]:
    metrics = {claim.id: claim.metric for claim in claims.items}
    answering = [(v.evidence, metrics.get(v.claim)) for v in rerun.verdicts if v.outcome != "not_observed"]
    final = [o for o in rerun.observations if o.run == run.id and o.final and o.value not in (0.0, 1.0, 100.0)]
    chosen = [o for o in final if any(o.metric == metric and o.evidence in seen for seen, metric in answering)]
    return tuple(chosen or [o for o in final if metric_named(o.metric)])[:MOST_FILES]


def _read(run: Run, runs: Sequence[Run], repository: Repository) -> list[str]:
    """The shipped files that a run read before any command of its round wrote them, in order."""
    round_ = run.id.rsplit("-", 1)[0]
    written: set[str] = set()
    for other in runs:
        if other.id == run.id:
            break
        if other.id.rsplit("-", 1)[0] == round_:
            written |= {output.path for output in other.outputs}
            written |= set(other.recorded.files_written if other.recorded else ())
    read = set(run.recorded.files_read) - set(run.recorded.read_back) if run.recorded else set()
    shown: set[str] = set()
    lines = [(run.command, run.folder)]
    for path in ran_files(run, repository):
        if repository.by_path[path].kind == "shell" or path.endswith(".sh"):
            lines += [(line, posixpath.dirname(path)) for line in _text(repository, path).split("\n")[:2_000]]
    own = {output.path for output in run.outputs} | set(run.recorded.files_written if run.recorded else ())
    for line, folder in lines:
        own |= {posixpath.normpath(posixpath.join(folder, name)) for name in _REDIRECTED.findall(line[:1_000])}
        for command in re.split(r"[|;&]+", line[:1_000]):
            tokens = _tokens(command)
            if tokens and tokens[0] in _SHOWING:
                shown |= {posixpath.normpath(posixpath.join(folder, token)) for token in tokens[1:]}
    # A program that is read is run: constants in it are looked for elsewhere, and stored outputs of notebooks are none.
    kinds = ("python", "notebook")
    known = (path for path in (read | (shown - own)) - written if path in repository.by_path)
    return sorted(path for path in known if repository.by_path[path].kind not in kinds)


def _naming(rerun: Rerun, repository: Repository) -> frozenset[str]:
    """The words of the commands, of shell scripts, Makefiles and Python sources: what they do not name is not run."""
    texts = [run.command for run in rerun.runs]
    texts += [process for run in rerun.runs if run.recorded for process in run.recorded.processes]
    callers = [f.path for f in repository.files if f.kind in ("shell", "python") or "akefile" in f.path]
    texts += [_text(repository, path) for path in callers[:MOST_FILES] if repository.by_path[path].size <= FILE_LIMIT]
    return frozenset(word for text in texts for word in re.findall(r"\w+", text))


def _is_script(file: File) -> bool:
    return file.kind in ("shell", "source") or (file.kind == "python" and file.vendored) or "akefile" in file.path


def _stem(path: str) -> str:
    return re.split(r"\W", posixpath.basename(path))[0]


def _standing(repository: Repository, path: str, answers: Sequence[Observation]) -> dict[int, FileEvidence]:
    """Return where each answer stands in a file, by its index."""
    try:
        data = read_bytes(repository.root, path, FILE_LIMIT)
    except Unreadable:
        return {}
    named = [(o.metric, o.printed, o.value) for o in observe_file("shipped", path, data)]
    text = data.decode("utf-8", "replace")
    lines = text.split("\n") if "\0" not in text[:8_000] else []
    numbers = [(line, index, match[0]) for index, line in enumerate(lines, 1) for match in _in(line)]
    few = len({printed for _, _, printed in numbers}) <= FEW_NUMBERS
    found: dict[int, FileEvidence] = {}
    for index, answer in enumerate(answers):
        if any(metric == answer.metric and _same(answer, value) for metric, _, value in named):
            found[index] = FileEvidence(path=path)
        for line, number, printed in numbers:
            if not _same(answer, float(printed)):
                continue
            telling = few and _digits(printed) >= 4 and _digits(answer.printed) >= 4
            if index in found or telling or any(m.metric.name == answer.metric for m in mentions(line[:2_000])):
                found[index] = FileEvidence(path=path, line=number, excerpt=line.strip()[:300])
                break
    return found


def _in(line: str) -> Iterator[re.Match[str]]:
    return _NUMBER.finditer(line[:20_000])


def _same(answer: Observation, value: float) -> bool:
    """Whether the observed number is this one as printed, as a fraction or in percent; one with more digits is not."""
    unit = last_digit(answer.printed) or 1e-9 * abs(answer.value)
    allowed = 0.5 * unit * (1 + 1e-6)
    return any(abs(form - answer.value) <= allowed for form in (value, value / 100, value * 100))


def _digits(printed: str) -> int:
    return len(re.sub(r"\D", "", re.split("[eE]", printed)[0]).strip("0"))


def _tokens(shell: str) -> list[str]:
    try:
        return shlex.split(shell.replace(";", " ").replace("&&", " "), comments=True)
    except ValueError:
        return shell.split()


def _text(repository: Repository, path: str) -> str:
    try:
        return repository.text(path)
    except Unreadable:
        return ""
