"""The kinds of rows. A row says a derivative once; the kind derives both modes from it.

| kind        | the row gives              | forward (JVP)          | reverse (VJP)                |
| ----------- | -------------------------- | ---------------------- | ---------------------------- |
| elementwise | one partial per argument   | Σ partial * x_dot      | unbroadcast(z_bar * partial) |
| linear      | its transpose              | the function itself    | the transpose                |
| bilinear    | one transpose per argument | product rule           | the transpose                |
| general     | jvp, vjp or both           | jvp, or vjp transposed | vjp, or jvp transposed       |
| several     | as general, many outputs   | one tangent per output | vjp of all cotangents        |
| constant    | nothing                    | zero                   | zero                         |
| spelled     | other rows                 | theirs                 | theirs                       |

A rule is a lambda that *names what it needs*, and what it names is all that the tape keeps:

    z           the output                     z_bar        its cotangent (last)
    x, y, w     the first, second, third argument       x_dot, y_dot, w_dot   their tangents (last)
    x_shape     the shape of x, when its values are not needed
    axis, …     an option of the NumPy function; params all of them
    k, args, others, shapes     for rows of any number of arrays: the position of the argument,
                the arguments, all but the first, their shapes

Rules are written in plain NumPy, so they are traced, differentiated and printed like any program.
"""

import numpy as np

from adcourse.core.primitive import Primitive, shape_of
from adcourse.core.shortcuts import install
from adcourse.core.tape import Tape, consume, pull_back, replay
from adcourse.rules import dependence
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
    depends = staticmethod(dependence.entry_by_entry)

    def __init__(self, numpy, *partials, **facts):
        super().__init__(numpy, arity=len(partials), **facts)
        self.partials = [
            partial if partial is None else Partial(partial, k)
            for k, partial in enumerate(partials)
        ]
        if len(partials) <= 2 and None not in partials:
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
    """Linear in its array arguments together: the tangent goes through the function itself.

    An argument whose transpose is None is a condition or an index, no argument of the linear map.
    With `arity=None` the last transpose serves all further arguments.
    """

    kind = "linear"

    def __init__(self, numpy, *transposes, arity=1, **facts):
        arity = None if arity is None else len(transposes)
        super().__init__(numpy, arity=arity, **facts)
        self.transposes = [t if t is None else Rule(t) for t in transposes]

    def transpose_of(self, k):
        return self.transposes[min(k, len(self.transposes) - 1)]

    def edges(self, z, args, active, params):
        for k, on in enumerate(active):
            transpose = self.transpose_of(k)
            if on and transpose is not None:
                yield k, transpose.pull, transpose.keep(z, args, params, k)

    def tangent(self, z, args, dots, params):
        dots = [None if self.transpose_of(k) is None else dot for k, dot in enumerate(dots)]
        if all(dot is None for dot in dots):
            return None
        inputs = []
        for k, (a, dot) in enumerate(zip(args, dots, strict=True)):
            if self.transpose_of(k) is None:
                inputs.append(a)
            else:
                inputs.append(np.zeros(shape_of(a)) if dot is None else dot)
        return self(*inputs, **params)


class Bilinear(Primitive):
    """Linear in each of its arguments: the product rule, and one transpose for each.

    With `arity=None` it takes any number of arguments, and one transpose, which names k, for all.
    """

    kind = "bilinear"

    def __init__(self, numpy, *transposes, arity=2, **facts):
        super().__init__(numpy, arity=arity, **facts)
        self.transposes = [Rule(t) for t in transposes]

    def edges(self, z, args, active, params):
        for k, on in enumerate(active):
            if on:
                transpose = self.transposes[min(k, len(self.transposes) - 1)]
                yield k, transpose.pull, transpose.keep(z, args, params, k)

    def tangent(self, z, args, dots, params):
        z_dot = None
        for k, dot in enumerate(dots):
            if dot is not None:
                share = self(*args[:k], dot, *args[k + 1 :], **params)
                z_dot = share if z_dot is None else z_dot + share
        return z_dot


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
    depends = staticmethod(dependence.nowhere)

    def __init__(self, numpy, arity=1, **facts):
        super().__init__(numpy, arity=arity, **facts)

    def edges(self, z, args, active, params):
        return ()

    def tangent(self, z, args, dots, params):
        return None


class Spelled(General):
    """One name for a spelling with other rows, so that a trace shows the name.

    Where a derivative is wanted the spelling runs, which keeps more than the function itself:
    solve its factorisation, eigvalsh the eigenvectors. Plain arrays take NumPy's own function.
    """

    kind = "spelled"

    def __init__(self, numpy, spelling, *, arity=1, **facts):
        super().__init__(numpy, arity=arity, vjp=self.pull_spelling, **facts)
        self.spelling = spelling
        self.keep_vjp = lambda z, args, params: (args, params)

    def pull_spelling(self, args, params, z_bar):
        """The pullback for who reads a graph, where the row stands under its own name."""
        with Tape("a spelled row", len(args)) as tape:
            z = self.spelling(*tape.inputs(args), **params)
            edges = tape.edges
        bars = pull_back(consume(edges), len(args), [(z.slot, z_bar)])
        return tuple(
            np.zeros(shape_of(a)) if bar is None else bar for a, bar in zip(args, bars, strict=True)
        )


# the words that the table is written with
elementwise, linear, bilinear, general, constant = Elementwise, Linear, Bilinear, General, Constant
spelled = Spelled
