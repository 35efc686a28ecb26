"""Long arrays in blocks: the same numbers to the last bit, in memory of the program's own."""

import tracemalloc

import numpy as np
import pytest

import adcourse as ad
from adcourse.compiling.passes.blocks import BLOCK, LONG, blocks
from adcourse.core.tree import flatten

N = LONG + BLOCK // 2 + 1  # the last block is a short one


def in_blocks(compiled):
    return "for start in range(" in compiled.source


def equal(f, *args):
    """Compile f, hold it to f at these arguments, and return the compiled function."""
    compiled, copies = ad.compile(f, *args), [np.array(a) for a in args]
    for got, expected in zip(flatten(compiled(*args))[0], flatten(f(*args))[0], strict=True):
        np.testing.assert_array_equal(got, expected)
        assert not any(np.shares_memory(got, a) for a in args)
    for a, copy in zip(args, copies, strict=True):
        np.testing.assert_array_equal(a, copy)
    return compiled


def bumps(x):
    return np.exp(-x * x) * np.sin(3.0 * x) + x


def test_a_run_of_steps_is_done_in_blocks_to_the_last_bit():
    assert in_blocks(equal(bumps, np.linspace(-2.0, 2.0, N)))
    assert in_blocks(equal(bumps, np.linspace(-2.0, 2.0, 2 * LONG)[::-2]))
    assert in_blocks(equal(bumps, np.linspace(-2.0, 2.0, N, dtype=np.float32)))


def test_a_short_array_or_few_steps_are_not_worth_it():
    assert not in_blocks(equal(bumps, np.linspace(-2.0, 2.0, LONG - 1)))
    assert not in_blocks(equal(lambda x: np.sin(x) * x, np.ones(N)))


@pytest.mark.parametrize("order", ["C", "F"])
def test_several_axes_in_any_layout(order):
    x = np.asarray(np.linspace(-2.0, 2.0, 300 * 401).reshape(300, 401), order=order)
    assert in_blocks(equal(bumps, x))
    assert in_blocks(equal(lambda x: bumps(x.T) + 1.0, x))


def test_a_view_of_an_array_of_the_run_sees_it_whole():
    def mirrored(x):
        y = np.sin(x) * x
        return bumps(y[::-1] * y) + y[::-1]

    x = np.linspace(-2.0, 2.0, N)
    assert in_blocks(equal(mirrored, x))
    assert in_blocks(equal(lambda x: (mirrored(x), np.cumsum(x) * mirrored(x)), x))


def test_gradients_with_reductions_between_the_runs():
    def loss(a, x):
        y = bumps(a * x)
        z = y / np.sum(y * y)
        return np.sum(bumps(z) * np.tanh(z) ** 2)

    a, x = np.linspace(0.5, 1.5, N), np.linspace(-2.0, 2.0, N)
    f = ad.value_and_grad(loss, (0, 1))
    compiled = ad.compile(f, a, x)
    assert in_blocks(compiled)
    for got, expected in zip(flatten(compiled(x, a))[0], flatten(f(x, a))[0], strict=True):
        scale = np.max(np.abs(expected))
        np.testing.assert_allclose(got, expected, rtol=0, atol=1e-13 * scale)


def test_numbers_among_the_arguments_and_names_that_are_taken():
    def f(start, part, x):
        return np.exp(-start * x) * np.sin(part * x) + start * x * part

    compiled = equal(f, 0.5, 2.0, np.linspace(-2.0, 2.0, N))
    assert "for start_ in range(" in compiled.source


def test_the_pass_keeps_an_order_in_which_each_step_finds_its_arguments():
    def f(x, y):
        a = np.sin(x) * y
        total = np.sum(a)
        b = np.exp(a) + np.cos(a) * y
        return b * total + np.sum(b)

    point = np.ones(N), np.full(N, 0.5)
    graph = ad.trace(f, *point)
    better = blocks(graph)
    assert better is not graph and set(better.nodes) == set(graph.nodes)
    np.testing.assert_array_equal(better(*point), graph(*point))


def test_a_checkpointed_program_keeps_its_small_memory():
    def piece(x):
        for _ in range(10):
            x = np.sin(x) * 1.1 + 0.1 * x
        return x

    def loss(x, piece):
        for _ in range(8):
            x = piece(x)
            x = x - np.sum(x) / N
        return np.sum(x)

    x = np.linspace(-2.0, 2.0, N)
    peaks = []
    for f in (piece, ad.checkpoint(piece)):
        compiled = ad.compile(ad.grad(lambda x, f=f: loss(x, f)), x)
        assert in_blocks(compiled)
        tracemalloc.start()
        compiled(x)
        peaks.append(tracemalloc.get_traced_memory()[1] / x.nbytes)
        tracemalloc.stop()
    # All eighty steps are kept, or ten at a time and the ends of eight pieces.
    assert peaks[1] < 0.4 * peaks[0]


def test_a_run_does_not_gather_what_has_its_turn_later():
    def f(x):
        total = 0.0
        for k in range(100):
            total += np.sum(np.roll(np.cos(np.exp(np.sin(0.01 * k * x) * 0.3)), k))
        return total

    x = np.linspace(-2.0, 2.0, N)
    compiled = ad.compile(f, x)
    assert in_blocks(compiled)
    tracemalloc.start()
    compiled(x)
    peak = tracemalloc.get_traced_memory()[1] / x.nbytes
    tracemalloc.stop()
    assert peak < 50  # all hundred would be ready before the first is rolled
