"""Long loops whose derivative needs few stored states."""

import numpy as np

from adcourse.core.primitive import shape_of
from adcourse.core.tree import flatten
from adcourse.transforms.checkpoint import Piece, innermost_tape, marked
from adcourse.transforms.reverse import vjp
from adcourse.transforms.schedules import schedule


def checkpoint_schedule(step, n, states=None, kind="binomial"):
    """The loop x -> step applied n times, whose pullback stores few of its states.

    `step(x, k, *params)` returns the next state from the state x and the number k = 0, …, n - 1 of
    the step. The result is a function `loop(x, *params)`; x and params may be nested. At most
    `states` states are held at once in the backward walk, x₀ among them; `kind` is one of "all",
    "sqrt", "bisection" and "binomial" (adcourse.transforms.schedules).

    Cost: the repeated steps of the schedule; with "binomial" their number is the least possible.
    Griewank & Walther 2000.

    >>> from adcourse import grad
    >>> grad(checkpoint_schedule(lambda x, k: x * x, 3, states=2))(1.0)
    8.0
    """
    actions = schedule(n, states, kind)

    def loop(x, *params):
        leaves, rebuild = flatten((x, params))

        def of_leaves(*leaves):
            x, params = rebuild(list(leaves))
            return advance(step, x, params, 0, n)

        tape = innermost_tape(leaves)
        if tape is None:
            return of_leaves(*leaves)
        return Loop(of_leaves, leaves, tape, step, actions, rebuild).run()

    return loop


def advance(step, x, params, start, stop):
    for k in range(start, stop):
        x = step(x, k, *params)
    return x


class Loop(Piece):
    """A piece that is pulled back step by step, as a schedule says."""

    def __init__(self, f, leaves, tape, step, actions, rebuild):
        super().__init__(f, leaves, tape)
        self.step = step
        self.actions = actions
        self.rebuild = rebuild

    def pull(self, shares):
        n = len(flatten(self.rebuild(list(self.values))[0])[0])  # leaves of the state
        start, constants = self.values[:n], self.values[n:]
        moving = [value for value, on in zip(constants, self.active[n:], strict=True) if on]
        x_bars = [shares.get(j, np.zeros(shape_of(x))) for j, x in enumerate(start)]
        totals = [None] * len(moving)
        at, here, stored = 0, start, {0: start}
        for action, k, *stop in self.actions:
            if action == "advance":
                at = stop[0]
                x, params = self.rebuild([*map(marked, stored[k]), *constants])
                here = flatten(advance(self.step, x, params, k, at))[0]
            elif action == "store":
                stored[k] = here
            elif action == "free":
                del stored[k]
            else:
                state = here if at == k else stored[k]
                _, pullback = vjp(self.one_step(k, n), *map(marked, state), *moving)
                bars = pullback(x_bars)
                x_bars = list(bars[:n])
                totals = [
                    bar if total is None else total + bar
                    for total, bar in zip(totals, bars[n:], strict=True)
                ]
        return [bar for bar, on in zip(x_bars, self.active[:n], strict=True) if on] + totals

    def one_step(self, k, n):
        """Step k as a function of the leaves of the state and the traced leaves of the params."""
        active = [True] * n + self.active[n:]

        def of_leaves(*inputs):
            inputs = iter(inputs)
            leaves = [next(inputs) if on else v for v, on in zip(self.values, active, strict=True)]
            x, params = self.rebuild(leaves)
            return flatten(self.step(x, k, *params))[0]

        return of_leaves
