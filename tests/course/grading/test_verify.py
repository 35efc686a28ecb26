"""`adcourse verify` finds what is wrong with an exercise."""

import pytest

from adcourse.__main__ import main
from adcourse.course.grading.verify import verify

SOUND = """# Exercise 09

3 points in two questions.

## 1 · Twice (2 points)

```{code-cell} ipython3
:answer: twice

def twice(x):
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION
```

```{code-cell} ipython3
:check: twice
:points: 2

with check("09.twice") as c:
    c.that(twice(1) != 1, "That is once.")
    c.that(twice(1) == 2, "Once and once is 2.")
### BEGIN HIDDEN TESTS
show(lambda: twice(submission_rng().uniform(1, 2)))
### END HIDDEN TESTS
```

```{code-cell} ipython3
:wrong: twice
:reason: "That is once"

-    return 2 * x
+    return x
```

```{code-cell} ipython3
:wrong: twice
:reason: "on other inputs"

twice = lambda x: 2
```

```{code-cell} ipython3
:right: twice

twice = lambda x: x + x
```

## 2 · Slope (1 point)

```{code-cell} ipython3
:answer: slope

### BEGIN SOLUTION
slope = "2*x"
### END SOLUTION
```

```{code-cell} ipython3
:check: slope
:points: 1

check("09.slope", lambda: len(slope) > 1, "Longer.")
### BEGIN HIDDEN TESTS
show_formula(slope, "x")
### END HIDDEN TESTS
```
"""


@pytest.fixture
def write(tmp_path):
    def write(text):
        path = tmp_path / "exercises" / "source" / "09_twice.md"
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_a_sound_exercise_is_called_sound(write, tmp_path, capsys):
    write(SOUND)
    assert main(["verify", "09", "--root", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert out == "09_twice: sound; the same for every student: 09.slope\n"


BREAKS = [
    ("3 points in", "4 points in", "does not say that there are 3 points"),
    ("Slope (1 point)", "Slope (2 points)", "the headings name 4 points, the cells give 3"),
    ("+    return x\n", "+    return x + x\n", "wrong answer 1 to 09.twice earns 2.0"),
    (':reason: "on other', ':reason: "Half of', "does not say 'Half of inputs': passes the"),
    ("twice = lambda x: x + x", "twice = lambda x: x", "right answer 1 to 09.twice loses"),
    (
        "twice = lambda x: 2\n",
        "import adcourse.course\ntwice = lambda x: 2\nadcourse.course.show_formula = None\n",
        "wrong answer 2 to 09.twice loses 09.slope: is right on the visible inputs",
    ),
]


def test_every_broken_law_is_named(write, tmp_path, capsys):
    text = SOUND
    for old, new, _ in BREAKS:
        assert text.count(old) == 1
        text = text.replace(old, new)
    write(text)
    assert main(["verify", "09", "--root", str(tmp_path)]) == 1
    said = capsys.readouterr()
    for *_, sentence in BREAKS:
        assert sentence in said.err
    assert said.out == "09_twice: NOT sound; the same for every student: 09.slope\n"


def test_a_check_that_passes_the_blank_is_named(write):
    text = SOUND.replace("lambda: len(slope) > 1", "True")
    path = write(text.replace('show_formula(slope, "x")', 'show("2*x")'))
    complaints, _ = verify(path, ["slope"])
    assert complaints == ["the blank earns 1.0 of 09.slope. "]
