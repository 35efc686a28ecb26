"""A class of submissions: each gets its marks, and none stops the others."""

import errno
import shutil

import pytest

from adcourse.__main__ import main
from adcourse.course.grading.store import Store

from .conftest import QuickWorkers, outcome_of

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
    """The folder of a finished run: submissions, store, picture and feedback."""
    folder = tmp_path_factory.mktemp("graded")
    for name, (*_, answers, change) in CLASS.items():
        hand_in(folder / "in" / f"{name}.ipynb", change, **answers)
    (folder / "in" / "broken.ipynb").write_text("{", encoding="utf-8")
    (folder / "in" / "<b>essay.txt").write_text("An essay.", encoding="utf-8")
    shutil.copy(key_path, folder / "in" / "key.ipynb")
    store = ["--store", str(folder / "grades.sqlite")]
    command = ["grade", "07_sample", str(folder / "in"), "--key", str(key_path), "--timeout", "15"]
    assert main([*command, *store]) == 0
    assert main(["feedback", "--out", str(folder / "out"), *store]) == 0
    return folder


def read_marks(folder):
    """(student, question) → Mark, of all in a store."""
    with Store(folder / "grades.sqlite") as store:
        return {(r.student, m.question): m for r in store.records("07_sample") for m in r.marks}


@pytest.fixture(scope="module")
def marks(graded):
    return read_marks(graded)


@pytest.mark.parametrize("student", CLASS)
def test_each_gets_the_marks_it_earned(marks, student):
    points, reasons, *_ = CLASS[student]
    found = [marks[student, f"07.{name}"] for name in ("slope", "gradient", "formula")]
    assert [mark.max_points for mark in found] == [2, 3, 1]
    assert [mark.points for mark in found] == list(points), found
    for mark, reason in zip(found, reasons, strict=True):
        assert reason in mark.reason


def test_the_key_earns_every_point(marks):
    found = [mark for (student, _), mark in marks.items() if student == "key" and mark.points]
    assert len(found) == 3
    assert all(mark.points == mark.max_points for mark in found)


def test_a_mark_has_its_evidence(marks):
    mark = marks["wrong", "07.slope"]
    assert mark.expected.startswith("▸ shape (4,)") and mark.got.startswith("▸ shape (4,)")
    assert mark.expected != mark.got and mark.protection and mark.seconds > 0
    assert marks["right", "07.slope"].expected != mark.expected  # inputs of their own


def test_what_is_no_notebook_has_rows_with_the_reason(marks):
    assert "not valid JSON" in marks["broken", "07.slope"].reason
    assert "is not a notebook" in marks["<b>essay", "07.formula"].reason
    assert marks["broken", "07.slope"].points == 0


def test_a_free_answer_waits_for_the_instructor(marks):
    mark = marks["right", "07.why"]
    assert (mark.points, mark.max_points) == (None, 1)
    assert mark.reason == "waits for the instructor"


def test_the_pages_say_why_and_keep_what_is_hidden(graded):
    pages = {path.stem: path.read_text(encoding="utf-8") for path in (graded / "out").iterdir()}
    assert len(pages) == len(CLASS) + 3
    assert "6 of 7 points" in pages["right"] and "1 of them not marked yet" in pages["right"]
    assert "Your code cell 2" in pages["syntax"] and "SyntaxError" in pages["syntax"]
    assert "At 1 each entry is 2." in pages["wrong"]
    assert "&lt;b&gt;essay" in "".join(pages.values())
    for secret in ("<b>essay", "SEED", "rng", "▸", "shape", "HIDDEN", "http"):
        assert secret not in "".join(pages.values()), secret


@pytest.fixture
def quick(without_kernels, hand_in, key_path, tmp_path):
    """A command that grades two notebooks and a broken file without starting a kernel."""
    for name in ("blank", "half"):
        hand_in(tmp_path / "in" / f"{name}.ipynb", slope=f"# {name}")
    (tmp_path / "in" / "broken.ipynb").write_text("{", encoding="utf-8")
    options = ["--key", str(key_path), "--store", str(tmp_path / "grades.sqlite")]
    return ["grade", "07_sample", str(tmp_path / "in"), *options]


