"""Why an evaluation stops. `compare` catches all of these: each one sends it somewhere else."""


class Outside(Exception):
    """The point is outside the domain: a logarithm of -1, 1/0, a singular matrix. Draw another."""


class NotASquare(Outside):
    """The number has no square root in this number system; about half of all residues have none."""


class Singular(Outside):
    """The matrix has no inverse."""


class NotExact(Exception):
    """This number system cannot say what is asked of it; another one can."""


class Unsupported(Exception):
    """No number system can evaluate this expression; the text says what and why."""
