"""A formula as it was typed: a small tree of numbers, variables, operators and named functions.

Nothing is rewritten: SymPy's matrix expressions reorder traces and merge powers when they are made,
and a student's answer should stay what the student wrote.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import reduce

import sympy

from adcourse.symbolic.exact import linear
from adcourse.symbolic.functions import FUNCTIONS, is_number, rows, scalar_of

BINDS = {"+": 1, "-": 1, "*": 2, "/": 2, "@": 2, "neg": 3, "**": 4, "T": 5}
LEAVES = ("number", "symbol", "dimension")


@dataclass(frozen=True)
class Formula:
    """One node: `op`, its `args`, its `shape`, and the `value` of a leaf.

    `op` is "number" (value: a Fraction), "symbol" or "dimension" (value: a name), an operator
    + - * / @ ** neg T, or the name of a function in `functions.FUNCTIONS`. `shape` is () for a
    number and (rows, columns) otherwise, with dimensions that are ints or names; a vector is a
    column. * and / of two matrices of one shape work entry by entry, as in NumPy.
    """

    op: str
    args: tuple = ()
    shape: tuple = ()
    value: object = None

    def fold(self, meaning):
        """Read the tree once: `meaning(node, meanings of its arguments)`, leaves first."""
        return meaning(self, [a.fold(meaning) for a in self.args])

    def symbols(self):
        """The variables: from name to (shape, property), where no property is known."""
        found = {}

        def visit(node, args):
            if node.op == "symbol":
                found[node.value] = (node.shape, None)

        self.fold(visit)
        return found

    def dimensions(self):
        """The names of the dimensions that occur."""
        found = set()

        def visit(node, args):
            found.update(d for d in node.shape if isinstance(d, str))
            if node.op == "dimension":
                found.add(node.value)

        self.fold(visit)
        return found

    def over(self, field, point):
        """The value in a number system: a number, or the rows of a matrix."""
        return self.fold(lambda node, args: value(node, args, field, point))

    def sympy(self, known=()):
        """The SymPy expression of a formula without matrices, in the given or in real symbols.

        >>> x = Formula("symbol", (), (), "x")
        >>> Formula("**", (x, Formula("number", value=Fraction(2)))).sympy()
        x**2
        """
        known = dict(known)

        def meaning(node, args):
            if node.op == "number":
                return sympy.Rational(node.value.numerator, node.value.denominator)
            if node.op in LEAVES:
                return known.get(node.value, sympy.Symbol(node.value, real=True))
            if node.op in SCALAR:
                return SCALAR[node.op](*args)
            return FUNCTIONS[node.op].sympy(*args)

        return self.fold(meaning)

    def __str__(self):
        return self.fold(text)[0]


def text(node, args):
    """The formula as text that can be read again, and how strongly its last operation binds."""
    if node.op == "number":
        return decimal(node.value), 9
    if node.op in LEAVES:
        return node.value, 9
    if node.op not in BINDS:
        return f"{node.op}({', '.join(words for words, _ in args)})", 9
    mine = BINDS[node.op]
    words = [t if binds > mine else f"({t})" for t, binds in args]
    if node.op == "T":
        return f"{words[0]}.T", mine
    if node.op == "neg":
        return f"-{words[0]}", mine
    if args[0][1] == mine and node.op != "**":  # read from left to right
        words[0] = args[0][0]
    return f"{words[0]}{node.op}{words[1]}" if mine > 2 else f" {node.op} ".join(words), mine


def decimal(q):
    """A fraction that was typed as a decimal number, in digits."""
    places, n = 0, q
    while n.denominator > 1:
        n, places = n * 10, places + 1
    digits = str(n.numerator).rjust(places + 1, "0")
    return f"{digits[:-places]}.{digits[-places:]}" if places else digits


SCALAR = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "@": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "**": lambda a, b: a**b,
    "neg": lambda a: -a,
    "T": lambda a: a,
}


def value(node, args, field, point):
    """One node over a number system."""
    if node.op == "number":
        return field.number(node.value)
    if node.op == "symbol":
        return point[node.value]
    if node.op == "dimension":
        return field.number(Fraction(point.size(node.value)))
    if node.op == "T":
        return linear.transpose(args[0]) if isinstance(args[0], list) else args[0]
    if node.op == "@":
        return linear.matmul(field, *map(rows, args))
    if node.op == "**":
        base, exponent = args
        c = constant(node.args[1])
        return entrywise(lambda a: raised(field, a, scalar_of(exponent), c), base)
    if node.op in OPERATORS:
        return reduce(lambda *pair: entrywise(lambda *e: OPERATORS[node.op](field, *e), *pair), args
                      ) if len(args) == 2 else entrywise(field.neg, *args)  # fmt: skip
    function = FUNCTIONS[node.op]
    if function.entrywise:
        return entrywise(lambda *entries: function.value(field, *entries), *args)
    return function.value(field, point, *node.args) if function.sizes else function.value(
        field, *args)  # fmt: skip


OPERATORS = {
    "+": lambda field, a, b: field.add(a, b),
    "-": lambda field, a, b: field.sub(a, b),
    "*": lambda field, a, b: field.mul(a, b),
    "/": lambda field, a, b: field.div(a, b),
    "neg": None,
}


def entrywise(function, *values):
    """Apply a function of numbers to numbers, or entry by entry; a number meets every entry."""
    if all(is_number(v) for v in values):
        return function(*map(scalar_of, values))
    (like,) = [v for v in values if not is_number(v)][:1]
    r, c = linear.shape(like)
    full = [v if not is_number(v) else [[scalar_of(v)] * c for _ in range(r)] for v in values]
    return linear.each(function, *full)


def constant(formula):
    """The fraction that a formula of numbers alone is, or None."""
    if formula.op == "number":
        return formula.value
    parts = [constant(a) for a in formula.args]
    if formula.op not in SCALAR or not parts or None in parts:
        return None
    if formula.op == "**" and (parts[1].denominator != 1 or abs(parts[1]) > 1000):
        return None
    if (formula.op == "/" and parts[1] == 0) or (
        formula.op == "**" and parts[0] == 0 and parts[1] < 0
    ):
        return None
    return SCALAR[formula.op](*parts)


def raised(field, a, exponent, c):
    """A power: whole, of a square root, or in general."""
    if c is not None and c.denominator == 1:
        return field.power(a, int(c))
    if c is not None and c.denominator == 2:
        return field.power(field.sqrt(a), c.numerator)
    return field.function("power", [a, exponent])
