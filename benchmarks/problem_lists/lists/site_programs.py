"""The same site's list on automatic differentiation, where it asks for derivatives."""

import numpy as np
from numpy.linalg import inv

from benchmarks.problem_lists.question import ask, gradient, hessian

AD = "site, AD list"
SOURCE = "site, AD list"

ask(
    AD, "trace-AXB", "tr(AXB)",
    lambda A, X, B: np.trace(A @ X @ B), "A k×m, X m×n, B n×k",
    gradient("X", lambda A, X, B: A.T @ B.T, "Matrix Cookbook (101)"),
    sympy="Trace(A*X*B)", source=SOURCE,
)  # fmt: skip
ask(
    AD, "neg-logdet", "−log det X",
    lambda X: -np.log(np.linalg.det(X)), "X n×n near the identity",
    gradient("X", lambda X: -inv(X).T),
    hessian("X", lambda X, V: inv(X).T @ V.T @ inv(X).T),
    sympy="-log(Determinant(X))", source=SOURCE,
)  # fmt: skip
ask(
    AD, "quartic", "xᵀx xᵀx",
    lambda x: x @ x * (x @ x), "x n",
    gradient("x", lambda x: 4 * (x @ x) * x),
    hessian("x", lambda x: 4 * (x @ x) * np.eye(len(x)) + 8 * np.outer(x, x)),
    sympy=("x.T*x*x.T*x", "Trace(x.T*x)**2", "Trace(x.T*x*x.T*x)"), source=SOURCE,
)  # fmt: skip
ask(
    AD, "scalars", "exp(−(sin x − cos y)²)",
    lambda x, y: np.exp(-((np.sin(x) - np.cos(y)) ** 2)), "x scalar, y scalar",
    gradient(
        "x", lambda x, y: -2 * (np.sin(x) - np.cos(y)) * np.cos(x)
        * np.exp(-((np.sin(x) - np.cos(y)) ** 2)),
    ),
    gradient(
        "y", lambda x, y: -2 * (np.sin(x) - np.cos(y)) * np.sin(y)
        * np.exp(-((np.sin(x) - np.cos(y)) ** 2)),
    ),
    sympy="exp(-(sin(x) - cos(y))**2)", source=SOURCE,
)  # fmt: skip
ask(
    AD, "taylor", "Taylor polynomial of cos, degree 6",
    lambda x: 1 - x**2 / 2 + x**4 / 24 - x**6 / 720, "x scalar",
    gradient("x", lambda x: -x + x**3 / 6 - x**5 / 120),
    hessian("x", lambda x: -1 + x**2 / 2 - x**4 / 24),
    sympy="1 - x**2/2 + x**4/24 - x**6/720", source=SOURCE,
)  # fmt: skip
ask(
    AD, "tanh", "tanh x",
    lambda x: np.tanh(x), "x scalar",
    gradient("x", lambda x: 1 - np.tanh(x) ** 2),
    hessian("x", lambda x: -2 * np.tanh(x) * (1 - np.tanh(x) ** 2)),
    sympy="tanh(x)", source=SOURCE,
)  # fmt: skip


def after_descent(A, b, x, alpha):
    """½xᵀAx − bᵀx after one step of gradient descent for each learned step size."""
    for i in range(alpha.shape[0]):
        x = x - alpha[i] * (A @ x - b)
    return x @ A @ x / 2 - b @ x


ask(
    AD, "step-sizes", "½xᵀAx − bᵀx after gradient descent with step sizes αᵢ",
    after_descent, "A n×n positive definite, b n, x n, alpha m",
    gradient("alpha"),
    source=SOURCE,
)  # fmt: skip
