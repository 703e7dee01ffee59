"""What a paper says about how its experiments were set up and how sure their results are."""

from __future__ import annotations

import re

from auditor.paper.model import Paper, Sentence, Statement
from auditor.paper.sayings import NUMBER, Rule, candidates, heading, in_table, look, not_found, number, pattern, told

_SET = (
    r"(?:sets?|splits?|data|datasets?|samples?|examples?|images?|instances?|points?|sentences?|folds?|portions?"
    r"|partitions?)"
)
_PART = r"(?:train(?:ing)?|test(?:ing)?|validation|development|dev|held[- ]?out|hold[- ]?out|evaluation)"
_VALUE = r"(?!(?:19|20)\d\d\b)\$?(?:\d[\d.,]*(?:e[-−–]?\d+)?(?:\s?[kKmM%])?\b|\d[\d.,]*\s?(?:×|·)\s?10)"
_GREEK = r"(?-i:[βγδεζηθλνξφψωϵΔ∆ΓΛ]|α(?!\s?=\s?0?\.0))"

SPLIT = Rule(
    "data_split_described",
    pattern(
        rf"\b\d+(?:\.\d+)?\s?%\s(?!(?:\S+\s){{0,2}}on\s)(?:\S+\s){{0,8}}?{_PART}\b(?!\s(?:accurac|error|loss|time"
        r"|scor|perplex|perform|AUC"
        r"|rate|iterations|steps|epochs|schedule|process))",
        rf"\b{_PART}\s{_SET}\s(?:is|are|was|were|has|contains?|consists? of|comprises?|makes? up|of)\s(?:\w+\s){{0,3}}"
        r"\d+(?:\.\d+)?\s?%",
        rf"(?<![/\d.])\b\d[\d,.]*\s?[kKmM]?\s(?:\w+\s){{0,2}}{_PART}\s(?:\w+\s)?{_SET}\b",
        rf"\b{_PART}\s{_SET}\s(?:\w+\s){{0,4}}(?:of|contains?|comprises?|ha[sd]|with|includes?"
        r"|to)\s(?:\w+\s){0,3}\d[\d,.]*\d",
        r"\b(?:train\w*|test\w*|validat\w*)\s(?:on|over)\s(?:\w+\s){0,2}\d[\d,.]*\s?[kKmM]?\b(?!\s?%|\s(?:steps|iterations|epochs|tokens|GPUs?)\b)",
        r"\b(?:split|splits|splitting|divid\w+|partition\w*|branch\w*|separat\w+|subdivid\w+)\b.{0,60}\b(?:into"
        rf"|in|to|as)\b.{{0,50}}\b{_PART}\b(?:(?=\s?[,/&.)]|\sand\b)|\s{_SET}\b)",
        rf"\b(?:split|splits|divid\w+|partition\w*|separat\w+)\b.{{0,60}}\b{_PART}\b.{{0,30}}\b{_PART}\b",
        rf"\b{_PART}\b.{{0,40}}\b(?:split|splits|partition|ratio)\b",
        rf"\b(?:for|as)\s(?:the\s)?{_PART}\b.{{0,70}}\b(?:for|as)\s(?:the\s)?{_PART}\b",
        rf"\b(?:to be|as|is|are|was|were)\s(?:(?:our|the|a)\s)?(?:test|validation|development|held[- ]?out)\s{_SET}\b",
        r"\b(?:\d+|five|ten|three|k|[a-z]+)[- ]?fold cross[- ]?validation\b|\bleave[- ]one[- ]\w+[- ]out\b",
        r"\bcross[- ]?validation folds?\b",
        r"\b(?:nested|stratified|repeated|monte carlo) cross[- ]?validation\b",
        r"\b\d[\d,.]*k?\s?/\s?\d[\d,.]*k?\s(?:\w+\s)?(?:split|division)\b",
        r"\bthe (?:rest|remaining|remainder)\b.{0,40}\b(?:for|to|as)\s(?:\w+\s)?(?:test|evaluat|validat)\w*",
        r"\bthe (?:validation|dev|development) set of (?-i:[A-Z])",
        rf"\bfor training\b.{{0,70}}\bfor\s(?:\w+\s)?{_PART}\b",
        r"\b\d{1,2}\s?[/:–-]\s?\d{1,2}(?:\s?[/:–-]\s?\d{1,2})?\s(?:\w+\s){0,2}(?:splits?|ratio|partitions?)\b",
        r"\btrain(?:ing)?\s?/\s?(?:val\w*|dev\w*|test\w*)\b.{0,60}\b\d",
        r"\d.{0,40}\btrain(?:ing)?\s?/\s?(?:val\w*|dev\w*|test\w*)\b",
        r"\bhold(?:ing|s)? out\b.{0,40}(?:\d|\b(?:last|latest|most recent)\b)",
        r"\b(?:follow\w*|adopt\w*|us(?:e|es|ed|ing))\s(?:the|their|its|his|her)\s(?:(?!best\b)\w+\s){0,3}splits?\b",
        r"\b(?:is|are|was|were)\s(?:\w+\s)?(?:used|kept|reserved|held out|set aside|retained|withheld)\s(?:\w+\s)?"
        r"(?:for|as)\s(?:the\s|a\s)?(?:testing|validation|test|held[- ]?out)\b",
        r"\b(?:reserve|withhold|withheld|set aside|hold out|held out|retain)\w*\s(?:\S+\s){0,6}(?:for|as)\s"
        r"(?:the\s|a\s)?(?:testing|validation|test)\b",
        r"\b(?:standard|official|original|default|predefined|provided|same|canonical)\s(?:\S+\s){0,3}splits?\b",
        r"\b(?:held[- ]?out|hold[- ]?out)\s(?:test|validation|dev|development|set|data|portion|part)\b",
        rf"\b\d[\d,.]*\s?[kKmM]?\s(?:{_SET}\s)?(?:(?:are|were|is|was)\s)?(?:used\s|reserved\s|kept\s|held out\s)?"
        r"for\s(?:the\s)?(?:test|testing|validation|evaluation)\b",
        # A part that is merely spoken of tells no split; one that is named does (`the development set, newstest2013`).
        r"\bon the (?:development|validation|dev) set,?\s\(?(?-i:[a-zA-Z]*[A-Z\d][\w-]*)",
    ),
    not_in=pattern(
        r"\b(?:accurac\w+|errors?|scores?|loss|perplexity|AUC|F1|improve\w*|increase|better|worse|time|iterations"
        r"|epochs|tokens)\b"
    ),
)

