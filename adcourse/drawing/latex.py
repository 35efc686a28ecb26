"""A walk as a table: node, formula, value and derivative, for texts that are typeset."""

from dataclasses import dataclass

from adcourse.drawing import ink
from adcourse.drawing.formulas import SUM, Formula, formula_of, symbol
from adcourse.drawing.maps import added, product, pushed, words_of
from adcourse.drawing.numbers import value_text
from adcourse.drawing.partials import partial_of
from adcourse.drawing.still import names_of
from adcourse.drawing.walk import walk


@dataclass(frozen=True)
class Table:
    """Rows of cells, each a tuple of tokens; notebooks typeset it."""

    header: tuple
    rows: tuple

    def _repr_latex_(self):
        lines = [" & ".join(rf"\text{{{word}}}" for word in self.header) + r" \\ \hline"]
        lines += [" & ".join(map(ink.tex, row)) + r" \\" for row in self.rows]
        columns = "l" * len(self.header)
        return "\n".join([rf"$$\begin{{array}}{{{columns}}}", *lines, r"\end{array}$$"])

    def _repr_markdown_(self):
        lines = [self.header, ["---"] * len(self.header)]
        lines += [[f"${ink.tex(cell)}$" if cell else "" for cell in row] for row in self.rows]
        return "\n".join("| " + " | ".join(line) + " |" for line in lines)

    def __repr__(self):
        rows = [self.header, *[[ink.plain(cell) for cell in row] for row in self.rows]]
        marks = (ink.BAR, ink.DOT)
        lengths = [[sum(c not in marks for c in cell) for cell in row] for row in rows]
        widths = [max(column) for column in zip(*lengths, strict=True)]
        return "\n".join(
            "  ".join(
                cell + " " * (w - n) for cell, n, w in zip(row, length, widths, strict=True)
            ).rstrip()
            for row, length in zip(rows, lengths, strict=True)
        )


def evaluation_table(graph, mode="reverse", seed=None):
    """The walk of `step` as a table: formula and value of each node, rule and value of its rate.

    In reverse mode v̄ᵢ = Σ v̄ⱼ ∂vⱼ/∂vᵢ over the users j of i; in forward mode v̇ᵢ = Σ ∂vᵢ/∂vⱼ v̇ⱼ.

    >>> from adcourse import trace
    >>> print(evaluation_table(trace(lambda x: x**3, 2.0)))
    node  formula  value  adjoint           adjoint's value
    x              2      x̄ = f̄ · (3 · x²)  12
    f     x³       8      f̄ = seed          1
    """
    taken, names = walk(graph, mode, seed), names_of(graph)
    rate, kind = ("tangent", "dot") if mode == "forward" else ("adjoint", "bar")
    rows = []
    for node in (*graph.inputs, *graph.nodes):
        terms = pushes(node, taken, names) if mode == "forward" else pulls(node, taken, names)
        rule = (*symbol(node, names, kind).tokens, *ink.text(" = "), *added(terms)) if terms else ()
        value = taken.derivatives.get(node)
        rows.append((
            symbol(node, names).tokens,
            formula_of(node, names).tokens if node.primitive else (),
            ink.text(value_text(node.value)),
            rule,
            ink.text(value_text(value)) if value is not None else (),
        ))  # fmt: skip
    return Table(("node", "formula", "value", rate, f"{rate}'s value"), tuple(rows))


def pulls(node, taken, names):
    """What the users of a node contribute to its adjoint, the seed first."""
    terms = [Formula(ink.text("seed"))] if node in taken.seeds else []
    for step in taken.steps:
        if step.kind == "pull" and step.target is node:
            formula = partial_of(step.node, step.k, names).formula
            bar = symbol(step.node, names, "bar")
            words = None if formula else Formula(words_of(step.node, step.k, names)[1], SUM)
            terms.append(product(bar, formula) if formula else words)
    return terms


def pushes(node, taken, names):
    """What the arguments of a node contribute to its tangent."""
    if node in taken.seeds:
        return [Formula(ink.text("seed"))]
    moving = taken.local[node]
    partials = {k: partial_of(node, k, names).formula for k in moving}
    return pushed(node, moving, names, partials) if moving else []
