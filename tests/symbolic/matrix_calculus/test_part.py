"""Parts of a derivation: together they are the whole, and each keeps its numbers."""

import re

import pytest

import adcourse as ad
from adcourse.symbolic.matrix_calculus import eigh_derivation, svd_derivation


@pytest.mark.parametrize("proof", [svd_derivation(), eigh_derivation(vectors=True)])
def test_parts_make_the_whole(proof):
    count = len(re.findall(r"<li>", proof._repr_html_()))
    cut = count // 2
    head, tail = proof.part(1, cut), proof.part(cut + 1, count)
    assert f"{head}\n{tail}" == proof.text()
    assert f'<ol start="{cut + 1}">' in tail._repr_html_()
    assert "boxed" in tail._repr_html_() and "boxed" not in head._repr_html_()
    assert head._repr_html_().count("<li>") + tail._repr_html_().count("<li>") == count


@pytest.mark.parametrize("span", [(0, 1), (3, 2), (1, 99)])
def test_no_such_lines(span):
    with pytest.raises(ad.AdcourseError, match="lines 1 to 7"):
        svd_derivation().part(*span)


def test_entrywise_products_in_a_trace_are_bracketed():
    assert "tr(Σ̄ᵀ (I ⊙ (Uᵀ dW V)))" in repr(svd_derivation().part(6, style="trace"))
    latex = svd_derivation().part(6, style="trace")._repr_html_()
    assert r"\left(I \odot" in latex
