"""Let form: a program as a list of definitions, one symbol per node, so that nothing swells.

The same lowering runs in two ways. `Named` gives each entry of each node a symbol and goes on with
the symbol; `Inlined` goes on with the expression itself. Both are told before each node how many
expressions it will make, and refuse above a budget, before anything hangs.
"""

from dataclasses import dataclass

import numpy as np
import sympy
from sympy.functions.elementary.piecewise import ExprCondPair

from adcourse.core.errors import NotLowerable
from adcourse.core.tree import flatten

BUDGET = 20_000
CONDITIONS = (
    sympy.core.relational.Relational,
    sympy.logic.boolalg.BooleanFunction,
    sympy.logic.boolalg.BooleanAtom,
)


@dataclass(frozen=True)
class Let:
    """A program as definitions and results.

    `definitions` are pairs (symbol, expression) in the order of computation; an expression holds
    inputs and symbols defined before it. `results` are nested as the program nested its result, an
    array as a `sympy.Array`. The program takes this path where all `conditions` hold.
    """

    definitions: tuple
    results: object
    conditions: tuple = ()

    def inline(self, budget=BUDGET):
        """The results as expressions of the inputs alone, nan where a condition fails.

        Raises NotLowerable where the expressions have more than `budget` distinct terms and
        factors, or 5 times as many operations when written out, or are nested deeper than SymPy can
        handle: such programs stay in let form. In some places SymPy walks through a part as often
        as it occurs; in those of an exp it does so each time, and `budget` operations are the most.

        >>> v1, x = sympy.symbols("v1 x", real=True)
        >>> Let(((v1, sympy.sin(x)),), x * v1).inline()
        x*sin(x)
        """
        meanings, terms, length = {}, 0, {}
        try:
            for symbol, e in self.definitions:
                length[symbol] = 1 + sum(length.get(s, 0) for s in e.free_symbols)
                longest = budget if e.has(sympy.exp) else 5 * budget
                if length[symbol] > longest:
                    raise NotLowerable(
                        f"{symbol} has {length[symbol]:,} operations when written as an expression "
                        'of the inputs alone. Keep it in let form: form="let".'
                    )
                meanings[symbol] = replaced(e, meanings)
                terms += len(meanings[symbol].args)
                if terms > budget:
                    raise NotLowerable(
                        f"Written as expressions of the inputs alone, this program has more than "
                        f'{budget:,} terms at {symbol}. Keep it in let form: form="let".'
                    )
            leaves, rebuild = flatten(self.results)
            conditions = [replaced(c, meanings) for c in self.conditions]
            return rebuild([where_all(conditions, replaced(e, meanings)) for e in leaves])
        except RecursionError:
            raise NotLowerable(
                f"As one expression this program of {len(self.definitions):,} definitions is "
                'nested too deeply for SymPy. Keep it in let form: form="let".'
            ) from None

    def lines(self):
        """(left side, right side) of each line, the results last under the name `result`."""
        leaves = flatten(self.results)[0]
        names = ["result"] if len(leaves) == 1 else [f"result_{i}" for i in range(len(leaves))]
        results = zip(map(sympy.Symbol, names), leaves, strict=True)
        return [*self.definitions, *results]

    def __str__(self):
        lines = [f"{left} = {right}" for left, right in self.lines()]
        return "\n".join([*lines, *[f"where {c}" for c in self.conditions]])

    __repr__ = __str__

    def _repr_latex_(self):
        lines = [rf"{sympy.latex(a)} &= {sympy.latex(b)}" for a, b in self.lines()]
        lines += [rf"&\text{{where }} {sympy.latex(c)}" for c in self.conditions]
        return "$$\\begin{aligned}\n" + " \\\\\n".join(lines) + "\n\\end{aligned}$$"


def entrywise(function, array):
    """A function of each entry of a SymPy array, which may have none."""
    return type(array)([function(e) for e in sympy.flatten(array)], array.shape)


