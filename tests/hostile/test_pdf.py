"""PDFs that are none, are broken, or were made to harm: one sentence each, within the limits, and no crash."""

from __future__ import annotations

import zlib
from pathlib import Path

import pikepdf
import pytest

from auditor.errors import AuditorError, BadInput, Unreadable
from auditor.paper import reader
from auditor.paper.model import Paper
from auditor.paper.reader import read_paper
from tests.unit.paper_pages import FILLER, Sheet


def raw_pdf(path: Path, objects: dict[int, bytes]) -> Path:
    """A PDF of these objects; the first is the catalogue."""
    data, places = b"%PDF-1.5\n", {}
    for number, content in objects.items():
        places[number] = len(data)
        data += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    start, size = len(data), max(objects) + 1
    data += b"xref\n0 %d\n0000000000 65535 f \n" % size
    data += b"".join(b"%010d 00000 n \n" % places.get(number, 0) for number in range(1, size))
    data += b"trailer\n<< /Root 1 0 R /Size %d >>\nstartxref\n%d\n%%%%EOF\n" % (size, start)
    path.write_bytes(data)
    return path


def stream(content: bytes, extra: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n" % (len(content), extra) + content + b"\nendstream"


def outcome(path: Path, seconds: float = 20) -> Paper | AuditorError:
    """What reading comes to: a paper or one typed error."""
    try:
        return read_paper(path, seconds)
    except AuditorError as raised:
        error = raised
    assert "\n" not in str(error)
    assert str(error).endswith(".")
    return error


def test_a_missing_file_a_folder_an_empty_file_and_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.pdf").write_bytes(b"")
    (tmp_path / "text.pdf").write_text("This is not a PDF at all.")
    (tmp_path / "folder.pdf").mkdir()
    for name, word in (("none", "no file"), ("empty", "empty"), ("text", "not a PDF"), ("folder", "cannot be opened")):
        with pytest.raises(BadInput, match=word):
            read_paper(tmp_path / f"{name}.pdf")


def test_a_file_over_the_size_limit_is_refused_unread(tmp_path: Path) -> None:
    path = Sheet(tmp_path / "p.pdf").paragraph(FILLER).save()
    with pytest.raises(BadInput, match="PDFs of up to"):
        read_paper(path, max_bytes=100)


def test_an_encrypted_pdf_is_refused_with_the_way_out(tmp_path: Path) -> None:
    path = Sheet(tmp_path / "p.pdf").paragraph(FILLER).save()
    with pikepdf.open(path) as pdf:
        pdf.save(tmp_path / "locked.pdf", encryption=pikepdf.Encryption(owner="a", user="b"))
    with pytest.raises(BadInput, match="encrypted; hand in a copy"):
        read_paper(tmp_path / "locked.pdf")


def test_a_pdf_that_only_restricts_printing_is_read(tmp_path: Path) -> None:
    path = Sheet(tmp_path / "p.pdf").paragraph(FILLER * 3).save()
    with pikepdf.open(path) as pdf:
        pdf.save(tmp_path / "owned.pdf", encryption=pikepdf.Encryption(owner="a", user=""))
    assert read_paper(tmp_path / "owned.pdf").lines


def test_truncated_and_scrambled_files_end_in_a_sentence_or_in_what_could_be_read(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "p.pdf")
    for _ in range(4):
        sheet.paragraph(FILLER * 8).next_page()
    data = sheet.save().read_bytes()
    for share in (0.05, 0.3, 0.6, 0.95):
        path = tmp_path / f"cut-{share}.pdf"
        path.write_bytes(data[: int(len(data) * share)])
        assert isinstance(outcome(path), Paper | BadInput)
    middle = len(data) // 2
    (tmp_path / "hole.pdf").write_bytes(data[: middle - 300] + b"\xff" * 600 + data[middle + 300 :])
    assert isinstance(outcome(tmp_path / "hole.pdf"), Paper | BadInput)
    (tmp_path / "head.pdf").write_bytes(b"%PDF-1.4\n")
    with pytest.raises(BadInput, match="damaged or cut short"):
        read_paper(tmp_path / "head.pdf")


def test_a_pdf_without_pages_is_refused(tmp_path: Path) -> None:
    path = raw_pdf(
        tmp_path / "p.pdf", {1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: b"<< /Type /Pages /Kids [] /Count 0 >>"}
    )
    with pytest.raises(BadInput, match=r"has no pages|damaged"):
        read_paper(path)


def test_a_hundred_thousand_pages_cost_no_more_than_a_hundred(tmp_path: Path) -> None:
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] >>"
    kids = b" ".join([b"3 0 R"] * 100_000)
    tree = b"<< /Type /Pages /Count 100000 /Kids [" + kids + b"] >>"
    result = outcome(raw_pdf(tmp_path / "p.pdf", {1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: tree, 3: page}))
    assert isinstance(result, AuditorError) or (len(result.pages) <= 100 and result.left_out)


