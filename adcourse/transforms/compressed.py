"""Sparse Jacobians from few products, one per colour: the entries are read off from them unmixed.

Curtis, Powell & Reid 1974; Griewank & Walther 2008, chapter 8.
"""

from dataclasses import dataclass

import numpy as np

from adcourse.core.errors import WrongStructure
from adcourse.core.primitive import Traced, shape_of
from adcourse.core.recording import Recorded, trace
from adcourse.core.tree import split
from adcourse.transforms.batch import vmap
from adcourse.transforms.colouring import colour_columns, colour_star
from adcourse.transforms.forward import jvp
from adcourse.transforms.reverse import vjp
from adcourse.transforms.seeds import on_colours
from adcourse.transforms.sparsity import pattern_of

SAVED = 12  # a dense Jacobian is put together from colours if so many products are saved
SHARE = 4  # and this many are saved for each that is needed


@dataclass
class Compression:
    """How to read the entries of a pattern off from few products.

    `colours` of the columns, or of the rows where `transposed`. Entry number i of the csr pattern
    is entry `where[i]` of the stack of products, flattened.
    """

    pattern: object
    colours: np.ndarray
    transposed: bool
    where: np.ndarray

    @property
    def count(self):
        return int(np.max(self.colours, initial=-1)) + 1

    def entries(self, g, x, block):
        """The entries of the Jacobian of g at x, in the order of the pattern."""
        if self.transposed:
            y, pullback = vjp(g, x)
            products = on_colours(vmap(lambda bar: pullback(bar)[0]), self.colours, y, block)
        else:
            push = vmap(lambda dot: jvp(g, (x,), (dot,))[1])
            products = on_colours(push, self.colours, x, block)
        return np.reshape(products, (-1,))[self.where]


def places(pattern):
    """Row and column numbers of the entries of a csr pattern."""
    return np.repeat(np.arange(pattern.shape[0]), np.diff(pattern.indptr)), pattern.indices


def by_columns(pattern):
    colours = colour_columns(pattern)
    rows, columns = places(pattern)
    return Compression(pattern, colours, False, colours[columns] * pattern.shape[0] + rows)


def by_rows(pattern):
    colours = colour_columns(pattern.T.tocsr())
    rows, columns = places(pattern)
    return Compression(pattern, colours, True, colours[rows] * pattern.shape[1] + columns)


def by_stars(pattern):
    """Entry (i, j) of a symmetric matrix stands in row i of the product with the colour of j, and
    in row j of the product with the colour of i: unmixed in one of them.
    """
    pattern = pattern.multiply(pattern.T).tocsr()
    pattern.sort_indices()
    n, colours = pattern.shape[0], colour_star(pattern)
    rows, columns = places(pattern)
    here, there = colours[columns] * n + rows, colours[rows] * n + columns
    unmixed = np.bincount(here)[here] == 1
    return Compression(pattern, colours, False, np.where(unmixed, here, there))


# A way to compress, and a number of products that it needs at least.
COLUMNS = by_columns, lambda pattern: np.max(np.diff(pattern.indptr), initial=0)
ROWS = by_rows, lambda pattern: np.max(np.bincount(pattern.indices), initial=0)


def stars(f, x):
    """The way for the Hessian of f, which is symmetric unless f uses a rule that is no derivative.

    `custom_vjp` may say anything, for instance clip the gradient.
    """

    def way(pattern):
        rows = [node.primitive for node in aside(f, x).nodes]
        return (by_stars if all(row.lawful for row in rows) else by_columns)(pattern)

    return way, lambda pattern: pattern.nnz / max(1, pattern.shape[0])


def fewest(pattern, ways):
    """The compression with the fewest products; the first of several."""
    best = None
    for way, least in ways:
        if best is None or least(pattern) < best.count:
            found = way(pattern)
            best = found if best is None or found.count < best.count else best
    return best


def sparse_jacobian(g, x, ways, block):
    """The Jacobian of g at x as a csr array of SciPy: structural zeros are absent."""
    if split(x)[1] is not None:
        refuse(f"the argument is a {type(x).__name__} of arrays")
    if isinstance(x, Traced):
        refuse("this one is asked for inside another transformation, which traces NumPy arrays")
    from scipy import sparse

    graph = trace(g, x)
    if not bare(graph):
        refuse(f"the function returns a {type(graph.result).__name__} of arrays")
    found = fewest(pattern_of(graph), ways)
    entries = found.entries(g, x, block)
    if isinstance(entries, Traced):
        refuse("this one is asked for inside another transformation, which traces NumPy arrays")
    pattern = found.pattern
    return sparse.csr_array((entries, pattern.indices, pattern.indptr), shape=pattern.shape)


def refuse(why):
    raise WrongStructure(
        "A sparse Jacobian is one SciPy matrix, for one array as argument and one as result, but "
        f"{why}. Leave out sparse=True."
    )


def bare(graph):
    """Whether the program returned one array and not a nest."""
    return split(graph.result)[1] is None


def lean_jacobian(g, x, ways, products, block):
    """The dense Jacobian of g from compressed products, or None where that saves too little.

    Only for an x that is being recorded: then the program that is written down pays for the pattern
    once. `products(m, n)` says how many products the dense way needs.
    """
    if not isinstance(x, Recorded):
        return None
    try:
        import scipy.sparse  # noqa: F401
    except ImportError:
        return None
    graph = aside(g, x)
    if not bare(graph):
        return None
    y = graph.outputs[0]
    y_shape, x_shape = shape_of(getattr(y, "value", y)), x.shape
    m, n = int(np.prod(y_shape)), x.size
    most = min((products(m, n)) // SHARE, products(m, n) - SAVED)
    if most < 1:
        return None
    pattern = pattern_of(graph)
    if pattern.nnz > most * max(m, n):  # every product gives at most so many entries
        return None
    found = fewest(pattern, ways)
    if found.count > most:
        return None
    rows, columns = places(found.pattern)
    entries = found.entries(g, x, block)
    zeros = np.zeros(m * n, entries.dtype)
    _, spread = vjp(lambda flat: flat[rows * n + columns], zeros)  # the transpose of reading
    return np.reshape(spread(entries)[0], (*y_shape, *x_shape))


def aside(g, x):
    """The graph of g at x. Where x is being recorded, the outer graph does not note the branches.

    It will: the products, which are computed next, ask the same questions again.
    """
    guards = x.scope.guards if isinstance(x, Recorded) else []
    noted = len(guards)
    try:
        return trace(g, x)
    finally:
        del guards[noted:]
