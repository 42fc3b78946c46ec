"""Edits of what a flag serves: one variant, or a share of the contexts."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from flaglint.definition import Rule, Serve, Split
from flaglint.errors import EditError, UsageError
from flaglint.records import replace
from flaglint.registry.edit.draft import all_or_nothing, refusal
from flaglint.registry.edit.fields import (
    check_environment,
    environment_of,
    flag_named,
    index_of,
    put,
    with_environment,
)
from flaglint.registry.edit.splice import (
    Splice,
    end_of_pair,
    indentation,
    insert_pair,
    line_break,
    line_start,
    replace_value,
)
from flaglint.registry.edit.writing import Name, Raw, name, written
from flaglint.registry.nodes import MappingNode, ScalarNode, SequenceNode
from flaglint.registry.reading import nearest_or_all
from flaglint.spelling import counted

if TYPE_CHECKING:
    from flaglint.definition import Flag
    from flaglint.registry.edit.draft import Draft, Entry
    from flaglint.registry.edit.writing import Value
    from flaglint.registry.nodes import Node

_FULL = Decimal(100)


@all_or_nothing
def set_variant(draft: Draft, key: str, variant: str, *, environment: str = "", rule: int | None = None) -> None:
    """Serve one variant: in the last unconditional rule, in that with this number (from 1), or in a new last one.

    Raises UsageError for what the flag does not have, EditError when the file cannot be edited so.
    """
    flag = flag_named(draft, key)
    _check_variant(flag, variant)
    _set(draft, flag, Serve(variant), environment, rule)


@all_or_nothing
def set_rollout(
    draft: Draft, key: str, percent: Decimal, *, to: str = "", environment: str = "", rule: int | None = None
) -> None:
    """Serve a variant to a percentage of the contexts, and the off variant to the others.

    `to` is needed unless the flag is boolean. Who was served the variant keeps it when the percentage grows: the order
    of a split stays. 100 and 0 name one variant.
    """
    flag = flag_named(draft, key)
    if not 0 <= percent <= _FULL:
        raise UsageError(f"{percent} is no percentage", help="give a number from 0 to 100")
    target = to or _true_variant(flag)
    _check_variant(flag, target)
    other = _other_variant(flag, target)
    if percent in {0, _FULL}:
        _set(draft, flag, Serve(target if percent else other), environment, rule)
        return
    scale = 10 ** max(0, -int(percent.normalize().as_tuple().exponent))
    weights = ((target, int(percent * scale)), (other, int((_FULL - percent) * scale)))
    _set(draft, flag, Split(weights), environment, rule)


def _check_variant(flag: Flag, variant: str) -> None:
    names = [known.name for known in flag.variants]
    if variant not in names:
        raise UsageError(f"`{flag.key}` has no variant `{variant}`", help=nearest_or_all(variant, names, "variant"))


def _true_variant(flag: Flag) -> str:
    true = [variant.name for variant in flag.variants if variant.value is True]
    if len(true) != 1:
        names = ", ".join(f"`{variant.name}`" for variant in flag.variants)
        raise UsageError(f"`{flag.key}` needs the variant to roll out", help=f"name it with --to: {names}")
    return true[0]


def _other_variant(flag: Flag, target: str) -> str:
    if flag.off_variant != target:
        return flag.off_variant
    others = [variant.name for variant in flag.variants if variant.name != target]
    if len(others) != 1:
        raise UsageError(
            f"`{target}` is what `{flag.key}` serves when it is off, so it is not clear what the others would get",
            help="roll another variant out with --to, or write the weights into the file",
        )
    return others[0]


def _set(draft: Draft, flag: Flag, outcome: Serve | Split, environment: str, number: int | None) -> None:
    check_environment(draft.registry, environment)
    if flag.problems:
        problem = next((p for p in draft.registry.problems if p.key == flag.key), None)
        raise refusal(
            f"the rules of `{flag.key}` cannot be edited while its entry is broken",
            problem.span if problem else flag.span,
            problem.message if problem else "",
        )
    scope = environment_of(flag, environment) if environment else None
    own = scope.rules if scope is not None else None
    rules = flag.rules if own is None else own
    if environment and own is None:
        # The environment goes by the flag's own rules so far; it gets a copy of them, for the edit to be its own.
        outcome = _in_order(flag, rules, number, outcome)
        new = _changed(rules, number, outcome, flag)
        if len(new) == 1 and new[0].is_unconditional:
            put(draft, flag.key, "serve", _value(outcome), environment=environment)
            draft.check({flag.key: with_environment(flag, environment, rules=new)})
            return
        _copy_rules(draft, flag, environment)
        draft.check({flag.key: with_environment(flag, environment, rules=rules)})
        flag = flag_named(draft, flag.key)
    outcome = _in_order(flag, rules, number, outcome)
    new = _changed(rules, number, outcome, flag)
    _write(draft, flag, outcome, environment, _index(rules, number, flag))
    changed = with_environment(flag, environment, rules=new) if environment else replace(flag, rules=new)
    draft.check({flag.key: changed})


def _index(rules: tuple[Rule, ...], number: int | None, flag: Flag) -> int | None:
    """Return the index of the rule to edit, or None when one is to be appended."""
    if number is not None:
        if not 1 <= number <= len(rules):
            count = counted(len(rules), "rule")
            raise UsageError(f"`{flag.key}` has no rule {number}", help=f"it has {count}, counted from 1")
        return number - 1
    return next((index for index in reversed(range(len(rules))) if rules[index].is_unconditional), None)


def _changed(rules: tuple[Rule, ...], number: int | None, outcome: Serve | Split, flag: Flag) -> tuple[Rule, ...]:
    index = _index(rules, number, flag)
    if index is None:
        return (*rules, Rule(outcome, flag.span))
    return tuple(replace(rule, outcome=outcome) if i == index else rule for i, rule in enumerate(rules))


def _in_order(flag: Flag, rules: tuple[Rule, ...], number: int | None, outcome: Serve | Split) -> Serve | Split:
    """Return a split in the order of the one that it replaces; another order would move contexts for nothing."""
    index = _index(rules, number, flag)
    old = rules[index].outcome if index is not None else None
    if not isinstance(outcome, Split) or not isinstance(old, Split):
        return outcome
    weights, names = dict(outcome.weights), [variant for variant, _ in old.weights]
    more = [variant for variant, weight in old.weights if weight and variant not in weights]
    if more:
        listed = ", ".join(f"`{variant}`" for variant in names)
        raise UsageError(
            f"`{flag.key}` is split among {listed}, so one percentage does not say what each gets",
            help="write the weights into the file",
        )
    order = [variant for variant in names if variant in weights]
    order += [variant for variant in weights if variant not in order]
    return Split(tuple((variant, weights[variant]) for variant in order))


def _value(outcome: Serve | Split) -> Value:
    return Name(outcome.variant) if isinstance(outcome, Serve) else dict(outcome.weights)


def _write(draft: Draft, flag: Flag, outcome: Serve | Split, environment: str, index: int | None) -> None:
    entry = draft.entry(flag.key)
    scope = entry.value
    if environment:
        environments = scope.get("environments")
        inner = environments.get(environment) if isinstance(environments, MappingNode) else None
        if not isinstance(inner, MappingNode):
            raise EditError(f"`{environment}` of `{flag.key}` cannot be found", path=entry.path)
        scope = inner
    rules = scope.get("rules")
    at = index_of(scope, "serve")
    if at is not None:
        draft.splice(entry.path, _outcome_splices(entry, *scope.pairs[at], outcome))
    elif not isinstance(rules, SequenceNode):
        put(draft, flag.key, "serve", _value(outcome), environment=environment)
    elif index is None:
        draft.splice(entry.path, _append(entry, rules, outcome))
    else:
        rule = rules.items[index]
        assert isinstance(rule, MappingNode)
        draft.splice(entry.path, _in_rule(entry, rule, outcome))


def _in_rule(entry: Entry, rule: MappingNode, outcome: Serve | Split) -> list[Splice]:
    """Put an outcome in the place of a rule's own; a ramp becomes `serve`."""
    index = index_of(rule, "serve")
    if index is not None:
        return _outcome_splices(entry, *rule.pairs[index], outcome)
    index = index_of(rule, "ramp")
    assert index is not None
    key, value = rule.pairs[index]
    renamed = Splice(key.start, key.end, name("serve", language=entry.language))
    return [renamed, *replace_value(entry.text, key, value, written(_value(outcome), language=entry.language))]


