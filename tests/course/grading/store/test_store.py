"""What is stored stays, in one piece, for one writer at a time."""

import os
import sqlite3
import stat
import threading

import pytest

from adcourse.course.errors import CourseError
from adcourse.course.grading.store import Store

from ..conftest import QUESTIONS, SETUP, put, records


def test_a_record_comes_back_as_it_was_put_in(store_path):
    ann = records(store_path)["ann"]
    assert (ann.platform_id, ann.late, ann.note, ann.file) == (
        "101",
        True,
        "2 versions",
        "ann.ipynb",
    )
    tape, law, catch = ann.marks
    assert (tape.points, tape.expected, tape.got, tape.protection) == (
        3,
        "▸ 1",
        "▸ 1",
        "limits only",
    )
    assert (law.reason, law.seconds) == ("The sign: go the other way.", 0.5)
    assert catch.points is None
    assert (ann.points, ann.max_points, ann.waiting) == (3, 6, 1)
    assert records(store_path)["=bob"].errors == ((2, "NameError: x"),)


def test_the_seed_is_a_secret_of_the_store_and_each_students_own(store_path, tmp_path):
    with Store(store_path) as store, Store(tmp_path / "other", write=True) as other:
        seeds = {store.seed(who, q) for who in ("ann", "bob") for q in ("04-tape", "04-law")}
        assert len(seeds) == 4
        assert store.seed("ann", "04-tape") in seeds
        assert other.seed("ann", "04-tape") not in seeds
        assert store.personal("ann", "04") != store.personal("bob", "04")
        assert 1 <= store.personal("ann", "04") < 1_000_000


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_only_the_owner_can_read_it(store_path):
    with Store(store_path, write=True) as store:
        put(store, "cy")
        for path in store_path.parent.glob("grades.sqlite*"):
            mode = stat.S_IMODE(path.stat().st_mode)
            assert not mode & 0o077 or ".lock" in path.name, path
    os.chmod(store_path, 0o644)
    with Store(store_path):
        assert stat.S_IMODE(store_path.stat().st_mode) == 0o600


def test_two_writers_are_one_too_many(store_path):
    with Store(store_path, write=True) as store:
        with pytest.raises(CourseError, match="Another run is writing to .*--wait"):
            with Store(store_path, write=True):
                pass
        put(store, "cy")
        with Store(store_path) as reader:  # readers are welcome
            assert len(list(reader.records("04_reverse_mode"))) == 3
    with Store(store_path, write=True):
        pass


def test_the_second_writer_may_wait(store_path):
    order = []

    def second():
        with Store(store_path, write=True, wait=True) as store:
            order.append("second")
            put(store, "dan")

    with Store(store_path, write=True):
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(0.5)
        assert thread.is_alive()
        order.append("first")
    thread.join(10)
    assert order == ["first", "second"]
    assert "dan" in records(store_path)


def text_file(path):
    path.write_text("my notes", encoding="utf-8")


def foreign_database(path):
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE mine (x)")
    connection.close()


def newer_store(path):
    with Store(path, write=True):
        pass
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (text_file, "is not a store of adcourse"),
        (foreign_database, "is a database of another program"),
        (newer_store, "was written by a newer adcourse"),
    ],
)
@pytest.mark.parametrize("write", [True, False])
def test_what_is_no_store_is_left_alone(tmp_path, make, sentence, write):
    path = tmp_path / "grades.sqlite"
    make(path)
    before = path.read_bytes()
    with pytest.raises(CourseError, match=sentence):
        with Store(path, write=write):
            pass
    assert path.read_bytes() == before


@pytest.mark.parametrize("empty", [True, False])
def test_there_must_be_something_to_read(tmp_path, empty):
    if empty:
        (tmp_path / "none").touch()
    with pytest.raises(CourseError, match="is empty" if empty else "does not exist"):
        with Store(tmp_path / "none"):
            pass
    assert (tmp_path / "none").exists() == empty


def test_a_store_that_lost_its_maker_before_the_first_table_is_made_again(tmp_path):
    (tmp_path / "g").touch()
    with Store(tmp_path / "g", write=True) as store:
        assert store.exercises() == []


def test_marks_of_some_questions_leave_the_others(store_path):
    with Store(store_path, write=True) as store:
        put(store, "ann", 1.0, "changed", "new", only={"04.law"})
        put(store, "eve", 1.0, "first", "new", only={"04.law"})
        assert store.done("04_reverse_mode", ["04.law"])["ann"] == "new"
        assert store.done("04_reverse_mode", ["04.tape"])["ann"] == "b"
        assert "ann" not in store.done("04_reverse_mode", ["04.tape", "04.law"])
    assert records(store_path)["ann"].marks[0].reason == "right"
    assert [mark.points for mark in records(store_path)["eve"].marks] == [1, 0, None]


def test_points_of_the_instructor_survive_every_run(store_path):
    with Store(store_path, write=True) as store:
        store.give([("04_reverse_mode", "ann", "04.catch", 0.5, "half")])
        store.give([("04_reverse_mode", "ann", "04.tape", 2.0, "")])
        put(store, "ann", 0.0, "worse", "later")
    ann = records(store_path)["ann"]
    assert [mark.points for mark in ann.marks] == [2.0, 0.0, 0.5]
    assert [mark.reason for mark in ann.marks][::2] == ["marked by the instructor", "half"]
    assert ann.given == {"04.tape", "04.catch"} and ann.waiting == 0


def test_marks_that_expire_stay_readable_and_expire_once(store_path):
    name = "04_reverse_mode"
    with Store(store_path, write=True) as store:
        store.expire(name, questions=["04.tape"])
        assert store.done(name, ["04.tape"]) == {}
        assert store.done(name, ["04.law"]).keys() == {"ann", "=bob"}
        put(store, "ann", only={"04.tape"})
        store.expire(name, questions=["04.tape"])  # the same wish, after the run was stopped
        assert store.done(name, ["04.tape"]).keys() == {"ann"}
        store.finish(name)
        store.expire(name, questions=["04.tape"])
        assert store.done(name, ["04.tape"]) == {}
        store.expire(name, students=["ann"])
        assert store.done(name, ["04.law"]).keys() == {"=bob"}
    assert records(store_path)["ann"].marks[0].points == 3
    assert records(store_path)["ann"].stale == set(QUESTIONS)


def test_an_unknown_exercise_is_named(store_path):
    with Store(store_path) as store:
        with pytest.raises(CourseError, match="no marks of 05; it holds: 04_reverse_mode"):
            store.setup("05")
        assert store.setup("04_reverse_mode") == SETUP
        assert store.questions("04_reverse_mode") == QUESTIONS
        assert list(store.questions("04_reverse_mode")) == list(QUESTIONS)
