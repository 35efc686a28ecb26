"""The table of derivatives: one row per NumPy function, and the single door through which all go.

A row is a `Primitive`. Called on plain arrays it is the NumPy function itself; called on traced
arrays it hands the call to the innermost one's interpreter. What the derivative is, the five kinds
of rows know (adcourse/rules/kinds.py).
"""

import sys

import numpy as np

from adcourse.core.errors import EscapedTracer, MissingRule

table = {}  # NumPy function -> Primitive, or a composite spelled with primitives


class Primitive:
    """One row of the table.

    Attributes: `numpy` the function; `name` as a student writes it ("np.sin"); `kind` one of the
    five; `params` names of the options it understands; `sympy` its meaning entry by entry, a
    formula; `entries` a function that says its meaning on arrays of expressions, or the name of one
    in adcourse/symbolic/entries.py (False: it has none); `source` where the rule comes from.
    """

    kind = "primitive"
    batch = None  # how the row acts on a stack of examples (rules/batching.py)
    depends = None  # which entries an entry of the result depends on (rules/dependence.py)
    lawful = True  # whether its rule is the derivative; a rule of a user's own may be another one
    spelling = None  # other rows that compute the same, where a derivative is wanted (kinds.py)

    def __init__(
        self,
        numpy,
        *,
        name=None,
        params="",
        sympy=None,
        entries=None,
        source=None,
        arity=1,
        batch=None,
        depends=None,
    ):
        self.numpy = numpy
        self.name = name or numpy_name(numpy)
        self.__doc__ = numpy.__doc__  # help() tells of the function, not of the kind of row
        self.params = tuple(params.split())
        self.sympy = sympy
        self.entries = entries
        self.source = source
        self.arity = arity  # how many leading arguments are arrays; None: any number
        self.signature = parameter_names(numpy)
        if batch is not None:
            self.batch = batch
        if depends is not None:
            self.depends = depends
        table[numpy] = self

    def __repr__(self):
        return f"<{self.kind} row {self.name}>"

    def __reduce__(self):
        return row_named, (self.name, self.kind)

    def __call__(self, *args, **params):
        innermost = None
        for a in args:
            if isinstance(a, Traced) and (
                innermost is None or a.scope.level > innermost.scope.level
            ):
                innermost = a
        if innermost is None:
            return self.numpy(*args, **params)
        if not innermost.scope.open:
            raise EscapedTracer(innermost.scope.maker)
        if self.spelling is not None and not innermost.keeps_names:
            return self.spelling(*args, **params)
        return innermost.interpret(self, args, params)

    def from_numpy(self, args, kwargs):
        """Take a call as NumPy received it: options by position or by name, defaults dropped."""
        args, kwargs = options(self, args, kwargs)
        if self.arity is not None and len(args) != self.arity:
            raise MissingRule(
                f"{self.name} with {len(args)} of its {self.arity} arrays has no derivative rule "
                f"in adcourse. Give all of them{HINTS.get(self.name, '')}."
            )
        return self(*args, **kwargs)


class Composite:
    """A NumPy function spelled with rows of the table: the spelling is all there is to know."""

    def __init__(self, numpy, spelling):
        self.numpy = numpy
        self.name = numpy_name(numpy)
        self.spelling = spelling
        self.signature = parameter_names(numpy)
        code, defaults = spelling.__code__, spelling.__defaults__ or ()
        named = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        many = code.co_flags & 4  # it takes *arrays
        self.arity = None if many else code.co_argcount - len(defaults)
        self.params = named if many else named[self.arity :]
        table[numpy] = self

    def __repr__(self):
        return f"<composite {self.name}>"

    def __call__(self, *args, **kwargs):
        args, kwargs = options(self, args, kwargs)
        return self.spelling(*args, **kwargs)


