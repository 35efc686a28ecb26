"""The process in which a key runs, once, and from which every hidden test is answered for any seed.

`python -m adcourse.course.grading.answers` reads the key's cells (one line of JSON), runs them,
then answers requests: a line with the source of every hidden test, its seed in it, gives a line
with what each of them shows. Where a check stands, the process leaves a copy of itself there, which
answers: each test runs in a further copy, so that none can change what another sees.
A request that brings cells of its own has these run instead, from the first to the last.
Without fork (Windows) the whole key runs again for each request.
"""

import gc
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
    cells = json.loads(requests.readline())
    forks = hasattr(os, "fork")
    answer = _prepare(cells) if forks else lambda tests: _run_all(cells, tests)
    for line in requests:
        request = json.loads(line)
        if request["cells"] is None:
            found = answer(request["tests"])
        else:
            found = (_in_copy if forks else _run_all)(request["cells"], request["tests"])
        print(json.dumps(found), file=answers, flush=True)


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
    gc.freeze()  # collections in the copies then touch, and so copy, nothing of this
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


def _in_copy(cells, tests):
    """What `_run_all` gives, from a copy of this process: its modules are loaded already."""
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        with os.fdopen(theirs, "w", encoding="utf-8") as pipe:
            json.dump(_run_all(cells, tests), pipe)
        os._exit(0)
    os.close(theirs)
    with os.fdopen(ours, encoding="utf-8") as pipe:
        text = pipe.read()
    os.waitpid(pid, 0)
    return json.loads(text) if text else {"error": ["", "it ended its process"], "where": "a cell"}


def _run_all(cells, tests):
    """Run the whole key in a new shell, and the tests where they stand."""
    shell, parts = new_shell(), {}
    for cell in cells:
        error, _ = run_cell(shell, cell["source"], CELL_LIMIT)
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
