"""Rows with several outputs: np.linalg.eigh returns the eigenvalues and the eigenvectors.

Such a row computes a tuple, one value with one slot on the tape or one node of a graph. Each of
its parts is then picked out by a second row, whose tangent is a part of the tuple's tangent and
whose cotangent is a part of the tuple's cotangent. Parts that nobody used have cotangent None.
"""

from adcourse.core.primitive import Primitive, Traced, table
from adcourse.rules.kinds import General


class Several(General):
    """A general row whose result is a tuple, a namedtuple where NumPy returns one.

    `vjp` names z, the tuple of outputs, and receives the tuple of their cotangents, None where an
    output was not used. `jvp` returns one tangent per output: None for zero, and a function of no
    arguments where it is worth computing only if that output is used.
    """

    kind = "several"

    def __call__(self, *args, **params):
        return parts(super().__call__(*args, **params))

    def output(self, place, *args, **params):
        """One output; the others are computed and forgotten, and their tangents not computed."""
        whole = super().__call__(*args, **params)
        return pick(whole, place=place, count=len(getattr(whole, "value", whole)))


def parts(whole):
    """The outputs of a traced tuple as a tuple of traced arrays, with the same field names."""
    if not isinstance(whole, Traced):
        return whole
    kind, count = type(whole.value), len(whole.value)
    picked = [pick(whole, place=place, count=count) for place in range(count)]
    return kind(*picked) if hasattr(kind, "_fields") else tuple(picked)


class Pick(Primitive):
    """One output of a row that has several."""

    kind = "pick"

    def edges(self, z, args, active, params):
        if getattr(getattr(z, "dtype", None), "kind", "f") == "f":  # ranks and counts are constant
            yield 0, one_part, (params["place"], params["count"])

    def tangent(self, z, args, dots, params):
        dot = dots[0][params["place"]]
        return dot() if callable(dot) else dot


class Parts:
    """The cotangent of a tuple: one cotangent per output, None where there is none."""

    __slots__ = ("bars",)

    def __init__(self, bars):
        self.bars = bars

    def __iter__(self):
        return iter(self.bars)

    def __add__(self, other):
        pairs = zip(self.bars, other.bars, strict=True)
        return Parts([b if a is None else a if b is None else a + b for a, b in pairs])


def one_part(bar, saved):
    """The cotangent of a tuple of which one output has this cotangent."""
    place, count = saved
    bars = [None] * count
    bars[place] = bar
    return Parts(bars)


def pick(whole, place, count):
    """whole[place], one of `count` outputs."""
    return whole[place]


pick = Pick(pick, name="output", params="place count")
table.pop(pick.numpy)  # no function that a program calls
several = Several
