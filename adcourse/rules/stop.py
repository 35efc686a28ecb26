"""stop_gradient: a value taken as a constant."""

from adcourse.core.primitive import Traced
from adcourse.core.tree import flatten
from adcourse.rules.kinds import constant


def held(x):
    """x itself, as a row whose derivative is zero."""
    return x


held = constant(held, name="stop_gradient", sympy="x")


def stop_gradient(tree):
    """The same values as constants: every derivative through them is zero.

    Takes and returns a nested value of arrays, traced or plain.

    >>> from adcourse import grad
    >>> grad(lambda x: x * stop_gradient(x))(3.0)
    3.0
    """
    leaves, rebuild = flatten(tree)
    return rebuild([held(leaf) if isinstance(leaf, Traced) else leaf for leaf in leaves])
