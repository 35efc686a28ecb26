"""Copies with a number of their own: given, restored, and of no use when changed."""

import json

import pytest

from adcourse.__main__ import main
from adcourse.course.errors import CourseError
from adcourse.course.grading.restore import restore
from adcourse.course.grading.store import Store
from adcourse.course.release import blank_of
from adcourse.course.sources import grading, is_personal, read_source

SOURCE = """\
# Personal (1 points in one question)

```{code-cell} ipython3
import numpy as np

from adcourse.course import check, show
```

```{code-cell} ipython3
:personal: true

PERSONAL = 0
data = np.random.default_rng(PERSONAL).normal(size=5)
```

```{code-cell} ipython3
:answer: mean

### BEGIN SOLUTION
mean = np.mean(data)
### END SOLUTION
```

```{code-cell} ipython3
:check: mean
:points: 1

check("05.mean", lambda: np.ndim(mean) == 0, "One number.")
### BEGIN HIDDEN TESTS
show(mean)
### END HIDDEN TESTS
```
"""
RIGHT = "mean = sum(data) / 5"


@pytest.fixture
def root(tmp_path):
    """A course whose exercise 05_personal has a personal cell, and a roster of two."""
    path = tmp_path / "exercises" / "source" / "05_personal.md"
    path.parent.mkdir(parents=True)
    path.write_text(SOURCE, encoding="utf-8")
    (tmp_path / "roster.csv").write_text("name,student\nAnn,ann\nBob,bob\n", encoding="utf-8")
    return tmp_path


def release(root):
    store = ["--store", str(root / "grades.sqlite"), "--out", str(root / "out")]
    return main(["release", "--root", str(root), "--students", str(root / "roster.csv"), *store])


def personal(notebook):
    (cell,) = [cell for cell in notebook["cells"] if is_personal(cell)]
    return "".join(cell["source"]).splitlines()[0]


def copy_of(root, student):
    text = (root / "out" / student / "05_personal.ipynb").read_text(encoding="utf-8")
    return json.loads(text)


def test_everyone_gets_a_copy_with_a_number_of_their_own(root):
    assert release(root) == 0
    with Store(root / "grades.sqlite") as store:
        for student in ("ann", "bob"):
            number = store.personal(student, "05_personal")
            assert personal(copy_of(root, student)) == f"PERSONAL = {number}"
    first = copy_of(root, "ann")
    assert personal(first) != personal(copy_of(root, "bob"))
    assert release(root) == 0  # the secret stays, so does the number
    assert copy_of(root, "ann") == first
    assert "SOLUTION" not in json.dumps(first) and "HIDDEN" not in json.dumps(first)


def test_the_number_is_restored_and_a_changed_one_does_not_help(root):
    assert release(root) == 0
    key = root / "key.ipynb"
    key.write_text(json.dumps(read_source(root / "exercises/source/05_personal.md")))
    for student, of, change in (
        ("ann", "ann", None),
        ("bob", "ann", None),  # the copy of another, with the answer to that one
        ("cy", "ann", "PERSONAL = 0\ndata = np.zeros(5)"),
    ):
        notebook = copy_of(root, of)
        for cell in notebook["cells"]:
            if grading(cell).get("grade_id") == "05-mean-answer":
                cell["source"] = RIGHT
            if is_personal(cell) and change:
                cell["source"] = change
        if student == "bob":  # a number that was right for ann
            mean = copy_of(root, "ann")
            names = {}
            exec("import numpy as np\n" + "".join(cell_source(mean)) + "\n" + RIGHT, names)
            for cell in notebook["cells"]:
                if grading(cell).get("grade_id") == "05-mean-answer":
                    cell["source"] = f"mean = {float(names['mean'])!r}"
        path = root / "in" / f"{student}.ipynb"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(notebook), encoding="utf-8")
    command = ["grade", "05_personal", str(root / "in"), "--key", str(key)]
    assert main([*command, "--store", str(root / "grades.sqlite")]) == 0
    with Store(root / "grades.sqlite") as store:
        points = {one.student: one.points for one in store.records("05_personal")}
        shown = {one.student: one.marks[0].expected for one in store.records("05_personal")}
    # cy's data were restored, so the answer is right for cy's own number.
    assert points == {"ann": 1, "bob": 0, "cy": 1}
    assert len(set(shown.values())) == 3


def cell_source(notebook):
    (cell,) = [cell for cell in notebook["cells"] if is_personal(cell)]
    return cell["source"]


def steps(root, change):
    template = read_source(root / "exercises" / "source" / "05_personal.md")
    cells = [dict(cell) for cell in blank_of(template).cells]
    change(cells)
    found = restore(template.cells, cells, {"05-mean": 1}, personal=42)
    return [step.source.partition("\n")[0] for step in found]


def place(cells):
    return next(n for n, cell in enumerate(cells) if is_personal(cell))


@pytest.mark.parametrize(
    "change",
    [
        lambda cells: None,
        lambda cells: cells.pop(place(cells)),
        lambda cells: cells[place(cells)].update(source="PERSONAL = 7"),
        lambda cells: cells.append(cells[place(cells)]),
        lambda cells: cells[place(cells)].update(metadata={}),
    ],
)
def test_the_cell_is_put_back_once_where_it_was(root, change):
    lines = steps(root, change)
    assert lines[:3] == ["import numpy as np", "PERSONAL = 42", "# your code here"]
    assert sum("PERSONAL" in line for line in lines) == 1


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("PERSONAL = 0\n", "", "one line `PERSONAL = 0`"),
        (":personal: true", ":personal: 7", "write `:personal: true`"),
        (":personal: true", ":personal: true\n:points: 1", "points belong to a check"),
    ],
)
def test_a_personal_cell_that_is_wrong_is_named(root, old, new, sentence):
    path = root / "exercises" / "source" / "05_personal.md"
    path.write_text(SOURCE.replace(old, new), encoding="utf-8")
    with pytest.raises(CourseError, match=f"cell 3.*{sentence}"):
        read_source(path)


def test_without_personal_data_one_blank_serves_for_all(root, capsys):
    path = root / "exercises" / "source" / "05_personal.md"
    path.write_text(SOURCE.replace(":personal: true", ""), encoding="utf-8")
    assert release(root) == 1
    assert "05_personal has no cell with `:personal: true`" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("student\n", "names nobody"), ("student\na\nb\na\n", "names a more than once")],
)
def test_a_roster_that_names_nobody_or_somebody_twice(root, capsys, text, sentence):
    (root / "roster.csv").write_text(text, encoding="utf-8")
    assert release(root) == 1
    assert sentence in capsys.readouterr().err
