"""What a paper says about how sure its results are: runs and seeds, their spread, tests of significance."""

from __future__ import annotations

import re

from auditor.paper.model import Paper, Sentence, Statement
from auditor.paper.sayings import NUMBER, Pattern, Rule, candidates, in_table, look, not_found, number, pattern, told

_RUN = (
    r"(?:runs?|seeds?|trials?|repetitions?|repeats?|replicat(?:es|ions)|re-?runs|initiali[sz]ations|restarts"
    r"|executions|realizations|realisations)"
)
RUNS = Rule(
    "seeds_or_runs_stated",
    pattern(
        r"\b(?:averag\w*|mean|median|results?|report\w*|scores?|std|deviations?|statistics|performance)\b.{0,50}"
        rf"\b(?:over|across|of|from|in|for)\s(?:the\s|all\s)?{NUMBER}\s(?:\S+\s){{0,3}}{_RUN}\b",
        rf"(?<![\d.\-])\b{NUMBER}\s(?:\S+\s){{0,2}}(?:random|different|independent|separate|distinct|training"
        rf"|repeated)\s(?:\S+\s){{0,1}}(?:{_RUN}|times)\b",
        rf"\b{NUMBER}\s(?:separate|independent|different|distinct)\s(?:\S+\s){{0,1}}(?:instances|models)\s(?:were"
        r"|are)\strained\b",
        r"\b(?:repeat(?:ed|ing)?|re-?run|re-?ran|ran|run|(?:re-?)?train(?:ed)?|replicat(?:e|ed)|carried out"
        r"|perform(?:ed)?|executed?|conducted?)\b"
        rf".{{0,50}}\b(?:{NUMBER}\s(?:(?:different|independent|random|separate|more)\s)?(?:times(?!\s(?:(?!per\b)\w+er"
        rf"|more|less|as|the)\b)|{_RUN})|thrice|twice)\b",
        r"\b(?:random\s)?seeds?\b\s?(?:=|:|of|is|was|to|value|number|∈|are|were)\s?(?:\w+\s){0,4}[\[{(]?\d+",
        rf"\b(?:with|using|over|across|on|for)\s(?:the\s)?{NUMBER}\s(?:\S+\s){{0,2}}seeds?\b",
        rf"\b{NUMBER}\s(?:random\s)?seeds\b",
        r"\b(?:fix(?:ed|ing)?|set(?:ting)?|same|control(?:led|ling)?|saved?|record(?:ed)?)\b[^()]{0,30}\b(?:random\s"
        r"|rng\s)?seeds?\b",
        r"\b(?:random\s)?seeds?\s(?:was|were|is|are)\s(?:fixed|set|saved|recorded|kept|held)\b",
        rf"\b{NUMBER}[- ]run averages?\b|\b{NUMBER}\s(?:runs|repeats|repetitions|replications|restarts)\b",
        r"\brandom[_ ]state\s?=\s?\d|\bseed\(\d|\b(?:generators?|RNG)\s(?:is|was|were|are)\s(?:\w+\s)?seeded\b",
        rf"\b{NUMBER}\s(?:models|networks|agents|instances)\b.{{0,25}}\bwith\s(?:different|distinct"
        rf"|random)\s(?:\w+\s)?(?:initial|seeds)",
        rf"\b{NUMBER}\s(?:\w+\s)?Monte[- ]Carlo\s(?:simulations|runs|trials|replications|experiments)\b",
        r"\b(?:results?|numbers|scores)\s(?:\w+\s){0,3}(?:from|of)\sa single run\b|\b(?:experiment|model|configuration"
        r"|setting) (?:only )?once\b|\bbest of (?:the )?\w+ runs\b|\b(?:trained|run|ran|executed) only once\b"
        r"|\bonly (?:trained|run|ran|executed) once\b",
        rf"\b{NUMBER}\s(?:\w+\s)?(?:models|networks|agents)\s(?:were\s)?(?:trained\s)?independently\b",
        rf"\b{NUMBER}\s(?:different\s)?random(?:ly)?\s(?:\S+\s){{0,2}}(?:splits|partitions|divisions|subsamples)\b",
        rf"\b{NUMBER}\s(?:\w+\s)?(?:models|networks|agents|instances)\s(?:\w+\s){{0,3}}(?:with|from"
        rf"|using)\s(?:different"
        r"|distinct|random)\s(?:random\s)?(?:seeds|initiali)",
        r"\bseeds\s[\[{(]?\d",
        r"\b(?:single|one)\s(?:(?:random|training|fixed)\s)?seed\b",
        r"\b(?:single|one) (?:run|seed|trial) (?:per|for each)\b",
        rf"\b(?:over|across)\s(?:the\s)?{NUMBER}\s(?:random(?:ly)?|independent(?:ly)?|simulated|synthetic)\s(?:\S+\s)?"
        r"(?:data ?sets|replications|draws|partitions|splits|problems)\b",
        rf"\baverag\w*\s(?:\w+\s)?(?:over|across|of|from)\s(?:the\s)?{NUMBER}\s(?:\w+\s)?(?:experiments|simulations"
        r"|replicas|attempts)\b",
        rf"\b(?:averag\w*|mean|median|repeat\w*)\b.{{0,40}}\b{NUMBER}\s(?:random|different)\s(?:\S+\s){{0,2}}splits?\b",
    ),
    unless=pattern(
        r"\bseed (?:words?|set|lexicon|nodes?|data|examples?|sentences?|points?|fund)",
        r"\bcheckpoints?\b.{0,20}\baverag",
        r"\bsets of runs\b",
        r"\bseed \d+ (?:random )?seed \d",
    ),
    not_in=pattern(r"\b(?:inference|forward pass\w*)\b"),
    kind=lambda sentence, match: _runs_kind(match),
)


