"""The quick spelling of a program: what NumPy does soonest, where both spell the same numbers.

Floats are computed with `math`, which needs no array (for an argument that `math` refuses the plain
spelling runs). Arrays take over dead arrays, views are made by methods.
"""

import math
from itertools import count

import numpy as np

from adcourse.compiling.memory import IN_PLACE, Memory, by_operator, scatters
from adcourse.compiling.passes.blocks import BLOCK, runs
from adcourse.compiling.passes.identities import axes_of
from adcourse.compiling.source import INFIX, called, expression, head, noted, result_of
from adcourse.compiling.spelling import Name, Space, argument, constant, index_text, result
from adcourse.core.errors import BranchChanged
from adcourse.core.graph import Node
from adcourse.core.primitive import shape_of

MATH = {np.power: "math.pow({}, {})"} | {
    function: f"math.{name}({{}})"
    for name, function in {
        "sin": np.sin, "cos": np.cos, "tan": np.tan, "sqrt": np.sqrt, "exp": np.exp,
        "log": np.log, "tanh": np.tanh, "sinh": np.sinh, "cosh": np.cosh, "atan": np.arctan,
        "asin": np.arcsin, "acos": np.arccos, "log1p": np.log1p, "expm1": np.expm1,
        "log2": np.log2, "log10": np.log10, "asinh": np.arcsinh, "acosh": np.arccosh,
        "atanh": np.arctanh, "atan2": np.arctan2, "hypot": np.hypot, "fabs": np.absolute,
    }.items()
}  # fmt: skip
MATH |= {np.arctan2: "math.atan2({}, {})", np.hypot: "math.hypot({}, {})"}


def uses_floats(graph):
    """Whether the program computes with Python's floats, whose errors NumPy does not raise."""
    return any(node.value.__class__ is float for node in graph.nodes)


