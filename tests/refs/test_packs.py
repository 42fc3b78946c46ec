"""Packs are read strictly, every mistake with its place, and what was parsed is kept without ever being stale."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
import yaml

from flaglint.config import load as load_settings
from flaglint.errors import ConfigError, PackError
from flaglint.model import ValueType
from flaglint.refs import packcache, packfile, shipping
from flaglint.refs.packfile import parse
from flaglint.refs.packs import load_packs, pack_hash, packs_of, packs_with_templates, read_pack, shipped_names
from flaglint.refs.packshapes import ARGUMENT, ENTRIES, OBJECT_READ, PACK
from flaglint.refs.spec import Argument, Call, Pack
from flaglint.rulesdata import rules_folder

SCHEMA = json.loads((rules_folder() / "schemas" / "sdk-pack.schema.json").read_text(encoding="utf-8"))
SMALLEST = """\
name: shop
packages: [shop]
calls:
  - function: shop.gates.enabled
    key: {position: 0, keyword: name}
"""


def shipped_files() -> list[Path]:
    return sorted((rules_folder() / "sdks").glob("*.yaml"))


def complaint(text: str) -> str:
    with pytest.raises(PackError) as caught:
        parse("shop.yaml", text.encode())
    return str(caught.value)


# ------------------------------------------------------------------------------------------------------ what is read


def test_a_pack_becomes_its_dataclasses() -> None:
    pack = parse("shop.yaml", SMALLEST.encode())
    call = Call(Argument(0, "name"), functions=("shop.gates.enabled",))
    assert pack == Pack(name="shop", packages=("shop",), calls=(call,))


def test_a_name_stands_for_a_list_of_one_and_reads_with_several_names_are_several() -> None:
    text = """\
name: shop
packages: shop
objects:
  - constructor: shop.Flag
    key: {position: 0}
    reads:
      - {method: [is_on, enabled], returns: boolean}
      - {attribute: value, returns: value, inverted: true}
