"""Whether the source of an exercise keeps the laws that its marks rest on.

The key earns every point and the blank none; a wrong answer loses the points of its own question
and no other's, and its writer reads the reason that the source promises; a right answer that was
found another way earns all; hidden inputs change with the seed, and with nothing else.
"""

import re
from dataclasses import dataclass
from itertools import zip_longest

from ..release import blank_of
from ..sources import grading, is_check, is_manual, question_of, read_exercise
from .judge import Judge
from .key import Key
from .marks import marks_of
from .restore import restore
from .running.workers import Workers


@dataclass
class Trial:
    """A submission that the source itself describes.

    answers  grade id of an answer → its cell
    wrong    grade id of each question that it gets wrong → words that its reason must hold
    cases    the cases it is made of, if there are several
    """

    name: str
    answers: dict
    wrong: dict
    cases: tuple = ()


def verify(source, names=None, workers=None, each=False):
    """Hold an exercise source against the laws; returns (complaints, questions whose hidden
    results do not depend on the seed). It is sound if there are no complaints.

    source   path of exercises/source/NN_name.md
    names    questions whose answers are tried one by one ("tape"); all without it
    workers  Workers that run the trials, if some are at hand
    each     try every answer in a submission of its own. Else one submission holds wrong answers
             to every second question: each must lose its own points for its own reason, and the
             questions between them none. Where that fails, its answers are tried one by one.

    Raises CourseError if the source cannot be read or its key fails.
    """
    if workers is None:
        with Workers() as workers:
            return verify(source, names, workers, each)
    notebook, cases = read_exercise(source)
    if names:
        cases = [case for case in cases if case.question.split("-", 1)[1] in names]
    with Key(source, notebook) as key, Judge() as judge:
        bench = _Bench(notebook, key, judge, workers)
        complaints = list(_about_text(notebook, bench.questions))
        complaints += [
            f"the hidden test of {name} shows something else when it runs again with the same seed"
            for name in bench.unsteady
        ]
        trials = [bench.trial("the key"), Trial("the blank", {}, dict.fromkeys(key.checks, ""))]
        if each or names:
            trials += map(bench.one, cases)
        else:
            trials += bench.rounds(cases)
        for trial, faults in bench.faults(trials):
            singles = [bench.one(case) for case in trial.cases] if faults else []
            found = [fault for _, some in bench.faults(singles) for fault in some]
            complaints += found or faults
        return complaints, bench.fixed


class _Bench:
    """One exercise, and what its trials are run and judged with."""

    def __init__(self, notebook, key, judge, workers):
        self.key, self.judge, self.workers = key, judge, workers
        self.questions = {
            grading(c)["grade_id"]: (float(grading(c)["points"]), is_manual(c))
            for c in notebook.cells
            if is_check(c) or is_manual(c)
        }
        self.blank = blank_of(notebook)
        self.solutions = {grading(c)["grade_id"]: c.source for c in notebook.cells if _is_answer(c)}
        self.seeds, other = dict.fromkeys(key.checks, 11), dict.fromkeys(key.checks, 12)
        self.expected, changed, again = key.expected_each([self.seeds, other, self.seeds])
        self.fixed = [question_of(n) for n in key.checks if self.expected[n] == changed[n]]
        self.unsteady = [question_of(n) for n in key.checks if self.expected[n] != again[n]]

    def trial(self, name, cases=()):
        """The key with the answers of some cases in it."""
        answers = {
            f"{case.question}-answer": case.answer(self.solutions[f"{case.question}-answer"])
            for case in cases
        }
        wrong = {case.question: case.reason for case in cases if case.kind == "wrong"}
        return Trial(name, self.solutions | answers, wrong, tuple(cases) if len(cases) > 1 else ())

    def one(self, case):
        """The trial of a single case."""
        name = f"{case.kind} answer {case.number} to {question_of(case.question)}"
        return self.trial(name, [case])

    def rounds(self, cases):
        """Trials of many cases: right ones together, wrong ones of every second question."""
        checks = list(self.key.checks)
        for kind, names in ("right", checks), ("wrong", checks[::2]), ("wrong", checks[1::2]):
            own = [[c for c in cases if (c.question, c.kind) == (name, kind)] for name in names]
            for number, row in enumerate(zip_longest(*own), 1):
                chosen = [case for case in row if case is not None]
                asked = ", ".join(question_of(case.question) for case in chosen)
                name = f"{kind} answers {number} to {asked}"
                yield self.trial(name, chosen) if chosen[1:] else self.one(chosen[0])

    def faults(self, trials):
        """Pairs (trial, sentences about the laws that it breaks), in order."""
        jobs = []
        for number, trial in enumerate(trials):
            cells = [dict(cell) for cell in _filled(self.blank, trial.answers)]
            jobs.append((number, restore(self.key.cells, cells, self.seeds)))
        ended = dict(self.workers.run(jobs)) if jobs else {}
        for number, trial in enumerate(trials):
            marks = marks_of(ended[number], self.questions, self.expected, self.judge)
            yield trial, list(_faults(trial, marks, self.questions))


def _is_answer(cell):
    data = grading(cell)
    return bool(data.get("solution")) and not data.get("grade")


def _filled(blank, answers):
    for cell in blank.cells:
        name = grading(cell).get("grade_id")
        yield {**cell, "source": answers.get(name, cell.source)}


def _faults(trial, marks, questions):
    """What is not as it must be, sentence by sentence."""
    for name, mark in zip(questions, marks, strict=True):
        if questions[name][1]:
            continue
        if name not in trial.wrong:
            if mark.points != mark.max_points:
                yield f"{trial.name} loses {mark.question}: {mark.reason} {mark.verdict}"
        elif mark.points != 0:
            yield f"{trial.name} earns {mark.points} of {mark.question}. {mark.verdict}"
        elif trial.wrong[name] not in mark.reason:
            promised = trial.wrong[name]
            yield f"{trial.name}: the reason does not say {promised!r}: {mark.reason}"


def _about_text(notebook, questions):
    """The points that the prose names add up to what the cells give."""
    prose = "\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")
    total = sum(points for points, _ in questions.values())
    if f"{total:g} points in" not in prose:
        yield f"the text does not say that there are {total:g} points in so many questions"
    named = [float(n) for n in re.findall(r"^## .*\((\d+(?:\.\d+)?) points?\)", prose, re.M)]
    if sum(named) != total:
        yield f"the headings name {sum(named):g} points, the cells give {total:g}"