_NAME = (
    r"(?:learning[- ]rates?|step[- ]size|batch[- ]?sizes?|mini-?batch(?:es)?(?: size)?|drop-?out(?: rate| ratio"
    r"| probability)?|momentum"
    r"|weight decay|L2[- ]regulari[sz]ation|regulari[sz]ation (?:parameter|coefficient|strength|constant)|epochs?"
    r"|hidden (?:units?|size|dimensions?|layers?|states?)"
    r"|(?:attention )?heads|embedding (?:size|dimensions?)|embedd?ed dimension|(?:softmax|sampling) temperature"
    r"|temperature parameter|population size|generation size|warm-?up(?: steps)?"
    r"|gradient clipping|discount factor|number of (?:trees|layers|neighbou?rs|clusters|particles|steps|iterations"
    r"|epochs|filters|channels)"
    r"|particle number|(?:max|maximum)\s(?:\w+\s)?(?:depth|length|iterations)|vocabulary size|beam (?:size|width)"
    r"|label smoothing|kernel size"
    r"|window size|(?:forgetting|damping|decay|shrinkage) factor|network structure|patience|buffer size"
    r"|hyper-?parameters?)"
)
HYPERPARAMETERS = Rule(
    "hyperparameters_stated",
    pattern(
        rf"\b{_NAME}\b[^.;]{{0,25}}?(?:\bof\b|\bto\b|\bis\b|\bare\b|\bwas\b|\bwere\b|=|:|\bat\b|\bas\b|\bset\b|≈|"
        rf"\bfrom\b|\bbetween\b|\()\s*(?:\S+\s){{0,3}}?{_VALUE}",
        rf"\b{_VALUE}\s(?:\S+\s){{0,2}}(?:{_NAME})\b",
        rf"=\s?{_VALUE}\s(?:iterations|trees|layers|steps|clusters|neighbou?rs|components|rounds)\b",
        rf"\b{_VALUE}\s(?:hidden\s|output\s)?(?:units|neurons|filters|channels|feature maps|trees|neighbou?rs"
        r"|negatives per|hidden layers|inducing points|Monte Carlo samples)\b",
        rf"\b(?:latent|embedding|hidden|feature)\b.{{0,30}}\b{_VALUE}[- ]dimension",
        rf"\b(?:latent|embedding|hidden)\s\w+\s(?:has|have|with|of)\s{_VALUE}\s(?:dimensions|components)\b",
        rf"\b(?:LoRA rank|discount)\s(?:is|of|=|was)\s{_VALUE}",
        rf"\bbatch(?:es)? of (?:size )?{_VALUE}",
        rf"\bclip\w*\b.{{0,30}}\b(?:at|to|by)\s(?:\S+\s){{0,3}}?{_VALUE}",
        rf"\bweights?\s(?:of|for)\s(?:the\s)?(?:\S+\s){{1,3}}(?:loss|term)\s(?:is|to|=|was)\s(?:set to )?{_VALUE}",
        r"\b(?:train\w*|optimi[sz]\w*|run|ran|fine-?tun\w*)\b.{0,60}\bfor\s(?:\w+\s)?"
        rf"{_VALUE}\s(?:iterations|steps|updates|rounds|episodes)\b",
        r"\b(?:us(?:e|es|ed|ing)|with|set)\s(?:\w+\s){0,4}(?:parameter|coefficient|factor|threshold|margin"
        r"|temperature|length[- ]?scale|(?:clip|split|dropout|decay|learning|masking|mutation|crossover|exploration)"
        rf" (?:ratio|rate))\s(?:of|=)\s{_VALUE}(?!\s?[×x%])",
        rf"\b(?:Adam|SGD|RMSprop|AdamW|Adagrad|Adadelta|L-BFGS)\b.{{0,60}}(?:{_NAME}|β|ϵ|ε|lr)[^.]{{0,15}}{_VALUE}",
        rf"\b(?:we (?:set|use|fix|chose|choose)|(?:set|fixed|chosen) (?:to|as))\b.{{0,40}}[=≈]\s?{_VALUE}",
        # A Greek letter with a number is a setting, but for moments, the level of a test and the size of an effect.
        rf"\b(?:with|where|from|and|use|using|for|to)\s{_GREEK}\s?(?:\(\w+\s?\)|\w{{0,3}})\s?[=≈]\s?{_VALUE}",
        rf"\b{_GREEK}\s(?:is|of|at|to)\s(?:set to\s)?{_VALUE}",
        rf"\b(?:we|is|are|was|were)\s(?:\w+\s)?(?:set|fix|fixed|chose|choose|chosen|initiali[sz]ed?)\s(?:\S+\s){{0,4}}?"
        rf"(?:to|at|as)\s(?:be\s)?{_VALUE}(?!\s(?:seconds|minutes|hours|days|yr|years?)\b)",
        rf"\blr\s?=\s?{_VALUE}",
        r"\b(?:regulari[sz]\w*|penalty|penali[sz]\w*)\b.{0,60}\b(?:coefficient|parameter|constant|weight|λ)"
        rf"\b[^.]{{0,15}}{_VALUE}",
    ),
    unless=pattern(r"\bbeats\b|\bper second\b"),
    digits=True,
    more=pattern(rf"\b{_NAME}|(?<![\w.§]){_VALUE}|\b(?:Adam\w?|SGD|RMSprop|optimi[sz]er)\b"),
)

