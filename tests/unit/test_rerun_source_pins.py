"""A lock in two parts: what has wheels, and what exists as a source distribution alone."""

from __future__ import annotations

from subprocess import CompletedProcess

import pytest

from auditor.rerun import source_pins
from auditor.rerun.engines import Recipe
from auditor.rerun.source_pins import Parts, split_lock
from auditor.settings import Settings

HASH = "--hash=sha256:" + "0" * 64
LOCK = f"future==0.18.2 \\\n    {HASH}\nnumpy==1.20.0 \\\n    {HASH} \\\n    {HASH}\nold==0.18 \\\n    {HASH}\n"


def answering(monkeypatch: pytest.MonkeyPatch, *without: str) -> list[str]:
    """Let uv refuse as it does, one package at a time; return what it is asked."""
    asked: list[str] = []

    def uv(arguments: list[str], text: str, settings: Settings) -> CompletedProcess[str]:
        asked.append(text)
        pin = next((pin for pin in without if pin in text.splitlines()), None)
        why = f"Because {pin} has no usable wheels and you require {pin}, we can conclude" if pin else ""
        return CompletedProcess(arguments, int(pin is not None), "", why)

    monkeypatch.setattr(source_pins, "run_uv", uv)
    return asked


def test_pins_without_a_wheel_are_told_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, "old==0.18", "future==0.18.2")
    parts = split_lock(Recipe("3.9", ("x",), sources=True), LOCK, Settings(), None)
    assert parts == Parts(wheels=f"numpy==1.20.0 {HASH} {HASH}\n", sources=f"future==0.18.2 {HASH}\nold==0.18 {HASH}\n")


@pytest.mark.parametrize(
    "line",
    [
        "--index-url https://evil.invalid",
        "x @ https://evil.invalid/x.whl",
        "x==1.0",
        f"x==1.0 {HASH} --no-binary :all:",
    ],
)
def test_a_lock_with_anything_but_pins_and_hashes_is_not_split(monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    asked = answering(monkeypatch)
    assert split_lock(Recipe("3.9", ("x",), sources=True), LOCK + line + "\n", Settings(), None) is None
    assert asked == []


def test_an_answer_that_names_no_pin_leaves_the_lock_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    done = CompletedProcess([], 1, "", "error: error sending request")
    monkeypatch.setattr(source_pins, "run_uv", lambda *_: done)
    assert split_lock(Recipe("3.9", ("x",), sources=True), LOCK, Settings(), None) is None
