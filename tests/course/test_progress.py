"""Progress over a notebook at a glance."""

from html.parser import HTMLParser

import pytest

from adcourse.course import CheckFailed, check, progress
from adcourse.course import progress as module_level  # the function; its module is below
from adcourse.course.progress import Board

POINTS = {"04.tape": 3, "04.law": 2, "04.bill": 0.5}


def test_a_board_counts_points_of_checks_that_passed():
    board = Board(POINTS)
    assert repr(board) == "···  0 of 5.5 points"
    board.record("04.tape", True)
    board.record("04.law", False)
    assert repr(board) == "✔✘·  3 of 5.5 points"
    board.record("04.law", True)
    assert repr(board) == "✔✔·  5 of 5.5 points"
    board.record("04.tape", False)
    assert repr(board) == "✘✔·  2 of 5.5 points"


def test_a_check_of_another_notebook_is_not_counted():
    board = Board(POINTS)
    board.record("03.dual", True)
    assert repr(board) == "···  0 of 5.5 points"


def test_checks_fill_the_board(capsys, monkeypatch):
    import sys

    assert module_level is progress
    progress(POINTS)
    assert capsys.readouterr().out == "···  0 of 5.5 points\n"
    board = sys.modules["adcourse.course.progress"]._board
    check("04.tape", True)
    with pytest.raises(CheckFailed):
        check("04.law", False)
    with pytest.raises(CheckFailed), check("04.bill"):
        raise ValueError
    assert repr(board) == "✔✘✘  3 of 5.5 points"
    progress({})


def test_the_picture_says_the_same_in_words_and_escapes_names():
    board = Board({"04.<b>": 1})
    board.record("04.<b>", True)
    html = board._repr_html_()
    texts, tags = [], []
    parser = HTMLParser()
    parser.handle_data = texts.append
    parser.handle_starttag = lambda tag, attrs: tags.append((tag, dict(attrs)))
    parser.feed(html)
    assert "✔ 04.<b>" in "".join(texts) and "1 of 1 points" in "".join(texts)
    assert [tag for tag, _ in tags] == ["div", "span", "br"]
    assert tags[0][1]["aria-label"] == "✔  1 of 1 points"


def test_in_a_notebook_the_board_changes_where_it_stands():
    from nbclient import NotebookClient
    from nbformat.v4 import new_code_cell, new_notebook

    sources = [
        "from adcourse.course import check, progress\nprogress({'04.a': 1, '04.b': 2})",
        "check('04.a', True)",
    ]
    notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
    NotebookClient(notebook, kernel_name="python3").execute()
    (board,), (said,) = (cell.outputs for cell in notebook.cells)
    assert board.data["text/plain"] == "✔·  1 of 3 points"
    assert said.text == "✔ 04.a\n"
