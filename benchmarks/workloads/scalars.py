"""Plain numbers: everything that is measured here is overhead."""

import numpy as np

from benchmarks.problem import Problem, workload


def expression(xp, w1, w2):
    v = w2 * xp.log(w1)
    return v + xp.sqrt(v)


def expression_by_hand(w1, w2):
    log = np.log(w1)
    v = w2 * log
    root = np.sqrt(v)
    v_bar = 1 + 0.5 / root
    return v + root, (v_bar * w2 / w1, v_bar * log)


@workload("W1", "w₂ log w₁ + √(w₂ log w₁)", "gradient", target=12, compiled=1.5, scalar=True)
def expression_problem():
    return Problem(expression, expression_by_hand, (2.0, 3.0), active=2)


@workload(
    "W2",
    "1000 scalar operations",
    "gradient",
    (250,),
    (3,),
    target=0.8,
    compiled=0.15,
    operations=1000,
    scalar=True,
)
def euler_problem(steps):
    """Euler steps of x' = sin(kx): four operations each, none of them with a constant."""

    def euler(xp, x, h, k):
        for _ in range(steps):
            x = x + h * xp.sin(k * x)
        return x

    def by_hand(x, h, k):
        xs, ss = [], []
        for _ in range(steps):
            s = np.sin(k * x)
            xs.append(x)
            ss.append(s)
            x = x + h * s
        x_bar, h_bar, k_bar = 1.0, 0.0, 0.0
        for before, s in zip(reversed(xs), reversed(ss), strict=True):
            h_bar += x_bar * s
            u_bar = x_bar * h * np.cos(k * before)
            k_bar += u_bar * before
            x_bar += u_bar * k
        return x, (x_bar, h_bar, k_bar)

    return Problem(euler, by_hand, (0.3, 2.5 / steps, 1.5), active=3)
