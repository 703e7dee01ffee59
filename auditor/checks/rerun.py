"""What the rerun showed: whether an environment could be built, the code ran, and what had to be repaired for it."""

from __future__ import annotations

from auditor.checks.framework import check
from auditor.findings import Evidence, Finding, RunEvidence, Status
from auditor.repository.model import Repository
from auditor.rerun.executed import last_round, runs_the_code
from auditor.rerun.model import RAN, Rerun
from auditor.rerun.seeded import seeding_call

FEW_REPAIRS = 2
"""Up to this many changes are `few`."""

_NOTHING_RAN = "No command executed a program of the repository, and none computed a number"


@check("rerun.environment_built")
def environment_built(rerun: Rerun, repository: Repository | None) -> Finding:
    """The declared dependencies could be installed as they are declared.

    Why: Without its environment no result can be checked; in a study of 30 real repositories only 4 of 16 with open
    versions worked with the newest packages, and 10 as of the commit's date.
    How: Declare every package that the code imports, each with a version, and the Python version that they need.
    Sources: ML Code Completeness Checklist (dependencies); the project's own reruns of 30 repositories.
    """
    if unknown := _not_attempted("rerun.environment_built", rerun):
        return unknown
    if rerun.environment is None:
        return _unknown("rerun.environment_built", f"No environment was asked for: {rerun.as_it_is.sentence}")
    changed = [repair for repair in rerun.repairs if repair.changes and repair.rung != "command"]
    if rerun.environment.image is None:
        diagnosis = rerun.after_repairs
        if diagnosis.fault != "submission":
            return _unknown(
                "rerun.environment_built", f"Whether its environment can be built is not known: {diagnosis.sentence}"
            )
        return Finding(
            check="rerun.environment_built",
            status=Status.FAIL,
            sentence=diagnosis.sentence,
            evidence=(_engine_line(rerun.environment.log or diagnosis.sentence),),
            remedy="State the Python version and the versions of all packages with which the code last worked.",
        )
    if changed:
        return Finding(
            check="rerun.environment_built",
            status=Status.PARTIAL,
            sentence=f"The environment was built after changes: {' '.join(repair.what for repair in changed)}",
            evidence=tuple(item for repair in changed for item in repair.evidence)[:10]
            or (_engine_line(changed[0].what),),
            remedy=_remedy(changed[0].cause),
        )
    count = rerun.environment.lock.count("==")
    if not count and not runs_the_code(rerun, repository):
        sentence = f"Nothing had to be installed, and {_NOTHING_RAN[0].lower()}{_NOTHING_RAN[1:]} that would need it."
        return _unknown("rerun.environment_built", sentence)
    return Finding(
        check="rerun.environment_built",
        status=Status.PASS,
        sentence=f"The environment was built as declared: Python {rerun.environment.python} with {count} packages.",
        evidence=(_engine_line(" ".join(rerun.environment.requirements) or "no requirements"),),
    )


@check("rerun.ran")
def ran(rerun: Rerun, repository: Repository | None) -> Finding:
    """The code ran to its end as it is, from the documented or declared commands.

    Commands that execute no program of the repository and compute no number show nothing.

    Why: A repository whose code does not run cannot support its paper, whatever else it holds.
    How: Clone the repository into an empty folder on another machine, follow its README, and mend what stops.
    Sources: ACM Artifact Review and Badging 1.1 (functional); the project's words for outcomes of a rerun.
    """
    if unknown := _not_attempted("rerun.ran", rerun):
        return unknown
    if unknown := _nothing_ran("rerun.ran", rerun, repository):
        return unknown
    before, after = rerun.as_it_is, rerun.after_repairs
    changed = [repair for repair in rerun.repairs if repair.changes]
    if before.outcome in RAN and changed:
        sentence = f"It ran to its end after {len(changed)} change(s): {' '.join(repair.what for repair in changed)}"
        evidence = tuple(item for repair in changed for item in repair.evidence)[:10]
        return _ran(rerun, Status.PARTIAL, sentence, (*evidence, *_ends(rerun)), _remedy(changed[0].cause))
    runs = last_round(rerun)
    ended = [run for run in runs if run.exit_code == 0]
    share = "It" if len(ended) == len(runs) else f"{len(ended)} of {len(runs)} commands"
    if before.outcome in RAN and len(ended) < len(runs):
        failed = next(run for run in runs if run.exit_code != 0)
        sentence = f"{share} ran to the end as they are; not {failed.command}"
        return _ran(rerun, Status.PARTIAL, sentence, _ends(rerun), "Make every documented command run to its end.")
    if before.outcome in RAN:
        return _ran(rerun, Status.PASS, f"It ran to its end as it is: {_commands(rerun)}.", _ends(rerun))
    if after.outcome in RAN:
        sentence = f"{share} ran to the end after {len(changed)} repair(s); not as it is: {before.sentence}"
        return _ran(rerun, Status.PARTIAL, sentence, (*before.evidence, *_ends(rerun)), _remedy(before.cause))
    # Where the submission stopped before any limit of this machine, that is its fault; a later limit does not hide it.
    blamed = next((diagnosis for diagnosis in (after, before) if diagnosis.fault == "submission"), None)
    if blamed is not None:
        return _ran(rerun, Status.FAIL, blamed.sentence, blamed.evidence, _remedy(blamed.cause))
    if changed:
        needed = changed[0]
        sentence = f"As it is it does not run: {needed.why} What follows after repairs is not known: {after.sentence}"
        return _ran(rerun, Status.FAIL, sentence, needed.evidence, _remedy(needed.cause))
    return _unknown("rerun.ran", f"Whether it runs is not known: {after.sentence}", after.evidence)


