"""The Matrix Cookbook (Petersen & Pedersen, November 15, 2012), sections 2, 2.1 to 2.4."""

import numpy as np
from numpy.linalg import det, inv, matrix_power, pinv

from benchmarks.problem_lists.question import ask, gradient, hessian, jacobian

COOKBOOK = "cookbook"

# 2: rules for differentials

ask(
    COOKBOOK, "product", "XY",
    lambda X, Y: X @ Y, "X m×n, Y n×k",
    jacobian("X", lambda X, Y, V: V @ Y),
    jacobian("Y", lambda X, Y, V: X @ V),
    sympy="X*Y", source="Matrix Cookbook (37)",
)  # fmt: skip
ask(
    COOKBOOK, "hadamard", "X ∘ Y",
    lambda X, Y: X * Y, "X m×n, Y m×n",
    jacobian("X", lambda X, Y, V: V * Y),
    sympy="HadamardProduct(X, Y)", source="Matrix Cookbook (38)",
)  # fmt: skip
ask(
    COOKBOOK, "kronecker", "X ⊗ Y",
    lambda X, Y: np.kron(X, Y), "X n×k, Y k×n",
    jacobian("X", lambda X, Y, V: np.kron(V, Y)),
    jacobian("Y", lambda X, Y, V: np.kron(X, V)),
    sympy="KroneckerProduct(X, Y)", source="Matrix Cookbook (39)",
)  # fmt: skip
ask(
    COOKBOOK, "inverse", "X⁻¹",
    lambda X: np.linalg.inv(X), "X n×n invertible",
    jacobian("X", lambda X, V: -inv(X) @ V @ inv(X)),
    sympy=("X.I", "X**-1"), source="Matrix Cookbook (40)",
)  # fmt: skip
ask(
    COOKBOOK, "transpose", "Xᵀ",
    lambda X: X.T, "X m×n",
    jacobian("X", lambda X, V: V.T),
    sympy="X.T", source="Matrix Cookbook (44)",
)  # fmt: skip

# 2.1: determinants

ask(
    COOKBOOK, "det-of-scalar", "det(A + tB) in t",
    lambda A, B, t: np.linalg.det(A + t * B), "A n×n invertible, B n×n, t scalar",
    gradient("t", lambda A, B, t: det(A + t * B) * np.trace(inv(A + t * B) @ B)),
    hessian(
        "t", lambda A, B, t: det(A + t * B) * (
            np.trace(inv(A + t * B) @ B) ** 2
            - np.trace(inv(A + t * B) @ B @ inv(A + t * B) @ B)
        ),
        "Matrix Cookbook (48)",
    ),
    sympy="Determinant(A + t*B)", source="Matrix Cookbook (46)",
)  # fmt: skip
ask(
    COOKBOOK, "det-AXB", "det(AXB)",
    lambda A, X, B: np.linalg.det(A @ X @ B),
    "A n×n invertible, X n×n invertible, B n×n invertible",
    gradient("X", lambda A, X, B: det(A @ X @ B) * inv(X).T),
    sympy="Determinant(A*X*B)", source="Matrix Cookbook (51)",
)  # fmt: skip
ask(
    COOKBOOK, "det-square", "det(XᵀAX), X square",
    lambda A, X: np.linalg.det(X.T @ A @ X), "A n×n invertible, X n×n invertible",
    gradient("X", lambda A, X: 2 * det(X.T @ A @ X) * inv(X).T),
    sympy="Determinant(X.T*A*X)", source="Matrix Cookbook (52)",
)  # fmt: skip
ask(
    COOKBOOK, "det-symmetric", "det(XᵀAX), A symmetric",
    lambda A, X: np.linalg.det(X.T @ A @ X), "A n×n positive definite, X n×k",
    gradient("X", lambda A, X: 2 * det(X.T @ A @ X) * A @ X @ inv(X.T @ A @ X)),
    sympy="Determinant(X.T*A*X)", source="Matrix Cookbook (53)",
)  # fmt: skip
ask(
    COOKBOOK, "det-general", "det(XᵀAX)",
    lambda A, X: np.linalg.det(X.T @ A @ X), "A n×n near the identity, X n×k",
    gradient("X", lambda A, X: det(X.T @ A @ X) * (
        A @ X @ inv(X.T @ A @ X) + A.T @ X @ inv(X.T @ A.T @ X)
    )),
    sympy="Determinant(X.T*A*X)", source="Matrix Cookbook (54)",
)  # fmt: skip
ask(
    COOKBOOK, "logdet-gram", "log det(XᵀX)",
    lambda X: np.log(np.linalg.det(X.T @ X)), "X m×n",
    gradient("X", lambda X: 2 * pinv(X).T),
    sympy="log(Determinant(X.T*X))", source="Matrix Cookbook (55)",
)  # fmt: skip
ask(
    COOKBOOK, "log-abs-det", "log|det X|",
    lambda X: np.linalg.slogdet(X)[1], "X n×n invertible",
    gradient("X", lambda X: inv(X).T),
    hessian("X", lambda X, V: -inv(X).T @ V.T @ inv(X).T),
    sympy=("log(abs(Determinant(X)))", "log(Determinant(X)**2)/2"), source="Matrix Cookbook (57)",
)  # fmt: skip
ask(
    COOKBOOK, "det-power", "det(X³)",
    lambda X: np.linalg.det(X @ X @ X), "X n×n near the identity",
    gradient("X", lambda X: 3 * det(X) ** 3 * inv(X).T),
    sympy=("Determinant(X**3)", "Determinant(X)**3"), source="Matrix Cookbook (58)",
)  # fmt: skip

