"""The rerun of one submission: plan, environment, runs, and two diagnoses: as it is, and after repairs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from auditor.claims.model import Claims
from auditor.errors import AuditorError, BadInput, MachineFault
from auditor.progress import Progress
from auditor.recorder.reader import NOTEBOOK
from auditor.repository.model import Repository
from auditor.rerun.attempt import Attempt
from auditor.rerun.engines import BuildFailed, Built, Engine, EngineAbsent, Limits, find_engine
from auditor.rerun.environment import Wanted, recipe_for, wanted
from auditor.rerun.failure import Failure
from auditor.rerun.image import dockerfile
from auditor.rerun.ladder import next_step
from auditor.rerun.model import RAN, Diagnosis, Environment, Outcome, Plan, Repair, Rerun, Run
from auditor.rerun.notebook_cells import left_out_cells
from auditor.rerun.options import RerunOptions
from auditor.rerun.plan import make_plan
from auditor.rerun.refusal import after_refusal, cause_of_refusal, in_force
from auditor.rerun.resolve import lock_hash
from auditor.rerun.round import Round, Settled, run_round, settle
from auditor.rerun.wheel_folder import LARGE, MOST_BYTES, lighter, locked_versions
from auditor.settings import Settings
from auditor.submission.folders import file_hashes
from auditor.submission.model import LeftOut, Origin

MOST_ROUNDS = 8
MOST_CHANGES = 4
MOST_REFUSALS = 12


def limits_of(options: RerunOptions) -> Limits:
    """Return the limits of the first command: those of a plan count for all its commands together."""
    return Limits(
        wall_seconds=options.time_limit,
        cpu_seconds=options.cpu_seconds,
        memory_bytes=options.memory_bytes,
        cpus=options.cpus,
        gpus=options.gpus,
    )


@dataclass
class _Story:
    """What has happened so far in one rerun."""

    plan: Plan
    engine: Engine
    seconds: dict[str, float] = field(default_factory=dict)
    repairs: list[Repair] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    environment: Environment | None = None
    as_it_is: Diagnosis | None = None
    last: Diagnosis | None = None
    settled: Settled = field(default_factory=Settled)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the wall time of a stage."""
        start = time.monotonic()
        try:
            yield
        finally:
            self.seconds[name] = round(self.seconds.get(name, 0.0) + time.monotonic() - start, 2)

    def make(self, repair: Repair) -> None:
        """Record a repair; the diagnosis as it is stands from the first one that changes something."""
        if repair.changes and self.as_it_is is None:
            self.as_it_is = self.last
        self.repairs.append(repair)

    def end(self, diagnosis: Diagnosis) -> Rerun:
        """Return the rerun, ended with this diagnosis."""
        diagnosis = _of_the_users_command(diagnosis, self.plan, self.runs)
        first = last_real_obstacle(self.as_it_is, diagnosis)
        return Rerun(
            engine=self.engine.name,
            isolation=self.engine.isolation,
            plan=self.plan,
            environment=self.environment,
            runs=tuple(self.runs),
            observations=self.settled.observations,
            verdicts=self.settled.verdicts,
            repairs=tuple(self.repairs),
            as_it_is=first,
            after_repairs=diagnosis,
            seconds=self.seconds,
            notes=tuple(self.notes),
        )


def for_want_of_python(diagnosis: Diagnosis, attempt: Attempt) -> Diagnosis:
    """Return the diagnosis, with the machine to blame where the Python that the repository states is not at hand."""
    causes = ("python_version_too_new", "pinned_version_unavailable_for_python")
    if attempt.choice.fits or diagnosis.cause not in causes or diagnosis.fault != "submission":
        return diagnosis
    sentence = f"{diagnosis.sentence} {attempt.choice.why}"
    return diagnosis.model_copy(update={"fault": "machine", "sentence": sentence[:490]})