def test_a_deep_tree_of_objects_and_a_tree_that_holds_itself_end_in_a_sentence_or_a_paper(tmp_path: Path) -> None:
    depth = 20_000
    objects = {1: b"<< /Type /Catalog /Pages 2 0 R >>"}
    for number in range(2, depth):
        objects[number] = b"<< /Type /Pages /Count 1 /Kids [%d 0 R] >>" % (number + 1)
    objects[depth] = b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 612 792] >>" % (depth - 1)
    ends = [outcome(raw_pdf(tmp_path / "deep.pdf", objects))]
    nested = b"<< /Type /Catalog /Pages 2 0 R /A " + b"[" * 100_000 + b"]" * 100_000 + b" >>"
    brackets = raw_pdf(tmp_path / "brackets.pdf", {1: nested, 2: b"<< /Type /Pages /Kids [] /Count 0 >>"})
    ends.append(outcome(brackets))
    loop = {1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: b"<< /Type /Pages /Count 9 /Kids [2 0 R 2 0 R] >>"}
    ends.append(outcome(raw_pdf(tmp_path / "loop.pdf", loop)))
    assert all(isinstance(end, (AuditorError, Paper)) for end in ends)


def test_forms_that_unfold_without_end_are_stopped(tmp_path: Path) -> None:
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        b" /Resources << /XObject << /F 5 0 R >> >> >>",
        4: stream(b"/F Do"),
    }
    for number in range(5, 15):
        extra = b"/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << /XObject << /F %d 0 R >> >>" % (
            number + 1
        )
        objects[number] = stream(b"/F Do " * 10, extra)
    objects[15] = stream(b"BT /H 9 Tf (x) Tj ET", b"/Type /XObject /Subtype /Form /BBox [0 0 612 792]")
    result = outcome(raw_pdf(tmp_path / "p.pdf", objects), seconds=4)
    assert isinstance(result, Unreadable | Paper)


def test_a_stream_that_swells_a_thousandfold_stays_within_the_memory_limit(tmp_path: Path) -> None:
    packed = zlib.compress(b"\0" * 300_000_000, 9)
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R >>",
        4: stream(packed, b"/Filter /FlateDecode"),
    }
    assert isinstance(outcome(raw_pdf(tmp_path / "p.pdf", objects)), AuditorError | Paper)


def one_page(contents: bytes, resources: bytes = b"") -> dict[int, bytes]:
    return {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << %s >> >>" % resources,
        4: contents,
    }


def two_gigabytes() -> bytes:
    """Two megabytes that unpack to two gigabytes of blanks."""
    packer = zlib.compressobj(9)
    start = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(b" " * (1 << 24)) + packer.flush(zlib.Z_FULL_FLUSH)
    return start + block * 128 + packer.flush()


