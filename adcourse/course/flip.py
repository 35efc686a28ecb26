"""A book of figures to leaf through by arrow keys: radio buttons and CSS, no script runs."""

from hashlib import sha256
from html import escape

from .style import image

RULES = """
.ad§ img{max-width:100%;height:auto}
.ad§ .pages{display:none}
@supports selector(:has(*)){@media screen{
.ad§ img{display:none}
STATES
.ad§ .pages{display:flex;flex-wrap:wrap;align-items:center;gap:8px;margin:4px 2px;font-size:13px}
.ad§ input{flex:none;width:17px;height:17px;margin:1px;cursor:pointer}
}}
"""


def flip(pages, alt, first=0, name=""):
    """Put a book of figures on the page: one is seen, the arrow keys turn to the next.

    `pages` maps what a page is called to its figure; `alt` is the sentence for who cannot see it
    (see `style.show`), `first` the number of the page at which the book opens, and `name` says
    what the buttons choose. On paper, in files and in old browsers that page alone is seen.

    Raises ValueError if there is no page or no sentence.
    """
    from IPython.display import display

    if not pages:
        raise ValueError("A book needs pages: flip({'h = 1': figure, …}, \"Plots of …\").")
    if not isinstance(alt, str) or not alt.strip():
        raise ValueError("A book needs its text, as a figure does: see style.show.")
    leaves, buttons, states = [], [], []
    for k, (label, figure) in enumerate(pages.items()):
        seen = f' class="p{k}"' + " hidden" * (k != first)
        leaves.append(image(figure, f"{label}. {alt}", seen)[0])
        buttons.append(
            f'<input type="radio" class="r{k}" name="ad§" title="{escape(label)}" '
            f'aria-label="{escape(label)}" data-lm-suppress-shortcuts="true"'
            f"{' checked' * (k == first)}>"
        )
        states.append(f".ad§:has(.r{k}:checked) .p{k}{{display:block}}")
    style, row = RULES.replace("STATES", "\n".join(states)), escape(name) + "".join(buttons)
    body = f'{"".join(leaves)}<div class="pages" role="radiogroup">{row}</div>'
    html = f'<div class="ad§" role="group"><style>{style}</style>{body}</div>'
    html = html.replace("ad§", "flip" + sha256(html.encode()).hexdigest()[:10])
    display({"text/html": html, "text/plain": " ".join(alt.split())}, raw=True)
