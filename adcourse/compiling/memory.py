"""Which arrays a program may write over, and which it may forget.

An array is dead after its last use, and that of everything that may be a view of it. Only arrays
that a ufunc made are written over: they are nobody else's memory. Liveness: Aho, Sethi & Ullman
1986, section 10.6.
"""

import operator

import numpy as np

from adcourse.core.graph import Node
from adcourse.core.primitive import table
from adcourse.rules.structure import reads_once, scatter

FORGET = 2**14  # bytes; a smaller array is not worth a line that forgets it
WRITE = 2**13  # bytes; a smaller result is made sooner than written to a given place
IN_PLACE = {np.add: "+=", np.subtract: "-=", np.multiply: "*=", np.divide: "/=", np.power: "**="}
COMMUTE = {np.add, np.multiply}


class Memory:
    """Where the values of a program live.

    `donor`: for a node, the node whose array it takes over. `forgotten`: for a node, the nodes
    whose arrays are dead after it. `added`: for a sum of an array and a scattered one, these two;
    the scattered array is never made. `copied`: the places of outputs that would share memory.
    """

    def __init__(self, graph):
        self.added = additions(graph)
        self.unmade = {part for _, part in self.added.values()}
        self.owners = {node: (node,) for node in graph.inputs}
        for node in graph.nodes:
            self.owners[node] = self.owners_of(node)
        self.last = self.last_uses(graph)
        self.donor, self.forgotten = {}, {}
        self.copied = self.shared_outputs(graph)
        self.plan(graph)

    def owners_of(self, node):
        """The nodes whose memory a node's value may be part of; a number has no memory."""
        if node.value.__class__ is float:
            return ()
        if is_fresh(node):
            return (node,)
        return tuple({node, *(owner for a in node.parents for owner in self.owners[a])})

    def reads(self, node):
        """The nodes whose values are read where this node is computed."""
        if node in self.added:
            whole, part = self.added[node]
            return [a for a in (whole, *part.parents) if a.__class__ is Node]
        return node.parents

    def last_uses(self, graph):
        """Where each array is used last; None for what lives on in a result or an input."""
        last = {}
        for k, node in enumerate(graph.nodes):
            if node.value.__class__ is not float and node not in self.unmade:
                for a in (node, *self.reads(node)):
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
                mine = set(self.owners[o])
                if not is_private(o) or taken & mine:
                    copied.add(place)
                else:
                    taken |= mine
        return copied

    def plan(self, graph):
        """Walk through the program with the dead arrays at hand."""
        dying = {}
        for node, k in self.last.items():
            if k is not None and node.primitive is not None and is_array(node):
                dying.setdefault(k, []).append(node)
        for k, node in enumerate(graph.nodes):
            dead = dying.get(k, ())
            if not dead:
                continue
            if node in self.added:
                whole = self.added[node][0]
                if whole.__class__ is Node and whole in dead and fits(whole, node):
                    self.donor[node] = whole
            elif writes(node):
                self.donor[node] = self.chosen(node, dead)
            taken = (node, self.donor.get(node))
            gone = [a for a in dead if a not in taken and a.value.nbytes >= FORGET]
            if gone:
                self.forgotten[node] = gone

    def chosen(self, node, dead):
        """The dead argument that a node writes over, best by an operator such as `*=`."""
        fit = [a for a in node.parents if a in dead and fits(a, node)]
        for a in fit:
            if by_operator(node, a):
                return a
        return fit[0] if fit and node.value.nbytes >= WRITE else None


def by_operator(node, donor):
    """Whether `donor *= other` computes the node."""
    numpy, args = node.primitive.numpy, node.args
    if numpy not in IN_PLACE:
        return False
    return args[0] is donor or (numpy in COMMUTE and args[1] is donor)


def additions(graph):
    """For each node x + scatter(y) or x - scatter(y), where nothing else needs the scattered y:
    x and the scattering node."""
    if not any(map(scatters, graph.nodes)):
        return {}
    users = graph.users()
    results = {o for o in graph.outputs if o.__class__ is Node}
    found = {}
    for node in graph.nodes:
        if node.primitive.numpy in (np.add, np.subtract) and is_array(node):
            pairs = [node.args, node.args[::-1]][: 1 + (node.primitive.numpy is np.add)]
            for whole, part in pairs:
                alone = scatters(part) and len(users[part]) == 1 and part not in results
                fit = all(fits_whole(a, node) for a in (whole, part))  # neither is copied along
                if alone and fit and whole is not part:
                    found[node] = (whole, part)
                    break
    return found


def scatters(a):
    """Whether a is a scattered array that `z[index] = y` makes: no entry is written twice."""
    if a.__class__ is not Node or a.primitive is not scatter:
        return False
    index = a.params["index"]
    if isinstance(index, np.ndarray) and index.dtype.kind == "i":
        return index.min(initial=0) >= 0 and len(np.unique(index)) == index.size
    return reads_once(index)


def fits_whole(whole, node):
    """Whether a node or a constant is an array of the node's shape and type."""
    value = whole.value if whole.__class__ is Node else whole
    if not isinstance(value, np.ndarray) or not value.ndim:
        return False
    return value.shape == node.value.shape and value.dtype == node.value.dtype


def is_private(node):
    """Whether the node's memory was made by the program: it is fresh, or a view of what is.

    Views that NumPy lets nobody write to are not meant.
    """
    if node.primitive is None or is_fresh(node):
        return node.primitive is not None
    row = node.primitive
    looks = row.numpy in VIEWS - READ_ONLY or row is table[operator.getitem]
    return looks and len(node.args) == 1 and is_private(node.args[0])


def is_array(node):
    return isinstance(node.value, np.ndarray) and node.value.ndim > 0


def is_fresh(node):
    """Whether the node's array is surely memory of its own."""
    row = node.primitive
    if isinstance(row.numpy, np.ufunc) or row is scatter:
        return True
    home = str(getattr(row.numpy, "__module__", None)).partition(".")[0]
    if home == "numpy":
        return row.numpy not in VIEWS or (row.numpy is np.einsum and len(node.args) > 1)
    return home == "adcourse" and row.kind == "elementwise"


# Rows of NumPy's that may return a view of their argument, or the argument itself.
VIEWS = {np.reshape, np.transpose, np.broadcast_to, np.diagonal, np.diag, np.flip, np.rot90}
READ_ONLY = {np.broadcast_to, np.diagonal, np.diag}
VIEWS.add(np.einsum)  # of one array; of several it is fresh


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
    return is_fresh(donor) and is_array(donor) and fits_whole(donor, node)
