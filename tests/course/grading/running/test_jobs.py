"""What a foreign process may say, and what it may not."""

import json

import pytest

from adcourse.course.grading.running.jobs import SHOWN_LIMIT, TEXT_LIMIT, Step, event, read_event

STEP = Step("1", "hidden", "07-slope")
GARBAGE = [
    b"",
    b"{",
    b"\xff\xfe",
    b"null",
    b"[1, 2]",
    b"1" * 5000,
    b"[" * 100_000,
    b'{"error": null}',
    b'{"shown": []}',
    b'{"error": "text", "shown": []}',
    b'{"error": ["a"], "shown": []}',
    b'{"error": ["a", 1], "shown": []}',
    b'{"error": null, "shown": "text"}',
    b'{"error": null, "shown": [1]}',
    b'{"error": null, "shown": [null]}',
]


@pytest.mark.parametrize("line", GARBAGE, ids=range(len(GARBAGE)))
def test_garbage_is_no_event(line):
    with pytest.raises(ValueError):
        read_event(line, STEP, 0.0)


def test_the_grader_says_which_step_it_was_and_how_long_it_took():
    forged = event(Step("1", "visible", "07-other"), None, ["▸ 1"], -5.0) | {"kind": "start"}
    read = read_event(json.dumps(forged), STEP, 2.0)
    assert read == event(STEP, None, ["▸ 1"], 2.0)


def test_texts_are_cut():
    long = read_event(json.dumps({"error": ["E" * 9999, "m"], "shown": []}), STEP, 0.0)
    assert [len(part) for part in long["error"]] == [TEXT_LIMIT, 1]
    full = {"error": None, "shown": ["x" * SHOWN_LIMIT, "y"]}
    assert read_event(json.dumps(full), STEP, 0.0)["error"] == ["", "it shows too much"]
    empty = {"error": None, "shown": [""] * (SHOWN_LIMIT + 1)}
    assert read_event(json.dumps(empty), STEP, 0.0)["error"] == ["", "it shows too much"]


def test_texts_can_be_written_to_a_file():
    half = read_event(b'{"error": ["\\ud800", "\\udfff!"], "shown": ["\\ud83d"]}', STEP, 0.0)
    assert (half["error"], half["shown"]) == (["?", "?!"], ["?"])


def test_a_syntax_error_names_the_line_and_no_file():
    for place in ("<ipython-input-1-5f39e8a17d0d>", "2378427.py"):
        said = event(STEP, ("SyntaxError", f"invalid syntax ({place}, line 3)"))
        assert said["error"] == ["SyntaxError", "invalid syntax, line 3"]
