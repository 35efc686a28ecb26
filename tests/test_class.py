"""A small class of every kind of submission gets the marks that it must."""

import sys

import pytest

from benchmarks import class_of_300

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the attacks are those of Linux")


def test_a_small_class_gets_every_mark_as_expected(capsys):
    assert class_of_300.main(["--size", "15", "--", "--timeout", "5"]) == 0
    assert "150 of 150 marks as expected" in capsys.readouterr().out


def test_a_mark_that_is_not_as_expected_is_named(monkeypatch, capsys):
    row = {"points": "1", "max_points": "2", "reason": "right"}
    names = [f"04.{name}" for name in "adjoints slip fanout tape product law bill".split()]
    names += ["04.length", "04.quartic", "04.learn"]
    rows = {(f"student{number:03}", name): row for number in range(3) for name in names}
    monkeypatch.setattr(class_of_300, "graded", lambda *_: (rows, 0.0))
    assert class_of_300.main(["--size", "3"]) == 1
    out = capsys.readouterr().out
    assert "0 of 30 marks as expected" in out and "04.tape: 1 points, right" in out
