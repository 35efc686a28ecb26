"""NumPy source of numbers and formulas of entries, and brackets where they are needed."""

import re

from sympy.printing.codeprinter import PrintMethodNotImplementedError
from sympy.printing.numpy import NumPyPrinter

from adcourse.core.errors import NotLowerable
from adcourse.symbolic.matrix_calculus.printing import LONGEST


class Numbers(NumPyPrinter):
    """SymPy's printer of NumPy code, with the prefix that everyone writes."""

    def __init__(self):
        super().__init__({"fully_qualified_modules": True})

    def doprint(self, s):
        try:
            return super().doprint(s).replace("numpy.", "np.")
        except PrintMethodNotImplementedError as failed:
            name = str(failed).splitlines()[0].split()[-1]
            raise NotLowerable(f"NumPy has no function {name}, so this has no code.") from None

    def _print_Rational(self, s):
        return repr(float(s)) if s.q > LONGEST else super()._print_Rational(s)

    def _print_sigmoid(self, s):
        return f"1/(1 + numpy.exp(-({self._print(s.args[0])})))"

    def _print_Max(self, s):
        return self.nested("numpy.maximum", s.args)

    def _print_Min(self, s):
        return self.nested("numpy.minimum", s.args)

    def nested(self, name, args):
        first, *rest = args
        if not rest:
            return self._print(first)
        return f"{name}({self._print(first)}, {self.nested(name, rest)})"


def stripped(text):
    """Source without brackets round all of it."""
    if not (text.startswith("(") and text.endswith(")")):
        return text
    depth = 0
    for k, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if depth == 0 and k < len(text) - 1:
            return text
    return text[1:-1]


def bracketed(text):
    """Source that can stand beside an operator."""
    depth = 0
    for letter in text:
        depth += (letter in "([") - (letter in ")]")
        if depth == 0 and letter in " +-*/@":
            return f"({text})"
    return text


def unchained(text):
    """The right factor of a product of matrices: A @ (B @ C) needs no brackets."""
    inside = stripped(text)
    return inside if re.fullmatch(r"[\w.@ ]+", inside) else text


def as_term(text):
    """A term of a sum: a product needs no brackets."""
    inside, depth = stripped(text), 0
    for k, letter in enumerate(inside):
        depth += (letter in "([") - (letter in ")]")
        if depth == 0 and k and letter in "+-" and inside[k - 1] == " ":
            return text
    return inside
