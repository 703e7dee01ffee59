"""A whole rerun of small repositories, in each engine: plan, environment, runs, verdict, diagnosis, kept files."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path

import pytest

from auditor.checks.agreement import numbers_not_constant
from auditor.checks.facts import Sources
from auditor.claims.model import Claim, Claims
from auditor.findings import FileEvidence, Status
from auditor.progress import Silent
from auditor.repository.inventory import read_repository
from auditor.rerun.model import Rerun
from auditor.rerun.options import RerunOptions
from auditor.rerun.rerun import rerun
from auditor.settings import load_settings
from auditor.submission.model import LeftOut, Origin

PROGRAM = """
import json, random
random.seed(0)
right = sum(random.random() < 0.9 for _ in range(10_000))
print(f"Test accuracy: {right / 10_000:.4f}")
with open("metrics.json", "w") as file:
    json.dump({"accuracy": right / 10_000}, file)
if __name__ == "__main__":
    pass
"""
README = "# Small\n\n## Training\n\n```bash\npython train.py\n```\n"


@pytest.fixture(params=[pytest.param("docker", marks=pytest.mark.docker), "process"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def claimed(value: float) -> Claims:
    place = FileEvidence(path="README.md", line=1)
    claim = Claim(
        id="C1",
        metric="accuracy",
        metric_text="accuracy",
        value=value,
        printed=f"{value:.2f}",
        unit="fraction",
        direction="higher",
        where="README.md",
        origin="readme",
        own=True,
        evidence=place,
    )
    return Claims(items=(claim,))


def whole(
    folder: Path,
    engine: str,
    files: dict[str, str],
    claims: Claims,
    options: dict[str, object] | None = None,
    **more: object,
) -> Rerun:
    tree = folder / "tree"
    for path, text in files.items():
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        (tree / path).write_text(text)
    settings = load_settings().model_copy(update={"cache": folder / "cache"})
    limits = {"time_limit": 120, "cpu_seconds": 60, "memory_bytes": 1 << 30}
    asked = RerunOptions(engine=engine, **(limits | (options or {})))  # type: ignore[arg-type]
    (folder / "audit").mkdir()
    origin = Origin(kind="folder", location="tree", as_of=date(2024, 6, 1), as_of_source="commit")
    return rerun(tree, read_repository(tree), claims, settings, asked, Silent(), folder / "audit", origin, **more)  # type: ignore[arg-type]


def test_a_claim_that_the_code_gives_is_reproduced(tmp_path: Path, engine: str) -> None:
    done = whole(tmp_path, engine, {"README.md": README, "train.py": PROGRAM}, claimed(0.90))
    assert done.as_it_is.outcome == done.after_repairs.outcome == "reproduced", done.as_it_is.sentence
    assert [verdict.outcome for verdict in done.verdicts] == ["reproduced"]
    assert not any(repair.changes for repair in done.repairs)
    run = done.runs[0]
    assert run.recorded is not None
    assert run.recorded.seeds == ("random.seed(0) at train.py:3",)
    assert [output.path for output in run.outputs] == ["metrics.json"]
    assert done.environment is not None
    assert done.environment.image
    assert set(done.seconds) == {"plan", "environment", "run", "collect"}


def test_what_the_report_needs_lies_in_the_audits_folder(tmp_path: Path, engine: str) -> None:
    done = whole(tmp_path, engine, {"README.md": README, "train.py": PROGRAM}, claimed(0.90))
    run, audit = done.runs[0], tmp_path / "audit"
    assert run.stdout_file is not None
    assert (audit / run.stdout_file).read_text().startswith("Test accuracy: 0.9")
    assert "metrics.json" in (audit / "runs" / run.id / "outputs.tsv").read_text()
    assert "FROM python:" in (audit / "environment" / "Dockerfile").read_text()
    assert (audit / "environment" / "requirements.lock").is_file()
    assert Rerun.model_validate_json(done.model_dump_json()) == done


def test_a_claim_that_the_code_does_not_reach_is_contradicted(tmp_path: Path, engine: str) -> None:
    done = whole(tmp_path, engine, {"README.md": README, "train.py": PROGRAM}, claimed(0.99))
    assert (done.after_repairs.outcome, done.after_repairs.fault) == ("runs_numbers_differ", "submission")
    assert done.verdicts[0].holds is False


def test_a_missing_file_is_the_submissions_fault_and_no_repair_invents_it(tmp_path: Path, engine: str) -> None:
    done = whole(tmp_path, engine, {"README.md": README, "train.py": "open('data.csv')\n"}, claimed(0.9))
    assert (done.as_it_is.outcome, done.as_it_is.fault) == ("run_failed_missing_data", "submission")
    assert "data.csv" in done.as_it_is.sentence
    assert done.as_it_is.evidence


def test_a_file_that_was_left_out_is_not_held_against_the_submission(tmp_path: Path, engine: str) -> None:
    left = (LeftOut(what="data.csv", why="a Git LFS pointer"),)
    done = whole(tmp_path, engine, {"README.md": README, "train.py": "open('data.csv')\n"}, claimed(0.9), left_out=left)
    assert (done.as_it_is.outcome, done.as_it_is.fault) == ("run_failed_missing_data", "machine")


def test_a_missing_output_folder_is_repaired_and_the_repair_is_told(tmp_path: Path, engine: str) -> None:
    program = PROGRAM.replace('"metrics.json"', '"results/metrics.json"')
    done = whole(tmp_path, engine, {"README.md": README, "train.py": program}, claimed(0.9))
    assert done.as_it_is.outcome == "run_failed_code_error"
    assert done.after_repairs.outcome == "reproduced"
    changed = [repair for repair in done.repairs if repair.changes]
    assert [repair.what for repair in changed] == ["The folder results was made."]
    assert len(done.runs) == 2


def test_own_modules_in_another_folder_are_found(tmp_path: Path, engine: str) -> None:
    files = {
        "README.md": README,
        "train.py": "import model\nprint('accuracy:', model.ACCURACY)\n",
        "lib/model.py": "ACCURACY = 0.9\n",
    }
    done = whole(tmp_path, engine, files, claimed(0.9))
    assert done.as_it_is.outcome == "reproduced"
    assert any(repair.cause == "working_folder_or_path" and not repair.changes for repair in done.repairs)


def test_several_commands_run_in_order_in_one_copy(tmp_path: Path, engine: str) -> None:
    runs = [{"command": "python a.py"}, {"command": "python b.py", "folder": "sub"}]
    toml = "".join(f"[[run]]\n{''.join(f'{k} = {json.dumps(v)}' + chr(10) for k, v in run.items())}\n" for run in runs)
    files = {
        "auditor.toml": toml,
        "a.py": "open('made', 'w').write('0.9')\n",
        "sub/b.py": "print('accuracy:', open('../made').read())\n",
    }
    done = whole(tmp_path, engine, files, claimed(0.9))
    assert done.after_repairs.outcome == "reproduced"
    assert [run.exit_code for run in done.runs] == [0, 0]
    assert [[output.path for output in run.outputs] for run in done.runs] == [["made"], []]


def test_the_audited_tree_stays_as_it_was(tmp_path: Path, engine: str) -> None:
    files = {"README.md": README, "train.py": "import os\nos.remove('README.md')\nopen('train.py', 'w').write('x')\n"}
    whole(tmp_path, engine, files, Claims())
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (tmp_path / "tree").iterdir()}
    assert found == {name: hashlib.sha256(text.encode()).hexdigest() for name, text in files.items()}


def test_shipped_results_that_no_run_wrote_are_no_observation(tmp_path: Path, engine: str) -> None:
    files = {"README.md": README, "train.py": "print('done')\n", "metrics.json": '{"accuracy": 0.9}'}
    done = whole(tmp_path, engine, files, claimed(0.9))
    assert done.after_repairs.outcome == "runs_no_claim_to_compare"


def test_a_shipped_file_that_is_copied_is_no_observation_and_one_that_is_printed_is_found(
    tmp_path: Path, engine: str
) -> None:
    shipped = '{"accuracy": 0.9127}'
    copies = "import shutil\nshutil.copy('old.json', 'metrics.json')\n"
    done = whole(
        tmp_path / "a", engine, {"README.md": README, "train.py": copies, "old.json": shipped}, claimed(0.9127)
    )
    assert done.after_repairs.outcome == "runs_no_claim_to_compare"
    prints = "import json\nprint('accuracy:', json.load(open('old.json'))['accuracy'])\n"
    done = whole(
        tmp_path / "b", engine, {"README.md": README, "train.py": prints, "old.json": shipped}, claimed(0.9127)
    )
    repository = read_repository(tmp_path / "b" / "tree")
    finding = numbers_not_constant(done, repository, Sources(repository.sources), claimed(0.9127))
    assert finding.status is Status.FAIL, finding.sentence
    assert "old.json" in finding.sentence


def test_a_run_that_rewrites_the_shipped_results_and_reads_them_back_computed_them(tmp_path: Path, engine: str) -> None:
    program = (
        "import json\nvalue = sum([9127] * 3) / 30000\njson.dump({'accuracy': value}, open('old.json', 'w'))\n"
        "print('accuracy:', json.load(open('old.json'))['accuracy'])\n"
    )
    files = {"README.md": README, "train.py": program, "old.json": '{"accuracy": 0.9127}'}
    done = whole(tmp_path, engine, files, claimed(0.9127))
    repository = read_repository(tmp_path / "tree")
    finding = numbers_not_constant(done, repository, Sources(repository.sources), claimed(0.9127))
    assert finding.status is Status.PASS, finding.sentence


def test_a_claim_is_compared_with_the_declared_run_alone(tmp_path: Path, engine: str) -> None:
    toml = '[[run]]\ncommand = "python a.py"\nclaims = ["accuracy"]\n[[run]]\ncommand = "python b.py"\n'
    files = {"auditor.toml": toml, "a.py": "print('accuracy:', 0.9)\n", "b.py": "print('accuracy:', 0.3)\n"}
    assert whole(tmp_path, engine, files, claimed(0.9)).after_repairs.outcome == "reproduced"


def test_a_time_limit_keeps_what_was_seen_until_then(tmp_path: Path, engine: str) -> None:
    program = "print('Test accuracy: 0.9012', flush=True)\nwhile True: pass\n"
    tree = {"README.md": README, "train.py": program}
    done = whole(tmp_path, engine, tree, Claims(), {"cpu_seconds": 2})
    assert done.after_repairs.outcome == "timed_out"
    assert done.after_repairs.fault == "policy"
    assert done.runs[0].timed_out
    assert any(observation.value == 0.9012 for observation in done.observations)


def test_what_held_until_a_limit_is_told_with_how_much_was_compared(tmp_path: Path, engine: str) -> None:
    program = "print('Test accuracy: 0.9012', flush=True)\nwhile True: pass\n"
    first = claimed(0.9).items[0]
    both = Claims(items=(first, first.model_copy(update={"id": "C2", "metric": "f1", "metric_text": "F1"})))
    done = whole(tmp_path, engine, {"README.md": README, "train.py": program}, both, {"cpu_seconds": 2})
    assert done.after_repairs.outcome == "reproduced"
    sentence = done.after_repairs.sentence
    assert sentence.startswith("1 of 2 claims could be compared; all of these hold. Stopped before its end: ")


def test_a_command_whose_named_input_is_known_absent_is_not_run(tmp_path: Path, engine: str) -> None:
    toml = "".join(
        f'[[run]]\ncommand = "{command}"\n'
        for command in ("python a.py sub/../emb.bin", "python b.py emb.bin", "python c.py")
    )
    reads = "import sys\nopen(sys.argv[1])\n"
    files = {"auditor.toml": toml, "a.py": reads, "b.py": reads, "c.py": "print('accuracy:', 0.9)\n", "sub/x.py": ""}
    done = whole(tmp_path, engine, files, Claims())
    assert [run.command for run in done.runs] == ["python a.py sub/../emb.bin", "python c.py"]
    assert done.after_repairs.outcome == "run_failed_missing_data"
    assert any("python b.py emb.bin" in note and "emb.bin is not there" in note for note in done.notes)


def test_a_file_that_a_command_in_between_makes_is_not_absent(tmp_path: Path, engine: str) -> None:
    toml = "".join(
        f'[[run]]\ncommand = "{command}"\n' for command in ("python a.py e.bin", "python b.py", "python a.py e.bin")
    )
    files = {"auditor.toml": toml, "a.py": "import sys\nopen(sys.argv[1])\n", "b.py": "open('e.bin', 'w').write('1')\n"}
    assert [run.exit_code for run in whole(tmp_path, engine, files, Claims()).runs] == [1, 0, 0]


def test_output_folders_are_made_all_at_once(tmp_path: Path, engine: str) -> None:
    program = PROGRAM.replace('"metrics.json"', '"results/metrics.json"') + "open('more/here/x.txt', 'w')\n"
    files = {"README.md": README, "train.py": program, "setup.sh": "mkdir -p logs\n"}
    done = whole(tmp_path, engine, files, claimed(0.9))
    assert done.after_repairs.outcome == "reproduced"
    assert len(done.runs) == 2
    assert [r.what for r in done.repairs if r.changes] == ["The folders results, logs, more/here were made."]


def test_nothing_to_run_is_said_without_any_engine(tmp_path: Path, engine: str) -> None:
    done = whole(tmp_path, engine, {"README.md": "# Empty\n", "model.py": "x = 1\n"}, Claims())
    assert done.after_repairs.outcome == "no_entry_point"
    assert done.runs == ()


def test_without_a_daemon_nothing_is_attempted_and_the_way_to_one_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/nothing.sock")
    done = whole(tmp_path, "auto", {"train.py": PROGRAM}, Claims())
    assert not done.attempted
    assert done.after_repairs.outcome == "not_attempted"
    assert "--engine process" in done.after_repairs.sentence


def test_a_notebooks_shell_cells_are_a_recorded_change(tmp_path: Path, engine: str) -> None:
    sources = ["%matplotlib inline\nimport json", "%%bash\npython train.py", "print('Test accuracy:', 0.9)"]
    cells = [{"cell_type": "code", "source": text, "metadata": {}, "outputs": []} for text in sources]
    notebook = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    done = whole(tmp_path, engine, {"README.md": "See main.ipynb.\n", "main.ipynb": notebook}, Claims())
    changed = [repair for repair in done.repairs if repair.changes]
    assert [repair.what for repair in changed] == [
        "Cells that call the shell or magics of IPython are left out: cell 2 of main.ipynb."
    ]
    assert done.after_repairs.outcome == "runs_no_claim_to_compare"
