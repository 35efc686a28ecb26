"""Matrix expressions: what formulas of matrix calculus are made of.

Every expression is a matrix with a shape (rows, columns); a vector is a column. Expressions are
frozen, checked for shapes, and equal ones are the same object. Scalars are SymPy expressions, in
which `tr(M)`, `det(A)` and `logdet(A)` are atoms (scalars.py): SymPy does the calculus of numbers
and never sees a product of matrices. Nothing here simplifies: that is forms.py and tidy.py.
"""

from weakref import WeakValueDictionary

import sympy

from adcourse.core.errors import WrongStructure

PROPERTIES = ("symmetric", "positive definite", "diagonal", "orthonormal columns")
pool = WeakValueDictionary()  # what makes equal expressions the same object


class Expression:
    """A node: its operands are expressions, `data` is whatever else it is made of."""

    __slots__ = ("shape", "operands", "data", "symbols", "__weakref__")

    def __new__(cls, shape, operands=(), data=()):
        key = (cls, shape, operands, data)
        found = pool.get(key)
        if found is None:
            found = pool[key] = super().__new__(cls)
            found.shape, found.operands, found.data = shape, operands, data
            found.symbols = found.find_symbols()
        return found

    def find_symbols(self):
        """The symbols, matrices and numbers, that the value depends on."""
        return frozenset().union(*(operand.symbols for operand in self.operands))

    def with_operands(self, operands):
        """The same kind of node over other operands of the same shapes."""
        return type(self)(*operands, *self.data)

    def __reduce__(self):
        return Expression.__new__, (type(self), self.shape, self.operands, self.data)

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self

    # Operators build what they say; only products of three and more are flattened.

    def __add__(self, other):
        return forms().add(self, self.beside(other))

    def __radd__(self, other):
        return forms().add(self.beside(other), self)

    def __sub__(self, other):
        return forms().add(self, forms().scale(-1, self.beside(other)))

    def __rsub__(self, other):
        return forms().add(self.beside(other), forms().scale(-1, self))

    def __neg__(self):
        return forms().scale(-1, self)

    def __matmul__(self, other):
        return forms().mul(self, other)

    def __mul__(self, other):
        """A number times a matrix, or the product of entries of two matrices of one shape."""
        if isinstance(other, Expression):
            return forms().hadamard(self, other)
        return forms().scale(other, self)

    __rmul__ = __mul__

    def __truediv__(self, number):
        return forms().scale(1 / sympy.sympify(number), self)

    def __pow__(self, n):
        """A power of a square matrix; negative ones are powers of the inverse."""
        if not isinstance(n, int):
            raise WrongStructure(
                f"Only whole powers of a matrix are expressions, not {n}. For a power of each "
                "entry write elementwise."
            )
        if n == 0:
            return Eye(square(self, "a power"))
        base = self if n > 0 else Inv(self)
        return forms().mul(*[base] * abs(n))

    @property
    def T(self):
        return forms().transpose(self)

    def beside(self, other):
        if isinstance(other, Expression):
            return other
        raise WrongStructure(
            f"{other} is a number and cannot be added to a matrix of shape {self.shape}. "
            "Write number * ones(rows, columns)."
        )

    def __repr__(self):
        from adcourse.symbolic.matrix_calculus.text import text

        return text(self)

    def _repr_latex_(self):
        from adcourse.symbolic.matrix_calculus.latex import latex

        return f"$\\displaystyle {latex(self)}$"


def forms():
    """The constructors that tidy up, which are made of the nodes here."""
    from adcourse.symbolic.matrix_calculus import forms

    return forms


def square(a, what):
    """The size of a square matrix."""
    if a.shape[0] != a.shape[1]:
        raise WrongStructure(f"{what} needs a square matrix, and {a!r} has shape {a.shape}.")
    return a.shape[0]


def scalar_symbols(s):
    """The symbols inside a number: SymPy's own, and those of matrices inside its atoms."""
    return frozenset().union(*(getattr(a, "symbols", {a}) for a in sympy.sympify(s).free_symbols))


class Sym(Expression):
    """A named matrix. `value` is an array if it is a constant of the program."""

    def __new__(cls, name, shape, properties=frozenset(), value=None):
        return super().__new__(cls, shape, (), (name, frozenset(properties), Fixed(value)))

    name = property(lambda self: self.data[0])
    properties = property(lambda self: self.data[1])
    value = property(lambda self: self.data[2].value)

    def find_symbols(self):
        return frozenset({self}) if self.value is None else frozenset()

    def is_a(self, prop):
        return prop in self.properties


class Fixed:
    """An array that hashes by its contents, so that a constant can be a part of a key."""

    def __init__(self, value):
        self.value = value
        self.key = None if value is None else (value.shape, value.tobytes())

    def __eq__(self, other):
        return isinstance(other, Fixed) and self.key == other.key

    def __hash__(self):
        return hash(self.key)


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


def slots(count):
    """The placeholders t0, t1, … of a formula of entries."""
    while len(made) < count:
        made.append(sympy.Dummy(f"t{len(made)}", real=True))
    return made[:count]


made = []


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
    """A part of a decomposition of its operand: singular values s, U, V, eigenvalues w, Q; L.

    `part` is one of PARTS, `rank` the number of values; the operand of "w" and "Q" is symmetric,
    that of "L", the Cholesky factor, positive definite.
    """

    def __new__(cls, a, part):
        m, n = a.shape
        k = m if m == n else min(m, n) if isinstance(m, int) and isinstance(n, int) else None
        if k is None:
            raise WrongStructure(
                f"The decomposition of {a!r} of shape {a.shape} needs shapes in numbers."
            )
        shape = {"s": (k, 1), "U": (m, k), "V": (n, k), "w": (k, 1), "Q": (k, k), "L": (k, k)}[part]
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
        return super().__new__(cls, a.shape, (a,), (axis,))

    axis = property(lambda self: self.data[0])


class D(Expression):
    """dA, the differential of A: of a symbol it stays, of anything else a rule resolves it."""

    def __new__(cls, a):
        return super().__new__(cls, a.shape, (a,))
