"""What a paper says about how its experiments were set up: split, hyperparameters and their search."""

from __future__ import annotations

import re
from dataclasses import replace

from auditor.paper.model import Paper, Statement
from auditor.paper.sayings import NUMBER, Rule, either, heading, in_table, look, pattern

_SET = (
    r"(?:sets?|splits?|data|datasets?|samples?|examples?|images?|instances?|points?|sentences?|folds?|portions?"
    r"|partitions?)"
)
_PART = r"(?:train(?:ing)?|test(?:ing)?|validation|development|dev|held[- ]?out|hold[- ]?out|evaluation)"
_VALUE = r"(?!(?:19|20)\d\d\b)\$?(?:\d[\d.,]*(?:e[-−–]?\d+)?(?:\s?[kKmM%])?\b|\d[\d.,]*\s?(?:×|·)\s?10)"
_WORD = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|sixteen|twenty|thirty|fifty|hundred)"
_GREEK = r"(?-i:[βγδεζηθλνξφψωϵΔ∆ΓΛ]|α(?!\s?=\s?0?\.0))"

SPLIT = Rule(
    "data_split_described",
    pattern(
        rf"\b\d+(?:\.\d+)?\s?%\s(?!(?:\S+\s){{0,2}}on\s)(?:\S+\s){{0,8}}?{_PART}\b(?!\s(?:accurac|error|loss|time"
        r"|scor|perplex|perform|AUC|rate|iterations|steps|epochs|schedule|process|the\s(?:sensitiv|robust|hypothes"
        r"|effect|influence)))",
        rf"\b{_PART}\s{_SET}\s(?:is|are|was|were|has|contains?|consists? of|comprises?|makes? up|of)\s(?:\w+\s){{0,3}}"
        r"\d+(?:\.\d+)?\s?%",
        rf"(?<![/\d.-])\b\d[\d,.]*\s?[kKmM]?\s(?:\w+\s){{0,2}}{_PART}\s(?:\w+\s)?{_SET}\b",
        rf"\b{_PART}\s{_SET}\s(?:\w+\s){{0,4}}(?:of|contains?|comprises?|ha[sd]|with|includes?"
        r"|to)\s(?:\w+\s){0,3}\d[\d,.]*\d",
        r"\b(?:train\w*|test\w*|validat\w*)\s(?:on|over)\s(?:\w+\s){0,2}\d[\d,.]*(?:\s?[kKmM])?\b(?!\s?%|\s(?:steps"
        r"|iterations|epochs|tokens|GPUs?)\b)",
        r"\b(?:split\w*|divid\w+|partition\w*|branch\w*|separat\w+|subdivid\w+)\b.{0,60}\b(?:into"
        rf"|in|to|as)\b.{{0,50}}\b{_PART}\b(?:(?=\s?[,/&.)]|\sand\b)|\s{_SET}\b)",
        rf"\b(?:split\w*|divid\w+|partition\w*|separat\w+)\b.{{0,60}}\b{_PART}\b.{{0,30}}\b{_PART}\b",
        rf"\b{_PART}\b.{{0,40}}\b(?:split(?!\s(?:points?|learning|inference))|splits|partition|ratio)\b",
        rf"\b(?:for|as)\s(?:the\s)?{_PART}\b.{{0,70}}\b(?:for|as)\s(?:the\s)?{_PART}\b",
        rf"\b(?:to be|as|is|are|was|were)\s(?:(?:our|the|a)\s)?(?:test|validation|development|held[- ]?out)\s{_SET}\b",
        r"\b(?:\d+|five|ten|three|k|[a-z]+)[- ]?fold (?:cross[- ]?validat\w+|CV)\b|\bleave[- ]one(?:[- ]\w+)?[- ]out\b",
        rf"\btrain\w*\s{_SET}:\s?\d[\d,]*\d\b.{{0,30}}\b{_PART}\s{_SET}:\s?\d",
        rf"\b(?:into|each of|all|over|across|on|for)\s(?:the\s)?{NUMBER} folds\b",
        r"\bcross[- ]?validation folds?\b",
        r"\b(?:nested|stratified|repeated|monte carlo) cross[- ]?validation\b",
        r"\b\d[\d,.]*k?\s?/\s?\d[\d,.]*k?\s(?:\w+\s)?(?:split|division)\b",
        r"\bthe (?:rest|remaining|remainder)\b.{0,40}\b(?:for|to|as)\s(?:\w+\s)?(?:test|evaluat|validat)\w*",
        r"\bthe (?:validation|dev|development) set of (?-i:[A-Z])",
        rf"\bfor training\b.{{0,70}}\bfor\s(?:\w+\s)?{_PART}\b",
        r"\b\d{1,2}\s?[/:–-]\s?\d{1,2}(?:\s?[/:–-]\s?\d{1,2})?\s(?:(?:\w+\s){0,2}(?:splits?|partitions?)"
        r"|(?:(?:train|test|data|split)\w*\s){0,2}ratio)\b",
        r"\b(?:split|divid|partition)\w*\b.{0,40}\b\d{1,2}\s?[:/]\s?\d{1,2}\b(?!\s?[ap]m\b)",
        # So many to train, so many to test.
        r"\d\d\s(?:\w+\s){0,2}(?:for|to)\s(?:train|learn|fit)\w*\b.{0,40}\d\d\s(?:\w+\s){0,2}(?:for|to)\s(?:test"
        r"|validat|evaluat)",
        r"\btrain\w*\b.{0,30}\b(?:with|on)\s\d[\d,]*\s.{0,40}\btest\w*\s(?:\w+\s)?(?:with|on)\s\d",
        r"\btrain\w* on the training (?:set|split|data)\b.{0,40}\b(?:test|evaluat|report"
        r"|validat)\w*\b.{0,20}\bon the (?:test|valid|dev)",
        r"\b(?:dev|valid\w*|test)[-_][a-z]\w*(?:,|\sand)\s(?:dev|valid\w*|test)[-_][a-z]",
        r"\btrain(?:ing)?\s?[:=(]?\s?\d[\d,.]*\d\b.{0,40}\b(?:dev|val|test)\w*\s?[:=(]?\s?\d",
        rf"\b\d+(?:\.\d+)?\s?% of (?:\S+\s){{0,4}}{_SET}\b.{{0,60}}\b{_PART}\b",
        rf"\btrain\w*,\s(?:\w+\s)?{_PART},? and {_PART}\s{_SET}\b.{{0,30}}\d",
        rf"\bnumbers? of\s(?:\w+\s)?train\w*\s(?:and|,|/)\s(?:\w+\s)?{_PART}\s{_SET}\b"
        rf"|\bwith \d[\d,]*\d\s{_PART}\s(?:\w+\s)?",
        rf"\b{_PART}\s{_SET}\s(?:with|of)\s(?-i:[a-zA-Z])\s?=\s?\d[\d,.]*\d",
        r"\btrain\w*\son\s(?:\S+\s){1,8}?and\s(?:then\s)?(?:test|evaluat|validat)\w*\son\b",
        r"\b(?:early[- ]stopp\w+|select\w*|tun(?:e|ed|ing)|chos\w+)\b.{0,60}\b(?:on|using|by|with)\s(?:the|a|our)\s"
        r"(?:(?:validation|development|dev)\s(?:set|data|split)|dev)\b",
        r"\btrain(?:ing)?\s?/\s?(?:val\w*|dev\w*|test\w*)\b.{0,60}\b\d",
        r"\d.{0,40}\btrain(?:ing)?\s?/\s?(?:val\w*|dev\w*|test\w*)\b",
        r"\b(?:split|divided|partitioned|separated)\s(?:\w+\s)?(?:chronologically|temporally|by (?:time|user|date"
        r"|subject|patient|speaker|year|document)|(?:user|patient|subject|speaker)[- ]wise)\b|\bset aside\s\d",
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
        r"|epochs|tokens|stages?|phases?|split (?:points?|learning|inference|computing))\b"
    ),
)

