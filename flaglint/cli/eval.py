"""`flaglint eval`: what a flag serves for one context or for many, and why."""

from __future__ import annotations

import io
import json
import sys
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from flaglint.cli.moment import Moment
from flaglint.cli.session import load_settings, note, out
from flaglint.errors import UsageError
from flaglint.records import replace
from flaglint.spelling import counted, did_you_mean, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from flaglint.definition import Attribute, Registry
    from flaglint.evaluator import Evaluation, Evaluator
    from flaglint.evaluator.explain import Explanation


@click.command(
    "eval", epilog="Example: flaglint eval release-one-page-checkout -c country=DE --env production --explain"
)
@click.argument("key", metavar="KEY")
@click.option("-c", "pairs", metavar="NAME=VALUE", multiple=True, help="An attribute of the context; repeatable.")
@click.option("--context", "written", metavar="JSON", default="", help="The context as a JSON object.")
@click.option(
    "--contexts",
    "file",
    type=click.Path(path_type=Path, allow_dash=True),
    help="A file with one JSON object per line, each evaluated in turn; - is stdin.",
)
@click.option("--env", "environment", metavar="NAME", help="The environment; needed when the registry has several.")
@click.option("--explain", "explains", is_flag=True, help="Show each rule, and why it matched or not.")
@click.option("--now", "now", type=Moment(), help="Evaluate as if it were this day or time.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(
    *,
    key: str,
    pairs: tuple[str, ...],
    written: str,
    file: Path | None,
    environment: str | None,
    explains: bool,
    now: float | None,
    form: str,
) -> int:
    """Evaluate a flag for a context: the value, the variant, and why."""
    from flaglint.evaluator import Evaluator
    from flaglint.evaluator.explain import explain
    from flaglint.registry.unknown import unknown_flag

    if file is not None and (pairs or written or explains):
        raise UsageError("`--contexts` brings its own contexts: `-c`, `--context` and `--explain` do not go with it")
    moment = time.time() if now is None else now
    registry = _evaluable(key, moment)
    if environment is None and len(registry.environments) > 1:
        first, *rest = sorted(registry.environments, key=lambda name: name not in registry.critical)
        others = "".join(f", or {name}" for name in rest)
        raise UsageError("the registry has several environments: name one", help=f"--env {first}{others}")
    evaluator = Evaluator(registry, environment=environment, clock=lambda: moment)
    if key not in evaluator.keys:
        raise unknown_flag(key, registry, evaluator.keys, f"in the registry of {evaluator.environment}")
    if file is not None:
        _evaluate_many(evaluator, key, file, form)
        return 0
    context = _context(registry, pairs, written)
    explanation = explain(registry, evaluator, key, context, moment)
    if form == "json":
        out(json.dumps(_as_json(key, evaluator, explanation, explains=explains), indent=2, ensure_ascii=False))
    else:
        out(_as_text(key, evaluator, explanation, explains=explains))
    return 0


def _evaluable(key: str, moment: float) -> Registry:
    """Return the project's registry without the flags of formats that flaglint only reads; raises UsageError."""
    from flaglint.evaluator.plan import EVALUATED_FORMATS
    from flaglint.registry import load
    from flaglint.registry.unknown import unknown_flag

    settings = load_settings()
    registry = load(settings.root, settings.registry, now=moment, cache=settings.root / settings.cache_dir)
    named = [flag for flag in registry.flags if flag.key == key]
    if not named:
        raise unknown_flag(key, registry, {flag.key for flag in registry.flags})
    if all(flag.format not in EVALUATED_FORMATS for flag in named):
        fact = f"`{key}` is in the format {named[0].format}, which flaglint reads but does not evaluate"
        raise UsageError(fact, help=_proven(registry, key, moment))
    return replace(registry, flags=tuple(flag for flag in registry.flags if flag.format in EVALUATED_FORMATS))


def _proven(registry: Registry, key: str, moment: float) -> str:
    """Return what is proven of a flag that cannot be evaluated, environment by environment."""
    from flaglint.evaluator.proof import verdicts
    from flaglint.evaluator.wording import verdict_in_words

    found = verdicts(registry, moment)[key]
    told = [f"{verdict_in_words(verdict)}{f' in {name}' if len(found) > 1 else ''}" for name, verdict in found.items()]
    return f"what its file proves: {'; '.join(told)}"


def _context(registry: Registry, pairs: Sequence[str], written: str) -> dict[str, Any]:
    context = _parsed(written, "`--context`") if written else {}
    declared = {attribute.name: attribute for attribute in registry.attributes}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals or not name:
            raise UsageError(f"`-c {pair}` is no attribute", help="write it as `-c country=DE`")
        if declared and name not in declared and name != "targetingKey":
            note(f"the registry declares no attribute `{name}`", help=did_you_mean(nearest(name, declared)))
        context[name] = _typed(name, text, declared.get(name))
        if name in declared:
            _tell_mistyped(declared[name], context[name])
    return context


