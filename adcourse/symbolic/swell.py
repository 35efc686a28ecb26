"""Expression swell: how large a program and its derivative are, as tree, as graph and as nodes."""

from dataclasses import dataclass

import numpy as np
import sympy

from adcourse.core.errors import NotLowerable, NotScalar
from adcourse.core.recording import trace
from adcourse.core.tree import flatten
from adcourse.symbolic.cse import flat, occurrences, with_common_terms
from adcourse.symbolic.let import replaced
from adcourse.symbolic.lower import BUDGET, input_symbols, to_sympy
from adcourse.symbolic.ties import differentiated
from adcourse.transforms.reverse import grad

MOST_FACTORS = 50_000


@dataclass(frozen=True)
class Size:
    """Sizes of one program.

    `tree` counts the operations of the expressions written out in full, where a sum of n terms is
    n - 1 additions; `distinct` the parts that are left when equal ones are one, where a sum is one
    part; `after_cse` the operations when common terms and factors are found as well; `nodes` the
    nodes of the graph, None where there is none.
    """

    tree: int
    distinct: int
    after_cse: int
    nodes: int | None


@dataclass(frozen=True)
class Swell:
    """The sizes of a function, of its gradient program, and of what symbolic differentiation gives.

    `symbolic` is None where its expression was not built; `reason` says why.
    """

    value: Size
    derivative: Size
    symbolic: Size | None
    reason: str = ""

    def rows(self):
        names = ["", "tree operations", "distinct parts", "after cse", "graph nodes"]
        yield names
        for name in ("value", "derivative", "symbolic"):
            size = getattr(self, name)
            cells = [size.tree, size.distinct, size.after_cse, size.nodes] if size else [None] * 4
            yield [name, *["–" if n is None else f"{n:,}" for n in cells]]

    def __str__(self):
        rows = list(self.rows())
        widths = [max(len(row[k]) for row in rows) for k in range(5)]
        lines = [
            "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])])
            for row in rows
        ]
        return "\n".join([*lines, *([self.reason] if self.reason else [])])

    __repr__ = __str__

    def _repr_markdown_(self):
        head, *rows = ["| " + " | ".join(row) + " |" for row in self.rows()]
        lines = [head, "| --- |" + " ---: |" * 4, *rows]
        return "\n".join([*lines, *(["", self.reason] if self.reason else [])])


def swell(f, *point, budget=BUDGET):
    """How large a scalar function of these arguments is, and its derivative by all of them.

    The function and its gradient program are traced at the point. Nothing is written out: the
    operations of the tree are counted by a fold over the let form. The row `symbolic` is the
    derivative by the rules of school, sum by sum and product by product, on the expression of the
    value, as SymPy's `diff` gives it; above `budget` distinct parts it is left out.

    Returns a `Swell`, which prints as a table. Raises NotScalar for a function of another kind,
    NotLowerable for a program that has no formula.

    >>> def f(x):
    ...     for _ in range(3):
    ...         x = x * np.sin(x)
    ...     return x
    >>> swell(f, 1.0)
                tree operations  distinct parts  after cse  graph nodes
    value                    14               6          6            6
    derivative              118              18         18           18
    symbolic                 88              19         24            –
    """
    graph = trace(f, *point)
    if len(graph.outputs) != 1 or np.shape(getattr(graph.outputs[0], "value", 0.0)) != ():
        raise NotScalar(f"swell needs a function with one real number as its value: {graph.title}.")
    derivative = trace(grad(f, argnums=tuple(range(len(point)))), *point)
    value = to_sympy(graph, form="let", budget=budget)
    sizes = [
        of_let(let, len(program.nodes))
        for let, program in (
            (value, graph),
            (to_sympy(derivative, form="let", budget=budget), derivative),
        )
    ]
    return Swell(*sizes, *of_symbolic(value, graph, budget))


def of_let(let, nodes):
    """The sizes of a program in let form."""
    names, definitions, canonical = {}, {}, {}
    for symbol, e in let.definitions:  # equal definitions become one
        (canonical[symbol],) = flat([replaced(e, canonical)], names, definitions)
    results = [replaced(e, canonical) for e in entries(let.results)]
    return sized(definitions, flat(results, names, definitions), nodes)


def of_symbolic(value, graph, budget):
    """The sizes of the gradient that rules on expressions give, and why there are none."""
    try:
        (e,) = entries(value.inline(budget))
    except NotLowerable as error:
        return None, f"symbolic is left out. {error}"
    definitions = {}
    flat([e], {}, definitions)
    inputs = [s for symbols in input_symbols(graph) for s in np.ravel(np.asarray(symbols, object))]
    factors = len(inputs) * sum(len(d.args) ** 2 for d in definitions.values() if d.is_Mul)
    if factors > MOST_FACTORS:  # a product of n factors has a sum of n products as its derivative
        return None, f"symbolic is left out: its products have {factors:,} factors in all."
    slopes, definitions = [], {}
    names = {}
    for symbol in inputs:
        slopes += flat([differentiated(e, symbol)], names, definitions)
        if len(definitions) > budget:
            return None, (
                f"symbolic is left out: it has more than {budget:,} distinct parts, the budget."
            )
    return sized(definitions, slopes, None), ""


def entries(nest):
    """All expressions of nested results."""
    for leaf in flatten(nest)[0]:
        yield from sympy.flatten(leaf) if isinstance(leaf, sympy.NDimArray) else [leaf]


def sized(definitions, results, nodes):
    """Sizes from definitions of one operation each."""
    tree = {}
    for symbol, e in definitions.items():
        tree[symbol] = operations(e) + sum(tree.get(s, 0) for s in occurrences(e))
    whole = sum(tree.get(s, 0) for e in results for s in occurrences(e))
    after = sum(map(operations, with_common_terms(definitions).values()))
    return Size(whole, len(definitions), after, nodes)


def operations(e):
    """How many operations one level of an expression is: n terms are n - 1 additions."""
    if e.is_Add or e.is_Mul:
        return len(e.args) - 1 + sum(map(operations, e.args))
    return 0 if e.is_Atom else 1
