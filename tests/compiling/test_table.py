"""Every row of the table, compiled: values and gradients at the traced point and near it."""

import numpy as np
import pytest
from programs import PROGRAMS
from samples import CASES, case_id
from test_laws import directions, program

import adcourse as ad
from adcourse.core.tree import flatten

ULPS = 1e-12  # sums in another order, and solutions of linear systems

rows = [case for case in CASES if program(case)[1]]
composites = [
    (f"{name}-{k}", f, xs) for name, cases in PROGRAMS.items() for k, (f, *xs) in enumerate(cases)
]


def near(xs):
    """Another point with the same kinds of arguments."""
    rng = np.random.default_rng(7)
    factors = [1 + 0.01 * rng.uniform(-1, 1, np.shape(x)) for x in xs]
    return tuple(
        x * factor if np.ndim(x) else float(x * factor)
        for x, factor in zip(xs, factors, strict=True)
    )


def agree(compiled, f, xs):
    got, expected = flatten(compiled(*xs))[0], flatten(f(*xs))[0]
    for mine, theirs in zip(got, expected, strict=True):
        assert np.shape(mine) == np.shape(theirs)
        assert np.result_type(mine) == np.result_type(theirs)
        atol = ULPS * max(1.0, np.max(np.abs(theirs), initial=0.0))
        np.testing.assert_allclose(mine, theirs, rtol=ULPS, atol=atol)


def check(f, xs):
    """The function, and the gradient of a weighted sum of its results, at two points."""
    weights = directions(flatten(f(*xs))[0], 5)

    def number(*xs):
        return sum(np.sum(w * y) for w, y in zip(weights, flatten(f(*xs))[0], strict=True))

    for g in (f, ad.grad(number, tuple(range(len(xs))))):
        compiled = ad.compile(g)
        for point in (xs, near(xs), tuple(map(np.asfortranarray, xs)) if all_axes(xs) else xs):
            agree(compiled, g, point)


def all_axes(xs):
    return all(map(np.ndim, xs))


@pytest.mark.parametrize("case", rows, ids=map(case_id, rows))
def test_rows(case):
    f, xs = program(case)
    check(f, xs)


@pytest.mark.parametrize(("name", "f", "xs"), composites, ids=[c[0] for c in composites])
def test_composites(name, f, xs):
    check(lambda *xs: f(np, *xs), tuple(xs))
