"""What is done with sources: build, release, verify; and the page of rules."""

import sys
from pathlib import Path

from ..errors import CourseError

NAMES = "such as 04 or 04_reverse_mode; all without a name"


def add_to(commands):
    """Add the commands of this group to argparse's subparsers."""
    one = commands.add_parser("build", help="run the sources into notebooks")
    one.add_argument("names", nargs="*", help=NAMES)
    one.add_argument("--check", action="store_true", help="only say which notebooks disagree")
    one.add_argument("--force", action="store_true", help="run unchanged notebooks too")
    one.add_argument("--root", default=".", help="the course folder")
    one.set_defaults(command=build)

    one = commands.add_parser("release", help="write the students' blanks")
    one.add_argument("names", nargs="*", help=NAMES)
    one.add_argument("--out", type=Path, help="folder for the blanks (default: exercises)")
    one.add_argument("--root", default=".", help="the course folder")
    one.add_argument(
        "--students", type=Path, metavar="ROSTER.csv",
        help="a copy for each student, with a number of their own where the source has "
        "`:personal: true`; a column `student`, or the first one, names them",
    )  # fmt: skip
    one.add_argument(
        "--store", type=Path, default=Path("grades.sqlite"),
        help="where the secret behind these numbers is, to grade with (default: grades.sqlite)",
    )  # fmt: skip
    one.add_argument(
        "--nbgrader", type=Path, metavar="DIR",
        help="write DIR/source/EXERCISE for nbgrader instead, with hidden tests that assert",
    )  # fmt: skip
    one.set_defaults(command=release)

    one = commands.add_parser("verify", help="hold exercise sources against the laws of marking")
    one.add_argument("names", nargs="*", help=NAMES)
    one.add_argument("--question", action="append", help="such as tape: try this one only")
    one.add_argument("--each", action="store_true", help="try every answer in a run of its own")
    one.add_argument("--root", default=".", help="the course folder")
    one.set_defaults(command=verify)

    one = commands.add_parser("rules", help="list all derivatives as a Markdown page")
    one.add_argument("--out", type=Path, help="file for the page (default: print it)")
    one.set_defaults(command=rules)


def build(options):
    """Build notebooks, or say which disagree with their sources."""
    from ..build import build, course_root, disagreement, find_sources

    failures = 0
    for source in find_sources(course_root(options.root), options.names):
        try:
            if options.check:
                sentence = disagreement(source)
                if sentence:
                    raise CourseError(sentence)
                continue
            for path in build(source, options.force):
                print(f"wrote {path}")
        except CourseError as error:
            failures += 1
            print(f"adcourse: {error}", file=sys.stderr)
    return 1 if failures else 0


def release(options):
    """Write blanks: one for all, one for each student, or the sources of an nbgrader course."""
    from ..build import course_root, find_sources
    from ..release import release

    root = course_root(options.root)
    sources = find_sources(root, options.names, parts=("exercises",))
    if options.nbgrader is not None:
        from ..grading.exports.nbgrader import write_source

        for source in sources:
            print(f"wrote {write_source(source, options.nbgrader)}")
        return 0
    if options.students is not None:
        return _release_copies(sources, options)
    for source in sources:
        path, changed = release(source, options.out or root / "exercises")
        print(f"{'wrote' if changed else 'kept '} {path}")
    return 0


def _release_copies(sources, options):
    from ..grading.exports.roster import read_students
    from ..grading.store import Store
    from ..release import release_copies

    students = read_students(options.students)
    folder = options.out or Path("released")
    with Store(options.store, write=True) as store:
        for source in sources:
            release_copies(source, folder, students, store.personal)
            print(f"wrote {source.stem} for {len(students)} students to {folder}")
    return 0


def verify(options):
    """Hold exercise sources against the laws that marks rest on."""
    from ..build import course_root, find_sources
    from ..grading.running.workers import Workers
    from ..grading.verify import verify

    failures = 0
    sources = find_sources(course_root(options.root), options.names, parts=("exercises",))
    with Workers() as workers:
        for source in sources:
            complaints, fixed = verify(source, options.question, workers, options.each)
            for sentence in complaints:
                print(f"{source.stem}: {sentence}", file=sys.stderr)
            note = f"; the same for every student: {', '.join(fixed)}" if fixed else ""
            print(f"{source.stem}: {'sound' if not complaints else 'NOT sound'}{note}")
            failures += bool(complaints)
    return 1 if failures else 0


def rules(options):
    """Write the page of all derivatives."""
    from ..rules_page import rules_page

    page = rules_page()
    if options.out is None:
        print(page, end="")
    else:
        options.out.write_text(page, encoding="utf-8", newline="\n")
        print(f"wrote {options.out}")
    return 0
