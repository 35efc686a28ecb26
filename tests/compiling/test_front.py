"""Which program runs: arguments of all kinds, many callers, and what a compiled function is."""

import copy
import inspect
import pickle
import threading
from collections import OrderedDict, namedtuple
from dataclasses import dataclass

import numpy as np
import pytest

import adcourse as ad

Pair = namedtuple("Pair", "x y")


@dataclass
class Box:
    x: object
    y: object


def programs(compiled):
    return sum(map(len, compiled.programs.values()))


def doubled(x):
    return 2 * x


def test_numbers_and_arrays_each_get_their_own_program():
    g = ad.compile(doubled)
    points = [2.0, np.float64(2), np.float32(2), np.array(2.0), np.ones(1), np.ones((1, 1))]
    points += [np.ones(1, np.float32), np.ones(1, np.float16), np.ones(1, np.longdouble)]
    points += [np.ones(1, ">f8")]
    for _ in range(2):
        for x in points:
            got, expected = g(x), doubled(x)
            assert type(got) is type(expected) and np.array_equal(got, expected)
            assert getattr(got, "dtype", None) == getattr(expected, "dtype", None)
    assert programs(g) == len(points)
    assert g(3) == 6.0 and type(g(3)) is float  # a point is made of floats
    assert programs(g) == len(points)


def test_layouts_share_a_program():
    g = ad.compile(lambda x: np.sum(np.sin(x) * x.T @ x, axis=0))
    x = np.random.default_rng(0).normal(size=(4, 4))
    wide = np.zeros((8, 8))
    wide[::2, ::2] = x
    read_only = x.copy()
    read_only.flags.writeable = False
    for same in (x, np.asfortranarray(x), wide[::2, ::2], x[::-1][::-1], read_only):
        np.testing.assert_allclose(g(same), g.f(x), rtol=1e-13)
    assert programs(g) == 1


@pytest.mark.parametrize(
    ("f", "nests"),
    [
        (lambda p: p, [(1.0, 2.0), [1.0, 2.0], Pair(1.0, 2.0), Box(1.0, 2.0), ((1.0,), 2.0)]),
        (lambda p: p, [{"a": 1.0, "b": 2.0}, {"b": 1.0, "a": 2.0}, OrderedDict(a=1.0, b=2.0)]),
        (lambda p: 1.0 if p is None else 2.0 if p == () else 3.0, [None, (), [], {}]),
        (lambda p: sum(p.values()) * 1.0, [{"a": 1.0}, {}, {"a": 1.0, 2: 3.0}, {(1, 2): 4.0}]),
        (len, [[1.0], [1.0, 2.0], (1.0,), [np.ones(3)], [[1.0]]]),
    ],
)
def test_each_nesting_gets_its_own_program(f, nests):
    g = ad.compile(f)
    for _ in range(2):
        for nest in nests:
            result = g(nest)
            assert result == f(nest) and type(result) is type(f(nest))
    assert programs(g) == len(nests)


def test_a_nest_may_be_changed_afterwards():
    g = ad.compile(lambda p: sum(np.sum(x) for x in p))
    p = [np.ones(2)]
    assert g(p) == 2.0
    p.append(np.ones(2))
    assert [g(p), g(p), g(p[:1])] == [4.0, 4.0, 2.0]


def test_no_arguments_many_arguments_and_wrong_ones():
    assert ad.compile(lambda: 3.0)() == 3.0
    total = ad.compile(lambda *xs: sum(xs))
    assert [total(*[1.0] * n) for n in (3, 0, 1, 3, 0)] == [3.0, 0, 1.0, 3.0, 0]
    assert programs(total) == 3
    g = ad.compile(doubled, 1.0)
    for wrong in ((), (1.0, 2.0)):
        with pytest.raises(TypeError, match="positional argument"):
            g(*wrong)
    assert g(1.0) == 2.0


