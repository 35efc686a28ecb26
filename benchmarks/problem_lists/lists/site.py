"""A course site's matrix-calculus problems: 35 gradients and 12 Hessians, one entry each.

The remaining Hessians of the same functions, which the site does not ask for, are the list
"site, further Hessians".
"""

import numpy as np
from numpy.linalg import det, inv, norm

from benchmarks.problem_lists.question import ask, gradient, hessian, jacobian

SITE = "site"
MORE = "site, further Hessians"


def sigmoid(t):
    return 1 / (1 + np.exp(-t))


def softmax(z):
    return np.exp(z) / np.sum(np.exp(z))


ask(
    SITE, "Ax", "Ax",
    lambda A, x: A @ x, "A m×n, x n",
    jacobian("x", lambda A, x: A),
    jacobian("A", lambda A, x, V: V @ x),
    sympy="A*x", source="site 1",
)  # fmt: skip
ask(
    SITE, "linear", "cᵀx",
    lambda c, x: c @ x, "c n, x n",
    gradient("x", lambda c, x: c, "Matrix Cookbook (69)"),
    sympy=("c.T*x", "Trace(c.T*x)", "(c.T*x)[0, 0]"), source="site 2",
)  # fmt: skip
ask(
    SITE, "quadratic", "½xᵀAx + bᵀx + c",
    lambda A, b, c, x: x @ A @ x / 2 + b @ x + c, "A n×n, b n, c scalar, x n",
    gradient("x", lambda A, b, c, x: (A + A.T) @ x / 2 + b, "Matrix Cookbook (97)"),
    hessian("x", lambda A, b, c, x: (A + A.T) / 2, "Matrix Cookbook (98)"),
    sympy=(
        "x.T*A*x/2 + b.T*x + c*Identity(1)", "x.T*A*x/2 + b.T*x + c",
        "Trace(x.T*A*x)/2 + Trace(b.T*x) + c",
    ),
    source="site 3",
)  # fmt: skip
ask(
    SITE, "bell", "−e^(−xᵀx)",
    lambda x: -np.exp(-x @ x), "x n",
    gradient("x", lambda x: 2 * np.exp(-x @ x) * x),
    hessian("x", lambda x: np.exp(-x @ x) * (2 * np.eye(len(x)) - 4 * np.outer(x, x))),
    sympy=("-exp(-Trace(x.T*x))", "-exp(-(x.T*x)[0, 0])", "-(-x.T*x).applyfunc(exp)"),
    source="site 4",
)  # fmt: skip
ask(
    SITE, "least-squares", "½‖Ax − b‖²",
    lambda A, x, b: 0.5 * np.linalg.norm(A @ x - b) ** 2, "A m×n, x n, b m",
    gradient("x", lambda A, x, b: A.T @ (A @ x - b), "Matrix Cookbook (84)"),
    hessian("x", lambda A, x, b: A.T @ A),
    sympy=("(A*x - b).T*(A*x - b)/2", "Trace((A*x - b).T*(A*x - b))/2"), source="site 5",
)  # fmt: skip
ask(
    SITE, "norm", "‖x‖",
    lambda x: np.linalg.norm(x), "x n",
    gradient("x", lambda x: x / norm(x), "Matrix Cookbook (129)"),
    hessian(
        "x", lambda x: (np.eye(len(x)) - np.outer(x, x) / (x @ x)) / norm(x),
        "Matrix Cookbook (130)", collection=MORE,
    ),
    sympy=("(x.T*x)**Rational(1, 2)", "sqrt(Trace(x.T*x))", "sqrt((x.T*x)[0, 0])"),
    source="site 6",
)  # fmt: skip
ask(
    SITE, "norm-Ax", "‖Ax‖",
    lambda A, x: np.linalg.norm(A @ x), "A m×n, x n",
    gradient("x", lambda A, x: A.T @ A @ x / norm(A @ x)),
    hessian(
        "x", lambda A, x: A.T @ A / norm(A @ x)
        - np.outer(A.T @ A @ x, A.T @ A @ x) / norm(A @ x) ** 3,
        collection=MORE,
    ),
    sympy=("((A*x).T*(A*x))**Rational(1, 2)", "sqrt(Trace(x.T*A.T*A*x))"), source="site 7",
)  # fmt: skip
ask(
    SITE, "inverse-square", "−1/(1 + xᵀx)",
    lambda x: -1 / (1 + x @ x), "x n",
    gradient("x", lambda x: 2 * x / (1 + x @ x) ** 2),
    hessian(
        "x", lambda x: 2 * np.eye(len(x)) / (1 + x @ x) ** 2
        - 8 * np.outer(x, x) / (1 + x @ x) ** 3,
    ),
    sympy=(
        "-1/(1 + Trace(x.T*x))", "-(Identity(1) + x.T*x)**-1", "-1/(1 + (x.T*x)[0, 0])",
    ),
    source="site 8",
)  # fmt: skip
ask(
    SITE, "log-quadratic", "log(xᵀAx)",
    lambda A, x: np.log(x @ A @ x), "A n×n near the identity, x n",
    gradient("x", lambda A, x: (A + A.T) @ x / (x @ A @ x)),
    hessian(
        "x", lambda A, x: (A + A.T) / (x @ A @ x)
        - np.outer((A + A.T) @ x, (A + A.T) @ x) / (x @ A @ x) ** 2,
        collection=MORE,
    ),
    sympy=("log(Trace(x.T*A*x))", "(x.T*A*x).applyfunc(log)", "log((x.T*A*x)[0, 0])"),
    source="site 9",
)  # fmt: skip
ask(
    SITE, "det", "det X",
    lambda X: np.linalg.det(X), "X n×n invertible",
    gradient("X", lambda X: det(X) * inv(X).T, "Matrix Cookbook (49)"),
    hessian(
        "X", lambda X, V: det(X) * (
            np.trace(inv(X) @ V) * inv(X).T - inv(X).T @ V.T @ inv(X).T
        ),
        collection=MORE,
    ),
    sympy=("Determinant(X)", "X.det()"), source="site 10",
)  # fmt: skip
ask(
    SITE, "logdet", "log det X",
    lambda X: np.log(np.linalg.det(X)), "X n×n near the identity",
    gradient("X", lambda X: inv(X).T, "Matrix Cookbook (57)"),
    hessian("X", lambda X, V: -inv(X).T @ V.T @ inv(X).T),
    sympy="log(Determinant(X))", source="site 11",
)  # fmt: skip
ask(
    SITE, "logsumexp", "log Σᵢ exp(aᵢᵀx + bᵢ)",
    lambda A, x, b: np.log(np.sum(np.exp(A @ x + b))), "A m×n, x n, b m",
    gradient("x", lambda A, x, b: A.T @ softmax(A @ x + b)),
    hessian(
        "x", lambda A, x, b: A.T @ (
            np.diag(softmax(A @ x + b)) - np.outer(softmax(A @ x + b), softmax(A @ x + b))
        ) @ A,
        "Boyd & Vandenberghe 2004, section 3.1.5",
    ),
    sympy=(
        "(OneMatrix(m, 1).T*(A*x + b).applyfunc(exp)).applyfunc(log)",
        "log(Trace(OneMatrix(m, 1).T*(A*x + b).applyfunc(exp)))",
        "log((OneMatrix(m, 1).T*(A*x + b).applyfunc(exp))[0, 0])",
    ),
    source="site 12",
)  # fmt: skip
ask(
    SITE, "eigenvalue-sum", "Σᵢ λᵢ(X)",
    lambda X: np.sum(np.linalg.eigvals(X)), "X n×n with real eigenvalues",
    gradient("X", lambda X: np.eye(len(X)), "Matrix Cookbook (65)"),
    source="site 13",
)  # fmt: skip
ask(
    SITE, "eigenvalue-product", "Πᵢ λᵢ(X)",
    lambda X: np.prod(np.linalg.eigvals(X)), "X n×n with real eigenvalues",
    gradient("X", lambda X: det(X) * inv(X).T, "Matrix Cookbook (66)"),
    source="site 13",
)  # fmt: skip
ask(
    SITE, "trace", "tr X",
    lambda X: np.trace(X), "X n×n",
    gradient("X", lambda X: np.eye(len(X)), "Matrix Cookbook (99)"),
    hessian("X", lambda X, V: 0 * V, collection=MORE),
    sympy="Trace(X)", source="site 13, 28",
)  # fmt: skip
ask(
    SITE, "frobenius", "‖X‖²_F",
    lambda X: np.linalg.norm(X) ** 2, "X m×n",
    gradient("X", lambda X: 2 * X, "Matrix Cookbook (132)"),
    hessian("X", lambda X, V: 2 * V, collection=MORE),
    sympy=("Trace(X.T*X)", "Trace(X*X.T)"), source="site 14",
)  # fmt: skip
ask(
    SITE, "softmax-2", "softmax regression, K = 2: −Σᵢ log p(yᵢ | xᵢ)",
    lambda theta, X, y: -np.sum(
        y * np.log(1 / (1 + np.exp(-X @ theta)))
        + (1 - y) * np.log(1 - 1 / (1 + np.exp(-X @ theta)))
    ),
    "theta n, X m×n, y m zeros and ones",
    gradient("theta", lambda theta, X, y: X.T @ (sigmoid(X @ theta) - y)),
    hessian(
        "theta", lambda theta, X, y: X.T @ np.diag(
            sigmoid(X @ theta) * (1 - sigmoid(X @ theta))
        ) @ X,
        collection=MORE,
    ),
    sympy=(
        "-y.T*(X*theta).applyfunc(Lambda(t, log(1/(1 + exp(-t)))))"
        " - (OneMatrix(m, 1) - y).T*(X*theta).applyfunc(Lambda(t, log(1 - 1/(1 + exp(-t)))))",
        "OneMatrix(1, m)*(X*theta).applyfunc(Lambda(t, log(1 + exp(t)))) - y.T*X*theta",
        "Trace(OneMatrix(1, m)*(X*theta).applyfunc(Lambda(t, log(1 + exp(t)))))"
        " - Trace(y.T*X*theta)",
    ),
    source="site 15",
)  # fmt: skip
ask(
    SITE, "softmax-K", "softmax regression, K classes: −Σᵢ log p(yᵢ | xᵢ)",
    lambda Theta, X, Y: -np.sum(
        Y * np.log(np.exp(X @ Theta) / np.sum(np.exp(X @ Theta), axis=1, keepdims=True))
    ),
    "Theta n×k, X m×n, Y m×k one-hot",
    gradient(
        "Theta", lambda Theta, X, Y: X.T @ (
            np.exp(X @ Theta) / np.sum(np.exp(X @ Theta), axis=1, keepdims=True) - Y
        ),
        "Bishop 2006, (4.109)",
    ),
    source="site 15",
)  # fmt: skip
ask(
    SITE, "trace-AX", "tr(AX)",
    lambda A, X: np.trace(A @ X), "A n×m, X m×n",
    gradient("X", lambda A, X: A.T, "Matrix Cookbook (100)"),
    hessian("X", lambda A, X, V: 0 * V, collection=MORE),
    sympy="Trace(A*X)", source="site 16",
)  # fmt: skip
ask(
    SITE, "barrier-matrix", "⟨S, X⟩ − log det X",
    lambda S, X: np.sum(S * X) - np.log(np.linalg.det(X)), "S n×n, X n×n near the identity",
    gradient("X", lambda S, X: S - inv(X).T),
    hessian("X", lambda S, X, V: inv(X).T @ V.T @ inv(X).T, collection=MORE),
    sympy="Trace(S.T*X) - log(Determinant(X))", source="site 17",
)  # fmt: skip
ask(
    SITE, "log-definite", "log⟨Ax, x⟩, A symmetric positive definite",
    lambda A, x: np.log((A @ x) @ x), "A n×n positive definite, x n",
    gradient("x", lambda A, x: 2 * A @ x / (x @ A @ x)),
    hessian(
        "x", lambda A, x: 2 * A / (x @ A @ x) - 4 * np.outer(A @ x, A @ x) / (x @ A @ x) ** 2,
        collection=MORE,
    ),
    sympy=("log(Trace(x.T*A.T*x))", "((A*x).T*x).applyfunc(log)", "log(((A*x).T*x)[0, 0])"),
    source="site 18",
)  # fmt: skip
ask(
    SITE, "softplus", "log(1 + e^⟨a,x⟩)",
    lambda a, x: np.log(1 + np.exp(a @ x)), "a n, x n",
    gradient("x", lambda a, x: sigmoid(a @ x) * a),
    hessian(
        "x", lambda a, x: sigmoid(a @ x) * (1 - sigmoid(a @ x)) * np.outer(a, a), collection=MORE,
    ),
    sympy=(
        "log(1 + exp(Trace(a.T*x)))", "(a.T*x).applyfunc(Lambda(t, log(1 + exp(t))))",
        "log(1 + exp((a.T*x)[0, 0]))",
    ),
    source="site 19",
)  # fmt: skip
ask(
    SITE, "cube", "⅓‖x‖³",
    lambda x: np.linalg.norm(x) ** 3 / 3, "x n",
    gradient("x", lambda x: norm(x) * x),
    hessian("x", lambda x: norm(x) * np.eye(len(x)) + np.outer(x, x) / norm(x)),
    sympy=("(x.T*x)**Rational(3, 2)/3", "Trace(x.T*x)**Rational(3, 2)/3"), source="site 20",
)  # fmt: skip
ask(
    SITE, "frobenius-AX", "‖AX − B‖_F",
    lambda A, X, B: np.linalg.norm(A @ X - B), "A m×n, X n×k, B m×k",
    gradient("X", lambda A, X, B: A.T @ (A @ X - B) / norm(A @ X - B)),
    hessian(
        "X", lambda A, X, B, V: A.T @ A @ V / norm(A @ X - B)
        - np.sum((A @ X - B) * (A @ V)) * A.T @ (A @ X - B) / norm(A @ X - B) ** 3,
        collection=MORE,
    ),
    sympy=(
        "sqrt(Trace((A*X - B).T*(A*X - B)))",
        "Trace((A*X - B).T*(A*X - B))**Rational(1, 2)",
    ),
    source="site 21",
)  # fmt: skip
ask(
    SITE, "layer", "½‖Wx + b − y‖², one linear layer",
    lambda W, b, x, y: np.sum((W @ x + b - y) ** 2) / 2, "W m×n, b m, x n, y m",
    gradient("W", lambda W, b, x, y: np.outer(W @ x + b - y, x)),
    gradient("b", lambda W, b, x, y: W @ x + b - y),
    sympy=("(W*x + b - y).T*(W*x + b - y)/2", "Trace((W*x + b - y).T*(W*x + b - y))/2"),
    source="site 22",
)  # fmt: skip
ask(
    SITE, "power", "⟨x,x⟩^⟨x,x⟩",
    lambda x: (x @ x) ** (x @ x), "x n",
    gradient("x", lambda x: 2 * (x @ x) ** (x @ x) * (np.log(x @ x) + 1) * x),
    hessian(
        "x", lambda x: (x @ x) ** (x @ x) * (
            2 * (np.log(x @ x) + 1) * np.eye(len(x))
            + 4 * ((np.log(x @ x) + 1) ** 2 + 1 / (x @ x)) * np.outer(x, x)
        ),
    ),
    sympy=("Trace(x.T*x)**Trace(x.T*x)", "(x.T*x)[0, 0]**(x.T*x)[0, 0]"), source="site 23",
)  # fmt: skip
ask(
    SITE, "rayleigh", "⟨Ax, x⟩/‖x‖²",
    lambda A, x: (A @ x) @ x / (x @ x), "A n×n, x n",
    gradient(
        "x", lambda A, x: (A + A.T) @ x / (x @ x) - 2 * (x @ A @ x) * x / (x @ x) ** 2,
    ),
    hessian(
        "x", lambda A, x: (A + A.T) / (x @ x)
        - 2 * (np.outer((A + A.T) @ x, x) + np.outer(x, (A + A.T) @ x)) / (x @ x) ** 2
        - 2 * (x @ A @ x) * np.eye(len(x)) / (x @ x) ** 2
        + 8 * (x @ A @ x) * np.outer(x, x) / (x @ x) ** 3,
    ),
    sympy=(
        "Trace(x.T*A*x)/Trace(x.T*x)", "x.T*A*x*(x.T*x)**-1", "x.T*A*x/(x.T*x)[0, 0]",
    ),
    source="site 24",
)  # fmt: skip
ask(
    SITE, "rank-one", "½‖A − xxᵀ‖²_F",
    lambda A, x: np.linalg.norm(A - np.outer(x, x)) ** 2 / 2, "A n×n, x n",
    gradient("x", lambda A, x: 2 * (x @ x) * x - (A + A.T) @ x),
    hessian(
        "x", lambda A, x: 4 * np.outer(x, x) + 2 * (x @ x) * np.eye(len(x)) - (A + A.T),
    ),
    sympy=("Trace((A - x*x.T).T*(A - x*x.T))/2", "Trace((A - x*x.T)*(A - x*x.T).T)/2"),
    source="site 25",
)  # fmt: skip
ask(
    SITE, "spectral-rank-one", "‖xxᵀ‖₂",
    lambda x: np.linalg.norm(np.outer(x, x), 2), "x n",
    gradient("x", lambda x: 2 * x),
    hessian("x", lambda x: 2 * np.eye(len(x)), collection=MORE),
    variant=lambda x: x @ x, source="site 26",
)  # fmt: skip
ask(
    SITE, "logistic-ridge", "(1/m)Σᵢ log(1 + e^(aᵢᵀx)) + (μ/2)‖x‖²",
    lambda A, x, mu: np.mean(np.log(1 + np.exp(A @ x))) + mu / 2 * np.linalg.norm(x) ** 2,
    "A m×n, x n, mu scalar positive",
    gradient("x", lambda A, x, mu: A.T @ sigmoid(A @ x) / len(A) + mu * x),
    hessian(
        "x", lambda A, x, mu: A.T @ np.diag(sigmoid(A @ x) * (1 - sigmoid(A @ x))) @ A / len(A)
        + mu * np.eye(len(x)),
    ),
    sympy=(
        "OneMatrix(1, m)*(A*x).applyfunc(Lambda(t, log(1 + exp(t))))/m + mu*x.T*x/2",
        "Trace(OneMatrix(1, m)*(A*x).applyfunc(Lambda(t, log(1 + exp(t)))))/m"
        " + mu*Trace(x.T*x)/2",
    ),
    source="site 27",
)  # fmt: skip
ask(
    SITE, "trace-inverse", "tr X⁻¹",
    lambda X: np.trace(np.linalg.inv(X)), "X n×n invertible",
    gradient("X", lambda X: -(inv(X) @ inv(X)).T, "Matrix Cookbook (64)"),
    hessian(
        "X", lambda X, V: (
            inv(X) @ V @ inv(X) @ inv(X) + inv(X) @ inv(X) @ V @ inv(X)
        ).T,
        collection=MORE,
    ),
    sympy=("Trace(X.I)", "Trace(X**-1)"), source="site 28",
)  # fmt: skip
ask(
    SITE, "characteristic", "det(A − tI) in t",
    lambda A, t: np.linalg.det(A - t * np.eye(A.shape[0])), "A n×n invertible, t scalar",
    gradient(
        "t", lambda A, t: -det(A - t * np.eye(len(A))) * np.trace(inv(A - t * np.eye(len(A)))),
        "Matrix Cookbook (46)",
    ),
    hessian(
        "t", lambda A, t: det(A - t * np.eye(len(A))) * (
            np.trace(inv(A - t * np.eye(len(A)))) ** 2
            - np.trace(inv(A - t * np.eye(len(A))) @ inv(A - t * np.eye(len(A))))
        ),
        "Matrix Cookbook (48)",
    ),
    sympy="Determinant(A - t*Identity(n))", source="site 29",
)  # fmt: skip
ask(
    SITE, "trace-rational", "tr(AX²BX⁻ᵀ)",
    lambda A, B, X: np.trace(A @ X @ X @ B @ np.linalg.inv(X).T),
    "A n×n, B n×n, X n×n invertible",
    gradient(
        "X", lambda A, B, X: A.T @ inv(X) @ B.T @ X.T + X.T @ A.T @ inv(X) @ B.T
        - inv(X).T @ A @ X @ X @ B @ inv(X).T,
    ),
    sympy=("Trace(A*X**2*B*X.I.T)", "Trace(A*X*X*B*X.T.I)"), source="site 30",
)  # fmt: skip
