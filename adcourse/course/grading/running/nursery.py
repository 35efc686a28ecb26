"""The warm process: it has imported what a course needs, and is copied for each submission.

Started by `inside`, it takes orders from the grader on its standard input, a socket: "run" (with a
second socket, on which steps and events go), "interrupt", "end". It runs no foreign code, and never
holds a reference answer or a submission: these reach the copies only.

With namespaces, each run has its own (process ids, mounts, network, IPC, host name), with empty
scratch folders. Its first process is a guard, which the submission can neither see through nor
kill; the submission runs as a user of its own without privileges. Without namespaces the copy is a
process of the same user, in a session of its own.
"""

import gc
import importlib
import json
import os
import pkgutil
import signal
import socket
import sys
import time
from contextlib import suppress

from . import inside, limits, linux
from .jobs import Step
from .stage import new_shell, perform

LIBRARIES = (
    "IPython.core.application",
    "IPython.core.completer",
    "IPython.core.magics",
    "matplotlib.pyplot",
    "numpy",
    "scipy.integrate",
    "scipy.linalg",
    "scipy.optimize",
    "scipy.sparse.linalg",
    "scipy.special",
    "sympy",
    "sympy.printing.numpy",
    "sympy.stats",
    "sympy.tensor.tensor",  # which SymPy asks for when it takes a root of a product
)
NOT_FOR_STUDENTS = ("adcourse.__main__", "adcourse.course.grading", "adcourse.course.build")
TICK = 0.1  # seconds between two looks of a guard


def main():
    """Get warm, say so, and follow orders until the grader is gone."""
    isolated = sys.argv[1] == "namespaces"
    control = socket.socket(fileno=os.dup(0))
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C at the terminal is for the grader
    if not isolated and sys.platform == "linux":
        limits.close_to_others()
        linux.prctl(linux.SUBREAPER, 1)
    shell = get_warm()
    own = os.open("/proc/self/ns/pid", os.O_RDONLY) if isolated else None
    control.sendall(b'{"kind": "ready"}\n')
    child = None
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, 1 << 16, 1)
        if not message:
            break
        for order in map(json.loads, message.splitlines()):
            if order["do"] == "run":
                child = start(order, socket.socket(fileno=descriptors[0]), control, shell, own)
            elif order["do"] == "interrupt":
                interrupt(child, isolated)
            elif order["do"] == "end":
                end(child, isolated)
                control.sendall(b'{"kind": "ended"}\n')
                child = None
    end(child, isolated)
    os._exit(0)


def get_warm():
    """Import and use what submissions are going to need; returns a shell."""
    import matplotlib

    matplotlib.use("Agg")
    for name in LIBRARIES:
        importlib.import_module(name)
    package = importlib.import_module("adcourse")
    for module in pkgutil.walk_packages(package.__path__, "adcourse.", lambda name: None):
        if not module.name.startswith(NOT_FOR_STUDENTS):
            with suppress(ImportError):  # an optional part
                importlib.import_module(module.name)
    shell = new_shell()
    shell.run_cell("pass", store_history=False)
    _use()
    gc.collect()
    gc.freeze()  # collections in a copy then touch, and so copy, nothing of this
    return shell


def _use():
    """What imports or builds tables on first use."""
    import matplotlib.pyplot as plt
    import numpy as np
    import sympy

    import adcourse as ad

    figure, axes = plt.subplots()
    axes.plot([0, 1], [0, 1], label="$x$")
    axes.legend()
    figure.canvas.draw()
    plt.close("all")
    x = sympy.Symbol("x", real=True)
    sympy.lambdify(x, sympy.simplify(sympy.sin(x) ** 2 + x).diff(x))(0.5)
    sympy.latex(x**2)
    ad.compare(x * (x + 1), x**2 + x)
    ad.grad(lambda v: np.sum(np.sin(v) ** 2))(np.ones(2))


def start(order, line, control, shell, own):
    """Begin a run in a copy of this process; returns its first process."""
    if own is not None:
        linux.enter_namespace(own, linux.NEW_PIDS)  # undo the last run's unshare
        linux.unshare(linux.NEW_PIDS)
    child = os.fork()
    if child:
        line.close()
        return child
    try:
        control.close()
        if own is not None:
            os.close(own)
            _guard(order, line)
        _student(order, line, shell, own is not None)
    finally:
        os._exit(1)


def _guard(order, line):
    """The first process of a run: it isolates, then stays, unless it is the copy that goes on."""
    linux.die_with_parent()
    linux.unshare(linux.NEW_MOUNTS | linux.NEW_NETWORK | linux.NEW_IPC | linux.NEW_NAMES)
    linux.start_loopback()
    inside.fresh_scratch(order["user"] or 0)
    student = os.fork()
    if student == 0:
        os.setsid()
        with suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
            file.write("1000")  # if the machine runs out of memory, this goes first
        inside.become_student(order["user"])
        return
    line.close()
    signal.signal(signal.SIGUSR1, lambda *_: _signal_group(student, signal.SIGINT))
    while limits.memory_of_all() < limits.MEMORY:
        time.sleep(TICK)
        while (gone := os.waitpid(-1, os.WNOHANG)[0]) != 0:
            if gone == student:
                os._exit(0)
    os._exit(1)  # and the kernel ends all others


def _student(order, line, shell, isolated):
    """Perform the steps that come, one at a time, and report them; never comes back."""
    if not isolated:
        os.setsid()
    limits.limit(order["limits"])
    os.chdir(order["folder"])
    signal.signal(signal.SIGUSR1, signal.SIG_DFL)
    lines, own = line.makefile("r", encoding="utf-8"), os.getpid()

    def steps():
        for text in lines:
            yield Step(**json.loads(text))

    def send(**event):
        if os.getpid() != own:
            os._exit(0)  # a process that a cell has forked has come to the end of that cell
        line.sendall(json.dumps(event).encode() + b"\n")

    perform(steps(), None, send, shell)
    os._exit(0)


def interrupt(child, isolated):
    """What Ctrl-C does to a cell and its subprocesses."""
    if child is not None and isolated:
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGUSR1)  # the guard passes it on
    elif child is not None:
        _signal_group(child, signal.SIGINT)


def end(child, isolated):
    """End a run with all its processes."""
    if child is None:
        return
    with suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    if not isolated:
        limits.end_descendants()
    with suppress(ChildProcessError):
        os.waitpid(child, 0)


def _signal_group(leader, number):
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, number)


if __name__ == "__main__":
    main()
