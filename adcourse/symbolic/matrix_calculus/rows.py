"""How each row of the table reads at matrix granularity. A rule gets the node, shapes, meanings."""

import numpy as np
import sympy

from adcourse.core.primitive import table
from adcourse.symbolic.lower import formula
from adcourse.symbolic.matrix_calculus import expressions as e
from adcourse.symbolic.matrix_calculus.entries import formula_of
from adcourse.symbolic.matrix_calculus.forms import (
    add,
    hadamard,
    inverse,
    linear_terms,
    mul,
    scale,
    transpose,
)
from adcourse.symbolic.matrix_calculus.scalars import det, inner, logdet, norm, total, tr

READ = {}  # NumPy function, or name of a row -> how it reads


def reads(*functions):
    def enter(rule):
        READ.update(dict.fromkeys(functions, rule))
        return rule

    return enter


def stop(why):
    from adcourse.symbolic.matrix_calculus.reading import NotHere

    raise NotHere(why)


class Assuming:
    """A meaning that holds under a condition, which the derivation states."""

    def __init__(self, meaning, condition):
        self.meaning, self.condition = meaning, condition


# Shapes


def is_number(a):
    return not isinstance(a, e.Expression)


def spread(a, shape, wanted):
    """A meaning broadcast to a NumPy shape, with its ones written out; numbers stay numbers."""
    if is_number(a):
        return a
    if len(wanted) > 2:
        stop(f"it has {len(wanted)} axes")
    rows, columns = (*wanted, 1)[:2]
    if a.shape == (rows, columns) and (len(shape) == len(wanted) or len(wanted) == 1):
        return a
    if len(shape) == 1:  # a vector beside a matrix is a row
        a = transpose(a)
    if a.shape[0] == 1 and rows != 1:
        a = mul(e.Ones(rows, 1), a)
    if a.shape[1] == 1 and columns != 1:
        a = mul(a, e.Ones(1, columns))
    return a if a.shape == (rows, columns) else stop(f"it broadcasts {shape} to {wanted}")


# Entries


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
    from adcourse.symbolic.matrix_calculus.differential import applied

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
    own = mul(x, e.Ones(x.shape[1], 1)) if axis else mul(transpose(x), e.Ones(x.shape[0], 1))
    return e.Softmax(z, axis) if own is sums else None


@reads(np.negative)
def negative(node, shapes, x):
    return -x


@reads(np.where)
def where(node, shapes, condition, x, y):
    operands = {}
    arrays = [spread(a, s, node.shape) for a, s in zip((condition, x, y), shapes, strict=True)]
    condition, x, y = (
        a if is_number(a) else formula_of(a, operands, deep=False) for a in arrays
    )
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


# Sums and diagonals


def sum_of(a):
    """The sum of all entries: <A, B> of a product of entries, the trace of a diagonal."""
    if is_number(a):
        return a
    parts = []
    for number, part in linear_terms(a):
        if isinstance(part, e.DiagPart):
            parts.append(number * tr(part.operands[0]))
        elif isinstance(part, e.Ew) and part.formula == sympy.Mul(*e.slots(2)):
            parts.append(number * inner(*part.operands))
        elif isinstance(part, e.Ew) and part.formula == e.slots(1)[0] ** 2:
            parts.append(number * inner(part.operands[0], part.operands[0]))
        else:
            parts.append(number * total(part))
    return sympy.Add(*parts)


def along(node, shape, a, axis, keepdims):
    """Sums of rows (axis 1) or of columns (axis 0) of a matrix."""
    ndim = len(shape)
    axes = tuple(range(ndim)) if axis is None else (axis,) if isinstance(axis, int) else axis
    axes = tuple(k % ndim for k in axes)
    if len(axes) == ndim:
        return sum_of(a)
    if axes == (1,):
        return mul(a, e.Ones(a.shape[1], 1))
    sums = mul(transpose(a), e.Ones(a.shape[0], 1))
    return transpose(sums) if keepdims else sums


@reads(np.sum)
def sums(node, shapes, x):
    if is_number(x):
        return x
    if node.params.get("where", True) is not True:
        stop("it has the option where=")
    return along(node, shapes[0], x, node.params.get("axis"), node.params.get("keepdims"))


