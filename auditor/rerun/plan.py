"""The plan: which commands are run, in which order, and why; the others that were found, and why they are not."""

from __future__ import annotations

import re
import shlex

from auditor.claims.model import Claims
from auditor.errors import BadInput
from auditor.findings import FileEvidence
from auditor.repository.model import DocumentedCommand, Repository, Source
from auditor.rerun.engines import confirm_inside
from auditor.rerun.model import Command, Plan
from auditor.rerun.plan_declared import declared_commands

MOST = 3
"""How many commands are run unless the authors declare theirs."""
_SHOWN_REJECTED = 40

# What a reader is to replace before the line can run.
_PLACEHOLDER = re.compile(
    r"<[A-Za-z][^<>|&;]{0,60}>|\[[A-Za-z][\w -]{1,40}\]|\{[A-Za-z][\w ,|/-]{0,40}\}|\bpath/to\b|"
    r"path_to|PATH_TO|\*\*\*|(?<=\s)[A-Z]{2,30}(?:_[A-Z]{1,30})+(?=\s|$)|your[_-]|\.\.\.|…|\$\{?[A-Za-z_]\w{0,40}|\bXXX+\b"
)
_NOT_A_RUN = re.compile(
    r"^\s*(?:sudo\s+)?(?:tensorboard|jupyter(?:-lab|\s+(?:lab|notebook))?|streamlit|gradio|flask|uvicorn|sbatch|srun|qsub|"
    r"docker|podman|singularity|kubectl|git|wget|curl|gdown|unzip|tar|pip3?|conda|mamba|apt(?:-get)?|brew|source|export|"
    r"cd|ls|cat|mkdir|cp|mv|rm|echo|vim?|nano|ssh|scp)\b"
)
_ONLY_HELP = re.compile(r"\s(?:-h|--help)(?:\s|$)")
_PREPARES = re.compile(r"(?:^|_)(?:download|fetch|compile|install|setup|get_data\w*)(?:_|\.|$)")
_SCRIPT_ALONE = re.compile(r"^((?:[A-Za-z_]\w{0,60}=[^\s]{0,100}\s+){0,8})([\w./-]{1,200})\.(py|sh)(?=\s|$)")
_DOWNLOADERS = (
    "urllib.request", "requests.get", "wget.", "gdown.", "torch.hub.", "huggingface_hub.", "datasets.load_dataset",
    "tensorflow_datasets.", "openml.", "kaggle.",
)  # fmt: skip
_ROLES = (
    ("reproduce", re.compile(r"(?:^|_)(?:reproduc\w*|replicat\w*)")),
    ("run", re.compile(r"^(?:run|main|start)(?:_|$|\d)|(?:_|^)main$")),
    ("experiment", re.compile(r"experiment|benchmark|simulat")),
    ("train", re.compile(r"(?:^|_)train")),
    ("evaluate", re.compile(r"(?:^|_)(?:eval\w*|test_model|predict)(?:_|$)")),
    ("demo", re.compile(r"(?:^|_)(?:demo|example|tutorial)\w*")),
)
_NOT_ROLES = re.compile(
    r"(?:^|/)(?:tests?|docs?|setup|conftest|__init__|__main__|test_\w*|\w+_test|versioneer)(?:/|\.py$)|"
    r"(?:^|[/_])(?:download|fetch|get_data\w*|preprocess\w*|prepare\w*|metadata|plot\w*|utils?|tools?|config)(?:_\w*)?\.py$"
)


def make_plan(repository: Repository, claims: Claims, command: str | None = None) -> Plan:
    """Return the plan: the user's own command, else what the authors declare, document, or show by a script's role.

    A file of the submission says how its code is run and which claims a command answers, and nothing else. Nothing is
    executed. Raises BadInput for an empty command.
    """
    if command is not None:
        if not command.strip():
            raise BadInput("The command is empty.")
        return Plan(commands=(Command(shell=command, source="--command", why="You gave it."),))
    declared, notes = declared_commands(repository)
    chosen = tuple(entry for entry in declared if entry.accepted is not False)
    rejected = [entry for entry in declared if entry.accepted is False]
    documented = _documented(repository, claims)
    if not chosen:
        chosen = tuple(entry for entry in documented if entry.accepted is not False)[:MOST]
    scripts = [] if chosen else _by_role(repository)
    if not chosen:
        chosen = tuple(entry for entry in scripts if entry.accepted is not False)[:1]
    rejected += [_unchosen(entry) for entry in (*documented, *scripts) if entry not in chosen]
    return Plan(commands=chosen, rejected=tuple(rejected[:_SHOWN_REJECTED]), notes=tuple(notes))


