"""The solved notebook in a kernel on the grader's side: what every hidden test should show."""

import os
import re
import subprocess
import tempfile
from pathlib import Path

from ... import __path__ as package
from ..canonical import MEDIA_TYPE
from ..errors import CourseError
from ..formulas import PREFIX, UNREAD
from ..notebooks import read_notebook
from ..sources import grading, is_check, is_manual, is_personal
from .restore import check_steps, personal_step

CELL_LIMIT = 600  # seconds
SHAPE = re.compile(r"shape \([\d, ]*\): ")


class Key:
    """A key while it is open: `with Key(path) as key`, then `key.expected(seeds)`.

    The results live in this object's process only. Every submission has inputs of its own, so the
    notebook runs once more for each of them, in the same kernel; that also keeps names that a
    later question defines anew from reaching an earlier check.
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
        from jupyter_client import KernelManager

        search = [str(Path(list(package)[0]).resolve().parent), os.environ.get("PYTHONPATH", "")]
        extra = {"PYTHONPATH": os.pathsep.join(filter(None, search)), "PYTHONHASHSEED": "0"}
        self._scratch = tempfile.TemporaryDirectory(prefix="key-", ignore_cleanup_errors=True)
        self._manager = KernelManager(kernel_name="python3")
        self._manager.start_kernel(
            cwd=self._scratch.name, env=os.environ | extra, stderr=subprocess.DEVNULL
        )
        self._client = self._manager.blocking_client()
        self._client.start_channels()
        try:
            self._client.wait_for_ready(timeout=60)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self._client.stop_channels()
        self._manager.shutdown_kernel(now=True)
        self._scratch.cleanup()

    def expected(self, seeds, personal=0):
        """Grade id → list of (text, digits) that its hidden test shows with its seed.

        `personal` is the number of the student, if the exercise has personal data.
        Raises CourseError if the key fails one of its own checks, or shows nothing to compare.
        """
        results = {}
        for cell in (cell for cell in self.cells if cell.cell_type == "code"):
            name = grading(cell).get("grade_id")
            if name in self.checks:
                visible, hidden = check_steps(cell, seeds[name])
                self._run(visible.source, f"the check {name}")
                results[name] = self._run(hidden.source, f"the hidden test of {name}")
                _must_tell(results[name], f"{self.path.name}: the hidden test of {name}")
            elif is_personal(cell):
                self._run(personal_step(cell, personal).source, "the personal cell")
            else:
                first = cell.source.strip().partition("\n")[0]
                self._run(cell.source, f"the cell `{first}`")
        return results

    def _run(self, source, what):
        shown = []

        def collect(message):
            data = message["content"].get("data", {})
            if message["msg_type"] == "display_data" and MEDIA_TYPE in data:
                shown.append((data["text/plain"], data[MEDIA_TYPE]["digits"]))

        reply = self._client.execute_interactive(
            source,
            store_history=False,
            allow_stdin=False,
            timeout=CELL_LIMIT,
            output_hook=collect,
        )["content"]
        if reply["status"] != "ok":
            error = f"{reply.get('ename', 'Error')}: {reply.get('evalue', '')}"
            raise CourseError(f"{self.path.name} fails in {what}: {error}")
        return shown


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
