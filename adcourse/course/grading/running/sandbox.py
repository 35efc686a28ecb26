"""Which isolation this system gives a run of foreign code, and how a program is started in it.

What it keeps away: the grader's files, processes, memory, environment and network; with namespaces
also every other run. What it does not: a hole in the kernel itself, which a submission may call as
any program may; memory that the kernel holds for a process without counting it (files in memory
that no name leads to) up to the point where the system ends that process first; and the share of
processor time that a busy submission takes from its neighbours. Without isolation ("limits only")
a submission can do whatever the user who grades can.
"""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ...errors import CourseError
from . import view
from .limits import environment

INSIDE = "adcourse.course.grading.running.inside"
MODES = ("auto", "required", "off")
PROBE = "adcourse.course.grading.running.jobs"  # a module that can be run and does nothing
PROBE_LIMIT = 60  # seconds


@dataclass(frozen=True)
class Sandbox:
    """One way to isolate a program.

    name    "namespaces", "bubblewrap" or "limits"
    words   what a mark says about it
    forks   whether a warm process can isolate each of its children; else it serves only one
    """

    name: str
    words: str
    forks: bool

    def command(self, module):
        """The command line that runs one of our modules inside."""
        program = [sys.executable, "-m", INSIDE, self.name, module]
        if self.name == "namespaces":
            return [*program, *view.font_lists()]
        return [*_bubblewrap(), *program] if self.name == "bubblewrap" else program

    def environment(self, scratch):
        """The variables of the program; `scratch` is its folder if it is shown no view."""
        return environment(scratch if self.name == "limits" else Path(view.SCRATCH))


NAMESPACES = Sandbox("namespaces", "namespaces: no network, read-only view", True)
BUBBLEWRAP = Sandbox("bubblewrap", "bubblewrap: no network, read-only view", False)
LIMITS = Sandbox("limits", "limits only", True)


@cache
def choose(mode):
    """The best sandbox that works here, by trying; `mode` is one of "auto", "required", "off".

    Raises CourseError if isolation is required and none works.
    """
    if mode not in MODES:
        raise CourseError(f"The sandbox is one of {', '.join(MODES)}, not {mode!r}.")
    if mode == "off":
        return LIMITS
    why = {}
    for sandbox in (NAMESPACES, BUBBLEWRAP):
        why[sandbox.name] = problem_of(sandbox)
        if not why[sandbox.name]:
            return sandbox
    if mode == "required":
        reasons = "; ".join(f"{name}: {reason}" for name, reason in why.items())
        raise CourseError(
            f"This system cannot isolate submissions ({reasons}). "
            "Install bubblewrap, or grade with --sandbox auto and read what each mark says."
        )
    return LIMITS


def problem_of(sandbox):
    """Why a sandbox does not work here; empty if it does."""
    if not sys.platform.startswith("linux"):
        return "needs Linux"
    if sandbox is BUBBLEWRAP and shutil.which("bwrap") is None:
        return "is not installed"
    try:
        done = subprocess.run(
            sandbox.command(PROBE),
            env=sandbox.environment(None),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PROBE_LIMIT,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    lines = done.stderr.decode(errors="replace").strip().splitlines()
    return "" if done.returncode == 0 else (lines or [f"ended with {done.returncode}"])[-1]


def _bubblewrap():
    command = [shutil.which("bwrap"), "--unshare-all", "--die-with-parent", "--new-session"]
    command += ["--uid", "65534", "--gid", "65534", "--cap-drop", "ALL", "--hostname", "sandbox"]
    command += ["--proc", "/proc", "--dev", "/dev", "--tmpfs", view.SCRATCH]
    command += ["--tmpfs", "/tmp"]
    for folder in ("work", "home", "home/matplotlib"):
        command += ["--dir", f"{view.SCRATCH}/{folder}"]
    readable = view.readable()
    for path in readable:
        command += ["--ro-bind", path, path]
    for path in view.font_lists():
        command += ["--ro-bind", path, f"{view.SCRATCH}/home/matplotlib/{os.path.basename(path)}"]
    for link, target in view.links():
        if not any(Path(link).is_relative_to(path) for path in readable):
            command += ["--symlink", target, link]
    return [*command, "--chdir", f"{view.SCRATCH}/work", "--"]
