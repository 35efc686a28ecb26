"""Whether the source of an exercise keeps the laws that its marks rest on.

The key earns every point and the blank none; a wrong answer loses the points of its own question
and no other's, and its writer reads the reason that the source promises; a right answer that was
found another way earns all; hidden inputs change with the seed.
"""

import json
import os
import re
from dataclasses import dataclass

from ..release import blank_of
from ..sources import grading, is_check, is_manual, question_of, read_exercise
from .judge import Judge
from .key import Key
from .marks import marks_of
from .restore import restore
from .running.jobs import Outcome
from .running.nursery import LIBRARIES
from .running.stage import perform

TIMEOUT = 20  # seconds a cell


@dataclass
class Trial:
    """A submission that the source itself describes, and the questions that it gets wrong."""

    name: str
    answers: dict  # grade id of an answer → its cell
    wrong: dict  # grade id → words that its reason must hold


def verify(source, names=None, report=print):
    """Hold an exercise source against the laws; returns (complaints, questions whose hidden
    results do not depend on the seed). It is sound if there are no complaints.

    source  path of exercises/source/NN_name.md
    names   questions to try ("tape"); all without it
    report  called with a line about each trial that fails, as it fails
    """
    notebook, cases = read_exercise(source)
    questions = {
        grading(c)["grade_id"]: (float(grading(c)["points"]), is_manual(c))
        for c in notebook.cells
        if is_check(c) or is_manual(c)
    }
    complaints = list(_about_text(notebook, questions))
    warm()
    blank = blank_of(notebook)
    with Key(source, notebook) as key, Judge() as judge:
        seeds = [dict.fromkeys(key.checks, 11), dict.fromkeys(key.checks, 12)]
        expected = [key.expected(own) for own in seeds]
        fixed = [name for name in key.checks if expected[0][name] == expected[1][name]]
        for trial in _trials(notebook, blank, cases, key.checks):
            if names and not any(q.split("-", 1)[1] in names for q in trial.wrong or key.checks):
                continue
            cells = [dict(cell) for cell in _filled(blank, trial.answers)]
            outcome = rehearse(restore(key.cells, cells, seeds[0]))
            marks = marks_of(outcome, questions, expected[0], judge)
            for sentence in _faults(trial, marks, questions):
                complaints.append(sentence)
                report(sentence)
    return complaints, [question_of(name) for name in fixed]


def rehearse(steps, timeout=TIMEOUT):
    """Run steps of a source that is trusted, in a copy of this process."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        nothing = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(nothing, descriptor)
        with os.fdopen(write, "w", encoding="utf-8") as pipe:
            perform(steps, timeout, lambda **event: print(json.dumps(event), file=pipe, flush=True))
        os._exit(0)
    os.close(write)
    with os.fdopen(read, encoding="utf-8") as pipe:
        cells = [json.loads(line) for line in pipe]
    os.waitpid(pid, 0)
    return Outcome(cells, protection="none: a rehearsal")


def _trials(notebook, blank, cases, checks):
    """The key, the blank, and one submission for every case."""
    key = {grading(c)["grade_id"]: c.source for c in notebook.cells if _is_answer(c)}
    yield Trial("the key", key, {})
    yield Trial("the blank", {}, dict.fromkeys(checks, ""))
    count = {}
    for case in cases:
        own = count[case.question, case.kind] = count.get((case.question, case.kind), 0) + 1
        name = f"{case.kind} answer {own} to {question_of(case.question)}"
        answers = key | {f"{case.question}-answer": case.answer(key[f"{case.question}-answer"])}
        wrong = {case.question: case.reason} if case.kind == "wrong" else {}
        yield Trial(name, answers, wrong)


def _is_answer(cell):
    data = grading(cell)
    return bool(data.get("solution")) and not data.get("grade")


def _filled(blank, answers):
    for cell in blank.cells:
        name = grading(cell).get("grade_id")
        yield {**cell, "source": answers.get(name, cell.source)}


def _faults(trial, marks, questions):
    for name, mark in zip(questions, marks, strict=True):
        if questions[name][1]:
            continue
        if name not in trial.wrong:
            if mark.points != mark.max_points:
                yield f"{trial.name} loses {mark.question}: {mark.reason} {mark.verdict}"
        elif mark.points != 0:
            yield f"{trial.name} earns {mark.points} of {mark.question}. {mark.verdict}"
        elif trial.wrong[name] not in mark.reason:
            yield f"{trial.name}: the reason is not as promised: {mark.reason}"


def _about_text(notebook, questions):
    """The points that the prose names add up to what the cells give."""
    prose = "\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")
    total = sum(points for points, _ in questions.values())
    if f"{total:g} points in" not in prose:
        yield f"the text does not say that there are {total:g} points in so many questions"
    named = [float(n) for n in re.findall(r"^## .*\((\d+(?:\.\d+)?) points?\)", prose, re.M)]
    if sum(named) != total:
        yield f"the headings name {sum(named):g} points, the cells give {total:g}"


def warm():
    """Import what exercises use once, before every trial is a copy of this process."""
    import matplotlib

    matplotlib.use("Agg")
    for module in (*LIBRARIES, "adcourse.symbolic.typed", "adcourse.numeric", "adcourse.course"):
        __import__(module)
