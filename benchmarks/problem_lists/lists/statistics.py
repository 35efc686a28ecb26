"""Least squares, Gaussians, Kalman filters, and other forms of statistics."""

import numpy as np
from numpy.linalg import cholesky, inv, pinv

from benchmarks.problem_lists.question import ask, gradient, hessian, jacobian

STATISTICS = "statistics"

# Least squares and ridge

ask(
    STATISTICS, "ridge", "½‖Ax − b‖² + (λ/2)‖x‖²",
    lambda A, x, b, lam: np.sum((A @ x - b) ** 2) / 2 + lam / 2 * x @ x,
    "A m×n, x n, b m, lam scalar positive",
    gradient("x", lambda A, x, b, lam: A.T @ (A @ x - b) + lam * x),
    gradient("A", lambda A, x, b, lam: np.outer(A @ x - b, x)),
    hessian("x", lambda A, x, b, lam: A.T @ A + lam * np.eye(len(x))),
    sympy=(
        "(A*x - b).T*(A*x - b)/2 + lam*x.T*x/2",
        "Trace((A*x - b).T*(A*x - b))/2 + lam*Trace(x.T*x)/2",
    ),
    source="Hoerl & Kennard 1970",
)  # fmt: skip
ask(
    STATISTICS, "ridge-solution", "cᵀ(AᵀA + λI)⁻¹Aᵀb",
    lambda c, A, b, lam: c @ np.linalg.solve(A.T @ A + lam * np.eye(A.shape[1]), A.T @ b),
    "c n, A m×n, b m, lam scalar positive",
    gradient("A"),
    gradient("b", lambda c, A, b, lam: A @ inv(A.T @ A + lam * np.eye(len(c))) @ c),
    gradient("lam", lambda c, A, b, lam: -c @ inv(A.T @ A + lam * np.eye(len(c)))
             @ inv(A.T @ A + lam * np.eye(len(c))) @ A.T @ b),
    sympy=(
        "c.T*(A.T*A + lam*Identity(n)).I*A.T*b",
        "Trace(c.T*(A.T*A + lam*Identity(n)).I*A.T*b)",
    ),
    source="Hoerl & Kennard 1970",
)  # fmt: skip
ask(
    STATISTICS, "least-squares-solution", "cᵀ(AᵀA)⁻¹Aᵀb",
    lambda c, A, b: c @ np.linalg.inv(A.T @ A) @ A.T @ b, "c n, A m×n, b m",
    gradient("b", lambda c, A, b: pinv(A).T @ c),
    gradient("A", lambda c, A, b: (
        np.outer(b - A @ pinv(A) @ b, inv(A.T @ A) @ c) - np.outer(pinv(A).T @ c, pinv(A) @ b)
    ), "Golub & Pereyra 1973, (4.12)"),
    sympy=("c.T*(A.T*A).I*A.T*b", "Trace(c.T*(A.T*A).I*A.T*b)"),
    source="Golub & Pereyra 1973",
)  # fmt: skip
ask(
    STATISTICS, "residual", "½‖b − A(AᵀA)⁻¹Aᵀb‖², variable projection",
    lambda A, b: np.sum((b - A @ np.linalg.solve(A.T @ A, A.T @ b)) ** 2) / 2, "A m×n, b m",
    gradient("A", lambda A, b: -np.outer(b - A @ pinv(A) @ b, pinv(A) @ b)),
    gradient("b", lambda A, b: b - A @ pinv(A) @ b),
    sympy=(
        "(b - A*(A.T*A).I*A.T*b).T*(b - A*(A.T*A).I*A.T*b)/2",
        "Trace((b - A*(A.T*A).I*A.T*b).T*(b - A*(A.T*A).I*A.T*b))/2",
    ),
    source="Golub & Pereyra 1973, (4.7)",
)  # fmt: skip
ask(
    STATISTICS, "weighted-least-squares", "½(Ax − b)ᵀ diag(w) (Ax − b)",
    lambda A, x, b, w: np.sum(w * (A @ x - b) ** 2) / 2, "A m×n, x n, b m, w m positive",
    gradient("x", lambda A, x, b, w: A.T @ (w * (A @ x - b))),
    gradient("w", lambda A, x, b, w: (A @ x - b) ** 2 / 2),
    hessian("x", lambda A, x, b, w: A.T @ np.diag(w) @ A),
    sympy=(
        "(A*x - b).T*DiagMatrix(w)*(A*x - b)/2",
        "w.T*HadamardProduct(A*x - b, A*x - b)/2",
    ),
    source="Boyd & Vandenberghe 2004, section 1.2.1",
)  # fmt: skip
ask(
    STATISTICS, "hat", "tr(A(AᵀA + λI)⁻¹Aᵀ), effective degrees of freedom",
    lambda A, lam: np.trace(A @ np.linalg.inv(A.T @ A + lam * np.eye(A.shape[1])) @ A.T),
    "A m×n, lam scalar positive",
    gradient("A", lambda A, lam: 2 * lam * A @ inv(A.T @ A + lam * np.eye(A.shape[1]))
             @ inv(A.T @ A + lam * np.eye(A.shape[1]))),
    gradient("lam", lambda A, lam: -np.trace(
        A.T @ A @ inv(A.T @ A + lam * np.eye(A.shape[1]))
        @ inv(A.T @ A + lam * np.eye(A.shape[1]))
    )),
    sympy="Trace(A*(A.T*A + lam*Identity(n)).I*A.T)",
    source="Hastie, Tibshirani & Friedman 2009, (3.50)",
)  # fmt: skip
ask(
    STATISTICS, "hat-vector", "A(AᵀA)⁻¹Aᵀb, in b",
    lambda A, b: A @ np.linalg.solve(A.T @ A, A.T @ b), "A m×n, b m",
    jacobian("b", lambda A, b: A @ pinv(A)),
    jacobian("A"),
    sympy="A*(A.T*A).I*A.T*b", source="Hastie, Tibshirani & Friedman 2009, (3.7)",
)  # fmt: skip

