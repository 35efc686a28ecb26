"""Where adcourse's matrix calculus is asked; its interface is named in this file alone."""

import time

import numpy as np

from adcourse.core.errors import AdcourseError
from benchmarks.problem_lists.lists import questions
from benchmarks.problem_lists.truth import answer, projected, same

SECONDS = 60
POINTS = [(0, 0), (0, 1), (1, 0)]  # (size, seed): a derivation is made at the first of each size
VERDICTS = ["solved", "refused", "wrong", "failed", "time limit", "absent"]


def derivation(question, args):
    """The derivation of a question; `function` of it evaluates the code that it generates."""
    from adcourse.symbolic import matrix_calculus

    ways = {"gradient": "gradient", "hessian": "hessian", "jacobian": "differential"}
    derive = getattr(matrix_calculus, ways[question.asked])
    assume = {a.name: a.assumed for a in question.arguments.values() if a.assumed}
    return derive(question.f, *args, argnums=question.argnum, assume=assume)


def attempt(key, expected):
    """What the engine makes of a question. expected: all partial derivatives, one per point.

    "solved": right at every point, at both sizes. "refused": one of adcourse's own errors, whose
    sentence is the reason. "failed": any other error. "absent": there is no engine.
    """
    question = questions[key]
    found, said = None, {}
    try:
        for (size, seed), whole in zip(POINTS, expected, strict=True):
            args = question.point(size, seed)
            if seed == 0:
                start = time.perf_counter()
                found = derivation(question, args)
                said.setdefault("milliseconds", 1e3 * (time.perf_counter() - start))
                said.setdefault("answer", str(found.result))
            fault = difference(question, found, args, whole, question.direction(size, seed))
            if fault:
                return said | {"verdict": "wrong", "reason": fault}
    except ImportError:
        return {"verdict": "absent", "reason": "there is no adcourse.symbolic.matrix_calculus"}
    except AdcourseError as error:
        return said | {"verdict": "refused", "reason": f"{type(error).__name__}: {error}"}
    except Exception as error:
        return said | {"verdict": "failed", "reason": f"{type(error).__name__}: {error}"}
    return said | {"verdict": "solved"}


def difference(question, found, args, whole, direction):
    """One sentence where the generated code is not the derivative, else None.

    An answer in an argument that is declared symmetric or diagonal has to represent the
    differential along such directions; it need not itself be symmetric or diagonal.
    """
    is_map = getattr(found, "is_map", False)
    number = np.asarray(found.function(*args, direction) if is_map else found.function(*args))
    expected = np.tensordot(whole, direction, direction.ndim) if is_map else whole
    if number.shape != np.shape(expected):
        return f"shape {number.shape} instead of {np.shape(expected)}"
    if question.asked == "gradient" or (question.asked == "hessian" and is_map):
        number, expected = projected(question, number), projected(question, expected)
    elif not is_map:
        number = answer(question, number, direction)
        expected = answer(question, expected, direction)
    if not same(number, expected):
        return f"largest error {np.max(np.abs(number - expected)):.2g}"
    return None
