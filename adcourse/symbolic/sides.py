"""What can be compared: programs, graphs, expressions, matrices, typed formulas, nests of these.

A side names its variables and, once dimensions have sizes, is a nest of things with values.
"""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from numbers import Number

import numpy as np
import sympy

from adcourse.core.errors import NotLowerable, WrongStructure
from adcourse.core.graph import Graph
from adcourse.core.recording import trace
from adcourse.core.tree import flatten
from adcourse.symbolic.exact import sampling
from adcourse.symbolic.exact.fields import Rationals
from adcourse.symbolic.exact.point import size_of
from adcourse.symbolic.exact.scalars import key
from adcourse.symbolic.lower import elementwise, input_symbols, lowered

DRAWS = 80  # points at which a program may be traced until its value is finite


@dataclass
class Variable:
    """A variable of either side: its shape, the properties asked of it, the symbols that name it."""

    name: str
    shape: tuple = ()
    property: str = "none"
    symbols: list = field(default_factory=list)


def is_program(side):
    """Whether a side is a NumPy function; SymPy's classes and graphs can be called as well."""
    return callable(side) and not isinstance(side, Graph | sympy.Basic | sympy.MatrixBase)


def has_values(leaf):
    """Whether an object is an expression of another kind that says its values itself.

    Any object takes part in a comparison that has

    - `shape`: () for a number, otherwise (rows, columns); dimensions are ints, names such as "n",
      or SymPy expressions of such names;
    - `symbols()`: a dict from the name of each variable to (shape, property), where property is
      None or one of `exact.sampling.PROPERTIES`;
    - `over(field, point)`: its value in a number system (`exact.fields`): a number, or the rows of
      a matrix, made with `exact.linear`. `point["A"]` holds the rows of a matrix or the number of
      a scalar, `point.size(d)` the number that a dimension is. Where there is no value it raises
      one of `exact.signals`, as the number systems do.

    It may have `same(other)`: True where a normal form proves it equal to another such object.
    """
    return all(hasattr(leaf, part) for part in ("shape", "symbols", "over"))


class Formulas:
    """A nest of expressions, matrices, numbers and objects with values of their own."""

    def __init__(self, tree):
        self.tree = tree

    def at(self, sizes):
        return self.tree, []

    def variables(self):
        found = {}
        for leaf in flatten(self.tree)[0]:
            for item in items(leaf):
                add_variables(item, found)
        return found


def items(leaf):
    """The entries of an explicit array, or the one thing that a leaf is."""
    if isinstance(leaf, sympy.MatrixBase | sympy.NDimArray):
        return list(leaf)
    return np.ravel(leaf).tolist() if isinstance(leaf, np.ndarray) else [leaf]


def add_variables(item, found):
    """Enter the variables of one expression."""
    if isinstance(item, sympy.Basic):
        dims = set()
        matrices = item.atoms(sympy.MatrixSymbol)
        for s in matrices:
            found.setdefault(s.name, Variable(s.name, s.shape)).symbols.append(s)
            dims |= {str(d) for n in s.shape for d in n.free_symbols}
        for s in item.free_symbols - matrices:
            if isinstance(s, sympy.Symbol) and str(s) not in dims:
                found.setdefault(key(s), Variable(key(s))).symbols.append(s)
    elif has_values(item):
        for name, (shape, prop) in item.symbols().items():
            found.setdefault(name, Variable(name, shape, sampling.known(prop)))


class Program:
    """A graph, or a NumPy function that is traced anew for each choice of dimensions.

    `inputs` has an entry for each input: an array of SymPy symbols, or a Variable that is a matrix.
    """

    def __init__(self, program, inputs, rng):
        self.program = program
        self.inputs = inputs
        self.rng = rng
        self.seen = {}

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
            self.seen[case] = graph.rebuild(outputs), conditions
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
    from adcourse.symbolic.points import draw_scalar

    for _ in range(DRAWS):
        point = []
        for given, shape in zip(inputs, shapes, strict=True):
            if shape is None:
                x = elementwise(lambda s: float(draw_scalar([s], "none", rng) or 1), given)
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
    leaves, rebuild = flatten(given)
    return Formulas(rebuild([checked(leaf) for leaf in leaves]))


def checked(leaf):
    """A leaf of a nest as SymPy's exact objects; raises NotLowerable for anything else."""
    if isinstance(leaf, np.ndarray):
        out = np.empty(leaf.shape, dtype=object)
        for index in np.ndindex(leaf.shape):
            out[index] = checked(leaf[index])
        return out if leaf.shape else out[()]
    if isinstance(leaf, bool | np.bool_):
        return sympy.Integer(int(leaf))
    if isinstance(leaf, Number | np.number) and not isinstance(leaf, sympy.Basic):
        if isinstance(leaf, complex | np.complexfloating):
            raise NotLowerable(f"compare is about real numbers, not {leaf!r}.")
        number = leaf.item() if isinstance(leaf, np.number) else leaf
        number = sympy.sympify(number)
        return sympy.Rational(number) if number.is_Float and number.is_finite else number
    if isinstance(leaf, sympy.Basic | sympy.MatrixBase) or has_values(leaf):
        return leaf
    raise NotLowerable(f"compare needs expressions, not {type(leaf).__name__} {str(leaf)[:40]!r}.")


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
        if isinstance(s, sympy.MatrixSymbol):
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


def structure(tree):
    """A nest as (path, shape, entries) for each of its arrays.

    A list of arrays of one shape is an array with one axis more. Keys of a dict are in order of
    their names. An entry whose shape is known only with its value has the shape None.
    """
    if isinstance(tree, Mapping):
        parts = sorted(tree.items(), key=lambda item: repr(item[0]))
        return [((name, *path), shape, entries)
                for name, part in parts for path, shape, entries in structure(part)]  # fmt: skip
    if isinstance(tree, list | tuple):
        parts = [structure(part) for part in tree]
        shapes = {part[0][1] for part in parts if len(part) == 1 and part[0][0] == ()}
        if parts and len(shapes) == 1 and None not in shapes and all(
            len(part) == 1 and part[0][0] == () for part in parts
        ):
            return [((), (len(parts), *shapes.pop()), [e for part in parts for e in part[0][2]])]
        return [((k, *path), shape, entries)
                for k, part in enumerate(parts) for path, shape, entries in part]  # fmt: skip
    leaves, _ = flatten(tree)
    if len(leaves) != 1 or leaves[0] is not tree:
        return structure(leaves)
    if isinstance(tree, sympy.MatrixBase | sympy.NDimArray | np.ndarray):
        return [((), tuple(tree.shape), items(tree))]
    unsized = isinstance(tree, sympy.MatrixExpr) or has_values(tree)
    return [((), None if unsized else (), [tree])]
