"""Submissions run on either way: the same events, whatever the cells do."""

import os
import signal
import time

import psutil
import pytest

from adcourse.course.errors import CourseError
from adcourse.course.grading.running import sandbox, workers
from adcourse.course.grading.running.jobs import Step
from adcourse.course.grading.running.stage import NO_INPUT
from adcourse.course.grading.running.workers import Workers, run_steps

from .conftest import TIMEOUT, outcome_of

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows has the plain path only")

STUBBORN = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"
LATE = ["", f"it ran longer than {TIMEOUT} s"]
DEAD = ["", "the kernel died"]
# source, its error (None: it has none), the texts that it shows
HARMLESS = [
    ("from adcourse.course import show, show_formula\nx = 41", None, []),
    ("x = x + 1\nshow(x)\nprint('▸ 7')\nx", None, ["▸ 42"]),
    ("1 / 0", ["ZeroDivisionError", "division by zero"], []),
    ("show(1)\nraise ValueError('no')", ["ValueError", "no"], ["▸ 1"]),
    ("def f(:", ["SyntaxError", "invalid syntax, line 1"], []),
    ("raise SystemExit", ["SystemExit", ""], []),
    ("exit()", ["SystemExit", ""], []),
    ("input()", ["StdinNotImplementedError", NO_INPUT], []),
    ("import asyncio\nawait asyncio.sleep(0)\nshow(2)", None, ["▸ 2"]),
    ("!true\n%time y = 3\nshow(y)", None, ["▸ 3"]),
    ("import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\nshow(4)", None, ["▸ 4"]),
    ("show_formula('a + b', 'a b')", None, ["▸ formula "]),
    ("for k in range(9): show('y' * 199 + str(k))", None, ["▸ 'yyy"] * 9),
    ("for k in range(800): show('y' * 199 + str(k))", ["", "it shows too much"], []),
    ("import sys\nsys.stdout.write('x' * 10_000_000)\nshow(7)", None, ["▸ 7"]),
    ("get_ipython().showtraceback = lambda *a, **k: None\n1 / 0",
     ["", "it ended in an error that was not displayed"], []),
    ("show(x)", None, ["▸ 42"]),
]  # fmt: skip
FATAL = [
    ("from adcourse.course import show\nx = 1", None, []),
    ("import os\nos._exit(0)", DEAD, []),
    ("show(x)", None, ["▸ 1"]),
    ("while True: pass", LATE, []),
    ("import time\ntry:\n    time.sleep(99)\nexcept KeyboardInterrupt:\n    show(5)",
     None, ["▸ 5"]),
    (STUBBORN, LATE, []),
    ("import ctypes\nctypes.string_at(0)", DEAD, []),
    ("show(x)", None, ["▸ 1"]),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "timeout"), [(HARMLESS, 60), (FATAL, TIMEOUT)])
def test_cells_are_reported_as_they_are_on_either_way(either, cells, timeout, monkeypatch):
    monkeypatch.setattr(either._runs[0], "timeout", timeout)
    outcome = outcome_of(either, *(source for source, *_ in cells))
    assert outcome.trouble == ""
    assert outcome.protection == either.protection
    for cell, (source, error, shown) in zip(outcome.cells, cells, strict=True):
        assert cell["error"] == error, source
        assert len(cell["shown"]) == len(shown), source
        for got, start in zip(cell["shown"], shown, strict=True):
            assert got.startswith(start), source


def test_a_run_starts_where_no_other_has_been(warm):
    poison = "import numpy, adcourse\nnumpy.sin = adcourse.grad = None\nleft = 1\nopen('f', 'w')"
    assert outcome_of(warm, poison).cells[0]["error"] is None
    look = "import os, numpy, adcourse\nassert callable(numpy.sin) and callable(adcourse.grad)\n"
    look += "assert os.listdir('.') == []\nleft"
    error = outcome_of(warm, look).cells[0]["error"]
    assert error == ["NameError", "name 'left' is not defined"]


