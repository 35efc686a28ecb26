"""Source text that runs, and that tracebacks can show."""

import builtins
import linecache
from itertools import count
from weakref import finalize

numbers = count(1)  # of the programs that were written, for their names in tracebacks


def function_from(text, title, space):
    """The function of this name that a source text defines, run in the namespace `space`."""
    name = f"<adcourse {title} {next(numbers)}>"
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    exec(builtins.compile(text, name, "exec"), space)
    function = space[title]
    function.source = text
    finalize(function, linecache.cache.pop, name, None)
    return function
