"""What `.explain()` says is what the passes did."""

import numpy as np
import pytest

import adcourse as ad
from adcourse.compiling.passes import PASSES

X = np.random.default_rng(0).normal(size=(60, 60))


def loss(x):
    v = np.tanh(x * 2.0)
    return -np.sum(-(v * 1.0) * np.ones((60, 60))) + np.sum(v[0] * v[1])


def test_there_is_nothing_to_explain_before_the_first_call():
    with pytest.raises(ad.AdcourseError, match="loss has no program yet: call it"):
        ad.compile(loss).explain()


def test_rows_count_the_steps_and_entries_of_each_program():
    compiled = ad.compile(ad.grad(loss), X)
    graph, explained = ad.trace(ad.grad(loss), X), compiled.explain()
    (name, steps, entries, _), *others = explained.rows()
    assert (name, steps) == ("trace", len(graph.nodes))
    assert entries == sum(np.size(node.value) for node in graph.nodes)
    assert [row[0] for row in others] == [step.name for step in explained.steps]
    for step, (_, steps, _, purpose) in zip(explained.steps, others, strict=True):
        np.testing.assert_allclose(step.after(X), ad.grad(loss)(X), rtol=1e-12, atol=1e-12)
        assert len(step.source().splitlines()) == steps + 2 and purpose.endswith(".")
    assert others[-1][1] < len(graph.nodes)


def test_each_pass_is_named_once_with_its_purpose_or_as_idle():
    text = repr(ad.compile(ad.grad(loss), X).explain())
    for each in PASSES:
        assert text.count(each.__name__) >= 1
    nothing = repr(ad.compile(lambda x: np.sin(x), X).explain())
    assert f"nothing to do: {', '.join(each.__name__ for each in PASSES)}" in nothing


def test_sentences_on_the_spelling_agree_with_the_source():
    compiled = ad.compile(ad.grad(loss), X)
    text, source = repr(compiled.explain()), compiled.source
    written = sum(source.count(mark) for mark in ("+= ", "-= ", "*= ", "/= ", "out="))
    assert f"{written} of " in text and written > 1
    assert "1 scattered array is added in place." in text and source.count("] +=") == 1
    assert "1 array is forgotten early." in text and source.count("del ") == 1
    floats = ad.compile(lambda x: np.sin(x) * x + 1.0, 2.0)
    assert "3 numbers are computed with Python's floats." in repr(floats.explain())


def test_the_newest_program_is_explained():
    compiled = ad.compile(lambda x: np.sin(x) * 1.0)
    compiled(2.0)
    assert "floats" in repr(compiled.explain())
    compiled(X)
    assert "floats" not in repr(compiled.explain())
    compiled(2.0)
    assert "floats" not in repr(compiled.explain())  # the program of X is still the newest
