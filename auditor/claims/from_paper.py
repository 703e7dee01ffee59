"""What a paper claims: the results in its tables and the ones that its sentences state."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from auditor.claims.captions import rejoined
from auditor.claims.context import Context, around, data_names, one_named, only_one
from auditor.claims.gains import gains
from auditor.claims.model import Claim
from auditor.claims.numbers import Number
from auditor.claims.sentences import MAIN, main_numbers, sentence_results
from auditor.claims.shares import shares
from auditor.claims.subjects import described_in, surroundings
from auditor.claims.tables import table_results
from auditor.claims.vocabulary import mentions, plain, words
from auditor.findings import PaperEvidence
from auditor.paper.model import Paper, Sentence, Table

TABLE_LIMIT = 400

_PROPOSED = re.compile(
    r"\b(?:propose|introduce|present|develop|call(?:ed)?|name[dly]*|term(?:ed)?|dub(?:bed)?|denoted)\s+"
    r"(?:it\s+|this\s+|a\s+|an\s+|the\s+|our\s+|new\s+|novel\s+|simple\s+|network\s+|architecture,?\s+){0,8}"
    r"[\"“'‘(]{0,2}([A-Z][\w+-]{2,30}(?:\s[A-Z][a-z][\w+-]{1,30})?|[a-z]{1,3}[A-Z][\w+-]{1,30})"
)
_DEFINED = re.compile(r"\(([A-Z][A-Za-z0-9+-]{2,20})\)")
_NEW = re.compile(
    r"\b(?:propos|introduc|present|develop|call|nam(?:ed|ely)|term|dub|design|devis|novel|new\b|our\b)", re.I
)
_OURS = re.compile(
    r"\b(?:[Oo]ur|[Tt]he proposed)\s(?:proposed |new |novel )?([A-Z][\w+]{0,20}(?:-[A-Z]\w{0,20})?)(?![\w-])"
)
_OFTEN = 3
"""A name is the authors' own that so often stands behind `our` or `the proposed`."""
_TEXT = 400_000
_PHRASE = 120
"""Characters before a short form within which it is introduced as new."""
_GENERIC = frozenset(
    words(
        "we our the this deep learning neural dynamic bayesian transformers cnn cnns dnn dnns rnn rnns lstm gan gans "
        "vae bert llm llms mlp nlp gpu gpus sgd adam imagenet cifar mnist glue squad cot api resnet vgg densenet unet "
        "inception yolo gpt roberta vit svm python github figure table section appendix algorithm theorem ai ml rl gp"
    )
)
_LOWER = re.compile(r"\b[a-z]{2,20}\b")
_SENTENCE = 3
"""Words in lower case from which a text is a sentence rather than the words in a figure."""
_ORDINARY = re.compile(
    r"[a-z]+|[A-Z][a-z]+(?: [a-z]+)+|All|Default|Full|Base|Mean|Average|Total|Overall|Test|Train|Baseline|Other|None"
)
_FIGURE = re.compile(r"(?:Figure|Fig\.)\s?\d{1,3}\s?[:.]")
_STATING = frozenset(("front", "abstract", "body", "limitations"))
_SUPPOSED = re.compile(
    r"\b(?:suppose|imagine|hypothetical(?:ly)?|would|cannot be claimed|must be|is required|are required)\b", re.I
)
_INTRODUCTION = re.compile(r"introduction|contribution", re.I)
_QUOTED = re.compile(r"\[\d{1,3}(?:, ?\d{1,3}){0,5}\]|\bet al\b|\((?:[^()]{2,60}, ?)(?:19|20)\d\d[a-z]?\)")
"""A sentence that cites may give somebody else's number."""
_BACK = 3
"""Sentences after which a data set named before is no longer what the text is about."""
_OTHERS = re.compile(r"related work|background|previous work|prior work|literature", re.I)


