"""Further forms: optimisation, norms, projections, Kronecker and Sylvester."""

import numpy as np
from numpy.linalg import inv, norm, pinv, svd

from benchmarks.problem_lists.question import ask, gradient, hessian, jacobian

FORMS = "forms"

ask(
    FORMS, "log-barrier", "cᵀx − μ Σᵢ log(bᵢ − aᵢᵀx)",
    lambda A, b, c, mu, x: c @ x - mu * np.sum(np.log(b - A @ x)),
    "A m×n, b m large, c n, mu scalar positive, x n",
    gradient("x", lambda A, b, c, mu, x: c + mu * A.T @ (1 / (b - A @ x))),
    hessian("x", lambda A, b, c, mu, x: mu * A.T @ np.diag(1 / (b - A @ x) ** 2) @ A),
    sympy=(
        "c.T*x - mu*OneMatrix(1, m)*(b - A*x).applyfunc(log)",
        "Trace(c.T*x) - mu*Trace(OneMatrix(1, m)*(b - A*x).applyfunc(log))",
    ),
    source="Boyd & Vandenberghe 2004, section 11.2.1",
)  # fmt: skip
ask(
    FORMS, "entropy", "−Σᵢ pᵢ log pᵢ",
    lambda p: -np.sum(p * np.log(p)), "p n probabilities",
    gradient("p", lambda p: -np.log(p) - 1),
    hessian("p", lambda p: -np.diag(1 / p)),
    sympy=("-p.T*p.applyfunc(log)", "-Trace(p.T*p.applyfunc(log))"),
    source="Boyd & Vandenberghe 2004, section 3.1.5",
)  # fmt: skip
ask(
    FORMS, "relative-entropy", "Σᵢ pᵢ log(pᵢ/qᵢ)",
    lambda p, q: np.sum(p * np.log(p / q)), "p n probabilities, q n probabilities",
    gradient("p", lambda p, q: np.log(p / q) + 1),
    gradient("q", lambda p, q: -p / q),
    hessian("q", lambda p, q: np.diag(p / q**2)),
    sympy=("p.T*(p.applyfunc(log) - q.applyfunc(log))",),
    source="Cover & Thomas 2006, section 2.3",
)  # fmt: skip
ask(
    FORMS, "p-norm", "(Σᵢ |xᵢ|^p)^(1/p), p = 3",
    lambda x: np.sum(np.abs(x) ** 3) ** (1 / 3), "x n",
    gradient("x", lambda x: np.sign(x) * np.abs(x) ** 2 / norm(x, 3) ** 2),
    hessian("x"),
    sympy=(
        "Trace(OneMatrix(1, n)*x.applyfunc(Lambda(t, abs(t)**3)))**Rational(1, 3)",
    ),
    source="Boyd & Vandenberghe 2004, appendix A.1.2",
)  # fmt: skip
ask(
    FORMS, "p-norm-exponent", "(Σᵢ xᵢ^p)^(1/p), x > 0, in p",
    lambda x, p: np.sum(x**p) ** (1 / p), "x n positive, p scalar positive",
    gradient("x", lambda x, p: x ** (p - 1) * np.sum(x**p) ** (1 / p - 1)),
    gradient("p"),
    source="Boyd & Vandenberghe 2004, appendix A.1.2",
)  # fmt: skip
ask(
    FORMS, "geometric-mean", "(Πᵢ xᵢ)^(1/n)",
    lambda x: np.prod(x) ** (1 / len(x)), "x n positive",
    gradient("x", lambda x: np.prod(x) ** (1 / len(x)) / (len(x) * x)),
    hessian("x", lambda x: np.prod(x) ** (1 / len(x)) * (
        np.outer(1 / x, 1 / x) / len(x) ** 2 - np.diag(1 / x**2) / len(x)
    ), "Boyd & Vandenberghe 2004, section 3.1.5"),
    source="Boyd & Vandenberghe 2004, section 3.1.5",
)  # fmt: skip
ask(
    FORMS, "quadratic-over-linear", "xᵀx/t",
    lambda x, t: x @ x / t, "x n, t scalar positive",
    gradient("x", lambda x, t: 2 * x / t),
    gradient("t", lambda x, t: -x @ x / t**2),
    hessian("x", lambda x, t: 2 * np.eye(len(x)) / t),
    sympy=("x.T*x/t", "Trace(x.T*x)/t"), source="Boyd & Vandenberghe 2004, section 3.1.5",
)  # fmt: skip
ask(
    FORMS, "matrix-fractional", "xᵀY⁻¹x",
    lambda x, Y: x @ np.linalg.solve(Y, x), "x n, Y n×n positive definite",
    gradient("x", lambda x, Y: 2 * inv(Y) @ x),
    gradient("Y", lambda x, Y: -np.outer(inv(Y) @ x, inv(Y) @ x)),
    hessian("x", lambda x, Y: 2 * inv(Y)),
    hessian("Y", lambda x, Y, V: (
        inv(Y) @ V @ np.outer(inv(Y) @ x, inv(Y) @ x)
        + np.outer(inv(Y) @ x, inv(Y) @ x) @ V @ inv(Y)
    )),
    sympy=("x.T*Y.I*x", "Trace(x.T*Y.I*x)"), source="Boyd & Vandenberghe 2004, section 3.1.7",
)  # fmt: skip
ask(
    FORMS, "generalised-rayleigh", "xᵀAx/(xᵀBx), A, B symmetric",
    lambda A, B, x: (x @ A @ x) / (x @ B @ x), "A n×n symmetric, B n×n positive definite, x n",
    gradient("x", lambda A, B, x: 2 * (
        A @ x - x @ A @ x / (x @ B @ x) * (B @ x)
    ) / (x @ B @ x)),
    hessian("x"),
    sympy=("Trace(x.T*A*x)/Trace(x.T*B*x)", "x.T*A*x*(x.T*B*x)**-1"),
    source="Golub & Van Loan 2013, section 8.7",
)  # fmt: skip
ask(
    FORMS, "rayleigh-block", "tr((XᵀX)⁻¹XᵀAX), A symmetric",
    lambda A, X: np.trace(np.linalg.solve(X.T @ X, X.T @ A @ X)), "A n×n symmetric, X n×k",
    gradient("X", lambda A, X: 2 * (np.eye(len(A)) - X @ pinv(X)) @ A @ X @ inv(X.T @ X)),
    sympy="Trace((X.T*X).I*X.T*A*X)", source="Absil, Mahony & Sepulchre 2008, section 2.1.1",
)  # fmt: skip
ask(
    FORMS, "pseudo-inverse", "½‖A⁺‖²_F",
    lambda A: np.linalg.norm(np.linalg.pinv(A)) ** 2 / 2, "A m×n",
    gradient("A", lambda A: -A @ inv(A.T @ A) @ inv(A.T @ A)),
    sympy="Trace((A.T*A).I)/2", source="Golub & Pereyra 1973",
)  # fmt: skip
ask(
    FORMS, "pseudo-inverse-form", "⟨G, A⁺⟩",
    lambda G, A: np.sum(G * np.linalg.pinv(A)), "G n×m, A m×n",
    gradient("A", lambda G, A: (
        -pinv(A).T @ G @ pinv(A).T
        + (np.eye(len(A)) - A @ pinv(A)) @ G.T @ inv(A.T @ A)
    ), "Golub & Pereyra 1973, (4.12)"),
    sympy="Trace(G.T*(A.T*A).I*A.T)", source="Golub & Pereyra 1973",
)  # fmt: skip
ask(
    FORMS, "projector", "‖(I − AA⁺)b‖²",
    lambda A, b: np.sum((b - A @ np.linalg.pinv(A) @ b) ** 2), "A m×n, b m",
    gradient("A", lambda A, b: -2 * np.outer(b - A @ pinv(A) @ b, pinv(A) @ b)),
    gradient("b", lambda A, b: 2 * (b - A @ pinv(A) @ b)),
    sympy=("(b - A*(A.T*A).I*A.T*b).T*(b - A*(A.T*A).I*A.T*b)",),
    source="Golub & Pereyra 1973, (4.7)",
)  # fmt: skip
ask(
    FORMS, "cayley", "⟨G, (I − A)⁻¹(I + A)⟩",
    lambda G, A: np.sum(G * np.linalg.solve(np.eye(len(A)) - A, np.eye(len(A)) + A)),
    "G n×n, A n×n small",
    gradient("A", lambda G, A: 2 * inv(np.eye(len(A)) - A).T @ G @ inv(np.eye(len(A)) - A).T),
    sympy="Trace(G.T*(Identity(n) - A).I*(Identity(n) + A))",
    source="Golub & Van Loan 2013, problem 2.1.3",
)  # fmt: skip
ask(
    FORMS, "cayley-map", "(I − A)⁻¹(I + A)",
    lambda A: np.linalg.solve(np.eye(len(A)) - A, np.eye(len(A)) + A), "A n×n small",
    jacobian("A", lambda A, V: 2 * inv(np.eye(len(A)) - A) @ V @ inv(np.eye(len(A)) - A)),
    sympy="(Identity(n) - A).I*(Identity(n) + A)",
    source="Golub & Van Loan 2013, problem 2.1.3",
)  # fmt: skip
ask(
    FORMS, "kronecker-form", "xᵀ(A ⊗ B)y",
    lambda A, B, X, Y: np.ravel(X) @ np.kron(A, B) @ np.ravel(Y), "A n×n, B k×k, X n×k, Y n×k",
    gradient("A", lambda A, B, X, Y: X @ B @ Y.T),
    gradient("B", lambda A, B, X, Y: X.T @ A @ Y),
    gradient("X", lambda A, B, X, Y: A @ Y @ B.T),
    source="Van Loan 2000",
)  # fmt: skip
ask(
    FORMS, "kronecker-distance", "½‖M − A ⊗ B‖²_F",
    lambda M, A, B: np.sum((M - np.kron(A, B)) ** 2) / 2, "M q×q, A k×k, B k×k",
    gradient("A", lambda M, A, B: np.einsum(
        "iajb,ab->ij", (np.kron(A, B) - M).reshape(A.shape[0], B.shape[0], A.shape[1], -1), B
    )),
    sympy="Trace((M - KroneckerProduct(A, B)).T*(M - KroneckerProduct(A, B)))/2",
    source="Van Loan & Pitsianis 1993",
)  # fmt: skip
ask(
    FORMS, "logdet-kronecker", "log det(A ⊗ B)",
    lambda A, B: np.linalg.slogdet(np.kron(A, B))[1], "A k×k positive definite, B n×n invertible",
    gradient("A", lambda A, B: len(B) * inv(A)),
    gradient("B", lambda A, B: len(A) * inv(B).T),
    sympy=("log(Determinant(KroneckerProduct(A, B)))",), source="Van Loan 2000",
)  # fmt: skip


