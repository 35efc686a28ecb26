"""The commands of `adcourse`, each a function of its options; Jupyter is loaded when one runs."""

from . import building, grading, results

GROUPS = (building, grading, results)
