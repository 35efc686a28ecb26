"""A hidden test, run among the names of a notebook without leaving any of its own behind."""


def run_hidden(source, names):
    """Run the source of a hidden test in `names`, the globals of a notebook; then restore them.

    The student does not know which names a hidden test uses, so whatever it sets is taken back:
    a student's own `A` is the same before and after.

    >>> names = {"A": 1}
    >>> run_hidden("A = 2; B = 3; print(A, B)", names)
    2 3
    >>> names["A"], "B" in names
    (1, False)
    """
    before = dict(names)
    try:
        exec(compile(source, "<hidden test>", "exec"), names)
    finally:
        for name in set(names) - set(before):
            del names[name]
        names.update(before)
