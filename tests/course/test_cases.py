"""Right and wrong answers in the source of an exercise."""

import pytest

from adcourse.course import CourseError
from adcourse.course.cases import Case, patched
from adcourse.course.sources import grading, read_exercise, read_source

KEY = """def f(x):
    ### BEGIN SOLUTION
    y = x * x
    return y
    ### END SOLUTION
"""
SOURCE = """# Exercise

```{code-cell} ipython3
:progress: true
```

```{code-cell} ipython3
:answer: sq

### BEGIN SOLUTION
sq = 4
### END SOLUTION
```

```{code-cell} ipython3
:check: sq
:points: 2
:kind: measure

check("09.sq", lambda: sq > 3, "More.")
### BEGIN HIDDEN TESTS
show(sq)
### END HIDDEN TESTS
```
"""


def cell(options, body="sq = 5"):
    return f"\n```{{code-cell}} ipython3\n{options}\n\n{body}\n```\n"


@pytest.fixture
def read(tmp_path):
    def reading(text):
        path = tmp_path / "09_squares.md"
        path.write_text(text, encoding="utf-8")
        return read_exercise(path)

    return reading


def test_a_patch_changes_the_lines_that_it_names():
    wrong = Case("09-f", "wrong", "-    y = x * x\n+    y = x + x\n", "squares")
    assert wrong.answer(KEY) == "def f(x):\n    y = x + x\n    return y"


def test_a_patch_may_remove_lines_and_have_several_places():
    text = "-a = 1\n-b = 2\n+ab = 3\n\n-d = 5"
    assert patched("a = 1\nb = 2\nc = 4\nd = 5", text) == "ab = 3\nc = 4"


def test_other_text_is_a_whole_answer():
    assert Case("09-f", "right", "f = abs").answer(KEY) == "f = abs"
    assert patched("a = 1", "x = -1\n-x") == "x = -1\n-x"


def test_a_patch_of_what_is_not_there_is_refused():
    with pytest.raises(CourseError, match="cell 9: the key's answer has no line 'b = 1'"):
        patched("a = 1", "-b = 1\n+b = 2", "cell 9")


def test_cases_are_no_part_of_the_notebook(read, tmp_path):
    notebook, cases = read(SOURCE + cell(':wrong: sq\n:reason: "More"') + cell(":right: sq"))
    assert [(c.question, c.kind, c.reason) for c in cases] == [
        ("09-sq", "wrong", "More"),
        ("09-sq", "right", ""),
    ]
    assert len(notebook.cells) == 4
    assert read_source(tmp_path / "09_squares.md").cells == notebook.cells


def test_the_kind_of_a_question_and_the_progress_cell_are_read(read):
    notebook, _ = read(SOURCE)
    assert notebook.cells[3].metadata["adcourse"] == {"kind": "measure"}
    assert grading(notebook.cells[3])["points"] == 2
    assert notebook.cells[1].source.endswith('progress({\n    "09.sq": 2\n})')
    assert "progress" not in notebook.cells[1].metadata


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        (cell(":wrong: sq"), "give each wrong answer"),
        (cell(":right: sq\n:reason: no"), "and no right one"),
        (cell(':wrong: square\n:reason: "More"'), "answer to 09.square, but no such check"),
        (cell(':wrong: sq\n:reason: "More"', ""), "must be a code cell"),
    ],
)
def test_a_case_that_says_too_little_is_refused(read, cells, sentence):
    with pytest.raises(CourseError, match=sentence):
        read(SOURCE + cells)


def test_an_unknown_kind_of_question_is_refused(read):
    with pytest.raises(CourseError, match="is one of implement, derive"):
        read(SOURCE.replace("measure", "guess"))
