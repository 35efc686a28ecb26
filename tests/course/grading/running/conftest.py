"""The two ways to run submissions, started once for all tests."""

import pytest

from adcourse.course.grading.running.jobs import Step
from adcourse.course.grading.running.workers import Workers

TIMEOUT = 3  # seconds per cell


@pytest.fixture(scope="session")
def warm():
    """Workers that copy a warm process, in the best sandbox of this machine."""
    with Workers(1, "auto", plain=False, timeout=TIMEOUT) as workers:
        yield workers


@pytest.fixture(scope="session")
def plain():
    """Workers that start a kernel for each run, in the best sandbox of this machine."""
    with Workers(1, "auto", plain=True, timeout=TIMEOUT) as workers:
        yield workers


@pytest.fixture(scope="session")
def unprotected():
    """Workers that copy a warm process under limits only."""
    with Workers(1, "off", plain=False, timeout=TIMEOUT) as workers:
        yield workers


@pytest.fixture(params=["warm", "plain"])
def either(request):
    return request.getfixturevalue(request.param)


def outcome_of(workers, *sources):
    """The Outcome of cells given by their sources."""
    steps = [Step(source, "student", f"cell-{k}") for k, source in enumerate(sources)]
    ((name, outcome),) = workers.run([("one", steps)])
    assert name == "one"
    return outcome


def shown_by(workers, source):
    """The text that the last `show` of a cell sent; the cell must not fail."""
    outcome = outcome_of(workers, f"from adcourse.course import show\n{source}")
    assert outcome.trouble == "" and outcome.cells[0]["error"] is None, outcome
    return outcome.cells[0]["shown"][-1]
