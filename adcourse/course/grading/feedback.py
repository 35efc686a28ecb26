"""One page per student: question, points, reason. Self-contained HTML, everything escaped."""

from html import escape
from pathlib import Path

from ..notebooks import file_name

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{exercise} · {student}</title>
<style>
:root {{ color-scheme: light dark; --right: #1a7f37; --wrong: #b3261e; --open: #7a5d00; }}
@media (prefers-color-scheme: dark) {{
  :root {{ --right: #57ab5a; --wrong: #f08a80; --open: #d4a72c; }}
}}
body {{ font: 1rem/1.5 system-ui, sans-serif; }}
body {{ max-width: 48rem; margin: 2rem auto; padding: 0 1rem; overflow-wrap: anywhere; }}
h1 {{ font-size: 1.6rem; margin-bottom: 0; }}
table {{ border-collapse: collapse; width: 100%; }}
th, td {{ text-align: left; vertical-align: top; padding: .5rem .6rem; }}
th, td {{ border-bottom: 1px solid #8886; }}
th, td:nth-child(2), td:nth-child(3) {{ white-space: nowrap; overflow-wrap: normal; }}
.right td:first-child {{ color: var(--right); }}
.wrong td:first-child {{ color: var(--wrong); }}
.open td:first-child, .part td:first-child {{ color: var(--open); }}
td:first-child {{ font-weight: bold; }}
footer {{ margin-top: 2rem; font-size: .85rem; opacity: .8; }}
@media (max-width: 34rem) {{
  body {{ margin-top: 1rem; }}
  thead {{ position: absolute; clip-path: inset(50%); }}
  table, tbody {{ display: block; }}
  tr {{ display: grid; grid-template-columns: 1.5rem 1fr auto; padding: .5rem 0; }}
  tr {{ border-bottom: 1px solid #8886; }}
  td {{ border: 0; padding: .1rem .2rem; }}
  td:nth-child(4) {{ grid-column: 2 / 4; }}
}}
</style>
<h1>{exercise}</h1>
<p>{student}: <strong>{points} of {total} points</strong>{waiting}</p>
{notes}
<table>
<thead><tr><th></th><th>Question</th><th>Points</th><th>Comment</th></tr></thead>
<tbody>
{rows}
</tbody>
</table>
{errors}
<footer>{protection}</footer>
</html>
"""
SIGNS = {"right": "✔", "wrong": "✘", "part": "◐", "open": "…"}
WORDS = {"right": "right", "wrong": "not right", "part": "partly right", "open": "not marked yet"}


def write_feedback(folder, record):
    """Write STUDENT.html into `folder`; returns its path.

    Comments are the hints of the visible checks and the instructor's words; hidden tests and their
    results never appear.
    """
    path = Path(folder) / f"{file_name(record.student)}.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(feedback_page(record), encoding="utf-8", newline="\n")
    return path


def feedback_page(record):
    """The HTML of one student's page."""
    late = "It was handed in late." if record.late else ""
    notes = [escape(text) for text in (record.note, late) if text]
    return PAGE.format(
        exercise=escape(record.exercise),
        student=escape(record.student),
        points=f"{record.points:g}",
        total=f"{record.max_points:g}",
        waiting=f", {record.waiting:g} of them not marked yet" if record.waiting else "",
        notes="".join(f"<p>{note}</p>" for note in notes),
        rows="\n".join(map(_row, record.marks)),
        errors=_errors(record.errors),
        protection=escape(_protection(record.marks)),
    )


def _row(mark):
    if mark.points is None:
        kind = "open"
    elif mark.points >= mark.max_points:
        kind = "right"
    else:
        kind = "part" if mark.points > 0 else "wrong"
    points = f"{'–' if mark.points is None else format(mark.points, 'g')} / {mark.max_points:g}"
    sign = f'<span role="img" aria-label="{WORDS[kind]}">{SIGNS[kind]}</span>'
    cells = sign, f"<code>{escape(mark.question)}</code>", points, escape(mark.reason)
    return f'<tr class="{kind}">' + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _errors(errors):
    if not errors:
        return ""
    lines = [
        f"<li>Your code cell {number}: <code>{escape(text)}</code></li>" for number, text in errors
    ]
    return "<h2>Errors in your cells</h2>\n<ul>\n" + "\n".join(lines) + "\n</ul>"


def _protection(marks):
    ways = sorted({mark.protection for mark in marks if mark.protection})
    return f"The checks ran with this protection: {'; '.join(ways)}." if ways else ""
