"""Giles 2008, An extended collection of matrix derivative results (NA-08-01), as questions.

A rule there maps the adjoint C̄ of a result to those of its arguments. With f = ⟨G, C⟩ the adjoint
C̄ is G, so the gradients of f are the rule; the Jacobian questions are its forward half.
"""

import numpy as np
from numpy.linalg import cholesky, det, inv, norm, svd

from benchmarks.problem_lists.question import ask, gradient, hessian, jacobian

GILES = "giles"


def half_lower(x):
    """Φ of the Cholesky rule: the lower triangle with half the diagonal."""
    return np.tril(x) - np.diag(np.diag(x)) / 2


ask(
    GILES, "addition", "⟨G, A + B⟩",
    lambda G, A, B: np.sum(G * (A + B)), "G m×n, A m×n, B m×n",
    gradient("A", lambda G, A, B: G),
    gradient("B", lambda G, A, B: G),
    sympy="Trace(G.T*(A + B))", source="Giles 2008, section 2.2.1",
)  # fmt: skip
ask(
    GILES, "multiplication", "⟨G, AB⟩",
    lambda G, A, B: np.sum(G * (A @ B)), "G m×k, A m×n, B n×k",
    gradient("A", lambda G, A, B: G @ B.T),
    gradient("B", lambda G, A, B: A.T @ G),
    sympy="Trace(G.T*A*B)", source="Giles 2008, section 2.2.2",
)  # fmt: skip
ask(
    GILES, "inverse", "⟨G, A⁻¹⟩",
    lambda G, A: np.sum(G * np.linalg.inv(A)), "G n×n, A n×n invertible",
    gradient("A", lambda G, A: -inv(A).T @ G @ inv(A).T),
    hessian("A", lambda G, A, V: inv(A).T @ (
        V.T @ inv(A).T @ G + G @ inv(A).T @ V.T
    ) @ inv(A).T),
    sympy="Trace(G.T*A.I)", source="Giles 2008, section 2.2.3",
)  # fmt: skip
ask(
    GILES, "determinant", "det A",
    lambda A: np.linalg.det(A), "A n×n invertible",
    gradient("A", lambda A: det(A) * inv(A).T),
    sympy="Determinant(A)", source="Giles 2008, section 2.2.4",
)  # fmt: skip
ask(
    GILES, "logdet", "log|det A|, maximum likelihood",
    lambda A: np.linalg.slogdet(A)[1], "A n×n invertible",
    gradient("A", lambda A: inv(A).T),
    sympy=("log(abs(Determinant(A)))", "log(Determinant(A)**2)/2"),
    source="Giles 2008, section 2.2.4",
)  # fmt: skip
ask(
    GILES, "inverse-product", "⟨G, A⁻¹B⟩",
    lambda G, A, B: np.sum(G * np.linalg.solve(A, B)), "G n×k, A n×n invertible, B n×k",
    gradient("A", lambda G, A, B: -inv(A).T @ G @ (inv(A) @ B).T),
    gradient("B", lambda G, A, B: inv(A).T @ G),
    sympy="Trace(G.T*A.I*B)", source="Giles 2008, section 2.3.1",
)  # fmt: skip
ask(
    GILES, "solve", "A⁻¹b",
    lambda A, b: np.linalg.solve(A, b), "A n×n invertible, b n",
    jacobian("A", lambda A, b, V: -inv(A) @ V @ inv(A) @ b),
    jacobian("b", lambda A, b: inv(A)),
    sympy="A.I*b", source="Giles 2008, section 2.3.1",
)  # fmt: skip
ask(
    GILES, "first-quadratic", "⟨G, BᵀAB⟩",
    lambda G, A, B: np.sum(G * (B.T @ A @ B)), "G k×k, A n×n, B n×k",
    gradient("A", lambda G, A, B: B @ G @ B.T),
    gradient("B", lambda G, A, B: A @ B @ G.T + A.T @ B @ G),
    sympy="Trace(G.T*B.T*A*B)", source="Giles 2008, section 2.3.2",
)  # fmt: skip
ask(
    GILES, "second-quadratic", "⟨G, BᵀA⁻¹B⟩",
    lambda G, A, B: np.sum(G * (B.T @ np.linalg.solve(A, B))), "G k×k, A n×n invertible, B n×k",
    gradient("A", lambda G, A, B: -inv(A).T @ B @ G @ B.T @ inv(A).T),
    gradient("B", lambda G, A, B: inv(A) @ B @ G.T + inv(A).T @ B @ G),
    sympy="Trace(G.T*B.T*A.I*B)", source="Giles 2008, section 2.3.3",
)  # fmt: skip


