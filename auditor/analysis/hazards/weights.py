"""Rows 28 and 35: first weights that nothing sets, or that are drawn before the seed is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from auditor.analysis.hazards.code import Code
from auditor.analysis.hazards.hazard import Hazard
from auditor.analysis.hazards.rewriting import seed_name
from auditor.repository.model import Assignment, Source

LOOKED_AT = 500
"""So many parameters are looked at."""
_UNSET = re.compile(
    r"^(torch\.)?(nn\.)?Parameter\(\s{0,3}(torch\.empty|torch\.(cuda\.)?(Float)?Tensor)\((?![\[(]*\s*\[)"
)
_SETS = re.compile(r"\.(\w+_|data|copy_|fill_|normal_|uniform_|zero_)$")
_ALL_AT_ONCE = re.compile(r"\.(parameters|named_parameters|modules|apply|load_state_dict|weights_init|init_weights)$")
_HEADS = re.compile(
    r"^(transformers|pytorch_transformers)\.(\w+\.)*\w*For(SequenceClassification|TokenClassification|QuestionAnswering"
    r"|MultipleChoice|ImageClassification|AudioClassification)\.from_pretrained$"
)


def weight_hazards(code: Code) -> Iterator[Hazard]:
    """Yield weights that start as whatever lay in memory, and heads that are drawn before any seed."""
    made = ((s, i) for s, i in code.assignments if i.within.endswith("__init__") and _UNSET.match(i.value))
    for source, item in islice(made, LOOKED_AT):
        if "_(" in item.value or _set_somewhere(source, item):
            continue
        title = f"{item.target} starts with whatever lay in memory: nothing in the file sets it"
        fix = f"torch.nn.init.xavier_uniform_({item.target})"
        hazard = code.hazard(source, item, (28, "libraries", title, "high", fix))
        if hazard:
            yield hazard
    yield from _heads(code)


def _set_somewhere(source: Source, item: Assignment) -> bool:
    """Return whether anything in the file may set a parameter: its name in a call or an assignment, or all at once."""
    name = item.target.rpartition(".")[2]
    word = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
    for call in source.calls:
        if _ALL_AT_ONCE.search(call.name) and call.within != item.within[: -len("__init__")] + "forward":
            return True
        texts = (*call.arguments, *(value for _, value in call.keywords))
        filled = call.name.endswith("_") or "init" in call.name.lower() or ".init." in call.name
        if filled and (word.search(call.name) or any(word.search(text) for text in texts)):
            return True
        if _SETS.search(call.name) and word.search(call.name):
            return True
    others = (other for other in source.assignments if other.line != item.line)
    return any(word.search(other.target) for other in others) or any("setattr" in call.name for call in source.calls)


def _heads(code: Code) -> Iterator[Hazard]:
    """Yield new heads that are drawn before the Trainer's own seeding, where the code seeds nothing before."""
    if not any(re.search(r"^transformers\.(\w+\.)*(Seq2Seq)?Trainer$", call.name) for _, call in code.calls):
        return
    for source, call in code.calls_of(_HEADS):
        node = (source.path, call.within)
        for entry in code.randomness.entries:
            own = [seed for seed in entry.seeds.get("torch", ()) if "default" not in seed.value]
            if own or not code.randomness.reach.running((entry.entry,))(node, call.line):
                continue
            if "model_init" in {key for _, other in code.calls for key, _ in other.keywords}:
                continue
            title = "the new head's weights are drawn before the Trainer sets its seed"
            fix = f"transformers.set_seed({seed_name(source, call.within)})  # before this line"
            hazard = code.hazard(source, call, (35, "libraries", title, "high", fix))
            if hazard:
                yield hazard
            return
