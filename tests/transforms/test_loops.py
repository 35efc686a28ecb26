"""A loop reversed by any schedule has the derivative of the plain loop, with few stored states."""

import tracemalloc

import numpy as np
import pytest

import adcourse as ad
from adcourse.transforms.checkpoint import checkpoint
from adcourse.transforms.jacobians import hvp
from adcourse.transforms.loops import checkpoint_schedule
from adcourse.transforms.schedules import KINDS


def step(x, k, p):
    return {"a": np.sin(x["a"] * p["w"]) + 0.1 * k, "b": x["b"] * x["a"]}


def plain(n):
    def loop(x, p):
        for k in range(n):
            x = step(x, k, p)
        return x

    return loop


X, P = {"a": np.array([0.3, 0.8]), "b": np.array([1.0, 2.0])}, {"w": np.array([1.1, 0.9]), "n": 3}


def loss(loop):
    return lambda x, w: np.sum(loop(x, {"w": w, "n": 3})["b"])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("n", [1, 2, 7])
def test_same_derivatives(kind, n):
    loop = checkpoint_schedule(step, n, states=3, kind=kind)
    for argnums in (0, 1):
        ours = ad.grad(loss(loop), argnums)(X, P["w"])
        theirs = ad.grad(loss(plain(n)), argnums)(X, P["w"])
        for mine, other in zip(
            *[g.values() if isinstance(g, dict) else [g] for g in (ours, theirs)], strict=True
        ):
            np.testing.assert_allclose(mine, other, rtol=1e-13)
    v = np.array([1.0, -1.0])
    f, g = (lambda w, run=run: loss(run)(X, w) for run in (loop, plain(n)))
    np.testing.assert_allclose(hvp(f, P["w"], v), hvp(g, P["w"], v), rtol=1e-11, atol=1e-14)
    np.testing.assert_allclose(
        ad.jvp(f, (P["w"],), (v,))[1], ad.jvp(g, (P["w"],), (v,))[1], rtol=1e-13
    )
    assert loop(X, P)["b"] == pytest.approx(plain(n)(X, P)["b"], rel=1e-15)


def test_memory_stays_within_the_states():
    x = np.linspace(0.0, 1.0, 10_000)

    def peak(loop):
        tracemalloc.start()
        ad.grad(lambda x: np.sum(loop(x)))(x)
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return size / x.nbytes

    def everything(x):
        for _ in range(200):
            x = np.sin(x)
        return x

    few = checkpoint_schedule(lambda x, k: np.sin(x), 200, states=6)
    assert peak(everything) > 200
    assert peak(few) < 6 + 8  # the states, and what one step and its pullback hold


def test_a_checkpointed_loop_inside_a_checkpoint():
    inner = checkpoint_schedule(lambda x, k: x * x, 3, states=2)
    assert ad.grad(lambda x: checkpoint(inner)(x))(1.0) == 8.0
