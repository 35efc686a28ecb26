"""Where the time of a compiled call goes, line by line of the program that was written.

A copy of the program looks at the clock twice after each statement. The time between the two looks
is what looking costs there, and is taken off; of a line quicker than that (about 0.1 µs) a figure
says little.
"""

import ast
import gc
import re
import time
from dataclasses import dataclass
from statistics import median

from adcourse.core.recording import trace
from benchmarks.providers import load
from benchmarks.providers.own import derivative
from benchmarks.stages import improved, written
from benchmarks.timing import race

NUMBERED = re.compile(r"(?<![.\w])(v|t|node|u_)\d+\b")  # names of nodes
BLOCKS = ast.If | ast.For | ast.While | ast.With | ast.Try
BUDGET = 1.0  # seconds


@dataclass
class Line:
    """A line of a program, or lines that differ in the numbers of nodes alone.

    times: how many such lines there are. seconds: what they take together in one call.
    """

    text: str
    times: int
    seconds: float


def profile(task, problem, budget=BUDGET):
    """The Lines of the program for this task, those that take longest first."""
    f, args = derivative(task, problem)
    return timed(*written(improved(trace(f, *args))), args, budget)


def with_call(workload):
    """Seconds of the compiled call, and the Lines of its program."""
    problem = workload.problem()
    call = load("compiled").call(workload.task, problem)
    times = race({"call": call}, rounds=11, budget=BUDGET)
    return times.median("call"), profile(workload.task, problem)


def timed(text, space, args, budget=BUDGET, clock=time.perf_counter):
    """The Lines of this source text, run in this namespace, at these arguments."""
    tree, statements = stamped(text)
    seen = []
    space = space | {"seen_": seen.append, "clock_": clock}
    exec(compile(tree, "<profile>", "exec"), space)
    run, rounds, started = space[tree.body[0].name], [], clock()
    run(*args)
    collecting = gc.isenabled()
    gc.disable()  # each round it would come in at the same line, for which that line cannot help
    try:
        while len(rounds) < 5 or clock() - started < budget:
            seen.clear()
            run(*args)
            rounds.append(between(seen, len(statements)))
    finally:
        if collecting:
            gc.enable()
    return grouped(statements, rounds)


def stamped(text):
    """The program with two looks at the clock at its start and after each statement; these."""
    tree, source, statements = ast.parse(text), text.splitlines(), []

    def look():
        return 2 * ast.parse(f"seen_(({len(statements) - 1}, clock_()))").body

    def watched(body):
        new = []
        for statement in body:
            ends = isinstance(statement, ast.Return)
            if ends:
                (kept,) = ast.parse("result_ = None").body
                kept.value = statement.value or kept.value
                new.append(kept)
            else:
                if isinstance(statement, BLOCKS):
                    for part in ("body", "orelse", "finalbody"):
                        if inside := getattr(statement, part, None):
                            setattr(statement, part, watched(inside))
                new.append(statement)
            statements.append(first_line(statement, source))
            new += look()
            if ends:
                new += ast.parse("return result_").body
        return new

    program = tree.body[0]
    program.body = [*look(), *watched(program.body)]
    return ast.fix_missing_locations(tree), statements


def first_line(statement, source):
    """The statement as it is written, up to the end of its first line."""
    line = source[statement.lineno - 1].encode()
    ends_here = statement.end_lineno == statement.lineno
    return line[statement.col_offset : statement.end_col_offset if ends_here else None].decode()


def between(notes, count):
    """Seconds of each statement in one run, without the looks at the clock."""
    seconds = [0.0] * count
    times = [now for _, now in notes]
    for k, (place, now) in enumerate(notes[2::2], start=1):
        seconds[place] += (now - times[2 * k - 1]) - (times[2 * k + 1] - now)
    return seconds


def grouped(statements, rounds):
    """The Lines: medians over the rounds, and lines of one form together."""
    forms = {}
    for text, seconds in zip(statements, zip(*rounds, strict=True), strict=True):
        forms.setdefault(NUMBERED.sub(r"\1", text), []).append((text, median(seconds)))
    lines = []
    for form, members in forms.items():
        seconds = max(0.0, sum(each for _, each in members))
        text = members[0][0] if len(members) == 1 else form
        lines.append(Line(text, len(members), seconds))
    return sorted(lines, key=lambda line: -line.seconds)


def whole(lines):
    """Seconds of all lines."""
    return sum(line.seconds for line in lines)


def shown(line, most=90):
    """A line of the profile, cut where it is long."""
    text = line.text if len(line.text) <= most else line.text[: most - 1] + "…"
    return f"{line.times} × {text}" if line.times > 1 else text
