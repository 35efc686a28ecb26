"""SymPy's expressions differentiated with the package's conventions, also where arguments tie."""

import numpy as np
import pytest
import sympy

import adcourse as ad
from adcourse.symbolic import differentiated

x, y, z = sympy.symbols("x y z", real=True)
CASES = {
    "relu": (lambda x, y, z: np.maximum(x, 0.0) * y + z, [(0.0, 2.0, 1.0), (1.0, 2.0, 3.0)]),
    "max": (lambda x, y, z: np.maximum(x * y, z), [(2.0, 3.0, 6.0), (2.0, 3.0, 5.0)]),
    "min": (lambda x, y, z: np.minimum(x, y**2) * z, [(4.0, 2.0, 3.0), (4.0, 1.0, 3.0)]),
    "three": (lambda x, y, z: np.max(np.stack([x * x, y, z])), [(2.0, 4.0, 4.0), (2.0, 1.0, 4.0)]),
    "abs": (lambda x, y, z: np.abs(x - y) * z, [(1.0, 1.0, 2.0), (0.0, 1.0, 2.0)]),
    "clip": (lambda x, y, z: np.clip(x * y, -1.0, 1.0) + z, [(1.0, 1.0, 0.0), (3.0, 1.0, 0.0)]),
    "steps": (lambda x, y, z: np.floor(x) * np.sign(y) * z, [(1.0, 0.0, 2.0), (1.5, -1.0, 2.0)]),
    "where": (lambda x, y, z: np.where(x > y, x * z, y * y), [(1.0, 1.0, 2.0), (2.0, 1.0, 3.0)]),
    "nested": (lambda x, y, z: np.abs(np.maximum(x, y)) ** 2 + z, [(0.0, 0.0, 0.0)]),
    "smooth": (lambda x, y, z: np.exp(x * y) / (1 + z * z) ** x, [(0.5, 2.0, 3.0)]),
}


@pytest.mark.parametrize("name", CASES)
def test_gradients_agree_with_grad_at_ties_too(name):
    f, points = CASES[name]
    e = ad.to_sympy(ad.trace(f, 0.7, 1.3, -0.4))
    for point in points:
        here = dict(zip((x, y, z), map(sympy.Rational, point), strict=True))
        found = [float(differentiated(e, s).subs(here)) for s in (x, y, z)]
        np.testing.assert_allclose(found, ad.grad(f, argnums=(0, 1, 2))(*point), rtol=1e-14)


def test_heaviside_and_dirac_never_appear():
    e = sympy.Max(x, y) * sympy.sign(x) + sympy.Abs(sympy.floor(x) - y)
    second = differentiated(differentiated(e, x), x)
    assert second == 0
    assert not differentiated(e, y).has(sympy.Heaviside, sympy.DiracDelta, sympy.Derivative)


@pytest.mark.parametrize(
    "e",
    [
        sympy.sin(x * y) ** 3 / x,
        x ** (y * x) + 2**x,
        sympy.atan2(x, y) * sympy.log(x),
        sympy.Integral(sympy.exp(-(y**2)), (y, 0, x)),
        sympy.Function("f")(x, x * y),
        sympy.tan(sympy.acos(x)) + sympy.erf(x),
    ],
)
def test_smooth_expressions_have_the_derivative_of_diff(e):
    assert sympy.simplify(differentiated(e, x) - sympy.diff(e, x)) == 0


@pytest.mark.parametrize("e", [sympy.Matrix([x]), sympy.Array([x]), x > y])
def test_only_scalars_are_differentiated(e):
    with pytest.raises(ad.WrongStructure, match="takes a scalar expression"):
        differentiated(e, x)


def test_a_long_chain_is_differentiated_once_per_link():
    e, value, slope = x, 0.5, 1.0
    for _ in range(100):
        slope *= np.cos(value)
        e, value = sympy.sin(e), np.sin(value)
    assert float(differentiated(e, x).subs(x, 0.5)) == pytest.approx(slope, rel=1e-12)
