"""Random programs: every reading of each against JAX, and against the program itself.

A hundred programs by default, always the same ones. ADCOURSE_EXAMPLES=5000 in the environment draws
as many new ones; add what fails to REGRESSIONS.
"""

import os

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import HealthCheck, assume, example, given, settings

import adcourse as ad
from adcourse.compiling import program as written
from adcourse.core.tree import flatten
from adcourse.transforms.batch import vmap

from .programs import Library, Program, programs

jax.config.update("jax_enable_x64", True)

OURS = Library(np, ad.grad, ad.jvp, vmap, lambda answer, f, g, x: f(x) if answer else g(x))
THEIRS = Library(jnp, jax.grad, jax.jvp, jax.vmap, jax.lax.cond)
EXAMPLES = os.environ.get("ADCOURSE_EXAMPLES")
TOLERANCE = 1e-9  # of the largest entry
LARGEST = 1e6
QUICKLY = {  # one compilation per program, without optimisation, is most of the time of a test
    "xla_backend_optimization_level": 0,
    "xla_llvm_disable_expensive_passes": True,
}

REGRESSIONS = [
    Program(shapes=((),), steps=(("cube", (0,), None), ("branch", (1,), 0.12345)), seed=0),
]


def each(cases):
    """A decorator that adds these programs to the random ones."""

    def decorate(test):
        for case in cases:
            test = example(case)(test)
        return test

    return decorate


def close(got, expected, reading):
    mine, theirs = flatten(got)[0], [np.asarray(leaf) for leaf in flatten(expected)[0]]
    assert [np.shape(leaf) for leaf in mine] == [leaf.shape for leaf in theirs], reading
    for leaf, other in zip(mine, theirs, strict=True):
        scale = max(1.0, np.max(np.abs(other), initial=0.0))
        np.testing.assert_allclose(
            leaf, other, rtol=0, atol=TOLERANCE * scale, err_msg=f"{reading} is wrong"
        )


def moderate(tree):
    return all(np.max(np.abs(leaf), initial=0.0) < LARGEST for leaf in jax.tree.leaves(tree))


def directions(rng, like):
    return tuple(rng.standard_normal(np.shape(leaf))[()] for leaf in like)


def dotted(library, f, bars):
    """(<bars, f(x)>, f(x)): the gradient of the number is the pullback of `bars`."""

    def number(*xs):
        ys = f(*xs)
        return sum(library.np.sum(bar * y) for bar, y in zip(bars, ys, strict=True)), ys

    return number


def derivatives_in_jax(program, xs, x_dots, y_bars):
    """(y, y_dot, x_bars, and the Hessian of <y_bars, y> times x_dots)."""
    points, tangents = tuple(map(jnp.asarray, xs)), tuple(map(jnp.asarray, x_dots))
    theirs = dotted(THEIRS, lambda *xs: program(THEIRS, *xs), y_bars)
    slope = jax.grad(theirs, tuple(range(len(xs))), has_aux=True)
    whole = jax.jit(lambda *xs: jax.jvp(slope, xs, tangents)).lower(*points)
    (x_bars, y), (curved, y_dot) = whole.compile(QUICKLY)(*points)
    return y, y_dot, x_bars, curved


def derivatives_agree(f, xs, x_dots, y_bars, expected):
    """Value, pushforward, pullback and Hessian-vector product; returns the gradient."""
    y, y_dot, x_bars, curved = expected
    every = tuple(range(len(xs)))
    close(f(*xs), y, "the value")
    close(ad.jvp(f, xs, x_dots), (y, y_dot), "jvp")
    value, pullback = ad.vjp(f, *xs)
    close(value, y, "the value of vjp")
    close(pullback(y_bars), x_bars, "the pullback")
    number = lambda *xs: dotted(OURS, f, y_bars)(*xs)[0]
    gradient = ad.grad(number, every)
    close(ad.jvp(gradient, xs, x_dots), (x_bars, curved), "forward over reverse")
    along = lambda *xs: sum(np.sum(g * v) for g, v in zip(gradient(*xs), x_dots, strict=True))
    close(ad.grad(along, every)(*xs), curved, "reverse over reverse")
    pushed = lambda *xs: ad.jvp(number, xs, x_dots)[1]
    close(ad.grad(pushed, every)(*xs), curved, "reverse over forward")
    return gradient


