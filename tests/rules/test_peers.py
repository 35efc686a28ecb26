"""Rows against JAX and autograd, at the sample points, wherever these have the function."""

import autograd
import autograd.numpy as anp
import jax
import jax.numpy as jnp
import jax.scipy.special as jsp
import numpy as np
import pytest
from samples import CASES, case_id

import adcourse as ad

jax.config.update("jax_enable_x64", True)


def namesakes(kinds, library, special=None):
    """Cases of rows of these kinds that have a namesake in a library, with that function."""
    found = []
    for case in CASES:
        row, args, params = case
        home, _, name = row.name.rpartition(".")
        place = {"np": library, "scipy.special": special}.get(home)
        own = getattr(np, name, None) is row.numpy or home == "scipy.special"
        if own and row.kind in kinds:
            theirs = getattr(place, name, None)
            if theirs is not None and all(np.result_type(a).kind == "f" for a in args):
                found.append(pytest.param(case, theirs, id=case_id(case)))
    return found


def pulled(case, seed=6):
    row, args, params = case
    y, pullback = ad.vjp(lambda *xs: row(*xs, **params), *args)
    y_bar = np.random.default_rng(seed).standard_normal(np.shape(y))[()]
    return y, y_bar, pullback(y_bar)


def close(mine, theirs):
    for x_bar, other in zip(mine, theirs, strict=True):
        np.testing.assert_allclose(x_bar, other, rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize(
    "case, theirs", namesakes(("elementwise", "linear", "bilinear", "general"), jnp, jsp)
)
def test_pullback_of_jax(case, theirs):
    _, args, params = case
    y, y_bar, x_bars = pulled(case)
    _, pullback = jax.vjp(lambda *xs: theirs(*xs, **params), *map(jnp.asarray, args))
    close(x_bars, pullback(jnp.asarray(y_bar)))


without_rule = ("positive", "cbrt", "fmod")  # in autograd, whose linear functions lack options
in_autograd = [
    case
    for case in namesakes(("elementwise", "general"), anp)
    if case.values[1].__name__ not in without_rule
]


@pytest.mark.parametrize("case, theirs", in_autograd)
def test_pullback_of_autograd(case, theirs):
    _, args, params = case
    y, y_bar, x_bars = pulled(case)
    everything = tuple(range(len(args)))
    f = lambda *xs: anp.sum(theirs(*xs, **params) * y_bar)
    close(x_bars, autograd.grad(f, everything)(*args))
