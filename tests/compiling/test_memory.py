"""What a program writes over is dead, and what it returns is nobody else's memory."""

import itertools

import numpy as np
import pytest
from samples import CASES, case_id

import adcourse as ad
from adcourse.compiling.memory import Memory, is_fresh
from adcourse.compiling.passes import optimise
from adcourse.core.graph import Node
from adcourse.core.recording import trace
from adcourse.core.tree import flatten

LARGE = 50  # a square of so many entries is written to a given place, and forgotten early


def arrays(tree):
    return [leaf for leaf in flatten(tree)[0] if isinstance(leaf, np.ndarray)]


def layouts(a):
    """The array in four layouts: by rows, by columns, with gaps, and read-only."""
    if not isinstance(a, np.ndarray) or not a.ndim:
        return [a] * 4
    gaps = np.zeros([2 * n for n in a.shape], a.dtype)[(slice(None, None, 2),) * a.ndim]
    gaps[...] = a
    fixed = a.copy()
    fixed.flags.writeable = False
    return [a.copy(), np.asfortranarray(a), gaps, fixed]


fresh = [case for case in CASES if is_fresh(Node("", case[0], case[1], case[2], None))]


@pytest.mark.parametrize("case", fresh, ids=map(case_id, fresh))
def test_rows_that_are_said_to_make_memory_make_it(case):
    row, args, params = case
    for given in zip(*map(layouts, args), strict=True):
        own = arrays(row(*given, **params))
        assert all(part.flags.writeable for part in own)
        assert not any(np.shares_memory(part, a) for part in own for a in arrays(given))
        assert not any(np.shares_memory(a, b) for a, b in itertools.combinations(own, 2))


def test_which_rows_are_said_to():
    names = {case[0].name for case in fresh}
    assert names > {"np.sum", "np.matmul", "np.linalg.inv", "scatter"}
    assert not names & {"np.reshape", "np.transpose", "x[index]", "np.diag", "by_columns"}


RNG = np.random.default_rng(0)
SMALL, BIG = RNG.normal(size=(3, 3)), RNG.normal(size=(LARGE, LARGE))
ROW = RNG.normal(size=3)


def chain(x):
    """A long chain of dead arrays."""
    for _ in range(3):
        x = np.tanh(x * 2.0 + 1.0) - np.sin(x) / 3.0
    return x**2


def overlapping(x):
    v = np.sin(x)
    return v * v.T, (v + 1.0) - (v + 1.0)[::-1]


def views_live_on(x):
    v = np.exp(x)
    w, first = v.T, v[0]
    u = v * 2.0
    return u + w + first, np.reshape(u, (-1,)) + 1.0


def rows_of_itself(x):
    v = x * 2.0
    return (v * v[0]) / (1.0 + v[:, :1] ** 2)


def shifted(x):
    v = np.cos(x)
    return np.concatenate([v[1:] - v[:-1], v[:1] * v[-1:]])


def scattered(x):
    return np.sum(x[0] * x[1]) + np.sum(x[1:] ** 2) + np.sum(x[:, 0]) * x[0, 0] + np.sum(x**3)


def copied_along(x):
    """The scattered cotangent of v[0] is copied along the rows by the sum's pullback."""
    v = np.sum(x, axis=0, keepdims=True)
    return np.sum(np.sin(x * (x * (v[0] * 2.0))))


def repeated(x):
    i = np.array([0, 2, 0])
    return np.sum(x[i] * x[i[::-1]]) + np.sum(x[:, i] ** 2)