@check("rerun.repairs_needed")
def repairs_needed(rerun: Rerun, repository: Repository | None) -> Finding:
    """Nothing of the submission had to be changed for the code to run.

    None passes, one or two changes are partial, more fail. Choosing Python, a date for open versions, the working
    folder or the module path changes nothing and does not count. Where the code did not run in the end, at least one
    more change would have been needed.

    Why: How much has to be repaired is what a reader pays; most readers give up at the first error.
    How: Make the changes that are listed, and try again in an empty environment.
    Sources: Trisovic et al. 2022 (74% of R files fail as they are, 56% after repairs); the project's ladder of repairs.
    """
    if unknown := _not_attempted("rerun.repairs_needed", rerun):
        return unknown
    if unknown := _nothing_ran("rerun.repairs_needed", rerun, repository):
        return unknown
    changed = [repair for repair in rerun.repairs if repair.changes]
    in_the_end = rerun.after_repairs.outcome in RAN
    if not in_the_end and rerun.after_repairs.fault != "submission" and len(changed) <= FEW_REPAIRS:
        return _unknown(
            "rerun.repairs_needed", f"How much would have to be repaired is not known: {rerun.after_repairs.sentence}"
        )
    count = len(changed) + (0 if in_the_end else 1)
    status = Status.PASS if not count else (Status.PARTIAL if count <= FEW_REPAIRS and in_the_end else Status.FAIL)
    listed = " ".join(repair.what for repair in changed)
    if in_the_end:
        sentence = f"Changes that were needed: {count}. {listed}" if count else "Nothing had to be changed."
    else:
        sentence = f"It does not run after {len(changed)} change(s). {listed} {rerun.after_repairs.sentence}"
    return Finding(
        check="rerun.repairs_needed",
        status=status,
        sentence=sentence,
        evidence=tuple(item for repair in changed for item in repair.evidence)[:10]
        or (() if in_the_end else rerun.after_repairs.evidence)
        or _shown(rerun),
        remedy=_remedy(changed[0].cause) if changed else _remedy(rerun.after_repairs.cause) if count else None,
    )


@check("rerun.seeds_recorded")
def seeds_recorded(rerun: Rerun, repository: Repository | None) -> Finding:
    """Every random generator that the run drew from had been seeded before, as the run's own recorder saw it.

    The program could write the record itself: a seed passes only where the source holds a seeding call on the line that
    the record names.

    Why: Without seeds two runs of the same code differ, and a difference from the paper cannot be told from chance.
    How: Seed each library that draws (random, numpy, torch, tensorflow) once at the start, with the stated value.
    Sources: NeurIPS reproducibility checklist; Bouthillier et al. 2021, Accounting for Variance in ML Benchmarks.
    """
    if unknown := _not_attempted("rerun.seeds_recorded", rerun):
        return unknown
    runs = last_round(rerun)
    known = [run for run in runs if run.recorded is not None]
    seeds = [(run, seed) for run in known if run.recorded for seed in run.recorded.seeds]
    bare = [(run, draw) for run in known if run.recorded for draw in run.recorded.unseeded if _of_the_authors(draw)]
    if not any(run.exit_code == 0 for run in known):
        return _unknown("rerun.seeds_recorded", "No run ended well and left a record of its random generators.")
    said = "The run's own record, which it could have changed, says: "
    if bare:
        return Finding(
            check="rerun.seeds_recorded",
            status=Status.PARTIAL if seeds else Status.FAIL,
            sentence=f"{said}{bare[0][1]} before any seed.",
            evidence=tuple(RunEvidence(run=run.id, stream="record", excerpt=draw) for run, draw in bare[:5]),
            remedy="Seed this generator at the start of the program, and let the seed be set from the command line.",
        )
    if seeds:
        agreed = [(run, seed, call) for run, seed in seeds if (call := seeding_call(seed, repository)) is not None]
        if not agreed:
            evidence = tuple(RunEvidence(run=run.id, stream="record", excerpt=seed) for run, seed in seeds[:5])
            sentence = f"{said}{seeds[0][1]}. No seeding call was read there, so the record alone says so."
            return _unknown("rerun.seeds_recorded", sentence, evidence)
        return Finding(
            check="rerun.seeds_recorded",
            status=Status.PASS,
            sentence=f"{said}{agreed[0][1]}. The call stands in the source there.",
            evidence=tuple(
                item
                for run, seed, call in agreed[:5]
                for item in (RunEvidence(run=run.id, stream="record", excerpt=seed), call)
            ),
        )
    return _unknown(
        "rerun.seeds_recorded", "The run's record shows neither a seed nor a draw by the functions that it watches."
    )


