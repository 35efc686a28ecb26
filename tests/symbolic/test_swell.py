"""Expression swell, against counts on expressions that are small enough to be written out."""

import time

import numpy as np
import pytest
import sympy

import adcourse as ad

x = sympy.Symbol("x", real=True)


def repeated(depth):
    def f(x):
        for _ in range(depth):
            x = x * np.sin(x)
        return x

    return f


def trees(depth):
    """Operations of the derivative written out, by SymPy's product rule on the flat product.

    The k-th value is x sin(x) sin(v₁) … : a product of k + 1 factors, whose derivative is a sum of
    k + 1 products, one for each factor.
    """
    value, slope = [0], [0]  # of v₀ = x, v₁, …; slope counts the operations of its derivative
    for k in range(1, depth + 1):
        value.append(2 * value[-1] + 2)
        sines = [v + 1 for v in value[:k]]  # sin(v₀), …, sin(vₖ₋₁)
        total = sum(sines) + k - 1  # the term in which x is differentiated has k factors
        for i in range(k):
            others = 1 + k - 1 + 1  # x, the other sines, cos(vᵢ)
            term = sum(sines) + others - 1
            if i:  # times the derivative of vᵢ, a sum
                term += slope[i] + 1
            total += term
        slope.append(total + k)
    return slope[-1]


def written_out(depth):
    v = x
    for _ in range(depth):
        v = v * sympy.sin(v)
    return v


@pytest.mark.parametrize("depth", range(1, 8))
def test_trees_are_counted_as_sympy_counts_them(depth):
    swell = ad.swell(repeated(depth), 1.0)
    e = written_out(depth)
    assert swell.value.tree == e.count_ops() == 2 ** (depth + 1) - 2
    assert swell.symbolic.tree == sympy.diff(e, x).count_ops()
    parts = {part for part in sympy.preorder_traversal(sympy.diff(e, x)) if part.args}
    assert swell.symbolic.distinct == len(parts)
    assert swell.value.nodes == swell.value.distinct == 2 * depth
    assert swell.derivative.nodes == 7 * depth - 3


def test_common_subexpressions_are_no_more_than_sympy_finds():
    e = sympy.diff(written_out(6), x)
    found, reduced = sympy.cse([e])
    theirs = sum(part.count_ops() for _, part in found) + reduced[0].count_ops()
    assert ad.swell(repeated(6), 1.0).symbolic.after_cse <= theirs


def test_it_does_not_explode_itself():
    start = time.perf_counter()
    swell = ad.swell(repeated(15), 1.0)
    assert swell.value.tree == 2**16 - 2 and swell.symbolic.tree == trees(15)
    assert ad.swell(repeated(40), 1.0).value.tree == 2**41 - 2  # symbolic is left out
    assert time.perf_counter() - start < 20


def test_equal_parts_are_one():
    swell = ad.swell(lambda x: np.sin(x) * np.sin(x) + np.sin(x), 1.0)
    assert swell.value.nodes == 5 and swell.value.distinct == 3
    assert swell.value.tree == (sympy.sin(x) ** 2 + sympy.sin(x)).count_ops()


def test_several_arguments_and_arrays():
    swell = ad.swell(lambda A, v: np.sum((A @ v) ** 2), np.eye(2), np.ones(2))
    assert swell.value.tree == 2 * 3 + 2 + 1  # two products and a sum per row, squares, a sum
    assert swell.symbolic is not None and swell.derivative.tree > swell.value.tree


def test_what_is_too_large_is_left_out_with_the_reason():
    swell = ad.swell(repeated(200), 1.0)
    assert swell.symbolic is None and "left out" in swell.reason
    assert "left out" in str(swell) and "| symbolic | – |" in swell._repr_markdown_()


def test_only_scalars_have_gradients():
    with pytest.raises(ad.NotScalar, match="one real number"):
        ad.swell(np.sin, np.ones(2))
