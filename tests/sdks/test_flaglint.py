"""The pack of flaglint's own evaluator against the evaluator."""

from real_sdk import RealSdk, pack_called

from flaglint.evaluator import Evaluator
from flaglint.evaluator.testing import override

REGISTRY = """\
version: 1
flags:
  new-cart: {description: A new cart, serve: "true"}
  search-timeout:
    description: How long a search may take
    variants: {short: 200, long: 2000}
    off_variant: long
    serve: short
"""


def test_every_name_and_argument_of_the_pack_is_right() -> None:
    factory = "flaglint.evaluator.{}Evaluator.from_path"
    RealSdk(
        pack_called("flaglint"), results={factory.format(""): Evaluator, factory.format("evaluator."): Evaluator}
    ).check()


def test_the_key_comes_first_and_the_default_third(tmp_path) -> None:
    path = tmp_path / "flags.yaml"
    path.write_text(REGISTRY, encoding="utf-8")
    flags = Evaluator.from_path(path)
    assert flags.boolean("new-cart", None, False) is True
    assert flags.integer("no-such-flag", {}, 7) == 7
    assert flags.integer(default=7, key="search-timeout") == 200
    with override("search-timeout", "long"):
        assert flags.evaluate("search-timeout", None, 7).value == 2000
