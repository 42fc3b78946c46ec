"""Runs over files: of one file as of the whole project, in parallel as in one process, and over hostile input."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from reference_kit.projects import CLIENT, check, line, references, search, spelled

from flaglint.model import Literal
from flaglint.refs import program
from flaglint.refs.outline import Unit
from flaglint.refs.packs import load_packs
from tests.cutting import texts_that_are_cut

PACKS = load_packs()
SHOP = {
    "shop/__init__.py": "from .keys import CART\n",
    "shop/keys.py": 'NS = "new"\nCART = f"{NS}-cart"\n\n\nclass Keys:\n    TIN = "tin"\n',
    "shop/gate.py": CLIENT + "\n\ndef on(key, user=None):\n    return client.get_boolean_value(key, False)\n",
    "shop/views.py": "from shop import CART\nfrom shop.gate import on\nfrom shop.keys import Keys\n\n\n"
    "def page(kind):\n    if on(CART) and not on(Keys.TIN):\n        return on(f'ui-{kind}')\n    return None\n",
    "tests/test_views.py": "import pytest\nfrom waffle.testutils import override_flag\n\n\n"
    "@override_flag('cart', active=True)\ndef test_page(): ...\n",
}


@pytest.mark.parametrize("path", [path for path in SHOP if not path.endswith("__init__.py")])
def test_a_file_gets_the_same_references_alone_as_in_its_project(path: str) -> None:
    whole = [line(item) for item in search(SHOP).references if item.span.path == path]
    alone = [line(item) for item in search(SHOP, scope="file", given=[path]).references]
    assert alone == whole


def test_a_file_run_reads_no_file_that_its_names_do_not_lead_to(monkeypatch: pytest.MonkeyPatch) -> None:
    read = texts_that_are_cut(monkeypatch)
    files = {**SHOP, "shop/other.py": SHOP["shop/views.py"], "shop/far.py": "import this\n"}
    search(files, scope="file", given=["shop/views.py"])
    assert files["shop/far.py"] not in read
    assert SHOP["tests/test_views.py"] not in read
    assert read.count(SHOP["shop/gate.py"]) == 1


def test_a_module_without_a_name_is_not_cut_to_look_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    read = texts_that_are_cut(monkeypatch)
    files = {
        "shop/__init__.py": "from shop.first import *\nfrom shop.second import *\nfrom shop.gate import *\n",
        "shop/first.py": "x = 1\n",
        "shop/second.py": "y = 2 * 3\n",
        "shop/gate.py": CLIENT + "def on(key):\n    return client.get_boolean_value(key, False)\n",
        "page.py": "from shop import on\nif on('cart'): ...\n",
    }
    found = search(files, scope="file", given=["page.py"])
    assert [line(item) for item in found.references] == ["page.py:2 read cart if-test wrapper shop.gate.on"]
    assert set(read) == {files["shop/__init__.py"], files["shop/gate.py"], files["page.py"]}


@pytest.mark.parametrize(
    "star",
    [
        "from shop.gate import *\n",
        "from shop.gate import*\n",
        "from shop.gate import\t*  # all\n",
        "from shop.gate import \\\n    *\n",
        "from shop.gate import\\\r\n*\r\n",
        "try:\n    from shop.gate import *\nexcept ImportError:\n    pass\n",
    ],
)
def test_a_star_import_is_seen_however_it_is_written(star: str) -> None:
    gate = CLIENT + "def on(key):\n    return client.get_boolean_value(key, False)\n"
    files = {"shop/__init__.py": star, "shop/gate.py": gate, "page.py": "from shop import on\nif on('cart'): ...\n"}
    found = search(files, scope="file", given=["page.py"])
    assert [line(item) for item in found.references] == ["page.py:2 read cart if-test wrapper shop.gate.on"]


def test_reads_only_the_statements_that_hold_a_word_of_interest(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    read_unit = program.read_unit

    def counting(text: str, unit: Unit, *, is_member: bool) -> object:
        read.append(text[unit.start : unit.end])
        return read_unit(text, unit, is_member=is_member)

    monkeypatch.setattr(program, "read_unit", counting)
    dull = "".join(f"def dull_{number}():\n    return {number}\n" for number in range(50))
    assert references(CLIENT + dull + "client.get_boolean_value('cart', False)\n") == [
        "104 read cart expression literal"
    ]
    assert not [unit for unit in read if "dull" in unit]


def test_several_processes_find_what_one_finds() -> None:
    padding = "# " + "x" * 100 + "\n"
    files = {
        f"shop/part_{number}.py": padding * 1_000 + SHOP["shop/gate.py"] + f"on('key-{number}')\n"
        for number in range(12)
    }
    one, two = (search(files, jobs=jobs) for jobs in (1, 2))
    assert (one.references, one.wrappers, one.failures) == (two.references, two.wrappers, two.failures)
    assert len([item for item in one.references if spelled(item).startswith("key-")]) == 12


def test_the_same_input_gives_the_same_output_in_any_order() -> None:
    turned = dict(reversed(SHOP.items()))
    assert search(SHOP).references == search(turned).references
    assert search(SHOP).wrappers == search(turned).wrappers


@pytest.mark.parametrize(
    "hostile",
    [
        "x = " + "(" * 100_000 + "\n",
        "x = " + "[" * 100_000 + "]" * 100_000 + "\n",
        "x = " + " + ".join(["a"] * 5_000) + "\n",
        "x = " + " or ".join(["a"] * 5_000) + "\n",
        "x = " + "not " * 5_000 + "a\n",
        "x = a" + ".b" * 5_000 + "\n",
        "x = a" + "()" * 5_000 + "\n",
        "if a: pass\n" + "elif b: pass\n" * 2_000,
        "x = '''\n",
        "x = f'{" * 300 + "\n",
    ],
    ids=lambda text: text[:12],
)
def test_a_hostile_statement_hides_no_read_beside_it(hostile: str) -> None:
    found = references(CLIENT + "client.get_boolean_value('cart', False)\n\n" + hostile)
    assert [item for item in found if " read cart " in item]


@pytest.mark.parametrize(
    "code",
    [
        "A = B\nB = A\n",
        "A = A\n",
        "A = A + 'x'\n",
        "A = [A]\n",
        "A = {**A}\n",
        "A = lambda: A()\n",
        "class A(A):\n    pass\n",
        "class A(B):\n    x = B.x\nclass B(A):\n    x = A.x\n",
        "def A(x):\n    return A(A(x))\n",
        "def A(x=A):\n    return A\n",
        "class A:\n    def __init__(self):\n        self.x = self.x\n",
        "class A:\n    @property\n    def x(self):\n        return self.x\n",
    ],
)
def test_what_refers_to_itself_comes_to_an_end(code: str) -> None:
    use = "".join(f"client.get_boolean_value({key}, False)\n" for key in ("'cart'", "A", "A.x"))
    assert [item for item in references(CLIENT + code + use) if " read cart " in item]


def test_modules_that_import_each_other_come_to_an_end() -> None:
    files = {
        "a.py": CLIENT + "from b import KEY\nOTHER = 'tin'\nclient.get_boolean_value(KEY, False)\n",
        "b.py": "from a import *\nfrom c import *\nfrom a import OTHER\nKEY = OTHER\n",
        "c.py": "from b import *\n",
    }
    assert [spelled(item) for item in search(files).references] == ["tin"]


def test_classes_whose_attributes_refer_to_each_other_in_circles_come_to_an_end() -> None:
    names = [f"C{number}" for number in range(12)]
    code = "".join(
        f"class {name}:\n" + "".join(f"    a{other} = {other}.a{name}\n" for other in names if other != name)
        for name in names
    )
    found = references(
        CLIENT + code + ("client.get_boolean_value(C0.aC1, False)\nclient.get_boolean_value('cart', False)\n")
    )
    assert [item for item in found if " read cart " in item]


def test_alternatives_that_multiply_are_given_up() -> None:
    code = "def f(x):\n" + "".join(f"    k{n} = 'a' if x else 'b'\n" for n in range(20))
    joined = " + ".join(f"k{n}" for n in range(20))
    (found,) = search({"shop.py": f"{CLIENT}{code}    client.get_boolean_value({joined}, False)\n"}).references
    assert found.kind == "read"


@pytest.mark.parametrize(
    "key", ["", " ", ("a\nb"), "*", "<script>", "ключ", "🚩", "a" * 1_000, "%s", "{}", "\\", "\x00", "__class__"]
)
def test_a_hostile_key_is_found_as_it_is_spelled(key: str) -> None:
    (found,) = search({"shop.py": f"{CLIENT}client.get_boolean_value({key!r}, False)\n"}, keys={key}).references
    assert spelled(found) == key


def test_a_hostile_name_of_a_file_is_no_module_and_no_failure() -> None:
    code = CLIENT + "client.get_boolean_value('cart', False)\n"
    for name in ("a b.py", "a-b.py", "a.b.py", "é.py", "-.py", "1.py", "class.py", "deep/a b/c.py"):
        assert [spelled(item) for item in search({name: code}).references] == ["cart"]


def test_a_statement_that_does_not_parse_is_named_when_it_mentions_a_flag() -> None:
    found = search({"shop.py": CLIENT + "client.get_boolean_value('cart', = False)\n\nx = = 1\n"})
    assert [(item.span.start.line, "get_boolean_value" in item.mentions) for item in found.failures] == [(4, True)]


@pytest.mark.parametrize("data", [b"x = '\xff'\n", b"x = 1\x00\n", b"# coding: nonsense\n"])
def test_a_file_that_is_no_text_is_skipped_and_named(data: bytes) -> None:
    use = CLIENT + "client.get_boolean_value('cart', False)\n"
    found = search({"shop.py": data + use.encode(), "use.py": use})
    assert [item.path for item in found.skipped] == ["shop.py"]
    assert [item.span.path for item in found.references] == ["use.py"]


def test_places_count_code_points_whatever_the_encoding() -> None:
    code = "# -*- coding: latin-1 -*-\n" + CLIENT + "é = client.get_boolean_value('cart', False)\n"
    (found,) = search({"shop.py": code.encode("latin-1")}).references
    assert (found.span.start.line, found.span.start.column) == (5, 5)
    crlf = (CLIENT + "é = client.get_boolean_value('cart', False)\n").replace("\n", "\r\n")
    (found,) = search({"shop.py": crlf}).references
    assert (found.span.start.line, found.span.start.column) == (4, 5)


TOKENS = st.sampled_from(
    [
        "client",
        "api",
        "get_boolean_value",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "'cart'",
        '"tin"',
        "f'{x}'",
        ",",
        ":",
        "=",
        "==",
        ".",
        "+",
        "%",
        "def",
        "class",
        "if",
        "else",
        "for",
        "in",
        "lambda",
        "return",
        "import",
        "from",
        "as",
        "*",
        "**",
        "@",
        "await",
        "not",
        "and",
        "x",
        "y",
        "\n",
        "\n",
        "",
        "",
        "",
        "\t",
        "#",
        "\\",
        "\n    ",
        " ",
        " ",
        "\n",
    ]
)


@example("\U00013460")  # libcst's parser takes it for a name, and its tree refuses that
@given(st.one_of(st.text(), st.lists(TOKENS, max_size=60).map(" ".join)))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_text_as_source_gives_a_result(text: str) -> None:
    from flaglint.refs import find_references

    data = (CLIENT + text).encode("utf-8", "surrogatepass")
    for scope in ("project", "file"):
        find_references(Path("/nonexistent"), ["a.py"], packs=PACKS, scope=scope, jobs=1, contents={"a.py": data})


def test_a_lookup_is_found_by_what_its_file_makes_of_a_dictionary_of_flags() -> None:
    code = (
        CLIENT + "from django.conf import settings\n\n\n"
        "def handed_out():\n    return settings.FEATURES\n\n\n"
        "class View:\n"
        "    def __init__(self):\n        self.flags = settings.FEATURES\n\n"
        "    def page(self):\n"
        "        if client.get_boolean_value('new-page', False):  # read: new-page\n"
        "            return self.flags['cart']  # read: cart\n"
        "        return self.flags.get('tin')  # read: tin\n\n\n"
        "def bare(prices):\n"
        "    found = handed_out()\n"
        "    if client.get_boolean_value('new-page', False):  # read: new-page\n"
        "        return prices['pear']\n"
        "    return found['jar']  # read: jar\n"
    )
    check({"views.py": code}, sdks=["openfeature", "dictionary"])


def test_a_flag_is_taken_out_of_a_batch_that_a_method_hands_on() -> None:
    calls = [{"function": "flags.batch", "key": {"position": 0, "many": True}}]
    code = (
        "import flags\n\n\nclass View:\n"
        "    def asked(self):\n        return flags.batch(['cart', 'tin'])\n\n"
        "    def page(self):\n        batch = self.asked()\n        return batch.get('cart')  # read: cart\n"
    )
    found = search({"flags.py": "def batch(names): ...\n", "views.py": code}, calls=calls).references
    assert [(str(item.kind), item.span.start.line) for item in found] == [("read", 6), ("read", 10)]


@pytest.mark.parametrize(
    "giving",
    [
        "def batch():\n    found = flags.many(['cart'])\n    return found\n",
        "def _asked():\n    found = flags.many(['cart'])\n    return found\n\n\ndef batch():\n    return _asked()\n",
        "batch = lambda: flags.many(['cart'])\n",
        "def _asked():\n    return flags.many(['cart'])\n\n\nbatch = _asked\n",
        "def _asked(names):\n    return flags.many(names)\n\n\nbatch = functools.partial(_asked, ['cart'])\n",
    ],
    ids=["a local", "a call", "a lambda", "another name", "a partial"],
)
def test_a_flag_is_taken_out_of_a_batch_that_another_file_hands_on(giving: str) -> None:
    calls = [{"function": "flags.many", "key": {"position": 0, "many": True}}]
    files = {
        "flags.py": "def many(names): ...\n",
        "shop/gate.py": "import functools\nimport flags\n\n\n" + giving,
        "shop/views.py": "from shop.gate import batch\n\n\ndef page():\n    return batch()['cart']\n",
    }
    found = search(files, calls=calls).references
    assert ("shop/views.py", Literal("cart"), ("batch",)) in {(item.span.path, item.key, item.via) for item in found}


def test_a_registered_key_is_reason_enough_to_look_at_a_lookup() -> None:
    files = {
        "shop/flags.py": "from django.conf import settings\n\n\ndef handed_out():\n    return settings.FEATURES\n",
        "shop/views.py": "from shop.flags import handed_out\n\n\ndef page():\n    return handed_out()['cart']\n",
    }
    found = search(files, sdks=["dictionary"], keys=["cart"]).references
    assert [item.span.path for item in found] == ["shop/views.py"]


def test_lookups_of_other_things_lead_to_no_other_file(monkeypatch: pytest.MonkeyPatch) -> None:
    read = texts_that_are_cut(monkeypatch)
    far = "def prices():\n    return load()\n"
    files = {
        "shop/far.py": far,
        "shop/views.py": "from waffle import flag_is_active\nfrom shop.far import prices\n\n\n"
        "def page(request):\n    found = prices()\n    found['apples'], found.get('pears')\n"
        "    if flag_is_active(request, 'cart'):\n        return 1\n    return 2\n",
    }
    assert len(search(files, sdks=["waffle", "dictionary"]).references) == 1
    assert far not in read


def test_what_only_reads_a_flag_makes_no_lookup_beside_it_worth_following(monkeypatch: pytest.MonkeyPatch) -> None:
    read = texts_that_are_cut(monkeypatch)
    far = "def prices():\n    return load()\n"
    files = {
        "shop/far.py": far,
        "shop/gate.py": CLIENT + "\n\ndef on(key):\n    return client.get_boolean_value(key, False)\n",
        "shop/views.py": "from shop.far import prices\nfrom shop.gate import on\n\n\n"
        "def page():\n    found = prices()\n    found['apples'] = found['pears']\n    return on('cart')\n",
    }
    found = search(files, sdks=["openfeature", "dictionary"]).references
    assert "shop/views.py" in {item.span.path for item in found}
    assert far not in read


def test_of_a_dictionary_that_is_handed_on_only_what_names_a_flag_is_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    read = texts_that_are_cut(monkeypatch)
    far = "def prices():\n    return load()\n"
    files = {
        "shop/far.py": far,
        "shop/gate.py": CLIENT + "\n\ndef on(key):\n    return client.get_boolean_value(key, False)\n",
        "shop/views.py": "from shop.far import prices\nfrom shop.gate import on\n\n\n"
        "def checks():\n    return {'prices': prices().all(), 'on': on}\n",
    }
    search(files, sdks=["openfeature"])
    assert far not in read
    files["shop/page.py"] = "from shop.views import checks\n\n\ndef page():\n    return checks()['on']('cart')\n"
    found = search(files, sdks=["openfeature"]).references
    assert ("shop/page.py", Literal("cart")) in {(item.span.path, item.key) for item in found}
