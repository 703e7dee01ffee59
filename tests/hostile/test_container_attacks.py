"""Programs that attack the container that they run in; each test states what is left of the attack."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.rerun.engines import Built, Limits, RawRun, Recipe
from auditor.rerun.engines.docker import LABEL, DockerEngine
from auditor.settings import load_settings

pytestmark = pytest.mark.docker

SMALL = Limits(wall_seconds=60, cpu_seconds=30, memory_bytes=256 << 20, processes=64, disk_bytes=64 << 20)


@pytest.fixture(scope="module")
def engine() -> DockerEngine:
    from auditor.rerun.engines import EngineAbsent

    try:
        return DockerEngine(load_settings())
    except EngineAbsent as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def built(engine: DockerEngine) -> Built:
    python = max(engine.pythons(), key=lambda version: tuple(map(int, version.split("."))))
    return engine.build(Recipe(python, ()), "")


def attack(engine: DockerEngine, built: Built, folder: Path, source: str, limits: Limits = SMALL) -> RawRun:
    (folder / "program.py").write_text(source)
    with engine.workspace(built, folder, "test-attack") as space:
        return space.run("r1", "python program.py", ".", limits)


def test_no_capability_no_privilege_and_a_seccomp_filter(engine: DockerEngine, built: Built, tmp_path: Path) -> None:
    raw = attack(engine, built, tmp_path, "print(open('/proc/self/status').read())")
    status = dict(line.split(":\t") for line in raw.stdout.decode().splitlines() if ":\t" in line)
    assert status["CapEff"] == status["CapPrm"] == status["CapBnd"] == "0000000000000000"
    assert status["NoNewPrivs"] == "1"
    assert status["Seccomp"] == "2"
    assert status["Uid"].split() == ["10001"] * 4


def test_nothing_outside_the_workspace_can_be_written(engine: DockerEngine, built: Built, tmp_path: Path) -> None:
    source = """
for path in ("/x", "/etc/passwd", "/opt/env/x", "/usr/bin/x", "/audit/x", "/audit/recorder/sitecustomize.py",
             "/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger", "/sys/fs/cgroup/x", "/dev/mem", "/dev/sda"):
    try:
        open(path, "w").write("x")
        print("wrote", path)
    except OSError:
        pass
open("fine", "w").write("x"); open("/tmp/fine", "w").write("x")
print("end")
"""
    assert attack(engine, built, tmp_path, source).stdout == b"end\n"


def test_there_is_no_way_to_any_network(engine: DockerEngine, built: Built, tmp_path: Path) -> None:
    source = """
import socket
targets = [("1.1.1.1", 53), ("169.254.169.254", 80), ("172.17.0.1", 2375), ("fe80::1", 80)]
for host, port in targets:
    try:
        socket.create_connection((host, port), 2)
        print("reached", host)
    except OSError:
        pass
try:
    print("resolved", socket.gethostbyname("example.org"))
except OSError:
    pass
for kind in (socket.SOCK_RAW,):
    try:
        socket.socket(socket.AF_INET, kind, socket.IPPROTO_ICMP)
        print("raw socket")
    except OSError:
        pass
print(open("/proc/net/dev").read().count(":"))
"""
    assert attack(engine, built, tmp_path, source).stdout == b"1\n"  # the loopback alone


def test_system_calls_that_lead_out_are_denied(engine: DockerEngine, built: Built, tmp_path: Path) -> None:
    source = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
calls = {"mount": (165, b"none", b"/tmp", b"tmpfs", 0, None), "unshare user": (272, 0x10000000), "setuid": (105, 0),
         "keyctl": (250, 0, 0), "bpf": (321, 0, None, 0), "reboot": (169, 0, 0, 0, 0), "chroot": (161, b"/tmp"),
         "init_module": (175, None, 0, b""), "perf": (298, None, 0, -1, -1, 0)}
for name, arguments in calls.items():
    if libc.syscall(*arguments) >= 0:
        print("allowed", name)
print("end")
"""
    assert attack(engine, built, tmp_path, source).stdout == b"end\n"


def test_a_setuid_program_gives_no_rights(engine: DockerEngine, built: Built, tmp_path: Path) -> None:
    source = """
import os, shutil, subprocess
shutil.copy("/usr/bin/id", "id"); os.chmod("id", 0o4755)
print(subprocess.run(["./id", "-u"], capture_output=True).stdout.decode().strip())
print(subprocess.run(["su", "-c", "id -u"], capture_output=True, stdin=subprocess.DEVNULL).returncode != 0)
"""
    assert attack(engine, built, tmp_path, source).stdout == b"10001\nTrue\n"


def test_a_fork_bomb_is_held_and_named(engine: DockerEngine, built: Built, tmp_path: Path) -> None:
    source = """
import os, time
made = 0
for _ in range(2000):
    try:
        if os.fork() == 0:
            time.sleep(60); os._exit(0)
        made += 1
    except OSError:
        break
print(made, flush=True)
time.sleep(3)
raise SystemExit(1)
"""
    raw = attack(engine, built, tmp_path, source, Limits(wall_seconds=30, memory_bytes=512 << 20, processes=64))
    assert int(raw.stdout) < 64
    assert raw.limit == "processes"


