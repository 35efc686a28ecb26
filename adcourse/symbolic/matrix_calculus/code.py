"""Expressions as NumPy programs: vectors are 1-d, systems are solved and never inverted.

Every value gets its line where it is used more than once or stands inside a function of entries.
"""

import re
from collections import Counter
from keyword import iskeyword

import sympy
from sympy.printing.numpy import NumPyPrinter

from adcourse.symbolic.matrix_calculus import expressions as e
from adcourse.symbolic.matrix_calculus.forms import mul, transpose
from adcourse.symbolic.matrix_calculus.printing import inner_square, sigmoid
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


class Numbers(NumPyPrinter):
    """SymPy's printer of NumPy code, with the prefix that everyone writes."""

    def __init__(self):
        super().__init__({"fully_qualified_modules": True})

    def doprint(self, s):
        return super().doprint(s).replace("numpy.", "np.")

    def _print_sigmoid(self, s):
        return f"1/(1 + numpy.exp(-({self._print(s.args[0])})))"

    def _print_Max(self, s):
        return self.nested("numpy.maximum", s.args)

    def _print_Min(self, s):
        return self.nested("numpy.minimum", s.args)

    def nested(self, name, args):
        first, *rest = args
        if not rest:
            return self._print(first)
        return f"{name}({self._print(first)}, {self.nested(name, rest)})"


