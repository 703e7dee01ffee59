"""A file or folder that was not found: whose it is, and whether it was to be read or written."""

from __future__ import annotations

import posixpath
import re

from auditor.rerun.failure import Failure, Scene, Trace, shown
from auditor.rerun.model import RootCause

_MISSING = re.compile(
    r"No such file or directory: ?[bru]?['\"]([^'\"\n]{1,400})['\"]|"
    r"name = '([^'\n]{1,400})', errno = 2|"
    r"File ([^\s'\"]{1,300}) does not exist|"
    r"['\"]?([^\s'\"]{1,300}) not found\.$|"
    r"non-existent directory: ['\"]([^'\"\n]{1,300})['\"]|"
    r"([^\s'\"]{1,300}): No such file or directory|"
    r"(?:file|folder|path|directory) ['\"]([^'\"\n]{1,300})['\"] (?:does not exist|not found)"
)


def file_missing(scene: Scene, trace: Trace) -> Failure | None:
    """Return the failure of a program that did not find a file or folder; None where that is not what it says."""
    text = f"{trace.kind}: {trace.message}" if trace else scene.tail[-4_000:]
    if trace and trace.kind == "UnpicklingError" and "'v'" in trace.message and _pointers(scene):
        sentence = "It reads a file of which only the Git LFS pointer was handed in."
        return Failure("run_failed_missing_data", "machine", "missing_file", sentence, shown(scene, trace, _MISSING))
    if trace and trace.kind not in (
        "FileNotFoundError",
        "OSError",
        "IOError",
        "NotADirectoryError",
        "BadZipFile",
        "Exception",
        "ValueError",
        "NotFoundError",
        "AssertionError",
        "CalledProcessError",
    ):
        return None
    found = _MISSING.search(text)
    if not found:
        return None
    path = next(group for group in found.groups() if group)
    evidence = shown(scene, trace, _MISSING)
    if re.fullmatch(r"[\w.+-]+", path) and ("subprocess" in scene.stderr[-4000:] or f"{path}: not found" in text):
        return Failure(
            "run_failed_code_error",
            "machine",
            "build_tools_missing",
            f"It calls the program {path}, which is not here.",
            evidence,
        )
    inside = inside_workspace(path)
    name = path.rstrip("/").rsplit("/", 1)[-1]
    folder = _missing_folder(scene, path, inside, found[0])
    if folder is not None:
        sentence = f"The folder {folder}, in which it writes, is not there."
        return Failure(
            "run_failed_code_error", "submission", "working_folder_or_path", sentence, evidence,
            path=folder, for_writing=True,
        )  # fmt: skip
    if any(name and name == left.what.rstrip("/").rsplit("/", 1)[-1] for left in scene.left_out):
        sentence = f"The file {name} was left out when the repository was acquired; the repository is not to blame."
        return Failure("run_failed_missing_data", "machine", "missing_file", sentence, evidence, path=path)
    if name.endswith((".py", ".sh")) and "can't open file" in scene.tail[-4_000:]:
        return Failure(
            "run_failed_code_error", "submission", "wrong_or_stale_command", f"The file {name} is not there.", evidence
        )
    elsewhere = [known for known in scene.repository.by_path if known == name or known.endswith("/" + name)]
    if elsewhere and inside is not None:
        sentence = f"It looks for {inside}, which lies at {elsewhere[0]}."
        return Failure(
            "run_failed_code_error", "submission", "working_folder_or_path", sentence, evidence, path=elsewhere[0]
        )
    cause: RootCause = "hard_coded_path" if inside is None else _origin(scene, name)
    sentence = f"The file {inside or path} is not there, and the repository does not hold it."
    return Failure("run_failed_missing_data", "submission", cause, sentence, evidence, path=path)


def inside_workspace(path: str) -> str | None:
    """Return a path relative to the workspace where it is relative or lies in it; None for another absolute path."""
    found = re.match(r"(?:/audit/work|/\S*/auditor-[\w-]+/work)/(.*)", path)
    if found:
        return posixpath.normpath(found[1])
    absolute = path.startswith(("/", "~")) or re.match(r"[A-Za-z]:[\\/]", path)
    return None if absolute else posixpath.normpath(path)


def _missing_folder(scene: Scene, path: str, inside: str | None, message: str) -> str | None:
    """The folder of the workspace that a program wanted to write to; None where it wanted to read.

    The recorder saw the path as it was opened, wherever the program stood; without it, the command's folder counts.
    """
    if "non-existent directory" in message:
        return posixpath.normpath(posixpath.join(scene.run.folder, inside)) if inside else path
    written = scene.run.recorded.files_written if scene.run.recorded else ()
    entry = next((entry for entry in written if inside and _same(inside, entry)), None)
    return posixpath.dirname(entry) or None if entry else None


def _same(path: str, entry: str) -> bool:
    bare = re.sub(r"^(?:\.\./)+", "", path)
    return entry == bare or entry.endswith("/" + bare)


def _origin(scene: Scene, name: str) -> RootCause:
    """Whether the documentation or the code says where the file is to be fetched."""
    whole = re.compile(rf"(?<![\w.-]){re.escape(name)}(?![\w-])")
    fetched = any(reference.url and whole.search(reference.evidence.excerpt) for reference in scene.repository.data)
    fetched = fetched or any(
        not link.image and link.url.startswith(("http:", "https:")) and whole.search(f"{link.context} {link.url}")
        for document in scene.repository.documents
        for link in document.links
        if "." in name  # a folder's name (`data`, `train`) stands beside many a link
    )
    return "data_download" if fetched else "missing_file"


def _pointers(scene: Scene) -> bool:
    return any(file.absent for file in scene.repository.files) or any("LFS" in left.why for left in scene.left_out)
