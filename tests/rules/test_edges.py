"""Where a derivative is not defined, or easily got wrong: zeros, ties, nans, empty arrays."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import scipy.special as sp

import adcourse as ad
from adcourse.rules.sinc import sinc_slope
from adcourse.transforms.jacobians import hessian

jax.config.update("jax_enable_x64", True)
nan, inf = np.nan, np.inf


def array(*values):
    return np.array(values, dtype=float)


GRADIENTS = {  # function, point, gradient
    "abs at 0": (np.abs, 0.0, 0.0),
    "fabs at 0": (np.fabs, 0.0, 0.0),
    "hypot at 0": (lambda x: np.hypot(x, 0.0), 0.0, 0.0),
    "hypot": (lambda x: np.hypot(x[0], x[1]), array(3, 4), array(0.6, 0.8)),
    "std of a constant": (np.std, array(2, 2, 2), array(0, 0, 0)),
    "var of a constant": (np.var, array(2, 2, 2), array(0, 0, 0)),
    "maximum at a tie": (lambda x: np.maximum(x, 0.0), 0.0, 0.5),
    "clip at a bound": (lambda x: np.clip(x, 0.0, 1.0), 1.0, 0.5),
    "max at ties": (np.max, array(1, 3, 3, 3), array(0, 1, 1, 1) / 3),
    "min at ties": (np.min, array(1, 3, 1), array(0.5, 0, 0.5)),
    "max with a nan": (np.max, array(1, nan, 3), array(0, 1, 0)),
    "ptp of a constant": (np.ptp, array(2, 2), array(0, 0)),
    "median at ties": (np.median, array(1, 2, 2, 2, 5), array(0, 1, 1, 1, 0) / 3),
    "median, two in the middle": (np.median, array(4, 1, 3, 2), array(0, 0, 0.5, 0.5)),
    "sort at ties": (lambda x: np.sort(x)[0], array(2, 1, 1), array(0, 0.5, 0.5)),
    "partition at ties": (lambda x: np.partition(x, 1)[1], array(2, 2, 1), array(0.5, 0.5, 0)),
    "fmax with a nan": (lambda x: np.fmax(x, nan), 2.0, 1.0),
    "fmin with a nan": (lambda x: np.sum(np.fmin(x, array(nan, 0))), array(1, nan), array(1, 0)),
    "nansum": (np.nansum, array(1, nan), array(1, 0)),
    "nanmean": (np.nanmean, array(1, nan, 2), array(0.5, 0, 0.5)),
    "nanprod": (np.nanprod, array(2, nan, 3), array(3, 0, 2)),
    "nan_to_num": (lambda x: np.sum(np.nan_to_num(x)), array(1, nan, inf, -inf), array(1, 0, 0, 0)),
    "prod, one zero": (np.prod, array(2, 0, 5), array(0, 10, 0)),
    "prod, two zeros": (np.prod, array(2, 0, 0), array(0, 0, 0)),
    "cumprod, one zero": (lambda x: np.cumprod(x)[-1], array(2, 0, 5), array(0, 10, 0)),
    "x**0 at 0": (lambda x: x**0, 0.0, 0.0),
    "x**0.0 at 0": (lambda x: x**0.0, 0.0, 0.0),
    "(-2)**3": (lambda x: x**3, -2.0, 12.0),
    "(-2)**array(3)": (lambda x: np.sum(x ** array(3, 2)), array(-2, -2), array(12, -4)),
    "x % y, negative": (lambda y: np.remainder(-7.0, y), 2.0, 4.0),
    "fmod, negative": (lambda y: np.fmod(-7.0, y), 2.0, 3.0),
    "floor division": (lambda x: x // 2.0 + x, 5.0, 1.0),
    "divmod": (lambda x: sum(divmod(x, 2.0)), 5.5, 1.0),
    "rounding": (lambda x: np.rint(x) * x + round(x, 1) + np.trunc(x) * x, 2.4, 4.0),
    "where hides a nan": (lambda x: np.where(x > 0, x, nan), 1.0, 1.0),
    "repeated indices": (lambda x: np.sum(x[[0, 0, 1]]), array(1, 2, 3), array(2, 1, 0)),
    "repeat": (lambda x: np.sum(np.repeat(x, [0, 2, 1])), array(1, 2, 3), array(0, 2, 1)),
    "sinc at 0": (np.sinc, 0.0, 0.0),
    "logaddexp, far apart": (lambda x: np.logaddexp(x, -1e5), 1e5, 1.0),
    "expit, far out": (sp.expit, -800.0, 0.0),
    "logsumexp, large": (lambda x: ad.logsumexp(x), array(1e4, 1e4), array(0.5, 0.5)),
    "polyval at 0": (lambda x: np.polyval([3.0, 2.0, 1.0], x), 0.0, 2.0),
    "vander at 0": (lambda x: np.sum(np.vander(x, 3)), array(0), array(1)),
    "pad keeps an infinity": (
        lambda x: np.pad(x, 1, constant_values=-inf)[1],
        array(1, 2),
        array(1, 0),
    ),
    "interp beyond the ends": (
        lambda f: np.sum(np.interp([-9.0, 9.0], [0.0, 1.0], f)),
        array(3, 4),
        array(1, 1),
    ),
    "interp at a corner": (lambda x: np.interp(x, [0.0, 1.0, 2.0], [0.0, 1.0, 5.0]), 1.0, 4.0),
    "astype(int)": (lambda x: np.sum(x * x.astype(int)), array(1.5, 2.5), array(1, 2)),
}


@pytest.mark.parametrize("name", GRADIENTS)
def test_gradient(name):
    f, x, expected = GRADIENTS[name]
    np.testing.assert_allclose(ad.grad(f)(x), expected, rtol=1e-14, atol=1e-14)
    _, y_dot = ad.jvp(f, (x,), (np.ones(np.shape(x))[()],))
    np.testing.assert_allclose(y_dot, np.sum(expected), rtol=1e-14, atol=1e-14)


INFINITE = {"sqrt": np.sqrt, "cbrt": np.cbrt, "x**0.5": lambda x: x**0.5, "log": np.log}


@pytest.mark.parametrize("name", INFINITE)
def test_an_infinite_slope_warns(name):
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        assert ad.grad(INFINITE[name])(0.0) == inf
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        assert np.all(ad.grad(lambda x: np.sum(INFINITE[name](x)))(np.zeros(2)) == inf)


def test_arctan2_at_the_origin_is_nan():
    with pytest.warns(RuntimeWarning, match="invalid value"):
        assert np.isnan(ad.grad(lambda y: np.arctan2(y, 0.0))(0.0))


@pytest.mark.parametrize("x", [0.0, 1e-9, 1e-4, 0.3, 1.99, 2.01, 7.5])
def test_second_derivative_of_sinc(x):
    mpmath = pytest.importorskip("mpmath")
    with mpmath.workdps(50):
        for order in (1, 2, 3):
            expected = mpmath.diff(lambda t: mpmath.sinc(mpmath.pi * t), mpmath.mpf(x), order)
            assert sinc_slope(x, order=order) == pytest.approx(float(expected), abs=3e-14)
    assert ad.grad(ad.grad(np.sinc))(x) == sinc_slope(x, order=2)


@pytest.mark.parametrize("x", [array(2, 0, 5, 3), array(0, 0, 5, 3), array(1, 2, 3)], ids=str)
def test_hessian_of_a_product_with_zeros(x):
    np.testing.assert_allclose(hessian(np.prod)(x), jax.hessian(jnp.prod)(x), atol=1e-14)


def test_kinks_have_second_derivative_zero():
    for kink in (np.abs, lambda x: np.maximum(x, 0.0), lambda x: np.clip(x, 0.0, 1.0)):
        assert ad.grad(ad.grad(kink))(0.0) == 0.0


@pytest.mark.parametrize(
    ("length", "x"),
    [
        (np.std, np.ones(3)),
        (np.linalg.norm, np.zeros(2)),
        (lambda x: np.hypot(x[0], x[1]), np.zeros(2)),
    ],
)
def test_the_tip_of_a_cone_has_infinite_curvature(length, x):
    """Where the slope of a length is 0 by convention, its second derivative is not a number."""
    assert not np.any(ad.grad(length)(x))
    with pytest.warns(RuntimeWarning):
        assert not np.any(np.isfinite(hessian(length)(x)))


EMPTY = {
    "sum": np.sum,
    "prod": np.prod,
    "cumsum": lambda x: np.sum(np.cumsum(x)),
    "cumprod": lambda x: np.sum(np.cumprod(x)),
    "sort": lambda x: np.sum(np.sort(x)),
    "roll": lambda x: np.sum(np.roll(x, 1)),
    "pad": lambda x: np.sum(np.pad(x, 2)),
    "ravel": lambda x: np.sum(np.ravel(x)),
    "split": lambda x: sum(np.sum(part) for part in np.array_split(x, 2)),
    "concatenate": lambda x: np.sum(np.concatenate([x, np.ones(2)])),
    "diff": lambda x: np.sum(np.diff(x)),
    "einsum": lambda x: np.einsum("i,i->", x, x),
    "insert": lambda x: np.sum(np.insert(x, 0, 1.0)),
    "repeat": lambda x: np.sum(np.repeat(x, 3)),
    "outer": lambda x: np.sum(np.outer(x, x)),
    "dot": lambda x: np.dot(x, x),
    "mask": lambda x: np.sum(x[x > 0]),
}


@pytest.mark.parametrize("name", EMPTY)
def test_empty_arrays(name):
    f, x = EMPTY[name], np.zeros(0)
    value, gradient = ad.value_and_grad(f)(x)
    assert value == f(x)
    assert gradient.shape == (0,)
    assert ad.jvp(f, (x,), (x,)) == (f(x), 0.0)


def test_an_empty_maximum_is_an_error_as_in_numpy():
    with pytest.raises(ValueError, match="zero-size array"):
        ad.grad(np.max)(np.zeros(0))
