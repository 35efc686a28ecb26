"""What an instructor sees when a student asks about a mark."""

import pytest

from adcourse.__main__ import main
from adcourse.course.grading.store import Store

from .conftest import put


def shown(store_path, capsys, *options):
    code = main(["evidence", "--store", str(store_path), *options])
    return code, capsys.readouterr()


def test_a_mark_stands_with_both_results_and_its_protection(store_path, capsys):
    code, said = shown(store_path, capsys, "ann", "--question", "04.law")
    assert code == 0
    assert said.out.splitlines() == [
        "ann, ann.ipynb, late, 2 versions",
        "",
        "04.law: 0 of 2 points, 0.5 s, limits",
        "    The sign: go the other way.",
        "    the key shows         ▸ 2",
        "    the submission shows  ▸ -2",
    ]


def test_all_questions_and_errors_of_cells_are_there(store_path, capsys):
    out = shown(store_path, capsys, "=bob")[1].out
    assert [q in out for q in ("04.tape: 0 of 3", "04.law: 0 of 2")] == [True, True]
    assert "04.catch: – of 1 points" in out
    assert "Code cell 2 of the student: NameError: x" in out


def test_the_instructors_points_stand_in_place_of_the_runs(store_path, capsys):
    with Store(store_path, write=True) as store:
        store.give([("04_reverse_mode", "ann", "04.law", 2.0, "You are right.")])
    out = shown(store_path, capsys, "ann", "--question", "04.law")[1].out
    assert "04.law: 2 of 2 points" in out and "You are right." in out and "▸ -2" in out


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["cy"], "Nothing of a student cy is in"),
        (["ann", "--question", "04.tapes"], "There is no question 04.tapes; there are: 04.tape,"),
    ],
)
def test_who_or_what_is_unknown_is_named(store_path, capsys, options, sentence):
    code, said = shown(store_path, capsys, *options)
    assert code == 1 and sentence in said.err and said.out == ""


def test_nothing_of_a_submission_commands_the_terminal(store_path, capsys):
    with Store(store_path, write=True) as store:
        put(store, "cy", file="\x1b[2J.ipynb", errors=((1, "\x1b]0;x\x07"),))
    assert "\x1b" not in shown(store_path, capsys, "cy")[1].out
