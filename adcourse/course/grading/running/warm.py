"""The grader's side of the fast path: a nursery, and submissions run in copies of it."""

import json
import os
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from ...errors import CourseError
from .again import Lost, run_again
from .inside import USERS
from .jobs import DEAD, LINE_LIMIT, Outcome, read_event, time_for, too_long
from .limits import resource_limits
from .sandbox import LIMITS, NAMESPACES
from .view import SCRATCH, furnish

NURSERY = "adcourse.course.grading.running.nursery"
WARM_LIMIT = 120  # seconds to get warm
GRACE = 5  # seconds between an interrupt and the end
END_LIMIT = 60  # seconds for the kernel to end all processes of a run
LOST = "the process that ran it was lost, twice"
TORN = "the run was ended from inside the notebook"


class Gone(Exception):
    """A nursery has died or does not answer."""


class Stopped(Exception):
    """The runs were stopped."""


class Nursery:
    """A warm process, started at once; several can get warm at the same time."""

    def __init__(self, sandbox):
        self.sandbox = sandbox
        self._scratch = tempfile.TemporaryDirectory(
            prefix="submission-", ignore_cleanup_errors=True
        )
        if sandbox is LIMITS:
            furnish(self._scratch.name)
        self._errors = tempfile.TemporaryFile()
        self._control, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                sandbox.command(NURSERY),
                stdin=theirs,
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                cwd=self._scratch.name,
                env=sandbox.environment(Path(self._scratch.name)),
                start_new_session=True,
            )
        rooted = sandbox is NAMESPACES and os.geteuid() == 0
        self._user = USERS + self._process.pid if rooted else None
        self._ready = False

    def wait_until_warm(self):
        """Raises CourseError with the last words of a nursery that does not get warm."""
        try:
            if not self._ready:
                self._expect("ready", WARM_LIMIT)
        except Gone:
            self._errors.seek(0)
            words = self._errors.read().decode(errors="replace").strip().splitlines()
            raise CourseError(
                f"No process could be prepared for submissions ({(words or ['no reason'])[-1]}). "
                "Grade without the fast path, which starts a kernel for each."
            ) from None
        self._ready = True

    def begin(self, limits):
        """Begin a run; returns the socket on which its steps go and its events come."""
        folder = f"{SCRATCH}/work"
        if self.sandbox is LIMITS:
            folder = tempfile.mkdtemp(prefix="work-", dir=self._scratch.name)
        order = {"do": "run", "user": self._user, "folder": folder, "limits": limits}
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                socket.send_fds(self._control, [_line(order)], [theirs.fileno()])
            except OSError:
                ours.close()
                raise Gone from None
        return ours

    def interrupt(self):
        """Interrupt the cell that runs."""
        with suppress(OSError):
            self._control.sendall(_line({"do": "interrupt"}))

    def end_run(self):
        """End the run with all its processes; raises Gone if the nursery does not say so."""
        try:
            self._control.sendall(_line({"do": "end"}))
        except OSError:
            raise Gone from None
        self._expect("ended", END_LIMIT)

    def close(self):
        """End the nursery and all below it."""
        with suppress(OSError):
            self._control.shutdown(socket.SHUT_RDWR)  # also wakes a thread that waits for an answer
        self._control.close()
        try:
            self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._errors.close()
        self._scratch.cleanup()

    def _expect(self, kind, seconds):
        self._control.settimeout(seconds)
        try:
            said = self._control.recv(1 << 12)
        except OSError:
            raise Gone from None
        if said != _line({"kind": kind}):
            raise Gone


class WarmRuns:
    """Runs of submissions, one at a time, each in a copy of a nursery that is replaced if lost."""

    def __init__(self, sandbox, timeout):
        self.sandbox, self.timeout = sandbox, timeout
        self._nursery, self._stopped = Nursery(sandbox), False
        self._limits = resource_limits(time_for(timeout), sandbox is not LIMITS)

    def run(self, steps):
        """The Outcome of steps."""
        return run_again(steps, self.timeout, self._attempt)

    def stop(self):
        """End what runs, from another thread, and start no more."""
        self._stopped = True
        self._nursery.close()

    def _attempt(self, steps, seconds):
        nursery = self._nursery
        try:
            nursery.wait_until_warm()
            start = time.monotonic()
            with nursery.begin(self._limits) as line:
                outcome = self._follow(line, steps, start + seconds)
            nursery.end_run()
        except Gone:
            self._replace()
            raise Lost(LOST) from None
        if not self.sandbox.forks:
            self._replace()
        return outcome, time.monotonic() - start

    def _replace(self):
        if self._stopped:
            raise Stopped
        self._nursery.close()
        self._nursery = Nursery(self.sandbox)
        if self._stopped:  # in the meantime
            self._nursery.close()
            raise Stopped

    def _follow(self, line, steps, deadline):
        """Send steps one by one, and take the event of each before the next is sent."""
        outcome = Outcome(limits=list(self._limits), protection=self.sandbox.words)
        rest = b""
        for step in steps:
            start, stopped = time.monotonic(), False
            end = min(deadline, start + self.timeout)
            try:
                _send(line, step, end)
                try:
                    text, rest = _read_line(line, rest, end)
                except TimeoutError:
                    stopped = True
                    self._nursery.interrupt()
                    text, rest = _read_line(line, rest, end + GRACE)
                event = read_event(text, step, time.monotonic() - start)
            except TimeoutError:
                outcome.trouble = too_long(self.timeout)
                break
            except ValueError:
                outcome.trouble = TORN
                break
            except OSError:
                outcome.trouble = DEAD
                break
            if stopped and event["error"] and event["error"][0] == "KeyboardInterrupt":
                event["error"] = ["", too_long(self.timeout)]
            outcome.cells.append(event)
        return outcome


def _send(line, step, end):
    line.settimeout(max(0.01, end - time.monotonic()))
    line.sendall(_line(asdict(step)))


def _read_line(line, rest, end):
    """A line and what came after it; TimeoutError, ValueError if too long, OSError at the end."""
    while b"\n" not in rest:
        if len(rest) > LINE_LIMIT:
            raise ValueError("too long")
        if time.monotonic() > end + 0.1:
            raise TimeoutError  # bytes may come one by one for hours
        line.settimeout(max(0.01, end - time.monotonic()))
        chunk = line.recv(1 << 16)
        if not chunk:
            raise ConnectionError
        rest += chunk
    text, _, rest = rest.partition(b"\n")
    return text, rest


def _line(data):
    return json.dumps(data).encode() + b"\n"
