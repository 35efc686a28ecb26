"""grad, vjp and jvp against closed forms, the complex step, JAX, and each other."""

import gc
import threading
import tracemalloc
import weakref
from collections import OrderedDict, defaultdict, namedtuple
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import adcourse as ad

jax.config.update("jax_enable_x64", True)


def L(w1, w2):
    v = w2 * np.log(w1)
    return v + np.sqrt(v)


def test_the_example_of_the_lectures():
    w1, w2 = 2.0, 3.0
    log = np.log(w1)
    root = 2 * np.sqrt(w2 * log)
    exact = (w2 / w1 * (1 + 1 / root), log * (1 + 1 / root))
    assert ad.grad(L, argnums=(0, 1))(w1, w2) == pytest.approx(exact, rel=1e-15)
    y, slope = ad.jvp(L, (w1, w2), (1.0, 0.0))
    assert (y, slope) == (pytest.approx(L(w1, w2)), pytest.approx(exact[0], rel=1e-15))


@pytest.mark.parametrize("order", range(5))
def test_derivatives_of_any_order(order):
    f = np.sin
    for _ in range(order):
        f = ad.grad(f)
    exact = [np.sin, np.cos, lambda x: -np.sin(x), lambda x: -np.cos(x), np.sin][order]
    assert f(0.7) == pytest.approx(exact(0.7), rel=1e-14)


def push(f):
    return lambda x: ad.jvp(f, (x,), (1.0,))[1]


@pytest.mark.parametrize("outer", [ad.grad, push])
@pytest.mark.parametrize("middle", [ad.grad, push])
@pytest.mark.parametrize("inner", [ad.grad, push])
def test_every_nesting_to_third_order(outer, middle, inner):
    f = lambda x: np.tanh(x) * np.exp(x) / (1 + x**2)
    expected = jax.grad(jax.grad(jax.grad(lambda x: jnp.tanh(x) * jnp.exp(x) / (1 + x**2))))(0.4)
    assert outer(middle(inner(f)))(0.4) == pytest.approx(float(expected), rel=1e-12)


def test_perturbations_are_not_confused():
    # d/dx [x · d/dy (x y)] = d/dx x² = 2x; confusing the two perturbations gives another number
    for inner in (ad.grad, push):
        for outer in (ad.grad, push):
            assert outer(lambda x, d=inner: x * d(lambda y: x * y)(2.0))(3.0) == 6.0


def test_inner_derivative_of_a_function_of_the_outer_variable_only():
    assert ad.grad(lambda x: ad.grad(lambda y: x * x)(1.0) + x)(3.0) == 1.0


def network(params, x):
    for W, b in params:
        x = np.tanh(x @ W + b)
    return np.mean(x**2) + np.sum(np.maximum(x, 0.1)) / np.sqrt(2.0)


def jax_network(params, x):
    for W, b in params:
        x = jnp.tanh(x @ W + b)
    return jnp.mean(x**2) + jnp.sum(jnp.maximum(x, 0.1)) / jnp.sqrt(2.0)


def test_a_network_with_nested_parameters_agrees_with_jax():
    rng = np.random.default_rng(1)
    params = [
        (rng.normal(size=(4, 5)), rng.normal(size=5)),
        (rng.normal(size=(5, 2)), rng.normal(size=2)),
    ]
    x = rng.normal(size=(3, 4))
    ours, theirs = ad.grad(network)(params, x), jax.grad(jax_network)(params, x)
    for mine, other in zip(sum(ours, ()), sum(theirs, ()), strict=True):
        np.testing.assert_allclose(mine, other, rtol=1e-12)


def test_hessian_vector_product_agrees_with_jax():
    rng = np.random.default_rng(2)
    A, x, v = rng.normal(size=(3, 3)), rng.normal(size=3), rng.normal(size=3)

    def f(x, np=np):
        return np.sum(np.sin(A @ x) * x) + np.exp(x[0] * x[1]) / (1 + x @ x)

    expected = jax.hessian(lambda x: f(x, jnp))(x) @ v
    reverse_reverse = ad.grad(lambda x: ad.grad(f)(x) @ v)(x)
    forward_reverse = ad.jvp(ad.grad(f), (x,), (v,))[1]
    reverse_forward = ad.grad(lambda x: ad.jvp(f, (x,), (v,))[1])(x)
    for ours in (reverse_reverse, forward_reverse, reverse_forward):
        np.testing.assert_allclose(ours, expected, rtol=1e-11)


