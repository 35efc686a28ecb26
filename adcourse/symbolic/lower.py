"""A graph as SymPy expressions, element by element.

Each row says its meaning in SymPy's words; rows that only move or add entries are NumPy's own
functions, run on arrays of expressions. Symbols are real, floats become the exact rational numbers
that they are.
"""

from functools import cache

import numpy as np
import sympy

from adcourse.core.errors import NotLowerable
from adcourse.core.graph import Node

LOGICAL = {  # which arguments are true or false; elsewhere true counts as 1, as in NumPy
    np.where: (0,),
    np.logical_not: (0,),
    np.logical_and: (0, 1),
    np.logical_or: (0, 1),
    np.logical_xor: (0, 1),
}
CONDITIONS = (
    sympy.core.relational.Relational,
    sympy.logic.boolalg.BooleanFunction,
    sympy.logic.boolalg.BooleanAtom,
)
RUNS_ON_EXPRESSIONS = {"linear", "bilinear"}  # NumPy itself, on object arrays


def to_sympy(graph):
    """The results of a traced program as SymPy expressions of its inputs.

    A scalar result is an expression, an array result a `sympy.Array` of expressions, nested as the
    program nested them. An input w is the real symbol `w`, an entry of an array input x is `x_0`,
    `x_0_1`, …; `input_symbols(graph)` lists them. Where the program took a branch, the
    expression is a Piecewise that holds under the branch's conditions and is nan elsewhere.

    Raises NotLowerable for a node that has no element-by-element form.

    >>> from adcourse import trace
    >>> to_sympy(trace(lambda x: x * np.sin(x), 1.0))
    x*sin(x)
    """
    outputs, conditions = lowered(graph, input_symbols(graph))
    if conditions:
        condition = sympy.And(*conditions)
        outputs = [
            elementwise(lambda e: sympy.Piecewise((e, condition), (sympy.nan, True)), e)
            for e in outputs
        ]
    return graph.rebuild([as_array(e) for e in outputs])


def input_symbols(graph):
    """For each input of a graph its symbol, or an object array of symbols shaped like it."""
    taken = {node.name for node in graph.inputs}
    return [symbols_for(node.name, node.shape, taken) for node in graph.inputs]


def symbols_for(name, shape, taken):
    """The symbol of an input, or an array of symbols whose names no other input bears."""
    if shape == ():
        return sympy.Symbol(name, real=True)
    while any("_".join([name, *map(str, index)]) in taken for index in np.ndindex(shape)):
        name += "_"
    symbols = np.empty(shape, dtype=object)
    for index in np.ndindex(shape):
        symbols[index] = sympy.Symbol("_".join([name, *map(str, index)]), real=True)
    return symbols


def lowered(graph, inputs):
    """Expressions of the outputs, and the conditions under which the program takes this path."""
    meanings = graph.fold(inputs, lower_node)
    outputs = [meanings[o] if isinstance(o, Node) else exact(o) for o in graph.outputs]
    conditions = []
    for node, answer in graph.guards:
        condition = sympy.sympify(meanings[node])
        if isinstance(answer, bool):
            conditions.append(condition if answer else sympy.Not(condition))
        else:  # a whole number that was used as an index
            conditions.append(sympy.Eq(condition, answer))
    return outputs, conditions


def lower_node(node, args):
    """One row applied to expressions."""
    row = node.primitive
    args = [exact(a) for a in args]
    logical = LOGICAL.get(row.numpy, ())
    args = [a if k in logical else elementwise(number, a) for k, a in enumerate(args)]
    if row.sympy is not None:
        return elementwise(formula(row.sympy), *args)
    if row.entries or (row.entries is None and row.kind in RUNS_ON_EXPRESSIONS):
        arrays = [np.asarray(a, dtype=object) for a in args]
        z = (row.entries or row.numpy)(*arrays, **node.params)
        return z[()] if isinstance(z, np.ndarray) else z
    raise NotLowerable(
        f"{node.name} = {row.name}(…) has no element-by-element SymPy form. "
        "Trace the part of the program without it, or compare numbers instead."
    )


@cache
def formula(text):
    """A row's SymPy form, a formula of x, y, w, as a function. Rows are our own text, not input."""
    return eval(f"lambda x=None, y=None, w=None: {text}", vars(sympy))


def elementwise(function, *args):
    """Apply a function of expressions entry by entry, with broadcasting."""
    if all(np.shape(a) == () for a in args):
        return function(*args)
    return np.frompyfunc(function, len(args), 1)(*args)


def number(e):
    """A condition as the number 1 where it holds and 0 elsewhere; other expressions as they are."""
    is_condition = isinstance(e, CONDITIONS)
    return sympy.Piecewise((1, e), (0, True)) if is_condition else e


def exact(value):
    """Constants as exact numbers: a float is the rational number p/2ᵏ that it is."""
    if isinstance(value, bool | np.bool_):
        return sympy.true if value else sympy.false
    if isinstance(value, float | np.floating):
        return sympy.Rational(float(value)) if np.isfinite(value) else sympy.sympify(float(value))
    if isinstance(value, int | np.integer):
        return sympy.Integer(int(value))
    if isinstance(value, np.ndarray) and value.dtype != object:
        return np.frompyfunc(exact, 1, 1)(value) if value.shape else exact(value[()])
    return value


def as_array(e):
    """An object array as a SymPy array, which prints as mathematics."""
    return sympy.Array(e.tolist(), e.shape) if isinstance(e, np.ndarray) else e