# Gaussians

ask(
    STATISTICS, "gaussian", "Gaussian log-likelihood of one x",
    lambda x, mu, S: (
        -0.5 * (x - mu) @ np.linalg.solve(S, x - mu) - 0.5 * np.linalg.slogdet(S)[1]
        - len(x) / 2 * np.log(2 * np.pi)
    ),
    "x n, mu n, S n×n positive definite",
    gradient("mu", lambda x, mu, S: inv(S) @ (x - mu)),
    gradient("S", lambda x, mu, S: (
        inv(S) @ np.outer(x - mu, x - mu) @ inv(S) - inv(S)
    ) / 2),
    gradient("x", lambda x, mu, S: -inv(S) @ (x - mu)),
    hessian("mu", lambda x, mu, S: -inv(S)),
    sympy=(
        "-(x - mu).T*S.I*(x - mu)/2 - log(Determinant(S))/2*Identity(1)",
        "-Trace((x - mu).T*S.I*(x - mu))/2 - log(Determinant(S))/2",
    ),
    source="Matrix Cookbook, section 8.1; Magnus & Neudecker 2019",
)  # fmt: skip
ask(
    STATISTICS, "gaussian-sample", "Gaussian log-likelihood of a sample, rows of X",
    lambda X, mu, S: (
        -0.5 * np.sum((X - mu) * np.linalg.solve(S, (X - mu).T).T)
        - len(X) / 2 * np.linalg.slogdet(S)[1]
    ),
    "X m×n, mu n, S n×n positive definite",
    gradient("mu", lambda X, mu, S: inv(S) @ np.sum(X - mu, axis=0)),
    gradient("S", lambda X, mu, S: (
        inv(S) @ (X - mu).T @ (X - mu) @ inv(S) - len(X) * inv(S)
    ) / 2),
    sympy=(
        "-Trace((X - OneMatrix(m, 1)*mu.T)*S.I*(X - OneMatrix(m, 1)*mu.T).T)/2"
        " - m*log(Determinant(S))/2",
    ),
    source="Bishop 2006, (2.118)",
)  # fmt: skip
ask(
    STATISTICS, "gaussian-precision", "½ log det P − ½(x − μ)ᵀP(x − μ), in the precision P",
    lambda x, mu, P: 0.5 * np.linalg.slogdet(P)[1] - 0.5 * (x - mu) @ P @ (x - mu),
    "x n, mu n, P n×n positive definite",
    gradient("P", lambda x, mu, P: (inv(P) - np.outer(x - mu, x - mu)) / 2),
    sympy="log(Determinant(P))/2 - Trace((x - mu).T*P*(x - mu))/2",
    source="Bishop 2006, section 2.3.4",
)  # fmt: skip
ask(
    STATISTICS, "gaussian-kl", "KL(N(μ, S) ‖ N(ν, T))",
    lambda mu, S, nu, T: 0.5 * (
        np.trace(np.linalg.solve(T, S)) + (nu - mu) @ np.linalg.solve(T, nu - mu) - len(mu)
        + np.linalg.slogdet(T)[1] - np.linalg.slogdet(S)[1]
    ),
    "mu n, S n×n positive definite, nu n, T n×n positive definite",
    gradient("mu", lambda mu, S, nu, T: inv(T) @ (mu - nu)),
    gradient("S", lambda mu, S, nu, T: (inv(T) - inv(S)) / 2),
    gradient("T", lambda mu, S, nu, T: (
        inv(T) - inv(T) @ (S + np.outer(nu - mu, nu - mu)) @ inv(T)
    ) / 2),
    sympy=(
        "(Trace(T.I*S) + Trace((nu - mu).T*T.I*(nu - mu)) - n + log(Determinant(T))"
        " - log(Determinant(S)))/2",
    ),
    source="Kullback & Leibler 1951; Cover & Thomas 2006, section 8.5",
)  # fmt: skip
ask(
    STATISTICS, "mahalanobis", "√((x − μ)ᵀS⁻¹(x − μ))",
    lambda x, mu, S: np.sqrt((x - mu) @ np.linalg.inv(S) @ (x - mu)),
    "x n, mu n, S n×n positive definite",
    gradient("x", lambda x, mu, S: inv(S) @ (x - mu) / np.sqrt((x - mu) @ inv(S) @ (x - mu))),
    gradient("S", lambda x, mu, S: -np.outer(inv(S) @ (x - mu), inv(S) @ (x - mu))
             / (2 * np.sqrt((x - mu) @ inv(S) @ (x - mu)))),
    sympy=(
        "((x - mu).T*S.I*(x - mu))**Rational(1, 2)", "sqrt(Trace((x - mu).T*S.I*(x - mu)))",
    ),
    source="Mahalanobis 1936",
)  # fmt: skip
ask(
    STATISTICS, "student-t", "log(1 + (x − μ)ᵀS⁻¹(x − μ)/ν), multivariate t",
    lambda x, mu, S, nu: np.log(1 + (x - mu) @ np.linalg.solve(S, x - mu) / nu),
    "x n, mu n, S n×n positive definite, nu scalar positive",
    gradient("mu", lambda x, mu, S, nu: -2 * inv(S) @ (x - mu)
             / (nu + (x - mu) @ inv(S) @ (x - mu))),
    sympy="log(1 + Trace((x - mu).T*S.I*(x - mu))/nu)",
    source="Bishop 2006, (2.162)",
)  # fmt: skip
ask(
    STATISTICS, "wishart", "½(ν − n − 1) log det X − ½ tr(V⁻¹X)",
    lambda X, V, nu: (
        (nu - X.shape[0] - 1) / 2 * np.linalg.slogdet(X)[1]
        - np.trace(np.linalg.solve(V, X)) / 2
    ),
    "X n×n positive definite, V n×n positive definite, nu scalar large",
    gradient("X", lambda X, V, nu: ((nu - len(X) - 1) * inv(X) - inv(V)) / 2),
    gradient("V", lambda X, V, nu: inv(V) @ X @ inv(V) / 2),
    sympy="(nu - n - 1)*log(Determinant(X))/2 - Trace(V.I*X)/2",
    source="Bishop 2006, (2.155)",
)  # fmt: skip
ask(
    STATISTICS, "factor-analysis", "log det(WWᵀ + σ²I) + tr((WWᵀ + σ²I)⁻¹S), probabilistic PCA",
    lambda W, S, s2: np.linalg.slogdet(W @ W.T + s2 * np.eye(len(W)))[1] + np.trace(
        np.linalg.solve(W @ W.T + s2 * np.eye(len(W)), S)
    ),
    "W n×k, S n×n positive definite, s2 scalar positive",
    gradient("W", lambda W, S, s2: 2 * (
        inv(W @ W.T + s2 * np.eye(len(W))) @ W
        - inv(W @ W.T + s2 * np.eye(len(W))) @ S @ inv(W @ W.T + s2 * np.eye(len(W))) @ W
    )),
    sympy=(
        "log(Determinant(W*W.T + s2*Identity(n))) + Trace((W*W.T + s2*Identity(n)).I*S)"
    ),
    source="Tipping & Bishop 1999, (11)",
)  # fmt: skip
ask(
    STATISTICS, "gp-marginal", "GP marginal likelihood, K = s·C + σ²I",
    lambda s, C, sigma2, y: (
        -0.5 * y @ np.linalg.solve(s * C + sigma2 * np.eye(len(y)), y)
        - 0.5 * np.linalg.slogdet(s * C + sigma2 * np.eye(len(y)))[1]
    ),
    "s scalar positive, C n×n positive definite, sigma2 scalar positive, y n",
    gradient("s", lambda s, C, sigma2, y: 0.5 * (
        y @ inv(s * C + sigma2 * np.eye(len(y))) @ C @ inv(s * C + sigma2 * np.eye(len(y))) @ y
        - np.trace(inv(s * C + sigma2 * np.eye(len(y))) @ C)
    )),
    gradient("sigma2"),
    gradient("y", lambda s, C, sigma2, y: -inv(s * C + sigma2 * np.eye(len(y))) @ y),
    hessian("s"),
    sympy=(
        "-Trace(y.T*(s*C + sigma2*Identity(n)).I*y)/2"
        " - log(Determinant(s*C + sigma2*Identity(n)))/2",
    ),
    source="Rasmussen & Williams 2006, (5.9)",
)  # fmt: skip
ask(
    STATISTICS, "gp-length", "GP marginal likelihood in the length scale of an RBF kernel",
    lambda ell, X, y: (
        -0.5 * y @ np.linalg.solve(np.exp(
            -np.sum((X[:, None] - X[None]) ** 2, axis=-1) / (2 * ell**2)
        ) + 0.1 * np.eye(len(y)), y)
        - 0.5 * np.linalg.slogdet(np.exp(
            -np.sum((X[:, None] - X[None]) ** 2, axis=-1) / (2 * ell**2)
        ) + 0.1 * np.eye(len(y)))[1]
    ),
    "ell scalar positive, X m×n, y m",
    gradient("ell"),
    source="Rasmussen & Williams 2006, (5.9)",
)  # fmt: skip

