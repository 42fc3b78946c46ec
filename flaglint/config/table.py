"""One table of the configuration: values asked for by key and type; what nobody asked for is an unknown key."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flaglint.spelling import did_you_mean, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from flaglint.config.settings import Settings, Shape
    from flaglint.errors import ConfigError
    from flaglint.model import JsonValue

_FEW = 12  # words that a message lists
_TYPES = {bool: "a boolean", int: "an integer", float: "a number", str: "a string", list: "an array", dict: "a table"}


class Table:
    """A TOML table with its place in the file. Every reader raises ConfigError with the line of the value."""

    def __init__(self, owner: Settings, content: Mapping[str, object], *place: str | int) -> None:
        self._owner = owner
        self._content = content
        self._place = place
        self._asked: set[str] = set()

    def __contains__(self, key: str) -> bool:
        """Whether the key is there; it counts as asked for."""
        self._asked.add(key)
        return key in self._content

    def __iter__(self) -> Iterator[str]:
        """Yield the keys of a table whose keys are free, such as globs."""
        return iter(self._content)

    def error(self, message: str, *keys: str | int, help: str = "") -> ConfigError:  # noqa: A002 - the word that users read
        """Return the error to raise about the value at `keys` below this table."""
        return self._owner.error(message, *self._place, *keys, help=help)

    def inner(self, content: Mapping[str, object], *keys: str | int) -> Table:
        """Return a table that was found at `keys`."""
        return Table(self._owner, content, *self._place, *keys)

    def text(self, key: str, default: str) -> str:
        """Return a string."""
        value = self._get(key, default)
        if not isinstance(value, str):
            raise self._mismatch("a string", value, key)
        if "\0" in value:
            raise self.error(f"`{key}` must not hold a null character", key)
        return value

    def choice(self, key: str, default: str, choices: Sequence[str]) -> str:
        """Return a string that is one of `choices`."""
        value = self.text(key, default)
        if value != default and value not in choices:
            raise self.error(f"`{key}` cannot be `{value}`", key, help=_one_of(value, choices))
        return value

    def number(self, key: str, default: int) -> int:
        """Return a whole number that is not negative."""
        value = self._get(key, default)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self._mismatch("an integer", value, key)
        if value < 0:
            raise self.error(f"`{key}` cannot be negative", key)
        return value

    def texts(self, key: str, default: tuple[str, ...], *, choices: Sequence[str] = ()) -> tuple[str, ...]:
        """Return the strings of an array; one string alone stands for an array of it where `choices` are given."""
        value = self._get(key, default)
        if isinstance(value, str) and choices:
            value = [value]
        if not isinstance(value, list | tuple):
            is_bare = key.isascii() and key.replace("-", "").replace("_", "").isalnum()
            name = key if is_bare else f'"{key}"'  # a glob stands in quotes
            help_ = f'write {name} = ["{value}"]' if isinstance(value, str) else ""
            raise self._mismatch("an array of strings", value, key, help=help_)
        for index, item in enumerate(value):
            if not isinstance(item, str):
                raise self._mismatch("an array of strings", item, key, index)
            if not item or "\0" in item:
                raise self.error(f"`{key}` holds an empty string" if not item else f"`{key}` holds a null", key, index)
            if choices and item not in choices:
                raise self.error(f"`{key}` cannot hold `{item}`", key, index, help=_one_of(item, choices))
        return tuple(value)

    def items(self, key: str) -> Iterator[tuple[tuple[str | int, ...], object]]:
        """Yield the items of an array, each with its place below this table; a single value is an array of it."""
        value = self._get(key, [])
        if not isinstance(value, list):
            yield (key,), value
            return
        for index, item in enumerate(value):
            yield (key, index), item

    def table(self, key: str) -> Table:
        """Return the table at `key`, empty when there is none."""
        value = self._get(key, {})
        if not isinstance(value, dict):
            raise self._mismatch("a table", value, key, help=f"write it as [{self._owner.header(key)}]")
        return self.inner(value, key)

    def tables(self, key: str) -> tuple[Shape, ...]:
        """Return an array of tables as plain data; their content is judged by who reads SDK packs."""
        value = self._get(key, [])
        help_ = f"write it as [[{self._owner.header(key)}]]"
        if not isinstance(value, list):
            raise self._mismatch("an array of tables", value, key, help=help_)
        for index, item in enumerate(value):
            if not isinstance(item, dict):
                raise self._mismatch("an array of tables", item, key, index, help=help_)
        return tuple(cast("list[dict[str, JsonValue]]", value))

    def refuse_rest(self, known: Sequence[str] = ()) -> None:
        """Raise ConfigError for the first key that was not asked for, with the nearest one that there is."""
        names = [*known, *sorted(self._asked - set(known))]
        for key in self._content:
            if key not in self._asked:
                where = f" in `{'.'.join(str(part) for part in self._place)}`" if self._place else ""
                raise self.error(f"unknown key `{key}`{where}", key, help=_one_of(key, names))

    def _get(self, key: str, default: object) -> object:
        self._asked.add(key)
        return self._content.get(key, default)

    def _mismatch(self, wanted: str, value: object, *keys: str | int, help: str = "") -> ConfigError:  # noqa: A002 - as above
        got = _TYPES.get(type(value), "a date or time")
        return self.error(f"`{keys[0]}` must be {wanted}, not {got}", *keys, help=help)


def _one_of(word: str, known: Sequence[str]) -> str:
    if word in {"tool", "flaglint"} and "registry" in known:
        return "in flaglint.toml the keys stand at the top: [tool.flaglint] is for pyproject.toml"
    few = len(known) <= _FEW
    return did_you_mean(nearest(word, known), f"one of {', '.join(known)}" if few else "flaglint config --show has all")
