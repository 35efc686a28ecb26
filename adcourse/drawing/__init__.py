"""Seeing a program: static drawings and stepping pictures of graphs, and LaTeX tables of a walk."""

from adcourse.core.errors import NotLowerable
from adcourse.core.graph import Graph
from adcourse.drawing.elimination import step_elimination
from adcourse.drawing.latex import Table, evaluation_table
from adcourse.drawing.picture import Picture
from adcourse.drawing.stepper import stepping
from adcourse.drawing.still import drawing
from adcourse.drawing.timeline import step_schedule

MOST_STEPPED = 40  # nodes of a stepping picture

__all__ = [
    "Picture",
    "Table",
    "draw",
    "evaluation_table",
    "step",
    "step_elimination",
    "step_schedule",
]


def draw(graph):
    """The static picture of a graph: each node a card with its formula and its value.

    Raises NotLowerable for anything that is not a graph.

    >>> from adcourse import trace
    >>> print(draw(trace(lambda x, y: x * y, 2.0, 3.0)))
    graph of f(x, y)
      x: input = 2
      y: input = 3
      v1 = np.multiply(x, y) = 6
      returns v1
    """
    return drawing(checked(graph))


def step(graph, mode="reverse", seed=None, key=""):
    """A picture that walks through a graph step by step: arrow keys, dots, or Prev and Next.

    `mode` is "reverse" (values, then adjoints; `seed` is the cotangent of the result, by default
    ones) or "forward" (values with tangents; `seed` is a tuple with one tangent per input, or a
    dict from names of inputs to tangents, by default ones for the first input and zero for the
    others). The same graph twice on one page: give each its own `key`. A graph of more than 40
    nodes is drawn without steps.

    Raises NotLowerable for anything that is not a graph, WrongStructure for another mode or a seed
    that does not fit.

    >>> from adcourse import trace
    >>> print(step(trace(lambda x: x * x, 3.0), mode="forward"))
      1  forward  given: x = 3 ; chosen: ẋ = 1
      2  forward  f = x² = 3² = 9 ; ḟ = ẋ · x + ẋ · x = 1 · 3 + 1 · 3 = 6
      3  forward  the derivative: ∂f/∂x = ḟ = 6
    """
    count = len(checked(graph).inputs) + len(graph.nodes)
    if count > MOST_STEPPED:
        return drawing(
            graph,
            f"This graph has {count} nodes; more than {MOST_STEPPED} are too many to step through, "
            "so it is drawn without steps. Trace a smaller part of the program to walk through it.",
        )
    return stepping(graph, mode, seed, key) if count else drawing(graph)


def checked(graph):
    """The graph itself, or a sentence."""
    if isinstance(graph, Graph):
        return graph
    if callable(graph):
        name = getattr(graph, "__name__", "f")
        name = name if name.isidentifier() else "f"
        raise NotLowerable(
            f"A function is drawn at a point: write ad.trace({name}, …) with its arguments first."
        )
    raise NotLowerable(
        f"Only the graph of a program can be drawn, not a {type(graph).__name__}: "
        "write ad.draw(ad.trace(f, x))."
    )
