"""The process that runs one submission with nbval.

Started as `python -m adcourse.course.grading.running.worker`, it reads a job (one line of JSON)
from stdin and answers with one line of JSON per event. It knows the cells that it runs and nothing
else: no expected result, no other submission, no gradebook.
"""

import ctypes
import json
import os
import sys
from contextlib import suppress
from pathlib import Path


def limit(limits):
    """Set resource limits for this process and its children; returns the names that are set."""
    try:
        import resource
    except ModuleNotFoundError:  # Windows
        return []
    done = []
    for name, value in limits.items():
        try:
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (value, value))
            done.append(name)
        except (ValueError, OSError):
            continue  # macOS has no limit on address space; the grader says so
    return done


def close_to_others():
    """On Linux: memory and pipes of this process are not for others of the same user to open."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)  # PR_SET_DUMPABLE


def adopt_orphans():
    """On Linux: a process that a submission left behind stays below this one, to be ended."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER


def main():
    """Run the job that stdin names, then wait to be ended together with all that it left."""
    orders = os.fdopen(os.dup(0), "r", encoding="utf-8")
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)

    def send(**event):
        answers.write(json.dumps(event) + "\n")
        answers.flush()

    job = json.loads(orders.readline())
    close_to_others()
    adopt_orphans()
    # An optional part of a schema library that takes longer to load than a kernel; not needed.
    sys.modules.setdefault("rfc3987_syntax", None)
    import pytest

    from .reporter import Reporter, notebook_of

    send(kind="start", limits=limit(job["limits"]))
    folder = Path(job["folder"])
    path = folder / "submission.ipynb"
    path.write_text(json.dumps(notebook_of(job["steps"])), encoding="utf-8")
    settings = folder.parent / "pytest.ini"
    settings.write_text("[pytest]\n", encoding="utf-8")
    arguments = ["-p", "nbval.plugin", "-p", "no:cacheprovider", "-s", "-q", "-c", str(settings)]
    arguments += [f"--rootdir={folder}", f"--nbval-cell-timeout={job['timeout']}", str(path)]
    pytest.main(arguments, plugins=[Reporter(path, send)])
    send(kind="end")
    orders.read()
    with suppress(ChildProcessError, AttributeError):  # Windows has no WNOHANG
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


if __name__ == "__main__":
    main()
