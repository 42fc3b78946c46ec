"""What a read of a pinned flag comes to: the kept value, or the default of the call where its type does not fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.definition import SEPARATE_SWITCH
from flaglint.model import Confidence, Literal, OneOf, ValueType
from flaglint.records import dataclass
from flaglint.remove.values import Known

if TYPE_CHECKING:
    from flaglint.model import JsonValue, Reference
    from flaglint.remove.kept import Kept

_TYPES: dict[ValueType, tuple[type, ...]] = {
    ValueType.BOOLEAN: (bool,),
    ValueType.STRING: (str,),
    ValueType.INTEGER: (int,),
    ValueType.FLOAT: (int, float),
    ValueType.OBJECT: (dict, list),
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a read is left as it is: a stable code, and a sentence for people."""

    code: str
    sentence: str


def value_of_read(reference: Reference, kept: Kept, number: int, quote: str) -> Known | Refusal:
    """Return what a read evaluates to once its flag is pinned, or why that cannot be said."""
    if not isinstance(reference.key, Literal):
        what = "one of several keys" if isinstance(reference.key, OneOf) else "a key that is put together at run time"
        return Refusal("dynamic-key", f"it reads {what}")
    if "open-key" in reference.traits:
        return Refusal("dynamic-key", "it may read another key, which is computed")
    if reference.confidence is Confidence.POSSIBLE:
        return Refusal("uncertain-read", "it is not sure that this reads the flag")
    if "batch" in reference.traits:
        return Refusal("batch-read", "it reads several flags at once")
    if "coroutine" in reference.traits and "awaited" not in reference.traits:
        return Refusal("not-awaited", "its result is awaited somewhere else")
    if reference.role == "with-item":
        return Refusal("unknown-shape", "it is entered by `with`, which a value cannot be")
    origins = frozenset({number})
    if reference.value_type is ValueType.DETAILS:
        return Known(kept.value, origins, "details", kept.variant, quote)
    if reference.value_type is ValueType.VARIANT:
        if kept.variant is None:
            return Refusal("unknown-variant", "it reads the name of the variant, and several variants have this value")
        return Known(kept.value, origins, "variant", kept.variant, quote)
    switch = _switch(reference, kept) if kept.switch is not None else None
    value = _typed(reference, kept.value) if switch is None else switch
    if isinstance(value, Refusal):
        return value
    if "inverted" in reference.traits:
        value = not value
    return Known(value, origins, quote=quote)


def _switch(reference: Reference, kept: Kept) -> bool | Refusal | None:
    """Return what a read gets where being on and having a value are two things; None when it reads the value."""
    if reference.value_type is not ValueType.BOOLEAN or kept.switch is kept.value:
        return None
    if reference.sdk in SEPARATE_SWITCH:
        return kept.switch
    state = "on" if kept.switch else "off"
    return Refusal("separate-switch", f"it is not sure whether it reads that the flag is {state}, or its value")


def _typed(reference: Reference, value: JsonValue) -> JsonValue | Refusal:
    """Return the value as the accessor gives it; one of another type gets the default of its call."""
    wanted = _TYPES.get(reference.value_type)
    fits = wanted is None or (isinstance(value, wanted) and (bool in wanted or not isinstance(value, bool)))
    if fits:
        return float(value) if reference.value_type is ValueType.FLOAT and isinstance(value, int) else value
    if reference.default is not None and reference.default.known:
        return reference.default.value
    return Refusal(
        "wrong-value-type",
        f"it reads {_an(reference.value_type)}, the value that is kept is none, and its default is not known",
    )


def _an(kind: ValueType) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"
