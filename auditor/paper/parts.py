"""The parts that a paper has or lacks: algorithms, proofs, ablations, limitations, broader impact."""

from __future__ import annotations

import re
from dataclasses import replace

from auditor.paper.model import Paper, Statement
from auditor.paper.sayings import Rule, either, heading, in_table, look, not_found, pattern

_ALGORITHM = re.compile(
    r"(?:Algorithm|ALGORITHM|Alg\.|Procedure|Listing|Pseudocode)\s+\d+\s*(?P<mark>[:.–—|]?)\s*(?P<rest>.*)"
)
_STEP = re.compile(
    r"\s*\d{1,3}:\s|\s*(?:\d+[:.]?\s*)?(?:Input|Output|Require|Ensure|Initiali[sz]e|for (?:each|all|every|\w+\s*(?:=|←"
    r"|in|∈))|while |repeat\b|until |if .+ then|return\b|end (?:for|while|if|function|procedure)|procedure\b"
    r"|function\b)",
    re.I,
)
_PSEUDOCODE = Rule(
    "pseudocode_or_algorithm",
    pattern(
        r"\b(?:gives?|shows?|presents?|provide[sd]?|see|in|outlines?)\b.{0,40}\bpseudo-?code\b",
        r"\bpseudo-?code\b.{0,50}\b(?:is|are|in|of|for)\b",
        r"\bAlgorithm\s\d+\s(?:summari[sz]es|outlines|describes|shows|presents|gives|details|lists|provides)\b",
        r"\bsee (?:Algorithm|Alg\.)\s\d+\b(?!\s(?:of|in|from)\b)",
        r"\b(?:description|summar\w+|outlin\w+|describ\w+|detail\w*|given|shown|present\w*|listed|steps|procedure)"
        r"\s(?:\w+\s){0,2}in (?:Algorithm|Alg\.)\s\d+\b(?!\s(?:of|in|from)\b)",
    ),
)
_CHOICES = (
    r"(?:two|three|four|five|six|several|different|various|alternative)\s(?:different\s)?(?:\w+[\s-]){0,2}"
    r"(?:(?:link|activation|loss|kernel|scoring|pooling|attention|similarity)\sfunctions|scopes|placements|factors"
    r"|components|modules|design choices|variants of (?:our|the proposed) \w+)"
)
_EFFECT = (
    r"(?:the\s)?(?:effects?|impact|influence|role|benefits?|contributions?)\sof\s(?:\w+\s){0,2}?(?:adding"
    r"|removing|varying|increasing|loss|regulari[sz]ation|augmentation|attention|(?:pre-?|fine-?)?training"
    r"|architecture|initiali[sz]ation|dropout|depth|width|dimension\w*|layers?|components?|modules?|hyper-?parameters?"
    r"|batch|learning rate|temperature|normali[sz]ation|embeddings?|pooling|sampling|window|kernel)\b"
)
_TAKEN = (
    r"(?:without|w/o|remov(?:e|ed|ing|al)|replac(?:e|ed|ing)|disabl(?:e|ed|ing)|drop(?:ping)?|omit(?:ting)?|exclud(?:e"
    r"|ing)|using only|adding)"
)
_PIECE = (
    r"(?:components?|modules?|(?<!training )(?<!test )loss(?:es)?|layers?|regulari[sz]\w+|attention|augmentation"
    r"|encoders?|decoders?|pre-?training|memory|terms?|mechanisms?|objectives?|connections?|blocks?|normali[sz]ation"
    r"|dropout|rerank\w*|embeddings?|curriculum|features?|constraints?|tasks?)"
)
_ABLATION = Rule(
    "ablation",
    pattern(
        r"\bablat(?:ion|ions|e|ed|ing|ive)\b",
        r"\b(?:importance|effects?|impact|contributions?|influence)\sof\s(?:the\s|each\s|its\s|our\s)*(?:different"
        r"|individual|various|each|single|several|main|key|design|model|architectural)?\s?(?:components?|modules?"
        r"|building blocks|design choices|ingredients)\b",
        r"\bwithout\s(?:the|our|this|any)\s(?:\S+\s){1,8}?(?:drops?|decreas\w+|degrad\w+|deteriorat\w+)\b",
        r"\b(?:analy[sz]|stud|investigat|examin|evaluat|test|explor|show)\w*\s(?:the\s)?(?:\w+\s)?(?:sensitivity"
        r"|influence|effects?|impact)\s(?:of|to)\s(?:the\s|our\s)?(?:\w+\s)?(?:hyper-?parameters?|number of (?:layers"
        r"|heads|units|components|clusters|neighbou?rs)|(?-i:[α-ω])\b|depth|width|batch size|embedding)",
        r"\b(?:remov\w*|turn\w* off|switch\w* off|disabl\w*|drop(?:ping)?)\s(?:each|every|one|either|any"
        r"|individual)\s(?:\w+\s)?(?:components?|modules?|features?|parts?|terms?|loss|blocks?|inputs?)\b",
        r"\bvariants?\s(?:\S+\s){0,4}(?:that|which)\s(?:lacks?|omits?|excludes?|drops?|do(?:es)? not)\b",
        r"\bisolat(?:e|es|ed|ing)\b.{0,30}\b(?:contributions?|effects?|impact|role|influence|benefits?)\b",
        # An effect of a knob of the method: studied, shown in a table or a figure, or named by a heading.
        rf"(?:^|\b(?:analy[sz]|stud[iy]|investigat|examin|evaluat|test|explor|show|assess|measur"
        rf"|compar)\w*\s)(?:\w+\s)?{_EFFECT}",
        # A caption names an effect of any part (the label of a float is masked).
        r"^§+\W.{0,40}\b(?:effects?|impact|influence|contributions?|importance)\sof\s(?:the\s)?(?:different|various"
        r"|varying|number|each|using|(?!be)\w+ing)\b",
        rf"^(?:§+|Table\b|Fig(?:ure|\.))\W.{{0,40}}\b{_EFFECT}",
        r"^§+\W.{0,60}\bwith(?:\sand\s|\sor\s|/)without\b",
        r"\b(?:compar|evaluat|train|test|result|perform|model)\w*\b.{0,60}\bwith (?:and|or) without\s(?:the\s|our\s"
        r"|any\s)?(?:\w+\s)?(?:attention|module|component|loss|term|layer|regulari|normali|augment|pre-?train|dropout"
        r"|encod|memory|mechanism)",
        r"\b(?:which|how much(?:\seach)?)\s(?:of the\s)?(?:\w+\s){0,2}(?:components?|parts?|modules?"
        r"|ingredients?)\b.{0,50}\b(?:necessary|needed|matters?|important|contribut\w*|essential|crucial"
        r"|responsible)\b",
        r"\bvariants?\s.{0,40}\b(?:is|are)\s(?:removed|disabled|omitted|dropped|left out)\b",
        r"\b(?:contribution|importance) of\b.{0,60}\bby\s(?:removing|replacing|training|disabling|omitting)\b",
        r"\b(?:variations|(?:simplified|reduced|ablated) (?:versions?|variants?)) of (?:the|our) (?:\w+ ){0,2}(?:loss"
        r"|architecture|model|method|approach|network|system)\b",
        r"\b(?:versions?|variants?)\s(?:\S+\s){0,3}(?:lacking|missing)\b|\b(?:variants?|versions?)\b.{0,30}\bwithout\b",
        rf"\b(?:evaluat|verif|validat|assess|demonstrat|show|examin|analy[sz]|investigat|stud[iy]|test|measur"
        rf"|quantif)\w*\sthe\s(?:effectiveness|usefulness|benefits?|contributions?|necessity)\sof\s(?:the\s|our\s"
        rf"|each\s|different\s|an?\s)?(?:[\w-]+\s){{0,2}}{_PIECE}\b",
        r"\b(?:effectiveness|benefits?) of\b.{0,40}\b(?:is|are) (?:\w+ )?(?:shown|seen|illustrated|demonstrated"
        r"|confirmed) in\b",
        r"^§+\W.{0,30}(?<!principal )\bcomponents? analysis\b|\bwhat happens (?:if|when)\b"
        r"|\bcompar\w* (?:the )?(?:first \w+ )?rows\b",
        r"^(?:analysis|study|choice) of (?:the )?(?:number|size|depth|width|dimension|length|choice)\b",
        r"\bchoice of (?!(?:the )?data).{0,60}\b(?:has|have|had|makes?)\s(?:\w+\s){0,3}(?:effect|impact|influence"
        r"|difference)\b",
        r"\bwhat (?:is|are) the (?:effects?|impact|influence|role) of\b",
        r"\b(?:robust\w*|sensitiv\w*)\s(?:\w+\s){0,3}?to\s(?:the\s|its\s|our\s"
        r"|different\s)?(?:choices? of\s(?:the\s)?)?(?:\w+\s)?(?:hyper-?parameters?(?!\stuning)|(?-i:[α-ω])(?=\W|$))",
        r"\b(?:results?|performance|accuracy|scores?)\s(?:\S+\s){0,3}(?:with|for|using|across|under)\s(?:different"
        r"|various|varying)\s(?:\w+\s)?(?:numbers? of (?:layers|heads|units|components|clusters|filters)|depths?"
        r"|widths?|loss(?:es| functions)|kernels?|window sizes?|batch sizes?|learning rates?|hyper-?parameters?"
        r"|temperatures?|modules?|components?)\b",
        r"\bhow\s.{0,40}\b(?:changes?|varies|vary|depends?|is affected)\b.{0,20}\b(?:with|on"
        r"|by)\s(?:the\s)?(?:number of (?:layers|heads|units|components)|depth|width|choice|value of|dimension"
        r"|hyper-?param)",
        r"\b(?:experiment|compar|evaluat|test|stud[iy]|explor|train)\w*\s(?:\w+\s){0,3}variants\sof\s(?:our|this"
        r"|the (?:proposed|model|method|full)|(?-i:[A-Z]{2,}s))\b",
        r"\b(?:disabling|removing|omitting|dropping)\s(?:the|our|this|each)\s.{0,50}\b(?:reduces|lowers|decreases"
        r"|degrades|hurts|leads to|results in|increases)\b",
        r"\bwe vary (?:the|our)\s(?:number of (?:layers|heads|units|components)|depth|width|dimension|choice)\b",
        r"\bhow\s(?:the\s)?choice of\b.{0,40}\baffects?\b",
        # A heading of one line, run into the text.
        r"^(?:effects?|impact|influence|importance|choice) of (?:the )?(?:\w+ )?(?:number of \w+|batch size|model size"
        r"|depth|width|loss(?: function)?|hyper-?parameters?|learning rate|temperature|initiali[sz]ation|components?"
        r"|modules?|architecture)[.:]?$",
        r"\b(?:models?|networks?|variants?|versions?|results?|performance"
        r"|accuracy)\s(?:\S+\s){0,2}without\s(?:\S+\s){0,3}(?:normali[sz]ation|dropout|attention|layer|module"
        r"|component|loss|term|regulari[sz]ation|connections?|pre-?training|augmentation|mechanism|objective"
        r"|constraint)",
        # Choices within the method that are set against each other, not whole methods, models or data sets.
        rf"\b(?:we|our)\b.{{0,30}}\b(?:compar|stud|examin|investigat|consider|vari|vary|explor|test|evaluat)\w*\s"
        rf"{_CHOICES}\b",
        rf"\b{_CHOICES}\s(?:of the (?:method|model|network)\s)?(?:is|are|was|were)\s(?:\w+\s)?(?:compar|stud|examin"
        r"|investigat|consider|vari|explor|test|evaluat)\w*",
        r"\bwe (?:remove|eliminate|disable|drop|switch off|turn off|leave out)\s(?:the|our|its|each)\s(?:\w+\s){1,3}"
        r"(?:and|to)\s(?:\w+\s){0,2}(?:recover|obtain|get|compare|measure|see|test|evaluate|retrain|observe)\b",
        r"\beffects? of\s(?:\S+\s){0,2}(?:components|modules|design choices)\b",
        r"\b(?:remov(?:e|ed|ing)|disabl(?:e|ed|ing)|exclud(?:e|ed|ing))\b.{0,50}\b(?:components?|modules?|loss|term"
        r"|layer|attention|block)s?\b.{0,80}\b(?:drops?|decreas\w+|degrad\w+|hurts?|reduc\w+|worse|lower|improv\w+)\b",
    ),
    unless=pattern(
        r"\bfuture work\b",
        r"\bablation of (?:tissue|tumou?r|heart|liver)",
        r"\b(?:tumou?r|cardiac|radiofrequency|laser|thermal|tissue) ablation\b",
        r"\bclaims?\b.{0,20}\bablation\b.{0,20}\boriginal\b",
    ),
    negation_within=False,
)
# Whatever the order of the words: a part, that it was taken out or put in, and what that did to the results.
_ABLATION_LOOSE = replace(
    _ABLATION,
    said=pattern(
        rf"\b{_TAKEN}\s(?:\S+\s){{0,4}}?{_PIECE}\b",
        rf"\b{_PIECE}\s(?:\w+\s)?(?:is|are|was|were)\s(?:removed|replaced|disabled|dropped|omitted|excluded|added)\b",
    ),
    also=(
        pattern(
            r"\b(?:improv(?:e|es|ed)|reduc(?:e|es|ed)|drop(?:s|ped)|decreas(?:e|es|ed)|worse(?:ns)?|falls?|fell|hurts?"
            r"|degrad(?:e|es|ed)|deteriorat\w+|lowers?|lower (?:score|accuracy|performance)\w*|compared in)\b",
        ),
        pattern(
            r"\b(?:accurac\w+|scores?|performance|results?|BLEU|F1|AUC|error|perplexity|mAP|mIoU|reward|returns?"
            r"|recall|precision|points?)\b"
        ),
    ),
    beside=pattern(r"\babstract\b|\bintroduction\b|\bconclusions?\b"),
    deny=False,
)
_ABLATION_TITLE = pattern(
    r"\bablati(?:on|ve)\b|\bleave-one-(?:component|feature|module)-out\b",
    r"\b(?:model|architecture) (?:variations?|variants)\b",
    rf"\b{_EFFECT}",
    r"^(?:the )?(?:effects?|impact|influence|role|importance|contributions?) of\b",
    r"\b(?:hyper-?)?parameters? (?:study|sensitivity|analysis)\b",
    r"\bsensitivity analys[ie]s\b",
    r"\b(?:influence|impact|effects?) of (?:\w+ )?(?:hyper-?)?parameters?\b",
    r"\bcomponents? analysis\b(?<!principal component analysis)",
)
_WORK = (
    r"(?:our|this|the present|the proposed|the current)\s(?:\w+\s){0,2}(?:study|work|approach|method|analysis|model"
    r"|framework|paper|experiments?|evaluation|algorithm|system|results?|findings|technique|dataset|benchmark)"
)
_LIMITATIONS = Rule(
    "limitations_section",
    pattern(
        rf"\b{_WORK}\s(?:\w+\s)?(?:has|have|suffers? from|comes? with|(?:is|are) not without)\s(?:\w+\s){{0,3}}"
        r"(?:limitations?|shortcomings|drawbacks)\b",
        r"\b(?:one|an?|another|the|several|some|main|key|major|important|following|discuss|acknowledge"
        r"|note)\s(?:\w+\s)?"
        rf"(?:limitations?|shortcomings|drawbacks?)\s(?:of|to|in|with)\s{_WORK}\b",
        rf"\b{_WORK}\s(?:is|are|was|were)\s(?:\w+\s)?limited (?:to|by|in)\b",
        r"\bthere (?:are|remain) (?:\w+\s){0,2}limitations\b",
    ),
    kind=lambda sentence, match: "sentence",
    deny=False,
    negation_within=False,
    beside=pattern(r"\babstract\b|\bintroduction\b|\bbackground\b|\bmotivation\b"),
)
_THEOREM = re.compile(
    r"(?:Theorem|Lemma|Proposition|Corollary|THEOREM|LEMMA|PROPOSITION)\s+(?:[A-Z]\.?)?\d+(?:\.\d+)*\s*(?P<rest>.*)"
)
_PROOF = re.compile(r"(?:Proof|PROOF)(?:\s+(?:of|for|sketch|outline)\b.{0,80})?\s*[.:(]?.*")


