"""A typed formula, read by Python's own grammar and nothing else: no text is ever evaluated.

Python's `ast` takes the text apart; every kind of node that is not listed here is refused with a
sentence that points at it.
"""

import ast
import difflib
import re
from fractions import Fraction

from adcourse.core.errors import AnswerError
from adcourse.symbolic.formula import Formula, constant
from adcourse.symbolic.functions import (
    ALIASES,
    FUNCTIONS,
    ShapeProblem,
    full,
    meeting,
    one_by_one,
    same_shape,
)
from adcourse.symbolic.grammar import ALLOWED, WORDS, called, known, parsed

DEEPEST = 60
LARGEST = 10_000  # bits of the numbers that powers may lead to
OPERATORS = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.MatMult: "@", ast.Pow: "**"
}  # fmt: skip


def parse_answer(text, symbols):
    """The formula that a student typed: a SymPy expression, or a `Formula` if it has matrices.

    `symbols` says what may occur: SymPy symbols and matrix symbols, or a dict from name to one of
    them or to a shape: () for a number, ("n",) for a column, ("m", "n") or (3, 2) for a matrix.
    Dimensions may be used like numbers. * of two matrices works entry by entry, @ multiplies and a
    number meets every entry, as in NumPy; vectors are columns, decimal numbers are exact.

    Raises AnswerError for everything else, with the column and what is wrong there.

    >>> import sympy
    >>> x, y = sympy.symbols("x y", real=True)
    >>> parse_answer("exp(-x)*0.5 + y**2", [x, y])
    y**2 + exp(-x)/2
    >>> print(parse_answer("2*A.T @ (A@x - b)", {"A": ("m", "n"), "x": ("n",), "b": ("m",)}))
    2 * A.T @ (A @ x - b)
    >>> parse_answer("x + z", [x, y])
    Traceback (most recent call last):
    adcourse.core.errors.AnswerError: Column 5: there is no symbol z here. The symbols are: x, y.
    """
    given = known(symbols)
    tree = parsed(text, given)
    formula = Reader(text.strip(), given).read(tree, 0)
    matrices = any(shape for shape, _ in formula.symbols().values())
    if matrices or formula.shape or SIZED & ops(formula):
        return formula
    return formula.sympy({name: s for name, (shape, s) in given.items() if s is not None})


SIZED = {"eye", "ones", "zeros"}


def ops(formula):
    """The operations that occur in a formula."""
    found = set()
    formula.fold(lambda node, args: found.add(node.op))
    return found


