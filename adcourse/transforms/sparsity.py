"""Which entries of a Jacobian can be different from zero: the chain rule, read over true and false.

The pattern of a node says for each of its entries which inputs it depends on. It is the sum, which
is an "or", over the arguments of: the pattern of the row's own Jacobian (adcourse/rules/
dependence.py) times the pattern of the argument. Values are not looked at, so that x * 0 depends on
x; only zeros of constant matrices in a product are known to be zero.

The pattern holds on the branch that the trace took, and may be too large, never too small.
Griewank & Walther 2008, section 7.1.
"""

from math import prod

import numpy as np

from adcourse.core.graph import Node
from adcourse.core.primitive import Traced, shape_of
from adcourse.core.recording import trace

EXACT = 10**6  # entries of a node's pattern that are kept in any case, and more than that,
PER_ROW = 64  # if these are no more per row and column: else the node's entries share one row


def pattern(f, *point):
    """The sparsity pattern of the Jacobian of f at this point, as a boolean csr array of SciPy.

    One row per number that f returns, one column per number of its arguments, both in the order of
    the leaves and in row-major order. True where the derivative can be different from zero.

    >>> print(pattern(lambda x: x[1:] * x[:-1], np.ones(3)).todense().astype(int))
    [[1 1 0]
     [0 1 1]]
    """
    return pattern_of(trace(f, *point))


def pattern_of(graph):
    """The pattern of the Jacobian of a recorded program."""
    from scipy import sparse

    sizes = [size_of(node) for node in graph.inputs]
    ends = np.cumsum(sizes)
    n = int(ends[-1]) if sizes else 0
    every = sparse.eye_array(n, dtype=bool, format="csr")
    inputs = [every[end - size : end] for end, size in zip(ends, sizes, strict=True)]
    found = graph.fold(inputs, lambda node, args: pattern_of_node(node, args, n))
    blocks = []
    for out in graph.outputs:
        if isinstance(out, Node):
            blocks.append(copied(found[out], size_of(out)))
        else:
            blocks.append(sparse.csr_array((prod(shape_of(out)), n), dtype=bool))
    whole = sparse.vstack(blocks, format="csr") if len(blocks) > 1 else blocks[0]
    whole.sum_duplicates()  # and sort
    return whole


def size_of(node):
    """How many entries a node has; the tuple of a row with several outputs counts as one."""
    return 1 if isinstance(node.value, tuple) else prod(shape_of(node.value))


def pattern_of_node(node, found, n):
    """The pattern of one node, from the patterns of its arguments.

    One row for a node of many entries says that they may all depend on the same inputs.
    """
    from scipy import sparse

    m, rule = size_of(node), node.primitive.depends
    args = [known(a) for a in node.args]
    total = sparse.csr_array((m, n), dtype=bool)
    for k, (a, inner) in enumerate(zip(node.args, found, strict=True)):
        if not isinstance(a, Node) or not inner.nnz:
            continue
        pairs = None
        if rule is not None and inner.shape[0] == size_of(a):
            pairs = rule(node.primitive, args, node.params, k)
        if pairs is not None:
            z, x = pairs
            room = max(EXACT, PER_ROW * (m + n))
            if np.diff(inner.indptr)[x].sum() <= room:
                local = sparse.csr_array((np.ones(len(z), bool), (z, x)), shape=(m, size_of(a)))
                total = either(total, local @ inner)
                continue
        total = either(total, united(inner))
    return total if total.shape[0] == m or m * total.nnz > EXACT else copied(total, m)


def known(a):
    """An argument as a rule wants it: constants as they are, other values unknown."""
    if isinstance(a, Node):
        a = a.value
    elif not isinstance(a, Traced):  # a value of an outer trace may be another one next time
        return a
    return np.broadcast_to(np.nan, () if isinstance(a, tuple) else shape_of(a))


def either(one, other):
    """The union of two patterns, in one row if one of them has one."""
    if one.shape != other.shape:
        one, other = united(one), united(other)
    return one + other


def united(rows):
    """One row: what any of the rows depends on."""
    from scipy import sparse

    columns = np.unique(rows.indices)
    ones = np.ones(len(columns), bool)
    return sparse.csr_array((ones, columns, [0, len(columns)]), shape=(1, rows.shape[1]))


def copied(rows, m):
    """A pattern of m rows, where one row may stand for all of them."""
    from scipy import sparse

    if rows.shape[0] == m:
        return rows
    columns = np.tile(rows.indices, m)
    starts = np.arange(m + 1) * rows.nnz
    return sparse.csr_array((np.ones(len(columns), bool), columns, starts), (m, rows.shape[1]))
