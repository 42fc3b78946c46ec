"""Flag definitions from files, with their places: read whole, checked whole, edited byte by byte."""

from flaglint.registry.loading import load

__all__ = ["load"]
