"""A class at a glance: a table per question, what failed most and why, and a picture of both."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from ..errors import CourseError

MOST = 5  # questions that are named as failed


@dataclass
class Question:
    """How a class did on one question; counts of submissions."""

    name: str
    max_points: float
    right: int = 0
    partly: int = 0
    wrong: int = 0
    waiting: int = 0
    points: float = 0.0
    reasons: Counter = field(default_factory=Counter)

    @property
    def marked(self):
        return self.right + self.partly + self.wrong

    def add(self, mark):
        if mark.points is None:
            self.waiting += 1
            return
        self.points += mark.points
        if mark.points >= mark.max_points:
            self.right += 1
            return
        if mark.points > 0:
            self.partly += 1
        else:
            self.wrong += 1
        self.reasons[mark.reason] += 1


@dataclass
class Summary:
    """A class: its questions, the totals of its submissions, what the marks were earned under."""

    exercise: str
    questions: list
    totals: list
    protections: Counter
    late: int = 0
    stale: int = 0


def summarize(store, exercise):
    """The Summary of an exercise, read from its store one submission at a time."""
    asked = store.questions(exercise)
    table = {name: Question(name, points) for name, (points, _) in asked.items()}
    summary = Summary(exercise, list(table.values()), [], Counter())
    for record in store.records(exercise):
        summary.totals.append(record.points)
        summary.late += record.late
        summary.stale += bool(record.stale)
        for mark in record.marks:
            table[mark.question].add(mark)
        summary.protections.update({mark.protection for mark in record.marks if mark.protection})
    return summary


def text_of(summary):
    """The summary as lines of text."""
    count = len(summary.totals)
    if not count:
        return f"{summary.exercise}: no submissions."
    width = max(len("question"), *(len(one.name) for one in summary.questions))
    lines = [f"{'question':{width}}   points    mean   right  waiting"]
    for one in summary.questions:
        mean = f"{one.points / one.marked:.2f}" if one.marked else "–"
        right = f"{one.right / one.marked:.0%}" if one.marked else "–"
        waiting = one.waiting or ""
        lines.append(
            f"{one.name:{width}}   {one.max_points:6g}  {mean:>6}  {right:>6}  {waiting!s:>7}"
        )
    most = sum(one.max_points for one in summary.questions)
    lines.append(f"{'all':{width}}   {most:6g}  {sum(summary.totals) / count:6.2f}")
    failed = sorted(summary.questions, key=lambda one: -(one.wrong + one.partly))[:MOST]
    failed = [one for one in failed if one.reasons]
    if failed:
        lines += ["", "Failed most, and the most frequent reason:"]
    for one in failed:
        ((reason, times),) = one.reasons.most_common(1)
        lines.append(f"  {one.name}: {one.wrong + one.partly} of {count}; {times} × {reason}")
    lines.append("")
    for protection, times in summary.protections.most_common():
        lines.append(f"Protection of {times} of {count} submissions: {protection}")
    if summary.late:
        lines.append(f"Late: {summary.late}")
    if summary.stale:
        lines.append(f"To be graded again by the next run: {summary.stale}")
    return "\n".join(lines)


def draw(summary, path):
    """Write the picture of a summary (SVG or PNG, by the ending of `path`); returns the path.

    Raises CourseError for another ending.
    """
    import matplotlib
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    from .. import style

    path, questions = Path(path), summary.questions
    if path.suffix.lower() not in (".svg", ".png"):
        raise CourseError(f"The picture {path} must be a .svg or .png file.")
    parts = {
        "right": (style.VALUE, "", [one.right for one in questions]),
        "partly right": (style.TANGENT, "..", [one.partly for one in questions]),
        "not right": (style.ADJOINT, "//", [one.wrong for one in questions]),
        "waiting": ("#bbbbbb", "", [one.waiting for one in questions]),
    }
    with matplotlib.rc_context(style.SETTINGS):
        height = max(3.2, 1.6 + 0.34 * len(questions))
        figure = Figure(figsize=(10.0, height))
        left, right = figure.subplots(1, 2, width_ratios=(3, 2))
        start = [0] * len(questions)
        for label, (color, hatch, counts) in parts.items():
            if any(counts):
                left.barh(
                    [f"{one.name} ({one.max_points:g})" for one in questions],
                    counts, left=start, color=color, hatch=hatch, edgecolor="white", label=label,
                )  # fmt: skip
            start = [a + b for a, b in zip(start, counts, strict=True)]
        left.invert_yaxis()
        left.grid(axis="y", visible=False)
        left.set(xlabel="submissions", title=f"{summary.exercise}: each question (points)")
        left.xaxis.set_major_locator(MaxNLocator(integer=True))
        left.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=4)
        most = sum(one.max_points for one in questions)
        bins = min(20, max(4, round(most)))
        right.hist(summary.totals, bins, range=(0, most or 1), color=style.VALUE, edgecolor="white")
        right.set(xlabel=f"points of {most:g}", ylabel="submissions", title="Totals so far")
        right.yaxis.set_major_locator(MaxNLocator(integer=True))
        path.parent.mkdir(parents=True, exist_ok=True)
        metadata = {"Date": None} if path.suffix == ".svg" else None
        figure.savefig(path, metadata=metadata)
    return path
