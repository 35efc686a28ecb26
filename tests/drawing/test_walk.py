"""The numbers of a walk: against adcourse's own transformations, SymPy, and the complex step."""

import numpy as np
import pytest
import sympy

import adcourse as ad
from adcourse.core.tree import flatten
from adcourse.drawing.walk import walk


def exact_slopes():
    w1, w2 = sympy.symbols("w1 w2", positive=True)
    formula = w2 * sympy.log(w1) + sympy.sqrt(w2 * sympy.log(w1))
    return [float(formula.diff(w).subs({w1: 2, w2: 3})) for w in (w1, w2)]


def test_adjoints_are_those_of_calculus(L):
    graph = ad.trace(L, 2.0, 3.0)
    bars = walk(graph).derivatives
    np.testing.assert_allclose([bars[node] for node in graph.inputs], exact_slopes(), rtol=1e-14)


@pytest.mark.parametrize("which", [0, 1])
def test_tangents_are_those_of_calculus(L, which):
    graph = ad.trace(L, 2.0, 3.0)
    dots = walk(graph, "forward", tuple(np.eye(2)[which])).derivatives
    assert dots[graph.outputs[0]] == pytest.approx(exact_slopes()[which], rel=1e-14)


def test_every_tangent_on_the_way_is_a_complex_step(L):
    """The walk of lecture 03: ẇ1 = 1, and each node's own rate of change."""
    graph = ad.trace(L, 2.0, 3.0)
    dots = walk(graph, "forward").derivatives
    w1, w2 = 2.0 + 1e-30j, 3.0
    v1 = np.log(w1)
    v2 = w2 * v1
    v3 = np.sqrt(v2)
    expected = [x.imag / 1e-30 for x in (v1, v2, v3, v2 + v3)]
    np.testing.assert_allclose([dots[node] for node in graph.nodes], expected, rtol=1e-14)


def cotangent_of(result):
    leaves, rebuild = flatten(result)
    return rebuild([np.ones(np.shape(leaf)) if np.ndim(leaf) else 1.0 for leaf in leaves])


def test_final_adjoints_are_the_pullback(program):
    f, point = program
    graph = ad.trace(f, *point)
    result, pullback = ad.vjp(f, *point)
    expected = flatten(pullback(cotangent_of(result)))[0]
    bars = walk(graph).derivatives
    for node, bar in zip(graph.inputs, expected, strict=True):
        np.testing.assert_allclose(bars[node], bar, rtol=1e-14, err_msg=node.name)


def test_final_tangents_are_the_pushforward(program):
    f, point = program
    graph = ad.trace(f, *point)
    leaves, rebuild = flatten(point)
    seed = rebuild([np.full(np.shape(x), 0.7) if np.ndim(x) else 0.7 for x in leaves])
    expected = flatten(ad.jvp(f, point, seed)[1])[0]
    dots = walk(graph, "forward", seed).derivatives
    for output, dot in zip(graph.outputs, expected, strict=True):
        np.testing.assert_allclose(dots.get(output, 0.0), dot, rtol=1e-14)


def test_one_step_per_edge_from_the_last_node_to_the_first(L):
    steps = walk(ad.trace(L, 2.0, 3.0)).steps
    assert [step.kind for step in steps] == (
        ["inputs"] + ["value"] * 4 + ["seed"] + ["pull"] * 6 + ["result"]
    )
    pulls = [(s.node.name, s.target.name, s.after) for s in steps if s.kind == "pull"]
    assert [pair[:2] for pair in pulls] == [
        ("v4", "v3"), ("v4", "v2"), ("v3", "v2"), ("v2", "v1"), ("v2", "w2"), ("v1", "w1")
    ]  # fmt: skip
    assert pulls[2][2] == pytest.approx(1 + 0.5 / np.sqrt(3 * np.log(2)), rel=1e-15)


def test_contributions_add_up(graph):
    bars = {}
    for step in walk(graph).steps:
        if step.kind in ("seed", "pull"):
            before = 0.0 if step.before is None else step.before
            np.testing.assert_array_equal(before, bars.get(step.target, 0.0))
            np.testing.assert_array_equal(before + step.share, step.after)
            bars[step.target] = step.after


def test_seeds():
    graph = ad.trace(lambda x, y: (x * y, x + y), 2.0, 3.0)
    x, y = graph.inputs
    assert walk(graph, seed=(1.0, 10.0)).derivatives[x] == 13.0
    assert walk(graph).derivatives[x] == 4.0  # ones for both results
    dots = walk(graph, "forward", {"y": 2.0}).derivatives
    assert (dots[x], dots[graph.outputs[0]]) == (0.0, 4.0)


def test_a_comparison_has_no_derivative():
    graph = ad.trace(lambda x: np.where(x > 0, x * x, -x), 2.0)
    compared = graph.nodes[0]
    for mode in ("forward", "reverse"):
        taken = walk(graph, mode)
        assert compared not in taken.derivatives
        assert taken.local[compared] == []


@pytest.mark.parametrize(
    ("mode", "seed", "words"),
    [
        ("backward", None, 'walked in "reverse" or "forward"'),
        ("reverse", (1.0, 2.0), "2 cotangents, but f has 1 result"),
        ("reverse", np.ones(2), r"cotangent of v1 has shape \(2,\)"),
        ("forward", (1.0,), "1 tangents, but the inputs are x, y"),
        ("forward", {"z": 1.0}, "names the input 'z', but the inputs are x, y"),
        ("forward", (1.0, np.ones(3)), r"tangent of y has shape \(3,\)"),
    ],
)
def test_a_walk_that_cannot_be(mode, seed, words):
    graph = ad.trace(lambda x, y: x * y, 2.0, 3.0)
    with pytest.raises(ad.WrongStructure, match=words):
        graph.step(mode=mode, seed=seed)
