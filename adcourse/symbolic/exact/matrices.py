"""SymPy's matrix expressions over a number system, node by node; SymPy itself computes nothing."""

from functools import reduce

import sympy
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalMatrix, DiagonalOf
from sympy.matrices.expressions.hadamard import HadamardPower
from sympy.matrices.expressions.matexpr import MatrixElement

from adcourse.symbolic.exact import linear
from adcourse.symbolic.exact.signals import Outside, Unsupported

SCALAR_VALUED = (sympy.Trace, sympy.Determinant, MatrixElement, sympy.DotProduct)
MOST = 10_000  # the highest power of a matrix


def plan(e, evaluate):
    """The expressions that the value of e is made of, and how it is made of theirs."""
    if isinstance(e, sympy.MatrixSymbol):
        return (), lambda field, point: symbol(e, point)
    if isinstance(e, sympy.MatrixBase):
        rows, columns = e.shape
        return e.flat(), whole(
            lambda field, point, *v: [list(v[i * columns : (i + 1) * columns]) for i in range(rows)]
        )
    if isinstance(e, CONSTANTS):
        return (), lambda field, point: constant(e, field, point)
    if isinstance(e, MatrixElement):
        return e.args[:1], whole(lambda field, point, A: A[index(e.i, point)][index(e.j, point)])
    if isinstance(e, ElementwiseApplyFunction):
        f = e.function
        return (e.expr,), whole(lambda field, point, A: applied(f, field, point, A, evaluate))
    if isinstance(e, sympy.BlockMatrix):
        return e.blocks.flat(), whole(lambda field, point, *v: blocks(e.blocks.shape, v))
    if isinstance(e, HadamardPower):
        t = sympy.Dummy("t")
        f = sympy.Lambda(t, t**e.exp)
        return (e.base,), whole(lambda field, point, A: applied(f, field, point, A, evaluate))
    if isinstance(e, sympy.MatPow) and not isinstance(e, sympy.Inverse):
        return e.args, whole(lambda field, point, A, n: power(e, field, A))
    for kind, combine in COMBINE.items():
        if isinstance(e, kind):
            return e.args, whole(lambda field, point, *values, made=combine: made(field, *values))
    raise Unsupported(f"{type(e).__name__} cannot be evaluated at a point")


def whole(function):
    """A way to combine values that needs all of them."""

    def combine(field, point, *values):
        for value in values:
            if isinstance(value, Exception):
                raise value
        return function(field, point, *values)

    return combine


def symbol(e, point):
    if e.name not in point:
        raise Unsupported(f"{e} has no value")
    value = point[e.name]
    return value if isinstance(value, list) else [[value]]


def index(i, point):
    return point.size(i)


CONSTANTS = (sympy.Identity, sympy.ZeroMatrix, sympy.OneMatrix)


def constant(e, field, point):
    rows, columns = map(point.size, e.shape)
    if isinstance(e, sympy.Identity):
        return linear.identity(field, rows)
    return linear.filled(field, rows, columns, int(isinstance(e, sympy.OneMatrix)))


def applied(f, field, point, A, evaluate):
    """A function of one variable, entry by entry; its other symbols have their values."""
    variable = sympy.Dummy("t")
    body = f(variable)

    def value(entry):
        return evaluate(body, field, point, {variable: entry})

    return linear.each(value, A)


def blocks(shape, values):
    rows, columns = shape
    lines = []
    for i in range(rows):
        row = [as_rows(v) for v in values[i * columns : (i + 1) * columns]]
        lines += [[e for part in parts for e in part] for parts in zip(*row, strict=True)]
    return lines


def as_rows(value):
    return value if isinstance(value, list) else [[value]]


def power(e, field, A):
    A, exponent = as_rows(A), e.exp
    if exponent.is_Integer and abs(exponent) <= MOST:
        return linear.power(field, A, int(exponent))
    if len(A) == 1 and exponent == sympy.S.Half:
        return [[field.sqrt(A[0][0])]]
    raise Unsupported(f"the matrix power {e}")


def product(field, *factors):
    """A product in which numbers, also as 1 by 1 matrices, stand among matrices."""

    def times(A, B):
        if not isinstance(A, list) or not isinstance(B, list):
            if not isinstance(A, list) and not isinstance(B, list):
                return field.mul(A, B)
            a, M = (A, B) if isinstance(B, list) else (B, A)
            return linear.scale(field, a, M)
        if len(A[0]) != len(B):
            raise Unsupported("a product of matrices whose shapes do not meet")
        return linear.matmul(field, A, B)

    return reduce(times, factors)


def total(field, *terms):
    terms = [as_rows(term) for term in terms]
    if len({linear.shape(term) for term in terms}) > 1:
        raise Unsupported("a sum of matrices of different shapes")
    return reduce(lambda A, B: linear.add(field, A, B), terms)


def inverse(field, A, *exponent):
    if len(A) != len(A[0]):
        raise Outside("the inverse of a matrix that is not square")
    return linear.inverse(field, A)


def diagonal_part(field, A):
    return [[row[i]] for i, row in enumerate(A) if i < len(row)]


def diagonal_matrix(field, v):
    entries = [e for row in v for e in row]
    return linear.diagonal(field, entries)


def only_diagonal(field, A):
    zero = field.number(0)
    return [[e if i == j else zero for j, e in enumerate(row)] for i, row in enumerate(A)]


COMBINE = {  # SymPy's class -> its value from the values of its arguments
    sympy.MatAdd: total,
    sympy.MatMul: product,
    sympy.Inverse: inverse,
    sympy.Transpose: lambda field, A: linear.transpose(A),
    sympy.Adjoint: lambda field, A: linear.transpose(A),  # everything is real
    sympy.Trace: lambda field, A: linear.trace(field, A),
    sympy.Determinant: lambda field, A: linear.determinant(field, A),
    sympy.HadamardProduct: lambda field, *M: reduce(lambda A, B: linear.each(field.mul, A, B), M),
    sympy.KroneckerProduct: lambda field, *M: reduce(lambda A, B: linear.kron(field, A, B), M),
    sympy.DotProduct: lambda field, a, b: linear.dot(
        field, [e for row in a for e in row], [e for row in b for e in row]
    ),
    DiagMatrix: diagonal_matrix,
    DiagonalMatrix: only_diagonal,
    DiagonalOf: diagonal_part,
}
