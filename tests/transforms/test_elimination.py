"""Elimination: every order gives the Jacobian, and the search is as good as trying all orders."""

from itertools import permutations

import numpy as np
import pytest

import adcourse as ad
from adcourse.transforms.elimination import best_order, eliminate, vertices


def L(w1, w2):
    v = w2 * np.log(w1)
    return v + np.sqrt(v)


def many_outputs(x, y):
    a = x * y
    b = np.sin(a) * x
    return a, b, b * np.exp(a), y


def pinch(x1, x2, x3):
    """Three inputs, one number in the middle, three outputs."""
    c = np.exp(np.sin(x1) * np.cos(x2) * np.sin(x3))
    return np.sin(np.cos(c)), np.exp(np.sin(c)), np.sin(np.exp(c))


def dead_ends(x, y):
    np.sin(x * y)
    return x * np.sign(y) + np.floor(x)


PROGRAMS = [(L, (2.0, 3.0)), (many_outputs, (0.5, 0.7)), (pinch, (0.1, 0.2, 0.3))]
PROGRAMS += [(dead_ends, (0.3, 0.4)), (lambda x: np.exp(np.sin(x) ** 2) * x, (0.4,))]


def by_differences(f, point):
    values = lambda x: np.atleast_1d(np.stack(np.atleast_1d(f(*x))))
    return ad.finite_difference(values, np.array(point))


@pytest.mark.parametrize(("f", "point"), PROGRAMS)
def test_every_order_gives_the_jacobian(f, point):
    graph = ad.trace(f, *point)
    J = by_differences(f, point)
    rng = np.random.default_rng(0)
    orders = ["forward", "reverse"] + [list(rng.permutation(vertices(graph))) for _ in range(5)]
    for order in orders:
        jacobian, cost, costs = eliminate(graph, order)
        np.testing.assert_allclose(jacobian, J, atol=1e-8)
        assert cost == sum(costs) and len(costs) == len(vertices(graph))


@pytest.mark.parametrize(("f", "point"), [p for p in PROGRAMS if p[0] is not pinch])
def test_the_search_is_as_good_as_all_orders(f, point):
    graph = ad.trace(f, *point)
    order, cost = best_order(graph)
    assert cost == min(eliminate(graph, list(o)).cost for o in permutations(vertices(graph)))
    assert eliminate(graph, order).cost == cost


@pytest.mark.parametrize(("inputs", "outputs"), [(3, 1), (1, 3), (2, 2)])
def test_a_chain_of_layers_costs_what_counting_says(inputs, outputs):
    """inputs → c → d → outputs: c costs as many as its predecessors, or what comes after it."""

    def f(*x):
        c = x[0]
        for other in x[1:]:
            c = c * other
        d = np.sin(c)
        return tuple(np.exp(k * d) for k in range(1, outputs + 1))

    graph = ad.trace(f, *np.linspace(0.1, 0.9, inputs))
    _, cost, costs = eliminate(graph, vertices(graph))
    chain = [k + 1 for k in range(1, inputs - 1)]  # x1 x2, x1 x2 x3, …: one successor each
    head = chain + [inputs] * (inputs > 1)  # the last product, c
    assert costs[: len(head)] == head


def test_mixing_wins_at_a_pinch():
    graph = ad.trace(pinch, 0.1, 0.2, 0.3)
    forward, reverse = eliminate(graph, "forward").cost, eliminate(graph, "reverse").cost
    order, cost = best_order(graph)
    assert cost < min(forward, reverse)
    assert eliminate(graph, order).cost == cost


def test_refusals():
    graph = ad.trace(L, 2.0, 3.0)
    with pytest.raises(ad.WrongStructure, match='"forward", "reverse" or a list'):
        eliminate(graph, "sideways")
    with pytest.raises(ad.WrongStructure, match="each of v1, v2, v3 once"):
        eliminate(graph, ["v1", "v2"])
    with pytest.raises(ad.WrongStructure, match="x has the shape"):
        eliminate(ad.trace(lambda x: np.sum(x), np.ones(3)))

    def chain(x):
        for _ in range(18):
            x = np.sin(x)
        return x

    with pytest.raises(ad.WrongStructure, match="17 intermediate vertices"):
        best_order(ad.trace(chain, 1.0))