def test_sparse_files_count_as_large_as_they_say(engine: DockerEngine, built: Built, tmp_path: Path) -> None:
    source = "import time\nfor i in range(4): open(f'{i}.bin', 'wb').truncate(80 << 20)\ntime.sleep(60)\n"
    raw = attack(engine, built, tmp_path, source, Limits(wall_seconds=60, memory_bytes=512 << 20, disk_bytes=100 << 20))
    assert raw.limit == "disk"


def test_filling_the_disk_ends_the_run(engine: DockerEngine, built: Built, tmp_path: Path) -> None:
    source = "f = open('big', 'wb')\nimport time\nwhile True: f.write(b'x' * (1 << 20)); f.flush(); time.sleep(0.005)\n"
    raw = attack(engine, built, tmp_path, source, Limits(wall_seconds=60, memory_bytes=512 << 20, disk_bytes=100 << 20))
    assert raw.limit == "disk" or b"File too large" in raw.stderr


def test_a_flood_of_small_files_ends_the_run(engine: DockerEngine, built: Built, tmp_path: Path) -> None:
    source = "i = 0\nwhile True:\n    open(f'f{i}', 'w').close(); i += 1\n"
    raw = attack(engine, built, tmp_path, source, Limits(wall_seconds=60, memory_bytes=512 << 20, disk_files=2000))
    assert raw.limit == "disk"


def test_shared_memory_counts_as_memory(engine: DockerEngine, built: Built, tmp_path: Path) -> None:
    source = "f = open('/dev/shm/x', 'wb')\nwhile True: f.write(b'x' * (1 << 20))\n"
    raw = attack(engine, built, tmp_path, source, Limits(wall_seconds=60, memory_bytes=256 << 20))
    assert raw.out_of_memory or b"No space left" in raw.stderr


def test_a_daemon_that_hides_is_gone_afterwards(engine: DockerEngine, built: Built, tmp_path: Path) -> None:
    source = """
import os, signal, time
for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    signal.signal(number, signal.SIG_IGN)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(600)
    os._exit(0)
print("gone", flush=True)
"""
    raw = attack(engine, built, tmp_path, source)
    assert raw.exit_code == 0
    assert raw.wall_seconds < 30
    assert leftovers(engine) == []


def test_nothing_is_left_by_label_even_after_an_error(engine: DockerEngine, built: Built, tmp_path: Path) -> None:
    def break_off() -> None:
        with engine.workspace(built, tmp_path, "test-error") as space:
            space.run("r1", "true", ".", SMALL)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        break_off()
    assert leftovers(engine) == []


def leftovers(engine: DockerEngine) -> list[str]:
    wanted = {"label": LABEL}
    found = [c.labels[LABEL] for c in engine.client.containers.list(all=True, filters=wanted)]
    found += [v.attrs["Labels"][LABEL] for v in engine.client.volumes.list(filters=wanted)]
    return [name for name in found if name.startswith("test-attack") or name == "test-error"]


def test_the_record_and_results_cannot_be_links_out(engine: DockerEngine, built: Built, tmp_path: Path) -> None:
    source = """
import os
os.remove(os.environ["AUDITOR_RECORD"])
os.symlink("/etc/passwd", os.environ["AUDITOR_RECORD"])
os.symlink("/etc/passwd", "result.json"); os.link("program.py", "hard.json")
"""
    (tmp_path / "program.py").write_text(source)
    with engine.workspace(built, tmp_path, "test-attack") as space:
        raw = space.run("r1", "python program.py", ".", SMALL)
        written = {file.path: file for file in space.written({})}
    assert raw.record == b""
    assert "result.json" not in written


def test_code_that_python_loads_by_itself_stays_inside(engine: DockerEngine, built: Built, tmp_path: Path) -> None:
    canary = tmp_path.parent / "canary"
    for name in ("sitecustomize.py", "usercustomize.py", "conftest.py", "setup.py"):
        (tmp_path / name).write_text(f"open({str(canary)!r}, 'w').write('x')\n")
    (tmp_path / "x.pth").write_text(f"import os; open({str(canary)!r}, 'w')\n")
    raw = attack(engine, built, tmp_path, "print('ran')")
    assert raw.stdout == b"ran\n"
    assert not canary.exists()


def test_a_program_that_clears_its_record_leaves_no_claim_of_completeness(
    engine: DockerEngine, built: Built, tmp_path: Path
) -> None:
    from auditor.recorder.reader import read_record

    source = """
import os
with open(os.environ["AUDITOR_RECORD"], "w") as file:
    file.write("[" * 100000 + "\\n" + '{"e": 5}' + "\\nnot json\\n")
os._exit(0)
"""
    recorded = read_record(attack(engine, built, tmp_path, source).record)
    assert recorded is None or not recorded.complete
