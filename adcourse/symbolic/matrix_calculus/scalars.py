"""Numbers made of matrices: tr(M), det(A), log|det A|, as atoms inside SymPy expressions.

SymPy adds, multiplies and differentiates them like any symbol. `d(s)` is the differential of a
number, as D(A) is that of a matrix.
"""

import sympy

from adcourse.core.errors import WrongStructure
from adcourse.symbolic.matrix_calculus.base import SHORT
from adcourse.symbolic.matrix_calculus.expressions import (
    Expression,
    Ones,
    Product,
    T,
    scalar_symbols,
    square,
)


def label(part):
    return part.label if isinstance(part, Expression) else str(part)


class Ordered:
    """A part of an atom, with the order that SymPy wants of its symbols: that of their labels."""

    def __init__(self, part):
        self.part = part

    def __eq__(self, other):
        return isinstance(other, Ordered) and self.part == other.part

    def __hash__(self):
        return hash(self.part)

    def __lt__(self, other):
        return label(self.part) < label(other.part)

    def __gt__(self, other):
        return label(self.part) > label(other.part)


class Atom(sympy.Symbol):
    """A real number that is a function of `argument`, a matrix, or a number for "d"."""

    __slots__ = ("operator", "argument")

    def __new__(cls, operator, argument):
        self = sympy.Symbol.__xnew__(cls, f"{operator}({label(argument)})", real=True)
        self.operator, self.argument = operator, argument
        return self

    def _hashable_content(self):
        return (self.operator, Ordered(self.argument))

    def __getnewargs_ex__(self):
        return (self.operator, self.argument), {}

    def __reduce__(self):
        return Atom, (self.operator, self.argument)

    @property
    def symbols(self):
        if isinstance(self.argument, Expression):
            return self.argument.symbols
        return scalar_symbols(self.argument)

    as_value = Expression.as_value

    def _sympystr(self, printer):
        from adcourse.symbolic.matrix_calculus.text import scalar_text

        long = isinstance(self.argument, Expression) and self.argument.weight > SHORT
        return self.name if long else scalar_text(self)

    def _latex(self, printer, exp=None):
        from adcourse.symbolic.matrix_calculus.latex import scalar_latex

        inside = scalar_latex(self)
        return inside if exp is None else rf"\left({inside}\right)^{{{exp}}}"


def tr(a):
    """The trace of a square matrix; of a 1×1 matrix the number in it.

    >>> from adcourse.symbolic.matrix_calculus import gradient, matrix
    >>> A, B = matrix("A", "n", "n"), matrix("B", "n", "n")
    >>> gradient(tr(A @ B), A).result
    Bᵀ
    """
    square(a, "A trace")
    return Atom("tr", a)


def det(a):
    """The determinant.

    >>> from adcourse.symbolic.matrix_calculus import gradient, matrix
    >>> A = matrix("A", "n", "n")
    >>> gradient(det(A), A).result
    det(A) A⁻ᵀ
    """
    square(a, "A determinant")
    return Atom("det", a)


def logdet(a):
    """log|det A|, which is log det A where the determinant is positive.

    >>> from adcourse.symbolic.matrix_calculus import gradient, matrix
    >>> A = matrix("A", "n", "n")
    >>> gradient(logdet(A), A).result
    A⁻ᵀ
    """
    square(a, "A determinant")
    return Atom("logdet", a)


def inner(a, b):
    """<A, B> = tr(AᵀB), the sum of the products of entries.

    >>> from adcourse.symbolic.matrix_calculus import matrix
    >>> inner(matrix("A", "m", "n"), matrix("B", "m", "n"))
    tr(AᵀB)
    """
    if a.shape != b.shape:
        raise WrongStructure(f"<A, B> needs equal shapes, not {a.shape} and {b.shape}.")
    return tr(Product(T(a), b))


def norm(a):
    """The Euclidean norm of a vector, the Frobenius norm of a matrix.

    >>> from adcourse.symbolic.matrix_calculus import gradient, vector
    >>> x = vector("x", "n")
    >>> gradient(norm(x), x).result
    x / ‖x‖
    """
    return sympy.sqrt(inner(a, a))


def total(a):
    """The sum of all entries, 1ᵀ A 1.

    >>> from adcourse.symbolic.matrix_calculus import matrix
    >>> total(matrix("A", "m", "n"))
    𝟏ᵀA𝟏
    """
    rows, columns = a.shape
    factors = [Ones(1, rows), a] + ([] if columns == 1 else [Ones(columns, 1)])
    return tr(Product(*factors))


def atoms(s):
    """The atoms of a number, in a fixed order."""
    return sorted((a for a in s.free_symbols if isinstance(a, Atom)), key=lambda a: a.name)


def as_number(a):
    """A 1×1 matrix as a number; numbers as they are."""
    if not isinstance(a, Expression):
        return sympy.sympify(a)
    if a.shape != (1, 1):
        raise WrongStructure(
            f"{a!r} has shape {a.shape}, and a gradient belongs to a number. Take its norm, trace "
            "or sum, or ask for `differential`, which any matrix has."
        )
    return tr(a)
