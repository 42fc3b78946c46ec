"""Turns the plain data of an SDK pack into its dataclasses, and collects everything that is wrong on the way."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from flaglint.model import ValueType
from flaglint.records import dataclass, replace
from flaglint.refs.packshapes import ARGUMENT, ENTRIES, OBJECT_READ
from flaglint.refs.spec import Argument, ObjectRead
from flaglint.refs.spellings import is_transformation, known_transformations
from flaglint.spelling import did_you_mean, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from flaglint.refs.packshapes import Shape

Keys: TypeAlias = "tuple[str | int, ...]"

_IDENTIFIER = re.compile(r"[^\W\d]\w*")
# A dotted path; a step may also be a text key: `flask.current_app.config[FEATURE_FLAGS]`.
_QUALIFIED = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*|\[[^\[\]]+\])+")
_PACKAGE = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_PACK_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
_EXTENSION = re.compile(r"\.[a-z0-9][a-z0-9.]*")
_MAX_POSITION = 50


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something wrong at a place of the data. `at_key`: with the name of the field rather than with its value."""

    keys: Keys
    message: str
    help: str = ""
    at_key: bool = False


class PackReader:
    """Reads the entries of one pack. A reading method returns None where it has added to `troubles`."""

    def __init__(self) -> None:
        self.troubles: list[Trouble] = []

    def entry(self, shape: Shape, data: object, keys: Keys) -> object | None:
        """Return the dataclass of an entry, or None when something in it is wrong."""
        if not isinstance(data, dict):
            self.fail(keys, f"{shape.article} must be a mapping, not {_shown(data)}")
            return None
        known = len(self.troubles)
        read: dict[str, object] = {}
        for name, value in data.items():
            field = shape.fields.get(name)
            if field is None:
                self.fail(
                    (*keys, name), f"{shape.article} has no field `{name}`", _meant(name, shape.fields), at_key=True
                )
            elif value is None:
                self.fail((*keys, name), f"`{name}` has no value", "write one, or leave the field out", at_key=True)
            else:
                method, _, argument = field.read.partition(":")
                reading = getattr(self, method)
                found = reading(value, (*keys, name), argument) if argument else reading(value, (*keys, name))
                read[field.attribute or name] = found
        self._groups(shape, data, keys)
        if len(self.troubles) > known:
            return None
        return self._made(shape, read, data)

    def _groups(self, shape: Shape, data: dict[str, object], keys: Keys) -> None:
        for name in shape.required:
            if name not in data:
                self.fail(keys, f"{shape.article} needs `{name}`")
        given = [name for name in shape.exactly_one if name in data]
        if shape.exactly_one and len(given) != 1:
            both = f", not {_listed(given, 'and')}" if given else ""
            self.fail(keys, f"{shape.article} needs exactly one of {_listed(shape.exactly_one)}{both}")
        if shape.at_least_one and not any(name in data for name in shape.at_least_one):
            self.fail(keys, f"{shape.article} needs {_listed(shape.at_least_one)}")
        for name, other in shape.only_with:
            if name in data and other not in data:
                self.fail((*keys, name), f"`{name}` means nothing without `{other}`", at_key=True)

    def _made(self, shape: Shape, read: dict[str, object], data: dict[str, object]) -> object:
        if shape is OBJECT_READ:
            names = read.pop("name")
            assert isinstance(names, tuple)
            one = ObjectRead(names[0], "attribute" in data, **read)  # type: ignore[arg-type] # read by the shape
            return tuple(replace(one, name=name) for name in names)
        return shape.make(**read)

    def fail(self, keys: Keys, message: str, advice: str = "", *, at_key: bool = False) -> None:
        """Add what is wrong at a place."""
        self.troubles.append(Trouble(keys, message, advice, at_key))

    # ------------------------------------------------------------------------------------------------------ scalars

    def text(self, data: object, keys: Keys) -> str | None:
        """Return a text that is not empty."""
        if not isinstance(data, str):
            self.fail(keys, f"`{keys[-1]}` must be a text, not {_shown(data)}", "put it in quotes")
            return None
        if not data:
            self.fail(keys, f"`{keys[-1]}` is empty", "leave it out")
            return None
        return data

    def truth(self, data: object, keys: Keys) -> bool | None:
        """Return `true` or `false`."""
        if isinstance(data, bool):
            return data
        self.fail(keys, f"`{keys[-1]}` must be `true` or `false`, not {_shown(data)}")
        return None

    def position(self, data: object, keys: Keys) -> int | None:
        """Return the position of an argument: 0 is the first, `self` does not count."""
        if isinstance(data, int) and not isinstance(data, bool) and 0 <= data <= _MAX_POSITION:
            return data
        given = f"the text {_shown(data)}" if isinstance(data, str) else _shown(data)
        self.fail(keys, f"`position` must be a whole number from 0, not {given}", "0 is the first")
        return None

    def value_type(self, data: object, keys: Keys) -> ValueType | None:
        """Return what a read returns."""
        words = [str(kind) for kind in ValueType]
        if isinstance(data, str) and data in words:
            return ValueType(data)
        self.fail(keys, f"`returns` cannot be {_shown(data)}", _meant(str(data), words))
        return None

    def identifier(self, data: object, keys: Keys) -> str | None:
        """Return a plain Python name."""
        return self._spelled(data, keys, _IDENTIFIER, "a plain name")

    def pack_name(self, data: object, keys: Keys) -> str | None:
        """Return the name of a pack."""
        return self._spelled(data, keys, _PACK_NAME, "lower-case letters, digits and `-`")

    def pattern(self, data: object, keys: Keys) -> str | None:
        """Return a regular expression with the one group `key`."""
        text = self.text(data, keys)
        if text is None:
            return None
        try:
            groups = re.compile(text.encode()).groupindex
        except re.error as error:
            self.fail(keys, f"`pattern` is no regular expression: {error}")
            return None
        if tuple(groups) != ("key",):
            self.fail(keys, "`pattern` needs one named group, `key`", "write `(?P<key>[^\"']+)` for the key")
            return None
        return text

    def _spelled(self, data: object, keys: Keys, wanted: re.Pattern[str], words: str) -> str | None:
        if isinstance(data, str) and wanted.fullmatch(data):
            return data
        advice = ""
        if wanted is _QUALIFIED and isinstance(data, str) and _IDENTIFIER.fullmatch(data):
            advice = f"write it with its module: `shop.gates.{data}`"
        self.fail(keys, f"`{_field(keys)}` must be {words}, not {_shown(data)}", advice)
        return None

    # -------------------------------------------------------------------------------------------------------- lists

    def qualified_names(self, data: object, keys: Keys) -> tuple[str, ...] | None:
        """Return one dotted name or several."""
        return self._names(data, keys, _QUALIFIED, "a dotted name")

    def identifiers(self, data: object, keys: Keys) -> tuple[str, ...] | None:
        """Return one plain name or several."""
        return self._names(data, keys, _IDENTIFIER, "a plain name")

    def packages(self, data: object, keys: Keys) -> tuple[str, ...] | None:
        """Return the packages of an SDK; none at all where it reads no package of its own."""
        if isinstance(data, list) and not data:
            return ()
        return self._names(data, keys, _PACKAGE, "the name of a package")

    def extensions(self, data: object, keys: Keys) -> tuple[str, ...] | None:
        """Return endings of file names."""
        return self._names(data, keys, _EXTENSION, "an ending like `.html`")

    def texts(self, data: object, keys: Keys) -> tuple[str, ...] | None:
        """Return a list of texts."""
        return self._names(data, keys, re.compile(r"(?s).+"), "a text")

    def aliases(self, data: object, keys: Keys) -> tuple[str, ...] | None:
        """Return the names of transformations that other languages put a key through."""
        if not isinstance(data, list):
            self.fail(keys, f"`aliases` must be a list, not {_shown(data)}")
            return None
        for index, item in enumerate(data):
            if not is_transformation(item):
                self.fail(
                    (*keys, index), f"there is no spelling {_shown(item)}", _meant(str(item), known_transformations())
                )
        return tuple(data)

    def _names(self, data: object, keys: Keys, wanted: re.Pattern[str], words: str) -> tuple[str, ...] | None:
        if isinstance(data, str):
            found = self._spelled(data, keys, wanted, words)
            return None if found is None else (found,)
        if not isinstance(data, list) or not data:
            self.fail(keys, f"`{keys[-1]}` must be {words} or a list of them, not {_shown(data)}")
            return None
        spelled = [self._spelled(item, (*keys, index), wanted, words) for index, item in enumerate(data)]
        for index, item in enumerate(data):
            if item in data[:index] and isinstance(item, str):
                self.fail((*keys, index), f"`{item}` is listed twice")
        return tuple(item for item in spelled if item is not None)

    # ------------------------------------------------------------------------------------------------------ entries

    def argument(self, data: object, keys: Keys) -> Argument | None:
        """Return where a call carries something."""
        found = self.entry(ARGUMENT, data, keys)
        return found if isinstance(found, Argument) else None

    def object_reads(self, data: object, keys: Keys) -> tuple[object, ...]:
        """Return the reads of a flag object; an entry with several names gives several."""
        return tuple(
            read
            for found in self._each(OBJECT_READ, data, keys)
            for read in (found if isinstance(found, tuple) else (found,))
        )

    def entries(self, data: object, keys: Keys, section: str) -> tuple[object, ...]:
        """Return the entries of a section."""
        return tuple(self._each(ENTRIES[section], data, keys))

    def _each(self, shape: Shape, data: object, keys: Keys) -> Iterator[object]:
        if not isinstance(data, list):
            self.fail(keys, f"`{keys[-1]}` must be a list, not {_shown(data)}", "begin each entry with a dash")
            return
        for index, item in enumerate(data):
            found = self.entry(shape, item, (*keys, index))
            if found is not None:
                yield found


def _field(keys: Keys) -> str:
    """Return the name of the field that a place belongs to."""
    return next((str(key) for key in reversed(keys) if isinstance(key, str)), "")


def _shown(data: object) -> str:
    if data is None:
        return "nothing"
    if isinstance(data, bool):
        return f"`{str(data).lower()}`"
    if isinstance(data, dict):
        return "a mapping"
    return ("a list" if data else "an empty list") if isinstance(data, list) else f"`{data}`"


def _listed(names: Iterable[str], word: str = "or") -> str:
    quoted = [f"`{name}`" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} {word} {quoted[-1]}"


def _meant(word: str, known: Iterable[str]) -> str:
    known = list(known)
    return did_you_mean(nearest(word, known), f"known: {', '.join(f'`{name}`' for name in known)}")
