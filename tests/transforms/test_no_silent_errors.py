"""Programs that once gave a wrong number without a word: now the right one, or one sentence."""

import collections
import copy
import pickle
from dataclasses import dataclass, field

import numpy as np
import pytest

import adcourse as ad

SIZES = [2, 5000]  # small constants are copied, large ones are made read-only


def test_a_constant_that_changes_during_the_run():
    def f(x, n):
        buffer, total = np.zeros(n), 0.0
        for i in range(3):
            buffer[:] = i
            total = total + np.sum(x * buffer)
        return total

    np.testing.assert_array_equal(ad.grad(lambda x: f(x, 2))(np.ones(2)), [3.0, 3.0])
    with pytest.raises(ad.InPlaceWrite, match="changed in place.*Build a new array"):
        ad.grad(lambda x: f(x, 5000))(np.ones(5000))


@pytest.mark.parametrize("n", SIZES)
def test_a_constant_can_be_written_to_again_afterwards(n):
    constant, base = np.ones(n), np.ones(2 * n)
    ad.grad(lambda x: np.sum(x * constant + base[::2] * x))(np.ones(n))
    constant[0], base[0] = 2.0, 2.0
    with pytest.raises(ZeroDivisionError):
        ad.grad(lambda x: np.sum(x * constant) * (1 // 0))(np.ones(n))
    constant[0] = 3.0
    y, pullback = ad.vjp(lambda x: np.sum(x * constant), np.ones(n))
    del pullback
    constant[0] = 4.0


def test_a_view_that_is_made_before_its_base_is_used():
    D = np.ones((50, 40))

    def f(k):
        return np.sum(D.T @ (k[:, None] * D))  # D.T is made first, and D is read-only first

    k, view = np.ones(50), D.T
    np.testing.assert_array_equal(ad.grad(f)(k), np.full(50, 1600.0))
    D[0, 0] = 1.0

    def outer(k):  # the inner tape ends while the outer one still holds D
        scaled = k[:, None] * D
        return np.sum(ad.grad(lambda q: np.sum(view @ (q[:, None] * scaled)))(k))

    np.testing.assert_array_equal(ad.grad(outer)(k), np.full(50, 1600.0))
    D[0, 0], view[0, 0] = 1.0, 1.0


def test_a_view_of_a_large_constant():
    base = np.ones((2, 5000))

    def f(x):
        y = np.sum(x * base[0])
        base[0] = 7.0
        return y

    with pytest.raises(ad.InPlaceWrite):
        ad.grad(f)(np.ones(5000))


@pytest.mark.parametrize("n", SIZES)
def test_points_values_and_cotangents_that_change_before_the_pullback(n):
    x = np.zeros(n)
    y, pullback = ad.vjp(np.exp, x)
    y -= 1.0
    x -= 5.0
    np.testing.assert_array_equal(pullback(np.ones(n))[0], np.ones(n))


def test_a_cotangent_that_is_changed_between_two_pullbacks():
    A, b = np.array([[2.0, 1.0], [0.0, 1.0]]), np.ones(2)
    _, pullback = ad.vjp(lambda b: np.linalg.solve(A, b), b)
    e, rows = np.array([1.0, 0.0]), []
    rows.append(pullback(e)[0])
    e[:] = [0.0, 1.0]
    rows.append(pullback(e)[0])
    np.testing.assert_allclose(rows, np.linalg.inv(A), atol=1e-15)


def test_an_index_and_a_recorded_constant_that_change():
    index, constant = np.array([0, 0]), np.array([1.0, 2.0])
    y, pullback = ad.vjp(lambda x: x[index] * constant, np.ones(3))
    graph = ad.trace(lambda x: x[index] * constant, np.ones(3))
    index[:], constant[:] = 2, 0.0
    np.testing.assert_array_equal(pullback(np.ones(2))[0], [3.0, 0.0, 0.0])
    np.testing.assert_array_equal(graph(np.arange(3.0)), [0.0, 0.0])
    np.testing.assert_array_equal(graph(np.ones(3)), [1.0, 2.0])


@pytest.mark.parametrize(
    "number, times",
    [(np.True_, 2.0), (np.uint8(1), 2.0), (np.int8(100), 200.0), (np.float16(1), 2.0)],
)
def test_numpy_numbers_of_other_types_as_constants(number, times):
    assert ad.grad(lambda x: x * number + x * number)(3.0) == times
    assert ad.grad(lambda x: (-x) * number)(3.0) == -times / 2
    assert ad.jvp(lambda x: x * number + x * number, (3.0,), (1.0,))[1] == times


def test_float32_numbers_are_added_precisely_to_python_floats():
    big = np.float64(1e8)
    assert ad.grad(lambda x: x * big + x)(1.0) == 1e8 + 1


def test_object_arrays_are_refused():
    def f(x):
        a = np.empty(2, dtype=object)
        a[0], a[1] = x, x * x
        return np.sum(x * a)

    for transformed in (ad.grad(f), lambda x: ad.jvp(f, (x,), (1.0,)), lambda x: ad.trace(f, x)):
        with pytest.raises(ad.AdcourseError, match="np.stack"):
            transformed(3.0)


@pytest.mark.parametrize("make", [lambda x: {x * x}, lambda x: iter([x]), lambda x: lambda: x])
def test_results_of_unknown_types_are_refused(make):
    pushed = lambda x: ad.jvp(make, (x,), (1.0,))
    for transformed in (ad.grad(make), pushed, lambda x: ad.vjp(make, x)):
        with pytest.raises(ad.NotReal, match="returns numbers, arrays"):
            transformed(1.0)


@dataclass
class Doubling:
    x: float
    seen: list = field(init=False, default=None)

    def __post_init__(self):
        self.x = 2 * self.x


def test_containers_with_habits_of_their_own():
    counted = collections.Counter(a=2.0, b=3.0)
    gradient = ad.grad(lambda c: c["a"] * c["b"])(counted)
    assert type(gradient) is collections.Counter and dict(gradient) == {"a": 3.0, "b": 2.0}
    assert ad.grad(lambda d: d.x**2)(Doubling(1.5)).x == 6.0


@pytest.mark.parametrize(
    "mistake, words",
    [
        (lambda: ad.grad(lambda x: x, argnums=(0, 0))(3.0), "twice"),
        (lambda: ad.grad(lambda x, y: x, argnums=(0, -2))(3.0, 4.0), "twice"),
        (lambda: ad.grad(lambda x: x, argnums=())(3.0), "names no argument"),
        (lambda: ad.grad(np.sum)(np.ma.array([1.0, 2.0], mask=[True, False])), "masked array"),
        (lambda: ad.jvp(np.sin, np.ones(2), np.ones(2)), "must be a tuple"),
        (lambda: ad.jvp(np.sin, (1.0,), 1.0), "must be a tuple"),
        (lambda: ad.check_grads(np.sin, np.ones(2)), "must be a tuple"),
        (lambda: ad.trace(np.sum, np.ones(3))(np.ones(4)), r"shape \(4,\)"),
        (lambda: ad.trace(lambda p: p["a"], {"a": 1.0, "b": 2.0})({"b": 2.0, "a": 1.0}), "nested"),
    ],
)
def test_mistakes(mistake, words):
    with pytest.raises(ad.AdcourseError, match=words):
        mistake()


def test_the_empty_point():
    assert ad.grad(lambda p: 3.0)({}) == {}
    assert ad.grad(lambda p: p["x"] * 1.0)({"x": 2.0, "none": None}) == {"x": 1.0, "none": None}


def test_the_truth_of_a_number_is_recorded_as_a_comparison_with_zero():
    graph = ad.trace(lambda x: 2 * x if x else x + 1, 2.0)
    assert graph(3.0) == 6.0
    with pytest.raises(ad.BranchChanged):
        graph(0.0)


def test_inputs_that_are_called_like_nodes_or_twice():
    def f(v1, t1):
        return (v1 + t1) * (v1 * t1)

    graph = ad.trace(f, 2.0, 5.0)
    assert graph(2.0, 5.0) == 70.0
    names = [node.name for node in (*graph.inputs, *graph.nodes)]
    assert len(set(names)) == len(names)
    twice = ad.trace(lambda x1, *x: x1 * x[0], 2.0, 3.0)
    assert len({node.name for node in twice.inputs}) == 2


def test_escaped_values_are_named_as_such_also_as_points():
    kept = []
    ad.grad(lambda x: kept.append(x) or x)(1.0)
    for use in (
        lambda: ad.vjp(lambda x: x, kept[0]),
        lambda: ad.vjp(lambda x: x + 1.0, 1.0)[1](kept[0]),
        lambda: bool(kept[0] > 0),
    ):
        with pytest.raises(ad.EscapedTracer):
            use()


def test_copies_of_traced_values_are_the_values():
    assert ad.grad(lambda x: copy.deepcopy(x) * copy.copy(x))(3.0) == 6.0
    with pytest.raises(ad.LosesDerivative, match="pickled"):
        ad.grad(lambda x: pickle.dumps(x) and x)(3.0)


def test_orders_and_axes_that_numpy_allows():
    x = np.arange(6.0).reshape(2, 3)
    weights = np.arange(6.0).reshape(3, 2)
    gradient = ad.grad(lambda x: np.sum(np.reshape(x, (3, 2), order="F") * weights))(x)
    np.testing.assert_array_equal(gradient, np.reshape(weights, (2, 3), order="F"))
    cube = np.arange(24.0).reshape(4, 2, 3)
    gradient = ad.grad(lambda x: np.sum(np.transpose(x, (-1, 0, 1)) * cube))(np.ones((2, 3, 4)))
    np.testing.assert_array_equal(gradient, np.transpose(cube, (1, 2, 0)))
    gradient = ad.grad(lambda x: np.concatenate([x, x], axis=None) @ np.arange(12.0))(x)
    np.testing.assert_array_equal(gradient, 2 * x + 6)
    with pytest.raises(np.exceptions.AxisError):
        ad.grad(lambda x: np.sum(np.stack([x, x], axis=5)))(x)


def test_powers_of_zero_and_of_negative_numbers():
    assert ad.grad(ad.grad(lambda y: 0.0**y))(2.0) == 0.0
    assert ad.grad(ad.grad(lambda x, y: x**y), argnums=(0, 1))(0.0, 2.0) == (2.0, 0.0)
    with pytest.warns(RuntimeWarning, match="invalid value"):
        assert np.isnan(ad.grad(lambda x: x ** (1 / 3))(-8.0))
