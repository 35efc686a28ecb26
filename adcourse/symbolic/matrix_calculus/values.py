"""Expressions over a number system of `symbolic.exact`, so that `compare` can decide about them.

Matrices are lists of rows. Decompositions have no exact values of entries; over decimals they are
computed by mpmath, where both sides of a comparison see the same factors.
"""

import sympy

from adcourse.symbolic.exact import linear
from adcourse.symbolic.exact.scalars import evaluate
from adcourse.symbolic.exact.signals import NotExact, Outside, Unsupported
from adcourse.symbolic.matrix_calculus import expressions as e
from adcourse.symbolic.matrix_calculus.normal import quotient_of_exponentials, same
from adcourse.symbolic.matrix_calculus.scalars import atoms

PROPERTY = {"diagonal": "diagonal", "positive definite": "positive definite",
            "symmetric": "symmetric", "orthonormal columns": "orthonormal columns"}  # fmt: skip


class Value:
    """A matrix or number of the engine, as `compare` wants it (see `symbolic.nests.has_values`)."""

    def __init__(self, whole, arguments=()):
        self.whole = whole
        self.arguments = arguments  # variables that it may depend on, and need not

    @property
    def shape(self):
        return self.whole.shape if isinstance(self.whole, e.Expression) else ()

    def symbols(self):
        """From the name of each variable to its shape and property."""
        found = self.whole.symbols if self.shape else e.scalar_symbols(self.whole)
        return {s.name: described(s) for s in (*found, *self.arguments)}

    def dimensions(self):
        """The names of all sizes."""
        sizes = [n for part in parts(self.whole) for n in part.shape]
        return {str(t) for n in sizes if not isinstance(n, int) for t in n.free_symbols}

    def over(self, field, point):
        return Evaluation(field, point).of(self.whole)

    def same(self, other):
        return isinstance(other, Value) and same(self.whole, other.whole)


def described(s):
    """Shape and property of a symbol."""
    if isinstance(s, sympy.Symbol):
        return (), "positive" if s.is_positive else None
    return s.shape, next((p for name, p in PROPERTY.items() if s.is_a(name)), None)


def parts(whole):
    from adcourse.symbolic.matrix_calculus.derive import parts_of

    return [part for part in parts_of(whole) if isinstance(part, e.Expression)]


