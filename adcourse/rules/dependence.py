"""Which entries of its arguments each entry of a row's result depends on: the structure of ∂z/∂x.

A rule is called as `rule(row, args, params, k)` and answers for the k-th argument with two arrays
of entry numbers from 0, `(z, x)`: entry z[i] of the result depends on entry x[i] of the argument.
It may name too many pairs, never too few. Constants stand among `args` as they are, everything
else as nan: any number. None, the answer of a row without a rule, means that all may depend on all.
"""

import operator
from math import prod
from string import ascii_letters

import numpy as np

from adcourse.core.primitive import Primitive, shape_of, table

MOST = 10**7  # pairs; an answer that would take more is None
NOWHERE = np.zeros(0, int), np.zeros(0, int)


def unknown(shape):
    """An array of which only the shape is known."""
    return np.broadcast_to(np.nan, shape)


def numbers(shape):
    """The numbers 1…n of the entries of an array."""
    return np.arange(1, prod(shape) + 1).reshape(shape)


def pairs_of(source):
    """The pairs where `source` says for each entry of the result where it came from, 0: nowhere."""
    source = np.ravel(source)
    z = np.flatnonzero(source)
    return z, source[z] - 1


def nowhere(row, args, params, k):
    return NOWHERE


def entry_by_entry(row, args, params, k):
    """Broadcasting functions."""
    shape = np.broadcast_shapes(*map(shape_of, args))
    return pairs_of(np.broadcast_to(numbers(shape_of(args[k])), shape))


def unmoved(row, args, params, k):
    return pairs_of(numbers(shape_of(args[k])))


def moved(row, args, params, k):
    """Functions that move entries tell what they do by doing it to the entries' numbers."""
    shapes = map(shape_of, args)
    told = [numbers(s) if i == k else np.zeros(s, int) for i, s in enumerate(shapes)]
    return pairs_of(row.numpy(*told, **params))


def chosen(row, args, params, k):
    """np.where: a constant condition says which side counts."""
    if k == 0:
        return NOWHERE
    condition = np.asarray(args[0])
    taken = condition != 0 if k == 1 else (condition == 0) | np.isnan(condition)
    shape = np.broadcast_shapes(*map(shape_of, args))
    return pairs_of(np.where(taken, np.broadcast_to(numbers(shape_of(args[k])), shape), 0))


def added_up(row, args, params, k):
    """`scatter` puts entry by entry where indexing would read it."""
    places = numbers(params["shape"])[params["index"]]
    return np.ravel(places) - 1, np.arange(np.size(places))


def reduced(row, args, params, k):
    """Reductions over axes: every entry that is reduced counts."""
    shape = shape_of(args[0])
    axes = range(len(shape)) if params.get("axis") is None else np.atleast_1d(params["axis"])
    axes = {a % len(shape) for a in axes}
    kept = numbers(tuple(1 if a in axes else n for a, n in enumerate(shape)))
    return np.ravel(np.broadcast_to(kept, shape)) - 1, np.arange(prod(shape))