def test_streams_and_pictures_of_two_gigabytes_end_in_a_sentence_or_a_paper_without_text(tmp_path: Path) -> None:
    packed = two_gigabytes()
    text = one_page(stream(packed, b"/Filter /FlateDecode"))
    said = one_page(b"<< /Length 2147483648 >>\nstream\nBT ET\nendstream")
    shape = b"/Subtype /Image /Width 46000 /Height 46000 /BitsPerComponent 8 /ColorSpace /DeviceGray"
    picture = one_page(stream(b"q 600 0 0 700 0 0 cm /I Do Q"), b"/XObject << /I 5 0 R >>")
    picture[5] = stream(packed, b"/Type /XObject /Filter /FlateDecode " + shape)
    for name, objects in (("text", text), ("said", said), ("picture", picture)):
        result = outcome(raw_pdf(tmp_path / f"{name}.pdf", objects))
        assert isinstance(result, AuditorError) or result.scanned, name


def test_a_form_that_shows_itself_ends_the_reading_with_a_reason(tmp_path: Path) -> None:
    objects = one_page(stream(b"/F Do"), b"/XObject << /F 5 0 R >>")
    extra = b"/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << /XObject << /F 5 0 R >> >>"
    objects[5] = stream(b"/F Do /F Do", extra)
    result = outcome(raw_pdf(tmp_path / "p.pdf", objects), seconds=4)
    assert isinstance(result, Unreadable)
    assert "stopped" in str(result) or "out of memory" in str(result)


def test_tables_of_references_that_lead_back_to_themselves_are_followed_once(tmp_path: Path) -> None:
    path = raw_pdf(tmp_path / "p.pdf", one_page(stream(b"BT ET")))
    data = path.read_bytes()
    path.write_bytes(data.replace(b"trailer\n<< ", b"trailer\n<< /Prev %d " % data.rfind(b"xref\n0")))
    assert isinstance(outcome(path, seconds=5), Paper | BadInput)


def test_a_figure_of_many_lines_beside_a_table_is_read_within_its_budget(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "p.pdf").paragraph(FILLER * 3).text("Table 1. The scores.")
    sheet.canvas.setLineWidth(0.1)
    for number in range(30_000):
        sheet.canvas.line(100, number % 700, 300, number % 600)
    paper = outcome(sheet.paragraph(FILLER).save())
    assert isinstance(paper, Paper)
    assert paper.lines
    assert paper.left_out == ("Table 1 on page 1 could not be read as rows and columns.",)


def test_a_reader_that_does_not_end_is_killed(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "p.pdf")
    for _ in range(100):
        sheet.paragraph(FILLER * 10).next_page()
    with pytest.raises(Unreadable, match="was stopped"):
        read_paper(sheet.save(), seconds=0.2)


def test_a_page_over_its_time_is_left_out_and_the_others_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Sheet(tmp_path / "p.pdf").paragraph(FILLER * 3).next_page().paragraph(FILLER * 3).save()
    read_page = reader._read_page

    def slow(document: object, number: int, before: object) -> object:
        while number == 1:
            pass
        return read_page(document, number, before)

    monkeypatch.setattr(reader, "_read_page", slow)
    monkeypatch.setattr(reader, "PAGE_SECONDS", 0.3)
    paper = reader._extract(str(path), "p.pdf")
    assert [page.number for page in paper.pages] == [2]
    assert "Page 1 took longer" in paper.left_out[0]


def test_control_and_direction_characters_of_the_text_reach_no_finding(tmp_path: Path) -> None:
    from auditor.paper.model import Sentence

    evidence = Sentence("safe \u202eevil\x1b[31m text", 1, (0, 0, 1, 1), "body", "").evidence()
    assert evidence.excerpt == "safe evil[31m text"


def test_text_beyond_the_limit_is_left_out_and_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = Sheet(tmp_path / "p.pdf")
    for _ in range(4):
        sheet.paragraph(FILLER * 4).next_page()
    monkeypatch.setattr(reader, "MAX_TEXT", 500)
    paper = reader._extract(str(sheet.save()), "p.pdf")
    assert len(paper.pages) == 1
    assert paper.left_out == ("Page 2 and what follows were left out; the PDF holds more text than is read.",)
