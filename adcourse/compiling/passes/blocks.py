"""Long arrays in blocks: what is computed entry by entry may be computed a piece at a time.

An array of 100 000 numbers is longer than the processor's nearer caches, so that each step of a
program writes it to memory and the next one reads it back. In blocks of 4096 entries a whole run of
steps stays in the cache. For that the steps have to stand together.
"""

from collections import deque

import numpy as np

from adcourse.compiling.rewriting import with_nodes
from adcourse.core.graph import Node
from adcourse.core.primitive import shape_of

LONG = 2**16  # entries of an array that is worth it
STEPS = 4  # in one run; fewer gain less than the loop costs
BLOCK = 2**12  # entries
FAR = 64  # steps that a run may overtake


def blocks(graph):
    """Bring together what is computed entry by entry from long arrays, to be done in blocks.

    A run overtakes a few other steps, such as sums that none of it needs. It goes no further: to
    move what is computed again later to where it was computed first would keep all of it.
    """
    if not any(map(kind_of, graph.nodes)):
        return graph
    nodes, waiting = [], deque(graph.nodes)
    while waiting:
        nodes += next_run(waiting)
    return graph if nodes == graph.nodes else with_nodes(graph, nodes, {})


def next_run(waiting):
    """The nodes that come next, taken from those that wait in the order of the program."""
    first = waiting.popleft()
    kind = kind_of(first)
    run, overtaken, passed = [first], set(), []
    while kind and waiting and len(overtaken) < FAR:
        node = waiting[0]
        if kind_of(node) != kind:
            overtaken.add(node)
        elif overtaken.isdisjoint(node.parents):
            run.append(node)
        else:
            break
        passed.append(waiting.popleft())
    if len(run) < STEPS:
        waiting.extendleft(reversed(passed))
        return [first]
    waiting.extendleft(node for node in reversed(passed) if node in overtaken)
    return run


def kind_of(node):
    """The shape of a long array that is computed entry by entry from numbers and arrays like it;
    None for everything else."""
    if not isinstance(node.value, np.ndarray) or node.value.size < LONG or node.params:
        return None
    shape, function = node.value.shape, node.primitive.numpy
    if not isinstance(function, np.ufunc) or function.signature is not None:
        return None
    alike = all(shape_of(a.value) in (shape, ()) for a in node.parents)
    numbers = all(shape_of(a) == () for a in node.args if a.__class__ is not Node)
    return shape if alike and numbers else None


def runs(graph, left_out):
    """The runs of a graph that are done in blocks: first node -> all its nodes, in order."""
    found, run, kind = {}, [], None
    for node in (*graph.nodes, None):
        mine = None if node is None or node in left_out else kind_of(node)
        if mine != kind:
            if kind and len(run) >= STEPS:
                found[run[0]] = run
            run, kind = [], mine
        run.append(node)
    return found
