"""`flaglint demo`: a small shop with flags that have grown old, and the commands run on it."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from flaglint.cli.group import root
from flaglint.cli.session import out, session
from flaglint.errors import FlaglintError, OutputError, UsageError
from flaglint.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

# The day that the dates in the shop's registry are told from; the demo moves them to today, and they keep their age.
AS_OF = date(2026, 1, 15)
_DATE = re.compile(r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)")
_PACKAGE = Path(__file__).resolve().parent.parent
_NOT_COPIED = shutil.ignore_patterns("__pycache__", "*.pyc", ".*")


@dataclass(frozen=True, slots=True)
class Step:
    """One command of the demo, what it shows, and the exit codes that are as they should be."""

    says: str
    arguments: tuple[str, ...]
    codes: tuple[int, ...] = (0,)
    program: str = "flaglint"
    needs_git: bool = False

    @property
    def command(self) -> str:
        """The line that a user would type."""
        return shlex.join((self.program, *self.arguments))


_TESTS = ("-m", "unittest", "-q")
STEPS = (
    Step("The shop works; its tests pass.", _TESTS, program="python"),
    Step(
        "Where is the flag of the new checkout read, through the shop's own wrapper and enum?",
        ("refs", "release-one-page-checkout"),
    ),
    Step("What is wrong with the shop's flags?", ("check",), codes=(1,)),
    Step(
        "What does a customer get, and which rule decides?",
        (
            "eval",
            "release-gift-cards",
            "-c",
            "targetingKey=ada",
            "-c",
            "country=DE",
            "-c",
            "plan=pro",
            "--env",
            "production",
            "--explain",
        ),
    ),
    Step("How do the flags need each other, and where are they read?", ("graph",)),
    Step("The page that a team lead reads once a week.", ("report", "-o", "report.html")),
    Step(
        "A new flag begins its life off, with an owner and a date to end on.",
        ("add", "release-wish-list", "--type", "release", "--owner", "@web", "--description", "Keep it for later"),
    ),
    Step(
        "Three of four customers are asked now; who was asked before still is.",
        ("set", "NewsletterPopup", "--rollout", "75"),
    ),
    Step(
        "Its name is not like the others: what would a better one change? Everybody keeps their variant.",
        ("rename", "NewsletterPopup", "release-newsletter-popup"),
    ),
    Step("The registry is in order.", ("registry", "validate")),
    Step("Recommendations are failing: switch them off for everybody.", ("kill", "kill-recommendations")),
    Step("From now on they are served off.", ("eval", "kill-recommendations", "--env", "production")),
    Step("They are back.", ("kill", "kill-recommendations", "--undo")),
    Step(
        "What changed since it was committed, for people who do not read code?",
        ("changelog", "HEAD"),
        needs_git=True,
    ),
    Step(
        "Everybody has had the new checkout for long: what would its removal change?",
        ("remove", "release-one-page-checkout"),
    ),
    Step("Take it out.", ("remove", "release-one-page-checkout", "--write", "--allow-dirty")),
    Step("The shop still works.", _TESTS, program="python"),
)


@click.command("demo", epilog="Example: flaglint demo /tmp/shop")
@click.argument("folder", type=click.Path(path_type=Path), default=Path("flaglint-demo"))
def command(*, folder: Path) -> int:
    """Write a small shop and run the commands on it, saying what each shows. FOLDER must not hold anything yet."""
    write_shop(folder, datetime.now(UTC).date())
    has_git = commit(folder)
    out(f"A small shop with feature flags is in {folder}.")
    context = click.get_current_context()
    existing = set(root.list_commands(context))
    code = 0
    with _inside(folder):
        for step in STEPS:
            if (step.program != "flaglint" or step.arguments[0] in existing) and (has_git or not step.needs_git):
                out(f"\n{click.style(step.says, bold=True)}\n{click.style('$ ' + step.command, fg='cyan')}\n")
                code = max(code, _run(step))
    out(f"\nThe shop stays in {folder}: go there and try the commands yourself; flaglint --help lists them.")
    return code


def write_shop(folder: Path, today: date) -> None:
    """Copy the shop, its flags as old as ever; raises UsageError when the folder holds anything.

    Raises OutputError when it cannot be written.
    """
    source = shop_folder()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(
            f"`{folder}` is there already, and nothing is written over it",
            help="name another folder: flaglint demo FOLDER",
        )
    try:
        shutil.copytree(source, folder, ignore=_NOT_COPIED, dirs_exist_ok=True)
        registry = folder / "flags.yaml"
        registry.write_text(_moved(registry.read_text(encoding="utf-8"), today - AS_OF), encoding="utf-8")
    except OSError as error:  # shutil.Error is one, with a list of pairs instead of a reason
        reason = error.strerror or "a file could not be copied"
        raise OutputError(f"the shop cannot be written: {reason.lower()}", path=str(folder)) from error


def commit(folder: Path) -> bool:
    """Put the shop under git, with one commit, so that there is a past to compare with; False where there is no git."""
    who = ("-c", "user.name=The shop", "-c", "user.email=shop@shop.example", "-c", "commit.gpgsign=false")
    try:
        for arguments in (("init", "--quiet"), ("add", "--all"), (*who, "commit", "--quiet", "-m", "Open the shop")):
            subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, env=_without_git())
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def _without_git() -> dict[str, str]:
    """Return the environment without what a hook sets, which would lead git to another repository."""
    return {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}


def _moved(text: str, days: timedelta) -> str:
    return _DATE.sub(lambda found: (date.fromisoformat(found[0]) + days).isoformat(), text)


def shop_folder() -> Path:
    """Return where the shop is, in a wheel and in an editable install alike."""
    installed = _PACKAGE / "_examples" / "shop"
    return installed if installed.is_dir() else _PACKAGE.parent / "examples" / "shop"


def _run(step: Step) -> int:
    """Run one step in the working folder; 0 when its exit code is as it should be."""
    sys.stdout.flush()
    if step.program == "python":
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
        tests = subprocess.run(
            [sys.executable, *step.arguments], env=environment, stderr=subprocess.STDOUT, check=False
        )
        return 0 if tests.returncode in step.codes else 2
    color, verbosity = session().color, session().verbosity
    from flaglint.cli import run  # this module is one of those that it imports when they are called

    code = run(["--color", color, *["-v"] * verbosity, *step.arguments])
    if code not in step.codes:
        raise FlaglintError(f"`{step.command}` ended with exit code {code}, which the demo did not expect")
    return 0


@contextmanager
def _inside(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