# Kalman filter

ask(
    STATISTICS, "kalman-gain", "tr((I − KH)P(I − KH)ᵀ + KRKᵀ), in the gain K",
    lambda K, H, P, R: np.trace(
        (np.eye(len(P)) - K @ H) @ P @ (np.eye(len(P)) - K @ H).T + K @ R @ K.T
    ),
    "K n×k, H k×n, P n×n positive definite, R k×k positive definite",
    gradient("K", lambda K, H, P, R: -2 * (np.eye(len(P)) - K @ H) @ P @ H.T + 2 * K @ R),
    hessian("K", lambda K, H, P, R, V: 2 * V @ (H @ P @ H.T + R)),
    sympy=(
        "Trace((Identity(n) - K*H)*P*(Identity(n) - K*H).T + K*R*K.T)",
        "Trace((Identity(n) - K*H)*P*(Identity(n) - K*H).T) + Trace(K*R*K.T)",
    ),
    source="Kalman 1960; Anderson & Moore 1979",
)  # fmt: skip
ask(
    STATISTICS, "kalman-posterior", "tr(P − PHᵀ(HPHᵀ + R)⁻¹HP), in R",
    lambda H, P, R: np.trace(P - P @ H.T @ np.linalg.solve(H @ P @ H.T + R, H @ P)),
    "H k×n, P n×n positive definite, R k×k positive definite",
    gradient("R", lambda H, P, R: inv(H @ P @ H.T + R) @ H @ P @ P @ H.T
             @ inv(H @ P @ H.T + R)),
    gradient("H"),
    sympy=(
        "Trace(P - P*H.T*(H*P*H.T + R).I*H*P)",
        "Trace(P) - Trace(P*H.T*(H*P*H.T + R).I*H*P)",
    ),
    source="Anderson & Moore 1979",
)  # fmt: skip
ask(
    STATISTICS, "kalman-innovation", "½ log det S + ½ eᵀS⁻¹e, e = y − Hx, S = HPHᵀ + R",
    lambda H, P, R, x, y: (
        0.5 * np.linalg.slogdet(H @ P @ H.T + R)[1]
        + 0.5 * (y - H @ x) @ np.linalg.solve(H @ P @ H.T + R, y - H @ x)
    ),
    "H k×n, P n×n positive definite, R k×k positive definite, x n, y k",
    gradient("R", lambda H, P, R, x, y: (
        inv(H @ P @ H.T + R)
        - np.outer(inv(H @ P @ H.T + R) @ (y - H @ x), inv(H @ P @ H.T + R) @ (y - H @ x))
    ) / 2),
    gradient("x", lambda H, P, R, x, y: -H.T @ inv(H @ P @ H.T + R) @ (y - H @ x)),
    gradient("H"),
    gradient("P"),
    sympy=(
        "log(Determinant(H*P*H.T + R))/2 + Trace((y - H*x).T*(H*P*H.T + R).I*(y - H*x))/2",
    ),
    source="Schweppe 1965",
)  # fmt: skip