def graph_agrees(f, xs, others, what):
    """The graph of f at xs, evaluated at xs and at other points; the graph is returned."""
    graph = ad.trace(f, *xs)
    for point in (xs, *others):
        try:
            result = graph(*point)
        except ad.BranchChanged:
            recorded = [answer for _, answer in graph.guards]
            now = [answer for _, answer in ad.trace(f, *point).guards]
            assert now != recorded, f"the graph of {what} refused its own branch"
            continue
        close(result, f(*point), f"the graph of {what}")
    return graph


def programs_agree(f, gradient, xs, x_dots, others, expected):
    """Compiled value, gradient and Hessian-vector product: JAX's here, the functions' elsewhere."""
    y, _, x_bars, curved = expected
    product = lambda *xs: ad.jvp(gradient, xs, x_dots)[1]
    for g, result, what in (
        (f, y, "the program"),
        (gradient, x_bars, "its gradient"),
        (product, curved, "its Hessian"),
    ):
        compiled = ad.compile(g)
        close(compiled(*xs), result, f"{what}, compiled,")
        for point in (*others, xs):
            close(compiled(*point), g(*point), f"{what}, compiled,")


def matrices_agree(f, xs, other):
    """Compiled Jacobian of the first result by the first argument, and its Hessian."""
    y = lambda x, *rest: f(x, *rest)[0]
    number = lambda *xs: np.sum(np.sin(y(*xs)))
    for g, what in ((ad.jacobian(y), "the Jacobian"), (ad.hessian(number), "the Hessian")):
        compiled = ad.compile(g, *xs)
        for point in (xs, other):
            close(compiled(*point), g(*point), f"{what}, compiled,")


def batches_agree(f, stacks, what):
    """vmap against the loop over the examples."""
    loop = [f(*xs) for xs in zip(*stacks, strict=True)]
    close(vmap(f)(*stacks), tuple(map(np.stack, zip(*loop, strict=True))), f"vmap of {what}")


@settings(
    max_examples=int(EXAMPLES or 100),
    derandomize=EXAMPLES is None,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(programs(OURS))
@each(REGRESSIONS)
def test_every_reading_of_a_random_program(program):
    rng = np.random.default_rng(program.seed)
    xs = program.points(rng)
    f = lambda *xs: program(OURS, *xs)
    x_dots, y_bars = directions(rng, xs), directions(rng, f(*xs))
    expected = derivatives_in_jax(program, xs, x_dots, y_bars)
    assume(moderate(expected))
    gradient = derivatives_agree(f, xs, x_dots, y_bars, expected)
    others = [program.points(rng) for _ in range(2)]
    for g, what in ((f, "the program"), (gradient, "its gradient")):
        graph = graph_agrees(g, xs, others, what)
        text, space = written(graph)
        exec(text, space)
        close(space[graph.title](*xs), g(*xs), f"the source of {what}")
    programs_agree(f, gradient, xs, x_dots, others, expected)
    if program.seed % 4 == 0:
        matrices_agree(f, xs, others[0])
    if not program.branches:
        stacks = tuple(map(np.stack, zip(xs, *others, strict=True)))
        batches_agree(f, stacks, "the program")
        batches_agree(gradient, stacks, "its gradient")


def test_a_small_difference_is_seen():
    program = Program(((3,),), (("sin", (0,), None), ("sum", (1,), (None, False))))
    xs, x_dots, y_bars = (np.array([0.1, 0.2, 0.3]),), (np.ones(3),), (1.0,)
    expected = derivatives_in_jax(program, xs, x_dots, y_bars)
    derivatives_agree(lambda x: program(OURS, x), xs, x_dots, y_bars, expected)
    for k, reading in enumerate(("the value", "jvp", "the pullback", "forward over reverse")):
        wrong = list(expected)
        wrong[k] = jax.tree.map(lambda leaf: leaf + 1e-7, wrong[k])
        with pytest.raises(AssertionError, match=f"{reading} is wrong"):
            derivatives_agree(lambda x: program(OURS, x), xs, x_dots, y_bars, wrong)
