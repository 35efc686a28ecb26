"""Colours and rules of a picture: they follow the page that it stands on, light or dark.

Ink and paper are those of JupyterLab (--jp-…), of a Sphinx page (--pst-…) or of the system. Every
other colour is a mixture with ink or paper, so that text has contrast on any page. A picture file
has no page: there the mixtures are computed here, black on white.
"""

HUES = {"value": "#2277f1", "tangent": "#1c913f", "adjoint": "#e54b11"}
INK = "var(--jp-content-font-color0, var(--pst-color-text-base, CanvasText))"
PAPER = "var(--jp-layout-color0, var(--pst-color-background, Canvas))"

# name: (colour, percent of it, mixed with)
MIXTURES = {
    **{phase: (hue, 80, "ink") for phase, hue in HUES.items()},
    **{f"{phase}-tint": (hue, 8, "paper") for phase, hue in HUES.items()},
    "soft": ("ink", 78, "paper"),  # secondary text
    "line": ("ink", 54, "paper"),  # edges and outlines
    "band": ("ink", 6, "paper"),  # behind formulas
}


def mixed(colour, percent, other):
    """The colour that CSS's color-mix(in srgb, …) gives of two colours #rrggbb."""
    pairs = [(int(colour[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5)]
    means = [round((percent * a + (100 - percent) * b) / 100) for a, b in pairs]
    return "#" + "".join(f"{mean:02x}" for mean in means)


def palette(ink="#000000", paper="#ffffff"):
    """All colours on a page with this ink and paper, as #rrggbb."""
    base = {"ink": ink, "paper": paper}
    return base | {
        name: mixed(base.get(colour, colour), percent, base[other])
        for name, (colour, percent, other) in MIXTURES.items()
    }


def variables(colours):
    return "".join(f"--{name}:{colour};" for name, colour in colours.items())


def adaptive():
    """The same colours as CSS mixtures of the page's ink and paper."""
    colours = {"ink": INK, "paper": PAPER}
    for name, (colour, percent, other) in MIXTURES.items():
        colour = "var(--ink)" if colour == "ink" else colour
        colours[name] = f"color-mix(in srgb,{colour} {percent}%,var(--{other}))"
    return colours


SERIF = "'STIX Two Text','Libertinus Serif',Cambria,Georgia,'DejaVu Serif',serif"
SANS = "system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif"

PICTURE = f"""
.ad§ .paper{{fill:var(--paper)}}
.ad§ .band{{fill:var(--band)}}
.ad§ .rim{{fill:none;stroke:var(--line);stroke-width:1.3}}
.ad§ .edge{{fill:none;stroke:var(--line);stroke-width:1.5}}
.ad§ .head{{fill:var(--line)}}
.ad§ text{{fill:var(--ink);font-family:{SANS};font-size:12.5px}}
.ad§ .formula{{font-family:{SERIF};font-size:16px;text-anchor:middle}}
.ad§ .label{{fill:var(--soft);font-size:11px}}
.ad§ .number{{font-weight:650;text-anchor:end;font-variant-numeric:tabular-nums}}
.ad§ .flat .formula,.ad§ .flat .number{{fill:var(--soft)}}
.ad§ .flat .rim{{stroke-dasharray:4 3}}
.ad§ .partial{{font-size:12px;font-weight:600;text-anchor:middle}}
.ad§ .glow{{stroke-width:8;opacity:.2}}
.ad§ .strong{{stroke-width:2.6}}
"""

PHASE = """
.ad§ text.PHASE{fill:var(--PHASE)}
.ad§ .edge.PHASE,.ad§ .rim.PHASE{stroke:var(--PHASE)}
.ad§ .head.PHASE{fill:var(--PHASE)}
.ad§ .pill.PHASE{fill:var(--paper);stroke:var(--PHASE);stroke-width:1.2}
.ad§ .pill.full.PHASE{fill:var(--PHASE)}
.ad§ text.on{fill:var(--paper)}
"""

FRAME = f"""
.ad§{{color:var(--ink);background:var(--paper);font-family:{SANS};font-size:14px;line-height:1.45;
padding:8px;border-radius:8px;max-width:100%;box-sizing:border-box}}
.ad§ *{{box-sizing:border-box}}
.ad§ .scroll{{overflow-x:auto}}
.ad§ .scroll svg{{display:block;width:100%;height:auto;margin:0 auto}}
.ad§ .note{{color:var(--soft);margin:4px 2px;font-size:13px}}
.ad§ .over{{text-decoration:overline}}
@media print{{.ad§ .scroll svg{{min-width:0!important}}}}
.ad§ pre{{color:var(--ink);background:none;overflow-x:auto}}
"""


def colours_of_page():
    """The light palette everywhere, and the page's own colours where the browser can mix them."""
    fixed = f".ad§{{{variables(palette())}}}"
    mixing = f".ad§{{{variables(adaptive())}}}"
    return f"{fixed}@supports(color:color-mix(in srgb,red,blue)){{@media screen{{{mixing}}}}}"


def picture_rules(fixed):
    """CSS of the SVG; `fixed` for a file of its own, which no page gives any colour."""
    rules = PICTURE + "".join(PHASE.replace("PHASE", phase) for phase in HUES)
    if fixed:
        for name, colour in palette().items():
            rules = rules.replace(f"var(--{name})", colour)
    return rules
