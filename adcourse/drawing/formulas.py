"""What a node computes, as a formula: `w2 · log w1` in place of np.multiply(w2, np.log(w1)).

A formula knows how tightly it binds, so that a formula can stand inside another one with the
parentheses that it needs and no others.
"""

from dataclasses import dataclass

import numpy as np

from adcourse.core.graph import Node
from adcourse.drawing import ink
from adcourse.drawing.numbers import SMALL, entries, number

RELATION, SUM, MINUS, PRODUCT, APPLIED, RAISED, ATOM = range(7)  # how tightly a formula binds


@dataclass(frozen=True)
class Formula:
    """Tokens, how tightly they bind, and the shape of what they stand for, where that is known."""

    tokens: tuple
    binds: int = ATOM
    shape: tuple = ()

    def inside(self, binds):
        """The tokens, in parentheses when they bind less tightly than their surroundings."""
        if self.binds >= binds:
            return self.tokens
        return (*ink.text("("), *self.tokens, *ink.text(")"))


def symbol(node, names, kind="name"):
    """A node by its name, with a bar or a dot if that is the kind."""
    return Formula(((kind, names.get(node, node.name)),), ATOM, node.shape)


def numeral(x):
    """A plain number or array by its value."""
    shape = np.shape(x)
    if isinstance(x, str) or (not shape and not np.isreal(x)):
        return Formula(ink.text(str(x)))
    if not shape:
        return Formula(ink.text(number(x)), ATOM if x >= 0 else MINUS)
    words = entries(x) if 0 < np.size(x) <= SMALL else f"[{'×'.join(map(str, shape))}]"
    return Formula(ink.text(words), ATOM, shape)


def formula_of(node, names):
    """The formula of a node in the names of its arguments."""
    parts = [symbol(a, names) if isinstance(a, Node) else numeral(a) for a in node.args]
    return apply(node.primitive, parts, node.params)


def apply(primitive, parts, params):
    """The formula of a row applied to formulas."""
    writer = WRITERS.get(primitive.name)
    if writer is None:
        return called(primitive, parts, params)
    return writer(*parts, **{name: value for name, value in params.items() if value is not None})


def called(primitive, parts, params):
    """name(arguments, options), as in the program."""
    options = [
        f"{name}={value}"
        for name, value in params.items()
        if value is not None and value is not False
    ]
    return call(primitive.name.removeprefix("np."), *parts, words=options)


def call(function, *parts, words=()):
    tokens = [*ink.text(f"{function}(")]
    for i, part in enumerate(parts):
        tokens += [*ink.text(", " * (i > 0)), *part.tokens]
    tokens += ink.text("".join(f", {word}" for word in words) + ")")
    return Formula(tuple(token for token in tokens if token[1]), ATOM)


def infix(sign, binds, left, right):
    """Two formulas around a sign; `left` and `right` say how tightly each must bind."""

    def write(x, y, **_):
        tokens = (*x.inside(left), *ink.text(f" {sign} "), *y.inside(right))
        # −a · b binds like the −a that it begins with
        return Formula(tokens, min(binds, max(x.binds, MINUS)))

    return write


def times(x, y):
    """A product: x · y, entry by entry x ⊙ y, and x · x as a square."""
    if x.tokens == y.tokens and x.binds == ATOM:
        return raised("2")(x)
    return infix("⊙" if x.shape and y.shape else "·", PRODUCT, MINUS, APPLIED)(x, y)


def prefix(function):
    """log x, sin x; an argument of several words gets parentheses."""

    def write(x):
        if x.binds == ATOM:
            return Formula((("fn", function), *ink.text(" "), *x.tokens), APPLIED)
        return Formula((("fn", function), *ink.text("("), *x.tokens, *ink.text(")")), APPLIED)

    return write


def power(x, y):
    if len(y.tokens) > 1 or y.binds not in (ATOM, MINUS):  # a formula would not be read up there
        return infix("**", RAISED, ATOM, ATOM)(x, y)
    return Formula((*x.inside(ATOM), ("sup", y.tokens)), RAISED)