_TUNED = (
    r"(?:hyper-?parameters?|(?<!model )parameters|coefficients?|learning rates?|step[- ]sizes?"
    r"|batch[- ]sizes?|weight decays?|drop-?out(?: rates?)?"
    r"|(?:regulari[sz]ation|tuning|penalty) (?:parameters?|strength|coefficients?|weights?)|thresholds?|bandwidth"
    r"|temperature|number of (?:layers|units|epochs|trees|neighbou?rs|clusters|topics|iterations|components)"
    r"|(?-i:[α-ωkKC])(?=[\s,]))"
)
_CHOSEN = (
    r"(?:select(?:ed|ing)?|choos(?:e|ing)|chose|chosen|tun(?:e|ed|ing)|determin(?:e|ed)|pick(?:ed)?|optimi[sz](?:e|ed)"
    r"|search(?:ed)?|sweep|swept)"
)
_BY = (
    r"\b(?:empirically|by hand|manually|cross[- ]?validat\w*|validation|development (?:set|data)|dev set|held[- ]?out"
    r"|grid)\b"
)
SEARCH = Rule(
    "hyperparameter_search_described",
    pattern(
        r"\b(?:grid|random|bayesian|hyper-?parameter)[- ](?:search|sweep|optimi[sz]ation|tuning"
        r"|selection|study)\b",
        rf"\b{_CHOSEN}\b.{{0,50}}\b{_TUNED}\b.{{0,80}}(?:{_BY}|\b(?:from|in|over|among)\s(?:the set\s)?[{{\[])",
        rf"\b{_TUNED}\b.{{0,50}}\b{_CHOSEN}\b.{{0,60}}(?:{_BY}|\b(?:from|in|over|among)\s(?:the set\s)?[{{\[])",
        r"\bhyper-?parameters?\b.{0,80}\b(?:tuned|tuning|searched|search|swept|sweeps?|cross-?validat\w+|found by)\b",
        r"\bhyper-?parameters?\b.{0,80}\b(?:select(?:ed|ion)|chosen|optimi[sz]ed|picked|determined|set)\b.{0,60}"
        r"\b(?:validation|development|dev|held[- ]?out|cross|grid|search|sweep|experiment\w*|trials?|manually"
        r"|empirically|using|via|by|based on)\b",
        r"\b(?:tuned|searched|selected|chosen|chose|optimi[sz]ed|swept|(?:tuning) of)\b.{0,60}"
        r"\b(?:hyper-?parameters?|learning rates?|thresholds?)\b",
        r"\btuned\b.{0,40}\b(?:validation|development|dev|held[- ]?out|cross[- ]?validation)\b",
        rf"\bwe\s(?:try|tried|test|tested|study|studied|consider|considered|explore|explored|vary|varied|sweep|swept)"
        rf"\s(?:over\s)?(?:{NUMBER}|different|several|various|multiple)\s(?:\w+\s){{0,2}}"
        r"(?:learning rates?|batch sizes?|hyper-?parameters?|weight decays|drop-?out rates|temperatures)\b",
        r"\b(?:we )?(?:tried|experimented with|tested|searched|swept)\s(?:\w+\s){0,5}(?:values?|rates?|sizes?"
        rf"|combinations?|settings?)\b.{{0,60}}(?:{_VALUE}|\bfrom\b|\bin\b)",
        r"\b(?:try|tried|test|tested|explore|explored|evaluated?|consider|considered|compared?)\s(?:an?|the)?\s?"
        r"(?:\w+\s)?(?:range|set|grid|number|variety) of (?:\w+\s)?(?:values|settings|configurations|combinations)\b",
        rf"\b(?:try|tried|test|tested|explore|explored|consider|considered|compared?)\s(?:{NUMBER}|different|several"
        r"|various|multiple)\s(?:\w+\s){0,2}(?:values|settings|configurations) (?:of|for)\b",
        r"\b(?:sweeps?|swept|sweeping|vary|varies|varied|search\w*|tuned?)\b.{0,40}\b(?:over|in|within|among|from)\s\{",
        r"\b(?:preliminary|pilot|calibration)\s(?:experiments?|runs|studies|study|trials)\b.{0,60}"
        r"\b(?:suggest\w*|show\w*|indicat\w*|found|chos\w+|select\w*|determin\w*|set)\b",
        r"\b(?:best|optimal)\b.{0,40}\b(?:hyper-?parameters?|settings?|configuration|value|detector|model)\b.{0,60}"
        r"\b(?:validation|development|dev|cross-?validat)",
        r"\bparameter study\b",
        r"\b(?:explored?|varied|tested|searched|tuned|selected|chosen)\s(?:in|over|within|from|across)\s(?:the|a)\s(?:\w+\s)?"
        r"(?:range|interval|grid)\b",
        r"\bhyper-?parameters?\b.{0,40}\b(?:best|optimal|lowest|highest)\b.{0,40}\b(?:validation|dev|held|cross)\b",
        rf"\b{_TUNED}\s(?:in|from|among)\s\{{.{{0,60}}\b(?:tried|tested|explored|searched|considered|compared)\b",
        r"\bbest (?:of|among)\b.{0,30}\b(?:hyper-?parameters?|configurations?|settings?)\b",
        r"\b(?:select|chos|choos|pick)\w*\s(?:the\s)?(?:\w+\s)?(?:models?|configurations?|checkpoints?)\b.{0,30}"
        r"\b(?:lowest|highest|best)\b.{0,20}\b(?:validation|dev)\b",
        r"\b(?:best|optimal)\b.{0,40}\b(?:found|determined|obtained)\s(?:on|using|by|via|with)\s(?:the\s|a\s)?(?:validation"
        r"|development|dev|held|cross)\b",
        r"\bmodel selection\b.{0,60}\b(?:validation|held[- ]?out|dev|cross)\b",
        r"\b(?:tune|select|choose|optimi[sz]e|search for)\s(?:the\s|our\s|all\s)?(?:\w+\s)?hyper-?parameters?\b",
    ),
    unless=pattern(
        r"\b(?:future work|(?:could|might|would|may) (?:be|lead|improve|help))\b",
        r"\bhyper-?parameter-free\b|\bexisting (?:approach|method|work)",
        r"\b(?:require|need)s? (?:no|less)\b|\b(?:can be used|allows?) to\b",
    ),
    beside=pattern(r"\babstract\b|\bintroduction\b"),
)

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
        r"\b(?:repeat(?:ed|ing)?|re-?run|re-?ran|ran|run|train(?:ed)?|perform(?:ed)?|executed?|conducted?)\b"
        rf".{{0,50}}\b(?:{NUMBER}\s(?:(?:different|independent|random|separate|more)\s)?"
        rf"(?:times(?!\s(?:(?!per\b)\w+er|more|less|as|the)\b)|{_RUN})|thrice|twice)\b",
        r"\b(?:random\s)?seeds?\b\s?(?:=|:|of|is|was|to|value|number|∈|are|were)\s?(?:\w+\s){0,4}[\[{(]?\d+",
        rf"\b(?:with|using|over|across|on|for)\s(?:the\s)?{NUMBER}\s(?:\S+\s){{0,2}}seeds?\b",
        rf"\b{NUMBER}\s(?:random\s)?seeds\b",
        r"\b(?:fix(?:ed|ing)?|set(?:ting)?|same|control(?:led|ling)?|saved?|record(?:ed)?)\b.{0,30}\b(?:random\s"
        r"|rng\s)?seeds?\b",
        r"\b(?:random\s)?seeds?\s(?:was|were|is|are)\s(?:fixed|set|saved|recorded|kept|held)\b",
        rf"\b{NUMBER}[- ]run averages?\b",
        r"\bseeds\s[\[{(]?\d",
        rf"\b(?:averag\w*|mean|median|repeat\w*)\b.{{0,40}}\b{NUMBER}\s(?:random|different)\s(?:\S+\s){{0,2}}splits?\b",
    ),
    unless=pattern(
        r"\bseed (?:words?|set|lexicon|nodes?|data|examples?|sentences?|points?|fund)",
        r"\bcheckpoints?\b.{0,20}\baverag",
        r"\bsets of runs\b",
    ),
    kind=lambda sentence, match: _runs_kind(match),
)


