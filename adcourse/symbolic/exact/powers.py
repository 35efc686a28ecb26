"""Powers over a number system, and the ways in which a value is made of values."""

from functools import reduce

import sympy

from adcourse.symbolic.exact.fields import fraction
from adcourse.symbolic.exact.signals import Unsupported

SHORT = 64  # powers up to this one are taken of the function's value, so that x^a·x^2a = x^3a


def strict(function):
    """A way to combine values that needs all of them, as numbers."""

    def combine(field, point, *values):
        return function(field, *map(number, values))

    return combine


def number(value):
    """A value as a number; a matrix of one entry is its entry."""
    if isinstance(value, Exception):
        raise value
    if isinstance(value, list):
        if len(value) != 1 or len(value[0]) != 1:
            raise Unsupported("a matrix stands where a number is needed")
        return value[0][0]
    return value


def power_plan(base, exponent):
    """base^exponent, where no base means e.

    A whole exponent multiplies, ½ is a square root. Where functions are formal, a sum of exponents
    is a product of powers, and a small multiple a power of the value, so that e^2x = (e^x)².
    """
    terms = [term.as_coeff_Mul() for term in sympy.Add.make_args(exponent)]
    if any(not c.is_Rational and not c.is_Float for c, _ in terms):
        terms = [(sympy.S.One, exponent)]
    terms = [(fraction(c), rest) for c, rest in terms]
    parts = [rest for _, rest in terms]
    if base is not None:
        parts.append(base)

    def combine(field, point, *values):
        values = [number(value) for value in values]
        a = values.pop() if base is not None else None
        if field.formal:
            factors = [
                formal_power(field, a, c, None if rest == 1 else value)
                for (c, rest), value in zip(terms, values, strict=True)
            ]
            return reduce(field.mul, factors)
        if all(rest == 1 for _, rest in terms):
            return numeric_power(field, a, sum(c for c, _ in terms))
        products = [field.mul(field.number(c), v) for (c, _), v in zip(terms, values, strict=True)]
        return function_power(field, a, reduce(field.add, products))

    return parts, combine


def numeric_power(field, a, c):
    """A number to a rational power; None stands for e."""
    if a is None:
        return field.function("exp", [field.number(c)])
    if c.denominator == 1:
        return field.power(a, c.numerator)
    if c.denominator == 2:
        return field.power(field.sqrt(a), c.numerator)
    return function_power(field, a, field.number(c))


def function_power(field, a, exponent):
    if a is None:
        return field.function("exp", [exponent])
    return field.function("power", [a, exponent])


def formal_power(field, a, c, value):
    """a^(c·value); of the number c alone where value is None."""
    if value is None and (a is not None and c.denominator <= 2):
        return numeric_power(field, a, c)
    value = field.number(1) if value is None else value
    if abs(c.numerator) > SHORT:
        return function_power(field, a, field.mul(field.number(c), value))
    unit = field.mul(field.number(fraction(1) / c.denominator), value)
    return field.power(function_power(field, a, unit), c.numerator)
