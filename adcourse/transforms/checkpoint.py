"""checkpoint: remember the inputs of a piece of program, and run the piece again when it is needed.

Reverse mode stores what every operation's derivative needs. A checkpointed piece stores its inputs
only; the backward walk runs it a second time, on a tape of its own that is gone before the next
piece is reached. Memory falls to one piece at a time, for one more run of f.
Griewank & Walther 2008, chapter 12.
"""

from functools import wraps

from adcourse.core.errors import LosesDerivative
from adcourse.core.primitive import Traced, table
from adcourse.core.recording import again
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

        def of_leaves(*xs):
            return f(*rebuild(list(xs)), **kwargs)

        tape = innermost_tape(leaves)
        return of_leaves(*leaves) if tape is None else Piece(of_leaves, leaves, tape).run()

    return checkpointed


def innermost_tape(leaves):
    """The tape that interprets first, or None if another transformation does, or none."""
    traced = [leaf for leaf in leaves if isinstance(leaf, Traced)]
    innermost = max(traced, key=lambda leaf: leaf.scope.level, default=None)
    return innermost.scope if isinstance(innermost, Taped) else None


def marked(x):
    """x, with a mark for whoever writes the program down: what follows is computed once more."""
    return table[again](x) if isinstance(x, Traced) else x


class Piece:
    """A piece of program that leaves one edge per traced argument on a tape, and nothing else.

    `f` takes the leaves of its arguments. A subclass may pull back in another way than by running
    f again on a tape of its own.
    """

    def __init__(self, f, leaves, tape):
        self.f = f
        self.tape = tape
        self.leaves = leaves
        self.active = [isinstance(leaf, Taped) and leaf.scope is tape for leaf in leaves]
        self.values = [
            leaf.value if on else leaf for leaf, on in zip(leaves, self.active, strict=True)
        ]
        self.last = (None, None)

    def run(self):
        """The results of f, each with an edge to a slot that collects their cotangents."""
        results, rebuild = flatten(self.f(*self.values))
        if any(isinstance(y, Taped) and y.scope is self.tape for y in results):
            raise LosesDerivative(
                "A checkpointed function uses a traced value that is not among its arguments, so "
                "its derivative would be lost when it is run again. Pass it as an argument."
            )
        edges = self.tape.edges
        piece = len(edges)
        arguments = [leaf for leaf, on in zip(self.leaves, self.active, strict=True) if on]
        for k, leaf in enumerate(arguments):
            edges.append((piece, leaf.slot, self.share_of_argument, k))
        outputs = []
        for j, y in enumerate(results):
            slot = len(edges)
            edges.append((slot, piece, Shares.of, j))
            outputs.append(Taped(y, self.tape, slot))
        self.leaves = None  # the edges hold what is needed
        return rebuild(outputs)

    def share_of_argument(self, shares, k):
        """The cotangent of one argument; all are computed at once, once per backward walk."""
        seen, bars = self.last
        if seen is not shares:
            bars = self.pull(shares)
            self.last = (shares, bars)
        if k == 0:  # the walk goes from the last argument to the first
            self.last = (None, None)
        return bars[k]

    def pull(self, shares):
        """Cotangents of the traced arguments from those of the results that were used."""
        places = sorted(shares)

        def used(*inputs):
            results = flatten(self.f(*self.filled(inputs)))[0]
            return [results[j] for j in places]

        inputs = [marked(value) for value, on in zip(self.values, self.active, strict=True) if on]
        return vjp(used, *inputs)[1]([shares[j] for j in places])

    def filled(self, inputs):
        """All leaves of the arguments, with these in the places of the traced ones."""
        inputs = iter(inputs)
        return [
            next(inputs) if on else value
            for value, on in zip(self.values, self.active, strict=True)
        ]


class Shares(dict):
    """Cotangents of some of the results of a piece, by their place."""

    @classmethod
    def of(cls, bar, place):
        return cls({place: bar})

    def __add__(self, other):
        both = {j: self[j] + other[j] for j in self.keys() & other.keys()}
        return Shares({**self, **other, **both})
