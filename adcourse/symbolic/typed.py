"""Expressions as text that `parse_answer` reads back: how a formula travels from one process to
another without code."""

import sympy
from sympy.printing.precedence import PRECEDENCE
from sympy.printing.str import StrPrinter

from adcourse.core.errors import NotLowerable
from adcourse.symbolic.functions import ALIASES, FUNCTIONS
from adcourse.symbolic.matrix_calculus import expressions as e
from adcourse.symbolic.matrix_calculus.derivation import Derivation
from adcourse.symbolic.matrix_calculus.scalars import Atom, atoms

NAMES = {"Max": "max", "Min": "min", "Abs": "abs"}


def typed(answer):
    """The text of an answer: an expression of SymPy or of `matrix_calculus`, a number, or text.

    Raises NotLowerable, naming it, for what the grammar of `parse_answer` has no words for.

    >>> x = sympy.Symbol("x")
    >>> typed(sympy.exp(-x) / sympy.sqrt(x))
    'exp(-x)/sqrt(x)'
    >>> A, b = sympy.MatrixSymbol("A", 3, 2), sympy.MatrixSymbol("b", 3, 1)
    >>> typed(A.T * b)
    '(A.T @ b)'
    """
    if isinstance(answer, str):
        return answer
    if isinstance(answer, Derivation):
        return typed(answer.result)
    if isinstance(answer, e.Expression):
        return matrix(answer)
    try:
        return Typed().doprint(sympy.sympify(answer, strict=True))
    except sympy.SympifyError:
        kind = type(answer).__name__
        raise NotLowerable(f"A {kind} is no formula; give an expression or its text.") from None


class Typed(StrPrinter):
    """SymPy's own text, where its words and those of the grammar differ."""

    def emptyPrinter(self, s):
        raise NotLowerable(f"A formula cannot hold {type(s).__name__}: {str(s)[:80]}.")

    def _print_Symbol(self, s):
        if isinstance(s, Atom):
            return scalar_atom(s)
        return s.name

    def _print_Float(self, s):
        return repr(float(s))

    def _print_Pi(self, s):
        return "(4*atan(1))"

    def _print_Exp1(self, s):
        return "exp(1)"

    def _print_Pow(self, s, rational=False):
        if s.exp == -sympy.S.Half:
            return f"(1/sqrt({self._print(s.base)}))"
        return super()._print_Pow(s, rational)

    def _print_Function(self, s):
        name = s.func.__name__
        name = NAMES.get(name, name)
        if name not in FUNCTIONS and name not in ALIASES:
            raise NotLowerable(f"{name} is not among the functions of a formula: {str(s)[:80]}.")
        if name in ("max", "min"):
            return nested(name, [self._print(a) for a in s.args])
        return f"{name}({', '.join(self._print(a) for a in s.args)})"

    _print_Max = _print_Min = _print_Abs = _print_Function

    def refuse(self, s):
        return self.emptyPrinter(s)

    # What SymPy can print, and a formula cannot say.
    _print_Derivative = _print_Integral = _print_Piecewise = _print_Relational = refuse
    _print_Infinity = _print_NegativeInfinity = _print_ComplexInfinity = _print_NaN = refuse
    _print_ImaginaryUnit = _print_MatrixElement = _print_MatrixSlice = refuse
    _print_Sum = _print_Limit = _print_BooleanTrue = _print_BooleanFalse = refuse

    # Matrices.

    def joined(self, sign, parts):
        return f"({sign.join(f'({p})' if p.startswith('-') else p for p in parts)})"

    def _print_MatMul(self, s):
        number, factors = s.as_coeff_matrices()
        text = self.joined(" @ ", [self.factor(f) for f in factors])
        return text if number == 1 else f"({self.parenthesize(number, PRECEDENCE['Mul'])}*{text})"

    def factor(self, s):
        return self.parenthesize(s, PRECEDENCE["Atom"], strict=True)

    def _print_MatAdd(self, s):
        return self.joined(" + ", [self._print(a) for a in s.args])

    def _print_HadamardProduct(self, s):
        return self.joined("*", [self.factor(a) for a in s.args])

    def _print_Transpose(self, s):
        return f"{self.factor(s.arg)}.T"

    def _print_Inverse(self, s):
        return f"inv({self._print(s.arg)})"

    def _print_MatPow(self, s):
        if not (s.exp.is_Integer and 1 <= abs(s.exp) <= 9):
            return self.refuse(s)
        base = self._print(s.base) if s.exp > 0 else f"inv({self._print(s.base)})"
        return self.joined(" @ ", [base] * abs(int(s.exp)))

    def _print_Trace(self, s):
        return f"trace({self._print(s.arg)})"

    def _print_Determinant(self, s):
        return f"det({self._print(s.arg)})"

    def _print_Identity(self, s):
        return f"eye({self._print(s.shape[0])})"

    def _print_OneMatrix(self, s):
        return f"ones({self._print(s.shape[0])}, {self._print(s.shape[1])})"

    def _print_ZeroMatrix(self, s):
        return f"zeros({self._print(s.shape[0])}, {self._print(s.shape[1])})"


def nested(name, parts):
    first, *rest = parts
    return f"{name}({first}, {nested(name, rest)})" if rest else first


def number(s, words=()):
    """A number of the engine, or a formula of entries whose placeholders have `words`."""
    s = sympy.sympify(s)
    found = {t: sympy.Symbol(word) for t, word in dict(words).items()}
    found |= {a: sympy.Symbol(scalar_atom(a)) for a in atoms(s)}
    return f"({Typed().doprint(s.xreplace(found))})"


def scalar_atom(a):
    """tr(M), det(A) or log|det A| as text."""
    words = {"tr": "trace({})", "det": "det({})", "logdet": "log(abs(det({})))"}
    if a.operator not in words:
        raise NotLowerable(f"A formula cannot hold {a}.")
    return words[a.operator].format(matrix(a.argument))


def matrix(a):
    """An expression of the matrix engine, fully in brackets."""
    kind, parts = type(a), [matrix(b) for b in a.operands]
    if kind is e.Sym:
        return a.name
    if kind is e.Ew:
        return number(a.formula, zip(e.slots(len(parts)), parts, strict=True))
    if kind is e.Scale:
        return f"({number(a.number)}*{parts[0]})"
    if kind is e.Softmax and a.shape[1] == 1:
        return f"(exp({parts[0]})/sum(exp({parts[0]})))"
    sizes = ", ".join(str(n) for n in a.shape)
    words = {
        e.Eye: f"eye({a.shape[0]})", e.Ones: f"ones({sizes})", e.Zero: f"zeros({sizes})",
        e.Sum: f"({' + '.join(parts)})", e.Product: f"({' @ '.join(parts)})",
        e.T: "{}.T", e.Inv: "inv({})", e.Diag: "diag({})", e.DiagPart: "diag({})",
        e.Kron: "kron({}, {})", e.Solution: "solve({}, {})",
    }  # fmt: skip
    if kind not in words:
        raise NotLowerable(f"A formula cannot hold {a}.")
    return words[kind].format(*parts) if "{}" in words[kind] else words[kind]
