"""Run one function on untrusted input in a child process with limits on time and memory."""

from __future__ import annotations

import multiprocessing
import resource
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from auditor.errors import AuditorError, MachineFault, Unreadable

Result = TypeVar("Result")

# The child starts fresh instead of by fork: it holds no open file, thread or secret of its parent.
_context = multiprocessing.get_context("spawn")


def confined(
    function: Callable[..., Result],
    *arguments: Any,
    seconds: float,
    cpu_seconds: int | None = None,
    memory_bytes: int = 4 << 30,
    what: str,
) -> Result:
    """Return `function(*arguments)`, run in a child process that is killed past its limits.

    `function` must be importable by name; arguments and result are pickled between this program and its own child.
    `seconds` is wall time, `cpu_seconds` CPU time (the same if not given), `memory_bytes` address space; the child may
    write no file. `what` names the input in the message ("the PDF", "train.py").

    Raises Unreadable when a limit was hit or the child died, and whatever AuditorError the function raised.
    """
    receiver, sender = _context.Pipe(duplex=False)
    limits = (cpu_seconds or int(seconds) + 1, memory_bytes)
    child = _context.Process(target=_child, args=(sender, limits, function, arguments), daemon=True)
    try:
        child.start()
    except OSError as error:
        raise MachineFault(f"No child process could be started to read {what}: {error}.") from error
    sender.close()
    try:
        if not receiver.poll(seconds):
            raise Unreadable(f"Reading {what} took longer than {seconds:.0f} s and was stopped.")
        ok, value = receiver.recv()
    except EOFError:
        child.join(5)
        raise Unreadable(f"Reading {what} ended the reader ({_death(child.exitcode)}).") from None
    finally:
        child.kill()
        child.join()
        receiver.close()
    if ok:
        result: Result = value
        return result
    if isinstance(value, AuditorError):
        raise value
    raise Unreadable(f"{what[:1].upper()}{what[1:]} could not be read: {value}.")


def _child(
    sender: Connection, limits: tuple[int, int], function: Callable[..., Any], arguments: tuple[Any, ...]
) -> None:
    cpu, memory = limits
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 2))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        sender.send((True, function(*arguments)))
    except AuditorError as error:
        sender.send((False, error))
    except MemoryError:
        sender.send((False, "it needs more memory than is allowed"))
    except Exception as error:  # whatever a stranger's file provokes becomes a sentence, never a crash
        sender.send((False, f"{type(error).__name__}: {error}"[:300]))


def _death(code: int | None) -> str:
    reasons = {-9: "killed: out of memory or time", -24: "CPU time limit", -11: "crashed", -6: "aborted"}
    return reasons.get(code or 0, f"exit status {code}")
