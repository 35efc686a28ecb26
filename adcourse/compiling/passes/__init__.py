"""The passes: small steps from a graph to a better one that computes the same.

Each is a function from graph to graph on a page of its own, and its first line says what it does.
`optimise` runs them in this order.
"""

from dataclasses import dataclass

from adcourse.compiling.passes.blocks import blocks
from adcourse.compiling.passes.broadcasts import broadcasts
from adcourse.compiling.passes.common import common
from adcourse.compiling.passes.components import components
from adcourse.compiling.passes.contractions import contractions
from adcourse.compiling.passes.dead import dead
from adcourse.compiling.passes.identities import identities
from adcourse.compiling.passes.layout import layout
from adcourse.compiling.passes.numbers import numbers
from adcourse.compiling.rewriting import renamed
from adcourse.compiling.source import source

PASSES = (numbers, broadcasts, identities, layout, contractions, components, common, dead, blocks)


@dataclass(frozen=True)
class Step:
    """What one pass did: its name, what it is for, and the program before and after it."""

    name: str
    purpose: str
    before: object
    after: object

    def source(self):
        """The program after this pass, as NumPy source."""
        return source(renamed(self.after))


def optimise(graph, passes=PASSES):
    """The program that the passes make of a graph, and a Step for each pass.

    >>> import numpy as np
    >>> from adcourse import trace
    >>> graph, steps = optimise(trace(lambda x: np.sin(x) * np.sin(x), 2.0))
    >>> graph
    graph of f(x)
      x: input = 2
      v1 = np.sin(x) = 0.909297
      v2 = np.multiply(v1, v1) = 0.826822
      returns v2
    """
    steps = []
    for each in passes:
        after = each(graph)
        steps.append(Step(each.__name__, each.__doc__.split("\n")[0], graph, after))
        graph = after
    return renamed(graph), steps
