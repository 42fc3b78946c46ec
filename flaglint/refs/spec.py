"""What an SDK pack says, as plain data: the shapes of reads, declarations and overrides that the recogniser knows.

A *qualified name* is the dotted path under which a name is imported (`waffle.decorators.waffle_flag`). Inside a
class it goes on with the class (`ldclient.client.LDClient`), and a method of it that returns another client is written
`flagsmith.Flagsmith.get_environment_flags`.
"""

from __future__ import annotations

from flaglint.model import ValueType
from flaglint.records import dataclass

PROJECT = "project"  # the name of the pack that a configuration makes up


@dataclass(frozen=True, slots=True)
class Argument:
    """Where a call carries something: by position (0-based, without self), by keyword, or both.

    `inside` names the constructor or the keywords of an argument object that holds it: the key of
    `boolean(EvaluationRequest(flag_key="k"))` is `Argument(0, "request", inside=Argument(None, "flag_key"))`.
    `is_callable` marks a default that is a function to call.
    """

    position: int | None = None
    keyword: str = ""
    inside: Argument | None = None
    is_callable: bool = False
    many: bool = False  # a list, tuple or set of keys, or a dictionary with the keys


@dataclass(frozen=True, slots=True)
class Call:
    """A call that reads a flag. `methods` are names on a client, `functions` qualified names; one of them is empty.

    `clients` narrows a method to some of the pack's clients, where two of them spell its keywords differently or only
    one is asynchronous; empty: all of them.
    """

    key: Argument
    methods: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    default: Argument | None = None
    returns: ValueType = ValueType.BOOLEAN
    inverted: bool = False
    coroutine: bool = False
    clients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ObjectRead:
    """A method or a plain attribute of a flag object that reads it."""

    name: str
    is_attribute: bool = False
    returns: ValueType = ValueType.BOOLEAN
    inverted: bool = False
    default: Argument | None = None


@dataclass(frozen=True, slots=True)
class FlagObject:
    """A constructor whose result stands for one flag."""

    constructors: tuple[str, ...]
    key: Argument
    reads: tuple[ObjectRead, ...] = ()  # none: it is handed to a call that reads
    default: Argument | None = None
    declares: bool = True  # the construction declares the key


@dataclass(frozen=True, slots=True)
class ClassAttribute:
    """A class attribute that a base class reads as a key. A leading `inverted_by_prefix` is no part of the key."""

    bases: tuple[str, ...]
    names: tuple[str, ...]
    inverted_by_prefix: str = ""
    many: bool = False


@dataclass(frozen=True, slots=True)
class Decorator:
    """A decorator that lets the decorated function run only when the flag is on.

    `inverted`: only when it is off. `state`: the argument that says which of the two, a literal False inverts.
    """

    functions: tuple[str, ...]
    key: Argument
    inverted_by_prefix: str = ""
    inverted: bool = False
    state: Argument | None = None


@dataclass(frozen=True, slots=True)
class Export:
    """A call that hands out every flag at once (`all_flags_state()`): a read of which no key is known."""

    methods: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    clients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dictionary:
    """A mapping whose subscript and `.get(key, default)` read a flag. `prefix`: only keys that begin with it.

    `names` are qualified names of the mapping; `functions` read it by call, as `os.getenv` does.
    """

    names: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    prefix: str = ""
    returns: ValueType = ValueType.BOOLEAN


@dataclass(frozen=True, slots=True)
class Declaration:
    """What declares keys in Python: exactly one of the five is filled.

    `dictionaries`: qualified names of mappings key -> default (also when built by `update` or `|`).
    `calls`: qualified functions or methods that register the key at `key`. `enums`: classes whose members' values are
    keys. `collections`: lists, tuples or sets of keys (of tuples that begin with the key). `models`: classes whose
    fields are keys, and are read as attributes of an instance or of the class.
    """

    dictionaries: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()
    enums: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    key: Argument | None = None
    default: Argument | None = None


@dataclass(frozen=True, slots=True)
class Override:
    """What sets a flag in a test: a context manager, a decorator or a plain call.

    `key` is the flag's key, or the flag object when `takes_object`. `by_keyword_name`: each keyword argument's name
    is a key and its value the override. `mapping`: the argument is a dictionary key -> value, or a list of keys.
    `methods` match on any receiver inside test code only. `sets` is the value when no argument says one
    (`enable_flag("k")`).
    """

    functions: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    key: Argument | None = None
    value: Argument | None = None
    takes_object: bool = False
    by_keyword_name: bool = False
    mapping: Argument | None = None
    sets: bool | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A database row that is a flag: creating, getting or filtering it in Python names the key."""

    models: tuple[str, ...]
    keyword: str = "name"
    active: str = ""  # the keyword that holds the state


@dataclass(frozen=True, slots=True)
class TemplateTag:
    """A template construct that reads a flag: `pattern` is a regular expression with one group, `key`.

    `likely`: it is one only if the key is registered or declared, as a name without quotes may also be a variable.
    """

    pattern: str
    inverted: bool = False
    likely: bool = False
    extensions: tuple[str, ...] = (".html", ".htm", ".txt", ".xml", ".jinja", ".jinja2", ".j2")


@dataclass(frozen=True, slots=True)
class Example:
    """A snippet with the references that it must give, in a comment on their line; `keys` are registered meanwhile."""

    code: str
    path: str = "example.py"
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pack:
    """Everything one SDK pack, or the configuration of a project, tells the recogniser."""

    name: str
    packages: tuple[str, ...]
    clients: tuple[str, ...] = ()
    calls: tuple[Call, ...] = ()
    objects: tuple[FlagObject, ...] = ()
    attributes: tuple[ClassAttribute, ...] = ()
    decorators: tuple[Decorator, ...] = ()
    dictionaries: tuple[Dictionary, ...] = ()
    declarations: tuple[Declaration, ...] = ()
    overrides: tuple[Override, ...] = ()
    rows: tuple[Row, ...] = ()
    templates: tuple[TemplateTag, ...] = ()
    exports: tuple[Export, ...] = ()
    aliases: tuple[str, ...] = ()  # how other languages spell a key: camelCase, UPPER_SNAKE, prefix-stripped, ...
    examples: tuple[Example, ...] = ()
    opt_in: bool = False  # used only when `sdks` in the configuration names it
    source: str = ""  # the file it came from, for messages