def _runs_kind(match: re.Match[str]) -> str | None:
    """`seed` where a seed's value is told or kept, else the number of runs."""
    kept = r"\b(?:fix|set|same|control|sav|record)\w*\b.{0,30}\bseed|\bseeds?\b\s?(?:=|:|of|is|was|to)"
    if re.search(kept, match[0], re.I):
        return "seed"
    counted = re.search(rf"\b{NUMBER}(?!\s?%)\s(?:\S+\s){{0,3}}?(?:{_RUN}|times|instances|models)\b", match[0], re.I)
    found = number(counted[0] if counted else match[0])
    return str(found) if found is not None else None


_ONE_REPORTED = pattern(
    r"\b(?:we|only)\s(?:\w+\s)?report\s(?:\w+\s){0,2}(?:results?|numbers|scores)\s(?:from|of)\s(?:only\s)?(?:the first"
    r"|one|a single)\s(?:\w+\s)?(?:instance|model|run|seed|trial|repetition)\b(?! (?:per|each)\b)",
)
_SPREAD = pattern(
    r"\b(?:standard deviations?|standard errors?|std\.?(?: dev\.?)?|confidence intervals?|credible intervals?"
    r"|error bars?|box-? ?plots?|violin plots?"
    r"|inter-?quartile|shaded (?:areas?|regions?|bands?)|shading)\b",
    r"\b9[059](?:\.\d)?\s?% CIs?\b",
    r"\bvariances?\s(?:across|over|between)\s(?:\w+\s){0,2}(?:runs|seeds|trials|folds)\b",
)
_BARS = pattern(
    r"\binter-?quartile\b",
    r"\berror bars?\b|\bbox-? ?plots?\b|\bviolin plots?\b|\bshaded (?:areas?|regions?|bands?)\b|\bwhiskers\b",
)
"""Spread that is drawn: it is one of results, where no other words say so."""
_REPORTED = pattern(
    r"\b(?:report\w*|show\w*|plot\w*|appendix|parenthes[ei]s|give|given|after ±|CIs?|listed|below|at most"
    r"|represent\w*|indicat\w*|denot\w*|shaded|bars?|tables?|figures?|fig|over|across"
    r"|comput\w*|calculat\w*"
    r"|estimat\w*)\b",
    r"\bwith 9\d\s?%",
)
_OF_RESULTS = pattern(
    r"±|\bbootstrap|\b(?:for|of|across) (?:all|each) (?:methods?|models?)\b",
    r"\b(?:results?|performance|accurac\w+|scores?|means?|medians?|repetitions?|executions?|averag\w*|report\w*|tables?|figures?|fig|bars?|runs?|seeds?"
    r"|trials?|folds?"
    r"|estimates?|AUC|F1|BLEU|errors?|shaded|shading|parenthes[ei]s|brackets|plot\w*|confidence|credible|intervals?)\b",
)
_NOT_OF_RESULTS = pattern(
    r"\b(?:should|must|have to|ought|can be)\b|\b(?:initiali[sz]\w+|gaussian|normal distribution|noise|sampled from"
    r"|drawn from|prior|zero mean|mean 0|mean zero|normali[sz]\w+"
    r"|standardi[sz]\w+|weights? (?:are|were)|features?)\b"
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


def _sentence_on(paper: Paper, label: str) -> str:
    return " ".join(sentence.text for sentence in paper.sentences if label in sentence.text)[:3000]


def _over(text: str) -> str:
    """What a spread is over, as far as the words beside it tell."""
    for kind, words in (
        ("runs", rf"\b{_RUN}\b|\btimes\b"),
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
        r"\bp[- ]values?\b.{0,60}(?:\d|\b(?:report|show|comput|obtain|smaller|lower|less|below))",
        r"\bstatistical(?:ly)? (?:test|significan\w+)\b.{0,60}(?:\bp\b|\btests?\b|\bat the\b|\blevel\b|\d\s?%)",
        r"\bstatistical tests?\b",
    ),
)


