"""Compiled functions compute what the functions compute, or say that they cannot."""

import traceback

import numpy as np
import pytest

import adcourse as ad
from adcourse.core.tree import flatten


def test_values_and_derivatives_are_those_of_the_function():
    rng = np.random.default_rng(0)
    W, x = rng.normal(size=(3, 3)), rng.normal(size=(2, 3))
    loss = lambda W, x: np.sum(np.tanh(x @ W) ** 2) / (1 + np.abs(x[0, 0]))
    for f in (loss, ad.grad(loss), ad.value_and_grad(loss, argnums=(0, 1))):
        compiled = ad.compile(f, W, x)
        for mine, other in zip(flatten(compiled(W, x))[0], flatten(f(W, x))[0], strict=True):
            np.testing.assert_allclose(mine, other, rtol=1e-13)
    np.testing.assert_allclose(ad.grad(ad.compile(loss))(W, x), ad.grad(loss)(W, x), rtol=1e-14)


def test_other_branches_shapes_and_types_are_traced_again():
    runs = []

    def f(x):
        runs.append(1)
        return np.sum(x * x) if np.sum(x) > 0 else -np.sum(x)

    g = ad.compile(f)
    assert [g(2.0), g(3.0), g(-2.0), g(-3.0), g(4.0)] == [4.0, 9.0, 2.0, 3.0, 16.0]
    assert len(runs) == 2
    assert g(np.ones(3)) == 3.0 and g(np.ones(3, np.float32)).dtype == np.float32
    assert len(runs) == 4


def test_containers_and_long_constants():
    table = np.arange(100.0)
    f = lambda p: {"a": p["x"] * table[: p["x"].shape[0]] + np.inf, "b": (p["s"],)}
    p = {"x": np.ones(20), "s": 2.0}
    g = ad.compile(f, p)
    np.testing.assert_array_equal(g(p)["a"], f(p)["a"])
    assert g(p)["b"] == (2.0,)
    assert "# c1: array of shape (20,)" in g.source


def test_a_function_that_meets_a_new_shape_in_every_call_is_given_up():
    g = ad.compile(lambda x: np.sum(x))
    with pytest.raises(ad.AdcourseError, match="16 times"):
        for n in range(1, 40):
            assert g(np.ones(n)) == n


def test_source_is_shown_in_tracebacks():
    g = ad.compile(lambda A: np.linalg.inv(A) @ A, np.eye(2))
    try:
        g(np.zeros((2, 2)))
    except np.linalg.LinAlgError:
        assert "v1 = np.linalg.inv(A)" in traceback.format_exc()
    else:
        raise AssertionError("a singular matrix was inverted")


def test_an_index_that_is_an_array_is_spelled_out():
    f = lambda x: x[np.array([True, False, True])] * x[()][:2]
    x = np.array([1.0, 2.0, 3.0])
    text = ad.trace(f, x).source()
    assert "x[np.array([True, False, True])]" in text and "x[()]" in text
    np.testing.assert_array_equal(ad.compile(f, x)(2 * x), f(2 * x))
