"""The functions that a typed answer may call: shapes, values over a number system, SymPy's name."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce

import sympy

from adcourse.symbolic.exact import linear


class ShapeProblem(Exception):
    """The arguments of an operation have shapes that do not fit; the text says which."""


@dataclass(frozen=True)
class Function:
    """`value(field, *values)`, the `shape` of the result from the shapes, the number of arguments.

    An `entrywise` function has numbers as values; one of `sizes` gets the point and its arguments
    as formulas, since they are numbers of rows and columns.
    """

    value: Callable
    shape: Callable | None = None
    arity: tuple = (1,)
    sympy: Callable | None = None
    entrywise: bool = False
    sizes: bool = False


def is_number(v):
    """Whether a value is a number; a matrix of one entry counts as one."""
    return not isinstance(v, list) or linear.shape(v) == (1, 1)


def scalar_of(v):
    return v[0][0] if isinstance(v, list) else v


def rows(v):
    return v if isinstance(v, list) else [[v]]


def one_by_one(shape):
    return shape in ((), (1, 1))


def full(shape):
    """(rows, columns), of a number (1, 1)."""
    return shape or (1, 1)


def square(name):
    def check(a):
        r, c = full(a)
        if r != c:
            raise ShapeProblem(f"{name} needs a square matrix, not one of shape {words(a)}")
        return a

    return check


def words(shape):
    return f"({', '.join(map(str, shape))})" if shape else "of a number"


def same_shape(*shapes):
    """The shape of an entry-by-entry operation, in which a number meets every entry."""
    arrays = [s for s in shapes if not one_by_one(s)]
    if len(set(arrays)) > 1:
        raise ShapeProblem(f"the shapes {words(arrays[0])} and {words(arrays[1])} differ")
    return arrays[0] if arrays else ()


def equal_shapes(a, b):
    if full(a) != full(b):
        raise ShapeProblem(f"the shapes {words(a)} and {words(b)} differ")
    return a


def meeting(a, b):
    """The shape of a matrix product."""
    (r, inner), (other, c) = full(a), full(b)
    if inner != other:
        hint = ""
        if full(a) == full(b) and c == 1:
            hint = "; a vector is a column: write x.T @ y, or outer(x, y)"
        raise ShapeProblem(f"@ cannot multiply shapes {words(a)} and {words(b)}{hint}")
    return (r, c) if a or b else ()


def vector(name, shape):
    r, c = full(shape)
    if c != 1:
        raise ShapeProblem(f"{name} needs a vector, not a matrix of shape {words(shape)}")
    return r


def diag_shape(a):
    r, c = full(a)
    if c == 1:
        return r, r
    square("diag")(a)
    return r, 1


def solve_shape(A, b):
    square("solve")(A)
    return meeting(A, b)


def kron_shape(a, b):
    (r, c), (s, d) = full(a), full(b)

    def times(m, n):
        if m == 1 or n == 1:
            return n if m == 1 else m
        if isinstance(m, int) and isinstance(n, int):
            return m * n
        raise ShapeProblem("kron needs dimensions that are numbers, not names")

    return times(r, s), times(c, d)


def gram(field, A, B):
    """⟨A, B⟩ = tr(AᵀB)."""
    flat = [[e for row in rows(M) for e in row] for M in (A, B)]
    return linear.dot(field, *flat)


def diag(field, A):
    A = rows(A)
    if len(A[0]) == 1:
        return linear.diagonal(field, [row[0] for row in A])
    return [[row[i]] for i, row in enumerate(A)]


def filled(q):
    def value(field, point, *sizes):
        r, c = (*[size(s, point) for s in sizes], 1)[:2]
        return linear.filled(field, r, c, q)

    return value


def size(formula, point):
    return int(formula.value) if formula.op == "number" else point.size(formula.value)


def eye(field, point, n):
    return linear.identity(field, size(n, point))


def named(name, function=None):
    """An entry-by-entry function that the number systems know."""
    return Function(
        lambda field, *args: field.function(name, list(args)),
        same_shape,
        sympy=function or getattr(sympy, name),
        entrywise=True,
    )


def composed(value, function, arity=(1,)):
    """An entry-by-entry function made of others."""
    return Function(value, same_shape, arity, function, entrywise=True)


def plus(field, a, q):
    return field.add(a, field.number(q))


def add_all(field, A):
    return reduce(field.add, [e for row in rows(A) for e in row])


FUNCTIONS = {
    name: named(name)
    for name in "exp log sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh erf".split()
}
FUNCTIONS |= {
    "abs": named("abs", sympy.Abs),
    "sign": named("sign"),
    "sqrt": composed(lambda F, a: F.sqrt(a), sympy.sqrt),
    "sigmoid": composed(lambda F, a: F.function("sigmoid", [a]), lambda a: 1 / (1 + sympy.exp(-a))),
    "relu": composed(lambda F, a: F.function("max", [a, F.number(0)]), lambda a: sympy.Max(a, 0)),
    "softplus": composed(
        lambda F, a: F.function("log", [plus(F, F.function("exp", [a]), 1)]),
        lambda a: sympy.log(1 + sympy.exp(a)),
    ),
    "log1p": composed(lambda F, a: F.function("log", [plus(F, a, 1)]), lambda a: sympy.log(1 + a)),
    "expm1": composed(lambda F, a: plus(F, F.function("exp", [a]), -1), lambda a: sympy.exp(a) - 1),
    "max": composed(lambda F, a, b: F.function("max", [a, b]), sympy.Max, (2,)),
    "min": composed(lambda F, a, b: F.function("min", [a, b]), sympy.Min, (2,)),
    "hadamard": composed(lambda F, a, b: F.mul(a, b), lambda a, b: a * b, (2,)),
    "inv": Function(lambda F, A: linear.inverse(F, rows(A)), square("inv"), sympy=lambda a: 1 / a),
    "solve": Function(
        lambda F, A, b: linear.solve(F, rows(A), rows(b)), solve_shape, (2,), lambda a, b: b / a
    ),
    "trace": Function(
        lambda F, A: linear.trace(F, rows(A)),
        lambda a: square("trace")(a) and (),
        sympy=lambda a: a,
    ),
    "det": Function(
        lambda F, A: linear.determinant(F, rows(A)),
        lambda a: square("det")(a) and (),
        sympy=lambda a: a,
    ),
    "norm": Function(lambda F, A: F.sqrt(gram(F, A, A)), lambda a: (), sympy=sympy.Abs),
    "sum": Function(add_all, lambda a: (), sympy=lambda a: a),
    "inner": Function(gram, lambda a, b: equal_shapes(a, b) and (), (2,), lambda a, b: a * b),
    "outer": Function(
        lambda F, a, b: linear.matmul(F, rows(a), linear.transpose(rows(b))),
        lambda a, b: (vector("outer", a), vector("outer", b)),
        (2,),
        lambda a, b: a * b,
    ),
    "kron": Function(
        lambda F, A, B: linear.kron(F, rows(A), rows(B)), kron_shape, (2,), lambda a, b: a * b
    ),
    "diag": Function(diag, diag_shape, sympy=lambda a: a),
    "transpose": Function(
        lambda F, A: linear.transpose(rows(A)), lambda a: full(a)[::-1], sympy=lambda a: a
    ),
    "eye": Function(eye, sizes=True),
    "ones": Function(filled(1), arity=(1, 2), sizes=True),
    "zeros": Function(filled(0), arity=(1, 2), sizes=True),
}
ALIASES = {
    "ln": "log", "tr": "trace", "dot": "inner", "I": "eye", "inverse": "inv",
    "multiply": "hadamard", "maximum": "max", "minimum": "min", "Abs": "abs",
    "arcsin": "asin", "arccos": "acos",
    "arctan": "atan", "arcsinh": "asinh", "arccosh": "acosh", "arctanh": "atanh",
}  # fmt: skip