"""
    pack = parse("shop.yaml", text.encode())
    reads = pack.objects[0].reads
    assert [(read.name, read.is_attribute, read.inverted) for read in reads] == [
        ("is_on", False, False),
        ("enabled", False, False),
        ("value", True, True),
    ]
    assert reads[2].returns is ValueType.VALUE


def test_quotes_make_a_text_of_what_looks_like_a_number() -> None:
    text = SMALLEST + 'examples:\n  - {code: "1", path: "2", keys: ["3"]}\n'
    (example,) = parse("shop.yaml", text.encode()).examples
    assert (example.code, example.path, example.keys) == ("1", "2", ("3",))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "shop.yaml: the file is empty"),
        ("- a\n", "shop.yaml:1:1: a pack must be a mapping, not a list"),
        ("name: [\n", "shop.yaml:2:1: this is not YAML"),
        ("name:\tshop\n\tx: 1\n", "a tab cannot indent YAML"),
        ("name: shop\nname: shop\n", "shop.yaml:2:1: `name` is written twice"),
        ("name: shop\n", "shop.yaml:1:1: a pack needs `packages`"),
        ("name: shop\npackages: [shop]\n", "shop.yaml:1:1: a pack needs `calls`, `objects`"),
        (SMALLEST + "callz: []\n", "shop.yaml:6:1: a pack has no field `callz`"),
        (SMALLEST.replace("shop\n", "Shop\n", 1), "shop.yaml:1:7: `name` must be lower-case letters"),
        (SMALLEST.replace("[shop]", "[]\nopt_in: yes"), "shop.yaml:3:9: `opt_in` must be `true` or `false`, not `yes`"),
        (SMALLEST.replace("function", "functoin"), "a call has no field `functoin`"),
        (SMALLEST.replace("shop.gates.enabled", "enabled"), "shop.yaml:4:15: `function` must be a dotted name"),
        (SMALLEST.replace("shop.gates.enabled", "[]"), "`function` must be a dotted name or a list of them"),
        (SMALLEST.replace("shop.gates.enabled", "[a.b, a.b]"), "shop.yaml:4:21: `a.b` is listed twice"),
        (SMALLEST + "    method: enabled\n", "a call needs exactly one of `method` or `function`, not `method`"),
        (SMALLEST + "    clients: shop.Client\n", "`clients` means nothing without `method`"),
        (SMALLEST + "    returns: bool\n", "shop.yaml:6:14: `returns` cannot be `bool`"),
        (SMALLEST + "    default: {}\n", "an argument needs `position` or `keyword`"),
        (SMALLEST + "    default: 1\n", "an argument must be a mapping, not `1`"),
        (SMALLEST + "    default:\n", "shop.yaml:6:5: `default` has no value"),
        (SMALLEST + "    default: {position: -1}\n", "`position` must be a whole number from 0, not `-1`"),
        (SMALLEST + '    default: {position: "1"}\n', "must be a whole number from 0, not the text `1`"),
        (SMALLEST + "    default: {keyword: 1a}\n", "`keyword` must be a plain name"),
        (SMALLEST + "rows: {model: a.B}\n", "`rows` must be a list, not a mapping"),
        (SMALLEST + "declarations: [{call: a.b}]\n", "`call` means nothing without `key`"),
        (SMALLEST + "declarations: [{enum: a.B, key: {position: 0}}]\n", "`key` means nothing without `call`"),
        (SMALLEST + "overrides: [{function: a.b}]\n", "an override needs `key`, `by_keyword_name` or `mapping`"),
        (SMALLEST + "templates: [{pattern: 'flag (x'}]\n", "`pattern` is no regular expression"),
        (SMALLEST + "templates: [{pattern: 'flag (x)'}]\n", "`pattern` needs one named group, `key`"),
        (SMALLEST + "templates: [{pattern: '(?P<key>x)', extensions: html}]\n", "must be an ending like `.html`"),
        (SMALLEST + "aliases: [camelcase]\n", "there is no spelling `camelcase`"),
        (SMALLEST + "examples: [{code: 1}]\n", "`code` must be a text, not `1`"),
        (SMALLEST.replace("[shop]", "&x [shop]"), "the anchor `&x` is not read"),
        (SMALLEST + "---\nname: b\n", "a second document begins here"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place(text: str, told: str) -> None:
    assert told in complaint(text)


def test_a_misspelt_field_is_put_right() -> None:
    with pytest.raises(PackError) as caught:
        parse("shop.yaml", SMALLEST.replace("function", "functoin").encode())
    assert caught.value.help == "did you mean `function`?"


def test_all_mistakes_are_told_in_one_run() -> None:
    told = complaint(SMALLEST.replace("keyword", "keywrod") + "    returns: bool\nrows: [{}]\n")
    assert told.splitlines() == [
        "shop.yaml:5:24: an argument has no field `keywrod`",
        "  shop.yaml:6:14: `returns` cannot be `bool` (did you mean `boolean`?)",
        "  shop.yaml:7:8: a row needs `model`",
    ]


def test_a_file_that_is_not_text_is_told() -> None:
    with pytest.raises(PackError, match="is not UTF-8"):
        parse("shop.yaml", b"name: \xff\n")


def test_a_hundred_thousand_brackets_are_told() -> None:
    assert "nested deeper than" in complaint("[" * 100_000)


# ------------------------------------------------------------------------------------------------------- the schema


def as_yaml_1_2(text: str) -> object:
    """Return what an editor makes of a pack."""

    class Loader(yaml.SafeLoader):
        pass

    Loader.yaml_implicit_resolvers = {
        first: [(tag, expression) for tag, expression in resolvers if "bool" not in tag and "timestamp" not in tag]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|false"), list("tf"))
    return yaml.load(text, Loader)


@pytest.mark.parametrize("path", shipped_files(), ids=lambda path: path.stem)
def test_the_schema_accepts_a_shipped_pack(path: Path) -> None:
    jsonschema.validate(as_yaml_1_2(path.read_text(encoding="utf-8")), SCHEMA)


@pytest.mark.parametrize(
    "wrong",
    [
        SMALLEST + "callz: []\n",
        "name: shop\n",
        "name: shop\npackages: [shop]\n",
        SMALLEST.replace("function", "functoin"),
        SMALLEST.replace("shop.gates.enabled", "enabled"),
        SMALLEST + "    method: enabled\n",
        SMALLEST + "    clients: shop.Client\n",
        SMALLEST + "    returns: bool\n",
        SMALLEST + "    inverted: 1\n",
        SMALLEST + "    default: {}\n",
        SMALLEST + "    default: {position: -1}\n",
        SMALLEST + "    default: {inside: {}, position: 1}\n",
        SMALLEST + "declarations: [{call: a.b}]\n",
        SMALLEST + "overrides: [{function: a.b}]\n",
        SMALLEST + "overrides: [{function: a.b, mapping: {position: 0}, value: {position: 1}}]\n",
        SMALLEST + "objects: [{constructor: a.b, key: {position: 0}, reads: [{method: a, attribute: b}]}]\n",
        SMALLEST + "templates: [{pattern: '(?P<key>x)', extensions: html}]\n",
        SMALLEST + "aliases: [camelcase]\n",
        SMALLEST + "examples: [{path: a.py}]\n",
        SMALLEST.replace("[shop]", "[a b]"),
    ],
)
def test_schema_and_loader_refuse_the_same(wrong: str) -> None:
    complaint(wrong)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(as_yaml_1_2(wrong), SCHEMA)


@pytest.mark.parametrize(
    "right",
    [
        SMALLEST,
        SMALLEST.replace("[shop]", "[]"),
        SMALLEST + "    default: {keyword: default, inside: {position: 1}, many: true}\n",
        SMALLEST + "aliases: [camelCase, 'prefix-stripped:release-']\nopt_in: true\n",
        SMALLEST + "declarations: [{enum: a.B}, {call: [a.b, a.c], key: {position: 0}}]\n",
        SMALLEST + "overrides: [{method: set, by_keyword_name: true, sets: false}]\n",
        SMALLEST + "dictionaries: [{name: 'flask.current_app.config[FEATURES]', prefix: X_}]\n",
    ],
)
def test_schema_and_loader_accept_the_same(right: str) -> None:
    parse("shop.yaml", right.encode())
    jsonschema.validate(as_yaml_1_2(right), SCHEMA)


def test_schema_and_loader_know_the_same_fields() -> None:
    known = {"argument": ARGUMENT, "objectRead": OBJECT_READ}
    known |= {shape.article.split()[-1]: shape for shape in ENTRIES.values()}
    for name, shape in known.items():
        described = SCHEMA["$defs"][name]
        assert set(described["properties"]) == set(shape.fields), name
        assert set(described.get("required", ())) == set(shape.required), name
        assert [option["required"][0] for option in described.get("oneOf", ())] == list(shape.exactly_one), name
        assert [option["required"][0] for option in described.get("anyOf", ())] == list(shape.at_least_one), name
        needs = [(field, needed[0]) for field, needed in described.get("dependentRequired", {}).items()]
        assert needs == list(shape.only_with), name
    assert set(SCHEMA["properties"]) == set(PACK.fields)
    assert SCHEMA["$defs"]["valueType"]["enum"] == [kind.value for kind in ValueType]


# ------------------------------------------------------------------------------------------------------- which packs


def test_without_names_every_pack_is_loaded_that_is_not_opt_in() -> None:
    names = [pack.name for pack in load_packs()]
    opt_in = [pack.name for pack in map(read_pack, shipped_files()) if pack.opt_in]
    assert opt_in == ["dictionary", "environment"]
    assert names == sorted(set(shipped_names()) - set(opt_in))


def test_a_pack_has_the_name_of_its_file() -> None:
    assert [read_pack(path).name for path in shipped_files()] == [path.stem for path in shipped_files()]


def test_names_choose_and_extend_adds() -> None:
    assert [pack.name for pack in load_packs(["waffle", "dictionary"])] == ["dictionary", "waffle"]
    assert "dictionary" in [pack.name for pack in load_packs(extend=["dictionary"])]
    assert [pack.name for pack in load_packs([])] == []


def test_examples_stay_in_the_file() -> None:
    assert read_pack(rules_folder() / "sdks" / "waffle.yaml").examples
    assert not load_packs(["waffle"])[0].examples


def test_an_unknown_name_is_put_right() -> None:
    with pytest.raises(PackError, match="there is no SDK pack `wafle`") as caught:
        load_packs(["wafle"])
    assert caught.value.help == "did you mean `waffle`?"


def test_packs_of_ones_own_are_added_and_replace_shipped_ones(tmp_path: Path) -> None:
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools" / "flags.yaml").write_text(SMALLEST, encoding="utf-8")
    (tmp_path / "tools" / "waffle.yaml").write_text(SMALLEST.replace("name: shop", "name: waffle"), encoding="utf-8")
    for paths in (["tools/flags.yaml", "tools/waffle.yaml"], ["tools"], ["tools/*.yaml"]):
        packs = {pack.name: pack for pack in load_packs(["unleash"], paths=paths, root=tmp_path)}
        assert list(packs) == ["shop", "unleash", "waffle"]
        assert packs["waffle"].packages == ("shop",)


def test_a_path_that_leads_nowhere_is_told(tmp_path: Path) -> None:
    for path in ("gone.yaml", "gone/*.yaml", "."):
        with pytest.raises(PackError, match="leads to no pack"):
            load_packs([], paths=[path], root=tmp_path)


def test_entries_as_data_become_the_pack_of_the_project() -> None:
    packs = load_packs(
        ["waffle"],
        calls=[{"function": "shop.gates.enabled", "key": {"position": 0, "keyword": "name"}, "returns": "boolean"}],
        declarations=[{"dictionary": "superset.config.DEFAULT_FEATURE_FLAGS"}],
    )
    assert [pack.name for pack in packs] == ["waffle", "project"]
    assert packs[1].calls == (Call(Argument(0, "name"), functions=("shop.gates.enabled",)),)
    assert packs[1].declarations[0].dictionaries == ("superset.config.DEFAULT_FEATURE_FLAGS",)
    assert packs[1].packages == ()


def test_a_wrong_entry_is_told_by_where_it_stands() -> None:
    with pytest.raises(PackError, match=r"calls\[1\]\.key\.position: `position` must be a whole number"):
        load_packs(calls=[{"method": "on", "key": {"position": 0}}, {"method": "on", "key": {"position": True}}])


def test_a_wrong_entry_of_a_configuration_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "flaglint.toml").write_text(
        'sdks = ["waffle"]\n\n[[calls]]\nfunction = "enabled"\nkey = {position = 0}\n', encoding="utf-8"
    )
    with pytest.raises(ConfigError, match="`function` must be a dotted name") as caught:
        packs_of(load_settings(tmp_path))
    assert (caught.value.line, caught.value.column) == (4, 1)


def test_a_configuration_asks_for_spellings(tmp_path: Path) -> None:
    (tmp_path / "flaglint.toml").write_text('sdks = []\naliases = ["prefix-stripped"]\n', encoding="utf-8")
    (pack,) = packs_of(load_settings(tmp_path))
    assert pack.aliases == ("prefix-stripped",)


def test_an_unknown_spelling_in_a_configuration_is_put_right(tmp_path: Path) -> None:
    (tmp_path / "flaglint.toml").write_text('sdks = []\naliases = ["camelcase"]\n', encoding="utf-8")
    with pytest.raises(ConfigError, match="there is no spelling `camelcase`") as caught:
        packs_of(load_settings(tmp_path))
    assert (caught.value.line, caught.value.help) == (2, "did you mean `camelCase`?")


def test_an_unknown_pack_in_a_configuration_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "flaglint.toml").write_text('sdks = ["waffle", "wafle"]\n', encoding="utf-8")
    with pytest.raises(ConfigError, match="there is no SDK pack `wafle`") as caught:
        packs_of(load_settings(tmp_path))
    assert (caught.value.line, caught.value.help) == (1, "did you mean `waffle`?")


def test_a_pack_that_a_configuration_names_in_vain_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "flaglint.toml").write_text('sdks = []\nsdk-paths = ["gone.yaml"]\n', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"`gone\.yaml` in `sdk-paths` leads to no pack") as caught:
        packs_of(load_settings(tmp_path))
    assert caught.value.line == 2


def test_a_project_that_says_nothing_itself_has_the_shipped_packs(tmp_path: Path) -> None:
    (tmp_path / "flaglint.toml").write_text("", encoding="utf-8")
    assert packs_of(load_settings(tmp_path)) == load_packs()


@pytest.mark.parametrize(
    ("config", "packages", "sure"),
    [
        ("", ["waffle"], {"waffle"}),
        ("", ["ldclient"], set()),
        ('extend-sdks = ["waffle"]', [], {"waffle"}),
        ('sdks = ["waffle", "django-flags"]', [], {"waffle", "django-flags"}),
        ("[[templates]]\npattern = 'flag (?P<key>x)'", [], {"project"}),
    ],
)
def test_the_tags_of_a_pack_are_sure_when_it_is_named_or_imported(
    tmp_path: Path, config: str, packages: list[str], sure: set[str]
) -> None:
    (tmp_path / "flaglint.toml").write_text(config, encoding="utf-8")
    settings = load_settings(tmp_path)
    packs = packs_of(settings)
    with_tags = {pack.name for pack in packs if pack.templates}
    assert packs_with_templates(packs, settings, packages) & with_tags == sure


# --------------------------------------------------------------------------------------------------------- the cache


@pytest.fixture
def unshipped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Work as if no pack had been parsed ahead."""
    monkeypatch.setattr(packcache, "SHIPPED", tmp_path / "none.json")


