"""A schedule of checkpoints as a picture of time and memory that is stepped through.

Time goes to the right, the states x₀ … xₙ of the loop go up. A rising line runs the loop, a falling
one pulls a cotangent back through one step; a pale bar is a state that is held. Beneath stands how
many are held at each time. (Griewank & Walther 2008, chapter 12, draw schedules in this way.)
"""

from dataclasses import dataclass, replace
from html import escape

from adcourse.drawing import ink
from adcourse.drawing.picture import picture
from adcourse.drawing.sentences import Sentence
from adcourse.drawing.stepper import stepped
from adcourse.drawing.still import scrolling
from adcourse.drawing.svg import Mark, svg_of
from adcourse.transforms.schedules import count_advances, most_states, schedule

MOST_STEPPED = 120  # moments; a longer schedule is drawn without steps
LEFT, TOP, RIGHT = 92.0, 20.0, 16.0
LOOP, STRIP = 250.0, 48.0  # heights of the two parts
WIDE = 760.0
AXIS = 40.0  # between the two parts


@dataclass(frozen=True)
class Moment:
    """A piece of a schedule: the loop runs from x_start to x_stop, or step `start` is pulled back.

    It takes the time from `begin` to `end`, holds the states `held` meanwhile, and afterwards
    stores or forgets some.
    """

    kind: str
    start: int
    stop: int
    begin: int
    end: int
    held: tuple
    stored: tuple = ()
    freed: tuple = ()


def moments_of(actions):
    """The moments of a schedule, one for each advance and each step back."""
    moments, held, now = [], (0,), 0
    for action, k, *stop in actions:
        if action == "store":
            held = (*held, k)
            moments[-1] = replace(moments[-1], stored=(k,))
        elif action == "free":
            held = tuple(state for state in held if state != k)
            moments[-1] = replace(moments[-1], freed=(*moments[-1].freed, k))
        else:
            end = now + (stop[0] - k if action == "advance" else 1)
            to = stop[0] if action == "advance" else k + 1
            moments.append(Moment(action, k, to, now, end, held))
            now = end
    return moments


def step_schedule(n, states=None, kind="binomial", key=""):
    """A picture that steps through the checkpoints that reverse a loop of n steps.

    `states` and `kind` ("all", "sqrt", "bisection" or "binomial") choose the schedule as in
    `checkpoint_schedule`. One unit of time is one step of the loop, run or pulled back. A schedule
    of more than 120 moments is drawn without steps. Arrow keys, dots, Prev and Next walk.

    >>> print(step_schedule(2, states=1))
      1  forward  x0 is stored
      2  forward  run x0 → x1   (1 step run, 1 state held)
      3  reverse  x̄1 ← x̄2 through step 1   (1 step run, 1 state held)
      4  reverse  x̄0 ← x̄1 through step 0   (1 step run, 1 state held)
      5  reverse  the end: x̄0   (2 steps pulled back, 1 step run besides, at most 1 state held)
    """
    actions = schedule(n, states, kind)
    moments = moments_of(actions)
    plan = Plan(n, moments, most_states(actions))
    title = f"checkpoint schedule {kind} of a loop of {n} steps"
    said = told(n, actions, moments)
    if len(said) <= MOST_STEPPED:
        return stepped(plan.marks(), plan.size, said, title, f"{title}, step by step", key)
    last, label = len(said), f"{title}: {said[-1][0].text}"
    limits = f' style="max-width:{plan.size[0]:.0f}px"'
    note = (
        f"This schedule has {len(said)} moments; more than {MOST_STEPPED} are too many to step "
        "through, so it is drawn without steps."
    )
    live = svg_of(plan.marks(), plan.size, label, last, False, limits)
    still = svg_of(plan.marks(), plan.size, label, last, False)
    body = f'{scrolling(live)}<p class="note">{escape(note)}</p>'
    return picture(body, still, f"{label}\n{note}", key=key, words=escape(title))


def many(count, word):
    return f"{count} {word}{'s' * (count != 1)}"


