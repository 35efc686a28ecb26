"""Programs from graphs: straight-line NumPy source that Python runs and a person can read."""

from adcourse.compiling.compiled import compile
from adcourse.compiling.running import function_from
from adcourse.compiling.source import function_of, program, source

__all__ = ["compile", "function_from", "function_of", "program", "source"]
