"""Find, lint and remove feature flags in Python code bases, and evaluate them from a reviewed registry."""

__version__ = "0.1.0"
