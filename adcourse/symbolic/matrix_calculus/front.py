"""The matrix J in front of dx: a vector that is linear in dx, read as J dx."""

import sympy

from adcourse.core.errors import NotLowerable
from adcourse.symbolic.matrix_calculus import expressions as e
from adcourse.symbolic.matrix_calculus import pull
from adcourse.symbolic.matrix_calculus.forms import add, expanded, hadamard, mul, scale, transpose
from adcourse.symbolic.matrix_calculus.scalars import Atom, tr


class NoMatrix(NotLowerable):
    """No matrix was found with the change of a vector equal to J dx."""


def matrix_in_front(f, x):
    """J of a column f = J dx."""
    if not pull.has_differential(f):
        raise NoMatrix(f"{f!r} does not change with {x!r}.")
    if isinstance(f, e.D):
        return e.Eye(x.shape[0])
    if isinstance(f, e.Sum):
        return add(*[matrix_in_front(term, x) for term in f.operands])
    if isinstance(f, e.Scale):
        return in_front_of_number(f, x)
    if isinstance(f, e.Product):
        return in_front_of_product(f, x)
    if isinstance(f, e.Ew):
        (k,) = [k for k, b in enumerate(f.operands) if pull.has_differential(b)]
        others = [b for j, b in enumerate(f.operands) if j != k]
        number, rest = linear_slot(f, k)
        front = matrix_in_front(f.operands[k], x)
        return scale(number, mul(e.Diag(hadamard(*others) if rest is None else rest), front))
    if isinstance(f, e.DiagPart):
        return diagonal_in_front(f.operands[0], x)
    raise NoMatrix(f"No matrix in front of d{x!r} was found in {f!r}.")


def linear_slot(f, k):
    """What multiplies operand k in a formula of entries."""
    from adcourse.symbolic.matrix_calculus.rates import applied

    slot = e.slots(len(f.operands))[k]
    rate = sympy.diff(f.formula, slot)
    if slot in rate.free_symbols:
        raise NoMatrix(f"{f!r} is not linear in its differential.")
    return 1, applied(rate, f.operands)


def in_front_of_number(f, x):
    """(Σ c <g, dx>) v + s F: the numbers give v gᵀ."""
    parts = []
    for atom in f.number.free_symbols:
        if (
            isinstance(atom, Atom)
            and atom.operator == "tr"
            and pull.has_differential(atom.argument)
        ):
            rate = sympy.diff(f.number, atom)
            terms, _ = pull.pulled(sympy.S.One, e.Eye(atom.argument.shape[0]), atom.argument)
            g = add(*[scale(r, left) for r, left, _ in terms])
            parts.append(scale(rate, mul(f.matrix, transpose(g))))
    if parts:
        return add(*parts)
    return scale(f.number, matrix_in_front(f.matrix, x))


def in_front_of_product(f, x):
    factors = f.operands
    (k,) = [k for k, b in enumerate(factors) if pull.has_differential(b)]
    before, inside, after = factors[:k], factors[k], factors[k + 1 :]
    if not after:
        front = matrix_in_front(inside, x)
    elif inside.shape[1] == 1:  # (rest) is a number
        front = scale(tr(mul(*after)), matrix_in_front(inside, x))
    elif isinstance(inside, e.Sum):
        front = add(*[matrix_in_front(mul(term, *after), x) for term in inside.operands])
    elif isinstance(inside, e.Product | e.Scale):
        return matrix_in_front(mul(*before, inside, *after), x)
    elif isinstance(inside, e.T) and expanded(inside) is not inside:
        front = matrix_in_front(mul(expanded(inside), *after), x)
    elif isinstance(inside, e.Diag):
        front = matrix_in_front(hadamard(mul(*after), inside.operands[0]), x)
    elif inside.shape[0] == 1:  # a row: (row · rest) is a number, and the same transposed
        front = matrix_in_front(mul(transpose(mul(*after)), transpose(inside)), x)
    else:
        raise NoMatrix(f"{inside!r} stands to the left of other factors.")
    return mul(*before, front) if before else front


def diagonal_in_front(a, x):
    """diag(u dvᵀ) = u ⊙ dv, and sums of these."""
    if isinstance(a, e.Sum):
        return add(*[diagonal_in_front(term, x) for term in a.operands])
    if isinstance(a, e.Scale):
        return scale(a.number, diagonal_in_front(a.matrix, x))
    if isinstance(a, e.Product) and isinstance(a.operands[-1], e.Diag):
        rest = e.DiagPart(mul(*a.operands[:-1]))
        return matrix_in_front(hadamard(rest, a.operands[-1].operands[0]), x)
    if isinstance(a, e.Product) and isinstance(a.operands[0], e.Diag):
        rest = e.DiagPart(mul(*a.operands[1:]))
        return matrix_in_front(hadamard(rest, a.operands[0].operands[0]), x)
    if isinstance(a, e.Product) and len(a.operands) == 2 and a.operands[0].shape[1] == 1:
        u, v = a.operands[0], transpose(a.operands[1])
        return matrix_in_front(hadamard(u, v), x)
    raise NoMatrix(f"No matrix in front of d{x!r} was found in diag({a!r}).")