@check("rerun.no_network_needed")
def no_network_needed(rerun: Rerun, repository: Repository | None) -> Finding:
    """The code runs without the network, from what the repository and its packages hold.

    Why: What a run downloads can change or disappear, and then the result cannot be had again.
    How: Put the data into the repository or an archive with a DOI, and give the command that fetches it before the run.
    Sources: FAIR principles for research software; the project's policy that a rerun has no network.
    """
    if unknown := _not_attempted("rerun.no_network_needed", rerun):
        return unknown
    if unknown := _nothing_ran("rerun.no_network_needed", rerun, repository):
        return unknown
    runs = last_round(rerun)
    if rerun.after_repairs.outcome == "run_failed_needs_network":
        return Finding(
            check="rerun.no_network_needed",
            status=Status.FAIL,
            sentence=rerun.after_repairs.sentence,
            evidence=rerun.after_repairs.evidence or _shown(rerun),
            remedy="Fetch what is needed in a step of its own that the README names, and keep a copy with a DOI.",
        )
    if not runs or not all(run.exit_code == 0 for run in runs):
        return _unknown(
            "rerun.no_network_needed",
            "Not every command ran to its end, so what the rest would have fetched is not known.",
        )
    tried = [(run, place) for run in runs if run.recorded for place in run.recorded.connections]
    if tried:
        return Finding(
            check="rerun.no_network_needed",
            status=Status.PARTIAL,
            sentence=f"It ran to its end without the network, but tried to reach {tried[0][1]}.",
            evidence=tuple(RunEvidence(run=run.id, stream="record", excerpt=place) for run, place in tried[:5]),
            remedy="Say in the README what is fetched there, or leave it out.",
        )
    return Finding(
        check="rerun.no_network_needed",
        status=Status.PASS,
        sentence="It ran to its end in a container without a network."
        if rerun.engine == "docker"
        else "It ran to its end, and its own record shows no connection.",
        evidence=_ends(rerun),
    )


@check("rerun.outputs_written")
def outputs_written(rerun: Rerun) -> Finding:
    """The run leaves its results behind: numbers that a program can read, in its files or in what it prints.

    Files with numbers pass; numbers that are only printed are partial.

    Why: A result that stands in a file can be compared, archived and plotted without copying from a terminal.
    How: Write the metrics that the paper reports to a JSON or CSV file at the end of each run.
    Sources: ACM Artifact Review and Badging 1.1 (results reproduced); FAIR principles for research software.
    """
    if unknown := _not_attempted("rerun.outputs_written", rerun):
        return unknown
    runs = [run for run in last_round(rerun) if run.exit_code == 0]
    if not runs:
        return _unknown("rerun.outputs_written", "No command ran to its end.")
    ids = {run.id for run in runs}
    seen = [o.evidence for o in rerun.observations if o.run in ids and isinstance(o.evidence, RunEvidence)]
    in_files = [place for place in seen if place.stream not in ("stdout", "stderr")]
    written = [output for run in runs for output in run.outputs]
    if in_files:
        files = tuple(dict.fromkeys(place.stream for place in in_files))
        return _written(rerun, Status.PASS, f"It writes numbers to {', '.join(files[:4])}.", tuple(in_files[:5]))
    if seen:
        sentence = (
            f"It prints {len(seen)} numbers and writes none to a file that is read ({len(written)} files written)."
        )
        return _written(
            rerun, Status.PARTIAL, sentence, tuple(seen[:5]), "Write the metrics to a JSON or CSV file as well."
        )
    sentence = f"It ran to its end and left no number that can be read ({len(written)} files written)."
    remedy = "Print the metrics by name, and write them to a JSON or CSV file."
    return _written(rerun, Status.FAIL, sentence, _ends(rerun), remedy)


