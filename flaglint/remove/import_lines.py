"""Which modules a text imports, read without a parser: enough to know whom it may use, quick enough for every file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_FROM = re.compile(
    r"^[ \t]*from[ \t]+(\.*)[ \t]*([\w.]*)[ \t]+import[ \t]*(\([^)]*\)|(?:[^\n#;\\]|\\\r?\n)+)", re.MULTILINE
)
_PLAIN = re.compile(r"^[ \t]*import[ \t]+((?:[^\n#;\\]|\\\r?\n)+)", re.MULTILINE)
_COMMENT = re.compile(r"#[^\n]*")
_NAME = re.compile(r"([\w.]+)(?:\s+as\s+\w+)?")


def import_lines(text: str) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """Yield (level, module, names) of each import statement; `import a.b` gives no names."""
    for found in _FROM.finditer(text):
        names = _NAME.findall(_COMMENT.sub("", found[3]))
        yield len(found[1]), found[2], tuple(names)
    for found in _PLAIN.finditer(text):
        for name in _NAME.findall(found[1]):
            yield 0, name, ()