@dataclass
class Model:
    weight: np.ndarray
    bias: float


Pair = namedtuple("Pair", "first second")


@pytest.mark.parametrize(
    "point",
    [
        Model(np.array([1.0, 2.0]), 0.5),
        Pair(np.array([1.0, 2.0]), 0.5),
        {"a": np.array([1.0, 2.0]), "b": (0.5, None)},
        OrderedDict(a=np.array([1.0, 2.0]), b=[0.5]),
        defaultdict(list, a=np.array([1.0, 2.0]), b=0.5),
        [np.array([1.0, 2.0]), ((0.5,),)],
    ],
    ids=lambda p: type(p).__name__,
)
def test_containers_come_back_as_they_were(point):
    from adcourse.core.tree import flatten

    gradient = ad.grad(lambda p: np.sum(flatten(p)[0][0] ** 2) * flatten(p)[0][1])(point)
    assert type(gradient) is type(point)
    a, b = flatten(gradient)[0]
    np.testing.assert_array_equal(a, [1.0, 2.0])
    assert b == 5.0


def test_argnums_keywords_and_aux():
    f = lambda x, y, scale=1.0: (scale * x * y, {"product": x * y})
    gradient, aux = ad.grad(f, argnums=(1, 0), has_aux=True)(2.0, 3.0, scale=10.0)
    assert gradient == (20.0, 30.0)
    assert aux == {"product": 6.0}
    assert type(aux["product"]) is float
    (value, _), slope = ad.value_and_grad(f, argnums=-1, has_aux=True)(2.0, 3.0)
    assert (value, slope) == (6.0, 2.0)
    y, pullback, aux = ad.vjp(f, 2.0, 3.0, has_aux=True)
    assert (y, pullback(1.0), aux["product"]) == (6.0, (3.0, 2.0), 6.0)
    assert ad.jvp(f, (2.0, 3.0), (1.0, 0.0), has_aux=True) == (6.0, 3.0, {"product": 6.0})


def test_outputs_may_be_nested():
    f = lambda x: {"sin": np.sin(x), "pair": (x * x, 1.0)}
    y, y_dot = ad.jvp(f, (2.0,), (1.0,))
    assert y_dot == {"sin": pytest.approx(np.cos(2.0)), "pair": (4.0, 0.0)}
    y, pullback = ad.vjp(f, 2.0)
    assert pullback({"sin": 0.0, "pair": (1.0, 5.0)}) == (4.0,)


def test_no_dependence_gives_zeros():
    np.testing.assert_array_equal(ad.grad(lambda x: 3.0)(np.ones(2)), [0.0, 0.0])
    assert ad.jvp(lambda x: 3.0, (1.0,), (1.0,)) == (3.0, 0.0)
    assert ad.grad(lambda x, y: x, argnums=1)(1.0, 2.0) == 0.0


def test_the_identity():
    assert ad.grad(lambda x: x)(3.0) == 1.0
    assert type(ad.grad(lambda x: x)(3.0)) is float
    assert ad.grad(lambda x: x + 1.0)(3.0) == 1.0


def test_a_value_used_many_times_collects_every_contribution():
    assert ad.grad(lambda x: x * x * x + x + x)(2.0) == 14.0


@pytest.mark.parametrize(
    "f, x, expected",
    [
        (np.abs, 0.0, 0.0),
        (lambda x: np.maximum(x, 0.0), 0.0, 0.5),
        (lambda x: np.minimum(x, 0.0), 0.0, 0.5),
        (lambda x: np.maximum(x, x), 1.0, 1.0),
        (lambda x: x**0, 0.0, 0.0),
        (lambda x: x**0.0, 0.0, 0.0),
        (lambda x: x**1, 0.0, 1.0),
        (lambda x: x**2, 0.0, 0.0),
        (lambda x: x**3, -2.0, 12.0),
        (lambda x: x**3.0, -2.0, 12.0),
        (lambda x: x**-2, 2.0, -0.25),
        (ad.grad(lambda x: x**1.0), 0.0, 0.0),
        (lambda y: 0.0**y, 2.0, 0.0),
        (lambda x: np.sum(x ** np.array([0.0, 1.0, 2.0])), 0.0, 1.0),
        (lambda x: np.where(x > 0, 1.0 / x, 0.0), 2.0, -0.25),
    ],
)
def test_edges(f, x, expected):
    assert ad.grad(f)(x) == expected
    assert ad.jvp(f, (x,), (1.0,))[1] == expected
    as_array = np.array(x)
    assert ad.grad(f)(as_array) == expected


