"""A run that is killed at any moment: nothing lost, nothing twice, nothing half-written."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from adcourse.__main__ import main
from adcourse.course.grading.store import Store

ROUNDS = int(os.environ.get("ADCOURSE_KILLS", "15"))
COUNT = 60
# A process that has imported everything, and forks a run of the grader for each line it reads.
SERVER = """
import os, resource, sys, time
import matplotlib.figure
from tests.course.grading import conftest
from adcourse.course.grading import grade
from adcourse.__main__ import main

command, log, *limit = sys.argv[1:]

class Workers(conftest.QuickWorkers):
    def run(self, jobs):
        for name, steps in jobs:
            with open(log, "a") as file:
                print(name, file=file)
            time.sleep(0.002)
            yield name, conftest.outcome_of(steps)

grade.Key, grade.Workers = conftest.UnstartedKey, Workers
for line in sys.stdin:
    pid = os.fork()
    if pid == 0:
        for size in map(int, limit):
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        os.dup2(2, 1)
        code = main(command.split("|"))
        sys.stderr.flush()
        os._exit(code)
    print(pid, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
"""
ROOT = Path(__file__).resolve().parents[4]

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals and limits of POSIX")


class Runs:
    """Runs of the grader over a class; `start` begins one, `end` gives its exit code."""

    def __init__(self, command, log, *limit):
        arguments = [sys.executable, "-c", SERVER, command, str(log), *map(str, limit)]
        self.errors = log.with_suffix(".err")
        with self.errors.open("w") as errors:
            self.server = subprocess.Popen(
                arguments,
                env=os.environ | {"PYTHONPATH": str(ROOT)},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.communicate()

    def start(self):
        self.server.stdin.write("go\n")
        self.server.stdin.flush()
        return int(self.server.stdout.readline())

    def end(self):
        return int(self.server.stdout.readline())


@pytest.fixture
def a_class(tmp_path, hand_in, key_path):
    """The arguments of a run over COUNT submissions, the log of what was run, the store."""
    for number in range(COUNT):
        hand_in(tmp_path / "in" / f"s{number:02d}.ipynb", slope=f"# {number}")
    command = ["grade", "07_sample", tmp_path / "in", "--key", key_path]
    command += ["--store", tmp_path / "g.sqlite", "--picture", tmp_path / "p.png"]
    return "|".join(map(str, command)), tmp_path / "log", tmp_path / "g.sqlite"


def in_store(path):
    """Student → number of marks, straight from the file."""
    connection = sqlite3.connect(path)
    try:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        if not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            return {}
        rows = connection.execute("SELECT student, count(*) FROM marks GROUP BY student")
        marks = dict(rows.fetchall())
        submissions = connection.execute("SELECT student FROM submissions").fetchall()
        assert {name for (name,) in submissions} == set(marks)
        return marks
    finally:
        connection.close()


def test_killed_at_any_moment_a_run_goes_on_where_it_was(a_class):
    command, log, path = a_class
    rng, kept, kills = random.Random(5), set(), 0
    with Runs(command, log) as runs:
        for _ in range(ROUNDS):
            pid = runs.start()
            time.sleep(rng.uniform(0, 0.3))
            with suppress(ProcessLookupError):  # it may have come to its end
                os.kill(pid, signal.SIGKILL)
            kills += runs.end() == -signal.SIGKILL
            if path.exists():
                now = in_store(path)
                assert set(now.values()) <= {4}  # the questions of the exercise, all or none
                assert kept <= set(now)
                kept = set(now)
        assert kills > 0
        runs.start()
        assert runs.end() == 0
        assert in_store(path) == {f"s{number:02d}": 4 for number in range(COUNT)}
        # Each ran once, but for those that ran when a kill came.
        assert COUNT <= len(log.read_text(encoding="utf-8").split()) <= COUNT + kills
        runs.start()
        assert runs.end() == 0
        assert len(log.read_text(encoding="utf-8").split()) <= COUNT + kills


def test_a_second_run_on_the_store_refuses_in_one_sentence(a_class, capsys):
    command, _, path = a_class
    with Store(path, write=True):
        assert main(command.split("|")) == 1
    error = capsys.readouterr().err
    assert error.startswith("adcourse: Another run is writing to") and error.count("\n") == 1


def test_a_disk_that_fills_up_is_one_sentence_and_keeps_the_marks(a_class):
    command, log, path = a_class
    with Runs(command, log, 90_000) as runs:
        runs.start()
        assert runs.end() == 1
    errors = runs.errors.read_text(encoding="utf-8")
    last = errors.splitlines()[-1]
    assert last.startswith("adcourse: ") and "free some space" in last and "Traceback" not in errors
    marks = in_store(path)
    assert 0 < len(marks) < COUNT and set(marks.values()) == {4}
    with Runs(command, log) as runs:
        runs.start()
        assert runs.end() == 0
    assert len(in_store(path)) == COUNT