# 2.2: inverses

ask(
    COOKBOOK, "inverse-of-scalar", "(A + tB)⁻¹ in t",
    lambda A, B, t: np.linalg.inv(A + t * B), "A n×n invertible, B n×n, t scalar",
    jacobian("t", lambda A, B, t: -inv(A + t * B) @ B @ inv(A + t * B)),
    sympy=("(A + t*B).I", "(A + t*B)**-1"), source="Matrix Cookbook (59)",
)  # fmt: skip
ask(
    COOKBOOK, "form-inverse", "aᵀX⁻¹b",
    lambda a, X, b: a @ np.linalg.inv(X) @ b, "a n, X n×n invertible, b n",
    gradient("X", lambda a, X, b: -np.outer(inv(X).T @ a, inv(X) @ b)),
    sympy=("a.T*X.I*b", "Trace(a.T*X.I*b)"), source="Matrix Cookbook (61)",
)  # fmt: skip
ask(
    COOKBOOK, "det-inverse", "det(X⁻¹)",
    lambda X: np.linalg.det(np.linalg.inv(X)), "X n×n invertible",
    gradient("X", lambda X: -det(inv(X)) * inv(X).T),
    sympy=("Determinant(X.I)", "1/Determinant(X)"), source="Matrix Cookbook (62)",
)  # fmt: skip
ask(
    COOKBOOK, "trace-A-inverse-B", "tr(AX⁻¹B)",
    lambda A, X, B: np.trace(A @ np.linalg.inv(X) @ B), "A k×n, X n×n invertible, B n×k",
    gradient("X", lambda A, X, B: -(inv(X) @ B @ A @ inv(X)).T),
    sympy="Trace(A*X.I*B)", source="Matrix Cookbook (63), (124)",
)  # fmt: skip
ask(
    COOKBOOK, "trace-shifted-inverse", "tr((X + A)⁻¹)",
    lambda A, X: np.trace(np.linalg.inv(X + A)), "A n×n, X n×n invertible",
    gradient("X", lambda A, X: -(inv(X + A) @ inv(X + A)).T),
    sympy="Trace((X + A).I)", source="Matrix Cookbook (64)",
)  # fmt: skip

# 2.3: eigenvalues

ask(
    COOKBOOK, "eigenvalue", "λ₁(A), A symmetric",
    lambda A: np.linalg.eigvalsh(A)[0], "A n×n symmetric",
    gradient(
        "A", lambda A: np.outer(np.linalg.eigh(A)[1][:, 0], np.linalg.eigh(A)[1][:, 0]),
    ),
    source="Matrix Cookbook (67)",
)  # fmt: skip
ask(
    COOKBOOK, "eigenvector", "(cᵀv₁)², v₁ the first eigenvector of a symmetric A",
    lambda A, c: (c @ np.linalg.eigh(A)[1][:, 0]) ** 2, "A n×n symmetric, c n",
    gradient("A"),
    source="Matrix Cookbook (68)",
)  # fmt: skip

# 2.4.1: first order

ask(
    COOKBOOK, "aXb", "aᵀXb",
    lambda a, X, b: a @ X @ b, "a m, X m×n, b n",
    gradient("X", lambda a, X, b: np.outer(a, b)),
    sympy=("a.T*X*b", "Trace(a.T*X*b)", "(a.T*X*b)[0, 0]"), source="Matrix Cookbook (70)",
)  # fmt: skip
ask(
    COOKBOOK, "aXTb", "aᵀXᵀb",
    lambda a, X, b: a @ X.T @ b, "a n, X m×n, b m",
    gradient("X", lambda a, X, b: np.outer(b, a)),
    sympy=("a.T*X.T*b", "Trace(a.T*X.T*b)"), source="Matrix Cookbook (71)",
)  # fmt: skip
ask(
    COOKBOOK, "aXa", "aᵀXa",
    lambda a, X: a @ X @ a, "a n, X n×n",
    gradient("X", lambda a, X: np.outer(a, a)),
    sympy=("a.T*X*a", "Trace(a.T*X*a)"), source="Matrix Cookbook (72)",
)  # fmt: skip
ask(
    COOKBOOK, "entry", "X₁₂",
    lambda X: X[0, 1], "X m×n",
    gradient("X", lambda X: np.eye(1, X.size, 1).reshape(X.shape)),
    sympy="X[0, 1]", source="Matrix Cookbook (73)",
)  # fmt: skip
ask(
    COOKBOOK, "entry-of-product", "(XA)₁₂",
    lambda X, A: (X @ A)[0, 1], "X m×n, A n×k",
    gradient("X", lambda X, A: np.outer(np.eye(len(X))[0], A[:, 1])),
    sympy="(X*A)[0, 1]", source="Matrix Cookbook (74)",
)  # fmt: skip