def test_a_lost_nursery_is_replaced_and_its_submission_run_again(warm):
    (runs,) = warm._runs
    runs._nursery.wait_until_warm()
    for process in psutil.Process(runs._nursery._process.pid).children(recursive=True):
        process.kill()
    outcome = outcome_of(warm, "from adcourse.course import show\nshow(1)")
    assert (outcome.trouble, outcome.cells[0]["shown"]) == ("", ["▸ 1"])


def test_two_workers_share_one_warm_process_and_survive_its_loss():
    source = "from adcourse.course import show\nshow({})"
    jobs = [(k, [Step(source.format(k), "student")]) for k in range(6)]
    right = {k: [f"▸ {k}"] for k in range(6)}
    with Workers(2, timeout=60) as some:
        if not some.protection.startswith("namespaces"):
            pytest.skip("needs namespaces")
        assert {k: outcome.cells[0]["shown"] for k, outcome in some.run(jobs)} == right
        first, second = (runs._nursery for runs in some._runs)
        assert second is None or second._process is None  # it may have had nothing to do
        first._process.kill()
        first._process.wait()
        assert {k: outcome.cells[0]["shown"] for k, outcome in some.run(jobs)} == right


def test_a_loop_that_is_left_early_ends_what_runs():
    jobs = [(k, [Step("import time\ntime.sleep(60)", "student")]) for k in range(3)]
    jobs.append(("quick", [Step("1", "student"), Step("2", "student")]))  # the longest: goes first
    with Workers(1, timeout=60) as some:
        start = time.monotonic()
        for name, outcome in some.run(jobs):
            assert (name, len(outcome.cells)) == ("quick", 2)
            start = time.monotonic()
            break
        assert time.monotonic() - start < 30
        assert some._runs == []
    ours = [p for p in psutil.Process().children(recursive=True) if "nursery" in _words(p)]
    assert not [p for p in ours if _started_by(p, some)]


def _words(process):
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def _started_by(process, some):
    return process.pid in [runs._nursery._process.pid for runs in some._runs]


def test_the_longest_is_taken_first_among_those_at_hand(monkeypatch):
    ran = []

    class Noted:
        def __init__(self, *_):
            pass

        def run(self, steps):
            ran.append(len(steps))

        def stop(self):
            pass

    monkeypatch.setattr(workers, "WarmRuns", Noted)
    lengths = [1, 5, 3] + [2] * 300 + [9]
    jobs = ((k, [Step("", "student")] * n) for k, n in enumerate(lengths))
    with Workers(1, "off") as some:
        names = [name for name, _ in some.run(jobs)]
    assert ran[:2] in ([5, 3], [1, 5]) and sorted(ran) == sorted(lengths)
    assert sorted(names) == list(range(len(lengths)))
    assert ran.index(9) > 2  # it was not known at first


def test_isolation_that_is_required_and_not_there_is_refused(monkeypatch):
    sandbox.choose.cache_clear()
    monkeypatch.setattr(sandbox, "problem_of", lambda one: "is not allowed")
    with pytest.raises(CourseError, match="cannot isolate .*namespaces: is not allowed"):
        Workers(1, "required")
    assert Workers(1, "auto").protection == "limits only"
    sandbox.choose.cache_clear()
    with pytest.raises(CourseError, match="one of auto, required, off"):
        Workers(1, "none")


def test_a_nursery_that_does_not_get_warm_says_why(monkeypatch):
    monkeypatch.setattr("adcourse.course.grading.running.warm.NURSERY", "adcourse.no_such_module")
    with pytest.raises(CourseError, match="No module named adcourse.no_such_module"):
        run_steps([Step("1", "student")], sandbox="off")


def test_one_submission_can_be_run_by_itself():
    outcome = run_steps([Step("1 / 0", "student")], 5, sandbox="off")
    assert outcome.cells[0]["error"] == ["ZeroDivisionError", "division by zero"]
    assert outcome.protection == "limits only"
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
