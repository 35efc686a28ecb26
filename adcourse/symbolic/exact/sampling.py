"""Random points that obey constraints exactly: constraints are sampled, not solved.

A symmetric matrix is B + Bᵀ, a positive definite one BBᵀ + I, an orthogonal one the Cayley
transform (I-S)⁻¹(I+S) of a skew S (Cayley 1846). All of them are rational in the random entries, so
a rational singular value decomposition costs no root.
"""

from fractions import Fraction

import sympy

from adcourse.core.errors import WrongStructure
from adcourse.symbolic.exact import linear
from adcourse.symbolic.exact.fields import fraction

SAME = {"spd": "positive definite", "orthonormal": "orthonormal columns", None: "none"}
SQUARE = (
    "symmetric",
    "positive definite",
    "skew",
    "diagonal",
    "orthogonal",
    "lower triangular",
    "upper triangular",
)
PROPERTIES = ("none", "positive", "nonzero", "orthonormal columns", *SQUARE)


def known(prop):
    """The property under its full name; raises WrongStructure for an unknown one."""
    prop = SAME.get(prop, prop)
    if prop not in PROPERTIES:
        raise WrongStructure(
            f"There is no property {prop!r} of a variable. Known are: {', '.join(PROPERTIES)}."
        )
    return prop


def fits(shape, prop):
    """Whether a matrix of this shape can have the property."""
    if len(shape) < 2:
        shape = (*shape, 1, 1)[:2]
    rows, columns = shape
    prop = known(prop)
    return rows == columns if prop in SQUARE else prop != "orthonormal columns" or rows >= columns


def draw(field, shape, prop, rng, easy=False, reflect=False):
    """A random number, for shape (), or the rows of a random matrix with the property.

    A vector of shape (n,) is a column. Residues are uniform; fractions are of moderate height, and
    with `easy` such as one would choose by hand. A Cayley transform has determinant 1; `reflect`
    asks for an orthogonal matrix of determinant -1. Raises WrongStructure where no matrix of this
    shape has the property.

    >>> from numpy.random import default_rng
    >>> from adcourse.symbolic.exact import Rationals
    >>> A = draw(Rationals(), (3, 3), "symmetric", default_rng(0))
    >>> A == linear.transpose(A)
    True
    """
    prop = known(prop)
    rows, columns = (*shape, 1, 1)[:2]
    if not fits((rows, columns), prop):
        raise WrongStructure(f"No {rows} by {columns} matrix is {prop}.")
    if prop in ("orthogonal", "orthonormal columns"):
        Q = orthogonal(field, rows, rng)
        return [[field.neg(row[0]) if reflect else row[0], *row[1:columns]] for row in Q]

    def entry(i, j):
        a = scalar(field, rng, easy, positive=prop == "positive")
        return field.number(1) if prop == "nonzero" and field.is_zero(a) else a

    if shape == ():
        return entry(0, 0)
    B = linear.build(rows, columns, entry)
    zero = field.number(0)
    if prop == "symmetric":
        return linear.add(field, B, linear.transpose(B))
    if prop == "skew":
        return linear.each(field.sub, B, linear.transpose(B))
    if prop == "positive definite":
        gram = linear.matmul(field, B, linear.transpose(B))
        return linear.add(field, gram, linear.identity(field, rows))
    kept = {
        "diagonal": lambda i, j: i == j,
        "lower triangular": lambda i, j: i >= j,
        "upper triangular": lambda i, j: i <= j,
    }.get(prop, lambda i, j: True)
    return linear.build(rows, columns, lambda i, j: B[i][j] if kept(i, j) else zero)


def scalar(field, rng, easy=False, positive=False):
    """One random number of the field."""
    if field.formal:
        return field.random()
    return field.number(easy_fraction(rng, positive) if easy else any_fraction(rng, positive))


def easy_fraction(rng, positive=False):
    """A number as one would choose it by hand: 3, -1/2, 5/3."""
    q = Fraction(int(rng.integers(1, 8)), int(rng.choice([1, 1, 1, 2, 3])))
    return q if positive or rng.random() < 0.7 else -q


def any_fraction(rng, positive=False):
    """A number of moderate height, mostly of size 1, sometimes small or large, of either sign."""
    q = Fraction(int(rng.integers(1, 98)), int(rng.integers(7, 32)))
    chance = rng.random()
    q = q / 16 if chance < 0.25 else q * 16 if chance > 0.9 else q
    return q if positive or rng.random() < 0.75 else -q


def draw_scalar(symbols, prop, rng, easy=False):
    """A random fraction that the symbols' assumptions allow, or None."""
    positive = prop == "positive" or any(s.is_positive for s in symbols)
    q = (easy_fraction if easy else any_fraction)(rng, positive)
    if any(s.is_negative for s in symbols):
        q = -abs(q)
    number = sympy.Rational(q.numerator, q.denominator)
    if any(s.is_integer for s in symbols):
        number = sympy.ceiling(number)
    for s in symbols:
        allowed = s.assumptions0.items()
        if not all(number.assumptions0.get(k, v) is v for k, v in allowed):
            return None
    return fraction(number)


def orthogonal(field, n, rng):
    """An n by n matrix Q with QᵀQ = I, rational in its random numbers."""
    one = field.number(1)

    def entry(i, j):  # small: the entries of Q are quotients of determinants
        return field.random() if field.formal else field.number(Fraction(int(rng.integers(-2, 3))))

    B = linear.build(n, n, entry)
    S = linear.build(
        n, n, lambda i, j: B[i][j] if i < j else field.number(0) if i == j else field.neg(B[j][i])
    )
    minus = linear.build(n, n, lambda i, j: one if i == j else field.neg(S[i][j]))
    plus = linear.build(n, n, lambda i, j: one if i == j else S[i][j])
    return linear.solve(field, minus, plus)


def singular_values(field, shape, rng):
    """(W, U, σ, V) with W = U diag(σ) Vᵀ exactly: U, V of orthonormal columns, σ falling.

    >>> from numpy.random import default_rng
    >>> from adcourse.symbolic.exact import Rationals
    >>> Q = Rationals()
    >>> W, U, s, V = singular_values(Q, (3, 2), default_rng(0))
    >>> linear.matmul(Q, linear.transpose(U), U) == linear.identity(Q, 2)
    True
    """
    rows, columns = shape
    rank = min(rows, columns)
    U = draw(field, (rows, rank), "orthonormal columns", rng)
    V = draw(field, (columns, rank), "orthonormal columns", rng)
    s = falling(field, rank, rng)
    scaled = [[field.mul(e, s[j]) for j, e in enumerate(row)] for row in U]
    return linear.matmul(field, scaled, linear.transpose(V)), U, s, V


def eigenvalues(field, n, rng):
    """(A, Q, λ) with A = Q diag(λ) Qᵀ exactly: A symmetric, λ distinct."""
    Q = draw(field, (n, n), "orthogonal", rng)
    values = falling(field, n, rng)
    scaled = [[field.mul(e, values[j]) for j, e in enumerate(row)] for row in Q]
    return linear.matmul(field, scaled, linear.transpose(Q)), Q, values


def falling(field, n, rng):
    """n distinct positive numbers, the largest first."""
    if field.formal:
        return [field.random() for _ in range(n)]
    steps = [field.number(Fraction(int(rng.integers(1, 6)), 2)) for _ in range(n)]
    values = [steps[0]]
    for step in steps[1:]:
        values.append(field.add(values[-1], step))
    return values[::-1]
