"""Where trained weights can be had: in the tree, or by links, commands and code that fetch them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from auditor.errors import Unreadable
from auditor.findings import FileEvidence
from auditor.repository.backbones import is_backbone, is_publisher
from auditor.repository.documents.outline import Outline
from auditor.repository.folders import lies_in
from auditor.repository.model import CodeBlock, Document, DocumentLink, Repository
from auditor.repository.weight_files import FIXTURES, MODEL_WORDS, WEIGHTS_FILE, authors_files, weight_files

LINKS = 2_000
"""How many links, and blocks of code, of one document are looked at."""
SCRIPT_LINES = 2_000
CONFIGS = 300
CONFIG_BYTES = 50_000
"""How many settings files, and of which size, are searched for addresses."""

_ARCHIVE = re.compile(r"\.(zip|tar|t?gz|bz2|xz|7z|rar|pkl|pickle|h5|hdf5|bin|pb|npz|npy|model|mat|tar\.\w{2,3})$", re.I)
_SHARED = re.compile(
    r"(drive|docs)\.google\.com|dropbox|1drv\.ms|onedrive|sharepoint|pan\.baidu|box\.com|mega\.(nz|co)|yadi\.sk"
    r"|disk\.yandex|wetransfer|mediafire|icloud|aliyundrive|weiyun|seafile|nextcloud|owncloud|/d/s/|polybox|switchdrive"
    r"|zenodo\.org|figshare|osf\.io|doi\.org/10\.5281|dataverse|data\.mendeley|archive\.org/details|ieee-dataport"
    r"|amazonaws|s3[.-]|storage\.(googleapis|cloud)|blob\.core\.windows|azureedge|cloudfront|aliyuncs|digitaloceanspaces"
    r"|huggingface\.co/|hf\.co/|tfhub\.dev|modelscope|kaggle\.com/models|/releases(/|$)|wandb\.ai/.{1,200}artifacts"
    r"|fbaipublicfiles|goo\.gl|bit\.ly|tinyurl|^s3://|^gs://|/~|/download",
    re.I,
)
"""Places where files are shared: a link there is a download, whatever its name."""
_PAGE = re.compile(
    r"arxiv\.org|openreview\.net|(papers\.)?n(eur)?ips\.cc|proceedings|dl\.acm|ieeexplore|aclweb|aclanthology|wikipedia|youtu"
    r"|readthedocs|/docs/|pypi\.org|medium\.com|twitter\.com|colab\.|shields\.io|travis-ci|anaconda\.(com|org)|pytorch\.org"
    r"|python\.org|\.(html?|pdf|ipynb|py|md|rst|png|jpe?g|gif|svg|txt|sh|ya?ml|json)([?#]|$)"
    r"|(github|gitlab|bitbucket)\.(com|org)/[^/]{1,100}/?[^/]{0,100}/?(#.{0,200})?$"
    r"|(github|gitlab|bitbucket)\.(com|org)/[^/]{1,100}/[^/]{1,100}/(issues|pull|wiki|tree|commit|actions)",
    re.I,
)
"""Addresses of pages to read: papers, manuals, repositories."""
_OFFERED = re.compile(
    r"\b(download\w{0,3}|available|avaliable|here|found|provided?|obtain\w{0,2}|released?|hosted|get)\b", re.I
)
_AND = re.compile(r"^\s{0,3}(,|/|&|(and|or|as well as)\b)", re.I)
_ASKED = re.compile(
    r"(?<!be )(?<!is )(?<!are )(?<!been )\b(download|get|obtain|fetch|provide|release|share|upload|find|give)s?"
    r"(?! (it|them|here|from|at)\b)\s",
    re.I,
)
_WORDS = re.compile(
    r"\bpre-?\s?trained\b|\b(fine-?tuned|(already )?trained|learned|learnt|released|saved) "
    r"([\w-]{1,30} ){0,3}(models?|networks?|nets?|weights?|checkpoints?|agents?|parameters?|polic(y|ies)|encoders?"
    r"|classifiers?|generators?)\b"
    r"|\bcheckpoints?\b|\bckpts?\b|\bmodels? (weights?|files?|zoo|parameters?|checkpoints?|snapshots?)\b|\bweights\b"
    r"|\b(our|final|best|the) (trained )?models?\b"
    r"|\bmodels? ([\w-]{1,30} ){0,4}(be |are |is )?(downloaded|available|found|provided|saved in|stored in)"
    r"|\b(download|get|fetch)(ing)? (the |our |a |all )?models?\b|\bsnapshots?\b|\bmodel zoo\b|\btrained on\b",
    re.I,
)
_HEADING = re.compile(
    r"pre-?\s?trained|check-?points?|model zoo|weights|(trained|released|available|download\w{0,3}|saved) models?"
    r"|^\W{0,3}models?\W{0,3}$|models? (downloads?|releases?|files?|links?|list)",
    re.I,
)
_DATA = re.compile(
    r"\b(data\s?sets?|data|corpus|corpora|features?|annotations?|splits?|images?|videos?|logs?|embeddings?|vectors|results"
    r"|slides?|poster|paper|pdf|demo|colab|supplementary|samples?|outputs?|vocab\w{0,6})\b",
    re.I,
)
_OURS = re.compile(r"\b(our|we|us|released?|models?|checkpoints?|weights)\b", re.I)
_OWN_VECTORS = re.compile(
    r"\b(embeddings?|vectors|representations)\b( (that|which))? (we|was|were) (have )?(computed|trained|learn(ed|t))"
    r"|\bour (own )?(trained |learn(ed|t) )?([\w-]{1,30} ){0,2}(embeddings|representations)\b",
    re.I,
)
"""What a method of representation learning is fitted to give: its embeddings."""
_HUB = re.compile(r"(huggingface\.co|hf\.co)/[\w-]{1,100}/[\w.-]{1,100}/?$|modelscope\.cn/models/", re.I)
"""Pages of single models on a model hub."""
_ON_DATA = re.compile(
    r"\b(on|for|with|using|of|from|over) [^.;:()]{0,80}\b(data\s?sets?|data|images|corpus|corpora|videos|splits?)\b",
    re.I,
)
"""What a model is trained on, or meant for: not what is handed out."""
_FOREIGN = re.compile(
    r"(using|with|fine-?tun\w{1,3}|initiali[sz]\w{1,3} (from|with|by)|based on|start\w{0,3} from) (the|a|an) "
    r"([\w-]{1,30} ){0,2}pre-?\s?trained"
    r"|pre-?\s?trained ([\w-]{1,30} ){0,2}(vgg|res\W?net|inception|alex\W?net|mobile\W?net|dense\W?net|bert|word|glove"
    r"|backbone|faster|bottom|language model|embedding)"
    r"|imagenet[- ]pre-?trained|pre-?trained on imagenet|word (vectors|embeddings)|\bglove\b"
    r"|\b(inception|vgg|res\W?net)[\w-]{0,20} (network|model|weights|checkpoint)"
    r"|(provided|released|trained|published|shared) (by|in|from) (the )?(authors? of|original|official|\[)"
    r"|official (tensorflow|pytorch|caffe|torchvision)",
    re.I,
)
_PLACEHOLDER = re.compile(
    r"coming soon|to be (released|added|uploaded|provided)|\bwill (be|release|upload|provide|add|publish|share)\b"
    r"|\btb[ad]\b|\btodo\b|not (yet )?(available|released|uploaded)|(upon|on) request|no longer available",
    re.I,
)
_FETCH = re.compile(
    r"\b(wget|curl|gdown|aria2c|axel|gsutil|aws s3|azcopy|gdrive|huggingface-cli download|hf download|git clone)\b",
    re.I,
)
_FETCH_CODE = re.compile(
    r"gdown|urlretrieve|load_url|from_url|download|hf_hub|from_pretrained|wget|requests?\.get|get_file", re.I
)
_DRIVE = re.compile(r"https?://(drive|docs)\.google\.com/", re.I)
_DRIVE_ID = re.compile(r"/d/|/folders/|[?&]id=|/drive/|/uc\?|/open\?", re.I)
_URL = re.compile(r"(?:https?|s3|gs)://[^\s'\"<>)\]}]{3,500}")


def weight_references(repository: Repository) -> tuple[FileEvidence, ...]:
    """Return where the authors' own trained weights can be had: committed files, links, download scripts."""
    files = [
        FileEvidence(path=file.path, excerpt="its content lies elsewhere" if file.absent else f"{file.size} bytes")
        for file in weight_files(repository)
    ]
    promised = any(_promises(document) for document in repository.documents)
    fetched = (*_in_scripts(repository), *_in_code(repository, promised), *_in_configs(repository))
    return (*files[:20], *_documented(repository), *fetched)