def _of_the_users_command(diagnosis: Diagnosis, plan: Plan, runs: list[Run]) -> Diagnosis:
    """Return the diagnosis, the submission not blamed for a command of the user's own that never got into its code."""
    given = any(command.source == "--command" for command in plan.commands)
    vague = diagnosis.cause in (None, "other", "wrong_or_stale_command")
    if not given or not vague or diagnosis.fault != "submission" or not runs or "Traceback" in runs[-1].stderr_tail:
        return diagnosis
    sentence = f"The command given with --command does not fit this repository: {diagnosis.sentence}"
    return diagnosis.model_copy(update={"fault": "policy", "sentence": sentence})


def last_real_obstacle(first: Diagnosis | None, last: Diagnosis) -> Diagnosis:
    """Return the diagnosis as it is: the first obstacle where repairs got past all, else the last that stood.

    Faults are stacked, and the first message often hides the real obstacle (a missing module before missing data). A
    limit of this machine's policy, met only after repairs, does not replace what stopped the code as it is.
    """
    if first is None or first == last:
        return last
    if last.sentence == first.sentence:
        return last
    if last.outcome in RAN or last.outcome in ("timed_out", "out_of_memory", "auditor_error"):
        return first
    return last.model_copy(
        update={
            "sentence": f"{last.sentence} Before that: {first.sentence}",
            "evidence": (*last.evidence, *first.evidence),
        }
    )


def rerun(
    tree: Path,
    repository: Repository,
    claims: Claims,
    settings: Settings,
    options: RerunOptions,
    progress: Progress,
    folder: Path,
    origin: Origin | None = None,
    left_out: tuple[LeftOut, ...] = (),
    hashes: dict[str, str] | None = None,
) -> Rerun:
    """Return what the rerun of `tree` showed; logs, lock and Dockerfile are written under `folder`, the audit's own.

    `hashes` are the SHA-256 of the tree's files by path, where they are known already. A submission that does not run
    is a value, and so is a machine that cannot run it (`auditor_error`, or `not_attempted` where no engine is at hand).
    Raises BadInput for options that cannot be used.
    """
    start = time.monotonic()
    with progress.step("Planning the rerun"):
        plan = make_plan(repository, claims, options.command)
    for command in plan.commands:
        progress.note(f"To be run in {command.folder}: {command.shell} ({command.source})")
    if not plan.commands:
        sentence = "Nothing that could be run was found: no declared or documented command, and no script by role."
        return _not_run(plan, Diagnosis(outcome="no_entry_point", fault="submission", sentence=sentence), True)
    if options.base_image:
        version = options.python or next(iter(settings.base_images), "3.11")
        settings = settings.model_copy(update={"base_images": {version: options.base_image}})
    try:
        engine = find_engine(options.engine, settings)
    except EngineAbsent as error:
        return _not_run(plan, Diagnosis(outcome="not_attempted", fault="machine", sentence=str(error)), False)
    story = _Story(plan, engine, seconds={"plan": round(time.monotonic() - start, 2)})
    scene = _Scene(
        tree, repository, claims, options, progress, folder, left_out, file_hashes(tree) if hashes is None else hashes
    )
    try:
        want = _wanted(repository, origin, engine, options)
        return story.end(_climb(story, scene, want))
    except BadInput:
        raise
    except MachineFault as error:
        # Before anything ran, what this machine lacks is an environment.
        outcome: Outcome = "auditor_error" if story.runs else "env_build_failed"
        return story.end(Diagnosis(outcome=outcome, fault="machine", sentence=str(error)))
    except AuditorError as error:
        return story.end(Diagnosis(outcome="auditor_error", fault="auditor", sentence=str(error)))
    except Exception as error:  # one submission, or one daemon that breaks, never stops a batch
        sentence = f"The rerun itself failed ({type(error).__name__}: {error})."
        return story.end(Diagnosis(outcome="auditor_error", fault="auditor", sentence=sentence))


