"""Draw on pictures of a paper's pages what was read there, to be looked at by a person.

    python tests/benchmarks/pages.py PDF... --out DIR [--page N]... [--scale 1.5]

For each page DIR gets STEM-N.png: lines of text in grey with their place in the reading order, headings in blue with
the kind of their section, sentences' first lines with a green mark, tables in orange with their columns and rows named
below, claims in red (the paper's own) or purple (others') with metric and value. What has no frame was not read, or was
dropped as a page number, a running head or a line number.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path

import pypdfium2
from PIL import Image, ImageDraw

from auditor.claims.from_paper import paper_claims
from auditor.claims.model import Claim
from auditor.findings import PaperEvidence
from auditor.paper.model import Box, Paper
from auditor.paper.reader import read_paper

GREY, BLUE, GREEN, ORANGE, RED, PURPLE = "#999999", "#0044dd", "#008833", "#ff8800", "#dd0000", "#8800bb"


class Picture:
    """A page as a picture, on which boxes in the page's points are drawn."""

    def __init__(self, image: Image.Image, scale: float) -> None:
        self.image, self.scale = image.convert("RGB"), scale
        self.pen = ImageDraw.Draw(self.image)

    def box(self, box: Box, colour: str, text: str = "", width: int = 1) -> None:
        """Draw a frame with a few words at its upper right corner."""
        x0, top, x1, bottom = (side * self.scale for side in box)
        self.pen.rectangle((x0, top, max(x0, x1), max(top, bottom)), outline=colour, width=width)
        if text:
            self.pen.text((x1 + 2, top - 3), text, fill=colour)

    def mark(self, box: Box, colour: str) -> None:
        """Draw a bar where a box begins."""
        x, top, bottom = box[0] * self.scale, box[1] * self.scale, box[3] * self.scale
        self.pen.rectangle((x - 4, top, x - 2, bottom), fill=colour)


def draw(paper: Paper, claims: Iterable[Claim], picture: Picture, number: int) -> None:
    """Draw what was read of one page."""
    page = next(page for page in paper.pages if page.number == number)
    for place, line in enumerate(page.lines):
        picture.box(line.box, GREY, str(place))
    for section in paper.sections:
        heading = paper.lines[section.first - 1] if section.first else None
        if section.page == number and section.title and heading is not None and heading.page == number:
            picture.box(heading.box, BLUE, f"{section.kind}: {section.title[:40]}", 2)
    for sentence in paper.sentences:
        if sentence.page == number:
            picture.mark(sentence.box, GREEN)
    for table in paper.tables:
        if table.page == number:
            columns = max(map(len, table.rows), default=0)
            picture.box(table.box, ORANGE, f"{table.label}: {len(table.rows)} rows of {columns}", 2)
    for claim in claims:
        said = claim.evidence
        if isinstance(said, PaperEvidence) and said.page == number and said.box:
            name = f"{claim.metric} {claim.printed or claim.value}"
            picture.box(said.box, RED if claim.own else PURPLE, name if claim.headline else "", 1)


def main() -> None:
    """Draw the pages that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pdfs", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--page", type=int, action="append", help="a page's number; all pages if not given")
    parser.add_argument("--scale", type=float, default=1.5, help="pixels a point")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for pdf in options.pdfs:
        paper = read_paper(pdf)
        claims = paper_claims(paper)
        document = pypdfium2.PdfDocument(pdf)
        for page in paper.pages:
            if options.page and page.number not in options.page:
                continue
            image = document[page.number - 1].render(scale=options.scale).to_pil()
            if page.width > page.height and image.height > image.width:
                image = image.rotate(-90, expand=True)  # text set sideways is read upright
            picture = Picture(image, options.scale)
            draw(paper, claims, picture, page.number)
            target = options.out / f"{pdf.stem}-{page.number}.png"
            picture.image.save(target)
            print(target)
        document.close()


if __name__ == "__main__":
    main()
