"""One class of all hostile and odd submissions, graded once for each kind of protection asked for.

By default that is the fast path with isolation, as an instructor grades on Linux. The environment
variable ADCOURSE_HOSTILE names others, or "all" of them.
"""

import os
import sys
from types import SimpleNamespace

import pytest

from .corpus import CORPUS
from .handing_in import strange_names

PATHS = {
    "fast": ["--sandbox", "required", "--timeout", "5"],
    "plain": ["--sandbox", "required", "--timeout", "15", "--plain"],
    "limits": ["--sandbox", "off", "--timeout", "5"],
}
ASKED = os.environ.get("ADCOURSE_HOSTILE", "fast").split(",")
SECONDS = 3600  # for a whole class, on a slow machine


@pytest.fixture(scope="session", params=PATHS)
def fight(request):
    """A finished run: .path, .arena, .marks, .done (the process), .again (the process of a rerun),
    .pages (student → feedback)."""
    if not sys.platform.startswith("linux"):
        pytest.skip("the corpus attacks Linux")
    if ASKED != ["all"] and request.param not in ASKED:
        pytest.skip(f"ADCOURSE_HOSTILE does not name {request.param}")
    from adcourse.course.errors import CourseError
    from adcourse.course.grading.running.sandbox import choose

    from .arena import Arena

    try:
        choose("required")
    except CourseError as error:
        if request.param != "limits":
            pytest.skip(str(error))
    arena = Arena()
    try:
        arena.hand_in(CORPUS)
        strange_names(arena.submissions, arena.neighbour())
        options = PATHS[request.param]
        done = arena.grade(*options, seconds=SECONDS)
        assert done.returncode == 0, done.stderr.decode()[-3000:]
        first, left = arena.marks(), arena.left
        again = arena.grade(*options, seconds=SECONDS)
        pages = arena.feedback()
        yield SimpleNamespace(
            path=request.param,
            arena=arena,
            marks=first,
            left=left,
            done=done,
            again=again,
            pages=pages,
        )
    finally:
        arena.close()
