"""Numbers of many digits, for exp, log and everything that has no exact value."""

from functools import cache
from random import Random

import mpmath
import sympy

from adcourse.symbolic.exact.fields import Field, fraction
from adcourse.symbolic.exact.signals import Outside, Unsupported

LARGEST = 2**12  # binary digits before the point of an argument: exp of more does not end
LONGEST = 2**40  # binary digits before or after the point of any value
SIGNIFICANT = 16  # binary digits that a sum has to keep
SMOOTH = "exp sin cos tan asin acos atan sinh cosh tanh asinh erf erfc sigmoid sqrt".split()  # at 0
SAME_NAME = (
    "exp log sin cos tan cot sec csc asin acos atan acot sinh cosh tanh coth asinh acosh atanh "
    "erf erfc gamma loggamma atan2 sinc"
).split()


@cache
def context(digits):
    """mpmath with a precision of its own, which nobody else changes."""
    mp = mpmath.MPContext()
    mp.dps = digits
    mp.rest = type("rest", (mp.mpf,), {})  # of a sum that cancels: digits of rounding alone
    return mp


class Decimals(Field):
    """Real numbers to so many digits, in mpmath's arithmetic.

    A value that is not real or not finite raises Outside; so does a question of order that the
    digits do not settle, such as the sign of 1e-60.

    >>> D = Decimals(50)
    >>> D.equal(D.mul(D.sqrt(D.number(2)), D.sqrt(D.number(2))), D.number(2))
    True
    """

    formal = False

    def __init__(self, digits=50):
        self.digits = digits
        self.mp = context(digits)
        self.small = self.mp.mpf(10) ** (-2 * digits // 3)  # what rounding may have made
        self.random = Random(digits)

    def number(self, q):
        q = fraction(q)
        return self.mp.mpf(q.numerator) / q.denominator

    def real(self, a):
        if not isinstance(a, self.mp.mpf) or not self.mp.isfinite(a):
            raise Outside("a value that is not a finite real number")
        if a and abs(self.mp.mag(a)) > LONGEST:
            raise Outside("a value of more digits than can be computed")
        return a

    def shaken(self, a):
        """a with other last digits, where digits were lost that more digits would not show.

        1 + 1e-900 is 1 in 120 digits as in 800, and tanh(1000) too: what is left of them when 1 is
        subtracted would be 0 in both, and taken for exact. Shaken, it is seen to be rounding: it is
        another one, and smaller, with more digits (Vignes 1993, discrete stochastic arithmetic).
        """
        return a * (1 + self.random.randrange(-999, 1000, 2) * self.mp.eps)

    def add(self, a, b):
        if not a or not b:
            return a or b
        c = self.real(a + b)
        if c == a or c == b:
            c = self.shaken(c)
        elif not c:
            return c
        size, sizes = self.mp.mag(c), [self.mp.mag(a), self.mp.mag(b)]
        cancelled = size < max(sizes) - self.mp.prec + SIGNIFICANT
        return self.mp.rest(c) if cancelled or self.covered(size, a, b) else c

    def covered(self, size, *args):
        """Whether what rounding left in one of these numbers may be all of one of this size."""
        left = [self.mp.mag(a) for a in args if isinstance(a, self.mp.rest)]
        return any(size <= of + SIGNIFICANT for of in left)

    def mul(self, a, b):
        return self.like(self.real(a * b), a, b)

    def like(self, c, *args):
        """c, which is what rounding left if a factor of it is."""
        return self.mp.rest(c) if any(isinstance(a, self.mp.rest) for a in args) else c

    def neg(self, a):
        return self.like(-a, a)

    def inv(self, a):
        if a == 0:
            raise Outside("division by zero")
        if isinstance(a, self.mp.rest):
            raise Outside("a division by what rounding left")
        return 1 / a

    def power(self, a, n):
        if a == 0:
            return self.mp.mpf(n == 0) if n >= 0 else self.inv(a)
        if abs(n) * max(1, abs(self.mp.mag(a))) > LONGEST:
            raise Outside("a power of more digits than can be computed")
        return self.like(self.real(a**n), a) if n >= 0 else self.inv(self.power(a, -n))

    def sqrt(self, a):
        return self.like(self.real(self.mp.sqrt(a)), a)

    def equal(self, a, b):
        """Up to the digits that rounding may have cost."""
        return abs(a - b) <= self.small * max(abs(a), abs(b))

    def less(self, a, b):
        self.settled(a - b, max(abs(a), abs(b)))
        return a < b

    def settled(self, difference, size):
        """Refuse to say on which side of a jump a number is that only rounding keeps off it."""
        if difference and abs(difference) < self.small * max(1, size):
            raise Outside("a number too near to a jump")

    def function(self, name, args):
        if any(a and self.mp.mag(a) > LARGEST for a in args):
            raise Outside("a value of more digits than can be computed")
        if name in ("max", "min"):
            return (max if name == "max" else min)(args)
        if name == "abs":
            return self.like(abs(args[0]), *args)
        if name == "sign":
            self.settled(args[0], 0)
            return self.mp.sign(args[0])
        if name in ("floor", "ceiling"):
            (a,) = args
            self.settled(a - self.mp.nint(a), abs(a))
            return self.mp.floor(a) if name == "floor" else self.mp.ceil(a)
        if name == "power":
            base, exponent = args
            if base and abs(exponent) * max(1, abs(self.mp.mag(base))) > LONGEST:
                raise Outside("a power of more digits than can be computed")
        if any(isinstance(a, self.mp.rest) for a in args) and name not in SMOOTH:
            raise Outside(f"{name} of what rounding left")
        try:
            a = self.real(self.value(name, args))
            a = self.shaken(a) if any(args) and name != "sqrt" else a
            return self.mp.rest(a) if a and self.covered(self.mp.mag(a), *args) else a
        except (ValueError, ZeroDivisionError, OverflowError) as error:
            raise Outside(f"{name} has no value here") from error

    def value(self, name, args):
        """mpmath's value, or SymPy's for a function that only SymPy knows."""
        if name == "pi":
            return +self.mp.pi
        if name == "sqrt":
            return self.mp.sqrt(*args)
        if name == "power":
            return self.mp.power(*args)
        if name == "sigmoid":
            return 1 / (1 + self.mp.exp(-args[0]))
        if name in SAME_NAME:
            return getattr(self.mp, name)(*args)
        function = getattr(sympy, name, None)
        if function is None or not isinstance(function, type | sympy.NumberSymbol):
            raise Unsupported(f"{name} is not a known function")
        exact = [sympy.Float(a, self.digits) for a in args]
        made = sympy.N(function(*exact) if args else function, self.digits)
        if not made.is_Float and not made.is_Rational:
            raise Outside(f"{name} has no value here")
        return self.mp.mpf(made._to_mpmath(self.mp.prec))
