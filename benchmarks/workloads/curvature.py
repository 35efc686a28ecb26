"""Second derivatives: Hessian-vector products and a full Hessian."""

import numpy as np

from benchmarks.problem import Problem, random, workload


def rosenbrock(xp, x):
    return xp.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def bands(x):
    """The diagonal and the side diagonal of the Hessian of `rosenbrock`."""
    diagonal = np.zeros_like(x)
    diagonal[:-1] = 1200 * x[:-1] ** 2 - 400 * x[1:] + 2
    diagonal[1:] += 200
    return diagonal, -400 * x[:-1]


def rosenbrock_hvp_by_hand(x, v):
    diagonal, side = bands(x)
    product = diagonal * v
    product[:-1] += side * v[1:]
    product[1:] += side * v[:-1]
    return (product,)


def rosenbrock_hessian_by_hand(x):
    diagonal, side = bands(x)
    n = len(x)
    H = np.zeros((n, n))
    flat = H.ravel()
    flat[:: n + 1] = diagonal
    flat[1 :: n + 1] = side
    flat[n :: n + 1] = side
    return H


@workload("W7r", "HVP, Rosenbrock n = 1000", "hvp", (1000,), (5,), target=10, compiled=1.2)
def rosenbrock_hvp_problem(n):
    rng = random()
    x, v = rng.standard_normal((2, n))
    return Problem(rosenbrock, rosenbrock_hvp_by_hand, (x,), vectors=(v,))


def error(xp, W, b, w, X, y):
    """Mean squared error of a network with one hidden layer."""
    r = xp.tanh(X @ W + b) @ w - y
    return xp.mean(r * r)


def error_hvp_by_hand(W, b, w, X, y, W_dot, b_dot, w_dot):
    """The tangent of every line of the gradient program (Pearlmutter 1994)."""
    H = np.tanh(X @ W + b)
    slope = 1 - H * H
    H_dot = slope * (X @ W_dot + b_dot)
    slope_dot = -2 * H * H_dot
    r_bar = (2 / len(y)) * (H @ w - y)
    r_bar_dot = (2 / len(y)) * (H_dot @ w + H @ w_dot)
    H_bar = np.outer(r_bar, w)
    H_bar_dot = np.outer(r_bar_dot, w) + np.outer(r_bar, w_dot)
    A_bar_dot = H_bar_dot * slope + H_bar * slope_dot
    return X.T @ A_bar_dot, A_bar_dot.sum(axis=0), H_dot.T @ r_bar + H.T @ r_bar_dot


@workload(
    "W7n",
    "HVP, network 10-32-1, batch 32",
    "hvp",
    (32, 10, 32),
    (3, 2, 4),
    target=6,
    compiled=1.1,
)
def error_hvp_problem(batch, inputs, hidden):
    rng = random()
    shapes = [(inputs, hidden), (hidden,), (hidden,)]
    parameters = tuple(0.5 * rng.standard_normal(shape) for shape in shapes)
    vectors = tuple(rng.standard_normal(shape) for shape in shapes)
    data = rng.standard_normal((batch, inputs)), rng.standard_normal(batch)
    return Problem(error, error_hvp_by_hand, (*parameters, *data), active=3, vectors=vectors)


@workload(
    "W11",
    "full Hessian, Rosenbrock n = 100",
    "hessian",
    (100,),
    (4,),
    target=20,
    compiled=5,
    note="with its three diagonals found from the trace, adcourse compiled aims at 1.2",
)
def rosenbrock_hessian_problem(n):
    return Problem(rosenbrock, rosenbrock_hessian_by_hand, (random().standard_normal(n),))
