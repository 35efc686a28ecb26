"""What the marks of one student rest on, for the instructor to read."""

from ..errors import CourseError


def find_record(store, exercise, student):
    """The Record of one student; raises CourseError if nothing of theirs is in the store."""
    for record in store.records(exercise):
        if record.student == student:
            return record
    raise CourseError(f"Nothing of a student {student} is in {store.path} for {exercise}.")


def evidence(record, questions=None):
    """The marks of a Record with all that is known of each, as text; of `questions` only, if any.

    It holds what hidden tests show, so it is not for students. Raises CourseError if there is no
    question of such a name.

    >>> from .marks import Mark
    >>> from .store import Record
    >>> mark = Mark("04.tape", 0.0, 3.0, "Adjoints add.", 0.25, "▸ 5", "▸ 3", "", "limits only")
    >>> print(evidence(Record("04_reverse_mode", "ann", [mark], file="ann.ipynb")))
    ann, ann.ipynb
    <BLANKLINE>
    04.tape: 0 of 3 points, 0.2 s, limits only
        Adjoints add.
        the key shows         ▸ 5
        the submission shows  ▸ 3
    """
    known = [mark.question for mark in record.marks]
    for name in questions or ():
        if name not in known:
            raise CourseError(f"There is no question {name}; there are: {', '.join(known)}.")
    head = [record.student, record.file, "late" if record.late else "", record.note]
    parts = [", ".join(filter(None, head))]
    parts += [_one(mark) for mark in record.marks if not questions or mark.question in questions]
    parts += [f"Code cell {number} of the student: {text}" for number, text in record.errors]
    return _readable("\n\n".join(parts))


def _one(mark):
    points = "–" if mark.points is None else f"{mark.points:g}"
    facts = [f"{points} of {mark.max_points:g} points", f"{mark.seconds:.1f} s", mark.protection]
    lines = [f"{mark.question}: {', '.join(filter(None, facts))}", f"    {mark.reason}"]
    for title, text in (
        ("the key shows", mark.expected),
        ("the submission shows", mark.got),
        ("formulas", mark.verdict),
    ):
        for number, line in enumerate(text.splitlines()):
            lines.append(f"    {'' if number else title:22}{line}")
    return "\n".join(lines)


def _readable(text):
    """The text without what commands a terminal: names of files and students are not ours."""
    return "".join(c if c.isprintable() or c == "\n" else " " for c in text)