def _unchosen(entry: Command) -> Command:
    if entry.accepted is False:
        return entry
    return entry.model_copy(update={"why": f"Not needed: other commands come first. {entry.why}"})


def _documented(repository: Repository, claims: Claims) -> list[Command]:
    """The documentation's commands that run something, best first; those that cannot be run carry `accepted` False."""
    sources = {source.path: source for source in repository.sources}
    weights = any(file.kind == "weights" and not file.absent for file in repository.own_files)
    entries: dict[tuple[str, str], tuple[tuple[int, ...], Command]] = {}
    for position, found in enumerate(repository.commands):
        if found.purpose == "install" or (_NOT_A_RUN.search(found.shell) and found.resolved is None):
            continue
        reason = _obstacle(found, sources.get(found.resolved or ""))
        entry = Command(
            shell=_one_line(found.shell),
            folder=_folder(found),
            source=found.evidence.path,
            why=reason or _reason(found, weights),
            evidence=(found.evidence,),
            accepted=False if reason else (True if found.works and found.options_known else None),
        )
        depth = found.evidence.path.count("/")  # what the top README says comes before a folder's own
        rank = (depth, _purpose_rank(found, weights), -_about(found, claims), position)
        entries.setdefault((entry.shell, entry.folder), (rank, entry))
    return [entry for _, entry in sorted(entries.values(), key=lambda pair: pair[0])]


def _obstacle(found: DocumentedCommand, source: Source | None) -> str:
    """Why a documented command cannot be run as it stands; empty where it can."""
    if _PLACEHOLDER.search(found.shell):
        return "Not run: it holds a placeholder that the reader is to replace."
    if _ONLY_HELP.search(found.shell):
        return "Not run: it only shows the program's options."
    if found.target and _PREPARES.search(found.target.rsplit("/", 1)[-1].lower()):
        return "Not run: by its name it downloads or builds, and the run has no network."
    if found.target and not found.exists:
        return f"Not run: the file {found.target} is not there."
    if found.unaccepted:
        return f"Not run: the program does not declare {', '.join(found.unaccepted[:4])}."
    if found.purpose == "data" and (source is None or _downloads(source)):
        return "Not run: it fetches data, and the run has no network."
    if not found.target:
        return "Not run: it names no file of the repository."
    return ""


def _downloads(source: Source) -> bool:
    return any(call.name.startswith(_DOWNLOADERS) for call in source.calls)


def _reason(found: DocumentedCommand, weights: bool) -> str:
    words = {
        "train": "The documentation gives it to train",
        "evaluate": "The documentation gives it to evaluate"
        + (", and weights are in the repository" if weights else ""),
        "data": "The documentation gives it to prepare the data, and it downloads nothing",
    }
    what = words.get(found.purpose, "The documentation gives it to run the code")
    return f"{what} (under “{found.heading}”)." if found.heading else f"{what}."


def _purpose_rank(found: DocumentedCommand, weights: bool) -> int:
    """Data first, then evaluation where there are weights to evaluate, then training and the rest, evaluation after."""
    order = {"data": 0, "evaluate": 1 if weights else 3, "train": 2, "run": 2, "other": 4}
    return order.get(found.purpose, 4)


def _about(found: DocumentedCommand, claims: Claims) -> int:
    """How many claims name a data set or method that the command names; own and headline claims count double."""
    words = {word for word in re.split(r"[^a-z0-9]+", f"{found.shell} {found.heading}".lower()) if len(word) > 2}
    score = 0
    for claim in claims.items:
        named = f"{claim.dataset or ''} {claim.method or ''}".lower()
        if words & {word for word in re.split(r"[^a-z0-9]+", named) if len(word) > 2}:
            score += 2 if claim.headline or claim.own else 1
    return score


