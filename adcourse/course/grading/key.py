"""The solved notebook in a process on the grader's side: what every hidden test should show."""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from ... import __path__ as package
from ..errors import CourseError
from ..formulas import PREFIX, UNREAD
from ..notebooks import read_notebook
from ..sources import grading, is_check, is_manual, is_personal
from .restore import check_steps, personal_step

PROGRAM = "adcourse.course.grading.answers"
SHAPE = re.compile(r"shape \([\d, ]*\): ")


class Key:
    """A key while it is open: `with Key(path) as key`, then `key.expected(seeds)`.

    The results live in this process only, and the key runs in one of its own (see answers.py),
    which no submission ever shares. Its cells run once; each hidden test then runs for every
    submission, which has inputs of its own, where the test stands in the notebook. Where students
    have personal numbers, all cells run again for each of them.
    """

    def __init__(self, path, notebook=None):
        self.path = Path(path)
        notebook = read_notebook(path) if notebook is None else notebook
        self.cells = [cell for cell in notebook.cells if cell.cell_type != "raw"]
        self.checks = {grading(c)["grade_id"]: grading(c) for c in self.cells if is_check(c)}
        self.questions = {
            grading(c)["grade_id"]: (float(grading(c).get("points", 0)), is_manual(c))
            for c in self.cells
            if is_check(c) or is_manual(c)
        }
        if not self.checks:
            raise CourseError(f"{self.path} has no check cells; is it a key built by adcourse?")

    def __enter__(self):
        search = [str(Path(list(package)[0]).resolve().parent), os.environ.get("PYTHONPATH", "")]
        extra = {"PYTHONPATH": os.pathsep.join(filter(None, search)), "PYTHONHASHSEED": "0"}
        extra |= {"MPLBACKEND": "agg", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        self._scratch = tempfile.TemporaryDirectory(prefix="key-", ignore_cleanup_errors=True)
        self._process = subprocess.Popen(
            [sys.executable, "-m", PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=self._scratch.name,
            env=os.environ | extra,
            start_new_session=True,
        )
        self._send(self._orders(0))
        return self

    def __exit__(self, *_):
        self._process.kill()  # its copies end when their orders do
        self._process.communicate()
        self._scratch.cleanup()

    def expected(self, seeds, personal=0):
        """Grade id → list of (text, digits) that its hidden test shows with its seed.

        `personal` is the number of the student, if the exercise has personal data.
        Raises CourseError if the key fails one of its own checks, or shows nothing to compare.
        """
        again = any(map(is_personal, self.cells))
        cells = self._orders(personal) if again else None
        self._send({"tests": self._tests(seeds), "cells": cells})
        line = self._process.stdout.readline()
        if not line:
            raise CourseError(f"{self.path.name} ends the process that it runs in.")
        answer = json.loads(line)
        if "error" in answer:
            error = ": ".join(filter(None, answer["error"]))
            raise CourseError(f"{self.path.name} fails in {answer['where']}: {error}")
        results = {name: [tuple(pair) for pair in answer["shown"][name]] for name in self.checks}
        for name, shown in results.items():
            _must_tell(shown, f"{self.path.name}: the hidden test of {name}")
        return results

    def _tests(self, seeds):
        """Grade id → source of its hidden test with its seed."""
        checks = (cell for cell in self.cells if is_check(cell))
        hidden = (check_steps(cell, seeds[grading(cell)["grade_id"]])[1] for cell in checks)
        return {step.grade_id: step.source for step in hidden}

    def _orders(self, personal):
        """What the key's process runs."""
        return [self._order(cell, personal) for cell in self.cells if cell.cell_type == "code"]

    def _order(self, cell, personal):
        name = grading(cell).get("grade_id")
        if name in self.checks:
            visible, _ = check_steps(cell, 0)
            return {"source": visible.source, "what": f"the check {name}", "check": name}
        if is_personal(cell):
            step = personal_step(cell, personal)
            return {"source": step.source, "what": "the personal cell", "check": None}
        first = cell.source.strip().partition("\n")[0]
        return {"source": cell.source, "what": f"the cell `{first}`", "check": None}

    def _send(self, data):
        try:
            self._process.stdin.write(json.dumps(data).encode() + b"\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            pass  # the next answer says that the process has ended


def _must_tell(shown, where):
    """A hidden test must show what only a right answer can know."""
    if any(text.startswith(PREFIX) and UNREAD in text for text, _ in shown):
        raise CourseError(f"{where} shows a formula that cannot be written: {shown[-1][0]}.")
    words = {word for text, _ in shown for word in SHAPE.sub("", text[2:]).split(", ")}
    if not shown:
        raise CourseError(f"{where} shows nothing to compare; call show(...) there.")
    if words <= {"True", "False"}:
        raise CourseError(f"{where} shows only True or False; show the values instead.")
    bad = next((w for w in words if w.startswith("nothing is written")), None)
    if bad:
        raise CourseError(f"{where} shows no value: {bad}.")
