"""Through linear algebra: a linear system and singular values. LAPACK decides.

The losses do not depend on the signs of singular vectors, which are LAPACK's choice.
"""

import numpy as np

from benchmarks.problem import Problem, random, workload


def solution(xp, A, b):
    return xp.sum(xp.linalg.solve(A, b) ** 2)


def solution_by_hand(A, b):
    """b̄ = A⁻ᵀ x̄, Ā = -b̄ xᵀ (Giles 2008, section 2.3.1); NumPy cannot keep the factors of A."""
    x = np.linalg.solve(A, b)
    b_bar = np.linalg.solve(A.T, 2 * x)
    return np.sum(x**2), (np.outer(-b_bar, x), b_bar)


@workload("W8", "through solve, n = 200", "gradient", (200,), (3,), target=0.65, compiled=0.6)
def solution_problem(n):
    rng = random()
    A = rng.standard_normal((n, n)) + n * np.eye(n)
    return Problem(solution, solution_by_hand, (A, rng.standard_normal(n)), active=2)


def entropy(xp, A):
    s = xp.linalg.svdvals(A)
    return xp.sum(s * xp.log(s))


def entropy_by_hand(A):
    """Ā = U diag(s̄) Vᵀ."""
    U, s, Vt = np.linalg.svd(A)
    log = np.log(s)
    return np.sum(s * log), ((U * (log + 1)) @ Vt,)


@workload("W9v", "singular values, n = 100", "gradient", (100,), (4,), target=1.12, compiled=1.05)
def entropy_problem(n):
    return Problem(entropy, entropy_by_hand, (random().standard_normal((n, n)),))


def nearness(xp, A, C):
    U, s, Vt = xp.linalg.svd(A, full_matrices=False)
    return xp.sum(C * (U @ Vt)) + xp.sum(s * s)


def nearness_by_hand(A, C):
    """With G = Uᵀ C V, the orthogonal factor gives Ā = U ((G - Gᵀ) / (sᵢ + sⱼ)) Vᵀ."""
    U, s, Vt = np.linalg.svd(A)
    value = np.sum(C * (U @ Vt)) + np.sum(s * s)
    G = U.T @ C @ Vt.T
    inner = (G - G.T) / (s[:, None] + s)
    inner.flat[:: len(s) + 1] = 2 * s
    return value, (U @ inner @ Vt,)


@workload("W9u", "svd with U and V, n = 100", "gradient", (100,), (4,), target=1.15, compiled=1.05)
def nearness_problem(n):
    A, C = random().standard_normal((2, n, n))
    return Problem(nearness, nearness_by_hand, (A, C))
