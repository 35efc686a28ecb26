"""Expressions as NumPy programs: vectors are 1-d, systems are solved and never inverted.

Every value gets its line where it is used more than once or stands inside a function of entries.
"""

import re
from collections import Counter
from keyword import iskeyword

import sympy

from adcourse.symbolic.matrix_calculus import expressions as e
from adcourse.symbolic.matrix_calculus.code_kinds import Kinds
from adcourse.symbolic.matrix_calculus.forms import mul, transpose
from adcourse.symbolic.matrix_calculus.numpy_text import Numbers, bracketed, stripped
from adcourse.symbolic.matrix_calculus.recognise import inner_square
from adcourse.symbolic.matrix_calculus.scalars import Atom, atoms


def code(name, arguments, result):
    """Source of a function `name` of these symbols whose result is a matrix, a number or a tuple.

    >>> from adcourse.symbolic.matrix_calculus import matrix, vector
    >>> A, x, b = matrix("A", "m", "n"), vector("x", "n"), vector("b", "m")
    >>> print(code("gradient", (A, x, b), A.T @ (A @ x - b)))
    def gradient(A, x, b):
        return A.T @ (A @ x - b)
    """
    writer = Writer(arguments, result if isinstance(result, tuple) else (result,))
    results = [writer.outermost(r) for r in writer.results]
    head = f"def {name}({', '.join(writer.names[a] for a in arguments)}):"
    lines = [*writer.imports, *writer.lines, f"return {', '.join(results)}"]
    return "\n".join([head, *(f"    {line}" for line in lines)])


class Writer(Kinds):
    """Lines of one function, and the names that values have there."""

    def __init__(self, arguments, results):
        self.arguments, self.results = arguments, results
        self.lines, self.imports = [], []
        self.names = {}
        self.values = {}  # constants of the program, by name
        for a in arguments:
            self.names[a] = self.free(name_of(a))
        self.uses = Counter()
        for result in results:
            self.count(result)
        self.numbers = Numbers()

    def free(self, name):
        """A Python name that is not taken."""
        name = re.sub(r"\W", "_", name).strip("_") or "v"
        while iskeyword(name) or name in ("np", *self.names.values()):
            name += "_"
        return name

    def count(self, a):
        """How often each part is used."""
        self.uses[a] += 1
        if self.uses[a] > 1:
            return
        if isinstance(a, e.Expression):
            for operand in a.operands:
                self.count(operand)
            if isinstance(a, e.Scale | e.Ew):
                self.count(a.data[0])
        elif isinstance(a, Atom):
            self.count(a.argument)
        else:
            for atom in atoms(sympy.sympify(a)):
                self.count(atom)

    def line(self, a, text, name=None):
        """Give a value a line and a name."""
        if name is None:
            k = 1 + sum(n.startswith("v") and n[1:].isdigit() for n in self.names.values())
            name = f"v{k}"
        name = self.free(name)
        self.names[a] = name
        self.lines.append(f"{name} = {text}")
        return name

    def outermost(self, a):
        return stripped(self.write(a) if isinstance(a, e.Expression) else self.number(a))

    def write(self, a):
        """Source of a value, in brackets unless it is a name, a call, or an attribute."""
        if a in self.names:
            return self.names[a]
        text = getattr(self, f"of_{type(a).__name__}")(a)
        if a in self.names:  # it gave itself a line
            return self.names[a]
        shared = self.uses[a] > 1 and a.operands and not isinstance(a, e.T)
        return self.line(a, stripped(text)) if shared else text

    def number(self, s):
        """Source of a number."""
        s = sympy.sympify(s)
        s = s.replace(is_length, lambda p: length_symbol(self, p)) if s.has(sympy.Pow) else s
        found = {atom: sympy.Symbol(self.atom(atom)) for atom in atoms(s)}
        found |= {t: sympy.Symbol(self.names[t]) for t in s.free_symbols if t in self.names}
        return self.numbers.doprint(s.xreplace(found))

    def atom(self, s):
        if s in self.names:
            return self.names[s]
        a = s.argument
        if s.operator == "det" and isinstance(a, e.Diag):
            text = f"np.prod({stripped(self.write(a.operands[0]))})"
        elif s.operator == "det":
            text = f"np.linalg.det({stripped(self.write(a))})"
        elif s.operator == "logdet":
            text = f"np.linalg.slogdet({stripped(self.write(a))})[1]"
        else:
            text = self.trace(a)
        return self.line(s, text) if self.uses[s] > 1 else bracketed(text)

    def trace(self, a):
        if a.shape == (1, 1):
            return stripped(self.write(a))
        squared = inner_square(Atom("tr", a))
        if squared is not None:
            return f"np.sum({self.write(squared)} ** 2)"
        if isinstance(a, e.Product):
            left, right = transpose(a.operands[0]), mul(*a.operands[1:])
            return f"np.sum({self.write(left)} * {self.write(right)})"
        return f"np.trace({stripped(self.write(a))})"

    def size(self, n):
        """A number of rows or columns: an int, or the shape of an argument."""
        if isinstance(n, int):
            return str(n)
        for a, name in self.names.items():
            if isinstance(a, e.Sym) and n in a.shape:
                axis = a.shape.index(n)
                return f"len({name})" if axis == 0 else f"{name}.shape[{axis}]"
        raise KeyError(n)


def name_of(a):
    """The name of an argument: of a symbol, or of the differential of one."""
    if isinstance(a, e.D):
        return f"d{a.operands[0].name}"
    return f"d{a.argument.name}" if isinstance(a, Atom) else a.name


def is_length(s):
    return s.is_Pow and s.exp.is_Rational and s.exp.q == 2 and inner_square(s.base) is not None


def length_symbol(writer, s):
    a = inner_square(s.base)
    length = sympy.Symbol(f"np.linalg.norm({stripped(writer.write(a))})", positive=True)
    return length**s.exp.p
