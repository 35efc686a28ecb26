"""Functions of entries fused into one formula, and that formula made short.

A logistic gradient comes out of the rules as -y ⊙ f(z) + (1 - y) ⊙ g(z) with quotients of
exponentials. One entry of each matrix is a number, so SymPy can simplify the sum as a formula of
numbers; what it finds is written back over the matrices, as σ(z) - y.
"""

from functools import lru_cache

import sympy
from sympy.functions.elementary.hyperbolic import HyperbolicFunction
from sympy.functions.elementary.trigonometric import TrigonometricFunction

from adcourse.symbolic.matrix_calculus import expressions as e
from adcourse.symbolic.matrix_calculus.forms import add, linear_terms, scale
from adcourse.symbolic.matrix_calculus.rates import applied
from adcourse.symbolic.matrix_calculus.recognise import sigmoid

MOST = 60  # operations of a formula that is simplified; longer ones stay as they are
FEW = 16  # operations up to which SymPy may try identities of one angle; more take seconds


def fused(terms, size):
    """Terms (number, matrix) of one shape, with the functions of entries among them put together.

    `size` measures an expression; the shortest form that was found is given back, as an expression.
    """
    plain = add(*[scale(number, part) for number, part in terms])
    if not any(isinstance(part, e.Ew) for _, part in terms):
        return plain
    found = [plain]
    for deep in (False, True):
        operands = {}
        formula = sum(number * formula_of(part, operands, deep) for number, part in terms)
        short = simplified(formula)
        if short is not None:
            found.append(spread(short, list(operands)))
    return min(found, key=size)


def formula_of(a, operands, deep):
    """An expression as a formula of slots; `operands` collects what the slots stand for.

    With `deep` sums among the operands of a function are taken apart, too.
    """
    if isinstance(a, e.Ew):
        inside = [formula_of(b, operands, deep) for b in a.operands]
        return a.formula.xreplace(dict(zip(e.slots(len(inside)), inside, strict=True)))
    if isinstance(a, e.Scale):
        return a.number * formula_of(a.matrix, operands, deep)
    if isinstance(a, e.Ones):
        return sympy.S.One
    if isinstance(a, e.Zero):
        return sympy.S.Zero
    if deep and isinstance(a, e.Sum):
        return sum(number * formula_of(part, operands, deep) for number, part in linear_terms(a))
    slot = operands.setdefault(a, len(operands))
    return e.slots(slot + 1)[slot]


def spread(formula, operands):
    """A formula over matrices as a sum: one term for each term of the formula."""
    if not operands:
        raise ValueError("a formula of nothing")
    return add(*[applied(term, operands) for term in sympy.Add.make_args(formula)])


def flattened(a):
    """A function of functions of entries as one function, simplified where that is shorter."""
    operands = {}
    formula = formula_of(a, operands, deep=False)
    if not operands:
        return scale(formula, e.Ones(*a.shape))
    short = simplified(formula)
    return spread(formula if short is None else short, list(operands))


@lru_cache(maxsize=4096)
def simplified(formula):
    """The shortest form that SymPy finds, with σ for quotients of exponentials; None: too long."""
    formula = sympy.sympify(formula)
    if formula.is_Symbol or formula.is_number:
        return formula
    if formula.count_ops() > MOST or formula.has(sympy.Piecewise, sympy.Heaviside):
        return None
    plain = formula.replace(sigmoid, lambda u: 1 / (1 + sympy.exp(-u)))
    found = [formula, plain]
    if plain.has(sympy.exp):
        found += with_sigmoids(plain)
    polynomial = plain.is_polynomial(*plain.free_symbols)
    waves = plain.atoms(TrigonometricFunction, HyperbolicFunction)
    slow = len({f.args for f in waves}) > 1 or plain.count_ops() > FEW
    closed = {f: sympy.Dummy(real=True) for f in waves if slow}
    short = (sympy.factor_terms if polynomial or closed else sympy.simplify)(plain.xreplace(closed))
    found.append(short.xreplace({dummy: f for f, dummy in closed.items()}))
    return min(found, key=weight)


def weight(formula):
    """Operations, with quotients dear, so that 1 - σ(z) wins over a fraction of exponentials."""
    divisions = sum(1 for p in formula.atoms(sympy.Pow) if p.exp.could_extract_minus_sign())
    return formula.count_ops() + 2 * divisions, str(formula)


def with_sigmoids(formula):
    """Forms in s = σ(u), for each u with eᵘ in the formula: eᵘ = s/(1 - s)."""
    forms = []
    powers = {positive(p.args[-1]) for p in formula.atoms(sympy.exp)}
    s = sympy.Dummy("s", positive=True)
    for u in powers:
        rational = formula.replace(
            lambda p, u=u: isinstance(p, sympy.exp) and sympy.expand(p.args[-1] / u).is_Integer,
            lambda p, u=u: (s / (1 - s)) ** sympy.expand(p.args[-1] / u),
        )
        if rational.has(s):
            short = sympy.cancel(sympy.together(rational))
            for form in (short, sympy.factor(short), sympy.expand(short)):
                forms.append(form.xreplace({s: sigmoid(u)}))
                forms.append(sympy.factor(short.xreplace({s: 1 - s})).xreplace({s: sigmoid(-u)}))
    return forms


def positive(u):
    return -u if u.could_extract_minus_sign() else u
