"""Each pass alone on small graphs: what it does, what it leaves, and that nothing else changes."""

import numpy as np
import pytest

import adcourse as ad
from adcourse.compiling.passes import PASSES, optimise
from adcourse.compiling.passes.broadcasts import broadcasts
from adcourse.compiling.passes.common import common
from adcourse.compiling.passes.dead import dead
from adcourse.compiling.passes.identities import identities
from adcourse.compiling.passes.numbers import numbers
from adcourse.compiling.rewriting import renamed, rewritten
from adcourse.core.errors import AdcourseError
from adcourse.core.primitive import table
from adcourse.core.recording import trace
from adcourse.core.tree import flatten

X = np.array([1.0, -2.0, 3.0])
A = np.array([[1.0, 2.0, -1.0], [0.5, 0.0, 4.0]])
S = np.array([[2.0, 1.0], [-1.0, 3.0]])
SINGLE = X.astype(np.float32)
SPECIAL = np.array([np.inf, -np.inf, np.nan, -0.0, 0.0])


@pytest.fixture(autouse=True)
def quietly():
    with np.errstate(invalid="ignore", divide="ignore"):
        yield


def names(graph):
    """What the graph computes, in the order of computation, without what nothing needs."""
    return [node.primitive.name.removeprefix("np.") for node in dead(graph).nodes]


def applied(each, f, *args):
    """The graph after one pass, which must be the same function to the last bit, zeros apart."""
    graph = trace(f, *args)
    before = renamed(graph).source()
    after = each(graph)
    assert renamed(graph).source() == before  # a pass changes no node
    same(after(*args), graph(*args))
    return after


def same(got, expected):
    for mine, theirs in zip(flatten(got)[0], flatten(expected)[0], strict=True):
        assert type(mine) is type(theirs)
        assert getattr(mine, "dtype", None) == getattr(theirs, "dtype", None)
        np.testing.assert_array_equal(mine, theirs)


# fmt: off
IDENTITIES = [
    # the program                           what is left of it
    (lambda x: x * 1,                       []),
    (lambda x: 1.0 * x,                     []),
    (lambda x: x * -1,                      ["negative"]),
    (lambda x: np.negative(-x),                       []),
    (lambda x: x / 1,                       []),
    (lambda x: x / -1,                      ["divide"]),
    (lambda x: x**1,                        []),
    (lambda x: x**2,                        ["multiply"]),
    (lambda x: x**2.0,                      ["multiply"]),
    (lambda x: x**3,                        ["power"]),
    (lambda x: 2 * (3 * x),                 ["multiply"]),
    (lambda x: -(2 * x),                    ["multiply"]),
    (lambda x: -2 * (-0.5 * x),             []),
    (lambda x: (-x) * x,                    ["multiply", "negative"]),
    (lambda x: x + (-x),                    ["subtract"]),
    (lambda x: (-x) + x,                    ["subtract"]),
    (lambda x: x - (-x),                    ["add"]),
    (lambda x: (-x) / x,                    ["divide", "negative"]),
    (lambda x: x + 0,                       ["add"]),
    (lambda x: x - 0.0,                     ["subtract"]),
    (lambda x: 0 * x,                       ["multiply"]),
    (lambda x: 0.5 * (0 * x),               ["multiply", "multiply"]),
    (lambda x: 1e-200 * (1e-200 * x),       ["multiply", "multiply"]),
    (lambda x: np.inf * (2 * x),            ["multiply", "multiply"]),
    (lambda x: np.nan * (2 * x),            ["multiply", "multiply"]),
    (lambda x: np.reshape(x, np.shape(x)),  []),
    (lambda x: np.broadcast_to(x, np.shape(x)), []),
    (lambda x: x[()],                       []),
    (lambda x: x[...],                      []),
    (lambda x: np.sum(x, axis=()),          []),
    (lambda x: True * x,                    ["multiply"]),
    (lambda x: np.float64(1) * x,           ["multiply"]),
]
# fmt: on


