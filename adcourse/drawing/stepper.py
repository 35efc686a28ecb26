"""The stepping picture: radio buttons and CSS choose what is seen, no script runs.

Each step is a radio button, so that the arrow keys walk. CSS reads which one is checked with :has
and sets the number k of the state; every mark knows from its first and last state whether it is
seen. Browsers without :has, printers and files show the final state.
"""

from html import escape

from adcourse.drawing import ink
from adcourse.drawing.picture import picture
from adcourse.drawing.still import names_of, notes_of, scrolling
from adcourse.drawing.story import Story
from adcourse.drawing.style import HUES, SERIF
from adcourse.drawing.svg import svg_of
from adcourse.drawing.walk import walk

SMALLEST = 0.75  # how far the picture may shrink before it scrolls
GROUPS = {"value": "forward", "tangent": "forward", "adjoint": "reverse"}

RULES = """
.ad§ .controls,.ad§ .buttons{display:none}
.ad§ .says{display:grid;margin-top:8px}
.ad§ .say{grid-area:1/1;display:flex;gap:6px 14px;align-items:center;padding:8px 12px;
min-height:54px;border-left:4px solid var(--line);border-radius:0 8px 8px 0}
.ad§ .say[hidden]{display:none}
.ad§ .words{flex:1;min-width:0;font-family:SERIF;font-size:17px;line-height:1.6}
.ad§ .words>span{display:inline-block;margin-right:1em}
.ad§ .words small{display:inline-block;color:var(--soft);font-size:14.5px}
.ad§ .words sub,.ad§ .words sup{font-size:.72em;line-height:0}
.ad§ .count{font-size:12px;font-weight:650;flex:none;width:102px;white-space:nowrap}
.ad§ .buttons label{display:inline-block;padding:4px 10px;margin:2px;border:1px solid var(--line);
border-radius:7px;background:var(--paper);font-size:13px;cursor:pointer;user-select:none;white-space:nowrap}
.ad§ .buttons label:hover{background:var(--band)}
.ad§ .buttons .end{color:var(--soft);border-style:dashed;cursor:default}
.ad§ .dots{display:inline-flex;flex-wrap:wrap;align-items:center;gap:7px;margin:8px 18px 2px 2px;
color:var(--soft);font-size:13px}
.ad§ input{appearance:none;-webkit-appearance:none;flex:none;width:16px;height:16px;margin:1px;
border:2px solid;border-radius:50%;background:none;cursor:pointer}
.ad§ input:checked{background:currentColor;box-shadow:0 0 0 2px var(--paper),0 0 0 4px currentColor}
.ad§ input:focus-visible{outline:2px solid var(--ink);outline-offset:4px}
@media(max-width:600px){.ad§ .say{flex-wrap:wrap}.ad§ .words{flex-basis:100%;order:3}
.ad§ .buttons{margin-left:auto}}
@media print{.ad§{break-inside:avoid;print-color-adjust:exact;-webkit-print-color-adjust:exact}}
"""

PHASE_RULES = """
.ad§ .say.PHASE{border-color:var(--PHASE);background:var(--PHASE-tint)}
.ad§ .PHASE .count,.ad§ span.PHASE b,.ad§ input.PHASE{color:var(--PHASE)}
"""


def stepping(graph, mode, seed, key):
    """The stepping picture of a graph that is small enough for one."""
    steps = walk(graph, mode, seed)
    names = names_of(graph)
    story = Story(graph, steps, names)
    said = [
        (story.narrator.sentence(step), phase, GROUPS[phase])
        for step in steps.steps
        for phase in [story.phase(step)]
    ]
    size = (story.cards.layout.width, story.cards.layout.height)
    label = f"Graph of {graph.title}, {mode} mode"
    title = f"{mode} mode on the graph of {graph.title}, step by step"
    return stepped(story.marks(), size, said, label, title, key, notes_of(graph, names))


def stepped(marks, size, said, label, title, key, notes=""):
    """A picture of `marks` that is walked through.

    `said` has for each step its sentence, its phase (the colour) and its group (the word before its
    dots); `label` and `title` describe the drawing and the whole to who cannot see them.
    """
    sentences = [sentence for sentence, _, _ in said]
    last, wide = len(said) - 1, size[0]
    label = f"{label}: {sentences[-1].text}"
    limits = f' style="min-width:{SMALLEST * wide:.0f}px;max-width:{wide:.0f}px"'
    live = svg_of(marks, size, label, last, True, limits)
    still = svg_of(marks, size, label, last, False)
    body = (
        f"{scrolling(live)}"
        f'<div class="says" aria-live="polite">{says(said)}</div>'
        '<div class="controls" role="radiogroup" aria-label="steps">'
        f"{dots(said)}</div>{notes}"
    )
    words = max(8, *(len(group) for _, _, group in said))
    text = "\n".join(
        f"{k:3d}  {group:{words}s} {sentence.text}"
        for k, (sentence, _, group) in enumerate(said, start=1)
    )
    return picture(body, still, text, rules(len(said)), key, escape(title))


def says(said):
    """The sentence of each step, with its way back and on."""
    parts, last = [], len(said) - 1
    for k, (sentence, phase, group) in enumerate(said):
        lines = "".join(
            f'<span class="{phase}">{ink.html(tokens)}</span>' for phase, tokens in sentence.lines
        )
        aside = f"<small>{ink.html(sentence.aside)}</small>" if sentence.aside else ""
        steps = [way("← Prev", k - 1, k > 0), way("Next →", k + 1, k < last)]
        parts.append(
            f'<div class="say {phase} say{k}"{" hidden" * (k < last)}>'
            f'<div class="count">{group} {k + 1}/{last + 1}</div>'
            f'<div class="words">{lines}{aside}</div>'
            f'<div class="buttons">{"".join(steps)}</div></div>'
        )
    return "".join(parts)


def way(words, k, there):
    if there:
        return f'<label for="ad§r{k}">{words}</label>'
    return f'<label class="end">{words}</label>'


def dots(said):
    """One radio button per step, in groups."""
    groups = {}
    for k, (sentence, phase, title) in enumerate(said):
        label = escape(f"step {k + 1} of {len(said)}: {sentence.text}")
        group = groups.setdefault(title, [])
        group.append(
            f'<input type="radio" class="{phase} r{k}" id="ad§r{k}" name="ad§" '
            f'aria-label="{label}" data-lm-suppress-shortcuts="true"{" checked" * (k == 0)}>'
        )
    return "".join(
        f'<span class="dots">{title} {"".join(group)}</span>' for title, group in groups.items()
    )


def rules(count):
    """The CSS of the steps; on paper and in old browsers none of it holds, and the end is shown."""
    shared = RULES.replace("SERIF", SERIF)
    shared += "".join(PHASE_RULES.replace("PHASE", phase) for phase in HUES)
    states = "".join(
        f".ad§:has(.r{k}:checked){{--k:{k}}}.ad§:has(.r{k}:checked) .say{k}{{visibility:visible}}"
        for k in range(count)
    )
    return shared + (
        "@supports selector(:has(*)){@media screen{.ad§ .controls,.ad§ .buttons{display:block}"
        ".ad§ .m{opacity:min(var(--k) - var(--a) + 1,var(--b,999) - var(--k))}"
        f".ad§ .say,.ad§ .say[hidden]{{display:flex;visibility:hidden}}{states}}}}}"
    )
