"""The five kinds of rows. A row says a derivative once; the kind derives both modes from it.

| kind        | the row gives              | forward (JVP)          | reverse (VJP)                |
| ----------- | -------------------------- | ---------------------- | ---------------------------- |
| elementwise | one partial per argument   | Σ partial * x_dot      | unbroadcast(z_bar * partial) |
| linear      | its transpose              | the function itself    | the transpose                |
| bilinear    | one transpose per argument | product rule           | the transpose                |
| general     | jvp, vjp or both           | jvp, or vjp transposed | vjp, or jvp transposed       |
| constant    | nothing                    | zero                   | zero                         |

A rule is a lambda that *names what it needs*, and what it names is all that the tape keeps:

    z           the output                     z_bar        its cotangent (last)
    x, y, w     the first, second, third argument       x_dot, y_dot, w_dot   their tangents (last)
    x_shape     the shape of x, when its values are not needed
    axis, …     an option of the NumPy function

Rules are written in plain NumPy, so they are traced, differentiated and printed like any program.
"""

import numpy as np

from adcourse.core.primitive import Primitive, shape_of
from adcourse.core.shortcuts import install
from adcourse.core.tape import Tape, consume, pull_back, replay
from adcourse.rules.partial import Partial, lookup, names_of


class Rule:
    """A rule bound to the names that it needs, without its last parameter, the bar or dot."""

    def __init__(self, rule):
        self.rule = rule
        self.keep = lookup(names_of(rule)[:-1])

    def pull(self, z_bar, kept):
        return self.rule(*kept, z_bar)


class Elementwise(Primitive):
    """z = f(x, y, …) entry by entry, with broadcasting."""

    kind = "elementwise"

    def __init__(self, numpy, *partials, **facts):
        super().__init__(numpy, arity=len(partials), **facts)
        self.partials = [
            partial if partial is None else Partial(partial, k)
            for k, partial in enumerate(partials)
        ]
        if len(partials) <= 2:
            install(self)

    def edges(self, z, args, active, params):
        shape = shape_of(z)
        for k, partial in enumerate(self.partials):
            if active[k] and partial is not None:
                yield k, *partial.edge(shape, z, args)

    def tangent(self, z, args, dots, params):
        z_dot = None
        for partial, dot in zip(self.partials, dots, strict=True):
            if dot is not None and partial is not None:
                share = partial.times(dot, z, args)
                z_dot = share if z_dot is None else z_dot + share
        if z_dot is not None and shape_of(z_dot) != shape_of(z):
            z_dot = np.broadcast_to(z_dot, shape_of(z))
        return z_dot


class Linear(Primitive):
    """Linear in its array arguments together: the tangent goes through the function itself."""

    kind = "linear"

    def __init__(self, numpy, *transposes, arity=1, **facts):
        arity = None if arity is None else len(transposes)
        super().__init__(numpy, arity=arity, **facts)
        self.transposes = [t if t is None else Rule(t) for t in transposes]

    def edges(self, z, args, active, params):
        for k, on in enumerate(active):
            transpose = self.transposes[0 if self.arity is None else k]
            if on and transpose is not None:
                yield k, transpose.pull, transpose.keep(z, args, params, k)

    def tangent(self, z, args, dots, params):
        if self.arity is not None:
            moving = [d is not None for d, t in zip(dots, self.transposes, strict=True) if t]
            if not any(moving):
                return None
        inputs = []
        for k, (a, dot) in enumerate(zip(args, dots, strict=True)):
            if self.arity is not None and self.transposes[k] is None:
                inputs.append(a)  # a condition or an index: not an argument of the linear map
            else:
                inputs.append(np.zeros(shape_of(a)) if dot is None else dot)
        return self(*inputs, **params)


