"""The clock of the lectures, against a simulated one whose times are known exactly."""

import gc

import pytest

from adcourse.course import timing


class Simulated:
    """A computer on which time passes by calculation, with a clock that shows full ticks only."""

    def __init__(self, tick):
        self.now, self.tick = 0.0, tick

    def clock(self):
        self.now += 1e-7  # to look at the clock takes time too
        return self.now // self.tick * self.tick

    def program(self, *times):
        """A function that takes these times, one after the other, and then the last for ever."""
        left = list(times)

        def run():
            self.runs = getattr(self, "runs", 0) + 1
            self.now += left.pop(0) if len(left) > 1 else left[0]

        return run


@pytest.fixture
def computer(request, monkeypatch):
    computer = Simulated(request.param)
    monkeypatch.setattr(timing, "perf_counter", computer.clock)
    timing.tick.cache_clear()
    yield computer
    timing.tick.cache_clear()


fine_and_coarse = pytest.mark.parametrize("computer", [1e-7, 1e-4, 1e-3], indirect=True)


@fine_and_coarse
@pytest.mark.parametrize("true", [3e-6, 4e-5, 7e-4, 0.02, 1.5])
def test_the_time_is_right_to_a_twentieth(computer, true):
    assert timing.seconds(computer.program(true)) == pytest.approx(true, rel=0.06)


@fine_and_coarse
def test_what_takes_long_is_run_once_or_as_often_as_asked(computer):
    timing.seconds(computer.program(1.0), within=0.2)
    assert computer.runs == 1
    timing.seconds(computer.program(1.0), within=0.2, rounds=3)
    assert computer.runs == 1 + 3


@fine_and_coarse
def test_the_shortest_time_counts(computer):
    assert timing.seconds(computer.program(0.07, 0.05, 0.06)) == pytest.approx(0.05, rel=0.05)


@fine_and_coarse
def test_several_take_turns(computer):
    order = []
    slow, fast = computer.program(0.05), computer.program(0.03)
    times = timing.in_turns(
        lambda: [order.append("slow"), slow()], lambda: [order.append("fast"), fast()], rounds=4
    )
    assert times == pytest.approx([0.05, 0.03], rel=0.05)
    assert order == ["slow", "fast"] * (len(order) // 2) and len(order) >= 8


@pytest.mark.parametrize("computer", [1e-7], indirect=True)
def test_arguments_are_passed_and_the_collector_waits(computer):
    seen = []

    def run(*args):
        seen.append((args, gc.isenabled()))
        computer.now += 1.0

    before = gc.isenabled()
    timing.seconds(run, 1, "a")
    assert seen == [((1, "a"), False)]
    assert gc.isenabled() == before

    def fail():
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        timing.seconds(fail)
    assert gc.isenabled() == before
