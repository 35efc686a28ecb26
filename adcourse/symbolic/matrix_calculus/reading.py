"""A traced NumPy program as a matrix expression: the graph read at matrix granularity.

A number of the program is a number, a 1-d array a column, a 2-d array a matrix; an array with one
entry is a number, too. Broadcasting becomes explicit: a row v beside an m×n matrix is 1 vᵀ. What
has no matrix form (a maximum over entries, a reshape, three axes) stops the reading with the
node's name.
"""

import numpy as np
import sympy
from sympy.core.relational import Relational

from adcourse.core.errors import NotLowerable, WrongStructure
from adcourse.core.graph import Node
from adcourse.core.recording import trace
from adcourse.symbolic.matrix_calculus import expressions as e
from adcourse.symbolic.matrix_calculus.forms import scale
from adcourse.symbolic.matrix_calculus.rows import Assuming, NotHere
from adcourse.symbolic.matrix_calculus.rows_entries import by_entries
from adcourse.symbolic.matrix_calculus.rows_linalg import READ
from adcourse.symbolic.matrix_calculus.rows_shapes import any_linear
from adcourse.symbolic.matrix_calculus.shifts import Shift, without
from adcourse.symbolic.matrix_calculus.symbol import properties

MOST = 20_000  # parts of a formula that is worth deriving


class Program:
    """A NumPy function read as expressions: its arguments as symbols and its result."""

    def __init__(self, arguments, result, conditions):
        self.arguments, self.result, self.conditions = arguments, result, conditions


def read(f, point, assume=None):
    """The program f at this point, as a number or a matrix of symbols named as its arguments.

    `assume` gives properties by name: {"S": "symmetric"} or several in a tuple, out of PROPERTIES.

    Raises NotLowerable for a node that has no matrix form, WrongStructure for an argument that is
    no number, vector or matrix, or for a property that is not known.
    """
    graph = trace(f, *point)
    assume = dict(assume or {})
    symbols = [symbol_for(node, properties(assume.pop(node.name, ()))) for node in graph.inputs]
    if assume:
        names = ", ".join(node.name for node in graph.inputs)
        raise WrongStructure(f"{graph.title} has no argument {next(iter(assume))}: {names}.")
    if len(graph.outputs) != 1:
        raise WrongStructure(
            f"{graph.title} returns {len(graph.outputs)} results. Derive one of them at a time."
        )
    reader = Reader(symbols)
    meanings = graph.fold(symbols, reader.node)
    output = graph.outputs[0]
    result = meanings[output] if isinstance(output, Node) else reader.constant(output)
    weight = result.weight if isinstance(result, e.Expression) else e.number_weight(result)
    if weight > MOST:
        raise NotLowerable(
            f"{graph.title} written as one formula has {weight:,} parts, more than {MOST:,}: too "
            "long to read. Derive a part of it, or take the program of its derivative: ad.grad."
        )
    for symbol, node in dict(reader.shifts).items():
        result = without(result, symbol)
        if result is None:
            raise refusal(node, "the largest entry is no formula of matrices")
    conditions = [*reader.conditions]
    conditions += [taken(node, meanings[node], answer) for node, answer in graph.guards]
    conditions += [graph] if graph.guards else []  # which knows when another path is taken
    return Program(tuple(symbols), result, conditions)


def symbol_for(node, props):
    """The symbol of an argument."""
    shape = node.shape
    if len(shape) > 2:
        raise WrongStructure(
            f"{node.name} has {len(shape)} axes; matrix calculus knows numbers, vectors, matrices."
        )
    if shape == ():
        positive = "positive definite" in props
        return sympy.Symbol(node.name, real=True, positive=positive or None)
    if 1 in shape:
        raise WrongStructure(
            f"{node.name} has shape {shape}. Trace with at least two entries along each axis, so "
            "that numbers, columns and rows can be told apart."
        )
    return e.Sym(node.name, (*shape, 1)[:2], props)


def taken(node, meaning, answer):
    """What a branch of the program took to be the case: a relation of numbers, or words."""
    if isinstance(meaning, Relational):
        return meaning if answer else sympy.Not(meaning)
    return f"{node.primitive.name}(…), {node.name} of the program, is {bool(answer)}"


class Reader:
    """Meanings of nodes; its constants get names that no argument bears."""

    def __init__(self, symbols):
        self.taken = {s.name for s in symbols}
        self.conditions, self.shifts = [], []

    def node(self, node, args):
        """One row applied to meanings."""
        shapes = [np.shape(a) if not isinstance(a, Node) else a.shape for a in node.args]
        arrays = [
            self.constant(a) if not isinstance(given, Node) else a
            for a, given in zip(args, node.args, strict=True)
        ]
        row = node.primitive
        rule = READ.get(row.numpy) or READ.get(row.name)
        try:
            if rule is not None:
                meaning = rule(node, shapes, *arrays)
            elif row.kind in ("elementwise", "constant") and row.sympy:
                meaning = by_entries(node, shapes, *arrays)
            elif row.kind == "linear":
                meaning = any_linear(node, shapes, *arrays)
            else:
                meaning = None
        except NotHere as stop:
            raise refusal(node, str(stop)) from None
        if meaning is None:
            raise refusal(node, "it has no matrix form")
        if isinstance(meaning, Shift):
            self.shifts.append((meaning.condition, node))
            meaning = meaning.meaning
        elif isinstance(meaning, Assuming):
            self.conditions.append(meaning.condition)
            meaning = meaning.meaning
        return meaning

    def constant(self, value):
        """A number or array of the program; 1, I and 0 as what they are."""
        if isinstance(value, bool | int | float | np.generic) or np.shape(value) == ():
            return exactly(value)
        if not isinstance(value, np.ndarray) or value.dtype.kind not in "fiub":
            return value
        if value.size == 1:
            return exactly(value.ravel()[0])
        if value.ndim > 2:
            return value
        matrix = value[:, None] if value.ndim == 1 else value
        m, n = matrix.shape
        if m == n and np.array_equal(matrix, matrix[0, 0] * np.eye(n)):
            return scale(exactly(matrix[0, 0]), e.Eye(n))
        if np.all(matrix == matrix[0, 0]):
            return scale(exactly(matrix[0, 0]), e.Ones(m, n))
        return e.Sym(self.free(), (m, n), value=matrix.astype(float))

    def free(self):
        """c, c1, c2, …: a name for a constant."""
        k = 1
        while (name := f"c{k}") in self.taken:
            k += 1
        self.taken.add(name)
        return name


def refusal(node, why):
    return NotLowerable(
        f"{node.name} = {node.primitive.name}(…) stops the reading at matrix granularity: {why}. "
        "Rewrite this part, or take the element-by-element form: to_sympy(trace(f, x))."
    )


def exactly(value):
    """A number of the program as the exact number that it is."""
    if isinstance(value, bool | np.bool_):
        return sympy.true if value else sympy.false
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, int):
        return sympy.Integer(value)
    for q in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 100):  # 1/3 is meant, not the float beside it
        if abs(value * q) < 1e6 and value == round(value * q) / q:
            return sympy.Rational(round(value * q), q)
    q = round(value * value) or round(1 / (value * value)) if 1e-4 < abs(value) < 1e4 else 0
    if q and abs(value) in (np.sqrt(q), 1 / np.sqrt(q)):
        root = sympy.sqrt(q) if abs(value) >= 1 else 1 / sympy.sqrt(q)
        return root if value > 0 else -root
    return sympy.Rational(value) if np.isfinite(value) else sympy.sympify(value)
