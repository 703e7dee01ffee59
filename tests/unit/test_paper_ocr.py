"""Pages that are pictures of text: said, and read by tesseract where the user asks for it and has it."""

from __future__ import annotations

import io
import os
import shutil
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader

from auditor.checks.paper_text import text_readable
from auditor.errors import BadInput
from auditor.findings import Finding, PaperEvidence, Status
from auditor.paper.characters import Frame
from auditor.paper.ocr import MISSING, Ocr, words_of
from auditor.paper.reader import read_paper
from auditor.report.words import confidence
from auditor.scoring.ocr import by_ocr
from auditor.settings import load_settings
from tests.unit.paper_pages import FILLER, HEIGHT, WIDTH, Sheet

HEAD = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"
SAID = "We ran every experiment with five random seeds on one NVIDIA V100 graphics card"


def tsv(*lines: str, conf: int = 95) -> str:
    """tesseract's answer for lines of words, forty pixels high, one below the other."""
    rows = [HEAD]
    for number, line in enumerate(lines, 1):
        rows.append(f"4\t1\t1\t1\t{number}\t0\t300\t{number * 60}\t1800\t40\t-1\t")
        for place, word in enumerate(line.split()):
            rows.append(
                f"5\t1\t1\t1\t{number}\t{place + 1}\t{300 + 130 * place}\t{number * 60}\t115\t40\t{conf}\t{word}"
            )
    return "\n".join(rows) + "\n"


def picture_page(sheet: Sheet, image: Image.Image | None = None) -> Sheet:
    """A page that is nothing but a picture."""
    data = io.BytesIO()
    (image or Image.new("L", (60, 80), 255)).save(data, "png")
    data.seek(0)
    sheet.canvas.drawImage(ImageReader(data), 0, 0, WIDTH, HEIGHT)
    return sheet.next_page()


