"""Why a command failed, from its log alone; and what the ladder does about it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from auditor.findings import FileEvidence
from auditor.repository.model import (
    DataReference,
    Dependencies,
    Document,
    DocumentLink,
    File,
    Option,
    Repository,
    Source,
)
from auditor.rerun.attempt import Attempt
from auditor.rerun.diagnosis import why_it_failed
from auditor.rerun.engines import Recipe
from auditor.rerun.environment import Choice, Wanted
from auditor.rerun.failure import Failure, Scene
from auditor.rerun.ladder import next_step
from auditor.rerun.model import Command, Diagnosis, Recorded, Run
from auditor.rerun.refusal import after_refusal, in_force
from auditor.rerun.rerun import for_want_of_python, last_real_obstacle
from auditor.rerun.traceback import last_traceback
from auditor.submission.model import LeftOut

CODE, DATA, NETWORK = "run_failed_code_error", "run_failed_missing_data", "run_failed_needs_network"
OURS = "submission"

OWN = '  File "/audit/work/train.py", line 9, in <module>\n    main()\n'
LIBRARY = '  File "/opt/env/lib/python3.9/site-packages/networkx/x.py", line 2, in f\n    from fractions import gcd\n'


def repository(files: tuple[str, ...] = (), **facts: object) -> Repository:
    known = Repository(Path("/nowhere"), tuple(File(path, 1, "python") for path in files))
    values = {"dependencies": Dependencies(), "data": (), "sources": (), "documents": ()} | facts
    known.__dict__.update(values)
    return known


def scene(stderr: str, a_repository: Repository | None = None, **more: object) -> Scene:
    values = {"exit_code": 1, "wall_seconds": 1.0, "recorded": None, "limit": None} | more
    left_out = values.pop("left_out", ())
    exact = values.pop("exact", frozenset())
    run = Run(id="run-1-1", command="python train.py", engine="docker", isolation="", **values)  # type: ignore[arg-type]
    return Scene(run, "", stderr, a_repository or repository(), left_out, exact)  # type: ignore[arg-type]


def trace(error: str, *frames: str) -> str:
    return "Traceback (most recent call last):\n" + "".join(frames or (OWN,)) + error + "\n"


def failure(stderr: str, a_repository: Repository | None = None, **more: object) -> Failure:
    found = why_it_failed(scene(stderr, a_repository, **more))
    assert found is not None
    return found


def test_a_run_that_ended_well_has_no_failure() -> None:
    assert why_it_failed(scene("Warning: ModuleNotFoundError: No module named 'x'", exit_code=0)) is None


@pytest.mark.parametrize(
    ("error", "outcome", "fault", "cause"),
    [
        ("ModuleNotFoundError: No module named 'sklearn'", CODE, OURS, "dependency_not_declared"),
        ("FileNotFoundError: [Errno 2] No such file or directory: 'data/x.csv'", DATA, OURS, "missing_file"),
        ("OSError: data/x.txt not found.", DATA, OURS, "missing_file"),
        ("FileNotFoundError: [Errno 2] No such file or directory: '/home/me/x.csv'", DATA, OURS, "hard_coded_path"),
        ("URLError: <urlopen error [Errno -3] Temporary failure>", NETWORK, "policy", "data_download"),
        ("ConnectionError: HTTPSConnectionPool(host='x'): Max retries exceeded", NETWORK, "policy", "data_download"),
        ("AssertionError: Torch not compiled with CUDA enabled", "run_failed_needs_gpu", "machine", "gpu_only"),
        ("RuntimeError: Found no NVIDIA driver on your system.", "run_failed_needs_gpu", "machine", "gpu_only"),
        ("MemoryError", "out_of_memory", "policy", "other"),
        ("MemoryError: Unable to allocate 74.5 GiB for an array", "out_of_memory", "policy", "other"),
        ("_tkinter.TclError: no display name", CODE, OURS, "interactive_backend"),
        ("NameError: name 'xrange' is not defined", CODE, OURS, "python_version_too_new"),
        ("ZeroDivisionError: division by zero", CODE, OURS, "bug"),
    ],
)  # fmt: skip
def test_the_last_error_decides(error: str, outcome: str, fault: str, cause: str) -> None:
    found = failure(trace("ValueError: an earlier one") + trace(error))
    assert (found.outcome, found.fault, found.cause) == (outcome, fault, cause)
    assert error.split(":")[0] in found.evidence[0].excerpt


@pytest.mark.parametrize(
    ("facts", "outcome", "cause"),
    [
        ({"limit": "time", "exit_code": None}, "timed_out", "too_long"),
        ({"limit": "memory", "out_of_memory": True}, "out_of_memory", "other"),
        ({"limit": "disk", "exit_code": None}, "run_failed_code_error", "other"),
    ],
)
def test_a_limit_is_the_policys_fault_whatever_the_log_says(facts: dict[str, object], outcome: str, cause: str) -> None:
    found = failure(trace("KeyError: 'x'"), **facts)
    assert (found.outcome, found.fault, found.cause) == (outcome, "policy", cause)


def test_a_file_that_acquisition_left_out_is_not_the_submissions_missing_data() -> None:
    error = "FileNotFoundError: [Errno 2] No such file or directory: 'data/big.bin'"
    found = failure(trace(error), left_out=(LeftOut(what="data/big.bin", why="larger than the limit"),))
    assert (found.outcome, found.fault) == ("run_failed_missing_data", "machine")


def test_data_that_the_documentation_tells_to_fetch_is_a_download() -> None:
    place = FileEvidence(path="README.md", line=3, excerpt="get emb.bin from https://x")
    known = repository(data=(DataReference("emb.bin", "instructions", place, "https://x"),))
    error = "FileNotFoundError: [Errno 2] No such file or directory: '../emb/emb.bin'"
    assert failure(trace(error), known).cause == "data_download"


def test_data_whose_name_stands_beside_a_link_of_the_documentation_is_a_download() -> None:
    words = "trained on news (emb.bin.gz found here)"
    document = Document("README.md", words, links=(DocumentLink("README.md", 3, "https://x/archive", "here", words),))
    known = repository(documents=(document,))
    error = "FileNotFoundError: [Errno 2] No such file or directory: '../emb/{}'"
    assert failure(trace(error.format("emb.bin")), known).cause == "data_download"
    assert failure(trace(error.format("mb.bin")), known).cause == "missing_file"
    assert failure(trace(error.format("news")), known).cause == "missing_file"


def test_an_own_module_out_of_reach_is_a_matter_of_the_path() -> None:
    known = repository(("code/train.py", "lib/models/net.py"))
    found = failure(trace("ModuleNotFoundError: No module named 'models.net'"), known)
    assert found.cause == "working_folder_or_path"
    step = next_step(found, attempt(), known, want())
    assert step is not None
    assert step[1].paths == ("lib",)
    assert not step[0].changes


def test_an_own_module_that_is_not_in_the_repository_is_a_missing_file() -> None:
    place = FileEvidence(path="train.py", line=1, excerpt="import secrets_of_ours")
    known = repository(dependencies=Dependencies(missing_local=(place,)))
    found = failure(trace("ModuleNotFoundError: No module named 'secrets_of_ours'"), known)
    assert (found.cause, found.module) == ("missing_file", None)


def test_a_program_that_refuses_its_options_has_a_stale_command() -> None:
    found = failure("usage: train.py [-h]\ntrain.py: error: unrecognized arguments: --tuned\n", exit_code=2)
    assert found.cause == "wrong_or_stale_command"
    assert "--tuned" in found.sentence


def test_a_program_that_the_image_lacks_is_the_machines_fault() -> None:
    found = failure("/bin/sh: 1: Rscript: not found\n", exit_code=127)
    assert (found.fault, found.cause) == ("machine", "build_tools_missing")


def test_a_python_of_another_name_is_the_environments_own() -> None:
    found = failure("/bin/sh: 1: python3.7: not found\n", exit_code=127)
    command = Command(shell="python3.7 train.py --py python3.7.json", source="README.md", why="")
    step = next_step(found, replace(attempt(), commands=(command,)), repository(), want())
    assert step is not None
    assert step[1].commands[0].shell == "python train.py --py python3.7.json"
    assert not step[0].changes


def test_a_file_that_lies_elsewhere_is_a_wrong_folder_and_no_missing_data() -> None:
    known = repository(("data/x.csv",))
    found = failure(trace("FileNotFoundError: [Errno 2] No such file or directory: '../x.csv'"), known)
    assert (found.outcome, found.cause) == ("run_failed_code_error", "working_folder_or_path")


@pytest.mark.parametrize("path", ["out/deep/fig.png", "./out/deep/fig.png", "/audit/work/out/deep/fig.png"])
def test_a_folder_that_is_missing_for_writing_is_made(path: str) -> None:
    recorded = Recorded(files_written=("out/deep/fig.png",))
    found = failure(trace(f"FileNotFoundError: [Errno 2] No such file or directory: '{path}'"), recorded=recorded)
    step = next_step(found, attempt(), repository(), want())
    assert step is not None
    assert step[1].folders == ("out/deep",)
    assert step[0].changes


def test_what_pandas_says_of_a_missing_folder_counts_from_the_commands_folder() -> None:
    error = "OSError: Cannot save file into a non-existent directory: 'results'"
    assert failure(trace(error), folder="code").path == "code/results"


def test_a_library_that_its_pin_keeps_broken_is_unpinned() -> None:
    stderr = trace(
        "ImportError: cannot import name 'gcd' from 'fractions' (/usr/lib/python3.9/fractions.py)", OWN, LIBRARY
    )
    found = failure(stderr, exact=frozenset({"networkx"}))
    assert (found.package, found.cause) == ("networkx", "pinned_version_unavailable_for_python")
    step = next_step(found, attempt("networkx==1.11", "numpy"), repository(), want())
    assert step is not None
    assert step[0].rung == "relaxed"
    assert step[1].recipe.requirements == ("networkx", "numpy")


def test_a_lower_bound_keeps_no_library_back_and_is_not_left_open() -> None:
    error = "InvalidParameterError: The 'penalty' parameter must be a str among {'l1', 'l2'}"
    found = failure(trace(error, OWN, LIBRARY))
    assert next_step(found, attempt("networkx>=1.0.2", "numpy>1.21"), repository(), want()) is None
    step = next_step(found, attempt("networkx>=1.0.2,<2"), repository(), want())
    assert step is not None
    assert step[1].recipe.requirements == ("networkx",)


def test_a_library_that_another_pin_holds_back_opens_the_pins_that_are_left() -> None:
    stderr = trace(
        "ImportError: cannot import name 'gcd' from 'fractions' (/usr/lib/python3.9/fractions.py)", OWN, LIBRARY
    )
    step = next_step(failure(stderr), attempt("networkx", "pgmpy==0.1.7", "six>=1"), repository(), want())
    assert step is not None
    assert step[1].recipe.requirements == ("networkx", "pgmpy", "six>=1")
    assert next_step(failure(stderr), step[1], repository(), want()) is None


def test_undeclared_packages_are_added_all_at_once_and_only_once() -> None:
    place = (FileEvidence(path="a.py", line=2, excerpt="import sklearn.svm"),)
    dependencies = Dependencies(
        imported={"scikit-learn": place, "gensim": place}, undeclared=("gensim", "scikit-learn")
    )
    known = repository(dependencies=dependencies)
    found = failure(trace("ModuleNotFoundError: No module named 'sklearn'"), known)
    step = next_step(found, attempt("numpy"), known, want())
    assert step is not None
    assert step[1].recipe.requirements == ("numpy", "scikit-learn", "gensim")
    assert step[0].evidence[-1].path == "a.py"  # type: ignore[union-attr]
    assert next_step(found, step[1], known, want()) is None


def test_an_option_of_the_program_itself_avoids_the_gpu() -> None:
    known = repository(sources=(Source("train.py", 9, options=(Option(("--no-cuda",), None, 3),)),))
    found = failure(trace("AssertionError: Torch not compiled with CUDA enabled"), known)
    step = next_step(found, attempt(), known, want())
    assert step is not None
    assert step[1].commands[0].shell == "python train.py --no-cuda"
    assert next_step(found, step[1], known, want()) is None


def test_a_bug_is_not_repaired() -> None:
    assert next_step(failure(trace("ZeroDivisionError: division by zero")), attempt(), repository(), want()) is None


def test_the_ladder_after_a_refusal_goes_from_sources_over_another_python_to_open_pins() -> None:
    refusal = "Because numpy==1.16 has no wheels with a matching Python version tag, they are unsatisfiable."
    now = attempt("numpy==1.16", "scipy>=1.0")
    rungs, tried = [], {"3.9"}
    while (step := after_refusal(refusal, now, want(), frozenset(tried))) is not None and len(rungs) < 9:
        rungs.append((step[0].rung, step[1].recipe.python, step[1].recipe.sources))
        now = step[1]
        tried.add(now.recipe.python)
    assert rungs[:4] == [
        ("as_of_date", "3.9", True), ("another_python", "3.11", False), ("as_of_date", "3.11", True),
        ("relaxed", "3.9", False),
    ]  # fmt: skip
    assert now.recipe.requirements == ("numpy", "scipy")


def test_steps_that_were_taken_back_are_no_repairs() -> None:
    first = attempt("numpy==1.16")
    sources, built = after_refusal("no wheels", first, want(), frozenset({"3.9"})) or pytest.fail("no step")
    other, elsewhere = after_refusal("no wheels", built, want(), frozenset({"3.9"})) or pytest.fail("no step")
    assert in_force(sources, built, built)
    assert in_force(other, elsewhere, elsewhere)
    assert not in_force(sources, built, elsewhere)
    assert not in_force(other, elsewhere, first)


def test_a_package_that_no_index_has_is_left_out() -> None:
    step = after_refusal(
        "Because nosuch was not found in the package registry, …", attempt("nosuch", "numpy"), want(), frozenset()
    )
    assert step is not None
    assert step[1].recipe.requirements == ("numpy",)
    assert step[0].cause == "package_renamed_or_removed"


def test_the_last_obstacle_stands_where_repairs_do_not_lead_to_an_end() -> None:
    first = Diagnosis(
        outcome="run_failed_code_error", fault="submission", cause="dependency_not_declared", sentence="No numpy."
    )
    data = Diagnosis(outcome="run_failed_missing_data", fault="submission", cause="missing_file", sentence="No file.")
    done = Diagnosis(outcome="reproduced", fault="none", sentence="Fine.")
    late = Diagnosis(outcome="timed_out", fault="policy", sentence="Too long.")
    assert last_real_obstacle(first, data).outcome == "run_failed_missing_data"
    assert "No numpy." in last_real_obstacle(first, data).sentence
    assert last_real_obstacle(first, done) == first
    assert last_real_obstacle(first, late) == first
    assert last_real_obstacle(None, late) == late
    again = first.model_copy(update={"cause": "bug"})
    assert last_real_obstacle(first, again) == again


def test_a_python_that_is_not_at_hand_is_the_machines_fault() -> None:
    old = failure(trace("NameError: name 'xrange' is not defined")).diagnosis
    assert for_want_of_python(old, attempt()).fault == "submission"
    missing = replace(attempt(), choice=Choice("3.9", "The repository states Python 2.7.", fits=False))
    assert for_want_of_python(old, missing).fault == "machine"
    bug = failure(trace("ZeroDivisionError: division by zero")).diagnosis
    assert for_want_of_python(bug, missing).fault == "submission"


def test_a_syntax_error_without_a_traceback_is_found() -> None:
    error = "SyntaxError: Missing parentheses in call to 'print'. Did you mean print(\"x\")?"
    stderr = f'  File "train.py", line 3\n    print "x"\n          ^\n{error}\n'
    assert failure(stderr).cause == "python_version_too_new"


def test_a_hostile_log_is_read_in_time_and_without_error() -> None:
    for text in (
        "Traceback (most recent call last):\n" * 5000,
        'File "' * 100_000,
        "\x00\x1b[31m" * 50_000,
        "a" * 1_000_000,
    ):
        assert why_it_failed(scene(text)) is not None


def test_a_traceback_keeps_frames_and_message() -> None:
    found = last_traceback("noise\n" + trace("KeyError: 'a'\n", OWN, LIBRARY) + "more noise\n")
    assert found is not None
    assert (found.kind, found.message, found.package) == ("KeyError", "'a'", "networkx")
    assert found.last_own is not None
    assert found.last_own.line == 9


def want() -> Wanted:
    return Wanted((Choice("3.9", ""), Choice("3.11", "")), (), False, None, None)


def attempt(*requirements: str) -> Attempt:
    command = Command(shell="python train.py", source="README.md", why="")
    return Attempt(Recipe("3.9", requirements), Choice("3.9", ""), (command,))


@pytest.mark.parametrize("stderr", ["", "going on\n"])
def test_an_exit_status_is_evidence_of_its_own(stderr: str) -> None:
    last = failure(stderr).evidence[-1]
    assert (last.stream, last.excerpt) == ("engine", "exit status 1")
