"""A corpus of hostile submissions, and of odd but honest ones; see docs/attacks.md."""
