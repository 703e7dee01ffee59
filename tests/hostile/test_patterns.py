"""Every pattern that reads a stranger's text is linear in it: runs of what it repeats do not make it hang."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from auditor.confine import Budget, confined_each
from auditor.errors import Unreadable

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("repository", "checks", "analysis")
LENGTH = 20_000
BUDGET = Budget(item_seconds=6.0, item_bytes=1 << 20, seconds=600.0, bytes=8 << 20, memory_bytes=1 << 30)
"""CPU seconds for all texts of one pattern, some forty of 20 kB. Quadratic work on a single one takes longer."""
_FUNCTIONS = frozenset({"compile", "search", "match", "fullmatch", "findall", "finditer", "split", "sub"})
_FLAGS = {"I": re.I, "M": re.M, "S": re.S, "X": re.X, "A": re.A, "IGNORECASE": re.I, "MULTILINE": re.M, "DOTALL": re.S}


def patterns(path: Path) -> Iterator[tuple[int, str, int, str]]:
    """Yield line, text, flags and function of every pattern that is written as a literal in a call of `re`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _FUNCTIONS):
            continue
        if isinstance(node.func.value, ast.Name) and node.func.value.id == "re" and node.args:
            text = node.args[0].value if isinstance(node.args[0], ast.Constant) else None
            if isinstance(text, str):
                names = (part.attr for part in ast.walk(node) if isinstance(part, ast.Attribute))
                flags = sum({_FLAGS[name] for name in names if name in _FLAGS})
                yield node.lineno, text, flags, node.func.attr if node.func.attr in ("match", "fullmatch") else "search"


def attacks(pattern: str) -> Iterator[str]:
    """Yield long texts made of what a pattern repeats, alone and after the words with which it begins."""
    plain = re.sub(r"\\[a-zA-Z]|\(\?[:=!<P]{1,3}|\{[\d,]*\}", " ", pattern)
    marks = sorted({*plain} - {*"?+^$|()"} - {*"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"})[:16]
    words = list(dict.fromkeys(re.findall(r"[A-Za-z]{2,20}", plain)))[:4]
    for character in [*marks, *" \ta0"]:
        yield character * LENGTH + "\0"
        yield (character + "a") * (LENGTH // 2) + "\0"
    for word in words:
        yield (word + " ") * (LENGTH // len(word))
        yield word + "a" * LENGTH + "\0"


def search_all(item: tuple[str, int, str]) -> int:
    """Return how many of the attacks hold a match; runs in the confined child."""
    pattern, flags, function = item
    find = getattr(re.compile(pattern, flags), function)
    return sum(find(text) is not None for text in attacks(pattern))


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_pattern_hangs_on_runs_of_what_it_repeats(folder: str) -> None:
    found = [(path.name, *item) for path in sorted((ROOT / "auditor" / folder).glob("*.py")) for item in patterns(path)]
    assert found
    answers = confined_each(search_all, [item[2:] for item in found], BUDGET, "the patterns")
    slow = [
        f"{name}:{line} {text[:100]} ({answer})"
        for (name, line, text, *_), answer in zip(found, answers, strict=True)
        if isinstance(answer, Unreadable)
    ]
    assert not slow, "\n".join(slow)
