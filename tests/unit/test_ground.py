"""What everything stands on: clean text, confinement, settings, options."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from auditor.confine import confined
from auditor.errors import BadInput, Unreadable
from auditor.rerun.options import duration, size
from auditor.settings import load_settings
from auditor.text import printable


def test_text_loses_what_steers_terminals_and_readers() -> None:
    assert printable("a\x1b[31mb\u202ec\u200bd\x07\ud800e\nf") == "a[31mbcde f"
    assert printable("x" * 600).endswith("…")
    assert len(printable("x" * 10_000_000)) == 500
    assert printable("a\nb\tc", one_line=False) == "a\nb\tc"


def squared(number: int) -> int:
    return number * number


def stuck() -> None:
    time.sleep(60)


def greedy() -> int:
    return len(bytearray(8 << 30))


def dying() -> None:
    os._exit(7)


def writing(path: str) -> None:
    Path(path).write_text("x")


def refusing() -> None:
    raise BadInput("This is not a PDF.")


def test_a_confined_function_gives_its_result() -> None:
    assert confined(squared, 12, seconds=20, what="a number") == 144


@pytest.mark.parametrize(
    ("function", "said"),
    [(greedy, "more memory"), (dying, "ended the reader"), (stuck, "longer than")],
)
def test_a_confined_function_past_its_limits_is_unreadable(function: object, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        confined(function, seconds=4, memory_bytes=2 << 30, what="the file")  # type: ignore[arg-type]


def test_a_confined_function_writes_no_file(tmp_path: Path) -> None:
    with pytest.raises(Unreadable):
        confined(writing, str(tmp_path / "x"), seconds=20, what="the file")


def test_an_error_of_a_confined_function_keeps_its_kind() -> None:
    with pytest.raises(BadInput, match="not a PDF"):
        confined(refusing, seconds=20, what="the file")


def test_settings_come_from_the_file_then_from_the_environment(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('forges = ["example.org"]\n[base_images]\n"3.11" = "mine"\n')
    found = load_settings(config, {"AUDITOR_BASE_IMAGES": "3.9=other, 3.11=third"})
    assert found.forges == ("example.org",)
    assert found.base_images == {"3.9": "other", "3.11": "third"}


@pytest.mark.parametrize("text", ["forges = 3", "unknown = 1", "not toml ["])
def test_settings_that_are_wrong_are_one_sentence(tmp_path: Path, text: str) -> None:
    config = tmp_path / "config.toml"
    config.write_text(text)
    with pytest.raises(BadInput):
        load_settings(config, {})


def test_times_and_sizes_are_read_as_typed() -> None:
    assert [duration(text) for text in ("90s", "10m", "1.5h", "45")] == [90, 600, 5400, 45]
    assert [size(text) for text in ("512m", "6g", "1GiB", "1000")] == [512 << 20, 6 << 30, 1 << 30, 1000]
    for wrong in ("", "ten", "-1", "0", "5 parsecs"):
        with pytest.raises(BadInput):
            duration(wrong)
        with pytest.raises(BadInput):
            size(wrong)


def test_a_script_without_a_main_guard_is_not_run_again_in_the_child() -> None:
    script = (
        "from auditor.confine import confined\nimport math\nprint('once', confined(math.sqrt, 9, seconds=20, what='x'))"
    )
    done = subprocess.run([sys.executable, "-"], input=script, capture_output=True, text=True)
    assert done.stdout == "once 3.0\n", done.stderr
