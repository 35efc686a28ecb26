"""The number systems against Python's own fractions, and against identities of the functions."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from adcourse.symbolic.exact import Decimals, Degrees, Modular, Rationals
from adcourse.symbolic.exact.signals import NotASquare, NotExact, Outside

fractions = st.fractions(max_denominator=10**6)


@given(fractions, fractions.filter(bool), st.integers(-20, 20))
def test_residues_and_digits_follow_fractions(a, b, n):
    for F in (Modular(), Decimals(60)):
        x, y = F.number(a), F.number(b)
        assert F.equal(F.add(x, y), F.number(a + b)) or abs(a + b) < 1e-9
        assert F.equal(F.mul(x, y), F.number(a * b))
        assert F.equal(F.div(x, y), F.number(a / b))
        assert F.equal(F.power(y, n), F.number(b**n))
    assert Rationals().sub(a, b) == a - b


@pytest.mark.parametrize("q", [3, 0.1, np.float64(0.1), sympy.Rational(2, 7), sympy.Float(0.1)])
def test_numbers_are_exact(q):
    assert Rationals().number(q) == Fraction(sympy.Rational(q).p, sympy.Rational(q).q)


def test_square_roots():
    F = Modular()
    squares = 0
    for a in range(1, 200):
        try:
            r = F.sqrt(a)
        except NotASquare:
            assert pow(a, (F.p - 1) // 2, F.p) == F.p - 1  # Euler's criterion
        else:
            squares += 1
            assert r * r % F.p == a
    assert 60 < squares < 140
    assert Rationals().sqrt(Fraction(4, 9)) == Fraction(2, 3)
    for F, a, problem in [
        (Rationals(), 2, NotExact),
        (Rationals(), -1, Outside),
        (Decimals(), -1, Outside),
    ]:
        with pytest.raises(problem):
            F.sqrt(F.number(a))


def test_the_pattern_says_which_root():
    F = Modular()
    r, s = F.sqrt(4), F.sqrt(9)
    F.pattern = 2
    assert F.sqrt(4) == r and F.sqrt(9) == F.neg(s)


def test_formal_functions_obey_their_identities():
    F = Modular(rng=np.random.default_rng(0))
    f = F.function
    for a in range(2, 30):
        minus = F.neg(a)
        assert F.mul(f("exp", [a]), f("exp", [minus])) == 1
        assert f("log", [F.inv(a)]) == F.neg(f("log", [a]))
        s, c = f("sin", [a]), f("cos", [a])
        assert F.add(F.mul(s, s), F.mul(c, c)) == 1 and f("sin", [minus]) == F.neg(s)
        assert f("tan", [a]) == F.div(s, c)
        sh, ch = f("sinh", [a]), f("cosh", [a])
        assert F.sub(F.mul(ch, ch), F.mul(sh, sh)) == 1 and f("tanh", [a]) == F.div(sh, ch)
        assert F.add(f("sigmoid", [a]), f("sigmoid", [minus])) == 1
        assert f("erf", [a]) == f("erf", [a]) != f("erf", [minus])
    assert f("exp", [0]) == 1 and f("log", [1]) == 0 and f("sin", [0]) == 0


@pytest.mark.parametrize("name", ["exp", "sin", "atan", "erf", "gamma", "sigmoid", "besselj", "pi"])
def test_digits_of_functions_against_mpmath(name):
    D = Decimals(60)
    args = [] if name == "pi" else [D.number(Fraction(3, 7))]
    args = [D.number(0), *args] if name == "besselj" else args
    with mpmath.workdps(40):
        theirs = {"sigmoid": lambda a: 1 / (1 + mpmath.exp(-a)), "pi": lambda: +mpmath.pi}
        expected = theirs.get(name, getattr(mpmath, name, None))(*map(mpmath.mpf, args))
        assert abs(mpmath.mpf(D.function(name, args)) - expected) < mpmath.mpf(10) ** -35


def test_outside_the_domain_and_too_large():
    D, Q = Decimals(), Rationals()
    for name, a in [("log", -1), ("asin", 2), ("acosh", 0), ("log", 0), ("gamma", 0)]:
        with pytest.raises(Outside):
            D.function(name, [D.number(a)])
    tower = D.number(10)
    with pytest.raises(Outside):
        for _ in range(6):
            tower = D.function("exp", [tower])
    with pytest.raises(Outside):
        D.power(D.number(2), 10**30)
    with pytest.raises(NotExact):
        Q.power(Q.number(3), 10**9)
    with pytest.raises(NotExact):
        Modular().less(1, 2)


def test_a_jump_is_not_decided_by_rounding():
    D = Decimals(50)
    third = D.inv(D.number(3))
    nearly = D.sub(D.mul(third, D.number(3)), D.number(1) * (1 + D.mp.mpf(10) ** -49))
    with pytest.raises(Outside):
        D.function("sign", [nearly])
    assert D.function("floor", [D.number(Fraction(7, 2))]) == 3
    assert Rationals().function("floor", [Fraction(-3, 2)]) == -2


def test_degrees_bound_the_degrees_of_polynomials():
    D = Degrees()
    x = D.random()
    assert D.power(D.add(D.mul(x, x), D.number(3)), 5) == (10, 0)
    A = [[x, D.number(1)], [D.number(0), x]]
    assert D.determinant(A)[0] >= 2
    assert D.function("exp", [x]) == (1, 0) and D.spread > 0
