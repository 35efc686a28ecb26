"""A primal and its tangent: x + ẋ ε with ε² = 0 (Clifford 1873)."""

from adcourse.core.points import settled
from adcourse.core.primitive import Traced
from adcourse.core.tracer import Tracer

dual_shortcuts = {}  # ufunc -> the shorter way through its row (adcourse/core/shortcuts.py)


class Dual(Tracer):
    """A primal and its tangent, both of the same shape."""

    __slots__ = ("value", "tangent", "scope")

    def __init__(self, value, tangent, scope):
        self.value = value
        self.tangent = tangent
        self.scope = scope

    def __array_ufunc__(self, ufunc, method, *args, **kwargs):
        short = dual_shortcuts.get(ufunc)
        if short is not None and method == "__call__" and not kwargs:
            return short(*args)
        return super().__array_ufunc__(ufunc, method, *args, **kwargs)

    def interpret(self, primitive, args, params):
        scope = self.scope
        primals, tangents = [], []
        for a in args:
            mine = isinstance(a, Traced) and a.scope is scope
            primals.append(a.value if mine else a)
            tangents.append(a.tangent if mine else None)
        z = settled(primitive(*primals, **params), primals)
        z_dot = primitive.tangent(z, primals, tangents, params)
        return z if z_dot is None else Dual(z, z_dot, scope)
