"""Seeds: the vectors that many pushforwards or pullbacks are applied to in one vectorised pass."""

import numpy as np

from adcourse.core.errors import WrongStructure
from adcourse.core.points import dtype_of
from adcourse.core.primitive import shape_of
from adcourse.core.tree import flatten

BLOCK_BYTES = 2**28  # of one vectorised pass's seeds and results; larger Jacobians go in blocks


def in_blocks(linear_map, seeds, count, size, block):
    """Apply a vectorised linear map to `count` seeds of `size` numbers, at most `block` at once.

    `seeds(start, stop)` makes a stack of some of them, per leaf of the map's argument.
    """
    if count == 0:
        raise WrongStructure(
            "A Jacobian needs at least one number on either side, but one is empty."
        )
    block = block or max(1, BLOCK_BYTES // (8 * size))
    stacks, rebuild = [], None
    for start in range(0, count, block):
        results, rebuild = flatten(linear_map(*seeds(start, min(start + block, count))))
        stacks.append(results)
    if len(stacks) == 1:
        return stacks[0], rebuild
    return [np.concatenate(parts) for parts in zip(*stacks, strict=True)], rebuild


def on_basis(linear_map, leaves, block):
    """A vectorised linear map of all unit vectors of the joint space of the leaves."""
    sizes = [int(np.prod(shape_of(leaf))) for leaf in leaves]

    def seeds(start, stop):
        return basis(leaves, sizes, start, stop)

    return in_blocks(linear_map, seeds, sum(sizes), sum(sizes), block)


def basis(leaves, sizes, start, stop):
    """Unit vectors start…stop of the joint space of the leaves, as one stack per leaf."""
    seeds, offset = [], 0
    for leaf, size in zip(leaves, sizes, strict=True):
        rows = np.zeros((stop - start, size), dtype_of(leaf))
        inside = np.arange(max(start, offset), min(stop, offset + size))
        rows[inside - start, inside - offset] = 1.0
        seeds.append(rows.reshape(stop - start, *shape_of(leaf)))
        offset += size
    return seeds


def on_colours(linear_map, colours, leaf, block):
    """A vectorised linear map of one vector per colour: the sum of its unit vectors."""

    def seeds(start, stop):
        one = colours == np.arange(start, stop)[:, None]
        return [one.reshape(-1, *shape_of(leaf)).astype(dtype_of(leaf))]

    count = int(np.max(colours, initial=-1)) + 1
    ((images,), _) = in_blocks(linear_map, seeds, count, len(colours), block)
    return images
