"""Row 40: models and code that are fetched by a name whose content may change."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.analysis.hazards.code import Code
from auditor.analysis.hazards.hazard import Hazard
from auditor.analysis.hazards.rewriting import with_keywords
from auditor.repository.model import Call, Source

LIMIT = 100
"""So many names are looked at."""
_PRETRAINED = re.compile(
    r"^(transformers|diffusers|peft|optimum|timm)\.(\w+\.)*from_pretrained$|^huggingface_hub\.(\w+\.)*(hf_hub_download|snapshot_download|cached_download)$"
    r"|^sentence_transformers\.(\w+\.)*SentenceTransformer$|^transformers\.pipeline$"
)
_HUB = re.compile(r"^torch\.hub\.(load|help|list)$")
_LITERAL = re.compile(r"""^[rf]?["']([\w.-]{1,60}(?:/[\w.-]{1,80})?)["']$""")
_MOVING = ("None", "'main'", '"main"', "'master'", '"master"')
_BRANCH = re.compile(
    r"https?://(?:raw\.githubusercontent\.com/[\w.-]{1,60}/[\w.-]{1,80}/(?:master|main)/"
    r"|github\.com/[\w.-]{1,60}/[\w.-]{1,80}/(?:raw|archive)/(?:refs/heads/)?(?:master|main)\b"
    r"|huggingface\.co/[\w./-]{1,120}/resolve/main/)\S{0,200}"
)
_FETCHES = re.compile(
    r"urlretrieve|urlopen|load_state_dict_from_url|load_url|requests\.get|wget\.download|download", re.I
)


def remote_hazards(code: Code) -> Iterator[Hazard]:
    """Yield models and code fetched by a moving name. Data sets are the check `data.fixed`'s affair."""
    seen: set[str] = set()
    saved = {text for _, call in code.calls if re.search(r"(^|\.)save\w{0,30}$", call.name) for text in call.arguments}
    for source, call in code.calls:
        found = _moving(source, call)
        if not found or found[0] in seen:
            continue
        seen.add(found[0])
        if len(seen) <= LIMIT and not _is_here(code, found[0], saved):
            hazard = code.hazard(source, call, (40, "remote", f"{found[0]} {found[1]}", "medium", found[2]))
            if hazard:
                yield hazard


def _moving(source: Source, call: Call) -> tuple[str, str, str] | None:
    """Return (what is fetched, why it may change, the call with what would fix it), or None."""
    keywords = dict(call.keywords)
    if _HUB.search(call.name):
        name = _literal(call.arguments[0] if call.arguments else keywords.get("repo_or_dir", ""))
        if name and "/" in name and ":" not in name and keywords.get("source") not in ("'local'", '"local"'):
            fix = with_keywords(call).replace(name, f"{name}:<commit>", 1)
            return name, "is loaded from its newest commit, code included", fix
        return None
    if _PRETRAINED.search(call.name):
        first = call.arguments[0] if call.arguments else ""
        named = next((keywords[k] for k in _NAMES if k in keywords), first)
        name = _literal(named) or _constant(source, call, named)
        if name and keywords.get("revision", "None") in _MOVING and "**" not in keywords:
            fix = with_keywords(call, revision='"<commit>"')
            return name, "is fetched in whatever state its owner has it on that day", fix
    if _FETCHES.search(call.name):
        for text in (*call.arguments, *keywords.values()):
            found = _BRANCH.search(text)
            if found:
                address = found[0].strip("\"')")
                fix = re.sub(r"/(master|main)\b", "/<commit>", address, count=1)
                return address, "is fetched from a branch, whose content may change", fix
    return None


_OUTPUT = re.compile(
    r"^(outputs?|models?|checkpoints?|ckpts?|results?|runs?|saved?\w{0,20}|logs?|tmp\w{0,20}|data|weights|pretrained"
    r"|experiments?)(/|$)",
    re.I,
)


def _is_here(code: Code, name: str, saved: set[str]) -> bool:
    """Return whether a name is a folder of the tree, or one that the code itself writes."""
    if _OUTPUT.match(name) or any(name in text for text in saved):
        return True
    return any(path.startswith(f"{name}/") or f"/{name}/" in path for path in code.program.repository.by_path)


_NAMES = ("pretrained_model_name_or_path", "repo_id", "model", "model_name_or_path")


def _literal(text: str) -> str:
    found = _LITERAL.match(text)
    if not found or re.search(r"\.(pt|pth|bin|ckpt|json|txt|h5|py)$", found[1]):
        return ""
    return found[1] if re.search(r"[A-Za-z]", found[1]) else ""


def _constant(source: Source, call: Call, name: str) -> str:
    """Return the literal that a plain name is given once in its function or file."""
    if not re.fullmatch(r"[A-Za-z_]\w{0,60}", name):
        return ""
    given = {item.value for item in source.assignments if item.target == name and item.within in (call.within, "")}
    return _literal(given.pop()) if len(given) == 1 else ""