def _tell_mistyped(attribute: Attribute, value: Any) -> None:
    """Say of a value that the registry declares otherwise that no condition on it can hold."""
    kinds: dict[str, type | tuple[type, ...]] = {"integer": int, "number": (int, float), "boolean": bool}
    if attribute.kind == "enum" and value not in attribute.values:
        advice = did_you_mean(nearest(value, attribute.values), f"declared: {', '.join(attribute.values)}")
        note(f"the registry declares no `{value}` for `{attribute.name}`", help=advice)
    elif attribute.kind in kinds:
        fits = isinstance(value, kinds[attribute.kind]) and (attribute.kind == "boolean") is isinstance(value, bool)
        if not fits:
            a_kind = f"{'an' if attribute.kind == 'integer' else 'a'} {attribute.kind}"
            note(f"the registry declares `{attribute.name}` as {a_kind}, which {json.dumps(value)} is not")


def _typed(name: str, text: str, attribute: Attribute | None) -> Any:
    """Return the value of an attribute as it is declared, else a number, boolean or list where it reads as one."""
    if name == "targetingKey" or (attribute is not None and attribute.kind in {"string", "enum"}):
        return text
    try:
        value = json.loads(text)
    except ValueError:
        value = text
    if attribute is not None and attribute.kind == "list" and not isinstance(value, list):
        return text.split(",")
    return value


def _parsed(text: str, where: str) -> dict[str, Any]:
    try:
        context = json.loads(text)
    except ValueError as error:
        raise UsageError(f"{where} is no JSON: {error}", help='write an object: {"country": "DE"}') from error
    if not isinstance(context, dict):
        raise UsageError(f"{where} is no JSON object", help='write an object: {"country": "DE"}')
    return context


def _evaluate_many(evaluator: Evaluator, key: str, file: Path, form: str) -> None:
    """Print a line per context as it comes, and at the end how many were served what."""
    counts: Counter[str] = Counter()
    for number, context in _lines(file):
        result = evaluator.evaluate(key, context)
        counts[result.variant or "the default in the code"] += 1
        if form == "json":
            out(json.dumps({"line": number, **_fields(result)}, ensure_ascii=False))
        else:
            target = context.get("targetingKey")
            name = target if isinstance(target, str) else f"line {number}"
            out(f"{name}\t{_shown(result)}\t{result.variant or '-'}\t{result.reason}")
    total = sum(counts.values())
    shares = ", ".join(f"{name} {count} ({100 * count / total:.1f} %)" for name, count in counts.most_common())
    note(f"{counted(total, 'context')}{': ' if shares else ''}{shares}")


def _lines(file: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    name = "<stdin>" if str(file) == "-" else str(file)
    try:
        with _stdin() if name == "<stdin>" else file.open(encoding="utf-8-sig") as stream:
            for number, line in enumerate(stream, start=1):
                if line.strip():
                    yield number, _parsed(line, f"{name}:{number}")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror.lower() if isinstance(error, OSError) and error.strerror else "it is no UTF-8"
        advice = 'it holds a JSON object per line, such as {"country": "DE"}; - is stdin'
        raise UsageError(f"`{name}` cannot be read: {reason}", help=advice) from error


@contextmanager
def _stdin() -> Iterator[TextIO]:
    """Read stdin as files are read: UTF-8, whatever the locale says, with or without a byte order mark."""
    stream = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8-sig")
    try:
        yield stream
    finally:
        stream.detach()  # stdin stays open: it is not ours to close


def _shown(result: Evaluation) -> str:
    if result.variant is None:
        return "the default in the code"
    return result.value if isinstance(result.value, str) else json.dumps(result.value, ensure_ascii=False)


def _fields(result: Evaluation) -> dict[str, Any]:
    return {
        "value": result.value,
        "variant": result.variant,
        "reason": result.reason.value,
        "rule": result.rule,
        "error_code": result.error_code.value if result.error_code is not None else None,
        "error_message": result.error_message,
    }


def _as_json(key: str, evaluator: Evaluator, explanation: Explanation, *, explains: bool) -> Mapping[str, Any]:
    found = {"version": 1, "key": key, "environment": evaluator.environment, **_fields(explanation.result)}
    if explains:
        found["steps"] = [
            {"label": step.label, "text": step.text, "holds": step.holds, "found": step.found}
            for step in explanation.steps
        ]
    return found


def _as_text(key: str, evaluator: Evaluator, explanation: Explanation, *, explains: bool) -> str:
    result = explanation.result
    rule = f" by rule {result.rule}" if result.rule is not None else ""
    variant = f"  ({result.variant}, {result.reason}{rule})" if result.variant is not None else f"  ({result.reason})"
    error = f"\n{result.error_code}: {result.error_message}" if result.error_code is not None else ""
    if not explains:
        return f"{_shown(result)}{variant}{error}"
    steps = explanation.steps
    labels = max((len(step.label) for step in steps), default=0)
    texts = max((len(step.text) for step in steps if step.holds is not None), default=0)
    lines = [f"{key} in {evaluator.environment}"]
    for step in steps:
        answer = {True: "yes", False: "no", None: ""}[step.holds]
        reply = "  ".join(part for part in (answer.ljust(3) if answer else "", step.found) if part)
        lines.append(f"  {step.label:{labels}}  {step.text:{texts if reply else 0}}  {reply}".rstrip())
    return "\n".join([*lines, f"{_shown(result)}{variant}{error}"])
