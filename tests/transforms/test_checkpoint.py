"""A checkpointed program has the same derivatives and a smaller memory."""

import tracemalloc

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import adcourse as ad
from adcourse.transforms.batch import vmap
from adcourse.transforms.checkpoint import checkpoint
from adcourse.transforms.jacobians import hvp, jacrev

jax.config.update("jax_enable_x64", True)


def layer(x, W):
    return np.tanh(x @ W)


def deep(x, W, piece=lambda f: f, length=6):
    def block(x, W):
        for _ in range(3):
            x = layer(x, W)
        return x

    for _ in range(length // 3):
        x = piece(block)(x, W)
    return np.sum(x**2)


def test_same_derivatives_of_first_and_second_order():
    rng = np.random.default_rng(0)
    x, W, v = rng.normal(size=(2, 3)), rng.normal(size=(3, 3)), rng.normal(size=(2, 3))
    for k in (0, 1):
        plain = ad.grad(deep, argnums=k)(x, W)
        kept = ad.grad(lambda x, W: deep(x, W, checkpoint), argnums=k)(x, W)
        np.testing.assert_allclose(kept, plain, rtol=1e-13)
    f, g = lambda x: deep(x, W), lambda x: deep(x, W, checkpoint)
    np.testing.assert_allclose(hvp(g, x, v), hvp(f, x, v), rtol=1e-11)
    second = lambda f: ad.grad(lambda x: np.sum(ad.grad(f)(x) * v))(x)
    np.testing.assert_allclose(second(g), second(f), rtol=1e-11)
    np.testing.assert_allclose(ad.jvp(g, (x,), (v,))[1], ad.jvp(f, (x,), (v,))[1], rtol=1e-13)
    np.testing.assert_allclose(vmap(g)(np.stack([x, 2 * x])), [f(x), f(2 * x)], rtol=1e-13)


def test_nested_arguments_and_several_results():
    def f(p, scale):
        return {"a": np.sin(p["x"]) * scale, "b": [p["x"] @ p["y"], p["y"] * 2.0]}

    def loss(p, f):
        out = f(p, 3.0)
        return np.sum(out["a"]) * out["b"][0]  # out["b"][1] is not used

    p = {"x": np.array([1.0, 2.0]), "y": np.array([0.5, -1.0])}
    plain, kept = ad.grad(loss)(p, f), ad.grad(loss)(p, checkpoint(f))
    for key in p:
        np.testing.assert_allclose(kept[key], plain[key], rtol=1e-14)


def test_a_pullback_is_repeated():
    x = np.array([0.3, 0.7])
    J = jacrev(checkpoint(lambda x: np.stack([x[0] * x[1], np.sin(x[0])])))(x)
    np.testing.assert_allclose(J, [[0.7, 0.3], [np.cos(0.3), 0.0]], rtol=1e-14)


def test_against_jax():
    x = np.array([0.3, 0.7])
    ours = ad.grad(lambda x: checkpoint(lambda x: np.sum(np.exp(x) * x))(x) ** 2)(x)
    theirs = jax.grad(lambda x: jax.checkpoint(lambda x: jnp.sum(jnp.exp(x) * x))(x) ** 2)(x)
    np.testing.assert_allclose(ours, theirs, rtol=1e-13)


def test_memory_is_that_of_one_piece():
    W = np.random.default_rng(0).normal(size=(50, 50)) / 8
    x = np.ones((50, 50))

    def peak(piece):
        tracemalloc.start()
        ad.grad(lambda x: deep(x, W, piece, length=90))(x)
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return size / x.nbytes

    assert peak(lambda f: f) > 90  # one array per layer
    assert peak(checkpoint) < 50  # one per piece of three, and one piece


def test_a_traced_value_from_outside_is_refused():
    with pytest.raises(ad.LosesDerivative, match="Pass it as an argument"):
        ad.grad(lambda w: checkpoint(lambda x: x * w)(w + 1.0))(2.0)
