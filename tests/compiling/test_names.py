"""No name in a program means two things, and everything that a program needs has a name."""

import collections
import dataclasses
import enum
import math

import numpy as np
import pytest
import scipy.special

import adcourse as ad

X = np.array([1.0, 2.0, 3.0])
LONG = np.arange(20.0)


def agree(f, *args):
    compiled = ad.compile(f, *args)
    np.testing.assert_array_equal(compiled(*args), f(*args))
    return compiled.source


def test_arguments_named_like_what_a_program_needs():
    agree(lambda x, k1: x * 2.0 * x + k1, X, X)
    agree(lambda x, c1: x * LONG + c1, LONG, X[0])
    agree(lambda v1, v2: np.sin(v1 * v2) * v1, X, X)
    assert ad.compile(lambda math: np.sin(math))(2.0) == math.sin(2.0)
    assert ad.compile(lambda float: np.floor(float) * 2)(2.5) == 4.0
    f = lambda np: 2.0 / np
    assert "def f(np_):" in ad.compile(f, 2.0).source
    gradient = ad.grad(lambda share: np.maximum(share, 2.0) * share)
    assert ad.compile(gradient)(2.0) == gradient(2.0)


def test_functions_named_like_rows():
    def inverse(x):
        return np.hypot(x[0], x[1])

    gradient = ad.grad(inverse)
    gradient.__name__ = "inverse"  # a row of the package, which this program calls
    np.testing.assert_allclose(ad.compile(gradient)(X), gradient(X), rtol=1e-15)


def times(c):
    def scaled(x):
        return c * x

    return ad.primitive(scaled, lambda: c)


def test_rows_of_the_same_name_are_told_apart():
    two, three = times(2.0), times(3.0)
    assert ad.compile(lambda x: two(x) + 10 * three(x))(1.0) == 32.0
    assert ad.compile(ad.grad(lambda x: two(x) * three(x)))(1.0) == 12.0


def test_rules_of_lambdas():
    reverse = ad.custom_vjp(lambda x: x)
    reverse.defvjp(lambda x: (x, None), lambda kept, y_bar: (-y_bar,))
    f = lambda x: np.sum(reverse(x) ** 2)
    agree(f, X)
    np.testing.assert_array_equal(ad.compile(ad.grad(f))(X), -2 * X)


def test_functions_of_scipy_small_and_large():
    for x in (0.3, X, np.linspace(0.0, 1.0, 5000)):
        agree(lambda x: np.sum(scipy.special.erf(x * 2)), x)
        gradient = ad.grad(lambda x: np.sum(scipy.special.erf(x * 2)))
        np.testing.assert_allclose(ad.compile(gradient)(x), gradient(x), rtol=1e-14)


Point = collections.namedtuple("Point", "x y")


@dataclasses.dataclass
class Segment:
    start: object
    end: object


class Colour(enum.Enum):
    RED = 1


@pytest.mark.parametrize(
    ("f", "p"),
    [
        (lambda p: Point(p.x * 2, p.y), Point(1.0, 2.0)),
        (lambda p: Segment(p.end, (p.start, None)), Segment(1.0, [2.0])),
        (lambda p: collections.OrderedDict(b=p, a=2 * p), 1.0),
        (lambda p: p, collections.defaultdict(list, a=1.0)),
        (lambda p: {Colour.RED: p[Colour.RED] * 2}, {Colour.RED: 3.0}),
        (lambda p: {("a", 1): p[math.inf]}, {math.inf: 3.0}),
        (lambda p: [p[0][1], {}, (), None, (p[1],)], ((1.0, 2.0), 3.0)),
    ],
)
def test_nested_arguments_and_results(f, p):
    compiled = ad.compile(f, p)
    for _ in range(2):
        result = compiled(p)
        assert result == f(p)
        assert type(result) is type(f(p))


@pytest.mark.parametrize(
    "index",
    [
        np.array([0, 2, 2]),
        np.array([1]),
        np.array(2),
        np.array([], dtype=int),
        np.array([True, False, True]),
        np.zeros(3, bool),
        [0, 1, 1],
        (),
        (None, 1),
        (Ellipsis, slice(None, None, -1)),
        np.int64(1),
        slice(np.int64(1), None),
    ],
    ids=repr,
)
def test_every_kind_of_index(index):
    agree(lambda x: x[index] * 2.0, X)
    agree(ad.grad(lambda x: np.sum(x[index] ** 2)), X)


@pytest.mark.parametrize("dtype", [np.float32, float, "float32", np.dtype("f4"), int, bool])
def test_types_as_options(dtype):
    compiled = ad.compile(lambda x: x.astype(dtype), X)
    assert compiled(X).dtype == X.astype(dtype).dtype


NUMBERS = [np.float64(2), np.int64(2), np.float32(2), np.longdouble(2), np.array(2.0), 2.0, 2]


@pytest.mark.parametrize("x", [X, X.astype(np.float32)], ids=["double", "single"])
@pytest.mark.parametrize("c", NUMBERS, ids=lambda c: type(c).__name__)
def test_numpy_numbers_keep_their_type(c, x):
    product, same = ad.compile(lambda x: (x * c, c), x)(x)
    assert product.dtype == (x * c).dtype and type(same) is type(c)
    np.testing.assert_array_equal(product, x * c)


def test_digits_of_long_doubles():
    third = np.longdouble(1) / 3
    agree(lambda x: x * third, X.astype(np.longdouble))


def test_arguments_without_arrays_have_a_place():
    f = lambda x, options, y: x + y if options is None else x * y
    g = ad.compile(f)
    for options in (None, (), {}, [None], None, ()):
        assert g(2.0, options, 5.0) == f(2.0, options, 5.0)
