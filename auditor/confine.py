"""Run a function on untrusted input in a child process with limits on time and memory."""

from __future__ import annotations

import json
import os
import pickle
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from auditor.errors import AuditorError, MachineFault, Unreadable

Item = TypeVar("Item")
Result = TypeVar("Result")

# The child is a fresh interpreter, no fork: it holds no open file or thread of its parent. multiprocessing's own way to
# start one would import the caller's main module again, which runs scripts that have no main guard.
_START = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from auditor.confine import {serve}; {serve}()"
_STALL_SECONDS = 60.0
"""Wall time without an answer after which a child that uses no CPU is given up."""


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
    limits = (cpu_seconds or int(seconds) + 1, memory_bytes)
    with _child("serve", pickle.dumps((limits, function, arguments)), what) as (child, receiver):
        try:
            if not receiver.poll(seconds):
                raise Unreadable(f"Reading {what} took longer than {seconds:.0f} s and was stopped.")
            ok, value = receiver.recv()
        except (EOFError, OSError):
            raise Unreadable(f"Reading {what} ended the reader ({_death(child.wait(5))}).") from None
    if ok:
        result: Result = value
        return result
    if isinstance(value, AuditorError):
        raise value
    raise Unreadable(f"{what[:1].upper()}{what[1:]} could not be read: {value}.")


@dataclass(frozen=True, slots=True)
class Budget:
    """What `confined_each` may spend: CPU time and answer bytes on one item, wall time and answer bytes on all."""

    item_seconds: float
    item_bytes: int
    seconds: float
    bytes: int
    memory_bytes: int
    """Address space of the child."""


def confined_each(
    function: Callable[[Item], Result], items: Sequence[Item], budget: Budget, what: str
) -> Iterator[Result | Unreadable]:
    """Yield `function(item)` for each item in order, or the Unreadable that says why there is no result.

    All items share one child process, which is killed by the one that passes its limits; the items after it go to a
    fresh child, so that no item is read twice. `what` names the items in messages ("the files").
    """
    end, spent, position = time.monotonic() + budget.seconds, 0, 0
    while position < len(items):
        request = pickle.dumps((budget, function, items[position:]))
        with _child("serve_each", request, what) as (child, receiver):
            while position < len(items):
                left = end - time.monotonic()
                if left <= 0 or spent > budget.bytes:
                    why = f"{budget.seconds:.0f} s" if left <= 0 else f"{budget.bytes >> 20} MiB of facts"
                    for _ in items[position:]:
                        yield Unreadable(f"it was not read: {what} had already taken {why}")
                    return
                position += 1
                try:
                    if not receiver.poll(min(left, _STALL_SECONDS)):
                        yield Unreadable("reading it took too long and was stopped")
                        break
                    answer = receiver.recv_bytes()
                    spent += len(answer)
                    yield pickle.loads(answer)
                except (EOFError, OSError):
                    yield _fatal(child.wait(5), budget)
                    break


@contextmanager
def _child(serve: str, request: bytes, what: str) -> Iterator[tuple[subprocess.Popen[bytes], Connection]]:
    """Start a child that serves one request; give it and the end of the pipe on which it answers; kill it at the end.

    The child is isolated (-I) and stands in the root folder: no module of the folder in which the user stands, which
    may be the audited repository itself, is ever imported.
    """
    receiver, sender = Pipe(duplex=False)
    path = [os.path.abspath(entry) for entry in sys.path if entry]
    command = [sys.executable, "-I", "-c", _START.format(serve=serve), json.dumps(path), str(sender.fileno())]
    try:
        child = subprocess.Popen(command, stdin=subprocess.PIPE, pass_fds=[sender.fileno()], cwd="/")
    except OSError as error:
        raise MachineFault(f"No child process could be started to read {what}: {error}.") from error
    sender.close()
    try:
        assert child.stdin is not None
        try:
            child.stdin.write(request)
            child.stdin.close()
        except OSError:  # it died before it had read everything: who waits for its answer learns that
            pass
        yield child, receiver
    finally:
        child.kill()
        child.wait()
        receiver.close()


def serve() -> None:
    """Run in the child: take limits, function and arguments from standard input, send back what came of it."""
    sender = Connection(int(sys.argv[2]))
    limits, function, arguments = pickle.load(sys.stdin.buffer)
    cpu, memory = limits
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 2))
    _limit(memory)
    try:
        sender.send((True, function(*arguments)))
    except AuditorError as error:
        sender.send((False, error))
    except MemoryError:
        sender.send((False, "it needs more memory than is allowed"))
    except Exception as error:  # whatever a stranger's file provokes becomes a sentence, never a crash
        sender.send((False, f"{type(error).__name__}: {error}"[:300]))


def serve_each() -> None:
    """Run in the child: answer each item in turn. A timer of CPU time, left to the kernel, kills a stuck parser."""
    sender = Connection(int(sys.argv[2]))
    budget, function, items = pickle.load(sys.stdin.buffer)
    _limit(budget.memory_bytes)
    for item in items:
        signal.setitimer(signal.ITIMER_PROF, budget.item_seconds)
        answer = _answer(function, item)
        if len(answer) > budget.item_bytes:
            answer = pickle.dumps(Unreadable(f"its facts take more than {budget.item_bytes >> 20} MiB"))
        signal.setitimer(signal.ITIMER_PROF, 0)
        sender.send_bytes(answer)


def _answer(function: Callable[[Any], Any], item: Any) -> bytes:
    try:
        return pickle.dumps(function(item))
    except AuditorError as error:
        return pickle.dumps(Unreadable(str(error)))
    except MemoryError:
        return pickle.dumps(Unreadable("it needs more memory than is allowed"))
    except RecursionError:
        return pickle.dumps(Unreadable("it is nested too deeply"))
    except Exception as error:  # whatever a stranger's file provokes becomes a sentence, never a crash
        return pickle.dumps(Unreadable(f"{type(error).__name__}: {error}"[:300]))


def _limit(memory: int) -> None:
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _fatal(code: int, budget: Budget) -> Unreadable:
    if code == -signal.SIGPROF:
        return Unreadable(f"reading it took longer than {budget.item_seconds:g} s")
    return Unreadable(f"it ended its reader ({_death(code)})")


def _death(code: int | None) -> str:
    reasons = {
        -9: "killed: out of memory or time",
        -24: "CPU time limit",
        -11: "crashed",
        -6: "aborted, most likely out of memory",
    }
    return reasons.get(code or 0, f"exit status {code}")
