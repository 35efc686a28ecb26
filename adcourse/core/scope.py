"""One run of one transformation.

Derivatives nest: inside `grad(f)`, f may call `grad` again. Each run opens a `Scope` with a number
that only grows, and the open scope with the largest number, the innermost, interprets first. There
is no global stack: an exception inside f leaves nothing behind, threads do not meet, and a traced
array that outlives its scope is noticed because its scope is closed.
"""

from itertools import count

levels = count(1)


class Scope:
    """An interval of time in which one transformation interprets its own traced arrays."""

    __slots__ = ("level", "maker", "open")

    def __init__(self, maker):
        self.level = next(levels)
        self.maker = maker
        self.open = True

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.open = False