# Multivariate statistics

ask(
    STATISTICS, "lda", "tr((WᵀS_wW)⁻¹(WᵀS_bW)), linear discriminant analysis",
    lambda W, S, B: np.trace(np.linalg.solve(W.T @ S @ W, W.T @ B @ W)),
    "W n×k, S n×n positive definite, B n×n symmetric",
    gradient("W", lambda W, S, B: 2 * B @ W @ inv(W.T @ S @ W)
             - 2 * S @ W @ inv(W.T @ S @ W) @ W.T @ B @ W @ inv(W.T @ S @ W)),
    sympy="Trace((W.T*S*W).I*(W.T*B*W))", source="Fukunaga 1990, section 10.2",
)  # fmt: skip
ask(
    STATISTICS, "trace-ratio", "tr(WᵀBW)/tr(WᵀSW)",
    lambda W, S, B: np.trace(W.T @ B @ W) / np.trace(W.T @ S @ W),
    "W n×k, S n×n positive definite, B n×n symmetric",
    gradient("W", lambda W, S, B: 2 * B @ W / np.trace(W.T @ S @ W)
             - 2 * np.trace(W.T @ B @ W) * S @ W / np.trace(W.T @ S @ W) ** 2),
    sympy="Trace(W.T*B*W)/Trace(W.T*S*W)", source="Ngo, Bellalij & Saad 2012",
)  # fmt: skip
ask(
    STATISTICS, "pca", "½‖X − XWWᵀ‖²_F, reconstruction error",
    lambda X, W: np.linalg.norm(X - X @ W @ W.T) ** 2 / 2, "X m×n, W n×k",
    gradient("W", lambda X, W: (
        X.T @ X @ W @ W.T @ W + W @ W.T @ X.T @ X @ W - 2 * X.T @ X @ W
    )),
    gradient("X", lambda X, W: (X - X @ W @ W.T) @ (np.eye(len(W)) - W @ W.T)),
    sympy="Trace((X - X*W*W.T).T*(X - X*W*W.T))/2", source="Baldi & Hornik 1989",
)  # fmt: skip
ask(
    STATISTICS, "whitening", "½‖L⁻¹x‖² + Σᵢ log Lᵢᵢ, L = chol(S)",
    lambda x, S: np.sum(np.linalg.solve(np.linalg.cholesky(S), x) ** 2) / 2
    + np.sum(np.log(np.diag(np.linalg.cholesky(S)))),
    "x n, S n×n positive definite",
    gradient("x", lambda x, S: inv(S) @ x),
    gradient("S", lambda x, S: (inv(S) - np.outer(inv(S) @ x, inv(S) @ x)) / 2),
    source="Murray 2016",
)  # fmt: skip
ask(
    STATISTICS, "whitened-map", "L⁻¹x, L = chol(S)",
    lambda x, S: np.linalg.solve(np.linalg.cholesky(S), x), "x n, S n×n positive definite",
    jacobian("x", lambda x, S: inv(cholesky(S))),
    jacobian("S"),
    source="Kessy, Lewin & Strimmer 2018",
)  # fmt: skip
ask(
    STATISTICS, "correlation", "Pearson's correlation of x and y",
    lambda x, y: (x - np.mean(x)) @ (y - np.mean(y)) / (
        np.linalg.norm(x - np.mean(x)) * np.linalg.norm(y - np.mean(y))
    ),
    "x m, y m",
    gradient("x"),
    source="Pearson 1895",
)  # fmt: skip
ask(
    STATISTICS, "variance", "the variance of x",
    lambda x: np.mean((x - np.mean(x)) ** 2), "x n",
    gradient("x", lambda x: 2 * (x - np.mean(x)) / len(x)),
    hessian("x", lambda x: 2 * (np.eye(len(x)) - 1 / len(x)) / len(x)),
    sympy=(
        "(x - OneMatrix(n, n)*x/n).T*(x - OneMatrix(n, n)*x/n)/n",
        "Trace((x - OneMatrix(n, n)*x/n).T*(x - OneMatrix(n, n)*x/n))/n",
    ),
    source="Magnus & Neudecker 2019",
)  # fmt: skip
