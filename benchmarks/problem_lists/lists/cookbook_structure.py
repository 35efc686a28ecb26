"""The Matrix Cookbook, sections 2.6 to 2.8 and 4: norms, structured and complex matrices.

Chapter 4 in real variables: Z = R + iM is two real matrices, and a real function of Z is a function
of both. What is then left are traces of ZZᴴ and AZᴴ, the LMS form and the inverse of a complex sum
(section 4.3); its determinants det(XᴴAX) and its quotient of norms are those of chapter 2 when Z is
real, and its chain rules and Cauchy-Riemann conditions are statements and not questions.
"""

import numpy as np
from numpy.linalg import det, inv, norm

from benchmarks.problem_lists.question import ask, gradient, hessian, jacobian

COOKBOOK = "cookbook"
COMPLEX = "Matrix Cookbook, section 4.1, in real variables"

# 2.6 and 2.7: norms

ask(
    COOKBOOK, "norm-distance", "‖x − a‖",
    lambda x, a: np.linalg.norm(x - a), "x n, a n",
    gradient("x", lambda x, a: (x - a) / norm(x - a)),
    sympy=(
        "((x - a).T*(x - a))**Rational(1, 2)", "sqrt(Trace((x - a).T*(x - a)))",
    ),
    source="Matrix Cookbook (129)",
)  # fmt: skip
ask(
    COOKBOOK, "unit-vector", "(x − a)/‖x − a‖",
    lambda x, a: (x - a) / np.linalg.norm(x - a), "x n, a n",
    jacobian("x", lambda x, a: np.eye(len(x)) / norm(x - a)
             - np.outer(x - a, x - a) / norm(x - a) ** 3),
    sympy=(
        "(x - a)*((x - a).T*(x - a))**Rational(-1, 2)",
        "(x - a)/sqrt(((x - a).T*(x - a))[0, 0])",
    ),
    source="Matrix Cookbook (130)",
)  # fmt: skip
ask(
    COOKBOOK, "norm-squared", "‖x‖²",
    lambda x: np.linalg.norm(x) ** 2, "x n",
    gradient("x", lambda x: 2 * x),
    hessian("x", lambda x: 2 * np.eye(len(x))),
    sympy=("x.T*x", "Trace(x.T*x)"), source="Matrix Cookbook (131)",
)  # fmt: skip

# 2.8.2: symmetric matrices. (139) to (141) differentiate by the entries on and below the diagonal,
# so the function builds the symmetric matrix from them.


def mirrored(X):
    """The symmetric matrix with the entries of X on and below the diagonal."""
    return np.tril(X) + np.tril(X, -1).T


def lower_part(g):
    """What (138) gives for a gradient g that forgets the symmetry, on and below the diagonal."""
    return np.tril(g + g.T - np.diag(np.diag(g)))


ask(
    COOKBOOK, "entries-trace", "tr(AX), by the entries below and on the diagonal of X",
    lambda A, X: np.trace(A @ (np.tril(X) + np.tril(X, -1).T)), "A n×n, X n×n",
    gradient("X", lambda A, X: np.tril(A + A.T - A * np.eye(len(A)))),
    source="Matrix Cookbook (139)",
)  # fmt: skip
ask(
    COOKBOOK, "entries-det", "det X, by the entries below and on the diagonal of X",
    lambda X: np.linalg.det(np.tril(X) + np.tril(X, -1).T), "X n×n near the identity",
    gradient("X", lambda X: lower_part(det(mirrored(X)) * inv(mirrored(X)))),
    source="Matrix Cookbook (140)",
)  # fmt: skip
ask(
    COOKBOOK, "entries-logdet", "log det X, by the entries below and on the diagonal of X",
    lambda X: np.log(np.linalg.det(np.tril(X) + np.tril(X, -1).T)), "X n×n near the identity",
    gradient("X", lambda X: lower_part(inv(mirrored(X)))),
    source="Matrix Cookbook (141)",
)  # fmt: skip

# The same among symmetric matrices: the gradient is the symmetric G with df = ⟨G, dX⟩.

SYMMETRIC = "Matrix Cookbook, section 2.8.2; Magnus & Neudecker 2019"

