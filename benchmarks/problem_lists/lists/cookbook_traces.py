"""The Matrix Cookbook, section 2.5: traces."""

import numpy as np
from numpy.linalg import inv, matrix_power

from benchmarks.problem_lists.question import ask, gradient, hessian

COOKBOOK = "cookbook"


def trace_of(key, title, f, arguments, by_hand, number, sympy=None, second=None):
    """A trace whose SymPy form is the title's, if no other is given."""
    asked = [gradient("X", by_hand)] + ([hessian("X", second)] if second else [])
    ask(
        COOKBOOK, key, title, f, arguments, *asked,
        sympy=sympy or (), source=f"Matrix Cookbook ({number})",
    )  # fmt: skip


# 2.5.1: first order. (99) and (101) are on the site's list too.

trace_of(
    "tr-XA", "tr(XA)", lambda X, A: np.trace(X @ A), "X m×n, A n×m",
    lambda X, A: A.T, 100, "Trace(X*A)",
)  # fmt: skip
trace_of(
    "tr-AXTB", "tr(AXᵀB)", lambda A, X, B: np.trace(A @ X.T @ B), "A k×n, X m×n, B m×k",
    lambda A, X, B: B @ A, 102, "Trace(A*X.T*B)",
)  # fmt: skip
trace_of(
    "tr-XTA", "tr(XᵀA)", lambda X, A: np.trace(X.T @ A), "X m×n, A m×n",
    lambda X, A: A, 103, "Trace(X.T*A)",
)  # fmt: skip
trace_of(
    "tr-AXT", "tr(AXᵀ)", lambda A, X: np.trace(A @ X.T), "A m×n, X m×n",
    lambda A, X: A, 104, "Trace(A*X.T)",
)  # fmt: skip
trace_of(
    "tr-kron", "tr(A ⊗ X)", lambda A, X: np.trace(np.kron(A, X)), "A k×k, X n×n",
    lambda A, X: np.trace(A) * np.eye(len(X)), 105,
    ("Trace(KroneckerProduct(A, X))", "Trace(A)*Trace(X)"),
)  # fmt: skip

# 2.5.2: second order

trace_of(
    "tr-X2", "tr(X²)", lambda X: np.trace(X @ X), "X n×n",
    lambda X: 2 * X.T, 106, ("Trace(X**2)", "Trace(X*X)"), second=lambda X, V: 2 * V.T,
)  # fmt: skip
trace_of(
    "tr-X2B", "tr(X²B)", lambda X, B: np.trace(X @ X @ B), "X n×n, B n×n",
    lambda X, B: (X @ B + B @ X).T, 107, ("Trace(X**2*B)", "Trace(X*X*B)"),
)  # fmt: skip
trace_of(
    "tr-XTBX", "tr(XᵀBX)", lambda X, B: np.trace(X.T @ B @ X), "X m×n, B m×m",
    lambda X, B: B @ X + B.T @ X, 108, "Trace(X.T*B*X)", second=lambda X, B, V: (B + B.T) @ V,
)  # fmt: skip
trace_of(
    "tr-BXXT", "tr(BXXᵀ)", lambda B, X: np.trace(B @ X @ X.T), "B m×m, X m×n",
    lambda B, X: B @ X + B.T @ X, 109, "Trace(B*X*X.T)",
)  # fmt: skip
trace_of(
    "tr-XXTB", "tr(XXᵀB)", lambda X, B: np.trace(X @ X.T @ B), "X m×n, B m×m",
    lambda X, B: B @ X + B.T @ X, 110, "Trace(X*X.T*B)",
)  # fmt: skip
trace_of(
    "tr-XBXT", "tr(XBXᵀ)", lambda X, B: np.trace(X @ B @ X.T), "X m×n, B n×n",
    lambda X, B: X @ B.T + X @ B, 111, "Trace(X*B*X.T)",
)  # fmt: skip
trace_of(
    "tr-BXTX", "tr(BXᵀX)", lambda B, X: np.trace(B @ X.T @ X), "B n×n, X m×n",
    lambda B, X: X @ B.T + X @ B, 112, "Trace(B*X.T*X)",
)  # fmt: skip
trace_of(
    "tr-XTXB", "tr(XᵀXB)", lambda X, B: np.trace(X.T @ X @ B), "X m×n, B n×n",
    lambda X, B: X @ B.T + X @ B, 113, "Trace(X.T*X*B)",
)  # fmt: skip
trace_of(
    "tr-AXBX", "tr(AXBX)", lambda A, X, B: np.trace(A @ X @ B @ X), "A n×m, X m×n, B n×m",
    lambda A, X, B: A.T @ X.T @ B.T + B.T @ X.T @ A.T, 114, "Trace(A*X*B*X)",
    second=lambda A, X, B, V: A.T @ V.T @ B.T + B.T @ V.T @ A.T,
)  # fmt: skip
trace_of(
    "tr-XTX", "tr(XᵀX)", lambda X: np.trace(X.T @ X), "X m×n",
    lambda X: 2 * X, 115, ("Trace(X.T*X)", "Trace(X*X.T)"),
)  # fmt: skip
trace_of(
    "tr-BXCXB", "tr(BᵀXᵀCXB)", lambda B, X, C: np.trace(B.T @ X.T @ C @ X @ B),
    "B n×k, X m×n, C m×m",
    lambda B, X, C: C.T @ X @ B @ B.T + C @ X @ B @ B.T, 116, "Trace(B.T*X.T*C*X*B)",
)  # fmt: skip
trace_of(
    "tr-XTBXC", "tr(XᵀBXC)", lambda X, B, C: np.trace(X.T @ B @ X @ C), "X m×n, B m×m, C n×n",
    lambda X, B, C: B @ X @ C + B.T @ X @ C.T, 117, "Trace(X.T*B*X*C)",
)  # fmt: skip
trace_of(
    "tr-AXBXTC", "tr(AXBXᵀC)", lambda A, X, B, C: np.trace(A @ X @ B @ X.T @ C),
    "A k×m, X m×n, B n×n, C m×k",
    lambda A, X, B, C: A.T @ C.T @ X @ B.T + C @ A @ X @ B, 118, "Trace(A*X*B*X.T*C)",
)  # fmt: skip
trace_of(
    "tr-square", "tr((AXB + C)(AXB + C)ᵀ)",
    lambda A, X, B, C: np.trace((A @ X @ B + C) @ (A @ X @ B + C).T),
    "A p×m, X m×n, B n×k, C p×k",
    lambda A, X, B, C: 2 * A.T @ (A @ X @ B + C) @ B.T, 119, "Trace((A*X*B + C)*(A*X*B + C).T)",
    second=lambda A, X, B, C, V: 2 * A.T @ A @ V @ B @ B.T,
)  # fmt: skip
trace_of(
    "tr-X-kron-X", "tr(X ⊗ X)", lambda X: np.trace(np.kron(X, X)), "X n×n",
    lambda X: 2 * np.trace(X) * np.eye(len(X)), 120,
    ("Trace(KroneckerProduct(X, X))", "Trace(X)*Trace(X)", "Trace(X)**2"),
)  # fmt: skip

