"""The process in which a key runs, once, and from which every hidden test is answered for any seed.

`python -m adcourse.course.grading.answers` reads the key's cells (one line of JSON), runs them,
then answers requests: a line with the source of every hidden test, its seed in it, gives a line
with what each of them shows. Where a check stands, the process leaves a copy of itself behind,
which answers from there: each test runs in a further copy, and none can change what another sees.
Where cells differ from student to student, a request brings its own, and the whole key runs again
for it; so it does where processes cannot be copied (Windows).
"""

import json
import os
import signal
import socket

from .running.stage import new_shell, run_cell

CELL_LIMIT = 600  # seconds


def main():
    """Read the key, then answer until the grader is gone."""
    requests = os.fdopen(os.dup(0), "r", encoding="utf-8")
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C at the terminal is for the grader
    cells, answer = json.loads(requests.readline()), None
    for line in requests:
        request = json.loads(line)
        if request["own"] or not hasattr(os, "fork"):
            said = _run_all(cells, request["own"], request["tests"])
        else:
            answer = answer or _prepare(cells)
            said = answer(request["tests"])
        print(json.dumps(said), file=answers, flush=True)


def _prepare(cells):
    """Run the cells; returns a function from tests (name → source) to an answer."""
    shell, copies = new_shell(), {}
    for cell in cells:
        error, _ = run_cell(shell, cell["source"], CELL_LIMIT)
        if error is not None:
            return lambda _, failure={"error": error, "where": cell["what"]}: failure
        if cell["check"]:
            copies[cell["check"]] = _leave_copy(shell, copies)

    def answer(tests):
        for name, source in tests.items():
            copies[name].write(json.dumps(source) + "\n")
            copies[name].flush()
        return _joined({name: json.loads(copies[name].readline()) for name in tests})

    return answer


def _leave_copy(shell, others):
    """Fork a process that answers tests from here; returns the file to talk with it."""
    ours, theirs = socket.socketpair()
    if os.fork():
        theirs.close()
        return ours.makefile("rw", encoding="utf-8")
    try:
        ours.close()
        for other in others.values():
            other.close()
        orders, answers = theirs.makefile("r"), theirs.makefile("w")
        for line in orders:
            test = os.fork()
            if test == 0:
                print(json.dumps(_shown(shell, json.loads(line))), file=answers, flush=True)
                os._exit(0)
            if os.waitpid(test, 0)[1] != 0:
                print('{"error": ["", "it ended its process"]}', file=answers, flush=True)
    finally:
        os._exit(0)


def _run_all(cells, own, tests):
    """Run the whole key in a new shell, with a student's own cells, and the tests in between."""
    shell, parts = new_shell(), {}
    for position, cell in enumerate(cells):
        error, _ = run_cell(shell, own.get(str(position), cell["source"]), CELL_LIMIT)
        if error is not None:
            return {"error": error, "where": cell["what"]}
        if cell["check"]:
            parts[cell["check"]] = _shown(shell, tests[cell["check"]])
    return _joined(parts)


def _shown(shell, source):
    """What a hidden test shows: {"shown": list of (text, digits)}, or {"error": …}."""
    error, taken = run_cell(shell, source, CELL_LIMIT)
    if error is not None:
        return {"error": error}
    return {"shown": [(text, data["digits"]) for text, data in taken]}


def _joined(parts):
    """One answer from those of all tests; the first error is that of the whole."""
    for name, part in parts.items():
        if "error" in part:
            return part | {"where": f"the hidden test of {name}"}
    return {"shown": {name: part["shown"] for name, part in parts.items()}}


if __name__ == "__main__":
    main()
