"""Whether a text may use a name of a module, told from the characters around it, so that few files are parsed."""

from __future__ import annotations

from keyword import iskeyword
from typing import TYPE_CHECKING

from flaglint.patterns import late

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator

_BLANK = " \t\f\\\r\n"
_TRAILERS = frozenset("([.")
_COMMENT = "#"  # stands for what is above one: a dot, perhaps
_DOT = frozenset({".", _COMMENT})
_OPENING = _DOT | {'"', "'"}
_DEFINING = frozenset("fse")  # the last letters of `def`, `class` and `type`, whatever word it is
_CALL = late(r"([^\W\d]\w*)(?:\.\w+)*[ \t]*\(")
_ASSIGNED = late(r"\s*=(?!=)")
_IMPORTED = late(r"\bimport\b")
_DEFINES = late(r"\b(?:def|class|as)\s+\Z")
_DOTTED = late(r"[\w.\s]+")
_NAME = late(r"[^\W\d]\w*")
_LONGEST = 40  # characters looked at before an opening bracket


def may_use(name: str) -> Callable[[str], bool]:
    """Return what tells whether a text imports `name`, reads it as an attribute, or spells it in a string."""
    return lambda text: any(_is_use(text, start) for start in _places(text, name))


def may_take(name: str, module: str, imported: Container[str]) -> Callable[[str], bool]:
    """Return what tells whether a text imports `name`, or reads it as an attribute of what may be a module.

    That ends in `module`, the last name of it, or begins with one of the `imported` names that may stand for it.
    """

    def takes(text: str, start: int) -> bool:
        if _before(text, start) not in _DOT:
            return _is_imported(text, start)
        if "import" in text[text.rfind("\n", 0, start) + 1 : start]:
            return True
        ends = _ends(text, start)
        return ends is not None and (ends[1] == module or ends[0] in imported or not all(ends))

    return lambda text: any(takes(text, start) for start in _places(text, name))


def _ends(text: str, start: int) -> tuple[str, str] | None:
    """Return the first and the last name of the dotted one before `start`, empty where it is not plain, or None."""
    position = start
    last = ""
    while True:
        position = len(text[:position].rstrip(_BLANK)) - 1  # the dot
        end = len(text[:position].rstrip(_BLANK))
        if "#" in text[text.rfind("\n", 0, end) + 1 : end]:
            return "", ""
        word = end
        while word > 0 and _is_word(text[word - 1]):
            word -= 1
        if word == end:
            opening = text.rfind("(", 0, end)
            is_bracketed = text[end - 1 : end] == ")" and _DOTTED.fullmatch(text, opening + 1, end - 1) is not None
            return ("", "") if is_bracketed and not _is_word(text[opening - 1 : opening]) else None
        last = last or text[word:end]
        if _before(text, word) not in _DOT:
            return text[word:end], last
        position = word


def imported_words(text: str) -> list[frozenset[str]]:
    """Return the words of each statement that holds an `import`: whatever name it binds is one of them."""
    statements: list[frozenset[str]] = []
    start = text.find("import")
    while start >= 0:
        begin, end = text.rfind("\n", 0, start) + 1, _line_end(text, start)
        found = set(_NAME.findall(text, begin, end))
        is_open = "(" in text[start:end]
        while end < len(text):
            line = text[begin:end]
            is_open = is_open and ")" not in line.partition("#")[0]
            if not is_open and not line.rstrip("\r").endswith("\\"):
                break
            begin, end = end + 1, _line_end(text, end + 1)
            found.update(_NAME.findall(text, begin, end))
        statements.append(frozenset(found))
        start = text.find("import", end)
    return statements


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return end if end >= 0 else len(text)


def may_read(name: str) -> Callable[[str], bool]:
    """Return what tells whether a text reads `name` as an attribute, or opens a string with it."""
    return lambda text: any(_before(text, start) in _OPENING for start in _places(text, name))


def attribute_roots(text: str, name: str) -> set[str] | None:
    """Return the names that begin the dotted ones whose attribute `name` is read; None where that is not plain."""
    found: set[str] = set()
    for start in _places(text, name):
        ends = _ends(text, start) if _before(text, start) in _DOT else None
        if ends is not None and not all(ends):
            return None
        found.update(ends[:1] if ends is not None else ())
    return found


def may_name(name: str) -> Callable[[str], bool]:
    """Return what tells whether a text holds `name` as more than an attribute; an annotation in a string may, too."""
    return lambda text: any(_before(text, start) != "." or _is_quoted(text, start) for start in _places(text, name))


def _is_quoted(text: str, start: int) -> bool:
    line = text[text.rfind("\n", 0, start) + 1 : start]
    return '"' in line or "'" in line


def may_bind(text: str, name: str) -> bool:
    """Whether a text may bind `name`: it stands somewhere else than before a call, an attribute or a subscript."""
    return "import" in text or any(_is_binding(text, start, start + len(name)) for start in _places(text, name))


def rebinds(text: str, name: str) -> bool:
    """Whether a text defines, imports or assigns `name`, as far as a line shows it."""
    return any(_is_bound(text, start, start + len(name)) for start in _places(text, name))


def _is_bound(text: str, start: int, end: int) -> bool:
    if _ASSIGNED.match(text, end) and text[start - 1 : start] != ".":
        return True
    line = text[text.rfind("\n", 0, start) + 1 : start]
    return _IMPORTED.search(line) is not None or _DEFINES.search(text, max(start - _LONGEST, 0), start) is not None


def is_call(text: str, start: int) -> bool:
    """Whether the simple statement at `start`, the last of a text, begins with a call, so that it binds no name."""
    found = _CALL.match(text, start)
    return found is not None and not iskeyword(found[1]) and ";" not in text


def _is_binding(text: str, start: int, end: int) -> bool:
    before = _before(text, start)
    if before == ".":
        return False
    while end < len(text) and text[end] in " \t\f":
        end += 1
    return text[end : end + 1] not in _TRAILERS or before in _DEFINING


def _places(text: str, name: str) -> Iterator[int]:
    """Yield where `name` stands as a whole word; a search of its own is much faster than a pattern with `\\b`."""
    start = text.find(name)
    while start >= 0:
        end = start + len(name)
        if not _is_word(text[start - 1 : start]) and not _is_word(text[end : end + 1]):
            yield start
        start = text.find(name, end)


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _before(text: str, start: int) -> str:
    """Return the last character before `start` that is no blank, `_COMMENT` below a comment, or an empty text."""
    before = start - 1
    is_below = False
    while before >= 0 and text[before] in _BLANK:
        is_below = is_below or text[before] in "\r\n"
        before -= 1
    if is_below and _COMMENT in text[max(text.rfind("\n", 0, before), text.rfind("\r", 0, before)) + 1 : before + 1]:
        return _COMMENT
    return text[before] if before >= 0 else ""


def _is_use(text: str, start: int) -> bool:
    return _before(text, start) in _DOT or _is_quoted(text, start) or _is_imported(text, start)


def _is_imported(text: str, start: int) -> bool:
    if "import" in text[text.rfind("\n", 0, start) + 1 : start]:
        return True
    bracket = text.rfind("(", 0, start)
    return (
        bracket >= 0
        and text.find(")", bracket, start) < 0
        and text[max(bracket - _LONGEST, 0) : bracket].rstrip().endswith("import")
    )
