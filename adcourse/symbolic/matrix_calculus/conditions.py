"""What must hold for a derivative to be right: read off the function, the result and the rules."""

import re

import sympy
from sympy.functions.elementary.piecewise import Piecewise

from adcourse.symbolic.matrix_calculus import expressions as e
from adcourse.symbolic.matrix_calculus.derive import parts_of
from adcourse.symbolic.matrix_calculus.forms import is_symmetric
from adcourse.symbolic.matrix_calculus.recognise import inner_square, sigmoid
from adcourse.symbolic.matrix_calculus.scalars import Atom

KINKS = (sympy.Abs, sympy.Max, sympy.Min, sympy.Heaviside, sympy.sign, Piecewise)
OF_RULES = {
    "singular values": (
        "the {s} that are used are simple and not 0, or L is smooth where they are not",
        "s",
    ),
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

    found = dict.fromkeys(c if isinstance(c, str) else shown(c) for c in derivation.path_conditions)
    for rule in dict.fromkeys(rule for step in derivation.steps for rule in step.rules):
        if rule in OF_RULES:
            sentence, letter = OF_RULES[rule]
            found[sentence.format(**{letter: LETTERS[letter]})] = None
    for part in parts_in(derivation.function, *derivation.results):
        for sentence in of_part(part, shown):
            found[sentence] = None
    return [sentence for sentence in found if not any(s in found for s in stronger(sentence))]


def stronger(sentence):
    """Sentences that make this one superfluous."""
    for weak, strong in (
        (r"(.*) ≠ 0", r"\1 > 0"),
        (r"no entry of (.*) is 0", r"all entries of \1 > 0"),
        (r"(.*) is symmetric", r"\1 is symmetric and positive definite"),
    ):
        if re.fullmatch(weak, sentence):
            yield re.sub(weak, strong, sentence)


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
    elif isinstance(part, e.Spectral) and part.part in "wQL":
        a = part.operands[0]
        if part.part == "L" and not (isinstance(a, e.Sym) and a.is_a("positive definite")):
            yield f"{shown(a)} is symmetric and positive definite"
        elif not is_symmetric(a):
            yield f"{shown(a)} is symmetric"
    elif isinstance(part, Atom):
        if part.operator == "logdet":
            yield from invertible(part.argument, shown)
    elif isinstance(part, e.Ew):
        for logarithm in part.formula.atoms(sympy.log):
            if not always_positive(logarithm.args[0]):
                yield f"all entries of {shown(e.Ew(*part.operands, logarithm.args[0]))} > 0"
        for base, exponent in powers_in(part.formula):
            entries = shown(e.Ew(*part.operands, base))
            whole = exponent.is_integer
            yield f"no entry of {entries} is 0" if whole else f"all entries of {entries} > 0"
        if part.formula.has(*KINKS):
            yield f"no entry of {', '.join(map(shown, part.operands))} sits at a kink"
    elif isinstance(part, e.Scale):
        yield from of_number(part.number, shown)
    elif isinstance(part, sympy.Expr) and not isinstance(part, sympy.Symbol):
        yield from of_number(part, shown)


def invertible(a, shown):
    if isinstance(a, e.Sym) and a.is_a("positive definite"):
        return
    if getattr(a.operands[0] if isinstance(a, e.T) else a, "part", None) == "L":
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
    for base, exponent in powers_in(s):
        squared = inner_square(base)
        if squared is not None:
            if not exponent.is_positive:
                yield f"{shown(squared)} ≠ 0"
        else:
            yield f"{shown(base)} {'≠' if exponent.is_integer else '>'} 0"
    for logarithm in s.atoms(sympy.log):
        inside = logarithm.args[0]
        if inside.free_symbols and not always_positive(inside):
            yield f"{shown(inside)} > 0"


def powers_in(s):
    """(base, exponent) of the quotients, roots and other powers that not every base has."""
    for power in sorted(s.atoms(sympy.Pow), key=str):
        base, exponent = power.as_base_exp()
        everywhere = exponent.is_integer and exponent.is_nonnegative
        if base.free_symbols and not everywhere and not always_positive(base):
            yield base, exponent


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
