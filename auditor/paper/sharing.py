"""What a paper says about sharing: its code, trained weights, and licences."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.paper.alternatives import Alternatives
from auditor.paper.model import Paper, Sentence, Statement
from auditor.paper.needed import may_match
from auditor.paper.sayings import Rule, either, negated, not_found, pattern, told

_CODE = r"(?:source[- ]?codes?|code ?bases?|codes?|implementations?|software|scripts?|repositor(?:y|ies)|notebooks?)"
_RELEASED = pattern(
    r"\b(?:we|authors?)\s(?:\w+\s){0,3}(?:releas\w*|open[- ]?sourc\w*|publish\w*|provide|provided|share|shared"
    rf"|make|made|include|attach|submit)\b.{{0,60}}\b{_CODE}\b",
    rf"\b(?:our|the|all|full|source|complete|this)\s(?:\w+\s){{0,2}}{_CODE}\b.{{0,90}}\b(?:available|released?"
    r"|open[- ]?sourced?|accessible|provided|included|found|published)\b",
    rf"\b{_CODE}\s(?:\w+\s){{0,6}}(?:is|are|will be|can be)\s(?:\w+\s){{0,3}}(?:available|released|open[- ]?sourced"
    r"|accessible|provided|included|found|public)\b",
    rf"\b{_CODE}\s(?:[\w-]+\s){{0,6}}(?:is|are)\s(?:at|on|in)\s(?:https?://|github|our\s|the\s(?:\w+\s)?repository)",
    r"\bwe\s(?:\w+\s)?open[- ]?source\w*\s(?:our|the|this)\s\w",
    rf"(?:\b|[¹²³⁴⁵⁶⁷⁸⁹])(?:e-?mail|contact|write to|ask)\b.{{0,30}}\bauthors?\b.{{0,30}}\b{_CODE}\b",
    rf"\brepository\s(?:at\s)?(?:https?://|github)\S{{3,80}}\s(?:contains|holds|provides"
    rf"|includes)\b.{{0,40}}\b{_CODE}\b",
    rf"\bsee\s(?:https?://|github)\S{{3,80}}\sfor\s(?:\w+\s){{0,2}}{_CODE}\b",
    rf"^\W{{0,3}}{_CODE}\s?(?:(?:and|&|/)\s?\w+\s?)?:\s?(?:https?://|github|available|see)",
)
_NOT_OWN = pattern(
    r"\b(?:their|original authors|the authors of|official implementation|third[- ]party|et al\.?)\b",
    r"\b(?:baselines?|competitors?|prior work|previous)\b.{0,60}\b(?:available|released)\b",
    rf"\bwe (?:use|used|adopt\w*|follow\w*|modif\w*|adapt\w*)\b.{{0,60}}\b{_CODE}\b",
)
_PROMISE = pattern(
    r"\b(?:will be|upon|after|once)\b.{0,60}\b(?:available|releas\w*|public\w*|accept\w*|open[- ]?sourced?)\b"
)
_SUPPLEMENT = pattern(r"\b(?:supplement\w*|appendix|attached|zip)\b")


def code(paper: Paper) -> Statement:
    """Return whether the paper says that its own code can be had.

    `kind`: `link` where a link leads to it, `promise` where it is promised for later, `supplement`, or `words`.
    """
    item = "code_statement"
    if paper.code_link:
        link = paper.code_link.link
        return Statement(item, "stated", link.page, link.context or link.url, link.box, "link")
    denied: Statement | None = None
    for sentence in paper.sentences:
        text = sentence.text[:1500]
        match = _RELEASED.search(text)
        if not match or (_NOT_OWN.search(text) and not re.search(r"\bour\b", text)) or _only_data(match):
            continue
        if not negated(text, match):
            return told(item, sentence, match, _kind_of_code(text))
        denied = denied or told(item, sentence, match, answer="denied")
    return denied or not_found(item)


def _only_data(match: re.Match[str]) -> bool:
    return bool(
        re.search(
            r"\bcode\s?words?\b|\bcodebook|\bzip codes?\b|\bsource code (?:of|for) (?:[A-Z]|each|every|a|an)\b",
            match[0],
        )
    )


def _kind_of_code(text: str) -> str:
    if _PROMISE.search(text):
        return "promise"
    return "supplement" if _SUPPLEMENT.search(text) else "words"


_PRETRAINED = r"pre-?\s?trained"
_THING = (
    r"(?:models?|weights?|checkpoints?|networks?|encoders?|backbones?|embeddings?|parameters|language models?"
    r"|transformers?|classifiers?|detectors?|generators?|decoders?|tokenizers?|Diffusion|[A-Z][\w.-]*(?:Net|BERT|bert"
    r"|GPT|CNN|LM|ViT)[\w.-]*|BERT|LLMs?|(?:VGG|ResNet|Inception|ViT|CLIP|T5|GPT|Llama|LLaMA|GloVe|fastText|word2vec"
    r"|ELMo|CNN|RNN)[\w.-]*)"
)
_USING = (
    r"(?:prompt\w*|evaluat\w*|us(?:e|es|ed|ing)|test\w*|run|ran|deploy\w*|quer(?:y|ied)|experiment\w*|consider\w*"
    r"|select\w*|choose|chose|employ\w*)"
)
_LLM = r"(?:Llama|LLaMA|Mistral|Mixtral|Qwen|Gemma|Phi|DeepSeek|Falcon|OLMo|Vicuna|Flan-T5|Whisper)[-\s]?v?\d"
_COMMON_SOURCE = (
    r"(?:ImageNet|ILSVRC|(?:MS[- ]?)?COCO|Kinetics|Google News|Common ?Crawl|Wikipedia|Visual Genome|Sports-?1M"
    r"|AudioSet|VGGFace|LAION)"
)
WEIGHTS = Rule(
    "pretrained_weights_mentioned",
    Alternatives.of(
        r"(?i:\b(?:us(?:e|es|ed|ing)|utili[sz]\w*|based on (?:an?|the)|buil[dt] on|rel(?:y|ies|ied) on|integrat\w*"
        r"|incorporat\w*|deploy\w*|freez\w*|frozen|encod\w*|embedded|compar\w*|experiment(?:ed)? with|transfer\w*"
        r"|import\w*|obtain\w*|load\w*|start\w*|initiali[sz]\w*|fine-?tun\w*|download\w*|leverag\w*|employ\w*|adopt\w*"
        r"|appl\w*|extract\w*|evaluat\w*|attack\w*|tak\w+|releas\w*|provid\w*|consider\w*|choos\w*|chose|select\w*)\b"
        rf".{{0,60}}\b{_PRETRAINED}\s(?:\S+\s){{0,4}}){_THING}\b"
        rf"|(?i:\b{_PRETRAINED}\s(?:\S+\s){{0,4}}){_THING}\b.{{0,80}}(?i:\b(?:is|are|was|were"
        r"|can be)\s(?:\w+\s)?(?:used|available|released|fine-?tuned|obtained|provided|downloaded|publicly)\b)"
        r"|(?i:\b(?:we|our)\b.{0,60}\breleas\w+\b.{0,40}\b(?:trained (?:models?|weights)|weights|checkpoints?"
        r"|models?)\b)|(?i:\b(?:previously|already) trained on)\s[A-Z]"
        rf"|{_THING}\b.{{0,40}}(?i:\b{_PRETRAINED} on\s(?:the\s)?)[A-Z]"
        r"|(?i:\bfine-?tun(?:e|ed|ing)\s(?:\w+\s){0,3})(?:\w*BERT|GPT-|T5|Ll?a[Mm]A|Llama|Mistral|Qwen|ViT|CLIP|XLNet"
        r"|ELECTRA|BART|Gemma|Whisper)|(?:BERT|GPT-\d|T5|Llama|LLaMA|ViT"
        r"|CLIP)[\w.-]*,?\s(?i:(?:\w+\s){0,4}fine-?tun(?:ed|ing)\b)|(?i:\binitiali[sz]\w*\s(?:from|with"
        r"|by)\s(?:the\s)?)(?:\w*BERT|GPT-|T5|Ll?a[Mm]A|Llama|ImageNet|CLIP|GloVe)|(?i:\b(?:checkpoints?"
        r"|weights)\s(?:\w+\s){0,4}(?:are|is|will be)\s(?:\w+\s){0,2}(?:released|available|provided|shared)\b)"
        r"|(?i:\b(?:releas|publish|provid|shar|mak)\w*\s(?:\w+\s){0,3}trained (?:models?|weights|networks?"
        r"|checkpoints?)\b)|\bImageNet (?:pre-?training|weights)\b"
        r"|(?i:\bfeatures?\b.{0,60}\btrained on\s(?:the\s)?)ImageNet|(?i:\b(?:initiali[sz]\w*|start\w*|load\w*|us(?:e"
        r"|es|ed|ing))\s(?:\w+\s){0,2}(?:from|with)?\s?(?:the|a)\s(?!same|best|last|final|saved|resulting"
        r"|corresponding)(?:\S+\s){1,4}checkpoints?\b)|(?i:\btrained (?:models?|weights|checkpoints?"
        r"|networks?)\s(?:and (?:code|data)\s)?(?:are|is|will be|can be)\s(?:\w+\s){0,3}(?:available|released"
        r"|downloaded|found|provided|shared)\b)|(?:\b(?i:models?|checkpoints?)|BERT|GPT|T5"
        r"|Llama)\S*\s(?i:(?:\w+\s){0,4}from (?:the )?hugging ?face\b)"
        rf"|{_THING}.{{0,60}}(?i:\b(?:which|that)\s(?:(?:is|was|were|are)\s)?(?:pre-?)?trained by)\s\[?[A-Z\d]"
        rf"|(?i:\boff[- ]the[- ]shelf\s(?:\S+\s){{0,3}}){_THING}\b|\bImageNet[\w-]*\s(?i:pre-?trained|initiali\w+)"
        r"|\b[A-Za-z][\w-]{2,30}/[A-Za-z][\w.]{1,30}-[\w.-]{0,40}\d[bBM]\b|(?i:\bopen[- ]weights? (?:models?|LLMs?"
        r"|language models?|checkpoints?)\b)|(?i:\bhugging ?face\b.{0,60}\b(?:obtain|download|load|access"
        r"|retriev)\w*\b.{0,40}\b(?:models?|checkpoints?|weights))\b|(?i:\b(?:models?|checkpoints?"
        r"|weights)\b.{0,60}\b(?:obtain|download|load|access|retriev|taken)\w*\b.{0,30}\bhugging ?face)\b"
        r"|(?i:\binitiali[sz]\w*\s(?:\w+\s){0,2}(?:with|from|by|using)\s(?:the\s)?(?:\w+\s)?(?:weights"
        r"|parameters)\s(?:of|from|learn\w*)\b)|(?i:\bweights\b.{0,40}\b(?:taken|copied|transferred|loaded|inherited"
        r"|learn\w*|obtained)\s(?:from|on)\s)(?i:an?|the)?\s?(?:\w+\s(?i:(?:pre)?trained on)|[A-Z])"
        r"|(?i:\bmodels?\s(?:from|of|in)\s(?:the\s)?)[A-Z][\w.-]{1,20}(?:\s\[?\S{1,20})?\s(?i:family|series)\b"
        rf"|(?i:\b{_USING}\b.{{0,60}}){_LLM}"
        # What extracts features has been trained on such data before.
        rf"|(?i:(?:extractors?|encoders?|backbones?|detectors?|features?|embeddings?"
        rf"|vectors?)\b.{{0,60}}\btrained (?:on|for|with)\s(?:the\s)?){_COMMON_SOURCE}|(?:I3D|C3D|IRV2"
        rf"|Inception\S{{0,12}}|[Ww]ord2[Vv]ec)\b.{{0,30}}(?i:\btrained on\s(?:the\s)?){_COMMON_SOURCE}"
        r"|(?i:\btransfer[- ]learning\b.{0,80}\b)(?:ImageNet|COCO|VGG|ResNet|Inception|BERT|MobileNet|EfficientNet"
        r"|Kinetics)|(?i:\b(?:us(?:e|es|ed|ing)|extract\w*|input|embed\w*|initiali[sz]\w*)\b.{0,40}\b)(?:\w*BERT|CLIP"
        r"|VGG\S{0,6}|I3D|C3D|GloVe|Glove|[fF]ast[tT]ext|ELMo)\s(?i:(?:\w+\s)?(?:features|embeddings?|vectors"
        r"|representations)\b)|\b(?:CLIP|VGG\S{0,6}|I3D|C3D|\w*BERT)\s(?i:(?:features|embeddings)\s(?:\w+\s)?(?:are"
        r"|were|is)\s(?:\w+\s)?(?:us|extract|comput))|(?i:\b(?:public\w*|official|released|available"
        r"|provided)\s(?:available\s)?(?:model\s)?(?:weights|checkpoints?)\b)"
        r"|(?i:\bwarm-?start\w*\b.{0,40}\bweights\b)|(?i:\bvectors\s(?:come|are taken|were taken|are"
        r"|were)\sfrom\s(?:the\s)?)(?:GloVe|[fF]ast[tT]ext|[wW]ord2[vV]ec)"
        r"|(?i:\badapt\w*\b.{0,40}\bpre-?trained\s(?:\w+\s)?models?\b)|(?i:\bfrom the\s(?:\w+\s)?checkpoints? of\b)"
        r"|(?i:\bus(?:e|ed|ing) the (?:\w+ )?trained (?:models?|networks?|weights) (?:of|from|by|provided)\b)"
        r"|(?i:\b(?:features?|(?:image|text) encoder) (?:\w+ )?pre-?trained on\b|\(pre-?trained\b)|(?i:\b(?:model"
        r"|checkpoint|weights)\b.{0,40}\bas (?:the|our) (?:starting point|initiali[sz]ation)\b)"
    ),
    unless=pattern(r"\bfuture work\b"),
    not_in=pattern(
        r"\b(?:each|every|both|resulting|newly|so|saved) pre-?trained\b",
        r"\b(?!releas|provid|publish|shar|we\b)\w+\sour pre-?trained\b",
        r"\bpre-?trained or random\b",
    ),
)

_LICENCE_NAME = (
    r"(?:Creative Commons|CC[- ]BY\b|CC0|MIT|Apache|BSD|L?GPL|AGPL|MPL|Mozilla|GNU|ODbL|OpenRAIL"
    r"|Open Data Commons|Open Database|proprietary|open[- ]source|permissive)"
)
_LICENCE = re.compile(
    rf"\b{_LICENCE_NAME}[\w\s,.()/-]{{0,60}}(?i:licen[cs]e[sd]?)\b|(?i:\b(?:released|distributed|licen[cs]ed|available"
    rf"|published|shared|provided)\s(?:\w+\s){{0,2}}under\s)(?:\S+\s){{0,6}}?(?:{_LICENCE_NAME}|(?i:licen[cs]e))\b"
    rf"|\bCC[- ]BY(?:-\w\w)*\b|(?i:\blicen[cs]ed under\b)|(?i:\bterms of the\b.{{0,40}}\blicen[cs]e\b)"
)


def licence(paper: Paper) -> Statement:
    """Return the first licence that is named; `kind` tells of what: `code`, `data`, `article` or `unknown`.

    A licence of the code or the data is preferred to that of the article itself, which stands on its first page.
    """
    found = list(_licences(paper, "licence_mentioned"))
    return next((one for one in found if one.kind != "article"), found[0] if found else not_found("licence_mentioned"))


def code_licence(paper: Paper) -> Statement:
    """Return whether a licence of code is named."""
    return _licence_of(paper, "code_licence_stated", "code")


def data_licence(paper: Paper) -> Statement:
    """Return whether a licence of data, or of trained models, is named."""
    return _licence_of(paper, "data_licence_stated", "data")


def _licence_of(paper: Paper, item: str, kind: str) -> Statement:
    return next((one for one in _licences(paper, item) if one.kind == kind), not_found(item))


def _licences(paper: Paper, item: str) -> Iterator[Statement]:
    """The sentences that name a licence, with what it covers as their kind."""
    for sentence in paper.sentences:
        text = sentence.text[:1500]
        match = _LICENCE.search(text) if may_match(_LICENCE, text.casefold()) else None
        if match and not negated(sentence.text, match):
            yield told(item, sentence, match, _licensed(sentence))


def _licensed(sentence: Sentence) -> str:
    """What the licence in this sentence covers."""
    text = sentence.text
    if re.search(r"\b(?:copyright|©|this (?:article|work|paper)|open access|permission|published by)\b|©", text, re.I):
        return "article"
    if re.search(rf"\b{_CODE}\b|\blibrary\b|\bpackage\b|\btoolkit\b", text, re.I):
        return "code"
    if re.search(
        r"\b(?:data ?sets?|data|corpus|corpora|wikipedia|images?|texts?|benchmarks?|models?|weights)\b", text, re.I
    ):
        return "data"
    return "article" if sentence.page == 1 and sentence.kind in ("front", "abstract") else "unknown"


_RELEASED_MODEL = (
    r"(?:(?:\w+-)?(?:[A-Z][a-z]{1,3}|m|Sci|Clinical|Sentence-|S|M)?(?:BERT|RoBERTa|ROBERTA)(?:-\w+)*|ALBERT"
    r"|DeBERTa[\w-]*|ELECTRA|XLNet|XLM-?R?\w*|BART|m?T5|ELMo|GPT-?2|CLIP|DINO(?:v2)?|Whisper|wav2vec[\w.]*|HuBERT"
    r"|GloVe|[fF]ast[tT]ext|SAM|Stable Diffusion|StyleGAN\d?|Llama[\w.-]*|LLaMA[\w.-]*|Mistral[\w.-]*|Qwen[\w.-]*)"
)
_WEIGHTS_LOOSE = Rule(
    WEIGHTS.item,
    # Models that are known by their weights, where the authors put one to work.
    Alternatives.of(
        rf"(?i:\b(?:we|our)\b.{{0,60}}\b(?:us(?:e|ed)|adopt(?:ed)?|employ(?:ed)?|encod\w*|embed\w*|start\w* from"
        rf"|build\w* (?:up)?on|built (?:up)?on|(?:come|taken|obtained) from|initiali[sz]\w*|fine-?tun\w*|appl(?:y|ied)"
        rf"|leverag\w*|encoder is|backbone is|base model is)\s(?:[\w-]+\s){{0,5}}){_RELEASED_MODEL}(?=[\s,.;)])"
        rf"|(?i:\b(?:encoded|embedded|initiali[sz]ed|represented|transcribed)\s(?:\w+\s)?(?:with|by|using"
        rf"|from)\s(?:the\s)?(?:\w+\s)?){_RELEASED_MODEL}(?=[\s,.;)])|{_RELEASED_MODEL}\s(?i:(?:word\s)?(?:vectors"
        rf"|embeddings)\s(?:are|were|is)\sused\b)|(?i:\b(?:the|a) pre-?trained\s)[A-Z]\w*[A-Z\d]\w*"
        rf"|(?i:\bpre-?trained policy\b)|(?i:\bmodels? trained on\s(?:the\s)?){_COMMON_SOURCE}\S*\s(?i:is|are|was"
        rf"|were)\s(?i:used|applied)"
    ),
    unless=pattern(
        r"\bfrom scratch\b|\bfuture work\b|\barchitecture of\b|\brandom(?:ly)? initiali|\bsimilar to\b|\binspired\b"
    ),
    deny=False,
)


def weights(paper: Paper) -> Statement:
    """Return whether trained weights are used or released; "without any pretrained model" denies it."""
    return either(paper, WEIGHTS, _WEIGHTS_LOOSE)
