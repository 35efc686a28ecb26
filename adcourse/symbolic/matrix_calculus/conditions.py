"""What must hold for a derivative to be right: read off the function, the result and the rules."""

import sympy
from sympy.functions.elementary.piecewise import Piecewise

from adcourse.symbolic.matrix_calculus import expressions as e
from adcourse.symbolic.matrix_calculus.derive import parts_of
from adcourse.symbolic.matrix_calculus.recognise import inner_square, quotient, sigmoid
from adcourse.symbolic.matrix_calculus.scalars import Atom

KINKS = (sympy.Abs, sympy.Max, sympy.Min, sympy.Heaviside, sympy.sign, Piecewise)
OF_RULES = {
    "singular values": ("the {s} that are used are simple, or L is symmetric in equal ones", "s"),
    "eigenvalues": ("the {w} that are used are simple, or L is symmetric in equal ones", "w"),
    "eigenvalues of any matrix": (
        "the {w} are real, and those that are used are simple or L is symmetric in equal ones",
        "w",
    ),
    "eigenvectors of any matrix": ("the {w} are real, {w}ᵢ ≠ {w}ⱼ for i ≠ j", "w"),
    "left singular vectors": ("{s}ᵢ ≠ {s}ⱼ for i ≠ j, and {s}ᵢ ≠ 0", "s"),
    "right singular vectors": ("{s}ᵢ ≠ {s}ⱼ for i ≠ j, and {s}ᵢ ≠ 0", "s"),
    "eigenvectors": ("{w}ᵢ ≠ {w}ⱼ for i ≠ j", "w"),
}
LETTERS = {"s": "σ", "w": "λ"}


def conditions_in(derivation, script, dollars=False):
    """Sentences; `dollars` puts formulas between dollars for a notebook."""

    def shown(a):
        string = script.matrix(a)[0] if isinstance(a, e.Expression) else script.number(a)[0]
        return f"${string}$" if dollars else string

    found = dict.fromkeys(derivation.path_conditions)
    for rule in dict.fromkeys(rule for step in derivation.steps for rule in step.rules):
        if rule in OF_RULES:
            sentence, letter = OF_RULES[rule]
            found[sentence.format(**{letter: LETTERS[letter]})] = None
    for part in parts_in(derivation.function, *derivation.results):
        for sentence in of_part(part, shown):
            found[sentence] = None
    return list(found)


def parts_in(*wholes):
    """All parts, in a fixed order."""
    parts = {part for whole in wholes for part in parts_of(whole)}
    return sorted(parts, key=lambda part: (len(str(part)), str(part)))


def of_part(part, shown):
    """What one part asks for."""
    if isinstance(part, e.Inv):
        yield from invertible(part.operands[0], shown)
    elif isinstance(part, e.Solution):
        yield from invertible(part.operands[0], shown)
    elif isinstance(part, Atom):
        if part.operator == "logdet":
            yield from invertible(part.argument, shown)
    elif isinstance(part, e.Ew):
        for logarithm in part.formula.atoms(sympy.log):
            if not always_positive(logarithm.args[0]):
                yield f"all entries of {shown(e.Ew(*part.operands, logarithm.args[0]))} > 0"
        if part.formula.has(*KINKS):
            yield f"no entry of {', '.join(map(shown, part.operands))} sits at a kink"
    elif isinstance(part, e.Scale):
        yield from of_number(part.number, shown)
    elif isinstance(part, sympy.Expr) and not isinstance(part, sympy.Symbol):
        yield from of_number(part, shown)


def invertible(a, shown):
    if isinstance(a, e.Sym) and a.is_a("positive definite"):
        return
    if isinstance(a, e.Product) and len(a.operands) == 2:
        left, right = a.operands
        if isinstance(left, e.T) and left.operands[0] is right:
            yield f"{shown(right)} has full column rank"
            return
        if isinstance(right, e.T) and right.operands[0] is left:
            yield f"{shown(left)} has full row rank"
            return
    yield f"{shown(a.operands[0] if isinstance(a, e.T) else a)} is invertible"


def of_number(s, shown):
    """Denominators are not 0, arguments of logarithms and roots positive."""
    down = quotient(sympy.sympify(s))[1]
    for factor in sympy.Mul.make_args(down):
        base = factor.as_base_exp()[0]
        squared = inner_square(base)
        if base.free_symbols and not always_positive(base):
            yield f"{shown(base if squared is None else squared)} ≠ 0"
    for logarithm in s.atoms(sympy.log):
        inside = logarithm.args[0]
        if inside.free_symbols and not always_positive(inside):
            yield f"{shown(inside)} > 0"


def always_positive(s):
    """Sums of squares and exponentials and positive numbers, at least one of them not 0."""
    if s.is_positive or isinstance(s, sympy.exp | sigmoid):
        return True
    if s.is_Add:
        return all(map(at_least_zero, s.args)) and any(map(always_positive, s.args))
    if isinstance(s, Atom) and s.operator == "tr" and isinstance(s.argument, e.Product):
        *ones, last = s.argument.operands
        powers = isinstance(last, e.Ew) and isinstance(last.formula, sympy.exp)
        return powers and all(isinstance(a, e.Ones) for a in ones)
    return False


def at_least_zero(s):
    return always_positive(s) or inner_square(s) is not None or (s.is_number and s >= 0)
