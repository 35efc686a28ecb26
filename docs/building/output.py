"""The folder that a build writes: the old one stays whole until the new one is, and nothing else is
ever removed.

The site is made in a folder beside the old one, and takes its name at the end. A list of its files
lies in it, so that the next build can tell what it may replace.
"""

import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path

from adcourse.course.errors import CourseError

LIST = "site-files.txt"


@contextmanager
def replacing(out):
    """A scratch folder to build in; what it holds under `new` becomes the folder `out` at the end.

    Raises CourseError, before anything is made, when `out` holds files that are not in the list of
    an earlier build. After any error or interruption `out` is as it was.
    """
    out = Path(out).resolve()
    refuse_foreign(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=f".{out.name}-building-", dir=out.parent))
    try:
        scratch.chmod(0o755)  # a web server may run as somebody else
        (scratch / "new").mkdir()
        yield scratch
        (scratch / "new" / LIST).write_text(
            "".join(f"{name}\n" for name in sorted({*files_in(scratch / "new"), LIST})),
            encoding="utf-8",
        )
        refuse_foreign(out)  # the build took its time
        exchange(scratch / "new", out, scratch / "old")
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def exchange(new, out, old):
    """Give `new` the name of `out`; when that fails, `out` gets its own folder back."""
    if not out.exists():
        new.rename(out)
        return
    out.rename(old)
    try:
        new.rename(out)
    except BaseException:
        old.rename(out)
        raise


def refuse_foreign(out):
    """Stop unless `out` is missing, empty, or the work of an earlier build and nothing else."""
    if not out.exists():
        return
    if not out.is_dir():
        raise CourseError(f"{out} is a file: choose another folder with --out.")
    found = files_in(out)
    record = out / LIST
    known = record.read_text(encoding="utf-8").splitlines() if record.is_file() else []
    foreign = sorted(found.difference(known))
    if foreign:
        more = f" and {len(foreign) - 1} more" if len(foreign) > 1 else ""
        raise CourseError(
            f"{out} holds {foreign[0]}{more}, which no build of the site has written and this one "
            "would remove: choose another folder with --out, or empty it."
        )


def files_in(folder):
    """The names of all that lies in a folder, except folders that hold something."""
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_symlink() or not path.is_dir() or not any(path.iterdir())
    }
