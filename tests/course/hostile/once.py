"""One run by hand: `python -m tests.course.hostile.once OPTIONS -- NAME…` prints what happened."""

import sys

from .arena import Arena
from .corpus import CORPUS
from .entry import QUESTIONS


def main(arguments):
    at = arguments.index("--") if "--" in arguments else len(arguments)
    options, names = arguments[:at], arguments[at + 1 :]
    entries = [e for e in CORPUS if not names or any(name in e.slug for name in names)]
    arena = Arena()
    try:
        arena.hand_in(entries)
        done = arena.grade(*options, seconds=1800)
        print(done.returncode, f"{arena.seconds:.0f} s", "left:", arena.left)
        print(done.stdout.decode())
        tail = [line for line in done.stderr.decode().splitlines() if "submission/s" not in line]
        print("\n".join(tail[-(2 * len(entries) + 30):]))
        marks = arena.marks()
        for entry in entries:
            rows = [marks.get((arena.students[entry.slug], q), (-1, "NO ROW")) for q in QUESTIONS]
            points = tuple(row[0] for row in rows)
            fine = points == entry.points
            print("  " if fine else "✘ ", entry.slug, points, entry.points, arena.touched(entry))
            for (_, reason), part in zip(rows, entry.reasons, strict=True):
                print("        ", "  " if part in reason else "✘ ", repr(reason[:150]), part)
        for student in arena.neighbours():
            rows = [marks.get((student, q), (-1, "NO ROW")) for q in QUESTIONS]
            if [row[0] for row in rows] != [2, 3, 1]:
                print("✘ ", student, rows)
    finally:
        arena.close()


main(sys.argv[1:])
