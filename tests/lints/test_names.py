"""Rules FLG1: whose names are judged, and what is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from flaglint.config import Layout, Naming
from flaglint.definition import Tombstone
from flaglint.model import Kind

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from tests.lints.conftest import Project

KEBAB = Naming(style="kebab-case")


def test_a_name_is_judged_where_it_is_defined(project: Project) -> None:
    project.flag("newCart", line=3)
    project.read("newCart", "shop.py:1")
    assert project.said("FLG101", naming=KEBAB) == [
        "flags.yaml:3:3 warning FLG101 `newCart` is not kebab-case | rename it: flaglint rename newCart new-cart"
    ]


def test_a_name_is_judged_where_it_is_read_only_if_nothing_defines_it(project: Project) -> None:
    project.flag("other")
    for place in ("shop.py:1", "shop.py:9", "cart.py:3"):
        project.read("newCart", place, qualname="f")
    project.read("testCart", "tests/test_a.py:1", is_test=True)
    project.read("someCart", "shop.py:2", kind=Kind.MENTION)
    assert project.said("FLG101", naming=KEBAB) == [
        "cart.py:3:4 warning FLG101 `newCart` is not kebab-case | a name that fits: `new-cart`",
        "shop.py:1:4 warning FLG101 `newCart` is not kebab-case | a name that fits: `new-cart`",
    ]


def test_names_are_judged_without_a_registry(project: Project) -> None:
    project.registry_paths = ()
    project.read("newCart", "shop.py:1")
    assert len(project.said("FLG101", naming=KEBAB)) == 1


def test_the_key_of_a_removed_flag_is_not_judged_any_more(project: Project, at: Callable) -> None:
    project.tombstones = [Tombstone("oldCart", at("flags.yaml", 9))]
    project.flag("archivedCart", archived=True)
    project.read("oldCart", "shop.py:1")
    assert project.said("FLG101", naming=KEBAB) == []


def test_nothing_is_asked_for_by_default(project: Project) -> None:
    for key in ("newCart", "NEW_CART", "shop.cart", "a", "k" * 300, "some words"):
        project.flag(key)
    assert project.said("FLG101", "FLG102", "FLG107") == []


def test_all_that_is_wrong_is_one_finding(project: Project) -> None:
    project.flag("newCart", line=3)
    said = project.said("FLG101", naming=Naming(style="kebab-case", min_words=3, pattern="[a-z.]+", example="a.b.c"))
    assert said == [
        (
            "flags.yaml:3:3 warning FLG101 `newCart` is not kebab-case; it does not match `[a-z.]+`; it has 2 words; "
            "3 are wanted | a name like `a.b.c` fits"
        )
    ]


def test_a_foreign_flag_is_not_offered_a_command_that_cannot_rename_it(project: Project) -> None:
    project.flag("newCart", line=3, format="launchdarkly")
    assert project.said("FLG101", naming=KEBAB)[0].endswith("| a name that fits: `new-cart`")


def test_a_proposed_name_is_not_taken(project: Project) -> None:
    project.flag("newCart", line=3)
    project.flag("new-cart", line=5)
    assert project.said("FLG101", naming=KEBAB)[0].endswith("| choose another name")


PREFIXES = {"release": "release-", "experiment": "exp-", "ops": "ops-"}


def test_a_flag_begins_with_the_prefix_of_its_type(project: Project) -> None:
    project.flag("release-cart", type="release")
    project.flag("exp-price", type="release", line=9)
    project.flag("kill-payments", type="kill-switch")
    project.flag("whatever")
    project.flag("exp-search", type="experiment")
    assert project.said("FLG102", naming=Naming(prefixes=PREFIXES)) == [
        (
            "flags.yaml:9:3 warning FLG102 `exp-price` is of type release, but does not begin with `release-`"
            " | rename it: flaglint rename exp-price release-price"
        )
    ]


def test_a_key_that_is_only_read_needs_a_prefix_when_every_type_has_one(project: Project) -> None:
    project.registry_paths = ()
    project.read("cart", "shop.py:1")
    project.read("ops-cart", "shop.py:2")
    assert project.said("FLG102", naming=Naming(prefixes=PREFIXES)) == []
    every = {**PREFIXES, "kill-switch": "kill-", "permission": "may-"}
    assert project.said("FLG102", naming=Naming(prefixes=every)) == [
        (
            "shop.py:1:4 warning FLG102 `cart` begins with none of `exp-`, `kill-`, `may-`, `ops-` and `release-`"
            " | begin with the prefix of the flag's type"
        )
    ]


def test_a_negated_name_gets_an_example_and_no_rename(project: Project) -> None:
    project.flag("disable-search", line=3)
    project.flag("no-cart", line=5)
    project.flag("cart", line=7)
    assert project.said("FLG103") == [
        (
            "flags.yaml:3:3 warning FLG103 `disable-search` begins with `disable`, so off means on"
            " | name what happens while it is on, such as `search` with its values swapped"
        ),
        (
            "flags.yaml:5:3 warning FLG103 `no-cart` begins with `no`, so off means on"
            " | name what happens while it is on"
        ),
    ]


def test_vague_words_are_named_when_asked_for(project: Project) -> None:
    project.flag("new-cart-v2", line=3)
    project.flag("cart-on-one-page", line=5)
    assert project.said("FLG1") == []
    assert project.said("FLG104") == [
        (
            "flags.yaml:3:3 warning FLG104 `new-cart-v2`: `new` and `v2` say nothing about what it switches"
            " | rename it: flaglint rename new-cart-v2 cart"
        )
    ]


@pytest.mark.parametrize(
    ("keys", "collisions"),
    [
        (["new-cart", "newCart"], ["newCart"]),
        (["NEW_CART", "new.cart", "new-cart"], ["new.cart", "new-cart"]),
        (["new-cart", "new-carts"], []),
        (["new-cart", "newcarts"], []),
        (["new-cart"], []),
    ],
)
def test_keys_that_fold_into_one_collide(project: Project, keys: list[str], collisions: list[str]) -> None:
    for key in keys:
        project.flag(key)
    assert [one.key for one in project.check("FLG105").findings] == collisions


def test_one_key_in_two_files_is_no_collision(project: Project) -> None:
    project.flag("new-cart", path="a.json")
    project.flag("new-cart", path="b.json")
    assert project.said("FLG105") == []


def test_a_tombstone_guards_its_key(project: Project, at: Callable, day: Callable[[str], date]) -> None:
    project.tombstones = [Tombstone("old", at("flags.yaml", 9), day("2026-03-04"), "SHOP-77")]
    project.flag("old", line=3)
    project.flag("Old", line=5)
    assert project.said("FLG106") == [
        (
            "flags.yaml:3:3 error FLG106 `old` is the key of a flag that was removed, on 2026-03-04 (SHOP-77)"
            " | choose a key that was never used; what still asks for the old flag would get this one"
        )
    ]


def test_a_flag_stands_in_the_file_for_its_type_and_owner(project: Project) -> None:
    layout = Layout(by_type={"ops": "flags/ops.yaml"}, by_owner={"@pay": "flags/pay/**"})
    project.flag("a", type="ops", path="flags/ops.yaml")
    project.flag("b", type="ops", path="flags/other.yaml", line=3)
    project.flag("c", type="release", owner="@pay", path="flags/pay/a.yaml")
    project.flag("d", type="release", owner="@pay", path="flags/x/pay/a.yaml", line=3)
    project.flag("e", type="ops", path="ld.json", format="launchdarkly")
    project.flag("f", owner="@search", path="flags/other.yaml")
    assert project.said("FLG107", layout=layout) == [
        (
            "flags/other.yaml:3:3 warning FLG107 `b` belongs in `flags/ops.yaml`: that is where flags of type ops are"
            " | move its entry to flags/ops.yaml"
        ),
        (
            "flags/x/pay/a.yaml:3:3 warning FLG107 `d` belongs in `flags/pay/**`: that is where flags of owner @pay are"
            " | move its entry to flags/pay/**"
        ),
    ]


def test_a_few_files_get_only_their_own_findings(project: Project) -> None:
    project.flag("newCart", line=3)
    project.read("oldCart", "shop.py:1")
    project.read("otherCart", "cart.py:1")
    said = project.said("FLG101", naming=KEBAB, scope="file", paths=("shop.py",))
    assert [line.split()[0] for line in said] == ["shop.py:1:4"]
