"""Is a derivative right? Two witnesses: difference quotients, and the law of the transpose."""

import numpy as np

from adcourse.core.errors import GradientMismatch, WrongStructure
from adcourse.core.points import real_points
from adcourse.core.tree import flatten
from adcourse.transforms.forward import jvp
from adcourse.transforms.reverse import vjp

STEP = 1e-5  # of the central difference, relative to a direction of size 1: error about 1e-10
TOLERANCE = 1e-6  # of differences; the transpose law holds to rounding
LAW_TOLERANCE = 1e-9


def check_grads(f, args, order=2, modes=("forward", "reverse"), rng=None, tolerance=TOLERANCE):
    """Check the derivatives of f at a point; returns None, or raises GradientMismatch.

    `args` is a tuple, one entry per argument of f. At each order up to `order`, in a random
    direction: J ẋ against a central difference (mode "forward"), and the law
    <ȳ, J ẋ> = <Jᵀ ȳ, ẋ> (mode "reverse"). Order 2 checks the derivatives of these derivatives.
    `rng` is a NumPy generator (default: seed 0), `tolerance` relative to the derivative's size.

    >>> check_grads(lambda x: np.sin(x) * x, (0.7,))
    """
    unknown = set(modes) - {"forward", "reverse"}
    if unknown:
        raise ValueError(f"modes are 'forward' and 'reverse', not {', '.join(sorted(unknown))}.")
    if not modes:
        raise ValueError("modes is empty: nothing would be checked.")
    if not isinstance(args, tuple | list):
        raise WrongStructure("args must be a tuple, one entry per argument: check_grads(f, (x,)).")
    rng = np.random.default_rng(0) if rng is None else rng
    check_order(f, tuple(args), order, modes, rng, tolerance, 1)


def check_order(f, args, order, modes, rng, tolerance, level):
    points, rebuild = real_points(args, "an argument of check_grads")
    dots = [rng.standard_normal(np.shape(x))[()] for x in points]
    norm = np.sqrt(sum(np.sum(np.square(dot)) for dot in dots)) or 1.0
    dots = rebuild([dot / norm for dot in dots])

    y, y_dot = jvp(f, args, dots)
    difference = central(f, args, dots)
    if "forward" in modes:
        compare(
            y_dot, difference, tolerance, f"order {level}, forward mode: J ẋ", "central difference"
        )
    if "reverse" in modes:
        y, pullback = vjp(f, *args)
        y_leaves, rebuild_y = flatten(y)
        y_bar = rebuild_y([rng.standard_normal(np.shape(leaf))[()] for leaf in y_leaves])
        x_bars = pullback(y_bar)
        left, right = inner(y_bar, y_dot), inner(x_bars, dots)
        compare(right, left, LAW_TOLERANCE, f"order {level}, reverse mode: <Jᵀȳ, ẋ>", "<ȳ, Jẋ>")
    if order > level:
        if "forward" in modes:
            check_order(
                lambda *xs: jvp(f, xs, dots)[1], args, order, modes, rng, tolerance, level + 1
            )
        if "reverse" in modes:
            check_order(
                lambda *xs: vjp(f, *xs)[1](y_bar), args, order, modes, rng, tolerance, level + 1
            )


def central(f, args, dots):
    """(f(x + h ẋ) - f(x - h ẋ)) / 2h, leaf by leaf."""

    def moved(h):
        leaves, rebuild = flatten(args)
        return flatten(
            f(*rebuild([x + h * d for x, d in zip(leaves, flatten(dots)[0], strict=True)]))
        )[0]

    return [(up - down) / (2 * STEP) for up, down in zip(moved(STEP), moved(-STEP), strict=True)]


def inner(a, b):
    """<a, b> summed over all leaves."""
    pairs = zip(flatten(a)[0], flatten(b)[0], strict=True)
    return sum(float(np.sum(np.multiply(x, y))) for x, y in pairs)


def compare(got, expected, tolerance, what, against):
    """Raise unless every leaf agrees, relative to the size of the larger one (at least 1)."""
    for mine, theirs in zip(flatten(got)[0], flatten(expected)[0], strict=True):
        size = max(1.0, np.max(np.abs(theirs), initial=0.0))
        gap = np.max(np.abs(np.asarray(mine) - theirs), initial=0.0)
        if not gap <= tolerance * size:  # also when it is nan
            raise GradientMismatch(
                f"{what} is {short(mine)}, but the {against} is {short(theirs)} "
                f"(they differ by {gap:.3g}, allowed {tolerance * size:.3g})."
            )


def short(x):
    return np.array2string(np.asarray(x), precision=6, threshold=6)
