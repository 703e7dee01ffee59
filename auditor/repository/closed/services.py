"""Hosted services that the code calls, with the models that it asks them for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from auditor.errors import Unreadable
from auditor.findings import FileEvidence
from auditor.repository.model import Call, Repository, Source

TEXT_LIMIT = 300_000
FILES_LIMIT = 1_000
LINE_LIMIT = 2_000


@dataclass(frozen=True)
class Service:
    """A hosted service: the modules of its clients, its address, and the names of its models as a pattern."""

    name: str
    modules: tuple[str, ...]
    address: str
    models: str = ""


SERVICES = (
    Service(
        "OpenAI", ("openai", "langchain_openai", "langchain.llms.OpenAI", "langchain.chat_models.ChatOpenAI"),
        r"api\.openai\.com|openai\.azure\.com",
        r"(?:ft:)?gpt-(?:3\.5|4|4\.1|4o|5)[\w.-]{0,40}|chatgpt-[\w.-]{1,30}|(?:text|code)-(?:davinci|curie|babbage|ada|cushman)"
        r"-\d{3}|o[134](?:-mini|-preview|-pro)?(?:-\d{4}-\d{2}-\d{2})?|text-embedding-[\w-]{1,30}|dall-e-[23]|davinci-002",
    ),
    Service(
        "Anthropic", ("anthropic", "langchain_anthropic"), r"api\.anthropic\.com", r"claude-[\w.@-]{1,50}",
    ),
    Service(
        "Google", ("google.generativeai", "google.genai", "vertexai", "langchain_google_genai"),
        r"generativelanguage\.googleapis\.com|aiplatform\.googleapis\.com",
        r"gemini-[\w.-]{1,40}|(?:text|chat|code)-bison(?:@\d{3})?|text-unicorn@\d{3}",
    ),
    Service(
        "Cohere", ("cohere", "langchain_cohere"), r"api\.cohere\.(?:ai|com)",
        r"command-(?:r|a|light|nightly|xlarge)[\w-]{0,30}|embed-(?:english|multilingual)[\w.-]{0,30}",
    ),
    Service(
        "Mistral", ("mistralai",), r"api\.mistral\.ai",
        r"(?:open-)?mi(?:stral|xtral)-(?:tiny|small|medium|large|8x7b|8x22b|7b|nemo)[\w-]{0,20}",
    ),
    Service("Replicate", ("replicate",), r"api\.replicate\.com", r"[\w-]{2,40}/[\w.-]{2,60}:[0-9a-f]{64}"),
    Service("DeepSeek", (), r"api\.deepseek\.com", r"deepseek-(?:chat|coder|reasoner)"),
    Service("Together", ("together",), r"api\.together\.(?:xyz|ai)"),
    Service("Groq", ("groq",), r"api\.groq\.com"),
    Service("Fireworks", ("fireworks",), r"api\.fireworks\.ai"),
    Service("OpenRouter", (), r"openrouter\.ai/api"),
    Service("AI21", ("ai21",), r"api\.ai21\.com", r"j[12]-(?:jumbo|ultra|mid|light|grande|large)[\w-]{0,20}"),
    Service(
        "Hugging Face inference", ("huggingface_hub.InferenceClient", "huggingface_hub.InferenceApi"),
        r"api-inference\.huggingface\.co|router\.huggingface\.co",
    ),
    Service("Google Cloud Vision", ("google.cloud.vision",), r"vision\.googleapis\.com"),
    Service("Google Translate", ("google.cloud.translate", "google.cloud.translate_v2", "googletrans"),
            r"translat(?:e|ion)\.googleapis\.com"),
    Service("Perspective", (), r"commentanalyzer\.googleapis\.com"),
    Service("Clarifai", ("clarifai",), r"api\.clarifai\.com"),
    Service("Face++", (), r"api(?:-us|-cn)?\.faceplusplus\.com"),
    Service("Azure Cognitive Services", ("azure.cognitiveservices",), r"\.cognitiveservices\.azure\.com"),
)  # fmt: skip
"""To add one: its clients' modules, its address, and how its models are called."""

_CLIENTS = frozenset(module.partition(".")[0] for service in SERVICES for module in service.modules)
_LOCAL = re.compile(r"https?://(localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\]|[\w-]{1,60}:\d{2,5})(?![\w.])")
_BASE = re.compile(r"(base_url|api_base|base|endpoint|openai_api_base)$", re.I)
_KEYWORDS = frozenset({"model", "engine", "model_name", "model_id", "deployment_id", "deployment_name", "deployment"})
_LITERAL = re.compile(r"""^[rbu]?["']([\w./:@-]{2,120})["']$""")
_DATED = re.compile(
    r"(?:[-@](?:\d{3,4}|\d{8}|\d{4}-\d{2}-\d{2}|\d{2}-\d{4}|\d{2}-\d{2})(?:-preview)?|:[0-9a-f]{12,64})$"
    r"|^claude-(?:instant-)?\d\.\d$|^text-embedding-|^text-unicorn@"
)


