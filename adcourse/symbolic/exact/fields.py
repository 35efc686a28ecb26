"""Exact number systems with one interface: residues modulo a prime, and fractions.

Residues decide quickly whether a rational expression vanishes: a nonzero polynomial of degree d has
at most d·p^(n-1) zeros among the pⁿ points modulo p (Schwartz 1980, Zippel 1979). Fractions give
counterexamples that a person can check. `decimals` and `degrees` have the same interface.
"""

from fractions import Fraction
from math import ceil, floor, isqrt

import sympy

from adcourse.symbolic.exact.signals import NotASquare, NotExact, Outside

PRIME = 2**61 - 1
ORDERED = ("abs", "sign", "max", "min", "floor", "ceiling")
HALVES = ("sin", "cos", "tan")  # rational in the tangent of half the angle
LONGEST = 20_000  # bits of a fraction; above it digits are quicker


def fraction(q):
    """Any finite real number of Python, NumPy or SymPy as the exact fraction that it is."""
    if isinstance(q, sympy.Basic):
        q = sympy.Rational(q)
        return Fraction(int(q.p), int(q.q))
    return Fraction(q)


class Field:
    """What the number systems share; a subclass says how its numbers add, multiply and invert."""

    def sub(self, a, b):
        return self.add(a, self.neg(b))

    def div(self, a, b):
        return self.mul(a, self.inv(b))

    def is_zero(self, a):
        return a == 0

    def equal(self, a, b):
        return self.is_zero(self.sub(a, b))


