"""lints."""
