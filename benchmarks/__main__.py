"""flaglint and its peers on the same trees in the same run: `python -m benchmarks`.

Each case is timed in turn with its peers, whole processes by the clock; the table gives medians, time on a core, the
most memory of any process, and how many times as long as each peer flaglint took. `--install` makes an environment
with the peers in `benchmarks/.trees/peers`; a peer that is missing is left out, and said so. `--tree PATH` measures a
tree of one's own. Figures of an evaluator are those of `python -m benchmarks.evaluator`.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
import venv
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from benchmarks import hooks, trees
from benchmarks.measure import Command, Table, Timed, timed
from benchmarks.shapes import shapes

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent
OWN = [sys.executable, "-m", "flaglint"]
PEERS = ["ast-grep-cli==0.51.1", "semgrep==1.182.0", "fixit==2.1.0", "ruff==0.17.6", "polyglot-piranha==0.4.9"]
SHAPE_ROUNDS = 2  # of each size of a shape
SLOW_ROUNDS = 1  # of a peer that takes a minute
CASES = ("scan", "hook", "remove", "growth", "flags", "shapes")


def main() -> int:
    """Measure, print the table, write the JSON file; returns the exit code."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("cases", nargs="*", metavar="CASE", help=f"of {', '.join(CASES)}; all if left out")
    options.add_argument("--tree", type=Path, action="append", default=[], metavar="NAME=PATH", help="an unpacked tree")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--draws", type=int, default=60, help="draws of three files for the hook, from each real tree")
    options.add_argument("--lines", default="100000,400000,1600000,6400000", help="sizes of made-up trees")
    options.add_argument("--flags", default="100,1000,10000", help="sizes of registries")
    options.add_argument("--peers", type=Path, default=trees.FOLDER / "peers", help="an environment with the peers")
    options.add_argument("--install", action="store_true", help="make that environment first")
    options.add_argument("--slow", action="store_true", help="time semgrep (seconds) and fixit (minutes), too, once")
    options.add_argument("--json", type=Path, default=trees.FOLDER / "figures.json", help="where the figures go")
    given = options.parse_args()
    trees.FOLDER.mkdir(exist_ok=True)
    if given.install:
        venv.create(given.peers, with_pip=True)
        subprocess.run([given.peers / "bin" / "pip", "install", "--quiet", *PEERS], check=True)
    table = Table()
    runs: dict[str, Callable[[], None]] = {
        "hook": lambda: hook(table, given),
        "scan": lambda: scan(table, given),
        "remove": lambda: remove(table, given),
        "growth": lambda: growth(table, given, [(int(size), 100) for size in given.lines.split(",")]),
        "flags": lambda: growth(table, given, [(400_000, int(size)) for size in given.flags.split(",")]),
        "shapes": lambda: shapes(table, trees.FOLDER, shaped, timed, min(given.rounds, SHAPE_ROUNDS)),
    }
    for name in given.cases or CASES:
        runs[name]()
        table.write(given.json)
    print(f"written to {given.json}", file=sys.stderr)
    return 0


def own(folder: Path, *arguments: str, name: str = "flaglint", before: Callable[[], object] = lambda: None) -> Command:
    """Return a command of flaglint's."""
    return Command(name, [*OWN, *arguments], folder, before, environment={"PYTHONPATH": str(ROOT)})


def shaped(folder: Path, name: str) -> Command:
    """Return the check of a project of some shape, in one process and without what is remembered."""
    return own(folder, "check", "--exit-zero", "--now", "2026-11-23", "--no-cache", "-j", "1", name=name)


def forgetting(folder: Path, part: str = "") -> Callable[[], None]:
    """Return what deletes the cache of a project, or a part of it."""
    return lambda: shutil.rmtree(folder / ".flaglint_cache" / part, ignore_errors=True)


def changing(path: Path) -> Callable[[], object]:
    """Return what gives a file other bytes each time."""
    return lambda: path.write_text(f"x = {time.time_ns()}\n", encoding="utf-8")


def peer(given: argparse.Namespace, name: str) -> str | None:
    """Return the program of a peer, or None when it is not installed."""
    path = given.peers / "bin" / name
    if path.exists():
        return str(path)
    print(f"{name} is not in {given.peers}: left out (--install)", file=sys.stderr)
    return None


def chosen(given: argparse.Namespace) -> dict[str, Path]:
    """Return the trees to measure by name."""
    if given.tree:
        pairs = [str(item).partition("=") for item in given.tree]
        return {name: Path(path or name).resolve() for name, _, path in pairs}
    return {name: trees.real(name) for name in trees.REAL}


