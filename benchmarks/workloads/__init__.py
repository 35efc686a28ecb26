"""The workloads, one module per idea. Importing this fills the table."""

from importlib import import_module

from benchmarks.problem import workloads

for idea in (
    "scalars",
    "elementwise",
    "network",
    "jacobians",
    "curvature",
    "matrices",
    "scaling",
):
    import_module(f"benchmarks.workloads.{idea}")

__all__ = ["workloads"]
