"""What can be compared: programs, graphs, expressions, matrices, typed formulas, nests of these.

A side names its variables and, once dimensions have sizes, is a nest of things with values.
"""

import warnings
from dataclasses import dataclass, field

import numpy as np
import sympy

from adcourse.core.errors import NotLowerable, WrongStructure
from adcourse.core.graph import Graph
from adcourse.core.recording import trace
from adcourse.symbolic.exact import sampling
from adcourse.symbolic.exact.fields import Rationals
from adcourse.symbolic.exact.point import size_of
from adcourse.symbolic.exact.scalars import key
from adcourse.symbolic.lower import elementwise, input_symbols, lowered
from adcourse.symbolic.nests import checked, has_values, items, leaves_of, nest

DRAWS = 80  # points at which a program may be traced until its value is finite


@dataclass
class Variable:
    """A variable: its shape, the property asked of it, the SymPy symbols that name it."""

    name: str
    shape: tuple = ()
    property: str = "none"
    symbols: list = field(default_factory=list)


def is_program(side):
    """Whether a side is a NumPy function; SymPy's classes and graphs can be called as well."""
    return callable(side) and not isinstance(side, Graph | sympy.Basic | sympy.MatrixBase)


class Formulas:
    """A nest of expressions, matrices, numbers and objects with values of their own."""

    def __init__(self, tree):
        self.tree = tree

    def at(self, sizes):
        return self.tree, []

    def dimensions(self):
        return {d for leaf in leaves_of(self.tree) for e in items(leaf) for d in dimensions_in(e)}

    def variables(self):
        found = {}
        for leaf in leaves_of(self.tree):
            for item in items(leaf):
                add_variables(item, found)
        return found


def add_variables(item, found):
    """Enter the variables of one expression."""
    if isinstance(item, sympy.Basic):
        dims, matrices = dimensions_in(item), item.atoms(sympy.MatrixSymbol)
        for s in matrices:
            found.setdefault(s.name, Variable(s.name, s.shape)).symbols.append(s)
        for s in item.free_symbols - matrices:
            if isinstance(s, sympy.Symbol) and str(s) not in dims:
                found.setdefault(key(s), Variable(key(s))).symbols.append(s)
    elif has_values(item):
        for name, (shape, prop) in item.symbols().items():
            found.setdefault(name, Variable(name, shape, sampling.known(prop)))


def dimensions_in(item):
    """The names of the dimensions that occur in one expression."""
    if not isinstance(item, sympy.Basic):
        return set(item.dimensions()) if hasattr(item, "dimensions") else set()
    sized = item.atoms(sympy.MatrixSymbol, sympy.Identity, sympy.ZeroMatrix, sympy.OneMatrix)
    return {str(d) for M in sized for n in M.shape for d in n.free_symbols}


class Program:
    """A graph, or a NumPy function that is traced anew for each choice of dimensions.

    `inputs` has an entry for each input: an array of SymPy symbols, or a Variable that is a matrix.
    """

    def __init__(self, program, inputs, rng):
        self.program = program
        self.inputs = inputs
        self.rng = rng
        self.seen = {}

    def dimensions(self):
        return set()

    def variables(self):
        found = {}
        for given in self.inputs:
            if isinstance(given, Variable):
                found[given.name] = given
            else:
                for s in np.ravel(np.asarray(given, dtype=object)):
                    add_variables(s, found)
        return found

    def at(self, sizes):
        case = tuple(sorted(sizes.items()))
        if case not in self.seen:
            shapes = [
                tuple(size_of(d, sizes) for d in g.shape) if isinstance(g, Variable) else None
                for g in self.inputs
            ]
            entries = [
                g if shape is None else entry_symbols(g.name, shape)
                for g, shape in zip(self.inputs, shapes, strict=True)
            ]
            graph = self.program
            if not isinstance(graph, Graph):
                graph = traced(graph, self.inputs, shapes, self.rng)
            check_shapes(entries, graph)
            outputs, conditions = lowered(graph, entries)
            self.seen[case] = nest(graph.rebuild(outputs), checked), conditions
        return self.seen[case]


