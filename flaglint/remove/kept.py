"""What a flag is pinned to when it is removed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from flaglint.records import dataclass

if TYPE_CHECKING:
    from flaglint.model import JsonValue


@dataclass(frozen=True, slots=True)
class Kept:
    """What a flag is pinned to: the value that is kept and, when it is known, the name of its variant.

    `switch` tells whether the flag is on, in systems where that is not simply what its value says.
    """

    value: JsonValue
    variant: str | None = None
    why: str = ""
    switch: bool | None = None

    @property
    def shown(self) -> str:
        """The value as JSON; where being on is a thing apart, that first."""
        if self.switch is None or self.switch is self.value:
            return json.dumps(self.value)
        state = "on" if self.switch else "off"
        return state if self.value is None else f"{state}, with {json.dumps(self.value)}"