def along(matrix):
    """Rows that act along one axis, as this matrix of the axis' length does."""

    def rule(row, args, params, k):
        axis, shape = params.get("axis"), shape_of(args[0])
        shape = (prod(shape),) if axis is None or not shape else shape
        axis = 0 if axis is None else axis % len(shape)
        inside, after = shape[axis], prod(shape[axis + 1 :])
        if prod(shape) * inside > MOST:
            return None
        z, x = np.nonzero(matrix(inside))
        rest = np.arange(prod(shape) // max(1, inside))
        rest = (rest // after * inside * after + rest % after)[:, None] if after else rest[:, None]
        return np.ravel(rest + z * after), np.ravel(rest + x * after)

    return rule


def convolved(row, args, params, k):
    """np.convolve: z[i + j] is made of x[i] y[j]."""
    x, other = np.arange(np.size(args[k])), np.flatnonzero(np.asarray(args[1 - k]))
    if x.size * other.size > MOST:
        return None
    return np.ravel(x[:, None] + other), np.repeat(x, other.size)


def matmul(row, args, params, k):
    """A product of matrices, or stacks of them, spelled as np.einsum."""
    x, y = (len(shape_of(a)) for a in args)
    free = ascii_letters[3 : 3 + max(x, y, 2) - 2]
    stack_x, stack_y = (free[len(free) - max(0, n - 2) :] for n in (x, y))
    stack = stack_x if x > y else stack_y
    left, right = stack_x + "ab"[x == 1 :], stack_y + ("bc" if y > 1 else "b")
    return contracted([left, right], stack + "a" * (x > 1) + "c" * (y > 1), args, k)


def einsum(row, args, params, k):
    terms, out = params["subscripts"].split("->")
    return contracted(terms.split(","), out, args, k)


def contracted(terms, out, args, k):
    """An entry of the result takes part with an entry of x where the others' product is not 0.

    So the zeros of a constant matrix count as zeros.
    """
    length = {}
    for term, a in zip(terms, args, strict=True):
        for letter, n in zip(term, shape_of(a), strict=True):
            length[letter] = max(n, length.get(letter, 1))
    given = [(term, np.asarray(a) != 0) for term, a in zip(terms, args, strict=True)]
    others = given[:k] + given[k + 1 :]
    joint = "".join(dict.fromkeys("".join(t for t, _ in others)))
    free = "".join(letter for letter in dict.fromkeys(terms[k]) if letter not in joint)
    spread = [length[letter] for letter in free]
    if prod(length[letter] for letter in joint) > MOST:
        return None
    words = ",".join(t for t, _ in others) + "->" + joint
    nonzero = np.einsum(words, *[a for _, a in others]) if others else np.ones((), bool)
    nonzero = np.broadcast_to(nonzero, [length[letter] for letter in joint])
    met = np.argwhere(nonzero)  # where the others' product is not 0, a row of places per entry
    if len(met) * prod(spread) > MOST:
        return None
    place = dict(zip(joint, np.repeat(met, prod(spread), axis=0).T, strict=True))
    copied = np.tile(np.indices(spread).reshape(len(spread), prod(spread)), len(met))
    place |= dict(zip(free, copied, strict=True))
    count = len(met) * prod(spread)
    z = flat(place, out, [length[letter] for letter in out], count)
    return z, flat(place, terms[k], shape_of(args[k]), count)


def flat(place, term, shape, count):
    """Entry numbers in an array of this shape; an axis of length 1 serves all places."""
    z = np.zeros(count, int)
    for letter, n in zip(term, shape, strict=True):
        z = z * n + (place[letter] if n > 1 else 0)
    return z


RULES = {
    **dict.fromkeys((np.reshape, np.transpose, np.broadcast_to), moved),
    **dict.fromkeys((np.flip, np.roll, np.tril, np.triu, operator.getitem), moved),
    **dict.fromkeys((np.sum, np.prod, np.max, np.min), reduced),
    np.where: chosen,
    np.matmul: matmul,
    np.cumsum: along(np.tri),
}


def enter():
    """Give the rows of NumPy's own functions their rules; the others are given theirs by name."""
    for function, rule in RULES.items():
        table[function].depends = rule
    for row in table.values():
        rule = NAMED.get(getattr(row, "name", None))
        if rule is not None and isinstance(row, Primitive):
            row.depends = rule


NAMED = {
    **dict.fromkeys(("np.concatenate", "put_between"), moved),
    **dict.fromkeys(("ad.logsumexp", "np.linalg.vector_norm"), reduced),
    **dict.fromkeys(("as_float", "sinc_slope"), unmoved),
    "scatter": added_up,
    "np.sort": along(lambda n: np.ones((n, n))),
    "np.convolve": convolved,
    "np.einsum": einsum,
}