def replaced(e, meanings):
    """An expression, or an array of expressions, with symbols replaced by their meanings."""
    if isinstance(e, sympy.NDimArray):
        return entrywise(lambda entry: replaced(entry, meanings), e)
    if not getattr(e, "args", ()):
        return meanings.get(e, e)
    if isinstance(e, sympy.Piecewise):
        pairs = [(replaced(v, meanings), replaced(c, meanings)) for v, c in e.args]
        return piecewise(*pairs)
    args = [replaced(a, meanings) for a in e.args]
    return extremum(e.func, *args) if isinstance(e, sympy.Max | sympy.Min) else e.func(*args)


def extremum(kind, *entries):
    """A Max or Min; only numbers and symbols are compared, for SymPy would try to factor others."""
    return kind(*entries, evaluate=all(sympy.sympify(e).is_Atom for e in entries))


def piecewise(*pairs):
    """A Piecewise that stays as it is written.

    SymPy's own constructors, also without evaluation, work a Piecewise inside a condition out into
    cases, and three layers of a network then have tens of thousands of operations.
    """
    kept = []
    for value, condition in pairs:
        if condition == sympy.false:
            continue
        kept.append((value, condition))
        if condition == sympy.true:
            break
    if kept[0][1] == sympy.true:
        return sympy.sympify(kept[0][0])
    pairs = [sympy.Tuple.__new__(ExprCondPair, sympy.sympify(v), c) for v, c in kept]
    return sympy.Basic.__new__(sympy.Piecewise, *pairs)


def where_all(conditions, e):
    """e where all conditions hold, and nan elsewhere; entry by entry for an array."""
    if not conditions:
        return e
    if isinstance(e, sympy.NDimArray):
        return entrywise(lambda entry: where_all(conditions, entry), e)
    return piecewise((e, sympy.And(*conditions)), (sympy.nan, sympy.true))


def symbols_for(name, shape, taken):
    """A real symbol, or an array of symbols whose names are not taken."""
    while any("_".join([name, *map(str, index)]) in taken for index in np.ndindex(shape)):
        name += "_"
    symbols = np.empty(shape, dtype=object)
    for index in np.ndindex(shape):
        symbols[index] = sympy.Symbol("_".join([name, *map(str, index)]), real=True)
    return symbols[()]


class Inlined:
    """Expressions are left as they are."""

    def __init__(self, title, budget):
        self.title = title
        self.budget = budget
        self.spent = 0

    def spend(self, count, what):
        """Note that so many expressions are about to be made; refuse above the budget."""
        self.spent += count
        if self.spent > self.budget:
            raise NotLowerable(
                f"{self.title} has more than {self.budget:,} expressions entry by entry: {what} "
                f"brings it to {self.spent:,}. Trace it with smaller arrays, or give a larger "
                "budget."
            )

    def sharing(self, node):
        """A function that gives an expression within a node's formula a name of its own."""
        return lambda e: e

    def named(self, node, z):
        """The value of a node, as later nodes see it."""
        return z


class Named(Inlined):
    """Each entry that is neither a symbol nor a number nor a condition gets a symbol."""

    def __init__(self, title, budget, inputs):
        super().__init__(title, budget)
        self.definitions = []
        self.taken = {str(s) for symbols in inputs for s in np.ravel(np.asarray(symbols, object))}

    def define(self, symbol, e):
        e = sympy.sympify(e)
        if e.is_Atom or isinstance(e, CONDITIONS):
            return e
        self.taken.add(str(symbol))
        self.definitions.append((symbol, e))
        return symbol

    def sharing(self, node):
        count = 0

        def share(e):
            nonlocal count
            count += 1
            return self.define(symbols_for(f"{node.name}_m{count}", (), self.taken), e)

        return share

    def named(self, node, z):
        if isinstance(z, tuple):  # the nodes that pick its parts will name them
            return z
        symbols = symbols_for(node.name, np.shape(z), self.taken)
        if np.shape(z) == ():
            return self.define(symbols, z)
        for index in np.ndindex(z.shape):
            symbols[index] = self.define(symbols[index], z[index])
        return symbols