class Reader:
    """From syntax tree to formula, one kind of node after the other."""

    def __init__(self, text, given):
        self.text = text
        self.given = given
        self.dimensions = {d for shape, _ in given.values() for d in shape if isinstance(d, str)}
        self.sizes = {}  # id of a formula -> bits that its numbers may have

    def fail(self, node, problem):
        offset = len(self.text.encode()[: node.col_offset].decode(errors="ignore"))
        raise AnswerError(f"Column {offset + 1}: {problem}.")

    def read(self, node, depth):
        if depth > DEEPEST:
            self.fail(node, f"the formula is nested more than {DEEPEST} deep")
        if isinstance(node, ast.Constant):
            return self.number(node)
        if isinstance(node, ast.Name):
            return self.symbol(node)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
            a = self.read(node.operand, depth + 1)
            return a if isinstance(node.op, ast.UAdd) else Formula("neg", (a,), a.shape)
        if isinstance(node, ast.BinOp):
            if isinstance(node.op, ast.BitXor):
                self.fail(node.right, "a power is written x**2, not x^2")
            if type(node.op) in OPERATORS:
                left, right = self.read(node.left, depth + 1), self.read(node.right, depth + 1)
                return self.binary(node, OPERATORS[type(node.op)], left, right)
        if isinstance(node, ast.Attribute) and node.attr == "T":
            a = self.read(node.value, depth + 1)
            return Formula("T", (a,), a.shape[::-1])
        if isinstance(node, ast.Call):
            return self.call(node, depth)
        if isinstance(node, ast.Attribute):
            self.fail(node, f".{node.attr[:30]} is not read; of attributes only .T is")
        self.fail(node, f"{WORDS.get(type(node), 'this')} is not read. {ALLOWED}")

    def number(self, node):
        digits = ast.get_source_segment(self.text, node) or ""
        exponent = re.search(r"[eE]([+-]?\d+)$", digits)
        if type(node.value) not in (int, float) or (exponent and abs(int(exponent[1])) > 400):
            what = "a string" if isinstance(node.value, str | bytes) else f"{digits[:30]}"
            self.fail(node, f"{what} is not read. {ALLOWED}")
        exact = Fraction(node.value) if type(node.value) is int else Fraction(digits)
        return Formula("number", (), (), exact)

    def symbol(self, node):
        name = node.id
        if name in self.given:
            return Formula("symbol", (), self.given[name][0], name)
        if name in self.dimensions:
            return Formula("dimension", (), (), name)
        if name in FUNCTIONS or name in ALIASES:
            self.fail(node, f"{name} is a function: write {name}(…)")
        near = difflib.get_close_matches(name, self.given, 1)
        hint = f"; did you mean {near[0]}?" if near else "."
        there = ", ".join(self.given) or "none"
        self.fail(node, f"there is no symbol {name[:30]} here{hint} The symbols are: {there}")

    def binary(self, node, op, left, right):
        try:
            shape = (meeting if op == "@" else same_shape)(left.shape, right.shape)
        except ShapeProblem as problem:
            hint = "; the product of matrices is @" if op == "*" else ""
            self.fail(node, f"{problem}{hint}")
        numbers = one_by_one(left.shape), one_by_one(right.shape)
        if op in "+-" and numbers[0] != numbers[1] and (is_operator(left) or is_operator(right)):
            self.fail(node, f"a number {op} a matrix; write eye(n), or ones(m, n) for every entry")
        if op == "/" and is_operator(right):
            self.fail(node, "division by a matrix; write inv(A) for the inverse")
        if op == "**":
            if not numbers[1]:
                self.fail(node, "the exponent is a matrix")
            if full(left.shape)[1] != 1:
                self.fail(node, "a power of a matrix; write A @ A, inv(A) or A * A, as you mean it")
        made = Formula(op, (left, right), shape)
        self.bits(made, node)
        return made

    def bits(self, formula, node):
        """Refuse powers that lead to numbers too long to be written."""
        parts = [self.sizes.get(id(a)) or leaf_bits(a) for a in formula.args]
        size = sum(parts)
        if formula.op == "**":
            c = constant(formula.args[1])
            size = parts[0] * max(1, abs(c)) if c is not None else sum(parts)
        if size > LARGEST:
            self.fail(node, "the power is too large")
        self.sizes[id(formula)] = size

    def call(self, node, depth):
        name = called(node.func)
        name = ALIASES.get(name, name)
        if name not in FUNCTIONS:
            near = difflib.get_close_matches(str(name), FUNCTIONS, 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            self.fail(node, f"this is not a function that is read{hint}. "
                      f"Functions are: {', '.join(FUNCTIONS)}")  # fmt: skip
        function = FUNCTIONS[name]
        if node.keywords or len(node.args) not in function.arity:
            counts = " or ".join(map(str, function.arity))
            self.fail(node, f"{name} takes {counts} argument{'s' * (counts != '1')}")
        args = tuple(self.read(a, depth + 1) for a in node.args)
        if function.sizes:
            shape = tuple(self.size_of(a, n) for a, n in zip(args, node.args, strict=True))
            shape = shape * 2 if name == "eye" else (*shape, 1)[:2]
        else:
            try:
                shape = function.shape(*[a.shape for a in args])
            except ShapeProblem as problem:
                self.fail(node, str(problem))
        made = Formula(name, args, shape)
        self.sizes[id(made)] = sum(self.sizes.get(id(a)) or leaf_bits(a) for a in args)
        return made

    def size_of(self, formula, node):
        """An argument of eye, ones or zeros as a dimension."""
        q = formula.value
        if formula.op == "dimension":
            return q
        if formula.op == "number" and q.denominator == 1 and 1 <= q <= 100:
            return int(q)
        there = ", ".join(sorted(self.dimensions)) or "none"
        self.fail(node, f"a dimension is a whole number up to 100 or one of the names: {there}")


def is_operator(formula):
    """Whether a formula is a square matrix that was not made entry by entry: A, A.T, A @ B."""
    r, c = full(formula.shape)
    return r == c != 1 and formula.op in ("symbol", "@", "T", "inv")


def leaf_bits(formula):
    """Bits of a number that was typed; 1 for a symbol."""
    if formula.op != "number" or not formula.value:
        return 1
    q = formula.value
    return max(q.numerator.bit_length(), q.denominator.bit_length())