# 2.4.2: second order

ask(
    COOKBOOK, "sum-squared", "(Σᵢⱼ Xᵢⱼ)²",
    lambda X: np.sum(X) ** 2, "X m×n",
    gradient("X", lambda X: 2 * np.sum(X) * np.ones(X.shape)),
    sympy=(
        "OneMatrix(1, m)*X*OneMatrix(n, 1)*OneMatrix(1, m)*X*OneMatrix(n, 1)",
        "Trace(OneMatrix(n, m)*X)**2",
    ),
    source="Matrix Cookbook (76)",
)  # fmt: skip
ask(
    COOKBOOK, "bXTXc", "bᵀXᵀXc",
    lambda b, X, c: b @ X.T @ X @ c, "b n, X m×n, c n",
    gradient("X", lambda b, X, c: X @ (np.outer(b, c) + np.outer(c, b))),
    hessian("X", lambda b, X, c, V: V @ (np.outer(b, c) + np.outer(c, b))),
    sympy=("b.T*X.T*X*c", "Trace(b.T*X.T*X*c)"), source="Matrix Cookbook (77)",
)  # fmt: skip
ask(
    COOKBOOK, "bilinear-affine", "(Bx + b)ᵀC(Dx + d)",
    lambda B, b, C, D, d, x: (B @ x + b) @ C @ (D @ x + d),
    "B m×n, b m, C m×p, D p×n, d p, x n",
    gradient(
        "x", lambda B, b, C, D, d, x: B.T @ C @ (D @ x + d) + D.T @ C.T @ (B @ x + b),
    ),
    hessian("x", lambda B, b, C, D, d, x: B.T @ C @ D + D.T @ C.T @ B),
    sympy=("(B*x + b).T*C*(D*x + d)", "Trace((B*x + b).T*C*(D*x + d))"),
    source="Matrix Cookbook (78)",
)  # fmt: skip
ask(
    COOKBOOK, "congruence", "XᵀBX",
    lambda B, X: X.T @ B @ X, "B m×m, X m×n",
    jacobian("X", lambda B, X, V: V.T @ B @ X + X.T @ B @ V),
    sympy="X.T*B*X", source="Matrix Cookbook (80)",
)  # fmt: skip
ask(
    COOKBOOK, "xBx", "xᵀBx",
    lambda B, x: x @ B @ x, "B n×n, x n",
    gradient("x", lambda B, x: (B + B.T) @ x),
    hessian("x", lambda B, x: B + B.T, "Matrix Cookbook (98)"),
    sympy=("x.T*B*x", "Trace(x.T*B*x)"), source="Matrix Cookbook (81)",
)  # fmt: skip
ask(
    COOKBOOK, "bXTDXc", "bᵀXᵀDXc",
    lambda b, X, D, c: b @ X.T @ D @ X @ c, "b n, X m×n, D m×m, c n",
    gradient("X", lambda b, X, D, c: D.T @ X @ np.outer(b, c) + D @ X @ np.outer(c, b)),
    sympy=("b.T*X.T*D*X*c", "Trace(b.T*X.T*D*X*c)"), source="Matrix Cookbook (82)",
)  # fmt: skip
ask(
    COOKBOOK, "affine-D", "(Xb + c)ᵀD(Xb + c)",
    lambda X, b, c, D: (X @ b + c) @ D @ (X @ b + c), "X m×n, b n, c m, D m×m",
    gradient("X", lambda X, b, c, D: np.outer((D + D.T) @ (X @ b + c), b)),
    sympy=("(X*b + c).T*D*(X*b + c)", "Trace((X*b + c).T*D*(X*b + c))"),
    source="Matrix Cookbook (83)",
)  # fmt: skip
ask(
    COOKBOOK, "weighted", "(x − As)ᵀW(x − As), W symmetric",
    lambda x, A, s, W: (x - A @ s) @ W @ (x - A @ s), "x m, A m×n, s n, W m×m symmetric",
    gradient("s", lambda x, A, s, W: -2 * A.T @ W @ (x - A @ s), "Matrix Cookbook (84)"),
    gradient("x", lambda x, A, s, W: 2 * W @ (x - A @ s), "Matrix Cookbook (87)"),
    gradient(
        "A", lambda x, A, s, W: -2 * np.outer(W @ (x - A @ s), s), "Matrix Cookbook (88)",
    ),
    hessian("s", lambda x, A, s, W: 2 * A.T @ W @ A),
    sympy=("(x - A*s).T*W*(x - A*s)", "Trace((x - A*s).T*W*(x - A*s))"),
    source="Matrix Cookbook (84), (87), (88)",
)  # fmt: skip
ask(
    COOKBOOK, "distance", "(x − s)ᵀW(x − s), W symmetric",
    lambda x, s, W: (x - s) @ W @ (x - s), "x n, s n, W n×n symmetric",
    gradient("x", lambda x, s, W: 2 * W @ (x - s), "Matrix Cookbook (85)"),
    gradient("s", lambda x, s, W: -2 * W @ (x - s), "Matrix Cookbook (86)"),
    sympy=("(x - s).T*W*(x - s)", "Trace((x - s).T*W*(x - s))"),
    source="Matrix Cookbook (85), (86)",
)  # fmt: skip