def sylvester(G, A, B, C):
    """⟨G, X⟩ where AX + XB = C, as one linear system of the rows of X."""
    system = np.kron(A, np.eye(B.shape[0])) + np.kron(np.eye(A.shape[0]), B.T)
    return np.ravel(G) @ np.linalg.solve(system, np.ravel(C))


def sylvester_solution(A, B, C):
    system = np.kron(A, np.eye(len(B))) + np.kron(np.eye(len(A)), B.T)
    return np.linalg.solve(system, np.ravel(C)).reshape(C.shape)


ask(
    FORMS, "sylvester", "⟨G, X⟩ with AX + XB = C", sylvester,
    "G n×k, A n×n near the identity, B k×k near the identity, C n×k",
    gradient("C", lambda G, A, B, C: sylvester_solution(A.T, B.T, G)),
    gradient("A", lambda G, A, B, C: -sylvester_solution(A.T, B.T, G)
             @ sylvester_solution(A, B, C).T),
    gradient("B", lambda G, A, B, C: -sylvester_solution(A, B, C).T
             @ sylvester_solution(A.T, B.T, G)),
    source="Bartels & Stewart 1972",
)  # fmt: skip
ask(
    FORMS, "sylvester-residual", "½‖AX + XB − C‖²_F",
    lambda A, B, C, X: np.linalg.norm(A @ X + X @ B - C) ** 2 / 2, "A n×n, B k×k, C n×k, X n×k",
    gradient("X", lambda A, B, C, X: A.T @ (A @ X + X @ B - C) + (A @ X + X @ B - C) @ B.T),
    hessian("X", lambda A, B, C, X, V: A.T @ (A @ V + V @ B) + (A @ V + V @ B) @ B.T),
    sympy="Trace((A*X + X*B - C).T*(A*X + X*B - C))/2", source="Bartels & Stewart 1972",
)  # fmt: skip
ask(
    FORMS, "riccati-residual", "½‖AᵀX + XA − XBX + C‖²_F",
    lambda A, B, C, X: np.linalg.norm(A.T @ X + X @ A - X @ B @ X + C) ** 2 / 2,
    "A n×n, B n×n, C n×n, X n×n",
    gradient("X"),
    sympy="Trace((A.T*X + X*A - X*B*X + C).T*(A.T*X + X*A - X*B*X + C))/2",
    source="Anderson & Moore 1979",
)  # fmt: skip
ask(
    FORMS, "schatten", "(Σᵢ σᵢ⁴)^¼",
    lambda X: np.sum(np.linalg.svd(X, compute_uv=False) ** 4) ** 0.25, "X m×n",
    gradient("X", lambda X: X @ X.T @ X / np.sum(svd(X, compute_uv=False) ** 4) ** 0.75),
    sympy=("Trace(X.T*X*X.T*X)**Rational(1, 4)",), source="Bhatia 1997, section IV.2",
)  # fmt: skip
ask(
    FORMS, "spectral-distance", "‖AX − B‖₂, the largest singular value",
    lambda A, X, B: np.linalg.norm(A @ X - B, 2), "A m×n, X n×k, B m×k",
    gradient("X", lambda A, X, B: A.T @ np.outer(
        svd(A @ X - B, full_matrices=False)[0][:, 0], svd(A @ X - B, full_matrices=False)[2][0]
    )),
    source="Boyd & Vandenberghe 2004, section 6.1.1",
)  # fmt: skip
ask(
    FORMS, "largest-eigenvalue", "λ_max(A + x₁B), in x₁",
    lambda A, B, x: np.linalg.eigvalsh(A + x * B)[-1],
    "A n×n symmetric, B n×n symmetric, x scalar",
    gradient("x", lambda A, B, x: np.linalg.eigh(A + x * B)[1][:, -1] @ B
             @ np.linalg.eigh(A + x * B)[1][:, -1]),
    source="Magnus 1985",
)  # fmt: skip
ask(
    FORMS, "d-optimal", "−log det(Σᵢ wᵢaᵢaᵢᵀ), D-optimal design",
    lambda A, w: -np.linalg.slogdet(A.T @ np.diag(w) @ A)[1], "A m×n, w m positive",
    gradient("w", lambda A, w: -np.diag(A @ inv(A.T @ np.diag(w) @ A) @ A.T)),
    hessian("w", lambda A, w: (A @ inv(A.T @ np.diag(w) @ A) @ A.T) ** 2),
    gradient("A", lambda A, w: -2 * np.diag(w) @ A @ inv(A.T @ np.diag(w) @ A)),
    sympy="-log(Determinant(A.T*DiagMatrix(w)*A))",
    source="Boyd & Vandenberghe 2004, section 7.5.2",
)  # fmt: skip
ask(
    FORMS, "a-optimal", "tr((Aᵀ diag(w) A)⁻¹), A-optimal design",
    lambda A, w: np.trace(np.linalg.inv(A.T @ np.diag(w) @ A)), "A m×n, w m positive",
    gradient("w", lambda A, w: -np.sum(
        (A @ inv(A.T @ np.diag(w) @ A)) ** 2, axis=1
    )),
    sympy="Trace((A.T*DiagMatrix(w)*A).I)",
    source="Boyd & Vandenberghe 2004, section 7.5.2",
)  # fmt: skip
ask(
    FORMS, "rosenbrock", "Σᵢ 100(xᵢ₊₁ − xᵢ²)² + (1 − xᵢ)²",
    lambda x: np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2), "x n",
    gradient("x"),
    hessian("x"),
    source="Rosenbrock 1960",
)  # fmt: skip
ask(
    FORMS, "outer", "xxᵀ",
    lambda x: np.outer(x, x), "x n",
    jacobian("x", lambda x, V: np.outer(V, x) + np.outer(x, V)),
    sympy="x*x.T", source="Magnus & Neudecker 2019",
)  # fmt: skip
ask(
    FORMS, "residual-vector", "tanh(Ax) − b",
    lambda A, x, b: np.tanh(A @ x) - b, "A m×n, x n, b m",
    jacobian("x", lambda A, x, b: np.diag(1 - np.tanh(A @ x) ** 2) @ A),
    sympy="(A*x).applyfunc(tanh) - b", source="Nocedal & Wright 2006, section 10.1",
)  # fmt: skip
ask(
    FORMS, "procrustes", "½‖AX − B‖²_F",
    lambda A, X, B: np.sum((A @ X - B) ** 2) / 2, "A m×n, X n×k, B m×k",
    gradient("X", lambda A, X, B: A.T @ (A @ X - B)),
    hessian("X", lambda A, X, B, V: A.T @ A @ V),
    sympy="Trace((A*X - B).T*(A*X - B))/2", source="Schönemann 1966",
)  # fmt: skip
ask(
    FORMS, "orthogonality", "¼‖XᵀX − I‖²_F",
    lambda X: np.linalg.norm(X.T @ X - np.eye(X.shape[1])) ** 2 / 4, "X m×n",
    gradient("X", lambda X: X @ (X.T @ X - np.eye(X.shape[1]))),
    hessian("X", lambda X, V: V @ (X.T @ X - np.eye(X.shape[1])) + X @ (V.T @ X + X.T @ V)),
    sympy=(
        "Trace((X.T*X - Identity(n)).T*(X.T*X - Identity(n)))/4",
        "Trace((X.T*X - Identity(n))**2)/4",
    ),
    source="Absil, Mahony & Sepulchre 2008",
)  # fmt: skip
ask(
    FORMS, "markowitz", "wᵀr/√(wᵀSw), Sharpe ratio",
    lambda w, r, S: w @ r / np.sqrt(w @ S @ w), "w n, r n, S n×n positive definite",
    gradient("w", lambda w, r, S: r / np.sqrt(w @ S @ w) - w @ r * S @ w / (w @ S @ w) ** 1.5),
    sympy=(
        "Trace(w.T*r)/sqrt(Trace(w.T*S*w))", "w.T*r*(w.T*S*w)**Rational(-1, 2)",
    ),
    source="Sharpe 1966",
)  # fmt: skip
ask(
    FORMS, "smoothed-norm", "Σᵢ √(xᵢ² + ε²)",
    lambda x, eps: np.sum(np.sqrt(x**2 + eps**2)), "x n, eps scalar positive",
    gradient("x", lambda x, eps: x / np.sqrt(x**2 + eps**2)),
    hessian("x", lambda x, eps: np.diag(eps**2 / (x**2 + eps**2) ** 1.5)),
    sympy=("OneMatrix(1, n)*x.applyfunc(Lambda(t, sqrt(t**2 + eps**2)))",),
    source="Nocedal & Wright 2006",
)  # fmt: skip
ask(
    FORMS, "diag-sandwich", "xᵀ diag(Ay) z",
    lambda A, x, y, z: x @ np.diag(A @ y) @ z, "A m×n, x m, y n, z m",
    gradient("x", lambda A, x, y, z: (A @ y) * z),
    gradient("y", lambda A, x, y, z: A.T @ (x * z)),
    gradient("A", lambda A, x, y, z: np.outer(x * z, y)),
    sympy=("x.T*DiagMatrix(A*y)*z", "x.T*HadamardProduct(A*y, z)"),
    source="Magnus & Neudecker 2019",
)  # fmt: skip
