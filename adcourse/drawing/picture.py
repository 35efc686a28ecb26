"""What `draw` and `step` return: one picture for pages, for files and for terminals."""

from dataclasses import dataclass
from hashlib import sha256

from adcourse.drawing.style import FRAME, colours_of_page, picture_rules


@dataclass(frozen=True, repr=False)
class Picture:
    """A drawing that notebooks show by themselves.

    `html` is a piece of a page, `svg` a file of its own (of a stepping picture the final state),
    and `str(picture)` the same in words.
    """

    html: str
    svg: str
    text: str

    def _repr_html_(self):
        return self.html

    def _repr_mimebundle_(self, include=None, exclude=None):
        bundle = {"text/html": self.html, "text/plain": self.text}
        return bundle | ({"image/svg+xml": self.svg} if self.svg else {})

    def __str__(self):
        return self.text

    __repr__ = __str__


def picture(body, svg, text, rules="", key="", words=""):
    """Put a picture together: its rules bear a name made from its content.

    `body` is HTML, `svg` an svg element; in both and in `rules` `ad§` stands for that name.
    The same graph twice on one page needs a `key` to tell the two apart.
    """
    style = colours_of_page() + FRAME + picture_rules(fixed=False) + rules
    digest = sha256("\n".join((body, style, text, str(key))).encode()).hexdigest()[:10]
    name = f"ad{digest}"
    html = f'<div class="ad§" role="group" aria-label="{words}"><style>{style}</style>{body}</div>'
    file = ""
    if svg:
        rules = f"<style>svg.ad§{{background:#fff}}{picture_rules(fixed=True)}</style>"
        file = svg.replace("<svg ", '<svg class="ad§" ', 1).replace(">", ">" + rules, 1)
    return Picture(html.replace("ad§", name), file.replace("ad§", name), text)
