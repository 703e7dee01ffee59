"""Opening what a user names: a PDF, an address, an arXiv id, a folder, a git URL, an archive, or one with both."""

from __future__ import annotations

import hashlib
import re
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

from auditor.errors import BadInput
from auditor.progress import Progress
from auditor.settings import Settings
from auditor.submission import archives, folders, git
from auditor.submission.download import arxiv_url, download, split_url
from auditor.submission.model import DateSource, LeftOut, Limits, Origin, Submission

PROTOCOLS = ("https",)
CLONE_SECONDS = 900.0


def open_submission(
    paper: str | None,
    repository: str | None,
    scratch: Path,
    settings: Settings,
    progress: Progress,
    ref: str | None = None,
    protocols: tuple[str, ...] = PROTOCOLS,
    reports: Path | None = None,
) -> Submission:
    """Acquire what the user named into `scratch`; nothing of it is executed.

    `paper` is a PDF's path or address, an arXiv id, or an archive that holds the paper and the code; `repository` is a
    folder, a git address (`ref` names a branch, tag or commit), a zip or a tar. At least one is needed.
    Raises BadInput with one sentence when it cannot be used.
    """
    if paper is None and repository is None:
        raise BadInput("Name a paper (a PDF) or a repository (--repo), or both.")
    submission = Submission(slug="", scratch=scratch, reports=reports)
    if paper is not None:
        with progress.step(f"Opening {paper}"):
            submission = _open_paper(submission, paper, settings, with_code=repository is None)
    if repository is not None:
        with progress.step(f"Opening {repository}"):
            submission = open_repository(submission, repository, settings, ref, protocols)
    return submission


def open_repository(
    submission: Submission,
    location: str,
    settings: Settings,
    ref: str | None = None,
    protocols: tuple[str, ...] = PROTOCOLS,
) -> Submission:
    """Return `submission` with the repository at `location` (folder, git address, archive) acquired."""
    target = submission.scratch / "repository"
    path = Path(location).expanduser()
    if _is_address(location):
        if re.search(r"\.(zip|tar(\.\w+)?|tgz)$", split_url(location).path):
            archive = submission.scratch / ("download-" + _slug(split_url(location).path.rsplit("/", 1)[-1]))
            download(location, archive, max_bytes=settings.max_tree_bytes)
            return _from_archive(submission, archive, location, target, settings)
        url, found_ref = split_forge_url(location)
        limits = limits_of(settings)
        done = git.clone(url, ref or found_ref, target, protocols=protocols, seconds=CLONE_SECONDS, limits=limits)
        origin = Origin(kind="git", location=url, ref=ref or found_ref, commit=done.commit, dirty=False)
        origin = origin.model_copy(update={"as_of": done.date.date(), "as_of_source": "commit"})
        return _with_tree(submission, target, origin, done.left_out, _slug(url.removesuffix(".git").rsplit("/", 1)[-1]))
    if not _exists(path):
        raise BadInput(
            f"There is no file or folder {location[:200]}; give a folder, an archive or an https:// git address."
        )
    if path.is_dir():
        return _from_folder(submission, path, target, settings, ref)
    if archives.is_archive(path):
        return _from_archive(submission, path, location, target, settings)
    _refuse_damaged(path, location)
    raise BadInput(f"{location} is neither a folder nor a zip or tar archive nor a git address.")


def _refuse_damaged(path: Path, location: str) -> None:
    if archives.is_damaged_zip(path):
        raise BadInput(f"{location} is a damaged zip: it begins as one and has no end, as a broken download has.")


def limits_of(settings: Settings) -> Limits:
    """Return the limits that the user's settings put on a tree."""
    return Limits(settings.max_tree_bytes, settings.max_tree_files, settings.max_file_bytes)


def split_forge_url(url: str) -> tuple[str, str | None]:
    """Return the clone address and the ref of a forge's page such as `…/tree/v1.0` or `…/blob/main/x.py`."""
    found = re.match(r"(https://[^/]+/[^/]+/[^/]+?)(?:\.git)?/(?:-/)?(?:tree|blob|commit|releases/tag)/([^/#?]+)", url)
    if found:
        return found[1], found[2]
    return url.partition("#")[0].partition("?")[0].rstrip("/"), None


