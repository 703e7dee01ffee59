"""The flight recorder: this file runs beside a paper's code and writes down what the program does.

It is put first on the module path under the name `sitecustomize.py`, so that every Python that a run starts loads
it. It uses the standard library alone, works on Python 3.8 and newer (older ones give less), never raises into the
program, and writes at most a capped number of JSON lines to the file that AUDITOR_RECORD names. It shares the
process with the code that it watches: what it writes is self-reported.
"""

from __future__ import annotations

import json
import os
import sys

# ruff: noqa: SIM105
MYPY = False
if MYPY:  # the types are for readers: a stranger's program is not made to import them
    from collections.abc import Callable
    from types import ModuleType
    from typing import Any

_MAX_EVENTS = 4000
_MAX_TEXT = 400
_SEEDS = {
    "random": ("seed",),
    "numpy.random": ("seed", "default_rng"),
    "torch": ("manual_seed",),
    "tensorflow": ("set_random_seed",),
    "tensorflow.random": ("set_seed",),
}
_DRAWS = {
    "random": ("random", "randint", "randrange", "choice", "choices", "shuffle", "sample", "uniform", "gauss"),
    "numpy.random": (
        "rand", "randn", "randint", "random", "random_sample", "choice", "shuffle", "permutation", "normal", "uniform",
    ),
}  # fmt: skip
# What `default_rng` hands on as it is: a generator that was made elsewhere, no seed.
_GENERATORS = ("Generator", "BitGenerator", "RandomState", "MT19937", "PCG64", "PCG64DXSM", "Philox", "SFC64")


class _Record:
    def __init__(self, path: str, root: str) -> None:
        self.fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        self.root = root
        self.pid = os.getpid()
        self.events = 0
        self.seen: set[object] = set()
        self.busy = False
        self.modules: dict[str, bool] = {}
        self.seeded: set[str] = set()

    def write(self, kind: str, **fields: object) -> None:
        """Append one event, once; silent past the cap."""
        key = (kind, tuple(sorted((name, str(value)) for name, value in fields.items())))
        if key in self.seen or self.events >= _MAX_EVENTS:
            return
        self.seen.add(key)
        self.events += 1
        texts: dict[str, object] = {name: str(value)[:_MAX_TEXT] for name, value in fields.items()}
        texts["e"] = kind
        texts["pid"] = os.getpid()
        os.write(self.fd, (json.dumps(texts) + "\n").encode("utf-8", "replace"))

    def place(self) -> str:
        """Return `file:line` of the nearest caller inside the workspace, else of the nearest caller at all.

        Empty for what a library does while it is imported: that is not the program's own doing.
        """
        frame = sys._getframe(1) if hasattr(sys, "_getframe") else None
        first = None
        while frame is not None:
            name = frame.f_code.co_filename
            if first and name.startswith("<frozen importlib"):
                return ""
            if name != __file__ and not name.startswith("<frozen"):
                where = f"{name}:{frame.f_lineno}"
                first = first or where
                path = os.path.abspath(name)
                if path.startswith(self.root + os.sep) and "site-packages" not in path:
                    return f"{os.path.relpath(path, self.root)}:{frame.f_lineno}"
            frame = frame.f_back
        return first or "?"


def _opened(record: _Record, arguments: tuple[Any, ...]) -> None:
    path, mode, flags = arguments
    if not isinstance(path, (str, bytes)):
        return
    path = os.path.abspath(os.fsdecode(path))
    if not path.startswith(record.root + os.sep) or path.endswith((".py", ".pyc")) or "__pycache__" in path:
        return
    by_flags = bool((flags or 0) & (os.O_WRONLY | os.O_RDWR))
    writes = any(letter in mode for letter in "wax+") if mode else by_flags
    record.write("write" if writes else "read", path=os.path.relpath(path, record.root))


def _imported(record: _Record, arguments: tuple[Any, ...]) -> None:
    name = arguments[0].partition(".")[0]
    standard = getattr(sys, "stdlib_module_names", ())
    if name not in record.modules and not name.startswith("_") and name not in standard:
        record.modules[name] = True


def _reached(record: _Record, arguments: tuple[Any, ...]) -> None:
    record.write("connect", address=arguments[1])


def _looked_up(record: _Record, arguments: tuple[Any, ...]) -> None:
    record.write("connect", address=f"{arguments[0]}:{arguments[1]} (name looked up)")


def _started(record: _Record, arguments: tuple[Any, ...]) -> None:
    argv = arguments[1] if len(arguments) > 1 else arguments[0]
    if isinstance(argv, (list, tuple)):
        argv = " ".join(os.fsdecode(part) if isinstance(part, (str, bytes)) else "?" for part in argv[:40])
    elif isinstance(argv, bytes):
        argv = os.fsdecode(argv)
    record.write("process", command=argv)


_EVENTS = {
    "open": _opened,
    "import": _imported,
    "socket.connect": _reached,
    "socket.getaddrinfo": _looked_up,
    "subprocess.Popen": _started,
    "os.system": _started,
    "os.exec": _started,
    "os.posix_spawn": _started,
}


