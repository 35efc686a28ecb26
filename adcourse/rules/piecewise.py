"""Functions with kinks or jumps, and what is taken as their derivative there.

At a kink the symmetric choice is taken: abs has derivative 0 at 0, and where two arguments of
maximum or minimum tie, each gets one half, the mean of the one-sided derivatives; so does clip at
its bounds. Comparisons and steps are constant between their jumps: derivative zero.
"""

import numpy as np

from adcourse.core.errors import NotReal
from adcourse.core.primitive import table
from adcourse.rules.composites import composite, dtype_of
from adcourse.rules.kinds import constant, elementwise, linear
from adcourse.rules.shapes import unbroadcast

# fmt: off
#           NumPy          ∂z/∂x                      ∂z/∂y                      SymPy
elementwise(np.absolute,   lambda x: np.sign(x),                                 sympy="Abs(x)")
elementwise(np.fabs,       lambda x: np.sign(x),                                 sympy="Abs(x)")
elementwise(np.maximum,    lambda x, y: share(x, y),  lambda x, y: share(y, x),  sympy="Max(x, y)")
elementwise(np.minimum,    lambda x, y: share(y, x),  lambda x, y: share(x, y),  sympy="Min(x, y)")
elementwise(np.remainder,  1,    lambda x, y: -np.floor_divide(x, y),  sympy="x - y * floor(x / y)")
elementwise(np.fmod,       1,    lambda x, y: -np.trunc(x / y),
                                                  sympy="x - y * sign(x / y) * floor(Abs(x / y))")

constant(np.sign,          sympy="sign(x)")
constant(np.floor,         sympy="floor(x)")
constant(np.ceil,          sympy="ceiling(x)")
constant(np.trunc,         sympy="sign(x) * floor(Abs(x))")
constant(np.fix,           sympy="sign(x) * floor(Abs(x))")
constant(np.rint,          sympy="Piecewise((2 * floor(x / 2 + S.Half), Eq(frac(x), S.Half)), "
                                 "(floor(x + S.Half), True))")
constant(np.floor_divide,  arity=2, sympy="floor(x / y)")
constant(np.greater,       arity=2, sympy="Gt(x, y)")
constant(np.greater_equal, arity=2, sympy="Ge(x, y)")
constant(np.less,          arity=2, sympy="Lt(x, y)")
constant(np.less_equal,    arity=2, sympy="Le(x, y)")
constant(np.equal,         arity=2, sympy="Eq(x, y)")
constant(np.not_equal,     arity=2, sympy="Ne(x, y)")
constant(np.logical_not,   sympy="Not(x)")
constant(np.logical_and,   arity=2, sympy="And(x, y)")
constant(np.logical_or,    arity=2, sympy="Or(x, y)")
constant(np.logical_xor,   arity=2, sympy="Xor(x, y)")
constant(np.signbit,       sympy="Lt(x, 0)")
constant(np.isfinite,      sympy="true")
constant(np.isnan,         sympy="false")
constant(np.isinf,         sympy="false")
constant(np.isposinf,      sympy="false")
constant(np.isneginf,      sympy="false")
constant(np.isreal,        sympy="true")
constant(np.iscomplex,     sympy="false")
constant(np.round,         params="decimals", entries="round")
constant(np.around,        params="decimals", entries="round")
constant(np.isclose,       arity=2, params="rtol atol equal_nan", entries="isclose")
constant(np.allclose,      arity=2, params="rtol atol equal_nan", entries="allclose")
constant(np.array_equal,   arity=2, params="equal_nan", entries="array_equal")
# fmt: on


def share(x, y):
    """The share of x in max(x, y): 1 where it wins, 0 where it loses, 1/2 at a tie."""
    return np.where(x > y, 1.0, np.where(x == y, 0.5, 0.0))


linear(
    np.where,  # linear in the two branches, given the condition; 0·∞ is never formed
    None,
    lambda x, y_shape, z_bar: unbroadcast(np.where(x, z_bar, 0.0), y_shape),
    lambda x, w_shape, z_bar: unbroadcast(np.where(x, 0.0, z_bar), w_shape),
    sympy="Piecewise((y, x), (w, True))",
)

share = constant(
    share, arity=2, sympy="Piecewise((1, x > y), (Rational(1, 2), Eq(x, y)), (0, True))"
)


@composite(np.clip)
def clip(x, a_min=None, a_max=None, min=None, max=None):
    low, high = a_min if min is None else min, a_max if max is None else max
    x = x if low is None else np.maximum(x, low)
    return x if high is None else np.minimum(x, high)


@composite(np.fmax)
def fmax(x, y):
    return np.where(np.isnan(y), x, np.where(np.isnan(x), y, np.maximum(x, y)))


@composite(np.fmin)
def fmin(x, y):
    return np.where(np.isnan(y), x, np.where(np.isnan(x), y, np.minimum(x, y)))


@composite(np.nan_to_num)
def nan_to_num(x, copy=True, nan=0.0, posinf=None, neginf=None):
    limits = np.finfo(dtype_of(x))
    x = np.where(x == np.inf, limits.max if posinf is None else posinf, x)
    x = np.where(x == -np.inf, limits.min if neginf is None else neginf, x)
    return np.where(np.isnan(x), nan, x)


@composite(np.copysign)
def copysign(x, y):
    return np.where(np.signbit(y), -np.abs(x), np.abs(x))


@composite(np.divmod)
def divmod(x, y):
    return np.floor_divide(x, y), np.remainder(x, y)


@composite(np.float_power)
def float_power(x, y):
    return np.power(x * np.float64(1.0), y)


@composite(np.real, np.real_if_close)
def real(x):
    return x.real


@composite(np.imag)
def imag(x):
    return x.imag


@composite(np.angle)
def angle(x, deg=False):
    t = np.arctan2(x.imag, x.real)
    return np.rad2deg(t) if deg else t


def as_float(x, dtype):
    """x in another precision."""
    return np.asarray(x).astype(dtype)[()]


def as_whole(x, dtype):
    """x cut to whole numbers, or to true and false: constant between its jumps."""
    return np.asarray(x).astype(dtype)[()]


as_float = linear(as_float, lambda z_bar: z_bar, params="dtype", entries=lambda x, dtype: x)
as_whole = constant(as_whole, params="dtype", entries="as_whole")


def astype(x, dtype, copy=True):
    """x as floats of another precision, or cut to whole numbers or truth values."""
    kind = np.dtype(dtype).kind
    if np.dtype(dtype) == dtype_of(x):
        return x
    if kind not in "fiub":
        raise NotReal(f"Derivatives are of real numbers, and .astype({dtype!r}) makes other ones.")
    return as_float(x, dtype=dtype) if kind == "f" else as_whole(x, dtype=dtype)


table["astype"] = astype
if hasattr(np, "astype"):  # NumPy 2.1
    composite(np.astype)(astype)
