"""Which modules a text imports, read without a parser: enough to know whom it may use, quick enough for every file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.patterns import late

if TYPE_CHECKING:
    from collections.abc import Iterator

_FROM = late(r"[ \t]*from[ \t]+(\.*)[ \t]*([\w.]*)[ \t]+import[ \t]*(\([^)]*\)|(?:[^\n#;\\]|\\\r?\n)+)")
_PLAIN = late(r"[ \t]*import[ \t]+((?:[^\n#;\\]|\\\r?\n)+)")
_COMMENT = late(r"#[^\n]*")
_NAME = late(r"([\w.]+)(?:\s+as\s+\w+)?")
_WORD = "import"
_NAMES_ONLY = late(rb"[\w\s,(\x80-\xff]*")


def import_lines(text: str) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """Yield (level, module, names) of each import statement; `import a.b` gives no names."""
    read = 0  # what is read already, names over several lines with it
    found = text.find(_WORD)
    while found >= 0:
        line = text.rfind("\n", 0, found) + 1
        end = found + len(_WORD)
        if line >= read:
            if statement := _FROM.match(text, line):
                end = read = statement.end()
                yield len(statement[1]), statement[2], tuple(_NAME.findall(_COMMENT.sub("", statement[3])))
            elif statement := _PLAIN.match(text, line):
                end = read = statement.end()
                for name in _NAME.findall(statement[1]):
                    yield 0, name, ()
        found = text.find(_WORD, end)


def may_import(data: bytes, word: bytes) -> bool:
    """Whether `word` stands where an import statement may: behind `from` or `import`, or on a line that names go on."""
    at = data.find(word)
    while at >= 0:
        start = data.rfind(b"\n", 0, at) + 1
        before = data[start:at]
        if b"import" in before or b"from" in before:
            return True
        if _NAMES_ONLY.fullmatch(before) is not None or data[:start].rstrip(b"\r\n").endswith(b"\\"):
            return True
        at = data.find(word, at + len(word))
    return False
