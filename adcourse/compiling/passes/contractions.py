"""Sums of products: the product is added up while it is made, and never stored.

np.sum(a * b) writes the product down and reads it again. `@` and np.einsum do both at once, on
operands without the axes of length 1 along which they are copied.

The terms are those of the program, added in another order. np.sum adds along the last axis by
pairs, with an error of about log n roundings; the others add one term after the other, in a few
lanes: about √n roundings of Σ|aᵢbᵢ| for n terms (Higham 2002, sections 3.1 and 4.2). So a long last
axis stays with np.sum. Every product is formed, and 0·∞ is nan as before. For that a sum whose axis
only one factor has stays, too: np.einsum takes the other factor out, and ∞·(1 - 2) is not ∞ - 2·∞.
"""

import operator
from math import prod

import numpy as np

from adcourse.compiling.passes.components import FLOATS, has_few_components
from adcourse.compiling.passes.identities import factored, scaled
from adcourse.compiling.rewriting import needs, reshaped, rewritten
from adcourse.core.graph import Node
from adcourse.core.points import dtype_of
from adcourse.core.primitive import shape_of, table
from adcourse.rules.einsum import contract
from adcourse.rules.reductions import axes_of

LETTERS = "ijklmnopqrstuvwxyz"
MOST_TERMS = {np.matmul: 2**16, np.einsum: 2**10}  # whose sum is right to a few roundings


def contractions(graph):
    """Add up products while they are made, by @ and np.einsum."""
    if not any(map(is_contraction, graph.nodes)):
        return graph
    users = needs(graph)
    return rewritten(graph, {table[np.sum]: lambda *parts: contracted(users, *parts)})


def contracted(users, node, args, make):
    """The sum of a product that no one else needs."""
    old = node.args[0]
    if not is_contraction(node) or not all(map(is_contraction, users[old])):
        return None
    factors, c = list(factors_of(args[0])), 1.0
    for k, factor in enumerate(factors_of(old)):
        inside = factored(factors[k])
        if inside and set(users[factor]) == {old} and is_ordinary(inside[1]):
            factors[k], c = inside[0], c * inside[1]
    words = Words(node)
    factors = [shaped(a, words.shape(t), make) for a, t in zip(factors, words.terms, strict=True)]
    if words.out:  # the number goes where there are fewest entries
        k = min(range(2), key=lambda k: prod(shape_of(factors[k])))
        factors[k], c = scaled(factors[k], c, make), 1.0
    result = words.product(factors, make) if words.is_product else words.einsum(factors, make)
    return scaled(shaped(result, shape_of(node.value), make), c, make)


def is_ordinary(c):
    """Whether a factor c may move to another array without overflow that was not there before,
    but for entries within a factor of a million of it."""
    return 2.0**-20 <= abs(c) <= 2.0**20


def is_contraction(node):
    """Whether a node is the sum of a product of float arrays that is better added up otherwise."""
    if node is None or node.primitive is not table[np.sum] or dtype_of(node.value) not in FLOATS:
        return False
    factors = factors_of(node.args[0])
    if factors is None or not all(map(shape_of, factors)):
        return False
    if len(shape_of(node.args[0])) > len(LETTERS):
        return False
    types = {dtype_of(getattr(a, "value", a)) for a in factors}
    return types == {dtype_of(node.value)} and Words(node).pays


def factors_of(x):
    """The two factors of a product or of a square, else None."""
    if x.__class__ is Node and x.primitive is table[np.multiply]:
        return x.args
    return x.args * 2 if x.__class__ is Node and x.primitive is table[np.square] else None


class Words:
    """The subscripts of a sum of a product: a letter for each axis that is longer than 1."""

    def __init__(self, node):
        x, factors = node.args[0], factors_of(node.args[0])
        shape, axes = shape_of(x), axes_of(x, node.params.get("axis"))
        self.length = {c: n for c, n in zip(LETTERS, shape, strict=False) if n != 1}
        self.out = "".join(c for c in self.length if LETTERS.index(c) not in axes)
        self.summed = "".join(c for c in self.length if c not in self.out)
        self.terms = [letters_of(shape_of(a), len(shape)) for a in factors]
        self.count = prod(self.length[c] for c in self.summed)
        self.is_product = self.count <= MOST_TERMS[np.matmul] and self.fits_product(factors)
        by_pairs = self.summed[-1:] > self.out[-1:]  # np.sum does where the last axis goes
        self.pays = (
            self.count > 1
            and all(c in term for c in self.summed for term in self.terms)
            and all(self.length.values())
            and (self.is_product or not by_pairs or self.count <= MOST_TERMS[np.einsum])
            and (self.is_product or not has_few_components(node))
        )

    def fits_product(self, factors):
        """Whether it is a product of matrices or vectors, or of a stack and a vector.

        Then a letter is in both factors if and only if it is summed, and the summed axes are
        neighbours, so that they can be one axis.
        """
        a, b = self.terms
        if any((c in a and c in b) != (c in self.summed) for c in self.length):
            return False
        if self.summed not in a or self.summed not in b:
            return False
        if len(self.summed) > 1 and not all(map(in_order, factors)):
            return False
        kept = [self.kept(a), self.kept(b)]
        stack = "" in kept and max(a, b, key=len).endswith(self.summed)
        return stack or max(map(len, kept)) <= 1

    def kept(self, term):
        return term.replace(self.summed, "")

    def shape(self, term):
        return tuple(self.length[c] for c in term)

    def einsum(self, factors, make):
        return make(contract, *factors, subscripts=f"{','.join(self.terms)}->{self.out}")

    def product(self, factors, make):
        """a @ b, with the summed axes as the last one of a and the first one of b."""
        pairs = list(zip(self.terms, factors, strict=True))
        (a, _), (b, _) = pairs
        to_vector = self.kept(b) and not self.kept(a) and b.endswith(self.summed)
        if to_vector or self.kept(a) + self.kept(b) != self.out:
            pairs = pairs[::-1]
        arrays = []
        for (term, x), last in zip(pairs, (True, False), strict=True):
            shape, ends = self.shape(self.kept(term)), term.endswith(self.summed)
            x = shaped(x, (*shape, self.count) if ends else (self.count, *shape), make)
            turned = shape and ends != last
            arrays.append(make(table[np.transpose], x, axes=None) if turned else x)
        return make(table[np.matmul], *arrays)


def letters_of(shape, n):
    """The letters of a factor of a product with n axes: its axes are the last ones."""
    mine = zip(LETTERS[n - len(shape) : n], shape, strict=True)
    return "".join(c for c, length in mine if length != 1)


def in_order(a):
    """Whether an array lies in memory in the order of its entries, so that reshaping is free."""
    return (a.value if a.__class__ is Node else a).flags.c_contiguous


def shaped(a, shape, make):
    """`a` in another shape: what it was before axes of length 1 came in, if that fits."""
    before = a
    while before.__class__ is Node and shape_of(before) != shape and only_reshapes(before):
        before = before.args[0]
    if shape_of(before) == shape:
        return before
    return reshaped(a, shape, make)


def only_reshapes(node):
    """Whether a node has the entries of its argument in the same order: x[:, None] or a reshape."""
    if node.primitive is table[np.reshape]:
        return node.params.get("order") in (None, "C")
    if node.primitive is not table[operator.getitem]:
        return False
    index = node.params["index"]
    parts = index if isinstance(index, tuple) else (index,)
    return all(i is None or i is Ellipsis or is_whole(i) for i in parts)


def is_whole(part):
    return isinstance(part, slice) and part == slice(None)