class Modular(Field):
    """The integers modulo a prime p. Numbers are Python ints.

    A function such as log has a random value for each argument, the same whenever the argument
    comes back, and obeys exp(-a) = 1/exp(a), log(1/a) = -log a, sin² + cos² = 1. What agrees for
    random values agrees for the true ones; what disagrees may still be equal. A square root is one
    of the two, `pattern` says which (bit k for the k-th radicand); with `roots=False` it is a
    random value as well. Order has no meaning here: comparing raises NotExact.

    >>> from numpy.random import default_rng
    >>> F = Modular(rng=default_rng(0))
    >>> F.mul(F.number(Fraction(1, 3)), 3), F.sqrt(F.number(4)) in (2, F.number(-2))
    (1, True)
    >>> e = F.function("exp", [5])
    >>> F.mul(e, F.function("exp", [F.number(-5)]))
    1
    """

    formal = True

    def __init__(self, p=PRIME, rng=None, roots=True):
        self.p = p
        self.rng = rng
        self.roots = roots
        self.pattern = 0
        self.radicands = {}  # radicand -> its number, in the order of first use
        self.values = {}  # (function, arguments) -> value

    def number(self, q):
        q = fraction(q)
        return q.numerator * self.inv(q.denominator % self.p) % self.p

    def add(self, a, b):
        return (a + b) % self.p

    def sub(self, a, b):
        return (a - b) % self.p

    def mul(self, a, b):
        return a * b % self.p

    def neg(self, a):
        return -a % self.p

    def inv(self, a):
        if a % self.p == 0:
            raise Outside("division by zero")
        return pow(a, -1, self.p)

    def power(self, a, n):
        return pow(self.inv(a), -n, self.p) if n < 0 else pow(a, n, self.p)

    def sqrt(self, a):
        if not self.roots:
            return self.any_value("sqrt", (a,))
        if a == 0:
            return 0
        root = pow(a, (self.p + 1) // 4, self.p)  # p = 3 modulo 4
        if root * root % self.p != a:
            raise NotASquare("not a square modulo p")
        place = self.radicands.setdefault(a, len(self.radicands))
        return self.p - root if self.pattern >> place & 1 else root

    def less(self, a, b):
        raise NotExact("a comparison")

    def random(self):
        return int(self.rng.integers(1, self.p))

    def any_value(self, name, args):
        """The value of a function of which nothing is known but its value at other places."""
        if (name, args) not in self.values:
            self.values[name, args] = self.random()
        return self.values[name, args]

    def opposite(self, name, a, other, opposed):
        """The value at a, or what `opposed` makes of the value at `other`, if that came first."""
        if (name, (other,)) in self.values:
            return opposed(self.values[name, (other,)])
        return self.any_value(name, (a,))

    def function(self, name, args):
        if name in ORDERED:
            raise NotExact(name)
        args = tuple(args)
        if name == "exp":
            (a,) = args
            return 1 if a == 0 else self.opposite("exp", a, self.neg(a), self.inv)
        if name == "log":
            (a,) = args
            return 0 if a == 1 else self.opposite("log", a, self.inv(a), self.neg)
        if name in HALVES:
            (a,) = args
            t = 0 if a == 0 else self.opposite("half tangent", a, self.neg(a), self.neg)
            return from_half_tangent(self, name, t)
        if name in OF_EXP:
            return OF_EXP[name](self, self.function("exp", args))
        if name == "sqrt":
            return self.sqrt(*args)
        return self.any_value(name, args)


def from_half_tangent(field, name, t):
    """sin = 2t/(1+t²), cos = (1-t²)/(1+t²), tan = 2t/(1-t²)."""
    one, square, double = field.number(1), field.mul(t, t), field.add(t, t)
    if name == "sin":
        return field.div(double, field.add(one, square))
    if name == "cos":
        return field.div(field.sub(one, square), field.add(one, square))
    return field.div(double, field.sub(one, square))


def half(field, e, sign):
    """(e ± 1/e)/2."""
    combine = field.add if sign > 0 else field.sub
    return field.mul(combine(e, field.inv(e)), field.inv(field.number(2)))


OF_EXP = {  # rational functions of e = exp(a)
    "sinh": lambda field, e: half(field, e, -1),
    "cosh": lambda field, e: half(field, e, 1),
    "tanh": lambda field, e: field.div(half(field, e, -1), half(field, e, 1)),
    "sigmoid": lambda field, e: field.div(e, field.add(e, field.number(1))),
}


class Rationals(Field):
    """Fractions. What is irrational, or longer than 20,000 bits, raises NotExact.

    >>> Q = Rationals()
    >>> Q.sqrt(Q.number(2.25)), Q.power(Q.number(2), -3)
    (Fraction(3, 2), Fraction(1, 8))
    """

    formal = False

    def number(self, q):
        return fraction(q)

    def short(self, a):
        if max(a.numerator.bit_length(), a.denominator.bit_length()) > LONGEST:
            raise NotExact("a fraction of more digits than can be read")
        return a

    def add(self, a, b):
        return self.short(a + b)

    def mul(self, a, b):
        return self.short(a * b)

    def neg(self, a):
        return -a

    def inv(self, a):
        if a == 0:
            raise Outside("division by zero")
        return Fraction(1) / a

    def power(self, a, n):
        if abs(n) * max(a.numerator.bit_length(), a.denominator.bit_length()) > LONGEST:
            raise NotExact("a fraction of more digits than can be read")
        return self.inv(a) ** -n if n < 0 else a**n

    def sqrt(self, a):
        if a < 0:
            raise Outside("the square root of a negative number")
        root = Fraction(isqrt(a.numerator), isqrt(a.denominator))
        if root * root != a:
            raise NotExact("sqrt")
        return root

    def less(self, a, b):
        return a < b

    def function(self, name, args):
        simple = {"exp": (0, 1), "log": (1, 0), "sin": (0, 0), "cos": (0, 1), "tanh": (0, 0)}
        if name in simple and args[0] == simple[name][0]:
            return Fraction(simple[name][1])
        if name == "sqrt":
            return self.sqrt(*args)
        if name not in ORDERED:
            raise NotExact(name)
        if name in ("max", "min"):
            return (max if name == "max" else min)(args)
        return {
            "abs": abs,
            "sign": lambda a: Fraction((a > 0) - (a < 0)),
            "floor": lambda a: Fraction(floor(a)),
            "ceiling": lambda a: Fraction(ceil(a)),
        }[name](*args)