@pytest.fixture
def ran(monkeypatch):
    """The names of the submissions that were run; a name in `ran.stop` ends the run there."""

    class Ran(list):
        stop = ()

    ran = Ran()

    class Workers(QuickWorkers):
        def run(self, jobs):
            for name, steps in jobs:
                ran.append(name)
                if name in ran.stop:
                    raise KeyboardInterrupt
                yield name, outcome_of(steps)

    monkeypatch.setattr("adcourse.course.grading.grade.Workers", Workers)
    return ran


def test_a_stopped_run_goes_on_and_a_new_version_is_graded_again(quick, ran, hand_in, tmp_path):
    ran.stop = ["half"]
    assert main(quick) == 130
    assert {student for student, _ in read_marks(tmp_path)} == {"blank", "broken"}
    hand_in(tmp_path / "in" / "blank.ipynb", **GOOD)
    ran.stop = ()
    assert main(quick) == 0
    assert ran == ["blank", "half", "blank", "half"]
    after = read_marks(tmp_path)
    assert main(quick) == 0
    assert len(ran) == 4 and read_marks(tmp_path) == after


def test_a_fault_of_the_grader_stops_nobody_and_is_tried_again(quick, monkeypatch, tmp_path):
    with monkeypatch.context() as patched:
        fail = lambda *_: 1 / 0
        patched.setattr("adcourse.course.grading.grade.marks_of", fail)
        assert main(quick) == 0
    found = read_marks(tmp_path)
    assert found["half", "07.slope"].reason == "could not be graded: division by zero"
    assert "not valid JSON" in found["broken", "07.slope"].reason
    assert main(quick) == 0
    assert read_marks(tmp_path)["half", "07.slope"].reason == "right"


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (["--deadline", "soon"], "soon is not a date: write 2026-11-27 18:00"),
        (["--student-pattern", "x"], "has no group named student"),
        (["--picture", "p.txt"], "must be a .svg or .png file"),
        (["--store", "."], ". is a folder; --store names a file"),
    ],
)
def test_an_option_that_is_wrong_is_one_sentence(quick, capsys, more, sentence):
    assert main([*quick, *more]) == 1
    said = capsys.readouterr().err.splitlines()[-1]
    assert said.startswith("adcourse: ") and sentence in said


@pytest.mark.parametrize("more", [["--workers", "0"], ["--timeout", "-1"], ["--timeout", "x"]])
def test_a_number_that_is_wrong_is_refused_at_once(quick, capsys, more):
    with pytest.raises(SystemExit):
        main([*quick, *more])
    assert f"argument {more[0]}" in capsys.readouterr().err


def test_a_full_disk_ends_the_run_in_one_sentence(quick, monkeypatch, capsys):
    def fail(*_):
        raise OSError(errno.ENOSPC, "No space left on device", "scratch")

    monkeypatch.setattr("adcourse.course.grading.grade.restore", fail)
    assert main(quick) == 1
    assert "adcourse: The disk is full (scratch): free some space" in capsys.readouterr().err


def test_only_what_is_named_is_graded_again(quick, ran, tmp_path):
    assert main(quick) == 0
    again = ["regrade", "--store", str(tmp_path / "grades.sqlite")]
    assert main(again) == 0
    assert ran == ["blank", "half"]
    assert main([*again, "--student", "half"]) == 0
    assert ran == ["blank", "half", "half"]
    before = read_marks(tmp_path)
    assert main([*again, "--question", "07.slope"]) == 0
    assert ran[3:] == ["blank", "half"]
    assert read_marks(tmp_path) == before


def test_another_key_has_everyone_graded_again_and_prose_does_not(
    quick, ran, key_path, tmp_path, capsys
):
    assert main(quick) == 0
    again = ["regrade", "07_sample", "--store", str(tmp_path / "grades.sqlite"), "--key"]
    text, other = key_path.read_text(encoding="utf-8"), tmp_path / "other.ipynb"
    other.write_text(text.replace("That is all.", "That was all."), encoding="utf-8")
    assert main([*again, str(other)]) == 0
    assert ran == ["blank", "half"]
    other.write_text(text.replace('\\"points\\": 2', "").replace("2 * x + 3", "3 + 2 * x"))
    assert main([*again, str(other), "--question", "07.slope"]) == 0
    assert ran[2:] == ["blank", "half"]
    assert main([*again, str(other)]) == 0  # the other questions
    assert ran[4:] == ["blank", "half"]
    assert main([*again, str(other), "--question", "07.nothing"]) == 1
    assert "There is no question 07.nothing; there are: 07.formula" in capsys.readouterr().err


