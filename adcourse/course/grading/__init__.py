"""Grading: submissions found, run where they can harm nothing, compared here, kept as facts."""
