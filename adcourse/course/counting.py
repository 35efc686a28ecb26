"""What an answer did to get its numbers: how often it ran a function, whether it asked for AD."""

from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps

from ..core import scope


def counted(f):
    """f, which also counts in `.runs` how often it is run.

    >>> square = counted(lambda x: x * x)
    >>> square(3.0) + square(4.0)
    25.0
    >>> square.runs
    2
    """

    @wraps(f)
    def g(*args, **kwargs):
        g.runs += 1
        return f(*args, **kwargs)

    g.runs = 0
    return g


@dataclass
class Used:
    """How many transformations the package opened: each grad, jvp, vjp, trace, … is one or more."""

    transforms: int = 0


@contextmanager
def by_hand():
    """Count the package's own derivatives that are taken inside, for what is asked by hand.

    >>> import adcourse as ad
    >>> with by_hand() as used:
    ...     slope = 2 * 3.0
    >>> used.transforms
    0
    >>> with by_hand() as used:
    ...     slope = ad.grad(lambda x: x * x)(3.0)
    >>> used.transforms > 0
    True
    """
    used, before = Used(), next(scope.levels)  # every transformation takes the next number
    try:
        yield used
    finally:
        used.transforms = next(scope.levels) - before - 1
