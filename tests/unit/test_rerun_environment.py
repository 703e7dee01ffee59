"""Which Python, which requirements, as of which date."""

from __future__ import annotations

from datetime import date

import pytest

from auditor.findings import FileEvidence
from auditor.repository.model import Dependencies, Requirement
from auditor.rerun.engines import Recipe
from auditor.rerun.environment import (
    Choice,
    Wanted,
    python_choices,
    recipe_for,
    requirement_lines,
    said_in_prose,
    stated_specifier,
)
from auditor.rerun.image import dockerfile
from auditor.rerun.resolve import compile_arguments, lock_hash, refused

OFFERED = ("3.9", "3.11", "3.13")


def requirement(name: str, specifier: str = "", **more: object) -> Requirement:
    return Requirement(name, specifier, "requirements.txt", 1, name + specifier, **more)  # type: ignore[arg-type]


def versions(choices: tuple[Choice, ...]) -> list[str]:
    return [choice.python for choice in choices]


def test_the_newest_python_of_the_date_comes_first() -> None:
    choices = python_choices(Dependencies(), date(2023, 6, 1), OFFERED)
    assert versions(choices) == ["3.11", "3.9", "3.13"]


def test_code_older_than_every_python_gets_the_oldest() -> None:
    choices = python_choices(Dependencies(), date(2017, 1, 1), OFFERED)
    assert versions(choices) == ["3.9", "3.11", "3.13"]
    assert "newer than the repository's date" in choices[0].why
    assert not choices[0].fits


def test_a_stated_python_is_taken_where_it_is_at_hand() -> None:
    assert versions(python_choices(Dependencies(python="3.9"), date(2024, 1, 1), OFFERED))[0] == "3.9"


def test_a_stated_python_that_is_not_at_hand_gives_the_nearest_and_says_so() -> None:
    choices = python_choices(Dependencies(python="3.7"), date(2024, 1, 1), OFFERED)
    assert choices[0].python == "3.9"
    assert not choices[0].fits
    assert "3.7" in choices[0].why


def test_the_users_choice_is_the_only_one() -> None:
    assert versions(python_choices(Dependencies(python="3.9"), None, OFFERED, "3.13")) == ["3.13"]


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("3.8", "3.8.5", "3.9.1"),
        (">=3.7,<3.10", "3.9.2", "3.10.1"),
        ("^3.8", "3.12.1", "4.0.0"),
        ("==3.8.*", "3.8.1", "3.7.1"),
        ("~=3.8", "3.9.0", "3.7.0"),
        ("3.8.10", "3.8.3", "3.9.0"),
        ("=3.6", "3.6.1", "3.7.0"),
        ("3", "3.9.1", "2.7.1"),
    ],
)
def test_every_way_of_stating_python_is_understood(text: str, inside: str, outside: str) -> None:
    stated = stated_specifier(text)
    assert stated is not None
    assert stated.contains(inside)
    assert not stated.contains(outside)


def test_a_python_that_is_no_version_is_not_guessed() -> None:
    assert stated_specifier("the latest") is None


def test_requirements_are_names_and_specifiers_and_never_the_authors_lines() -> None:
    lines, notes = requirement_lines(
        (
            requirement("numpy", ">=1.20, <2"),
            requirement("evil", url="git+https://example.org/evil"),
            requirement("torch-cpu", url="https://example.org/torch_cpu-1.8.0%2Bcpu-cp39-cp39-linux_x86_64.whl"),
            requirement("--index-url http://evil"),
            requirement("torch", "=1.8=py3.8_cuda"),
            requirement("python", "3.8"),
            requirement("pytest", optional=True),
            requirement("colorama", marker="sys_platform == 'win32'"),
        ),
        "3.9",
    )
    assert lines[0].startswith("numpy")
    assert sorted(lines[1:]) == ["torch", "torch-cpu==1.8.0"]
    assert any("evil" in note and "not installed" in note for note in notes)
    assert any("torch" in note for note in notes)


def test_a_file_outweighs_prose_for_one_name() -> None:
    lines, _ = requirement_lines((requirement("torch", ">=1.0", source="prose"), requirement("torch", "==1.8")), "3.9")
    assert lines == ("torch==1.8",)


def test_words_of_prose_that_nothing_imports_are_not_installed() -> None:
    place = (FileEvidence(path="a.py", line=1),)
    dependencies = Dependencies(
        requirements=(requirement("so", source="prose"), requirement("gensim", source="prose")),
        imported={"gensim": place},
    )
    kept, notes = said_in_prose(dependencies)
    assert [r.name for r in kept] == ["gensim"]
    assert "so" in notes[0]


def test_the_date_is_the_later_of_the_codes_and_of_the_pythons_first_wheels() -> None:
    want = Wanted((Choice("3.9", ""),), ("numpy",), False, date(2018, 1, 1), "commit")
    recipe = recipe_for(want, want.choices[0])
    assert recipe.as_of == date(2021, 3, 1)
    assert recipe.requirements == ("numpy", "setuptools")


def test_a_date_of_today_is_no_date() -> None:
    want = Wanted((Choice("3.13", ""),), (), False, date.today(), "today")
    recipe = recipe_for(want, want.choices[0])
    assert recipe.as_of is None
    assert recipe.requirements == ()


def test_wheels_alone_are_resolved_unless_sources_are_allowed() -> None:
    recipe = Recipe("3.9", ("numpy",), date(2021, 4, 13))
    arguments = compile_arguments(recipe, "x86_64-unknown-linux-gnu", None, None)
    assert arguments[arguments.index("--only-binary") + 1] == ":all:"
    assert arguments[arguments.index("--exclude-newer") + 1] == "2021-04-14T00:00:00Z"
    assert "--only-binary" not in compile_arguments(Recipe("3.9", ("numpy",), sources=True), None, None, None)


def test_the_hash_of_a_lock_depends_on_python_and_base() -> None:
    lock = "numpy==1.20.2 \\\n    --hash=sha256:00\nnetworkx==2.5 ; python_version < '4' \\\n    --hash=sha256:11\n"
    assert lock_hash(lock, "3.9", "a") != lock_hash(lock, "3.9", "b") != lock_hash(lock, "3.11", "b")


def test_an_index_out_of_reach_is_the_machines_fault_and_a_conflict_is_not() -> None:
    from auditor.errors import MachineFault
    from auditor.rerun.engines import BuildFailed

    with pytest.raises(MachineFault, match="cannot be reached"):
        raise refused("error: dns error: failed to look up")
    assert isinstance(refused("× No solution found: a==1 depends on b<2"), BuildFailed)


def test_the_dockerfile_names_only_what_anyone_can_pull() -> None:
    text = dockerfile("3.9", "private:5000/base", (("sub", 'python a.py --x "y"'), (".", "true")), ("src",))
    assert "FROM python:3.9-slim" in text
    assert "--require-hashes" in text
    assert 'CMD ["/bin/sh", "-c", "(cd sub && python a.py --x \\"y\\") && true"]' in text
