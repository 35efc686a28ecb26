"""Every lecture that exists keeps the rules, and each rule sees what it forbids."""

import copy
import json
from pathlib import Path

import pytest

from .rules import EVERYWHERE, FRAME

LECTURES = sorted((Path(__file__).resolve().parents[2] / "lectures").glob("*.ipynb"))


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("rule", [*FRAME, *EVERYWHERE], ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("path", LECTURES, ids=lambda path: path.stem)
def test_lecture(path, rule):
    if rule in FRAME and path.stem.startswith("00"):
        pytest.skip("the page before the lectures has its own frame")
    assert list(rule(read(path), path.stem)) == []


def markdown(text, **metadata):
    return {"cell_type": "markdown", "source": text, "metadata": metadata}


def code(text, *outputs, tags=()):
    return {
        "cell_type": "code",
        "source": text,
        "outputs": list(outputs),
        "execution_count": 1,
        "metadata": {"tags": list(tags)},
    }


def stream(text, name="stdout"):
    return {"output_type": "stream", "name": name, "text": text}


def display(**data):
    return {
        "output_type": "display_data",
        "data": {k.replace("_", "/"): v for k, v in data.items()},
    }


SLIDE = {"slideshow": {"slide_type": "slide"}}
FIGURE = f'<img src="data:image/png;base64,AA" alt="{"A falling line. " * 3}">'
CAPTION = markdown("*Figure: a line.*")
OPENING = """# 07 · A title

A question: why?

After this lecture you can

- **see** it
- **do** it
- **say** it"""
ENDING = """## Where it breaks

Here.

## What to remember

1. a
2. b
3. c
4. d
5. e

[exercises](../exercises/07_x.ipynb)

## References

- A, section 3.
- B
- C"""
GOOD = {
    "cells": [
        markdown(OPENING, **SLIDE),
        code("1", stream("1\n")),
        markdown("Why?\n\n<details>\n<summary>Answer</summary>\n\nOne two three.\n\n</details>"),
        code("f", display(text_html=FIGURE, text_plain="A line"), tags=["nbval-ignore-output"]),
        CAPTION,
        markdown(ENDING, **SLIDE),
    ]
}


def complaints(notebook):
    return [text for rule in [*FRAME, *EVERYWHERE] for text in rule(notebook, "07_x")]


def test_a_good_lecture_passes():
    assert complaints(GOOD) == []


@pytest.mark.parametrize(
    ("index", "cell", "words"),
    [
        (0, markdown(OPENING.replace("07 · ", ""), **SLIDE), "the title is not"),
        (0, markdown(OPENING.replace("?", "."), **SLIDE), "open with a question"),
        (0, markdown(OPENING.replace("**say**", "say"), **SLIDE), "bold verbs"),
        (0, markdown(OPENING), "begins no slide"),
        (5, markdown(ENDING.replace("5. e\n", ""), **SLIDE), "has 4 numbered points"),
        (5, markdown(ENDING.replace("it breaks", "it ends"), **SLIDE), "no section"),
        (5, markdown(ENDING.replace("07_x", "08_x"), **SLIDE), "exercise 07 belongs"),
        (5, markdown(ENDING.replace("- C", ""), **SLIDE), "fewer than 3"),
        (5, markdown(ENDING.replace("section 3", "1999"), **SLIDE), "names a section"),
        (1, code("x = 1\n" * 26), "more than 25 lines"),
        (2, code("1"), "code in a row"),
        (4, markdown("So."), "no caption"),
        (1, code("f", display(image_png="AA")), "figure without text"),
        (3, code("f", display(text_html="<img src='a' alt='x'>")), "says too little"),
        (3, code("f", display(text_html="<svg></svg>")), "without aria-label"),
        (3, code("f", display(text_html=FIGURE)), "not tagged nbval-ignore-output"),
        (2, markdown("<details>\n<summary>A</summary>\n\nOne two three.\n"), "not closed"),
        (2, markdown("<details>\n\nOne two three.\n\n</details>"), "no summary"),
        (2, markdown("<details>\n<summary>A</summary>\n\n\n\n</details>"), "empty fold"),
        (2, markdown("<details>\n<summary>A</summary>\nx y z\n\n</details>"), "empty line"),
        (1, code("1", stream("warning", "stderr")), "writes to stderr"),
        (1, code("1", {"output_type": "error", "ename": "KeyError"}), "raises KeyError"),
        (1, {**code("1"), "execution_count": None}, "has not been run"),
        (1, code("1", stream("took 0.31 s\n")), "a time, '0.31 s'"),
        (1, code("1", display(text_plain="<f at 0x7f00aa12>")), "an address"),
        (1, code("1", stream("in /tmp/x")), "a path"),
        (1, code("1", stream("NumPy 2.4.1")), "a version"),
    ],
)
def test_each_rule_sees(index, cell, words):
    notebook = copy.deepcopy(GOOD)
    notebook["cells"][index] = cell
    assert any(words in text for text in complaints(notebook)), complaints(notebook)


def test_a_tag_allows_what_cannot_be_compared():
    notebook = copy.deepcopy(GOOD)
    notebook["cells"][1] = code("1", stream("took 0.31 s"), tags=["nbval-ignore-output"])
    assert complaints(notebook) == []


class Item:
    def __init__(self, file):
        self.path, self.name = Path(file), "Cell 3"


@pytest.mark.parametrize(("file", "late"), [("07_x.ipynb", True), ("test_x.py", False)])
def test_the_budget_of_a_notebook_is_the_sum_of_its_cells(file, late, request):
    clock = iter([0, 50, 50, 89, 89, 92] if late else [0, 100, 200])
    plugin = type(request.config.pluginmanager.get_plugin("budget of notebooks"))
    budget = plugin(clock=lambda: next(clock))

    def run():
        call = budget.pytest_runtest_call(Item(file))
        next(call)
        with pytest.raises(StopIteration):
            call.send(None)

    run()
    if late:
        run()
        with pytest.raises(AssertionError, match="07_x.ipynb takes longer than 90 s: its Cell 3"):
            run()
    else:
        run()
        run()
