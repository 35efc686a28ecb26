"""Every attack gets what it must, touches nothing else, and costs no neighbour anything."""

import re
import sqlite3

import pytest

from .corpus import ATTACKS, CORPUS
from .entry import ALL, QUESTIONS
from .honest import HONESTLY


def test_the_corpus_is_large_and_its_names_differ():
    assert len(ATTACKS) >= 60 and len(HONESTLY) >= 12
    assert len({entry.slug for entry in CORPUS}) == len(CORPUS)
    assert all(entry.tries.endswith(".") for entry in CORPUS)


def marks_of(fight, student):
    return [fight.marks[student, question] for question in QUESTIONS]


@pytest.mark.parametrize("entry", CORPUS, ids=lambda entry: entry.slug)
def test_it_gets_what_it_must_and_reaches_nothing_else(fight, entry):
    marks = marks_of(fight, fight.arena.students[entry.slug])
    alone = fight.path != "limits"
    points = entry.points if alone or entry.limits is None else entry.limits
    said = [(mark.points, mark.reason) for mark in marks]
    assert tuple(mark.points for mark in marks) == points, said
    reached = entry.even_isolated if alone else entry.even_isolated | (entry.wins - {"marks"})
    assert fight.arena.reached(entry, marks) == reached, said
    if points == entry.points:
        assert all(part in mark.reason for part, mark in zip(entry.reasons, marks, strict=True)), (
            said
        )


def test_every_neighbour_keeps_every_point(fight):
    for student in fight.arena.neighbours():
        marks = marks_of(fight, student)
        assert tuple(mark.points for mark in marks) == ALL, (student, marks)
        assert {mark.reason for mark in marks} == {"right"}


def test_no_process_is_left(fight):
    assert fight.left == []


def test_every_file_has_its_rows_whatever_its_name(fight):
    handed_in = len(list(fight.arena.submissions.iterdir()))
    assert len(fight.marks) == handed_in * len(QUESTIONS)
    assert all(student.isprintable() for student, _ in fight.marks)


def test_the_store_is_whole_and_a_second_run_has_nothing_to_do(fight):
    assert fight.again.returncode == 0, fight.again.stderr.decode()[-2000:]
    assert fight.arena.marks() == fight.marks
    with sqlite3.connect(fight.arena.store) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()


def test_nobody_sees_a_traceback_and_each_mark_says_its_protection(fight):
    assert b"Traceback" not in fight.done.stderr
    ran = {mark.protection for mark in fight.marks.values()} - {""}
    assert len(ran) == 1
    assert ("limits" in ran.pop()) == (fight.path == "limits")


def test_what_a_student_reads_holds_neither_key_nor_hidden_test(fight):
    assert len(fight.pages) == len(fight.marks) // len(QUESTIONS)
    spies = [fight.arena.students[entry.slug] for entry in CORPUS if entry.even_isolated]
    for name, page in fight.pages.items():
        assert "heron" not in page or fight.path == "limits", name
        assert "<script" not in page and "\x1b" not in page and "\0" not in page
        if not any(name.startswith(spy) for spy in spies):
            assert not re.search(r"_stork|SEED|submission_rng", page), name