def test_infinite_slopes_are_infinite_and_warn():
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        assert ad.grad(np.sqrt)(0.0) == np.inf
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        assert ad.grad(np.log)(0.0) == np.inf
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        assert ad.grad(lambda x: 1.0 / x)(0.0) == -np.inf


def test_a_masked_branch_does_not_leak_when_it_is_made_safe():
    safe = lambda x: np.where(x > 0, np.sqrt(np.where(x > 0, x, 1.0)), 0.0)
    np.testing.assert_array_equal(
        ad.grad(lambda x: np.sum(safe(x)))(np.array([-1.0, 4.0])), [0.0, 0.25]
    )


def test_float32_stays_float32():
    x = np.ones(3, np.float32)
    gradient = ad.grad(lambda x: np.sum(np.tanh(x * 2.0) ** 2) / 3)(x)
    assert gradient.dtype == np.float32
    assert ad.grad(lambda x: x * 2.0)(np.float32(1)).dtype == np.float32
    y, y_dot = ad.jvp(np.sin, (x,), (np.ones(3),))
    assert y.dtype == y_dot.dtype == np.float32


def test_second_derivatives_stay_float32():
    x = np.ones(3, np.float32)
    f = lambda x: np.sum(np.sin(x) ** 3)
    assert ad.jvp(ad.grad(f), (x,), (x,))[1].dtype == np.float32
    assert ad.grad(lambda x: np.sum(ad.grad(f)(x)))(x).dtype == np.float32


def test_scalars_keep_their_kind():
    assert type(ad.grad(np.sin)(1.0)) is float
    assert type(ad.grad(np.sin)(1)) is float
    assert type(ad.grad(np.sin)(np.float64(1))) is np.float64
    assert ad.grad(np.sin)(np.array(1.0)).shape == ()
    value, slope = ad.value_and_grad(lambda x: np.exp(np.sin(x)))(1.0)
    assert type(value) is type(slope) is float


def test_empty_and_strided_arrays():
    assert ad.grad(lambda x: np.sum(x**2))(np.zeros((0, 3))).shape == (0, 3)
    x = np.arange(12.0).reshape(3, 4)[::2, ::-1]
    np.testing.assert_array_equal(ad.grad(lambda x: np.sum(x**2))(x), 2 * x)


def test_array_on_the_left_and_scalar_on_the_left():
    a = np.array([1.0, 2.0])
    x = np.array([3.0, 5.0])
    for f, expected in [
        (lambda x: a * x, a),
        (lambda x: a - x, -np.ones(2)),
        (lambda x: a / x, -a / x**2),
        (lambda x: 2.0**x, np.log(2.0) * 2.0**x),
        (lambda x: np.float64(2.0) * x, 2 * np.ones(2)),
        (lambda x: 1 - x, -np.ones(2)),
        (lambda x: -x + +x * 2, np.ones(2)),
        (lambda x: abs(-x), np.ones(2)),
    ]:
        np.testing.assert_allclose(ad.grad(lambda x, f=f: np.sum(f(x)))(x), expected, rtol=1e-15)
        np.testing.assert_allclose(ad.jvp(f, (x,), (np.ones(2),))[1], expected, rtol=1e-15)
    assert ad.grad(lambda x: a @ x)(x) is not a


def test_rebinding_operators_are_fine():
    def f(x):
        y = x
        y += 1.0
        y *= x
        return y

    assert ad.grad(f)(3.0) == 7.0


def test_gradients_share_no_memory():
    y = np.ones(2)
    gx, gy = ad.grad(lambda x, y: np.sum(x + y), argnums=(0, 1))(np.ones(2), y)
    gx[0] = 5.0
    assert gy[0] == 1.0
    g = ad.grad(lambda x: x @ y)(np.ones(2))
    g[0] = 7.0
    assert y[0] == 1.0
    bar = np.ones(2)
    _, pullback = ad.vjp(lambda x: x, np.ones(2))
    (x_bar,) = pullback(bar)
    x_bar[0] = 9.0
    assert bar[0] == 1.0


