"""What the passes did to a program, as a table to read."""

from math import prod

import numpy as np

from adcourse.compiling.memory import is_array
from adcourse.compiling.passes.blocks import BLOCK, runs


class Explanation:
    """`print(compiled.explain())`: a line for each pass, and what the spelling saves.

    `steps` are the passes that changed the program, each with its `name`, `purpose` and `source()`.
    """

    def __init__(self, program):
        self.program = program
        self.steps = [step for step in program.steps if step.after is not step.before]

    def rows(self):
        """(pass, steps, entries, what it is for) after each pass that changed the program."""
        graph = self.program.graph
        yield "trace", len(graph.nodes), entries(graph), "Record one run of the function."
        for step in self.steps:
            yield step.name, len(step.after.nodes), entries(step.after), step.purpose

    def idle(self):
        """The names of the passes that found nothing to do."""
        return [step.name for step in self.program.steps if step.after is step.before]

    def spelling(self):
        """Sentences on what the quick spelling saves."""
        memory, nodes = self.program.memory, self.program.optimised.nodes
        arrays = [node for node in nodes if is_array(node)]
        taken = [node for node, donor in memory.donor.items() if donor is not None]
        floats = [node for node in nodes if node.value.__class__ is float]
        if taken:
            yield f"{len(taken)} of {len(arrays)} arrays are written over dead ones"
        pieces = runs(self.program.optimised, memory.added).values()
        if pieces:
            yield f"{sum(map(len, pieces))} steps are done in blocks of {BLOCK} entries"
        if memory.added:
            yield f"{counted(len(memory.added), 'scattered array')} added in place"
        if memory.forgotten:
            forgotten = sum(map(len, memory.forgotten.values()))
            yield f"{counted(forgotten, 'array')} forgotten early"
        if floats:
            yield f"{counted(len(floats), 'number')} computed with Python's floats"

    def __repr__(self):
        lines = [f"{'pass':<14}{'steps':>7}{'entries':>12}  what it does"]
        lines += [
            f"{name:<14}{steps:>7}{size:>12}  {purpose}"
            for name, steps, size, purpose in self.rows()
        ]
        if self.idle():
            lines.append(f"nothing to do: {', '.join(self.idle())}")
        return "\n".join([*lines, *(f"{words}." for words in self.spelling())])


def counted(n, things):
    return f"1 {things} is" if n == 1 else f"{n} {things}s are"


def entries(graph):
    """How many numbers a program computes, one for each entry of each array."""
    return sum(prod(np.shape(part)) for node in graph.nodes for part in parts_of(node.value))


def parts_of(value):
    return value if isinstance(value, tuple) else (value,)