@dataclass(frozen=True)
class _Scene:
    """What a rerun is given."""

    tree: Path
    repository: Repository
    claims: Claims
    options: RerunOptions
    progress: Progress
    folder: Path
    left_out: tuple[LeftOut, ...]
    hashes: dict[str, str]


def _not_run(plan: Plan, diagnosis: Diagnosis, attempted: bool) -> Rerun:
    return Rerun(engine="none", attempted=attempted, plan=plan, as_it_is=diagnosis, after_repairs=diagnosis)


def _wanted(repository: Repository, origin: Origin | None, engine: Engine, options: RerunOptions) -> Wanted:
    pythons = engine.pythons()
    if options.python and options.python not in pythons:
        raise BadInput(f"Python {options.python} is not at hand; there is {', '.join(sorted(pythons))}.")
    return wanted(repository, origin, pythons, options.python)


def _climb(story: _Story, scene: _Scene, want: Wanted) -> Diagnosis:
    """Build and run, repair what failed, and go on, until it runs or nothing on the ladder answers."""
    attempt = _first(story, scene.repository, want)
    for number in range(1, MOST_ROUNDS + 1):
        built, attempt = _prepare(story, scene, attempt, want)
        if built is None:
            assert story.last is not None
            return story.last
        with story.stage("run"), scene.progress.step(f"Running {len(attempt.commands)} command(s), round {number}"):
            round_ = Round(
                number, attempt, story.engine, built, scene.tree, scene.hashes, scene.folder, limits_of(scene.options)
            )
            result = run_round(round_, scene.repository, scene.left_out, want)
        story.runs += [kept.run for kept in result.runs]
        with story.stage("collect"):
            story.settled = settle(result, scene.claims)
        story.last = for_want_of_python(story.settled.diagnosis, attempt)
        step = _next(story, scene, result.failures, attempt, want)
        if step is None:
            story.notes += result.skipped
            return story.last
        story.make(step[0])
        attempt = step[1]
    story.notes.append(f"The rerun was given up after {MOST_ROUNDS} rounds of repairs.")
    assert story.last is not None
    return story.last


def _first(story: _Story, repository: Repository, want: Wanted) -> Attempt:
    """The first attempt: everything as declared, as of the date, with the first Python of the choices."""
    choice = want.choices[0]
    recipe = recipe_for(want, choice)
    story.notes += want.notes
    if not choice.fits:
        story.make(
            Repair(rung="another_python", cause="other", what=f"Python {choice.python}.", why=choice.why, changes=False)
        )
    if recipe.as_of and not want.exact:
        what = f"Versions that the repository leaves open were taken as of {recipe.as_of} ({want.as_of_source})."
        story.make(
            Repair(
                rung="as_of_date",
                cause="dependency_unpinned_and_changed",
                what=what,
                why="Not every declared dependency is fixed to one version.",
                changes=False,
            )
        )
    cells = left_out_cells(repository, story.plan.commands)
    if cells is not None:
        story.make(cells)
    return Attempt(recipe, choice, story.plan.commands, paths=_source_folders(repository))


def _source_folders(repository: Repository) -> tuple[str, ...]:
    """`src`, where it holds packages and is none itself: there an installed copy of the code would come from."""
    packages = any(path.startswith("src/") and path.count("/") == 2 and path.endswith("/__init__.py")
                   for path in repository.by_path)  # fmt: skip
    return ("src",) if packages and "src/__init__.py" not in repository.by_path else ()


def _next(
    story: _Story, scene: _Scene, failures: tuple[Failure, ...], attempt: Attempt, want: Wanted
) -> tuple[Repair, Attempt] | None:
    for failure in failures:
        step = next_step(failure, attempt, scene.repository, want)
        if step is None:
            continue
        changes = sum(repair.changes for repair in story.repairs)
        if step[0].changes and changes >= MOST_CHANGES:
            continue
        return step
    return None


