"""What every engine promises, asked of each one on real code."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from auditor.errors import BadInput
from auditor.rerun.engines import Built, Engine, EngineAbsent, Limits, RawRun, Recipe, find_engine
from auditor.settings import load_settings

SMALL = Limits(wall_seconds=60, cpu_seconds=20, memory_bytes=256 << 20, processes=64, disk_bytes=64 << 20)


@pytest.fixture(scope="module", params=[pytest.param("docker", marks=pytest.mark.docker), "process"])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    settings = load_settings().model_copy(update={"cache": tmp_path_factory.mktemp("cache")})
    try:
        return find_engine(request.param, settings)
    except EngineAbsent as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def built(engine: Engine) -> Built:
    """An environment with nothing in it, which needs no index."""
    python = max(engine.pythons(), key=lambda version: tuple(map(int, version.split("."))))
    if engine.name == "process":
        import sys

        python = f"{sys.version_info.major}.{sys.version_info.minor}"
    recipe = Recipe(python, ())
    return engine.build(recipe, "")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    tree = tmp_path / "tree"
    (tree / "sub").mkdir(parents=True)
    (tree / "README.md").write_text("# A repository\n")
    (tree / "sub" / "where.py").write_text("import os; print(os.path.basename(os.getcwd()))\n")
    return tree


def run(engine: Engine, built: Built, tree: Path, shell: str, limits: Limits = SMALL, folder: str = ".") -> RawRun:
    with engine.workspace(built, tree, f"test-{id(tree):x}") as space:
        return space.run("r1", shell, folder, limits)


def python(tree: Path, source: str) -> str:
    (tree / "program.py").write_text(source)
    return "python program.py"


def test_exit_status_and_both_streams_come_back(engine: Engine, built: Built, tree: Path) -> None:
    raw = run(engine, built, tree, "echo out; echo err >&2; exit 7")
    assert (raw.exit_code, raw.stdout, raw.stderr) == (7, b"out\n", b"err\n")
    assert raw.limit is None


def test_a_command_runs_in_its_folder(engine: Engine, built: Built, tree: Path) -> None:
    assert run(engine, built, tree, "python where.py", folder="sub").stdout == b"sub\n"


def test_a_folder_outside_the_repository_is_refused(engine: Engine, built: Built, tree: Path) -> None:
    with pytest.raises(BadInput, match="leaves the repository"):
        run(engine, built, tree, "true", folder="../..")


def test_commands_of_one_workspace_see_each_others_files(engine: Engine, built: Built, tree: Path) -> None:
    with engine.workspace(built, tree, "test-two") as space:
        space.run("r1", "echo 1 > made.txt", ".", SMALL)
        assert space.run("r2", "cat made.txt", ".", SMALL).stdout == b"1\n"


def test_the_repository_itself_is_never_changed(engine: Engine, built: Built, tree: Path) -> None:
    run(engine, built, tree, "echo changed > README.md; rm -r sub")
    assert (tree / "README.md").read_text() == "# A repository\n"
    assert (tree / "sub" / "where.py").is_file()


def test_new_and_changed_files_are_listed_and_unchanged_ones_are_not(engine: Engine, built: Built, tree: Path) -> None:
    from auditor.submission.folders import file_hashes

    (tree / "same.json").write_text('{"accuracy": 0.99}')
    with engine.workspace(built, tree, "test-outputs") as space:
        space.run("r1", "echo '{\"a\": 1}' > new.json; echo x >> README.md; cp same.json t; mv t same.json", ".", SMALL)
        found = {file.path: file for file in space.written(file_hashes(tree))}
    assert sorted(found) == ["README.md", "new.json"]
    assert found["new.json"].new
    assert found["new.json"].data == b'{"a": 1}\n'
    assert not found["README.md"].new


def test_a_file_dated_back_is_still_seen_as_written(engine: Engine, built: Built, tree: Path) -> None:
    with engine.workspace(built, tree, "test-dated") as space:
        space.run("r1", "echo 1 > old.json; touch -d 2001-01-01 old.json", ".", SMALL)
        assert [file.path for file in space.written({})] == ["old.json"]


def test_a_huge_sparse_file_is_listed_and_not_hashed(engine: Engine, built: Built, tree: Path) -> None:
    roomy = Limits(wall_seconds=60, memory_bytes=256 << 20)
    with engine.workspace(built, tree, "test-sparse") as space:
        space.run("r1", "truncate -s 7G huge.bin; truncate -s 7G huge.json; echo 1 > small.bin", ".", roomy)
        found = {file.path: (file.size, len(file.sha256), file.data) for file in space.written({})}
    assert found["huge.bin"] == found["huge.json"] == (7 << 30, 0, None)
    assert found["small.bin"] == (2, 64, None)


def test_no_run_can_write_the_record_of_a_later_one(engine: Engine, built: Built, tree: Path) -> None:
    forge = """printf '{"e":"seed","call":"f","at":"x"}' > "$(dirname "$AUDITOR_RECORD")/r2.jsonl" """
    with engine.workspace(built, tree, "test-forged") as space:
        space.run("r1", forge, ".", SMALL)
        assert space.run("r2", "true", ".", SMALL).record == b""


def test_a_link_is_no_output(engine: Engine, built: Built, tree: Path) -> None:
    with engine.workspace(built, tree, "test-links") as space:
        space.run("r1", "ln -s /etc/passwd result.json; mkfifo pipe.json; ln -s / all", ".", SMALL)
        assert space.written({}) == ()


def test_an_output_folder_can_be_made_beforehand(engine: Engine, built: Built, tree: Path) -> None:
    with engine.workspace(built, tree, "test-folder") as space:
        space.make_folder("results/deep")
        assert space.run("r1", "echo 1 > results/deep/x.txt", ".", SMALL).exit_code == 0


def test_a_time_limit_ends_a_sleeping_program_and_its_children(engine: Engine, built: Built, tree: Path) -> None:
    limits = Limits(wall_seconds=2, memory_bytes=256 << 20)
    source = (
        "import subprocess, signal, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "subprocess.Popen(['sleep', '61'])\n"
        "print('up', flush=True)\n"
        "time.sleep(61)\n"
    )
    shell = python(tree, source)
    raw = run(engine, built, tree, shell, limits)
    assert (raw.limit, raw.exit_code, raw.stdout) == ("time", None, b"up\n")
    assert raw.wall_seconds < 30


def test_cpu_time_is_limited_apart_from_wall_time(engine: Engine, built: Built, tree: Path) -> None:
    limits = Limits(wall_seconds=120, cpu_seconds=2, memory_bytes=256 << 20)
    raw = run(engine, built, tree, python(tree, "while True: pass\n"), limits)
    assert raw.limit == "time"
    assert raw.cpu_seconds is not None
    assert raw.cpu_seconds >= 2


def test_too_much_memory_is_recorded_as_such(engine: Engine, built: Built, tree: Path) -> None:
    raw = run(engine, built, tree, python(tree, "blocks = []\nwhile True: blocks.append(bytearray(16 << 20))\n"))
    assert raw.out_of_memory
    assert raw.limit == "memory"


def test_a_flood_of_output_is_bounded_and_keeps_head_and_tail(engine: Engine, built: Built, tree: Path) -> None:
    limits = Limits(wall_seconds=60, memory_bytes=256 << 20, kept_log_bytes=4096)
    shell = python(tree, "print('first')\nfor i in range(200_000): print('x' * 20)\nprint('last')\n")
    raw = run(engine, built, tree, shell, limits)
    assert raw.truncated
    assert len(raw.stdout) < 8192
    assert raw.stdout.startswith(b"first")
    assert raw.stdout.endswith(b"last\n")


def test_output_without_end_stops_the_run(engine: Engine, built: Built, tree: Path) -> None:
    limits = Limits(wall_seconds=60, memory_bytes=256 << 20, log_bytes=1 << 20, kept_log_bytes=4096)
    raw = run(engine, built, tree, python(tree, "import os\nwhile True: os.write(1, b'x' * 65536)\n"), limits)
    assert raw.limit == "log"
    assert len(raw.stdout) < 8192


def test_secrets_of_this_process_are_not_visible(
    engine: Engine, built: Built, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "hunter2")
    monkeypatch.setenv("HTTPS_PROXY", "http://somewhere:1")
    raw = run(engine, built, tree, "env")
    assert b"hunter2" not in raw.stdout
    names = {line.split(b"=")[0] for line in raw.stdout.splitlines()}
    assert not any(b"PROXY" in name or b"TOKEN" in name or name.startswith(b"UV_") for name in names)


def test_the_recorder_runs_beside_the_program(engine: Engine, built: Built, tree: Path) -> None:
    from auditor.recorder.reader import read_record

    shell = python(tree, "import random\nrandom.seed(3)\nopen('out.csv', 'w').write('1')\n")
    recorded = read_record(run(engine, built, tree, shell).record)
    assert recorded is not None
    assert recorded.complete
    assert recorded.seeds == ("random.seed(3) at program.py:2",)
    assert recorded.files_written == ("out.csv",)


def test_names_that_are_not_utf_8_and_odd_names_do_no_harm(engine: Engine, built: Built, tree: Path) -> None:
    shell = python(
        tree, "open(b'\\xff\\xfe.json', 'w').write('{}')\nopen('a\\nb.json', 'w').write('{}')\nopen('-r.json', 'w')\n"
    )
    with engine.workspace(built, tree, "test-names") as space:
        space.run("r1", shell, ".", SMALL)
        assert {file.path for file in space.written({"program.py": "x"})} - {"program.py"} == {"a\nb.json", "-r.json"}


def test_two_workspaces_at_once_do_not_mix(engine: Engine, built: Built, tree: Path) -> None:
    seen: dict[str, bytes] = {}

    @contextmanager
    def space(name: str) -> Iterator[None]:
        with engine.workspace(built, tree, name) as one:
            seen[name] = one.run("r1", f"echo {name} > mine; sleep 1; cat mine", ".", SMALL).stdout
        yield

    def work(name: str) -> None:
        with space(name):
            pass

    threads = [threading.Thread(target=work, args=(name,)) for name in ("test-a", "test-b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == {"test-a": b"test-a\n", "test-b": b"test-b\n"}
