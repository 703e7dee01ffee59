"""The commands and their options."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

ABOUT = (
    "Does a machine-learning paper reproduce? Reads the paper and its repository, reruns the code, "
    "reports with evidence."
)

app = typer.Typer(
    name="auditor",
    help=ABOUT,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)
checklist_app = typer.Typer(help="The checklists: `list`, or `show NAME`.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(checklist_app, name="checklist")


class EngineName(str, Enum):
    """Where the code runs."""

    auto = "auto"
    docker = "docker"
    process = "process"


class LetterName(str, Enum):
    """The letters of a grade."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"
    F = "F"


Reports = Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="Folder for the reports.")]
Engine = Annotated[
    EngineName,
    typer.Option(
        help="Where the code runs: docker (locked down), process (no isolation: only for code that you trust)."
    ),
]
TimeLimit = Annotated[str, typer.Option(metavar="TIME", help="CPU time for the runs together: 90s, 10m, 2h.")]
Memory = Annotated[str, typer.Option(metavar="SIZE", help="Memory for a run: 512m, 6g.")]
Cpus = Annotated[float, typer.Option(min=0.1, help="Processor cores for a run.")]
Gpus = Annotated[int, typer.Option(min=0, help="GPUs for a run (docker).")]
RunCommand = Annotated[
    str | None, typer.Option("--command", metavar="SHELL", help="Run this instead of the plan found.")
]
Python = Annotated[str | None, typer.Option("--python", metavar="X.Y", help="Python version instead of the one found.")]
BaseImage = Annotated[str | None, typer.Option(metavar="IMAGE", help="Base image instead of python:X.Y-slim.")]
Ref = Annotated[str | None, typer.Option(metavar="REF", help="Branch, tag or commit of the repository.")]
ChecklistName = Annotated[str, typer.Option("--checklist", metavar="NAME", help="A checklist's name, or a YAML file.")]
Formats = Annotated[str, typer.Option("--format", metavar="LIST", help="html, md: what to write beside audit.json.")]
Rerun = Annotated[bool, typer.Option("--rerun", help="Run the code and compare what comes out.")]
Online = Annotated[bool, typer.Option("--online", help="Ask whether the addresses of the data still answer.")]
Ocr = Annotated[
    bool, typer.Option("--ocr", help="Read pages that are pictures of text with tesseract, where it is installed.")
]
Json = Annotated[bool, typer.Option("--json", help="Print the audit as JSON on standard output.")]
FailUnder = Annotated[LetterName | None, typer.Option(help="Exit with 1 when the grade is below this letter.")]
Config = Annotated[Path | None, typer.Option("--settings", metavar="FILE", help="Settings file (docs/settings.md).")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")]
Debug = Annotated[bool, typer.Option("--debug", hidden=True)]


def _version(wanted: bool) -> None:
    if wanted:
        from auditor import __version__

        typer.echo(f"auditor {__version__}")
        raise typer.Exit


@app.callback(help=ABOUT)
def common(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Take the options that stand before a command."""


@app.command()
def audit(
    paper: Annotated[
        str | None,
        typer.Argument(help="A PDF, its address, an arXiv id, or one archive with paper and code.", show_default=False),
    ] = None,
    repository: Annotated[
        str | None,
        typer.Argument(
            help="A folder, git address, zip or tar; the paper's own link if not given.", show_default=False
        ),
    ] = None,
    repo: Annotated[
        str | None, typer.Option("--repo", metavar="REPOSITORY", help="The repository, without a paper.")
    ] = None,
    ref: Ref = None,
    checklist: ChecklistName = "default",
    rerun: Rerun = False,
    online: Online = False,
    ocr: Ocr = False,
    engine: Engine = EngineName.auto,
    time_limit: TimeLimit = "10m",
    memory: Memory = "6g",
    cpus: Cpus = 1.0,
    gpus: Gpus = 0,
    command: RunCommand = None,
    python: Python = None,
    base_image: BaseImage = None,
    output: Reports = Path("reports"),
    formats: Formats = "html,md",
    json: Json = False,
    fail_under: FailUnder = None,
    settings: Config = None,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Audit a paper and its repository: read, check, rerun if asked, grade, report.

    Exit code: 0 fine, 1 below --fail-under, 2 bad input or usage, 3 the auditor's or the machine's fault.
    """
    from auditor.cli.run import Request, asked, run_audit
    from auditor.rerun.options import RerunOptions

    options = RerunOptions.of(engine.value, time_limit, memory, cpus, gpus, command, python, base_image)
    request = Request(
        paper=paper,
        repository=repository,
        repo=repo,
        ref=ref,
        checklist=checklist,
        rerun=asked(rerun, options),
        online=online,
        ocr=ocr,
        output=output,
        formats=formats,
        as_json=json,
        fail_under=fail_under.value if fail_under else None,
        settings=settings,
        quiet=quiet,
    )
    raise typer.Exit(run_audit(request))


@app.command()
def rerun(
    repository: Annotated[str, typer.Argument(help="A folder, git address, zip or tar.")],
    ref: Ref = None,
    engine: Engine = EngineName.auto,
    time_limit: TimeLimit = "10m",
    memory: Memory = "6g",
    cpus: Cpus = 1.0,
    gpus: Gpus = 0,
    command: RunCommand = None,
    python: Python = None,
    base_image: BaseImage = None,
    output: Reports = Path("reports"),
    formats: Formats = "html,md",
    json: Json = False,
    settings: Config = None,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Rerun a repository alone: plan, environment, run, observations, outcome."""
    from auditor.cli.run import Request, run_audit
    from auditor.rerun.options import RerunOptions

    request = Request(
        repo=repository,
        ref=ref,
        checklist="rerun",
        rerun=RerunOptions.of(engine.value, time_limit, memory, cpus, gpus, command, python, base_image),
        output=output,
        formats=formats,
        as_json=json,
        settings=settings,
        quiet=quiet,
    )
    raise typer.Exit(run_audit(request))


@app.command()
def report(
    document: Annotated[Path, typer.Argument(metavar="AUDIT_JSON", help="An audit.json.")],
    formats: Formats = "html,md",
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="DIR", help="Folder to write to; that of the audit if not given."),
    ] = None,
    debug: Debug = False,
) -> None:
    """Render an audit again, from its audit.json alone."""
    from auditor.cli.run import run_report

    raise typer.Exit(run_report(document, formats, output))


@app.command()
def patch(
    document: Annotated[Path, typer.Argument(metavar="AUDIT", help="An audit.json, or the folder that holds it.")],
    check: Annotated[str | None, typer.Argument(help="A check's id; all that have a patch if not given.")] = None,
    debug: Debug = False,
) -> None:
    """Print the patches of an audit, to be read and piped to `git apply` or `patch -p1`."""
    from auditor.cli.run import run_patch

    raise typer.Exit(run_patch(document, check))


@app.command()
def explain(
    check: Annotated[
        str | None, typer.Argument(help="A check's id, or an item's number or id; all checks if not given.")
    ] = None,
    checklist: ChecklistName = "default",
    debug: Debug = False,
) -> None:
    """Explain every check, or one: question, why it matters, how to satisfy it, sources, how sure it is."""
    from auditor.report.explain import explain_all, explain_one

    typer.echo(explain_one(check, checklist) if check else explain_all())


@checklist_app.command("list")
def checklist_list() -> None:
    """List the checklists that come with the program."""
    from auditor.cli.checklists import list_checklists

    typer.echo(list_checklists())


@checklist_app.command("show")
def checklist_show(name: Annotated[str, typer.Argument(help="A checklist's name, or a YAML file.")]) -> None:
    """Show a checklist: its items, weights and checks, and how the grade follows."""
    from auditor.cli.checklists import show_checklist

    typer.echo(show_checklist(name))


@app.command()
def doctor(settings: Config = None, debug: Debug = False) -> None:
    """Say what works on this machine, and how to get what is missing."""
    from auditor.cli.run import run_doctor

    raise typer.Exit(run_doctor(settings))


@app.command()
def clean(settings: Config = None, debug: Debug = False) -> None:
    """Remove what reruns keep between audits: environments, wheels, and leftovers of interrupted runs."""
    from auditor.cli.run import run_clean

    raise typer.Exit(run_clean(settings))
