"""The plain table: a row for each student and question, readable by `adcourse mark` again."""

from .cells import new_table

COLUMNS = (
    "exercise", "student", "platform_id", "late", "question", "points", "max_points", "reason",
    "comment", "seconds", "protection",
)  # fmt: skip


def write(store, exercise, out):
    """Write the table to `out`; points that wait for the instructor are blank."""
    with new_table(out) as row:
        row(COLUMNS)
        for one in store.records(exercise):
            for mark in one.marks:
                given = mark.question in one.given
                reason, comment = ("", mark.reason) if given else (mark.reason, "")
                row(
                    (exercise, one.student, one.platform_id, "late" if one.late else "",
                     mark.question, "" if mark.points is None else f"{mark.points:g}",
                     f"{mark.max_points:g}", reason, comment, f"{mark.seconds:.2f}",
                     mark.protection)
                )  # fmt: skip
    return []
