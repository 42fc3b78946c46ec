"""Records are dataclasses to everybody who uses them, and cost nothing before somebody does."""

import copy
import dataclasses
import inspect
import pickle
from types import FunctionType
from typing import Any

import pytest

from flaglint import records


def classes(dataclass: Any, field: Any) -> tuple[type[Any], ...]:
    """The same classes, made by the one decorator or the other."""

    @dataclass(frozen=True, slots=True, order=True)
    class Place:
        line: int
        column: int = 1

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Options:
        name: str
        found: list[int] = field(default_factory=list)
        source: str = field(default="", compare=False, repr=False)

    @dataclass
    class Loose:
        given: int
        more: tuple[int, ...] = ()

    @dataclass(slots=True)
    class Mixed:
        first: int
        named: str = field(default="", kw_only=True)
        last: int = 0

    @dataclass(slots=True, eq=False, repr=False)
    class Bare:
        given: int

    @dataclass(frozen=True)
    class Nothing:
        pass

    return Place, Options, Loose, Mixed, Bare, Nothing


OURS = dict(
    zip(
        ("Place", "Options", "Loose", "Mixed", "Bare", "Nothing"),
        classes(records.dataclass, records.field),
        strict=True,
    )
)
THEIRS = dict(zip(OURS, classes(dataclasses.dataclass, dataclasses.field), strict=True))
CALLS: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = [
    ("Place", (3,), {}),
    ("Place", (3, 1), {}),
    ("Place", (2, 9), {}),
    ("Place", (), {"column": 2, "line": 1}),
    ("Place", (), {}),
    ("Place", (1, 2, 3), {}),
    ("Options", (), {"name": "a"}),
    ("Options", (), {"name": "a", "source": "somewhere else"}),
    ("Options", (), {"name": "a", "found": [1]}),
    ("Options", ("a",), {}),
    ("Loose", (1,), {}),
    ("Loose", (1, (2,)), {}),
    ("Mixed", (1, 2), {}),
    ("Mixed", (1,), {"named": "a"}),
    ("Mixed", (1, 2, "a"), {}),
    ("Bare", (1,), {}),
    ("Nothing", (), {}),
    ("Nothing", (1,), {}),
]


def made(of: dict[str, type[Any]], call: tuple[str, tuple[Any, ...], dict[str, Any]]) -> Any:
    name, positional, named = call
    try:
        return of[name](*positional, **named)
    except TypeError as error:
        return error


@pytest.mark.parametrize("call", CALLS, ids=str)
def test_makes_what_a_dataclass_makes(call: Any) -> None:
    ours, theirs = made(OURS, call), made(THEIRS, call)
    if isinstance(theirs, TypeError):
        assert str(ours) == str(theirs)
        return
    assert dataclasses.asdict(ours) == dataclasses.asdict(theirs)
    assert type(ours).__match_args__ == type(theirs).__match_args__
    assert hasattr(ours, "__dict__") == hasattr(theirs, "__dict__")
    if call[0] != "Bare":
        assert repr(ours) == repr(theirs)


@pytest.mark.parametrize("one", CALLS, ids=str)
@pytest.mark.parametrize("other", CALLS, ids=str)
def test_compares_as_a_dataclass_compares(one: Any, other: Any) -> None:
    ours, theirs = (made(OURS, one), made(OURS, other)), (made(THEIRS, one), made(THEIRS, other))
    if any(isinstance(value, TypeError) for value in theirs):
        return
    assert (ours[0] == ours[1]) == (theirs[0] == theirs[1])
    for compare in ("__lt__", "__le__", "__gt__", "__ge__"):
        assert getattr(ours[0], compare)(ours[1]) == getattr(theirs[0], compare)(theirs[1])


@pytest.mark.parametrize("name", OURS)
def test_is_hashed_where_a_dataclass_is(name: str) -> None:
    assert (OURS[name].__hash__ is None) == (THEIRS[name].__hash__ is None)


def test_equal_records_have_one_hash() -> None:
    place = OURS["Place"]
    assert {place(1, 2), place(1, column=2)} == {place(1, 2)}


@pytest.mark.parametrize("name", OURS)
def test_the_standard_library_knows_its_fields(name: str) -> None:
    ours, theirs = dataclasses.fields(OURS[name]), dataclasses.fields(THEIRS[name])
    for one, other in zip(ours, theirs, strict=True):
        for attribute in ("name", "type", "default", "default_factory", "compare", "repr", "kw_only"):
            assert getattr(one, attribute) == getattr(other, attribute)


def test_is_replaced_and_copied_and_pickled() -> None:
    from flaglint.model import Position, Span

    span = Span("a.py", Position(1, 2), Position(3, 4))
    assert dataclasses.replace(span, path="b.py") == Span("b.py", Position(1, 2), Position(3, 4))
    assert copy.deepcopy(span) == span
    assert pickle.loads(pickle.dumps(span)) == span


def test_each_object_has_a_list_of_its_own() -> None:
    options = OURS["Options"]
    options(name="a").found.append(1)
    assert options(name="b").found == []


def test_a_record_made_from_another_has_its_fields_first() -> None:
    @records.dataclass(slots=True)
    class Wide(OURS["Place"]):  # type: ignore[misc, name-defined]
        width: int = 0

    assert Wide.__slots__ == ("width",)
    assert repr(Wide(1, 2, 3)).endswith("Wide(line=1, column=2, width=3)")
    assert Wide(1, 2) != OURS["Place"](1, 2)


def test_nothing_is_compiled_before_an_object_is_made() -> None:
    @records.dataclass(frozen=True, slots=True)
    class Quiet:
        given: int

    assert not isinstance(vars(Quiet)["__init__"], FunctionType)
    assert Quiet(1).given == 1
    assert isinstance(vars(Quiet)["__init__"], FunctionType)


def test_shows_its_parameters() -> None:
    assert str(inspect.signature(OURS["Place"])) == "(line, column=1)"


def test_what_it_does_not_do_is_refused() -> None:
    with pytest.raises(TypeError, match="__post_init__"):

        @records.dataclass
        class Eager:
            given: int

            def __post_init__(self) -> None:
                self.given += 1


@pytest.mark.parametrize("of", [OURS, THEIRS], ids=["record", "dataclass"])
def test_replaces_fields_of_records_and_of_dataclasses(of: Any) -> None:
    place = of["Place"](1, 2)
    assert records.replace(place, column=3) == of["Place"](1, 3)
    assert records.replace(place) == place
    with pytest.raises(TypeError, match="unexpected keyword argument 'row'"):
        records.replace(place, row=3)


def test_names_its_fields() -> None:
    assert records.field_names(OURS["Options"]) == ("name", "found", "source")


def test_tells_the_defaults_of_its_fields() -> None:
    assert records.field_defaults(OURS["Options"]) == {"name": ..., "found": ..., "source": ""}
