"""Progress over an exercise at a glance: a row of its questions, which checks fill in."""

from html import escape

COLOURS = {"✔": "#1a7f37", "✘": "#b35900", "·": "#8888"}


class Board:
    """The questions of a notebook with their points, and what their checks said last."""

    def __init__(self, points):
        self.points = points
        self.marks = dict.fromkeys(points, "·")
        self.handle = None

    def record(self, question, passed):
        """Note what a check said, and show it where the board stands."""
        if question in self.marks:
            self.marks[question] = "✔" if passed else "✘"
            if self.handle is not None:
                self.handle.update(self)

    def __repr__(self):
        done = sum(self.points[name] for name, mark in self.marks.items() if mark == "✔")
        return f"{''.join(self.marks.values())}  {done:g} of {sum(self.points.values()):g} points"

    def _repr_html_(self):
        pill = "display:inline-block; margin:.15em; padding:.05em .6em; border-radius:1em;"
        pills = (
            f'<span style="{pill} border:2px solid {COLOURS[mark]}">{mark} {escape(name)}</span>'
            for name, mark in self.marks.items()
        )
        return f'<div role="img" aria-label="{escape(repr(self))}">{" ".join(pills)}' + (
            f"<br>{escape(repr(self).split('  ')[1])}</div>"
        )


_board = Board({})  # of this notebook


def progress(points):
    """Show the questions of this notebook, {"04.tape": 3, …}; each check then fills its own in.

    The points are those that checks give; what an instructor reads is not counted.
    """
    global _board
    _board = Board(dict(points))
    try:
        from IPython import get_ipython
        from IPython.display import display
    except ModuleNotFoundError:
        get_ipython = bool  # plain Python: there is no notebook
    if get_ipython():
        _board.handle = display(_board, display_id=True)
    else:
        print(_board)


def record(question, passed):
    """Tell the board of this notebook, if it has one, what a check said."""
    _board.record(question, passed)
