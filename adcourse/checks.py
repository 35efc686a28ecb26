"""Is a derivative right? Two witnesses: difference quotients, and the law of the transpose."""

import numpy as np

from adcourse.core.errors import GradientMismatch, WrongStructure
from adcourse.core.points import dtype_of, real_points
from adcourse.core.tree import flatten
from adcourse.transforms.forward import jvp
from adcourse.transforms.reverse import vjp

TOLERANCE = 1e-6  # of differences, relative; the transpose law holds to rounding
ROUNDING = 64  # times the unit round-off: what the sums of a law or a difference may lose


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
    eps = max((np.finfo(dtype_of(x)).eps for x in points), default=0.0)
    dots = rebuild([direction(x, rng) for x in points])
    y, y_dot = jvp(f, args, dots)
    if "forward" in modes:
        what = f"order {level}, forward mode: J ẋ"
        for mine, (quotient, noise) in zip(
            flatten(y_dot)[0], central(f, args, dots, eps), strict=True
        ):
            allowed = max(tolerance, 40 * eps ** (2 / 3)) * largest(quotient) + noise
            compare(mine, quotient, allowed, what, "central difference")
    y_leaves, rebuild_y = flatten(y)
    y_bar = rebuild_y([rng.standard_normal(np.shape(leaf))[()] for leaf in y_leaves])
    if "reverse" in modes:
        x_bars = vjp(f, *args)[1](y_bar)
        left, size = inner(y_bar, y_dot)
        right, other_size = inner(x_bars, dots)
        lost = min(1.0, max(map(largest, points), default=0.0)) / 8
        allowed = ROUNDING * eps * (max(size, other_size) * max(1, len(y_leaves)) + lost)
        what = f"order {level}, reverse mode: <Jᵀȳ, ẋ>"
        compare(right, left, max(allowed, 1e-9 * size), what, "<ȳ, Jẋ>")
    if order > level:
        further = {
            "forward": lambda *xs: jvp(f, xs, dots)[1],
            "reverse": lambda *xs: vjp(f, *xs)[1](y_bar),
        }
        for mode in modes:
            check_order(further[mode], args, order, modes, rng, tolerance, level + 1)


def direction(x, rng):
    """A random tangent that moves each entry in proportion to its size, by 1 at the most."""
    size = np.minimum(np.abs(x), 1.0)
    return (rng.standard_normal(np.shape(x)) * np.where(size > 0, size, 1.0))[()]


def central(f, args, dots, eps):
    """(f(x + h ẋ) - f(x - h ẋ)) / 2h for each leaf, and the rounding error that it may have."""
    h = 1.6 * eps ** (1 / 3)
    leaves, rebuild = flatten(args)
    moves = [np.asarray(d, dtype_of(x))[()] for x, d in zip(leaves, flatten(dots)[0], strict=True)]

    def moved(h):
        return flatten(f(*rebuild([x + h * d for x, d in zip(leaves, moves, strict=True)])))[0]

    far = max((largest(x) for x in leaves), default=0.0)
    lost = min(1.0, far) / 8  # by cancellation inside f; and x + h ẋ is rounded, too
    for up, down in zip(moved(float(h)), moved(-float(h)), strict=True):
        quotient = (np.asarray(up, float) - down) / (2 * h)
        size = largest(up) + lost + largest(quotient) * max(1.0, far) / 32
        yield quotient, ROUNDING * eps / h * size


def inner(a, b):
    """<a, b> summed over all leaves, and the sum of the sizes of its terms."""
    terms = [
        np.multiply(x, y, dtype=float) for x, y in zip(flatten(a)[0], flatten(b)[0], strict=True)
    ]
    return sum(float(np.sum(t)) for t in terms), sum(float(np.sum(np.abs(t))) for t in terms)


def largest(x):
    return float(np.max(np.abs(x), initial=0.0))


def compare(mine, theirs, allowed, what, against):
    """Raise unless the two agree to what is allowed."""
    gap = largest(np.asarray(mine) - theirs)
    if not gap <= allowed:  # also when it is nan
        raise GradientMismatch(
            f"{what} is {short(mine)}, but the {against} is {short(theirs)} "
            f"(they differ by {gap:.3g}, allowed {allowed:.3g})."
        )


def short(x):
    return np.array2string(np.asarray(x), precision=6, threshold=6)
