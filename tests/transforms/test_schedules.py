"""Schedules against the closed formula of Griewank & Walther and against brute force."""

from functools import cache
from math import log2, sqrt

import pytest

from adcourse.transforms.schedules import (
    KINDS,
    count_advances,
    fewest_advances,
    most_states,
    schedule,
)


@cache
def brute_force(n, s):
    """The fewest advances by dynamic programming over all first stored states."""
    if n == 1:
        return 0
    if s == 1:
        return n * (n - 1) // 2
    return min(k + brute_force(n - k, s - 1) + brute_force(k, s) for k in range(1, n))


@pytest.mark.parametrize("s", range(1, 7))
def test_the_closed_formula_is_the_optimum_and_the_schedule_attains_it(s):
    for n in range(1, 60):
        assert fewest_advances(n, s) == brute_force(n, s)
        actions = schedule(n, s)
        assert count_advances(actions) == brute_force(n, s)
        assert most_states(actions) <= s


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 10, 17, 64, 100])
def test_a_schedule_is_sound(kind, n):
    """Every step is pulled back once, last to first, from a state that is at hand."""
    stored, at, back = {0}, 0, []
    for action, *where in schedule(n, 5, kind):
        if action == "advance":
            start, stop = where
            assert start in stored and stop > start
            at = stop
        elif action == "store":
            assert where == [at]
            stored.add(at)
        elif action == "free":
            stored.remove(*where)
        else:
            (k,) = where
            assert k == at or k in stored
            back.append(k)
    assert back == list(reversed(range(n)))
    assert stored == {0}


def test_what_the_kinds_cost():
    n = 1000
    everything = schedule(n, kind="all")
    assert (count_advances(everything), most_states(everything)) == (n - 1, n)
    segments = schedule(n, kind="sqrt")
    assert count_advances(segments) < 2 * n and most_states(segments) <= 2 * sqrt(n) + 2
    halves = schedule(n, kind="bisection")
    assert count_advances(halves) <= n * log2(n) and most_states(halves) <= log2(n) + 2


def test_a_long_schedule_needs_no_recursion():
    assert most_states(schedule(20_000, kind="all")) == 20_000


@pytest.mark.parametrize(
    "arguments, words",
    [
        ((5, 2, "best"), "one of all"),
        ((0, 2), "at least one step"),
        ((5,), "number of states"),
        ((5, 0), "at least 1"),
    ],
)
def test_mistakes(arguments, words):
    with pytest.raises(ValueError, match=words):
        schedule(*arguments)