class Writer:
    """Lines of one function, and the names that values have there."""

    def __init__(self, arguments, results):
        self.results = results
        self.lines, self.imports = [], []
        self.names = {}
        self.values = {}  # constants of the program, by name
        for a in arguments:
            self.names[a] = self.free(a.name)
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

    # kinds

    def of_Sym(self, a):
        name = self.free(a.name)
        self.names[a] = name
        self.values[name] = a.value if a.shape[1] != 1 else a.value[:, 0]
        return name

    def of_Eye(self, a):
        return f"np.eye({self.size(a.shape[0])})"

    def of_Ones(self, a):
        return self.filled("ones", a.shape)

    def of_Zero(self, a):
        return self.filled("zeros", a.shape)

    def filled(self, what, shape):
        sizes = [self.size(n) for n in shape if n != 1]
        inside = sizes[0] if len(sizes) == 1 else f"({', '.join(sizes)})"
        return f"np.{what}({inside})"

    def of_Sum(self, a):
        parts = [self.write(term) for term in a.operands]
        parts.sort(key=lambda part: part.startswith("(-"))
        out = parts[0]
        for part in parts[1:]:
            inside = stripped(part)
            out += f" - {inside[1:]}" if inside.startswith("-") else f" + {part}"
        return f"({out})"

    def of_Scale(self, a):
        number, inside = a.number, self.write(a.matrix)
        if number == -1:
            return f"(-{inside})"
        up, down = sympy.fraction(number)
        text = inside if up == 1 else f"{bracketed(self.number(up))} * {inside}"
        text = f"-{inside}" if up == -1 else text
        return f"({text})" if down == 1 else f"({text} / {bracketed(self.number(down))})"

    def of_T(self, a):
        inside = self.write(a.operands[0])
        return inside if 1 in a.shape else f"{inside}.T"

    def of_Inv(self, a):
        inside = a.operands[0]
        return f"np.linalg.solve({stripped(self.write(inside))}, np.eye({self.size(a.shape[0])}))"

    def of_Product(self, a):
        return self.product(a.operands)

    def product(self, factors):
        """A B C … from the side where vectors stand, so that matrices meet vectors first."""
        if len(factors) == 1:
            return self.write(factors[0])
        whole = mul(*factors)
        if whole in self.names:
            return self.names[whole]
        first, last, rows, columns = factors[0], factors[-1], *whole.shape
        for k in range(len(factors) - 1):
            if factors[k].shape[1] == 1:  # a column times a row
                left, right = self.product(factors[: k + 1]), self.product(factors[k + 1 :])
                if 1 in (rows, columns):
                    return f"({left} * {right})"
                return f"np.outer({stripped(left)}, {stripped(right)})"
        if columns == 1 and not (rows == 1 and isinstance(last, e.Ones)):
            return self.applied(first, self.product(factors[1:]), rows == 1)
        if rows == 1:
            return self.applied(transpose(last), self.product(factors[:-1]), columns == 1)
        if isinstance(first, e.Diag):
            return f"({self.write(first.operands[0])}[:, None] * {self.product(factors[1:])})"
        if isinstance(last, e.Diag):
            return f"({self.product(factors[:-1])} * {self.write(last.operands[0])})"
        if isinstance(first, e.Inv):
            system = stripped(self.write(first.operands[0]))
            return f"np.linalg.solve({system}, {stripped(self.product(factors[1:]))})"
        if isinstance(last, e.Inv):
            system = stripped(self.write(transpose(last.operands[0])))
            return f"np.linalg.solve({system}, {self.product(factors[:-1])}.T).T"
        return f"({self.write(first)} @ {unchained(self.product(factors[1:]))})"

    def applied(self, a, vector, is_row):
        """A matrix times a vector, or a row times a column."""
        if isinstance(a, e.Inv):
            return f"np.linalg.solve({stripped(self.write(a.operands[0]))}, {stripped(vector)})"
        if isinstance(a, e.Ones) and is_row:
            return f"np.sum({stripped(vector)})"
        if isinstance(a, e.Diag):
            return f"({self.write(a.operands[0])} * {vector})"
        return f"({self.write(a)} @ {vector})"

    def of_Ew(self, a):
        slots = e.slots(len(a.operands))
        named = {}
        for slot, operand in zip(slots, a.operands, strict=True):
            text = self.write(operand)
            if not text.isidentifier() and a.formula.count(slot) > 1:
                text = self.line(operand, stripped(text))
            named[slot] = sympy.Symbol(text)
        inner = {atom: sympy.Symbol(self.atom(atom)) for atom in atoms(a.formula)}
        inner |= {t: sympy.Symbol(self.names[t]) for t in a.formula.free_symbols if t in self.names}
        return f"({self.numbers.doprint(a.formula.xreplace(named | inner))})"

    def of_Diag(self, a):
        return f"np.diag({stripped(self.write(a.operands[0]))})"

    of_DiagPart = of_Diag

    def of_Kron(self, a):
        left, right = (stripped(self.write(b)) for b in a.operands)
        return f"np.kron({left}, {right})"

    def of_BlockTrace(self, a):
        g, other = a.operands
        (m, n), (p, q) = (other.shape, a.shape) if a.data[0] else (a.shape, other.shape)
        shape = ", ".join(self.size(k) for k in (m, p, n, q))
        how = "iajb,ij->ab" if a.data[0] else "iajb,ab->ij"
        blocks = f"np.reshape({stripped(self.write(g))}, ({shape}))"
        return f'np.einsum("{how}", {blocks}, {stripped(self.write(other))})'

    def of_Sylvester(self, a):
        self.imported("from scipy.linalg import solve_sylvester")
        return f"solve_sylvester({', '.join(stripped(self.write(b)) for b in a.operands)})"

    def of_Solution(self, a):
        left, right = (stripped(self.write(b)) for b in a.operands)
        self.line(a, f"np.linalg.solve({left}, {right})", a.name)

    def of_Spectral(self, a):
        w = a.operands[0]
        inside = stripped(self.write(w))
        if a.part == "L":
            return f"np.linalg.cholesky({inside})"
        together = "wQ" if a.part in "wQ" else "UsV"
        names = [self.free(letter) for letter in together]
        for letter, name in zip(together, names, strict=True):
            self.names[e.Spectral(w, letter)] = name
        if together == "wQ":
            self.lines.append(f"{', '.join(names)} = np.linalg.eigh({inside})")
        else:
            U, s, V = names
            self.lines.append(f"{U}, {s}, {V} = np.linalg.svd({inside}, full_matrices=False)")
            self.lines.append(f"{V} = {V}.T")

    def of_Gaps(self, a):
        w = self.write(a.operands[0])
        w = w if a.data[0] == 1 else self.line(("squares", a), f"{w} ** 2", "squares")
        eye = f"np.eye({self.size(a.shape[0])})"
        self.line(a, f"1 / ({w} - {w}[:, None] + {eye}) - {eye}", "F")

    def of_Softmax(self, a):
        inside = stripped(self.write(a.operands[0]))
        if a.shape[1] == 1:
            powers = self.line(("powers", a), f"np.exp({inside} - np.max({inside}))", "powers")
            self.line(a, f"{powers} / np.sum({powers})", "p")
        else:
            shift = f"np.max({inside}, axis={a.axis}, keepdims=True)"
            powers = self.line(("powers", a), f"np.exp({inside} - {shift})", "powers")
            self.line(a, f"{powers} / np.sum({powers}, axis={a.axis}, keepdims=True)", "P")

    def of_Half(self, a):
        inside = self.line(a.operands[0], stripped(self.write(a.operands[0])))
        return f"(np.tril({inside}) - np.diag(np.diag({inside})) / 2)"

    def imported(self, line):
        if line not in self.imports:
            self.imports.append(line)


def stripped(text):
    """Source without brackets round all of it."""
    if not (text.startswith("(") and text.endswith(")")):
        return text
    depth = 0
    for k, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if depth == 0 and k < len(text) - 1:
            return text
    return text[1:-1]


def bracketed(text):
    """Source that can stand beside an operator."""
    depth = 0
    for letter in text:
        depth += (letter in "([") - (letter in ")]")
        if depth == 0 and letter in " +-*/@":
            return f"({text})"
    return text


def unchained(text):
    """The right factor of a product of matrices: A @ (B @ C) needs no brackets."""
    inside = stripped(text)
    return inside if re.fullmatch(r"[\w.@ ]+", inside) else text


def is_length(s):
    return s.is_Pow and s.exp.is_Rational and s.exp.q == 2 and inner_square(s.base) is not None


def length_symbol(writer, s):
    a = inner_square(s.base)
    length = sympy.Symbol(f"np.linalg.norm({stripped(writer.write(a))})", positive=True)
    return length**s.exp.p


__all__ = ["Writer", "code", "sigmoid"]
