"""The local derivative along one edge: as a number, as a formula, and as words where it is a map.

The formula of an elementwise partial is not written down a second time here: the row's own rule is
called on recording values, and what it records is printed.
"""

from dataclasses import dataclass, replace

from adcourse.core.graph import Node
from adcourse.core.recording import Recorded, Recording
from adcourse.drawing import ink
from adcourse.drawing.formulas import ATOM, PRODUCT, Formula, apply, numeral, symbol
from adcourse.drawing.maps import words_of
from adcourse.transforms.linearised import scalar_partial

LONGEST = 17  # letters that a pill on an edge can hold


@dataclass(frozen=True)
class Partial:
    """∂z/∂x along the edge from node z to its k-th argument x.

    `value` is a number where z and x are, else None. `formula` is there for elementwise rows.
    `pill` is what stands on the edge.
    """

    value: float | None
    formula: Formula | None
    pill: tuple


def partial_of(node, k, names):
    """The local derivative of a node by its k-th argument, which must be an active node."""
    x = node.args[k]
    formula = None
    if node.primitive.kind == "elementwise":
        formula = recorded_formula(node, node.primitive.partials[k], names)
    if not node.shape and not x.shape:
        value = scalar_partial(node, k)
        return Partial(value, formula, numeral(value).tokens)
    if formula is None:
        pill = words_of(node, k, names)[0]
    else:
        pill = numeral_or_product(formula)
        pill = (*pill, *ink.text(", summed")) if x.shape != node.shape else pill
    if len(ink.plain(pill)) > LONGEST:
        pill = ink.text("⊙ partial" if formula else "pullback")
    return Partial(None, formula, pill)


def numeral_or_product(formula):
    """1, −1, or ⊙ and the partial: what a cotangent is multiplied by."""
    if ink.plain(formula.tokens) in ("1", "−1"):
        return formula.tokens
    return (*ink.text("⊙ " if formula.shape else "· "), *formula.inside(ATOM))


def recorded_formula(node, partial, names):
    """The rule of a partial, called on recording values and printed with the names of the nodes."""
    with Recording() as recording:
        shown = {}

        def recorded(known):
            fresh = Node("", None, (), {}, known.value)
            shown[fresh] = symbol(known, names)
            return Recorded(recording, fresh)

        args = [recorded(a) if isinstance(a, Node) else a for a in node.args]
        out = partial.value(recorded(node), args)
    if not isinstance(out, Recorded):
        return numeral(out)
    for step in recording.nodes:
        parts = [shown[a] if isinstance(a, Node) else numeral(a) for a in step.args]
        half = step.primitive.name == "np.divide" and ink.plain(parts[0].tokens) == "0.5"
        formula = over_twice(parts[1]) if half else apply(step.primitive, parts, step.params)
        shown[step] = replace(formula, shape=step.shape)
    return shown[out.node]


def over_twice(x):
    """0.5 / x is read more easily as 1 / (2x)."""
    tokens = (*ink.text("1 / (2"), *ink.text("·" * (x.binds < ATOM)), *x.inside(ATOM))
    return Formula((*[t for t in tokens if t[1]], *ink.text(")")), PRODUCT)
