"""A class of submissions: each gets its marks, and none stops the others."""

import shutil

import pytest

from adcourse.__main__ import main
from adcourse.course.grading.key import Key
from adcourse.course.grading.running.jobs import Outcome

GOOD = {
    "slope": "def slope(x):\n    return 3 + x + x",
    "gradient": "gradient = lambda w: w + w",
}
OTHER = {  # by differences, in another form, with prints and warnings
    "slope": "slope = lambda t: print(t) or ((t + 1e-6) ** 2 - (t - 1e-6) ** 2) / 2e-6 + 3",
    "gradient": "import sys\ndef gradient(w):\n    sys.stderr.write('no')\n    return list(2 * w)",
    "formula": "from sympy import *\nx = Symbol('x', real=True)\nformula = (x * exp(x)).diff(x)",
}
FITTED = "def slope(x):\n    return {0.0: 3.0, 1.0: 5.0}[x]"
STUBBORN = (
    "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n"
    "import time\nwhile True:\n    time.sleep(1)"
)
PATCHED = (
    "import adcourse.course as course\n"
    "class Yes:\n"
    "    def __enter__(self): return self\n"
    "    def __exit__(self, *_): return True\n"
    "    def that(self, *_): pass\n"
    "course.check = lambda *_: Yes()\n"
    "course.show = lambda *_, **__: print('▸ 1')\n"
    "get_ipython().showtraceback = lambda *_, **__: None"
)


def delete_checks(notebook):
    keep = [c for c in notebook["cells"] if not c["metadata"].get("nbgrader", {}).get("locked")]
    notebook["cells"] = keep


def forge(notebook):
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["execution_count"] = 1
            cell["metadata"]["tags"] = ["nbval-skip", "raises-exception"]
            cell["outputs"] = [{"name": "stdout", "output_type": "stream", "text": "✔ 07.slope"}]
        if cell["metadata"].get("nbgrader", {}).get("locked"):
            cell["source"] = "assert True"


# student: points of slope, gradient and formula; parts of their reasons; answers; any change
CLASS = {
    "right": ((2, 3, 1), ["right"] * 3, GOOD | {"formula": OTHER["formula"]}, None),
    "another": ((2, 3, 1), ["right"] * 3, OTHER, None),
    "half": (
        (0, 3, 0),
        ["raised KeyError on other inputs", "right", "formula is not defined yet"],
        GOOD | {"slope": FITTED},
        None,
    ),
    "wrong": (
        (0, 0, 0),
        ["differs from the key on other", "At 1 each entry is 2", "raised AttributeError"],
        {
            "slope": "def slope(x):\n    return 3 + 2 * x**3",
            "gradient": "gradient = lambda w: w",
            "formula": "formula = 'x'",
        },
        None,
    ),
    "blank": ((0, 0, 0), ["nothing is written yet", "gradient is not defined yet", ""], {}, None),
    "syntax": ((0, 3, 0), ["SyntaxError", "right", ""], GOOD | {"slope": "def slope(x:"}, None),
    "loop": (
        (0, 3, 0),
        ["(its answer cell: it ran longer than 15 s)", "right", ""],
        GOOD | {"slope": "while True: pass"},
        None,
    ),
    "exit": (
        (0, 3, 0),
        ["SystemExit", "right", "the kernel died"],
        GOOD | {"slope": "raise SystemExit", "formula": "import os; os._exit(0)"},
        None,
    ),
    "deleted": ((2, 3, 0), ["right", "right", ""], GOOD, delete_checks),
    "forged": ((0, 0, 0), ["nothing is written yet", "is not defined yet", ""], {}, forge),
    "patched": (
        (0, 0, 0),
        ["differs from the key"] * 2 + ["hidden test ended in an error"],
        {"slope": PATCHED},
        None,
    ),
}


@pytest.fixture(scope="module")
def graded(tmp_path_factory, hand_in, key_path):
    """The folder of a finished run: submissions, grades.csv and feedback."""
    folder = tmp_path_factory.mktemp("graded")
    for name, (*_, answers, change) in CLASS.items():
        hand_in(folder / "in" / f"{name}.ipynb", change, **answers)
    (folder / "in" / "broken.ipynb").write_text("{", encoding="utf-8")
    (folder / "in" / "<b>essay.txt").write_text("An essay.", encoding="utf-8")
    shutil.copy(key_path, folder / "in" / "key.ipynb")
    out = folder / "grades.csv"
    command = ["grade", "07_sample", str(folder / "in"), "--key", str(key_path), "--timeout", "15"]
    assert main([*command, "--out", str(out), "--feedback", str(folder / "out")]) == 0
    return folder


@pytest.fixture(scope="module")
def marks(graded, read_marks):
    return read_marks(graded / "grades.csv")


@pytest.mark.parametrize("student", CLASS)
def test_each_gets_the_marks_it_earned(marks, student):
    points, reasons, *_ = CLASS[student]
    rows = [marks[student, f"07.{name}"] for name in ("slope", "gradient", "formula")]
    assert [float(row["max_points"]) for row in rows] == [2, 3, 1]
    assert [float(row["points"]) for row in rows] == list(points), rows
    for row, reason in zip(rows, reasons, strict=True):
        assert reason in row["reason"]


def test_the_key_earns_every_point(marks):
    rows = [row for (student, _), row in marks.items() if student == "key" and row["points"]]
    assert len(rows) == 3
    assert all(row["points"] == row["max_points"] for row in rows)


