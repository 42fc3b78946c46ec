"""Keys of flags that stand behind an error of syntax: they are defined, whatever else is wrong with their entries.

Without them one tab in a file would make "undefined" findings of every flag below it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flaglint.definition import Flag
from flaglint.patterns import late
from flaglint.registry.nodes import span_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from flaglint.registry.nodes import Tree

_FLAGS = late(r"^flags:[ \t]*(?:#.*)?$", re.MULTILINE)
_LINE = late(
    r"""^(?P<indent>[ ]*)(?:
        "(?P<double>[^"\\\n]+)"
      | '(?P<single>[^'\n]+)'
      | (?P<plain>[^\s\#'"&*!|>%@`{}\[\],:?-][^\n\#:]*?)
    )[ ]*:(?=\s|$)""",
    re.MULTILINE | re.VERBOSE,
)
_NEXT_SECTION = late(r"^[^\s#]", re.MULTILINE)


def rescued_flags(tree: Tree, known: Collection[Flag]) -> Iterator[Flag]:
    """Yield a broken flag for each key below the place where reading stopped, judged by its indentation alone."""
    text = tree.text.text
    begin = _FLAGS.search(text)
    if begin is None or tree.stopped_at is None:
        return
    end = _NEXT_SECTION.search(text, begin.end())
    found = {flag.key for flag in known}
    indent: str | None = None
    for line in _LINE.finditer(text, begin.end(), end.start() if end else len(text)):
        indent = line["indent"] if indent is None else indent
        key = line["double"] or line["single"] or line["plain"]
        if line["indent"] != indent or not indent or key in found or line.start() < tree.stopped_at - len(line[0]):
            continue
        found.add(key)
        name = next(group for group in ("double", "single", "plain") if line[group])
        place = span_of(tree.text, line.start(name), line.end(name))
        yield Flag(key=key, span=place, key_span=place, salt=key, problems=True)
