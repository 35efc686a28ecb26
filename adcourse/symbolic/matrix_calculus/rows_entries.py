"""Functions of entries, products, sums: how these rows read at matrix granularity."""

import numpy as np
import sympy

from adcourse.symbolic.lower import formula
from adcourse.symbolic.matrix_calculus import expressions as e
from adcourse.symbolic.matrix_calculus.entries import formula_of
from adcourse.symbolic.matrix_calculus.forms import (
    add,
    hadamard,
    mul,
    scale,
    transpose,
)
from adcourse.symbolic.matrix_calculus.rows import (
    Assuming,
    Blocks,
    is_number,
    reads,
    spread,
    stop,
)
from adcourse.symbolic.matrix_calculus.scalars import inner, total, tr


def by_entries(node, shapes, *args):
    """A function of entries of everything beside each other, composed into one formula."""
    wanted = node.shape
    arrays = [spread(a, s, wanted) for a, s in zip(args, shapes, strict=True)]
    operands = {}
    inside = [a if is_number(a) else formula_of(a, operands, deep=False) for a in arrays]
    value = formula(node.primitive.sympy)(*inside)
    if not operands:
        return value if np.prod(wanted) == 1 else scale(value, e.Ones(*(*wanted, 1)[:2]))
    return simple_entries(value, list(operands))


def simple_entries(value, operands):
    """A formula of entries; one that is linear is a sum of matrices."""
    from adcourse.symbolic.matrix_calculus.rates import applied

    value = sympy.sympify(value)
    if not isinstance(value, sympy.Expr):  # a condition
        return e.Ew(*operands, value)
    slots = e.slots(len(operands))
    free = set(slots)
    terms = sympy.Add.make_args(value)
    if all(len(t.free_symbols & free) <= 1 and linear_in(t, free) for t in terms):
        return add(*[applied(t, operands) for t in terms])
    return e.Ew(*operands, value)


def linear_in(t, free):
    return t.as_independent(*free, as_Add=False)[1] in free | {sympy.S.One}


@reads(np.multiply)
def multiply(node, shapes, x, y):
    if isinstance(x, Blocks) or isinstance(y, Blocks):
        if isinstance(x, Blocks) and isinstance(y, Blocks) and (x.outer, y.outer) == (True, False):
            return e.Kron(x.a, y.a)
        stop("it has more than two axes")
    if is_number(x):
        return x * y if is_number(y) else scale(x, y)
    if is_number(y):
        return scale(y, x)
    if len(shapes[0]) == len(shapes[1]) == 2 and (x.shape[1], y.shape[0]) == (1, 1):
        return mul(x, y)  # a column beside a row: the outer product
    if len(shapes[0]) == len(shapes[1]) == 2 and (x.shape[0], y.shape[1]) == (1, 1):
        return mul(y, x)
    x, y = (spread(a, s, node.shape) for a, s in zip((x, y), shapes, strict=True))
    return times_entries(x, y)


def times_entries(x, y):
    """A ⊙ B; where one is a column in every column, a diagonal matrix times the other."""
    from adcourse.symbolic.matrix_calculus.tidy import spread_column

    for a, b in ((x, y), (y, x)):
        if (v := spread_column(a)) is not None:
            return mul(e.Diag(v), b)
        if (v := spread_column(transpose(a))) is not None:
            return mul(b, e.Diag(v))
    if any(isinstance(a, e.Ew) for a in (x, y)):
        operands = {}
        value = formula_of(x, operands, False) * formula_of(y, operands, False)
        return simple_entries(value, list(operands))
    return hadamard(x, y)


@reads(np.add, np.subtract)
def plus(node, shapes, x, y):
    sign = 1 if node.primitive.numpy is np.add else -1
    if is_number(x) and is_number(y):
        return x + sign * y
    if any(isinstance(a, e.Ew) for a in (x, y)):
        return by_entries(node, shapes, x, y)
    rows, columns = (*node.shape, 1)[:2]
    x, y = (
        scale(a, e.Ones(rows, columns)) if is_number(a) else spread(a, s, node.shape)
        for a, s in zip((x, y), shapes, strict=True)
    )
    return add(x, scale(sign, y))


