"""Each kind of expression as NumPy source; the Writer of code.py keeps lines and names."""

import sympy

from adcourse.symbolic.matrix_calculus import expressions as e
from adcourse.symbolic.matrix_calculus.forms import mul, transpose
from adcourse.symbolic.matrix_calculus.numpy_text import as_term, bracketed, stripped, unchained
from adcourse.symbolic.matrix_calculus.printing import LONGEST
from adcourse.symbolic.matrix_calculus.scalars import atoms


class Kinds:
    """One method for each kind; each gives source that can stand beside an operator."""

    def of_Sym(self, a):
        name = self.free(a.name)
        self.names[a] = name
        self.values[name] = a.value if a.shape[1] != 1 else a.value[:, 0]
        return name

    def of_Eye(self, a):
        return "1.0" if a.shape == (1, 1) else f"np.eye({self.size(a.shape[0])})"

    def of_Ones(self, a):
        return self.filled("ones", a.shape)

    def of_Zero(self, a):
        return self.filled("zeros", a.shape)

    def filled(self, what, shape):
        sizes = [self.size(n) for n in shape if n != 1]
        inside = sizes[0] if len(sizes) == 1 else f"({', '.join(sizes)})"
        return f"np.{what}({inside})"

    def of_Sum(self, a):
        parts = [as_term(self.write(term)) for term in a.operands]
        parts.sort(key=lambda part: part.startswith("-"))
        out = parts[0]
        for part in parts[1:]:
            out += f" - {part[1:]}" if part.startswith("-") else f" + {part}"
        return f"({out})"

    def of_Scale(self, a):
        number, inside = a.number, self.write(a.matrix)
        minus = "-" if number.could_extract_minus_sign() else ""
        number = -number if minus else number
        up, down = sympy.fraction(number)
        if down.is_Integer and down > LONGEST:  # a float of the program
            up, down = number, sympy.S.One
        front = str(up) if up.is_Integer else bracketed(self.number(up))
        text = minus + (inside if up == 1 else f"{front} * {inside}")
        return f"({text})" if down == 1 else f"({text} / {bracketed(self.number(down))})"

    def of_T(self, a):
        inside = self.write(a.operands[0])
        return inside if 1 in a.shape else f"{inside}.T"

    def of_Inv(self, a):
        inside = a.operands[0]
        if a.shape == (1, 1):
            return f"(1 / {self.write(inside)})"
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
        if 1 in whole.shape and transpose(whole) in self.names:
            return self.names[transpose(whole)]
        first, last, rows, columns = factors[0], factors[-1], *whole.shape
        for k in range(len(factors) - 1):
            if factors[k].shape[1] == 1:  # a column times a row
                left, right = self.product(factors[: k + 1]), self.product(factors[k + 1 :])
                if 1 in (rows, columns):
                    return f"({left} * {right})"
                return f"np.outer({stripped(left)}, {stripped(right)})"
        if columns == 1 and not (rows == 1 and isinstance(last, e.Ones)):
            return self.applied(whole, first, self.product(factors[1:]))
        if rows == 1:
            return self.applied(whole, transpose(last), self.product(factors[:-1]))
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

    def applied(self, whole, a, vector):
        """A matrix times a vector, or a row times a column; a solution gets a line of its own."""
        if isinstance(a, e.Inv):
            system = stripped(self.write(a.operands[0]))
            return self.line(whole, f"np.linalg.solve({system}, {stripped(vector)})")
        if isinstance(a, e.Ones) and whole.shape == (1, 1):
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
        if a.operands[0].shape == (1, 1):
            return self.write(a.operands[0])
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
        together = next(group for group in ("wQ", "eZ", "UsV") if a.part in group)
        names = [self.free(letter) for letter in together]
        for letter, name in zip(together, names, strict=True):
            self.names[e.Spectral(w, letter)] = name
        if together != "UsV":
            function = "eigh" if together == "wQ" else "eig"
            self.lines.append(f"{', '.join(names)} = np.linalg.{function}({inside})")
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
