"""Problem lists of matrix calculus: plain NumPy functions, their derivatives, and who finds them.

`python -m benchmarks.problem_lists` writes the table.
"""
