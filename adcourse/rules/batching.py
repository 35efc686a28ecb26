"""How rows act on a stack of examples: the examples' axis comes first and is not theirs.

A rule is called as `rule(row, values, stacked, params)`: `stacked[k]` says whether `values[k]`
carries the examples along axis 0. Rows without a rule here run example by example, and so do
calls for which the rule returns NotImplemented.
"""

import operator

import numpy as np

from adcourse.core.primitive import shape_of, table


def align(values, stacked):
    """Give all stacked values equally many axes, so that one example's axes broadcast as before."""
    ndims = [len(shape_of(v)) - on for v, on in zip(values, stacked, strict=True)]
    most = max(ndims)
    aligned = []
    for v, on, n in zip(values, stacked, ndims, strict=True):
        if on and n < most:
            shape = shape_of(v)
            v = np.reshape(v, (shape[0], *(1,) * (most - n), *shape[1:]))
        aligned.append(v)
    return aligned


def entry_by_entry(row, values, stacked, params):
    """Broadcasting functions: align the examples and apply the row once."""
    return row(*align(values, stacked), **params)


def over_axes(row, values, stacked, params):
    """Reductions: every axis is one further to the right."""
    (x,) = values
    n = len(shape_of(x)) - 1
    axis = params.get("axis")
    axes = range(n) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    return row(x, **params | {"axis": tuple(a % n + 1 for a in axes)})


def reshape(row, values, stacked, params):
    (x,) = values
    shape = params.get("shape", params.get("newshape"))
    shape = shape if isinstance(shape, tuple | list) else (shape,)
    size = shape_of(x)[0]
    if -1 in shape:
        rest = int(np.prod(shape_of(x)[1:])) // max(1, -int(np.prod(shape)))
        shape = [rest if n == -1 else n for n in shape]
    if params.get("order") == "F":  # the first axis varies fastest: the examples' goes last
        columns = np.reshape(np.moveaxis(x, 0, -1), (*shape, size), order="F")
        return np.moveaxis(columns, -1, 0)
    return np.reshape(x, (size, *shape))


def transpose(row, values, stacked, params):
    (x,) = values
    n = len(shape_of(x)) - 1
    axes = params.get("axes")
    axes = range(n)[::-1] if axes is None else [a % n for a in axes]
    return np.transpose(x, (0, *[a + 1 for a in axes]))


def broadcast_to(row, values, stacked, params):
    (x,) = values
    shape = params["shape"]
    shape = shape if isinstance(shape, tuple | list) else (shape,)
    own = shape_of(x)
    x = np.reshape(x, (own[0], *(1,) * (len(shape) - len(own) + 1), *own[1:]))
    return np.broadcast_to(x, (own[0], *shape))


def separated(index):
    """Whether index arrays have something between them: their axes then come before all others."""
    if not any(isinstance(i, np.ndarray | list) for i in index):
        return False
    kinds = [isinstance(i, np.ndarray | list | int | np.integer) for i in index]
    first, last = kinds.index(True), len(kinds) - kinds[::-1].index(True)
    return not all(kinds[first:last])


def pick(row, values, stacked, params):
    index = params["index"]
    index = index if isinstance(index, tuple) else (index,)
    if separated(index):
        return NotImplemented
    return row(values[0], index=(slice(None), *index))


def scatter(row, values, stacked, params):
    index = params["index"]
    index = index if isinstance(index, tuple) else (index,)
    if separated(index):
        return NotImplemented
    (x,) = values
    return row(x, shape=(shape_of(x)[0], *params["shape"]), index=(slice(None), *index))


def matmul(row, values, stacked, params):
    """One large product where one side is shared; else a stack of products."""
    (x, y), (on_x, on_y) = values, stacked
    x_shape, y_shape = shape_of(x)[on_x:], shape_of(y)[on_y:]
    if not on_y and len(y_shape) <= 2 and len(x_shape) <= 2:  # rows of all examples, one product
        z = np.matmul(np.reshape(x, (-1, x_shape[-1])), y)
        return np.reshape(z, (shape_of(x)[0], *x_shape[:-1], *y_shape[1:]))
    if not on_x and len(x_shape) == 2 and (len(y_shape) == 1 or y_shape[1:] == (1,)):
        z = np.matmul(np.reshape(y, (shape_of(y)[0], -1)), np.transpose(x))
        return np.reshape(z, (*shape_of(z), *y_shape[1:]))
    if not on_x and len(x_shape) == 1 and len(y_shape) == 1:
        return np.matmul(y, x)
    if len(x_shape) == 1:
        x = np.reshape(x, (*shape_of(x)[:-1], 1, x_shape[0]))
    if len(y_shape) == 1:
        y = np.reshape(y, (*shape_of(y), 1))
    z = np.matmul(*align((x, y), stacked))
    shape = shape_of(z)[:-1] if len(y_shape) == 1 else shape_of(z)
    if len(x_shape) == 1:  # the row that was added is the last axis but one (or the last)
        cut = len(shape) - (1 if len(y_shape) == 1 else 2)
        shape = (*shape[:cut], *shape[cut + 1 :])
    return np.reshape(z, shape)


def solve(row, values, stacked, params):
    """A stack of systems; a vector on the right is one column."""
    (A, b), (on_A, on_b) = values, stacked
    vector = len(shape_of(b)) - on_b == 1
    if (
        vector and not on_A and len(shape_of(A)) == 2
    ):  # one matrix, many right-hand sides: one factorisation
        return np.transpose(np.linalg.solve(A, np.transpose(b)))
    if vector:
        b = np.reshape(b, (*shape_of(b), 1))
    z = np.linalg.solve(*align((A, b), stacked))
    return np.reshape(z, shape_of(z)[:-1]) if vector else z


def whole_stack(row, values, stacked, params):
    """Functions of the last two axes take a stack as it is."""
    return row(*values, **params)


def first_unchanged(row, values, stacked, params):
    """Rows that look at their arguments and return the first of them."""
    z = row(*align(values, stacked), **params)
    if stacked[0]:
        return z
    size = next(shape_of(v)[0] for v, on in zip(values, stacked, strict=True) if on)
    return np.broadcast_to(values[0], (size, *shape_of(values[0])))


def enter():
    """Give each row its rule; the kinds that broadcast need nothing else."""
    for row in set(table.values()):
        if getattr(row, "kind", None) == "elementwise":
            row.batch = entry_by_entry
        elif getattr(row, "kind", None) == "constant" and row.sympy is not None:
            row.batch = entry_by_entry
    special = {
        np.where: entry_by_entry,
        np.sum: over_axes,
        np.reshape: reshape,
        np.transpose: transpose,
        np.broadcast_to: broadcast_to,
        operator.getitem: pick,
        np.matmul: matmul,
        np.linalg.solve: solve,
        np.linalg.inv: whole_stack,
    }
    for function, rule in special.items():
        table[function].batch = rule
