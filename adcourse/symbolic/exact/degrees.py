"""How large the degree of an expression can be, which bounds the chance that residues mislead.

`Degrees` is a number system whose numbers are pairs: bounds for the degrees of a numerator and a
denominator in the random residues that a point is made of. Evaluating an expression over it costs
what one point costs.
"""

from adcourse.symbolic.exact.fields import HALVES, OF_EXP, Field, fraction, from_half_tangent

ZERO = None  # the number 0, which has no degree
CONSTANT = (0, 0)


class Degrees(Field):
    """Bounds for degrees.

    Two arguments of one function may meet modulo p by accident; that is a zero of the difference of
    two arguments, and `spread` bounds the degrees of all such differences. A square root counts
    like its radicand: `compare` multiplies by 2^m where m of them occur, the degree of a norm.

    >>> D = Degrees()
    >>> x = D.random()
    >>> D.div(D.power(x, 3), D.add(x, D.number(1)))
    (3, 1)
    """

    formal = True

    def __init__(self):
        self.arguments = []  # their degrees, one entry per use of a function

    @property
    def spread(self):
        return 4 * (len(self.arguments) + 1) * (sum(self.arguments) + len(self.arguments))

    def number(self, q):
        return CONSTANT if fraction(q) else ZERO

    def random(self):
        return (1, 0)

    def add(self, a, b):
        if a is ZERO or b is ZERO:
            return b if a is ZERO else a
        return max(a[0] + b[1], b[0] + a[1]), a[1] + b[1]

    def mul(self, a, b):
        if a is ZERO or b is ZERO:
            return ZERO
        return a[0] + b[0], a[1] + b[1]

    def neg(self, a):
        return a

    def inv(self, a):
        return CONSTANT if a is ZERO else (a[1], a[0])

    def power(self, a, n):
        if a is ZERO or n == 0:
            return CONSTANT if n == 0 else ZERO
        return (a[0] * n, a[1] * n) if n > 0 else (a[1] * -n, a[0] * -n)

    def is_zero(self, a):
        return a is ZERO

    def equal(self, a, b):
        return False

    def less(self, a, b):
        return False

    def sqrt(self, a):
        return a

    def function(self, name, args):
        if name == "sqrt":
            return self.sqrt(*args)
        self.arguments.append(sum(sum(a or CONSTANT) for a in args))
        if name in HALVES:
            return from_half_tangent(self, name, self.random())
        if name in OF_EXP:
            return OF_EXP[name](self, self.random())
        return self.random()

    # Cramer's rule with the common denominator of each row; elimination would add up far more.

    def determinant(self, A):
        rows = [[e or CONSTANT for e in row] for row in A]
        dens = [sum(d for _, d in row) for row in rows]
        tops = [max(n for n, _ in row) for row in rows]
        return sum(tops) + sum(dens), sum(dens)

    def inverse(self, A):
        n, d = self.determinant(A)
        return [[(n + d, n + d)] * len(A) for _ in A]
