"""Reverse mode: run the program once and remember it on a tape, then walk the tape backward.

v̄ᵢ = Σ over the users j of vᵢ of v̄ⱼ ∂vⱼ/∂vᵢ. One backward walk gives the derivative of one number
with respect to everything. Griewank & Walther 2008, section 3.2; Linnainmaa 1970.
"""

from functools import wraps
from weakref import finalize

from adcourse.core.errors import InPlaceWrite, NotReal, NotScalar
from adcourse.core.points import conform, matching_leaves, own, real_points, result_leaves
from adcourse.core.primitive import shape_of
from adcourse.core.recording import title_of
from adcourse.core.tape import One, Tape, Taped, consume, pull_back, replay, thaw
from adcourse.core.tree import flatten


def run(f, tape, rebuild, points, has_aux):
    """One recorded run: output leaves, their slots, how to rebuild the output, aux, the edges."""
    with tape:
        try:
            out = f(*rebuild(tape.inputs(points)))
        except ValueError as error:
            if tape.frozen and "read-only" in str(error):
                raise InPlaceWrite(
                    "An array was changed in place after the program had computed with it, and "
                    "the derivative needs its old entries. Build a new array instead."
                ) from error
            raise
        edges = tape.edges
        aux = None
        if has_aux:
            out, aux = out
            aux_leaves, rebuild_aux = flatten(aux)
            aux = rebuild_aux([primal(leaf, tape) for leaf in aux_leaves])
        leaves, rebuild_out = result_leaves(out)
    slots = [leaf.slot if owned(leaf, tape) else None for leaf in leaves]
    return [primal(leaf, tape) for leaf in leaves], slots, rebuild_out, aux, edges


def owned(leaf, tape):
    return leaf.__class__ is Taped and leaf.scope is tape


def primal(leaf, tape):
    return leaf.value if owned(leaf, tape) else leaf


def vjp(f, *primals, has_aux=False):
    """Value of f and its pullback (vector-Jacobian product).

    `y, pullback = vjp(f, *primals)`: `pullback(y_bar)` takes a cotangent nested and shaped like y
    and returns a tuple with one cotangent per primal, each nested and shaped like that primal, such
    that <y_bar, J x_dot> == <pullback(y_bar), x_dot> for every tangent x_dot. It may be called
    many times. With `has_aux`, f returns (y, aux) and the result is (y, pullback, aux).

    Cost: one run of f and memory for what its local derivatives need; a pullback costs a few runs.
    Raises MissingRule when f calls a NumPy function without a row. Griewank & Walther 2008,
    section 3.2.

    >>> y, pullback = vjp(lambda x, y: x * y, 2.0, 3.0)
    >>> y, pullback(1.0)
    (6.0, (3.0, 2.0))
    """
    points, rebuild = real_points(primals, "a primal")
    points = own(points)
    tape = Tape("vjp", len(points), protects=True)
    try:
        values, slots, rebuild_out, aux, edges = run(f, tape, rebuild, points, has_aux)
    except BaseException:
        thaw(tape.frozen)
        raise
    y = rebuild_out(own(values))  # the tape keeps its values, the caller may change these

    def pullback(y_bar):
        bars = own(matching_leaves(y_bar, y, "The cotangent", "the output"))
        seeds = [(slot, bar) for slot, bar in zip(slots, bars, strict=True) if slot is not None]
        x_bars = pull_back(replay(edges, len(points)), len(points), seeds)
        return rebuild(conform(x_bars, points))

    if tape.frozen:
        finalize(pullback, thaw, tape.frozen)
    return (y, pullback, aux) if has_aux else (y, pullback)


