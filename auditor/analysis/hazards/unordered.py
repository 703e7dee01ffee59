"""What comes in no fixed order (listed files, sets, tasks as they finish), and which expressions hand it on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["files", "set", "finish"]
Use = Literal["cut", "picked", "indexed", "split", "drawn", "paired", "numbered", "summed"]
Expression = Any
"""Of `auditor.repository.code.statements`."""
Held = Any
"""Unordered, a tuple of Unordered and None for several values, or None."""

_LISTS = re.compile(
    r"^(os\.(listdir|scandir)|glob\.i?glob|tensorflow\.(io\.)?gfile\.(ListDirectory|Glob|glob|listdir))$"
)
_LIST_METHODS = frozenset({"iterdir", "rglob", "glob"})
_FINISHES = re.compile(r"(^|\.)(imap_unordered|as_completed)$")
KEEPS = re.compile(r"(^|\.)(list|tuple|iter|reversed|filter|map|tqdm|track|array|asarray|copy|deepcopy|enumerate)$")
"""Calls that hand on their first argument's order."""
_STRING_CALL = re.compile(
    r"(^|\.)(str|split|strip|rstrip|lower|upper|join|replace|format|splitlines|readlines|read|decode|basename|dirname"
    r"|splitext|listdir|glob|words|tokenize|word_tokenize|repr)$"
)
_NUMBER_CALL = re.compile(r"(^|\.)(int|float|len|range|ord|arange)$")
_STRING_NAME = re.compile(
    r"(^|_)(words?|tokens?|chars?|characters?|vocab\w*|texts?|lines?|names?|files?|paths?|strings?|letters?|tags?|smiles"
    r"|lemmas?|ngrams?|fnames?|filenames?)$",
    re.I,
)


@dataclass
class Unordered:
    """What comes in no fixed order: its kind, where it was made, and for a set how surely it holds strings (0 to 2)."""

    kind: Kind
    line: int
    strings: int = 0
    grown: bool = False
    """It was filled in a loop over something unordered."""
    origin: object = field(default_factory=object)
    """The same of all that has one order."""


@dataclass
class Loop:
    """A loop over something unordered: the names that count its turns, and those that are given anew in each."""

    made: Unordered
    counters: frozenset[str]
    fresh: set[str] = field(default_factory=set)
    depth: int = 1
    """How many loops of its function it is in, itself among them."""


@dataclass(frozen=True, slots=True)
class Positional:
    """A use of an unordered thing by position, in the function `within`; `drawing` is what draws from it."""

    made: Unordered
    use: Use
    line: int
    within: str
    drawing: str = ""


@dataclass
class Scope:
    """What the names of one function hold; `owner` is the class that it belongs to."""

    within: str
    owner: str = ""
    class_body: bool = False
    names: dict[str, Held] = field(default_factory=dict)
    strings: set[str] = field(default_factory=set)
    """Names that hold strings for sure."""
    loops: list[Loop] = field(default_factory=list)
    depth: int = 0
    """How many loops, of any kind, are open."""


class Names:
    """What names and attributes of one file hold, and what its expressions are called."""

    def __init__(self, known: dict[str, Unordered]) -> None:
        self.aliases: dict[str, str] = {}
        self.attributes: dict[tuple[str, str], Unordered] = {}
        self.put_in_order: set[tuple[str, str]] = set()
        """Attributes that are sorted somewhere."""
        self.returns: dict[str, Held] = {**known}
        self.handed: dict[tuple[str, str | int], Unordered] = {}
        """What functions are handed, by their name and the parameter's name or position."""

    def dotted(self, node: Expression) -> str:
        """Return the dotted name of an expression through the file's imports; it starts with a dot where unknown."""
        parts: list[str] = []
        while node:
            if node[0] == "attr":
                parts.append(node[2])
                node = node[1]
            elif node[0] == "name":
                parts.append(self.aliases.get(node[1], node[1]))
                return ".".join(reversed(parts))
            elif node[0] == "call":
                node = node[2]
            else:
                break
        return "." + ".".join(reversed(parts))

    def held(self, node: Expression, scope: Scope) -> Held:
        """Return what a name or an attribute of `self` holds."""
        if node and node[0] == "name":
            return scope.names.get(node[1])
        if is_own(node):
            key = (scope.owner, node[2])
            return None if key in self.put_in_order else self.attributes.get(key)
        return None

    def forget(self, node: Expression, scope: Scope) -> None:
        """Note that what a name or attribute holds is in order from here on."""
        if node and node[0] == "name":
            scope.names.pop(node[1], None)
        elif is_own(node):
            self.put_in_order.add((scope.owner, node[2]))

    def made(self, node: Expression, name: str, scope: Scope) -> Unordered | None:
        """Return the unordered thing that a call makes, or None."""
        line, function, arguments = node[1], node[2], node[3]
        method = function[2] if function and function[0] == "attr" else ""
        if _LISTS.search(name) or (method in _LIST_METHODS and not name.startswith("glob.")):
            return Unordered("files", line)
        if _FINISHES.search(name):
            return Unordered("finish", line)
        if name in ("set", "frozenset"):
            return Unordered("set", line, self.strings(arguments[0], scope) if arguments else 0)
        return None

    def strings(self, node: Expression, scope: Scope) -> int:
        """Return how surely an expression is a string or holds strings: 2 by what it is, 1 by its name, 0 not."""
        if not node:
            return 0
        kind = node[0]
        if kind == "const":
            return 2 if isinstance(node[1], str) else 0
        if kind in ("name", "attr"):
            return self._named_strings(node, scope)
        if kind == "call":
            name = self.dotted(node[2])
            if _STRING_CALL.search(name):
                return 2
            inside = KEEPS.search(name) or name in ("set", "sorted")
            return self.strings(node[3][0], scope) if inside and node[3] and not _NUMBER_CALL.search(name) else 0
        if kind == "comp":
            return self._comprehended(node, scope)
        if kind == "op" and node[1] == "Format":
            return 2
        if kind in ("group", "op") and node[1] not in ("Yield", "Mod"):
            surely = max([0, *(self.strings(part, scope) for part in node[2])])
            mixed = any(part and part[0] == "const" and not isinstance(part[1], str) for part in node[2])
            return min(surely, 1) if mixed else surely  # "a" or None: strings cannot be ordered beside it
        return 0

    def _named_strings(self, node: Expression, scope: Scope) -> int:
        name = node[1] if node[0] == "name" else node[2]
        held = self.held(node, scope)
        if isinstance(held, Unordered):
            return 2 if held.kind == "files" else held.strings
        if node[0] == "name" and name in scope.strings:
            return 2
        return 1 if _STRING_NAME.search(name) else 0

    def _comprehended(self, node: Expression, scope: Scope) -> int:
        """Return whether a comprehension holds strings: by its elements; a plain name by what it runs over too."""
        element = node[1][0]
        over = next((value for target, value, _ in node[2] if target == element), None)
        return max(self.strings(element, scope), self.strings(over, scope) if over else 0)


def is_own(node: Expression) -> bool:
    """Return whether an expression is an attribute of `self`."""
    return bool(node) and node[0] == "attr" and node[1] == ("name", "self")


def parts(node: Expression) -> Iterator[Expression]:
    """Yield the expressions directly inside another."""
    if node[0] == "lambda":
        yield node[3]
        return
    for part in node[1:]:
        if isinstance(part, tuple):
            if part and isinstance(part[0], str):
                yield part
            else:
                yield from (inner for inner in part if isinstance(inner, tuple) and inner and isinstance(inner[0], str))
