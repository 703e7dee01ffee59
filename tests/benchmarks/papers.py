"""Agreement of the paper's reader with people who read the papers in full, as tables.

    python tests/benchmarks/papers.py --pdfs DIR --labels FILE [--tables FILE] [--answers OUT.jsonl] [--json]
        [--each] [--misses]

DIR holds SLUG.pdf. FILE of `--labels` is JSON Lines, one paper a line: slug, labels (item: value 0 or 1, with page
and quote where it is 1), code_link, datasets_named, number_of_runs, claims (metric, value, dataset, method, page);
that of `--tables` one table a line: slug, page, table (its label), header (paths joined by `/`), rows of text.
OUT.jsonl has the form of the labels, with the seconds and pages of each paper; papers without labels are only read.

Items: a denial counts as no. The baselines are a keyword search for each item over the whole text, and the majority.
A code link is right where it is the labelled address, letter case and ending aside, or where neither has one. A data
set is found where one name holds the other's words (case, hyphens and general words aside), each name answering one.
A claim is found where a claim has its value (as printed, within half of the last digit); with its names where metric
(by the vocabulary or a word) and data set (by half of its words) agree too. Cells are compared as text within the gold
table's rows, each table in a row of its own (a star marks misses); a cell has its header where the last level of the
path agrees by words. A page is right where
evidence for a positive item stands on the labelled page, a quote where its words stand on the page it is given for.
CPU is that of everything, the reading child and the claims included, in milliseconds a page: the median over the papers
with tables and over those without, once as it is and once without the start of the child, which is paid once a paper
(its imports; patterns are compiled when first needed, and count as reading).
What a paper says more than once may be quoted from another page than the labelled one: `--misses` lists such quotes, to
be read.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import resource
import statistics
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from auditor.claims.from_paper import paper_claims
from auditor.claims.model import Claim
from auditor.confine import confined
from auditor.errors import BadInput, Unreadable
from auditor.paper.model import Paper
from auditor.paper.reader import read_paper
from auditor.paper.statements import ITEMS
from claim_names import claim_found
from data_set_names import data_set_figures, matched_data_sets, same_data_set
from figures import binary
from paper_tables import shown as table_lines
from paper_tables import table_rows, total

KEYWORDS = {
    "code_statement": r"\bcode\b|github",
    "data_split_described": r"\b(train(ing)?|validation|test) (set|split)",
    "hyperparameters_stated": r"hyper-?parameters?|learning rate|batch size",
    "hyperparameter_search_described": r"grid search|hyper-?parameter (search|tuning)|tuned",
    "seeds_or_runs_stated": r"\bseeds?\b|\bruns\b",
    "error_bars_or_std_reported": r"error bars?|standard deviation|±",
    "significance_test": r"significan|p ?<",
    "compute_hardware_stated": r"\bGPUs?\b|\bCPUs?\b",
    "training_time_stated": r"training time|\bhours\b",
    "software_versions_stated": r"\bversion\b|pytorch|tensorflow",
    "pseudocode_or_algorithm": r"algorithm \d|pseudo-?code",
    "limitations_section": r"limitations?",
    "broader_impact_section": r"broader impact|ethic|societal",
    "proofs": r"\bproofs?\b|theorem",
    "ablation": r"ablation",
    "pretrained_weights_mentioned": r"pre-?trained",
    "licence_mentioned": r"licen[cs]e",
}
"""What a keyword search would look for."""


@dataclass(frozen=True)
class Read:
    """One paper as read, with the wall and CPU seconds that it took; `problem` where it could not be read."""

    slug: str
    paper: Paper | None
    claims: tuple[Claim, ...]
    wall: float
    cpu: float
    problem: str = ""


def read(pdf: Path) -> Read:
    """Read one PDF with everything that is derived from it."""
    start, used = time.perf_counter(), _cpu()
    try:
        paper = read_paper(pdf)
        claims = paper_claims(paper)
        paper.statements, paper.code_link, paper.data_sets  # noqa: B018 - derived when first asked for, and timed here
    except (BadInput, Unreadable) as error:
        return Read(pdf.stem, None, (), time.perf_counter() - start, _cpu() - used, str(error))
    return Read(pdf.stem, paper, claims, time.perf_counter() - start, _cpu() - used)


def _cpu() -> float:
    return sum(
        u.ru_utime + u.ru_stime for u in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def start_up() -> float:
    """Return the CPU seconds that a child takes to start and import all that reading a paper needs: the median of 5."""
    modules = "glyphs, hidden, layout, links, reader, rules, tables, statements, data_sets"
    spent = []
    for _ in range(5):
        used = _cpu()
        confined(exec, f"from auditor.paper import {modules}", seconds=60, what="nothing")
        spent.append(_cpu() - used)
    return statistics.median(spent)


def cpu_a_page(found: Iterable[Read], start: float) -> dict[str, float]:
    """Return the median CPU milliseconds a page of papers with and without tables; `start` is spent on each paper."""
    read = [(one.cpu, len(one.paper.pages), bool(one.paper.tables)) for one in found if one.paper and one.paper.pages]
    medians: dict[str, float] = {"start_up_a_paper": 1000 * start}
    for kind, tables in (("with_tables", True), ("without_tables", False)):
        for name, aside in (("", 0.0), ("_start_up_apart", start)):
            spent = [1000 * (cpu - aside) / pages for cpu, pages, has in read if has is tables]
            medians[kind + name] = statistics.median(spent) if spent else math.nan
    return {name: round(value, 1) for name, value in medians.items()}


def answer(found: Read) -> dict[str, Any]:
    """Return what was read of one paper in the form of the labels."""
    paper = found.paper
    if paper is None:
        return {"slug": found.slug, "problem": found.problem, "seconds": found.wall}
    labels = {
        item: {"value": 1, "page": said.page, "quote": said.quote} if said.answer == "stated" else {"value": 0}
        for item, said in paper.statements.items()
    }
    claims = [
        {"metric": c.metric, "value": c.value, "std": c.std, "dataset": c.dataset, "method": c.method, "where": c.where,
         "page": getattr(c.evidence, "page", None), "own": c.own, "said": c.metric_text,
         "headline": c.headline, "printed": c.printed}
        for c in found.claims
    ]  # fmt: skip
    printed = paper.code_link.link if paper.code_link else paper.code_placeholder
    link = printed.url if printed else ""
    return {
        "slug": found.slug, "labels": labels, "code_link": link, "datasets_named": _data_sets(paper), "claims": claims,
        "tables": [{"table": t.label, "page": t.page, "header": t.header, "rows": t.rows} for t in paper.tables],
        "pages": len(paper.pages), "seconds": round(found.wall, 3), "cpu": round(found.cpu, 3),
    }  # fmt: skip


def _data_sets(paper: Paper) -> list[dict[str, Any]]:
    return [
        {"name": d.name, "public": int(d.access != "restricted"), "access": d.access, "licence": d.licence,
         "source": d.source, "page": d.page, "quote": d.quote}
        for d in paper.data_sets
    ]  # fmt: skip


def same_link(one: str, other: str) -> bool:
    """Return whether two addresses are one place."""
    plain = [re.sub(r"^https?://(www\.)?", "", link.strip().lower()).rstrip("/.").removesuffix(".git")
             for link in (one, other)]  # fmt: skip
    return plain[0] == plain[1]


def item_table(gold: dict[str, Any], given: dict[str, Any], texts: dict[str, str]) -> dict[str, dict[str, float]]:
    """Return the measures of each item and of all pooled, with those of the keyword search."""
    found: dict[str, dict[str, float]] = {}
    everything: tuple[list[int], list[int], list[int]] = ([], [], [])
    for item in ITEMS:
        slugs = [slug for slug in gold if slug in given and item in gold[slug]["labels"]]
        truth = [int(gold[slug]["labels"][item]["value"]) for slug in slugs]
        said = [int(given[slug]["labels"][item]["value"]) for slug in slugs]
        keyword = [int(bool(re.search(KEYWORDS[item], texts[slug], re.I))) for slug in slugs]
        if not slugs:
            continue
        found[item] = _measures(truth, said, keyword)
        for pooled, values in zip(everything, (truth, said, keyword), strict=True):
            pooled.extend(values)
    if everything[0]:
        found["pooled"] = _measures(*everything)
    return found


def _measures(truth: list[int], said: list[int], keyword: list[int]) -> dict[str, float]:
    mine, theirs = binary(truth, said), binary(truth, keyword)
    base = sum(truth) / len(truth)
    return {
        "n": len(truth), "yes": sum(truth), **{k: mine[k] for k in ("accuracy", "precision", "recall", "f1", "kappa")},
        "majority": max(base, 1 - base), "keyword_f1": theirs["f1"], "keyword_kappa": theirs["kappa"],
    }  # fmt: skip


def share(values: Sequence[bool]) -> float:
    """Return the share of true values; NaN of none."""
    return sum(values) / len(values) if values else math.nan


def places(gold: dict[str, Any], given: dict[str, Any], papers: dict[str, Paper]) -> dict[str, float]:
    """Return the share of true positives whose page is the labelled one, and of quotes that stand on their page."""
    pages, quotes = [], []
    for slug, wanted in gold.items():
        for item, label in wanted["labels"].items():
            said = given[slug]["labels"].get(item, {"value": 0}) if slug in given else {"value": 0}
            if label["value"] == 1 and said["value"] == 1:
                pages.append(label.get("page") == said["page"])
                quotes.append(_on_page(papers[slug], said["page"], said["quote"]))
    return {"n": len(pages), "page_as_labelled": share(pages), "quote_on_page": share(quotes)}


def _on_page(paper: Paper, number: int, quote: str) -> bool:
    """Return whether the words of a quote stand on that very page.

    Nine in ten of its runs of three words must, as a formula or a float may stand between two lines of a sentence.
    """
    text = _plain_words(" ".join(line.text for page in paper.pages if page.number == number for line in page.lines))
    said = _plain_words(quote)
    length = min(3, len(said))
    runs = _runs(said, length)
    return len(runs & _runs(text, length)) >= 0.9 * len(runs)


def _plain_words(text: str) -> list[str]:
    # Hyphens are taken out on both sides, as some stand at line ends.
    return re.findall(r"\w+", re.sub(r"[-\u00ad\u2010]\s?", "", text.lower()))


def _runs(found: list[str], length: int) -> set[tuple[str, ...]]:
    return {tuple(found[place : place + length]) for place in range(len(found) - length + 1)}


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pdfs", type=Path, required=True)
    parser.add_argument("--labels", type=Path, required=True)
    parser.add_argument("--tables", type=Path)
    parser.add_argument("--answers", type=Path)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--each", action="store_true", help="show what each paper yields")
    parser.add_argument("--misses", action="store_true", help="name each item, claim and table that was missed")
    args = parser.parse_args()
    gold = {row["slug"]: row for row in _lines(args.labels)}
    found = [read(pdf) for pdf in sorted(args.pdfs.glob("*.pdf"))]
    if not found:
        parser.error(f"{args.pdfs} holds no PDF")
    given = {one.slug: answer(one) for one in found}
    if args.answers:
        args.answers.write_text("".join(json.dumps(each) + "\n" for each in given.values()), encoding="utf-8")
    report = figures(gold, {one.slug: one for one in found}, given, _lines(args.tables) if args.tables else [])
    print(json.dumps(report, indent=1) if args.json else _shown(report))
    if args.each:
        print("\n".join(_each(found)))
    if args.misses:
        print("\n".join(_misses(gold, given)))


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def figures(
    gold: dict[str, Any], found: dict[str, Read], given: dict[str, Any], tables: list[dict[str, Any]]
) -> dict[str, Any]:
    """Return all figures."""
    papers = {slug: one.paper for slug, one in found.items() if one.paper is not None}
    read_gold = {slug: row for slug, row in gold.items() if slug in papers}
    texts = {slug: "\n".join(line.text for line in papers[slug].lines) for slug in read_gold}
    links = [same_link(row["code_link"] or "", given[slug]["code_link"]) for slug, row in read_gold.items()]
    claims = [(claim, given[slug]["claims"]) for slug, row in read_gold.items() for claim in row["claims"]]
    tabled = table_rows(tables, given)
    return {
        "papers": {"read": len(papers), "labelled": len(read_gold),
                   "problems": {slug: one.problem for slug, one in found.items() if one.problem}},
        "items": item_table(read_gold, given, texts),
        "places": places(read_gold, given, papers),
        "code_link_exact": share(links),
        "data_sets": data_set_figures(
            [(row["datasets_named"], given[slug]["datasets_named"]) for slug, row in read_gold.items()]
        ),
        "claims": {"n": len(claims), "recall_value": share([claim_found(c, got, False) for c, got in claims]),
                   "recall_named": share([claim_found(c, got, True) for c, got in claims])},
        "tables": total(tabled),
        "each_table": tabled,
        "cpu_ms_a_page": cpu_a_page(found.values(), start_up()),
        "peak_MiB": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10,
    }  # fmt: skip


def _shown(report: dict[str, Any]) -> str:
    lines = []
    columns = ("n", "yes", "accuracy", "precision", "recall", "f1", "kappa", "majority", "keyword_f1", "keyword_kappa")
    lines.append(f"{'':34}" + "".join(f"{column:>14}" for column in columns))
    for item, row in report["items"].items():
        lines.append(f"{item:34}" + "".join(f"{row[c]:>14}" if isinstance(row[c], int) else f"{row[c]:>14.3f}"
                                            for c in columns))  # fmt: skip
    lines += table_lines(report["each_table"])
    for key, value in report.items():
        if key not in ("items", "each_table"):
            lines.append(f"{key}: {json.dumps(value)}")
    return "\n".join(lines)


def _each(found: Iterable[Read]) -> Iterable[str]:
    """One line a paper: what was read of it, or why nothing was."""
    names = ("pages", "lines", "sections", "tables", "claims", "stated", "CPU ms")
    yield f"{'':28}" + "".join(f"{name:>9}" for name in names) + "  code link and notes"
    for one in found:
        paper = one.paper
        if paper is None:
            yield f"{one.slug:28.27}{one.problem}"
            continue
        stated = sum(said.answer == "stated" for said in paper.statements.values())
        notes = ["a scan"] * paper.scanned + [paper.language] * (paper.language != "en") + list(paper.left_out)
        counts = [*map(len, (paper.pages, paper.lines, paper.sections, paper.tables, one.claims)), stated]
        link = [paper.code_link.link.url] if paper.code_link else []
        said = "; ".join([*link, *notes])[:150]
        yield f"{one.slug:28.27}" + "".join(f"{n:9}" for n in (*counts, round(1000 * one.cpu))) + f"  {said}"


def _misses(gold: dict[str, Any], given: dict[str, Any]) -> Iterable[str]:
    for slug, row in gold.items():
        if "labels" not in given.get(slug, {}):
            continue
        for item, label in row["labels"].items():
            said = given[slug]["labels"].get(item)
            if said and said["value"] != label["value"]:
                yield f"{slug} {item}: {label['value']} labelled; {json.dumps(said if said['value'] else label)[:240]}"
            elif said and said["value"] and said["page"] != label.get("page"):
                yield f"{slug} {item}: page {label.get('page')} labelled, {said['page']} given: {said['quote'][:200]!r}"
        for claim in row["claims"]:
            if not claim_found(claim, given[slug]["claims"], True):
                value = "value found" if claim_found(claim, given[slug]["claims"], False) else "missed"
                yield f"{slug} claim {value}: {json.dumps(claim)[:240]}"
        gold_names, names = ([each["name"] for each in side["datasets_named"]] for side in (row, given[slug]))
        missed = [name for name in gold_names if name not in matched_data_sets(gold_names, names)]
        other = [name for name in names if not any(same_data_set(each, name) for each in gold_names)]
        if missed or other:
            yield f"{slug} data sets missed: {missed}, others given: {other}"
        if not same_link(row["code_link"] or "", given[slug]["code_link"]):
            yield f"{slug} link: {row['code_link']!r} labelled, {given[slug]['code_link']!r} given"


if __name__ == "__main__":
    main()
