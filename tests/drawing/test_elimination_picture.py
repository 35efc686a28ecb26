"""The picture of an elimination: what is left on its arrows is the Jacobian."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest

import adcourse as ad
from adcourse.drawing import step_elimination
from adcourse.transforms.elimination import best_order, eliminate, vertices

SVG = "{http://www.w3.org/2000/svg}"


def pinch(x, y):
    c = np.exp(np.sin(x) * np.cos(y))
    return np.sin(np.cos(c)), np.exp(np.sin(c) * x)


@pytest.fixture
def narrow():
    return ad.trace(pinch, 0.1, 0.2)


def orders(graph):
    return ["forward", "reverse", best_order(graph)[0]]


def test_the_last_state_shows_the_jacobian(narrow):
    J = ad.finite_difference(lambda x: np.stack(pinch(*x)), np.array([0.1, 0.2]))
    for order in orders(narrow):
        drawing = ElementTree.fromstring(step_elimination(narrow, order).svg)
        pills = ["".join(t.itertext()) for t in drawing.iter(f"{SVG}text")
                 if t.get("class", "").startswith("partial")]  # fmt: skip
        shown = sorted(float(pill.replace("−", "-")) for pill in pills)
        np.testing.assert_allclose(shown, sorted(J.ravel()), atol=1e-4)


def test_one_step_per_vertex_and_a_true_count(narrow):
    for order in orders(narrow):
        picture = step_elimination(narrow, order)
        lines = str(picture).splitlines()
        assert len(lines) == len(vertices(narrow)) + 2
        assert picture.html.count('type="radio"') == len(lines)
        cost = eliminate(narrow, order).cost
        assert lines[-1].endswith(f"({cost} multiplications)")
        assert f"({cost} multiplications so far)" in lines[-2]
        products = [int(n) for n in re.findall(r"= (\d+) product", "\n".join(lines))]
        assert sum(products) == cost


def test_a_sentence_writes_out_what_is_added(L):
    lines = str(step_elimination(ad.trace(L, 2.0, 3.0), "reverse")).splitlines()
    # ∂L/∂v2 = 1 + 1/(2√v2) with v2 = 3 log 2
    assert f"∂L/∂v2 = 1 + 0.3467 · 1 = {1 + 0.5 / np.sqrt(3 * np.log(2)):.4f}" in lines[1]


def test_the_same_bytes_and_no_script(narrow):
    one, other = step_elimination(narrow), step_elimination(ad.trace(pinch, 0.1, 0.2))
    assert one.html == other.html and one.svg == other.svg
    assert "<script" not in one.html and "§" not in one.html + one.svg


def test_refusals():
    with pytest.raises(ad.WrongStructure, match=r"return v1 \* 1.0"):
        step_elimination(ad.trace(used_further, 1.0, 2.0))

    def chain(x):
        for _ in range(30):
            x = np.sin(x)
        return x

    with pytest.raises(ad.WrongStructure, match="31 nodes"):
        step_elimination(ad.trace(chain, 1.0))


def used_further(x, y):
    v = x * y
    return v, np.exp(v)
