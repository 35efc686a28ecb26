"""Marks in the forms that spreadsheets and course platforms read."""

from ...errors import CourseError

WITH_ROSTER = ("canvas", "moodle")


def write(store, exercise, options):
    """Write the marks of an exercise as `options.format`; returns sentences about what is missing.

    options  format, out, roster, column and partial, as `adcourse export` takes them
    """
    from . import canvas, gradescope, moodle, nbgrader, table

    if options.format not in WITH_ROSTER and (options.roster or options.column):
        raise CourseError(f"--roster and --column are for {' and '.join(WITH_ROSTER)} only.")
    options.out.parent.mkdir(parents=True, exist_ok=True)
    if options.format == "csv":
        return table.write(store, exercise, options.out)
    if options.format == "gradescope":
        return gradescope.write(store, exercise, options.out)
    if options.format == "nbgrader":
        return nbgrader.write(store, exercise, options.out)
    platform = {"canvas": canvas, "moodle": moodle}[options.format]
    more = options.roster, options.column, options.partial
    return platform.write(store, exercise, options.out, *more)


def total(record, partial):
    """The points of a submission as text, "" where the instructor's are missing."""
    return "" if record.waiting and not partial else f"{record.points:g}"


def remarks(waiting, unplaced, partial):
    """Sentences about totals that were left out, and about students who are not in the roster."""
    if waiting and not partial:
        yield (
            f"{waiting} totals are left empty because they wait for points of the instructor; "
            "give them with `adcourse mark`, or write what there is with --partial."
        )
    if unplaced:
        names = ", ".join(unplaced[:10]) + (" and more" if len(unplaced) > 10 else "")
        yield f"{len(unplaced)} students are not in the roster, and not in the file: {names}."
