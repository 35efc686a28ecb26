"""SymPy expressions as NumPy source."""

import sympy
from sympy.printing.precedence import PRECEDENCE, precedence
from sympy.printing.printer import Printer

from adcourse.core.errors import NotLowerable

FUNCTIONS = {
    "Abs": "np.abs", "sign": "np.sign", "floor": "np.floor", "ceiling": "np.ceil",
    "exp": "np.exp", "log": "np.log", "sin": "np.sin", "cos": "np.cos", "tan": "np.tan",
    "asin": "np.arcsin", "acos": "np.arccos", "atan": "np.arctan", "atan2": "np.arctan2",
    "sinh": "np.sinh", "cosh": "np.cosh", "tanh": "np.tanh",
    "asinh": "np.arcsinh", "acosh": "np.arccosh", "atanh": "np.arctanh",
    "Not": "np.logical_not",
}  # fmt: skip
RECIPROCALS = {"sec": "cos", "csc": "sin", "cot": "tan", "sech": "cosh", "csch": "sinh",
               "coth": "tanh"}  # fmt: skip
PAIRWISE = {
    "Max": "np.maximum", "Min": "np.minimum",
    "And": "np.logical_and", "Or": "np.logical_or", "Xor": "np.logical_xor",
}  # fmt: skip
COMPARISONS = {
    sympy.Gt: ">", sympy.Ge: ">=", sympy.Lt: "<", sympy.Le: "<=", sympy.Eq: "==", sympy.Ne: "!=",
}  # fmt: skip
COMPARED = PRECEDENCE["Relational"]
PRODUCT, SUM = PRECEDENCE["Mul"], PRECEDENCE["Add"]


class Source(Printer):
    """Writes expressions as NumPy source, given the word for each symbol."""

    def __init__(self, words):
        super().__init__()
        self.words = words

    def line(self, e):
        """One expression."""
        return self._print(e)

    def emptyPrinter(self, e):
        raise NotLowerable(
            f"NumPy has no counterpart of {type(e).__name__}, which stands in {e}. Rewrite it with "
            "functions that NumPy has, for example by .doit() or .rewrite(…)."
        )

    def _print_Symbol(self, e):
        if e in self.words:
            return self.words[e]
        same = [word for symbol, word in self.words.items() if symbol.name == e.name]
        if len(same) == 1 and not isinstance(e, sympy.Dummy):  # other assumptions, the same name
            return same[0]
        raise NotLowerable(f"The symbol {e} is not among the arguments. Add it to symbols.")

    # Numbers.

    def _print_Integer(self, e):
        return str(e.p)

    def _print_Rational(self, e):
        is_a_float = e.q > 1000 and sympy.Rational(float(e)) == e
        return repr(float(e)) if is_a_float else f"{e.p} / {e.q}"

    def _print_Float(self, e):
        return repr(float(e))

    _print_NumberSymbol = _print_Float

    def _print_Pi(self, e):
        return "np.pi"

    def _print_Exp1(self, e):
        return "np.e"

    def _print_Infinity(self, e):
        return "np.inf"

    def _print_NegativeInfinity(self, e):
        return "-np.inf"

    def _print_NaN(self, e):
        return "np.nan"

    def _print_BooleanTrue(self, e):
        return "True"

    def _print_BooleanFalse(self, e):
        return "False"

    # Arithmetic.

    def within(self, e, level):
        """An operand, in parentheses where it binds no stronger than `level`."""
        text = self._print(e)
        weak = precedence(e) <= level or text.startswith("-")
        return f"({text})" if weak and not text.replace(".", "").isdigit() else text

    def _print_Add(self, e):
        text = ""
        for term in e.as_ordered_terms() if len(e.args) < LONG else e.args:
            word = self._print(term)
            if not text:
                text = word
            else:
                text += f" - {word[1:]}" if word.startswith("-") else f" + {word}"
        return text

    def _print_Mul(self, e):
        number, rest = e.as_coeff_Mul()
        above, below = [], []
        for factor in sympy.Mul.make_args(rest):
            power = factor.exp if factor.is_Pow else sympy.S.One
            if power.is_Rational and power < 0:
                below.append(to_power(factor.base, -power))
            else:
                above.append(factor)
        sign = "-" if number.is_negative else ""
        number = abs(number)
        if number.is_Rational and 1 < number.q <= 1000:
            below.insert(0, sympy.Integer(number.q))
            number = sympy.Integer(number.p)
        if number != 1 or not above:
            above.insert(0, number)
        text = sign + " * ".join(self.within(f, PRODUCT) for f in above)
        for factor in below:
            text += f" / {self.within(factor, PRODUCT)}"
        return text

    def _print_Pow(self, e):
        base, power = e.args
        if power == sympy.S.Half:
            return f"np.sqrt({self._print(base)})"
        if power.is_Rational and power < 0:
            return f"(1 / {self.within(to_power(base, -power), PRODUCT)})"
        return f"{self.strong(base)} ** {self.strong(power)}"

    def strong(self, e):
        """An operand of **."""
        alone = e.is_Symbol or e.is_Function or (e.is_Integer and e >= 0)
        return self._print(e) if alone else f"({self._print(e)})"

    # Functions.

    def _print_Function(self, e):
        name = type(e).__name__
        if name in RECIPROCALS and len(e.args) == 1:
            return f"(1 / np.{RECIPROCALS[name]}({self._print(e.args[0])}))"
        if name not in FUNCTIONS:
            return self.emptyPrinter(e)
        return f"{FUNCTIONS[name]}({', '.join(map(self._print, e.args))})"

    _print_Not = _print_Function

    def pairwise(self, e):
        *first, last = map(self._print, e.args)
        for text in reversed(first):
            last = f"{PAIRWISE[type(e).__name__]}({text}, {last})"
        return last

    _print_Max = _print_Min = _print_And = _print_Or = _print_Xor = pairwise

    def _print_Heaviside(self, e):
        if e.args[1:] != (sympy.S.Half,):
            return self.emptyPrinter(e)
        return f"((1 + np.sign({self._print(e.args[0])})) / 2)"

    def _print_frac(self, e):
        return f"({self.within(e.args[0], PRODUCT)} % 1)"

    def _print_Mod(self, e):
        return f"({' % '.join(self.within(a, PRODUCT) for a in e.args)})"

    def _print_sinc(self, e):
        return f"np.sinc({self.within(e.args[0], SUM)} / np.pi)"

    # Conditions.

    def _print_Relational(self, e):
        a, b = map(self._print, e.args)
        return f"{a} {COMPARISONS[e.func]} {b}"

    def value(self, e):
        """A branch or an entry: whole numbers as floats, so that a result of numbers is real."""
        return repr(float(e)) if e.is_Integer else self._print(e)

    def _print_Piecewise(self, e):
        pairs, text = list(e.args), "np.nan"
        if pairs[-1].cond == sympy.true:
            text = self.value(pairs.pop().expr)
        for value, condition in reversed(pairs):
            text = f"np.where({self._print(condition)}, {self.value(value)}, {text})"
        return text

    def _print_ITE(self, e):
        return f"np.where({', '.join(map(self._print, e.args))})"


def to_power(base, power):
    """A power as it is written: SymPy would multiply it out for a product of numbers and sums."""
    return base if power == 1 else sympy.Pow(base, power, evaluate=False)


LONG = 30  # terms, above which the order of a sum is left as it is