def _outcome_splices(entry: Entry, key: Node, value: Node, outcome: Serve | Split) -> list[Splice]:
    """Replace what is served; of a split of the same variants the weights alone."""
    if isinstance(outcome, Split) and isinstance(value, MappingNode):
        weights = dict(outcome.weights)
        if [variant for variant, _, _ in value.texts()] == list(weights):
            return [Splice(node.start, node.end, str(weights[variant])) for variant, _, node in value.texts()]
    return replace_value(entry.text, key, value, written(_value(outcome), language=entry.language))


def _append(entry: Entry, rules: SequenceNode, outcome: Serve | Split) -> list[Splice]:
    """Add an unconditional rule behind all others."""
    text = entry.text
    served = {"serve": _value(outcome)}
    if not rules.flow:
        indent = " " * (rules.start - line_start(text, rules.start))
        end = end_of_pair(text, rules.items[-1], rules.items[-1])
        return [Splice(end, end, f"{line_break(text)}{indent}- serve: {written(_value(outcome))}")]
    item = written(served, language=entry.language)
    if not rules.items:
        return [Splice(rules.start, rules.end, f"[{item}]")]
    last = rules.items[-1]
    start = line_start(text, last.start)
    between = " " if text[start : last.start].strip() else line_break(text) + text[start : last.start]
    return [Splice(last.end, last.end, f",{between}{item}")]


