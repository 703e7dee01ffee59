"""The program as a user meets it: commands, exit codes, one sentence for bad input, partial audits."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pikepdf
import pytest
from reportlab.pdfgen.canvas import Canvas

from auditor.example import write_example
from tests.conftest import git
from tests.unit.paper_pages import FILLER, Sheet

HEAVY = {"docker", "pypdfium2", "sklearn", "torch", "jinja2", "git", "requests", "pydantic", "numpy"}


def auditor(*arguments: object, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "auditor", *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=300,
    )


def one_sentence(done: subprocess.CompletedProcess[str], code: int) -> str:
    """The run ended with this code and said one thing about it, without a traceback."""
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("auditor: ")
    return last


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return write_example(tmp_path_factory.mktemp("example"))


@pytest.fixture(scope="module")
def audited(example: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """The folder, standard output and standard error of an audit of the example without a rerun."""
    folder = tmp_path_factory.mktemp("audited")
    done = auditor("audit", *example, cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder, done.stdout, done.stderr


def test_an_audit_writes_its_three_files_and_ends_with_path_and_grade(audited: tuple[Path, str, str]) -> None:
    folder, out, _ = audited
    last = out.strip().splitlines()[-1]
    report = folder / last.split("  grade ")[0]
    assert report.name == "report.html"
    assert sorted(path.name for path in report.parent.iterdir()) == ["audit.json", "report.html", "report.md"]
    audit = json.loads((report.parent / "audit.json").read_text())
    assert last.endswith(f"grade {audit['scorecard']['letter']} (provisional)")


SILENT = ("paper.text_readable", "paper.hidden_text", "paper.addresses_no_program")
"""Checks that pass where the whole paper holds nothing of a kind."""


def test_every_finding_that_answers_carries_its_evidence_or_says_that_nothing_was_found(
    audited: tuple[Path, str, str],
) -> None:
    folder, _, _ = audited
    (path,) = folder.rglob("audit.json")
    audit = json.loads(path.read_text())
    for finding in audit["findings"]:
        if finding["status"] == "pass" and finding["check"] not in SILENT:
            assert finding["evidence"] or "no " in finding["sentence"].lower(), finding
        if finding["status"] in ("fail", "partial"):
            assert finding["remedy"], finding


def test_progress_is_plain_lines_when_standard_error_is_no_terminal(audited: tuple[Path, str, str]) -> None:
    _, _, err = audited
    assert "Reading the paper …" in err.splitlines()
    assert "\x1b" not in err


def test_a_second_audit_of_the_same_submission_replaces_the_first_and_another_does_not(
    example: tuple[Path, Path], tmp_path: Path
) -> None:
    paper, repository = example
    for _ in range(2):
        auditor("audit", paper, repository, cwd=tmp_path)
    assert [path.name for path in (tmp_path / "reports").iterdir()] == ["one-pixel-shifts"]
    said = auditor("audit", paper, "-q", cwd=tmp_path).stderr.splitlines()
    first = "reports/one-pixel-shifts"
    assert said == [f"{first} holds the audit of something else; this one is in {first}-2."]
    assert sorted(path.name for path in (tmp_path / "reports").iterdir()) == ["one-pixel-shifts", "one-pixel-shifts-2"]


def test_a_folder_that_a_failed_audit_left_empty_is_used_again(example: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "reports" / "one-pixel-shifts").mkdir(parents=True)
    auditor("audit", *example, cwd=tmp_path)
    assert [path.name for path in (tmp_path / "reports").iterdir()] == ["one-pixel-shifts"]


def test_a_report_does_not_lie_beside_the_runs_of_an_earlier_audit(example: tuple[Path, Path], tmp_path: Path) -> None:
    auditor("audit", *example, cwd=tmp_path)
    stale = tmp_path / "reports" / "one-pixel-shifts" / "runs" / "run-1-1"
    stale.mkdir(parents=True)
    auditor("audit", *example, cwd=tmp_path)
    assert not stale.parent.exists()


def test_json_goes_to_standard_output_alone(example: tuple[Path, Path], tmp_path: Path) -> None:
    done = auditor("audit", *example, "--json", cwd=tmp_path)
    audit = json.loads(done.stdout)
    assert audit["schema_version"] == "1.0"
    assert done.stderr.strip().splitlines()[-1].startswith("reports/one-pixel-shifts/report.html  grade ")


def test_a_grade_below_the_bar_is_exit_code_1(example: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "x.py").write_text("print(1)\n")
    assert auditor("audit", "--repo", "code", "--fail-under", "A", cwd=tmp_path).returncode == 1
    assert auditor("audit", *example, "--fail-under", "F", cwd=tmp_path).returncode == 0


def test_a_report_is_rendered_again_from_the_audit_alone(audited: tuple[Path, str, str], tmp_path: Path) -> None:
    folder, _, _ = audited
    (document,) = folder.rglob("audit.json")
    done = auditor("report", document, "--format", "html,md", "-o", tmp_path / "again", cwd=tmp_path)
    assert done.returncode == 0
    for name in ("report.html", "report.md", "audit.json"):
        assert (tmp_path / "again" / name).read_bytes() == (document.parent / name).read_bytes()


def test_every_check_is_explained(tmp_path: Path) -> None:
    everything = auditor("explain", cwd=tmp_path)
    one = auditor("explain", "dependencies.pinned", cwd=tmp_path)
    assert everything.returncode == one.returncode == 0
    assert "dependencies.pinned" in everything.stdout
    assert "Why" in one.stdout
    assert "no.check" in one_sentence(auditor("explain", "no.check", cwd=tmp_path), 2)


def test_checklists_are_listed_and_shown(tmp_path: Path) -> None:
    assert "ml-code-completeness" in auditor("checklist", "list", cwd=tmp_path).stdout
    assert "dependencies.declared" in auditor("checklist", "show", "ml-code-completeness", cwd=tmp_path).stdout
    assert "There is no checklist 'none'" in one_sentence(auditor("checklist", "show", "none", cwd=tmp_path), 2)


def test_doctor_says_what_works_and_how_to_get_the_rest(tmp_path: Path) -> None:
    done = auditor("doctor", cwd=tmp_path, DOCKER_HOST="unix:///nowhere.sock")
    assert done.returncode == 0
    assert "docker         no daemon answers" in done.stdout
    assert "->" in done.stdout


def test_the_program_starts_without_its_heavy_parts(tmp_path: Path) -> None:
    code = "import sys; sys.argv=['auditor','--help']\nfrom auditor.cli import main\n"
    code += "try: main()\nexcept SystemExit: pass\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path)
    assert "Usage" in done.stdout
    assert not HEAVY & set(done.stdout.splitlines()[-1].split())


# --- bad input ---------------------------------------------------------------------------------------------------


def test_missing_files_and_wrong_usage_are_exit_code_2(tmp_path: Path) -> None:
    assert "There is no file none.pdf" in one_sentence(auditor("audit", "none.pdf", cwd=tmp_path), 2)
    assert "Name a paper" in one_sentence(auditor("audit", cwd=tmp_path), 2)
    assert auditor("audit", "--nonsense", cwd=tmp_path).returncode == 2
    one_sentence(auditor("report", "audit.json", cwd=tmp_path), 2)


def test_options_of_a_rerun_without_a_rerun_are_refused(tmp_path: Path) -> None:
    assert "add --rerun" in one_sentence(auditor("audit", "x.pdf", "--engine", "process", cwd=tmp_path), 2)
    assert "not a time" in one_sentence(auditor("audit", "x.pdf", "--time-limit", "soon", cwd=tmp_path), 2)


def test_a_folder_that_cannot_be_written_is_bad_input(tmp_path: Path, git_repository: Path) -> None:
    done = auditor("audit", "--repo", git_repository, "-o", "/proc/x", cwd=tmp_path)
    assert "No report can be written" in one_sentence(done, 2)


def test_a_page_that_cannot_be_read_turns_what_was_not_found_into_unknown(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "whole.pdf").title("A Paper on Things").heading("Abstract").paragraph(FILLER)
    sheet.heading("1 Experiments").paragraph("The model is trained on images. " + FILLER).next_page()
    sheet.heading("2 Results").paragraph(FILLER).next_page().heading("3 More").paragraph(FILLER)
    sheet.canvas.save()
    with pikepdf.open(tmp_path / "whole.pdf") as pdf:
        pdf.Root.Pages.Kids[1] = 5  # no page
        pdf.save(tmp_path / "torn.pdf")
    done = auditor("audit", "torn.pdf", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Page 2" in done.stderr
    audit = json.loads(done.stdout)
    by_check = {finding["check"]: finding for finding in audit["findings"]}
    assert by_check["paper.seeds_or_runs_stated"]["status"] == "unknown"
    assert "Page 2" in by_check["paper.seeds_or_runs_stated"]["sentence"]


def test_a_text_file_is_not_a_pdf(tmp_path: Path) -> None:
    (tmp_path / "x.pdf").write_text("hello")
    assert "is not a PDF" in one_sentence(auditor("audit", "x.pdf", cwd=tmp_path), 2)


def test_an_encrypted_and_a_truncated_pdf_say_so(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "plain.pdf"))
    canvas.drawString(72, 720, "Hello")
    canvas.save()
    with pikepdf.open(tmp_path / "plain.pdf") as pdf:
        pdf.save(tmp_path / "locked.pdf", encryption=pikepdf.Encryption(owner="o", user="u"))
    (tmp_path / "cut.pdf").write_bytes((tmp_path / "plain.pdf").read_bytes()[:200])
    assert "locked.pdf is encrypted" in one_sentence(auditor("audit", "locked.pdf", cwd=tmp_path), 2)
    one_sentence(auditor("audit", "cut.pdf", cwd=tmp_path), 2)


def test_a_scan_beside_a_repository_is_audited_in_part(tmp_path: Path, git_repository: Path) -> None:
    from PIL import Image

    Image.new("RGB", (850, 1100), "white").save(tmp_path / "page.png")
    canvas = Canvas(str(tmp_path / "scan.pdf"), pagesize=(612, 792))
    for _ in range(3):
        canvas.drawImage(str(tmp_path / "page.png"), 0, 0, 612, 792)
        canvas.showPage()
    canvas.save()
    done = auditor("audit", "scan.pdf", git_repository, "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    audit = json.loads(done.stdout)
    assert audit["paper_summary"]["scanned"]
    by_check = {finding["check"]: finding for finding in audit["findings"]}
    assert by_check["paper.hyperparameters_stated"]["status"] == "unknown"
    assert "scan" in by_check["paper.hyperparameters_stated"]["sentence"]
    assert by_check["code.present"]["evidence"]


def test_a_damaged_pdf_beside_a_repository_is_audited_in_part(tmp_path: Path, git_repository: Path) -> None:
    (tmp_path / "cut.pdf").write_bytes(b"%PDF-1.7\n1 0 obj\n<<")
    done = auditor("audit", "cut.pdf", git_repository, "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    audit = json.loads(done.stdout)
    assert any(left["what"] == "the paper" for left in audit["left_out"])


def test_an_empty_repository_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert "is empty" in one_sentence(auditor("audit", "--repo", "empty", cwd=tmp_path), 2)


def test_an_address_that_nothing_answers_is_one_sentence(tmp_path: Path) -> None:
    assert "reached" in one_sentence(auditor("audit", "http://127.0.0.1:9/x.pdf", cwd=tmp_path), 2)
    assert "git" in one_sentence(auditor("audit", "--repo", "https://127.0.0.1:9/x", cwd=tmp_path), 2)


def test_a_zip_that_leads_out_of_its_folder_is_one_sentence(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("../x.py", "x=1")
    assert "lead out of its folder" in one_sentence(auditor("audit", "--repo", "x.zip", cwd=tmp_path), 2)
    assert not (tmp_path.parent / "x.py").exists()


def test_a_repository_without_python_is_audited_in_part(tmp_path: Path) -> None:
    folder = tmp_path / "code"
    folder.mkdir()
    (folder / "main.R").write_text("fit <- glm(y ~ x)\nprint(mean((predict(fit, test) - test$y)^2))\n")
    (folder / "README.md").write_text("# Analysis in R\n\nRun `Rscript main.R`.\n")
    done = auditor("audit", "--repo", "code", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    by_check = {finding["check"]: finding for finding in json.loads(done.stdout)["findings"]}
    assert by_check["code.present"]["status"] == "pass"
    assert by_check["randomness.seeds"]["status"] == "unknown"


def test_a_paper_whose_link_is_on_no_known_forge_prints_the_command(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "paper.pdf").title("A Paper on Things").heading("Abstract").paragraph(FILLER)
    sheet.heading("1 Introduction").paragraph(
        f"{FILLER} Our code is available at https://code.example.org/a/b. {FILLER}"
    )
    sheet.canvas.save()
    done = auditor("audit", "paper.pdf", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "git clone https://code.example.org/a/b" in done.stderr


def test_names_that_are_no_text_and_names_with_escapes_are_shown_harmless(tmp_path: Path) -> None:
    folder = tmp_path / "code"
    folder.mkdir()
    (folder / "ok.py").write_text("print(1)\n")
    (folder / "\x1b[31mred.py").write_text("print(1)\n")
    with open(os.fsencode(folder) + b"/\xff\xfe.py", "w") as stream:
        stream.write("print(1)\n")
    done = auditor("audit", "--repo", "code", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stdout + done.stderr


def test_the_git_working_tree_of_an_author_is_audited_as_it_stands(git_repository: Path) -> None:
    (git_repository / "train.py").write_text("print('changed')\n")
    done = auditor("audit", "--repo", ".", "--json", "-o", git_repository.parent / "out", cwd=git_repository)
    audit = json.loads(done.stdout)
    assert audit["repository"]["dirty"] is True
    assert audit["repository"]["commit"] == git(git_repository, "rev-parse", "HEAD")


def test_an_audit_does_not_read_the_reports_of_earlier_ones(git_repository: Path) -> None:
    trees = []
    for _ in range(2):
        done = auditor("audit", "--repo", ".", "--json", cwd=git_repository)
        trees.append(json.loads(done.stdout)["repository"]["tree_hash"])
    assert trees[0] == trees[1]
    assert [path.name for path in (git_repository / "reports").iterdir()] == ["origin"]


def test_a_report_is_rendered_into_the_folder_that_was_named(audited: tuple[Path, str, str], tmp_path: Path) -> None:
    folder, _, _ = audited
    (document,) = folder.rglob("audit.json")
    shutil.copytree(document.parent, tmp_path / "deep" / "one")
    assert auditor("report", "deep/one", cwd=tmp_path).returncode == 0
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["one"]


def test_the_patches_of_an_audit_apply_in_the_repository_and_the_findings_are_gone(tmp_path: Path) -> None:
    code = tmp_path / "code"
    code.mkdir()
    text = (
        "import pandas as pd\nfrom sklearn.model_selection import train_test_split\n"
        "from sklearn.preprocessing import StandardScaler\nfrom sklearn.svm import SVC\n\n"
        "df = pd.read_csv('data.csv')\ny = df.pop('y')\n\n# all columns\nX = StandardScaler().fit_transform(df)\n"
        "X_train, X_test, y_train, y_test = train_test_split(X, y)\nmodel = SVC()\nmodel.fit(X_train, y_train)\n"
        "print(model.score(X_test, y_test))\n"
    )
    (code / "train.py").write_text(text)
    git(code, "init", "-q")
    done = auditor("audit", "--repo", "code", "-q", cwd=tmp_path)
    report = Path(done.stdout.strip().splitlines()[-1].split("  grade")[0]).parent
    printed = auditor("patch", report, cwd=tmp_path)
    assert printed.returncode == 0, printed.stderr
    assert "leakage.preprocessing: " in printed.stderr
    assert "randomness.seeds: " in printed.stderr
    subprocess.run(["git", "apply"], cwd=code, input=printed.stdout.encode(), check=True)
    after = (code / "train.py").read_text()
    assert "np.random.seed(0)" in after
    assert "X_test = standard_scaler.transform(X_test)" in after
    again = json.loads(auditor("audit", "--repo", "code", "-q", "--json", cwd=tmp_path).stdout)
    status = {found["check"]: found["status"] for found in again["findings"]}
    assert (status["leakage.preprocessing"], status["randomness.seeds"]) == ("pass", "pass")
    one = auditor("patch", report, "leakage.split", cwd=tmp_path)
    assert "No finding of leakage.split" in one_sentence(one, 2)
