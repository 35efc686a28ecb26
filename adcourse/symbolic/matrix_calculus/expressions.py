"""The kinds of nodes; whoever needs more than a few imports this file as `e`.

A vector is a column; `Ew` is any function of entries, the product A ⊙ B among them; `D(A)` is the
differential of A. Constructors check shapes and change nothing (forms.py tidies up).
"""

import sympy

from adcourse.core.errors import WrongStructure
from adcourse.symbolic.matrix_calculus.base import (
    Expression,
    number_weight,
    scalar_symbols,
    slots,
    square,
)
from adcourse.symbolic.matrix_calculus.symbol import PROPERTIES, Fixed, Sym

__all__ = [
    "PROPERTIES",
    "Expression",
    "Fixed",
    "Sym",
    "number_weight",
    "scalar_symbols",
    "slots",
    "square",
]


class Eye(Expression):
    """The identity."""

    def __new__(cls, n):
        return super().__new__(cls, (n, n), (), (n,))


class Ones(Expression):
    """All entries 1."""

    def __new__(cls, rows, columns):
        return super().__new__(cls, (rows, columns), (), (rows, columns))


class Zero(Expression):
    """All entries 0."""

    def __new__(cls, rows, columns):
        return super().__new__(cls, (rows, columns), (), (rows, columns))


class Sum(Expression):
    """A + B + …"""

    def __new__(cls, *terms):
        for term in terms[1:]:
            if term.shape != terms[0].shape:
                raise WrongStructure(
                    f"{terms[0]!r} has shape {terms[0].shape} and {term!r} has {term.shape}: "
                    "only matrices of one shape can be added."
                )
        return super().__new__(cls, terms[0].shape, terms)


class Product(Expression):
    """A B C …"""

    def __new__(cls, *factors):
        for left, right in zip(factors, factors[1:], strict=False):
            if left.shape[1] != right.shape[0]:
                raise WrongStructure(
                    f"{left!r} of shape {left.shape} cannot be multiplied by {right!r} of shape "
                    f"{right.shape}: columns and rows must be equally many."
                )
        return super().__new__(cls, (factors[0].shape[0], factors[-1].shape[1]), factors)


class Scale(Expression):
    """A number times a matrix."""

    def __new__(cls, a, number):
        return super().__new__(cls, a.shape, (a,), (sympy.sympify(number),))

    number = property(lambda self: self.data[0])
    matrix = property(lambda self: self.operands[0])

    def find_symbols(self):
        return self.matrix.symbols | scalar_symbols(self.number)


class T(Expression):
    """The transpose."""

    def __new__(cls, a):
        return super().__new__(cls, a.shape[::-1], (a,))


class Inv(Expression):
    """The inverse; generated code solves instead."""

    def __new__(cls, a):
        square(a, "An inverse")
        return super().__new__(cls, a.shape, (a,))


class Ew(Expression):
    """f(A, B, …) entry by entry: `formula` is a SymPy expression in `slots(k)`, one a matrix."""

    def __new__(cls, *args):
        *matrices, formula = args
        for matrix in matrices[1:]:
            if matrix.shape != matrices[0].shape:
                raise WrongStructure(
                    f"{matrices[0]!r} has shape {matrices[0].shape} and {matrix!r} has "
                    f"{matrix.shape}: functions of entries need equal shapes."
                )
        return super().__new__(cls, matrices[0].shape, tuple(matrices), (sympy.sympify(formula),))

    formula = property(lambda self: self.data[0])

    def find_symbols(self):
        numbers = self.formula.free_symbols - set(slots(len(self.operands)))
        inside = [getattr(a, "symbols", {a}) for a in numbers]
        return super().find_symbols().union(*inside)


class Diag(Expression):
    """The diagonal matrix of a column."""

    def __new__(cls, v):
        if v.shape[1] != 1:
            raise WrongStructure(f"diag needs a vector, and {v!r} has shape {v.shape}.")
        return super().__new__(cls, (v.shape[0], v.shape[0]), (v,))


