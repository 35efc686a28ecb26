"""What is made of the marks in a store: pages for students, tables for platforms, a summary."""

import sys
from pathlib import Path

from .grading import STORE, one_exercise, writing

FORMATS = ("csv", "canvas", "moodle", "gradescope", "nbgrader")


def add_to(commands):
    """Add the commands of this group to argparse's subparsers."""
    one = commands.add_parser("feedback", help="write one page for each student")
    one.add_argument("exercise", nargs="?", help="such as 04_reverse_mode, if there are several")
    one.add_argument("--out", type=Path, default=Path("feedback"), help="default: feedback")
    one.add_argument("--store", type=Path, default=STORE, help="default: grades.sqlite")
    one.set_defaults(command=feedback)

    one = commands.add_parser("evidence", help="print what the marks of a student rest on")
    one.add_argument("student", help="as in the store")
    one.add_argument("exercise", nargs="?", help="such as 04_reverse_mode, if there are several")
    one.add_argument("--question", action="append", help="this one only, such as 04.tape")
    one.add_argument("--store", type=Path, default=STORE, help="default: grades.sqlite")
    one.set_defaults(command=evidence)

    one = commands.add_parser("export", help="write marks for a spreadsheet or a platform")
    one.add_argument("exercise", nargs="?", help="such as 04_reverse_mode, if there are several")
    one.add_argument("--format", choices=FORMATS, default="csv", help="default: csv")
    one.add_argument("--out", type=Path, required=True, help="file, or folder for gradescope")
    one.add_argument(
        "--roster", type=Path,
        help="the gradebook as downloaded from Canvas or Moodle, whose ids and columns are kept",
    )  # fmt: skip
    one.add_argument("--column", help="the column of the roster that the points go into")
    one.add_argument(
        "--partial", action="store_true",
        help="write totals also where points of the instructor are missing",
    )  # fmt: skip
    one.add_argument("--store", type=Path, default=STORE, help="default: grades.sqlite")
    one.set_defaults(command=export)

    one = commands.add_parser("summary", help="print the table of a class, draw its picture")
    one.add_argument("exercise", nargs="?", help="such as 04_reverse_mode, if there are several")
    one.add_argument("--picture", type=Path, help="file for the picture (SVG or PNG)")
    one.add_argument("--store", type=Path, default=STORE, help="default: grades.sqlite")
    one.set_defaults(command=summary)


def feedback(options):
    """Write the students' pages."""
    from ..grading.feedback import write_feedback
    from ..grading.store import Store

    count = 0
    with Store(options.store) as store:
        exercise = one_exercise(store, options.exercise)
        with writing(options.out):
            for record in store.records(exercise):
                write_feedback(options.out, record)
                count += 1
    print(f"wrote {count} pages to {options.out}")
    return 0


def evidence(options):
    """Print the marks of a student with what the key and the submission showed."""
    from ..grading.evidence import evidence, find_record
    from ..grading.store import Store

    with Store(options.store) as store:
        record = find_record(store, one_exercise(store, options.exercise), options.student)
    print(evidence(record, options.question))
    return 0


def export(options):
    """Write marks in one of the formats; what could not be placed is named on stderr."""
    from ..grading import exports
    from ..grading.store import Store

    with Store(options.store) as store:
        exercise = one_exercise(store, options.exercise)
        with writing(options.out):
            remarks = list(exports.write(store, exercise, options))
    for remark in remarks:
        print(f"adcourse: {remark}", file=sys.stderr)
    print(f"wrote {options.out}")
    return 0


def summary(options):
    """Print the table of a class, and draw its picture if asked to."""
    from ..grading.store import Store
    from ..grading.summary import draw, summarize, text_of

    with Store(options.store) as store:
        found = summarize(store, one_exercise(store, options.exercise))
    print(text_of(found))
    if options.picture is not None:
        with writing(options.picture):
            print(f"Picture: {draw(found, options.picture)}")
    return 0
