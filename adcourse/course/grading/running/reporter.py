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

TEXT_LIMIT = 2_000  # characters of an error
SHOWN_LIMIT = 150_000  # characters of all results of a cell


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
            self.send(kind="trouble", text="the kernel did not start")

    def _report(self, item, problem, seconds):
        outputs = item.test_outputs or []
        raised = next((out for out in outputs if out.output_type == "error"), None)
        shown = [
            str(out["data"].get("text/plain", ""))
            for out in outputs
            if out.output_type == "display_data" and MEDIA_TYPE in out["data"]
        ]
        error = None
        if "dead" in str(problem) or "died" in str(problem):
            error = "", "the kernel died"
        elif item.parent.timed_out and problem is not None and _is_interrupt(raised):
            error = "", f"it ran longer than {item.config.option.nbval_cell_timeout:g} s"
        elif raised is not None:
            error = raised["ename"], raised["evalue"]
        elif problem is not None:
            error = "", str(problem)
        elif item.parent.kernel.status != "ok":
            error = "", "it ended in an error that was not displayed"
        if sum(map(len, shown)) > SHOWN_LIMIT:
            shown, error = [], error or ("", "it shows too much")
        self.send(
            kind="cell",
            **item.cell.metadata["adcourse"],
            error=error and [str(part)[:TEXT_LIMIT] for part in error],
            shown=shown,
            seconds=seconds,
        )


def _is_interrupt(raised):
    return raised is None or raised["ename"] == "KeyboardInterrupt"


def notebook_of(steps):
    """The notebook that nbval is given: code cells that carry their role, no outputs."""
    cells = [
        nbformat.v4.new_code_cell(
            step["source"],
            id=f"step-{number}",
            metadata={"adcourse": {"role": step["role"], "grade_id": step["grade_id"]}},
        )
        for number, step in enumerate(steps)
    ]
    return nbformat.v4.new_notebook(cells=cells)
