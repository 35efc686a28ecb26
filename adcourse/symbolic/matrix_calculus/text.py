"""Expressions as text: Aᵀ(Ax − b), ⟨G, dX⟩."""

import sympy

from adcourse.symbolic.matrix_calculus.names import GREEK, parts_of_name
from adcourse.symbolic.matrix_calculus.printing import ATOM, POWER, PRODUCT, Printer

SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
RATIOS = {(1, 2): "½", (1, 3): "⅓", (1, 4): "¼", (2, 3): "⅔", (3, 4): "¾"}
MARKS = {"bar": "\u0304", "dot": "\u0307", "hat": "\u0302"}
INFIX = {"kron": " ⊗ ", "hadamard": " ⊙ ", "times": "·", "entries": " "}
FUNCTIONS = {"sigmoid": "σ", "log det": "log det"}


class Text(Printer):
    """One line, with superscripts."""

    minus = "−"

    def brackets(self, string):
        return f"({string})"

    def name(self, name):
        base, marks, subscript = parts_of_name(name)
        word = GREEK.get(base, base) + "".join(MARKS[mark] for mark in marks)
        small = subscript.translate(SUBSCRIPTS)
        return word + (small if subscript.isdigit() else f"_{subscript}" if subscript else "")

    def one(self):
        return "𝟏"

    def outer_ones(self):
        return "𝟏𝟏ᵀ", PRODUCT

    def transposed(self, string):
        return f"{string}ᵀ"

    def inverse(self, string, transposed):
        return f"{string}{'⁻ᵀ' if transposed else '⁻¹'}", POWER

    def juxtaposed(self, factors):
        out = factors[0]
        for before, factor in zip(factors, factors[1:], strict=False):
            apart = any(is_word(f) or is_differential(f) for f in (before, factor))
            out += (" " if apart else "") + factor
        return out

    def front(self, number, inside):
        string, level = number
        number = string if level >= PRODUCT else f"({string})"
        if inside[0].isdigit():
            return f"{number}·{inside}"
        return number + ("" if number.isnumeric() else " ") + inside

    def fraction(self, over, under, loose):
        string, level = under
        over = f"({over})" if loose else over
        return f"{over} / {string if level >= POWER else f'({string})'}"

    def ratio(self, q):
        return (RATIOS[q.p, q.q], ATOM) if (q.p, q.q) in RATIOS else (f"{q.p}/{q.q}", PRODUCT)

    def infix(self, kind, parts):
        return INFIX[kind].join(parts)

    def function(self, function, inside):
        return f"{FUNCTIONS.get(function, function)}({inside})"

    def absolute(self, string):
        return f"|{string}|"

    def indicator(self, string):
        return f"[{string} > 0]"

    def relation(self, operator):
        return {"<=": "≤", ">=": "≥", "==": "=", "!=": "≠"}.get(operator, operator)

    def cases(self, s, names):
        parts = [
            f"{self.formula(value, names)[0]} if {self.formula(condition, names)[0]}"
            if condition is not sympy.true
            else self.formula(value, names)[0]
            for value, condition in s.args
        ]
        return f"({', else '.join(parts)})"

    def length(self, string, matrix):
        return f"‖{string}‖" + ("_F" if matrix else "")

    def root(self, string):
        return f"√({string})" if len(string) > 1 else f"√{string}"

    def raised(self, part, exponent, entries):
        base = self.at(ATOM, part)
        if isinstance(exponent, int):
            return base + ("^⊙" if entries else "") + str(exponent).translate(SUPERSCRIPTS), POWER
        return f"{base}^({exponent})", POWER

    def differential(self, part):
        string, level = part
        if level < ATOM:
            return f"d({string})", POWER
        return (f"d {string}" if string[:2].isalpha() and len(string) > 1 else f"d{string}"), POWER

    def part(self, a):
        inside = self.matrix(a.operands[0])[0]
        word = {"s": "σ", "w": "λ", "e": "λ", "Z": "Z", "U": "U", "V": "V", "Q": "Q", "L": "L"}[
            a.part
        ]
        return (word, ATOM) if is_named(a) else (f"{word}({inside})", ATOM)

    def result_name(self, kind, target, arguments):
        return {
            "gradient": f"∂f/∂{target}",
            "hessian": f"∂²f/∂{target}²",
            "hessian map": f"H[{self.name(arguments[-1].name)}]",
            "differential": "df",
            "jacobian": f"∂f/∂{target}",
            "pullback": f"{target}\u0304",
        }[kind]

    def subscripted(self, string, indices):
        return f"{string}_{indices}" if indices else string

    def sum_over(self, letters, body):
        return f"Σ_{letters} {body}"

    def other(self, s):
        return str(s)

    def pairing(self, left, right, style):
        """<A, B>, or the trace that it is."""
        if style == "trace":
            left = left if left[1] >= ATOM else (f"({left[0]})", ATOM)
            right = right[0] if right[1] >= PRODUCT else f"({right[0]})"
            return f"tr({left[0]}ᵀ {right})"
        return f"⟨{left[0]}, {right[0]}⟩"


def is_word(string):
    """Whether letters of a factor could be read together with those of its neighbour."""
    return len(string) > 1 and string[:2].isalpha() and string[1] not in "ᵀ" and string[0] != "d"


def is_differential(string):
    return string.startswith("d") and len(string) > 1


def is_named(a):
    """Whether the decomposed matrix is a symbol, so that its factors need no argument."""
    from adcourse.symbolic.matrix_calculus.expressions import Sym

    return isinstance(a.operands[0], Sym)


script = Text()


def text(a):
    """An expression in one line of text."""
    return script.matrix(a)[0]


def scalar_text(s):
    """A number in one line of text."""
    return script.number(s)[0]
