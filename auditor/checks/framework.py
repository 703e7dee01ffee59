"""How a check is declared, gets its evidence by type, and is run so that its faults stay its own."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import types
import typing
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from typing import Any

from auditor.errors import MachineFault, Unreadable
from auditor.findings import Finding, Status
from auditor.repository.model import FileKind, Repository


class Absent(Exception):
    """Raised by a fact when its evidence is not there; the message says why, as the end of "Not looked at: …"."""


@dataclass(frozen=True)
class Documentation:
    """A check's docstring in its parts, from which `explain`, tooltips and rule help are made."""

    question: str
    why: str
    how: str
    sources: str


@dataclass(frozen=True)
class Check:
    """A registered check: a pure function from facts, asked for by the types of its parameters, to a Finding."""

    id: str
    function: Callable[..., Finding]
    needs: dict[str, tuple[type, bool]]
    """Parameter name -> (type of the fact, whether it may be None)."""
    documentation: Documentation
    reads: tuple[FileKind, ...] = ()
    """The kinds of the authors' own files in which what it looks for would stand."""
    clean: bool = False
    """It looks for faults: that nothing is found is a pass."""

    @property
    def topic(self) -> str:
        """The part of the id before the dot."""
        return self.id.partition(".")[0]


_checks: dict[str, Check] = {}
_facts: dict[type, Callable[..., Any]] = {}


def check(
    id: str, *, reads: tuple[FileKind, ...] = (), clean: bool = False
) -> Callable[[Callable[..., Finding]], Callable[..., Finding]]:
    """Register the decorated function as the check `id` (`topic.name`).

    Its parameters name by their types the facts it needs; `T | None` takes None where the fact is absent. Its docstring
    has a first line that states what passes, then the paragraphs `Why:`, `How:` and `Sources:`. Where a file of one of
    the kinds `reads` could not be read, the check's silence is `unknown`; `clean` says that its silence is a pass.
    Raises MachineFault if the id is taken or the docstring lacks a part.
    """

    def register(function: Callable[..., Finding]) -> Callable[..., Finding]:
        known = _checks.get(id)
        if known and known.function.__module__ != function.__module__:
            raise MachineFault(f"Two checks are called {id}: in {known.function.__module__} and {function.__module__}.")
        _checks[id] = Check(id, function, _needs(function), document(id, function.__doc__ or ""), reads, clean)
        return function

    return register


def fact(function: Callable[..., Any]) -> Callable[..., Any]:
    """Register a provider: a function from facts, asked for by type, to the fact that its return annotation names."""
    produced = typing.get_type_hints(function)["return"]
    _facts[produced] = function
    return function


def document(id: str, docstring: str) -> Documentation:
    """Return the parts of a check's docstring; raises MachineFault when one is missing."""
    text = inspect.cleandoc(docstring)
    question, _, rest = text.partition("\n\n")
    parts = {}
    for name in ("Why", "How", "Sources"):
        found = re.search(rf"^{name}: (.+?)(?=^\w+: |\Z)", rest, re.S | re.M)
        if not found:
            raise MachineFault(f"The docstring of check {id} has no paragraph '{name}:'.")
        parts[name] = " ".join(found[1].split())
    return Documentation(" ".join(question.split()), parts["Why"], parts["How"], parts["Sources"])


@cache
def all_checks() -> dict[str, Check]:
    """Return every check by id: this package's, and those that others bring by the entry points `auditor.checks`."""
    package = importlib.import_module("auditor.checks")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"auditor.checks.{module.name}")
    for entry in entry_points(group="auditor.checks"):
        try:
            entry.load()
        except Exception as error:  # a broken package of somebody else's costs its own checks, and no others
            warnings.warn(f"The checks of {entry.value} could not be loaded: {error}", stacklevel=2)
    return dict(sorted(_checks.items()))