def refused(path: str, data: bytes) -> None:
    pytest.fail(f"{path} was parsed again")


@pytest.mark.usefixtures("unshipped")
def test_the_cache_saves_parsing_and_gives_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = load_packs(extend=["dictionary", "environment"], cache=tmp_path)
    monkeypatch.setattr(packfile, "parse", refused)
    assert load_packs(extend=["dictionary", "environment"], cache=tmp_path) == first


def test_packs_that_come_with_flaglint_were_parsed_ahead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(packcache, "SHIPPED", tmp_path / "none.json")
        parsed = load_packs(extend=["dictionary", "environment"])
    monkeypatch.setattr(packfile, "parse", refused)
    assert load_packs(extend=["dictionary", "environment"], cache=tmp_path / "cache") == parsed
    assert not (tmp_path / "cache").exists(), "there is nothing left to keep"


def test_what_was_parsed_ahead_is_what_the_packs_say() -> None:
    assert packcache.SHIPPED.read_bytes() == shipping.parsed(), "run `python -m flaglint.refs.shipping`"


def test_a_changed_pack_is_never_taken_from_the_cache(tmp_path: Path) -> None:
    path = tmp_path / "flags.yaml"
    path.write_text(SMALLEST, encoding="utf-8")
    load_packs([], paths=["flags.yaml"], root=tmp_path, cache=tmp_path / "cache")
    path.write_text(SMALLEST.replace("gates", "doors"), encoding="utf-8")
    (pack,) = load_packs([], paths=["flags.yaml"], root=tmp_path, cache=tmp_path / "cache")
    assert pack.calls[0].functions == ("shop.doors.enabled",)


