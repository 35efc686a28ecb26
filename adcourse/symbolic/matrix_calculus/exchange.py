"""SymPy's matrix expressions in and out: they are read node by node, and never differentiated.

SymPy 1.14's own matrix derivative is 0 in silence for log det X, exp(-tr xᵀx) and other common
forms (upstream issues 28618, 26561, 15649), so nothing here calls it.
"""

import sympy
from sympy import matrices
from sympy.matrices.expressions import (
    Determinant,
    DiagMatrix,
    DiagonalOf,
    HadamardProduct,
    Inverse,
    KroneckerProduct,
    MatAdd,
    MatMul,
    MatrixSymbol,
    OneMatrix,
    Trace,
    Transpose,
)
from sympy.matrices.expressions.matexpr import MatrixElement

from adcourse.core.errors import NotLowerable
from adcourse.symbolic.matrix_calculus import expressions as e
from adcourse.symbolic.matrix_calculus.forms import (
    add,
    elementwise,
    hadamard,
    inverse,
    mul,
    scale,
    transpose,
)
from adcourse.symbolic.matrix_calculus.scalars import atoms, det, tr
from adcourse.symbolic.matrix_calculus.symbol import properties


def from_matrix_expression(s, assume=None):
    """A SymPy matrix expression, or a number made of one, as an expression of the engine.

    `assume` gives properties of symbols by name. MatrixSymbol("x", n, 1) is a column.

    Raises NotLowerable for a kind that has no counterpart, naming it.

    >>> A, x = sympy.MatrixSymbol("A", 3, 3), sympy.MatrixSymbol("x", 3, 1)
    >>> from_matrix_expression(A.T * x)
    Aᵀx
    """
    reader = FromSympy(assume or {})
    s = sympy.sympify(s)
    return reader.matrix(s) if getattr(s, "is_Matrix", False) else reader.number(s)


class FromSympy:
    """One reading; `properties` of symbols by name."""

    def __init__(self, given):
        self.properties = {name: properties(props) for name, props in given.items()}

    def matrix(self, s):
        rule = getattr(self, f"of_{type(s).__name__}", None)
        if rule is None and isinstance(s, matrices.MatrixBase):
            rule = self.of_entries
        if rule is None:
            raise NotLowerable(f"A {type(s).__name__} of SymPy has no counterpart here: {s}.")
        return rule(s)

    def shape(self, s):
        return tuple(int(n) if n.is_Integer else positive(n) for n in s.shape)

    def of_MatrixSymbol(self, s):
        given = self.properties.get(s.name, ())
        return e.Sym(s.name, self.shape(s), given)

    def of_Identity(self, s):
        return e.Eye(self.shape(s)[0])

    def of_ZeroMatrix(self, s):
        return e.Zero(*self.shape(s))

    def of_OneMatrix(self, s):
        return e.Ones(*self.shape(s))

    def of_MatAdd(self, s):
        return add(*map(self.matrix, s.args))

    def of_MatMul(self, s):
        factors = [a for a in s.args if a.is_Matrix]
        numbers = [self.number(a) for a in s.args if not a.is_Matrix]
        return scale(sympy.Mul(*numbers), mul(*map(self.matrix, factors)))

    def of_Transpose(self, s):
        return transpose(self.matrix(s.arg))

    def of_Inverse(self, s):
        return inverse(self.matrix(s.arg))

    def of_MatPow(self, s):
        if not s.exp.is_Integer:
            raise NotLowerable(f"Only whole powers of a matrix are expressions: {s}.")
        return self.matrix(s.base) ** int(s.exp)

    def of_HadamardProduct(self, s):
        return hadamard(*map(self.matrix, s.args))

    def of_HadamardPower(self, s):
        exponent = self.number(s.exp)
        return elementwise(lambda t: t**exponent, self.matrix(s.base))

    def of_ElementwiseApplyFunction(self, s):
        return elementwise(lambda t: s.function(t), self.matrix(s.expr))

    def of_KroneckerProduct(self, s):
        first, *rest = map(self.matrix, s.args)
        for other in rest:
            first = e.Kron(first, other)
        return first

    def of_DiagMatrix(self, s):
        return e.Diag(self.matrix(s.args[0]))

    def of_DiagonalOf(self, s):
        return e.DiagPart(self.matrix(s.args[0]))

    def of_entries(self, s):
        """A matrix of numbers."""
        if s.free_symbols:
            raise NotLowerable(
                "A matrix written out in symbols is compared entry by entry; here a matrix is one "
                f"symbol: MatrixSymbol. Found {s}."
            )
        import numpy as np

        value = np.array(s.tolist(), dtype=float)
        return e.Sym("c", value.shape, value=value)

    def number(self, s):
        """A number in which traces, determinants and entries stand."""
        found = {x: real(x) for x in s.atoms(sympy.Symbol)}
        for part in sympy.preorder_traversal(s):
            if isinstance(part, Trace):
                found[part] = tr(self.matrix(part.arg))
            elif isinstance(part, Determinant):
                found[part] = det(self.matrix(part.arg))
            elif isinstance(part, MatrixElement):
                found[part] = self.element(part)
        number = s.xreplace(found)
        if left := number.atoms(MatrixSymbol, matrices.MatrixBase):
            raise NotLowerable(f"{s} holds {left.pop()} in a way that has no counterpart here.")
        return number

    def element(self, s):
        a = self.matrix(s.parent)
        if a.shape == (1, 1):
            return tr(a)
        if not (s.i.is_Integer and s.j.is_Integer and all(isinstance(n, int) for n in a.shape)):
            raise NotLowerable(f"Only entries at whole places of matrices of known size: {s}.")
        import numpy as np

        from adcourse.symbolic.matrix_calculus.rows import constant_matrix

        left, right = (np.eye(n)[:, [int(k)]] for n, k in zip(a.shape, (s.i, s.j), strict=True))
        row = transpose(constant_matrix(f"e_{int(s.i) + 1}", left))
        return tr(mul(row, a, constant_matrix(f"e_{int(s.j) + 1}", right)))


