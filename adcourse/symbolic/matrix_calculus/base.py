"""Matrix expressions: what formulas of matrix calculus are made of.

Every expression is a matrix with a shape (rows, columns); a vector is a column. Expressions are
frozen, checked for shapes, and equal ones are the same object. Scalars are SymPy expressions, in
which `tr(M)`, `det(A)` and `logdet(A)` are atoms (scalars.py): SymPy does the calculus of numbers
and never sees a product of matrices. Nothing here simplifies: that is forms.py and tidy.py.
"""

from threading import RLock
from weakref import WeakValueDictionary

import sympy

from adcourse.core.errors import WrongStructure

PROPERTIES = ("symmetric", "positive definite", "diagonal", "orthonormal columns")
pool = WeakValueDictionary()  # what makes equal expressions the same object
lock = RLock()  # … in all threads


class Expression:
    """A node: its operands are expressions, `data` is whatever else it is made of."""

    __slots__ = ("shape", "operands", "data", "symbols", "__weakref__")

    def __new__(cls, shape, operands=(), data=()):
        key = (cls, shape, operands, data)
        with lock:
            found = pool.get(key)
            if found is None:
                found = super().__new__(cls)
                found.shape, found.operands, found.data = shape, operands, data
                found.symbols = found.find_symbols()
                pool[key] = found
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


def properties(given):
    """A property, or several, as a set."""
    given = {given} if isinstance(given, str) else set(given)
    if wrong := given - set(PROPERTIES):
        raise WrongStructure(
            f"{next(iter(wrong))!r} is no property of a matrix here. Choose from: "
            f"{', '.join(PROPERTIES)}."
        )
    return frozenset(given)


class Sym(Expression):
    """A named matrix. `value` is an array if it is a constant of the program."""

    def __new__(cls, name, shape, properties=frozenset(), value=None):
        rows, columns = shape
        if (rows, columns) == (1, 1) and value is None:
            raise WrongStructure(f"A matrix with one entry is a number: number({name!r}).")
        if rows != columns and (of_square := set(properties) - {"orthonormal columns"}):
            raise WrongStructure(
                f"{name} of shape {shape} cannot be {of_square.pop()}: not square."
            )
        if "orthonormal columns" in properties and isinstance(rows, int) and rows < columns:
            raise WrongStructure(f"{name} of shape {shape} has too many columns to be orthonormal.")
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


def slots(count):
    """The placeholders t0, t1, … of a formula of entries."""
    while len(made) < count:
        k = len(made)  # a number of its own makes the symbol the same in every process
        made.append(sympy.Dummy(f"t{k}", dummy_index=k, real=True))
    return made[:count]


made = []
