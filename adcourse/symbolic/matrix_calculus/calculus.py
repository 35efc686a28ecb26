"""Gradients, Hessians and differentials of programs and of expressions, with their derivations."""

import sympy

from adcourse.core.errors import NotLowerable, WrongStructure
from adcourse.symbolic.matrix_calculus import expressions as e
from adcourse.symbolic.matrix_calculus.derivation import Derivation
from adcourse.symbolic.matrix_calculus.derive import (
    Pairing,
    differentiate,
    parts_of,
    total_differential,
)
from adcourse.symbolic.matrix_calculus.front import NoMatrix, matrix_in_front
from adcourse.symbolic.matrix_calculus.numbers import tidy_number
from adcourse.symbolic.matrix_calculus.problems import problem, symbols_of
from adcourse.symbolic.matrix_calculus.pull import has_differential
from adcourse.symbolic.matrix_calculus.scalars import Atom, as_number, inner
from adcourse.symbolic.matrix_calculus.tidy import tidy


def gradient(f, *args, argnums=0, assume=None):
    """The gradient of a real function with every step of its derivation.

    f is a NumPy function and `args` a point of it, `argnums` the argument or arguments to
    differentiate by, `assume` properties of arguments, {"S": "symmetric"}; the point fixes shapes
    only. Or f is a number made of matrices (`norm(A @ x - b)`) and `args` the symbols to
    differentiate by. The gradient has the shape of its argument: df = <gradient, dX>.

    Returns a Derivation. For a symmetric argument the gradient is symmetric, for a diagonal one
    diagonal: the part that a dX of that kind sees. For one with orthonormal columns, XᵀX = I is
    used, and <gradient, dX> is right for the dX that keep it so: XᵀdX antisymmetric.

    Raises NotLowerable where a node has no matrix form; its message names the node. Raises
    WrongStructure where f is no number, or for symbols, properties and argnums that do not fit.

    >>> import numpy as np
    >>> f = lambda A, x, b: np.sum((A @ x - b) ** 2) / 2
    >>> d = gradient(f, np.ones((3, 2)), np.ones(2), np.ones(3), argnums=1)
    >>> d.result
    Aᵀ(Ax − b)
    >>> print(d.code)
    def gradient(A, x, b):
        return A.T @ (A @ x - b)
    """
    function, targets, arguments, conditions = problem(f, args, argnums, assume)
    function, steps = as_number(function), []
    results = differentiate(function, targets, steps)
    return Derivation(
        "gradient", function, targets, [results[t] for t in targets], steps, arguments, conditions
    )


def differential(f, *args, argnums=0, assume=None):
    """The differential df in terms of dX, of a number, vector or matrix, with every step.

    Arguments as for `gradient`. Where f is a vector and X one too, `jacobian` reads off the matrix.

    >>> from adcourse.symbolic.matrix_calculus import matrix, solution, vector
    >>> A, x = matrix("A", "m", "n"), vector("x", "n")
    >>> differential(A @ x, A, x).result
    dA x + A dx
    """
    function, targets, arguments, conditions = problem(f, args, argnums, assume)
    steps = []
    if isinstance(function, e.Expression):
        result = tidy(total_differential(function, targets, steps))
    else:
        gradients = differentiate(function, targets, steps)
        pairs = [
            tidy_number(g * Atom("d", x)) if isinstance(x, sympy.Symbol) else inner(g, e.D(x))
            for x, g in gradients.items()
        ]
        result = sympy.Add(*pairs)
    return Derivation("differential", function, targets, [result], steps, arguments, conditions)


def jacobian(f, *args, argnums=0, assume=None):
    """The matrix J with df = J dx of a vector by a vector: J_ij = ∂f_i/∂x_j.

    Raises NotLowerable where f or x is no vector.

    >>> from adcourse.symbolic.matrix_calculus import matrix, solution, vector
    >>> A, x = matrix("A", "m", "n"), vector("x", "n")
    >>> jacobian(A @ x, x).result
    A
    """
    function, targets, arguments, conditions = problem(f, args, argnums, assume)
    if len(targets) != 1:
        raise WrongStructure("A Jacobian is taken by one argument at a time.")
    steps = []
    result = read_matrix(function, targets[0], steps)
    return Derivation("jacobian", function, targets, [result], steps, arguments, conditions)


