"""audit.json: its schema, reading it back, and writing a report."""

from __future__ import annotations

import json
import math
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import jsonschema
import pytest

from auditor.errors import BadInput, MachineFault
from auditor.report import schema
from auditor.report.schema import audit_schema, load_audit, write_report
from tests.fixtures.report_sample import sample_audit, unrun_audit

PUBLISHED = Path(__file__).parents[2] / "docs" / "schema" / "audit-1.0.json"


def test_the_published_schema_is_the_one_of_the_code() -> None:
    same = json.loads(PUBLISHED.read_text(encoding="utf-8")) == audit_schema()
    assert same, "docs/schema is out of date: docs/report.md says how to write it, and when its version has to change"


def test_the_schema_is_valid_and_carries_its_identity() -> None:
    jsonschema.Draft202012Validator.check_schema(audit_schema())
    assert audit_schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert audit_schema()["$id"] == "urn:auditor:schema:audit:1.0"
    assert audit_schema()["version"] == "1.0"


@pytest.mark.parametrize("audit", [sample_audit(), unrun_audit()])
def test_what_is_written_is_valid_under_the_schema_and_reads_back_the_same(audit: object, tmp_path: Path) -> None:
    path = write_report(audit, tmp_path, ["json"])["json"]  # type: ignore[arg-type]
    jsonschema.Draft202012Validator(audit_schema()).validate(json.loads(path.read_text(encoding="utf-8")))
    assert load_audit(path) == audit


def test_a_number_that_is_not_finite_survives(tmp_path: Path) -> None:
    audit = sample_audit()
    assert audit.rerun
    odd = audit.rerun.observations[0].model_copy(update={"value": math.inf})
    audit = audit.model_copy(update={"rerun": audit.rerun.model_copy(update={"observations": (odd,)})})
    path = write_report(audit, tmp_path, ["json"])["json"]
    jsonschema.Draft202012Validator(audit_schema()).validate(json.loads(path.read_text(encoding="utf-8")))
    again = load_audit(path)
    assert again.rerun
    assert math.isinf(again.rerun.observations[0].value)


def test_a_report_is_three_files_that_anyone_may_read_and_nothing_else(tmp_path: Path) -> None:
    paths = write_report(sample_audit(), tmp_path / "new" / "folder")
    assert {name: path.name for name, path in paths.items()} == {
        "json": "audit.json", "html": "report.html", "md": "report.md"}  # fmt: skip
    assert sorted(path.name for path in (tmp_path / "new" / "folder").iterdir()) == [
        "audit.json",
        "report.html",
        "report.md",
    ]
    assert all(path.stat().st_mode & 0o044 == 0o044 for path in paths.values())


def test_no_report_is_written_without_the_data_it_was_made_from(tmp_path: Path) -> None:
    assert set(write_report(sample_audit(), tmp_path, ["md"])) == {"json", "md"}
    assert load_audit(tmp_path) == sample_audit()


def test_a_report_can_be_rendered_again_from_its_folder(tmp_path: Path) -> None:
    first = write_report(sample_audit(), tmp_path / "a")
    again = write_report(load_audit(tmp_path / "a"), tmp_path / "b", ["html", "md"])
    assert first["html"].read_text() == again["html"].read_text()
    assert first["md"].read_text() == again["md"].read_text()


def test_two_audits_that_write_to_one_folder_at_once_leave_whole_files(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda audit: write_report(audit, tmp_path), [sample_audit(), unrun_audit()] * 4))
    assert load_audit(tmp_path / "audit.json") in (sample_audit(), unrun_audit())
    assert len(list(tmp_path.iterdir())) == 3


def test_a_write_that_fails_leaves_the_former_file_and_no_litter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_report(sample_audit(), tmp_path, ["json"])
    before = (tmp_path / "audit.json").read_bytes()

    def full(source: str, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(schema.os, "replace", full)
    with pytest.raises(MachineFault, match="No space left"):
        write_report(unrun_audit(), tmp_path, ["json"])
    assert [path.name for path in tmp_path.iterdir()] == ["audit.json"]
    assert (tmp_path / "audit.json").read_bytes() == before


def test_a_format_that_is_not_known_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no report format 'pdf'; the formats are json, html, md"):
        write_report(sample_audit(), tmp_path, ["json", "pdf"])
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_the_machines_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(MachineFault, match="cannot be written"):
        write_report(sample_audit(), tmp_path / "file" / "reports", ["json"])


def test_a_missing_audit_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read: No such file"):
        load_audit(tmp_path / "audit.json")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"%PDF-1.7", "is not JSON"),
        (b"", "is not JSON"),
        (b"\xff\xfe\x00", "is not JSON"),
        (b"[1, 2]", "is not an audit"),
        (b"{}", "is not an audit"),
        (b'{"schema_version": "9.0"}', "schema version '9.0', and this auditor reads 1.0"),
        (b'{"schema_version": "1.0", "title": "x"}', "is damaged: at auditor_version, Field required"),
        (b"[" * 200_000, "is not JSON"),
    ],
)
def test_what_is_no_audit_is_refused_in_one_sentence(content: bytes, message: str, tmp_path: Path) -> None:
    (tmp_path / "audit.json").write_bytes(content)
    with pytest.raises(BadInput, match=message):
        load_audit(tmp_path / "audit.json")


def test_an_unknown_field_is_damage_and_is_named(tmp_path: Path) -> None:
    content = json.loads(sample_audit().model_dump_json()) | {"bonus": 100}
    (tmp_path / "audit.json").write_text(json.dumps(content))
    with pytest.raises(BadInput, match="at bonus, Extra inputs"):
        load_audit(tmp_path / "audit.json")


def test_an_audit_over_the_size_limit_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_report(sample_audit(), tmp_path, ["json"])
    monkeypatch.setattr(schema, "MAX_AUDIT_BYTES", 100)
    with pytest.raises(BadInput, match="larger"):
        load_audit(tmp_path / "audit.json")


def test_the_committed_example_is_an_audit_of_this_schema_that_reproduces() -> None:
    audit = load_audit(Path(__file__).parents[2] / "reports" / "example" / "audit.json")
    assert audit.scorecard.letter == "A"
    assert audit.rerun is not None
    assert audit.rerun.as_it_is.outcome == "reproduced"
