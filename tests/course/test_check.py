"""The visible check: a tick when right, one helpful line when not."""

import linecache

import numpy as np
import pytest
import sympy

from adcourse.course import CheckFailed, check


def notebook(*cells):
    """Run cells the way Jupyter does: one namespace, a file name and stored lines for each."""
    space = {"__name__": "__main__", "check": check, "np": np}
    for number, source in enumerate(cells):
        name = f"<cell {number}>"
        linecache.cache[name] = len(source), None, source.splitlines(True), name
        exec(compile(source, name, "exec"), space)


def hint(*cells):
    with pytest.raises(CheckFailed) as caught:
        notebook(*cells)
    return str(caught.value)


def test_a_right_answer_prints_a_tick(capsys):
    notebook('with check("04.a") as c:\n    c.that(np.array([True, True]), "no")')
    notebook('check("04.b", lambda: 1 + 1 == 2, "no")')
    assert capsys.readouterr().out == "✔ 04.a\n✔ 04.b\n"


@pytest.mark.parametrize(
    "condition", ["False", "np.array([True, False])", "lambda: 2 < 1", "0", "np.False_"]
)
def test_a_wrong_answer_shows_its_hint(condition, capsys):
    assert hint(f'check("04.a", {condition}, "Look at the sign.")') == "✘ 04.a: Look at the sign."
    assert capsys.readouterr().out == ""


def test_the_first_condition_that_fails_speaks():
    block = 'with check("04.a") as c:\n    c.that(True, "one")\n    c.that(False, "two")\n'
    assert hint(block + '    c.that(False, "three")') == "✘ 04.a: two"


@pytest.mark.parametrize("condition", ["...", "None", "lambda: None", "None + 1 == 2", "f() < 1"])
def test_a_blank_is_told_so(condition):
    cells = "def f():\n    ...", f'with check("04.a") as c:\n    c.that({condition}, "no")'
    assert "nothing is written yet" in hint(*cells)


def test_an_error_names_function_error_and_line():
    answer = "def slope(x):\n    y = 1 / x\n    return y"
    expected = "✘ 04.a: slope raised ZeroDivisionError: division by zero, at your line `y = 1 / x`"
    assert hint(answer, 'check("04.a", lambda: slope(0) == 1, "no")') == expected
    assert hint(answer, 'with check("04.a") as c:\n    c.that(slope(0) == 1, "no")') == expected


def test_an_error_inside_a_library_names_the_line_that_called_it():
    answer = "def f(A):\n    return np.linalg.inv(A)"
    text = hint(answer, 'check("04.a", lambda: f(np.zeros((2, 2))), "no")')
    assert "f raised LinAlgError" in text and "`return np.linalg.inv(A)`" in text


@pytest.mark.parametrize("call", ['check("04.a", lambda: g == 1, "no")', "with"])
def test_a_missing_name_says_where_to_write_it(call):
    call = 'with check("04.a") as c:\n    c.that(g == 1, "no")' if call == "with" else call
    assert "g is not defined yet" in hint(call)


def test_a_condition_without_a_truth_value_is_a_hint():
    x = sympy.Symbol("x")
    with pytest.raises(CheckFailed, match="TypeError: cannot determine truth value"):
        check("04.a", x > 1, "no")


def test_an_interrupt_is_no_hint():
    with pytest.raises(KeyboardInterrupt), check("04.a"):
        raise KeyboardInterrupt


def test_jupyter_shows_one_line():
    assert CheckFailed("04.a", "Look.")._render_traceback_() == ["✘ 04.a: Look."]
