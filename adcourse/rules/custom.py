"""A user's own rules: for functions that NumPy does not have, or has with a worse derivative."""

from functools import update_wrapper

from adcourse.core.errors import MissingRule
from adcourse.core.primitive import Primitive
from adcourse.rules.kinds import Elementwise, General


def primitive(f, *partials, jvp=None, vjp=None, arity=1, sympy=None):
    """A row of the table for a function of plain arrays, written in the table's own language.

    With `partials`, one per argument, f acts entry by entry: each is the number 1 or -1 or a
    lambda that names what it needs, z the output, x, y, w the arguments. Otherwise `jvp` or `vjp`
    or both are given, as in adcourse/rules/linalg.py, and `arity` says how many arrays f takes.
    `sympy` is the meaning of f as a formula of x, y, w.

    f sees plain arrays only, so it may do what a trace cannot: call a library, write in place.

    >>> import math
    >>> import numpy as np
    >>> from adcourse import grad
    >>> erf = primitive(math.erf, lambda x: 2 / math.pi**0.5 * np.exp(-x * x), sympy="erf(x)")
    >>> round(grad(erf)(0.0), 4)
    1.1284
    """
    if partials:
        return Elementwise(f, *partials, sympy=sympy)
    if jvp is None and vjp is None:
        raise MissingRule("A primitive needs its derivative: partials, or jvp=, or vjp=.")
    return General(f, arity=arity, jvp=jvp, vjp=vjp, sympy=sympy)


class Custom(General):
    """A function of arrays with a rule of its own; f itself sees plain arrays only."""

    lawful = False

    def __init__(self, f):
        Primitive.__init__(self, f, arity=None)
        update_wrapper(self, f)
        self.jvp = self.vjp = None

    def __call__(self, *args):
        if self.jvp is None and self.vjp is None:
            raise MissingRule(
                f"{self.name} has no rule yet: decorate one with .defjvp (custom_jvp), or give two "
                "to .defvjp (custom_vjp)."
            )
        return super().__call__(*args)


class custom_jvp(Custom):
    """A function whose pushforward is given: `f.defjvp(rule)`, rule(primals, tangents) -> (y, ẏ).

    The rule must be linear in the tangents and written in NumPy; the pullback is its transpose.

    >>> import numpy as np
    >>> from adcourse import grad
    >>> @custom_jvp
    ... def log1pexp(x):
    ...     return np.log1p(np.exp(x))
    >>> @log1pexp.defjvp
    ... def log1pexp_jvp(primals, tangents):
    ...     (x,), (x_dot,) = primals, tangents
    ...     return log1pexp(x), x_dot * (1 - 1 / (1 + np.exp(x)))
    >>> grad(log1pexp)(0.0)
    0.5
    """

    def defjvp(self, rule):
        self.jvp = lambda args, *dots: rule(tuple(args), dots)[1]
        self.keep_jvp = lambda z, args, params: (args,)
        return rule


class custom_vjp(Custom):
    """A function whose pullback is given: `f.defvjp(forward, backward)`.

    `forward(*args)` returns (y, kept), `backward(kept, y_bar)` one cotangent per argument as a
    tuple. Both are written in NumPy; the pushforward is the transpose of the pullback. `forward`
    runs when the pullback does, so nothing but the arguments is stored.

    >>> from adcourse import grad
    >>> f = custom_vjp(lambda x: x)
    >>> f.defvjp(lambda x: (x, None), lambda kept, y_bar: (-y_bar,))  # reverses gradients
    >>> grad(lambda x: f(x) ** 2)(3.0)
    -6.0
    """

    def defvjp(self, forward, backward):
        self.vjp = lambda args, z_bar: tuple(backward(forward(*args)[1], z_bar))
        self.keep_vjp = lambda z, args, params: (args,)
