"""Functions in, functions out: forward mode, reverse mode."""
