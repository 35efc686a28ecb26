"""The whole corpus in the order of the table."""

from .ending import ENDING
from .forging import FORGING
from .handing_in import HANDING_IN
from .honest import HONESTLY
from .reading import READING, SOCKETS, WRITING

GROUPS = {
    "Forging marks": FORGING,
    "Ending, looping, using up": ENDING,
    "Reading what is secret": READING,
    "Writing outside": WRITING,
    "Talking to others": SOCKETS,
    "Handing in what is no notebook": HANDING_IN,
}
ATTACKS = [entry for group in GROUPS.values() for entry in group]
CORPUS = ATTACKS + HONESTLY