def value_and_grad(f, argnums=0, has_aux=False):
    """The function x -> (f(x), gradient of f at x); options as in `grad`.

    >>> value_and_grad(lambda x: x**3)(2.0)
    (8.0, 12.0)
    """

    several = isinstance(argnums, tuple | list)
    chosen = tuple(argnums) if several else (argnums,)
    first = tuple(range(len(chosen)))

    @wraps(f)
    def value_and_gradient(*args, **kwargs):
        if several:
            check_argnums(argnums, args)
        primals = tuple([argument(f, args, k) for k in chosen])
        points, rebuild = real_points(primals, f"argument {chosen[0]}")

        def of_chosen(*chosen_args):
            replaced = list(args)
            for k, a in zip(chosen, chosen_args, strict=True):
                replaced[k] = a
            return f(*replaced, **kwargs)

        whole = len(args) == len(chosen) and chosen == first and not kwargs
        g = f if whole else of_chosen
        tape = Tape("grad", len(points), protects=True)
        try:
            values, slots, _, aux, edges = run(g, tape, rebuild, points, has_aux)
            y = one_real_number(values)
            seeds = [(slots[0], One(1.0))] if slots[0] is not None else []
            gradient = rebuild(conform(pull_back(consume(edges), len(points), seeds), points))
        finally:
            thaw(tape.frozen)
        gradient = gradient if several else gradient[0]
        return ((y, aux), gradient) if has_aux else (y, gradient)

    return named("value_and_grad", f, value_and_gradient)


def grad(f, argnums=0, has_aux=False):
    """The function x -> gradient of f at x, for an f that returns one real number.

    `argnums`: which positional argument, or a tuple of them (then a tuple of gradients comes
    back). Arguments may be nested containers of floats and float arrays; a gradient is nested and
    shaped like its argument. Keyword arguments pass through. With `has_aux`, f returns (y, aux)
    and the result is (gradient, aux).

    Cost: a small multiple of one run of f, whatever the number of inputs (Baur & Strassen 1983).
    Raises NotScalar for an array output, NotReal for integer arrays, MissingRule for a NumPy
    function without a row.

    >>> import numpy as np
    >>> grad(lambda x: np.sum(x**2))(np.array([1.0, 2.0]))
    array([2., 4.])
    >>> bool(grad(grad(np.sin))(0.5) == -np.sin(0.5))
    True
    """
    both = value_and_grad(f, argnums, has_aux)

    @wraps(f)
    def gradient(*args, **kwargs):
        value, slope = both(*args, **kwargs)
        return (slope, value[1]) if has_aux else slope

    return named("grad", f, gradient)


def named(transform, f, g):
    """Call g "grad_L" where f is called L, so that a graph of it says what it is."""
    g.__name__ = f"{transform}_{title_of(f)}"
    return g


def check_argnums(argnums, args):
    """Each argument is named once."""
    if not argnums:
        raise NotReal("argnums=() names no argument to differentiate with respect to.")
    if len({k % max(1, len(args)) for k in argnums}) < len(argnums):
        raise NotReal(f"argnums={argnums} names an argument twice; name each once.")


def argument(f, args, k):
    """Positional argument k, or a sentence."""
    if not -len(args) <= k < len(args):
        name = getattr(f, "__name__", "f")
        raise NotReal(
            f"The gradient with respect to argument {k} was asked for, but {name} was called with "
            f"{len(args)} positional argument{'s' * (len(args) != 1)}. Pass it by position."
        )
    return args[k]


def one_real_number(leaves):
    """The output of f as the scalar that a gradient needs."""
    if len(leaves) != 1:
        raise NotScalar(
            f"grad needs a function that returns one number, but f returned {len(leaves)} values. "
            "Return one of them, or say has_aux=True and return (number, others)."
        )
    (y,) = leaves
    shape = shape_of(y)
    if shape != ():
        raise NotScalar(
            f"grad needs a function that returns one number, but f returned shape {shape}. "
            "Reduce the output, for instance with np.sum, or ask vjp for the whole pullback."
        )
    dtype = getattr(y, "dtype", None)
    if isinstance(y, complex | str) or (dtype is not None and dtype.kind not in "fiub"):
        raise NotScalar(
            f"grad needs a function that returns one real number, but f returned {y!r}."
        )
    return y