def _documented(repository: Repository) -> Iterator[FileEvidence]:
    """Yield the links and the download commands of documents that lead to weights."""
    for document in repository.documents:
        if lies_in(document.path, repository.others_projects):
            continue
        outline = Outline(document)
        for link in document.links[:LINKS]:
            if not link.image and _leads_to_weights(link, outline.sections(link.line)):
                yield FileEvidence(
                    path=document.path, line=link.line, excerpt=f"{link.context or link.text} ({link.url})"[:400]
                )
        for block in document.blocks[:LINKS]:
            yield from _commands(block, outline)


def _leads_to_weights(link: DocumentLink, sections: tuple[str, ...]) -> bool:
    """Return whether a link leads to a download and the words at it speak of trained weights of the authors' own."""
    if not link.url.startswith(("http://", "https://")) or is_publisher(link.url) or _PAGE.search(link.url):
        return False
    if _DRIVE.match(link.url) and not _DRIVE_ID.search(link.url):
        return False  # a name in the place of the drive's own key leads nowhere: a template's example
    name = _file_name(link.url)
    near = _near(link)
    if is_backbone(name) or _FOREIGN.search(near) or _PLACEHOLDER.search(near):
        return False
    if _OWN_VECTORS.search(near) and (_SHARED.search(link.url) or _ARCHIVE.search(name)):
        return True
    if WEIGHTS_FILE.search(name):
        return True
    if not (_SHARED.search(link.url) or _ARCHIVE.search(name)):
        return bool(_OFFERED.search(near)) and _speaks_of_weights(_before(link)) is True
    words = _spaced(f"{'' if link.text.startswith('http') else link.text} {_path_of(link.url)}")
    if _WORDS.search(words) or _in_path(link.url) or (_HUB.search(link.url) and _OURS.search(near)):
        return True
    if _DATA.search(link.text) and not MODEL_WORDS.search(link.text):
        return False
    spoken = _speaks_of_weights(_before(link))
    if spoken is None and _WORDS.search(near) and not _DATA.search(near):
        return True
    if spoken is None:
        return any(_HEADING.search(title) for title in sections[-2:]) and _speaks_of_weights(sections[-1]) is not False
    return spoken