# 2.5.3: higher order

trace_of(
    "tr-X4", "tr(X⁴)", lambda X: np.trace(np.linalg.matrix_power(X, 4)), "X n×n",
    lambda X: 4 * matrix_power(X, 3).T, 121, ("Trace(X**4)", "Trace(X*X*X*X)"),
)  # fmt: skip
trace_of(
    "tr-AX3", "tr(AX³)", lambda A, X: np.trace(A @ X @ X @ X), "A n×n, X n×n",
    lambda A, X: sum(matrix_power(X, r) @ A @ matrix_power(X, 2 - r) for r in range(3)).T, 122,
    ("Trace(A*X**3)", "Trace(A*X*X*X)"),
)  # fmt: skip
trace_of(
    "tr-fourth", "tr(BᵀXᵀCXXᵀCXB)",
    lambda B, X, C: np.trace(B.T @ X.T @ C @ X @ X.T @ C @ X @ B), "B n×k, X m×n, C m×m",
    lambda B, X, C: C @ X @ X.T @ C @ X @ B @ B.T + C.T @ X @ B @ B.T @ X.T @ C.T @ X
    + C @ X @ B @ B.T @ X.T @ C @ X + C.T @ X @ X.T @ C.T @ X @ B @ B.T,
    123, "Trace(B.T*X.T*C*X*X.T*C*X*B)",
)  # fmt: skip

# 2.5.4: other. B and C are symmetric.

trace_of(
    "tr-inverse-form", "tr((XᵀCX)⁻¹A), C symmetric",
    lambda X, C, A: np.trace(np.linalg.inv(X.T @ C @ X) @ A),
    "X m×n, C m×m positive definite, A n×n",
    lambda X, C, A: -C @ X @ inv(X.T @ C @ X) @ (A + A.T) @ inv(X.T @ C @ X), 125,
    "Trace((X.T*C*X).I*A)",
)  # fmt: skip
trace_of(
    "tr-ratio", "tr((XᵀCX)⁻¹(XᵀBX)), B, C symmetric",
    lambda X, B, C: np.trace(np.linalg.inv(X.T @ C @ X) @ (X.T @ B @ X)),
    "X m×n, B m×m symmetric, C m×m positive definite",
    lambda X, B, C: -2 * C @ X @ inv(X.T @ C @ X) @ X.T @ B @ X @ inv(X.T @ C @ X)
    + 2 * B @ X @ inv(X.T @ C @ X),
    126, "Trace((X.T*C*X).I*(X.T*B*X))",
)  # fmt: skip
trace_of(
    "tr-shifted-ratio", "tr((A + XᵀCX)⁻¹(XᵀBX)), A, B, C symmetric",
    lambda X, A, B, C: np.trace(np.linalg.inv(A + X.T @ C @ X) @ (X.T @ B @ X)),
    "X m×n, A n×n positive definite, B m×m symmetric, C m×m positive definite",
    lambda X, A, B, C: -2 * C @ X @ inv(A + X.T @ C @ X) @ X.T @ B @ X @ inv(A + X.T @ C @ X)
    + 2 * B @ X @ inv(A + X.T @ C @ X),
    127, "Trace((A + X.T*C*X).I*(X.T*B*X))",
)  # fmt: skip
ask(
    COOKBOOK, "tr-sin", "tr(sin X), X symmetric, by its eigenvalues",
    lambda X: np.sum(np.sin(np.linalg.eigvalsh(X))), "X n×n symmetric",
    gradient(
        "X", lambda X: np.linalg.eigh(X)[1] @ np.diag(np.cos(np.linalg.eigvalsh(X)))
        @ np.linalg.eigh(X)[1].T,
    ),
    source="Matrix Cookbook (128)",
)  # fmt: skip
