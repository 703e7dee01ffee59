"""Whether a classifier of sentences finds the items of papers better than the rules do, as a table.

    python tests/benchmarks/sentences.py --pdfs DIR --labels FILE [--pdfs DIR --labels FILE] … [--judge FILE] …

DIR and FILE as for papers.py; every pair adds papers. One logistic regression an item, over the words and pairs of
words of a sentence or a heading, its section, and whether it speaks of the authors: positive are the sentences that
were quoted, negative are all of papers without the item. A paper's score is that of its best sentence. All scores are
out of fold (ten folds; a PDF that stands in two sets counts as one paper), and a threshold is chosen anew for each
paper on the scores of the others: alone, the one with the best F1; beside the rule, the lowest above which 85% of the
papers have the item. The figures are those of the papers of `--judge` (label files; all, where none is given): where
the rules were developed on them, the comparison flatters the rules.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from auditor.paper.model import Paper
from auditor.paper.reader import read_paper
from auditor.paper.sayings import candidates
from auditor.paper.statements import ITEMS

FOLDS = 10
FEWEST = 20
"""Papers with an item below which nothing is fitted."""
SURE = 0.85
"""Share of papers with the item that a threshold beside the rule must reach."""
WAYS = ("rule", "classifier", "either", "both")
_OWN = re.compile(r"\b(?:we|our|us)\b", re.I)


@dataclass(frozen=True)
class Labelled:
    """One paper with its labels; `texts` are its sentences and headings as the classifier sees them."""

    digest: str
    judged: bool
    labels: dict[str, Any]
    paper: Paper
    texts: tuple[str, ...]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pdfs", type=Path, action="append", required=True)
    parser.add_argument("--labels", type=Path, action="append", required=True)
    parser.add_argument("--judge", type=Path, action="append", default=[])
    args = parser.parse_args()
    papers = list(_read(list(zip(args.pdfs, args.labels, strict=True)), set(args.judge)))
    start = np.cumsum([0, *(len(one.texts) for one in papers)])
    words = TfidfVectorizer(ngram_range=(1, 2), min_df=3, sublinear_tf=True, token_pattern=r"\S+", binary=True)
    matrix = words.fit_transform([text for one in papers for text in one.texts]).tocsr()
    judged = np.array([one.judged for one in papers])
    print(f"{len(papers)} papers, {judged.sum()} judged; right, false, missed and F1")
    print(f"{'':34}{'yes':>5}" + "".join(f"{way:>20}" for way in WAYS))
    total = dict.fromkeys(WAYS, np.zeros(3, int))
    for item in ITEMS:
        truth = np.array([bool(one.labels.get(item, {}).get("value")) for one in papers])
        if min(truth.sum(), (~truth).sum()) < FEWEST // 2 or truth.sum() < FEWEST:
            continue
        scores = _scores(item, truth, papers, matrix, start)
        counts = {way: _counts(truth[judged], said[judged]) for way, said in _ways(item, truth, papers, scores).items()}
        total = {way: total[way] + counts[way] for way in WAYS}
        print(f"{item:34}{truth[judged].sum():5}" + "".join(map(_cell, counts.values())))
    print(f"{'pooled':39}" + "".join(map(_cell, total.values())))


def _read(pairs: Sequence[tuple[Path, Path]], judge: set[Path]) -> Iterator[Labelled]:
    """Each labelled paper once, in the first set that holds it."""
    seen = set()
    for folder, labels in pairs:
        for row in map(json.loads, labels.read_text(encoding="utf-8").splitlines()):
            pdf = folder / f"{row['slug']}.pdf"
            digest = hashlib.sha256(pdf.read_bytes()).hexdigest()
            if digest not in seen:
                seen.add(digest)
                paper = read_paper(pdf)
                yield Labelled(digest, not judge or labels in judge, row["labels"], paper, tuple(_texts(paper)))


def _texts(paper: Paper) -> Iterator[str]:
    """The sentences that can be evidence and the headings, as marked words."""
    for sentence in candidates(paper.sentences, "own"):
        marks = [f"in:{word}" for word in _words(sentence.section)[:8]] + [f"kind:{sentence.kind}"]
        yield " ".join([*_words(sentence.text), *marks, *(["own:"] if _OWN.search(sentence.text) else [])])
    for section in paper.sections:
        if section.kind not in ("references", "checklist", "acknowledgements"):
            yield " ".join([*_words(section.title), "heading:"])


def _words(text: str) -> list[str]:
    return re.findall(r"[a-zα-ω]+|\d+(?:[.,]\d+)*|[±%=<>×]", re.sub(r"\d+(?:[.,]\d+)*", " 9 ", text[:800].lower()))


def _quoted(quote: str, texts: Sequence[str]) -> list[int]:
    """The two texts at most that hold three in four words of a quote, or whose words it holds."""
    wanted, found = set(_words(quote)), []
    for place, text in enumerate(texts):
        words = {word for word in text.split() if ":" not in word}
        shared = len(wanted & words)
        if wanted and words and shared >= min(3, len(wanted)):
            found.append((shared / min(len(wanted), max(len(words), 4)), place))
    return [place for share, place in sorted(found, reverse=True)[:2] if share >= 0.75]


def _scores(item: str, truth: np.ndarray, papers: Sequence[Labelled], matrix: Any, start: np.ndarray) -> np.ndarray:
    """The score of each paper's best sentence, by a model fitted without the papers of its fold."""
    fold = np.random.default_rng(0).permutation(len(papers)) % FOLDS
    scores = np.full(len(papers), -np.inf)
    positive = {
        number: [start[number] + place for quote in (one.labels[item].get("quote"), one.paper.statements[item].quote)
                 for place in _quoted(quote or "", one.texts)]
        for number, one in enumerate(papers) if truth[number]
    }  # fmt: skip
    for left_out in range(FOLDS):
        inside = np.flatnonzero(fold != left_out)
        said = [row for number in inside.tolist() for row in positive.get(number, ())]
        unsaid = [row for number in inside if not truth[number] for row in range(start[number], start[number + 1])]
        model = LogisticRegression(C=3, class_weight="balanced", solver="liblinear")
        model.fit(matrix[said + unsaid], np.repeat([1, 0], [len(said), len(unsaid)]))
        for number in np.flatnonzero(fold == left_out):
            rows = matrix[start[number] : start[number + 1]]
            scores[number] = model.decision_function(rows).max() if rows.shape[0] else -np.inf
    return scores


