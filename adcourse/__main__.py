"""Write, build, grade: the commands of a course. Each has a --help of its own."""

import argparse
import os
import sys


def main(arguments=None):
    """Run one command; returns the exit code: 0, 1 after a sentence on stderr, 130 after Ctrl-C."""
    from .course.commands import GROUPS
    from .course.errors import CourseError

    parser = argparse.ArgumentParser("adcourse", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for group in GROUPS:
        group.add_to(commands)
    options = parser.parse_args(arguments)
    try:
        code = options.command(options)
        sys.stdout.flush()
        return code
    except BrokenPipeError:  # whoever read, as `adcourse summary | head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except CourseError as error:
        print(f"adcourse: {error}", file=sys.stderr)
        return 1
    except ModuleNotFoundError as error:
        print(f"adcourse: {error.name} is missing; install adcourse[lab].", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
