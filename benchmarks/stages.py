"""The stages of `ad.compile`, one by one: for the cost curve of compiling and for profiles."""

from adcourse.compile import program


def improved(graph):
    """The graph after all passes; none are there yet."""
    return graph


def written(graph):
    """The program's source text, and the namespace in which it runs."""
    return program(graph)
