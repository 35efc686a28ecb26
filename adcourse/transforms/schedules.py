"""Reversing a long loop within a given number of stored states.

A schedule is a list of actions on the states x₀, x₁, …, xₙ of a loop xₖ₊₁ = step(xₖ):

    ("advance", i, j)   run the loop from the stored state xᵢ to xⱼ
    ("store", k)        keep xₖ, the state just reached
    ("back", k)         pull the cotangent of xₖ₊₁ back through step k; xₖ is the state at hand
    ("free", k)         forget xₖ

More states cost memory, fewer cost repeated steps. With s states and every step run at most r times
forward, the longest loop has β(s, r) = C(s + r, s) steps, and the fewest advances for n steps are
t(n, s) = r n - β(s + 1, r - 1) with the smallest r such that n <= β(s, r).
Griewank & Walther 2000 (algorithm 799: revolve).
"""

from functools import cache
from math import ceil, comb, isqrt

KINDS = ("all", "sqrt", "bisection", "binomial")


def schedule(n, states=None, kind="binomial"):
    """The actions that reverse a loop of n steps; x₀ is stored at the start and counts as a state.

    `kind`: "all" stores every state (n of them); "sqrt" stores about 2√n; "bisection" halves the
    loop again and again and stores about log₂ n; "binomial" is the optimum for the given number of
    `states`.

    >>> schedule(3, kind="all")[:3]
    [('advance', 0, 1), ('store', 1), ('advance', 1, 2)]
    >>> count_advances(schedule(10, states=3)) == fewest_advances(10, 3)
    True
    """
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}, not {kind!r}.")
    if n < 1:
        raise ValueError(f"A loop to reverse has at least one step, not {n}.")
    if kind == "binomial" and (states is None or states < 1):
        raise ValueError(
            "The binomial schedule needs the number of states, at least 1 (that is x₀)."
        )
    if kind == "sqrt":
        return by_segments(n)
    split = {
        "all": lambda length, s: 1,
        "bisection": lambda length, s: length // 2,
        "binomial": best_split,
    }[kind]
    return divide(n, n if states is None else states, split)


def divide(n, states, split):
    """Go to a state inside, store it, reverse what follows it, forget it, reverse the rest."""
    actions = []
    todo = [("reverse", 0, n, states)]
    while todo:  # a stack, for a schedule may be deeper than Python's recursion
        action, *where = todo.pop()
        if action != "reverse":
            actions.append((action, *where))
            continue
        start, stop, s = where
        if stop - start == 1:
            actions.append(("back", start))
        elif s == 1:  # nothing more may be stored: every step starts over
            for k in reversed(range(start, stop)):
                actions += [("advance", start, k)] * (k > start) + [("back", k)]
        else:
            middle = start + split(stop - start, s)
            actions += [("advance", start, middle), ("store", middle)]
            todo += [
                ("reverse", start, middle, s),
                ("free", middle),
                ("reverse", middle, stop, s - 1),
            ]
    return actions


def by_segments(n):
    """Store the first state of each of about √n segments, then all states of one at a time."""
    length = isqrt(n - 1) + 1
    starts = list(range(0, n, length))
    actions = []
    for before, start in zip(starts, starts[1:], strict=False):
        actions += [("advance", before, start), ("store", start)]
    for start in reversed(starts):
        inside = range(start + 1, min(start + length, n))
        for k in inside:
            actions += [("advance", k - 1, k), ("store", k)]
        for k in reversed(inside):
            actions += [("back", k), ("free", k)]
        actions += [("back", start)] + [("free", start)] * (start > 0)
    return actions


def repetitions(n, states):
    """The smallest r with n <= C(states + r, states)."""
    r = 0
    while comb(states + r, states) < n:
        r += 1
    return r


def fewest_advances(n, states):
    """t(n, s) = r n - β(s + 1, r - 1): forward steps besides the n that are pulled back."""
    if n == 1:
        return 0
    r = repetitions(n, states)
    return r * n - comb(states + r, states + 1)


@cache
def best_split(length, states):
    """Where the first state inside is stored by an optimal schedule."""
    r = repetitions(length, states)
    lowest = max(1, length - comb(states - 1 + r, states - 1))
    highest = min(length - 1, comb(states + r - 1, states))
    for k in range(lowest, highest + 1):
        rest = fewest_advances(k, states) + fewest_advances(length - k, states - 1)
        if k + rest == fewest_advances(length, states):
            return k
    return ceil(length / 2)


def count_advances(actions):
    """How many forward steps a schedule takes besides those that it pulls back."""
    return sum(action[2] - action[1] for action in actions if action[0] == "advance")


def most_states(actions):
    """How many states a schedule holds at once, x₀ among them."""
    held = most = 1
    for action, *_ in actions:
        held += (action == "store") - (action == "free")
        most = max(most, held)
    return most