def test_loops_branches_recursion_generators():
    def power(x, n):
        return x if n == 1 else x * power(x, n - 1)

    assert ad.grad(lambda x: power(x, 5))(2.0) == 80.0
    assert ad.grad(lambda x: sum(x**k for k in range(4)))(2.0) == 17.0
    branch = lambda x: x * x if x > 0 else -x
    assert [ad.grad(branch)(x) for x in (3.0, -3.0)] == [6.0, -1.0]

    def newton(a):
        x = a
        while abs(x * x - a) > 1e-12:
            x = 0.5 * (x + a / x)
        return x

    assert ad.grad(newton)(2.0) == pytest.approx(0.5 / np.sqrt(2.0), rel=1e-9)


def chain(x, n):
    for _ in range(n // 2):
        x = np.sin(x) * 1.0001
    return x


def test_a_chain_of_100_000_operations_needs_no_recursion():
    n = 100_000
    slope = ad.grad(lambda x: chain(x, n))(0.5)
    assert slope == pytest.approx(ad.jvp(lambda x: chain(x, n), (0.5,), (1.0,))[1], rel=1e-9)
    y, pullback = ad.vjp(lambda x: chain(x, n), 0.5)
    assert pullback(1.0)[0] == pytest.approx(slope, rel=1e-9)
    del pullback
    graph = ad.trace(lambda x: chain(x, n), 0.5)
    assert len(graph.nodes) == n
    assert graph(0.5) == y
    del graph
    x = np.full(1, 0.5)
    assert ad.grad(lambda x: chain(x, n)[0])(x)[0] == pytest.approx(slope, rel=1e-9)


def test_second_order_of_a_long_chain():
    n = 20_000
    f = lambda x: chain(x, n)
    assert ad.grad(ad.grad(f))(0.5) == pytest.approx(
        ad.jvp(ad.grad(f), (0.5,), (1.0,))[1], rel=1e-8
    )


def test_a_tape_is_freed_with_its_pullback_without_the_garbage_collector():
    class Watched(np.ndarray):
        pass

    gc.disable()
    try:
        held = [np.ones(2000).view(Watched)]
        ghost = weakref.ref(held[0])
        y, pullback = ad.vjp(lambda x: np.sum(np.sin(x * held[0])), np.ones(2000))
        held.clear()
        assert ghost() is not None
        del pullback
        assert ghost() is None
    finally:
        gc.enable()


def test_forward_mode_stores_nothing():
    def peak(n):
        tracemalloc.start()
        ad.jvp(lambda x: chain(x, n), (0.5,), (1.0,))
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return size

    peak(100)
    assert peak(20_000) < 2 * peak(200)


def test_reverse_mode_keeps_outputs_only_once():
    # each of 50 layers tanh(x W) must keep its output and nothing more: 50 · 8 kB
    W = np.random.default_rng(0).normal(size=(10, 10)) / 10
    x = np.ones((100, 10))

    def f(x):
        for _ in range(50):
            x = np.tanh(x @ W)
        return np.sum(x)

    ad.grad(f)(x)
    tracemalloc.start()
    ad.grad(f)(x)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1.5 * 50 * x.nbytes


def test_threads_do_not_meet():
    results = {}

    def work(k):
        results[k] = [ad.grad(ad.grad(lambda x: x**3 * k))(float(i)) for i in range(200)]

    threads = [threading.Thread(target=work, args=(k,)) for k in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(results[k] == [6.0 * k * i for i in range(200)] for k in range(8))


def test_a_pullback_may_be_called_many_times_and_gives_rows_of_the_jacobian():
    A = np.arange(6.0).reshape(2, 3)
    _, pullback = ad.vjp(lambda x: A @ x, np.ones(3))
    np.testing.assert_array_equal(np.stack([pullback(e)[0] for e in np.eye(2)]), A)
    np.testing.assert_array_equal(pullback(np.ones(2))[0], A.sum(axis=0))


def test_solve_agrees_with_jax():
    rng = np.random.default_rng(4)
    A, b = rng.normal(size=(4, 4)) + 4 * np.eye(4), rng.normal(size=4)
    f = lambda A, b, np=np: np.sum(np.sin(np.linalg.solve(A, b)))
    ours = ad.grad(f, argnums=(0, 1))(A, b)
    theirs = jax.grad(lambda A, b: f(A, b, jnp), argnums=(0, 1))(A, b)
    for mine, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(mine, other, rtol=1e-11)


def test_a_derivative_is_named_after_its_function():
    assert ad.trace(ad.grad(L), 2.0, 3.0).title == "grad_L"
    assert ad.trace(ad.grad(lambda x: x), 2.0).title == "grad_f"
    assert ad.grad(ad.grad(L)).__name__ == "grad_grad_L"