@reads("np.linalg.vector_norm")
def length(node, shapes, x):
    axis, keepdims = node.params.get("axis"), node.params.get("keepdims")
    if is_number(x):
        return sympy.Abs(x)
    if axis is None or len(shapes[0]) == 1:
        return norm(x)
    t = e.slots(1)[0]
    return e.Ew(along(node, shapes[0], e.Ew(x, t**2), axis, keepdims), sympy.sqrt(t))


@reads("ad.logsumexp")
def logsumexp(node, shapes, x):
    t = e.slots(1)[0]
    powers = e.Ew(x, sympy.exp(t))
    inside = along(node, shapes[0], powers, node.params["axis"], node.params["keepdims"])
    return sympy.log(inside) if is_number(inside) else e.Ew(inside, sympy.log(t))


@reads(np.prod)
def product_of(node, shapes, x):
    if len(shapes[0]) != 1:
        stop("only the product of a vector is one, that of the diagonal matrix")
    return det(e.Diag(x))


@reads(np.diag, np.diagonal)
def diagonal(node, shapes, x):
    if node.params.get("k", 0) or node.params.get("offset", 0):
        stop("it takes another diagonal than the main one")
    if len(shapes[0]) == 1:
        return e.Diag(x)
    return e.DiagPart(x) if x.shape[0] == x.shape[1] else stop("the matrix is not square")


@reads(np.tril, np.triu)
def triangle(node, shapes, x):
    mask = node.primitive.numpy(np.ones(x.shape), **node.params)
    return hadamard(constant_matrix("mask", mask), x)


# Moving


class Blocks:
    """A matrix reshaped on its way into a Kronecker product: rows and columns, or inside."""

    def __init__(self, a, outer):
        self.a, self.outer = a, outer


@reads(np.transpose)
def transposed(node, shapes, x):
    axes = node.params.get("axes")
    if is_number(x) or len(shapes[0]) == 1 or (axes is not None and tuple(axes) == (0, 1)):
        return x
    return transpose(x)


@reads(np.reshape, np.broadcast_to)
def reshaped(node, shapes, x):
    before, after = shapes[0], node.shape
    if is_number(x) and np.prod(after) == 1:
        return x
    if node.primitive.numpy is np.broadcast_to:
        return scale(x, e.Ones(*(*after, 1)[:2])) if is_number(x) else spread(x, before, after)
    if isinstance(x, e.Kron) and x.shape == after:
        return x
    if before == after:
        return x
    if len(after) == 4 and len(before) == 2 and after[1::2] == (1, 1):
        return Blocks(x, outer=True)
    if len(after) == 4 and len(before) == 2 and after[::2] == (1, 1):
        return Blocks(x, outer=False)
    long_before = [n for n in before if n != 1]
    if long_before == [n for n in after if n != 1] and len(long_before) == 1:
        return x if (*after, 1)[:2] == x.shape else transpose(x)
    if len(after) == 1 and isinstance(x, e.Product) and len(x.operands) == 2:
        u, v = x.operands
        if u.shape[1] == 1:
            return e.Kron(u, transpose(v))
    return stop("it moves entries to other rows and columns")


@reads("x[index]")
def indexed(node, shapes, x):
    shape, index = shapes[0], node.params["index"]
    index = index if isinstance(index, tuple) else (index,)
    if is_number(x):
        return x if np.prod(node.shape) == 1 else stop("it repeats a number")
    if any(part is Ellipsis for part in index):
        k = index.index(Ellipsis)
        missing = len(shape) - sum(part is not None for part in index) + 1
        index = (*index[:k], *[slice(None)] * missing, *index[k + 1 :])
    kept = [part for part in index if part is not None]
    kept += [slice(None)] * (len(shape) - len(kept))
    for axis, part in enumerate(kept):
        x = chosen(x, axis, part, shape[axis])
    kinds = [k for k, part in enumerate(kept) if not isinstance(part, int | np.integer)]
    if len(node.shape) > 2:
        stop("it has more than two axes")
    if not kinds:
        return tr(x)
    if len(kinds) == 1:  # one axis is left; where does it stand?
        column = x if x.shape[1] == 1 else transpose(x)
        return transpose(column) if (*node.shape, 1)[:2] != column.shape else column
    return x


