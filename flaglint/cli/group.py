"""The group of all commands: each is a module of this package, imported when it is called and not before."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click

from flaglint import __version__
from flaglint.cli.session import session, shared_options, show_version
from flaglint.errors import UsageError
from flaglint.spelling import did_you_mean, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

# Said here too, so that `flaglint --help` imports none of them; a test holds these lines against the commands.
SECTIONS: dict[str, dict[str, str]] = {
    "Find": {
        "check": "Report what is wrong with the flags of a project.",
        "refs": "List every reference of a flag, and how it was found.",
        "graph": "Print how flags need each other and where code reads them.",
    },
    "Clean up": {
        "report": "Write the page that says which flags to remove.",
        "remove": "Take flags out of the code, behaviour kept.",
        "rename": "Rename a flag everywhere.",
        "changelog": "Write release notes of the flags between two revisions.",
    },
    "Registry": {
        "eval": "Evaluate a flag for a context.",
        "add": "Add a flag to the registry.",
        "set": "Change whom a flag serves.",
        "kill": "Switch a flag off for everybody.",
        "registry": "Validate registries, and translate them from and into other formats.",
    },
    "Start": {
        "init": "Look at a project and write its first configuration.",
        "demo": "Write a small shop and run the commands on it.",
        "rule": "Explain a rule.",
        "config": "Show the configuration that counts here.",
        "index": "Write what is known of the flags of this repository, for runs in other ones.",
        "clean": "Delete the cache.",
    },
}
# What other tools call these, and what people type first.
_OTHER_WORDS = {
    "lint": "check", "scan": "check", "find": "refs", "grep": "refs", "list": "refs", "ls": "refs", "search": "refs",
    "usages": "refs", "delete": "remove", "rm": "remove", "prune": "remove", "mv": "rename",
    "create": "add", "new": "add", "disable": "kill", "off": "kill", "enable": "set", "on": "set", "rollout": "set",
    "explain": "rule", "rules": "rule", "settings": "config", "start": "init", "validate": "registry validate",
    "export": "registry export", "import": "registry import", "get": "eval", "evaluate": "eval",
    "baseline": "check --write-baseline", "fix": "remove", "status": "report", "debt": "report", "stale": "report",
    "show": "refs", "where": "refs", "why": "eval", "diff": "changelog", "notes": "changelog", "help": "--help",
    "version": "--version", "completion": "--help", "cache": "clean", "edit": "set", "update": "set",
}  # fmt: skip


class Commands(click.Group):
    """A group that knows its commands by name, and imports the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's interface
        """Return the names of the commands that exist, in the order of the help."""
        here = Path(__file__).parent
        return [name for names in SECTIONS.values() for name in names if (here / f"{name}.py").is_file()]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command; the options that every command has are added to it."""
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = import_module(f"flaglint.cli.{cmd_name}").command
        for leaf in _leaves(command):
            if not any(parameter.name == "color" for parameter in leaf.params):
                leaf.params.extend(shared_options())
                # In one line whatever the width of the terminal, as it is to be copied: what click makes of this mark.
                leaf.epilog = f"\b\n{leaf.epilog}"
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is called; raises UsageError with a suggestion when there is none of that name."""
        name = args[0]
        if not name.startswith("-") and self.get_command(ctx, name) is None:
            other = _OTHER_WORDS.get(name.lower(), "")
            known = self.list_commands(ctx)
            close = other if other.split(" ")[0] in {*known, "--help", "--version"} else nearest(name, known)
            raise UsageError(f"no such command `{name}`", help=did_you_mean(close, "flaglint --help lists them"))
        session().command = name
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands in sections, without importing them."""
        existing = set(self.list_commands(ctx))
        for title, commands in SECTIONS.items():
            rows = [(name, text) for name, text in commands.items() if name in existing]
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)


def _leaves(command: click.Command) -> Iterator[click.Command]:
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            yield from _leaves(inner)
    else:
        yield command


@click.group(
    cls=Commands,
    invoke_without_command=True,
    no_args_is_help=False,
    context_settings={
        "auto_envvar_prefix": "FLAGLINT",
        "help_option_names": ["-h", "--help"],
        "max_content_width": 100,
    },
    epilog="Every option has an environment variable: FLAGLINT_CHECK_FAIL_ON is --fail-on of check.",
)
@click.pass_context
def root(context: click.Context) -> None:
    """Find, lint and remove feature flags in Python code bases."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


root.params.extend(shared_options())
root.params.append(show_version(__version__))
