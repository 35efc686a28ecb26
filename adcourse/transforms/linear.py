"""The derivative as a linear map that has forgotten the program."""

import numpy as np

from adcourse.core.points import conform, matching_leaves, own, real_points
from adcourse.core.primitive import shape_of
from adcourse.core.tape import Tape, Taped, pull_back, replay
from adcourse.core.tree import flatten
from adcourse.transforms.reverse import vjp


def linearize(f, *primals):
    """Value of f and its pushforward as a function of the tangents alone.

    `y, push = linearize(f, *primals)`: `push(*tangents)` is J ẋ, nested and shaped like y, and does
    not run f again: it reads the tape of the pullback backward, the transpose of the transpose.

    Cost: one run of f and one pullback, once; then each push costs about one pullback.

    >>> y, push = linearize(np.sin, 0.0)
    >>> y, push(2.0)
    (0.0, 2.0)
    """
    points, rebuild = real_points(primals, "a primal")
    y, pullback = vjp(f, *rebuild(points))
    y_leaves, rebuild_y = flatten(y)
    n = len(y_leaves)
    with Tape("linearize", n) as tape:
        zeros = [0.0 if leaf.__class__ is float else np.zeros(shape_of(leaf)) for leaf in y_leaves]
        bars = flatten(pullback(rebuild_y(tape.inputs(zeros))))[0]
        edges = tape.edges
    slots = [bar.slot if isinstance(bar, Taped) and bar.scope is tape else None for bar in bars]

    def push(*tangents):
        dots = own(matching_leaves(tangents, primals, "The tangents", "the primals"))
        seeds = [(slot, dot) for slot, dot in zip(slots, dots, strict=True) if slot is not None]
        return rebuild_y(conform(pull_back(replay(edges, n), n, seeds), y_leaves))

    return y, push
