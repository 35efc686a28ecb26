"""Build the site of the course into one folder that any web server can serve."""

import argparse
import os
import signal
import sys
import time
from pathlib import Path

from adcourse.course.errors import CourseError

ROOT = Path(__file__).resolve().parents[2]
# The addresses that a site can be given; what has none has no button.
ADDRESSES = {
    "binder": "Binder's address of this repository, as https://mybinder.org/v2/gh/OWNER/NAME/BRANCH",
    "colab": "Colab's, as https://colab.research.google.com/github/OWNER/NAME/blob/BRANCH",
    "repository": "where its files can be read, as https://github.com/OWNER/NAME/blob/BRANCH",
}


def options_of(arguments):
    parser = argparse.ArgumentParser("python -m docs.building", description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "site", help="folder (default: site)")
    parser.add_argument("--no-lite", action="store_true", help="leave the browser kernel out")
    for option, use in ADDRESSES.items():
        name = f"ADCOURSE_{option.upper()}"
        default = os.environ.get(name) or None
        parser.add_argument(
            f"--{option}", metavar="URL", type=address, default=default, help=f"{use}; else ${name}"
        )
    return parser.parse_args(arguments)


def address(text):
    """A web address without the slash at its end."""
    if not text.startswith(("https://", "http://")) or any(c in text for c in " <>\"'?#"):
        raise argparse.ArgumentTypeError(f"{text!r} is no address that begins with https://")
    return text.rstrip("/")


def main(arguments=None):
    """Build; the answer is the exit code: 0, 1 after a sentence on stderr, 130 after Ctrl-C."""
    options = options_of(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what is half made goes
    start = time.perf_counter()
    try:
        from .site import build

        build(ROOT, options)
    except CourseError as error:
        return f"site: {error}"
    except ModuleNotFoundError as error:
        return (
            f"site: {error.name} is missing: run `python3 start.py site` or install adcourse[site]."
        )
    except OSError as error:
        return f"site: {error}: make it accessible, or choose another folder with --out."
    except KeyboardInterrupt:
        print("site: stopped; what was there before is unchanged.", file=sys.stderr)
        return 130
    print(
        f"The site is in {options.out.resolve()}, {size_of(options.out)} MB, "
        f"after {time.perf_counter() - start:.0f} s."
    )
    return 0


def size_of(folder):
    return round(sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6)


if __name__ == "__main__":
    sys.exit(main())
