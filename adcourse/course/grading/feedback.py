"""One page per student: question, points, reason. Self-contained HTML, everything escaped."""

import re
from html import escape
from pathlib import Path

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{exercise} · {student}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 1rem/1.5 system-ui, sans-serif; }}
body {{ max-width: 48rem; margin: 2rem auto; padding: 0 1rem; }}
table {{ border-collapse: collapse; width: 100%; }}
th, td {{ text-align: left; vertical-align: top; padding: .4rem .6rem; }}
th, td {{ border-bottom: 1px solid #8886; }}
td:nth-child(3) {{ white-space: nowrap; }}
code {{ overflow-wrap: anywhere; }}
td code {{ overflow-wrap: normal; white-space: nowrap; }}
</style>
<h1>{exercise}</h1>
<p>{student}: <strong>{points} of {total} points</strong>{waiting}</p>
<table>
<thead><tr><th></th><th>Question</th><th>Points</th><th>Comment</th></tr></thead>
<tbody>
{rows}
</tbody>
</table>
{errors}
</html>
"""


def write_feedback(folder, exercise, student, marks, outcome=None):
    """Write STUDENT.html into `folder`; returns its path.

    Comments are the hints of the visible checks; hidden tests and their results never appear.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    open_points = sum(mark.max_points for mark in marks if mark.points is None)
    page = PAGE.format(
        exercise=escape(exercise),
        student=escape(student),
        points=f"{sum(mark.points or 0 for mark in marks):g}",
        total=f"{sum(mark.max_points for mark in marks):g}",
        waiting=f", {open_points:g} of them not marked yet" if open_points else "",
        rows="\n".join(map(_row, marks)),
        errors=_errors(outcome),
    )
    path = folder / (re.sub(r"[^\w .()@+-]", "_", student) + ".html")
    path.write_text(page, encoding="utf-8", newline="\n")
    return path


def _row(mark):
    sign = "…" if mark.points is None else "✔" if mark.points == mark.max_points else "✘"
    points = f"{'–' if mark.points is None else format(mark.points, 'g')} / {mark.max_points:g}"
    cells = sign, f"<code>{escape(mark.question)}</code>", points, escape(mark.reason)
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _errors(outcome):
    """The errors in the student's own cells, which often explain a check that found nothing."""
    lines = []
    own = [cell for cell in outcome.cells if cell["role"] == "student"] if outcome else []
    for number, cell in enumerate(own, 1):
        if cell["error"]:
            text = ": ".join(part for part in cell["error"] if part)[:300]
            lines.append(f"<li>Your code cell {number}: <code>{escape(text)}</code></li>")
    if not lines:
        return ""
    return "<h2>Errors in your cells</h2>\n<ul>\n" + "\n".join(lines) + "\n</ul>"