def _ways(item: str, truth: np.ndarray, papers: Sequence[Labelled], scores: np.ndarray) -> dict[str, np.ndarray]:
    rule = np.array([one.paper.statements[item].answer == "stated" for one in papers])
    alone, beside = np.zeros(len(papers), bool), np.zeros(len(papers), bool)
    for number in range(len(papers)):
        others = np.arange(len(papers)) != number
        order = np.argsort(-scores[others])
        right = np.cumsum(truth[others][order])
        given = np.arange(1, len(order) + 1)
        ranked = scores[others][order]
        alone[number] = scores[number] >= ranked[np.argmax(2 * right / (given + truth[others].sum()))]
        sure = np.flatnonzero(right / given >= SURE)
        beside[number] = len(sure) > 0 and scores[number] >= ranked[sure[-1]]
    return {"rule": rule, "classifier": alone, "either": rule | beside, "both": rule & alone}


def _counts(truth: np.ndarray, said: np.ndarray) -> np.ndarray:
    return np.array([(truth & said).sum(), (~truth & said).sum(), (truth & ~said).sum()])


def _cell(counts: np.ndarray) -> str:
    right, false, missed = counts
    return f"{right:>6}/{false}/{missed}".rjust(13) + f"{2 * right / max(2 * right + false + missed, 1):7.2f}"


if __name__ == "__main__":
    main()