def _open_paper(submission: Submission, paper: str, settings: Settings, with_code: bool) -> Submission:
    target = submission.scratch / "paper.pdf"
    address = arxiv_url(paper) if not _exists(paper) else None
    if address or _is_address(paper):
        final = download(address or paper, target, max_bytes=settings.max_pdf_bytes)
        kind, location = ("arxiv", paper) if address else ("url", final)
        slug = _slug(paper if address else split_url(paper).path.rsplit("/", 1)[-1].removesuffix(".pdf"))
        if not _is_pdf(target) and archives.is_archive(target):
            return _from_bundle(submission, target, paper, settings)
        return _with_paper(submission, target, kind, location, slug)
    path = Path(paper).expanduser()
    if not _exists(path):
        raise BadInput(f"There is no file {paper[:200]}; give a PDF, an address, an arXiv id, or an archive with both.")
    if path.is_dir():
        if not with_code:
            raise BadInput(f"{paper} is a folder, not a PDF; the paper comes first, then the repository.")
        return _from_folder(submission, path, submission.scratch / "repository", settings, None)
    if not _is_pdf(path) and archives.is_archive(path):
        if not with_code:
            raise BadInput(f"{paper} is an archive, not a PDF; the paper comes first, then the repository.")
        return _from_bundle(submission, path, paper, settings)
    if path.stat().st_size > settings.max_pdf_bytes:
        raise BadInput(f"{paper} is larger than {settings.max_pdf_bytes >> 20} MiB, the limit for a PDF.")
    shutil.copyfile(path, target)
    return _with_paper(submission, target, "file", paper, _slug(path.stem))


def _with_paper(submission: Submission, pdf: Path, kind: str, location: str, slug: str) -> Submission:
    if not _is_pdf(pdf):
        _refuse_damaged(pdf, location)
        raise BadInput(f"{location} is not a PDF (it does not begin with %PDF).")
    digest = hashlib.sha256(pdf.read_bytes()).hexdigest()
    origin = Origin.model_validate({"kind": kind, "location": location, "sha256": digest})
    return replace(submission, pdf=pdf, pdf_origin=origin, slug=submission.slug or slug)


def _from_folder(submission: Submission, path: Path, target: Path, settings: Settings, ref: str | None) -> Submission:
    store = submission.scratch / "repository.git"
    git_dir = path / ".git" if (path / ".git").is_dir() else path if git.is_git_store(path) else None
    # A bare repository, and a clone that was never checked out, are their HEAD.
    bare = git_dir is not None and (git_dir == path or not any(entry.name != ".git" for entry in path.iterdir()))
    limits = limits_of(settings)
    slug = _slug(path.resolve().name if path.resolve().name not in ("repo", ".git") else path.resolve().parent.name)
    if git_dir is None:
        linked = (path / ".git").is_file()
        if ref is not None and linked:
            raise BadInput(f"{path} is a git worktree or submodule; give the folder of its main repository.")
        if ref is not None:
            raise BadInput(f"{path} is not a git repository, so it has no {ref!r}.")
        left_out = folders.copy_tree(path, target, limits, _earlier_audits(path, submission.reports))
        if linked:
            # The file may name any folder of this machine: what it says is not followed.
            why = "the folder is a git worktree or submodule, whose repository lies elsewhere: its commit is unknown"
            left_out.append(LeftOut(what=".git", why=why))
        return _with_tree(submission, target, _dated(Origin(kind="folder", location=str(path)), target), left_out, slug)
    git.borrow(git_dir, store)
    try:
        if ref is not None or bare:
            done = git.checkout(store, ref or "HEAD", target, limits=limits)
            origin = Origin(kind="git", location=str(path), ref=ref, commit=done.commit, dirty=False)
            origin = origin.model_copy(update={"as_of": done.date.date(), "as_of_source": "commit"})
            return _with_tree(submission, target, origin, done.left_out, slug)
        left_out = folders.copy_tree(
            path, target, limits, git.untracked_and_ignored(store, path) | _earlier_audits(path, submission.reports)
        )
        head = git.resolve(store, "HEAD")
        origin = Origin(kind="folder", location=str(path))
        if head is None:
            return _with_tree(submission, target, _dated(origin, target), left_out, slug)
        dirty = folders.is_dirty(store, head[0], target)
        # A working tree with changes is newer than its commit: resolve its dependencies by the newer of the two.
        newest = folders.newest_date(target) if dirty else None
        by_file = newest is not None and newest > head[1].date()
        fields = {
            "commit": head[0],
            "dirty": dirty,
            "as_of": newest if by_file else head[1].date(),
            "as_of_source": "newest file" if by_file else "commit",
        }
        return _with_tree(submission, target, origin.model_copy(update=fields), left_out, slug)
    finally:
        shutil.rmtree(store, ignore_errors=True)


def _earlier_audits(tree: Path, reports: Path | None) -> frozenset[str]:
    """Return the folders of `tree` that hold this program's own earlier reports, as ignore rules name folders."""
    if reports is None or not reports.resolve().is_relative_to(tree.resolve()) or not reports.is_dir():
        return frozenset()
    audits = (
        found.parent.resolve() for found in reports.glob("*/audit.json") if found.with_name("report.html").exists()
    )
    return frozenset(f"{audit.relative_to(tree.resolve()).as_posix()}/" for audit in audits)