class DiagPart(Expression):
    """The diagonal of a square matrix, as a column."""

    def __new__(cls, a):
        return super().__new__(cls, (square(a, "A diagonal"), 1), (a,))


class Kron(Expression):
    """The Kronecker product: blocks a_ij B."""

    def __new__(cls, a, b):
        return super().__new__(cls, tuple(m * n for m, n in zip(a.shape, b.shape, strict=True)),
                               (a, b))  # fmt: skip


class BlockTrace(Expression):
    """What a Kronecker product pulls back: M_ij = <G_ij, B> over the blocks G_ij of G.

    With `inner` it is the other factor's: M = Σ_ij a_ij G_ij.
    """

    def __new__(cls, g, other, inner=False):
        shape = tuple(m // n if isinstance(m, int) else sympy.cancel(m / n)
                      for m, n in zip(g.shape, other.shape, strict=True))  # fmt: skip
        return super().__new__(cls, shape, (g, other), (inner,))


class Sylvester(Expression):
    """The X that solves A X + X B = C."""

    def __new__(cls, a, b, c):
        if (square(a, "A Sylvester equation"), square(b, "A Sylvester equation")) != c.shape:
            raise WrongStructure(
                f"A X + X B = C needs C of shape {(a.shape[0], b.shape[0])}, not {c.shape}."
            )
        return super().__new__(cls, c.shape, (a, b, c))


class Solution(Expression):
    """A named x with A x = b: it is differentiated through its equation and printed by its name."""

    def __new__(cls, a, b, name):
        if square(a, "A linear system") != b.shape[0]:
            raise WrongStructure(f"{a!r} {name} = {b!r} does not fit: {a.shape} and {b.shape}.")
        return super().__new__(cls, b.shape, (a, b), (name,))

    name = property(lambda self: self.data[0])


class Spectral(Expression):
    """A part of a decomposition of its operand: singular values "s" with "U" and "V".

    Further parts: eigenvalues "w" with orthonormal "Q" of a symmetric operand, eigenvalues "e" with
    independent "Z" of any operand whose eigenvalues are real, the Cholesky factor "L".
    """

    def __new__(cls, a, part):
        m, n = a.shape
        k = m if m == n else min(m, n) if isinstance(m, int) and isinstance(n, int) else None
        if k is None:
            raise WrongStructure(
                f"The decomposition of {a!r} of shape {a.shape} needs shapes in numbers."
            )
        shape = {
            "s": (k, 1),
            "U": (m, k),
            "V": (n, k),
            "w": (k, 1),
            "Q": (k, k),
            "L": (k, k),
            "e": (k, 1),
            "Z": (k, k),
        }[part]
        return super().__new__(cls, shape, (a,), (part,))

    part = property(lambda self: self.data[0])


class Gaps(Expression):
    """F_ij = 1/(s_j² - s_i²), or 1/(w_j - w_i) with `power` 1, and 0 on the diagonal."""

    def __new__(cls, values, power):
        n = values.shape[0]
        return super().__new__(cls, (n, n), (values,), (power,))


class Half(Expression):
    """The lower triangle, with half of the diagonal."""

    def __new__(cls, a):
        square(a, "A lower triangle")
        return super().__new__(cls, a.shape, (a,))


class Softmax(Expression):
    """exp(A) divided by its sums along an axis: each row (1) or column (0) adds up to 1."""

    def __new__(cls, a, axis):
        if a.shape[axis] == 1 or a.shape[0] == 1:
            raise WrongStructure(f"softmax needs two entries to share 1 and no row: {a.shape}.")
        return super().__new__(cls, a.shape, (a,), (axis,))

    axis = property(lambda self: self.data[0])


class D(Expression):
    """dA, the differential of A: of a symbol it stays, of anything else a rule resolves it."""

    def __new__(cls, a):
        return super().__new__(cls, a.shape, (a,))
