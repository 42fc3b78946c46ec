"""Regular expressions that are compiled when they are first used: most runs use few, and compiling all takes 15 ms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, AnyStr, cast

if TYPE_CHECKING:
    import re


class _Late:
    """Stands for a pattern; each method that is asked for is from then on that of the compiled one."""

    def __init__(self, pattern: Any, flags: int) -> None:
        self._given = (pattern, flags)

    def __getattr__(self, name: str) -> Any:
        import re

        found = getattr(re.compile(*self._given), name)  # `re` remembers what it compiled
        setattr(self, name, found)
        return found


def late(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return what `re.compile` returns, compiled at its first use."""
    return cast("re.Pattern[AnyStr]", _Late(pattern, flags))
