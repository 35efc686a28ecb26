"""Numbers for SymPy's matrix and array expressions, node by node.

`doit`, `as_explicit` and `lambdify` each refuse some of the nodes that `.diff` returns; this reads
all that have a meaning, and says so of the others.
"""

from functools import reduce
from string import ascii_letters

import numpy as np
import sympy
from sympy.matrices.expressions import applyfunc, diagonal, hadamard
from sympy.tensor.array import NDimArray
from sympy.tensor.array.expressions import array_expressions as arrays

ARRAYS = (
    arrays.ArrayTensorProduct,
    arrays.ArrayContraction,
    arrays.ArrayDiagonal,
    arrays.PermuteDims,
    arrays.ArrayAdd,
    arrays.ArrayElementwiseApplyFunc,
    arrays.Reshape,
    arrays.ZeroArray,
    arrays.OneArray,
    NDimArray,
)


class Unevaluated(Exception):
    """A node that is a question and no answer, such as Derivative."""


class IllFormed(Exception):
    """A node whose parts do not fit together: an answer without a meaning."""


def value(e, known):
    """The array that e stands for. known: name -> array of a symbol, matrices with two axes."""
    for kind, rule in RULES.items():
        if isinstance(e, kind):
            return np.asarray(rule(e, known))
    raise Unevaluated(type(e).__name__)


def each(e, known):
    return [value(arg, known) for arg in e.args]


def product(factors):
    """A product in which 1×1 matrices may stand for numbers."""

    def times(a, b):
        if a.ndim == 0 or b.ndim == 0:
            return a * b
        if a.ndim == b.ndim == 2 and a.shape[1] == b.shape[0]:
            return a @ b
        if a.size == 1 or b.size == 1:
            return a * b.reshape(()) if b.size == 1 else a.reshape(()) * b
        raise IllFormed(f"a product of shapes {a.shape} and {b.shape}")

    return reduce(times, factors)


def total(terms):
    if len({term.shape for term in terms}) > 1:
        raise IllFormed(f"a sum of shapes {', '.join(str(t.shape) for t in terms)}")
    return sum(terms)


def power(e, known):
    base, exponent = each(e, known)
    if base.size == 1:
        return base**exponent
    if exponent == int(exponent):
        return np.linalg.matrix_power(base, int(exponent))
    values, vectors = np.linalg.eig(base)
    return np.real(vectors @ np.diag(values.astype(complex) ** exponent) @ np.linalg.inv(vectors))


def elementwise(function, array, known):
    """A function of one number at each entry; it may hold symbols of numbers."""
    t = sympy.Dummy("t")
    formula = function(t)
    formula = formula.subs({s: known[s.name].item() for s in formula.free_symbols - {t}})
    if formula.has(sympy.Derivative, sympy.Subs):
        raise Unevaluated("Derivative of a function of one variable")
    if formula.has(sympy.DiracDelta):
        formula = formula.replace(sympy.DiracDelta, lambda *args: sympy.Integer(0))
    return sympy.lambdify(t, formula, "numpy")(array) + 0 * array


def scalar_function(e, known):
    args = each(e, known)
    if any(arg.size != 1 for arg in args):
        raise IllFormed(f"{type(e).__name__} of a matrix")
    dummies = sympy.symbols(f"t:{len(args)}")
    return sympy.lambdify(dummies, e.func(*dummies), "numpy")(*(a.reshape(()) for a in args))


def summed(e, known):
    (index, low, high) = e.limits[0]
    terms = [
        value(e.function.subs(index, k), known) for k in range(int(low), int(high) + 1)
    ]
    return sum(terms)


def labelled(array, groups):
    """Labels of the axes of an array, one letter for the axes of a group."""
    labels = list(ascii_letters[: array.ndim])
    for group in groups:
        for axis in group:
            labels[axis] = labels[group[0]]
    return labels


def contraction(e, known):
    array = value(e.expr, known)
    labels = labelled(array, e.contraction_indices)
    used = {axis for group in e.contraction_indices for axis in group}
    free = "".join(label for axis, label in enumerate(labels) if axis not in used)
    return np.einsum(f"{''.join(labels)}->{free}", array)


