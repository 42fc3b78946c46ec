"""`flaglint index`, and `--index`: flags that one repository defines and another reads."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from flaglint.cli import run as run_flaglint
from flaglint.refs.across import outward
from flaglint.refs.screen import Screen

GATES = """\
from openfeature import api

client = api.get_client()


def enabled(name, default=False):
    return client.get_boolean_value(name, default)


def checkout_on():
    return enabled("checkout")


class Gate:
    def __init__(self, key):
        self.key = key

    def is_on(self):
        return client.get_boolean_value(self.key, False)
"""
KEYS = """\
CART = "cart"


class Keys:
    SEARCH = "search"
"""
SHOP = """\
import gates
from gates import Gate, enabled
from gate_keys import CART, Keys
from openfeature import api
from mine import KEY, on

client = api.get_client()


def page():
    if enabled(CART):
        return "cart"
    if client.get_boolean_value(Keys.SEARCH, False):
        return "search"
    if gates.checkout_on():
        return "checkout"
    if on("banner"):
        return "banner"
    return enabled(KEY) or Gate("gate").is_on()
"""
MINE = """\
from gates import enabled

KEY = "mine"


def on(name):
    return enabled(name)
"""
FAR = """\
from mine import on

if on("far"):
    print("far")
"""
KEYS_READ = {"cart": 11, "search": 13, "checkout": 15, "banner": 17, "mine": 19, "gate": 19}
Write = Callable[[str, dict[str, str]], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def made(name: str, files: dict[str, str]) -> Path:
        for path, text in files.items():
            (tmp_path / name / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name / path).write_text(text, encoding="utf-8")
        return tmp_path / name

    return made


def registry(*keys: str) -> str:
    return "version: 1\nflags:\n" + "".join(f"  {key}:\n    description: It is {key}\n" for key in keys)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    def run(folder: Path, *arguments: object) -> tuple[int, str, str]:
        monkeypatch.chdir(folder)
        code = run_flaglint(list(map(str, arguments)))
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


@pytest.fixture
def fleet(write: Write, run: Callable[..., tuple[int, str, str]]) -> tuple[Path, list[Path]]:
    """A library that defines the flags and wraps reads, and two services that use it, with their indexes."""
    library = write(
        "library", {"gates.py": GATES, "gate_keys.py": KEYS, "flags.yaml": registry(*KEYS_READ, "far", "nobody")}
    )
    shop = write("shop", {"app.py": SHOP, "mine.py": MINE})
    far = write("far", {"app.py": FAR})
    files = []
    for folder in (shop, far):
        output = folder.parent / f"{folder.name}.json"
        code, _, errors = run(folder, "index", "-o", output)
        assert code == 0, errors
        files.append(output)
    return library, files


def reads(out: str) -> dict[str, list[tuple[str, int]]]:
    found: dict[str, list[tuple[str, int]]] = {}
    for item in json.loads(out)["references"]:
        if item["kind"] == "read" and item["key"] is not None:
            found.setdefault(item["key"], []).append((item["path"], item["line"]))
    return found


def test_wrappers_constants_and_flag_objects_link_across_repositories(fleet, run) -> None:
    library, (shop, far) = fleet
    _, out, _ = run(library, "refs", "--format", "json", "--index", shop, "--index", far)
    found = reads(out)
    for key, line in KEYS_READ.items():
        assert ("shop:app.py", line) in found[key]
    assert found["far"] == [("far:app.py", 3)]
    assert "nobody" not in found


def test_a_flag_that_another_repository_reads_is_not_unused(fleet, run) -> None:
    library, (shop, far) = fleet
    options = ("check", "--select", "FLG202", "--output-format", "concise", "--exit-zero")
    _, alone, _ = run(library, *options)
    _, together, _ = run(library, *options, "--index", shop, "--index", far)
    assert {key for key in (*KEYS_READ, "far", "nobody") if f"`{key}`" in alone} == {
        *KEYS_READ,
        "far",
        "nobody",
    } - {"checkout"}
    assert [key for key in (*KEYS_READ, "far", "nobody") if f"`{key}`" in together] == ["nobody"]


def test_what_is_wrong_in_another_repository_is_not_said_here(write: Write, run) -> None:
    library = write("library", {"flags.yaml": registry("cart"), "app.py": "from openfeature import api\n"})
    other = write(
        "other",
        {"app.py": 'from openfeature import api\n\nif api.get_client().get_boolean_value("crat", False):\n    pass\n'},
    )
    run(other, "index", "-o", library.parent / "other.json")
    _, out, _ = run(library, "check", "--select", "FLG201", "--index", library.parent / "other.json")
    assert "crat" not in out


def test_a_flag_that_another_repository_defines_is_not_undefined(write: Write, run) -> None:
    central = write("central", {"flags.yaml": registry("cart"), "app.py": "x = 1\n"})
    service = write(
        "service",
        {
            "flags.yaml": registry("own"),
            "app.py": "from openfeature import api\n\nprint(api.get_client().get_boolean_value('cart', False))\n",
        },
    )
    run(central, "index", "-o", central.parent / "central.json")
    code, alone, _ = run(service, "check", "--select", "FLG201", "--output-format", "concise")
    assert code == 1
    assert "`cart`" in alone
    code, out, _ = run(service, "check", "--select", "FLG201", "--index", central.parent / "central.json")
    assert (code, out) == (0, "")


def test_a_flag_that_no_registry_has_is_undefined_where_the_only_one_stands_elsewhere(write: Write, run) -> None:
    central = write("central", {"flags.yaml": registry("cart"), "app.py": "x = 1\n"})
    read = "api.get_client().get_boolean_value({!r}, False)"
    app = f"from openfeature import api\n\nprint({read.format('cart')}, {read.format('crat')})\n"
    service = write("service", {"app.py": app})
    run(central, "index", "-o", central.parent / "central.json")
    _, alone, err = run(service, "check", "--select", "FLG201")
    assert alone == ""
    assert "no registry" in err
    code, out, _ = run(
        service, "check", "--select", "FLG201", "--output-format", "concise", "--index", central.parent / "central.json"
    )
    assert code == 1
    (line,) = out.splitlines()
    assert "`crat` is not defined in central:flags.yaml (did you mean `cart`?)" in line


def test_a_flag_that_others_read_is_not_safe_to_remove(fleet, run) -> None:
    from flaglint.cli.indexes import read_indexes
    from flaglint.config import load
    from flaglint.pipeline import analyse, plans

    library, files = fleet
    text = (library / "flags.yaml").read_text(encoding="utf-8")
    served = "    description: It is banner\n    created: 2025-01-01\n    rules:\n      - serve: true\n"
    (library / "flags.yaml").write_text(text.replace("    description: It is banner\n", served), encoding="utf-8")
    analysis = analyse(load(library), indexes=read_indexes(files))
    planned = plans(analysis)["banner"]
    assert planned.readiness.level == "caution"
    assert any(
        "other repositories read it" in reason and "shop:app.py" in reason for reason in planned.readiness.reasons
    )


def test_an_index_holds_no_source_text(fleet) -> None:
    _, (shop, _) = fleet
    text = shop.read_text(encoding="utf-8")
    assert "def page" not in text
    assert "get_boolean_value(Keys" not in text


def test_the_same_repository_gives_the_same_bytes(fleet, run) -> None:
    _, (shop, _) = fleet
    before = shop.read_bytes()
    run(shop.parent / "shop", "index", "-o", shop, "--no-cache", "-j", "1")
    assert shop.read_bytes() == before


def test_an_index_may_be_compressed(fleet, run) -> None:
    library, (shop, _) = fleet
    packed = shop.with_name("shop.json.gz")
    run(shop.parent / "shop", "index", "-o", packed)
    assert gzip.decompress(packed.read_bytes()) == shop.read_bytes()
    _, plain, _ = run(library, "refs", "--format", "json", "--index", shop)
    _, unpacked, _ = run(library, "refs", "--format", "json", "--index", packed)
    assert plain == unpacked


def test_only_shared_packages_are_followed_when_they_are_named(write: Write, run) -> None:
    shop = write(
        "shop",
        {
            "flaglint.toml": 'shared = ["gate*"]\n',
            "app.py": "from gates import enabled\nfrom others import ask\n\n\ndef a():\n    return enabled('aa')\n\n\n"
            "def b():\n    return ask('bb')\n",
        },
    )
    run(shop, "index", "-o", shop.parent / "shop.json")
    text = (shop.parent / "shop.json").read_text(encoding="utf-8")
    assert '"aa"' in text
    assert '"bb"' not in text


def test_a_line_of_prose_is_no_import_and_nothing_is_followed_for_it(write: Write, run) -> None:
    calls = "\n\ndef total(the, that):\n    return round(the, that)\n"
    prose = '"""What is read\nfrom the basket, and\nimport that (all of it)\nfrom here important.\n"""\n'
    shop = write("shop", {"flaglint.toml": "", "app.py": prose + calls, "other.py": f"from gates import on\n{calls}"})
    _, _, said = run(shop, "index", "-o", shop.parent / "shop.json")
    assert "the facts of 1 module of 2" in said


@pytest.mark.parametrize(
    "line",
    [
        "import gates",
        "import os, gates.on as on  # all",
        "import gates; x = 1",
        "from gates import on",
        "from gates.deep.er import(on)",
        "from gates \\\n    import on",
        "try:\n    import gates\nexcept ImportError:\n    gates = None",
    ],
)
def test_an_import_of_a_package_from_outside_is_followed_however_it_is_written(line: str, write: Write, run) -> None:
    calls = "\n\ndef page():\n    return gates.on('aa') or on('aa')\n"
    shop = write("shop", {"flaglint.toml": "", "app.py": f"{line}\n{calls}"})
    run(shop, "index", "-o", shop.parent / "shop.json")
    assert '"aa"' in (shop.parent / "shop.json").read_text(encoding="utf-8")


def test_who_writes_a_large_index_is_told_how_it_gets_smaller(write: Write, run, monkeypatch) -> None:
    app = {"app.py": "import gates\n\n\ndef page():\n    return gates.on('aa')\n"}
    advice = "help: name the packages that your repositories share in `shared`"
    shop, other = (
        write("shop", app | {"flaglint.toml": ""}),
        write("other", app | {"flaglint.toml": 'shared = ["gates"]'}),
    )
    assert advice not in run(shop, "index", "-o", shop.parent / "shop.json")[2]
    monkeypatch.setattr("flaglint.cli.index._LARGE", 100)
    assert advice in run(shop, "index", "-o", shop.parent / "shop.json")[2]
    assert advice not in run(other, "index", "-o", shop.parent / "other.json")[2]


def test_what_is_looked_for_in_many_files_is_prepared_once(write: Write, run, monkeypatch) -> None:
    def screens(count: int) -> int:
        calls = {f"part_{n}.py": "from app import ask\n\n\ndef f():\n    return ask('aa')\n" for n in range(count)}
        app = {"flaglint.toml": "", "app.py": "import gates\n\n\ndef ask(key):\n    return gates.on(key)\n"}
        shop = write(f"shop{count}", app | calls)
        made: list[Screen] = []
        with monkeypatch.context() as patch:
            patch.setattr(outward, "Screen", lambda words: made.append(Screen(words)) or made[-1])
            run(shop, "index", "-o", shop.parent / "shop.json", "--no-cache")
        assert "aa" in (shop.parent / "shop.json").read_text(encoding="utf-8")
        return len(made)

    assert screens(20) == screens(2) > 0


def test_a_package_that_everybody_knows_is_not_followed(write: Write, run) -> None:
    app = "from opentelemetry import trace\n\n\ndef a():\n    return trace.span('aa')\n"
    shop = write("shop", {"flaglint.toml": "", "app.py": app})
    _, _, said = run(shop, "index", "-o", shop.parent / "shop.json")
    assert "the facts of 0 modules of 1" in said
    assert '"aa"' not in (shop.parent / "shop.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no index of flaglint"),
        (b"[]", "no index of flaglint"),
        (b'{"version": 1}', "no index of flaglint"),
        (b'{"version": 9, "tool": "flaglint 9.0"}', "written by flaglint 9.0"),
        (b"\x1f\x8b broken", "no index of flaglint"),
        (b"[" * 100_000, "no index of flaglint"),
    ],
)
def test_what_is_no_index_is_named(data: bytes, words: str, write: Write, run) -> None:
    folder = write("here", {"app.py": "x = 1\n"})
    (folder.parent / "other.json").write_bytes(data)
    code, _, errors = run(folder, "check", "--index", folder.parent / "other.json")
    assert code == 2
    assert words in errors
    assert "other.json" in errors
    assert "flaglint index" in errors


def test_a_damaged_index_is_named(fleet, run) -> None:
    library, (shop, _) = fleet
    document = json.loads(shop.read_text(encoding="utf-8"))
    for spoil in ("rows", "modules", "references", "registry", "name", "packs"):
        shop.write_text(json.dumps({**document, spoil: [[-9]] if spoil != "name" else "a/b"}), encoding="utf-8")
        code, _, errors = run(library, "check", "--index", shop)
        assert code == 2, spoil
        assert "damaged" in errors


def test_an_index_that_was_changed_in_one_place_is_damaged(fleet, run) -> None:
    library, (shop, _) = fleet
    whole = shop.read_text(encoding="utf-8")
    shop.write_text(whole.replace('"app.py"', '"apb.py"', 1), encoding="utf-8")
    code, _, errors = run(library, "check", "--index", shop)
    assert (code, "it is damaged" in errors, "write it again" in errors) == (2, True, True)
    shop.write_text(whole, encoding="utf-8")
    code, _, _ = run(library, "check", "--select", "FLG001", "--index", shop)
    assert code == 0


def test_a_missing_index_is_named(write: Write, run) -> None:
    folder = write("here", {"app.py": "x = 1\n"})
    code, _, errors = run(folder, "check", "--index", "nowhere.json")
    assert code == 2
    assert "nowhere.json" in errors


def test_one_call_indexes_many_checkouts_as_they_are_indexed_alone(fleet, run, tmp_path: Path) -> None:
    library, files = fleet
    (tmp_path / "flaglint.toml").write_text('source = ["nowhere"]\n')  # it is of none of them
    code, _, errors = run(tmp_path, "index", "-o", "all/of", "-j", "1", "shop", library.parent / "far")
    assert code == 0, errors
    assert [(tmp_path / "all/of" / file.name).read_bytes() for file in files] == [file.read_bytes() for file in files]
    _, one_by_one, _ = run(library, "refs", "--format", "json", "--index", files[0], "--index", files[1])
    _, together, _ = run(library, "refs", "--format", "json", "--index", tmp_path / "all/of")
    assert together == one_by_one


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["-o", "all", "shop", "shop"], "two checkouts are named `shop`"),
        (["-o", "all", "shop", "nowhere"], "nowhere: there is no such folder"),
        (["-o", "all", "--name", "x", "shop"], "--name and --revision are of one repository"),
        (["-o", "far.json", "shop"], "far.json: it cannot be a folder"),
        (["-o", "shop"], "shop: it is a folder"),
    ],
)
def test_what_cannot_be_indexed_is_told_with_a_way_out(arguments: list[str], words: str, fleet, run, tmp_path) -> None:
    code, _, errors = run(tmp_path, "index", *arguments)
    assert code == 2
    assert words in errors
    assert not (tmp_path / "all").exists()


def test_a_folder_without_an_index_is_named(fleet, run, tmp_path: Path) -> None:
    library, _ = fleet
    (tmp_path / "empty").mkdir()
    code, _, errors = run(library, "check", "--index", tmp_path / "empty")
    assert code == 2
    assert "empty: it holds no index" in errors


def test_two_repositories_of_one_name_are_refused(fleet, run) -> None:
    library, (shop, _) = fleet
    code, _, errors = run(library, "check", "--index", shop, "--index", shop)
    assert code == 2
    assert "two repositories are named `shop`" in errors
    assert "--name" in errors


def test_an_index_of_the_project_itself_is_left_out(fleet, run) -> None:
    library, _ = fleet
    output = library.parent / "library.json"
    run(library, "index", "-o", output)
    _, alone, _ = run(library, "refs", "--format", "json")
    _, out, _ = run(library, "refs", "--format", "json", "--index", output)
    assert out == alone


def test_a_name_that_would_read_as_a_path_is_refused(write: Write, run) -> None:
    folder = write("here", {"app.py": "x = 1\n"})
    code, _, errors = run(folder, "index", "-o", "x.json", "--name", "a/b")
    assert code == 2
    assert "--name" in errors


def test_an_index_that_lies_in_the_project_names_no_flag_there(fleet, run) -> None:
    library, (shop, far) = fleet
    for file in (shop, far):
        (library / file.name).write_bytes(file.read_bytes())
    _, inside, _ = run(library, "refs", "--format", "json", "--index", "shop.json", "--index", "far.json")
    for file in (shop, far):
        (library / file.name).unlink()
    _, outside, _ = run(library, "refs", "--format", "json", "--index", shop, "--index", far)
    assert json.loads(inside)["references"] == json.loads(outside)["references"]


def test_the_report_names_the_repositories_that_hold_a_flag_back(fleet, run) -> None:
    library, (shop, far) = fleet
    registry_text = (library / "flags.yaml").read_text(encoding="utf-8")
    (library / "flags.yaml").write_text(
        registry_text.replace(
            "    description: It is banner\n",
            "    description: It is banner\n    type: release\n    created: 2025-01-01\n    expires: 2025-02-01\n"
            "    rules:\n      - serve: true\n",
        ),
        encoding="utf-8",
    )
    options = ("report", "--format", "markdown", "--now", "2026-01-15")
    _, alone, _ = run(library, *options)
    _, together, _ = run(library, *options, "--index", shop, "--index", far)
    assert "`banner`" in alone
    assert "shop:app.py:17" not in alone
    assert "other repositories read it, which are not changed from here: shop:app.py:17" in together
