"""The store: marks with their evidence in one SQLite file, whatever way a run ends."""

from .records import Record
from .store import Store

__all__ = ["Record", "Store"]