def _from_archive(submission: Submission, archive: Path, location: str, target: Path, settings: Settings) -> Submission:
    left_out, newest = archives.unpack(archive, target, limits_of(settings))
    _strip_single_folder(target)
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    origin = Origin(
        kind="archive", location=location, sha256=digest, as_of=newest, as_of_source="newest file" if newest else None
    )
    return _with_tree(submission, target, origin, left_out, _slug(re.sub(r"(\.tar)?\.\w+$", "", Path(location).name)))


def _from_bundle(submission: Submission, archive: Path, location: str, settings: Settings) -> Submission:
    """One archive with the paper and the code, as double-blind supplements come; code may be an archive inside it."""
    target = submission.scratch / "repository"
    submission = _from_archive(submission, archive, location, target, settings)
    left_out = list(submission.left_out)
    inner = [
        path
        for path in sorted(target.rglob("*"))
        if path.is_file() and re.search(r"\.(zip|tgz|tar(\.\w+)?)$", path.name)
    ]
    if len(inner) == 1 and not any(target.rglob("*.py")) and not any(target.rglob("*.ipynb")):
        folder = target / re.sub(r"(\.tar)?\.\w+$", "", inner[0].name)
        unpacked, _ = archives.unpack(inner[0], folder, limits_of(settings))
        left_out += unpacked
        inner[0].unlink()
    pdf, why = _choose_paper(target)
    if pdf is None:
        left_out.append(LeftOut(what="the paper", why=why))
    else:
        paper = submission.scratch / "paper.pdf"
        shutil.copyfile(pdf, paper)
        submission = _with_paper(submission, paper, "bundle", f"{location}: {pdf.relative_to(target)}", submission.slug)
    assert submission.tree_origin is not None
    origin = submission.tree_origin.model_copy(update={"kind": "bundle"})
    return _with_tree(replace(submission, left_out=()), target, origin, left_out, submission.slug)


def _choose_paper(tree: Path) -> tuple[Path | None, str]:
    """Return the one PDF that is the paper, or None and why it cannot be told."""
    found = [path for path in tree.rglob("*") if path.suffix.lower() == ".pdf" and path.is_file() and _is_pdf(path)]
    if not found:
        return None, "the archive holds no PDF"
    top = min(len(path.relative_to(tree).parts) for path in found)
    shallow = [path for path in found if len(path.relative_to(tree).parts) == top]
    named = [path for path in shallow if re.search(r"paper|main|manuscript|submission|camera|article", path.stem, re.I)]
    choice = shallow if len(shallow) == 1 else [p for p in named if not re.search("supp|appendix", p.stem, re.I)]
    if len(choice) == 1:
        return choice[0], ""
    names = ", ".join(sorted(str(path.relative_to(tree)) for path in found)[:5])
    return None, f"which PDF is the paper cannot be told ({names}); name it before the archive"


def _with_tree(
    submission: Submission, tree: Path, origin: Origin, left_out: list[LeftOut] | tuple[LeftOut, ...], slug: str
) -> Submission:
    hashes = folders.file_hashes(tree)
    if not hashes:
        raise BadInput(f"The repository {origin.location} is empty: it holds no file to audit.")
    origin = origin.model_copy(update={"tree_hash": folders.tree_hash(hashes)})
    return replace(
        submission,
        tree=tree,
        tree_origin=origin,
        file_hashes=hashes,
        left_out=(*submission.left_out, *left_out),
        slug=submission.slug or slug,
    )


def _dated(origin: Origin, tree: Path) -> Origin:
    newest: date | None = folders.newest_date(tree)
    source: DateSource | None = "newest file" if newest else None
    return origin.model_copy(update={"as_of": newest, "as_of_source": source})


def _strip_single_folder(tree: Path) -> None:
    """An archive of one folder is that folder."""
    entries = [entry for entry in tree.iterdir() if entry.name != "__MACOSX"]
    if len(entries) == 1 and entries[0].is_dir():
        shutil.rmtree(tree / "__MACOSX", ignore_errors=True)
        inner = entries[0].rename(tree.with_name(tree.name + ".inner"))
        tree.rmdir()
        inner.rename(tree)


def _is_address(text: str) -> bool:
    if text.startswith(("git@", "-")):
        return True
    return bool(re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", text)) and not _exists(text)


def _exists(path: str | Path) -> bool:
    """Whether there is such a file; a name too long for one, or with characters that none has, is no file."""
    try:
        return Path(path).exists()
    except (OSError, ValueError):
        return False


def _is_pdf(path: Path) -> bool:
    with path.open("rb") as stream:
        head = stream.read(1024)
    # Readers accept a header within the first 1,024 bytes; a stored zip of a PDF has one there too.
    return b"%PDF-" in head and not head.startswith((b"PK\x03\x04", b"\x1f\x8b"))


def _slug(text: str) -> str:
    slug = re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-").lower()[:60].rstrip("-")
    return slug or "submission"
