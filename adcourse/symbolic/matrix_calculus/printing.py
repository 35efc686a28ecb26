"""What text and LaTeX have in common: precedence, signs, fractions, norms.

A printed part is a pair (string, level); a part of a lower level than its place asks for gets
brackets. The scripts (text.py, latex.py) say how a thing is written, this file which thing it is.
"""

from functools import lru_cache

import sympy
from sympy.core.relational import Relational

from adcourse.symbolic.matrix_calculus import expressions as e
from adcourse.symbolic.matrix_calculus.recognise import as_sigmoid, inner_square, quotient
from adcourse.symbolic.matrix_calculus.scalars import Atom

SUM, PRODUCT, POWER, ATOM = range(4)  # levels, from loose to tight
LONGEST = 10_000  # denominator of a fraction that is written as one


@lru_cache(maxsize=1024)
def printed(printer, joint, a):
    """A matrix in a script; what stands in many places is printed once."""
    return getattr(printer, f"of_{type(a).__name__}")(a)


class Printer:
    """Prints expressions and numbers; a script subclasses it with the words it is written in."""

    joint = "hadamard"  # between factors that are entries

    def at(self, level, part):
        """A printed part at a place of that level, in brackets where it is looser."""
        string, own = part
        return string if own >= level else self.brackets(string)

    # matrices

    def matrix(self, a):
        return printed(self, self.joint, a)

    def of_Sym(self, a):
        return self.name(a.name), ATOM

    def of_Eye(self, a):
        return "I", ATOM

    def of_Ones(self, a):
        if a.shape[0] == 1:
            return self.transposed(self.one()), POWER
        return (self.one(), ATOM) if a.shape[1] == 1 else self.outer_ones()

    def of_Zero(self, a):
        return "0", ATOM

    def of_Sum(self, a):
        return self.added([self.matrix(term) for term in a.operands]), SUM

    def of_Product(self, a):
        return self.juxtaposed([self.at(POWER, self.matrix(f)) for f in a.operands]), PRODUCT

    def of_Scale(self, a):
        if isinstance(a.matrix, e.Ew) and quotient(a.matrix.formula)[0] == 1:  # 2/x, not 2 1/x
            names = dict(zip(e.slots(len(a.matrix.operands)), a.matrix.operands, strict=True))
            return self.formula(a.number * a.matrix.formula, names)
        return self.scaled(a.number, self.matrix(a.matrix))

    def of_T(self, a):
        inside = a.operands[0]
        if isinstance(inside, e.Inv):
            return self.inverse(self.at(ATOM, self.matrix(inside.operands[0])), transposed=True)
        return self.transposed(self.at(ATOM, self.matrix(inside))), POWER

    def of_Inv(self, a):
        inside = a.operands[0]
        if isinstance(inside, e.T):
            return self.inverse(self.at(ATOM, self.matrix(inside.operands[0])), transposed=True)
        return self.inverse(self.at(ATOM, self.matrix(inside)), transposed=False)

    def of_Ew(self, a):
        names = dict(zip(e.slots(len(a.operands)), a.operands, strict=True))
        return self.formula(a.formula, names)

    def of_Diag(self, a):
        return self.call("diag", [a.operands[0]]), ATOM

    def of_DiagPart(self, a):
        return self.call("diag", [a.operands[0]]), ATOM

    def of_Kron(self, a):
        return self.infix("kron", [self.at(POWER, self.matrix(f)) for f in a.operands]), PRODUCT

    def of_BlockTrace(self, a):
        return self.call("blocks'" if a.data[0] else "blocks", a.operands), ATOM

    def of_Sylvester(self, a):
        return self.call("sylvester", a.operands), ATOM

    def of_Solution(self, a):
        return self.name(a.name), ATOM

    def of_Spectral(self, a):
        return self.part(a)

    def of_Gaps(self, a):
        return self.name("F"), ATOM

    def of_Half(self, a):
        return self.call("low", a.operands), ATOM

    def of_Softmax(self, a):
        return self.call("softmax", a.operands), ATOM

    def of_D(self, a):
        inside = self.matrix(a.operands[0])
        return self.differential(inside)

    def call(self, function, operands):
        return self.function(function, ", ".join(self.matrix(b)[0] for b in operands))

    def added(self, parts):
        """Terms with their signs: A − B + C."""
        first, *rest = sorted(
            (string for string, _ in parts), key=lambda string: string.startswith(self.minus)
        )
        out = first
        for string in rest:
            minus = string.startswith(self.minus)
            out += (
                f" {self.minus} {string[len(self.minus) :].lstrip()}" if minus else f" + {string}"
            )
        return out

    def broken(self, parts):
        """A long sum, one term a line where the script has lines."""
        return self.added(parts)

    def scaled(self, number, part):
        """number · A: a sign, a number, or a fraction of numbers in front."""
        if number.could_extract_minus_sign():
            string, level = self.scaled(-number, part)
            return self.minus + self.at(PRODUCT, (string, level)), PRODUCT
        if number == 1:
            return part
        up, down = quotient(number)
        inside = self.at(PRODUCT, part)
        if down.free_symbols:
            over = inside if up == 1 else self.front(self.number(up), inside)
            return self.fraction(over, self.number(down), part[1] < PRODUCT), PRODUCT
        return self.front(self.number(number), inside), PRODUCT

    # numbers, and formulas of entries

    def number(self, s):
        return self.formula(sympy.sympify(s), {})

    def formula(self, s, names):
        """A SymPy expression; `names` says which matrix a slot stands for."""
        if s in names:
            named = names[s]
            return named if isinstance(named, tuple) else self.matrix(named)
        if s.is_Number and s < 0:
            return self.minus + self.formula(-s, names)[0], PRODUCT
        if s.is_Float or s.is_Rational and s.q > LONGEST:  # a float of the program
            return repr(float(s)), ATOM
        if isinstance(s, Atom):
            return self.of_atom(s)
        if isinstance(s, sympy.Symbol):
            return self.name(s.name), ATOM
        if s.is_Add:
            ordered = sorted(s.args, key=lambda t: (t.could_extract_minus_sign(), t.is_number))
            parts = [(self.at(SUM, self.formula(t, names)), SUM) for t in ordered]
            return self.added(parts), SUM
        if s.is_Mul:
            return self.times(s, names)
        if s.is_Pow:
            return self.power(s, names)
        if s.is_Rational and not s.is_Integer:
            return self.ratio(s)
        if isinstance(s, sympy.Function | sympy.Max | sympy.Min):
            return self.applied(s, names)
        if isinstance(s, Relational):
            left, right = (self.at(SUM, self.formula(side, names)) for side in (s.lhs, s.rhs))
            return f"{left} {self.relation(s.rel_op)} {right}", SUM
        return self.other(s), ATOM

    def formula_of_entries(self, s, slots, entries):
        """A formula of entries over printed entries, for the index style."""
        before, self.joint = self.joint, "entries"
        try:
            return self.formula(s, dict(zip(slots, entries, strict=True)))
        finally:
            self.joint = before

    def times(self, s, names):
        """A product: numbers in front, entries joined by ⊙, a fraction where something divides."""
        if s.could_extract_minus_sign():
            return self.minus + self.at(PRODUCT, self.formula(-s, names)), PRODUCT
        if (sigmoid := as_sigmoid(s)) is not None:
            return self.formula(sigmoid, names)
        up, down = quotient(s)
        if down != 1 and down.free_symbols:
            over = self.formula(up, names)
            return self.fraction(over[0], self.formula(down, names), over[1] < PRODUCT), PRODUCT
        numbers = [f for f in sympy.Mul.make_args(s) if not (f.free_symbols & set(names))]
        entries = [f for f in sympy.Mul.make_args(s) if f.free_symbols & set(names)]
        front = [self.at(POWER, self.formula(f, names)) for f in numbers]
        if not entries:
            return self.infix("times", front), PRODUCT
        parts = [(not f.is_Symbol, *self.formula(f, names)) for f in entries]
        product = [self.at(POWER, part) for _, *part in sorted(parts)]
        body = self.infix(self.joint, product), PRODUCT
        return self.scaled(sympy.Mul(*numbers), body)

    def power(self, s, names):
        base, exponent = s.as_base_exp()
        if (sigmoid := as_sigmoid(s)) is not None:
            return self.formula(sigmoid, names)
        if base is sympy.E:
            return self.function("exp", self.formula(exponent, names)[0]), ATOM
        if exponent.could_extract_minus_sign():
            return self.fraction("1", self.formula(1 / s, names), False), PRODUCT
        squared = inner_square(base)
        if squared is not None and exponent.is_Rational and exponent.q <= 2:
            length = self.length(self.matrix(squared)[0], squared.shape[1] != 1), ATOM
            return self.raised(length, int(2 * exponent), False) if 2 * exponent != 1 else length
        if exponent == sympy.Rational(1, 2):
            return self.root(self.formula(base, names)[0]), ATOM
        entries = bool(base.free_symbols & set(names)) and self.joint == "hadamard"
        if exponent.is_Integer:
            return self.raised(self.formula(base, names), int(exponent), entries)
        return self.raised(self.formula(base, names), self.formula(exponent, names)[0], entries)

    def applied(self, s, names):
        if s.is_Piecewise:
            return self.cases(s, names), ATOM
        inside = [self.formula(a, names)[0] for a in s.args]
        if isinstance(s, sympy.Abs):
            return self.absolute(inside[0]), ATOM
        if isinstance(s, sympy.Heaviside):
            return self.indicator(inside[0]), ATOM
        return self.function(type(s).__name__.lower(), ", ".join(inside)), ATOM

    def of_atom(self, s):
        """tr(M) by what M is: a squared length, a number, or a trace."""
        if s.operator == "d":
            return self.differential(self.number(s.argument))
        if s.operator == "det" and isinstance(s.argument, e.Diag):
            return self.function("prod", self.matrix(s.argument.operands[0])[0]), ATOM
        if s.operator != "tr":
            return self.function({"det": "det", "logdet": "log det"}[s.operator],
                                 self.matrix(s.argument)[0]), ATOM  # fmt: skip
        squared = inner_square(s)
        if squared is not None:
            length = self.length(self.matrix(squared)[0], squared.shape[1] != 1), ATOM
            return self.raised(length, 2, False)
        if s.argument.shape == (1, 1):
            return self.matrix(s.argument)
        return self.function("tr", self.matrix(s.argument)[0]), ATOM
