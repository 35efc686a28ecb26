"""The process that runs one submission with nbval.

Started by `inside`, it reads a job (one line of JSON) from stdin and answers with one line of JSON
per event. It knows the cells that it runs and nothing else: no expected result, no other
submission, no gradebook.
"""

import json
import os
import signal
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

from . import inside, limits, linux
from .jobs import Step

TICK = 0.1  # seconds between two looks at the memory


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
    isolated = sys.argv[1] == "namespaces"
    if isolated:
        inside.hand_over_scratch(job["user"])
        inside.become_student(job["user"])
    limits.close_to_others()
    if sys.platform == "linux":
        linux.prctl(linux.SUBREAPER, 1)  # what a submission leaves behind stays below this one
    if sys.argv[1] != "limits":
        threading.Thread(target=_watch_memory, daemon=True).start()
    # An optional part of a schema library that takes longer to load than a kernel; not needed.
    sys.modules.setdefault("rfc3987_syntax", None)
    import pytest

    from .reporter import Reporter, notebook_of

    send(kind="start", limits=limits.limit(job["limits"]))
    folder, steps = Path(job["folder"]), [Step(**step) for step in job["steps"]]
    path = folder / "submission.ipynb"
    path.write_text(json.dumps(notebook_of(steps)), encoding="utf-8")
    settings = folder.parent / "pytest.ini"
    settings.write_text("[pytest]\n", encoding="utf-8")
    arguments = ["-p", "nbval.plugin", "-p", "no:cacheprovider", "-s", "-q", "-c", str(settings)]
    arguments += [f"--rootdir={folder}", f"--nbval-cell-timeout={job['timeout']}", str(path)]
    pytest.main(arguments, plugins=[Reporter(path, send)])
    orders.read()
    with suppress(ChildProcessError, AttributeError):  # Windows has no WNOHANG
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _watch_memory():
    """In namespaces of its own: end everything but this process when all take too much."""
    while True:
        time.sleep(TICK)
        if limits.memory_of_all() > limits.MEMORY:
            os.kill(-1, signal.SIGKILL)


if __name__ == "__main__":
    main()
