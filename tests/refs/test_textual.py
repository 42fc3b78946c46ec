"""Keys in files that are not Python are found where they stand as words of their own, and nowhere else."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flaglint.model import Confidence, Kind, Literal, OneOf, Reference, Skipped
from flaglint.refs.languages import NEVER_USES, language_of
from flaglint.refs.spec import Pack, TemplateTag
from flaglint.refs.textual import TextSearch

KEY = "new-cart"


def search(path: str, data: bytes, keys: tuple[str, ...] = (KEY,), **options: object) -> list[Reference | Skipped]:
    return list(TextSearch(keys, **options).file(path, data).found)


def found(path: str, text: str | bytes, keys: tuple[str, ...] = (KEY,), **options: object) -> list[Reference]:
    data = text.encode() if isinstance(text, str) else text
    items = search(path, data, keys, **options)
    assert not any(isinstance(item, Skipped) for item in items), items
    return items


def spelling(*aliases: str) -> Pack:
    return Pack(name="shop", packages=(), aliases=aliases)


def places(path: str, text: str | bytes, keys: tuple[str, ...] = (KEY,)) -> list[tuple[int, int]]:
    return [(item.span.start.line, item.span.start.column) for item in found(path, text, keys)]


# ------------------------------------------------------------------------------------------------- what is a reference


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("cart.js", 'if (flags.isOn("new-cart")) {}'),
        ("cart.js", "if (flags.isOn('new-cart')) {}"),
        ("cart.ts", "if (flags.isOn(`new-cart`)) {}"),
        ("cart.js", r'const raw = "{\"new-cart\": true}"'),
        ("cart.tsx", "<Flag name='new-cart'/>"),
        ("cart.js", "// shown with new-cart only"),
        ("cart.html", '<div data-flag="new-cart">'),
        ("cart.html", "<p>&quot;new-cart&quot;</p>"),
        ("cart.xml", "<flag>new-cart</flag>"),
        ("values.yaml", "new-cart: true"),
        ("values.yaml", "  - new-cart"),
        ("values.yaml", "flags: {new-cart: true}"),
        ("values.yaml", "flags: [old-cart, new-cart]"),
        ("values.toml", "new-cart = true"),
        ("values.toml", "flags.new-cart = true"),
        ("app.properties", "feature.new-cart=true"),
        ("values.json", '{"new-cart":true}'),
        ("flags.sql", "INSERT INTO flags VALUES ('new-cart', true);"),
        ("flags.csv", "new-cart,true"),
        ("README.md", "Set `new-cart`, then restart."),
        ("README.md", "It is called new-cart."),
        ("README.rst", "The flag ``new-cart`` shows it."),
        ("README.md", "新しいnew-cartフラグ"),
        ("Dockerfile", "ENV FLAGS=new-cart"),
        ("run.sh", "./manage.py waffle_flag new-cart --everyone"),
        ("style.css", '[data-flag="new-cart"] {}'),
        ("no-ending", "new-cart"),
    ],
)
def test_finds_the_key(path: str, text: str) -> None:
    (reference,) = found(path, text)
    assert (reference.key, reference.kind, reference.role) == (Literal(KEY), Kind.TEXT, "text")
    line, column = text[: text.index(KEY)].count("\n") + 1, text.index(KEY) + 1
    assert (reference.span.start.line, reference.span.start.column) == (line, column)
    assert (reference.span.end.line, reference.span.end.column) == (line, column + len(KEY))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("cart.js", 'isOn("new-cart-2")'),
        ("cart.js", 'isOn("brand-new-cart")'),
        ("cart.js", 'isOn("new-carts")'),
        ("cart.js", 'isOn("renew-cart")'),
        ("cart.js", 'isOn("new_cart")'),
        ("cart.js", 'isOn("New-Cart")'),
        ("cart.js", 'count("shop.new-cart.clicks")'),
        ("cart.js", 'count("shop.new-cart")'),
        ("cart.js", 'import x from "./new-cart"'),
        ("cart.js", 'import x from "new-cart/page"'),
        ("cart.js", "const left = old.new-cart"),
        ("cart.html", '<a href="/shop/new-cart">'),
        ("cart.html", '<link href="new-cart.css">'),
        ("package.json", '"@shop/new-cart": "1.0"'),
        ("package.json", '"dependencies": {"x": "github:new-cart"}'),
        ("style.css", ".new-cart { color: red }"),
        ("style.css", "#new-cart, .a.new-cart {}"),
        ("metrics.yaml", "name: shop.new-cart.clicks"),
        ("README.md", "See [the page](docs/new-cart.md)."),
        ("README.md", "Write to new-cart@example.com."),
        ("README.md", "https://example.com/new-cart"),
    ],
)
def test_leaves_what_only_looks_like_the_key_alone(path: str, text: str) -> None:
    assert found(path, text) == []


@pytest.mark.parametrize(
    ("path", "text", "confidence"),
    [
        ("a.js", "use(config.features.group_type)", Confidence.POSSIBLE),
        ("a.js", "config?.features?.group_type ? 1 : 2", Confidence.POSSIBLE),
        ("a.ts", "type Features = { group_type: boolean }", Confidence.POSSIBLE),
        ("a.min.js", "e={group_type:!0}", Confidence.POSSIBLE),
        ("a.js", 'use("group_type")', Confidence.LIKELY),
        ("a.yaml", "group_type: true", Confidence.LIKELY),
    ],
)
def test_says_how_sure_it_is(path: str, text: str, confidence: Confidence) -> None:
    assert [item.confidence for item in found(path, text, ("group_type",))] == [confidence]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.js", 'count("shop.group_type")'),
        ("a.js", "count('tracker.group_type.clicks')"),
        ("a.md", "The field group.group_type holds it."),
        ("a.js", "config.group_types"),
        ("a.js", "config.my_group_type"),
    ],
)
def test_leaves_parts_of_longer_names_alone(path: str, text: str) -> None:
    assert found(path, text, ("group_type",)) == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.js", "import phones from 'lib'"),
        ("a.js", "const phones = 1; call(phones)"),
        ("a.html", "<p>All phones are free</p>"),
        ("a.md", "Buy phones."),
        ("a.sql", "SELECT * FROM phones"),
        ("a.sh", "ls phones"),
    ],
)
def test_a_plain_word_counts_in_quotes_and_as_a_setting_only(path: str, text: str) -> None:
    assert found(path, text, ("phones",)) == []


@pytest.mark.parametrize(
    ("path", "text"),
    [("a.js", 'isFlagActive(data, "phones")'), ("a.yaml", "phones: true"), ("a.ini", "phones = 1")],
)
def test_a_plain_word_in_quotes_or_as_a_setting_is_possible(path: str, text: str) -> None:
    assert [item.confidence for item in found(path, text, ("phones",))] == [Confidence.POSSIBLE]


def test_the_longer_of_two_keys_is_taken_where_both_stand() -> None:
    keys = ("projects:alerts", "alerts", "projects:alerts-2")
    text = '"projects:alerts" "alerts" "projects:alerts-2"'
    assert [item.key for item in found("a.js", text, keys)] == [
        Literal("projects:alerts"),
        Literal("alerts"),
        Literal("projects:alerts-2"),
    ]


def test_two_keys_on_one_line_are_both_found_each_time() -> None:
    text = '["new-cart", "old-cart"]' * 30
    first = found("a.js", text, ("new-cart", "old-cart"))
    assert len(first) == 60
    assert found("a.js", text, ("old-cart", "new-cart")) == first


def test_a_key_that_is_no_ascii_is_found() -> None:
    (reference,) = found("a.yaml", "größe: 1\nneuer-körb: true\n", ("neuer-körb",))
    assert (reference.span.start.line, reference.span.start.column, reference.span.end.column) == (2, 1, 11)


def test_no_key_means_no_reference() -> None:
    assert found("a.js", '"new-cart"', ()) == []


# --------------------------------------------------------------------------------------------------- bytes and places


def test_a_line_of_five_megabytes_is_searched_to_its_end() -> None:
    filler = 'a("x"),' * 750_000
    assert places("a.min.js", f'é{filler}"new-cart"\n"new-cart"') == [(1, len(filler) + 3), (2, 2)]


def test_many_hits_on_a_long_line_with_wide_characters_take_one_pass() -> None:
    text = 'ü("new-cart");' * 40_000
    found_at = places("a.min.js", text)
    assert len(found_at) == 40_000
    assert found_at[-1] == (1, 14 * 39_999 + 4)


def test_line_ends_of_all_systems_count() -> None:
    assert places("a.yaml", 'a\r\nb\rc\n"new-cart"\x0c"new-cart"\u2028"new-cart"') == [(4, 2), (4, 13), (4, 24)]


def test_a_byte_order_mark_takes_no_column() -> None:
    assert places("a.json", b'\xef\xbb\xbf"new-cart"') == [(1, 2)]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_two_bytes_to_the_letter_are_read_behind_a_mark(encoding: str) -> None:
    mark = {"utf-16": b"", "utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}[encoding]
    assert places("a.sql", mark + 'é\n  "new-cart"'.encode(encoding)) == [(2, 4)]


def test_bytes_of_no_known_encoding_are_read_one_by_one() -> None:
    assert places("a.sql", b'-- caf\xe9\n \xff"new-cart"') == [(2, 4)]


def test_a_binary_file_that_holds_a_key_is_named() -> None:
    assert search("a.so", b'\x7fELF\0\0 "new-cart" \0') == [Skipped("a.so", "it is binary, and holds `new-cart`")]


def test_text_of_two_bytes_to_the_letter_without_a_mark_is_named_when_it_holds_a_key() -> None:
    (skipped,) = search("a.txt", '"new-cart"'.encode("utf-16-le"))
    assert isinstance(skipped, Skipped)


@pytest.mark.parametrize("key", [b"new-cart", "new-cart".encode("utf-16-le"), b"newcart"])
@pytest.mark.parametrize("mark", [b"", b"\xff\xfe"])  # with a mark, but of an odd number of bytes
def test_a_large_binary_file_is_told_as_a_small_one_is(key: bytes, mark: bytes) -> None:
    small = mark + b"\0\1" * 9 + b' "' + key + b'" \xff'
    large = small + b"\x01\0\xd8" * 50_000
    one, other = (search("a.bin", data) for data in (small, large))
    assert one == other
    assert len(one) == (key != b"newcart")


@pytest.mark.parametrize("data", [b"\0next\0new-cart\0other", b"\0\1new-cart\0\0", b"SQLite\0x\0new-cart\0y"])
def test_in_a_binary_file_a_null_byte_ends_a_word(data: bytes) -> None:
    (skipped,) = search("a.db", data)
    assert isinstance(skipped, Skipped)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("key", ["ab", "a-b", "new-cart"])
def test_keys_of_any_length_are_found_two_bytes_to_the_letter(key: str, encoding: str) -> None:
    data = f"x = '{key}'".encode(encoding)
    assert search("a.bin", data, (key,)) == [Skipped("a.bin", f"it is binary, and holds `{key}`")]


def test_a_binary_file_without_a_key_is_of_no_concern() -> None:
    assert search("a.png", b"\x89PNG\0\0\0 new-carts") == []


def test_an_empty_file_holds_nothing() -> None:
    assert found("a.js", "") == []


# ------------------------------------------------------------------------------------------------------- languages


@pytest.mark.parametrize(
    ("path", "language"),
    [
        ("a/b.js", "javascript"),
        ("a/B.TSX", "typescript"),
        ("t/cart.html", "html"),
        ("t/cart.html.j2", "jinja"),
        ("conf/.env", "ini"),
        ("conf/.env.production", "ini"),
        ("Dockerfile", "docker"),
        ("Dockerfile.dev", "docker"),
        ("poetry.lock", "lock"),
        ("web/package-lock.json", "lock"),
        ("README", "markdown"),
        ("LICENSE", "text"),
        ("a.unheard-of", "text"),
        ("a/.gitignore", "text"),
        ("", "text"),
    ],
)
def test_the_name_tells_the_language(path: str, language: str) -> None:
    assert language_of(path) == language


def test_prose_and_lock_files_are_told_apart() -> None:
    assert {language_of(path) for path in ("a.md", "a.rst", "uv.lock", "a.adoc")} == NEVER_USES
    assert language_of("a.txt") not in NEVER_USES


def test_a_reference_carries_its_language() -> None:
    assert [item.language for item in found("a.vue", '"new-cart"')] == ["vue"]


# --------------------------------------------------------------------------------------------------------- aliases


@pytest.mark.parametrize(
    ("alias", "text"),
    [
        ("camelCase", "flags.newCart"),
        ("PascalCase", "<NewCart/>"),
        ("snake_case", "flags.new_cart"),
        ("UPPER_SNAKE", "FlagKeys.NEW_CART"),
        ("dotted", '"new.cart"'),
    ],
)
def test_another_spelling_is_possible(alias: str, text: str) -> None:
    (reference,) = found("a.tsx", text, packs=[spelling(alias)])
    assert (reference.key, reference.confidence) == (Literal(KEY), Confidence.POSSIBLE)
    assert reference.via[0].startswith(f"alias {alias} `")
    assert found("a.tsx", text) == []


def test_a_pack_may_ask_for_other_spellings() -> None:
    pack = Pack(name="shop", packages=(), aliases=("camelCase",))
    assert len(found("a.tsx", "flags.newCart", packs=[pack])) == 1


def test_what_a_prefix_was_stripped_from_goes_through_the_other_spellings() -> None:
    key = "organizations:new-cart"
    (bare,) = found("a.tsx", '"new-cart"', (key,), packs=[spelling("prefix-stripped")])
    (camel,) = found("a.tsx", "flags.newCart", (key,), packs=[spelling("prefix-stripped", "camelCase")])
    assert (bare.via, camel.via) == (
        ("alias prefix-stripped `new-cart`",),
        ("alias prefix-stripped camelCase `newCart`",),
    )


def test_a_given_prefix_is_stripped_and_no_other() -> None:
    keys = ("release-cart-page", "ops-cart-page")
    (reference,) = found("a.tsx", '"cart-page"', keys, packs=[spelling("prefix-stripped:release-")])
    assert reference.key == Literal("release-cart-page")


def test_a_spelling_that_two_keys_share_stands_for_either() -> None:
    keys = ("organizations:new-cart", "projects:new-cart")
    (reference,) = found("a.tsx", '"new-cart"', keys, packs=[spelling("prefix-stripped")])
    assert reference.key == OneOf(keys)


def test_a_spelling_that_is_a_key_itself_belongs_to_that_key() -> None:
    references = found("a.tsx", '"new_cart"', ("new-cart", "new_cart"), packs=[spelling("snake_case")])
    assert [item.key for item in references] == [Literal("new_cart")]


def test_another_spelling_has_word_boundaries() -> None:
    assert found("a.tsx", "ALPHA_NEW_CART + NEW_CARTS", packs=[spelling("UPPER_SNAKE")]) == []


def test_a_spelling_of_one_plain_word_counts_in_quotes_only() -> None:
    assert found("a.tsx", "flags.beta", ("shop:beta",), packs=[spelling("prefix-stripped")]) == []
    assert found("a.yaml", "beta: true", ("shop:beta",), packs=[spelling("prefix-stripped")]) == []
    assert len(found("a.tsx", 'flag("beta")', ("shop:beta",), packs=[spelling("prefix-stripped")])) == 1


# -------------------------------------------------------------------------------------------------- template tags


def tagged(pattern: str, **options: object) -> Pack:
    return Pack(name="shop", packages=(), templates=(TemplateTag(pattern=pattern, **options),))


FLAG = r'\{%-?\s*flag\s+["\'](?P<key>[^"\']+)["\']'


def test_a_template_tag_is_a_read_of_its_sdk_and_no_text_besides() -> None:
    (reference,) = found("cart.html", '<p>{% flag "new-cart" %}</p>', packs=[tagged(FLAG)])
    assert (reference.kind, reference.sdk, reference.language) == (Kind.READ, "shop", "html")
    assert (reference.span.start.column, reference.confidence) == (4, Confidence.CERTAIN)


def test_a_template_tag_reads_a_key_that_nobody_registered() -> None:
    assert [item.key for item in found("cart.html", '{% flag "gone" %}', packs=[tagged(FLAG)])] == [Literal("gone")]


def test_a_likely_tag_needs_a_registered_key() -> None:
    pack = tagged(r"\{% flag (?P<key>\S+)", likely=True)
    text = "{% flag new-cart %}{% flag variable %}"
    assert [(item.key, item.confidence) for item in found("cart.html", text, packs=[pack])] == [
        (Literal(KEY), Confidence.LIKELY)
    ]


def test_a_tag_of_an_sdk_that_nobody_imports_needs_a_registered_key() -> None:
    text = '{% flag "new-cart" %}{% flag "de" %}'  # the second one may be that of a country
    references = found("cart.html", text, packs=[tagged(FLAG)], tags_of=frozenset())
    assert [(item.key, item.confidence) for item in references] == [(Literal(KEY), Confidence.LIKELY)]


def test_an_inverted_tag_says_so() -> None:
    (reference,) = found("cart.html", '{% flag "new-cart" %}', packs=[tagged(FLAG, inverted=True)])
    assert reference.traits == {"inverted"}


@pytest.mark.parametrize(
    "text",
    ['{# {% flag "new-cart" %} #}', '{% comment %}\n{% flag "new-cart" %}\n{% endcomment %}'],
)
def test_a_tag_in_a_comment_of_the_template_is_text(text: str) -> None:
    assert [item.kind for item in found("cart.html", text, packs=[tagged(FLAG)])] == [Kind.TEXT]


def test_a_tag_in_a_comment_of_the_page_is_a_read() -> None:
    (reference,) = found("cart.html", '<!-- {% flag "new-cart" %} -->', packs=[tagged(FLAG)])
    assert reference.kind is Kind.READ  # the template engine runs it all the same


def test_a_tag_counts_in_files_of_its_endings_only() -> None:
    text = '{% flag "new-cart" %}'
    assert [item.kind for item in found("cart.md", text, packs=[tagged(FLAG)])] == [Kind.TEXT]
    assert [item.kind for item in found("cart.html.jinja", text, packs=[tagged(FLAG)])] == [Kind.READ]


def test_references_come_by_place() -> None:
    items = found("b.html", '"new-cart" {% flag "new-cart" %}\n"new-cart"', packs=[tagged(FLAG)])
    assert [(item.span.start.line, item.span.start.column) for item in items] == [(1, 2), (1, 12), (2, 2)]


# ------------------------------------------------------------------------------------------------ comments for flaglint


@pytest.mark.parametrize("keys", [(), (KEY,), ("flaglint:",)])
@pytest.mark.parametrize(
    ("data", "is_commented"),
    [
        (b"# flaglint: ignore[FLG302] it stays", True),
        (b"# flaglint: ignore[FLG302] it stays" + b" " * 9_000 + b"new-cart", True),
        (b"\0\1\0\2 flaglint:", True),
        (b"\xff\xfe" + "flaglint:".encode("utf-16-le"), False),
        ("flaglint:".encode("utf-16-le"), False),
        (b"\0 flag\0lint:", False),
        (b"# new-cart of flaglint", False),
        (b"", False),
    ],
)
def test_says_whether_the_bytes_of_a_file_hold_a_comment(
    keys: tuple[str, ...], data: bytes, *, is_commented: bool
) -> None:
    assert TextSearch(keys).file("a.yaml", data).is_commented is is_commented


# ------------------------------------------------------------------------------------------------------ by all inputs

PIECES = st.sampled_from(
    [
        '"new-cart"',
        "'new-cart'",
        "new-cart-2",
        "renew-cart",
        ".new-cart",
        "é",
        "𝄞",
        "\n",
        "\r\n",
        "\r",
        " ",
        "\t",
        "x",
        ",",
    ]
)


@given(st.lists(PIECES, max_size=40), st.sampled_from(["a.js", "a.json", "a.html"]))
def test_every_quoted_key_is_found_at_its_place_whatever_stands_around_it(pieces: list[str], path: str) -> None:
    text, expected = "", []
    for piece in pieces:
        if piece[0] in "\"'" and not text.endswith(("\\", '"', "'")):
            lines = re.split(r"\r\n|\r|\n", text)
            expected.append((len(lines), len(lines[-1]) + 2))
        elif piece[0] in "\"'":
            continue
        text += piece
    quoted = [item for item in found(path, text) if item.confidence is Confidence.LIKELY]
    assert [(item.span.start.line, item.span.start.column) for item in quoted] == expected


@given(st.binary(max_size=300), st.sampled_from(["a.js", "a.yaml", "a.bin", "a.md"]))
def test_no_bytes_make_it_fail(data: bytes, path: str) -> None:
    search(path, data + b'"new-cart"' + data, packs=[spelling("camelCase")])
