"""Multidimensional scaling: points in the plane whose distances come near to given ones."""

import numpy as np

from benchmarks.problem import Problem, random, workload

SOFTENING = 1e-6  # keeps the root of a distance from a point to itself differentiable


def stress(xp, X, D):
    between = X[:, None, :] - X[None, :, :]
    distance = xp.sqrt(xp.sum(between**2, axis=2) + SOFTENING)
    return xp.sum((distance - D) ** 2)


def stress_by_hand(X, D):
    """Every pair appears twice, and D is symmetric: X̄ᵢ = 4 Σⱼ (1 - Dᵢⱼ / dᵢⱼ) (xᵢ - xⱼ)."""
    between = X[:, None, :] - X[None, :, :]
    distance = np.sqrt(np.sum(between**2, axis=2) + SOFTENING)
    error = distance - D
    weights = 4 * error / distance
    return np.sum(error**2), (np.sum(weights[:, :, None] * between, axis=1),)


@workload(
    "W10", "multidimensional scaling, N = 100", "gradient", (100,), (4,), target=1.3, compiled=0.6
)
def stress_problem(n):
    rng = random()
    Y = rng.standard_normal((n, 5))
    D = np.sqrt(np.sum((Y[:, None] - Y) ** 2, axis=2))
    return Problem(stress, stress_by_hand, (rng.standard_normal((n, 2)), D))
