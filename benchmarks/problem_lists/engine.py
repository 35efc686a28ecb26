"""Where adcourse's matrix calculus is asked; its interface is named in this file alone.

A derivation has a `result`, `is_map` says whether a Hessian is the map V ↦ H[V], and calling it
with the arguments of f, and V after them for a map or a differential, runs its generated code.
"""

import time

import numpy as np

from adcourse.core.errors import AdcourseError
from benchmarks.problem_lists.lists import questions
from benchmarks.problem_lists.truth import answer, projected, same

SECONDS = 60
POINTS = [(0, 0), (0, 1), (1, 0)]  # (size, seed): a derivation is made at the first of each size
VERDICTS = ["solved", "refused", "wrong", "failed", "time limit", "absent"]


def derivation(question, args):
    """The derivation of a question. It is called for the value of the code that it generates."""
    from adcourse.symbolic import matrix_calculus

    assume = {a.name: a.assumed for a in question.arguments.values() if a.assumed}
    derive = getattr(matrix_calculus, way(question))
    return derive(question.f, *args, argnums=question.argnum, assume=assume)


def way(question):
    """The function of the engine that answers it: a Jacobian matrix is one of two vectors."""
    if question.asked != "jacobian":
        return question.asked
    vectors = question.f_rank == len(question.arguments[question.wrt].axes) == 1
    return "jacobian" if vectors else "differential"


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
    is_map = found.is_map or way(question) == "differential"
    number = np.asarray(found(*args, direction) if is_map else found(*args))
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
