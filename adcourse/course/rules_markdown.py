"""The Markdown of the page of derivatives: its tables, and the address of each row."""

import re

NO = "–"


def section(title, words, entries):
    """A heading, a sentence and a table; columns in which nothing stands are left out."""
    columns = [c for c in entries[0] if any(entry[c] != NO for entry in entries)]
    lines = [f"| {' | '.join(columns)} |", f"|{' --- |' * len(columns)}"]
    lines += [f"| {' | '.join(entry[c] for c in columns)} |" for entry in entries]
    return f"## {title}\n\n{words}\n\n" + "\n".join(lines) + "\n"


def code(text):
    """Text as code in a cell, where a bar would end the cell."""
    return f"`{text}`".replace("|", r"\|")


def anchor(name):
    """What stands behind # in the address of a row."""
    return re.sub(r"[^\w.]+", "-", name).strip("-")


def target(name, text=None):
    """A name that a link can lead to, as the link itself: whoever follows it has the address.

    It is HTML, which the web view of a repository and the site both understand.

    >>> target("np.sin")
    '<a id="np.sin" href="#np.sin">`np.sin`</a>'
    """
    return f'<a id="{anchor(name)}" href="#{anchor(name)}">{code(text or name)}</a>'
