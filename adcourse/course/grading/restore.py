"""A submission rebuilt around the course's own check cells, as a list of steps to run."""

from ..sources import grading, hidden_part, is_check, is_personal, personal_source, visible_part
from .running.jobs import Step

PREAMBLE = (
    "from adcourse.course import by_hand, check, counted, show, show_formula, submission_rng\n"
)
RUN_HIDDEN = "__import__('adcourse.course.hidden', fromlist=['run_hidden']).run_hidden"


def restore(template, submitted, seeds, personal=0):
    """The steps of a submission: the student's code cells, with the template's checks in place.

    template   cells of the key
    submitted  cells as dictionaries with cell_type, source and metadata
    seeds      grade id → SEED of its hidden test
    personal   the number that stands in the student's copy, if the exercise has one

    Check cells of the submission only say where a check stands; text, tags and outputs come from
    the template. A check that is missing, or stands above its answer, goes back to the end of its
    question; duplicates and unknown graded cells are dropped. The cell with the personal number is
    the template's too; it runs where the student has it, or first.
    """
    checks = {grading(cell)["grade_id"]: cell for cell in template if is_check(cell)}
    names = [_known_check(cell, checks) for cell in submitted]
    places = _places(template, submitted, names, checks)
    answers = {at: _grade_id(cell) for at, cell in enumerate(submitted) if _grade_id(cell)}
    own = next((cell for cell in template if is_personal(cell)), None)
    mine = _personal_places(own, submitted)
    first = mine[0] if mine else _after_what_precedes(own, template, submitted)
    steps = []
    for position, cell in enumerate([*submitted, None]):
        for grade_id in (name for name in checks if places[name] == position):
            steps += check_steps(checks[grade_id], seeds[grade_id])
        if own is not None and position == first:
            steps.append(personal_step(own, personal))
        if cell is not None and names[position] is None and cell["cell_type"] == "code":
            if not is_check(cell) and position not in mine:
                steps.append(Step(cell["source"], "student", answers.get(position, "")))
    return steps


def personal_step(cell, number):
    """The cell of the personal number as a step, with one student's number."""
    return Step(personal_source(cell["source"], number), "student", grading(cell)["grade_id"])


def check_steps(cell, seed):
    """A check as two steps: what the student sees, then the hidden test with its own SEED."""
    name = grading(cell)["grade_id"]
    hidden = f"{PREAMBLE}SEED = {seed}\n{hidden_part(cell['source'])}"
    return [
        Step(PREAMBLE + visible_part(cell["source"]), "visible", name),
        Step(f"{RUN_HIDDEN}({hidden!r}, globals())", "hidden", name),
    ]


def _grade_id(cell):
    """The grade id of a submitted cell, or None: it may be anything."""
    name = grading(cell).get("grade_id")
    return name if isinstance(name, str) else None


def _known_check(cell, checks):
    """The check that a submitted cell is a copy of, by its grade id or else by its text."""
    name = grading(cell).get("grade_id")
    if isinstance(name, str):
        return name if name in checks else None
    # Some editors drop the metadata of cells.
    text = cell["source"].split()
    return next((n for n, c in checks.items() if text == visible_part(c["source"]).split()), None)


def _traces(template):
    """What tells these cells of a template in a submission: grade ids, and text without one."""
    code = [cell for cell in template if cell["cell_type"] == "code" and cell["source"].strip()]
    ids = {grading(cell)["grade_id"] for cell in template if grading(cell)}
    return ids | {cell["source"] for cell in code if not grading(cell)}


def _places(template, submitted, names, checks):
    """Check → the position in the submission before which it runs."""
    ids = [_grade_id(cell) for cell in submitted]
    places, after = {}, -1
    for position, cell in enumerate(template):
        name = grading(cell).get("grade_id")
        if name in checks:
            found = names.index(name) if name in names else -1
            if found <= after:
                # Before the first cell of a later question, whatever stands before that.
                later = _traces(template[position + 1 :])
                found = after + 1
                while found < len(submitted) and later.isdisjoint(
                    (names[found], ids[found], submitted[found]["source"])
                ):
                    found += 1
            places[name] = found
        elif name in ids:
            after = max(after, ids.index(name))
    return places


def _personal_places(own, submitted):
    """Where the submission has the template's cell `own`, by its grade id or else by its text."""
    if own is None:
        return []
    name, text = grading(own)["grade_id"], own["source"].split()
    return [
        place
        for place, cell in enumerate(submitted)
        if grading(cell).get("grade_id") == name
        or personal_source(cell["source"], 0).split() == text
    ]


def _after_what_precedes(own, template, submitted):
    """The place after the last of the template's code cells that stand above its cell `own`."""
    above = []
    for cell in template:
        if cell is own:
            break
        above += [cell["source"]] if cell["cell_type"] == "code" else []
    return 1 + max((n for n, cell in enumerate(submitted) if cell["source"] in above), default=-1)
