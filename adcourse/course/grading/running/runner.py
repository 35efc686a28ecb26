"""The plain path: one submission in a fresh kernel under nbval, in a process of its own."""

import json
import os
import queue
import subprocess
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from .again import Lost, run_again
from .inside import user_of
from .jobs import DEAD, LINE_LIMIT, Outcome, read_event, time_for, too_long
from .limits import resource_limits
from .sandbox import LIMITS, NAMESPACES
from .view import SCRATCH, furnish
from .warm import TORN, Stopped

WORKER = "adcourse.course.grading.running.worker"
EVENT_LIMIT = 10_000  # of one run
START_LIMIT = 120  # seconds to start a kernel
UNSTARTED = "its kernel did not start"
GRACE = 15  # seconds after the cell's time-out, in which nbval interrupts the cell and gives up


class PlainRuns:
    """Runs of submissions, one at a time, each under nbval in a process that then ends."""

    def __init__(self, sandbox, timeout, first=None):
        del first  # others have nothing to lend
        self.sandbox, self.timeout = sandbox, timeout
        self._process, self._stopped = None, False
        self._limits = resource_limits(time_for(timeout), sandbox is not LIMITS)

    def run(self, steps):
        """The Outcome of steps."""
        return run_again(steps, self.timeout, self._attempt)

    def stop(self):
        """End what runs, from another thread, and start no more."""
        self._stopped = True
        process = self._process
        if process is not None:
            process.kill()

    def _attempt(self, steps, seconds):
        if not steps:
            return Outcome(protection=self.sandbox.words), 0.0
        with tempfile.TemporaryDirectory(
            prefix="submission-", ignore_cleanup_errors=True
        ) as scratch:
            folder = Path(SCRATCH, "work")
            if self.sandbox is LIMITS:
                folder = Path(scratch, "work")
                folder.mkdir()
                furnish(scratch)
            process = subprocess.Popen(
                self.sandbox.command(WORKER),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=scratch,
                env=self.sandbox.environment(scratch),
                start_new_session=True,
            )
            self._process, kernels = process, []
            rooted = self.sandbox is NAMESPACES and os.geteuid() == 0
            job = {
                "steps": [asdict(step) for step in steps],
                "folder": str(folder),
                "timeout": self.timeout,
                "limits": self._limits,
                "user": user_of(process.pid) if rooted else None,
            }
            try:
                with suppress(BrokenPipeError):
                    process.stdin.write(json.dumps(job).encode() + b"\n")
                    process.stdin.flush()
                return self._follow(process, steps, seconds, kernels)
            finally:
                end_tree(process, kernels)
                if self._stopped:
                    raise Stopped

    def _follow(self, process, steps, seconds, kernels):
        """The Outcome of a worker's events until its end or no more time, and the time it took."""
        lines = queue.Queue()
        threading.Thread(target=_read, args=(process.stdout, lines), daemon=True).start()
        outcome = Outcome(protection=self.sandbox.words)
        outcome.limits = _expect(lines, "start")["limits"]
        kernel = _expect(lines, "kernel")["pid"]
        if self.sandbox is LIMITS:  # elsewhere it counts its processes itself
            kernels.append(_process(kernel))
        begun = start = time.monotonic()
        for step in steps:
            end = min(begun + seconds, start + self.timeout + GRACE)
            try:
                line = lines.get(timeout=max(0.0, end - start))
                event = read_event(line, step, time.monotonic() - start)
                fatal = json.loads(line)["fatal"]
            except queue.Empty:
                outcome.trouble = too_long(self.timeout)
                break
            except (ValueError, KeyError):
                outcome.trouble = TORN
                break
            if fatal:
                outcome.trouble = (event["error"] or ("", DEAD))[1]
                break
            outcome.cells.append(event)
            start = time.monotonic()
        return outcome, time.monotonic() - begun


def _expect(lines, kind):
    """The next event, which tells of the start of a run."""
    try:
        said = json.loads(lines.get(timeout=START_LIMIT))
    except (queue.Empty, ValueError):
        raise Lost(UNSTARTED) from None
    if said["kind"] != kind:
        raise Lost(said.get("text", UNSTARTED))
    return said


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
