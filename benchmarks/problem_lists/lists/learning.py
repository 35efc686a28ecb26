"""Losses and layers of machine learning."""

import numpy as np
from numpy.linalg import norm

from benchmarks.problem_lists.question import ask, gradient, hessian, jacobian

LEARNING = "learning"


def sigmoid(t):
    return 1 / (1 + np.exp(-t))


def softmax(z, axis=None):
    return np.exp(z) / np.sum(np.exp(z), axis=axis, keepdims=axis is not None)


ask(
    LEARNING, "logistic", "Σᵢ log(1 + e^(−yᵢaᵢᵀx))",
    lambda A, x, y: np.sum(np.log(1 + np.exp(-y * (A @ x)))), "A m×n, x n, y m signs",
    gradient("x", lambda A, x, y: -A.T @ (y * sigmoid(-y * (A @ x)))),
    hessian("x", lambda A, x, y: A.T @ np.diag(sigmoid(A @ x) * (1 - sigmoid(A @ x))) @ A),
    sympy=(
        "OneMatrix(1, m)*HadamardProduct(-y, A*x).applyfunc(Lambda(t, log(1 + exp(t))))",
        "OneMatrix(1, m)*(-DiagMatrix(y)*A*x).applyfunc(Lambda(t, log(1 + exp(t))))",
    ),
    source="Boyd & Vandenberghe 2004, section 7.1.1",
)  # fmt: skip
ask(
    LEARNING, "cross-entropy-binary", "−yᵀ log σ(Ax) − (1 − y)ᵀ log(1 − σ(Ax))",
    lambda A, x, y: (
        -y @ np.log(1 / (1 + np.exp(-A @ x))) - (1 - y) @ np.log(1 / (1 + np.exp(A @ x)))
    ),
    "A m×n, x n, y m zeros and ones",
    gradient("x", lambda A, x, y: A.T @ (sigmoid(A @ x) - y)),
    hessian("x", lambda A, x, y: A.T @ np.diag(sigmoid(A @ x) * (1 - sigmoid(A @ x))) @ A),
    sympy=(
        "-y.T*(A*x).applyfunc(Lambda(t, log(1/(1 + exp(-t)))))"
        " - (OneMatrix(m, 1) - y).T*(A*x).applyfunc(Lambda(t, log(1/(1 + exp(t)))))",
        "OneMatrix(1, m)*(A*x).applyfunc(Lambda(t, log(1 + exp(t)))) - y.T*A*x",
    ),
    source="Bishop 2006, (4.90)",
)  # fmt: skip
ask(
    LEARNING, "softmax-cross-entropy", "−yᵀz + log Σᵢ e^zᵢ, y one-hot",
    lambda z, y: -y @ z + np.log(np.sum(np.exp(z))), "z n, y n one-hot",
    gradient("z", lambda z, y: softmax(z) - y),
    hessian("z", lambda z, y: np.diag(softmax(z)) - np.outer(softmax(z), softmax(z))),
    sympy=(
        "-y.T*z + (OneMatrix(1, n)*z.applyfunc(exp)).applyfunc(log)",
        "-Trace(y.T*z) + log(Trace(OneMatrix(1, n)*z.applyfunc(exp)))",
        "-y.T*z + log((OneMatrix(1, n)*z.applyfunc(exp))[0, 0])*Identity(1)",
    ),
    source="Bishop 2006, (4.109)",
)  # fmt: skip
ask(
    LEARNING, "softmax", "softmax(z)",
    lambda z: np.exp(z) / np.sum(np.exp(z)), "z n",
    jacobian("z", lambda z: np.diag(softmax(z)) - np.outer(softmax(z), softmax(z))),
    sympy=(
        "z.applyfunc(exp)/(OneMatrix(1, n)*z.applyfunc(exp))[0, 0]",
        "z.applyfunc(exp)*(OneMatrix(1, n)*z.applyfunc(exp))**-1",
    ),
    source="Bishop 2006, (4.106)",
)  # fmt: skip
ask(
    LEARNING, "softmax-layer", "log-loss of softmax(Wx + b) at one-hot y",
    lambda W, b, x, y: -y @ (W @ x + b) + np.log(np.sum(np.exp(W @ x + b))),
    "W m×n, b m, x n, y m one-hot",
    gradient("W", lambda W, b, x, y: np.outer(softmax(W @ x + b) - y, x)),
    gradient("b", lambda W, b, x, y: softmax(W @ x + b) - y),
    gradient("x", lambda W, b, x, y: W.T @ (softmax(W @ x + b) - y)),
    sympy=(
        "-y.T*(W*x + b) + (OneMatrix(1, m)*(W*x + b).applyfunc(exp)).applyfunc(log)",
        "-Trace(y.T*(W*x + b)) + log(Trace(OneMatrix(1, m)*(W*x + b).applyfunc(exp)))",
    ),
    source="Bishop 2006, (4.109)",
)  # fmt: skip
ask(
    LEARNING, "softmax-batch", "Σᵢ log Σₖ e^(XΘ)ᵢₖ − ⟨Y, XΘ⟩, stable form",
    lambda Theta, X, Y: np.sum(
        np.log(np.sum(np.exp(
            X @ Theta - np.max(X @ Theta, axis=1, keepdims=True)
        ), axis=1)) + np.max(X @ Theta, axis=1)
    ) - np.sum(Y * (X @ Theta)),
    "Theta n×k, X m×n, Y m×k one-hot",
    gradient("Theta", lambda Theta, X, Y: X.T @ (softmax(X @ Theta, 1) - Y)),
    gradient("X", lambda Theta, X, Y: (softmax(X @ Theta, 1) - Y) @ Theta.T),
    source="Bishop 2006, (4.109)",
)  # fmt: skip
ask(
    LEARNING, "poisson", "Σᵢ e^(aᵢᵀx) − yᵀAx, Poisson regression",
    lambda A, x, y: np.sum(np.exp(A @ x)) - y @ (A @ x), "A m×n, x n, y m counts",
    gradient("x", lambda A, x, y: A.T @ (np.exp(A @ x) - y)),
    gradient("A", lambda A, x, y: np.outer(np.exp(A @ x) - y, x)),
    hessian("x", lambda A, x, y: A.T @ np.diag(np.exp(A @ x)) @ A),
    sympy=(
        "OneMatrix(1, m)*(A*x).applyfunc(exp) - y.T*A*x",
        "Trace(OneMatrix(1, m)*(A*x).applyfunc(exp)) - Trace(y.T*A*x)",
    ),
    source="McCullagh & Nelder 1989",
)  # fmt: skip
ask(
    LEARNING, "huber", "Σᵢ huber(aᵢᵀx − bᵢ)",
    lambda A, x, b: np.sum(np.where(
        np.abs(A @ x - b) < 0.5, (A @ x - b) ** 2 / 2, 0.5 * np.abs(A @ x - b) - 0.125
    )),
    "A m×n, x n, b m",
    gradient("x", lambda A, x, b: A.T @ np.clip(A @ x - b, -0.5, 0.5)),
    hessian("x", lambda A, x, b: A.T @ np.diag(1.0 * (np.abs(A @ x - b) < 0.5)) @ A),
    sympy=(
        "OneMatrix(1, m)*(A*x - b).applyfunc("
        "Lambda(t, Piecewise((t**2/2, abs(t) < 0.5), (0.5*abs(t) - 0.125, True))))",
    ),
    source="Huber 1964",
)  # fmt: skip
ask(
    LEARNING, "hinge", "Σᵢ max(0, 1 − yᵢaᵢᵀx)",
    lambda A, x, y: np.sum(np.maximum(0, 1 - y * (A @ x))), "A m×n, x n, y m signs",
    gradient("x", lambda A, x, y: -A.T @ (y * (y * (A @ x) < 1))),
    sympy=(
        "OneMatrix(1, m)*(OneMatrix(m, 1) - HadamardProduct(y, A*x))"
        ".applyfunc(Lambda(t, Max(0, t)))",
    ),
    source="Hastie, Tibshirani & Friedman 2009, (12.25)",
)  # fmt: skip
ask(
    LEARNING, "lasso", "½‖Ax − b‖² + μ‖x‖₁",
    lambda A, x, b, mu: np.linalg.norm(A @ x - b) ** 2 / 2 + mu * np.linalg.norm(x, 1),
    "A m×n, x n, b m, mu scalar positive",
    gradient("x", lambda A, x, b, mu: A.T @ (A @ x - b) + mu * np.sign(x)),
    sympy=(
        "(A*x - b).T*(A*x - b)/2 + mu*OneMatrix(1, n)*x.applyfunc(Lambda(t, abs(t)))",
    ),
    source="Tibshirani 1996",
)  # fmt: skip
ask(
    LEARNING, "mlp", "½‖W₂ tanh(W₁x + b₁) + b₂ − y‖², two layers",
    lambda W1, b1, W2, b2, x, y: np.sum((W2 @ np.tanh(W1 @ x + b1) + b2 - y) ** 2) / 2,
    "W1 m×n, b1 m, W2 k×m, b2 k, x n, y k",
    gradient("W1", lambda W1, b1, W2, b2, x, y: np.outer(
        (1 - np.tanh(W1 @ x + b1) ** 2) * (W2.T @ (W2 @ np.tanh(W1 @ x + b1) + b2 - y)), x
    )),
    gradient("b1", lambda W1, b1, W2, b2, x, y: (1 - np.tanh(W1 @ x + b1) ** 2) * (
        W2.T @ (W2 @ np.tanh(W1 @ x + b1) + b2 - y)
    )),
    gradient("W2", lambda W1, b1, W2, b2, x, y: np.outer(
        W2 @ np.tanh(W1 @ x + b1) + b2 - y, np.tanh(W1 @ x + b1)
    )),
    gradient("x"),
    sympy=(
        "(W2*(W1*x + b1).applyfunc(tanh) + b2 - y).T"
        "*(W2*(W1*x + b1).applyfunc(tanh) + b2 - y)/2",
    ),
    source="Rumelhart, Hinton & Williams 1986",
)  # fmt: skip
ask(
    LEARNING, "mlp-batch", "softmax log-loss of relu(XW₁ + b₁)W₂ + b₂",
    lambda X, Y, W1, b1, W2, b2: -np.sum(Y * (np.maximum(X @ W1 + b1, 0) @ W2 + b2)) + np.sum(
        np.log(np.sum(np.exp(np.maximum(X @ W1 + b1, 0) @ W2 + b2), axis=1))
    ),
    "X m×n, Y m×k one-hot, W1 n×p, b1 p, W2 p×k, b2 k",
    gradient("W1"),
    gradient("b1"),
    gradient("W2"),
    gradient("b2"),
    source="Glorot, Bordes & Bengio 2011",
)  # fmt: skip