def _runs_kind(match: re.Match[str]) -> str | None:
    """`seed` where a seed's value is told or kept, else the number of runs."""
    kept = r"\b(?:fix|set|same|control|sav|record)\w*\b.{0,30}\bseed|\bseeds?\b\s?(?:=|:|of|is|was|to)"
    if re.search(kept, match[0], re.I):
        return "seed"
    counted = re.search(rf"\b{NUMBER}(?!\s?%)\s(?:\S+\s){{0,3}}?(?:{_RUN}|times|instances|models)\b", match[0], re.I)
    found = number(counted[0] if counted else match[0])
    if found is None and re.match(r"single\b", match[0], re.I):
        return "1"
    return str(found) if found is not None else None


_ONE_REPORTED = pattern(
    r"\b(?:we|only)\s(?:\w+\s)?report\s(?:\w+\s){0,2}(?:results?|numbers|scores)\s(?:from|of)\s(?:only\s)?(?:the first"
    r"|one|a single)\s(?:\w+\s)?(?:instance|model|run|seed|trial|repetition)\b(?! (?:per|each)\b)",
)
_SPREAD = pattern(
    r"\b(?:standard deviations?|standard errors?|std\.?(?: dev\.?)?|confidence intervals?|credible intervals?"
    r"|error bars?|box-? ?plots?|violin plots?|inter-?quartile|shaded (?:areas?|regions?|bands?)|shading)\b",
    r"\b9[059](?:\.\d)?\s?% CIs?\b|\bmeans?\s?(?:±|\+/-|\(\s?(?:SD|SE|SEM|std)\b)|\bs\.e\.m\b|\bSEM\b",
    r"\b(?:variances?|variations?|deviations?|spread)\s(?:across|over|between|among)\s(?:\w+\s){0,2}(?:runs|seeds"
    r"|trials|folds)\b",
    r"\bbox(?:es)?\b.{0,20}\bquartiles?\b",
    r"\bcoefficients? of variation\b|\(?\bSD\s?[=:]\s?\d|\b\d\d(?:th)?\s(?:and|to|[-–])\s\d\dth percentiles\b",
    r"\b(?:bands?|whiskers|shad(?:ed|ing|ows?)|bars)\b.{0,40}\b(?:range|min\w*|percentiles?|quantiles?|quartiles?"
    r"|spread)\b",
    r"\b(?:uncertaint\w+|errors?)\b.{0,40}\bbootstrap",
)
_BARS = pattern(
    r"\bcoefficients? of variation\b|\bSD\s?[=:]|\b(?:variances?|variations?|deviations?|spread)\s(?:across|over"
    r"|between|among)\b|\bpercentiles\b|\bquartiles?\b|\bstandard (?:deviation|error)s\b.{0,30}\b(?:found|given|listed"
    r"|provided) in\b",
    r"\b(?:bands?|whiskers|shad(?:ed|ing|ows?)|bars)\b.{0,40}\b(?:range|min\w*|percentiles?|quantiles?|quartiles?"
    r"|spread)\b",
    r"\b(?:uncertaint\w+|errors?)\b.{0,40}\bbootstrap",
    r"\binter-?quartile\b|\bmeans?\s?(?:±|\+/-|\(\s?(?:SD|SE|SEM|std)\b)",
    r"\berror bars?\b|\bbox-? ?plots?\b|\bviolin plots?\b|\bshaded (?:areas?|regions?|bands?)\b|\bwhiskers\b",
)
"""Spread that is drawn: it is one of results, where no other words say so."""
_REPORTED = pattern(
    r"\b(?:report\w*|show\w*|plot\w*|appendix|parenthes[ei]s|give|given|after ±|CIs?|listed|below|at most|represent\w*"
    r"|indicat\w*|denot\w*|shaded|bars?|tables?|figures?|fig|over|across|brackets?|subscripts?|values|numbers|scores?"
    r"|uncertaint\w+|bands?|comput\w*|calculat\w*|estimat\w*)\b",
    r"\bwith 9\d\s?%|\b9\d\s?% (?:confidence|credible) intervals?\b|\bstandard (?:deviation"
    r"|error)s?,?\s(?:\w+\s)?(?:are|is|were|was)\s(?:\w+\s)?(?:below|under|less|small|within)\b|\(\s?(?:SD|SE|SEM"
    r"|std)\.?\s?=?\s?\d|\bwith (?:an? )?(?:standard (?:deviation|error)|std|SD)s?\s(?:\w+\s){0,2}of\s\d",
)
_OF_RESULTS = pattern(
    r"±|\bbootstrap|\b\d+\.\d+\s?%?\s?\(|\bbelow 0?\.\d|\b(?:for|of|across) (?:all|each) (?:methods?|models?)\b",
    r"\b(?:results?|performance|accurac\w+|scores?|means?|medians?|repetitions?|executions?|averag\w*|report\w*"
    r"|tables?|figures?|fig|bars?|runs?|seeds?|trials?|folds?|estimates?|AUC|F1|BLEU|errors?|shaded|shading|shadows?"
    r"|bands?|areas?|regions?|subscripts?|parenthes[ei]s|brackets|plot\w*|confidence|credible|intervals?)\b",
)
_NOT_OF_RESULTS = pattern(
    r"\b(?:should|must|have to|ought|can be)\b|\b(?:initiali[sz]\w+|gaussian|normal distribution|noise|sampled from"
    r"|drawn from|prior|zero mean|mean 0|mean zero|normali[sz]\w+|standardi[sz]\w+|weights? (?:are|were)|features?"
    r"|AWGN)\b"
)
_AVERAGED = pattern(
    r"\b(?:results|numbers|scores|values|experiments?)\b.{0,40}\b(?:averag\w+|means?)\b.{0,20}"
    rf"\b(?:over|across|of|from)\s(?:the\s)?(?!1\b|one\b){NUMBER}\s(?:\S+\s){{0,2}}{_RUN}\b",
)
_PLUS_MINUS = re.compile(r"\d\s?%?\s?\(?(?:±|\+/-|\+\/−)\s?\d*\.?\d")


