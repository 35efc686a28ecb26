"""Intake: what was handed in, found and read without trusting any of it."""

from .find import Submission, find_submissions
from .read import Unreadable, read_cells

__all__ = ["Submission", "Unreadable", "find_submissions", "read_cells"]
