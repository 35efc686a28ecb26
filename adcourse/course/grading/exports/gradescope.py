"""Gradescope: the results.json of each student, as an autograder there would leave it."""

import json
from pathlib import Path

from ...notebooks import file_name


def write(store, exercise, out):
    """Write out/STUDENT/results.json for every student."""
    count = 0
    for record in store.records(exercise):
        folder = Path(out) / file_name(record.student)
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(results(record), ensure_ascii=False, indent=1) + "\n"
        (folder / "results.json").write_text(text, encoding="utf-8")
        count += bool(record.waiting)
    if count:
        return [f"{count} of the scores lack points that wait for the instructor."]
    return []


def results(record):
    """One student's marks in Gradescope's words; hidden results are no part of them."""
    tests = []
    for mark in record.marks:
        test = {
            "name": mark.question,
            "max_score": mark.max_points,
            "output": mark.reason,
            "output_format": "text",
            "visibility": "visible",
        }
        if mark.points is not None:
            right = mark.points >= mark.max_points
            test |= {"score": mark.points, "status": "passed" if right else "failed"}
        tests.append(test)
    lines = [record.note] if record.note else []
    lines += ["It was handed in late."] if record.late else []
    lines += [f"Error in your code cell {number}: {text}" for number, text in record.errors]
    return {
        "score": record.points,
        "output": "\n".join(lines),
        "output_format": "text",
        "visibility": "visible",
        "tests": tests,
    }