def test_what_is_no_notebook_has_rows_with_the_reason(marks):
    assert "not valid JSON" in marks["broken", "07.slope"]["reason"]
    assert "is not a notebook" in marks["<b>essay", "07.formula"]["reason"]
    assert marks["broken", "07.slope"]["points"] == "0"


def test_a_free_answer_waits_for_the_instructor(marks):
    row = marks["right", "07.why"]
    assert (row["points"], row["max_points"]) == ("", "1")
    assert row["reason"] == "waits for the instructor"


def test_feedback_says_why_and_keeps_what_is_hidden(graded):
    pages = {path.stem: path.read_text(encoding="utf-8") for path in (graded / "out").iterdir()}
    assert len(pages) == len(CLASS) + 3
    assert "6 of 7 points" in pages["right"] and "1 of them not marked yet" in pages["right"]
    assert "Your code cell 2" in pages["syntax"] and "SyntaxError" in pages["syntax"]
    assert "At 1 each entry is 2." in pages["wrong"]
    assert "<b>essay" not in "".join(pages.values())
    assert "&lt;b&gt;essay" in pages["_b_essay"]
    for secret in ("SEED", "rng", "▸", "shape", "HIDDEN", "http"):
        assert secret not in "".join(pages.values()), secret


class UnstartedKey(Key):
    """A key without a kernel, for runs whose marks do not matter."""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def expected(self, seeds):
        return {name: [] for name in seeds}


@pytest.fixture
def quick(graded, key_path, monkeypatch, tmp_path):
    """A command that grades two notebooks and a broken file without starting a kernel."""
    monkeypatch.setattr("adcourse.course.grading.grade.Key", UnstartedKey)
    (tmp_path / "in").mkdir()
    for name in ("blank", "broken", "half"):
        shutil.copy(graded / "in" / f"{name}.ipynb", tmp_path / "in")
    options = ["--key", str(key_path), "--out", str(tmp_path / "grades.csv")]
    return ["grade", "07_sample", str(tmp_path / "in"), *options]


def test_a_stopped_run_goes_on_and_a_new_version_is_graded_again(
    quick, hand_in, read_marks, monkeypatch, tmp_path
):
    out, ran = tmp_path / "grades.csv", []

    def stop_at_the_second(steps, timeout):
        ran.append(steps)
        if len(ran) == 2:
            raise KeyboardInterrupt
        return Outcome(trouble=f"this was run {len(ran)}")

    monkeypatch.setattr("adcourse.course.grading.grade.run_steps", stop_at_the_second)
    assert main(quick) == 130
    assert {student for student, _ in read_marks(out)} == {"blank", "broken"}
    hand_in(tmp_path / "in" / "blank.ipynb", **GOOD)
    assert main(quick) == 0
    after = read_marks(out)
    assert len(ran) == 4  # the new version of blank, and half, which was stopped
    assert after["blank", "07.slope"]["reason"] == "did not run: this was run 3."
    assert after["half", "07.slope"]["reason"] == "did not run: this was run 4."
    assert main(quick) == 0
    assert len(ran) == 4 and read_marks(out) == after


def test_a_fault_of_the_grader_stops_nobody_and_is_tried_again(
    quick, read_marks, monkeypatch, tmp_path
):
    def fail(*_):
        raise OSError("no space left")

    monkeypatch.setattr("adcourse.course.grading.grade.run_steps", fail)
    assert main(quick) == 0
    rows = read_marks(tmp_path / "grades.csv")
    assert rows["half", "07.slope"]["reason"] == "could not be graded: no space left"
    assert "not valid JSON" in rows["broken", "07.slope"]["reason"]
    later = lambda *_: Outcome(trouble="later")
    monkeypatch.setattr("adcourse.course.grading.grade.run_steps", later)
    assert main(quick) == 0
    rows = read_marks(tmp_path / "grades.csv")
    assert rows["half", "07.slope"]["reason"] == "did not run: later."


def test_a_loop_that_cannot_be_interrupted_costs_its_own_question(
    quick, hand_in, read_marks, tmp_path
):
    shutil.rmtree(tmp_path / "in")
    hand_in(tmp_path / "in" / "ann" / "mine.ipynb", slope=STUBBORN)
    assert main([*quick, "--timeout", "3"]) == 0
    rows = read_marks(tmp_path / "grades.csv")
    reason = rows["ann", "07.slope"]["reason"]
    assert "slope is not defined yet" in reason
    assert "(its answer cell: it ran longer than 3 s)" in reason
    assert "gradient is not defined yet" in rows["ann", "07.gradient"]["reason"]


def test_a_gradebook_that_is_not_of_this_run_is_left_alone(quick, capsys, tmp_path):
    (tmp_path / "grades.csv").write_text("mine", encoding="utf-8")
    assert main(quick) == 1
    assert "move the gradebook away" in capsys.readouterr().err
    assert (tmp_path / "grades.csv").read_text(encoding="utf-8") == "mine"


def test_a_key_that_tells_nothing_is_refused(key_path, tmp_path, capsys):
    text = key_path.read_text(encoding="utf-8")
    weak = tmp_path / "weak.ipynb"
    weak.write_text(text.replace("show(lambda: [slope(x)", "show(slope(0) == 3) #"))
    (tmp_path / "in").mkdir()
    command = ["grade", "07_sample", str(tmp_path / "in"), "--key", str(weak)]
    assert main([*command, "--out", str(tmp_path / "g.csv")]) == 1
    assert "07-slope shows only True or False" in capsys.readouterr().err
