"""The command-line options that a Python file declares, in the words of each common library."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from auditor.repository.model import Option

if TYPE_CHECKING:
    from auditor.repository.code.syntax import _Reader

_FLAG_ACTIONS = frozenset({"store_true", "store_false", "store_const", "append_const", "count", "help", "version"})
_WHOLE_STYLES = {
    # Libraries whose options come from a function's or a class's fields, which this reader does not follow.
    "fire.Fire": "fire",
    "transformers.HfArgumentParser": "dataclass",
    "HfArgumentParser": "dataclass",
    "tyro.cli": "dataclass",
    "simple_parsing.ArgumentParser": "dataclass",
    "jsonargparse.CLI": "dataclass",
    "docopt.docopt": "docopt",
    "plac.call": "plac",
    "sacred.Experiment": "sacred",
    "getopt.getopt": "getopt",
    "getopt.gnu_getopt": "getopt",
}
_FLAG_MODULES = (
    "flags",
    "tf.flags",
    "tensorflow.flags",
    "absl.flags",
    "gflags",
    "tensorflow.app.flags",
    "tf.app.flags",
)


class OptionReader:
    """Collects options during the walk over one file."""

    def __init__(self, reader: _Reader) -> None:
        self._reader = reader
        self._options: list[Option] = []
        self._style: str | None = None
        self._unlisted = False
        self._signatures: dict[str, ast.FunctionDef | ast.AsyncFunctionDef] = {}
        self._typer_runs: list[str] = []
        self._fired: list[str] = []

    def result(self) -> tuple[str | None, tuple[Option, ...], bool]:
        """Return the style, the options, and whether the program takes options that its source does not list."""
        for name in self._typer_runs + self._fired:
            found = self._signatures.get(name)
            if found is None:
                self._unlisted = True
            else:
                self._from_signature(found)
        return self._style, tuple(self._options[:1_000]), self._unlisted

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        """Take in a definition: its decorators may make it a command."""
        self._signatures[node.name] = node
        for decorator in node.decorator_list:
            call = decorator if isinstance(decorator, ast.Call) else None
            name = self._reader.name(call.func if call else decorator)
            last = name.rpartition(".")[2]
            if call and any("ignore_unknown_options" in self._reader.segment(key.value) for key in call.keywords):
                self._unlisted = True
            if name in ("click.option", "click.argument") and call:
                self._style = "click"
                self._click(call, argument=last == "argument")
            elif name in ("hydra.main", "hydra.main.main") or name.endswith("hydra_runner"):
                self._style, self._unlisted = "hydra", True
            elif last in ("command", "callback") and self._typer():
                self._style = "typer"
                self._from_signature(node)
            elif last in ("automain", "main") and self._style == "sacred":
                self._unlisted = True

    def call(self, node: ast.Call, within: str) -> None:
        """Take in a call."""
        name = self._reader.name(node.func)
        last = name.rpartition(".")[2]
        if last in ("add_argument", "add_option"):
            self._add_argument(node, "optparse" if last == "add_option" else "argparse")
        elif last.startswith(("DEFINE_", "DEFINE")) and name.rpartition(".")[0] in _FLAG_MODULES:
            self._flag(node, name)
        elif last == "add_subparsers":
            self._options.append(Option(("command",), None, node.lineno))
        elif name == "typer.run" and node.args:
            self._style = "typer"
            self._typer_runs.append(self._reader.segment(node.args[0]))
        elif name in _WHOLE_STYLES:
            self._style = self._style or _WHOLE_STYLES[name]
            if name == "fire.Fire" and node.args and isinstance(node.args[0], ast.Name):
                self._fired.append(node.args[0].id)
            else:
                self._unlisted = True
        elif last in (
            "parse_known_args",
            "add_argparse_args",
            "add_model_specific_args",
            "parse_known_intermixed_args",
        ):
            self._unlisted = True
        elif name in ("argparse.ArgumentParser", "ArgumentParser", "configargparse.ArgumentParser"):
            self._style = self._style or "argparse"
        elif name == "optparse.OptionParser":
            self._style = self._style or "optparse"

    def argv(self) -> None:
        """Take in a use of `sys.argv`."""
        self._style = self._style or "sys.argv"

    def _typer(self) -> bool:
        return any(item.module == "typer" for item in self._reader.imports)

    def _add_argument(self, node: ast.Call, style: str) -> None:
        self._style = style if self._style in (None, "sys.argv") else self._style
        names = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        if len(names) < len(node.args) or not names:
            # A name that is computed (`"--" + key`) stands for options that the source does not list.
            self._unlisted = True
        if not names:
            return
        keywords = {key.arg: key.value for key in node.keywords if key.arg}
        action = keywords.get("action")
        act = action.value if isinstance(action, ast.Constant) else (self._reader.name(action) if action else "")
        if isinstance(act, str) and act.endswith("BooleanOptionalAction"):
            names += [f"--no-{name[2:]}" for name in names if name.startswith("--")]
        nargs = keywords.get("nargs")
        default = keywords.get("default")
        self._options.append(
            Option(
                names=tuple(names[:10]),
                default=self._reader.segment(default) if default is not None else None,
                line=node.lineno,
                required=_is_true(keywords.get("required")) or (not names[0].startswith("-") and nargs is None),
                choices=_choices(keywords.get("choices")),
                flag=act in _FLAG_ACTIONS or str(act).endswith("BooleanOptionalAction"),
                many=nargs is not None,
                destination=_text(keywords.get("dest")),
            )
        )

    def _click(self, node: ast.Call, argument: bool) -> None:
        names = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        names = [part for name in names for part in name.split("/")]
        keywords = {key.arg: key.value for key in node.keywords if key.arg}
        default = keywords.get("default")
        kept = names if argument else [name for name in names if name.startswith("-")]
        if not kept:
            self._unlisted = True
            return
        self._options.append(
            Option(
                names=tuple(kept),
                default=self._reader.segment(default) if default is not None else None,
                line=node.lineno,
                required=_is_true(keywords.get("required")) or argument,
                flag=_is_true(keywords.get("is_flag")) or any("/" in str(name) for name in names),
                many="nargs" in keywords or "multiple" in keywords,
            )
        )

    def _flag(self, node: ast.Call, name: str) -> None:
        self._style = "absl" if "absl" in name else "tf.flags"
        first = (
            node.args[0]
            if node.args
            else next((k.value for k in node.keywords if k.arg in ("name", "flag_name")), None)
        )
        if not (isinstance(first, ast.Constant) and isinstance(first.value, str)):
            self._unlisted = True
            return
        default = (
            node.args[1] if len(node.args) > 1 else next((k.value for k in node.keywords if k.arg == "default"), None)
        )
        boolean = "bool" in name.lower()
        names = [f"--{first.value}", f"-{first.value}"] + ([f"--no{first.value}"] if boolean else [])
        self._options.append(
            Option(
                tuple(names),
                self._reader.segment(default) if default is not None else None,
                node.lineno,
                flag=boolean,
                destination=first.value,
            )
        )

    def _from_signature(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        positional = [*node.args.posonlyargs, *node.args.args]
        defaults: dict[str, ast.expr] = {
            a.arg: d
            for a, d in zip(positional[len(positional) - len(node.args.defaults) :], node.args.defaults, strict=False)
        }
        defaults |= {
            a.arg: d for a, d in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=False) if d is not None
        }
        self._unlisted = self._unlisted or node.args.kwarg is not None
        self._style = self._style or "fire"
        for argument in arguments:
            if argument.arg in ("self", "ctx"):
                continue
            value = defaults.get(argument.arg)
            self._options.append(_parameter(argument.arg, value, self._reader))


def _parameter(name: str, value: ast.expr | None, reader: _Reader) -> Option:
    dashed = name.replace("_", "-")
    names = [f"--{dashed}", f"--{name}", f"--no-{dashed}"]
    default = value
    if isinstance(value, ast.Call) and reader.name(value.func) in ("typer.Option", "typer.Argument"):
        names += [a.value for a in value.args[1:] if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        default = value.args[0] if value.args else None
        if reader.name(value.func) == "typer.Argument":
            names = [name]
    elif value is None:
        names = [name, *names]
    line = getattr(value, "lineno", 0)
    text = reader.segment(default) if default is not None else None
    flag = isinstance(default, ast.Constant) and isinstance(default.value, bool)
    return Option(tuple(dict.fromkeys(names)), text, line, required=value is None, flag=flag)


def _is_true(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is True


def _text(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _choices(node: ast.expr | None) -> tuple[str, ...]:
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return tuple(str(item.value) for item in node.elts[:200] if isinstance(item, ast.Constant))
    return ()