@pytest.mark.usefixtures("unshipped")
@pytest.mark.parametrize("junk", ["", "[]", "{", '{"layout": 1, "packs": {}}', '{"packs": []}'])
def test_a_broken_cache_is_read_over(tmp_path: Path, junk: str) -> None:
    load_packs(["waffle"], cache=tmp_path)
    (kept,) = tmp_path.glob("*.json")
    kept.write_text(junk, encoding="utf-8")
    assert load_packs(["waffle"], cache=tmp_path) == load_packs(["waffle"])


def test_a_file_of_packs_that_is_broken_is_done_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = load_packs(["waffle"])
    (tmp_path / "packs.json").write_text('{"layout": "another", "packs": {}}', encoding="utf-8")
    monkeypatch.setattr(packcache, "SHIPPED", tmp_path / "packs.json")
    assert load_packs(["waffle"]) == expected


@pytest.mark.usefixtures("unshipped")
def test_a_cache_that_cannot_be_written_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file", encoding="utf-8")
    assert load_packs(["waffle"], cache=tmp_path / "cache")


def test_the_hash_changes_with_what_packs_say_only() -> None:
    (pack,) = load_packs(["waffle"])
    assert pack_hash([pack]) == pack_hash([replace(pack, source="elsewhere")])
    assert pack_hash([pack]) == pack_hash([read_pack(rules_folder() / "sdks" / "waffle.yaml")])
    assert pack_hash([pack]) != pack_hash([replace(pack, calls=pack.calls[1:])])


