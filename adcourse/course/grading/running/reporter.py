"""nbval, watched: how one submission is collected, run and reported, cell by cell.

Verdicts are read from pytest's items, never from what a notebook prints.
"""

import time
from collections import defaultdict
from queue import Empty

import nbformat
import pytest
from nbval.kernel import CURRENT_ENV_KERNEL_NAME, RunningKernel
from nbval.plugin import IPyNbFile

from ...canonical import MEDIA_TYPE
from .jobs import DEAD, UNSEEN, Step, event, too_long

# IPython's own exit and quit end a kernel; these end a cell.
KEEP_ALIVE = "from sys import exit, exit as quit"


class WatchedKernel(RunningKernel):
    """nbval's kernel that notices its death at once, and keeps the status of the last reply."""

    status = "ok"

    def await_reply(self, msg_id, timeout=None):
        end = time.monotonic() + (timeout or float("inf"))
        while True:
            try:
                message = self.get_message("shell", timeout=0.2)
            except Empty:
                if not self.is_alive():
                    raise RuntimeError("the kernel died") from None
                if time.monotonic() > end:
                    raise
                continue
            if message["parent_header"].get("msg_id") == msg_id:
                self.status = message["content"]["status"]
                return


class SubmissionFile(IPyNbFile):
    """nbval's notebook in which no mark of the student changes how a cell is run."""

    def setup(self):
        self.kernel = WatchedKernel(CURRENT_ENV_KERNEL_NAME, cwd=str(self.path.parent))
        self.kernel.await_idle(self.kernel.kc.execute(KEEP_ALIVE, silent=True), timeout=60)
        self.config.send(kind="kernel", pid=self.kernel.km.provisioner.pid)

    def collect(self):
        for item in super().collect():
            item.options = defaultdict(bool)
            yield item


class Reporter:
    """The pytest plugin: collects the submission, hides its file, reports every cell."""

    def __init__(self, path, send):
        self.path, self.send = path, send

    def pytest_configure(self, config):
        config.send = self.send

    def pytest_collect_file(self, file_path, parent):
        if file_path == self.path:
            return SubmissionFile.from_parent(parent, path=file_path)
        return None

    def pytest_collection_finish(self):
        # The file holds the hidden tests; no kernel runs yet, and none shall find it.
        self.path.unlink()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item):
        start, problem = time.perf_counter(), None
        try:
            return (yield)
        except Exception as error:
            problem = error  # seen before pytest may call it an expected failure
            raise
        finally:
            self._report(item, problem, time.perf_counter() - start)

    def pytest_runtest_logreport(self, report):
        if report.when == "setup" and report.failed:
            self.send(kind="trouble", text="its kernel did not start")

    def _report(self, item, problem, seconds):
        outputs = item.test_outputs or []
        raised = next((out for out in outputs if out.output_type == "error"), None)
        shown = [
            str(out["data"].get("text/plain", ""))
            for out in outputs
            if out.output_type == "display_data" and MEDIA_TYPE in out["data"]
        ]
        timeout = item.config.option.nbval_cell_timeout
        error = None
        if "dead" in str(problem) or "died" in str(problem):
            error = "", DEAD
        elif item.parent.timed_out and problem is not None and _is_interrupt(raised):
            error = "", too_long(timeout)
        elif raised is not None:
            error = raised["ename"], raised["evalue"]
        elif problem is not None:
            error = "", str(problem)
        elif item.parent.kernel.status != "ok":
            error = "", UNSEEN
        step = Step("", **item.cell.metadata["adcourse"])
        fatal = not item.parent.kernel.is_alive()
        self.send(**event(step, error, shown, seconds), fatal=fatal)


def _is_interrupt(raised):
    return raised is None or raised["ename"] == "KeyboardInterrupt"


def notebook_of(steps):
    """The notebook that nbval is given: code cells that carry their role, no outputs."""
    cells = [
        nbformat.v4.new_code_cell(
            step.source,
            id=f"step-{number}",
            metadata={"adcourse": {"role": step.role, "grade_id": step.grade_id}},
        )
        for number, step in enumerate(steps)
    ]
    return nbformat.v4.new_notebook(cells=cells)
