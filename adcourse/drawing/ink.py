"""A formula as a tuple of tokens, and the four ways to write it: plain text, HTML, SVG, LaTeX.

Tokens: ("name", "w1"), ("bar", "w1"), ("dot", "w1"), ("text", " + "), ("fn", "log"),
("sup", tokens), ("sqrt", tokens), ("hot", tokens) for the number that a sentence arrives at.
A name that ends in digits has them as a subscript.
"""

import re
from html import escape
from unicodedata import normalize

BAR, DOT = "\u0304", "\u0307"  # combining marks: they follow the letter that bears them
RAISED = str.maketrans("0123456789−T()+n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻ᵀ⁽⁾⁺ⁿ")


def text(words):
    return (("text", words),)


def name(word):
    return (("name", word),)


def split(word):
    """A name as letters and subscript: w1 → w, 1 and x_dot → x, dot; anything else has none."""
    match = re.fullmatch(r"([^\W\d_]+)_?(\d{1,3})", word) or re.fullmatch(
        r"([^\W\d_]{1,2})_(\w{1,5})", word
    )
    return match.groups() if match else (word, "")


def marked(word, mark):
    """A name with its bar or dot: on the middle letter of a word, on the p of `p["w"]`."""
    letters, sub = split(word)
    middle = (len(letters) + 1) // 2 if letters.isalpha() else 1
    return letters[:middle] + mark + letters[middle:], sub


def grouped(tokens):
    """The content of a root, in parentheses unless it is one word."""
    return tokens if len(tokens) == 1 else (("text", "("), *tokens, ("text", ")"))


def plain(tokens):
    """One line of Unicode text.

    >>> plain((("bar", "v2"), ("text", " · "), ("name", "x"), ("sup", (("text", "2"),))))
    'v̄2 · x²'
    """
    parts = []
    for kind, body in tokens:
        if kind in ("bar", "dot"):
            parts.append("".join(marked(body, BAR if kind == "bar" else DOT)))
        elif kind == "sup":
            inner = plain(body)
            simple = inner.translate(RAISED)
            raised = all(c not in inner for c in simple)
            parts.append(simple if raised else f"^{inner if inner.isalnum() else f'({inner})'}")
        elif kind == "sqrt":
            parts.append("√" + plain(grouped(body)))
        else:
            parts.append(plain(body) if kind == "hot" else body)
    return normalize("NFC", "".join(parts))  # ẋ in one character where Unicode has it


def spans(tokens, level=0):
    """Pieces (text, style, level) in reading order; level -1 is a subscript, 1 a superscript."""
    for kind, body in tokens:
        if kind in ("name", "bar", "dot"):
            mark = {"name": "", "bar": BAR, "dot": DOT}[kind]
            letters, sub = marked(body, mark)
            yield letters, "i" if split(body)[0].isalpha() else "", level
            if sub:
                yield sub, "i" if sub.isalpha() else "", level - 1
        elif kind == "sup":
            yield from spans(body, level + 1)
        elif kind == "sqrt":
            yield "√", "", level
            yield from spans(grouped(body), level)
        elif kind == "hot":
            yield from ((part, style + "h", at) for part, style, at in spans(body, level))
        else:
            yield body, "", level


def html(tokens):
    """Inline HTML."""
    parts = []
    for words, style, level in spans(tokens):
        letters = sum(c.isalpha() for c in words)
        if BAR in words and letters > 1:  # a line over the whole word, which plain text cannot draw
            words = f'<span class="over">{escape(words.replace(BAR, ""))}</span>'
        else:
            words = escape(normalize("NFC", words))
        if "i" in style:
            words = f"<i>{words}</i>"
        if level:
            words = f"<sub>{words}</sub>" if level < 0 else f"<sup>{words}</sup>"
        parts.append(f"<b>{words}</b>" if "h" in style else words)
    return "".join(parts)


def svg(tokens, size):
    """Tspans for a text element of this font size; each moves the baseline from where it was."""
    parts, at = [], 0.0
    for words, style, level in spans(tokens):
        shift = 0.0 if not level else round(0.25 * size if level < 0 else -0.36 * size, 1)
        facts = ""
        if shift != at:
            facts += f' dy="{shift - at:g}"'
        if level:
            facts += f' font-size="{round(0.72 * size, 1):g}"'
        if "i" in style:
            facts += ' font-style="italic"'
        parts.append(f"<tspan{facts}>{escape(words)}</tspan>" if facts else escape(words))
        at = shift
    return "".join(parts)


TEX = {
    "·": r"\cdot", "⊙": r"\odot", "←": r"\leftarrow", "∂": r"\partial ", "−": "-", "∞": r"\infty",
    "∑": r"\textstyle\sum", "≥": r"\ge", "≤": r"\le", "≠": r"\ne", "¬": r"\neg", "∧": r"\wedge",
    "∨": r"\vee", "_": r"\_", "|": r"\vert ", "%": r"\%", "#": r"\#", "&": r"\&", "…": r"\ldots",
}  # fmt: skip
TEX_FUNCTIONS = {"log", "exp", "sin", "cos", "tan", "sinh", "cosh", "tanh", "arctan", "max", "min"}


def tex_word(word):
    """Words are upright in a formula, signs are TeX commands."""
    word = re.sub(r"[^\W\d_]{2,}", lambda m: rf"\mathrm{{{m[0]}}}", word)
    return "".join(TEX.get(c, c) for c in word)


def tex(tokens):
    """LaTeX, without dollar signs."""
    parts = []
    for kind, body in tokens:
        if kind in ("name", "bar", "dot"):
            letters, sub = split(body)
            letters = tex_word(letters)
            if kind != "name":
                wide = len(split(body)[0]) > 1 and kind == "bar"
                letters = rf"\{'overline' if wide else kind}{{{letters}}}"
            parts.append(f"{letters}_{{{tex_word(sub)}}}" if sub else letters)
        elif kind == "fn":
            word = rf"\{body}" if body in TEX_FUNCTIONS else rf"\operatorname{{{tex_word(body)}}}"
            parts.append(word)
        elif kind == "sup":
            parts.append(f"^{{{tex(body)}}}")
        elif kind == "sqrt":
            parts.append(rf"\sqrt{{{tex(body)}}}")
        else:
            parts.append(tex(body) if kind == "hot" else tex_word(body))
    return "".join(parts)