class Bilinear(Primitive):
    """Linear in each of two arguments: the product rule."""

    kind = "bilinear"

    def __init__(self, numpy, x_transpose, y_transpose, **facts):
        super().__init__(numpy, arity=2, **facts)
        self.transposes = [Rule(x_transpose), Rule(y_transpose)]

    def edges(self, z, args, active, params):
        for k, transpose in enumerate(self.transposes):
            if active[k]:
                yield k, transpose.pull, transpose.keep(z, args, params)

    def tangent(self, z, args, dots, params):
        (x, y), (x_dot, y_dot) = args, dots
        if y_dot is None:
            return self(x_dot, y, **params)
        if x_dot is None:
            return self(x, y_dot, **params)
        return self(x_dot, y, **params) + self(x, y_dot, **params)


class General(Primitive):
    """Anything else: a jvp, a vjp or both; the missing one is the transpose of the given one.

    `vjp` returns one cotangent for one argument, a tuple for several; it runs once per pullback.
    A rule that calls its own row must be given with both, or the derived one would never end.
    """

    kind = "general"

    def __init__(self, numpy, *, arity=1, jvp=None, vjp=None, **facts):
        super().__init__(numpy, arity=arity, **facts)
        self.jvp, self.vjp = jvp, vjp
        if vjp is not None:
            self.keep_vjp = lookup(names_of(vjp)[:-1])
        if jvp is not None:
            self.keep_jvp = lookup(names_of(jvp)[:-arity])

    def edges(self, z, args, active, params):
        if self.vjp is not None:
            kept = self.keep_vjp(z, args, params)
            shared = Once(lambda z_bar: self.vjp(*kept, z_bar))
        else:
            kept = self.keep_jvp(z, args, params)
            shapes = [shape_of(a) for a in args]
            shared = Once(lambda z_bar: transposed(self.jvp, kept, shapes, z_bar))
        for k, on in enumerate(active):
            if on:
                yield k, shared.pull, k

    def tangent(self, z, args, dots, params):
        if self.jvp is not None:
            filled = [
                np.zeros(shape_of(a)) if dot is None else dot
                for a, dot in zip(args, dots, strict=True)
            ]
            return self.jvp(*self.keep_jvp(z, args, params), *filled)
        kept = self.keep_vjp(z, args, params)
        with Tape("a derived rule", 1) as tape:
            (z_bar,) = tape.inputs([np.zeros(shape_of(z))])
            bars = self.vjp(*kept, z_bar)
            bars = bars if isinstance(bars, tuple) else (bars,)
            edges = tape.edges
        pairs = zip(bars, dots, strict=True)
        seeds = [(bar.slot, dot) for bar, dot in pairs if dot is not None]
        (z_dot,) = pull_back(replay(edges, 1), 1, seeds)
        return z_dot


class Once:
    """Cotangents of all arguments, computed once per cotangent of the output."""

    def __init__(self, rule):
        self.rule = rule
        self.last = (None, None)

    def pull(self, z_bar, k):
        seen, bars = self.last
        if seen is not z_bar:
            bars = self.rule(z_bar)
            bars = bars if isinstance(bars, tuple) else (bars,)
            self.last = (z_bar, bars)
        return bars[k]


def transposed(jvp, kept, shapes, z_bar):
    """The transpose of the linear map dots -> jvp(*kept, *dots), by recording it at zero."""
    n = len(shapes)
    with Tape("a derived rule", n) as tape:
        z_dot = jvp(*kept, *tape.inputs([np.zeros(shape) for shape in shapes]))
        edges = tape.edges
    bars = pull_back(consume(edges), n, [(z_dot.slot, z_bar)])
    return tuple(np.zeros(s) if b is None else b for b, s in zip(bars, shapes, strict=True))


class Constant(Primitive):
    """Piecewise constant: the derivative is zero wherever it exists."""

    kind = "constant"

    def __init__(self, numpy, arity=1, **facts):
        super().__init__(numpy, arity=arity, **facts)

    def edges(self, z, args, active, params):
        return ()

    def tangent(self, z, args, dots, params):
        return None


# the words that the table is written with
elementwise, linear, bilinear, general, constant = Elementwise, Linear, Bilinear, General, Constant