def attention(Q, K, V, G):
    """⟨G, softmax(QKᵀ/√d) V⟩, the softmax along rows."""
    S = Q @ K.T / np.sqrt(Q.shape[1])
    P = np.exp(S) / np.sum(np.exp(S), axis=1, keepdims=True)
    return np.sum(G * (P @ V))


def attention_loss(Q, K, V, Y):
    """½‖softmax(QKᵀ/√d) V − Y‖²_F."""
    S = Q @ K.T / np.sqrt(Q.shape[1])
    P = np.exp(S) / np.sum(np.exp(S), axis=1, keepdims=True)
    return np.sum((P @ V - Y) ** 2) / 2


def weights(Q, K):
    return softmax(Q @ K.T / np.sqrt(Q.shape[1]), 1)


def scores_bar(P, P_bar):
    """The adjoint of the scores from that of the weights."""
    return P * (P_bar - np.sum(P * P_bar, axis=1, keepdims=True))


ask(
    LEARNING, "attention", "⟨G, softmax(QKᵀ/√d)V⟩", attention, "Q m×k, K p×k, V p×n, G m×n",
    gradient("Q", lambda Q, K, V, G: scores_bar(weights(Q, K), G @ V.T) @ K
             / np.sqrt(Q.shape[1])),
    gradient("K", lambda Q, K, V, G: scores_bar(weights(Q, K), G @ V.T).T @ Q
             / np.sqrt(Q.shape[1])),
    gradient("V", lambda Q, K, V, G: weights(Q, K).T @ G),
    source="Vaswani et al. 2017, (1)",
)  # fmt: skip
ask(
    LEARNING, "attention-loss", "½‖softmax(QKᵀ/√d)V − Y‖²_F", attention_loss,
    "Q m×k, K p×k, V p×n, Y m×n",
    gradient("Q", lambda Q, K, V, Y: scores_bar(weights(Q, K), (weights(Q, K) @ V - Y) @ V.T)
             @ K / np.sqrt(Q.shape[1])),
    gradient("K", lambda Q, K, V, Y: scores_bar(weights(Q, K), (weights(Q, K) @ V - Y) @ V.T).T
             @ Q / np.sqrt(Q.shape[1])),
    gradient("V", lambda Q, K, V, Y: weights(Q, K).T @ (weights(Q, K) @ V - Y)),
    hessian("V", lambda Q, K, V, Y, D: weights(Q, K).T @ weights(Q, K) @ D),
    source="Vaswani et al. 2017, (1)",
)  # fmt: skip
ask(
    LEARNING, "factorisation", "½‖A − XYᵀ‖²_F",
    lambda A, X, Y: np.linalg.norm(A - X @ Y.T) ** 2 / 2, "A m×n, X m×k, Y n×k",
    gradient("X", lambda A, X, Y: (X @ Y.T - A) @ Y),
    gradient("Y", lambda A, X, Y: (X @ Y.T - A).T @ X),
    hessian("X", lambda A, X, Y, V: V @ Y.T @ Y),
    sympy="Trace((A - X*Y.T).T*(A - X*Y.T))/2", source="Baldi & Hornik 1989",
)  # fmt: skip
ask(
    LEARNING, "masked-factorisation", "½‖M ∘ (A − XYᵀ)‖²_F, missing entries",
    lambda M, A, X, Y: np.sum((M * (A - X @ Y.T)) ** 2) / 2,
    "M m×n zeros and ones, A m×n, X m×k, Y n×k",
    gradient("X", lambda M, A, X, Y: (M * (X @ Y.T - A)) @ Y),
    gradient("Y", lambda M, A, X, Y: (M * (X @ Y.T - A)).T @ X),
    sympy=(
        "Trace(HadamardProduct(M, A - X*Y.T).T*HadamardProduct(M, A - X*Y.T))/2",
    ),
    source="Koren, Bell & Volinsky 2009",
)  # fmt: skip
ask(
    LEARNING, "kernel-ridge", "½‖Ka − y‖² + (λ/2)aᵀKa",
    lambda K, a, y, lam: np.sum((K @ a - y) ** 2) / 2 + lam / 2 * a @ K @ a,
    "K n×n positive definite, a n, y n, lam scalar positive",
    gradient("a", lambda K, a, y, lam: K @ (K @ a - y) + lam * K @ a),
    hessian("a", lambda K, a, y, lam: K @ K + lam * K),
    sympy=("(K*a - y).T*(K*a - y)/2 + lam*a.T*K*a/2",),
    source="Hastie, Tibshirani & Friedman 2009, (5.53)",
)  # fmt: skip
ask(
    LEARNING, "contrastive", "log Σⱼ e^(xᵀyⱼ/τ) − xᵀy₁/τ, contrastive loss",
    lambda x, Y, tau: np.log(np.sum(np.exp(Y @ x / tau))) - Y[0] @ x / tau,
    "x n, Y m×n, tau scalar positive",
    gradient("x", lambda x, Y, tau: Y.T @ (softmax(Y @ x / tau) - np.eye(len(Y))[0]) / tau),
    gradient("Y", lambda x, Y, tau: np.outer(
        softmax(Y @ x / tau) - np.eye(len(Y))[0], x
    ) / tau),
    gradient("tau", lambda x, Y, tau: (
        Y[0] @ x - softmax(Y @ x / tau) @ (Y @ x)
    ) / tau**2),
    source="van den Oord, Li & Vinyals 2018, (4)",
)  # fmt: skip
ask(
    LEARNING, "layer-norm", "gᵀ(x − mean x)/std x",
    lambda g, x: g @ ((x - np.mean(x)) / np.std(x)), "g m, x m",
    gradient("x", lambda g, x: (
        g - np.mean(g) - (x - np.mean(x)) * (g @ (x - np.mean(x))) / np.sum((x - np.mean(x)) ** 2)
    ) / np.std(x)),
    source="Ba, Kiros & Hinton 2016",
)  # fmt: skip
ask(
    LEARNING, "triplet", "‖x − y‖² − ‖x − z‖²",
    lambda x, y, z: np.linalg.norm(x - y) ** 2 - np.linalg.norm(x - z) ** 2, "x n, y n, z n",
    gradient("x", lambda x, y, z: 2 * (z - y)),
    sympy=(
        "(x - y).T*(x - y) - (x - z).T*(x - z)",
        "Trace((x - y).T*(x - y)) - Trace((x - z).T*(x - z))",
    ),
    source="Schroff, Kalenichenko & Philbin 2015",
)  # fmt: skip
ask(
    LEARNING, "cosine", "xᵀy/(‖x‖‖y‖)",
    lambda x, y: x @ y / (np.linalg.norm(x) * np.linalg.norm(y)), "x n, y n",
    gradient("x", lambda x, y: y / (norm(x) * norm(y)) - x @ y * x / (norm(x) ** 3 * norm(y))),
    hessian("x"),
    sympy=(
        "Trace(x.T*y)/sqrt(Trace(x.T*x)*Trace(y.T*y))",
        "x.T*y*(x.T*x)**Rational(-1, 2)*(y.T*y)**Rational(-1, 2)",
    ),
    source="Salton & McGill 1983",
)  # fmt: skip