PROGRAMS = [
    chain,
    overlapping,
    views_live_on,
    rows_of_itself,
    shifted,
    *map(ad.grad, (scattered, copied_along, repeated, lambda x: np.sum(chain(x)))),
    ad.value_and_grad(lambda x: np.sum(views_live_on(x)[0] * x)),
    lambda x: ad.jvp(ad.grad(copied_along), (x,), (np.cos(x),))[1],
    lambda x: ad.grad(lambda x: np.sum(ad.checkpoint(chain)(x) * x))(x),
]
RESULTS = [
    lambda x: x,
    lambda x: (x, x, x.T),
    lambda x: [x * 2.0] * 2,
    lambda x: (lambda v: (v, v.T, v[0], v[::2], v))(x * 2.0),
    lambda x: (lambda v: (v.T, v))(x * 2.0),
    lambda x: np.broadcast_to(x[0] * 2.0, x.shape),
    lambda x: np.diagonal(x * 2.0),
    lambda x: (np.reshape(np.sin(x), (-1,)), np.flip(x), np.ravel(x)),
    lambda x: (np.ones(3), BIG[:1], np.sum(x)),
    lambda x: BIG[np.argmax(x[0])],
    lambda x: {"a": np.stack([x, x])[0], "b": np.split(x, [1])},
    lambda x: (ad.stop_gradient(x), np.copy(x), np.real(x), x.astype(float)),
    lambda x: (x + 0.0, x * 1.0, x / 1, x**1, np.negative(-x), 1 * x),
    lambda x: np.linalg.matrix_power(x, 1),
    ad.grad(lambda x: np.sum(x)),
    ad.grad(lambda x: np.sum(x[0])),
    ad.grad(lambda x: np.sum(x.T * SMALL[0, 0])),
]


@pytest.mark.parametrize("x", [SMALL, BIG], ids=["small", "large"])
@pytest.mark.parametrize("f", PROGRAMS + RESULTS)
def test_results_are_right_and_own_their_memory(f, x):
    compiled, taken = ad.compile(f), []
    expected, before = arrays(f(x)), x.copy()
    for given in layouts(x):
        found = arrays(compiled(given))
        for got, want in zip(found, arrays(f(given)), strict=True):
            np.testing.assert_allclose(got, want, rtol=1e-12, atol=1e-12)
            assert got.flags.writeable and got.dtype == want.dtype
        np.testing.assert_array_equal(given, before)
        taken += [*found, given]
    assert not any(np.shares_memory(a, b) for a, b in itertools.combinations(taken, 2))
    for result in taken:  # whoever writes to a result changes no later one
        if result.flags.writeable:
            result[...] = np.nan
    for got, want in zip(arrays(compiled(before)), expected, strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-12, atol=1e-12)


def poisoned(graph, memory):
    """The values of a graph's outputs, where each array is filled with nan once it is dead."""
    values = {}
    given = lambda a: values.get(a, a) if a.__class__ is Node else a
    for node, x in zip(graph.inputs, flatten(graph.point)[0], strict=True):
        values[node] = np.array(x)
    for node in graph.nodes:
        part = memory.added.get(node, (None, None))[1]
        if part is not None:  # the scattered array is made here and not before
            values[part] = part.primitive(*map(given, part.args), **part.params)
        if node in memory.unmade:
            continue
        result = node.primitive(*map(given, node.args), **node.params)
        donor = memory.donor.get(node)
        for dead in (donor, *memory.forgotten.get(node, ())):
            if dead is not None and is_fresh(dead):  # of a view the name is forgotten only
                values[dead][...] = np.nan
        if donor is not None:  # views of it look at the result
            values[donor][...] = result
            result = values[donor]
        values[node] = result
    return [np.array(values.get(o, o)) if o.__class__ is Node else o for o in graph.outputs]


@pytest.mark.parametrize("x", [SMALL, BIG], ids=["small", "large"])
@pytest.mark.parametrize("f", PROGRAMS)
def test_dead_arrays_are_never_read_again(f, x):
    graph, _ = optimise(trace(f, x))
    found = poisoned(graph, Memory(graph))
    for got, want in zip(found, flatten(f(x))[0], strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-12, atol=1e-12)


def test_an_array_that_is_forgotten_too_early_is_seen():
    graph, _ = optimise(trace(lambda x: np.sin(x * 2.0) + x * 2.0, BIG))
    memory = Memory(graph)
    assert np.isfinite(poisoned(graph, memory)[0]).all()
    first, second, _ = graph.nodes
    memory.forgotten = {second: [first]}
    assert np.isnan(poisoned(graph, memory)[0]).all()


def test_what_is_written_over():
    """The chain of small arrays uses operators, the large one also functions with a place."""
    graph, _ = optimise(trace(chain, BIG))
    donors = [node for node, donor in Memory(graph).donor.items() if donor is not None]
    assert len(donors) > len(graph.nodes) // 2
    small = ad.compile(chain, SMALL).source
    large = ad.compile(chain, BIG).source
    assert "*=" in small and "out=" not in small and "np.tanh(v1, out=v1)" in large


def test_a_checkpointed_program_forgets_early():
    assert "del " in ad.compile(PROGRAMS[-1], BIG).source
