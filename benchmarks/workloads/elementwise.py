"""Entry by entry on short and on long arrays: the price of a call, and the price of memory."""

import numpy as np

from benchmarks.problem import Problem, random, workload

SHORT = "elementwise chain of 50, n = 100"
LONG = "elementwise chain of 20, n = 100 000"


@workload("W3", SHORT, "gradient", (100, 10), (5, 2), target=2, compiled=0.8)
@workload("W4", LONG, "gradient", (10**5, 4), (7, 1), target=1.15, compiled=0.9)
def chain_problem(n, steps):
    """Five operations a step."""

    def chain(xp, x):
        y = x
        for _ in range(steps):
            y = x * xp.sin(1.1 * y) + 0.2 * y
        return xp.sum(y)

    def by_hand(x):
        y, us, ss = x, [], []
        for _ in range(steps):
            u = 1.1 * y
            s = np.sin(u)
            us.append(u)
            ss.append(s)
            y = x * s + 0.2 * y
        y_bar, x_bar = np.ones_like(x), np.zeros_like(x)
        while us:
            x_bar += y_bar * ss.pop()
            y_bar = y_bar * (1.1 * x * np.cos(us.pop()) + 0.2)
        return np.sum(y), (x_bar + y_bar,)

    return Problem(chain, by_hand, (random().uniform(0.5, 1.5, n),))
