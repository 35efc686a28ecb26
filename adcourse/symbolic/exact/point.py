"""A point: a value for every variable, and a size for every dimension."""

import sympy

from adcourse.symbolic.exact.signals import Unsupported


class Point(dict):
    """From the name of a variable to its value: a number, or the rows of a matrix.

    `sizes` gives the number that each named dimension has here. The entries of a matrix A are
    also variables, under the names A[0,0], A[0,1], …

    >>> point = Point({"A": [[1, 2], [3, 4]]}, sizes={"n": 2})
    >>> point["A[1,0]"], point.size("n"), point.size(3)
    (3, 2, 3)
    """

    def __init__(self, values=(), sizes=None):
        super().__init__(values)
        self.sizes = dict(sizes or {})
        for name, value in list(self.items()):
            if isinstance(value, list):
                for i, row in enumerate(value):
                    for j, entry in enumerate(row):
                        self[f"{name}[{i},{j}]"] = entry

    def size(self, dim):
        """A dimension as a Python int: a number, a name, or a SymPy expression of names."""
        return size_of(dim, self.sizes)


def size_of(dim, sizes):
    """The number that a dimension is when named dimensions have these sizes."""
    if isinstance(dim, int):
        return dim
    if isinstance(dim, str):
        dim = sympy.Symbol(dim)
    known = {s: sympy.Integer(sizes[str(s)]) for s in dim.free_symbols if str(s) in sizes}
    value = dim.xreplace(known)
    if not value.is_Integer:
        raise Unsupported(f"{dim} is not a known number of rows or columns")
    return int(value)


def names_in(dim):
    """The names that occur in a dimension."""
    if isinstance(dim, int):
        return set()
    return {dim} if isinstance(dim, str) else {str(s) for s in dim.free_symbols}
