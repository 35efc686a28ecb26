"""A graph as SymPy expressions, element by element.

Each row says its meaning in SymPy's words; rows that only move or add entries are NumPy's own
functions, run on arrays of expressions. Symbols are real, floats become the exact rational numbers
that they are.
"""

from functools import cache, partial

import numpy as np
import sympy

from adcourse.core.errors import NotLowerable, WrongStructure
from adcourse.core.graph import Graph, Node
from adcourse.core.recording import title_of
from adcourse.symbolic.entries import FORMULAS, Assuming, cost, truth
from adcourse.symbolic.let import (
    BUDGET,
    CONDITIONS,
    Inlined,
    Let,
    Named,
    extremum,
    piecewise,
    symbols_for,
)

LOGICAL = {  # which arguments are true or false; elsewhere true counts as 1, as in NumPy
    np.where: (0,),
    np.any: (0,),
    np.all: (0,),
    np.logical_not: (0,),
    np.logical_and: (0, 1),
    np.logical_or: (0, 1),
    np.logical_xor: (0, 1),
}
RUNS_ON_EXPRESSIONS = {"linear", "bilinear"}  # NumPy itself, on object arrays
WORDS = vars(sympy) | {  # what formulas are written in
    "Piecewise": piecewise,
    "Max": partial(extremum, sympy.Max),
    "Min": partial(extremum, sympy.Min),
}


def to_sympy(graph, form="expression", budget=BUDGET):
    """The results of a traced program as SymPy expressions of its inputs.

    A scalar result is an expression, an array result a `sympy.Array` of expressions, nested as the
    program nested them. An input w is the real symbol `w`, an entry of an array input x is `x_0`,
    `x_0_1`, …; `input_symbols(graph)` lists them. Where the program took a branch, the
    expression is a Piecewise that holds under the branch's conditions and is nan elsewhere.

    With `form="let"` each node keeps its name, and each entry of an array node is a symbol: the
    result is a `Let` of definitions and results, in which each value is written once and then
    called by its symbol.

    Raises NotLowerable for a node that has no element-by-element form, and for a program of more
    than `budget` expressions; WrongStructure for anything but a graph.

    >>> from adcourse import trace
    >>> graph = trace(lambda x: x * np.sin(x), 1.0)
    >>> to_sympy(graph)
    x*sin(x)
    >>> to_sympy(graph, form="let")
    v1 = sin(x)
    v2 = v1*x
    result = v2
    """
    if not isinstance(graph, Graph):
        what = f"trace it first: to_sympy(trace({title_of(graph)}, x))"
        raise WrongStructure(
            "to_sympy reads a graph. "
            + (f"This is a function: {what}." if callable(graph) else f"Not {graph!r}.")
        )
    if form not in ("expression", "let"):
        raise WrongStructure(f'The form is "expression" or "let", not {form!r}.')
    size = sum(int(np.prod(node.shape)) for node in graph.inputs)
    Inlined(graph.title, budget).spend(size, "its inputs")
    inputs = input_symbols(graph)
    names = Named(graph.title, budget, inputs)
    outputs, conditions = lowered(graph, inputs, names)
    results = graph.rebuild([as_array(e) for e in outputs])
    let = Let(tuple(names.definitions), results, tuple(conditions))
    return let if form == "let" else let.inline(budget)


def input_symbols(graph):
    """For each input of a graph its symbol, or an object array of symbols shaped like it."""
    taken = {node.name for node in graph.inputs}
    return [
        symbols_for(node.name, node.shape, taken if node.shape else ()) for node in graph.inputs
    ]


def lowered(graph, inputs, names=None):
    """Expressions of the outputs, and the conditions under which the program takes this path."""
    names = names or Inlined(graph.title, BUDGET)
    conditions = []

    def meaning(node, args):
        names.spend(cost(node), node.name)
        z = lower_node(node, args, names)
        if isinstance(z, Assuming):
            conditions.append(z.condition)
            z = z.value
        return names.named(node, z)

    meanings = graph.fold(inputs, meaning)
    outputs = [meanings[o] if isinstance(o, Node) else exact(o) for o in graph.outputs]
    guards = []
    for node, answer in graph.guards:
        condition = sympy.sympify(meanings[node])
        if isinstance(answer, bool):
            guards.append(condition if answer else sympy.Not(condition))
        else:  # a whole number that was used as an index
            guards.append(sympy.Eq(condition, answer))
    return outputs, [*guards, *conditions]


def lower_node(node, args, names=None):
    """One row applied to expressions."""
    row = node.primitive
    if row.kind == "pick":
        z = args[0][node.params["place"]]
        if z is None:
            raise NotLowerable(
                f"{node.name} is output {node.params['place']} of {node.args[0].primitive.name}, "
                "which has no element-by-element SymPy form. Use the other outputs."
            )
        return z
    args = [exact(a) for a in args]
    logical = LOGICAL.get(row.numpy, ())
    args = [elementwise(truth if k in logical else number, a) for k, a in enumerate(args)]
    if row.sympy is not None:
        return elementwise(formula(row.sympy), *args)
    if row.entries or (row.entries is None and row.kind in RUNS_ON_EXPRESSIONS):
        arrays = [np.asarray(a, dtype=object) for a in args]
        if isinstance(row.entries, str):
            share = (names or Inlined("the program", BUDGET)).sharing(node)
            z = FORMULAS[row.entries](*arrays, share=share, **node.params)
        else:
            z = (row.entries or row.numpy)(*arrays, **node.params)
        return z[()] if isinstance(z, np.ndarray) else z
    raise NotLowerable(
        f"{node.name} = {row.name}(…) has no element-by-element SymPy form. "
        "Trace the part of the program without it, or compare numbers instead."
    )


@cache
def formula(text):
    """A row's SymPy form, a formula of x, y, w, as a function. Rows are our own text, not input."""
    return eval(f"lambda x=None, y=None, w=None: {text}", WORDS)


def elementwise(function, *args):
    """Apply a function of expressions entry by entry, with broadcasting."""
    if all(np.shape(a) == () for a in args):
        return function(*args)
    return np.frompyfunc(function, len(args), 1)(*args)


def number(e):
    """A condition as the number 1 where it holds and 0 elsewhere; other expressions as they are."""
    return piecewise((sympy.S.One, e), (sympy.S.Zero, True)) if isinstance(e, CONDITIONS) else e


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
