"""What a submission can see, reach and leave behind: nothing of the grader's."""

import os
import platform
import socket
import time
from pathlib import Path

import psutil
import pytest

import adcourse
from adcourse.course.grading.running import workers
from adcourse.course.grading.running.jobs import DEAD, Step
from adcourse.course.grading.running.sandbox import BUBBLEWRAP, problem_of
from adcourse.course.grading.running.warm import TORN
from adcourse.course.grading.running.workers import run_steps

from .conftest import TIMEOUT, outcome_of, shown_by

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows has limits of its own only")
ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture
def isolated(either):
    if either.protection == "limits only":
        pytest.skip("this system has no isolation")
    return either


def test_the_course_the_home_and_the_host_are_out_of_sight(isolated, tmp_path):
    (tmp_path / "grades.csv").write_text("secret")
    paths = [ROOT / "exercises", ROOT / "tests", tmp_path, Path.home() / ".ssh", "/etc/passwd"]
    paths += ["/var", f"/proc/{os.getpid()}/environ", __file__]
    found = shown_by(
        isolated, f"import os\nshow(str([p for p in {list(map(str, paths))} if os.path.exists(p)]))"
    )
    assert found == "▸ '[]'"
    package = Path(adcourse.__file__).parent
    assert shown_by(isolated, f"show(os.path.isfile({str(package / '__init__.py')!r}))".replace(
        "show", "import os\nshow", 1)) == "▸ True"  # fmt: skip


def test_no_network(isolated):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        reach = f"import socket\nsocket.create_connection(('127.0.0.1', {port}), timeout=2)"
        assert outcome_of(isolated, reach).cells[0]["error"][0] == "ConnectionRefusedError"
    far = "import socket\nsocket.create_connection(('192.0.2.1', 80), timeout=2)"
    assert outcome_of(isolated, far).cells[0]["error"] == ["OSError", "[Errno 101] Network is "
                                                          "unreachable"]  # fmt: skip


def test_a_key_of_the_kernel_is_gone_with_its_run(isolated):
    numbers = {"x86_64": (248, 250), "aarch64": (217, 219)}.get(platform.machine())
    if numbers is None:
        pytest.skip("the numbers of the system calls are not known here")
    add_key, keyctl = numbers
    ring = -4  # of the user, whatever the process
    call = "import ctypes\ncall = ctypes.CDLL(None).syscall\n"
    look = f"call({keyctl}, 10, {ring}, b'user', b'a note', 0) > 0"
    leave = f"{call}call({add_key}, b'user', b'a note', b'x', 1, {ring})\nshow({look})"
    if shown_by(isolated, leave) != "▸ True":
        pytest.skip("this kernel keeps no keys")
    assert shown_by(isolated, f"{call}show({look})") == "▸ False"


def test_no_privileges_and_one_place_to_write(isolated):
    look = "lines = dict(l.split(':') for l in open('/proc/self/status') if ':' in l)\n"
    look += "show([lines[k].strip() for k in ('CapPrm', 'CapEff', 'CapBnd', 'NoNewPrivs')])"
    none = "'0000000000000000'"
    if isolated.protection.startswith("namespaces"):
        assert shown_by(isolated, look) == f"▸ [{none}; {none}; {none}; '1']"
    tries = """
import os
writable = []
for top in ['/', '/etc', '/usr', '/dev', '/proc', '/sys', os.path.dirname(os.__file__),
            os.getcwd(), os.path.expanduser('~')]:
    try:
        open(top + '/new-file', 'w').close()
        writable.append(top)
    except OSError:
        pass
show(str(writable))
"""
    assert shown_by(isolated, tries) == "▸ \"['/submission/work', '/submission/home']\""


def test_it_sees_its_own_processes_only(isolated):
    count = "import os\nshow(len([p for p in os.listdir('/proc') if p.isdigit()]))"
    seen = shown_by(isolated, count)
    assert int(seen.split()[1]) <= 4  # the first one, its own, and what bubblewrap adds


def test_the_first_process_is_out_of_reach(isolated):
    tries = """
import os, signal
opened = []
for name in ('environ', 'mem', 'maps', 'fd', 'root', 'cwd'):
    try:
        os.listdir('/proc/1/' + name) if name in ('fd', 'root', 'cwd') else open('/proc/1/' + name)
        opened.append(name)
    except OSError:
        pass
for number in (signal.SIGKILL, signal.SIGSTOP, signal.SIGINT, signal.SIGTERM):
    try:
        os.kill(1, number)
    except OSError:
        pass
show(str(opened))
"""
    if isolated.protection.startswith("namespaces") and not isolated.plain:
        assert shown_by(isolated, tries) == "▸ '[]'"


def test_no_open_file_leads_out(isolated):
    look = """
import os
links = []
for name in os.listdir('/proc/self/fd'):
    try:
        links.append(os.readlink('/proc/self/fd/' + name))
    except OSError:
        pass
kinds = ('pipe:', 'socket:', 'anon_inode:', '/dev/null', '/dev/urandom', '/proc/', '/submission')
show(str([link for link in links if not (link.startswith(kinds) or os.path.exists(link))]))
"""
    assert shown_by(isolated, look) == "▸ '[]'"


