"""The lecture's own examples: solving a system, singular values, and what is built from them."""

import numpy as np
from numpy.linalg import inv, svd

from benchmarks.problem_lists.question import ask, gradient, hessian

LECTURE = "lecture"


def factors(W):
    return svd(W, full_matrices=False)


ask(
    LECTURE, "solve-loss", "½‖A⁻¹b − y‖²",
    lambda A, b, y: np.sum((np.linalg.solve(A, b) - y) ** 2) / 2,
    "A n×n invertible, b n, y n",
    gradient("A", lambda A, b, y: -np.outer(inv(A).T @ (inv(A) @ b - y), inv(A) @ b)),
    gradient("b", lambda A, b, y: inv(A).T @ (inv(A) @ b - y)),
    hessian("b", lambda A, b, y: inv(A).T @ inv(A)),
    sympy=("(A.I*b - y).T*(A.I*b - y)/2", "Trace((A.I*b - y).T*(A.I*b - y))/2"),
    source="lecture, derivative of a solution",
)  # fmt: skip
ask(
    LECTURE, "solve-form", "cᵀA⁻¹b",
    lambda A, b, c: c @ np.linalg.solve(A, b), "A n×n invertible, b n, c n",
    gradient("A", lambda A, b, c: -np.outer(inv(A).T @ c, inv(A) @ b), "Matrix Cookbook (61)"),
    gradient("b", lambda A, b, c: inv(A).T @ c),
    sympy=("c.T*A.I*b", "Trace(c.T*A.I*b)"), source="lecture, derivative of a solution",
)  # fmt: skip
ask(
    LECTURE, "singular-entropy", "−Σᵢ σᵢ log σᵢ",
    lambda W: -np.sum(
        np.linalg.svd(W, compute_uv=False) * np.log(np.linalg.svd(W, compute_uv=False))
    ),
    "W m×n",
    gradient("W", lambda W: factors(W)[0] @ np.diag(-np.log(factors(W)[1]) - 1) @ factors(W)[2]),
    source="lecture, singular values",
)  # fmt: skip
ask(
    LECTURE, "largest-singular-value", "σ₁(W)",
    lambda W: np.linalg.svd(W, full_matrices=False)[1][0], "W m×n",
    gradient("W", lambda W: np.outer(factors(W)[0][:, 0], factors(W)[2][0])),
    source="lecture, singular values",
)  # fmt: skip
ask(
    LECTURE, "nuclear", "‖W‖_*",
    lambda W: np.linalg.norm(W, "nuc"), "W m×n",
    gradient("W", lambda W: factors(W)[0] @ factors(W)[2], "Watson 1992"),
    sympy="Trace((W.T*W)**Rational(1, 2))", source="lecture, norms of singular values",
)  # fmt: skip
ask(
    LECTURE, "nuclear-fit", "½‖W − A‖²_F + μ‖W‖_*",
    lambda W, A, mu: np.linalg.norm(W - A) ** 2 / 2 + mu * np.sum(
        np.linalg.svd(W, compute_uv=False)
    ),
    "W m×n, A m×n, mu scalar positive",
    gradient("W", lambda W, A, mu: W - A + mu * factors(W)[0] @ factors(W)[2]),
    source="lecture, norms of singular values",
)  # fmt: skip
ask(
    LECTURE, "truncation", "Σ_{i>1} σᵢ², the error of the best matrix of rank 1",
    lambda W: np.sum(np.linalg.svd(W, compute_uv=False)[1:] ** 2), "W m×n",
    gradient("W", lambda W: 2 * (
        W - factors(W)[1][0] * np.outer(factors(W)[0][:, 0], factors(W)[2][0])
    )),
    source="lecture, truncation error",
)  # fmt: skip
ask(
    LECTURE, "condition", "log(σ₁/σₙ)",
    lambda W: np.log(np.linalg.cond(W)), "W m×n",
    gradient("W", lambda W: np.outer(factors(W)[0][:, 0], factors(W)[2][0]) / factors(W)[1][0]
             - np.outer(factors(W)[0][:, -1], factors(W)[2][-1]) / factors(W)[1][-1]),
    source="lecture, singular values",
)  # fmt: skip


def truncated(W, A):
    """½‖U₁σ₁V₁ᵀ − A‖², which uses singular vectors."""
    U, s, Vt = np.linalg.svd(W, full_matrices=False)
    return np.sum((s[0] * np.outer(U[:, 0], Vt[0]) - A) ** 2) / 2


def polar(W, A):
    """⟨A, UVᵀ⟩, the orthogonal factor of W."""
    U, s, Vt = np.linalg.svd(W, full_matrices=False)
    return np.sum(A * (U @ Vt))


ask(
    LECTURE, "best-rank-one", "½‖σ₁u₁v₁ᵀ − A‖²_F", truncated, "W m×n, A m×n",
    gradient("W"), source="lecture, singular vectors",
)  # fmt: skip
ask(
    LECTURE, "polar", "⟨A, UVᵀ⟩, UΣVᵀ = W", polar, "W m×n, A m×n",
    gradient("W"), source="lecture, singular vectors",
)  # fmt: skip
ask(
    LECTURE, "reconstruction", "½‖UΣVᵀ − A‖²_F, UΣVᵀ = W",
    lambda W, A: np.sum((
        (np.linalg.svd(W, full_matrices=False)[0] * np.linalg.svd(W, full_matrices=False)[1])
        @ np.linalg.svd(W, full_matrices=False)[2] - A
    ) ** 2) / 2,
    "W m×n, A m×n",
    gradient("W", lambda W, A: W - A),
    source="lecture, singular vectors",
)  # fmt: skip
ask(
    LECTURE, "eigenvalue-entropy", "−Σᵢ λᵢ log λᵢ, S positive definite",
    lambda S: -np.sum(np.linalg.eigvalsh(S) * np.log(np.linalg.eigvalsh(S))),
    "S n×n positive definite",
    gradient("S", lambda S: -np.linalg.eigh(S)[1] @ np.diag(
        np.log(np.linalg.eigvalsh(S)) + 1
    ) @ np.linalg.eigh(S)[1].T),
    source="lecture, eigenvalues",
)  # fmt: skip