def _speaks_of_weights(before: str) -> bool | None:
    """Return whether the words before a link hand out trained weights, rather than data; None where neither is named.

    What an active verb asks to fetch decides; else the sentence's first such noun, its subject.
    """
    text = _ON_DATA.sub(" ", before)
    asked = [match.end() for match in _ASKED.finditer(text)]
    for part in (*(text[place:] for place in reversed(asked)), text):
        weights, data = _WORDS.search(part), _DATA.search(part)
        if weights and data and data.start() < weights.start():
            between = part[data.end() : weights.start()]
            return len(between) < 30 and bool(_AND.search(between))
        if weights or data:
            return weights is not None
    return None


def _in_path(url: str) -> bool:
    """Return whether a folder or the file that the address names says that it holds trained models."""
    words = _spaced(_path_of(url))
    return bool(
        re.search(
            r"pre-?\s?train(ed|ing)?|\b(released|trained|saved)?\s?(models|weights|checkpoints?|ckpts?)\b", words, re.I
        )
    )


def _near(link: DocumentLink) -> str:
    """Return the words of the sentence that holds the link, and the link's own."""
    position = link.context.find(link.text) if link.text else -1
    if position < 0:
        return f"{link.context[:260]} {link.text}"
    after = link.context[position + len(link.text) :][:100]
    return f"{_before(link)} {link.text} {re.split(r'[.;!?] ', after)[0]}"


def _before(link: DocumentLink) -> str:
    """Return the words of the link's sentence before it and, for a bare link, all that its row or line says."""
    position = link.context.find(link.text) if link.text else -1
    if position < 0 or " | " in link.context:
        return link.context[:300]
    return re.split(r"[.;!?] ", link.context[max(0, position - 200) : position])[-1]


def _commands(block: CodeBlock, outline: Outline) -> Iterator[FileEvidence]:
    """Yield the lines of a block of commands that fetch weights."""
    said = " ".join((*outline.sections(block.line)[-2:], outline.before(block.line)))
    for offset, line in enumerate(block.text.split("\n")[:SCRIPT_LINES]):
        if _FETCH.search(line[:1_000]) and _fetches_weights(line[:1_000], said):
            yield FileEvidence(path=block.path, line=block.line + offset, excerpt=line.strip()[:300])


def _fetches_weights(line: str, said: str) -> bool:
    """Return whether a line of commands fetches the authors' weights, by its addresses and what is said of it."""
    urls = _URL.findall(line)
    if _is_others(line, urls) or "git clone" in line:
        return False
    if _FOREIGN.search(said):
        return False
    if any(WEIGHTS_FILE.search(_file_name(url)) or _in_path(url) for url in urls):
        return True
    if not (_FETCH.search(line) and (urls or re.search(r"gdown|huggingface-cli|hf download|gdrive", line))):
        return False
    words = _spaced(line)
    if _WORDS.search(words):
        return True
    if _DATA.search(" ".join(_spaced(_file_name(url)) for url in urls) or words):
        return False
    last = said.strip().rpartition("\n")[2][-200:]
    return (bool(_WORDS.search(said)) and not _DATA.search(said)) or _speaks_of_weights(last) is True