def paper_claims(paper: Paper) -> tuple[Claim, ...]:
    """Return the results that the paper states, tables first, without ids.

    Scans, templates and texts in a language that is not read state none.
    """
    if not paper.readable or (paper.lines and not paper.sentences):
        return ()
    known = data_names(paper)
    own = own_names(paper) - {re.sub(r"\W", "", name).lower() for name in known}
    known = tuple(name for name in known if not _also_own(name, own))
    context = around(paper, own, known)
    said = frozenset(re.findall(r"[\w-]+", " ".join(s.text for s in paper.sentences).lower()))
    whole = (replace(table, caption=rejoined(table.caption[:2_000], said)) for table in paper.tables)
    tables = [claim for table in whole for claim in _from_table(table, context(table))]
    datasets = _names(claim.dataset for claim in tables)
    methods = _names(claim.method for claim in tables)
    text: list[Claim] = []
    for sentence, about in _stating(paper, known):
        text += _from_sentence(sentence, tuple(dict.fromkeys((*datasets, *known))), methods, own, about)
    main = main_numbers(paper.sentences)
    return (*(_headline(claim, main) for claim in tables), *text)


def _also_own(name: str, own: frozenset[str]) -> bool:
    """Whether the short form of a data set's name is the method's own: `Dexterity Network (Dex-Net)`."""
    return any(re.sub(r"\W", "", part).lower() in own for part in name.split(" (")[1:])


def _stating(paper: Paper, known: Sequence[str]) -> Iterator[tuple[Sentence, str | None]]:
    """Yield the sentences that may state a result, each with the data set that the text before it is about.

    That is the one named last in the section, within a few sentences, else the one of its title, else the only one.
    """
    section, about, since = "", None, 0
    only = only_one(paper)
    for sentence in paper.sentences:
        if sentence.section != section:
            section, about, since = sentence.section, None, 0
        since += 1
        if (name := one_named(known, sentence.text[:1_000])) is not None:
            about, since = name, 0
        if sentence.kind not in _STATING or _OTHERS.search(sentence.section) or _SUPPOSED.search(sentence.text[:1_000]):
            continue
        if len(_LOWER.findall(sentence.text[:1_000])) >= _SENTENCE:
            yield sentence, (about if since <= _BACK else None) or one_named(known, sentence.section) or only


def _headline(claim: Claim, main: set[tuple[str, float]]) -> Claim:
    if claim.headline or claim.own is False or (claim.metric, claim.value) not in main:
        return claim
    return claim.model_copy(update={"headline": True})


def result_figures(paper: Paper) -> tuple[Sentence, ...]:
    """Return the captions of figures that name a metric: where no claim was read, the results are shown there alone."""
    return tuple(s for s in paper.sentences if _FIGURE.match(s.text) and mentions(s.text[:300]))


def own_names(paper: Paper) -> frozenset[str]:
    """Return the names (lower case, letters and digits) that title and abstract give the paper's own method."""
    names: set[str] = set()
    title = re.sub(r"^\[[^\]]{1,12}\]\s*", "", paper.title)  # `[Re] h-detach: …`
    head, colon, _ = title.partition(":")
    if colon and len(head.split()) <= 2:
        names.add(head.strip())
    abstract = " ".join(s.text for s in paper.sentences if s.kind == "abstract")[:5_000]
    names |= {match[1] for match in _PROPOSED.finditer(abstract)}
    title_words = re.findall(r"[\w+-]+", title)
    # A name in capitals in the title (`DeepFM`, `h-detach`) that the abstract uses again is the subject.
    names |= {w for w in title_words if sum(c.isupper() for c in w[1:]) >= 1 and not w.isupper() and w in abstract}
    initials = "".join(w[0] for w in title_words if w[0].isupper())
    introduced = (
        m for m in _DEFINED.finditer(abstract) if _NEW.search(abstract[max(0, m.start() - _PHRASE) : m.start()])
    )
    names |= {m[1] for m in introduced if m[1].upper() in initials.upper() and len(m[1]) >= 3}
    names |= {m[1] for m in _DEFINED.finditer(abstract) if not m[1].isupper() and abstract.count(m[1]) >= 2}
    body = " ".join(s.text for s in paper.sentences if s.kind in _STATING)[:_TEXT]
    names |= {name for name, count in Counter(m[1] for m in _OURS.finditer(body)).items() if count >= _OFTEN}
    names = {full for name in names for full in _prefixed(name, f"{title} {abstract}")}
    return frozenset(
        key for name in names if (key := re.sub(r"\W", "", name).lower()) and key not in _GENERIC and len(key) > 2
    )


