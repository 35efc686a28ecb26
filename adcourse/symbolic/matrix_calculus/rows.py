"""How each row of the table reads at matrix granularity. A rule gets the node, shapes, meanings."""

import numpy as np

from adcourse.symbolic.matrix_calculus import expressions as e
from adcourse.symbolic.matrix_calculus.forms import (
    mul,
    transpose,
)

READ = {}  # NumPy function, or name of a row -> how it reads


def reads(*functions):
    def enter(rule):
        READ.update(dict.fromkeys(functions, rule))
        return rule

    return enter


class NotHere(Exception):
    """A row cannot read this call; the text says why."""


def stop(why):
    raise NotHere(why)


class Assuming:
    """A meaning that holds under a condition, which the derivation states."""

    def __init__(self, meaning, condition):
        self.meaning, self.condition = meaning, condition


class Blocks:
    """A matrix reshaped on its way into a Kronecker product: rows and columns, or inside."""

    def __init__(self, a, outer):
        self.a, self.outer = a, outer


def constant_matrix(name, value):
    return e.Sym(name, value.shape, value=np.asarray(value, float))


def is_number(a):
    return not isinstance(a, e.Expression)


def spread(a, shape, wanted):
    """A meaning broadcast to a NumPy shape, with its ones written out; numbers stay numbers."""
    if is_number(a):
        return a
    if len(wanted) > 2:
        stop(f"it has {len(wanted)} axes")
    rows, columns = (*wanted, 1)[:2]
    if a.shape == (rows, columns) and (len(shape) == len(wanted) or len(wanted) == 1):
        return a
    if len(shape) == 1:  # a vector beside a matrix is a row
        a = transpose(a)
    if a.shape[0] == 1 and rows != 1:
        a = mul(e.Ones(rows, 1), a)
    if a.shape[1] == 1 and columns != 1:
        a = mul(a, e.Ones(1, columns))
    return a if a.shape == (rows, columns) else stop(f"it broadcasts {shape} to {wanted}")