# 2.4.3: higher order; 2.4.4: gradient and Hessian

ask(
    COOKBOOK, "matrix-power", "X³",
    lambda X: X @ X @ X, "X n×n",
    jacobian("X", lambda X, V: V @ X @ X + X @ V @ X + X @ X @ V),
    sympy=("X**3", "X*X*X"), source="Matrix Cookbook (90)",
)  # fmt: skip
ask(
    COOKBOOK, "aX3b", "aᵀX³b",
    lambda a, X, b: a @ np.linalg.matrix_power(X, 3) @ b, "a n, X n×n, b n",
    gradient("X", lambda a, X, b: sum(
        np.outer(matrix_power(X, r).T @ a, matrix_power(X, 2 - r) @ b) for r in range(3)
    )),
    sympy=("a.T*X**3*b", "a.T*X*X*X*b", "Trace(a.T*X**3*b)"), source="Matrix Cookbook (91)",
)  # fmt: skip
ask(
    COOKBOOK, "aXnTXnb", "aᵀ(X²)ᵀX²b",
    lambda a, X, b: a @ (X @ X).T @ (X @ X) @ b, "a n, X n×n, b n",
    # (92) prints X^(n−1−r)abᵀ(Xⁿ)ᵀXʳ in the first sum, which is the transpose of what is right.
    gradient("X", lambda a, X, b: sum(
        matrix_power(X, r).T @ X @ X @ (np.outer(a, b) + np.outer(b, a))
        @ matrix_power(X, 1 - r).T
        for r in range(2)
    )),
    sympy=("a.T*(X**2).T*X**2*b", "Trace(a.T*X.T*X.T*X*X*b)"), source="Matrix Cookbook (92)",
)  # fmt: skip
ask(
    COOKBOOK, "sAr", "s(x)ᵀA r(x), s = sin x, r = Bx",
    lambda A, B, x: np.sin(x) @ A @ (B @ x), "A n×n, B n×n, x n",
    gradient(
        "x", lambda A, B, x: np.cos(x) * (A @ B @ x) + B.T @ A.T @ np.sin(x),
    ),
    sympy=("x.applyfunc(sin).T*A*B*x", "Trace(x.applyfunc(sin).T*A*B*x)"),
    source="Matrix Cookbook (93)",
)  # fmt: skip
ask(
    COOKBOOK, "quotient", "(Ax)ᵀ(Ax)/((Bx)ᵀ(Bx))",
    lambda A, B, x: (A @ x) @ (A @ x) / ((B @ x) @ (B @ x)), "A m×n, B m×n, x n",
    gradient("x", lambda A, B, x: 2 * A.T @ A @ x / ((B @ x) @ (B @ x))
             - 2 * ((A @ x) @ (A @ x)) * B.T @ B @ x / ((B @ x) @ (B @ x)) ** 2),
    sympy=(
        "x.T*A.T*A*x*(x.T*B.T*B*x)**-1", "Trace(x.T*A.T*A*x)/Trace(x.T*B.T*B*x)",
    ),
    source="Matrix Cookbook (94), (95)",
)  # fmt: skip
ask(
    COOKBOOK, "xAx-bx", "xᵀAx + bᵀx",
    lambda A, b, x: x @ A @ x + b @ x, "A n×n, b n, x n",
    gradient("x", lambda A, b, x: (A + A.T) @ x + b),
    hessian("x", lambda A, b, x: A + A.T),
    sympy=("x.T*A*x + b.T*x", "Trace(x.T*A*x) + Trace(b.T*x)"),
    source="Matrix Cookbook (96) to (98)",
)  # fmt: skip
