"""Numbers in one form: traces turned so that equal ones meet, determinants taken apart."""

from functools import lru_cache

import sympy

from adcourse.symbolic.matrix_calculus import expressions as e
from adcourse.symbolic.matrix_calculus.forms import linear_terms, mul, transpose
from adcourse.symbolic.matrix_calculus.recognise import inner_square
from adcourse.symbolic.matrix_calculus.scalars import atoms, det, logdet, tr

LONG = 400  # nodes of the matrices in a number that SymPy may simplify
SMALL = 40  # operations of a number that SymPy may simplify


@lru_cache(maxsize=8192)
def tidy_number(s):
    """A number with its atoms in one form, simplified where that is quick and shorter."""
    s = sympy.sympify(s)
    found = atoms(s)
    if found:
        s = s.xreplace({atom: standard(atom) for atom in found})
    if s.is_number or s.is_Symbol or s.count_ops() > SMALL or not atoms(s):
        return s
    if e.number_weight(s) > LONG:
        return s
    if s.has(sympy.Abs, sympy.Piecewise, sympy.Heaviside, sympy.sign):
        return s
    short = sympy.cancel(s) if s.is_rational_function(*s.free_symbols) else sympy.powsimp(s)
    return min(s, sympy.factor_terms(short), key=lambda t: t.count_ops())


def standard(atom):
    """One atom as the number that all its equals become."""
    from adcourse.symbolic.matrix_calculus.tidy import tidy

    if atom.operator == "d":
        return atom
    a = tidy(atom.argument)
    if atom.operator == "tr":
        return trace(a)
    return determinant(a) if atom.operator == "det" else log_determinant(a)


def trace(a):
    """tr(A): linear, the same for Aᵀ and for all turns of a product."""
    if isinstance(a, e.Sum | e.Scale):
        terms = linear_terms(a)
        return sympy.Add(*[number * trace(part) for number, part in terms])
    if isinstance(a, e.Zero):
        return sympy.S.Zero
    if isinstance(a, e.Eye | e.Ones):
        return sympy.sympify(a.shape[0])
    if isinstance(a, e.T):
        return trace(a.operands[0])
    if isinstance(a, e.Sym) and a.value is not None and a.shape == (1, 1):
        return sympy.Rational(float(a.value[0, 0]))
    if isinstance(a, e.Product):
        ones = all(isinstance(f, e.Ones) and 1 in f.shape for f in a.operands)
        if ones:
            return sympy.Mul(*[f.shape[0] for f in a.operands])
        return tr(turned(a))
    return tr(a)


@lru_cache(maxsize=8192)
def turned(a):
    """The turn of a product, or of its transpose, that stands for all: a squared length, a number.

    Turns keep the trace: tr(ABC) = tr(BCA) = tr(CᵀBᵀAᵀ).
    """
    turns = []
    for factors in (a.operands, mul(*[transpose(f) for f in reversed(a.operands)]).operands):
        for k in range(len(factors)):
            turn = mul(*factors[k:], *factors[:k])
            if isinstance(turn, e.Product):
                turns.append(turn)
    return min(turns, key=beauty) if turns else a


def beauty(turn):
    """A number before a trace, a squared length before others, 1ᵀ in front, few transposes."""
    squared = inner_square(tr(turn))
    text = (turn if squared is None else squared).label
    last = isinstance(turn.operands[-1], e.Ones)
    return turn.shape != (1, 1), squared is None, last, text.count("ᵀ"), text


def determinant(a):
    """det: of a product factor by factor, of a transpose that of the matrix."""
    if isinstance(a, e.Product) and all(f.shape[0] == f.shape[1] for f in a.operands):
        return sympy.Mul(*[determinant(f) for f in a.operands])
    if isinstance(a, e.Scale):
        return a.number ** a.shape[0] * determinant(a.matrix)
    if isinstance(a, e.T):
        return determinant(a.operands[0])
    if isinstance(a, e.Inv):
        return 1 / determinant(a.operands[0])
    return sympy.S.One if isinstance(a, e.Eye) else det(a)


def log_determinant(a):
    """log|det|, likewise."""
    if isinstance(a, e.Product) and all(f.shape[0] == f.shape[1] for f in a.operands):
        return sympy.Add(*[log_determinant(f) for f in a.operands])
    if isinstance(a, e.Scale):
        return a.shape[0] * sympy.log(sympy.Abs(a.number)) + log_determinant(a.matrix)
    if isinstance(a, e.T):
        return log_determinant(a.operands[0])
    if isinstance(a, e.Inv):
        return -log_determinant(a.operands[0])
    return sympy.S.Zero if isinstance(a, e.Eye) else logdet(a)
