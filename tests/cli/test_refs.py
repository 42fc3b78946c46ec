"""`flaglint refs`: the whole text of each format."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from flaglint.rulesdata import rules_folder

Flaglint = Callable[..., object]

REGISTRY = """\
version: 1
flags:
  new-cart:
    description: The new cart
  old-cart:
    description: Nobody asks for it
"""
FLAGS = """\
from flaglint.evaluator import Evaluator

client = Evaluator.from_path("flags.yaml")
NEW_CART = "new-cart"


def is_on(key, who):
    return client.boolean(key, {"targetingKey": who}, False)
"""
CART = """\
import os

from shop.flags import NEW_CART, client, is_on

# is_on("commented-out", "ada")


def total(who):
    if is_on(NEW_CART, who):
        return 1
    if not client.boolean("misspelt"):
        return 2
    return client.string(f"panel-{os.environ['PANEL']}", None, "")
"""


@pytest.fixture
def shop(write: Callable[..., None]) -> None:
    write(
        {
            "flaglint.toml": "",
            "flags.yaml": REGISTRY,
            "shop/__init__.py": "",
            "shop/flags.py": FLAGS,
            "shop/cart.py": CART,
        }
    )


@pytest.mark.usefixtures("shop")
class TestText:
    def test_lists_each_reference_below_its_key_and_how_it_was_found(self, flaglint: Flaglint) -> None:
        ran = flaglint("refs")
        assert ran.code == 0
        assert ran.out == (
            "misspelt: 1 read\n"
            "  shop/cart.py:11:12: read (if-test) [flaglint]\n"
            "new-cart: 1 read, 1 mention\n"
            "  flags.yaml:3:3: defined\n"
            "  shop/cart.py:9:8: read (if-test) via wrapper shop.flags.is_on, constant shop.flags.NEW_CART [flaglint]\n"
            "  shop/flags.py:4:12: mention possible\n"
            "old-cart: no references\n"
            "  flags.yaml:5:3: defined\n"
            "panel-* (put together at run time): 1 read\n"
            "  shop/cart.py:13:12: read (return) via f-string [flaglint]\n"
        )
        assert ran.err == "note: 5 files seen, 2 of them with a word of interest, 2 parsed\n"

    def test_of_one_key_lists_only_that(self, flaglint: Flaglint) -> None:
        assert flaglint("refs", "misspelt").out == (
            "misspelt: 1 read\n  shop/cart.py:11:12: read (if-test) [flaglint]\n"
        )

    def test_a_pattern_that_can_spell_the_key_is_listed_with_it(self, flaglint: Flaglint) -> None:
        assert flaglint("refs", "panel-left").out == (
            "panel-left: no references\n"
            "  may be read as panel-*, put together at run time\n"
            "panel-* (put together at run time): 1 read\n"
            "  shop/cart.py:13:12: read (return) via f-string [flaglint]\n"
        )

    def test_of_one_kind_and_one_path_lists_only_those(self, flaglint: Flaglint) -> None:
        assert flaglint("refs", "--kind", "mention", "new-cart").out == (
            "new-cart: 1 mention\n  flags.yaml:3:3: defined\n  shop/flags.py:4:12: mention possible\n"
        )
        assert "cart.py" not in flaglint("refs", "--path", "shop/flags.py").out

    def test_a_key_that_is_nowhere_gets_a_suggestion(self, flaglint: Flaglint) -> None:
        ran = flaglint("refs", "new-crt")
        assert (ran.code, ran.out) == (2, "")
        assert ran.err == (
            "error: there is no flag `new-crt` in the registry or the code\nhelp: did you mean `new-cart`?\n"
        )

    def test_the_same_input_gives_the_same_bytes_with_and_without_a_cache(self, flaglint: Flaglint) -> None:
        first = flaglint("refs")
        assert flaglint("refs") == first
        assert flaglint("refs", "--no-cache", "-j", "2").out == first.out


@pytest.mark.usefixtures("shop")
class TestJson:
    def test_is_the_documented_object(self, flaglint: Flaglint) -> None:
        ran = flaglint("refs", "new-cart", "--format", "json")
        assert (ran.code, ran.err) == (0, "")
        document = json.loads(ran.out)
        assert document == {
            "version": 1,
            "references": [
                {
                    "key": "new-cart",
                    "path": "shop/cart.py",
                    "line": 9,
                    "column": 8,
                    "end_line": 9,
                    "end_column": 28,
                    "kind": "read",
                    "role": "if-test",
                    "sdk": "flaglint",
                    "via": ["wrapper shop.flags.is_on", "constant shop.flags.NEW_CART"],
                    "confidence": "certain",
                    "default": "False",
                    "value_type": "boolean",
                },
                {
                    "key": "new-cart",
                    "path": "shop/flags.py",
                    "line": 4,
                    "column": 12,
                    "end_line": 4,
                    "end_column": 22,
                    "kind": "mention",
                    "role": "string",
                    "sdk": "",
                    "via": ["literal"],
                    "confidence": "possible",
                    "default": None,
                    "value_type": "unknown",
                },
            ],
            "dynamic": [],
            "skipped": [],
            "files": {"seen": 5, "screened": 2, "parsed": 2},
        }

    def test_agrees_with_its_schema(self, flaglint: Flaglint) -> None:
        schema = json.loads((rules_folder() / "schemas" / "references.schema.json").read_text())
        jsonschema.Draft202012Validator.check_schema(schema)
        jsonschema.validate(json.loads(flaglint("refs", "--format", "json").out), schema)
        jsonschema.validate(json.loads(flaglint("refs", "--wrappers", "--format", "json").out), schema)

    def test_dynamic_reads_have_a_pattern_instead_of_a_key(self, flaglint: Flaglint) -> None:
        document = json.loads(flaglint("refs", "--format", "json").out)
        assert [(entry["pattern"], entry["line"], "key" in entry) for entry in document["dynamic"]] == [
            ("panel-*", 13, False)
        ]

    def test_is_sorted_by_path_line_and_column(self, flaglint: Flaglint) -> None:
        found = json.loads(flaglint("refs", "--format", "json").out)["references"]
        assert found == sorted(found, key=lambda one: (one["path"], one["line"], one["column"]))

    def test_a_skipped_file_is_named(self, flaglint: Flaglint, write: Callable[..., None]) -> None:
        write({"shop/bad.py": b"x = '\xff new-cart'\n"})
        assert json.loads(flaglint("refs", "--format", "json").out)["skipped"] == [
            {"path": "shop/bad.py", "reason": "it is not valid utf-8: byte 0xff in line 1"}
        ]


@pytest.mark.usefixtures("shop")
class TestCsv:
    def test_has_one_line_per_reference(self, flaglint: Flaglint) -> None:
        ran = flaglint("refs", "misspelt", "--format", "csv")
        assert ran.out == (
            "key,path,line,column,end_line,end_column,kind,role,sdk,via,confidence,default,value_type\n"
            "misspelt,shop/cart.py,11,12,11,38,read,if-test,flaglint,literal,certain,,boolean\n"
        )

    def test_a_key_with_a_comma_stays_one_field(self, flaglint: Flaglint, write: Callable[..., None]) -> None:
        write({"shop/more.py": 'from shop.flags import client\nclient.boolean("a,\\"b")\n'})
        rows = list(csv.DictReader(io.StringIO(flaglint("refs", "--format", "csv").out)))
        assert 'a,"b' in [row["key"] for row in rows]
        assert "panel-*" in [row["key"] for row in rows]

    def test_a_formula_in_a_key_is_a_text_in_a_spreadsheet(
        self, flaglint: Flaglint, write: Callable[..., None]
    ) -> None:
        write({"shop/more.py": 'from shop.flags import client\nclient.boolean("=1+1")\n'})
        assert [line for line in flaglint("refs", "--format", "csv").out.splitlines() if "=1+1" in line] == [
            "'=1+1,shop/more.py,2,1,2,23,read,expression,flaglint,literal,certain,,boolean"
        ]

    def test_a_skipped_file_is_named_beside_it(self, flaglint: Flaglint, write: Callable[..., None]) -> None:
        write({"shop/bad.py": b"x = '\xff new-cart'\n"})
        ran = flaglint("refs", "--format", "csv")
        assert ran.err == "note: shop/bad.py was skipped: it is not valid utf-8: byte 0xff in line 1\n"


@pytest.mark.usefixtures("shop")
class TestWrappers:
    def test_lists_what_was_inferred_and_from_where(self, flaglint: Flaglint) -> None:
        ran = flaglint("refs", "--wrappers")
        assert (ran.code, ran.err) == (0, "")
        assert ran.out == "shop/flags.py:7:5: shop.flags.is_on reads the key in `key` via function [flaglint]\n"

    def test_says_when_the_key_is_made_from_the_parameter(self, flaglint: Flaglint, write: Callable[..., None]) -> None:
        write({"shop/panels.py": FLAGS.replace("boolean(key", 'boolean(f"panel-{key}"')})
        assert "shop.panels.is_on reads `panel-*`, made from `key`, via function" in flaglint("refs", "--wrappers").out

    def test_of_csv_is_csv(self, flaglint: Flaglint) -> None:
        assert flaglint("refs", "--wrappers", "--format", "csv").out == (
            "qualname,path,line,column,sdk,parameter,key,via,value_type\n"
            "shop.flags.is_on,shop/flags.py,7,5,flaglint,key,,function,boolean\n"
        )


class TestBadInput:
    def test_a_missing_path(self, flaglint: Flaglint) -> None:
        ran = flaglint("refs", "--path", "nope")
        assert (ran.code, ran.out) == (2, "")
        assert ran.err == (
            "error: `nope` does not exist\n"
            "help: paths are relative to the working folder; if it is a flag: flaglint refs nope\n"
        )

    def test_an_empty_tree(self, flaglint: Flaglint) -> None:
        ran = flaglint("refs")
        assert (ran.code, ran.out) == (2, "")
        assert ran.err == (
            "error: there is no file below .\n"
            "help: go to the folder of the project, or set `source` in its configuration\n"
        )

    def test_brackets_without_end_in_a_source_file(self, flaglint: Flaglint, write: Callable[..., None]) -> None:
        write({"deep.py": "import waffle\nwaffle.flag_is_active(request, " + "(" * 100_000, "a.py": ""})
        ran = flaglint("refs")
        assert (ran.code, ran.out) == (0, "")
        assert ran.err.startswith("note: 2 files seen, 1 of them with a word of interest, 1 parsed\nnote: deep.py:2:")
        assert ran.err.endswith(": a statement was not read: brackets nest deeper than 200\n")

    def test_a_name_with_a_newline_cannot_forge_a_line(self, flaglint: Flaglint, write: Callable[..., None]) -> None:
        write({"a\nb.py": 'import waffle\nwaffle.switch_is_active("k\\nforged: 1 read")\n'})
        out = flaglint("refs").out
        assert "\nforged" not in out
        assert "\nb.py" not in out


def test_does_not_write_into_the_project_but_its_cache(
    flaglint: Flaglint, write: Callable[..., None], tmp_path: Path
) -> None:
    write({"a.py": "import waffle\nwaffle.switch_is_active('k')\n"})
    flaglint("refs")
    written = {path.relative_to(tmp_path).parts[0] for path in tmp_path.rglob("*")}
    assert written <= {"a.py", ".flaglint_cache"}


@pytest.mark.parametrize(("count", "tail"), [(6, "page.P6.flag"), (9, "page.P5.flag and 4 more")])
def test_of_very_many_steps_the_first_stand_in_the_text_and_all_in_json(
    flaglint: Flaglint, write: Callable[..., None], count: int, tail: str
) -> None:
    page = "import waffle\nclass Page:\n    def on(self):\n        return waffle.switch_is_active(self.flag)\n"
    page += "".join(f"class P{number}(Page):\n    flag = 'k{number}'\n" for number in range(1, count + 1))
    write({"flaglint.toml": "", "page.py": page})
    read = next(line for line in flaglint("refs", "k1").out.splitlines() if ": read " in line)
    assert read.endswith(f"class attribute {tail} [waffle]")
    assert read.count("class attribute") == min(count, 6 if count <= 6 else 5)
    (reference,) = json.loads(flaglint("refs", "k1", "--format", "json").out)["references"]
    assert len(reference["via"]) == count
