"""`flaglint set`: whom a flag serves, and what the registry says of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

import click

from flaglint.cli.session import load_settings
from flaglint.errors import UsageError
from flaglint.registry.flags import TYPES

if TYPE_CHECKING:
    from flaglint.registry.edit import Draft

_UNSET = ("owner", "description", "type", "expires", "permanent", "release-note", "salt", "bucket-by")


class Day(click.ParamType[date]):
    """A calendar day, such as 2026-12-31."""

    name = "day"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the day; fails for anything that is none."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"'{value}' is no day, such as 2026-12-31", param, ctx)


class Percentage(click.ParamType[Decimal]):
    """A number of percent, with or without the sign."""

    name = "percent"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        """Return the number; fails for what is none from 0 to 100."""
        if isinstance(value, Decimal):
            return value
        try:
            number = Decimal(str(value).removesuffix("%"))
        except InvalidOperation:
            number = Decimal(-1)
        if not 0 <= number <= 100:
            self.fail(f"'{value}' is no percentage from 0 to 100", param, ctx)
        return number


@click.command("set", epilog="Example: flaglint set release-one-page-checkout --rollout 25 --env production")
@click.argument("key", metavar="KEY")
@click.option(
    "--rollout", type=Percentage(), help="Serve --to this percentage of all contexts, the off variant to the rest."
)
@click.option("--to", metavar="VARIANT", default="", help="The variant to roll out; a boolean flag has only one.")
@click.option("--serve", metavar="VARIANT", help="Serve everybody this variant.")
@click.option(
    "--rule",
    type=click.IntRange(min=1),
    help="Change this rule, counted from 1.  [default: the last without a condition]",
)
@click.option("--env", "environment", metavar="NAME", default="", help="Change what this environment serves.")
@click.option("--owner", metavar="WHO", help="A team, a person or an entry of CODEOWNERS.")
@click.option("--description", metavar="TEXT", help="What the flag decides.")
@click.option("--type", type=click.Choice(TYPES), help="Which life the flag has.")
@click.option("--expires", type=Day(), help="The last day on which it may be in use.")
@click.option("--permanent", metavar="WHY", help="Why it is not to be removed.")
@click.option("--release-note", metavar="TEXT", help="What customers are told.")
@click.option("--off-variant", metavar="VARIANT", help="What is served when it is off.")
@click.option("--bucket-by", metavar="ATTRIBUTE", help="The attribute whose value chooses the bucket.")
@click.option("--unset", type=click.Choice(_UNSET), multiple=True, help="Take a field out; repeatable.")
@click.option("--dry-run", is_flag=True, help="Print the diff and write nothing.")
def command(
    *,
    key: str,
    rollout: Decimal | None,
    to: str,
    serve: str | None,
    rule: int | None,
    environment: str,
    unset: tuple[str, ...],
    dry_run: bool,
    **fields: str | date | None,
) -> int:
    """Change whom a flag serves, or what the registry says of it: the file is edited in place, and the diff printed.

    A rollout goes to the last rule without a condition, or to a new one behind all others. Who has the variant keeps it
    when the percentage grows. Comments and layout stay as they are.
    """
    from flaglint.cli.diff import show_and_write
    from flaglint.registry.edit import Draft, set_field

    given = {field: value for field, value in fields.items() if value is not None}
    if rollout is None and serve is None and not given and not unset:
        raise UsageError("there is nothing to set", help="give --rollout, --serve, or a field such as --owner")
    if rollout is None and serve is None and (rule or environment):
        raise UsageError("`--rule` and `--env` go with `--rollout` or `--serve`")
    if both := sorted({field.replace("_", "-") for field in given} & {*unset}):
        raise UsageError(f"`--{both[0]}` and `--unset {both[0]}` exclude each other")
    settings = load_settings()
    draft = Draft.of(settings.root, settings.registry)
    for field, value in given.items():
        set_field(draft, key, field, value)
    for field in unset:
        set_field(draft, key, field.replace("-", "_"), None)
    _outcome(draft, key, rollout, serve, to=to, environment=environment, rule=rule)
    return show_and_write(draft, settings.root, dry_run=dry_run)


def _outcome(
    draft: Draft, key: str, rollout: Decimal | None, serve: str | None, *, to: str, environment: str, rule: int | None
) -> None:
    from flaglint.registry.edit import set_rollout, set_variant

    if rollout is not None and serve is not None:
        raise UsageError("`--rollout` and `--serve` exclude each other", help="`--rollout 100` serves everybody")
    if to and rollout is None:
        raise UsageError("`--to` goes with `--rollout`", help="`--serve` names the variant itself")
    if serve is not None:
        set_variant(draft, key, serve, environment=environment, rule=rule)
    elif rollout is not None:
        set_rollout(draft, key, rollout, to=to, environment=environment, rule=rule)
