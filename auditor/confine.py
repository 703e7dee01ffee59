"""Run one function on untrusted input in a child process with limits on time and memory."""

from __future__ import annotations

import json
import os
import pickle
import resource
import subprocess
import sys
from collections.abc import Callable
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from auditor.errors import AuditorError, MachineFault, Unreadable

Result = TypeVar("Result")

# The child is a fresh interpreter, no fork: it holds no open file or thread of its parent. multiprocessing's own way to
# start one would import the caller's main module again, which runs scripts that have no main guard.
_START = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from auditor.confine import serve; serve()"


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
    answers, asked = Pipe(), pickle.dumps((limits, function, arguments))
    receiver, sender = answers
    # Isolated (-I) and from the root folder: no module of the folder in which the user stands, which may be the audited
    # repository itself, is ever imported.
    path = [os.path.abspath(entry) for entry in sys.path if entry]
    command = [sys.executable, "-I", "-c", _START, json.dumps(path), str(sender.fileno())]
    try:
        child = subprocess.Popen(command, stdin=subprocess.PIPE, pass_fds=[sender.fileno()], cwd="/")
    except OSError as error:
        raise MachineFault(f"No child process could be started to read {what}: {error}.") from error
    sender.close()
    try:
        assert child.stdin is not None
        child.stdin.write(asked)
        child.stdin.close()
        if not receiver.poll(seconds):
            raise Unreadable(f"Reading {what} took longer than {seconds:.0f} s and was stopped.")
        ok, value = receiver.recv()
    except (EOFError, OSError):
        code = child.wait(5)
        raise Unreadable(f"Reading {what} ended the reader ({_death(code)}).") from None
    finally:
        child.kill()
        child.wait()
        receiver.close()
    if ok:
        result: Result = value
        return result
    if isinstance(value, AuditorError):
        raise value
    raise Unreadable(f"{what[:1].upper()}{what[1:]} could not be read: {value}.")


def serve() -> None:
    """Run in the child: take limits, function and arguments from standard input, send back what came of it."""
    sender = Connection(int(sys.argv[2]))
    limits, function, arguments = pickle.load(sys.stdin.buffer)
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