class Facts:
    """The facts of one audit, by type: some are given, others computed by their providers, once, when asked for.

    A fact may have an attribute `unread`, a sentence on what could not be read of it; then a check that found nothing
    is `unknown`.
    """

    def __init__(self, given: Iterable[object], absent: dict[type, str] | None = None) -> None:
        self._known: dict[type, object] = {type(value): value for value in given}
        self._absent: dict[type, Exception] = {kind: Absent(why) for kind, why in (absent or {}).items()}

    def get(self, kind: type) -> Any:
        """Return the fact of this type; raises Absent or what its provider raised, each time alike."""
        if kind in self._known:
            return self._known[kind]
        if kind in self._absent:
            raise self._absent[kind]
        provider = _facts.get(kind)
        if provider is None:
            self._absent[kind] = Absent(f"nothing provides {kind.__name__}")
            raise self._absent[kind]
        try:
            arguments = {name: self._argument(*need) for name, need in _needs(provider).items()}
            self._known[kind] = provider(**arguments)
        except Exception as error:
            self._absent[kind] = error
            raise
        return self._known[kind]

    def _argument(self, kind: type, optional: bool) -> Any:
        try:
            return self.get(kind)
        except Absent:
            if optional:
                return None
            raise

    def run(self, a_check: Check) -> Finding:
        """Return the finding of one check; absent evidence and faults inside it become `unknown` with the reason."""
        try:
            arguments = {name: self._argument(*need) for name, need in a_check.needs.items()}
            finding = a_check.function(**arguments)
        except Absent as absence:
            return Finding(check=a_check.id, status=Status.UNKNOWN, sentence=f"Not looked at: {absence}.")
        except Unreadable as error:
            return Finding(check=a_check.id, status=Status.UNKNOWN, sentence=str(error))
        except Exception as error:
            where = _where(error)
            return Finding(
                check=a_check.id,
                status=Status.UNKNOWN,
                sentence=f"The check itself failed ({type(error).__name__}: {error}{where}): the auditor's fault.",
            )
        unread = self._unread(a_check, arguments.values())
        if unread and _is_silence(finding, a_check.clean):
            # What was not found in a part says nothing of the whole.
            why = f"Not found in what could be read. {unread}"
            return Finding(check=a_check.id, status=Status.UNKNOWN, sentence=why)
        return finding.model_copy(update={"check": a_check.id})

    def _unread(self, a_check: Check, arguments: Iterable[object]) -> str:
        """Return a sentence on what could not be read of that on which a check rests; empty where all was."""
        said = next((text for fact in arguments if (text := getattr(fact, "unread", ""))), "")
        repository = self._known.get(Repository)
        if said or not isinstance(repository, Repository):
            return said
        return repository.unread_files(a_check.reads)


def _is_silence(finding: Finding, clean: bool) -> bool:
    """Return whether a finding rests on nothing that was found: no evidence, or only the places that were looked at."""
    if finding.status in (Status.PARTIAL, Status.UNKNOWN):
        return False
    if not finding.evidence:
        return True
    quotes = any(evidence.excerpt for evidence in finding.evidence)
    return not quotes and (clean or finding.status is not Status.PASS)


def run_checks(facts: Facts, ids: Iterable[str]) -> Iterator[Finding]:
    """Yield the finding of each named check, in order; an id that nobody registered is `unknown` and says so."""
    registered = all_checks()
    for id in ids:
        if id in registered:
            yield facts.run(registered[id])
        else:
            yield Finding(check=id, status=Status.UNKNOWN, sentence="No installed package provides this check.")


@cache
def _needs(function: Callable[..., Any]) -> dict[str, tuple[type, bool]]:
    hints = typing.get_type_hints(function)
    hints.pop("return", None)
    return {name: _optional(hint) for name, hint in hints.items()}


def _optional(hint: Any) -> tuple[type, bool]:
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        kinds = [kind for kind in typing.get_args(hint) if kind is not type(None)]
        return kinds[0], True
    return hint, False


def _where(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "" if trace is None else f", {trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}"
