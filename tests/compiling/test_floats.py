"""Python's floats in compiled programs: NumPy's results and no error that NumPy does not raise."""

import warnings

import numpy as np
import pytest

import adcourse as ad

POINTS = [
    0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -8.0, 1 / 3, 1e3, -1e3, 710.0, -750.0, 1e16, 1e308, -1e308,
    1e-320, np.inf, -np.inf, np.nan,
]  # fmt: skip
ONE = [
    np.sin, np.cos, np.tan, np.sqrt, np.exp, np.log, np.tanh, np.sinh, np.cosh, np.arctan,
    np.arcsin, np.arccos, np.log1p, np.expm1, np.log2, np.log10, np.arcsinh, np.arccosh,
    np.arctanh, np.absolute, np.fabs, np.negative, np.square, np.reciprocal, np.sign, np.floor,
    np.exp2, np.cbrt, np.rint,
]  # fmt: skip
TWO = [
    np.add, np.subtract, np.multiply, np.divide, np.power, np.arctan2, np.hypot, np.maximum,
    np.minimum, np.remainder, np.floor_divide, np.logaddexp,
]  # fmt: skip
ULPS = 8  # math and NumPy round exp, tan, pow and others differently


def same_number(got, expected):
    """Whether two floats are equal to the last few digits; zeros and infinities exactly."""
    assert type(got) is float
    if np.isnan(expected):
        return np.isnan(got)
    if expected == 0 or np.isinf(expected):
        return got == expected and np.signbit(got) == np.signbit(expected)
    return abs(got - expected) <= ULPS * np.spacing(abs(expected))


def is_root(function, x, y):
    """(-0.0) ** 0.5 or (-inf) ** 0.5, of which NumPy 2.4 makes a root: -0.0 and nan.

    Programs have 0.0 and inf, as C's pow and earlier versions of NumPy.
    """
    return function is np.power and y == 0.5 and x in (0.0, -np.inf)


@pytest.fixture(autouse=True)
def quietly():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        yield


@pytest.mark.parametrize("function", ONE, ids=lambda f: f.__name__)
def test_functions_of_one_float(function):
    compiled = ad.compile(lambda x: function(x), 0.5)
    for x in POINTS:
        assert same_number(compiled(x), function(np.float64(x))), x


@pytest.mark.parametrize("function", TWO, ids=lambda f: f.__name__)
def test_functions_of_two_floats(function):
    compiled = ad.compile(lambda x, y: function(x, y), 0.5, 0.7)
    for x in POINTS:
        for y in POINTS:
            if not is_root(function, x, y):
                assert same_number(compiled(x, y), function(np.float64(x), np.float64(y))), (x, y)


@pytest.mark.parametrize("c", [2, 3, -1, 0, 0.5, 2.0, -2.0])
@pytest.mark.parametrize("function", TWO, ids=lambda f: f.__name__)
def test_functions_of_a_float_and_a_constant(function, c):
    left = ad.compile(lambda x: function(x, c), 0.5)
    right = ad.compile(lambda x: function(c, x), 0.5)
    for x in POINTS:
        if not is_root(function, x, c):
            assert same_number(left(x), function(np.float64(x), c)), x
        assert same_number(right(x), function(c, np.float64(x))), x


def test_derivatives_where_python_raises():
    quotient = lambda x, y: x / y + y ** (1 / 3) + np.log(y)
    gradient = ad.value_and_grad(quotient, argnums=(0, 1))
    compiled = ad.compile(gradient, 2.0, 3.0)
    for point in ((1.0, 0.0), (0.0, 0.0), (1.0, -8.0), (np.inf, 1.0), (1e308, 1e-308)):
        for got, expected in zip(compiled(*point)[1], gradient(*point)[1], strict=True):
            assert same_number(got, expected)


def test_numpy_warns_as_ever():
    warnings.simplefilter("error")
    compiled = ad.compile(lambda x: np.log(x), 1.0)
    with pytest.raises(RuntimeWarning, match="divide by zero"):
        compiled(0.0)


def test_another_branch_after_an_error():
    def f(x):
        y = np.log(x)
        return y if x > 0 else 0.0 * x + 5.0

    compiled = ad.compile(f, 2.0)
    assert [compiled(x) for x in (-1.0, 2.0, -3.0)] == [5.0, np.log(2.0), 5.0]


def test_results_after_an_error_share_no_memory_and_keep_their_precision():
    x = np.ones((2, 3), np.float32)
    compiled = ad.compile(lambda x, s: (x.T, x * np.log(s), x), x, 2.0)
    turned, product, same = compiled(x, 0.0)
    assert not any(np.shares_memory(a, b) for a, b in [(turned, x), (same, x), (turned, same)])
    assert product.dtype == np.float32 and np.all(product == -np.inf)


@pytest.mark.parametrize(
    "f",
    [
        lambda x: np.float64(1.0) / (x - 2.0),
        lambda x: 1.0 / ((x > 3.0) * x),
        lambda x: 1.0 / (np.where(x > 3.0, x, 0.0) * 1.0),
        lambda x: 1.0 / (np.array(0.0) * x),
        lambda x: 1.0 / np.sum(np.array([0.0, 0.0]) * x),
        lambda x: (x > 1.0) + (x > 0.0) + x,
        lambda x: np.float64(2) ** (x * 1000),
    ],
)
def test_numpy_numbers_stay_numpy_numbers(f):
    gradient = ad.value_and_grad(lambda x: f(x) * x)
    value, slope = gradient(2.0)
    compiled = ad.compile(gradient, 5.0)
    np.testing.assert_allclose(compiled(2.0), (value, slope), rtol=1e-14)


def test_comparisons_as_results():
    compiled = ad.compile(lambda x: (x > 1.0, x == 2.0, x * 1.0), 2.0)
    assert compiled(2.0) == (True, True, 2.0) and compiled(0.5) == (False, False, 0.5)