def array_diagonal(e, known):
    array = value(e.expr, known)
    labels = labelled(array, e.diagonal_indices)
    used = {axis for group in e.diagonal_indices for axis in group}
    free = [label for axis, label in enumerate(labels) if axis not in used]
    kept = free + [labels[group[0]] for group in e.diagonal_indices]
    return np.einsum(f"{''.join(labels)}->{''.join(kept)}", array)


def integers(shape):
    return tuple(int(n) for n in shape)


def diagonal_matrix(e, known):
    array = value(e.args[0], known)
    if 1 in array.shape:
        return np.diag(array.reshape(-1))
    return np.diag(np.diag(array))


def diagonal_of(e, known):
    return np.diag(value(e.args[0], known))[:, None]


# Special kinds stand before those that they are kinds of.
RULES = {
    (sympy.Derivative, sympy.Subs, sympy.Integral, sympy.Unequality): (
        lambda e, known: (_ for _ in ()).throw(Unevaluated(type(e).__name__))
    ),
    sympy.MatrixSymbol: lambda e, known: known[e.name],
    sympy.matrices.expressions.matexpr.MatrixElement: (
        lambda e, known: value(e.parent, known)[int(e.i), int(e.j)]
    ),
    sympy.Identity: lambda e, known: np.eye(int(e.shape[0])),
    (sympy.ZeroMatrix, arrays.ZeroArray): lambda e, known: np.zeros(integers(e.shape)),
    (sympy.OneMatrix, arrays.OneArray): lambda e, known: np.ones(integers(e.shape)),
    sympy.Inverse: lambda e, known: np.linalg.inv(value(e.arg, known)),
    sympy.MatPow: power,
    sympy.MatMul: lambda e, known: product(each(e, known)),
    sympy.MatAdd: lambda e, known: total(each(e, known)),
    sympy.Transpose: lambda e, known: value(e.arg, known).T,
    sympy.Trace: lambda e, known: np.trace(value(e.arg, known)),
    sympy.Determinant: lambda e, known: np.linalg.det(value(e.arg, known)),
    sympy.HadamardProduct: lambda e, known: reduce(np.multiply, each(e, known)),
    hadamard.HadamardPower: lambda e, known: value(e.base, known) ** value(e.exp, known),
    applyfunc.ElementwiseApplyFunction: (
        lambda e, known: elementwise(e.function, value(e.expr, known), known)
    ),
    (sympy.DiagMatrix, diagonal.DiagonalMatrix): diagonal_matrix,
    diagonal.DiagonalOf: diagonal_of,
    sympy.KroneckerProduct: lambda e, known: reduce(np.kron, each(e, known)),
    arrays.ArrayTensorProduct: lambda e, known: reduce(np.multiply.outer, each(e, known)),
    arrays.ArrayContraction: contraction,
    arrays.ArrayDiagonal: array_diagonal,
    arrays.PermuteDims: (
        lambda e, known: np.transpose(value(e.expr, known), e.permutation.array_form)
    ),
    arrays.ArrayAdd: lambda e, known: total(each(e, known)),
    arrays.ArrayElementwiseApplyFunc: (
        lambda e, known: elementwise(e.function, value(e.expr, known), known)
    ),
    arrays.Reshape: lambda e, known: value(e.expr, known).reshape(integers(e.shape)),
    NDimArray: lambda e, known: np.array(
        [value(part, known) for part in sympy.flatten(e.tolist())]
    ).reshape(e.shape),
    sympy.MatrixBase: lambda e, known: np.array(
        [value(part, known) for part in e]
    ).reshape(e.shape),
    sympy.Sum: summed,
    sympy.Symbol: lambda e, known: known[e.name],
    sympy.Number: lambda e, known: float(e),
    sympy.NumberSymbol: lambda e, known: float(e),
    sympy.Add: lambda e, known: total(each(e, known)),
    sympy.Mul: lambda e, known: product(each(e, known)),
    sympy.Pow: power,
    sympy.Function: scalar_function,
}