def test_a_regrade_that_was_stopped_grades_nobody_twice(quick, ran, tmp_path):
    assert main(quick) == 0
    again = ["regrade", "--store", str(tmp_path / "grades.sqlite"), "--question", "07.slope"]
    ran.stop = ["half"]
    assert main(again) == 130
    ran.stop = ()
    assert main(again) == 0
    assert ran[2:] == ["blank", "half", "half"]


def test_a_deadline_that_is_given_later_counts_without_a_run(quick, ran, tmp_path):
    assert main(quick) == 0
    assert main([*quick, "--deadline", "2020-01-01 12:00"]) == 0
    assert ran == ["blank", "half"]
    with Store(tmp_path / "grades.sqlite") as store:
        assert all(one.late for one in store.records("07_sample"))


def test_points_of_the_instructor_come_from_a_table_and_stay(quick, ran, tmp_path, capsys):
    store = ["--store", str(tmp_path / "grades.sqlite")]
    assert main(quick) == 0
    assert main(["export", "--out", str(tmp_path / "t.csv"), *store]) == 0
    table = (tmp_path / "t.csv").read_text(encoding="utf-8")
    waiting = "half,,,07.why,,1,waits for the instructor,,"
    assert waiting in table
    table = table.replace(waiting, "half,,,07.why,0.5,1,waits for the instructor,=nearly,")
    (tmp_path / "t.csv").write_text(table, encoding="utf-8-sig")
    assert main(["mark", str(tmp_path / "t.csv"), *store]) == 0
    assert "1 marks given" in capsys.readouterr().out
    assert main(["regrade", "--student", "half", *store]) == 0
    mark = read_marks(tmp_path)["half", "07.why"]
    assert (mark.points, mark.reason) == (0.5, "=nearly")


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ("student,points\n", "lacks the column question"),
        ("student,question,points\nzoe,07.why,1\n", "line 2: nothing of a student zoe"),
        ("student,question,points\nhalf,07.no,1\n", "has no question 07.no"),
        ("student,question,points\nhalf,07.why,2\n", "07.why has 0 to 1 points, not 2"),
        ("student,question,points\nhalf,07.why,nan\n", "07.why has 0 to 1 points, not nan"),
        ("student,question,points\nhalf,07.why,one\n", "'one' is not a number"),
    ],
)
def test_a_table_of_points_that_is_wrong_gives_none(quick, tmp_path, capsys, table, sentence):
    assert main(quick) == 0
    (tmp_path / "t.csv").write_text(f"{table}half,07.why,1\n", encoding="utf-8")
    command = ["mark", str(tmp_path / "t.csv"), "--store", str(tmp_path / "grades.sqlite")]
    assert main(command) == 1
    assert sentence in capsys.readouterr().err
    assert read_marks(tmp_path)["half", "07.why"].points is None


def test_a_loop_that_cannot_be_interrupted_costs_its_own_question(hand_in, key_path, tmp_path):
    hand_in(tmp_path / "in" / "ann" / "mine.ipynb", slope=STUBBORN)
    command = ["grade", "07_sample", str(tmp_path / "in"), "--key", str(key_path)]
    command += ["--timeout", "3", "--store", str(tmp_path / "grades.sqlite")]
    assert main(command) == 0
    found = read_marks(tmp_path)
    assert "slope is not defined yet" in found["ann", "07.slope"].reason
    assert "(its answer cell: it ran longer than 3 s)" in found["ann", "07.slope"].reason
    assert "gradient is not defined yet" in found["ann", "07.gradient"].reason


def test_a_key_that_tells_nothing_is_refused(hand_in, key_path, tmp_path, capsys):
    text = key_path.read_text(encoding="utf-8")
    weak = tmp_path / "weak.ipynb"
    weak.write_text(text.replace("show(lambda: [slope(x)", "show(slope(0) == 3) #"))
    hand_in(tmp_path / "in" / "ann.ipynb")
    command = ["grade", "07_sample", str(tmp_path / "in"), "--key", str(weak)]
    assert main([*command, "--store", str(tmp_path / "g.sqlite")]) == 1
    assert "07-slope shows only True or False" in capsys.readouterr().err