ask(
    COOKBOOK, "symmetric-trace", "tr(AX), X symmetric",
    lambda A, X: np.trace(A @ X), "A n×n, X n×n symmetric",
    gradient("X", lambda A, X: (A + A.T) / 2),
    sympy="Trace(A*X)", source=SYMMETRIC,
)  # fmt: skip
ask(
    COOKBOOK, "symmetric-det", "det X, X symmetric",
    lambda X: np.linalg.det(X), "X n×n positive definite",
    gradient("X", lambda X: det(X) * inv(X)),
    sympy="Determinant(X)", source=SYMMETRIC,
)  # fmt: skip
ask(
    COOKBOOK, "symmetric-logdet", "log det X, X symmetric",
    lambda X: np.log(np.linalg.det(X)), "X n×n positive definite",
    gradient("X", lambda X: inv(X)),
    hessian("X", lambda X, V: -inv(X) @ V @ inv(X)),
    sympy="log(Determinant(X))", source=SYMMETRIC,
)  # fmt: skip
ask(
    COOKBOOK, "symmetric-form", "aᵀXb, X symmetric",
    lambda a, X, b: a @ X @ b, "a n, X n×n symmetric, b n",
    gradient("X", lambda a, X, b: (np.outer(a, b) + np.outer(b, a)) / 2),
    sympy=("a.T*X*b", "Trace(a.T*X*b)"), source=SYMMETRIC,
)  # fmt: skip

# 2.8.3 and 2.8.4: diagonal and Toeplitz

ask(
    COOKBOOK, "diagonal-trace", "tr(AX), X diagonal",
    lambda A, X: np.trace(A @ X), "A n×n, X n×n diagonal",
    gradient("X", lambda A, X: A * np.eye(len(A))),
    sympy="Trace(A*X)", source="Matrix Cookbook (142)",
)  # fmt: skip
ask(
    COOKBOOK, "diagonal-vector", "tr(A diag(x))",
    lambda A, x: np.trace(A @ np.diag(x)), "A n×n, x n",
    gradient("x", lambda A, x: np.diag(A)),
    sympy=("Trace(A*DiagMatrix(x))", "Trace(A*diagonalize_vector(x))"),
    source="Matrix Cookbook (142)",
)  # fmt: skip
ask(
    COOKBOOK, "toeplitz-trace", "tr(AT), T symmetric Toeplitz with first row t",
    lambda A, t: np.trace(
        A @ sum(
            t[k] * (np.eye(len(A), k=k) + np.eye(len(A), k=-k)) / (2 if k == 0 else 1)
            for k in range(len(A))
        )
    ),
    "A n×n, t n",
    gradient("t", lambda A, t: np.array([
        (np.trace(A, k) + np.trace(A, -k)) / (2 if k == 0 else 1) for k in range(len(A))
    ])),
    source="Matrix Cookbook (143), (146)",
)  # fmt: skip

# 4: complex matrices Z = R + iM in real variables

ask(
    COOKBOOK, "complex-AZH", "Re tr(AZᴴ), Z = R + iM, A = B + iC",
    lambda B, C, R, M: np.trace(B @ R.T) + np.trace(C @ M.T), "B m×n, C m×n, R m×n, M m×n",
    gradient("R", lambda B, C, R, M: B),
    gradient("M", lambda B, C, R, M: C),
    sympy="Trace(B*R.T) + Trace(C*M.T)", source=COMPLEX,
)  # fmt: skip
ask(
    COOKBOOK, "complex-ZZH", "tr(ZZᴴ), Z = R + iM",
    lambda R, M: np.trace(R @ R.T + M @ M.T), "R m×n, M m×n",
    gradient("R", lambda R, M: 2 * R),
    gradient("M", lambda R, M: 2 * M),
    sympy=("Trace(R*R.T + M*M.T)", "Trace(R*R.T) + Trace(M*M.T)"), source=COMPLEX,
)  # fmt: skip
ask(
    COOKBOOK, "complex-lms", "|a − zᴴb|², z = x + iy, a and b real",
    lambda a, b, x, y: (a - x @ b) ** 2 + (y @ b) ** 2, "a scalar, b n, x n, y n",
    gradient("x", lambda a, b, x, y: -2 * (a - x @ b) * b),
    gradient("y", lambda a, b, x, y: 2 * (y @ b) * b),
    sympy=(
        "(a - Trace(x.T*b))**2 + Trace(y.T*b)**2",
        "(a*Identity(1) - x.T*b)*(a*Identity(1) - x.T*b) + y.T*b*y.T*b",
    ),
    source="Matrix Cookbook (89), in real variables",
)  # fmt: skip
ask(
    COOKBOOK, "complex-inverse", "tr(G Re Z⁻¹), Z = R + iM: Re Z⁻¹ = (R + MR⁻¹M)⁻¹",
    lambda G, R, M: np.trace(G @ np.linalg.inv(R + M @ np.linalg.inv(R) @ M)),
    "G n×n, R n×n invertible, M n×n",
    gradient(
        "R", lambda G, R, M: -np.real(inv(R + 1j * M) @ G @ inv(R + 1j * M)).T,
    ),
    gradient(
        "M", lambda G, R, M: np.imag(inv(R + 1j * M) @ G @ inv(R + 1j * M)).T,
    ),
    sympy="Trace(G*(R + M*R.I*M).I)", source="Matrix Cookbook, section 4.3, in real variables",
)  # fmt: skip
