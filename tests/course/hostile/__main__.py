"""The page of attacks: `python -m tests.course.hostile` writes docs/attacks.md."""

from pathlib import Path

from .corpus import ATTACKS, GROUPS
from .entry import WINS
from .honest import HONESTLY

PAGE = Path(__file__).resolve().parents[3] / "docs" / "attacks.md"
ROWS = "| attack | what it tries | with isolation | with limits only |\n|---|---|---|---|\n"
INTRODUCTION = """# What hostile submissions get

Written by `python -m tests.course.hostile` from the corpus in `tests/course/hostile/`; do not edit.

{count} hostile submissions are graded as one class of a small exercise with three questions (2, 3
and 1 points), with an honest submission before and after each, which must keep its 6 points. Most
know where everything lies: the key, the submissions, the store, open ports, a process to kill. The
tests hold this table to what happens:

    pytest tests/course/hostile                          fast path, with isolation
    ADCOURSE_HOSTILE=plain pytest tests/course/hostile   a fresh kernel for each, with isolation
    ADCOURSE_HOSTILE=limits pytest tests/course/hostile  fast path, limits only

"With isolation" is `adcourse grade --sandbox required`: Linux, with namespaces as root or as a
plain user, or bubblewrap. "With limits only" is what `--sandbox auto` falls back to where the
system has none of these, and `--sandbox off` everywhere: an emptied environment, resource limits,
a folder of its own. What attacks win there they win because a submission is then a program of the
grader's own user. Each mark says which protection it was earned under.

"2 + 3 + 0" are the points of the three questions, "?" waits for the instructor, and in quotation
marks stands a part of the reason. Attacks for marks come with wrong answers, so they should earn
nothing. Attacks on something else come with right answers, which keep what the attack itself does
not cost: the question whose cell never ends, or whose error carries out what was read. What is in
**bold type** succeeds; all else reaches nothing beyond its own run.
"""
HONEST = """
## Odd but honest submissions

{count} submissions look odd and are not; under any protection they keep all their points.

| submission | what is odd |
|---|---|
"""
LIMITS = """
## What this does not protect from

- **Right answers by forbidden means.** A mark says that what was shown is right. Whoever computes
  it correctly in a way that the text forbids earns the points, unless a count that the hidden test
  shows gives it away; and a count is taken where the student's code runs, so whoever replaces the
  counter can forge it. Answers themselves cannot be forged: they are compared elsewhere.
- **Hidden tests are not secret from the code that they test.** A program can read the test that
  runs it, and tell {characters} characters of it in an error of a later visible check. Seeds differ
  for every student, the key is never near; so a hidden test must hold no answer.
- **Undecided formulas.** Whoever shows what is no formula, or one that takes too long to compare,
  gets no points but the instructor's attention: nothing that cannot be decided counts as wrong.
- **One kernel.** Submissions share the kernel of the machine. Namespaces, no privileges and no new
  ones are no protection from a fault of Linux itself; for that, grade in a virtual machine that is
  thrown away.
- **Memory and time of the machine.** Memory of processes is bounded for each run in total. Files
  in memory without a name (`memfd_create`) are bounded for each process by their number and size,
  not in total; when the machine runs short, Linux ends the submission first. A run may take
  60 seconds and six times the cell's time-out, and others then wait for their turn.
- **Timing.** Runs share cores and caches. What one run can learn from them about another is not
  looked into. Nothing that decides a mark depends on how long something took, but a cell that is
  close to its time-out may pass on a quiet machine and not on a busy one.
- **A name that a check uses.** A visible check binds names in the notebook, such as `c`. A function
  that reads a global variable of that name finds the check in it, at home as when it is graded.
- **Who handed it in.** Whose work it is, is not asked: copies of a neighbour's answers are right.
"""


def page():
    """The text of the page."""
    from adcourse.course.grading.marks import HINT_LIMIT

    parts = [INTRODUCTION.format(count=len(ATTACKS))]
    for title, entries in GROUPS.items():
        parts.append(f"\n## {title}\n\n{ROWS}" + "".join(map(_row, entries)))
    parts.append(HONEST.format(count=len(HONESTLY)))
    parts += [f"| {_cell(entry.name)} | {_cell(entry.tries)} |\n" for entry in HONESTLY]
    return "".join(parts) + LIMITS.format(characters=HINT_LIMIT)


def _row(entry):
    alone = _outcome(entry.points, entry.even_isolated, entry.reasons)
    wins = entry.wins | entry.even_isolated
    limits = _outcome(entry.limits or entry.points, wins, entry.reasons if not wins else ())
    limits = "the same" if limits == alone else limits
    return f"| {_cell(entry.name)} | {_cell(entry.tries)} | {alone} | {limits} |\n"


def _outcome(points, wins, reasons):
    text = " + ".join("?" if point is None else str(point) for point in points)
    said = sorted({part for part in reasons if part not in ("", "right", "FOUND")})
    if wins:
        return f"{text}; **" + ", ".join(WINS[win] for win in WINS if win in wins) + "**"
    return text + (": " + ", ".join(f"“{_cell(part)}”" for part in said) if said else "")


def _cell(text):
    return text.replace("|", "\\|").replace("<", "&lt;")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
    print(f"wrote {PAGE}")
