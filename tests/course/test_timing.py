"""The clock of the lectures, against a simulated one whose times are known exactly."""

import gc
from math import inf
from types import SimpleNamespace

import pytest

from adcourse.course import timing


class Simulated:
    """A computer on which time passes by calculation, with clocks that show full steps only."""

    def __init__(self, wall, thread=None):
        self.computed, self.waited = 0.0, 0.0
        self.steps = {"wall": wall, "thread": thread}
        self.runs = 0

    def perf_counter(self):
        return self.shown("wall", self.waited)

    def thread_time(self):
        return self.shown("thread", 0.0)

    def shown(self, clock, waited):
        self.computed += 1e-7  # to look at a clock takes time too
        return (self.computed + waited) // self.steps[clock] * self.steps[clock]

    def program(self, *times, waits=0.0):
        """A function that takes these times, one after the other, and then the last for ever."""
        left = list(times)

        def run():
            self.runs += 1
            self.computed += left.pop(0) if len(left) > 1 else left[0]
            self.waited += waits

        return run


@pytest.fixture
def computer(request, monkeypatch):
    computer = Simulated(*request.param)
    clocks = SimpleNamespace(perf_counter=computer.perf_counter)
    if len(request.param) > 1:
        clocks.thread_time = computer.thread_time
    monkeypatch.setattr(timing, "time", clocks)
    timing.clock_and_step.cache_clear()
    yield computer
    timing.clock_and_step.cache_clear()


# Linux, Windows, and browsers; of each the steps of the usual clock and of the thread's, if any.
LINUX, WINDOWS, CHROMIUM, FIREFOX = (1e-7, 1e-7), (1e-7, 1 / 64), (1e-4,), (1e-3,)
everywhere = pytest.mark.parametrize(
    "computer", [LINUX, WINDOWS, CHROMIUM, FIREFOX], indirect=True, ids=str
)


@everywhere
@pytest.mark.parametrize("true", [3e-6, 4e-5, 7e-4, 0.02, 1.5])
def test_the_time_is_right_to_a_twentieth(computer, true):
    assert timing.seconds(computer.program(true)) == pytest.approx(true, rel=0.055)


@everywhere
def test_what_takes_long_is_run_once_or_as_often_as_asked(computer):
    timing.seconds(computer.program(1.0), within=0.2)
    assert computer.runs == 1
    timing.seconds(computer.program(1.0), within=0.2, rounds=3)
    assert computer.runs == 1 + 3


@everywhere
def test_the_shortest_time_counts(computer):
    assert timing.seconds(computer.program(0.07, 0.05, 0.06)) == pytest.approx(0.05, rel=0.05)


@everywhere
def test_a_slow_first_run_does_not_hide_what_the_clock_cannot_tell(computer):
    assert timing.seconds(computer.program(0.07, 4e-5)) == pytest.approx(4e-5, rel=0.055)


@everywhere
def test_several_take_turns(computer):
    order = []
    slow, fast = computer.program(0.05), computer.program(0.03)
    times = timing.in_turns(
        lambda: [order.append("slow"), slow()], lambda: [order.append("fast"), fast()], rounds=4
    )
    assert times == pytest.approx([0.05, 0.03], rel=0.05)
    assert order == ["slow", "fast"] * (len(order) // 2) and len(order) >= 8


@pytest.mark.parametrize("computer", [LINUX], indirect=True, ids=str)
def test_other_programs_do_not_count(computer):
    assert timing.seconds(computer.program(0.01, waits=0.5)) == pytest.approx(0.01, rel=0.05)
    assert computer.runs >= 20  # and they do not use up the time that is allowed


@pytest.mark.parametrize("computer", [WINDOWS], indirect=True, ids=str)
def test_a_coarse_clock_of_the_thread_is_not_used(computer):
    assert timing.clock_and_step()[0] == computer.perf_counter


def test_a_clock_that_stands_still_is_noticed():
    assert timing.finest_step(lambda: 0.0, patience=1e-4) == inf


def test_arguments_are_passed_and_the_collector_waits():
    seen = []

    def run(*args):
        seen.append((args, gc.isenabled()))

    before = gc.isenabled()
    timing.seconds(run, 1, "a", within=0)
    assert set(seen) == {((1, "a"), False)}
    assert gc.isenabled() == before

    def fail():
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        timing.seconds(fail)
    assert gc.isenabled() == before
