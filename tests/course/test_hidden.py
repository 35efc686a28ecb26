"""A hidden test leaves the names of a notebook as they were."""

import pytest

from adcourse.course.hidden import run_hidden


def test_names_of_the_student_survive_and_functions_see_the_test_while_it_runs():
    names = {}
    exec("A = 1\ndef seen():\n    return A, globals().get('B')", names)
    seen = []
    run_hidden("A = 5\nB = 6\ncollect(seen())", names | {"collect": seen.append})
    assert seen == [(1, None)]  # another dictionary: not the names that the function sees
    names["collect"] = seen.append
    run_hidden("A = 5\nB = 6\ncollect(seen())\ndel collect", names)
    assert seen[-1] == (5, 6)
    assert names["A"] == 1 and "B" not in names and names["seen"]() == (1, None)
    assert "collect" in names


def test_an_error_comes_through_and_names_are_restored_too():
    names = {"A": 1}
    with pytest.raises(ZeroDivisionError):
        run_hidden("A = 2\n1 / 0", names)
    assert names["A"] == 1