def scan(table: Table, given: argparse.Namespace) -> None:
    """Time a cold and a warm check, and the references of one key, beside what looks for the same calls."""
    for name, folder in chosen(given).items():
        _, _, key, pattern = trees.REAL.get(name, ("", "", "", "is_enabled($$$ARGS)"))
        matchers = matchers_of(given, folder, pattern)
        check = ("check", "--exit-zero", "--output-format", "json", "--now", "2026-11-23")
        cold = own(folder, *check, before=forgetting(folder))
        with TemporaryDirectory(prefix="flaglint-benchmarks-") as place:
            slow = slow_peers_of(given, folder, Path(place) / "tree", pattern) if given.slow else []
            table.add(f"{name}: check, cold", timed([cold, *matchers, *slow], given.rounds))
        fast = matchers[:1]
        table.add(f"{name}: check, warm", timed([own(folder, *check), *fast], given.rounds))
        touched = folder / "changed_by_the_benchmark.py"
        edit = own(folder, *check, before=changing(touched))
        table.add(f"{name}: check, one file changed", timed([edit, *fast], given.rounds))
        touched.unlink(missing_ok=True)
        refs = ("refs", *([key] if key else []), "--format", "json")
        table.add(f"{name}: refs, cold", timed([own(folder, *refs, before=forgetting(folder))], given.rounds))
        table.add(f"{name}: refs, warm", timed([own(folder, *refs), *fast], given.rounds))
        report = own(folder, "report", "--format", "json", "-o", "/dev/null")
        table.add(f"{name}: report, warm", timed([report], given.rounds))
        registered(table, given, name, folder, fast)


def registered(table: Table, given: argparse.Namespace, name: str, folder: Path, peers: list[Command]) -> None:
    """Time a check beside a registry of all keys that a tree reads, each third one of them on for everybody.

    What its findings say of these flags rests on plans for their removal.
    """
    listed = own(folder, "refs", "--format", "json")
    environment = {**os.environ, **listed.environment}
    found = subprocess.run(listed.arguments, cwd=folder, env=environment, capture_output=True, check=True)
    keys = sorted({str(ref["key"]) for ref in json.loads(found.stdout)["references"] if ref["kind"] == "read"})
    keys = [key for key in keys if "*" not in key and not any(character.isspace() for character in key)]
    registry, touched = folder / "flags.yaml", folder / "changed_by_the_benchmark.py"
    registry.write_text(trees.registry_of([*keys[::3], *keys[1::3], *keys[2::3]], on=len(keys[::3])), encoding="utf-8")
    check = ("check", "--exit-zero", "--output-format", "json", "--now", "2026-11-23")
    try:
        for what, before in (
            ("cold", forgetting(folder)),
            ("warm", lambda: None),
            ("one file changed", changing(touched)),
        ):
            command = own(folder, *check, before=before)
            table.add(f"{name}: check, {what}, with a registry", timed([command, *peers], given.rounds))
    finally:
        registry.unlink()
        touched.unlink(missing_ok=True)


def matchers_of(given: argparse.Namespace, folder: Path, pattern: str) -> list[Command]:
    """Return the pattern matcher and the linter that look at the same tree as fast as can be."""
    found: list[Command] = []
    if program := peer(given, "ast-grep"):
        found.append(Command("ast-grep", [program, "run", "-l", "python", "-p", pattern, "--json=stream", "."], folder))
    if program := peer(given, "ruff"):
        arguments = [
            "check",
            "--isolated",
            "--no-cache",
            "--select",
            "F821",
            "--exit-zero",
            "--no-respect-gitignore",
            ".",
        ]
        found.append(Command("ruff (floor)", [program, *arguments], folder))
    return found


def slow_peers_of(given: argparse.Namespace, folder: Path, copy: Path, pattern: str) -> list[Command]:
    """Return the matcher and the linter that take minutes; they ask git, which ignores the tree, so they get a copy."""
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns(".flaglint_cache"))
    found: list[Command] = []
    if program := peer(given, "semgrep"):
        (copy / ".semgrepignore").touch()  # else it leaves tests and more out
        arguments = ["--quiet", "--metrics=off", "--disable-version-check", "--lang", "python"]
        arguments += ["-e", pattern.replace("$$$ARGS", "..."), "."]
        found.append(Command("semgrep", [program, "scan", *arguments], copy, rounds=SLOW_ROUNDS))
    if program := peer(given, "fixit"):
        config = copy / "fixit.toml"
        config.write_text('[tool.fixit]\nroot = true\nenable = [".flag_calls"]\ndisable = ["fixit.rules"]\n')
        (copy / "flag_calls.py").write_text(FIXIT_RULE.replace("NAME", pattern.partition("(")[0].rpartition(".")[2]))
        found.append(Command("fixit", [program, "--config-file", str(config), "lint", "."], copy, rounds=SLOW_ROUNDS))
    return found


FIXIT_RULE = """\
import libcst as cst
import libcst.matchers as m
from fixit import LintRule


class FlagCall(LintRule):
    def visit_Call(self, node: cst.Call) -> None:
        if m.matches(node.func, m.Name("NAME") | m.Attribute(attr=m.Name("NAME"))):
            self.report(node, "a flag is read here")
"""


