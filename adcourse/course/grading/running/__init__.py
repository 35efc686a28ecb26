"""Running one submission: its cells in a process of its own, reported cell by cell."""
