"""The command line: `adcourse build`, `release`, `grade` and `rules`."""

import argparse
import sys
from pathlib import Path


def main(arguments=None):
    """Run one command; returns the exit code: 0, 1 after a sentence on stderr, 130 after Ctrl-C."""
    options = _parser().parse_args(arguments)
    from .course.errors import CourseError

    try:
        return options.command(options)
    except CourseError as error:
        print(f"adcourse: {error}", file=sys.stderr)
        return 1
    except ModuleNotFoundError as error:
        print(f"adcourse: {error.name} is missing; install adcourse[lab].", file=sys.stderr)
        return 1


def _build(options):
    from .course.build import build, course_root, disagreement, find_sources
    from .course.errors import CourseError

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


def _release(options):
    from .course.build import course_root, find_sources
    from .course.release import release

    root = course_root(options.root)
    for source in find_sources(root, options.names, parts=("exercises",)):
        path, changed = release(source, options.out or root / "exercises")
        print(f"{'wrote' if changed else 'kept '} {path}")
    return 0


def _grade(options):
    from .course.grading.grade import grade
    from .course.grading.running.limits import close_to_others

    close_to_others()
    key = options.key or Path("exercises") / "keys" / f"{options.exercise}.ipynb"
    try:
        total = grade(
            options.exercise,
            options.submissions,
            key,
            options.out,
            timeout=options.timeout,
            feedback=options.feedback,
        )
    except KeyboardInterrupt:
        print(f"Stopped; the same command goes on where {options.out} ends.", file=sys.stderr)
        return 130
    print(f"{total} submissions are in {options.out}")
    return 0


def _verify(options):
    from .course.build import course_root, find_sources
    from .course.grading.verify import verify

    failures = 0
    sources = find_sources(course_root(options.root), options.names, parts=("exercises",))
    for source in sources:
        complaints, fixed = verify(source, options.question, report=lambda line: None)
        for sentence in complaints:
            print(f"{source.stem}: {sentence}", file=sys.stderr)
        note = f"; the same for every student: {', '.join(fixed)}" if fixed else ""
        print(f"{source.stem}: {'sound' if not complaints else 'NOT sound'}{note}")
        failures += bool(complaints)
    return 1 if failures else 0


def _rules(options):
    from .course.rules_page import rules_page

    page = rules_page()
    if options.out is None:
        print(page, end="")
    else:
        options.out.write_text(page, encoding="utf-8", newline="\n")
        print(f"wrote {options.out}")
    return 0


def _parser():
    parser = argparse.ArgumentParser("adcourse", description=__doc__)
    commands = parser.add_subparsers(required=True)

    one = commands.add_parser("build", help="run the sources into notebooks")
    one.add_argument("names", nargs="*", help="such as 04 or 04_reverse_mode; all without a name")
    one.add_argument("--check", action="store_true", help="only say which notebooks disagree")
    one.add_argument("--force", action="store_true", help="run unchanged notebooks too")
    one.add_argument("--root", default=".", help="the course folder")
    one.set_defaults(command=_build)

    one = commands.add_parser("release", help="write the students' blanks")
    one.add_argument("names", nargs="*", help="such as 04 or 04_reverse_mode; all without a name")
    one.add_argument("--out", type=Path, help="folder for the blanks (default: exercises)")
    one.add_argument("--root", default=".", help="the course folder")
    one.set_defaults(command=_release)

    one = commands.add_parser("verify", help="hold exercise sources against the laws of marking")
    one.add_argument("names", nargs="*", help="such as 04 or 04_reverse_mode; all without a name")
    one.add_argument("--question", action="append", help="such as tape: try this one only")
    one.add_argument("--root", default=".", help="the course folder")
    one.set_defaults(command=_verify)

    one = commands.add_parser("grade", help="grade a folder of submissions")
    one.add_argument("exercise", help="such as 04_reverse_mode")
    one.add_argument("submissions", type=Path, help="STUDENT.ipynb files or STUDENT/ folders")
    one.add_argument("--key", type=Path, help="default: exercises/keys/EXERCISE.ipynb")
    one.add_argument("--out", type=Path, default=Path("grades.csv"), help="default: grades.csv")
    one.add_argument("--timeout", type=float, default=20, help="seconds per cell (default: 20)")
    one.add_argument("--feedback", type=Path, help="folder for one page per student")
    one.set_defaults(command=_grade)

    one = commands.add_parser("rules", help="list all derivatives as a Markdown page")
    one.add_argument("--out", type=Path, help="file for the page (default: print it)")
    one.set_defaults(command=_rules)
    return parser


if __name__ == "__main__":
    sys.exit(main())
