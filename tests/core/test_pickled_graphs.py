"""Graphs survive pickling and copying, whatever their length."""

import copy
import pickle

import numpy as np
import pytest

import adcourse as ad

W = np.array([[1.0, 2.0], [0.5, -1.0]])


def branching(p):
    y = np.tanh(W @ p["x"])
    return {"y": y[::-1] if np.sum(y) > 0 else y, "s": (np.linalg.norm(y), p["t"] * 2.0)}


POINT = {"x": np.array([1.0, 2.0]), "t": 3.0}


def pickled(graph):
    return pickle.loads(pickle.dumps(graph))


@pytest.mark.parametrize("again", [pickled, copy.deepcopy, copy.copy])
def test_a_graph_and_its_copy_compute_the_same(again):
    graph = ad.trace(branching, POINT)
    same = again(graph)
    assert repr(same) == repr(graph) and same.source() == graph.source()
    other = {"x": np.array([0.3, 0.4]), "t": -1.0}
    np.testing.assert_array_equal(same(other)["y"], branching(other)["y"])
    assert same(other)["s"] == graph(other)["s"]
    with pytest.raises(ad.BranchChanged):
        same({"x": np.array([-3.0, 0.0]), "t": 1.0})


def test_a_gradient_program_through_rows_of_the_package_itself():
    gradient = ad.trace(ad.grad(lambda A: np.sum(np.linalg.solve(A, W[0]) ** 2)), W)
    same = pickle.loads(pickle.dumps(gradient))
    np.testing.assert_allclose(same(2 * W), gradient(2 * W), rtol=1e-15)


def test_a_long_chain_needs_no_recursion():
    def chain(x):
        for _ in range(50_000):
            x = x * 0.9999
        return x

    graph = ad.trace(chain, 1.0)
    assert pickle.loads(pickle.dumps(graph))(1.0) == chain(1.0)
    assert copy.deepcopy(graph)(1.0) == chain(1.0)


def test_a_row_that_the_process_does_not_have():
    row = ad.primitive(lambda x: x, 1)
    row.name = "my_row"
    data = pickle.dumps(ad.trace(row, 1.0))
    row.name = "renamed"
    with pytest.raises(ad.MissingRule, match="my_row.*Define it"):
        pickle.loads(data)