def real(t):
    """A number's symbol as the engine's own of that name, which is real."""
    return t if t.is_real else sympy.Symbol(t.name, real=True)


def positive(n):
    """A size as the engine's own symbol of that name."""
    sizes = {t: sympy.Symbol(t.name, integer=True, positive=True) for t in n.free_symbols}
    return n.xreplace(sizes)


def to_matrix_expression(a):
    """An expression of the engine as a SymPy matrix expression, or a number as a SymPy number.

    Raises NotLowerable for a node that SymPy has no word for (singular values, Sylvester).

    >>> from adcourse.symbolic.matrix_calculus import matrix, vector
    >>> to_matrix_expression(matrix("A", "m", "n") @ vector("x", "n"))
    A*x
    """
    if not isinstance(a, e.Expression):
        return number_out(sympy.sympify(a))
    rule = OUT.get(type(a))
    if rule is None:
        raise NotLowerable(f"SymPy has no matrix expression for {a!r}.")
    return rule(a, *map(to_matrix_expression, a.operands))


def number_out(s):
    words = {"tr": Trace, "det": Determinant,
             "logdet": lambda a: sympy.log(sympy.Abs(Determinant(a)))}  # fmt: skip
    found = {atom: words[atom.operator](to_matrix_expression(atom.argument)) for atom in atoms(s)}
    return s.xreplace(found)


def entries_out(a, *args):
    t = e.slots(len(args))
    if len(args) == 1:
        return args[0].applyfunc(sympy.Lambda(t[0], a.formula))
    if a.formula == sympy.Mul(*t):
        return HadamardProduct(*args)
    raise NotLowerable(f"SymPy has no function of the entries of several matrices: {a!r}.")


def symbol_out(a):
    if a.value is None:
        return sympy.MatrixSymbol(a.name, *a.shape)
    return sympy.ImmutableMatrix(a.value.tolist()).applyfunc(sympy.nsimplify)


OUT = {
    e.Sym: symbol_out,
    e.Eye: lambda a: sympy.Identity(a.shape[0]),
    e.Zero: lambda a: sympy.ZeroMatrix(*a.shape),
    e.Ones: lambda a: OneMatrix(*a.shape),
    e.Sum: lambda a, *terms: MatAdd(*terms),
    e.Product: lambda a, *factors: MatMul(*factors),
    e.Scale: lambda a, inside: number_out(a.number) * inside,
    e.T: lambda a, inside: Transpose(inside),
    e.Inv: lambda a, inside: Inverse(inside),
    e.Solution: lambda a, left, right: MatMul(Inverse(left), right),
    e.Kron: lambda a, left, right: KroneckerProduct(left, right),
    e.Diag: lambda a, v: DiagMatrix(v),
    e.DiagPart: lambda a, inside: DiagonalOf(inside),
    e.Ew: entries_out,
}
