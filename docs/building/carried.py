"""Files that other people wrote: each comes with a Python package, none is downloaded or kept."""

from importlib.util import find_spec
from pathlib import Path

from adcourse.course.errors import CourseError

MATHJAX = ("mathjax", "django-static-mathjax", "static/mathjax/es5/tex-svg.js")


def carried_file(module, package, path):
    """The path of a file that a package brings along: import name, what to install, path in it."""
    found = find_spec(module)
    file = Path(next(iter(found.submodule_search_locations))) / path if found else None
    if file is None or not file.exists():
        raise CourseError(
            f"The site needs {Path(path).name}, which the package {package} carries: "
            "run `python3 start.py site`, or install the extra `site`."
        )
    return file
