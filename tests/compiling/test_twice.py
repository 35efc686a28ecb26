"""check=True refuses functions that are not repeatable, and no others."""

import collections
import functools
import itertools
import random
from dataclasses import dataclass

import numpy as np
import pytest

import adcourse as ad
from adcourse.core.errors import NotRepeatable

LOG, COUNTS, NESTED, MEMO = [], {"n": 0}, {"w": [1.0, {"b": [2.0]}]}, {}
TALLY, QUEUE, NAMES, FLAG, NAN = collections.Counter(), collections.deque(), set(), [True], [np.nan]
ARRAY = np.zeros(3)
calls = 0


def appends(x):
    LOG.append(1)
    return 2 * x


def counts(x):
    COUNTS["n"] += 1
    return x


def counts_globally(x):
    global calls
    calls += 1
    return x


def counts_in_a_closure():
    n = 0

    def f(x):
        nonlocal n
        n += 1
        return x

    return f


def counts_on_itself(x):
    counts_on_itself.n = getattr(counts_on_itself, "n", 0) + 1
    return x


def fills_its_default(x, log=[]):  # noqa: B006
    log.append(1)
    return x


def fills_its_keyword(x, *, log=[]):  # noqa: B006
    log.append(1)
    return x


def in_a_function_inside(x):
    def inner(y):
        LOG.append(1)
        return y

    return inner(x)


def deep(x, depth=6):
    return deeper(x)


deeper = lambda x: deepest(x)
deepest = lambda x: appends(x)


class Model:
    seen = 0

    def __init__(self):
        self.n, self.log, self.w = 0, [], np.ones(2)

    def __call__(self, x):
        self.n += 1
        return x

    def logs(self, x):
        self.log.append(1)
        return x

    def grows(self, x):
        self.w = self.w * 2
        return x

    def counts_for_all(self, x):
        Model.seen += 1
        return x

    def through_another(self, x):
        return self.logs(x)

    def quiet(self, x):
        return np.sum(self.w * x)

    @functools.cached_property
    def table(self):
        return np.arange(3.0)

    def tabled(self, x):
        return np.sum(self.table * x)


class Slots:
    __slots__ = ("n",)

    def __init__(self):
        self.n = 0

    def counts(self, x):
        self.n += 1
        return x


@dataclass
class Record:
    n: int = 0


record, rng, numbers = Record(), np.random.default_rng(0), itertools.count()
steps = (k for k in range(100))


def records(x):
    record.n += 1
    return x


def flips(x):
    FLAG[0] = not FLAG[0]
    return x


def wrapped(f):
    @functools.wraps(f)
    def g(x):
        g.n += 1
        return f(x)

    g.n = 0
    return g


CHANGES = [
    ("the list LOG", appends),
    ("COUNTS['n']", counts),
    ("calls", counts_globally),
    ("n", counts_in_a_closure()),
    ("counts_on_itself.n", counts_on_itself),
    ("the list log", fills_its_default),
    ("the list log", fills_its_keyword),
    ("the list LOG", in_a_function_inside),
    ("the list LOG", deep),
    ("f.n", Model()),
    ("the list logs.log", Model().logs),
    ("the array grows.w", Model().grows),
    ("counts_for_all.seen", Model().counts_for_all),
    ("the list through_another.log", Model().through_another),
    ("counts.n", Slots().counts),
    ("record.n", records),
    ("FLAG[0]", flips),
    ("<lambda>.n", wrapped(lambda x: x)),
    ("the array ARRAY", lambda x: (np.add(ARRAY, 1, out=ARRAY), x)[1]),
    ("TALLY['a']", lambda x: (TALLY.update("a"), x)[1]),
    ("the deque QUEUE", lambda x: (QUEUE.append(1), x)[1]),
    ("the set NAMES", lambda x: (NAMES.add(len(NAMES)), x)[1]),
    ("the list NESTED['w'][1]['b']", lambda x: (NESTED["w"][1]["b"].append(1), x)[1]),
    ("the list argument 0 of f", functools.partial(lambda log, x: (log.append(1), x)[1], [])),
    ("the list argument log of f", functools.partial(lambda x, log: (log.append(1), x)[1], log=[])),
    ("the generator rng", lambda x: x * rng.normal()),
    ("the random state of NumPy", lambda x: x * np.random.rand()),
    ("the random state of Python", lambda x: x * random.random()),
    ("the iterator steps", lambda x: (next(steps), x)[1]),
    ("the iterator numbers", lambda x: (next(numbers), x)[1]),
    ("the list LOG", ad.grad(appends)),
    ("the list LOG", ad.compile(appends)),
]


@pytest.mark.parametrize(("what", "f"), CHANGES)
def test_a_function_that_changes_something_is_refused(what, f):
    with pytest.raises(NotRepeatable) as refusal:
        ad.compile(f, 2.0, check=True)
    assert f" changes {what} when it runs" in str(refusal.value)


def test_a_function_that_computes_something_else_is_refused():
    fresh = lambda x: x * np.random.default_rng().normal()
    with pytest.raises(NotRepeatable, match=r"the constants of v1 = np.multiply\(…\) differ"):
        ad.compile(fresh, 2.0, check=True)
    with pytest.raises(NotRepeatable, match="the constants that it returns differ"):
        ad.compile(lambda x: (x, np.random.default_rng().normal()), 2.0, check=True)
    longer = lambda x: sum([x] * next(lengths))
    lengths = iter([2, 3])
    with pytest.raises(NotRepeatable):
        ad.compile(longer, 2.0, check=True)


@functools.lru_cache
def cached(n):
    return float(n) ** 2


def remembered(n):
    if n not in MEMO:
        MEMO[n] = float(n) ** 2
    return MEMO[n]


REPEATABLE = {
    "a cache of Python's": lambda x: x * cached(3),
    "a cache that fills up": lambda x: x * remembered(3),
    "a cached property": Model().tabled,
    "a method": Model().quiet,
    "generators of its own": lambda x: x * np.random.default_rng(0).normal(),
    "nan among what it holds": lambda x: x * NAN[0],
    "a branch": lambda x: x if x > 0 else -x,
    "a loop": lambda x: sum(x**k for k in range(4)),
    "lists of its own": lambda x: np.stack([y for y in [x, 2 * x]]),
    "what it prints": lambda x: (print(end=""), x)[1],
    "a derivative": ad.grad(lambda x: np.sin(x) * x),
    "a partial": functools.partial(np.multiply, 2.0),
    "a function of NumPy": np.sin,
    "a program": ad.compile(lambda x: x * NESTED["w"][0]),
}


@pytest.mark.parametrize("what", REPEATABLE)
def test_a_repeatable_function_is_compiled(what):
    f = REPEATABLE[what]
    compiled = ad.compile(f, 2.0, check=True)
    np.testing.assert_array_equal(compiled(3.0), f(3.0))


def test_each_trace_is_checked():
    log = []
    f = lambda x: x if x > 0 else (log.append(1), -x)[1]
    g = ad.compile(f, 2.0, check=True)
    assert g(3.0) == 3.0
    with pytest.raises(NotRepeatable, match="the list log"):
        g(-1.0)
    assert g(3.0) == 3.0


def test_without_the_check_the_change_is_made_once_for_each_trace():
    log = []
    g = ad.compile(lambda x: (log.append(1), x)[1])
    assert [g(1.0), g(2.0), g(np.ones(1))[0]] == [1.0, 2.0, 1.0] and len(log) == 2
