"""Mutated notebooks through reader and restore: steps or a reason, never an exception.

ADCOURSE_FUZZ=10000 tries as many; the seed is fixed, so a failure comes again.
"""

import json
import os
import random

from adcourse.course.grading.intake import Unreadable
from adcourse.course.grading.intake.read import cells_of
from adcourse.course.grading.restore import restore
from adcourse.course.grading.running.jobs import Step
from adcourse.course.notebooks import read_notebook

COUNT = int(os.environ.get("ADCOURSE_FUZZ", "600"))
SEEDS = {"07-slope": 1, "07-gradient": 2, "07-formula": 3}
ODD = [
    None, True, 0, -1, 3, 4, 1e999, float("nan"), 10**30, "", "code", "markdown", "07-slope",
    "07-slope-answer", "\ud800", "\0", "PERSONAL = 7", "### BEGIN HIDDEN TESTS\n", "x" * 5000,
    [], {}, [[]], ["a", 1, None], {"": ""}, {"nbgrader": 1}, {"grade_id": ["07-slope"]},
    {"nbgrader": {"grade_id": {}, "grade": [], "solution": "x", "locked": None}},
    {"nbgrader": {"grade_id": "07-slope", "grade": True, "solution": False}},
]  # fmt: skip


def places(value, found):
    """Every container in a JSON value, as (container, key)."""
    keys = value.keys() if isinstance(value, dict) else range(len(value))
    for key in list(keys):
        found.append((value, key))
        if isinstance(value[key], dict | list):
            places(value[key], found)
    return found


def mutated(rng, notebook, minor):
    """A notebook with a few changes to its structure."""
    notebook = json.loads(notebook)
    if minor:
        notebook["nbformat"] = rng.choice([1, 2, 3, 4, 4, 4, 5])
    for _ in range(rng.choice([1, 1, 2, 3, 8, 30])):
        found = places(notebook, [])
        if not found:
            break
        holder, key = rng.choice(found)
        other_holder, other = rng.choice(found)
        action = rng.randrange(7)
        if action == 0:
            holder[key] = rng.choice(ODD)
        elif action == 1:
            del holder[key]
        elif action == 2:
            holder[key] = json.loads(json.dumps(other_holder[other]))
        elif action == 3 and isinstance(holder, list):
            holder.insert(key, json.loads(json.dumps(other_holder[other])))
        elif action == 4 and isinstance(holder, dict):
            holder[rng.choice(["cells", "worksheets", "source", "input", "metadata"])] = holder[key]
        elif action == 5 and isinstance(holder, list):
            rng.shuffle(holder)
        elif isinstance(holder[key], str):
            at = rng.randrange(len(holder[key]) + 1)
            holder[key] = holder[key][:at] + str(rng.choice(ODD)) + holder[key][at:]
    return notebook


def scrambled(rng, content):
    """The bytes of a notebook with a few changes that know nothing of its structure."""
    data = bytearray(content)
    for _ in range(rng.choice([1, 2, 10, 100])):
        at, length = rng.randrange(len(data) + 1), rng.choice([1, 1, 4, 1000])
        action = rng.randrange(4)
        if action == 0:
            data[at : at + length] = rng.randbytes(length)
        elif action == 1:
            del data[at : at + length]
        elif action == 2:
            data[at:at] = data[at : at + length] * rng.choice([1, 3])
        else:
            data[at:at] = rng.choice([b"[", b"{", b'"', b"\\u0000", b"\xff", b",", b"}", b"1e9"])
    return bytes(data)


def test_every_mutant_gives_steps_or_a_reason(key_path, blank):
    template = [cell for cell in read_notebook(key_path).cells if cell.cell_type != "raw"]
    text, old = json.dumps(blank), json.dumps(as_version_3(blank))
    rng, steps_seen, reasons = random.Random(20261127), 0, set()
    for number in range(COUNT):
        start = rng.choice([text, text, old])
        if number % 3:
            content = json.dumps(mutated(rng, start, rng.random() < 0.1)).encode()
        else:
            content = scrambled(rng, start.encode())
        try:
            cells = cells_of(content, "hw.ipynb")
        except Unreadable as reason:
            assert str(reason).startswith("hw.ipynb ") and "\n" not in str(reason)
            reasons.add(str(reason))
            continue
        steps = restore(template, cells, SEEDS, 5)
        steps_seen += 1
        hidden = [step.grade_id for step in steps if step.role == "hidden"]
        assert sorted(hidden) == sorted(SEEDS), number  # each check once, whatever was done to it
        assert all(isinstance(step, Step) and isinstance(step.source, str) for step in steps)
        json.dumps([step.source for step in steps]).encode()
        "".join(step.source for step in steps).encode("utf-8")
    assert steps_seen > COUNT / 5 and len(reasons) >= 4


def as_version_3(notebook):
    """The notebook as version 3 had it."""
    cells = [
        {"cell_type": "code", "input": cell["source"], "language": "python", "outputs": [],
         "collapsed": False, "metadata": cell["metadata"]}
        if cell["cell_type"] == "code"
        else {"cell_type": "markdown", "source": cell["source"], "metadata": cell["metadata"]}
        for cell in notebook["cells"]
    ]  # fmt: skip
    sheet = {"cells": cells, "metadata": {}}
    return {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [sheet]}