def error_bars(paper: Paper) -> Statement:
    """Return whether results come with a spread; `kind` is what it is over: runs, folds, items or unknown."""
    item = "error_bars_or_std_reported"
    for table in paper.tables:
        cells = [cell for row in table.rows for cell in row if _PLUS_MINUS.search(cell)]
        if cells:
            over = _over(f"{table.caption} {_sentence_on(paper, table.label)}")
            over = "runs" if over == "unknown" and _averaged_over_runs(paper) else over
            over = _spread_over(paper) if over == "unknown" else over
            return in_table(paper, item, table, cells[0], over)
    denied: Statement | None = None
    bare: Statement | None = None
    for sentence in candidates(paper.sentences, "own"):
        text = sentence.text[:1500]
        spread = _SPREAD.search(text)
        if (
            spread
            and _REPORTED.search(text)
            and (_BARS.search(text) or _OF_RESULTS.search(_SPREAD.sub(" ", text)))
            and not _NOT_OF_RESULTS.search(text)
        ):
            if not re.search(r"\b(?:no|not|without|omit\w*)\b.{0,40}$", text[: spread.start()][-60:], re.I):
                found = told(item, sentence, spread, _over(text))
                if found.kind != "unknown":
                    return found
                bare = bare or found
            else:
                denied = denied or told(item, sentence, spread, answer="denied")
        elif match := _PLUS_MINUS.search(text):
            found = told(item, sentence, match, _over(text))
            if found.kind != "unknown":
                return found
            bare = bare or found
    return bare or denied or not_found(item)


