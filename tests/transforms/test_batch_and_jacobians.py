"""vmap against the loop, for every row; Jacobians and Hessians against JAX."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from samples import CASES, case_id
from samples_linalg import as_program

import adcourse as ad
from adcourse.core.tree import flatten
from adcourse.transforms.batch import vmap
from adcourse.transforms.jacobians import hessian, hvp, jacfwd, jacobian, jacrev

jax.config.update("jax_enable_x64", True)

SIZE = 3


@pytest.mark.parametrize("case", CASES, ids=map(case_id, CASES))
def test_every_row_batched_is_the_loop(case):
    row, args, params = case
    rng = np.random.default_rng(0)
    stacks = []
    for a in args:
        if np.result_type(a).kind == "b":
            stacks.append(np.stack([np.asarray(a), ~np.asarray(a), np.asarray(a)]))
        elif np.result_type(a).kind == "i":  # an index
            stacks.append(np.stack([a] * SIZE))
        else:
            noise = rng.uniform(0.9, 1.0, (SIZE, *np.shape(a)))
            stacks.append(np.asarray(a) * noise)
    for shared in [None, *range(len(args))] if len(args) > 1 else [None]:
        axes = tuple(None if k == shared else 0 for k in range(len(args)))
        given = [args[k] if k == shared else stacks[k] for k in range(len(args))]
        f = lambda *xs: as_program(row)(*xs, **params)
        loop = [
            f(*[g if ax is None else g[i] for g, ax in zip(given, axes, strict=True)])
            for i in range(SIZE)
        ]
        batched = flatten(vmap(f, in_axes=axes)(*given))[0]
        for mine, one_by_one in zip(
            batched, zip(*[flatten(z)[0] for z in loop], strict=True), strict=True
        ):
            np.testing.assert_allclose(mine, np.stack(one_by_one), rtol=1e-12, atol=1e-13)


def f(x, np=np):
    return np.stack([np.sum(np.sin(x) * x), x[0] * x[1], np.exp(-x @ x), x[2] / (1 + x[0] ** 2)])


def test_jacobians_agree_with_jax():
    x = np.array([0.3, -0.7, 1.1])
    expected = jax.jacobian(lambda x: f(x, jnp))(x)
    for J in (jacfwd, jacrev, jacobian):
        np.testing.assert_allclose(J(f)(x), expected, rtol=1e-12)
        np.testing.assert_allclose(J(f, block=2)(x), expected, rtol=1e-12)


def test_jacobians_of_nests_agree_with_jax():
    def g(p, np=np):
        return {"a": np.sin(p["x"]) * p["s"], "b": (p["x"][0] * p["s"], p["x"].reshape((2, 1)))}

    p = {"x": np.array([1.0, 2.0]), "s": 3.0}
    theirs = jax.jacobian(lambda p: g(p, jnp))(p)
    for J in (jacfwd, jacrev, jacobian):
        ours = J(g)(p)
        for mine, other in zip(jax.tree.leaves(ours), jax.tree.leaves(theirs), strict=True):
            assert np.shape(mine) == np.shape(other)
            np.testing.assert_allclose(mine, other, rtol=1e-12)


def rosenbrock(x):
    return np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def test_hessian_and_hvp():
    x = np.linspace(-1, 1, 6)
    expected = jax.hessian(rosenbrock_jax)(x)
    np.testing.assert_allclose(hessian(rosenbrock)(x), expected, rtol=1e-12)
    v = np.arange(6.0)
    np.testing.assert_allclose(hvp(rosenbrock, x, v), expected @ v, rtol=1e-12)
    np.testing.assert_allclose(jacrev(jacfwd(rosenbrock))(x), expected, rtol=1e-12)
    np.testing.assert_allclose(jacrev(jacrev(rosenbrock))(x), expected, rtol=1e-12)


def rosenbrock_jax(x):
    return jnp.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def test_vmap_of_grad_and_grad_of_vmap():
    X = np.random.default_rng(1).normal(size=(4, 3))
    per_example = vmap(ad.grad(lambda x: np.sum(np.tanh(x) ** 2)))(X)
    np.testing.assert_allclose(per_example, 2 * np.tanh(X) * (1 - np.tanh(X) ** 2), rtol=1e-12)
    total = ad.grad(lambda X: np.sum(vmap(lambda x: np.tanh(x) @ x)(X)))(X)
    np.testing.assert_allclose(total, np.tanh(X) + X * (1 - np.tanh(X) ** 2), rtol=1e-12)


def test_vmap_of_vmap_and_axes():
    x, y = np.arange(3.0), np.arange(4.0)
    table = vmap(vmap(lambda a, b: a * b + a, in_axes=(None, 0)), in_axes=(0, None))(x, y)
    np.testing.assert_array_equal(table, np.outer(x, y) + x[:, None])
    A = np.arange(24.0).reshape(2, 3, 4)
    moved = vmap(lambda a: a.T, in_axes=1, out_axes=-1)(A)
    np.testing.assert_array_equal(moved, np.stack([A[:, i].T for i in range(3)], axis=-1))
    same = vmap(lambda a: 5.0)(x)
    np.testing.assert_array_equal(same, [5.0, 5.0, 5.0])


@pytest.mark.parametrize(
    "mistake, error, words",
    [
        (lambda: vmap(lambda x: x if x > 0 else -x)(np.ones(2)), ad.LosesDerivative, "np.where"),
        (lambda: vmap(np.add)(np.ones(2), np.ones(3)), ad.WrongStructure, r"\[2, 3\]"),
        (
            lambda: vmap(np.add, in_axes=(0,))(np.ones(2), np.ones(2)),
            ad.WrongStructure,
            "1 entries",
        ),
        (lambda: vmap(np.sin)(1.0), ad.WrongStructure, "None in in_axes"),
        (lambda: vmap(np.sin, in_axes=None)(np.ones(2)), ad.WrongStructure, "no argument"),
        (lambda: jacfwd(np.sin)(np.zeros(0)), ad.WrongStructure, "empty"),
    ],
)
def test_mistakes(mistake, error, words):
    with pytest.raises(error, match=words):
        mistake()


INDICES = [
    (np.array([0, 1]), slice(None), np.array([0, 2])),
    (0, slice(None), np.array([0, 2])),
    (np.array([0, 1]), None, np.array([3, 2])),
    (slice(None), np.array([0, 1]), np.array([0, 2])),
    (Ellipsis, np.array([0, 2, 2])),
    (np.array([0, 1]), Ellipsis, 1),
]


@pytest.mark.parametrize("index", INDICES, ids=str)
def test_index_arrays_with_something_between_them(index):
    X = np.random.default_rng(0).normal(size=(5, 3, 4, 3))
    loop = np.stack([x[index] for x in X])
    np.testing.assert_array_equal(vmap(lambda x: x[index])(X), loop)
    slope = ad.grad(lambda x: np.sum(x[index] ** 3))
    np.testing.assert_allclose(vmap(slope)(X), np.stack([slope(x) for x in X]), rtol=1e-14)
    rows = jacrev(lambda x: np.ravel(x[index]))(X[0])
    np.testing.assert_array_equal(rows, jacfwd(lambda x: np.ravel(x[index]))(X[0]))


@pytest.mark.parametrize("of", [ad.jacfwd, ad.jacrev, ad.jacobian])
def test_a_jacobian_by_two_arguments_is_refused_with_a_sentence(of):
    with pytest.raises(ad.WrongStructure, match="one argument at a time"):
        of(lambda x, y: x * y, argnums=(0, 1))(np.ones(2), np.ones(2))
