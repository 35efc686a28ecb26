"""One submission, run in a process, a folder and an environment of its own, and ended for sure."""

import json
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from .... import __path__ as package
from .jobs import Outcome

GIBIBYTE = 1 << 30
LINE_LIMIT = 1 << 20  # bytes of one event
EVENT_LIMIT = 2_000


def run_steps(steps, timeout):
    """Run steps in a fresh kernel; `timeout` bounds a cell, the whole run is bounded too."""
    overall = 60 + 6 * timeout
    limits = {"AS": 4 * GIBIBYTE, "FSIZE": GIBIBYTE // 4, "CORE": 0, "CPU": int(2 * overall)}
    with tempfile.TemporaryDirectory(prefix="submission-", ignore_cleanup_errors=True) as scratch:
        folder = Path(scratch, "work")
        folder.mkdir()
        process = subprocess.Popen(
            [sys.executable, "-m", "adcourse.course.grading.running.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env=environment(Path(scratch)),
            start_new_session=True,
        )
        outcome, kernels = Outcome(protection="limits only"), []
        try:
            job = {"steps": [asdict(step) for step in steps], "folder": str(folder)}
            job |= {"timeout": timeout, "limits": limits}
            with suppress(BrokenPipeError):
                process.stdin.write(json.dumps(job).encode() + b"\n")
                process.stdin.flush()
            _listen(process, outcome, kernels, time.monotonic() + overall, overall)
        finally:
            end_tree(process, kernels)
    return outcome


def environment(scratch):
    """The variables of a submission's processes: what Python needs, and no more of the grader's."""
    kept = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PYTHONPYCACHEPREFIX")
    kept += ("SYSTEMROOT", "COMSPEC", "PATHEXT")  # Windows starts no process without them
    home = scratch / "home"
    (home / "matplotlib").mkdir(parents=True)
    _lend_fonts(home / "matplotlib")
    return {name: os.environ[name] for name in kept if name in os.environ} | {
        "HOME": str(home),
        "USERPROFILE": str(home),
        "APPDATA": str(home),
        "TMPDIR": str(home),
        "TEMP": str(home),
        "TMP": str(home),
        "IPYTHONDIR": str(home / "ipython"),
        "JUPYTER_PLATFORM_DIRS": "1",
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "MPLCONFIGDIR": str(home / "matplotlib"),
        "OPENBLAS_NUM_THREADS": "1",  # each thread reserves memory that counts against the limit
        "OMP_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONIOENCODING": "utf-8",
        "PYTHONPATH": str(Path(list(package)[0]).resolve().parent),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    }


def _lend_fonts(folder):
    """Matplotlib looks at every font of the machine, for seconds, unless it finds its list."""
    import matplotlib

    for path in Path(matplotlib.get_cachedir()).glob("fontlist-*.json"):
        with suppress(OSError):
            shutil.copy(path, folder)


def _listen(process, outcome, kernels, deadline, overall):
    """Collect the events of a worker until its end, its death or the deadline."""
    lines = queue.Queue()
    threading.Thread(target=_read, args=(process.stdout, lines), daemon=True).start()
    while True:
        try:
            line = lines.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            outcome.trouble = f"the notebook ran longer than {overall:g} s and was stopped"
            return
        try:
            event = json.loads(line)
            kind = event["kind"]
        except (ValueError, TypeError, KeyError):
            outcome.trouble = outcome.trouble or "the run was ended from inside the notebook"
            return
        if kind == "cell":
            outcome.cells.append(event)
        elif kind == "kernel":
            kernels.append(_process(event["pid"]))
        elif kind == "start":
            outcome.limits = event["limits"]
        elif kind == "trouble":
            outcome.trouble = event["text"]
        elif kind == "end":
            return


def _read(pipe, lines):
    for _ in range(EVENT_LIMIT):
        line = pipe.readline(LINE_LIMIT)
        lines.put(line)
        if not line:
            return
    lines.put(b"")


def _process(pid):
    import psutil

    try:
        return psutil.Process(pid)
    except psutil.NoSuchProcess:
        return None


def end_tree(process, kernels):
    """Kill a worker, its kernel and all that they started; the worker, their parent, goes last."""
    import psutil

    roots = [found for found in (_process(process.pid), *kernels) if found is not None]
    for _ in range(20):
        left = []
        for root in roots:
            with suppress(psutil.NoSuchProcess):
                left += root.children(recursive=True)
                left += [root] if root.pid != process.pid else []
        left = [p for p in left if p.is_running() and p.status() != psutil.STATUS_ZOMBIE]
        if not left:
            break
        for found in left:
            with suppress(psutil.NoSuchProcess):
                found.kill()
        psutil.wait_procs(left, timeout=0.5)
    with suppress(BrokenPipeError):
        process.stdin.close()  # a worker that has ended its run now buries its children and goes
    try:
        process.wait(timeout=1 if left == [] else 0)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    process.stdout.close()
