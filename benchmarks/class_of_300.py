"""A class of 300, graded by the command: `python -m benchmarks.class_of_300 [--exercise 04]`.

Every submission is made of the exercise's own source: the key, other right answers, wrong answers
of common kinds, blanks, files that are no notebook, late ones, and hostile ones that attack from a
cell of an otherwise known submission. What each must get is known before; the command's marks are
compared with it one by one, and what it took is printed.
"""

import argparse
import csv
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from adcourse.course.build import build, course_root, find_sources, targets
from adcourse.course.release import blank_of
from adcourse.course.sources import grading, is_check, question_of, read_exercise

SIZE = 300
# Cells that attack; each stands before a submission of otherwise blank answers (it must get
# nothing) or after one of right answers (its author keeps what was earned).
FORGING = {
    "patched check": "import adcourse.course as c\nclass Yes:\n"
    "    def __enter__(self): return self\n    def __exit__(self, *_): return True\n"
    "    def that(self, *_): pass\n"
    "c.check = lambda *_: Yes()\nc.show = lambda *_, **__: print('▸ 1')",
    "no errors shown": "get_ipython().showtraceback = lambda *_, **__: None\n"
    "get_ipython().run_cell = lambda *_, **__: None",
    "equal to everything": "class All:\n    def __eq__(self, other): return True\n"
    "    def __getattr__(self, name): return self\n    def __call__(self, *a, **k): return self\n"
    "import numpy\nnumpy.isclose = numpy.allclose = lambda *_, **__: numpy.True_",
    "shown by hand": "from IPython.display import display\n"
    "display({'text/plain': '▸ 1', 'application/vnd.adcourse.show+json': {'digits': 6}}, raw=True)",
}
ENDING = {
    "os._exit": "import os\nos._exit(0)",
    "segfault": "import ctypes\nctypes.string_at(0)",
    "endless loop": "while True:\n    pass",
    "fork storm": "import os\nfor _ in range(500):\n    if os.fork() == 0:\n        os.fork()\n"
    "        while True: pass",
    "memory": "x = bytearray(64 << 30)",
    "100 MB of output": "print('x' * 100_000_000)",
    "kill them all": "import os, signal\nos.kill(-1, signal.SIGKILL)",
    "left behind": "from threading import Thread\nfrom time import sleep\n"
    "Thread(target=sleep, args=(9999,)).start()",
}


def classroom(notebook, cases, rng, size=SIZE):
    """Triples (kind, notebook or bytes, question → the share of its points that it must earn)."""
    blank, checks = (
        blank_of(notebook),
        [grading(c)["grade_id"] for c in notebook.cells if is_check(c)],
    )
    key = {f"{name}-answer": "" for name in checks}
    key |= {
        grading(c)["grade_id"]: c.source
        for c in notebook.cells
        if grading(c).get("grade_id") in key
    }
    ways = {name: [key[f"{name}-answer"]] for name in checks}
    slips = {name: [] for name in checks}
    for case in cases:
        (ways if case.kind == "right" else slips)[case.question].append(
            case.answer(key[f"{case.question}-answer"])
        )
    everything, nothing = dict.fromkeys(checks, 1), dict.fromkeys(checks, 0)

    def filled(answers, first=None, last=None):
        copy = json.loads(json.dumps(blank))
        for cell in copy["cells"]:
            cell["source"] = answers.get(grading(cell).get("grade_id"), cell["source"])
        copy["cells"] = [*extra(first), *copy["cells"], *extra(last)]
        return copy

    def right():
        return {f"{name}-answer": rng.choice(ways[name]) for name in checks}

    for number in range(size):
        share = number / size
        if share < 0.35:
            yield "right", filled(right()), everything
        elif share < 0.75:
            wrong = rng.sample(checks, rng.randint(1, len(checks) // 2))
            answers = right() | {f"{name}-answer": rng.choice(slips[name]) for name in wrong}
            yield "wrong in known ways", filled(answers), everything | dict.fromkeys(wrong, 0)
        elif share < 0.80:
            yield "blank", filled({}), nothing
        elif share < 0.84:
            junk = rng.choice([b"", b"{", b"\xff\xfe\x00", b'{"nbformat": 4}', b"PK\x03\x04 no"])
            yield "no notebook", junk, nothing
        elif share < 0.92:
            yield "forging", filled({}, first=rng.choice(list(FORGING.values()))), nothing
        else:
            attack = rng.choice(list(ENDING.values()))
            yield "ending", filled(right(), last=attack), everything


def extra(source):
    """A list of one code cell of the student's own, or of none."""
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    return [] if source is None else [cell | {"source": source, "id": f"own-{len(source)}"}]


def main(argv=None):
    options = arguments(argv)
    (source,) = find_sources(course_root(), [options.exercise], parts=("exercises",))
    build(source)
    rng = random.Random(options.seed)
    students = list(classroom(*read_exercise(source), rng, options.size))
    rng.shuffle(students)  # neighbours of every kind
    with tempfile.TemporaryDirectory() as folder:
        wanted = hand_in(students, Path(folder, "in"), source.stem)
        rows, seconds = graded(source, Path(folder), options.more)
    wrong = [
        f"{student} ({kind}), {question_of(name)}: {row['points']} points, {row['reason']}"
        for student, (kind, shares) in wanted.items()
        for name, share in shares.items()
        for row in [rows[student, question_of(name)]]
        if row["points"] == "" or float(row["points"]) != share * float(row["max_points"])
    ]
    kinds = Counter(kind for kind, _ in wanted.values())
    total = sum(len(shares) for _, shares in wanted.values())
    print(*wrong, sep="\n")
    print(", ".join(f"{count} {kind}" for kind, count in kinds.items()))
    print(f"{total - len(wrong)} of {total} marks as expected")
    print(f"{seconds:.1f} s for {len(wanted)} submissions")
    return 1 if wrong else 0


def hand_in(students, folder, exercise):
    """Write a folder as Canvas hands it out; returns student → (kind, shares of the points)."""
    folder.mkdir()
    wanted = {}
    for number, (kind, content, shares) in enumerate(students):
        late = "_LATE" if number % 17 == 0 else ""
        name = f"student{number:03}{late}_{1000 + number}_{9000 + number}_{exercise}.ipynb"
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        (folder / name).write_bytes(data)
        wanted[f"student{number:03}"] = kind, shares
    return wanted


def graded(source, folder, more):
    """Grade by the command: (student, question) → row of the exported table, and the seconds."""
    store, table = str(folder / "grades.sqlite"), folder / "grades.csv"
    command = [sys.executable, "-m", "adcourse", "grade", source.stem, str(folder / "in")]
    command += ["--key", str(targets(source)[0]), "--store", store, *more]
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True)
    seconds = time.perf_counter() - start
    print(done.stdout if done.returncode == 0 else done.stdout + done.stderr)
    export = [sys.executable, "-m", "adcourse", "export", "--out", str(table), "--store", store]
    subprocess.run(export, check=True, capture_output=True)
    with table.open(encoding="utf-8", newline="") as file:
        return {(row["student"], row["question"]): row for row in csv.DictReader(file)}, seconds


def arguments(argv):
    parser = argparse.ArgumentParser("python -m benchmarks.class_of_300", description=__doc__)
    parser.add_argument("--exercise", default="04", help="such as 04")
    parser.add_argument("--size", type=int, default=SIZE, help="submissions (default: 300)")
    parser.add_argument("--seed", type=int, default=0, help="which class is drawn")
    parser.add_argument("more", nargs="*", help="after --: further options of `adcourse grade`")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