identity = pytest.mark.parametrize(("f", "left"), IDENTITIES, ids=map(str, range(len(IDENTITIES))))


@identity
@pytest.mark.parametrize("x", [X, A, SPECIAL], ids=["vector", "matrix", "special"])
def test_identities(f, left, x):
    assert names(applied(identities, f, x)) == left


@identity
@pytest.mark.parametrize("x", [np.float64(2.5), np.float32(0.5), np.array(2.5), SINGLE], ids=repr)
def test_identities_of_numbers_and_in_single_precision(f, left, x):
    assert len(names(applied(identities, f, x))) >= len(left)


@pytest.mark.parametrize(
    ("f", "left"),
    [
        (lambda x: x.T.T, []),
        (lambda x: np.transpose(np.transpose(x, (1, 0)), (-1, 0)), []),
        (lambda x: np.transpose(x[None].T, (0, -1, 1)), ["x[index]", "transpose"]),
        (lambda x: np.reshape(np.reshape(x, (6,)), (3, 2)), ["reshape"]),
        (lambda x: np.reshape(np.reshape(x, (6,)), (2, 3)), []),
        (lambda x: np.reshape(np.reshape(x, (6,), order="F"), (2, 3)), ["reshape", "reshape"]),
        (lambda x: np.reshape(x, (2, 3), order="F"), ["reshape"]),
        (lambda x: x[:, 0:3], []),
        (lambda x: x[::-1], ["x[index]"]),
        (lambda x: x[:, np.array([0, 1, 2])], ["x[index]"]),
        (lambda x: x[None][0], ["x[index]", "x[index]"]),
        (lambda x: np.eye(2) @ x, []),
        (lambda x: x @ np.eye(3), []),
        (lambda x: x @ np.eye(3, k=1), ["matmul"]),
        (lambda x: np.eye(2, dtype=int) @ x, []),
        (lambda x: np.eye(2)[None] @ x, ["matmul"]),
        (lambda x: np.sum(-x), ["sum", "negative"]),
        (lambda x: np.sum(-x, axis=0, keepdims=True), ["sum", "negative"]),
        (lambda x: np.argsort(x) * 2 * 3, ["argsort", "multiply", "multiply"]),
        (lambda x: -(np.argsort(x) * 2), ["argsort", "multiply", "negative"]),
        (lambda x: np.argsort(x) * 1.0, ["argsort", "multiply"]),
        (lambda x: np.argsort(x) * 1, ["argsort"]),
        (lambda x: (x > 0) * 1, ["greater", "multiply"]),
        (lambda x: (x > 0) ** 2, ["greater", "power"]),
        (lambda x: x * np.float32(1), ["multiply"]),
    ],
)
def test_identities_of_arrays(f, left):
    assert names(applied(identities, f, A)) == left


def test_single_precision_stays():
    for f in (lambda x: x * np.float64(1), lambda x: x * np.ones(3), lambda x: x**2, lambda x: -x):
        for each in PASSES:
            applied(each, f, SINGLE)


def test_a_number_goes_into_a_constant_array():
    factor = np.array([0.5, -1.0, 0.0])
    assert names(applied(identities, lambda x: (4 * x) * factor, X)) == ["multiply"]
    assert names(applied(identities, lambda x: (-x) * factor, X)) == ["multiply", "negative"]
    for stays in (
        lambda x: (0.1 * x.astype(np.float32)) * factor,
        lambda x: (1e-20 * x) * np.array([1e-300, 1.0, 0.0]),
        lambda x: (0 * x) * factor,
        lambda x: (2 * x) * np.array([np.inf, np.nan, 0.0]),
        lambda x: (2 * x) * np.array([1, 2, 3]),
    ):
        assert names(applied(identities, stays, X)) == names(trace(stays, X))