def _copy_rules(draft: Draft, flag: Flag, environment: str) -> None:
    """Give an environment the flag's own rules: on lines like theirs, or in brackets where only those are possible."""
    entry = draft.entry(flag.key)
    index = index_of(entry.value, "rules")
    assert index is not None
    rules = entry.value.pairs[index][1]
    assert isinstance(rules, SequenceNode)
    environments = entry.value.get("environments")
    if rules.flow or (isinstance(environments, MappingNode) and (environments.flow or environments.get(environment))):
        put(draft, flag.key, "rules", Raw(_in_brackets(entry, rules)), environment=environment)
        return
    text, lines = entry.text, line_break(entry.text)
    base = indentation(text, entry.value)
    step = max(base - indentation(text, entry.flags), 1)
    inner = indentation(text, environments) if isinstance(environments, MappingNode) else base + step
    shift = inner + step - base
    dash = rules.start - line_start(text, rules.start)
    copied = _shifted(text[rules.start - dash : rules.end], shift, lines)
    block = f"{name(environment)}:{lines}{' ' * (inner + step)}rules:{lines}{copied}"
    if isinstance(environments, MappingNode):
        opening = entry.value.pairs[index_of(entry.value, "environments") or 0][0]
        draft.splice(entry.path, insert_pair(text, environments, block, len(environments.pairs) - 1, opening))
    else:
        last = len(entry.value.pairs) - 1
        pair = f"environments:{lines}{' ' * inner}{block}"
        draft.splice(entry.path, insert_pair(text, entry.value, pair, last, entry.key))


def _shifted(block: str, columns: int, lines: str) -> str:
    """Return a block of lines moved to the right, or to the left as far as there are blanks."""
    moved = []
    for line in block.splitlines():
        content = line.lstrip(" ")
        moved.append(" " * max(len(line) - len(content) + columns, 0) + content if content else "")
    return lines.join(moved)


def _in_brackets(entry: Entry, node: Node) -> str:
    """Return a node in flow style on one line, its scalars as they are written."""
    if isinstance(node, MappingNode):
        return "{" + ", ".join(f"{_in_brackets(entry, k)}: {_in_brackets(entry, v)}" for k, v in node.pairs) + "}"
    if isinstance(node, SequenceNode):
        return "[" + ", ".join(_in_brackets(entry, item) for item in node.items) + "]"
    as_written = entry.text[node.start : node.end]
    if isinstance(node, ScalarNode) and (node.style in {"|", ">"} or "\n" in as_written):
        return written(node.text, language=entry.language, quote='"')
    return as_written