def raised(exponent):
    return lambda x: Formula((*x.inside(ATOM), ("sup", ink.text(exponent))), RAISED)


def fenced(opening, closing):
    def write(x):
        return Formula((*ink.text(opening), *x.tokens, *ink.text(closing)))

    return write


def getitem(x, index):
    """x[0, 1:3] as it is written in the program."""
    parts = index if isinstance(index, tuple) else (index,)
    words = ", ".join(map(place, parts))
    return Formula((*x.inside(ATOM), *ink.text(f"[{words}]")), ATOM)


def place(index):
    """One index: a number, a slice, an ellipsis, a small list of numbers."""
    if isinstance(index, slice):
        ends = [index.start, index.stop] + ([index.step] if index.step is not None else [])
        return ":".join("" if end is None else str(end) for end in ends)
    if index is Ellipsis or index is None:
        return "…" if index is Ellipsis else "None"
    if np.ndim(index) == 0:
        return str(index)
    listed = np.asarray(index)
    return entries(listed) if 0 < listed.size <= SMALL else f"{listed.size} places"


def choose(condition, x, y):
    """np.where in words."""
    words = (*x.inside(SUM), *ink.text(" if "), *condition.inside(SUM), *ink.text(" else "))
    return Formula((*words, *y.inside(SUM)), RELATION)


def total(x, axis=None, keepdims=False):
    where = "" if axis is None else f"axis {axis}"
    fence = (*ink.text("sum("), *x.tokens, *ink.text(f", {where})" if where else ")"))
    return Formula(fence)


def transposed(x, axes=None):
    if axes is None or tuple(axes) == tuple(reversed(range(len(axes)))):
        return Formula((*x.inside(ATOM), ("sup", ink.text("T"))), RAISED)
    return Formula((*ink.text("transpose("), *x.tokens, *ink.text(f", {tuple(axes)})")))


def reshaped(x, shape=None, **_):
    return Formula((*ink.text("reshape("), *x.tokens, *ink.text(f", {shape})")))


COMPARISON = {
    "greater": ">", "greater_equal": "≥", "less": "<", "less_equal": "≤", "equal": "=",
    "not_equal": "≠", "logical_and": "∧", "logical_or": "∨",
}  # fmt: skip

WRITERS = {
    "np.add": infix("+", SUM, SUM, PRODUCT),
    "np.subtract": infix("−", SUM, SUM, PRODUCT),
    "np.multiply": times,
    "np.divide": infix("/", PRODUCT, MINUS, APPLIED),
    "np.matmul": infix("·", PRODUCT, MINUS, APPLIED),
    "np.power": power,
    "np.negative": lambda x: Formula((*ink.text("−"), *x.inside(PRODUCT)), MINUS),
    "np.positive": lambda x: x,
    "np.square": raised("2"),
    "np.reciprocal": lambda x: infix("/", PRODUCT, MINUS, APPLIED)(numeral(1), x),
    "np.sqrt": lambda x: Formula((("sqrt", x.tokens),)),
    "np.absolute": fenced("|", "|"),
    "np.maximum": lambda x, y: call("max", x, y),
    "np.minimum": lambda x, y: call("min", x, y),
    "np.where": choose,
    "np.sum": total,
    "np.transpose": transposed,
    "np.reshape": reshaped,
    "x[index]": getitem,
    "np.logical_not": lambda x: Formula((*ink.text("¬"), *x.inside(ATOM)), APPLIED),
    "np.linalg.inv": raised("−1"),
    "np.linalg.solve": lambda x, y: infix("·", PRODUCT, MINUS, APPLIED)(raised("−1")(x), y),
    "slope": lambda x, y: times(y, power(x, Formula((*y.inside(SUM), *ink.text(" − 1")), SUM))),
    "xlogy": lambda x, y: times(x, prefix("log")(y)),
    **{
        f"np.{function}": prefix(function)
        for function in "log exp sin cos tan sinh cosh tanh sign".split()
    },
    **{f"np.arc{function}": prefix(f"arc{function}") for function in "sin cos tan".split()},
    **{f"np.{word}": infix(sign, RELATION, SUM, SUM) for word, sign in COMPARISON.items()},
}
