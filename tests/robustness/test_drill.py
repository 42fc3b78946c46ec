"""What happens to files when something goes wrong: killed, out of space, changed by others, oddly named."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from flaglint.cli.demo import shop_folder

ROOT = Path(__file__).resolve().parents[2]
# Ends the process without a chance to tidy up, at the n-th time that a file would take its place.
KILLED = """
import os, signal, sys
from pathlib import Path
left = [int(sys.argv.pop(1))]
def kill():
    left[0] -= 1
    if left[0] == 0:
        os.kill(os.getpid(), signal.SIGKILL)
for owner, name in ((os, "replace"), (Path, "replace"), (os, "rename")):
    def wrapped(*args, _real=getattr(owner, name), **named):
        kill()
        return _real(*args, **named)
    setattr(owner, name, wrapped)
from flaglint.cli import main
main()
"""
# No file can grow beyond a few bytes: what a full disk does to whoever writes.
FULL = """
import resource, sys
size = int(sys.argv.pop(1))
resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
from flaglint.cli import main
main()
"""
REMOVE = ("remove", "release-one-page-checkout", "--write", "--allow-dirty", "--now", "2026-01-15")


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    shutil.copytree(shop_folder(), folder, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    return folder


def called(folder: Path, *arguments: str, code: str = "", first: str = "") -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-c", code, first] if code else [sys.executable, "-m", "flaglint"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [*program, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file but caches."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".flaglint_cache" not in path.parts and "__pycache__" not in path.parts
    }


def leftovers(folder: Path, known: set[str]) -> set[str]:
    return set(contents(folder)) - known


@pytest.fixture
def removed(shop: Path, tmp_path: Path) -> dict[str, bytes]:
    """The files as a removal that nothing disturbs leaves them."""
    other = tmp_path / "undisturbed"
    shutil.copytree(shop, other)
    assert called(other, *REMOVE).returncode == 0
    return contents(other)


@pytest.mark.parametrize("at", [1, 2, 3, 4, 5, 6])
def test_a_removal_that_is_killed_leaves_every_file_whole(shop: Path, removed: dict[str, bytes], at: int) -> None:
    before = contents(shop)
    ran = called(shop, *REMOVE, code=KILLED, first=str(at))
    after = contents(shop)
    assert ran.returncode in {0, -signal.SIGKILL}
    for path, data in before.items():
        assert after.get(path) in {data, removed.get(path)}, path
    again = called(shop, *REMOVE)
    if ran.returncode == 0:
        assert contents(shop) == removed
    else:
        assert "Traceback" not in again.stderr


@pytest.mark.parametrize("at", [1, 2])
def test_a_cache_that_was_cut_short_is_not_believed(shop: Path, at: int) -> None:
    expected = called(shop, "refs", "--format", "json", "--no-cache").stdout
    called(shop, "refs", "--format", "json", code=KILLED, first=str(at))
    for path in (shop / ".flaglint_cache").rglob("*"):
        if path.is_file() and path.name != ".gitignore":
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    for _ in range(2):
        ran = called(shop, "refs", "--format", "json")
        assert (ran.returncode, ran.stdout) == (0, expected)


def test_a_cache_that_holds_something_else_is_not_believed(shop: Path) -> None:
    arguments = ("check", "--output-format", "json", "--now", "2026-01-15")
    expected = called(shop, *arguments, "--no-cache").stdout
    for data in (b"", b"\x00" * 100, b"{}", b"[]\n", b"garbage\n" * 50):
        called(shop, *arguments)
        kept = [path for path in (shop / ".flaglint_cache").rglob("*") if path.is_file() and path.name != ".gitignore"]
        assert kept
        for path in kept:
            path.write_bytes(data)
        assert called(shop, *arguments).stdout == expected


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of files")
@pytest.mark.parametrize("size", [0, 100, 600])
def test_a_full_disk_leaves_every_file_as_it_was(shop: Path, size: int) -> None:
    before = contents(shop)
    ran = called(shop, *REMOVE, code=FULL, first=str(size))
    assert ran.returncode == 2
    assert "Traceback" not in ran.stderr
    assert "error:" in ran.stderr
    assert contents(shop) == before


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of files")
@pytest.mark.parametrize("command", [("kill", "kill-recommendations"), ("set", "NewsletterPopup", "--rollout", "75")])
def test_a_full_disk_leaves_the_registry_as_it_was(shop: Path, command: tuple[str, ...]) -> None:
    before = contents(shop)
    ran = called(shop, *command, code=FULL, first="200")
    assert ran.returncode == 2
    assert "Traceback" not in ran.stderr
    assert contents(shop) == before


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of files")
def test_a_check_does_not_need_room_on_the_disk(shop: Path) -> None:
    expected = called(shop, "check", "--output-format", "json", "--now", "2026-01-15", "--no-cache")
    ran = called(shop, "check", "--output-format", "json", "--now", "2026-01-15", code=FULL, first="0")
    assert (ran.returncode, ran.stdout) == (expected.returncode, expected.stdout)


def test_two_runs_at_once_say_the_same(shop: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    arguments = [sys.executable, "-m", "flaglint", "refs", "--format", "json"]
    runs = [subprocess.Popen(arguments, cwd=shop, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    said = {run.communicate()[0] for run in runs}
    assert len(said) == 1
    assert json.loads(said.pop())["references"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such names")
def test_odd_names_of_files_are_just_names(shop: Path) -> None:
    names = (
        *("with space.py", "quote'd.py", 'double"quote.py', "-leading.py", "new\nline.py", "tab\there.py", "100%.py"),
        *("<script>alert(1)<.py", "ünïcode.py", "a;rm -rf x.py", "$(touch owned).py", "back\\slash.py"),
    )
    read = 'if is_on("release-one-page-checkout", who):'
    source = f"from shop.gates import is_on\n\n\ndef f(who):\n    {read}\n        return 1\n    return 2\n"
    for name in names:
        (shop / "shop" / name).write_text(source, encoding="utf-8")
    listed = called(shop, "refs", "release-one-page-checkout").stdout
    assert [name for name in names if name.replace("\n", "\\n").replace("\t", "\\t") not in listed] == []
    checked = called(shop, "check", "--now", "2026-01-15")
    assert (checked.returncode, "Traceback" in checked.stderr) == (1, False)
    subprocess.run(["git", "init", "-q"], cwd=shop, check=True)
    subprocess.run(["git", "add", "-A"], cwd=shop, check=True)
    patch = called(shop, "remove", "release-one-page-checkout", "--now", "2026-01-15").stdout
    applied = subprocess.run(["git", "apply"], cwd=shop, input=patch, text=True, capture_output=True, check=False)
    assert applied.returncode == 0, applied.stderr
    for name in names:
        assert (shop / "shop" / name).read_text(encoding="utf-8") == "def f(who):\n    return 1\n", name
    assert not (shop / "owned").exists()


def test_an_interrupted_run_says_so_and_exits_with_130(shop: Path) -> None:
    code = (
        "import flaglint.refs.whole as p\n"
        "def stop(*_, **__): raise KeyboardInterrupt\n"
        "p.find_references = stop\n"
        "import sys; sys.argv.pop(1)\n"
        "from flaglint.cli import main; main()\n"
    )
    before = contents(shop)
    ran = called(shop, *REMOVE, code=code, first="-")
    assert ran.returncode == 130
    assert "Traceback" not in ran.stderr
    assert contents(shop) == before


def test_a_reader_that_goes_away_is_no_error(shop: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    run = subprocess.Popen(
        [sys.executable, "-m", "flaglint", "refs"],
        cwd=shop,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert run.stdout is not None
    assert run.stderr is not None
    run.stdout.close()
    errors = run.stderr.read()
    run.stderr.close()
    run.wait()
    assert "Traceback" not in errors
    assert "BrokenPipe" not in errors


def test_a_very_long_file_and_a_very_long_line_are_read(shop: Path) -> None:
    read = 'x = is_on("release-one-page-checkout", who)\n'
    long = "from shop.gates import is_on\n\nwho = object()\n" + "y = 1\n" * 100_000 + read
    (shop / "shop" / "long.py").write_text(long, encoding="utf-8")
    wide = "from shop.gates import is_on\n\nwho = object()\n" + read + "data = '" + "x" * 5_000_000 + "'\n"
    (shop / "shop" / "wide.py").write_text(wide, encoding="utf-8")
    ran = called(shop, "refs", "release-one-page-checkout", "--format", "json")
    found = {(item["path"], item["line"]) for item in json.loads(ran.stdout)["references"]}
    assert {("shop/long.py", 100_004), ("shop/wide.py", 4)} <= found


def test_a_registry_of_ten_thousand_flags_is_read(shop: Path) -> None:
    entries = "".join(
        f"  release-generated-{number:05}:\n    description: Number {number}\n" for number in range(10_000)
    )
    with (shop / "flags.yaml").open("a", encoding="utf-8") as file:
        file.write("\n")
    text = (shop / "flags.yaml").read_text(encoding="utf-8").replace("\nremoved:\n", f"\n{entries}\nremoved:\n")
    (shop / "flags.yaml").write_text(text, encoding="utf-8")
    ran = called(shop, "check", "--select", "FLG202", "--output-format", "json")
    findings = json.loads(ran.stdout)["findings"]
    assert sum(item["key"].startswith("release-generated-") for item in findings) == 10_000


def test_links_that_lead_in_circles_or_nowhere_are_no_trouble(shop: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("links need a privilege on Windows")
    (shop / "shop" / "around").symlink_to(shop / "shop", target_is_directory=True)
    (shop / "shop" / "nowhere.py").symlink_to(shop / "shop" / "gone.py")
    (shop / "shop" / "self.py").symlink_to(shop / "shop" / "self.py")
    ran = called(shop, "refs", "release-one-page-checkout")
    assert ran.returncode == 0
    assert "Traceback" not in ran.stderr
    assert "around" not in ran.stdout