def paper_with_one_picture(path: Path) -> Path:
    sheet = Sheet(path).title("Learning to Count").paragraph(FILLER * 4).next_page()
    sheet = picture_page(sheet).paragraph(FILLER * 4).next_page()
    return sheet.paragraph(FILLER * 4).save()


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tesseract that takes a picture and prints what `answer` beside it holds."""
    folder = tmp_path / "bin"
    folder.mkdir()
    script = folder / "tesseract"
    script.write_text(f'#!/bin/sh\ncat > /dev/null\nexec cat "{folder}/answer"\n')
    script.chmod(0o755)
    (folder / "answer").write_text(tsv(SAID, "and all of the code of it is in the repository ."))
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return folder


def test_a_page_that_is_a_picture_is_said_and_makes_the_reading_incomplete(tmp_path: Path) -> None:
    paper = read_paper(paper_with_one_picture(tmp_path / "p.pdf"))
    assert paper.unread.startswith("Page 2 is a picture without text")
    assert not paper.scanned
    assert paper.ocr_pages == ()
    assert text_readable(paper).status is Status.PARTIAL


def test_ocr_puts_the_words_of_the_picture_into_their_page(tmp_path: Path, program: Path) -> None:
    paper = read_paper(paper_with_one_picture(tmp_path / "p.pdf"), ocr=Ocr())
    assert paper.ocr_pages == (2,)
    assert not paper.unread
    line = next(line for line in paper.lines if line.text == SAID)
    assert line.page == 2
    assert line.box[0] == pytest.approx(300 * 72 / 300, abs=0.5)
    assert any(sentence.text.startswith(SAID) for sentence in paper.sentences)
    finding = text_readable(paper)
    assert finding.status is Status.PARTIAL
    assert "OCR" in finding.sentence


def test_a_scan_read_by_ocr_is_read_like_a_paper_and_still_fails_as_a_pdf(tmp_path: Path, program: Path) -> None:
    (program / "answer").write_text(tsv(*[SAID, "and it is what the text of this page says of the work"] * 10))
    sheet = Sheet(tmp_path / "p.pdf")
    path = picture_page(picture_page(sheet)).save()
    assert read_paper(path).scanned
    paper = read_paper(path, ocr=Ocr())
    assert paper.readable
    assert paper.ocr_pages == (1, 2)
    assert text_readable(paper).status is Status.FAIL


def test_without_tesseract_one_sentence_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = paper_with_one_picture(tmp_path / "p.pdf")
    (tmp_path / "empty").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    paper = read_paper(path, ocr=Ocr())
    assert paper.left_out == (MISSING,)
    assert paper.ocr_pages == ()


def test_a_failing_tesseract_costs_the_page_and_its_reason_is_told(tmp_path: Path, program: Path) -> None:
    (program / "tesseract").write_text("#!/bin/sh\necho 'Failed loading language xyz' >&2\nexit 1\n")
    paper = read_paper(paper_with_one_picture(tmp_path / "p.pdf"), ocr=Ocr("xyz"))
    assert paper.unread == (
        "Page 2 is a picture and could not be read by OCR: tesseract failed: Failed loading language xyz."
    )
    assert paper.ocr_pages == ()


def test_a_paper_without_pictures_is_not_handed_to_tesseract(tmp_path: Path, program: Path) -> None:
    (program / "tesseract").write_text("#!/bin/sh\nexit 1\n")
    paper = read_paper(Sheet(tmp_path / "p.pdf").title("Text").paragraph(FILLER * 4).save(), ocr=Ocr())
    assert not paper.left_out


def test_words_of_one_line_share_baseline_and_size_and_specks_are_dropped() -> None:
    frame = Frame(0, 0, WIDTH, HEIGHT, 0)
    words = words_of(tsv("one gap Two") + tsv("speck", conf=12).split("\n", 1)[1], 0.24, frame)
    assert [word.text for word in words] == ["one", "gap", "Two"]
    assert len({(word.baseline, word.style.size) for word in words}) == 1
    assert words_of("", 0.24, frame) == words_of("no\ttable\nat\tall", 0.24, frame) == []


def test_findings_from_pages_read_by_ocr_and_silence_about_such_a_paper_are_less_certain() -> None:
    quoting = Finding(
        check="paper.seeds", status=Status.PASS, sentence="Five.", evidence=(PaperEvidence(page=2, excerpt=SAID),)
    )
    elsewhere = quoting.model_copy(update={"evidence": (PaperEvidence(page=1, excerpt="text"),)})
    silent = Finding(check="paper.text_readable", status=Status.FAIL, sentence="Nothing was found.")
    of_code = Finding(check="licence.file", status=Status.FAIL, sentence="There is no licence.")
    marked = by_ocr((quoting, elsewhere, silent, of_code), (2,))
    assert [finding.confidence for finding in marked] == ["ocr", "rule", "ocr", "rule"]
    assert "OCR" in confidence("ocr")
    assert by_ocr((quoting,), ()) == (quoting,)


def test_ocr_is_off_unless_asked_for_and_a_language_is_a_name() -> None:
    assert not load_settings(environment={"XDG_CONFIG_HOME": "/nowhere"}).ocr
    found = load_settings(environment={"XDG_CONFIG_HOME": "/nowhere", "AUDITOR_OCR": "true"})
    assert found.ocr
    assert found.ocr_language == "eng"
    with pytest.raises(BadInput, match="ocr_language"):
        load_settings(environment={"XDG_CONFIG_HOME": "/nowhere", "AUDITOR_OCR_LANGUAGE": "--user-words=/etc/passwd"})


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")
def test_tesseract_itself_reads_a_picture_of_a_typeset_page(tmp_path: Path) -> None:
    typeset = Sheet(tmp_path / "t.pdf").title("Learning to Count").paragraph(f"{SAID}. " + FILLER * 3).save()
    image = pypdfium2.PdfDocument(typeset)[0].render(scale=2).to_pil()
    paper = read_paper(picture_page(Sheet(tmp_path / "p.pdf"), image).save(), ocr=Ocr())
    assert paper.title == "Learning to Count"
    assert any(sentence.text.startswith("We ran every experiment with five random") for sentence in paper.sentences)


def test_a_scan_smaller_than_its_sheet_is_a_picture(tmp_path: Path, program: Path) -> None:
    sheet = Sheet(tmp_path / "p.pdf").title("Learning to Count").paragraph(FILLER * 4).next_page()
    data = io.BytesIO()
    Image.new("L", (60, 80), 255).save(data, "png")
    data.seek(0)
    sheet.canvas.drawImage(ImageReader(data), 0, 0, 0.7 * WIDTH, 0.8 * HEIGHT)
    assert read_paper(sheet.next_page().paragraph(FILLER * 4).save(), ocr=Ocr()).ocr_pages == (2,)


def test_a_picture_in_which_tesseract_finds_nothing_is_told(tmp_path: Path, program: Path) -> None:
    (program / "answer").write_text(HEAD + "\n")
    paper = read_paper(paper_with_one_picture(tmp_path / "p.pdf"), ocr=Ocr())
    assert paper.left_out == ("Page 2 is a picture in which tesseract found no words.",)
    assert paper.ocr_pages == ()
