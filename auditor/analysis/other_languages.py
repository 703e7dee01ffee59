"""What programs in other languages than Python do, as far as their lines tell without a parser.

What is found is there; what is not found may be there all the same, so that nobody may conclude a no from it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from auditor.findings import FileEvidence
from auditor.repository.code.comments import comment_mark, without_comment
from auditor.repository.kinds import SCRIPT_SUFFIXES
from auditor.repository.model import File, Repository

FILE_SIZE = 300_000
FILES_LIMIT = 400
LINES_LIMIT = 20_000
LINE_LENGTH = 400

_STARTS = {
    "c": re.compile(r"^\s*(int|void)\s+main\s*\("),
    "java": re.compile(r"\bstatic\s+void\s+main\s*\(|\bdef\s+main\s*\(|\bextends\s+App\b"),
    "go": re.compile(r"^func\s+main\s*\("),
    "rs": re.compile(r"^\s*(pub\s+)?fn\s+main\s*\("),
}
_FAMILY = {
    "cpp": "c",
    "cc": "c",
    "cxx": "c",
    "cu": "c",
    "c": "c",
    "scala": "java",
    "java": "java",
    "go": "go",
    "rs": "rs",
}
_RUN_NAME = re.compile(
    r"^(main|run|demo|test|exp|experiment|fig|figure|script|example|sim|simul)\w*$|_(main|demo|exp|test)$", re.I
)
_LIBRARY = re.compile(r"(^|/)(R|src|lib|libs|toolbox|utils?|private|man|vendor|third_?party|external|deps|tests?)/")
_NO_INPUT = re.compile(r"^\s*function\s+(\w+\s*=\s*)?\w+\s*(\(\s*\))?\s*$")
"""A function that is given nothing and leads its file: whoever calls it runs a program."""
_DEFINES = re.compile(r"^\s*(function\b|classdef\b|return\s+\w+\s*;?\s*$)")
_FIT = re.compile(
    r"(?<![\w.])(\w*train(?!ing_?data|_?(set|data|x|y|images|labels))\w*|fit\w*|\w*optim\w*|fmin\w+|lsqnonlin|quadprog"
    r"|minimi[sz]e\w*|sgd\w*|adam|\w*descent\w*|backward|mcmc|gibbs\w*|glm\w*|lm|lmer|k_?means|stan|sampling)!?\s?\(",
    re.I,
)
_LOOP = re.compile(
    r"^\s*(for|while)\b.{0,60}?(?<![a-z])(iter|epoch|max_?it|n?its?(?![a-z])|n_?steps|rounds|sweeps|episodes)", re.I
)
_METRIC = re.compile(
    r"(accuracy|rmse|mse|(?<![a-z])err(or)?s?(?![a-z])|auc|(?<![a-z])loss(es)?(?![a-z])|nmi|psnr|regret|rewards?"
    r"|(?<![a-z])obj(ective)?s?(?![a-z])|likelihood|(?<![a-z])costs?(?![a-z])|precision|recall|residuals?)",
    re.I,
)
_TELLS = re.compile(
    r"(printf|disp|print|println|cat|cout|message|write|plot\w*|semilog\w?|loglog|ylabel|ggplot)!?\s{0,3}[(<]|=|<-",
    re.I,
)
_RAISES = re.compile(r"\b(error|stop|throw|catch|raise|warning|assert\w*)\b\s*[('\"]|try|catch", re.I)
_DRAWS = re.compile(r"(?<![\w.])(plot\w*|figure|semilog\w?|loglog|ggplot|imagesc|savefig|hist\w*)\s?\(", re.I)
_FIXED = re.compile(
    r"^\s{0,40}(?:(?:local|double|float|int)\s{1,9})?[a-z_][\w.]{0,60}\s{0,20}(?:=|<-)\s{0,20}"
    r"(?![01]?\s{0,9};?$)-?[\d.]{1,40}(e-?\d{1,3})?\s{0,9};?$",
    re.I,
)
"""A variable that is set to a number other than zero or one."""
_EVALUATES = re.compile(r"(^|[_\-])(eval\w*|benchmark\w*|metrics?)([_\-]|$)", re.I)
_TESTS = re.compile(r"^(test|predict|infer\w*)([_\-]|$)|[_\-](test|predict)$", re.I)
_TRAINS = re.compile(r"(^|[_\-])(pre)?train", re.I)


@dataclass(frozen=True)
class _Lines:
    """One source in another language: whether it is a program, and its first telling lines."""

    path: str
    program: bool
    fit: FileEvidence | None
    metric: FileEvidence | None
    draws: bool
    fixed: FileEvidence | None


@dataclass(frozen=True)
class OtherLanguages:
    """What the sources in other languages show.

    `beside` Python programs only the languages of scripts are read: compiled sources are mostly their extensions.
    """

    repository: Repository
    beside: bool = False

    @cached_property
    def files(self) -> tuple[File, ...]:
        """The authors' own sources in languages that can be read by lines, those nearest to the top first."""
        compiled = {} if self.beside else _FAMILY
        found = [
            file
            for file in self.repository.own_files
            if file.kind == "source" and (file.path.lower().endswith(SCRIPT_SUFFIXES) or _suffix(file.path) in compiled)
        ]
        found.sort(key=lambda file: (file.path.count("/"), file.path))
        return tuple(found[:FILES_LIMIT])

    @cached_property
    def _read(self) -> tuple[_Lines, ...]:
        return tuple(self._of(file) for file in self.files if 0 < file.size <= FILE_SIZE)

    def _of(self, file: File) -> _Lines:
        suffix = _suffix(file.path)
        mark = comment_mark(file.path)
        lines = [
            (number, without_comment(line[:LINE_LENGTH], mark).rstrip())
            for number, line in enumerate(self.repository.text(file.path).split("\n")[:LINES_LIMIT], 1)
        ]
        code = [(number, line) for number, line in lines if line.strip()]
        fit = _first(
            file.path, code, lambda line: bool(_FIT.search(line) or _LOOP.match(line)) and not _DEFINES.match(line)
        )
        metric = _first(
            file.path,
            code,
            lambda line: bool(_METRIC.search(line) and _TELLS.search(line)) and not _RAISES.search(line),
        )
        draws = any(_DRAWS.search(line) for _, line in code)
        fixed = _first(file.path, code, lambda line: bool(_FIXED.match(line)))
        return _Lines(file.path, _is_program(file.path, suffix, code), fit, metric, draws, fixed)

    @cached_property
    def programs(self) -> tuple[str, ...]:
        """The files that are programs: scripts, or with a main function."""
        return tuple(item.path for item in self._read if item.program)

    @cached_property
    def fits(self) -> tuple[FileEvidence, ...]:
        """Lines that fit something, where there is a program at all; those of programs first."""
        return self._lines([(item.program, item.fit) for item in self._read])

    @cached_property
    def metrics(self) -> tuple[FileEvidence, ...]:
        """Lines that compute or show a metric, where there is a program at all."""
        return self._lines([(item.program, item.metric) for item in self._read])

    def _lines(self, found: list[tuple[bool, FileEvidence | None]]) -> tuple[FileEvidence, ...]:
        if not self.programs:
            return ()
        return tuple(line for _, line in sorted(found, key=lambda item: not item[0]) if line)

    @cached_property
    def experiments(self) -> tuple[str, ...]:
        """Programs that fit, measure or draw, or that run beside files which do."""
        if not (self.fits or self.metrics or any(item.draws for item in self._read)):
            return ()
        own = tuple(item.path for item in self._read if item.program and (item.fit or item.metric or item.draws))
        return own or self.programs

    @cached_property
    def fixed_values(self) -> tuple[FileEvidence, ...]:
        """Lines of experiments in which a variable is set to a number, where something is fitted."""
        shown = self.experiments if self.fits else ()
        return tuple(item.fixed for item in self._read if item.fixed and item.path in shown)

    @cached_property
    def separate(self) -> tuple[FileEvidence, ...]:
        """Programs that are named for evaluating and measure; named for testing, only beside one that trains."""
        trains = any(_TRAINS.search(_stem(path)) for path in self.programs)
        return tuple(
            item.metric
            for item in self._read
            if item.program
            and item.metric
            and (_EVALUATES.search(_stem(item.path)) or (trains and _TESTS.search(_stem(item.path))))
        )


def _is_program(path: str, suffix: str, code: list[tuple[int, str]]) -> bool:
    if not code:
        return False
    family = _FAMILY.get(suffix)
    if family:
        return any(_STARTS[family].search(line) for _, line in code)
    if suffix == "m" and re.match(r"\s*(function|classdef)\b", code[0][1]):
        return bool(_NO_INPUT.match(code[0][1])) or (
            code[0][1].lstrip().startswith("function") and bool(_RUN_NAME.search(_stem(path)))
        )
    if _LIBRARY.search(path):
        return False
    if suffix == "lua" and re.match(r"\s*return\b", code[-1][1]):
        return False
    return any("(" in line and not _DEFINES.match(line) for _, line in code)


def _first(path: str, code: list[tuple[int, str]], tells: Callable[[str], bool]) -> FileEvidence | None:
    return next((FileEvidence(path=path, line=n, excerpt=line.strip()[:200]) for n, line in code if tells(line)), None)


def _suffix(path: str) -> str:
    return path.rpartition(".")[2].lower()


def _stem(path: str) -> str:
    return path.rpartition("/")[2].rpartition(".")[0]