@pytest.mark.skipif(problem_of(BUBBLEWRAP) != "", reason="bubblewrap is not installed")
def test_bubblewrap_isolates_too(monkeypatch):
    monkeypatch.setattr(workers, "choose", lambda mode: BUBBLEWRAP)
    look = "import os\nfrom adcourse.course import show\n"
    look += f"show(str(os.path.exists({str(ROOT / 'exercises')!r})))"
    steps = [Step(source, "student") for source in (look, "os._exit(1)", look)]
    outcome = run_steps(steps, 20)
    assert [cell["error"] for cell in outcome.cells] == [None, ["", DEAD], None]
    assert outcome.cells[2]["shown"] == ["▸ 'False'"]
    assert outcome.protection == "bubblewrap: no network, read-only view"


def test_the_environment_holds_nothing_of_the_grader(either, monkeypatch):
    monkeypatch.setenv("SECRET_TOKEN", "of the grader")
    look = "import os\nshow(str('SECRET_TOKEN' in os.environ or 'SSH_AUTH_SOCK' in os.environ))"
    assert shown_by(either, look) == "▸ 'False'"


def test_what_it_leaves_behind_is_ended(either):
    mark = f"left-by-{os.getpid()}-{time.monotonic_ns()}"
    orphan = (
        "import os, subprocess, sys\n"
        "code = 'import os, time\\nif os.fork() == 0:\\n    os.setsid()\\n    time.sleep(600)'\n"
        f"subprocess.Popen([sys.executable, '-c', code, {mark!r}]).wait()\n"
        f"subprocess.Popen([sys.executable, '-c', code + '\\ntime.sleep(600)', {mark!r}])"
    )
    assert outcome_of(either, orphan).cells[0]["error"] is None
    assert not [p for p in psutil.process_iter(["cmdline"]) if mark in (p.info["cmdline"] or ())]


HOSTILE = {
    "memory": ("x = bytearray(16 << 30)", "MemoryError"),
    "memory of many": (
        "import os, time\nfor _ in range(20):\n    if os.fork() == 0:\n"
        "        x = b'x' * (1 << 28)\n        time.sleep(60)\ntime.sleep(60)",
        None,
    ),
    "fork storm": (
        "import os, time\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n"
        "        time.sleep(60)",
        None,
    ),
    "disk": ("f = open('big', 'wb')\nfor _ in range(400): f.write(bytes(1 << 20))", "OSError"),
    "output": ("for _ in range(100): print('x' * 1_000_000)", ""),
    "descriptors": ("import os\nos.closerange(0, 500)", None),
    "stop": ("import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)", None),
    "group": ("import os, signal\nos.kill(-1, signal.SIGKILL)", None),
    "threads": (
        "import threading, time\nfor _ in range(20):\n"
        "    threading.Thread(target=time.sleep, args=(600,)).start()",
        "",
    ),
    "recursion": ("import sys\nsys.setrecursionlimit(10**9)\ndef f(): return f()\nf()", None),
    "garbage": (
        "import os\nfor fd in range(3, 60):\n    try:\n        os.write(fd, b'x' * 100 + b'\\n')\n"
        "    except OSError:\n        pass",
        None,
    ),
}


@pytest.mark.parametrize("attack", HOSTILE)
def test_an_attack_costs_its_own_cell(warm, attack):
    source, error = HOSTILE[attack]
    if warm.protection == "limits only" and error is None:
        pytest.skip("only isolation survives this")
    outcome = outcome_of(warm, "from adcourse.course import show\nx = 1", source, "show(2)")
    before, bad, after = outcome.cells
    assert before["error"] is None
    assert after["shown"] == ["▸ 2"] or attack == "garbage", outcome
    if error == "":
        assert bad["error"] is None
    elif error:
        assert bad["error"][0] == error
    else:
        words = [DEAD, TORN, f"it ran longer than {TIMEOUT} s"]
        kinds = ["OSError", "ProcessLookupError"]
        assert bad["error"] is None or bad["error"][1] in words or bad["error"][0] in kinds
    assert outcome_of(warm, "x = 3").cells[0]["error"] is None


def test_limits_alone_bound_memory_and_end_what_is_left(unprotected):
    assert unprotected.protection == "limits only"
    outcome = outcome_of(unprotected, "x = bytearray(16 << 30)", "x = 1")
    assert outcome.cells[1]["error"] is None
    # macOS cannot limit memory, and marks then say so.
    assert "AS" not in outcome.limits or outcome.cells[0]["error"][0] == "MemoryError"


def test_a_worker_takes_less_than_400_megabytes(warm):
    outcome_of(warm, "x = 1")
    top = psutil.Process(warm._runs[0]._nursery._process.pid)
    held = sum(p.memory_full_info().pss for p in [top, *top.children(recursive=True)])
    assert held < 400e6