def chosen(x, axis, part, n):
    """Rows or columns of a matrix, by a constant matrix of zeros and ones."""
    if isinstance(part, slice) and part == slice(None):
        return x
    if isinstance(part, int | np.integer):
        pick = constant_matrix(f"e_{int(part) % n + 1}", np.eye(n)[:, [part]])
    elif isinstance(part, slice | list | np.ndarray):
        columns = np.eye(n)[:, part]
        first, last = (int(np.argmax(columns[:, k])) + 1 for k in (0, -1))
        pick = constant_matrix(f"E_{first}:{last}", columns)
    else:
        return stop(f"the index {part!r} is computed")
    return mul(transpose(pick), x) if axis == 0 else mul(x, pick)


def constant_matrix(name, value):
    return e.Sym(name, value.shape, value=np.asarray(value, float))


def any_linear(node, shapes, *args):
    """A linear row on vectors: a constant matrix for each."""
    row = node.primitive
    if len(node.shape) > 1 or any(len(s) > 1 for s in shapes) or node.shape == ():
        return None
    moving = [isinstance(a, e.Expression) for a in args]
    terms = []
    zeros = [np.zeros(s) for s in shapes]
    for k, a in enumerate(args):
        if not moving[k]:
            return None
        units = np.eye(shapes[k][0])
        columns = [row(*zeros[:k], unit, *zeros[k + 1 :], **node.params) for unit in units]
        terms.append(mul(constant_matrix(f"P_{k + 1}", np.stack(columns, axis=1)), a))
    return add(*terms)


# Linear algebra


@reads(np.linalg.solve)
def solve(node, shapes, a, b):
    return mul(inverse(a), b)


READ[np.linalg.inv] = lambda node, shapes, x: inverse(x)
READ[np.linalg.det] = lambda node, shapes, x: det(x)
READ[np.linalg.slogdet] = lambda node, shapes, x: ("slogdet", x)
READ[np.linalg.svdvals] = lambda node, shapes, x: e.Spectral(x, "s")
READ[np.linalg.eigvalsh] = lambda node, shapes, x: e.Spectral(x, "w")
READ[np.linalg.eigh] = lambda node, shapes, x: ("eigh", x)
READ["np.linalg.svd"] = lambda node, shapes, x: ("svd", x, node)
READ["np.linalg.cholesky"] = lambda node, shapes, x: e.Spectral(x, "L")
READ[np.linalg.lstsq] = lambda node, shapes, a, b: ("lstsq", a, b)


@reads(np.linalg.pinv)
def pinv(node, shapes, a):
    m, n = a.shape
    if m >= n:
        return mul(inverse(mul(transpose(a), a)), transpose(a))
    return mul(transpose(a), inverse(mul(a, transpose(a))))


@reads("output")
def output(node, shapes, parts):
    place = node.params["place"]
    if parts[0] == "slogdet":
        return logdet(parts[1]) if place == 1 else stop("the sign is no formula of matrices")
    if parts[0] == "eigh":
        return e.Spectral(parts[1], "wQ"[place])
    if parts[0] == "lstsq":
        a, b = parts[1:]
        if place or a.shape[0] < a.shape[1]:
            stop("only the solution of full column rank is a formula")
        return mul(inverse(mul(transpose(a), a)), transpose(a), b)
    m, n = parts[1].shape
    if place == 1:
        return e.Spectral(parts[1], "s")
    if m != n and parts[2].params["full_matrices"]:
        stop("the last columns of U or V are no functions of the matrix; say full_matrices=False")
    part = e.Spectral(parts[1], "UsV"[place])
    return transpose(part) if place == 2 else part


@reads(np.max)
def largest(node, shapes, x):
    if isinstance(x, e.Spectral) and x.part == "s":
        whole = x.operands[0]
        if isinstance(whole, e.Product) and len(whole.operands) == 2 and whole.operands[0].shape[1] == 1:
            return norm(whole.operands[0]) * norm(transpose(whole.operands[1]))
        first = constant_matrix("e_1", np.eye(x.shape[0])[:, [0]])
        return tr(mul(transpose(first), x))
    return stop(
        "the largest entry is no formula of matrices (a shift by it that only keeps exp from "
        "overflowing can be left out: the derivative is the same)"
    )


def known_rows():
    """Names of the rows that read, for the documentation."""
    return sorted({getattr(table.get(f), "name", f) for f in READ})
