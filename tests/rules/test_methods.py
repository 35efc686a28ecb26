"""Methods and operators of arrays are the functions of the same name."""

import operator

import numpy as np
import pytest

import adcourse as ad

X = np.array([[0.3, -1.2, 2.0], [1.7, 0.4, -0.6]])
Y = np.array([1.3, 2.1, 0.7])

METHODS = [
    lambda x: x.sum(axis=0),
    lambda x: x.prod(1),
    lambda x: x.mean(-1, keepdims=True),
    lambda x: x.var(axis=1, ddof=1),
    lambda x: x.std(),
    lambda x: x.max(axis=0),
    lambda x: x.min(),
    lambda x: x.cumsum(axis=1),
    lambda x: x.cumprod(),
    lambda x: x.clip(-1.0, 1.0),
    lambda x: x.round(1) * x,
    lambda x: x.copy() ** 2,
    lambda x: x.ravel("F"),
    lambda x: x.flatten(),
    lambda x: x.reshape(3, 2),
    lambda x: x.reshape((-1,), order="F"),
    lambda x: x.transpose(1, 0),
    lambda x: x.T @ x,
    lambda x: x.mT,
    lambda x: x.swapaxes(0, 1),
    lambda x: x[None].squeeze(0),
    lambda x: x.repeat(2, axis=0),
    lambda x: x.take([0, 2], axis=1),
    lambda x: x.trace(),
    lambda x: x.diagonal(1),
    lambda x: x.dot(Y),
    lambda x: x.compress([True, False], axis=0),
    lambda x: x.conj() + x.real + x.imag,
    lambda x: x.astype(np.float64) * x.astype(bool),
    lambda x: x[x.argmax(0), np.arange(3)],
    lambda x: x[x.nonzero()],
    lambda x: np.stack(x.tolist()[0]),
    lambda x: x.flat[3] * x.item(2),
    lambda x: x[0, 0].item(),
    lambda x: x * x.all() + x.any() * x,
    lambda x: x.argsort(axis=1) * x,
]


@pytest.mark.parametrize("i", range(len(METHODS)))
def test_method(i):
    f = METHODS[i]
    expected = f(X)
    np.testing.assert_allclose(ad.vjp(f, X)[0], expected, rtol=1e-14)
    ad.check_grads(f, (X,), order=2, tolerance=1e-5)


BINARY = ["add", "sub", "mul", "truediv", "pow", "mod", "floordiv"]


@pytest.mark.parametrize("name", BINARY)
@pytest.mark.parametrize("other", [1.7, 2, Y, np.float64(1.7), np.array(1.7)], ids=repr)
@pytest.mark.parametrize(
    "point", [1.31, np.abs(X) + 0.137, np.array(1.31)], ids=["float", "2-d", "0-d"]
)
def test_operator_from_both_sides(name, other, point):
    op = getattr(operator, name)
    for f in (lambda x: op(x, other), lambda x: op(other, x)):
        y, y_dot = ad.jvp(f, (point,), (np.ones(np.shape(point))[()],))
        np.testing.assert_allclose(y, f(point), rtol=1e-14)
        h = 1e-6
        np.testing.assert_allclose(y_dot, (f(point + h) - f(point - h)) / (2 * h), atol=1e-7)
        np.testing.assert_allclose(
            np.sum(ad.vjp(f, point)[1](np.ones(np.shape(y))[()])[0]), np.sum(y_dot), rtol=1e-12
        )


def test_divmod_round_and_format():
    assert ad.grad(lambda x: divmod(x, 2.0)[1] + divmod(7.0, x)[1])(2.25) == 1.0 - 3.0
    assert ad.grad(lambda x: round(x) * x)(2.25) == 2.0
    assert ad.grad(lambda x: x * len(f"{x:.3f}"))(2.25) == 5.0


def test_indices_that_a_program_computes_are_recorded():
    graph = ad.trace(lambda x: x[np.argsort(x)] ** 2, np.array([3.0, 1.0, 2.0]))
    np.testing.assert_array_equal(graph(np.array([1.0, 3.0, 2.0])), [1.0, 4.0, 9.0])
    graph = ad.trace(lambda x: x[np.argmax(x)] + x[:1], np.array([3.0, 1.0, 2.0]))
    np.testing.assert_array_equal(graph(np.array([1.0, 3.0, 2.0])), [4.0])
    graph = ad.trace(lambda x: np.sum(x[x > 1.5]), np.array([3.0, 1.0, 2.0]))
    assert graph(np.array([1.0, 3.0, 1.0])) == 3.0
    graph = ad.trace(lambda x: x[: np.argmax(x)], np.array([1.0, 3.0, 2.0]))
    np.testing.assert_array_equal(graph(np.array([2.0, 5.0, 2.0])), [2.0])
    with pytest.raises(ad.BranchChanged):
        graph(np.array([5.0, 1.0, 1.0]))


def test_the_derivative_of_sorting_can_be_recorded():
    weights = np.array([1.0, 2.0, 3.0])
    graph = ad.trace(ad.grad(lambda x: np.sum(np.sort(x) * weights)), np.array([3.0, 1.0, 2.0]))
    np.testing.assert_array_equal(graph(np.array([1.0, 3.0, 2.0])), [1.0, 3.0, 2.0])