def _prefixed(name: str, text: str) -> set[str]:
    """Return the names with something before the hyphen (`MC-WNNM`) that a text has, else the name itself.

    What the prefix tells apart is the older method.
    """
    return {m[0] for m in re.finditer(rf"(?<![\w-])[A-Z][\w]{{0,9}}-{re.escape(name)}(?![\w-])", text)} or {name}


def _from_table(table: Table, context: Context) -> Iterator[Claim]:
    results = table_results(table.header, table.rows, table.caption, context)
    for result in results[:TABLE_LIMIT]:
        yield Claim(
            id="",
            metric=result.metric.name,
            metric_text=result.metric_text,
            value=result.number.value,
            printed=result.number.printed,
            unit=result.unit,
            direction=result.direction,
            std=result.number.std,
            n=result.n,
            dataset=result.dataset,
            split=result.split,
            method=result.method,
            where=table.label or "table",
            origin="paper",
            own=result.own,
            headline=result.own is True and result.metric.scale != "seconds",
            evidence=PaperEvidence(page=table.page, excerpt=result.excerpt, box=table.box),
        )


def _from_sentence(
    sentence: Sentence, datasets: tuple[str, ...], methods: tuple[str, ...], own: frozenset[str], about: str | None
) -> Iterator[Claim]:
    """Yield what a sentence states; `about` is the data set that the text before it is about."""
    main = sentence.kind == "abstract" or bool(MAIN.search(sentence.section))
    introduced = bool(_INTRODUCTION.search(sentence.section))
    where = "abstract" if sentence.kind == "abstract" else f"text ({sentence.section})"[:80]
    for result in sentence_results(sentence.text, datasets, methods, own, any_quantity=True):
        yield Claim(
            id="",
            metric=result.mention.metric.name,
            metric_text=result.mention.text,
            value=result.number.value,
            printed=result.number.printed,
            unit=result.unit,
            direction=result.mention.metric.direction,
            std=result.number.std,
            dataset=_data(result.dataset, about, result.own) or described_in(sentence.text, result.number),
            split=result.split,
            method=result.method,
            where=where,
            origin="paper",
            own=result.own,
            headline=(main and _ours(sentence, result.number, result.own)) or (introduced and result.own is True),
            evidence=sentence.evidence(),
        )
    changes = gains(sentence.text)
    for gain in (*changes, *shares(sentence.text)):
        dataset, method, ours = surroundings(sentence.text, gain.number, datasets, methods, own)
        yield Claim(
            id="",
            metric=gain.metric,
            metric_text=gain.text,
            value=gain.number.value,
            printed=gain.number.printed,
            unit=gain.unit,
            direction=gain.direction,
            dataset=_data(dataset, about, ours),
            method=method,
            where=where,
            origin="paper",
            own=ours,
            headline=(main and _ours(sentence, gain.number, ours)) or (introduced and ours is True),
            relative=gain in changes,
            evidence=sentence.evidence(),
        )


def _data(named: str | None, about: str | None, own: bool | None) -> str | None:
    return named or (about if own is not False else None)


def _ours(sentence: Sentence, number: Number, own: bool | None) -> bool:
    """Whether a number may be the paper's own: not said to be another's, and no work cited before it or at the end."""
    text = plain(sentence.text[:1_000])
    return own is True or (own is None and not _QUOTED.search(text[: number.start]) and not _QUOTED.search(text[-25:]))


def _names(names: Iterator[str | None]) -> tuple[str, ...]:
    """Return the distinct names that a sentence can be searched for: no ordinary words such as `big` or `test`."""
    found = dict.fromkeys(name for name in names if name and len(name) >= 2 and not _ORDINARY.fullmatch(name))
    return tuple(name for name in found if any(c.isalpha() for c in name))[:60]
