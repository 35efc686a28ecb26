"""Which arrays a program may write over, and which it may forget.

An array is dead after its last use, and that of everything that may be a view of it. Only arrays
that a ufunc made are written over: they are nobody else's memory. Liveness: Aho, Sethi & Ullman
1986, section 10.6.
"""

import numpy as np

from adcourse.core.graph import Node

FORGET = 2**14  # bytes; a smaller array is not worth a line that forgets it


class Memory:
    """`donor`: for a node, the node whose array it takes over; `forgotten`: for a node, the nodes
    whose arrays are dead after it; `copied`: the outputs that would share memory."""

    def __init__(self, graph):
        self.owners = {node: {node} for node in graph.inputs}
        for node in graph.nodes:
            self.owners[node] = {node}
            if not is_fresh(node):
                for a in node.parents:
                    self.owners[node] |= self.owners[a]
        self.last = self.last_uses(graph)
        self.donor, self.forgotten = {}, {}
        self.copied = self.shared_outputs(graph)
        self.plan(graph)

    def last_uses(self, graph):
        """Where each array is used last; None for what lives on in a result or an input."""
        last = {}
        for k, node in enumerate(graph.nodes):
            for a in (node, *node.parents):
                for owner in self.owners[a]:
                    last[owner] = k
        for o in graph.outputs:
            if o.__class__ is Node:
                last.update(dict.fromkeys(self.owners[o], None))
        last.update(dict.fromkeys(graph.inputs, None))
        return last

    def shared_outputs(self, graph):
        """Places of outputs that share memory with an input, a constant or another output."""
        taken, copied = set(graph.inputs), set()
        for place, o in enumerate(graph.outputs):
            if o.__class__ is not Node:
                if isinstance(o, np.ndarray):
                    copied.add(place)
            elif isinstance(o.value, np.ndarray):
                if o.primitive is None or self.owners[o] & taken or not plain(self.owners[o]):
                    copied.add(place)
                taken |= self.owners[o]
        return copied

    def plan(self, graph):
        """Walk through the program with the dead arrays at hand."""
        dying = {}
        for node, k in self.last.items():
            if k is not None and node.primitive is not None and is_array(node):
                dying.setdefault(k, []).append(node)
        free = []  # dead arrays that no name holds but their own
        for k, node in enumerate(graph.nodes):
            dead = dying.get(k, ())
            if writes(node):
                donor = next((a for a in node.parents if a in dead and fits(a, node)), None)
                if donor is not None:
                    self.donor[node] = donor
            forgotten = [a for a in dead if a is not self.donor.get(node) and a is not node]
            forgotten = [a for a in forgotten if a.value.nbytes >= FORGET]
            if forgotten:
                self.forgotten[node] = forgotten


def is_array(node):
    return isinstance(node.value, np.ndarray) and node.value.ndim > 0


def is_fresh(node):
    """Whether the node's array is surely memory of its own."""
    return isinstance(node.primitive.numpy, np.ufunc) or node.primitive.numpy in FRESH


FRESH = {np.sum, np.where, np.concatenate, np.stack}


def plain(owners):
    """Whether all of these arrays were made by functions that make fresh ones."""
    return len(owners) == 1


def writes(node):
    """Whether the node may be told where to write: it is one ufunc of arrays, entry by entry."""
    numpy = node.primitive.numpy
    return (
        isinstance(numpy, np.ufunc)
        and numpy.signature is None
        and is_array(node)
        and not node.params
    )


def fits(donor, node):
    """Whether the node's entries fit into the donor's array, which a ufunc made."""
    return (
        is_fresh(donor)
        and is_array(donor)
        and donor.value.shape == node.value.shape
        and donor.value.dtype == node.value.dtype
    )
