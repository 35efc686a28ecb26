"""Linear algebra entry by entry, by minors: no division but the last, no pivot to test for zero.

The inverse is the adjugate over the determinant, solving is Cramer's rule, the Cholesky factor is
a quotient of minors and roots of leading minors. Each minor is computed once, by expansion along
its last row, and bears a name in let form. Below about 8 rows this is less work than any method
that is polynomial in n; above, the budget of the lowering says no.
"""

from dataclasses import dataclass
from itertools import permutations

import numpy as np
import sympy


@dataclass(frozen=True)
class Assuming:
    """A formula that is right under a condition, such as full rank."""

    value: object
    condition: object


class Minors:
    """Determinants of the parts of a matrix, by their rows and columns."""

    def __init__(self, matrix, share):
        self.matrix = matrix
        self.share = share
        self.known = {}

    def __call__(self, rows, columns):
        if not rows:
            return sympy.S.One
        if (rows, columns) not in self.known:
            *above, last = rows
            terms, sign = [], (-1) ** (len(rows) - 1)
            for k, column in enumerate(columns):
                entry = self.matrix[last, column]
                if entry != 0:
                    rest = self(tuple(above), columns[:k] + columns[k + 1 :])
                    terms.append(sign * entry * rest)
                sign = -sign
            minor = sympy.Add(*terms)
            self.known[rows, columns] = self.share(minor) if len(rows) > 1 else minor
        return self.known[rows, columns]

    def det(self):
        n = len(self.matrix)
        return self(tuple(range(n)), tuple(range(n)))

    def cofactors(self):
        n = len(self.matrix)
        C = np.empty((n, n), dtype=object)
        for i, j in np.ndindex(n, n):
            rows, columns = (tuple(k for k in range(n) if k != gone) for gone in (i, j))
            C[i, j] = (-1) ** (i + j) * self(rows, columns)
        return C


def of_each(function, *stacks):
    """A function of matrices applied to each of a stack; stacks are broadcast."""
    batch = np.broadcast_shapes(*[s.shape[:-2] for s in stacks])
    stacks = [np.broadcast_to(s, (*batch, *s.shape[-2:])) for s in stacks]
    values = {index: function(*[s[index] for s in stacks]) for index in np.ndindex(batch)}
    z = np.empty((*batch, *np.shape(next(iter(values.values()), ()))), dtype=object)
    for index, value in values.items():
        z[index] = value
    return z


def det(x, share):
    return of_each(lambda A: Minors(A, share).det(), x)


def cofactors_along(x, y, share):
    """A minor is linear in each row: its derivatives are sums with rows of directions put in.

    y[…, i, :, :] are the directions; without any, these are the cofactors themselves.
    """
    count, stack = y.shape[-3], np.broadcast_shapes(x.shape[:-2], y.shape[:-3])
    x, y = np.broadcast_to(x, (*stack, *x.shape[-2:])), np.broadcast_to(y, (*stack, *y.shape[-3:]))
    z = np.empty(x.shape, dtype=object)
    for index in np.ndindex(stack):
        A, directions = x[index], y[index]
        total = np.full(A.shape, sympy.S.Zero)
        for rows in permutations(range(len(A)), count):
            changed = A.copy()
            for row, direction in zip(rows, directions, strict=True):
                changed[row] = direction[row]
            C = Minors(changed, share).cofactors()
            C[list(rows)] = sympy.S.Zero  # these minors leave the row out
            total = total + C
        z[index] = total
    return z


def inverse(A, share):
    minors = Minors(A, share)
    return minors.cofactors().T / minors.det()


def inv(x, share):
    return of_each(lambda A: inverse(A, share), x)


def lu_solve(x, y, share, trans=False):
    """Cramer's rule: the adjugate times the right-hand side, over the determinant."""

    def solution(A, b):
        minors = Minors(A, share)
        C = minors.cofactors()
        return ((C if trans else C.T) @ b) / minors.det()

    return of_each(solution, x, y)


def solve(x, y, share):
    if y.ndim == 1:
        return lu_solve(x, y[:, None], share)[..., 0]
    return lu_solve(x, y, share)


def slogdet(x, share):
    d = det(x, share)
    signs = np.frompyfunc(sympy.sign, 1, 1)(d)
    return signs, np.frompyfunc(lambda e: sympy.log(sympy.Abs(e)), 1, 1)(d)


def cholesky(x, share):
    """L_ij = det A[1…j-1 and i; 1…j] / √(d_j-1 d_j), with d_j the j-th leading minor."""

    def factor(A):
        n = len(A)
        A = np.where(np.tri(n, dtype=bool), A, A.T)  # NumPy reads the lower triangle
        minors, first = Minors(A, share), [tuple(range(k)) for k in range(n + 1)]
        L = np.full((n, n), sympy.S.Zero)
        for j in range(n):
            below = sympy.sqrt(minors(first[j], first[j]) * minors(first[j + 1], first[j + 1]))
            for i in range(j, n):
                L[i, j] = minors((*first[j], i), first[j + 1]) / below
        return L

    return of_each(factor, x)


def full_rank_inverse(A, share):
    """The pseudoinverse by the normal equations, and the condition that the rank is full."""
    m, n = A.shape
    minors = Minors(A if m == n else A.T @ A if m > n else A @ A.T, share)
    inside = minors.cofactors().T / minors.det()
    P = inside if m == n else inside @ A.T if m > n else A.T @ inside
    return P, sympy.Ne(minors.det(), 0)


def pinv(x, share, rcond=None, rtol=None):
    """(XᵀX)⁻¹Xᵀ for a tall matrix, Xᵀ(XXᵀ)⁻¹ for a wide one."""
    conditions = []

    def of_one(A):
        P, condition = full_rank_inverse(A, share)
        conditions.append(condition)
        return P

    value = of_each(of_one, x)
    return Assuming(value, sympy.And(*conditions))


def lstsq(x, y, share, rcond=None):
    """Solution, sums of squared residuals, rank; the singular values have no formula."""
    (m, n), b = x.shape, y if y.ndim == 2 else y[:, None]
    P, condition = full_rank_inverse(x, share)
    solution = P @ b
    r = b - x @ solution
    squares = np.sum(r * r, axis=0) if m > n else np.empty(0, dtype=object)
    solution = solution if y.ndim == 2 else solution[:, 0]
    return Assuming((solution, squares, sympy.Integer(min(m, n)), None), condition)


def solve_triangular(x, y, share, trans=False, lower=False, unit_diagonal=False):
    """Substitution, one row after the other."""
    A, b = (x.T if trans else x), (y if y.ndim == 2 else y[:, None])
    n, z = len(A), np.empty(b.shape, dtype=object)
    down = lower != trans
    for i in range(n) if down else reversed(range(n)):
        known = range(i) if down else range(i + 1, n)
        for k in range(b.shape[1]):
            e = b[i, k] - sympy.Add(*[A[i, j] * z[j, k] for j in known])
            z[i, k] = share(e if unit_diagonal else e / A[i, i])
    return z.reshape(y.shape)
