"""Matrix expressions: what formulas of matrix calculus are made of.

Every expression is a matrix with a shape (rows, columns); a vector is a column. Expressions are
frozen, checked for shapes, and equal ones are the same object. Scalars are SymPy expressions, in
which `tr(M)`, `det(A)` and `logdet(A)` are atoms (scalars.py): SymPy does the calculus of numbers
and never sees a product of matrices. Nothing here simplifies: that is forms.py and tidy.py.
"""

from hashlib import md5
from threading import RLock
from weakref import WeakValueDictionary

import sympy

from adcourse.core.errors import WrongStructure

pool = WeakValueDictionary()  # what makes equal expressions the same object
SHORT = 40  # nodes of an expression that is known by its text
lock = RLock()  # … in all threads


class Expression:
    """A node: its operands are expressions, `data` is whatever else it is made of."""

    __slots__ = ("shape", "operands", "data", "symbols", "weight", "named", "__weakref__")

    def __new__(cls, shape, operands=(), data=()):
        key = (cls, shape, operands, data)
        with lock:
            found = pool.get(key)
            if found is None:
                found = super().__new__(cls)
                found.shape, found.operands, found.data = shape, operands, data
                found.symbols = found.find_symbols()
                found.weight = (
                    1
                    + sum(operand.weight for operand in operands)
                    + sum(number_weight(part) for part in data if isinstance(part, sympy.Expr))
                )
                found.named = None
                pool[key] = found
        return found

    def find_symbols(self):
        """The symbols, matrices and numbers, that the value depends on."""
        return frozenset().union(*(operand.symbols for operand in self.operands))

    @property
    def label(self):
        """The text of a short expression, a digest of a long one: what orders expressions.

        A long program shares its parts; written out, its text would grow exponentially.
        """
        if self.named is None:
            if self.weight <= SHORT:
                self.named = repr(self)
            else:
                parts = [type(self).__name__, str(self.data), *(a.label for a in self.operands)]
                self.named = "#" + md5("|".join(parts).encode()).hexdigest()
        return self.named

    def with_operands(self, operands):
        """The same kind of node over other operands of the same shapes."""
        return type(self)(*operands, *self.data)

    def as_value(self, whole):
        """What `compare` compares."""
        from adcourse.symbolic.matrix_calculus.values import Value

        return Value(whole)

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

    __array_ufunc__ = None  # array @ A comes here, where it is refused

    def __matmul__(self, other):
        return forms().mul(self, factor(other))

    def __rmatmul__(self, other):
        return forms().mul(factor(other), self)

    def __mul__(self, other):
        """A number times a matrix, or the product of entries of two matrices of one shape."""
        if isinstance(other, Expression):
            return forms().hadamard(self, other)
        return forms().scale(real_number(other), self)

    __rmul__ = __mul__

    def __truediv__(self, number):
        return forms().scale(1 / real_number(number), self)

    def __rtruediv__(self, other):
        raise WrongStructure(f"{other} cannot be divided by the matrix {self!r}: write inverse(A).")

    def __pow__(self, n):
        """A power of a square matrix; negative ones are powers of the inverse."""
        if not isinstance(n, int):
            raise WrongStructure(
                f"Only whole powers of a matrix are expressions, not {n}. For a power of each "
                "entry write elementwise."
            )
        if n == 0:
            return forms().Eye(square(self, "a power"))
        base = self if n > 0 else forms().inverse(self)
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


def factor(other):
    """A factor of a product, which is an expression."""
    if isinstance(other, Expression):
        return other
    raise WrongStructure(
        f"A {type(other).__name__} is no factor of a product of expressions: name the matrix, "
        "matrix(name, rows, columns), or write * for a number."
    )


def real_number(s):
    """A number in front of a matrix, as SymPy's."""
    if isinstance(s, sympy.Expr) and not getattr(s, "is_Matrix", False):
        return s
    if isinstance(s, int | float):
        return sympy.sympify(s)
    raise WrongStructure(
        f"A {type(s).__name__} is no number: {s!r}. A matrix is multiplied by numbers and divided "
        "by numbers; for other matrices write A @ B or inverse(A)."
    )


def number_weight(s):
    """Nodes of the matrices inside a number."""
    inside = [getattr(a, "argument", None) for a in s.free_symbols]
    return sum(a.weight for a in inside if isinstance(a, Expression))


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


def slots(count):
    """The placeholders t0, t1, … of a formula of entries."""
    while len(made) < count:
        k = len(made)  # a number of its own makes the symbol the same in every process
        made.append(sympy.Dummy(f"t{k}", dummy_index=k, real=True))
    return made[:count]


made = []
