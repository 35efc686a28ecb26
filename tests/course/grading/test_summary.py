"""A class at a glance."""

from xml.etree import ElementTree

import pytest
from PIL import Image

from adcourse.__main__ import main
from adcourse.course.grading.store import Store
from adcourse.course.grading.summary import summarize, text_of

from .conftest import QUESTIONS, SETUP, put


@pytest.fixture
def a_class(tmp_path):
    path = tmp_path / "g.sqlite"
    with Store(path, write=True) as store:
        store.begin("04_reverse_mode", "k", QUESTIONS, SETUP)
        for number in range(10):
            hint = "Adjoints add." if number < 3 else f"Hint {number}."
            right = number >= 4
            put(store, f"s{number}", 3.0 if right else 0.0, "right" if right else hint)
        store.give([("04_reverse_mode", "s0", "04.catch", 0.5, "")])
        store.expire("04_reverse_mode", students=["s1"])
    return path


def test_the_table_counts(a_class):
    with Store(a_class) as store:
        summary = summarize(store, "04_reverse_mode")
    tape, law, catch = summary.questions
    assert (tape.right, tape.wrong, tape.waiting, tape.points) == (6, 4, 0, 18)
    assert (law.right, law.wrong) == (0, 10)
    assert (catch.partly, catch.waiting) == (1, 9)
    assert sorted(summary.totals) == [0, 0, 0, 0.5, *[3] * 6]
    text = text_of(summary)
    assert "04.tape         3    1.80     60%" in text
    assert "04.tape: 4 of 10; 3 × Adjoints add." in text
    assert text.index("04.law: 10 of 10") < text.index("04.tape: 4 of 10")
    assert "Protection of 10 of 10 submissions: limits only" in text
    assert "To be graded again by the next run: 1" in text


@pytest.mark.parametrize("name", ["p.svg", "p.png"])
def test_the_picture_is_one(a_class, tmp_path, name, capsys):
    path = tmp_path / "new" / name
    assert main(["summary", "--store", str(a_class), "--picture", str(path)]) == 0
    if name.endswith("svg"):
        assert ElementTree.parse(path).getroot().tag.endswith("svg")
    else:
        with Image.open(path) as picture:
            assert picture.size[0] > 500


def test_a_class_without_submissions(tmp_path, capsys):
    with Store(tmp_path / "g", write=True) as store:
        store.begin("04_reverse_mode", "k", QUESTIONS, SETUP)
    assert main(["summary", "--store", str(tmp_path / "g")]) == 0
    assert "no submissions" in capsys.readouterr().out