def _prepare(story: _Story, scene: _Scene, attempt: Attempt, want: Wanted) -> tuple[Built | None, Attempt]:
    """Resolve and build, climbing the ladder at each refusal; None, with the diagnosis in the story, at its end."""
    tried = {attempt.choice.python}
    refused: list[tuple[Repair, Attempt]] = []
    for _ in range(MOST_REFUSALS + len(want.choices)):
        lock = ""
        with (
            story.stage("environment"),
            scene.progress.step(f"Building the environment (Python {attempt.recipe.python})"),
        ):
            try:
                lock = story.engine.resolve(attempt.recipe)
                attempt, lock = _lighter(story, scene, attempt, lock)
                built = story.engine.build(attempt.recipe, lock)
                for repair, after in refused:
                    if in_force(repair, after, attempt):
                        story.make(repair)
                    else:
                        story.notes.append(f"Tried in vain: {repair.what}")
                _record(story, scene, attempt, want, lock, built, "")
                return built, attempt
            except BuildFailed as error:
                refusal, log = str(error), error.log
        if story.last is None or not refused:
            story.last = Diagnosis(
                outcome="env_build_failed",
                fault="submission" if attempt.choice.fits else "machine",
                cause=cause_of_refusal(f"{refusal}\n{log}"),
                sentence=f"No environment could be built: {refusal}"[:480],
            )
        _record(story, scene, attempt, want, lock, None, log or refusal)
        step = after_refusal(f"{refusal}\n{log}", attempt, want, frozenset(tried))
        if step is None:
            break
        refused.append(step)
        attempt = step[1]
        tried.add(attempt.choice.python)
    story.repairs += [repair for repair, _ in refused]
    return None, attempt


def _lighter(story: _Story, scene: _Scene, attempt: Attempt, lock: str) -> tuple[Attempt, str]:
    """Take CPU builds from the wheel folder where they spare a download of gigabytes; else announce its size."""
    engine, recipe = story.engine, attempt.recipe
    if not set(locked_versions(lock)) & LARGE or recipe.folder_wheels:
        return attempt, lock
    total = engine.download_bytes(recipe, lock)
    found = None if attempt.default_builds else lighter(recipe, lock, engine.settings.find_links, total)
    if found is not None:
        try:
            lighter_lock = engine.resolve(found.recipe)
            story.make(Repair(rung="as_of_date", cause="other", what=found.what, why=found.why, changes=False))
            return replace(attempt, recipe=found.recipe), lighter_lock
        except BuildFailed as error:
            story.notes.append(f"Tried in vain: {found.what} {error}"[:490])
    if total > MOST_BYTES:
        scene.progress.note(f"The packages of this environment are a download of {total / 2**30:.1f} GiB.")
    return attempt, lock


def _record(
    story: _Story, scene: _Scene, attempt: Attempt, want: Wanted, lock: str, built: Built | None, log: str
) -> None:
    """Put the environment into the story, and its lock and Dockerfile into the audit's folder."""
    base = built.base if built else ""
    commands = tuple((command.folder, command.shell) for command in attempt.commands)
    text = dockerfile(attempt.recipe.python, base, commands, attempt.paths)
    place = scene.folder / "environment"
    place.mkdir(parents=True, exist_ok=True)
    (place / "Dockerfile").write_text(text, encoding="utf-8")
    (place / "requirements.lock").write_text(lock, encoding="utf-8")
    if "auditor_notebook" in text:
        (place / "auditor_notebook.py").write_bytes(NOTEBOOK.read_bytes())
    story.environment = Environment(
        python=attempt.recipe.python,
        python_why=attempt.choice.why,
        requirements=attempt.recipe.requirements,
        as_of=attempt.recipe.as_of,
        as_of_source=want.as_of_source if attempt.recipe.as_of else None,
        lock=lock,
        lock_hash=lock_hash(lock, attempt.recipe.python, base) if lock else "",
        cached=bool(built and built.cached),
        dockerfile=text,
        image=built.identity if built else None,
        base_image=base or None,
        repairs=tuple(r for r in story.repairs if r.rung != "command"),
        log=log[-1900:],
    )
