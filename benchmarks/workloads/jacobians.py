"""The Jacobian of Ax with respect to x, as a program: n pushforwards or m pullbacks of it.

That J is A itself is knowledge about the function. The hand-written version does what Jacobian
programs do, as well as NumPy can: it applies the linear map to a whole basis at once.
"""

import numpy as np

from benchmarks.problem import Problem, random, workload


def product(xp, x, A):
    return A @ x


def problem(by_hand):
    def build(m, n):
        rng = random()
        A = rng.standard_normal((m, n))
        return Problem(product, by_hand, (rng.standard_normal(n), A))

    return build


def columns_by_hand(x, A):
    return A @ np.eye(len(x))


def rows_by_hand(x, A):
    return np.eye(len(A)) @ A


MODES = [  # task, by hand, and the targets for m rows, as it stands and compiled
    ("jacfwd", "forward", columns_by_hand, {10: (8, 1), 100: (4, 1), 1000: (1.3, 1)}),
    ("jacrev", "reverse", rows_by_hand, {10: (8, 1), 100: (2, 1), 1000: (1.1, 1)}),
]
for task, mode, by_hand, targets in MODES:
    for m, (target, compiled) in targets.items():
        title = f"Jacobian of Ax, {m} × 100, {mode}"
        facts = {"target": target, "compiled": compiled}
        workload(f"W6{mode[0]}{m}", title, task, (m, 100), (2, 3), **facts)(problem(by_hand))