def _averaged_over_runs(paper: Paper) -> bool:
    """Whether a sentence says of the results at large that they are means over several runs."""
    return any(_AVERAGED.search(sentence.text[:1500]) for sentence in candidates(paper.sentences, "own"))


def _spread_over(paper: Paper) -> str:
    """What the first sentence that says it of a spread of results says that the spread is over."""
    for sentence in candidates(paper.sentences, "own"):
        text = sentence.text[:1500]
        if _SPREAD.search(text) and _REPORTED.search(text) and not _NOT_OF_RESULTS.search(text):
            over = _over(text)
            if over != "unknown":
                return over
    return "unknown"


def _sentence_on(paper: Paper, label: str) -> str:
    return " ".join(sentence.text for sentence in paper.sentences if label in sentence.text)[:3000]


def _over(text: str) -> str:
    """What a spread is over, as far as the words beside it tell."""
    for kind, words in (
        ("runs", rf"\b{_RUN}\b|\btimes\b|\brepeat(?:ed|ing)?\b.{{0,40}}\b(?:twice|thrice)\b"),
        ("folds", r"\bfolds?\b|cross[- ]?validation"),
        (
            "items",
            r"\bbootstrap|\b(?:across|over) (?:\w+ )?(?:examples|samples|subjects|participants|genes|items|datasets"
            r"|users)",
        ),
    ):
        if re.search(words, text, re.I):
            return kind
    return "unknown"


SIGNIFICANCE = Rule(
    "significance_test",
    pattern(
        r"\b(?:paired |unpaired |student(?:['’]?s)? |two[- ]\w+ |welch(?:['’]?s)? |one[- ]\w+ )*t-?\s?tests?\b",
        r"\b(?:wilcoxon|friedman|mann[-– ]whitney|kruskal[-– ]wallis|mcnemar|nemenyi|bonferroni"
        r"|kolmogorov[-– ]smirnov|shapiro|levene|tukey)\b(?:['’]s)?.{0,60}\b(?:tests?|correction|post-hoc"
        r"|statistics?|procedure)\b",
        r"\b(?:anova|manova)\b",
        r"\b(?:permutation|randomi[sz]ation|bootstrap|significance|hypothesis|sign|chi-?squared?|χ2"
        r"|likelihood[- ]ratio) tests?\b",
        r"\bp\s?[<≤]\s?0?\.\d+",
        r"\b(?:tests?|significan\w+|p-?values?)\b.{0,80}\bp\s?[=≈>]\s?0?\.\d+",
        r"\bp[- ]values?\b(?!\sfrom\b).{0,60}(?:\d|\b(?:report|show|comput|obtain|smaller|lower|less|below))",
        r"\bstatistical(?:ly)? (?:test|significan\w+)\b.{0,60}(?:\bp\b|\btests?\b|\bat the\b|\blevel\b|\d\s?%)",
        r"\bstatistical tests?\b",
        r"\b(?:bootstrap\w*(?: resampling)?|(?:approximate )?randomi[sz]ation)\b.{0,40}\bsignifican\w+"
        r"|\bsignifican\w+\b.{0,40}\b(?:bootstrap\w*|randomi[sz]ation)\b",
        r"\bsignificant(?:ly)?\b.{0,30}\b(?:at|with) (?:the )?(?:9\d\s?%|0?\.0\d|[15]\s?%)",
    ),
)


def runs(paper: Paper) -> Statement:
    """Return whether seeds or a number of runs are told; `kind` is the number of runs, or `seed`.

    Where several were trained and the results of one are reported, it is that one that counts.
    """
    found = look(paper, RUNS)
    single = sentence_with(paper, _ONE_REPORTED) if found.answer == "stated" and found.kind != "seed" else None
    match = _ONE_REPORTED.search(single.text) if single else None
    return told(found.item, single, match, "1") if single and match else found


def significance(paper: Paper) -> Statement:
    """Return whether a test of significance was made."""
    return look(paper, SIGNIFICANCE)


def sentence_with(paper: Paper, words: Pattern | re.Pattern[str]) -> Sentence | None:
    """Return the first sentence of the authors' own that holds the words."""
    return next((sentence for sentence in candidates(paper.sentences, "own") if words.search(sentence.text)), None)
