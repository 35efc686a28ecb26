"""Programs of 100,000 operations need no recursion in any transformation."""

import numpy as np
import pytest

import adcourse as ad


def chain(x):
    for _ in range(50_000):
        x = np.sin(x) * 1.0001
    return x


SLOPE = ad.jvp(chain, (0.5,), (1.0,))[1]

SLOPES = {
    "grad": lambda: ad.grad(chain)(0.5),
    "vjp": lambda: ad.vjp(chain, 0.5)[1](1.0)[0],
    "vmap of grad": lambda: ad.vmap(ad.grad(chain))(np.array([0.5]))[0],
    "jacfwd": lambda: ad.jacfwd(chain)(0.5),
    "jacrev": lambda: ad.jacrev(chain)(0.5),
    "linearize": lambda: ad.linearize(chain, 0.5)[1](1.0),
    "checkpoint": lambda: ad.grad(ad.checkpoint(chain))(0.5),
    "graph": lambda: ad.grad(ad.trace(chain, 0.5))(0.5),
    "checkpointed loop": lambda: ad.grad(
        ad.checkpoint_schedule(lambda x, k: np.sin(x) * 1.0001, 50_000, states=100)
    )(0.5),
}


@pytest.mark.parametrize("name", SLOPES)
def test_first_derivatives(name):
    assert SLOPES[name]() == pytest.approx(SLOPE, rel=1e-8)


def test_second_derivatives():
    curvature = ad.jvp(ad.grad(chain), (0.5,), (1.0,))[1]
    assert ad.grad(ad.grad(chain))(0.5) == pytest.approx(curvature, rel=1e-7)
    assert ad.hvp(chain, 0.5, 1.0) == pytest.approx(curvature, rel=1e-7)


def test_compiled():
    assert ad.compile(chain, 0.5)(0.4) == pytest.approx(chain(0.4), rel=1e-12)
