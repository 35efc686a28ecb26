"""The stages of `ad.compile`, one by one: for the cost curve of compiling and for profiles."""

from adcourse.compiling.passes import optimise
from adcourse.compiling.quick import Writer


def improved(graph):
    """The graph after all passes."""
    return optimise(graph)[0]


def written(graph):
    """The program's source text, and the namespace in which it runs."""
    writer = Writer(graph)
    return writer.text(), writer.space