@dataclass(frozen=True)
class HostedModel:
    """A model that a service is asked for; `name` is None where the code names none."""

    service: str
    name: str | None
    evidence: FileEvidence

    @property
    def fixed(self) -> bool:
        """Whether the name means one version for good: it ends in a date, a version number or a digest."""
        return self.name is not None and bool(_DATED.search(self.name))


def hosted_models(repository: Repository) -> tuple[HostedModel, ...]:
    """Return the hosted services that the authors' code calls, with each model that it names.

    A service is called where its client's module is imported and something of it called, or its address stands in the
    code. A client of OpenAI's that is given an address of the machine itself speaks to a local server and is none.
    Names of models are looked for in the sources, scripts and configuration files of the authors' own.
    """
    called: dict[str, FileEvidence] = {}
    services = {service.name: service for service in SERVICES}
    for source in repository.sources:
        if not source.vendored:
            for service, evidence in _called(source):
                called.setdefault(service, evidence)
    if not called:
        return ()
    found: dict[tuple[str, str], HostedModel] = {}
    for name, evidence in called.items():
        for model, place in _named(repository, services[name]):
            found.setdefault((name, model), HostedModel(name, model, place))
        if not any(service == name for service, _ in found):
            found[name, ""] = HostedModel(name, None, evidence)
    return tuple(found.values())


def _called(source: Source) -> Iterator[tuple[str, FileEvidence]]:
    """Yield each service that a source calls, with the first place, by its client or by its address."""
    modules = {item.module for item in source.imports} | {
        f"{item.module}.{name}" for item in source.imports for name in item.names
    }
    addresses = [(text[:200], line) for text, line in source.strings if text.startswith(("http", "wss"))]
    if not addresses and _CLIENTS.isdisjoint(module.partition(".")[0] for module in modules):
        return
    for service in SERVICES:
        imported = tuple(m for m in service.modules if any(x == m or x.startswith(f"{m}.") for x in modules))
        call = _first_call(source, imported) if imported else None
        if call is not None and not (service.name == "OpenAI" and _is_local(source)):
            yield service.name, source.evidence(call.line, call.statement)
            continue
        for text, line in addresses:
            if re.search(service.address, text):
                yield service.name, source.evidence(line, text)
                break


def _first_call(source: Source, imported: tuple[str, ...]) -> Call | None:
    inside = tuple(f"{module}." for module in imported)
    return next((call for call in source.calls if call.name in imported or call.name.startswith(inside)), None)


def _is_local(source: Source) -> bool:
    """Return whether a client is given an address of the machine itself, or of its network."""
    return any(_LOCAL.search(text) for text, _ in source.strings) and any(
        _BASE.search(key) for call in source.calls for key, _ in call.keywords
    )


def _named(repository: Repository, service: Service) -> Iterator[tuple[str, FileEvidence]]:
    """Yield (model, place): names by their pattern anywhere in the authors' code, others by the service's own calls."""
    if service.models:
        pattern = re.compile(rf"(?<![\w/.-])({service.models})(?![\w])", re.I)
        for path, cell, number, line in _lines(repository):
            for match in pattern.finditer(line):
                evidence = FileEvidence(path=path, line=number, cell=cell, excerpt=line.strip()[:200])
                yield match[1].rstrip(".-").lower(), evidence
    for source in repository.sources:
        if source.vendored or service.name not in dict(_called(source)):
            continue
        for call in source.calls:
            for key, value in call.keywords:
                literal = _LITERAL.match(value) if key in _KEYWORDS else None
                if literal:
                    yield literal[1].lower(), source.evidence(call.line, call.statement)


def _lines(repository: Repository) -> Iterator[tuple[str, int | None, int, str]]:
    """Yield (path, cell, line, text) of the authors' sources, scripts and configuration; comments are left out."""
    files = [file for file in repository.own_files if file.kind in ("python", "shell", "config")]
    for file in [file for file in files if file.size <= TEXT_LIMIT][:FILES_LIMIT]:
        try:
            text = repository.text(file.path)
        except Unreadable:
            continue
        for number, line in enumerate(text.split("\n"), 1):
            if not line.lstrip().startswith(("#", "//")):
                yield file.path, None, number, line[:LINE_LIMIT]
    for notebook in repository.notebooks:
        for cell in notebook.cells:
            if cell.kind == "code":
                for number, line in enumerate(cell.text.split("\n"), 1):
                    if not line.lstrip().startswith("#"):
                        yield notebook.path, cell.number, number, line[:LINE_LIMIT]
