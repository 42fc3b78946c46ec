"""Removes one flag from small programs with flaglint and with PolyglotPiranha, and compares what comes out.

Run `python benchmarks/piranha.py PYTHON`, where PYTHON is an interpreter that has `polyglot-piranha`. Piranha brings no
rules for Python, so it gets rules that do here what its own rules do for Java and Kotlin: fold boolean expressions,
reduce `if`, drop what stands behind a `return`. Each result is executed beside the original with the flag pinned:

right       the text that a person would write, byte for byte
import left that text, but for an import and blank lines
unfinished  it does the same, but something of the flag is left over, or the layout changed
refused     the flag is left as it was, with a reason
wrong       it does something else
invalid     it is no Python
crashed     the tool stopped
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any

READ = 'flags.is_enabled("new")'
# Name, value that is kept, before, after. `log` is an effect; `main` is called with several arguments.
CASES: list[tuple[str, bool, str, str]] = [
    (
        "if, on",
        True,
        "def main(u):\n    if FLAG:\n        log(1)\n    else:\n        log(2)\n",
        "def main(u):\n    log(1)\n",
    ),
    (
        "if, off",
        False,
        "def main(u):\n    if FLAG:\n        log(1)\n    else:\n        log(2)\n",
        "def main(u):\n    log(2)\n",
    ),
    (
        "two statements",
        True,
        "def main(u):\n    if FLAG:\n        log(1)\n        log(2)\n    return u\n",
        "def main(u):\n    log(1)\n    log(2)\n    return u\n",
    ),
    (
        "guard",
        True,
        "def main(u):\n    if not FLAG:\n        return 1\n    return 2\n",
        "def main(u):\n    return 2\n",
    ),
    (
        "early return",
        True,
        "def main(u):\n    if FLAG:\n        return 1\n    log(u)\n    return 2\n",
        "def main(u):\n    return 1\n",
    ),
    (
        "elif promoted",
        False,
        "def main(u):\n    if FLAG:\n        return 1\n    elif u:\n        return 2\n    else:\n        return 3\n",
        "def main(u):\n    if u:\n        return 2\n    else:\n        return 3\n",
    ),
    (
        "elif on",
        True,
        "def main(u):\n    if u:\n        log(1)\n    elif FLAG:\n        log(2)\n    else:\n        log(3)\n",
        "def main(u):\n    if u:\n        log(1)\n    else:\n        log(2)\n",
    ),
    (
        "and, in a test",
        True,
        "def main(u):\n    if u and FLAG:\n        log(1)\n",
        "def main(u):\n    if u:\n        log(1)\n",
    ),
    ("and, as a value", True, "def main(u):\n    return u and FLAG\n", "def main(u):\n    return u and True\n"),
    (
        "effect before or",
        True,
        "def main(u):\n    if log(u) or FLAG:\n        return 1\n    return 2\n",
        "def main(u):\n    log(u)\n    return 1\n",
    ),
    ("conditional expression", False, "def main(u):\n    return 1 if FLAG else u\n", "def main(u):\n    return u\n"),
    (
        "local",
        True,
        "def main(u):\n    on = FLAG\n    if on and u:\n        log(1)\n    return 2\n",
        "def main(u):\n    if u:\n        log(1)\n    return 2\n",
    ),
    (
        "helper",
        True,
        "def _on():\n    return FLAG\n\n\ndef main(u):\n    if _on():\n        return 1\n    return u\n",
        "def main(u):\n    return 1\n",
    ),
    (
        "nested block",
        True,
        (
            "def main(u):\n    for row in (1, 2):\n        if FLAG:\n            if u:\n                log(row)\n"
            "            log(u)\n"
        ),
        "def main(u):\n    for row in (1, 2):\n        if u:\n            log(row)\n        log(u)\n",
    ),
    (
        "only yield dead",
        False,
        "def main(u):\n    if FLAG:\n        yield u\n    log(1)\n",
        "def main(u):\n    log(1)\n    return\n    yield\n",
    ),
    (
        "only binding dead",
        False,
        "size = 1\n\n\ndef main(u):\n    if FLAG:\n        size = 2\n    return size\n",
        "size = 1\n\n\ndef main(u):\n    if FLAG:\n        size = 2\n    return size\n",
    ),
    ("empty suite", False, "def main(u):\n    if FLAG:\n        log(1)\n", "def main(u):\n    pass\n"),
    (
        "text of several lines",
        True,
        'def main(u):\n    if FLAG:\n        text = """a\n        b\n    c"""\n        return text\n    return u\n',
        'def main(u):\n    text = """a\n        b\n    c"""\n    return text\n',
    ),
    (
        "comments",
        True,
        (
            "def main(u):\n    # Tell the shop.\n    if FLAG:\n        log(1)  # loudly\n        # and twice\n"
            "        log(1)\n    return u\n"
        ),
        "def main(u):\n    # Tell the shop.\n    log(1)  # loudly\n    # and twice\n    log(1)\n    return u\n",
    ),
    (
        "with may swallow",
        True,
        (
            "def main(u):\n    with swallow():\n        if FLAG:\n            raise ValueError\n        log(1)\n"
            "    return 2\n"
        ),
        "def main(u):\n    with swallow():\n        raise ValueError\n    return 2\n",
    ),
    (
        "while off",
        False,
        "def main(u):\n    while FLAG:\n        log(1)\n    return u\n",
        "def main(u):\n    return u\n",
    ),
    (
        "comprehension",
        True,
        "def main(u):\n    return [row for row in (0, 1) if row and FLAG]\n",
        "def main(u):\n    return [row for row in (0, 1) if row]\n",
    ),
]


def main(interpreter: str) -> None:
    """Print the table of what the two tools make of the cases."""
    tools = {"flaglint": [_by_flaglint(*case[1:3]) for case in CASES], "piranha": _by_piranha(interpreter)}
    print(f"{'case':24} {'flaglint':12} piranha")
    verdicts: dict[str, list[str]] = {name: [] for name in tools}
    for number, (name, value, before, after) in enumerate(CASES):
        for tool, results in tools.items():
            verdicts[tool].append(_verdict(results[number], _written(before), _written(after), value=value))
        print(f"{name:24} {verdicts['flaglint'][-1]:12} {verdicts['piranha'][-1]}")
    for tool, results in tools.items():
        counts = ", ".join(f"{count} {word}" for word, count in Counter(verdicts[tool]).most_common())
        times = [1000 * item["seconds"] for item in results if item["text"] is not None]
        print(f"{tool}: {counts}; {statistics.median(times):.1f} ms per case")


def _written(source: str) -> str:
    text = source.replace("FLAG", READ)
    return f"import flags\n\n\n{text}" if READ in text else text


def _by_flaglint(value: bool, before: str) -> dict[str, Any]:  # noqa: FBT001 - the columns of a case
    from flaglint.refs import find_references
    from flaglint.refs.spec import Argument, Call, Pack
    from flaglint.remove.kept import Kept
    from flaglint.remove.plan import plan

    pack = Pack(
        name="flags", packages=("flags",), calls=(Call(key=Argument(0, "key"), functions=("flags.is_enabled",)),)
    )
    contents = {"shop.py": _written(before).encode()}
    started = time.perf_counter()
    found = find_references(Path("/nonexistent"), ["shop.py"], packs=[pack], keys=["new"], contents=contents, jobs=1)
    made = plan(contents, found.references, {"new": Kept(value)})
    seconds = time.perf_counter() - started
    text = next((change.after.decode() for change in made.changes), _written(before))
    return {"text": text, "seconds": seconds, "refused": bool(made.refused)}


def _by_piranha(interpreter: str) -> list[dict[str, Any]]:
    """Run Piranha on each case in a process of its own, because what stops it stops its process."""
    results = []
    for _, value, before, _ in CASES:
        task = json.dumps({"value": value, "text": _written(before)})
        command = [interpreter, __file__, "--worker"]
        done = subprocess.run(command, input=task, capture_output=True, text=True, check=False, timeout=60)
        last = done.stdout.strip().split("\n")[-1] if done.returncode == 0 else ""
        results.append(json.loads(last) if last else {"text": None, "seconds": 0.0})
    return results


def _verdict(result: dict[str, Any], before: str, after: str, *, value: bool) -> str:
    text = result["text"]
    if text is None:
        return "crashed"
    if result.get("refused") and text == before:
        return "refused"
    try:
        found = _trace(text, value=value)
    except SyntaxError:
        return "invalid"
    if found != _trace(before, value=value):
        return "wrong"
    if text == before:
        return "unfinished"
    return (
        "right" if text == after else "import left" if _without_import(text) == _without_import(after) else "unfinished"
    )


def _without_import(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip() and line != "import flags"]


def _trace(source: str, *, value: bool) -> list[object]:
    """Run `main` for several arguments with the flag pinned; return effects, results and exceptions in order."""
    import contextlib

    events: list[object] = []
    sys.modules["flags"] = SimpleNamespace(is_enabled=lambda _key: value)  # type: ignore[assignment] # a stand-in
    scope: dict[str, Any] = {"log": events.append, "swallow": lambda: contextlib.suppress(ValueError)}
    exec(compile(source, "case.py", "exec"), scope)
    for argument in (0, 1, "red"):
        try:
            made = scope["main"](argument)
            events.append(list(made) if hasattr(made, "__next__") else made)
        except Exception as error:
            events.append(type(error).__name__)
    return events


# ------------------------------------------------------------------------------------------------- rules for Piranha


def _rules(value: bool) -> list[tuple[str, str, str, str]]:  # noqa: FBT001 - the one thing that is asked
    """Return (name, query, node, replacement) of each rule; the first one replaces the read."""
    call = "((call function: (_) @f arguments: (argument_list (string) @k)) @e"
    call += ' (#eq? @f "flags.is_enabled") (#match? @k "new"))'
    boolean = '(boolean_operator left: ({l}) @l operator: "{op}" right: ({r}) @r) @e'
    found = [("read", call, "e", str(value))]
    for word, other in (("true", "False"), ("false", "True")):
        found.append((f"not_{word}", f"((not_operator argument: ({word})) @e)", "e", other))
        found.append((f"brackets_{word}", f"((parenthesized_expression ({word})) @e)", "e", word.title()))
    for op, unit, zero in (("and", "true", "false"), ("or", "false", "true")):
        for side, kinds in (("left", (unit, "_")), ("right", ("_", unit))):
            query = boolean.format(l=kinds[0], op=op, r=kinds[1])
            found.append((f"{op}_{side}_unit", f"({query})", "e", "@r" if side == "left" else "@l"))
        for side, kinds in (("left", (zero, "_")), ("right", ("_", zero))):
            query = boolean.format(l=kinds[0], op=op, r=kinds[1])
            found.append((f"{op}_{side}_zero", f"({query})", "e", zero.title()))
    found += [
        ("ternary_true", "((conditional_expression (_) @a (true) (_) @b) @e)", "e", "@a"),
        ("ternary_false", "((conditional_expression (_) @a (false) (_) @b) @e)", "e", "@b"),
        ("if_true", "((if_statement condition: (true) consequence: (block) @a) @e)", "e", "@a"),
        (
            "if_false_else",
            "((if_statement condition: (false) consequence: (block) . alternative: (else_clause body: (block) @b)) @e)",
            "e",
            "@b",
        ),
        ("if_false", "((if_statement condition: (false) consequence: (block) !alternative) @e)", "e", ""),
        ("while_false", "((while_statement condition: (false)) @e)", "e", ""),
        ("after_return", "((block (return_statement) @r . (_) @e))", "e", ""),
    ]
    return found


def _work() -> None:
    from polyglot_piranha import OutgoingEdges, PiranhaArguments, Rule, RuleGraph, execute_piranha

    task = json.loads(sys.stdin.read())
    parts = _rules(task["value"])
    rules = [
        Rule(name, query=query, replace_node=node, replace=text, is_seed_rule=name == "read", groups={"fold"})
        for name, query, node, text in parts
    ]
    names = [name for name, *_ in parts[1:]]
    edges = [OutgoingEdges(name, to=names, scope="Parent") for name, *_ in parts]
    graph = RuleGraph(rules=rules, edges=edges)
    started = time.perf_counter()
    arguments = PiranhaArguments(language="python", code_snippet=task["text"], rule_graph=graph, dry_run=True)
    made = execute_piranha(arguments)
    seconds = time.perf_counter() - started
    text = made[0].content if made else task["text"]
    print(f"\n{json.dumps({'text': text, 'seconds': seconds})}")


if __name__ == "__main__":
    if sys.argv[1:] == ["--worker"]:
        _work()
    elif len(sys.argv) == 2:
        main(sys.argv[1])
    else:
        sys.exit(__doc__)