_NAME = (
    r"(?:learning[- ]rates?|step[- ]size|batch[- ]?sizes?|mini-?batch(?:es)?(?: size)?|drop-?out(?: rate| ratio"
    r"| probability)?|momentum|weight decay|L2[- ]regulari[sz]ation|regulari[sz]ation (?:parameter|coefficient"
    r"|strength|constant)|epochs?|hidden (?:units?|size|dimensions?|layers?|states?)|(?:attention )?heads"
    r"|embedding (?:size|dimensions?)|embedd?ed dimension|(?:softmax|sampling) temperature|temperature parameter"
    r"|population size|generation size|warm-?up(?: steps)?|gradient clipping|discount factor|number of (?:trees|layers"
    r"|neighbou?rs|clusters|particles|steps|iterations|epochs|filters|channels)|particle number|(?:max"
    r"|maximum)\s(?:\w+\s)?(?:depth|length|iterations)|vocabulary size|beam (?:size|width)|label smoothing|kernel size"
    r"|window size|(?:forgetting|damping|decay|shrinkage) factor|network structure|patience|buffer size"
    r"|hyper-?parameters?)"
)
HYPERPARAMETERS = Rule(
    "hyperparameters_stated",
    pattern(
        rf"\b{_NAME}\b[^.;]{{0,25}}?(?:\bof\b|\bto\b|\bis\b|\bare\b|\bwas\b|\bwere\b|=|:|\bat\b|\bas\b|\bset\b|≈|"
        rf"\bfrom\b|\bbetween\b|\()\s*(?:\S+\s){{0,3}}?{_VALUE}",
        rf"\b{_NAME},?\s{_VALUE}",
        rf"\b{_VALUE}\s(?:\S+\s){{0,2}}(?:{_NAME})\b",
        rf"=\s?{_VALUE}\s(?:iterations|trees|layers|steps|clusters|neighbou?rs|components|rounds)\b",
        rf"\b{_VALUE}\s(?:hidden\s|output\s)?(?:units|neurons|filters|channels|feature maps|trees|neighbou?rs"
        r"|negatives per|hidden layers|inducing points|Monte Carlo samples)\b",
        rf"\b(?:latent|embedding|hidden|feature)\b.{{0,30}}\b{_VALUE}[- ]dimension",
        rf"\b(?:latent|embedding|hidden)\s\w+\s(?:has|have|with|of)\s{_VALUE}\s(?:dimensions|components)\b",
        rf"\b(?:LoRA rank|discount)\s(?:is|of|=|was)\s{_VALUE}",
        rf"\b(?:batch(?:es)?|beams?|window|kernel|hidden layers?) of (?:size )?{_VALUE}",
        rf"\bdrop-?out\b.{{0,30}}\b(?:probability|rate|ratio|p)\s(?:of\s|=\s)?{_VALUE}|\bnumber of \w+ (?:is|was|="
        rf"|to) {_VALUE}\b(?!\s?%)|\b[a-z]{{2,12}}_[a-z_]{{2,20}}\s?=\s?{_VALUE}",
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

_IN_WORDS = Rule(
    HYPERPARAMETERS.item,
    pattern(rf"\b{_NAME}\s(?:of|is|was|to|at|as)\s(?:\w+\s){{0,2}}{_WORD}\b", rf"\bfor {_WORD} epochs\b"),
    deny=False,
)

_TUNED = (
    r"(?:hyper-?parameters?|(?<!model )parameters|coefficients?|learning rates?|step[- ]sizes?|batch[- ]sizes?"
    r"|weight decays?|drop-?out(?: rates?)?|(?:regulari[sz]ation|tuning|penalty) (?:parameters?|strength|coefficients?"
    r"|weights?)|thresholds?|bandwidth|temperature|number of (?:layers|units|epochs|trees|neighbou?rs|clusters|topics"
    r"|iterations|components)|(?-i:[α-ωkKC])(?=[\s,]))"
)
_CHOSEN = (
    r"(?:select(?:ed|ing)?|choos(?:e|ing)|chose|chosen|tun(?:e|ed|ing)|determin(?:e|ed|ing)|pick(?:ed)?|optimi[sz](?:e"
    r"|ed)|search(?:ed)?|sweep|swept)"
)
_BY = (
    r"\b(?:empirically|by hand|manually|cross[- ]?validat\w*|validation|development (?:set|data)|dev set|held[- ]?out"
    r"|grid)\b"
)
SEARCH = Rule(
    "hyperparameter_search_described",
    pattern(
        r"\b(?:grid|random|bayesian|coarse|hyper-?parameter)[- ](?:search(?:es)?|sweeps?|optimi[sz]ation|tuning"
        r"|selection|study)\b|\bGridSearch|\bOptuna\b|\bHyperopt\b",
        r"\bhyper-?parameter\s(?:search\s)?(?:ranges?|grids?|spaces?)\b|\bsearch (?:space|range"
        r"|grid)s?\b.{0,30}\bhyper-?param",
        rf"\b{_CHOSEN}\b.{{0,50}}\b{_TUNED}\b.{{0,80}}(?:{_BY}|\b(?:from|in|over|among)\s(?:the set\s)?[{{\[])",
        rf"\b{_TUNED}\b.{{0,50}}\b{_CHOSEN}\b.{{0,60}}(?:{_BY}|\b(?:from|in|over|among)\s(?:the set\s)?[{{\[])",
        r"\bhyper-?parameters?\b.{0,80}\b(?:tuned|tuning|searched|search|swept|sweeps?|cross-?validat\w+|found by)\b",
        r"\bhyper-?parameters?\b.{0,80}\b(?:select(?:ed|ion)|chosen|optimi[sz]ed|picked|determined|set)\b.{0,60}"
        r"\b(?:validation|development|dev|held[- ]?out|cross|grid|search|sweep|experiment\w*|trials?|manually"
        r"|empirically|using|via|by|based on)\b",
        r"\b(?:tuned|searched|selected|chosen|optimi[sz]ed(?!\s(?:\w+\s)?(?:by|with|using|via)\b)|swept"
        r"|(?:tuning) of)\b.{0,60}\b(?:hyper-?parameters?|learning rates?|thresholds?)\b",
        r"\btuned\b.{0,40}\b(?:validation|development|dev|held[- ]?out|cross[- ]?validation)\b",
        rf"\b(?:tr(?:y|ied)|test|stud(?:y|ied)|consider|explor|var(?:y|ied)|sweep|swept|experimented|compar|evaluat"
        rf"|investigat)\w*\s(?:\w+\s){{0,2}}(?:{NUMBER}|different|several|various|multiple)\s(?:\w+\s){{0,2}}"
        r"(?:learning rates|batch sizes|hyper-?parameters|weight decays|drop-?out rates|temperatures|optimi[sz]ers)\b",
        # What is swept: a range that is gone through, or settings that were tuned or found by trying.
        rf"\b(?:sweep\w*|swept|search\w*|tun(?:e|ed|ing)|(?:we|then) var(?:y|ied)|tried|explor\w*)\s(?:\S+\s){{1,6}}?"
        rf"(?:from|between)\s\S{{0,3}}{_VALUE}\s(?:to|and|up)\b",
        r"(?<!fine-)(?<!fine )\b(?!tuning (?:parameter|constant|curve)s?\b)(?:re-?)?(?:tun(?:e|ed|ing)|sweep(?:ed"
        r"|ing)?|swept|grid-?search\w*)\s(?:over\s)?"
        rf"(?:\w+\s){{0,3}}{_TUNED}",
        rf"\b(?:empirically|experimentally|heuristically)\s(?:{_CHOSEN}|set|found|adjusted|fixed)\b(?!\s(?:that|to)\b)",
        rf"\b(?:{_CHOSEN}|set|found|adjusted|fixed)\s(?:(?!to\b)\w+\s)?(?:empirically|experimentally|heuristically"
        r"|by trial and error)\b(?!\sthat)",
        rf"\bmanually\s(?:\w+\s)?(?:tun|determin|set|choos|chos|select|adjust|optimi)\w*\s.{{0,40}}\b{_TUNED}",
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
        rf"\b{_TUNED}\b.{{0,40}}\b(?:set|f(?:ou|i)nd|fixed|obtained|estimated|chosen|selected|determined)\s(?:by|via"
        rf"|with|using"
        r"|through|after|from)\s(?:\S+\s){0,3}(?:cross-?validation|validation|search|tuning|trials?|elbow|BIC|AIC)\b",
        r"\b(?:by|through|after|via|with)\s(?:\w+\s)?trial[- ]and[- ]error\b",
        r"\b(?:extensive|careful|minimal|manual)(?:ly)?\s(?:\w+\s)?(?:tun(?:ing|ed))\b",
        # Gone through in steps: `varied from 0 to 1 in steps of 0.1`, `from 0 to 5 in 0.01 increments`.
        rf"\b(?:var(?:y|ied|ying)|chang\w*|sweep\w*|swept|tun\w+|search\w*|try|tried|test\w*|explor\w*"
        rf"|increas\w*)\b.{{0,60}}\bfrom\s\S{{0,3}}{_VALUE}\sto\s\S{{0,3}}{_VALUE},?\s(?:in|with"
        rf"|by)\s(?:\S+\s){{0,3}}(?:steps?|increments?"
        r"|intervals?)\b",
        r"\b(?:value|setting|configuration|number|hyper-?parameters?)\b.{0,40}\b(?:best|highest|lowest"
        r"|optimal)\s(?:\w+\s){0,2}(?:validation|development|dev|held[- ]out|cross-?valid\w*)\b",
        rf"\bf(?:ou|i)nd\w*\b.{{0,40}}\b{_TUNED}\b.{{0,40}}\b(?:works?|worked|perform\w*)\s(?:the\s)?(?:best|well)\b",
        rf"\bf(?:ou|i)nd\w*\s(?:\w+\s){{0,2}}(?:ranges?|values?|settings?|configurations?)\s(?:of|for)\s(?:the\s"
        rf"|our\s)?{_TUNED}",
        r"\branges?\s(?:of|for)\s(?:the\s)?(?:\w+\s){0,2}(?:hyper-?)?parameters?\b.{0,20}[\[{]",
        rf"\b(?:run|ran|evaluated|tried|tested|sampled|trained|searched)\s{NUMBER}\s(?:\w+\s)?configurations\b"
        rf"|\b(?:different|several|various|multiple)\s(?:values?|settings?|choices)"
        r"\s(?:of|for)\b.{0,50}\b(?:were|are|was|is)\s(?:tried|tested|explored|evaluated|considered|examined)\b",
        r"\b(?:evaluat|tr(?:y|ied)|test|vari|vary|explor|consider)\w*\s(?-i:[a-zA-Zα-ω])\s(?:from|in|between"
        r"|∈)\s?\S{0,2}\d",
        rf"\b(?:vary|varied|varying)\s(?:the\s)?{_TUNED}.{{0,80}}\bbest\b",
        r"\b(?:optimum|optimal|best)\s(?:value|setting|choice)s?\s(?:of|for)\b.{0,40}\b(?:found|determined|obtained"
        r"|selected|identified)\b",
        r"\btuned (?:with|using|under) (?:the|a|an) (?:\w+ )?budget\b"
        r"|\bnested cross[- ]?validation\b.{0,30}\b(?:select|tun|choos|optimi)",
        r"\btun(?:e|ed|ing)\s(?:the|this|these|that|each)\s(?:\w+\s){0,2}parameters?\b",
        r"\b(?:best|optimal)(?:[- ]performing)?\s(?:set of\s)?(?:hyper-?parameters?|parameter (?:values?|settings?"
        r"|combinations?))\s(?:\S+\s){0,4}(?:pick|select|chos|report|used)",
        r"\b(?:explored?|varied|tested|searched|tuned|swept|selected|chosen)\s(?:in|over|within|from|across)\s(?:the"
        r"|a)\s(?:\w+\s)?(?:range|interval|grid)\b",
        r"\bhyper-?parameters?\b.{0,40}\b(?:best|optimal|lowest|highest)\b.{0,40}\b(?:validation|dev|held|cross)\b",
        rf"\b(?:consider|explor|test|tri|try|evaluat)\w*\s(?:\w+\s)?{_NAME}\s(?:\w+\s)?(?:between|from|ranging"
        rf"|in \[|in \{{|of \{{)",
        rf"\bvalues\s(?:between|from|in)\s\S{{0,3}}{_VALUE}.{{0,30}}\b(?:were|was|are)\s(?:tested|tried|considered"
        rf"|explored|evaluated)\b",
        r"\b(?:optimal|tuned|optimi[sz]ed|selected|chosen|best)\s(?:hyper-?parameters?"
        r"|parameter values?)\b.{0,40}\b(?:listed|given|shown|reported|summari[sz]ed|found|can be|in §)",
        rf"\b{_TUNED}\s(?:in|from|among|of)\s\{{.{{0,60}}\b(?:tried|tested|explored|searched|considered|compared)\b",
        r"\bbest (?:of|among)\b.{0,30}\b(?:hyper-?parameters?|configurations?|settings?)\b",
        r"\b(?:select|chos|choos|pick)\w*\s(?:the\s)?(?:\w+\s)?(?:models?|configurations?|checkpoints?)\b.{0,30}"
        r"\b(?:lowest|highest|best)\b.{0,20}\b(?:validation|dev)\b",
        r"\b(?:best|optimal)\b.{0,40}\b(?:found|determined|obtained)\s(?:on|using|by|via|with)\s(?:the\s"
        r"|a\s)?(?:validation|development|dev|held|cross)\b",
        r"\bmodel selection\b.{0,60}\b(?:validation|held[- ]?out|dev|cross)\b",
        r"\b(?:tune|select|choose|optimi[sz]e|search for)\s(?:the\s|our\s|all\s)?(?:\w+\s)?hyper-?parameters?\b",
    ),
    unless=pattern(
        r"\b(?:future work|(?:could|might|would|may) (?:be|lead|improve|help))\b",
        r"\bhyper-?parameter-free\b|\bexisting (?:approach|method|work)",
        r"\b(?:require|need)s? (?:no|less)\b|\b(?:can be used|allows?) to\b|\btools? for (?:\w+ )?tuning\b",
        r"\bcan be (?:\w+ )?(?:tuned|optimi[sz]ed|chosen|selected|set|varied)\b",
        r"\bneeds? to (?:manually |be )",
        r"\bnumber of (?:training|labell?ed) (?:examples|samples|images|points|instances)\b",
    ),
    beside=pattern(r"\babstract\b|\bintroduction\b"),
)


# Whatever the order of the words: a setting, that it was chosen, and by what.
_SEARCH_LOOSE = replace(
    SEARCH,
    said=pattern(
        r"\bcross-?validat\w*|\b(?:validation|development|dev|held[- ]?out)\s(?:set|data|split|loss|accuracy"
        r"|performance|F1|error|score)\b|\bgrid search|\bsensitivity analysis\b|\b(?:initial|preliminary"
        r"|pilot) experiments?\b|\bbudget of \d|\bbest (?:one|value|performing|results?) (?:was|were|is|are)\b",
    ),
    also=(
        pattern(
            rf"\b{_TUNED}",
            r"\b(?:hidden|embedding|latent|vocabulary|window|beam)\s(?:sizes?|dimensions?)\b|\bnumber of \w+\b"
            r"|\b(?:patience|settings?|configurations?|architectures?|values?|regulari[sz]ation)\b",
        ),
        pattern(
            r"\b(?:selected|choose|chose|chosen|tuned|tuning|determined|picked|optimi[sz]ed|searched|swept|adjusted"
            r"|cross-?validate[ds]?|consider(?:ed|ing)?|explor(?:ed|ing)|tested|tried|varied|varying|compared|kept"
            r"|fixed|set)\b"
        ),
    ),
    deny=False,
)


def search(paper: Paper) -> Statement:
    """Return whether the paper tells how hyperparameters were found: in a sentence or a section on it."""
    found = either(paper, SEARCH, _SEARCH_LOOSE)
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
    found = either(paper, HYPERPARAMETERS, _IN_WORDS)
    if found.answer == "stated":
        return found
    for table in paper.tables:
        cells = [*table.header, *(row[0] for row in table.rows if row)]
        if sum(bool(re.fullmatch(rf"(?:the )?{_NAME}s?", cell.strip(), re.I)) for cell in cells) >= 2:
            return in_table(paper, HYPERPARAMETERS.item, table, "", "table")
    return Statement(found.item, "not_found") if found.answer == "denied" else found


def split(paper: Paper) -> Statement:
    """Return whether the paper tells which data served for training and which for the evaluation.

    A table of the data sets' sizes tells it as well, where it parts them into training and evaluation.
    """
    found = look(paper, SPLIT)
    if found.answer == "stated":
        return found
    for table in paper.tables:
        names = [*table.header, *(row[0] for row in table.rows if row)]
        parts = [next((name for name in names if part.search(name)), None) for part in _PARTS]
        if all(parts) and _DATA_CAPTION.search(table.caption):
            return in_table(paper, SPLIT.item, table, table.label, "table")
    return found


_PARTS = (pattern(r"\btrain(?:ing)?\b"), pattern(r"\b(?:test|dev|val|valid|validation|development|evaluation)\b"))
_DATA_CAPTION = pattern(
    r"\b(?:statistics|sizes?|details|overview|summary|number|characteristics|propert\w+"
    r"|splits?)\b.{0,60}\b(?:data ?sets?|data|corp(?:us|ora)|splits?|sets|sentences|samples|examples|benchmarks?)\b"
    r"|\bdata ?sets? (?:statistics|sizes?|splits?|details)\b"
)