def pseudocode(paper: Paper) -> Statement:
    """Return whether an algorithm or pseudocode is set out: a captioned listing, or steps that read like one."""
    item = _PSEUDOCODE.item
    for place, line in enumerate(paper.lines):
        match = _ALGORITHM.match(line.text)
        if not match:
            continue
        captioned = bool(match["mark"]) or line.bold or bool(line.lead) or match["rest"][:1].isupper()
        steps = sum(bool(_STEP.match(below.text)) for below in paper.lines[place + 1 : place + 25])
        if (
            captioned and (steps >= 1 or ((line.bold or line.lead) and not line.text.startswith("Listing")))
        ) or steps >= 3:
            return Statement(item, "stated", line.page, line.text, line.box, "listing")
    return look(paper, _PSEUDOCODE)


def limitations(paper: Paper) -> Statement:
    """Return whether limitations are discussed; `kind`: `section` where headed so, else `sentence`, which says so."""
    words = pattern(
        r"(?<!\bits )(?<!\btheir )\blimitations?\b(?! of (?:the )?(?:existing|previous|prior|current|other|related)\b)",
        r"\bthreats to validity\b|\bfailure (?:cases|modes)\b",
    )
    titled = heading(paper, _LIMITATIONS.item, words, ["limitations"], leads=True)
    return titled if titled.answer == "stated" else look(paper, _LIMITATIONS)