def options(row, args, kwargs):
    """Arrays by position and options by name, as a row wants them; defaults are dropped.

    Raises MissingRule for an option that the row does not understand.
    """
    if row.arity is not None and row.signature:
        if len(args) > row.arity:
            named = zip(row.signature[row.arity :], args[row.arity :], strict=False)
            args, kwargs = args[: row.arity], dict(named, **kwargs)
        elif len(args) < row.arity:  # arrays given by name
            names = row.signature[len(args) : row.arity]
            args = (*args, *[kwargs[name] for name in names if name in kwargs])
            kwargs = {name: value for name, value in kwargs.items() if name not in names}
    if "order" in row.params and kwargs.get("order", "C") not in ("C", "F", None):
        raise MissingRule(
            f"{row.name} with order={kwargs['order']!r} depends on how an array lies in memory, "
            "which a derivative does not know. Write order='C' or order='F'."
        )
    for name, value in kwargs.items():
        if name not in row.params and not is_default(name, value):
            raise MissingRule(
                f"The option {name}= of {row.name} has no derivative rule in adcourse. "
                f"Call {row.name} without it{HINTS.get(name, '')}."
            )
    return args, {n: v for n, v in kwargs.items() if n in row.params and v is not np._NoValue}


class Traced:
    """Root of all traced arrays; it has a `scope` and an `interpret(primitive, args, params)`."""

    __slots__ = ()
    keeps_names = False  # whether rows are seen as the program called them, not as they are spelled


HINTS = {
    "out": ": a trace needs every value, so nothing may be overwritten",
    "where": " and select with np.where first",
    "np.where": ", or write np.nonzero(condition)",
    "dtype": " and convert with .astype before or after",
}


DEFAULTS = {"casting": ["same_kind"], "order": ["K", "C"], "subok": [True], "where": [True]}


def is_default(name, value):
    """Whether an option is set to what NumPy would take anyway."""
    if value is None or value is np._NoValue or (name == "out" and isinstance(value, tuple)):
        return True
    return isinstance(value, bool | str) and value in DEFAULTS.get(name, ())


def shape_of(x):
    """The shape of an array, a traced array or a number, without a call through the protocol."""
    if x.__class__ is float:
        return ()
    return x.shape if hasattr(x, "shape") else np.shape(x)


def numpy_name(function):
    """How a student writes a function: `np.sum`, `np.linalg.solve`, `x[index]`."""
    module = getattr(function, "__module__", None) or "numpy"
    name = getattr(function, "__name__", str(function))
    if isinstance(function, np.ufunc) and getattr(np, name, None) is not function:
        return name
    if module.startswith("numpy") or isinstance(function, np.ufunc):
        submodule = next((m for m in ("linalg", "fft") if m in module), None)
        return f"np.{submodule}.{name}" if submodule else f"np.{name}"
    return name


def parameter_names(function):
    """Names of the parameters of a NumPy function written in Python, in NumPy's own order."""
    code = getattr(getattr(function, "__wrapped__", function), "__code__", None)
    return code.co_varnames[: code.co_argcount] if code else ()


later = {}  # library -> a function that enters its rows, called when one of them is first met


def row_named(name, kind):
    """The row that a pickled graph refers to."""
    for library in (None, *list(later)):  # rows that enter later may be the ones
        if library in sys.modules:
            later.pop(library)()
        for row in table.values():
            if (getattr(row, "name", None), getattr(row, "kind", None)) == (name, kind):
                return row
    raise MissingRule(
        f"The pickled graph uses the row {name}, which this process does not have. Define it "
        "before loading the graph."
    )


def row_of(function):
    """The row or composite of a function; raises MissingRule."""
    row = table.get(function)
    if row is None:
        for library in [name for name in later if name in sys.modules]:
            later.pop(library)()
        row = table.get(function)
    if row is None:
        raise missing(function)
    return row


def call_numpy(function, args, kwargs):
    """A call of NumPy with a traced array among its arguments, as `__array_function__` sees it."""
    row = row_of(function)
    if isinstance(row, Primitive):
        return row.from_numpy(args, kwargs)
    return row(*args, **kwargs)


def missing(function):
    """The error for a function without a row, with the rows whose names are nearest."""
    from difflib import get_close_matches  # only a mistake pays for it

    name = numpy_name(function)
    known = sorted({numpy_name(known) for known in table if numpy_name(known).startswith("np.")})
    short = {candidate.rsplit(".", 1)[-1]: candidate for candidate in known}
    near = [short[n] for n in get_close_matches(name.rsplit(".", 1)[-1], short, n=3, cutoff=0.5)]
    hint = f"nearest: {', '.join(near)}" if near else f"there are {len(known)} others"
    return MissingRule(
        f"adcourse has no derivative rule for {name} ({hint}). "
        "Write it with functions that have one, or add a row; rows live in adcourse/rules/."
    )
