"""Pages in docs/ that speak of the code: every public name is there, and worked examples work."""

import doctest
import inspect
import re
from pathlib import Path

import numpy as np
import pytest

import adcourse as ad
from adcourse.compiling.passes import optimise
from adcourse.compiling.passes.identities import same
from adcourse.compiling.rewriting import rewritten
from adcourse.core.primitive import table
from adcourse.rules.kinds import linear
from adcourse.symbolic import matrix_calculus

DOCS = Path(__file__).resolve().parent.parent / "docs"
PUBLIC = [(module, name) for module in (ad, matrix_calculus) for name in module.__all__]


def documented():
    """Pairs (module, name) of the entries on the page of public names, with repetitions."""
    module = None
    for line in (DOCS / "api.md").read_text(encoding="utf-8").splitlines():
        word, _, rest = line.partition(":: ")
        if word == ".. currentmodule":
            module = rest
        elif word in (".. autofunction", ".. autoclass", ".. autoexception"):
            yield module, rest.partition("(")[0]


def test_every_public_name_is_on_the_page_once():
    wanted = {(module.__name__, name) for module, name in PUBLIC}
    wanted.remove(("adcourse", "matrix_calculus"))  # a section of its own
    entries = list(documented())
    assert set(entries) == wanted
    assert len(entries) == len(wanted)


@pytest.mark.parametrize(
    ("module", "name"), PUBLIC, ids=[f"{module.__name__}.{name}" for module, name in PUBLIC]
)
def test_every_public_name_has_an_example_that_runs(module, name):
    thing = getattr(module, name)
    text = inspect.getdoc(thing) or ""
    assert text.partition("\n\n")[0].endswith((".", ":")), "a docstring begins with a sentence"
    if inspect.isclass(thing) and issubclass(thing, Exception):
        return  # its message is the example
    examples = doctest.DocTestParser().get_doctest(text, {"np": np, name: thing}, name, None, None)
    assert examples.examples, f"{name} has no example"
    if not (inspect.isroutine(thing) or inspect.isclass(thing) or inspect.ismodule(thing)):
        # Those are run by tests/test_docstrings.py, which looks for nothing else.
        assert doctest.DocTestRunner().run(examples).failed == 0


def blocks(page):
    """The Python code of a page."""
    return re.findall(r"^```python\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)


def test_the_row_of_the_contributors_page_does_what_is_said():
    assert np.polyder not in table, "np.polyder has a row now: take another function as the example"
    names = {"linear": linear, "np": np}
    found = blocks((DOCS / "contributing.md").read_text(encoding="utf-8"))
    try:
        for number, block in enumerate(found, 1):
            if block.startswith(">>> "):
                parser = doctest.DocTestParser()
                examples = parser.get_doctest(block, names, f"block {number}", None, None)
                runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
                assert runner.run(examples, clear_globs=False).failed == 0
                names |= examples.globs
            elif block.startswith("linear("):
                exec(block, names)
    finally:
        table.pop(np.polyder, None)
    assert sum(block.startswith(("linear(", ">>> ")) for block in found) == 3


def test_the_pass_of_the_contributors_page_does_what_is_said():
    found = blocks((DOCS / "contributing.md").read_text(encoding="utf-8"))
    (text,) = [block for block in found if block.startswith("def positives")]
    names = {"rewritten": rewritten, "same": same, "table": table, "np": np}
    exec(text, names)
    graph, steps = optimise(ad.trace(lambda x: np.sin(+x) * x, 2.0), (names["positives"],))
    assert [node.primitive.name for node in graph.nodes] == ["np.sin", "np.multiply"]
    assert steps[0].purpose == "Leave out the signs that change nothing."
    assert graph(2.0) == np.sin(2.0) * 2.0
