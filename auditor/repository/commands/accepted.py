"""Whether a program accepts what a documented command passes, as far as its source shows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from auditor.repository.commands.shell import ShellCommand, passed
from auditor.repository.model import Option, Repository, Source
from auditor.repository.modules import ModuleTree

_ABBREVIATING = frozenset({"argparse", "optparse", "absl", "tf.flags"})
_FLAG_STYLES = frozenset({"absl", "tf.flags"})
REACH_LIMIT = 200
_PARSER_NAME = re.compile(
    r"(?<![a-z])(arg|opt|option)?_?pars(er|e_args)|Parser$|^(opts|options|flags|arguments)$", re.I
)
_OPTION_MODULES = re.compile(
    r"^(argparse|optparse|configargparse|absl|tensorflow|configparser|ConfigParser|html|HTMLParser|email|urllib|"
    r"dateutil|lxml|bs4|xml|nltk|sly|ply|ast|json|token\w*|pandas|numpy|torch|six|distutils|setuptools)(\.|$)"
)


@dataclass(frozen=True)
class ProgramOptions:
    """The options of the programs of one repository; those of a script include what the modules it imports declare."""

    repository: Repository

    @cached_property
    def by_path(self) -> dict[str, Source]:
        """The sources by path."""
        return {source.path: source for source in self.repository.sources}

    @property
    def _tree(self) -> ModuleTree:
        return self.repository.modules

    def refused(self, command: ShellCommand, path: str) -> tuple[tuple[str, ...], bool]:
        """Return (what the program at `path` would not accept, whether its options are known)."""
        source = self.by_path.get(path)
        if source is None or not source.known or (source.problem and not source.imports):
            return (), False
        sources = self._reached(source)
        if any(self._foreign_parser(reached) for reached in sources):
            return (), False
        options = [option for reached in sources for option in reached.options]
        styles = {reached.option_style for reached in sources if reached.option_style}
        unlisted = any(reached.options_unlisted for reached in sources)
        if not options or unlisted or (source.option_style == "sys.argv" and not source.options):
            return (), bool(options)
        return _refused(command.words, options, styles), True

    def _foreign_parser(self, source: Source) -> bool:
        """Return whether a source takes its parser or options from a module that is not here."""
        return any(
            _PARSER_NAME.search(name)
            for item in source.imports
            if not item.level and not _OPTION_MODULES.match(item.module) and not self._tree.is_local(item.module)
            for name in item.names
        )

    def _reached(self, source: Source) -> list[Source]:
        """Return a source and the local modules it imports, directly or through others."""
        found = {source.path: source}
        pending = [source]
        while pending and len(found) < REACH_LIMIT:
            current = pending.pop(0)
            for path in self._imports(current):
                module = self.by_path.get(path)
                if module is not None and path not in found and not module.main_guard:
                    found[path] = module
                    pending.append(module)
                elif module is not None and path not in found:
                    found[path] = module
        return list(found.values())

    def _imports(self, source: Source) -> list[str]:
        paths: list[str] = []
        folder = source.path.rpartition("/")[0]
        for item in source.imports:
            if item.level:
                base = self._tree.relative(source, item)
            else:
                here = f"{folder}/{item.module.replace('.', '/')}".lstrip("/")
                base = here if self._tree.has(here) else self._tree.find(item.module) if item.module else None
            if base is None:
                continue
            names = [f"{base}/{name}" for name in item.names]
            paths += [f"{path}{end}" for path in (base, *names) for end in (".py", "/__init__.py")]
        return [path for path in paths if path in self.by_path]


def _refused(words: tuple[str, ...], options: list[Option], styles: set[str]) -> tuple[str, ...]:
    known = {name: option for option in options for name in option.names}
    long_names = [name for name in known if name.startswith("--")]
    positionals = [option for option in options if not option.names[0].startswith("-")]
    refused: list[str] = []
    extra = 0
    open_list = False
    for name, value in passed(words):
        if not name:
            if (value or "") in _PROSE:
                break  # `train.py for the first table`: the command has ended
            if _stands_for(value or "") or styles & _FLAG_STYLES:
                continue  # a placeholder is no word of the command; flags leave other words to the program
            extra += 0 if open_list else 1
            if not open_list and extra > len(positionals) and not any(option.many for option in positionals):
                refused.append(value or "")
            continue
        open_list = False
        option = _find(name, known, long_names, styles)
        if option is None:
            if name not in ("-h", "--help") and not _SPECIAL.match(name):
                refused.append(name)
            open_list = True  # what an unknown option's values are cannot be told
            continue
        if option.flag and value is not None and not styles & _FLAG_STYLES and not _stands_for(value):
            extra += 1
            if extra > len(positionals) and not any(item.many for item in positionals):
                refused.append(value)
        open_list = option.many
    return tuple(dict.fromkeys(refused))[:20]


_PROSE = frozenset({"for", "to", "and", "or", "with", "in", "on", "then", "where", "which", "if", "as", "by"})


def _stands_for(word: str) -> bool:
    """Return whether a word is a placeholder, a variable or a file of arguments: what it stands for is not known."""
    return bool(re.match(r"^[<\[{$@]|^\.{2,}|^…|^\*{2,}|\$\{?\w", word))


_SPECIAL = re.compile(r"^--?(helpfull|helpshort|local_rank|alsologtostderr|logtostderr|log_dir|v|verbosity|flagfile)$")


def _find(name: str, known: dict[str, Option], long_names: list[str], styles: set[str]) -> Option | None:
    if name in known:
        return known[name]
    if styles & _ABBREVIATING and name.startswith("--"):
        matches = {known[full] for full in long_names if full.startswith(name)}
        if len({option.names for option in matches}) == 1:
            return matches.pop()  # where several begin so, the parser asks which is meant
    if not name.startswith("--") and len(name) > 2 and name[:2] in known:
        return known[name[:2]]  # -b32, or several short flags in one word
    dashed = name.replace("_", "-")
    if styles & {"typer", "click", "fire"} and dashed in known:
        return known[dashed]
    return None