def test_signs_of_zero_where_a_sign_goes_outward():
    """The one liberty: -Σx for Σ-x, where the sum is 0."""
    graph = trace(lambda x: np.sum(-x), np.array([1.0, -1.0]))
    assert identities(graph)(np.array([1.0, -1.0])) == 0


@pytest.mark.parametrize(
    ("f", "changes"),
    [
        (lambda x: x * np.ones(3), True),
        (lambda x: x + np.full((2, 3), 2.0), False),  # it gives the shape
        (lambda x: np.full(3, -0.0) + x, False),
        (lambda x: np.zeros(3) + x, True),
        (lambda x: np.full(3, np.nan) * x, False),
        (lambda x: np.full(3, np.inf) * x, True),
        (lambda x: x * np.full(3, 0.1, np.float32), True),
        (lambda x: x * np.ones(3, int), False),
        (lambda x: x * np.ones(3, bool), False),
        (lambda x: x * np.array([1.0, 1.0, 2.0]), False),
        (lambda x: np.where(x > 0, x, np.ones(3)), False),  # no function of NumPy's loops
        (lambda x: np.maximum(x, np.ones(3)), True),
        (lambda x: x @ np.ones(3), False),
        (lambda x: np.sum(x) * np.array(2.0), True),
    ],
)
def test_constant_arrays_that_repeat_a_number(f, changes):
    graph = trace(f, X)
    assert (applied(numbers, f, X) is not graph) and any(
        node not in graph.nodes for node in numbers(graph).nodes
    ) == changes


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_numbers_and_copies_leave_the_type(dtype):
    x = X.astype(dtype)
    for f in (
        lambda x: x * np.ones(3, np.float32),
        lambda x: x * np.ones(3),
        lambda x: np.float32(2.0) * x * np.full(3, 0.1, np.float32),
        lambda x: np.broadcast_to(np.sum(x), (3,)) * x,
    ):
        for each in (numbers, broadcasts, identities):
            applied(each, f, x)
    number = lambda s, x: np.broadcast_to(s, (3,)) * x
    assert broadcasts(trace(number, 2.0, x))(2.0, x).dtype == np.float64
    assert ad.compile(number)(2.0, x).dtype == np.float64
    s_bar, x_bar = ad.compile(ad.grad(lambda s, x: s * np.sum(x * x), (0, 1)))(2.0, x)
    assert s_bar.dtype == x_bar.dtype == dtype


def test_numbers_of_no_axes_stay_numpy_numbers():
    f = lambda x: (np.array(2.0) * x, np.broadcast_to(x, ()) * x)
    assert [type(y) for y in applied(numbers, f, 3.0)(3.0)] == [np.float64, np.float64]
    assert [type(y) for y in applied(broadcasts, f, 3.0)(3.0)] == [np.float64, np.float64]


def test_copies_that_numpy_makes_by_itself():
    row = lambda x: np.broadcast_to(x[0], (2, 3))
    assert names(applied(broadcasts, lambda x: row(x) * x, A)) == ["x[index]", "multiply"]
    assert names(applied(broadcasts, lambda x: row(x) * row(x), A)).count("broadcast_to") == 1
    for stays in (row, lambda x: np.sum(row(x)), lambda x: row(x) @ x.T, lambda x: np.sin(row(x))):
        assert "broadcast_to" in names(applied(broadcasts, stays, A))


def test_an_entry_of_a_copied_row_reaches_all_rows():
    """The cotangent of v[0] is copied to each row before it is added."""

    def f(x):
        v = np.sum(x, axis=0, keepdims=True)
        return np.sum(np.sin(x * (x * (v[0] * 2.0))))

    x = np.random.default_rng(0).normal(size=(3, 3))
    np.testing.assert_allclose(ad.compile(ad.grad(f))(x), ad.grad(f)(x), rtol=1e-13)