# ------------------------------------------------------------------------------------------------- the page about packs

PAGE = Path(__file__).parents[2] / "docs" / "sdk-packs.md"


def test_the_page_lists_every_pack_with_its_packages() -> None:
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    for pack in map(read_pack, shipped_files()):
        (row,) = [line for line in rows if f"`{pack.name}`" in line.split("|")[1]]
        if not pack.opt_in:
            assert all(f"`{name}`" in row for name in pack.packages if "." not in name), row


def test_the_page_lists_every_field() -> None:
    rows = {
        line.split("`")[1]: line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")
    }
    for name, shape in ENTRIES.items():
        if name != "examples":
            assert [field for field in shape.fields if f"`{field}`" not in rows[name]] == []


def test_the_pack_on_the_page_is_one() -> None:
    (block,) = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert parse("page.yaml", block.encode()).name == "shop"
    jsonschema.validate(as_yaml_1_2(block), SCHEMA)


def test_the_entry_on_the_page_is_one(tmp_path: Path) -> None:
    (block,) = re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "flaglint.toml").write_text("sdks = []\n" + block, encoding="utf-8")
    (pack,) = packs_of(load_settings(tmp_path))
    assert pack.calls[0].functions == ("shop.gates.enabled",)


@pytest.mark.parametrize("name", ["superset", "sentry"])
def test_an_example_configuration_is_read_and_short(name: str) -> None:
    folder = PAGE.parents[1] / "examples" / name
    assert packs_of(load_settings(folder))[-1].declarations
    assert len((folder / "flaglint.toml").read_text(encoding="utf-8").splitlines()) <= 15
