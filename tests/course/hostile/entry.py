"""What one submission of the corpus is: what it tries, how it is made, and what it must get."""

import json
import re
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from textwrap import dedent

QUESTIONS = ("08.slope", "08.gradient", "08.formula")
ALL, NONE = (2, 3, 1), (0, 0, 0)
HONEST = {
    "slope": "def slope(x):\n    return 3 + x + x",
    "gradient": "gradient = lambda w: w + w",
    "formula": "import sympy as sp\nformula = sp.diff(sp.Symbol('x') * sp.exp(sp.Symbol('x')))",
}
WINS = {
    "marks": "earns points with what it has read",
    "reads": "reads what it should not",
    "could write": "could change the libraries of all",
    "writes": "changes a file of others",
    "leaves": "leaves something for others to find",
    "connects": "talks to a program of the machine",
    "kills": "ends a process of the grader's user",
}
# Where everything worth an attack lies; and the one way in which a run can tell its author
# something: the reason of a mark, which the student reads.
PRELUDE = """
import glob
A = {places!r}
def graders():
    found = []
    for path in glob.glob("/proc/[0-9]*/cmdline"):
        try:
            if A["key"] in open(path).read(): found.append(int(path.split("/")[2]))
        except OSError: pass
    return found
def tell(found):
    global slope
    def slope(x):
        raise ValueError("FOUND " + " ".join(str(found).split())[:200])
"""


@dataclass(frozen=True)
class Entry:
    """One submission.

    name      a few words; its row in the table
    tries     one sentence: what the attack hopes for, or what is odd about an honest submission
    answers   question → code of its answer cell; the rest of the blank stays as it is
    first     code of a cell put before all others; `last` after all others
    change    a function that changes the notebook's JSON
    make      a function (path, text, places) that writes the file or files itself
    points    of slope, gradient and formula, where the system isolates submissions
    reasons   a part of each reason
    limits    points under limits only, where they are other than `points`
    wins      what the attack does under limits only, in words of WINS
    even_isolated  what it does under isolation too
    """

    name: str
    tries: str
    answers: dict = field(default_factory=dict)
    first: str = ""
    last: str = ""
    change: Callable | None = None
    make: Callable | None = None
    points: tuple = NONE
    reasons: tuple = ("", "", "")
    limits: tuple | None = None
    wins: frozenset = frozenset()
    even_isolated: frozenset = frozenset()

    @property
    def slug(self):
        """The name as part of a file name."""
        return re.sub(r"\W+", "_", self.name)

    def notebook(self, blank, places):
        """The submitted notebook as JSON, made from the blank."""
        notebook = deepcopy(blank)
        for name, source in self.answers.items():
            cell_of(notebook, f"08-{name}-answer")["source"] = dedent(source).strip("\n")
        first = dedent(self.first)
        text = first + self.last + "".join(self.answers.values())
        if re.search(r"A\[|tell\(|graders\(", text):
            first = PRELUDE.format(places=places | {"me": self.slug}) + first
        if first:
            notebook["cells"].insert(0, code(first))
        if self.last:
            notebook["cells"].append(code(dedent(self.last)))
        if self.change is not None:
            self.change(notebook)
        return notebook

    def write(self, path, blank, places):
        """Hand the submission in as the file `path`, or what it is instead."""
        text = json.dumps(self.notebook(blank, places))
        if self.make is None:
            path.write_text(text, encoding="utf-8")
        else:
            self.make(path, text, places)


def code(source, **metadata):
    """A code cell as JSON."""
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": metadata,
        "outputs": [],
        "source": source.strip("\n"),
    }


def grade_id(cell):
    """The grade id of a cell, or None."""
    return cell["metadata"].get("nbgrader", {}).get("grade_id")


def cell_of(notebook, name):
    """The cell of a notebook (as JSON) that has this grade id."""
    return next(cell for cell in notebook["cells"] if grade_id(cell) == name)


def checks_of(notebook):
    """The check cells of a notebook."""
    return [cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("grade")]
