"""The partial derivative of an elementwise function, and what a rule needs to run later."""

import operator

import numpy as np

from adcourse.core.primitive import shape_of
from adcourse.rules.shapes import unbroadcast

LETTERS = ("x", "y", "w")


def names_of(rule):
    """The parameters of a rule, in order."""
    code = rule.__code__
    return code.co_varnames[: code.co_argcount]


def lookup(names):
    """A function (z, args, params, k) -> the values that a rule names."""

    def getter(name):
        letter = name.removesuffix("_shape")
        if name == "z":
            return lambda z, args, params, k: z
        if name == "k":  # the position of the argument, for rows of any number of arrays
            return lambda z, args, params, k: k
        if name == "shapes":
            return lambda z, args, params, k: [shape_of(a) for a in args]
        if name == "others":  # all arguments but the first
            return lambda z, args, params, k: args[1:]
        if name == "args":
            return lambda z, args, params, k: args
        if name == "params":
            return lambda z, args, params, k: params
        if name in LETTERS:
            i = LETTERS.index(name)
            return lambda z, args, params, k: args[i]
        if letter in LETTERS:
            i = LETTERS.index(letter)
            return lambda z, args, params, k: shape_of(args[i])
        return lambda z, args, params, k: params.get(name)

    getters = [getter(name) for name in names]
    return lambda z, args, params=None, k=0: tuple([get(z, args, params, k) for get in getters])


class Partial:
    """∂z/∂x of an elementwise function: the number 1 or -1, or a rule of z, x, y.

    Scalars save the number at once (`number`), arrays what the rule names (`keep`), and `pull`
    multiplies a cotangent by the partial. `pull` is None where the cotangent passes unchanged.
    """

    def __init__(self, rule, k):
        self.rule = rule
        self.k = k
        self.is_one = rule == 1
        self.values = None if rule in (1, -1) else lookup(names_of(rule))
        if rule in (1, -1):
            self.pull = self.pull_scalar = None if rule == 1 else negate
            self.keep = self.number = nothing
        elif rule.__code__.co_code == IDENTITY:  # ∂(xy)/∂x is y itself, ∂eˣ/∂x is z itself
            self.pull = self.pull_scalar = operator.mul
            self.keep = self.number = PICK[names_of(rule)[0]]
        else:
            get = self.values
            self.pull_scalar = operator.mul
            self.number = numbering(rule, names_of(rule), get)
            if len(names_of(rule)) == 1:  # most rules need one value
                self.keep = PICK[names_of(rule)[0]]
                self.pull = multiplying(rule)
            else:
                self.keep = lambda z, *args: get(z, args)
                self.pull = lambda z_bar, kept: z_bar * evaluate(rule, kept)

    def edge(self, shape, z, args):
        """`(pull, kept)` for a z of this shape; the pull sums over what was broadcast."""
        own = shape_of(args[self.k])
        kept = self.keep(z, *args)
        if own == shape:
            return self.pull, kept
        pull = self.pull or (lambda z_bar, kept: z_bar)
        return lambda z_bar, kept: unbroadcast(pull(z_bar, kept), own), kept

    def value(self, z, args):
        """The partial itself: a number, or an array that broadcasts to z."""
        if self.rule in (1, -1):
            return self.rule
        return evaluate(self.rule, self.values(z, args))

    def times(self, dot, z, args):
        """The partial times a tangent."""
        if self.rule == 1:
            return dot
        return -dot if self.rule == -1 else self.value(z, args) * dot


IDENTITY = (lambda x: x).__code__.co_code
PICK = {  # faster than a general look-up, for rows of at most two arguments
    "z": lambda z, x, y=None, *rest: z,
    "x": lambda z, x, y=None, *rest: x,
    "y": lambda z, x, y, *rest: y,
}


def negate(z_bar, kept):
    return -z_bar


def nothing(z, *args):
    return None


def numbering(rule, names, get):
    """∂z/∂x at Python floats, as a Python float."""

    def at(*values):
        return float(evaluate(rule, values))

    if names == ("x",):
        return lambda z, x, y=None: at(x)
    if names == ("z",):
        return lambda z, x, y=None: at(z)
    return lambda z, *args: at(*get(z, args))


def multiplying(rule):
    """The pull of a rule that needs one value."""

    def pull(z_bar, kept):
        return z_bar * (evaluate(rule, (kept,)) if kept.__class__ is float else rule(kept))

    return pull


def evaluate(rule, values):
    """A rule at these values, and 1/0 is inf, as in NumPy, also where the values are floats."""
    try:
        partial = rule(*values)
    except ArithmeticError:
        partial = None
    if partial is None or partial.__class__ is complex:  # a power of a negative float is complex
        return rule(*[np.float64(v) if v.__class__ is float else v for v in values])
    return partial
