"""Right answers that were found another way than the key's: they earn all points."""

OTHER_WAYS = {
    "03_forward_mode": {
        "walk": """L_node = sympy.log(w1) * w2
v1_dot = sympy.diff(sympy.log(w1), w2)
v2_dot = sympy.diff(L_node, w2)
v3_dot = sympy.sqrt(sympy.log(w1) / w2) / 2
L_dot = sympy.diff(L_node + sympy.sqrt(L_node), w2)""",
        "rules": """def multiply(x, x_dot, y, y_dot):
    return x * y, x * y * (x_dot / x + y_dot / y)


def divide(x, x_dot, y, y_dot):
    z = x / y
    return np.array([z, (x_dot - z * y_dot) / y])""",
        "dual": """from dataclasses import dataclass


def lift(x):
    return x if isinstance(x, Dual) else Dual(x)


@dataclass
class Dual:
    value: float
    dot: float = 0.0

    def __add__(self, other):
        return Dual(self.value + lift(other).value, self.dot + lift(other).dot)

    def __mul__(self, other):
        (a, b), (c, d) = (self.value, self.dot), (lift(other).value, lift(other).dot)
        corner = np.array([[a, 0.0], [b, a]]) @ np.array([[c, 0.0], [d, c]])
        return Dual(corner[0, 0], corner[1, 0])

    __radd__ = __add__
    __rmul__ = __mul__""",
        "functions": """def log(x):
    return Dual(*ad.jvp(np.log, (float(x.value),), (float(x.dot),)))


def sqrt(x):
    root = x.value**0.5
    return Dual(root, x.dot / root / 2)


def sin(x):
    return Dual(np.sin(x.value), x.dot * np.sin(x.value + np.pi / 2))


for name, rule in (("log", log), ("sqrt", sqrt), ("sin", sin)):
    setattr(Dual, name, rule)""",
        "taylor": """from math import factorial


def cos_taylor(x, n):
    return sum((-1) ** k * x ** (2 * k) / factorial(2 * k) for k in range(n + 1))


def value_and_slope(f, x):
    value, slope = ad.value_and_grad(f)(x)
    return [value, slope]""",
        "directional": """def directional(f, x, v):
    unit = v / np.sqrt(np.sum(v * v))
    return ad.jvp(lambda t: f(x + t * unit), (0.0,), (1.0,))[1]""",
        "jacobian": """def forward_jacobian(f, x):
    rows = []
    for j in range(x.size):
        seed = np.zeros_like(x)
        seed[j] = 1.0
        rows.append(ad.jvp(f, (x,), (seed,))[1])
    return np.array(rows).T""",
        "runs": "forward_runs, central_runs, reverse_runs = 50, 2 * 50, 1",
        "choice": """modes = ["forward", 3], ["reverse", 1.0], ["forward", 1], ["reverse", 5]
choice = dict(zip(["antenna", "network", "weather", "stations"], modes))""",
        "nested": """def nth_derivative(f, n):
    for _ in range(n):
        f = ad.grad(f)
    return f""",
        "bump": """z = sympy.exp(-((sympy.sin(x) - sympy.cos(y)) ** 2))
z_dot = sympy.expand(z.diff(x) * x_dot + z.diff(y) * y_dot)""",
    },
    "04_reverse_mode": {
        "adjoints": """v = sympy.Symbol("v", positive=True)
inner = w2 * sympy.log(w1)
v3_bar = 1
v2_bar = sympy.diff(v + sympy.sqrt(v), v).subs(v, inner)
v1_bar = w2 + sympy.sqrt(w2 / sympy.log(w1)) / 2
w1_bar = sympy.diff(inner + sympy.sqrt(inner), w1)
w2_bar = sympy.diff(inner + sympy.sqrt(inner), w2)""",
        "slip": """def adjoints(a, b):
    w1_bar, w2_bar = ad.grad(lambda a, b: b * np.log(a) + np.sqrt(b * np.log(a)), (0, 1))(a, b)
    return np.array([1, w2_bar / np.log(a), w1_bar * a, w1_bar, w2_bar])


blind_w2 = sympy.Integer(1)""",
        "fanout": """s = sympy.Symbol("s")
from_product = sympy.diff(x * s, x).subs(s, sympy.sin(x))
from_sine = sympy.diff(x * sympy.sin(x), x) - sympy.sin(x)
from_square = x + x""",
        "tape": """def backward(tape):
    n = len(tape)
    local = np.zeros((n, n))
    for i, (parents, partials) in enumerate(tape):
        for j, slope in zip(parents, partials):
            local[j, i] += slope
    return np.linalg.solve(np.eye(n) - local, np.eye(n)[-1])""",
        "product": """def product_pullback(A, B, C_bar):
    return [np.einsum("ij,kj->ik", C_bar, B), np.einsum("ki,kj->ij", A, C_bar)]""",
        "law": """def both_sides(f, x, x_dot, y_bar):
    left = np.sum(y_bar * ad.jvp(f, [x], [x_dot])[1])
    return [left, x_dot.dot(ad.grad(lambda x: y_bar @ f(x))(x))]""",
        "bill": """d = 1000
forward_differences, central_differences = d + 1, 2 * d
forward_mode, reverse_mode = float(d), np.int64(1)""",
        "length": """def tape_length(f, x):
    return sum(1 for node in ad.trace(f, x).nodes)


def tape_megabytes(f, x):
    return sum(np.asarray(node.value).nbytes for node in ad.trace(f, x).nodes) * 1e-6""",
        "quartic": """def quartic_gradient(x):
    square = np.sum(x * x)
    return 2 * square * x + square * (x + x)""",
        "learn": """def final_loss(steps, x):
    if len(steps) == 0:
        return np.sum(x * x) * 0.5
    return final_loss(steps[1:], (1 - steps[0]) * x)


def learn(steps, x, rate, rounds):
    if rounds == 0:
        return list(steps)
    return learn(steps - rate * ad.grad(final_loss)(steps, x), x, rate, rounds - 1)""",
    },
}
