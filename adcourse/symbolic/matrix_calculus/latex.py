"""Expressions as LaTeX, in the notation of the lectures."""

import sympy

from adcourse.symbolic.matrix_calculus.names import GREEK, parts_of_name
from adcourse.symbolic.matrix_calculus.printing import ATOM, POWER, PRODUCT, Printer
from adcourse.symbolic.matrix_calculus.text import is_named

INFIX = {"kron": r" \otimes ", "hadamard": r" \odot ", "times": r" \, ", "entries": r"\, "}
WORDS = {"exp", "log", "sin", "cos", "tan", "tanh", "sinh", "cosh", "max", "min", "det"}
RELATIONS = {"<=": r"\le", ">=": r"\ge", "==": "=", "!=": r"\ne"}


class Latex(Printer):
    """LaTeX without its dollars."""

    minus = "-"

    def brackets(self, string):
        return rf"\left({string}\right)"

    def name(self, name):
        base, marks, subscript = parts_of_name(name)
        word = "\\" + base.rstrip("_") if base in GREEK else base
        word = {r"\lam": r"\lambda"}.get(word, word)
        if len(base) > 1 and base not in GREEK:
            word = rf"\mathrm{{{base}}}"
        for mark in marks:
            word = rf"\{mark}{{{word}}}"
        return word + (f"_{{{subscript}}}" if subscript else "")

    def one(self):
        return r"\mathbf{1}"

    def outer_ones(self):
        return r"\mathbf{1}\mathbf{1}^\top", PRODUCT

    def transposed(self, string):
        return rf"{grouped(string)}^\top"

    def inverse(self, string, transposed):
        exponent = r"-\top" if transposed else "-1"
        return rf"{grouped(string)}^{{{exponent}}}", POWER

    def juxtaposed(self, factors):
        return r" \, ".join(factors) if any(r"\mathrm" in f for f in factors) else " ".join(factors)

    def front(self, number, inside):
        string, level = number
        return rf"{string if level >= PRODUCT else self.brackets(string)}\, {inside}"

    def fraction(self, over, under, loose):
        return rf"\frac{{{over}}}{{{under[0]}}}"

    def ratio(self, q):
        return rf"\tfrac{{{q.p}}}{{{q.q}}}", ATOM

    def infix(self, kind, parts):
        return INFIX[kind].join(parts)

    def function(self, function, inside):
        if function == "sigmoid":
            return rf"\sigma\left({inside}\right)"
        word = r"\log\det" if function == "log det" else (
            rf"\{function}" if function in WORDS else rf"\operatorname{{{function}}}"
        )  # fmt: skip
        return rf"{word}\left({inside}\right)"

    def absolute(self, string):
        return rf"\left|{string}\right|"

    def indicator(self, string):
        return rf"\left[{string} > 0\right]"

    def relation(self, operator):
        return RELATIONS.get(operator, operator)

    def cases(self, s, names):
        rows = [
            rf"{self.formula(value, names)[0]} & "
            + (r"\text{else}" if condition is sympy.true else self.formula(condition, names)[0])
            for value, condition in s.args
        ]
        return r"\begin{cases}" + r" \\ ".join(rows) + r"\end{cases}"

    def length(self, string, matrix):
        return rf"\left\|{string}\right\|" + ("_F" if matrix else "")

    def root(self, string):
        return rf"\sqrt{{{string}}}"

    def raised(self, part, exponent, entries):
        power = rf"\odot {exponent}" if entries else exponent
        return rf"{grouped(self.at(ATOM, part))}^{{{power}}}", POWER

    def differential(self, part):
        string, level = part
        return rf"\mathrm{{d}}{string if level >= ATOM else self.brackets(string)}", POWER

    def part(self, a):
        word = {"s": r"\sigma", "w": r"\lambda", "e": r"\lambda"}.get(a.part, a.part)
        inside = "" if is_named(a) else self.brackets(self.matrix(a.operands[0])[0])
        return word + inside, ATOM

    def result_name(self, kind, target, arguments):
        return {
            "gradient": rf"\frac{{\partial f}}{{\partial {target}}}",
            "hessian": rf"\frac{{\partial^2 f}}{{\partial {target}^2}}",
            "hessian map": rf"H[{self.name(arguments[-1].name)}]",
            "differential": r"\mathrm{d}f",
            "jacobian": rf"\frac{{\partial f}}{{\partial {target}}}",
            "pullback": rf"\bar{{{target}}}",
        }[kind]

    def subscripted(self, string, indices):
        return f"{grouped(string)}_{{{indices}}}" if indices else string

    def sum_over(self, letters, body):
        return rf"\sum_{{{letters}}} {body}"

    def broken(self, parts):
        first, *rest = parts
        lines = [first[0], *(self.added([("", 0), part]).lstrip() for part in rest)]
        return r"\begin{aligned}[t] & " + r" \\ & ".join(lines) + r"\end{aligned}"

    def other(self, s):
        return sympy.latex(s)

    def pairing(self, left, right, style):
        """<A, B>, or the trace that it is."""
        if style == "trace":
            left = self.transposed(self.at(ATOM, left))
            return rf"\operatorname{{tr}}\left({left} {self.at(PRODUCT, right)}\right)"
        return rf"\left\langle {left[0]},\, {right[0]} \right\rangle"


def grouped(string):
    """A base for an exponent; one with an exponent of its own needs braces."""
    return f"{{{string}}}" if "^" in string and not string.startswith(r"\left(") else string


script = Latex()


def latex(a):
    """An expression as LaTeX."""
    return script.matrix(a)[0]


def scalar_latex(s):
    """A number as LaTeX."""
    return script.number(s)[0]