def hessian(f, *args, argnums=0, assume=None):
    """The Hessian of a real function: the matrix where x is a vector, else the map V ↦ H[V].

    Arguments as for `gradient`. The map is an expression in a further matrix V, the last argument
    of the generated code: H[V] = d/dt of the gradient at X + tV. No Hessian *matrix* of log det X
    exists: its second differential is -tr(X⁻¹V X⁻¹V).

    >>> from adcourse.symbolic.matrix_calculus import matrix, solution, vector
    >>> x, S = vector("x", "n"), matrix("S", "n", "n", "symmetric")
    >>> from adcourse.symbolic.matrix_calculus import tr
    >>> hessian(tr(x.T @ S @ x), x).result
    2S
    """
    function, targets, arguments, conditions = problem(f, args, argnums, assume)
    if len(targets) != 1:
        raise WrongStructure("A Hessian is taken by one argument at a time.")
    (x,) = targets
    function, steps = as_number(function), []
    g = differentiate(function, targets, steps)[x]
    if isinstance(x, sympy.Symbol):
        second = differentiate(g, targets, steps)[x]
        return Derivation("hessian", function, targets, [second], steps, arguments, conditions)
    if x.shape[1] == 1:
        kept = len(steps)
        try:
            result = read_matrix(g, x, steps)
            return Derivation("hessian", function, targets, [result], steps, arguments, conditions)
        except NoMatrix:
            del steps[kept:]
    V = e.Sym(direction(g, arguments), x.shape, x.properties - {"positive definite"})
    change = total_differential(g, targets, steps)
    result = tidy(directed(change, x, V))
    if x.is_a("positive definite") or x.is_a("symmetric"):
        V = e.Sym(V.name, x.shape, {"symmetric"})
        result = tidy(directed(change, x, V))
    return Derivation(
        "hessian map", function, targets, [result], steps, (*arguments, V), conditions
    )


def pullback(function, *args, argnums=0, assume=None, cotangent=None):
    """The cotangents of the targets, given that of a matrix: dL = <x̄, dx> = Σ <Ā, dA>.

    Arguments as for `gradient`, but the function is a vector or matrix. `cotangent` is the matrix
    x̄ = ∂L/∂x; without it one is named after the function.

    Raises WrongStructure for a number, and for a cotangent of another shape.

    >>> from adcourse.symbolic.matrix_calculus import matrix, solution, vector
    >>> A, b = matrix("A", "n", "n"), vector("b", "n")
    >>> pullback(solution(A, b, "x"), A, b).results
    (−A⁻ᵀx̄xᵀ, A⁻ᵀx̄)
    """
    function, targets, arguments, conditions = problem(function, args, argnums, assume)
    if not isinstance(function, e.Expression):
        raise WrongStructure(f"{function} is a number, which has no cotangent: ask for `gradient`.")
    name = getattr(function, "name", "f")
    bar = e.Sym(f"{name}_bar", function.shape) if cotangent is None else cotangent
    if bar.shape != function.shape:
        raise WrongStructure(f"The cotangent has shape {bar.shape}, and not {function.shape}.")
    others = [s for s in symbols_of(*arguments, bar) if s is not bar]
    steps = []
    results = differentiate([Pairing(sympy.S.One, bar, e.D(function))], targets, steps)
    arguments = (*others, bar) if isinstance(bar, e.Sym) else others
    found = [results[t] for t in targets]
    return Derivation("pullback", function, targets, found, steps, arguments, conditions)


def read_matrix(function, x, steps):
    """J with df = J dx, read off the differential."""
    if any(not isinstance(a, e.Expression) or a.shape[1] != 1 for a in (function, x)):
        raise NotLowerable(
            "A Jacobian matrix belongs to a vector function of a vector. For other shapes ask for "
            "`differential`, which says how f changes along any dX."
        )
    change = total_differential(function, [x], steps)
    if not has_differential(change):
        return e.Zero(function.shape[0], x.shape[0])
    return tidy(matrix_in_front(change, x))


def directed(a, x, v):
    """An expression with dX replaced by a direction."""
    if isinstance(a, e.D):
        return v
    if isinstance(a, e.Scale):
        found = {
            atom: type(atom)(atom.operator, directed(atom.argument, x, v))
            for atom in a.number.free_symbols
            if getattr(atom, "operator", "d") != "d"
        }
        return e.Scale(directed(a.matrix, x, v), a.number.xreplace(found))
    return a.with_operands([directed(b, x, v) for b in a.operands]) if a.operands else a


def direction(g, arguments):
    """V, or the next letter that no argument and no singular vectors bear."""
    taken = {a.name for a in arguments}
    if any(isinstance(a, e.Spectral) for a in parts_of(g)):
        taken |= {"U", "V", "Q", "F", "L"}
    return next(letter for letter in ("V", "H", "K", "Z", "V_") if letter not in taken)
