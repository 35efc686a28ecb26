"""Both sides of a comparison at one choice of sizes, and their values at a point."""

from dataclasses import dataclass, field

import sympy

from adcourse.symbolic.exact.decimals import Decimals
from adcourse.symbolic.exact.linear import shape as shape_of
from adcourse.symbolic.exact.point import Point
from adcourse.symbolic.exact.scalars import evaluate

DIGITS = 120  # in which a condition is decided


@dataclass
class Case:
    """Both sides once all dimensions have sizes: lists of (path, shape, entries)."""

    variables: dict
    sizes: dict
    sides: tuple
    conditions: list
    shapes: tuple = field(default=None)

    def values(self, number_system, point):
        """The entries of both sides as two lists; raises OtherShape where they do not fit."""
        memo, found = {}, []
        for side in self.sides:
            arrays = []
            for path, shape, entries in side:
                values = [value_of(e, number_system, point, memo) for e in entries]
                if shape is None:
                    (A,) = values
                    shape = shape_of(A) if isinstance(A, list) else ()
                    values = [e for row in A for e in row] if isinstance(A, list) else values
                else:
                    values = [v[0][0] if isinstance(v, list) else v for v in values]
                arrays.append((path, canonical(shape), values))
            found.append(arrays)
        self.shapes = tuple([(path, shape) for path, shape, _ in side] for side in found)
        if self.shapes[0] != self.shapes[1]:
            raise OtherShape
        return [[v for _, _, values in side for v in values] for side in found]

    def place(self, k):
        """Where entry k stands, in words."""
        if sum(size(shape) for _, shape in self.shapes[0]) == 1:
            return ""
        for path, shape in self.shapes[0]:
            if k < size(shape):
                index = []
                for d in reversed(shape):
                    k, i = divmod(k, d)
                    index.append(i)
                return f" in entry {[*path, *reversed(index)]}"
            k -= size(shape)
        return ""

    def holds(self, point):
        """Whether the program takes its path at a point, given in fractions."""
        F = Decimals(DIGITS)
        return all(evaluate(c, F, in_field(F, point)) for c in self.conditions)


class OtherShape(Exception):
    """The two sides have different shapes or are nested differently."""


def value_of(e, number_system, point, memo):
    if isinstance(e, sympy.Basic | sympy.MatrixBase):
        return evaluate(e, number_system, point, memo)
    return e.over(number_system, point)


def canonical(shape):
    """Vectors are columns, and a single entry is a number however it is wrapped."""
    if all(d == 1 for d in shape):
        return ()
    return (*shape, 1) if len(shape) == 1 else tuple(shape)


def size(shape):
    n = 1
    for d in shape:
        n *= d
    return n


def in_field(F, point):
    """A point of fractions in another number system."""
    values = {
        name: [[F.number(e) for e in row] for row in v] if isinstance(v, list) else F.number(v)
        for name, v in point.items()
    }
    here = Point(sizes=point.sizes)
    here.update(values)
    return here