class Writer:
    """The lines of one program, and the names that values have in it."""

    def __init__(self, graph):
        self.graph = graph
        self.memory = Memory(graph)
        self.space = Space(graph, math=math, other_branch=other_branch)
        self.names = {}  # of nodes that took over an array, and with it its name
        self.start, self.part = self.space.free("start"), self.space.free("part")  # of blocks
        self.count = count(1)
        self.users = graph.users()
        self.results = {o for o in graph.outputs if o.__class__ is Node}
        self.asked = {a for node in graph.nodes for a in node.parents}
        self.asked.update(o for o in graph.outputs if o.__class__ is Node)
        self.numbers = {}  # text of a number -> the name of the array of no axes that holds it

    def text(self):
        graph, lines = self.graph, []
        guarded = {}
        for node, answer in graph.guards:
            guarded.setdefault(node, []).append(answer)
        pieces, inside = runs(graph, self.memory.added), set()
        for node in (*graph.inputs, *graph.nodes):
            if node in pieces:
                lines += self.in_blocks(pieces[node])
                inside.update(pieces[node])
            if node in inside:
                continue
            if node.primitive is not None:
                lines += self.statement(node)
            for answer in guarded.get(node, ()):
                lines.append(self.guard(self.name(node), answer))
            for dead in self.memory.forgotten.get(node, ()):
                lines.append(f"del {self.name(dead)}")
        leaves = [self.output(place, o) for place, o in enumerate(graph.outputs)]
        named = [f"# {name} = {text}" for text, name in self.numbers.items()]
        returned = result_of(graph, leaves, self.space)
        body = [*noted(self.space), *named, *lines, f"return {returned}"]
        return "\n".join([head(self.space), *(f"    {line}" for line in body)])

    def name(self, node):
        return self.names.get(node) or self.space.written(node)

    def spelled(self, a):
        return self.name(a) if a.__class__ is Node else constant(a, self.space)

    def guard(self, name, answer):
        if answer is True or answer is False:
            return f"if {'not ' if answer else ''}{name}: other_branch({answer})"
        return f"if {name} != {answer}: other_branch({answer})"

    def output(self, place, o):
        if place in self.memory.copied:
            return Name(f"{self.spelled(o)}.copy()")
        return Name(self.name(o) if o.__class__ is Node else result(o, self.space))

    def statement(self, node, block=None):
        """The lines that compute a node; in a block of nodes only these are written over."""
        if node in self.memory.unmade:
            return []
        if node in self.memory.added:
            return self.added(node)
        function = node.primitive.numpy
        args = [
            self.name(a) if a.__class__ is Node else self.constant_beside(a, node)
            for a in node.args
        ]
        if node.value.__class__ is float:
            return [f"{node.name} = {self.number(node, function, args)}"]
        donor = self.memory.donor.get(node)
        if donor is not None and (block is None or donor in block):
            return [self.into(node, function, args, donor)]
        if scatters(node):
            return self.scattered(node, args[0])
        return [f"{node.name} = {self.value(node, function, args)}"]

    def in_blocks(self, run):
        """A loop over blocks of long arrays, in which the run's own arrays are short.

        What comes from outside is read there, what is needed later is written to a whole array.
        """
        mine, first, names = set(run), run[0].value, dict(self.names)
        before, after, helpers = [], [], []  # names that would keep arrays alive
        loop = [f"{self.part} = slice({self.start}, {self.start} + {BLOCK})"]
        for a in dict.fromkeys(a for node in run for a in node.parents if a not in mine):
            if shape_of(a.value) == ():
                continue
            whole, piece = self.name(a), self.space.free(f"part{next(self.count)}")
            if first.ndim > 1:
                whole = self.space.free(f"flat{next(self.count)}")
                before.append(f"{whole} = {self.name(a)}.reshape(-1)")
                helpers.append(whole)
            loop.append(f"{piece} = {whole}[{self.part}]")
            self.names[a] = piece
            helpers.append(piece)
        for node in run:
            loop += self.statement(node, mine)
            if node in self.results or not mine.issuperset(self.users[node]):
                whole = self.space.free(f"whole{next(self.count)}")
                dtype = "" if node.value.dtype == np.float64 else f", np.{node.value.dtype.name}"
                before.append(f"{whole} = np.empty({first.size}{dtype})")
                loop.append(f"{whole}[{self.part}] = {self.name(node)}")
                shape = f".reshape({first.shape})" if first.ndim > 1 else ""
                after.append(f"{node.name} = {whole}{shape}")
                helpers.append(whole)
                names[node] = node.name
        self.names = names
        gone = {a for node in run for a in self.memory.forgotten.get(node, ())} - mine
        gone |= {self.memory.donor[node] for node in run if self.memory.donor.get(node)} - mine
        after.append(f"del {', '.join([*helpers, *sorted(map(self.name, gone))])}")
        head = f"for {self.start} in range(0, {first.size}, {BLOCK}):"
        return [*before, head, *(f"    {line}" for line in loop), *after]

    def number(self, node, function, args):
        """A float: by Python's operators and `math`."""
        if function in MATH and all(scalar(a) for a in node.args):
            return MATH[function].format(*args)
        if function in INFIX and all(scalar(a) for a in node.args):
            return INFIX[function].format(*args)
        return f"float({self.value(node, function, args)})"

    def into(self, node, function, args, donor):
        """An array in the place of a dead one, which gives it its name."""
        place = self.names[node] = self.name(donor)
        if by_operator(node, donor):
            other = args[1] if node.args[0] is donor else args[0]
            return f"{place} {IN_PLACE[function]} {other}"
        return f"{called(node.primitive, self.space)}({', '.join(args)}, out={place})"

    def added(self, node):
        """An array to which the entries of another one are added at an index."""
        whole, part = self.memory.added[node]
        lines, place = [], node.name
        if node in self.memory.donor:
            place = self.names[node] = self.name(whole)
        else:
            lines = [f"{place} = {self.spelled(whole)}.copy()"]
        index = index_text(part.params["index"], self.space)
        sign = IN_PLACE[node.primitive.numpy]
        return [*lines, f"{place}[{index}] {sign} {self.spelled(part.args[0])}"]

    def value(self, node, function, args):
        """An expression; methods where NumPy's functions only call them."""
        first = node.args[0]
        if function in INFIX and node in self.asked and all(map(scalar, node.args)):
            # Python's floats compared give no NumPy number to compute with.
            return f"{node.primitive.name}({', '.join(args)})"
        if first.__class__ is Node and isinstance(first.value, np.ndarray):
            if function is np.transpose:
                axes = axes_of(node, first.value.ndim)
                if axes == tuple(range(first.value.ndim))[::-1]:
                    return f"{args[0]}.T"
                return f"{args[0]}.transpose({axes})"
            if function is np.sum:
                return f"{args[0]}.sum({sum_options(node.params)})"
            if function is np.reshape and node.params.get("order") in (None, "C"):
                return f"{args[0]}.reshape({node.value.shape})"
        return expression(node, self.space, args)

    def scattered(self, node, entries):
        """Zeros with some entries set."""
        dtype = "" if node.value.dtype == np.float64 else f", np.{node.value.dtype.name}"
        index = index_text(node.params["index"], self.space)
        zeros = f"np.zeros({node.value.shape}{dtype})"
        return [f"{node.name} = {zeros}", f"{node.name}[{index}] = {entries}"]

    def constant_beside(self, a, node):
        """A constant; a number is made once and not in each call, where it is one of NumPy's.

        Where it meets float64 arrays it is an array of no axes, which NumPy takes soonest.
        """
        text = argument(a, node, self.space)
        if a.__class__ in (int, float, np.float64) and meets_doubles(node):
            text, a = constant(float(a), self.space), np.array(float(a))
        elif a.__class__ in (int, float) or np.ndim(a) or not text.startswith("np."):
            return text
        if text not in self.numbers:
            self.numbers[text] = self.space.numbered(a, "k")
        return self.numbers[text]


def meets_doubles(node):
    """Whether a node is arithmetic, entry by entry, of float64 arrays."""
    return (
        node.primitive.numpy in INFIX  # another function may ask for whole numbers
        and node.primitive.numpy is not np.power  # which is quick for exponents it can see
        and isinstance(node.value, np.ndarray)
        and node.value.ndim > 0
        and all(getattr(a.value, "dtype", None) == np.float64 for a in node.parents)
    )


def sum_options(params):
    """Axis and keepdims of a sum, without what NumPy takes anyway."""
    axis = params.get("axis")
    if isinstance(axis, tuple) and len(axis) == 1:
        axis = axis[0]
    parts = [] if axis is None else [f"axis={axis}"]
    return ", ".join(parts + ["keepdims=True"] * bool(params.get("keepdims")))


def scalar(a):
    value = a.value if a.__class__ is Node else a
    return isinstance(value, float | int) and not isinstance(value, np.generic)


def other_branch(recorded):
    """Stop a program that is not the one that this point needs."""
    raise BranchChanged(
        f"This program was recorded where a condition is {recorded}, and here it is not. Trace it "
        "again at this point."
    )
