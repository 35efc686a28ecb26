"""Every mistake that adcourse can notice: what happened, why, and what to write instead."""


class AdcourseError(Exception):
    """The base of all errors raised by adcourse; catch it to catch them all."""


class MissingRule(AdcourseError, TypeError):
    """A NumPy function, or one of its options, has no row in the table of derivatives.

    `np.heaviside(x, 0.5)` of a traced x: write it with functions that have rows,
    here `np.where(x > 0, 1.0, 0.0)`, or add a row (adcourse/rules/).
    """


class EscapedTracer(AdcourseError):
    """A traced array was used after the call of the transformation that made it had ended.

    It happens when f stores an intermediate value in a list or a global. Return it instead.
    """

    def __init__(self, maker):
        super().__init__(
            f"A traced array outlived the call of {maker} that made it. "
            "Return it from the function instead of storing it."
        )


class LosesDerivative(AdcourseError, TypeError):
    """A traced array was about to become a plain number, which has no derivative.

    `math.sin(x)` → `np.sin(x)`; `np.array([x, y])` → `np.stack([x, y])`.
    """


class InPlaceWrite(AdcourseError, TypeError):
    """`x[0] = 1`, `out=x` or an array filled in place: a trace needs every value that was computed.

    Build a new array with `np.where`, `np.stack` or `np.concatenate`.
    """


class NotScalar(AdcourseError, TypeError):
    """`grad` was asked for the gradient of something that is not one real number."""


class NotReal(AdcourseError, TypeError):
    """A point or a value that has no real derivative: an integer array, text, a complex number."""


class WrongStructure(AdcourseError, ValueError):
    """Tangents, cotangents or arguments whose containers or shapes do not fit."""


class DegenerateSpectrumError(AdcourseError, ValueError):
    """A factor of a matrix is asked for its derivative where it has none.

    Eigenvectors of equal eigenvalues can be rotated into each other, singular vectors of equal or
    zero singular values too, and so can the last columns of a complete Q. Use the values only
    (`eigvalsh`, `svdvals`), or `ad.svd_function` and `ad.eigh_function` for U h(s) Vᵀ and
    V h(w) Vᵀ, or write the loss with `np.trace` or `np.linalg.norm`, or move the matrix by about
    1e-6.
    """


class BranchChanged(AdcourseError):
    """A recorded graph was evaluated at a point that takes another branch of the program."""


class GradientMismatch(AdcourseError, AssertionError):
    """`check_grads` found a derivative that disagrees with a difference quotient or its transpose.

    The message names the order, the mode, and both numbers.
    """


class NotLowerable(AdcourseError, ValueError):
    """A graph has a node that the other language (SymPy, a drawing) cannot say."""


class AnswerError(AdcourseError, ValueError):
    """A typed formula cannot be read: an unknown symbol, shapes that do not fit, foreign syntax.

    The message names the column and what may stand there.
    """


class NotRepeatable(AdcourseError):
    """A function to compile does more than compute its result from its arguments."""
