"""The data files that users read (`rules/`): in a wheel as `flaglint/_rules`, in a checkout beside the package."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def rules_folder() -> Path:
    """Return the folder that holds `sdks/`, `lints/` and `schemas/`, in a wheel and in an editable install alike."""
    installed = _PACKAGE / "_rules"
    return installed if installed.is_dir() else _PACKAGE.parent / "rules"
