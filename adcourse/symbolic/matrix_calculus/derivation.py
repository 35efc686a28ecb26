"""A derivative with every step that leads to it: shown as text, LaTeX or HTML, and run as code."""

from functools import cached_property

from adcourse.core.graph import Graph
from adcourse.symbolic.matrix_calculus.conditions import conditions_in
from adcourse.symbolic.matrix_calculus.show import html_of, latex_of, text_of
from adcourse.symbolic.matrix_calculus.text import script as plain
from adcourse.symbolic.matrix_calculus.writing import function_from, source_of


class Derivation:
    """What `gradient`, `hessian`, `differential` and `pullback` return.

    `function` is what was differentiated, `targets` by what; `results` holds one derivative per
    target and `result` the only one (or the tuple); `steps` every step with the rules it uses;
    `conditions` what must hold for the result to be right, in words. `code` is the result as a
    NumPy program of `arguments`, `run(*values)` runs it. Called, it does the same as `run`.

    >>> from adcourse.symbolic.matrix_calculus import gradient, norm, vector
    >>> x = vector("x", "n")
    >>> d = gradient(norm(x) ** 2, x)
    >>> d
    1. Take the differential: squared length
       d(‖x‖²) = 2⟨x, dx⟩
    ∂f/∂x = 2x
    >>> print(d.code)
    def gradient(x):
        return 2 * x
    >>> d(np.array([1.0, 2.0]))
    array([2., 4.])
    """

    def __init__(self, kind, function, targets, results, steps, arguments, conditions=()):
        self.kind, self.function = kind, function
        self.targets, self.results = tuple(targets), tuple(results)
        self.steps, self.arguments = tuple(steps), tuple(arguments)
        self.path_conditions = tuple(c for c in conditions if not isinstance(c, Graph))
        self.paths = tuple(c for c in conditions if isinstance(c, Graph))

    @property
    def result(self):
        return self.results[0] if len(self.results) == 1 else self.results

    @property
    def conditions(self):
        return tuple(conditions_in(self, plain))

    @property
    def is_map(self):
        """Whether a Hessian is the map V ↦ H[V], because no matrix exists or was found."""
        return self.kind == "hessian map"

    @cached_property
    def code(self):
        return source_of(self)

    @cached_property
    def run(self):
        return function_from(self)

    def as_value(self, whole):
        """What `compare` compares: the result."""
        from adcourse.symbolic.matrix_calculus.values import Value

        values = tuple(Value(result, self.arguments) for result in self.results)
        return values[0] if len(values) == 1 else values

    def __call__(self, *values):
        return self.run(*values)

    def text(self, style="inner"):
        """The derivation in lines of text; style is "inner", "trace" or "index"."""
        return text_of(self, style)

    def part(self, first, last=None, style="inner"):
        """The lines `first` to `last` alone, with their numbers, for prose that goes between them.

        Without `last` it is one line. The last line of all brings the result along.

        Raises WrongStructure if there are no such lines.

        >>> from adcourse.symbolic.matrix_calculus import svd_derivation
        >>> svd_derivation().part(4)
        4. so its diagonal is 0, and that of dVᵀV too
           diag(Uᵀ dU) = 0
        """
        part = Part(self, style, (first, first if last is None else last))
        text_of(self, style, part.span)  # there are such lines
        return part

    def latex(self, style="inner"):
        """The derivation as one LaTeX block of aligned lines."""
        return latex_of(self, style)

    def __repr__(self):
        return self.text()

    def _repr_html_(self):
        return html_of(self)


class Part:
    """Some lines of a derivation, shown as the derivation itself is."""

    def __init__(self, whole, style, span):
        self.whole, self.style, self.span = whole, style, span

    def __repr__(self):
        return text_of(self.whole, self.style, self.span)

    def _repr_html_(self):
        return html_of(self.whole, self.style, self.span)
