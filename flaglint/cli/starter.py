"""What `flaglint init` writes: a configuration and a first registry, from what the code says."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING

from flaglint.config import FLAG_TYPES, VENDORS
from flaglint.lints.styles import STYLES
from flaglint.model import Kind, ValueType
from flaglint.records import dataclass
from flaglint.registry.edit.writing import Name, written

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from flaglint.cli.proposals import Proposals
    from flaglint.graph import FlagGraph
    from flaglint.model import JsonValue, Reference

_FOLLOWS_STYLE = 0.9  # of the keys; with fewer there is no style to speak of
_ENOUGH_KEYS = 4
_TYPE_BY_FIRST_WORD = {
    **{kind: kind for kind in FLAG_TYPES},
    "exp": "experiment",
    "ab": "experiment",
    "kill": "kill-switch",
}
# What stands for the values of a flag that is no boolean, where the code does not tell them.
_EXAMPLES: Mapping[ValueType, tuple[JsonValue, JsonValue]] = {
    ValueType.STRING: ("", "other"),
    ValueType.INTEGER: (0, 1),
    ValueType.FLOAT: (0.5, 1.5),
}


@dataclass(frozen=True, slots=True)
class Findings:
    """What the code reads: keys that no declaration in Python defines, the rest, and through which SDKs.

    `undefined` are those read through an SDK whose other flags are declared: no registry is to make up for them.
    """

    undeclared: tuple[str, ...]
    declared: tuple[str, ...]
    patterns: tuple[str, ...]
    sdks: tuple[str, ...]  # the one with most reads first
    undefined: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """Every key."""
        return tuple(sorted({*self.undeclared, *self.declared, *self.undefined}))


def look(graph: FlagGraph) -> Findings:
    """Return what there is to write down; what only tests read is left out."""
    read = {key for key, refs in graph.by_key.items() if any(ref.kind is Kind.READ and not ref.is_test for ref in refs)}
    sdks = Counter(ref.sdk for ref in graph.references if ref.kind is Kind.READ and ref.sdk)
    globs = {ref.key.glob for ref in graph.dynamic if not ref.is_test and hasattr(ref.key, "glob")}
    declaring = {ref.sdk for ref in graph.references if ref.kind is Kind.DECLARATION}
    undefined = {
        key
        for key in read - graph.flags.keys()
        if all(ref.sdk in declaring for ref in graph.by_key[key] if ref.kind is Kind.READ)
    }
    return Findings(
        undeclared=tuple(sorted(read - graph.flags.keys() - undefined)),
        undefined=tuple(sorted(undefined)),
        declared=tuple(sorted(graph.flags)),
        patterns=tuple(sorted(globs)),
        sdks=tuple(name for name, _ in sorted(sdks.items(), key=lambda item: (-item[1], item[0]))),
    )


def configuration(found: Findings, registry: str, proposals: Proposals) -> str:
    """Return a flaglint.toml that names what was found."""
    from flaglint.cli.proposals import configured

    lines = [
        "# What flaglint looks at here. `flaglint config --show` prints every key with its value.",
        'source = ["."]',
    ]
    if found.sdks:
        lines.append(f"# Reads were found of: {', '.join(found.sdks)}. An SDK that is imported need not be listed.")
    named = configured(proposals, registry)
    if named:
        lines += named
    else:
        lines += [
            '# registry = ["flags.yaml"]',
            "",
            "# A function of your own that asks for a flag, where flaglint does not see by itself that it does:",
            "# [[calls]]",
            '# function = "shop.gates.is_on"',
            '# key = { position = 0, keyword = "name" }',
        ]
    style, vendors = style_of(found.keys), [name for name in VENDORS if name in found.sdks]
    if style or vendors:
        lines += ["", "[naming]"]
        lines += [f"style = {json.dumps(style)}"] if style else []
        lines += [f"vendor = {json.dumps(vendors)}"] if vendors else []
    return "\n".join(lines) + "\n"


def style_of(keys: Iterable[str]) -> str:
    """Return the case style that nearly all of the keys are written in, or an empty text."""
    names = list(keys)
    if len(names) < _ENOUGH_KEYS:
        return ""
    counts = {style: sum(bool(re.fullmatch(shape, name)) for name in names) for style, shape in STYLES.items()}
    best = max(counts, key=lambda style: counts[style])
    return best if counts[best] >= _FOLLOWS_STYLE * len(names) else ""


def registry(found: Findings, graph: FlagGraph) -> str:
    """Return a registry that names every undeclared flag, and claims nothing about what it serves."""
    reads = {key: [ref for ref in graph.by_key[key] if ref.kind is Kind.READ] for key in found.undeclared}
    systems = {key: next((ref.sdk for ref in reads[key] if ref.sdk), "code") for key in found.undeclared}
    lines = [
        "version: 1",
        "# Who gets a flag is decided elsewhere. A segment stands for that below, and matches nobody.",
        "# Give each flag an owner, a description and a date; and rules, when this file is to decide.",
        "segments:",
        *(f"  {_segment(name)}: {{decided_by: {written(name)}}}" for name in sorted(set(systems.values()))),
        "flags:",
    ]
    for key in found.undeclared:
        lines += _entry(key, _segment(systems[key]), reads[key])
    return "\n".join(lines) + "\n"


def _segment(system: str) -> str:
    return written(Name(f"as-{system}-decides"))


def _entry(key: str, segment: str, reads: list[Reference]) -> list[str]:
    lines = [f"  {written(Name(key))}:"]
    if kind := _type_of(key):
        lines.append(f"    type: {kind}")
    values = _values(reads)
    if values:
        shown = [json.dumps(value, ensure_ascii=False) for value in values]
        lines.append(f"    variants: {{fallback: {shown[0]}, other: {shown[1]}}}")
        lines.append("    off_variant: fallback")
    lines.append(f"    rules: [{{segment: {segment}, serve: {'other' if values else 'true'}}}]")
    return lines


def _type_of(key: str) -> str:
    first = key.lower().replace("_", "-").replace(".", "-").replace(":", "-")
    return next((kind for word, kind in _TYPE_BY_FIRST_WORD.items() if first.startswith(f"{word}-")), "")


def _values(reads: list[Reference]) -> tuple[JsonValue, JsonValue] | None:
    """Return two values that a flag can have, as far as its reads tell; None for a boolean flag."""
    default = next((ref.default.value for ref in reads if ref.default and ref.default.known), None)
    by_reads = next((_EXAMPLES[ref.value_type] for ref in reads if ref.value_type in _EXAMPLES), None)
    by_default = next((pair for pair in _EXAMPLES.values() if type(pair[0]) is type(default)), None)
    pair = by_reads or by_default
    if pair is None:
        return None
    first = default if type(default) is type(pair[0]) else pair[0]
    compared = [value for ref in reads for value in ref.compared_with if value != first]
    return first, compared[0] if compared else pair[1]
