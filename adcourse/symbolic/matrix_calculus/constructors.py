"""What formulas are built of by hand: named matrices, vectors, numbers, and values of equations.

Operators do the rest: A @ x, A + B, A.T, 2 * A, A * B entry by entry, A**-1.
"""

import sympy

from adcourse.core.errors import WrongStructure
from adcourse.symbolic.matrix_calculus import expressions as e
from adcourse.symbolic.matrix_calculus.forms import is_symmetric
from adcourse.symbolic.matrix_calculus.symbol import properties


def matrix(name, rows, columns, *props):
    """A matrix of that name; sizes are ints or names, properties out of PROPERTIES.

    In code a row or column is a 1-d array. A matrix with one entry is a number: see `number`.

    Raises WrongStructure for sizes or properties that no matrix has.

    >>> matrix("S", "n", "n", "symmetric").T
    S
    """
    return e.Sym(name, (size(rows), size(columns)), properties(props))


def vector(name, rows):
    """A column of that name.

    >>> matrix("A", "m", "n") @ vector("x", "n")
    Ax
    """
    return e.Sym(name, (size(rows), 1))


def number(name, *, positive=None):
    """A real number of that name.

    >>> number("t") * matrix("A", "m", "n")
    t A
    """
    return sympy.Symbol(name, real=True, positive=positive)


def identity(n):
    """The identity matrix of that size.

    >>> matrix("S", "n", "n", "symmetric") + number("lam") * identity("n")
    S + λ I
    """
    return e.Eye(size(n))


def size(n):
    """A number of rows or columns: a whole number, or a name that stands for one."""
    if isinstance(n, str):
        return sympy.Symbol(n, integer=True, positive=True)
    if not (isinstance(n, int | sympy.Integer) and n > 0):
        raise WrongStructure(f"A matrix has at least one row and one column, not {n!r}.")
    return int(n)


def ones(rows, columns=1):
    """All entries 1: a column, or a matrix.

    >>> ones("n").T @ vector("x", "n")
    𝟏ᵀx
    """
    return e.Ones(size(rows), size(columns))


def diag(v):
    """The diagonal matrix of a column, or the diagonal of a square matrix as a column.

    Raises WrongStructure for other shapes.

    >>> diag(vector("v", "n"))
    diag(v)
    """
    return e.Diag(v) if v.shape[1] == 1 else e.DiagPart(v)


def kron(a, b):
    """The Kronecker product, with blocks a_ij B.

    >>> kron(matrix("A", "n", "n"), matrix("B", "n", "n")).T
    Aᵀ ⊗ Bᵀ
    """
    return e.Kron(a, b)


def solution(a, b, name="x"):
    """The named solution x of A x = b; it is differentiated through its equation.

    Least squares is `solution(A.T @ A, A.T @ b)` for A of full column rank, ridge regression
    `solution(A.T @ A + lam * identity(n), A.T @ b)`. Raises WrongStructure where shapes do not fit.

    >>> solution(matrix("A", "n", "n"), vector("b", "n"))
    x
    """
    return e.Solution(a, b, name)


def sylvester(a, b, c):
    """The X with A X + X B = C; it exists where no eigenvalue of A is minus one of B.

    Raises WrongStructure where shapes do not fit.

    >>> from adcourse.symbolic.matrix_calculus import differential
    >>> A, B, C = (matrix(name, "n", "n") for name in "ABC")
    >>> differential(sylvester(A, B, C), C).result
    sylvester(A, B, dC)
    """
    return e.Sylvester(a, b, c)


def singular_values(a):
    """The singular values of a matrix whose sizes are numbers, the largest first, as a column.

    >>> from adcourse.symbolic.matrix_calculus import gradient, total
    >>> A = matrix("A", 3, 2)
    >>> gradient(total(singular_values(A)), A).result
    UVᵀ
    """
    return e.Spectral(a, "s")


def eigenvalues(a):
    """The eigenvalues as a column: in ascending order for a symmetric matrix, else as `eig` does.

    Of a matrix that is not symmetric they must be real.

    >>> from adcourse.symbolic.matrix_calculus import gradient, total
    >>> S = matrix("S", 3, 3, "symmetric")
    >>> gradient(total(eigenvalues(S)), S).result
    I
    """
    return e.Spectral(a, "w" if is_symmetric(a) else "e")