def told(n, actions, moments):
    """For each moment its sentence, colour and group."""
    x = [ink.name(f"x{k}") for k in range(n + 1)]
    bar = [(("bar", f"x{k}"),) for k in range(n + 1)]
    said = [(Sentence((("value", (*x[0], *ink.text(" is stored"))),)), "value", "forward")]
    run, group = 0, "forward"
    for moment in moments:
        held = len(moment.held) + len(moment.stored)
        if moment.kind == "advance":
            run += moment.stop - moment.start
            tokens = (*ink.text("run "), *x[moment.start], *ink.text(" → "), *x[moment.stop])
            for k in moment.stored:
                tokens += (*ink.text(", store "), *x[k])
        else:
            group = "reverse"
            through = ink.text(f" through step {moment.start}")
            tokens = (*bar[moment.start], *ink.text(" ← "), *bar[moment.stop], *through)
            for k in moment.freed:
                tokens += (*ink.text(", forget "), *x[k])
        phase = "value" if moment.kind == "advance" else "adjoint"
        aside = ink.text(f"{many(run, 'step')} run, {many(held, 'state')} held")
        said.append((Sentence(((phase, tokens),), aside), phase, group))
    facts = (
        f"{many(n, 'step')} pulled back, {many(count_advances(actions), 'step')} run besides, "
        f"at most {many(most_states(actions), 'state')} held"
    )
    end = (*ink.text("the end: "), *bar[0])
    said.append((Sentence((("adjoint", end),), ink.text(facts)), "adjoint", "reverse"))
    return said


class Plan:
    """Where everything stands; step k of the picture is moment k − 1."""

    def __init__(self, n, moments, most):
        self.n, self.moments, self.most = n, moments, most
        self.unit = min(26.0, (WIDE - LEFT - RIGHT) / moments[-1].end)
        self.rise = min(24.0, LOOP / n)
        self.block = min(10.0, STRIP / most)
        self.floor = TOP + n * self.rise
        self.base = self.floor + AXIS + most * self.block
        wide = LEFT + moments[-1].end * self.unit + RIGHT
        self.size = (max(wide, 320.0), self.base + 26)

    def at(self, time, state):
        return f"{LEFT + time * self.unit:.1f} {self.floor - state * self.rise:.1f}"

    def box(self, classes, begin, end, low, high):
        x, wide = LEFT + begin * self.unit, (end - begin) * self.unit
        place = f'x="{x:.1f}" y="{high:.1f}" width="{wide:.1f}" height="{low - high:.1f}"'
        return f'<rect class="{classes}" {place}/>'

    def dot(self, time, state):
        x, y = self.at(time, state).split()
        return f'<circle class="pill full value" cx="{x}" cy="{y}" r="4"/>'

    def marks(self):
        """All marks, from the back to the front."""
        marks, front = [Mark(self.axes())], [Mark(self.dot(0, 0))]
        for k, moment in enumerate(self.moments, start=1):
            span = (moment.begin, moment.end)
            now = self.box("band", *span, self.base, TOP - 10)
            marks.append(Mark(now, k, k + 1))
            for state in moment.held:
                bar = f"M{self.at(span[0], state)}L{self.at(span[1], state)}"
                front.append(Mark(f'<path class="edge glow value" d="{bar}"/>', k))
            high = self.base - len(moment.held) * self.block
            front.append(Mark(self.box("pill full value", *span, self.base, high), k))
            advance = moment.kind == "advance"
            ends = (moment.start, moment.stop) if advance else (moment.stop, moment.start)
            line = f"M{self.at(span[0], ends[0])}L{self.at(span[1], ends[1])}"
            phase = "value" if advance else "adjoint"
            front.append(Mark(f'<path class="edge strong {phase}" d="{line}"/>', k))
            front += [Mark(self.dot(moment.end, state), k) for state in moment.stored]
        return marks + front

    def axes(self):
        """The names of the states, the base lines and what the parts show."""
        words, every = [], max(1, round(14 / self.rise))
        for state in range(0, self.n + 1, every):
            y = self.floor - state * self.rise
            words.append(
                f'<text class="label" text-anchor="end" x="{LEFT - 12}" y="{y + 4:.1f}">'
                f"{ink.svg(ink.name(f'x{state}'), 11)}</text>"
            )
        end = LEFT + self.moments[-1].end * self.unit
        for y in (self.floor, self.base):
            words.append(f'<path class="rim" d="M{LEFT} {y:.1f}H{end:.1f}"/>')
        middle = self.base - self.most * self.block / 2 + 4
        for text, x, y in (
            ("states held", 10, middle),
            (f"{self.most}", LEFT - 12, self.base - self.most * self.block + 8),
            (f"time: {many(self.moments[-1].end, 'step')}", LEFT, self.base + 16),
        ):
            side = ' text-anchor="end"' if x == LEFT - 12 else ""
            words.append(f'<text class="label"{side} x="{x}" y="{y:.1f}">{text}</text>')
        return "".join(words)
