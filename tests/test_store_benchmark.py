"""The benchmark of the store does what it says, on a few submissions. No times here."""

import csv
import json

import pytest

from benchmarks import store


def test_every_step_has_its_effect(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for name in ("fill", "grade nothing new", "summary", "feedback", "csv", "gradescope"):
        store.step(name, tmp_path, 3)
    assert len(list((tmp_path / "pages").iterdir())) == 3
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.reader(file))) == 1 + 3 * len(store.QUESTIONS)
    assert (tmp_path / "p.svg").stat().st_size > 1000
    results = list((tmp_path / "out.gradescope").glob("*/results.json"))
    assert len(results) == 3 and "score" in json.loads(results[0].read_text(encoding="utf-8"))
    with pytest.raises(AssertionError):
        store.step("grade nothing new", tmp_path, 4)
