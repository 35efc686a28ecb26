"""Sparsity patterns and sparse derivatives of random programs."""

import numpy as np
from hypothesis import HealthCheck, given, settings

import adcourse as ad
from adcourse.core.tree import flatten
from adcourse.transforms.jacobians import hessian, jacfwd, jacobian
from adcourse.transforms.sparsity import pattern

from .programs import programs
from .test_against_jax import OURS


def dense(matrix):
    return np.asarray(matrix.todense())


def joint(f, xs):
    """f as a function of one long vector to one long vector, and the vector."""
    shapes = [np.shape(x) for x in xs]
    ends = np.cumsum([int(np.prod(s)) for s in shapes])

    def g(v):
        starts = [0, *ends[:-1].tolist()]
        parts = [
            np.reshape(v[a:b], s) for a, b, s in zip(starts, ends.tolist(), shapes, strict=True)
        ]
        return np.concatenate([np.ravel(z) for z in flatten(f(*parts))[0]])

    return g, np.concatenate([np.ravel(x) for x in xs]).astype(float)


@settings(
    max_examples=100,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(programs(OURS))
def test_random_programs(program):
    f, x = joint(lambda *xs: program(OURS, *xs), program.points(np.random.default_rng(0)))
    J = jacfwd(f)(x)
    found = dense(pattern(f, x))
    assert not np.any((J != 0) & ~found)
    np.testing.assert_allclose(dense(jacobian(f, sparse=True)(x)), J, rtol=1e-9, atol=1e-9)
    loss = lambda x: np.sum(np.sin(f(x)))
    H = jacfwd(ad.grad(loss))(x)
    scale = max(1.0, np.max(np.abs(H)))
    np.testing.assert_allclose(dense(hessian(loss, sparse=True)(x)) / scale, H / scale, atol=1e-9)
