"""checkpoint: remember the inputs of a piece of program, and run the piece again when it is needed.

Reverse mode stores what every operation's derivative needs. A checkpointed piece stores its inputs
only; the backward walk runs it a second time, on a tape of its own that is gone before the next
piece is reached. Memory falls to one piece at a time, for one more run of f.
Griewank & Walther 2008, chapter 12.
"""

from functools import wraps

from adcourse.core.errors import LosesDerivative
from adcourse.core.primitive import Traced
from adcourse.core.tape import Taped
from adcourse.core.tree import flatten
from adcourse.transforms.reverse import vjp


def checkpoint(f):
    """The same function, whose intermediate values reverse mode forgets and computes again.

    Arguments and results may be nested; keyword arguments pass through as constants. f must take
    every traced value that it uses as an argument, and must do the same when it is run twice.

    Cost: one more run of f in each pullback. In forward mode, vmap and trace it changes nothing.
    Raises LosesDerivative when f uses a traced value that is not among its arguments.

    >>> from adcourse import grad
    >>> import numpy as np
    >>> grad(lambda x: checkpoint(np.sin)(x) * x)(0.0)
    0.0
    """

    @wraps(f)
    def checkpointed(*args, **kwargs):
        leaves, rebuild = flatten(args)
        traced = [leaf for leaf in leaves if isinstance(leaf, Traced)]
        innermost = max(traced, key=lambda leaf: leaf.scope.level, default=None)
        if not isinstance(innermost, Taped):
            return f(*args, **kwargs)
        return on_tape(lambda *xs: f(*rebuild(list(xs)), **kwargs), leaves, innermost.scope)

    return checkpointed


def on_tape(f, leaves, tape):
    """Run f without recording it, and put one edge per traced argument on the tape."""
    active = [isinstance(leaf, Taped) and leaf.scope is tape for leaf in leaves]
    values = [leaf.value if on else leaf for leaf, on in zip(leaves, active, strict=True)]

    def of_active(*xs):
        xs = iter(xs)
        return f(*[next(xs) if on else value for value, on in zip(values, active, strict=True)])

    inputs = [value for value, on in zip(values, active, strict=True) if on]
    results, rebuild = flatten(of_active(*inputs))
    if any(isinstance(y, Taped) and y.scope is tape for y in results):
        raise LosesDerivative(
            "A checkpointed function uses a traced value that is not among its arguments, so its "
            "derivative would be lost when the function is run again. Pass it as an argument."
        )
    edges = tape.edges
    piece = len(edges)  # a slot that collects the cotangents of all results
    pulled = Pulled(of_active, inputs, len(results))
    for k, leaf in enumerate(leaf for leaf, on in zip(leaves, active, strict=True) if on):
        edges.append((piece, leaf.slot, pulled, k))
    outputs = []
    for j, y in enumerate(results):
        slot = len(edges)
        edges.append((slot, piece, Shares.of, j))
        outputs.append(Taped(y, tape, slot))
    return rebuild(outputs)


class Shares(dict):
    """Cotangents of some of the results of a piece, by their place."""

    @classmethod
    def of(cls, bar, place):
        return cls({place: bar})

    def __add__(self, other):
        return Shares(
            {
                j: self[j] + other[j] if j in self and j in other else self.get(j, other.get(j))
                for j in {**self, **other}
            }
        )


class Pulled:
    """Cotangents of the inputs of a piece: run it again, recorded, and pull back, once per walk."""

    def __init__(self, f, inputs, count):
        self.f = f
        self.inputs = inputs
        self.count = count
        self.last = (None, None)

    def __call__(self, shares, k):
        seen, bars = self.last
        if seen is not shares:
            places = sorted(shares)
            _, pullback = vjp(
                lambda *xs: [flatten(self.f(*xs))[0][j] for j in places], *self.inputs
            )
            bars = pullback([shares[j] for j in places])
            self.last = (shares, bars)
        if k == 0:  # the walk goes from the last argument to the first
            self.last = (None, None)
        return bars[k]