def _folder(found: DocumentedCommand) -> str:
    """The folder in which the command's file is found: the documented one, else the one that makes the name right."""
    if found.target and found.resolved and found.resolved.endswith("/" + found.target.lstrip("./")):
        implied = found.resolved[: -len(found.target.lstrip("./")) - 1]
        if not found.folder or found.folder == "." or found.resolved != found.folder.rstrip("/") + "/" + found.target:
            return implied
    try:
        return confirm_inside(found.folder or ".")
    except BadInput:
        return "."


def _one_line(shell: str) -> str:
    line = re.sub(r"\s*\\\n\s*", " ", shell).replace("\n", " && ").strip()
    # A script named alone runs only where it is executable and on the path: its interpreter is named instead.
    return _SCRIPT_ALONE.sub(lambda m: f"{m[1] or ''}{'python' if m[3] == 'py' else 'bash'} {m[2]}.{m[3]}", line)


def _by_role(repository: Repository) -> list[Command]:
    """Scripts and notebooks whose name says that they run the work, best first."""
    found: list[tuple[tuple[int, int, str], Command]] = []
    pointed_at = _named_in_readme(repository)
    for source in repository.sources:
        if source.vendored or _NOT_ROLES.search(source.path):
            continue
        role = _role(source)
        if role is None:
            continue
        rank, name = role
        reason = _unrunnable(source)
        if source.problem:
            rank += 4 * len(_ROLES)  # perhaps for another Python; it is tried where there is nothing else
        elif source.path in pointed_at:
            rank, name = -1, f"{name} that the README points to"
        elif _of_a_package(source.path, repository) and not source.notebook:
            rank += 2 * len(_ROLES)  # a library's module with a small demonstration at its end
        folder, _, base = source.path.rpartition("/")
        entry = Command(
            shell=_notebook(base) if source.notebook else f"python {shlex.quote(source.path)}",
            folder=(folder or ".") if source.notebook else ".",
            source="notebooks by role" if source.notebook else "scripts by role",
            why=reason or f"No command is declared or documented; this file's name and form say that it is the {name}.",
            evidence=(FileEvidence(path=source.path),),
            accepted=False if reason else None,
        )
        found.append(((rank, source.path.count("/"), source.path), entry))
    return [entry for _, entry in sorted(found, key=lambda pair: pair[0])]


def _named_in_readme(repository: Repository) -> frozenset[str]:
    """The programs and notebooks that the top README links to or names."""
    readme = next((document for document in repository.documents if document.main), None)
    if readme is None:
        return frozenset()
    words = set(re.findall(r"[\w./-]{1,120}\.(?:py|ipynb)\b", readme.text[:200_000]))
    named = {word.removeprefix("./") for word in words}
    return frozenset(
        source.path for source in repository.sources if any(f"/{word}".endswith("/" + source.path) for word in named)
    )


def _of_a_package(path: str, repository: Repository) -> bool:
    folder = path.rpartition("/")[0]
    return bool(folder) and f"{folder}/__init__.py" in repository.by_path


def _notebook(name: str) -> str:
    """A shell line that runs a notebook's code cells as they stand, in order, in one fresh Python, in its folder."""
    return f"python -m auditor_notebook {shlex.quote(name)}"


def _role(source: Source) -> tuple[int, str] | None:
    stem = source.path.rsplit("/", 1)[-1].rsplit(".", 1)[0].lower()
    roles = [(rank, name) for rank, (name, pattern) in enumerate(_ROLES) if pattern.search(stem)]
    if not roles and not (source.main_guard or source.option_style or source.notebook):
        return None
    rank, name = roles[0] if roles else (len(_ROLES), "program")
    if source.notebook:
        return rank + len(_ROLES) + 1, "notebook"
    # A file that only defines things does nothing when it is run.
    acts = source.main_guard or bool(source.problem) or any(not call.within for call in source.calls)
    return (rank, name) if acts else None


def _unrunnable(source: Source) -> str:
    required = [option.names[0] for option in source.options if option.required]
    if required:
        return f"Not run: it needs values for {', '.join(required[:4])} that nothing states."
    return ""
