"""How long a function takes: on a busy computer, and by the coarse clock of a browser."""

import gc
import time
from functools import cache, partial
from math import inf
from statistics import median

# A reading of so many steps of the clock is wrong by a twentieth.
STEPS = 20


def seconds(run, *args, within=0.2, rounds=1):
    """The shortest time in seconds of `run(*args)`, of as many as fit into `within` seconds.

    What counts is the time that this thread computes, where the system has a fine clock for it. It
    is run in at least `rounds` rounds; what ends sooner than the clock can tell is run several
    times in a row, so the answer is never zero.

    >>> 0 < seconds(sum, range(100), within=0.01) < 1
    True
    """
    return in_turns(partial(run, *args), within=within, rounds=rounds)[0]


def in_turns(*runs, within=0.2, rounds=1):
    """The shortest times in seconds of several functions without arguments, as a list.

    They take turns, so that whatever else the computer does meets all of them alike.

    >>> short, long = in_turns(lambda: sum(range(10)), lambda: sum(range(10_000)), within=0.01)
    >>> short < long
    True
    """
    clock, step = clock_and_step()
    end = clock() + within
    often, best = map(list, zip(*(how_often(run, clock, step) for run in runs), strict=True))
    done = 1
    while done < rounds or clock() < end:
        done += 1
        for k, run in enumerate(runs):
            # The first time may have been slow: what is quicker now is run more often in a row.
            often[k], took = how_often(run, clock, step, often[k])
            best[k] = min(best[k], took)
    return best


def how_often(run, clock, step, often=1):
    """How often in a row to run, for the clock to tell the time; and the time of one run."""
    while (took := reading(run, often, clock)) < STEPS * step:
        often *= 2
    return often, took / often


def reading(run, often, clock):
    """The time of so many runs; Python's garbage collector, which searches all objects, waits."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        start = clock()
        for _ in range(often):
            run()
        return clock() - start
    finally:
        if was_enabled:
            gc.enable()


@cache
def clock_and_step():
    """A clock that stands still while others compute, or else the usual one; and its finest step.

    Windows counts the time of a thread in steps of 1/64 of a second; Python in a browser cannot.
    """
    own = getattr(time, "thread_time", None)
    step = finest_step(own) if own else inf
    return (own, step) if step < 1e-4 else (time.perf_counter, finest_step(time.perf_counter))


def finest_step(clock, patience=0.1):
    """The median of some steps of the clock in seconds, infinite if it hardly moves."""
    steps, end = [], time.perf_counter() + patience
    while len(steps) < 9:
        start = now = clock()
        while now == start:
            if time.perf_counter() > end:
                return inf
            now = clock()
        steps.append(now - start)
    return median(steps)