def polynomial_of_matrix(G, A):
    """⟨G, I + 2A − 3A² + A³⟩."""
    identity = np.eye(A.shape[0])
    return np.sum(G * (identity + A @ (2 * identity + A @ (A - 3 * identity))))


ask(
    GILES, "polynomial", "⟨G, I + 2A − 3A² + A³⟩",
    polynomial_of_matrix, "G n×n, A n×n",
    gradient("A", lambda G, A: 2 * G - 3 * (A.T @ G + G @ A.T)
             + A.T @ A.T @ G + A.T @ G @ A.T + G @ A.T @ A.T),
    sympy=(
        "Trace(G.T*(Identity(n) + 2*A - 3*A**2 + A**3))",
        "Trace(G.T*(Identity(n) + 2*A - 3*A*A + A*A*A))",
    ),
    source="Giles 2008, section 2.3.4",
)  # fmt: skip


def exponential(G, A):
    """⟨G, e^A⟩ by fifteen terms of the series."""
    term = total = np.eye(A.shape[0])
    for k in range(1, 16):
        term = term @ A / k
        total = total + term
    return np.sum(G * total)


ask(
    GILES, "exponential", "⟨G, Σₖ Aᵏ/k!⟩, 15 terms",
    exponential, "G n×n, A n×n",
    gradient("A"),
    sympy="Trace(G.T*exp(A))", source="Giles 2008, section 2.3.5",
)  # fmt: skip
ask(
    GILES, "eigenvalues", "⟨g, λ(A)⟩, A with real eigenvalues",
    lambda g, A: g @ np.sort(np.real(np.linalg.eigvals(A))), "g n, A n×n with real eigenvalues",
    gradient("A"),
    source="Giles 2008, section 3.1",
)  # fmt: skip
ask(
    GILES, "eigenvalues-symmetric", "⟨g, λ(S)⟩, S symmetric",
    lambda g, S: g @ np.linalg.eigvalsh(S), "g n, S n×n symmetric",
    gradient("S", lambda g, S: np.linalg.eigh(S)[1] @ np.diag(g) @ np.linalg.eigh(S)[1].T),
    source="Giles 2008, section 3.1",
)  # fmt: skip
ask(
    GILES, "singular-values", "⟨g, σ(A)⟩",
    lambda g, A: g @ np.linalg.svd(A, compute_uv=False), "g n, A m×n",
    gradient("A", lambda g, A: svd(A, full_matrices=False)[0] @ np.diag(g)
             @ svd(A, full_matrices=False)[2]),
    source="Giles 2008, section 3.2",
)  # fmt: skip
ask(
    GILES, "cholesky", "⟨G, chol(S)⟩",
    lambda G, S: np.sum(G * np.linalg.cholesky(S)), "G n×n, S n×n positive definite",
    gradient("S", lambda G, S: (
        inv(cholesky(S)).T @ half_lower(cholesky(S).T @ np.tril(G)) @ inv(cholesky(S))
        + inv(cholesky(S)).T @ half_lower(cholesky(S).T @ np.tril(G)).T @ inv(cholesky(S))
    ) / 2, "Murray 2016, (10)"),
    source="Giles 2008, section 3.3",
)  # fmt: skip
ask(
    GILES, "frobenius", "‖A‖_F",
    lambda A: np.linalg.norm(A), "A m×n",
    gradient("A", lambda A: A / norm(A)),
    hessian("A", lambda A, V: V / norm(A) - np.sum(A * V) * A / norm(A) ** 3),
    sympy=("sqrt(Trace(A.T*A))", "Trace(A.T*A)**Rational(1, 2)"), source="Giles 2008",
)  # fmt: skip
ask(
    GILES, "spectral", "‖A‖₂",
    lambda A: np.linalg.norm(A, 2), "A m×n",
    gradient("A", lambda A: np.outer(
        svd(A, full_matrices=False)[0][:, 0], svd(A, full_matrices=False)[2][0]
    )),
    source="Giles 2008",
)  # fmt: skip
ask(
    GILES, "least-squares", "⟨g, argmin ‖Ax − b‖⟩",
    lambda g, A, b: g @ np.linalg.lstsq(A, b, rcond=None)[0], "g n, A m×n, b m",
    gradient("b", lambda g, A, b: A @ inv(A.T @ A) @ g),
    gradient("A", lambda g, A, b: (
        np.outer(b - A @ inv(A.T @ A) @ A.T @ b, inv(A.T @ A) @ g)
        - np.outer(A @ inv(A.T @ A) @ g, inv(A.T @ A) @ A.T @ b)
    ), "Golub & Pereyra 1973, (4.12)"),
    sympy=("g.T*(A.T*A).I*A.T*b", "Trace(g.T*(A.T*A).I*A.T*b)"), source="Giles 2008",
)  # fmt: skip
