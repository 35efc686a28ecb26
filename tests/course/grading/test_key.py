"""What the key shows does not depend on who was asked before."""

import json
import os

import psutil
import pytest

from adcourse.course.errors import CourseError
from adcourse.course.grading import answers
from adcourse.course.grading.key import Key
from adcourse.course.notebooks import read_notebook
from adcourse.course.sources import grading


@pytest.fixture(scope="module")
def key(key_path):
    with Key(key_path) as opened:
        yield opened


def test_each_seed_has_its_own_answers_and_always_the_same(key):
    one, two = ({name: seed for name in key.checks} for seed in (1, 2))
    first = key.expected(one)
    assert set(first) == set(key.checks)
    assert all(digits == 6 and text.startswith("▸") for text, digits in sum(first.values(), []))
    assert key.expected(two) != first
    assert key.expected(one) == first


def test_copies_answer_as_the_whole_key_run_again_does(key):
    seeds = {name: 5 + k for k, name in enumerate(key.checks)}
    whole = in_a_process(answers._run_all, key._orders(0), key._tests(seeds))["shown"]
    shown = key.expected(seeds)
    assert {name: [list(pair) for pair in shown[name]] for name in shown} == whole


def in_a_process(function, *arguments):
    """What a function returns in a copy of this process, whose state it may change."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.write(write, json.dumps(function(*arguments)).encode())
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read) as pipe:
        text = pipe.read()
    os.waitpid(pid, 0)
    return json.loads(text)


def changed(key_path, name, old, new):
    notebook = read_notebook(key_path)
    cell = next(c for c in notebook.cells if grading(c).get("grade_id") == name)
    assert old in cell.source
    cell.source = cell.source.replace(old, new)
    return notebook


def test_a_hidden_test_that_changes_things_changes_them_for_nobody_else(key_path):
    old = "### BEGIN HIDDEN TESTS\n"
    count = old + "slope.runs = getattr(slope, 'runs', 0) + 1\nshow([0.5, slope.runs])\n"
    notebook = changed(key_path, "07-slope", old, count)
    with Key(key_path, notebook) as key:
        for seed in (1, 2):
            shown = key.expected(dict.fromkeys(key.checks, seed))
            assert shown["07-slope"][0] == ("▸ shape (2,): 0.5, 1", 6)


def test_a_key_that_fails_says_where(key_path):
    broken = changed(key_path, "07-slope-answer", "def slope", "1 / 0\ndef slope")
    with Key(key_path, broken) as key, pytest.raises(CourseError, match="ZeroDivisionError: div"):
        key.expected(dict.fromkeys(key.checks, 1))


def test_nothing_of_a_key_is_left_when_it_is_closed(key_path):
    with Key(key_path) as key:
        key.expected(dict.fromkeys(key.checks, 1))
        process = psutil.Process(key._process.pid)
        copies = process.children()
        assert len(copies) == len(key.checks)
        held = sum(p.memory_full_info().pss for p in [process, *copies])
        assert held < 400e6
    _, left = psutil.wait_procs(copies, timeout=5)
    assert not left and not process.is_running()
