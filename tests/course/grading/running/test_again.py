"""What happens to the rest of a run when a cell is fatal."""

import pytest

from adcourse.course.grading.running.again import ATTEMPTS, Lost, run_again
from adcourse.course.grading.running.jobs import Outcome, Step, event


def steps(text):
    return [Step(letter, "student", f"{letter}{k}") for k, letter in enumerate(text)]


def attempt(some, seconds):
    """Cells called X end the process; each run takes 20 s."""
    cells = []
    for step in some:
        if step.source == "X":
            return Outcome(cells, "it died", protection="a fake"), 20.0
        cells.append(event(step, None, [step.grade_id]))
    return Outcome(cells, protection="a fake"), 20.0


def test_a_fatal_cell_costs_itself_only():
    outcome = run_again(steps("aXbXc"), 1, attempt)
    assert [c["grade_id"] for c in outcome.cells] == ["a0", "X1", "b2", "X3", "c4"]
    assert [c["error"] for c in outcome.cells] == [None, ["", "it died"]] * 2 + [None]
    assert (outcome.trouble, outcome.protection) == ("", "a fake")


def test_after_so_many_fatal_cells_the_rest_is_not_run():
    quick = lambda *how: (attempt(*how)[0], 0.1)
    outcome = run_again(steps("a" + "X" * ATTEMPTS + "b"), 1, quick)
    assert [c["grade_id"][0] for c in outcome.cells] == ["a"] + ["X"] * ATTEMPTS
    assert outcome.trouble == "it died"


def test_all_attempts_share_the_time_of_one():
    seen = []
    outcome = run_again(steps("aXXXX"), 1, lambda *how: seen.append(how[1]) or attempt(*how))
    assert seen == [66, 46, 26, 6]  # 60 s and six cells
    assert outcome.trouble == "the notebook ran longer than 66 s and was stopped"
    assert [c["grade_id"] for c in outcome.cells] == ["a0", "X1", "X2", "X3"]


@pytest.mark.parametrize("losses", [1, 2])
def test_a_run_that_was_lost_is_made_once_more_and_blames_no_cell(losses):
    left = [Lost("no kernel")] * losses

    def sometimes(some, seconds):
        if left:
            raise left.pop()
        return attempt(some, seconds)

    outcome = run_again(steps("aXb"), 1, sometimes)
    assert outcome.trouble == ("no kernel" if losses == 2 else "")
    assert len(outcome.cells) == (0 if losses == 2 else 3)