def _in_scripts(repository: Repository) -> Iterator[FileEvidence]:
    """Yield the lines of shell scripts that fetch weights: what the script, the line or a word above it says."""
    for file in authors_files(repository):
        if file.kind != "shell":
            continue
        try:
            lines = repository.text(file.path).split("\n")[:SCRIPT_LINES]
        except Unreadable:
            continue
        if not any(_FETCH.search(line[:1_000]) for line in lines):
            continue
        title = _spaced(file.path)
        models = bool(_WORDS.search(title) or MODEL_WORDS.search(title)) and not _DATA.search(title)
        above = ""
        for number, line in enumerate((line[:1_000] for line in lines), 1):
            if _fetches_weights(line, above) or (models and _FETCH.search(line) and _plain_fetch(line)):
                yield FileEvidence(path=file.path, line=number, excerpt=line.strip()[:300])
            above = line[:300] if re.match(r"\s{0,20}(#|echo\b)", line) else "" if not line.strip() else above


def _plain_fetch(line: str) -> bool:
    urls = _URL.findall(line)
    return bool(urls) and not _is_others(line, urls) and not _DATA.search(_spaced(line))


def _is_others(line: str, urls: list[str]) -> bool:
    """Return whether a line fetches what others trained, by its addresses and the name it is saved under."""
    names = [_file_name(url) for url in urls] + _SAVED_AS.findall(line)
    return any(is_publisher(url) for url in urls) or any(is_backbone(name) for name in names)


_SAVED_AS = re.compile(r"(?:\s-{1,2}(?:O|o|output|output-document)[\s=]|>)\s{0,4}(?:[\w./$-]{0,200}/)?([\w.-]{1,100})")


def _in_code(repository: Repository, promised: bool) -> Iterator[FileEvidence]:
    """Yield the addresses of weights in the authors' Python, where some of it fetches files.

    An address named after a well-known backbone, or that ends with a folder, counts only where a document promises
    trained weights (`promised`).
    """
    own = [source for source in repository.sources if not source.vendored and not FIXTURES.search(source.path)]
    if not any(_FETCH_CODE.search(call.name) for source in own for call in source.calls):
        return
    for source in own:
        for text, line in source.strings:
            match = _URL.search(text[:600])
            if not match or is_publisher(match[0]):
                continue
            name = _file_name(match[0])
            file = bool(WEIGHTS_FILE.search(name)) or (bool(_ARCHIVE.search(name)) and _in_path(match[0]))
            folder = promised and match[0].endswith("/") and bool(_SHARED.search(match[0])) and _in_path(match[0])
            if folder or (file and (promised or not is_backbone(name))):
                yield source.evidence(line, match[0][:300])


def _in_configs(repository: Repository) -> Iterator[FileEvidence]:
    """Yield the addresses of weights in the settings of experiments."""
    files = [file for file in authors_files(repository) if file.kind == "config" and file.size < CONFIG_BYTES]
    for file in files[:CONFIGS]:
        try:
            text = repository.text(file.path)
        except Unreadable:
            continue
        for number, line in enumerate(text.split("\n") if "://" in text else (), 1):
            for url in _URL.findall(line[:1_000]):
                name = _file_name(url)
                if WEIGHTS_FILE.search(name) and not is_publisher(url) and not is_backbone(name):
                    yield FileEvidence(path=file.path, line=number, excerpt=line.strip()[:300])


def _promises(document: Document) -> bool:
    """Return whether a document says that trained weights are given."""
    return any(
        re.search(
            r"\b(we|this (repo|repository|package|code)) (also )?(provides?|releases?|shares?|includes?)\b", text, re.I
        )
        and _WORDS.search(text)
        and not _PLACEHOLDER.search(text)
        for _, text in document.prose
    )


def _file_name(url: str) -> str:
    return unquote(_path_of(url)).rstrip("/").rpartition("/")[2]


def _spaced(text: str) -> str:
    """Return a name or address as words."""
    return re.sub(r"[_/.\-%+=?&]", " ", text)


def _path_of(url: str) -> str:
    """Return the path of an address; empty where it is none (`http://[…`)."""
    try:
        return urlsplit(url).path
    except ValueError:
        return ""