def hook(table: Table, given: argparse.Namespace) -> None:
    """Time the hook on three files of a commit, beside what any such program has to import."""
    for flags in (100, 1000):
        folder = trees.made_up(20_000, flags)
        modules = sorted(folder.glob("shop/part_0/module_*.py"))
        with_flag = [path for path in modules if "client" in path.read_text(encoding="utf-8")][:3]
        without = [path for path in modules if path not in with_flag and "client" not in path.read_text("utf-8")][:3]
        hook_on(table, f"with a flag, {flags} flags", folder, with_flag, "click, yaml, libcst", given.rounds * 3)
        hook_on(table, f"without one, {flags} flags", folder, without, "click, yaml", given.rounds * 3)
        files = [str(path.relative_to(folder)) for path in without]
        cold = own(folder, *("check", "--scope", "file", *files), before=forgetting(folder))
        table.add(f"hook, cold, {flags} flags", timed([cold], given.rounds))
    for name, folder in chosen(given).items():
        hooks.arbitrary(table, name, own, folder, given.draws, min(given.rounds, 3))


def hook_on(table: Table, what: str, folder: Path, files: list[Path], imports: str, rounds: int) -> None:
    """Time the hook on some files, as pre-commit calls it, beside the bare imports."""
    named = [str(path.relative_to(folder)) for path in files]
    check = own(folder, "check", "--scope", "file", "--force-exclude", "--quiet", *named)
    bare = Command(f"import {imports}", [sys.executable, "-c", f"import {imports}"], folder)
    timed([check, bare], 2)  # compiles what is imported, and parses the registry
    table.add(f"hook on 3 files {what}", timed([check, bare], rounds))


def remove(table: Table, given: argparse.Namespace) -> None:
    """Time the removal of one flag and of fifty at once, beside a warm list of references, and of one in real trees.

    Each is planned anew; `again` is the same removal once more, as of one who has seen the diff and writes it.
    """
    folder = trees.made_up(100_000, 100)
    refs = own(folder, "refs", "release-feature-1", "--format", "json", name="refs, warm")
    anew = forgetting(folder, "plans")
    one = own(folder, "remove", "release-feature-1", before=anew)
    many = [f"release-feature-{number}" for number in range(50)]
    fifty = own(folder, "remove", *many, name="50 flags", before=anew)
    commands = [one, refs, fifty]
    if (given.peers / "bin" / "python").exists():
        script = PIRANHA.replace("FOLDER", str(folder / "shop"))
        commands.append(Command("polyglot-piranha, one", [str(given.peers / "bin" / "python"), "-c", script], folder))
    timed([refs], 1)
    table.add("remove", timed(commands, given.rounds))
    table.add("remove, again", timed_again(own(folder, "remove", "release-feature-1"), refs, given.rounds))
    for name, place in chosen(given).items():
        _, _, key, _ = trees.REAL.get(name, ("", "", "", ""))
        if key:
            beside = own(place, "refs", key, "--format", "json", name="refs, warm")
            timed([beside], 1)
            arguments = ("remove", key, "--value", "true")
            found = timed([own(place, *arguments, before=forgetting(place, "plans")), beside], given.rounds)
            table.add(f"{name}: remove", found)
            table.add(f"{name}: remove, again", timed_again(own(place, *arguments), beside, given.rounds))


def timed_again(command: Command, beside: Command, rounds: int) -> dict[str, Timed]:
    """Time a command that ran before, beside another."""
    timed([command], 1)
    return timed([command, beside], rounds)


PIRANHA = '''\
from polyglot_piranha import PiranhaArguments, Rule, RuleGraph, execute_piranha

rule = Rule(
    name="flag",
    query="""((call function: (identifier) @f arguments: (argument_list (string) @k)) @call
             (#eq? @f "enabled") (#match? @k "release-feature-1\\\\W"))""",
    replace_node="call",
    replace="True",
    groups={"replace_expression_with_boolean_literal"},
)
graph = RuleGraph([rule], [])
execute_piranha(PiranhaArguments("python", paths_to_codebase=["FOLDER"], rule_graph=graph, dry_run=True))
'''


def growth(table: Table, given: argparse.Namespace, sizes: list[tuple[int, int]]) -> None:
    """Time a cold and a warm list of references on trees that grow, and on registries that do."""
    for lines, flags in sizes:
        folder = trees.made_up(lines, flags)
        # The registry stays parsed: what grows here is the search.
        cold = own(folder, "refs", "--format", "json", before=forgetting(folder, "references"))
        timed([cold], 1)
        rounds = given.rounds if lines < 1_000_000 else 1
        table.add(f"{lines:,} lines, {flags:,} flags: cold", timed([cold], rounds))
        table.add(f"{lines:,} lines, {flags:,} flags: warm", timed([own(folder, "refs", "--format", "json")], rounds))


if __name__ == "__main__":
    sys.exit(main())
