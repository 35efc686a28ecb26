"""Submissions on a real cluster of two processes on this machine, one of which is killed."""

import csv
import os
import signal

import pytest

from adcourse.__main__ import main
from adcourse.course import CourseError
from adcourse.course.grading.running.cluster import Cluster
from adcourse.course.grading.running.jobs import Step
from adcourse.course.grading.running.workers import Workers

distributed = pytest.importorskip("distributed")
pytestmark = pytest.mark.filterwarnings("default")  # Dask's own, at its start and end


def job(number):
    steps = [
        Step("from adcourse.course import show", "student"),
        Step(f"import time; time.sleep(0.2); x = {number} ** 2", "student", "q-answer"),
        Step("show(x)", "hidden", "q"),
    ]
    return f"student {number}", steps


@pytest.fixture(scope="module")
def cluster():
    local = distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    )
    with local:
        yield local


def facts(outcome):
    """What a mark rests on."""
    return [(c["role"], c["grade_id"], c["error"], c["shown"]) for c in outcome.cells]


def test_a_lost_worker_costs_nothing_and_results_are_those_of_this_machine(cluster):
    jobs = [job(number) for number in range(12)]
    with Workers(1) as workers:
        here = {name: facts(outcome) for name, outcome in workers.run(jobs[:3])}
    pids = [worker.pid for worker in cluster.workers.values()]
    found = []
    with Cluster(cluster.scheduler_address) as workers:
        for name, outcome in workers.run(jobs):
            found.append(name)
            assert outcome.trouble == "" and outcome.protection
            assert outcome.cells[-1]["shown"] == [f"▸ {int(name.split()[1]) ** 2}"]
            if name in here:
                assert facts(outcome) == here[name]
            if len(found) == 3:
                os.kill(pids[0], signal.SIGKILL)
    assert sorted(found) == sorted(name for name, _ in jobs)


def test_a_hostile_submission_does_not_end_its_worker(cluster):
    fatal = [Step("import os, signal; os.kill(os.getppid(), 9); os._exit(1)", "student")]
    with Cluster(cluster.scheduler_address) as workers:
        outcomes = dict(workers.run([("bad", fatal), job(3), job(4)]))
    assert [outcomes[f"student {n}"].cells[-1]["shown"] for n in (3, 4)] == [["▸ 9"], ["▸ 16"]]


def test_an_address_without_a_scheduler_is_one_sentence(monkeypatch):
    monkeypatch.setattr("adcourse.course.grading.running.cluster.PATIENCE", 1)
    with pytest.raises(CourseError, match="No Dask scheduler answers at tcp://127.0.0.1:9"):
        with Cluster("tcp://127.0.0.1:9"):
            pass


def test_the_command_gives_the_same_marks_on_a_cluster(cluster, hand_in, key_path, tmp_path):
    answers = {
        "right": {"slope": "slope = lambda x: 2 * x + 3", "gradient": "gradient = lambda w: 2 * w"},
        "half": {"slope": "slope = {0.0: 3.0, 1.0: 5.0}.get"},
        "blank": {},
    }
    for student, own in answers.items():
        hand_in(tmp_path / "in" / f"{student}.ipynb", **own)
    tables = {}
    for where, more in (("here", []), ("there", ["--scheduler", cluster.scheduler_address])):
        store, table = tmp_path / f"{where}.sqlite", tmp_path / f"{where}.csv"
        command = ["grade", "07_sample", str(tmp_path / "in"), "--key", str(key_path)]
        assert main([*command, "--store", str(store), *more]) == 0
        assert main(["export", "--store", str(store), "--out", str(table), "--partial"]) == 0
        with table.open(encoding="utf-8", newline="") as file:
            tables[where] = [
                (row["student"], row["question"], row["points"], row["reason"])
                for row in csv.DictReader(file)
            ]
    assert tables["there"] == tables["here"]
    assert {points for _, question, points, _ in tables["here"] if question == "07.slope"} == {
        "0",
        "2",
    }
