"""Matrices as lists of rows over any number system: exact elimination, no rounding, no pivots lost.

Every function takes the number system first. A matrix without an inverse raises Singular.
"""

from adcourse.symbolic.exact.degrees import Degrees
from adcourse.symbolic.exact.signals import Singular


def shape(A):
    """Numbers of rows and columns."""
    return len(A), len(A[0]) if A else 0


def build(rows, columns, entry):
    """The matrix of entry(i, j)."""
    return [[entry(i, j) for j in range(columns)] for i in range(rows)]


def identity(field, n):
    one, zero = field.number(1), field.number(0)
    return build(n, n, lambda i, j: one if i == j else zero)


def filled(field, rows, columns, q):
    """The matrix whose entries are all the number q."""
    value = field.number(q)
    return build(rows, columns, lambda i, j: value)


def diagonal(field, values):
    """The square matrix with these numbers on its diagonal."""
    zero = field.number(0)
    return build(len(values), len(values), lambda i, j: values[i] if i == j else zero)


def transpose(A):
    return [list(column) for column in zip(*A, strict=True)]


def each(function, *matrices):
    """Entry by entry."""
    return [[function(*entries) for entries in zip(*rows, strict=True)]
            for rows in zip(*matrices, strict=True)]  # fmt: skip


def add(field, A, B):
    return each(field.add, A, B)


def scale(field, a, A):
    return each(lambda e: field.mul(a, e), A)


def dot(field, u, v):
    """u₁v₁ + … + uₙvₙ of two lists."""
    total = field.number(0)
    for a, b in zip(u, v, strict=True):
        total = field.add(total, field.mul(a, b))
    return total


def matmul(field, A, B):
    """
    >>> from adcourse.symbolic.exact.fields import Rationals
    >>> matmul(Rationals(), [[1, 2]], [[3], [4]])
    [[Fraction(11, 1)]]
    """
    columns = transpose(B)
    return [[dot(field, row, column) for column in columns] for row in A]


def power(field, A, n):
    """A to an integer power, by squaring."""
    if n < 0:
        A, n = inverse(field, A), -n
    result = identity(field, len(A))
    while n:
        if n & 1:
            result = matmul(field, result, A)
        n >>= 1
        if n:
            A = matmul(field, A, A)
    return result


def trace(field, A):
    total = field.number(0)
    for i, row in enumerate(A):
        total = field.add(total, row[i])
    return total


def kron(field, A, B):
    rows, columns = shape(B)
    return build(
        len(A) * rows,
        shape(A)[1] * columns,
        lambda i, j: field.mul(A[i // rows][j // columns], B[i % rows][j % columns]),
    )


def eliminated(field, A, B):
    """Row operations that make A the identity, applied to B; and the determinant of A."""
    n = len(A)
    rows = [[*a, *b] for a, b in zip(A, B, strict=True)]
    determinant = field.number(1)
    for k in range(n):
        pivots = [i for i in range(k, n) if not field.is_zero(rows[i][k])]
        if not pivots:
            return None, field.number(0)
        pivot = max(pivots, key=lambda i: size(field, rows[i][k]))
        if pivot != k:
            rows[k], rows[pivot] = rows[pivot], rows[k]
            determinant = field.neg(determinant)
        determinant = field.mul(determinant, rows[k][k])
        factor = field.inv(rows[k][k])
        rows[k] = [field.mul(factor, e) for e in rows[k]]
        for i in range(n):
            if i != k and not field.is_zero(rows[i][k]):
                c = field.neg(rows[i][k])
                rows[i] = [
                    field.add(e, field.mul(c, p)) for e, p in zip(rows[i], rows[k], strict=True)
                ]
    return [row[n:] for row in rows], determinant


def size(field, a):
    """Digits are lost to small pivots; where nothing is rounded any pivot will do."""
    return 0 if field.formal else abs(a)


def solve(field, A, B):
    """X with A X = B."""
    if isinstance(field, Degrees):
        return matmul(field, field.inverse(A), B)
    X, _ = eliminated(field, A, B)
    if X is None:
        raise Singular("a singular matrix")
    return X


def inverse(field, A):
    """
    >>> from adcourse.symbolic.exact.fields import Rationals
    >>> inverse(Rationals(), [[2, 1], [1, 1]]) == [[1, -1], [-1, 2]]
    True
    """
    return solve(field, A, identity(field, len(A)))


def determinant(field, A):
    if isinstance(field, Degrees):
        return field.determinant(A)
    return eliminated(field, A, [[] for _ in A])[1]
