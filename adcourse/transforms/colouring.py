"""Colours for the columns of a pattern: columns of one colour never meet in a row.

Then one product J v, with v the sum of the unit vectors of a colour, holds all entries of these
columns unmixed. Curtis, Powell & Reid 1974; Coleman & Moré 1983; Gebremedhin, Manne & Pothen 2005.
"""

import numpy as np


def colour_columns(pattern):
    """A colour 0…p-1 for each column of a csr pattern; p is as small as two greedy orders find.

    A tridiagonal matrix needs three colours, however large it is:

    >>> from scipy import sparse
    >>> tridiagonal = np.eye(7) + np.eye(7, k=1) + np.eye(7, k=-1)
    >>> colour_columns(sparse.csr_array(tridiagonal))
    array([0, 1, 2, 0, 1, 2, 0])
    """
    n = pattern.shape[1]
    in_row = np.diff(pattern.indptr)
    if 2 * np.max(in_row, initial=0) > n:  # so many columns meet: little is to be saved
        return np.arange(n)
    columns = rows_of(pattern.T.tocsr())
    degrees = pattern.T.astype(int) @ in_row
    return fewest(lambda order: greedy(columns, pattern.shape[0], order), degrees)


def greedy(columns, m, order):
    """One column after the other gets the first colour that none of its rows has seen.

    The colours that a row has seen are the bits of one whole number.
    """
    seen, bits = [0] * m, [0] * len(columns)
    for j in order:
        taken = 0
        for i in columns[j]:
            taken |= seen[i]
        bits[j] = bit = ~taken & (taken + 1)
        for i in columns[j]:
            seen[i] |= bit
    return bits


def colour_star(pattern):
    """Colours for a symmetric pattern: neighbours differ, and so do two of any path of four.

    Such a path would need a third colour: then each entry above or below the diagonal stands alone
    in one of its two compressed columns. Greedy: two neighbours of w may share a colour only if w
    has a smaller one, or both are not decided yet. Gebremedhin, Manne & Pothen 2005, section 4.

    A matrix of a diagonal, one full row and one full column needs two colours:

    >>> arrow = np.eye(5, dtype=bool)
    >>> arrow[0] = arrow[:, 0] = True
    >>> from scipy import sparse
    >>> colour_star(sparse.csr_array(arrow))
    array([0, 1, 1, 1, 1])
    """
    neighbours = rows_of(pattern)

    def star(order):
        bits, around = [0] * len(neighbours), [0] * len(neighbours)
        for v in order:
            taken = 0
            for w in neighbours[v]:
                if w != v:
                    taken |= bits[w] | around[w] & (bits[w] - 1)  # all bits where w has none
            bits[v] = bit = ~taken & (taken + 1)
            for w in neighbours[v]:
                around[w] |= bit if w != v else 0
        return bits

    return fewest(star, np.diff(pattern.indptr))


def fewest(colouring, degrees):
    """The better of two orders: as the columns stand, and those with most neighbours first."""
    orders = range(len(degrees)), np.argsort(-degrees, kind="stable").tolist()
    found = [np.array([bit.bit_length() - 1 for bit in colouring(order)]) for order in orders]
    return min(found, key=lambda colours: np.max(colours, initial=0))


def rows_of(pattern):
    """The column numbers of each row, as lists."""
    ends, indices = pattern.indptr.tolist(), pattern.indices.tolist()
    return [indices[start:end] for start, end in zip(ends, ends[1:], strict=False)]
