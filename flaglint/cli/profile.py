"""`--profile`: where the time of a run went, and how much memory it used at most."""

from __future__ import annotations

import sys
import time

import click

from flaglint import stages

_KIB = 1024


def show() -> None:
    """Print the stages of this run on stderr, with what they took by themselves."""
    timed = stages.stop()
    whole = time.process_time()
    for name, seconds in timed.items():
        click.echo(f"profile: {seconds * 1000:8.0f} ms  {name}", err=True)
    click.echo(f"profile: {whole * 1000:8.0f} ms  of this process on a core, with its start", err=True)
    if (peak := _peak()) is not None:
        click.echo(f"profile: {peak / _KIB / _KIB:8.0f} MB  at most", err=True)


def _peak() -> int | None:
    """Return the most memory that this process held, in bytes, or None where nobody says."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    found = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return found if sys.platform == "darwin" else found * _KIB