def _watch(record: _Record) -> None:
    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        handler = _EVENTS.get(event)
        if handler is None or record.busy:
            return
        record.busy = True
        try:
            handler(record, arguments)
        except Exception:
            pass
        finally:
            record.busy = False

    if hasattr(sys, "addaudithook"):
        sys.addaudithook(hook)


def _seeding(record: _Record, module: str, name: str, original: Callable[..., Any]) -> Callable[..., Any]:
    def seed(*arguments: Any, **keywords: Any) -> Any:
        try:
            note(arguments, keywords)
        except Exception:
            pass
        return original(*arguments, **keywords)

    def note(arguments: tuple[Any, ...], keywords: dict[str, Any]) -> None:
        where = record.place()
        if not where or (arguments and type(arguments[0]).__name__ in _GENERATORS):
            return
        given = [repr(value)[:60] for value in arguments]
        given += [f"{key}={repr(value)[:60]}" for key, value in keywords.items()]
        # A generator made or a seed asked for without a value is drawn from the system: no seed at all.
        empty = not given or given[0] == "None" or given[0].endswith("=None")
        if not empty:
            record.seeded.add(module)
        record.write("unseeded" if empty else "seed", call=f"{module}.{name}({', '.join(given)})", at=where)

    seed.__name__ = name
    seed.__doc__ = getattr(original, "__doc__", None)
    return seed


def _drawing(
    record: _Record, module: str, name: str, original: Callable[..., Any], restore: Callable[[], None]
) -> Callable[..., Any]:
    def draw(*arguments: Any, **keywords: Any) -> Any:
        try:
            where = record.place()
            if where:
                restore()
            if where and module not in record.seeded:
                record.seeded.add(module)
                record.write("unseeded", call=f"{module}.{name}", at=where)
        except Exception:
            pass
        return original(*arguments, **keywords)

    draw.__name__ = name
    draw.__doc__ = getattr(original, "__doc__", None)
    return draw


def _patch(record: _Record, module: ModuleType) -> None:
    """Replace a module's seeding functions, and its drawing functions until the first draw."""
    name = module.__name__
    for function in _SEEDS.get(name, ()):
        original = getattr(module, function, None)
        if callable(original):
            setattr(module, function, _seeding(record, name, function, original))
    originals = {f: getattr(module, f) for f in _DRAWS.get(name, ()) if callable(getattr(module, f, None))}

    def restore() -> None:
        for function, original in originals.items():
            setattr(module, function, original)

    for function, original in originals.items():
        setattr(module, function, _drawing(record, name, function, original, restore))


class _Finder:
    """A finder that lets the others find a watched module, and patches it once it has been executed."""

    def __init__(self, record: _Record) -> None:
        self.record = record

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        if name not in _SEEDS:
            return None
        spec: Any = None
        for finder in sys.meta_path:
            if finder is not self and hasattr(finder, "find_spec"):
                spec = finder.find_spec(name, path, target)
                if spec is not None:
                    break
        execute = getattr(getattr(spec, "loader", None), "exec_module", None)
        if execute is None:
            return spec

        def exec_module(module: ModuleType) -> None:
            execute(module)
            try:
                _patch(self.record, module)
            except Exception:
                pass

        try:
            spec.loader.exec_module = exec_module
        except Exception:
            pass
        return spec


def _distributions(record: _Record) -> None:
    """Write the distributions, with versions, to which the imported modules belong."""
    from importlib import metadata

    for distribution in metadata.distributions():
        try:
            text = distribution.read_text("top_level.txt") or ""
            tops = set(text.split())
            if not tops:
                tops = {str(path).partition("/")[0].partition(".")[0] for path in distribution.files or ()}
            if any(top in record.modules for top in tops):
                record.write("distribution", name=distribution.metadata["Name"], version=distribution.version)
        except Exception:
            continue


def _finish(record: _Record) -> None:
    try:
        record.busy = True
        if os.getpid() == record.pid:
            _distributions(record)
            record.events = min(record.events, _MAX_EVENTS - 1)
            record.write("end")
    except Exception:
        pass


def _chain() -> None:
    """Load the sitecustomize that this one hides, as Python itself would have."""
    from importlib.machinery import PathFinder

    here = os.path.dirname(os.path.abspath(__file__))
    others = [path for path in sys.path if os.path.abspath(path or ".") != here]
    spec = PathFinder.find_spec("sitecustomize", others)
    if spec is not None and spec.loader is not None:
        from importlib.util import module_from_spec

        spec.loader.exec_module(module_from_spec(spec))


def _start() -> None:
    path, root = os.environ.get("AUDITOR_RECORD"), os.environ.get("AUDITOR_ROOT")
    if path and root:
        import atexit

        record = _Record(path, os.path.abspath(root))
        record.write(
            "start", python=".".join(map(str, sys.version_info[:3])), argv=" ".join(getattr(sys, "orig_argv", [])[:20])
        )
        sys.meta_path.insert(0, _Finder(record))
        atexit.register(_finish, record)
        if "random" in sys.modules:
            _patch(record, sys.modules["random"])
        _watch(record)


if __name__ == "sitecustomize":
    try:
        _start()
    except Exception:
        pass
    try:
        _chain()
    except Exception:
        pass
