"""Functions spelled with rows: their values are NumPy's, their derivatives JAX's."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import sympy
from programs import CASES, NOT_IN_JAX, PROGRAMS

import adcourse as ad
from adcourse.compiling import program
from adcourse.core.primitive import Composite, table
from adcourse.core.tree import flatten
from adcourse.symbolic.lower import lowered
from adcourse.transforms.batch import vmap

jax.config.update("jax_enable_x64", True)
ids = [f"{name}-{i}" for name, programs in PROGRAMS.items() for i in range(len(programs))]
every_program = pytest.mark.parametrize("case", CASES, ids=ids)
in_jax = [
    pytest.param(case, id=key)
    for case, key in zip(CASES, ids, strict=True)
    if key not in NOT_IN_JAX
]

stacked = [  # the length of np.trim_zeros depends on the values
    pytest.param(case, id=key) for case, key in zip(CASES, ids, strict=True) if "trim" not in key
]


def run(case):
    name, f, *xs = case
    return lambda *xs: f(np, *xs), xs


def leaves(tree):
    return flatten(tree)[0]


def close(got, expected, tolerance=1e-12):
    for mine, theirs in zip(leaves(got), leaves(expected), strict=True):
        assert np.shape(mine) == np.shape(theirs)
        np.testing.assert_allclose(mine, theirs, rtol=tolerance, atol=tolerance)


def lowerable(row):
    moves = row.entries is None and row.kind in ("linear", "bilinear")
    return bool(row.sympy or row.entries or moves)


def to_30_digits(a):
    return np.frompyfunc(lambda v: sympy.Float(v, 30), 1, 1)(np.asarray(a).astype(object))


def cotangent(y):
    ys, rebuild = flatten(y)
    rng = np.random.default_rng(4)
    return rebuild([rng.standard_normal(np.shape(leaf))[()] for leaf in ys])


def test_every_composite_has_a_program():
    composites = [row for row in table.values() if isinstance(row, Composite)]
    files = {row.spelling.__module__ for row in composites if row.name in PROGRAMS}
    names = {row.name for row in composites if row.spelling.__module__ in files}
    unstated = {"np.empty_like", "np.real_if_close"}  # no value to state; nothing but x itself
    assert names - unstated == set(PROGRAMS)


@every_program
def test_the_value_is_that_of_numpy(case):
    f, xs = run(case)
    expected = f(*xs)
    close(ad.vjp(f, *xs)[0], expected)
    close(ad.jvp(f, xs, xs)[0], expected)
    close(ad.trace(lambda *xs: f(*xs), *xs)(*xs), expected)


@every_program
def test_the_source_of_its_trace_computes_it(case):
    f, xs = run(case)
    graph = ad.trace(lambda *xs: f(*xs), *xs)
    text, names = program(graph)
    exec(text, names)
    close(names[graph.title](*xs), f(*xs))


@every_program
def test_lowered_to_sympy_it_has_the_value_of_numpy(case):
    f, xs = run(case)
    graph = ad.trace(lambda *xs: f(*xs), *xs)
    if any(not lowerable(node.primitive) for node in graph.nodes):
        with pytest.raises(ad.NotLowerable):
            ad.to_sympy(graph)
        return
    outputs, _ = lowered(graph, [to_30_digits(x) for x in xs])
    close(graph.rebuild([np.asarray(e).astype(float) for e in outputs]), f(*xs))


@every_program
def test_derivatives_of_first_and_second_order(case):
    f, xs = run(case)
    ad.check_grads(f, xs, order=2, rng=np.random.default_rng(5), tolerance=1e-5)


@pytest.mark.parametrize("case", in_jax)
def test_the_pullback_is_that_of_jax(case):
    f, xs = run(case)
    y, pullback = ad.vjp(f, *xs)
    y_bar = cotangent(y)
    jax_y, jax_pullback = jax.vjp(lambda *xs: case[1](jnp, *xs), *xs)
    jax_bar = jax.tree.unflatten(jax.tree.structure(jax_y), map(jnp.asarray, leaves(y_bar)))
    close(pullback(y_bar), jax_pullback(jax_bar))


@every_program
def test_single_precision_stays(case):
    f, xs = run(case)
    xs = [np.float32(x) for x in xs]
    y, pullback = ad.vjp(f, *xs)
    expected = f(*xs)
    assert [leaf.dtype for leaf in leaves(y)] == [np.result_type(e) for e in leaves(expected)]
    y_bar = flatten(y)[1]([np.float32(b) for b in leaves(cotangent(y))])
    assert all(bar.dtype == np.float32 for bar in pullback(y_bar))


@every_program
def test_strides_do_not_matter(case):
    f, xs = run(case)
    y, pullback = ad.vjp(f, *xs)
    strided = [np.stack([x, x], axis=-1)[..., 0] if np.ndim(x) else x for x in xs]
    _, other = ad.vjp(f, *strided)
    close(other(cotangent(y)), pullback(cotangent(y)))


@pytest.mark.parametrize("case", stacked)
def test_a_stack_of_examples_is_a_loop(case):
    f, xs = run(case)
    stacks = [np.stack([x, 1.1 * x]) for x in xs]
    loop = [f(*[x[i] for x in stacks]) for i in range(2)]
    together = flatten(loop[0])[1](
        [np.stack(pair) for pair in zip(*map(leaves, loop), strict=True)]
    )
    close(vmap(f)(*stacks), together)
