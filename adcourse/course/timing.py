"""How long a function takes, measured fairly, also by the coarse clock of a browser."""

import gc
from functools import cache, partial
from statistics import median
from time import perf_counter

# A reading of so many ticks of the clock is wrong by a twentieth.
TICKS = 20


def seconds(run, *args, within=0.2, rounds=1):
    """The shortest time in seconds of `run(*args)`, of as many as fit into `within` seconds.

    It is run in at least `rounds` rounds. What ends sooner than the clock can tell is run several
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
    end = perf_counter() + within
    often, best = map(list, zip(*map(how_often, runs), strict=True))
    done = 1
    while done < rounds or perf_counter() < end:
        done += 1
        for k, run in enumerate(runs):
            best[k] = min(best[k], reading(run, often[k]) / often[k])
    return best


def how_often(run):
    """How often in a row to run, for the clock to tell the time; and the time of one run."""
    often = 1
    while (took := reading(run, often)) < TICKS * tick():
        often *= 2
    return often, took / often


def reading(run, often):
    """The time of so many runs; Python's garbage collector, which searches all objects, waits."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        start = perf_counter()
        for _ in range(often):
            run()
        return perf_counter() - start
    finally:
        if was_enabled:
            gc.enable()


@cache
def tick():
    """The smallest step of the clock in seconds: here less than 1e-6, in a browser up to 1e-3."""
    steps = []
    for _ in range(9):
        start = now = perf_counter()
        while now == start:
            now = perf_counter()
        steps.append(now - start)
    return median(steps)