_REMEDIES = {
    "dependency_not_declared": "Add the missing packages to requirements.txt or pyproject.toml, with their versions.",
    "dependency_unpinned_and_changed": "Fix the versions with which the code last worked (pip freeze, or a lock file).",
    "pinned_version_unavailable_for_python": "State the Python version that the pins need, or raise the pins.",
    "package_renamed_or_removed": "Replace the packages that the index no longer has.",
    "python_version_too_new": "State the Python version that the code was written for, or port it.",
    "build_tools_missing": "Name the programs that the code calls, in the README or a Dockerfile.",
    "wrong_or_stale_command": "Correct the command in the README; try it in an empty clone.",
    "working_folder_or_path": "Make folders that are written to, and let paths start from the script's own folder.",
    "hard_coded_path": "Replace the path of your own machine by an option with a default inside the repository.",
    "missing_file": "Add the missing file, or say where it is to be had.",
    "data_download": "Give the command that fetches the data, and keep a copy in an archive with a DOI.",
    "gpu_only": "Let the code run on a CPU too, if only for a small check.",
    "interactive_backend": "Do not choose an interactive plotting backend; save figures to files.",
    "too_long": "Give a smaller setting that ends in minutes and shows the same trend.",
    "bug": "Mend the error at the named line.",
}


def _remedy(cause: str | None) -> str:
    return _REMEDIES.get(cause or "", "Run the documented commands in an empty clone, and mend what stops.")


def _not_attempted(check: str, rerun: Rerun) -> Finding | None:
    if not rerun.attempted:
        return _unknown(check, f"The code was not run: {rerun.as_it_is.sentence}")
    if rerun.after_repairs.outcome == "auditor_error":
        return _unknown(check, f"The rerun broke off: {rerun.after_repairs.sentence}")
    return None


def _nothing_ran(check: str, rerun: Rerun, repository: Repository | None) -> Finding | None:
    """Unknown where the commands ended well without executing the code: then nothing was shown."""
    if rerun.after_repairs.outcome not in RAN or runs_the_code(rerun, repository):
        return None
    return _unknown(check, f"{_NOTHING_RAN}: {_commands(rerun)}.", _ends(rerun))


def _unknown(check: str, sentence: str, evidence: tuple[Evidence, ...] = ()) -> Finding:
    return Finding(check=check, status=Status.UNKNOWN, sentence=sentence, evidence=evidence)


def _ran(
    rerun: Rerun, status: Status, sentence: str, evidence: tuple[Evidence, ...], remedy: str | None = None
) -> Finding:
    evidence = evidence or _shown(rerun)
    return Finding(check="rerun.ran", status=status, sentence=sentence, evidence=evidence, remedy=remedy)


def _written(
    rerun: Rerun, status: Status, sentence: str, evidence: tuple[Evidence, ...], remedy: str | None = None
) -> Finding:
    evidence = evidence or _shown(rerun)
    return Finding(check="rerun.outputs_written", status=status, sentence=sentence, evidence=evidence, remedy=remedy)


def _shown(rerun: Rerun) -> tuple[Evidence, ...]:
    """What stands for a finding without lines of its own: the ends of the runs, else what the engine said."""
    return _ends(rerun) or (RunEvidence(run="plan", stream="engine", excerpt=rerun.after_repairs.sentence),)


def _engine_line(text: str) -> RunEvidence:
    return RunEvidence(run="environment", stream="engine", excerpt=text)


def _ends(rerun: Rerun) -> tuple[Evidence, ...]:
    """The last lines of each run of the last round."""
    found: list[Evidence] = []
    for run in last_round(rerun)[:5]:
        stream, tail = ("stdout", run.stdout_tail) if run.stdout_tail.strip() else ("stderr", run.stderr_tail)
        lines = tail.strip().splitlines()[-4:]
        excerpt = "\n".join(lines) if lines else f"exit status {run.exit_code}"
        found.append(RunEvidence(run=run.id, stream=stream if lines else "engine", excerpt=excerpt))
    return tuple(found)


def _commands(rerun: Rerun) -> str:
    return "; ".join(run.command for run in last_round(rerun))[:300]


def _of_the_authors(draw: str) -> bool:
    """Whether a draw was made in the authors' own file: libraries draw for purposes of their own."""
    place = draw.rpartition(" at ")[2]
    return not place.startswith("/") and "site-packages" not in place and place != "?"