def search(paper: Paper) -> Statement:
    """Return whether the paper tells how hyperparameters were found: in a sentence or a section on it."""
    found = look(paper, SEARCH)
    if found.answer == "stated":
        return found
    section = heading(
        paper, SEARCH.item, pattern(r"\bhyper-?parameter (?:study|search|tuning|selection|optimi[sz]ation)\b")
    )
    return section if section.answer == "stated" else found


def hyperparameters(paper: Paper) -> Statement:
    """Return whether values of hyperparameters are given: in a sentence or in a table of them."""
    listed = pattern(r"\bhyper-?parameters?\b|\bsearch space\b|\b(?:list of|model|training|simulation) parameters\b")
    table = next((table for table in paper.tables if listed.search(table.caption)), None)
    if table:
        return in_table(paper, HYPERPARAMETERS.item, table, "", "table")
    found = look(paper, HYPERPARAMETERS)
    if found.answer == "stated":
        return found
    for table in paper.tables:
        cells = [*table.header, *(row[0] for row in table.rows if row)]
        if sum(bool(re.fullmatch(rf"(?:the )?{_NAME}s?", cell.strip(), re.I)) for cell in cells) >= 2:
            return in_table(paper, HYPERPARAMETERS.item, table, "", "table")
    return Statement(found.item, "not_found") if found.answer == "denied" else found


def split(paper: Paper) -> Statement:
    """Return whether the paper tells which data served for training and which for the evaluation."""
    return look(paper, SPLIT)


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


def sentence_with(paper: Paper, words: re.Pattern[str]) -> Sentence | None:
    """Return the first sentence of the authors' own that holds the words."""
    return next((sentence for sentence in candidates(paper.sentences, "own") if words.search(sentence.text)), None)