def entry_symbols(name, shape):
    """Real symbols for the entries of a matrix variable, as a point names them."""
    if shape == ():
        return sympy.Symbol(name, real=True)
    symbols = np.empty(shape, dtype=object)
    for index in np.ndindex(shape):
        i, j = (*index, 0)[:2]
        symbols[index] = sympy.Symbol(f"{name}[{i},{j}]", real=True)
    return symbols


def check_shapes(entries, graph):
    """The given symbols fit the inputs of the graph."""
    for s, node in zip(entries, graph.inputs, strict=True):
        if np.shape(s) != node.shape:
            raise WrongStructure(
                f"The symbols for {node.name} have shape {np.shape(s)}, its value has {node.shape}."
            )


def traced(f, inputs, shapes, rng):
    """The graph of a NumPy function, recorded at a random point of its domain."""
    for _ in range(DRAWS):
        point = []
        for given, shape in zip(inputs, shapes, strict=True):
            if shape is None:
                x = elementwise(lambda s: float(sampling.draw_scalar([s], "none", rng) or 1), given)
            else:
                x = sampling.draw(Rationals(), shape, given.property, rng)
                x = np.reshape(np.asarray(x, dtype=float), shape)
            point.append(np.asarray(x, float)[()])
        with warnings.catch_warnings():  # a point outside the domain is not a mistake here
            warnings.simplefilter("ignore")
            try:
                graph = trace(f, *point)
            except np.linalg.LinAlgError:
                continue
        if all(np.all(np.isfinite(getattr(o, "value", o))) for o in graph.outputs):
            return graph
    raise NotLowerable(
        f"No point was found, of {DRAWS}, where {f} has a finite value; give a graph."
    )


def side_of(given, symbols, other, rng):
    """One side of a comparison. `other` lends the symbols of its names to a graph."""
    if isinstance(given, Graph):
        inputs = named_like(other, given) if symbols is None else symbols
        if len(inputs) != len(given.inputs):
            raise WrongStructure(
                f"{given.title} has {len(given.inputs)} inputs, "
                f"but {len(inputs)} symbols were given."
            )
        return Program(given, inputs, rng)
    if is_program(given) and not has_values(given):
        if symbols is None:
            raise WrongStructure(
                "compare needs to know the symbols that a function's arguments stand for."
            )
        return Program(given, symbols, rng)
    return Formulas(nest(given, checked))


def named_like(other, graph):
    """Inputs of a graph under the names of the other side, in whose symbols they are then said."""
    known = {} if is_program(other) or isinstance(other, Graph) else side_of(
        other, None, None, None).variables()  # fmt: skip
    given = {str(s): s for v in known.values() for s in v.symbols}
    inputs = []
    for node, symbols in zip(graph.inputs, input_symbols(graph), strict=True):
        if node.name in known and known[node.name].shape != ():
            inputs.append(Variable(node.name, node.shape))
        else:
            inputs.append(elementwise(lambda s: given.get(str(s), s), symbols))
    return inputs


def chosen(symbols, shapes):
    """The symbols that were asked for, as entries for the inputs of programs."""
    inputs = []
    for s in symbols:
        if hasattr(s, "as_value"):  # a symbol of the matrix calculus engine
            ((name, (shape, prop)),) = s.as_value(s).symbols().items()
            shape = shape[:1] if shape[1] == 1 else shape
            inputs.append(Variable(name, shape, sampling.known(prop)))
        elif isinstance(s, sympy.MatrixSymbol):
            inputs.append(Variable(s.name, shapes.get(s.name, s.shape), symbols=[s]))
        elif isinstance(s, str | sympy.Symbol) and str(s) in shapes and shapes[str(s)] != ():
            inputs.append(Variable(str(s), shapes[str(s)]))
        elif isinstance(s, str):
            inputs.append(sympy.Symbol(s, real=True))
        elif isinstance(s, sympy.Symbol):
            inputs.append(s)
        else:
            inputs.append(np.array(s.tolist() if hasattr(s, "tolist") else s, dtype=object))
    return inputs
