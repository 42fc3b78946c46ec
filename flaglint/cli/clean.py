"""`flaglint clean`: delete what flaglint remembers of unchanged files."""

from __future__ import annotations

import shutil

import click

from flaglint.cli.session import load_settings, out
from flaglint.errors import OutputError, UsageError
from flaglint.source.keeping import is_marked


@click.command("clean", epilog="Example: flaglint clean")
def command() -> int:
    """Delete the cache, the folder `cache-dir` of the configuration. The next run is slower, and says the same."""
    settings = load_settings()
    folder = settings.root / settings.cache_dir
    if not folder.exists():
        out(f"there is no cache in {settings.cache_dir}")
        return 0
    if folder.is_symlink() or not is_marked(folder):
        raise UsageError(f"`{settings.cache_dir}` was not made by flaglint, and is left alone")
    try:
        files = sum(path.is_file() for path in folder.rglob("*"))
        shutil.rmtree(folder)
    except OSError as error:
        raise OutputError(f"it cannot be deleted: {(error.strerror or '').lower()}", path=settings.cache_dir) from error
    out(f"deleted {settings.cache_dir}: {files} {'file' if files == 1 else 'files'}")
    return 0