def test_common_subexpressions():
    once = applied(common, lambda x: np.sin(x) * np.sin(x) + x * 2 - 2 * x, X)
    assert names(once) == ["sin", "multiply", "multiply", "add", "subtract"]
    for differ in (
        lambda x: x * 2 + x * 2.0,
        lambda x: x * 1 + x * True,
        lambda x: x * 0.0 - x * -0.0,
        lambda x: x * np.float32(2) + x * 2,
        lambda x: x * np.array([1.0, 2, 3]) + x * np.array([1.0, 2, 4]),
        lambda x: x[0] + x[1],
        lambda x: x[np.array([0])] + x[np.array([1])],
        lambda x: (x - 1) * (1 - x),
        lambda x: np.sum(x, axis=0) + np.sum(x),
    ):
        graph = trace(differ, X)
        assert len(applied(common, differ, X).nodes) == len(graph.nodes)
    for alike in (
        lambda x: x * np.array([1.0, 2, 3]) + x * np.array([1.0, 2, 3]),
        lambda x: x[np.array([0, 1])] + x[np.array([0, 1])],
        lambda x: x[1:] + x[1:],
        lambda x: x * np.nan + x * np.nan,
    ):
        assert len(applied(common, alike, X).nodes) == 2


def test_what_is_computed_again_on_purpose_stays():
    piece = ad.checkpoint(lambda x: np.sin(np.cos(x) * x))
    plain = ad.grad(lambda x: np.sum(np.sin(np.cos(x) * x) * x))
    again = ad.grad(lambda x: np.sum(piece(x) * x))
    count = lambda f: names(common(trace(f, X))).count("cos")
    assert count(again) > count(plain)
    assert "again" not in names(common(trace(again, X)))
    applied(common, again, X)


def test_guards_survive_every_pass():
    def f(x):
        y = np.negative(-x) * 1
        return y * 2 if np.sum(y) > 0 else y

    graph, _ = optimise(trace(f, X))
    assert [answer for _, answer in graph.guards] == [True]
    with pytest.raises(ad.BranchChanged):
        graph(-X)
    np.testing.assert_array_equal(graph(X), f(X))


def test_dead_code():
    graph = trace(lambda x: (np.sin(x), x * 2)[1], X, prune=False)
    assert [node.primitive.name for node in dead(graph).nodes] == ["np.multiply"]
    guarded = trace(lambda x: x * 2 if np.sum(x) > 0 else x, X, prune=False)
    assert len(dead(guarded).nodes) == len(guarded.nodes)


def test_a_pass_that_puts_something_else_in_its_place_is_stopped():
    for x, wrongs in (
        (X, (X[:2], SINGLE, X.astype(int), 2.0)),
        (np.float64(2), (2.0, np.array(2.0), np.float32(2))),
        (2.0, (np.float64(2), np.array(2.0), 2)),
    ):
        graph = trace(lambda x: np.sin(x), x)
        for wrong in wrongs:
            with pytest.raises(AdcourseError, match="mistake in adcourse"):
                rewritten(graph, {table[np.sin]: lambda node, args, make, wrong=wrong: wrong})


@pytest.mark.parametrize("x", [X, A, S, 0.3, np.float64(0.3), np.array(0.3), np.ones((0, 3))])
@pytest.mark.parametrize("each", PASSES, ids=lambda each: each.__name__)
def test_no_pass_changes_what_a_program_computes(each, x):
    def f(x):
        y = -(2.0 * x) / 3 + x * np.ones(np.shape(x)) - (-x) ** 2
        total = np.sum(np.broadcast_to(np.sum(y), np.shape(x)) * x)
        return total, np.reshape(y.T.T if np.shape(x) else y, (-1,))[:0], y * 1 + x

    gradient = ad.grad(lambda x: f(x)[0])
    for g in (f, gradient):
        graph = trace(g, x)
        after = each(graph)
        for point in (x, x + 1.0):
            for got, want in zip(*[flatten(h(point))[0] for h in (after, graph)], strict=True):
                assert type(got) is type(want) and np.shape(got) == np.shape(want)
                np.testing.assert_allclose(got, want, rtol=1e-13, atol=1e-13)
