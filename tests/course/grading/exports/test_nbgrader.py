"""The real nbgrader validates, releases and autogrades our sources to our marks, and reads them."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from adcourse.__main__ import main
from adcourse.course.grading.store import Store
from adcourse.course.release import blank_of
from adcourse.course.sources import grading, is_check, read_exercise

ROOT = Path(__file__).resolve().parents[4]
EXERCISE = "04_reverse_mode"
SOURCE = ROOT / "exercises" / "source" / f"{EXERCISE}.md"

pytest.importorskip("nbgrader")


def nbgrader(folder, *arguments):
    """Run a command of nbgrader in a course folder; returns what it said."""
    path = os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]])
    search = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=folder, env=os.environ | {"PATH": path, "PYTHONPATH": search},
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def filled(blank, answers):
    for cell in blank.cells:
        cell.source = answers.get(grading(cell).get("grade_id"), cell.source)
    return blank


@pytest.fixture(scope="module")
def submissions():
    """The key, the blank, a wrong answer to everything, and right ones found another way."""
    solved, cases = read_exercise(SOURCE)
    key = {
        grading(c)["grade_id"]: c.source
        for c in solved.cells
        if grading(c).get("solution") and not grading(c)["grade"]
    }

    def answers(kind):
        chosen = {}
        for question in {case.question for case in cases}:
            own = [case for case in cases if (case.question, case.kind) == (question, kind)]
            name = f"{question}-answer"
            chosen[name] = own[0].answer(key[name])
        return chosen

    return {
        "key": filled(blank_of(solved), key),
        "blank": blank_of(solved),
        "wrong": filled(blank_of(solved), answers("wrong")),
        "right": filled(blank_of(solved), answers("right")),
    }


def write(path, notebook):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path


def scores(gradebook):
    """(student, question) → points of the automatic checks, from nbgrader's database."""
    connection = sqlite3.connect(gradebook)
    rows = connection.execute(
        "SELECT s.student_id, b.name, g.auto_score FROM grade g "
        "JOIN submitted_notebook n ON n.id = g.notebook_id "
        "JOIN submitted_assignment s ON s.id = n.assignment_id "
        "JOIN base_cell b ON b.id = g.cell_id WHERE g.auto_score IS NOT NULL"
    )
    found = {(student, name.replace("-", ".", 1)): points for student, name, points in rows}
    connection.close()
    return found


@pytest.fixture(scope="module")
def ours(tmp_path_factory, submissions):
    """The store of `adcourse grade` over the submissions."""
    folder = tmp_path_factory.mktemp("ours")
    for student, notebook in submissions.items():
        write(folder / "in" / student / EXERCISE / f"{EXERCISE}.ipynb", notebook)
    key = write(folder / "key.ipynb", read_exercise(SOURCE)[0])
    command = ["grade", EXERCISE, str(folder / "in"), "--key", str(key)]
    assert main([*command, "--store", str(folder / "grades.sqlite")]) == 0
    return folder / "grades.sqlite"


def our_points(path):
    with Store(path) as store:
        return {
            (record.student, mark.question): mark.points
            for record in store.records(EXERCISE)
            for mark in record.marks
            if mark.points is not None
        }


def test_nbgrader_autogrades_to_the_same_marks(tmp_path, submissions, ours):
    assert main(["release", "04", "--root", str(ROOT), "--nbgrader", str(tmp_path)]) == 0
    nbgrader(tmp_path, "generate_assignment", EXERCISE, "--CourseDirectory.course_id=ad")
    released = tmp_path / "release" / EXERCISE / f"{EXERCISE}.ipynb"
    text = released.read_text(encoding="utf-8")
    assert "HIDDEN" not in text and "SOLUTION" not in text and "▸" not in text
    for student, notebook in submissions.items():
        write(tmp_path / "submitted" / student / EXERCISE / f"{EXERCISE}.ipynb", notebook)
    nbgrader(tmp_path, "autograde", EXERCISE, "--CourseDirectory.course_id=ad")
    theirs, points = scores(tmp_path / "gradebook.db"), our_points(ours)
    assert theirs == points
    total = {name: sum(p for (who, _), p in points.items() if who == name) for name in submissions}
    assert total["key"] == total["right"] > 0
    assert total["blank"] == 0
    assert total["wrong"] < total["key"]


def test_nbgrader_validates_the_key_and_not_the_blank(tmp_path, submissions):
    said = {}
    for name in ("key", "blank"):
        path = write(tmp_path / f"{name}.ipynb", submissions[name])
        said[name] = nbgrader(tmp_path, "validate", str(path))
    assert "Success! Your notebook passes all the tests." in said["key"]
    checks = sum(map(is_check, submissions["blank"].cells))
    assert f"VALIDATION FAILED ON {checks} CELL(S)!" in said["blank"]


def test_nbgrader_exports_the_gradebook_that_we_write(tmp_path, ours):
    store = ["--store", str(tmp_path / "grades.sqlite")]
    shutil.copy(ours, tmp_path / "grades.sqlite")
    (tmp_path / "p.csv").write_text(
        "student,question,points,comment\nkey,04.catch,1,Well said.\n", encoding="utf-8"
    )
    assert main(["mark", str(tmp_path / "p.csv"), *store]) == 0
    book = tmp_path / "gradebook.db"
    for _ in range(2):  # the second time over the first
        assert main(["export", "--format", "nbgrader", "--out", str(book), *store]) == 0
    assert scores(book) == our_points(ours)
    nbgrader(tmp_path, "export", "--CourseDirectory.course_id=ad")
    lines = (tmp_path / "grades.csv").read_text(encoding="utf-8").splitlines()
    rows = [dict(zip(lines[0].split(","), line.split(","), strict=True)) for line in lines[1:]]
    with Store(tmp_path / "grades.sqlite") as read:
        wanted = {one.student: one.points for one in read.records(EXERCISE)}
        most = next(read.records(EXERCISE)).max_points
    assert {row["student_id"]: float(row["score"]) for row in rows} == wanted
    assert {float(row["max_score"]) for row in rows} == {most}


def test_a_file_that_is_no_gradebook_is_one_sentence(tmp_path, store_path, capsys):
    (tmp_path / "b.db").write_text("not a database", encoding="utf-8")
    command = ["export", "--format", "nbgrader", "--store", str(store_path)]
    assert main([*command, "--out", str(tmp_path / "b.db")]) == 1
    assert "cannot be used as nbgrader's gradebook" in capsys.readouterr().err
