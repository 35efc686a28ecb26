"""What a submission's processes see of this machine: Python, its packages and system libraries.

Everything else is not there: no home folders, no course but the package `adcourse` itself, no key,
no gradebook, no other submission.
"""

import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path

from .... import __path__ as package

SCRATCH = "/submission"  # the one folder that can be written to
FONTS = "home/matplotlib"  # in it, where Matplotlib looks for its list of fonts
SCRATCH_SIZE, SHARED_SIZE = 256 << 20, 64 << 20  # bytes of files in memory
DEVICES = ("null", "zero", "full", "random", "urandom")
PREFIX_PARTS = ("bin", "lib", "lib64", "pyvenv.cfg", "share/fonts", "share/zoneinfo")
SYSTEM = (
    "/etc/alternatives",
    "/etc/fonts",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/gnu/store",
    "/nix/store",
    "/usr/share/fontconfig",
)


def readable():
    """The real paths that are shown read-only, none of them inside another."""
    return _outermost({os.path.realpath(path) for path in _wanted()})


def links():
    """(link, target) for every symbolic link on the way to what is shown."""
    return sorted({found for path in _wanted() for found in _links_on_the_way(path)})


def font_lists():
    """Matplotlib's list of this machine's fonts, which takes seconds to make anew."""
    import matplotlib

    return sorted(map(str, Path(matplotlib.get_cachedir()).glob("fontlist-*.json")))


def furnish(scratch):
    """Make the folders that `environment` names in a scratch folder on disk."""
    home = Path(scratch, FONTS)
    home.mkdir(parents=True)
    for path in font_lists():
        with suppress(OSError):
            shutil.copy(path, home)


def _wanted():
    """Paths that exist, as they are named in the settings of this Python."""
    home = Path(list(package)[0]).resolve()
    paths = [home, Path(sys.executable), *map(Path, SYSTEM)]
    for prefix in (sys.prefix, sys.base_prefix, "/usr", "/"):
        paths += [Path(prefix, part) for part in PREFIX_PARTS]
    paths += [Path(p) for p in sys.path if Path(p).name in ("site-packages", "dist-packages")]
    return [os.path.abspath(path) for path in paths if path.exists()]


def _outermost(paths):
    chosen = []
    for path in sorted(paths):
        if not any(Path(path).is_relative_to(other) for other in chosen):
            chosen.append(path)
    return chosen


def _links_on_the_way(path):
    here = "/"
    for part in Path(path).parts[1:]:
        here = os.path.join(here, part)
        if os.path.islink(here):
            target = os.readlink(here)
            yield here, target
            yield from _links_on_the_way(os.path.normpath(os.path.join(here, "..", target)))
            here = os.path.realpath(here)