@reads(np.divide)
def divide(node, shapes, x, y):
    if is_number(y) and not is_number(x):
        return as_softmax(x, y) or scale(1 / y, x)
    if not is_number(x):
        from adcourse.symbolic.matrix_calculus.tidy import spread_column

        wide = spread(y, shapes[1], node.shape)
        for axis, column in ((1, spread_column(wide)), (0, spread_column(transpose(wide)))):
            if column is not None:
                flat = e.Diag(e.Ew(column, 1 / e.slots(1)[0]))
                found = as_softmax(x, column, axis)
                return found or (mul(flat, x) if axis else mul(x, flat))
    return by_entries(node, shapes, x, y)


def as_softmax(x, sums, axis=0):
    """softmax(Z) where x is exp(Z) and `sums` are its sums, of all entries or along an axis."""
    if not (isinstance(x, e.Ew) and isinstance(x.formula, sympy.exp)):
        return None
    z = simple_entries(x.formula.args[0], list(x.operands))
    if is_number(sums):
        return e.Softmax(z, 0) if x.shape[1] == 1 and sums == total(x) else None
    if z.shape[axis] == 1:
        return e.Ones(*z.shape)
    own = mul(x, e.Ones(x.shape[1], 1)) if axis else mul(transpose(x), e.Ones(x.shape[0], 1))
    if own is not sums:
        return None
    return transpose(e.Softmax(transpose(z), 0)) if z.shape[0] == 1 else e.Softmax(z, axis)


@reads(np.negative)
def negative(node, shapes, x):
    return -x


@reads(np.where)
def where(node, shapes, condition, x, y):
    operands = {}
    arrays = [spread(a, s, node.shape) for a, s in zip((condition, x, y), shapes, strict=True)]
    condition, x, y = (a if is_number(a) else formula_of(a, operands, deep=False) for a in arrays)
    if not operands and isinstance(condition, sympy.Eq) and condition.rhs == 0:
        return Assuming(y, sympy.Ne(*condition.args))  # what is not the case at most points
    value = sympy.Piecewise((x, condition), (y, True))
    return e.Ew(*operands, value) if operands else value


# Products


@reads(np.matmul)
def matmul(node, shapes, x, y):
    if is_number(x) or is_number(y):
        return multiply(node, shapes, x, y)
    x = transpose(x) if len(shapes[0]) == 1 else x
    product = mul(x, y)
    if product.shape == (1, 1):
        return tr(product)
    return transpose(product) if len(node.shape) == 1 and product.shape[0] == 1 else product


EINSUM = {
    "ij,j->i": mul,
    "ij,jk->ik": mul,
    "ij,kj->ik": lambda x, y: mul(x, transpose(y)),
    "ji,jk->ik": lambda x, y: mul(transpose(x), y),
    "ji,j->i": lambda x, y: mul(transpose(x), y),
    "i,ij->j": lambda x, y: mul(transpose(y), x),
    "i,j->ij": lambda x, y: mul(x, transpose(y)),
    "i,i->": inner,
    "ij,ij->": inner,
    "ij,ji->": lambda x, y: inner(transpose(x), y),
    "ii->": tr,
    "ij->": total,
    "i->": total,
    "ii->i": e.DiagPart,
    "ij->ji": transpose,
    "i,ij,j->": lambda x, a, y: tr(mul(transpose(x), a, y)),
    "ij,ij->ij": hadamard,
    "i,i->i": hadamard,
}


@reads("np.einsum")
def einsum(node, shapes, *args):
    text = node.params["subscripts"].replace(" ", "")
    letters = {}
    for letter in text:
        if letter.isalpha():
            letters.setdefault(letter, "ijklmn"[min(len(letters), 5)])
    plain = "".join(letters.get(letter, letter) for letter in text)
    if plain not in EINSUM or any(is_number(a) for a in args):
        stop(f"the pattern {text!r} is none of {', '.join(EINSUM)}")
    return EINSUM[plain](*args)
