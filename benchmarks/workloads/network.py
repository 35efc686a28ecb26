"""A network for digits: three layers, tanh, softmax and cross-entropy. BLAS decides."""

import numpy as np

from benchmarks.problem import Problem, random, workload


def loss(xp, W1, b1, W2, b2, W3, b3, X, Y):
    """Mean cross-entropy; the rows of Y are one-hot."""
    H1 = xp.tanh(X @ W1 + b1)
    H2 = xp.tanh(H1 @ W2 + b2)
    Z = H2 @ W3 + b3
    return xp.mean(xp.log(xp.sum(xp.exp(Z), axis=1)) - xp.sum(Y * Z, axis=1))


def loss_by_hand(W1, b1, W2, b2, W3, b3, X, Y):
    H1 = np.tanh(X @ W1 + b1)
    H2 = np.tanh(H1 @ W2 + b2)
    Z = H2 @ W3 + b3
    E = np.exp(Z)
    totals = np.sum(E, axis=1)
    value = np.mean(np.log(totals) - np.sum(Y * Z, axis=1))
    Z_bar = (E / totals[:, None] - Y) / len(X)
    A2_bar = (Z_bar @ W3.T) * (1 - H2 * H2)
    A1_bar = (A2_bar @ W2.T) * (1 - H1 * H1)
    return value, (
        X.T @ A1_bar,
        A1_bar.sum(axis=0),
        H1.T @ A2_bar,
        A2_bar.sum(axis=0),
        H2.T @ Z_bar,
        Z_bar.sum(axis=0),
    )


@workload(
    "W5",
    "network 784-256-128-10, batch 128",
    "gradient",
    (128, 784, 256, 128, 10),
    (3, 5, 4, 3, 2),
    target=1.1,
    compiled=1.0,
)
def network_problem(batch, *widths):
    rng = random()
    parameters = []
    for inputs, outputs in zip(widths, widths[1:], strict=False):
        parameters += [
            rng.standard_normal((inputs, outputs)) / np.sqrt(inputs),
            0.1 * rng.standard_normal(outputs),
        ]
    X = rng.standard_normal((batch, widths[0]))
    Y = np.eye(widths[-1])[rng.integers(widths[-1], size=batch)]
    return Problem(loss, loss_by_hand, (*parameters, X, Y), active=6)