class Evaluation:
    """Values at one point; each part is computed once."""

    def __init__(self, field, point):
        self.field, self.point = field, point
        self.known = {}

    def of(self, a):
        if a not in self.known:
            if isinstance(a, e.Expression):
                rule = getattr(self, f"of_{type(a).__name__}", None)
                if rule is None:
                    raise Unsupported(f"{a!r} has no values here")
                self.known[a] = rule(a, *map(self.of, a.operands))
            else:
                self.known[a] = self.number(a)
        return self.known[a]

    def number(self, s):
        """A number, with its atoms evaluated first."""
        s = sympy.sympify(s)
        memo = {atom: self.atom(atom) for atom in atoms(s)}
        return evaluate(s, self.field, self.point, memo)

    def atom(self, s):
        a = self.of(s.argument)
        if s.operator == "tr":
            return linear.trace(self.field, a)
        if s.operator == "d":
            raise Unsupported(f"{s} is a differential")
        determinant = linear.determinant(self.field, a)
        if s.operator == "det":
            return determinant
        if self.field.is_zero(determinant):
            raise Outside("log of a determinant that is 0")
        if self.field.formal:  # log|det| of a product is the sum: the sign is left aside
            return self.field.function("log", [determinant])
        return self.field.function("log", [self.field.function("abs", [determinant])])

    def size(self, n):
        return self.point.size(n)

    def of_Sym(self, a):
        if a.value is None:
            return self.point[a.name]
        return [[self.field.number(float(x)) for x in row] for row in a.value]

    def of_Eye(self, a):
        return linear.identity(self.field, self.size(a.shape[0]))

    def of_Ones(self, a):
        return linear.filled(self.field, *map(self.size, a.shape), 1)

    def of_Zero(self, a):
        return linear.filled(self.field, *map(self.size, a.shape), 0)

    def of_Sum(self, a, first, *rest):
        for term in rest:
            first = linear.add(self.field, first, term)
        return first

    def of_Product(self, a, first, *rest):
        for factor in rest:
            first = linear.matmul(self.field, first, factor)
        return first

    def of_Scale(self, a, inside):
        return linear.scale(self.field, self.of(a.number), inside)

    def of_T(self, a, inside):
        return linear.transpose(inside)

    def of_Inv(self, a, inside):
        return linear.inverse(self.field, inside)

    def of_Ew(self, a, *args):
        slots = e.slots(len(args))
        outer = {atom: self.of(atom) for atom in atoms(a.formula)}
        memo = {}

        def entry(*values):
            if values not in memo:
                given = dict(zip(slots, values, strict=True))
                memo[values] = evaluate(a.formula, self.field, self.point, outer | given)
            return memo[values]

        return linear.each(entry, *args)

    def of_Diag(self, a, v):
        return linear.diagonal(self.field, [row[0] for row in v])

    def of_DiagPart(self, a, inside):
        return [[row[i]] for i, row in enumerate(inside)]

    def of_Kron(self, a, left, right):
        return linear.kron(self.field, left, right)

    def of_BlockTrace(self, a, g, other):
        (r, c), (p, q) = linear.shape(g), linear.shape(other)
        m, n = r // p, c // q

        def block(i, j):  # <G_ij, B>
            return linear.dot(
                self.field,
                [g[i * p + k][j * q + h] for k in range(p) for h in range(q)],
                [other[k][h] for k in range(p) for h in range(q)],
            )

        def summed(k, h):  # Σ_ij a_ij G_ij
            return linear.dot(
                self.field,
                [g[i * m + k][j * n + h] for i in range(p) for j in range(q)],
                [other[i][j] for i in range(p) for j in range(q)],
            )

        return linear.build(m, n, summed if a.data[0] else block)

    def of_Sylvester(self, a, left, right, c):
        """A X + X B = C as (A ⊗ I + I ⊗ Bᵀ) x = c with the rows of X in one column."""
        m, n = linear.shape(c)
        system = linear.add(
            self.field,
            linear.kron(self.field, left, linear.identity(self.field, n)),
            linear.kron(self.field, linear.identity(self.field, m), linear.transpose(right)),
        )
        x = linear.solve(self.field, system, [[entry] for row in c for entry in row])
        return linear.build(m, n, lambda i, j: x[i * n + j][0])

    def of_Solution(self, a, left, right):
        return linear.solve(self.field, left, right)

    def of_Softmax(self, a, inside):
        return self.of(quotient_of_exponentials(a.operands[0], a.axis))

    def of_Half(self, a, inside):
        half = self.field.inv(self.field.number(2))
        zero, mul = self.field.number(0), self.field.mul
        return linear.build(
            *linear.shape(inside),
            lambda i, j: inside[i][j] if i > j else mul(half, inside[i][i]) if i == j else zero,
        )

    def of_Gaps(self, a, values):
        F, w = self.field, [row[0] for row in values]
        w = [F.mul(x, x) for x in w] if a.data[0] == 2 else w
        n = len(w)
        return linear.build(n, n, lambda i, j: F.number(0) if i == j else F.inv(F.sub(w[j], w[i])))

    def of_Spectral(self, a, inside):
        mp = getattr(self.field, "mp", None)  # the context of decimals
        if mp is None:
            raise NotExact("a decomposition")
        key = ("decomposition", a.operands[0])
        if key not in self.known:
            self.known[key] = decomposed(mp, inside, a.part)
        factors = self.known[key]
        return factors[a.part] if a.part in factors else decomposed(mp, inside, a.part)[a.part]


def decomposed(mp, rows, part):
    """The factors by mpmath: singular values fall, eigenvalues rise, as NumPy orders them."""
    A = mp.matrix(rows)
    if part == "L":
        return {"L": mp.cholesky(A).tolist()}
    if part in "wQ":
        w, Q = mp.eigsy(A)
        return {"w": [[x] for x in w], "Q": Q.tolist()}
    if part in "eZ":
        values, Z = mp.eig(A)
        if any(mp.im(x) for x in values):
            raise Outside("eigenvalues that are not real")
        return {"e": [[mp.re(x)] for x in values], "Z": Z.apply(mp.re).tolist()}
    U, s, Vt = mp.svd_r(A)
    return {"s": [[x] for x in s], "U": U.tolist(), "V": Vt.T.tolist()}