def test_what_is_no_point_is_refused_also_when_a_program_is_there():
    g = ad.compile(lambda x: x * x)
    assert np.array_equal(g(np.array([1.0, 2.0])), [1.0, 4.0]) and g(2.0) == 4.0
    for wrong in (
        np.array([1, 2]), np.array([True, False]), np.array([1j, 2]), True, "ab", 1j,
        np.ma.masked_array([1.0, 2.0], [True, False]), np.array([1.0, None]),
    ):  # fmt: skip
        with pytest.raises(ad.NotReal):
            g(wrong)
    square = np.ones((2, 2))
    assert np.array_equal(g(square), square)
    with pytest.raises(ad.NotReal, match=r"np\.matrix"):
        g(square.view(np.matrix))


def test_exceptions_of_the_function_come_through():
    def f(x):
        if x > 1:
            raise RuntimeError("too large")
        return x

    g = ad.compile(f)
    for _ in range(2):
        assert g(0.5) == 0.5
        with pytest.raises(RuntimeError, match="too large"):
            g(2.0)
    singular = ad.compile(lambda A, x: np.linalg.inv(A) * x, np.eye(2), 2.0)
    with pytest.raises(np.linalg.LinAlgError):
        singular(np.zeros((2, 2)), 2.0)


def test_compiled_functions_can_be_transformed():
    f = lambda x: np.sin(x) * x
    g = ad.compile(f, 1.0)
    assert ad.grad(g)(2.0) == ad.grad(f)(2.0)
    assert ad.hessian(g)(2.0) == ad.hessian(f)(2.0)
    assert np.array_equal(ad.vmap(g)(np.arange(3.0)), f(np.arange(3.0)))
    assert ad.trace(g, 2.0).source() == ad.trace(f, 2.0).source()


def test_a_traced_value_from_outside():
    """Compiled inside another function, whose variable it closes over."""

    def outer(a):
        inner = ad.compile(lambda x: a * x * a)
        return inner(2.0) * inner(3.0)

    returned = lambda a: ad.compile(lambda x: (x, a))(2.0)[1] * a
    assert ad.grad(returned)(3.0) == 6.0
    assert ad.grad(outer)(2.0) == 24 * 2.0**3
    assert ad.hessian(outer)(2.0) == 72 * 2.0**2
    assert ad.compile(ad.grad(outer))(2.0) == 24 * 2.0**3


def test_compiled_twice():
    g = ad.compile(doubled, 2.0)
    h = ad.compile(g)
    assert h(3.0) == 6.0 and h.programs is not g.programs and programs(h) == 1


def test_recursion():
    factorial = ad.compile(lambda n: n if n < 1.5 else n * factorial(n - 1.0))
    assert [factorial(n) for n in (5.0, 4.0, 5.0, 1.0)] == [120.0, 24.0, 120.0, 1.0]


def test_threads_that_call_at_once():
    start = threading.Barrier(8)

    def f(x):
        return np.sum(x * x)

    g, found = ad.compile(f), []

    def call(n):
        start.wait()
        for m in range(20):
            size = 1 + (n + m) % 4
            found.append((size, g(np.ones(size))))

    threads = [threading.Thread(target=call, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 160 and all(size == result for size, result in found)
    assert programs(g) == 4


@ad.compile
def decorated(x):
    """Twice x."""
    return 2 * x


by_name = ad.compile(doubled)


def test_it_looks_like_the_function():
    assert decorated.__name__ == "decorated" and decorated.__doc__ == "Twice x."
    assert str(inspect.signature(decorated)) == "(x)"
    assert decorated.source == "" or "def decorated(x):" in decorated.source


def test_pickled_and_copied():
    for g in (decorated, by_name):
        assert g(2.0) == 4.0
        for other in (pickle.loads(pickle.dumps(g)), copy.copy(g), copy.deepcopy(g)):
            assert other(3.0) == 6.0


def test_methods():
    class Model:
        def __init__(self):
            self.w = np.array([1.0, 2.0])
            self.loss = ad.compile(self.square)

        def square(self, x):
            return np.sum((self.w * x) ** 2)

    model = Model()
    x = np.array([3.0, 4.0])
    assert model.loss(x) == model.square(x)
    assert np.array_equal(ad.compile(ad.grad(model.square))(x), ad.grad(model.square)(x))