def impact(paper: Paper) -> Statement:
    """Return whether a section, or a paragraph with its own heading, is about broader impact or ethics."""
    words = pattern(
        r"\b(?:broader|societal|social|ethical) (?:impact|implication|consideration|statement)s?\b|\bethics\b|"
        r"\bimpact statement\b"
    )
    return heading(paper, "broader_impact_section", words, ["impact"], leads=True)


def theorems(paper: Paper) -> int:
    """Return how many theorems, lemmas and propositions are set out as such."""
    labels = set()
    for line in paper.lines:
        match = _THEOREM.match(line.text)
        if match and (
            line.bold or line.lead or match["rest"][:1] in ("", ".", ":", "(") or match["rest"][:1].isupper()
        ):
            labels.add(" ".join(line.text.split()[:2]).rstrip(".:").casefold())
    return len(labels)


def proofs(paper: Paper) -> Statement:
    """Return whether proofs are given; `kind` is `none_needed` where no theorem is set out."""
    titled = heading(paper, "proofs", pattern(r"\bproofs?\b"))
    if titled.answer == "stated":
        return titled
    count = theorems(paper)
    for place, line in enumerate(paper.lines):
        if line.text.startswith(("Proof", "PROOF")) and _PROOF.fullmatch(line.text):
            after = line.text[5:].strip()
            if (
                line.lead
                or line.bold
                or after[:1] in (".", ":")
                or after.startswith(("of", "sketch", "("))
                or not after
            ):
                text = " ".join(below.text for below in paper.lines[place : place + 2])
                if count or "heorem" in text or "emma" in text:
                    return Statement("proofs", "stated", line.page, text, line.box, "theorem")
    return Statement("proofs", "not_found", kind=None if count else "none_needed")


def ablation(paper: Paper) -> Statement:
    """Return whether parts or settings of the method are varied one by one: in a section, a sentence or rows."""
    titled = heading(paper, "ablation", _ABLATION_TITLE)
    if titled.answer == "stated":
        return titled
    found = either(paper, _ABLATION, _ABLATION_LOOSE)
    if found.answer == "stated":
        return found
    for table in paper.tables:
        names = [row[0] for row in table.rows if row]
        without = [name for name in names if re.search(r"\bw/o\b|\bwithout\b|^[-–−+]\s?[A-Za-z]|\bno [A-Z]", name)]
        if len(without) >= 2 and not re.search(r"\b(?:features?|regression|dataset)\b", table.caption, re.I):
            return in_table(paper, "ablation", table, without[0], "table")
    return found if found.answer == "denied" else not_found("ablation")
