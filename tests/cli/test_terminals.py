"""Consoles, pipes and Ctrl-C as they are: a process of its own, with streams and signals of the operating system."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from flaglint.cli.demo import commit, shop_folder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.cli.conftest import Flaglint

PROGRAM = (sys.executable, "-m", "flaglint")
KEY = "релиз-корзина-→"
CODE = f'from shop.gates import is_on\n\n\ndef cart(customer):\n    # ║\n    return is_on("{KEY}", customer)\n'
DAY = ("--now", "2026-01-15")

posix = pytest.mark.skipif(os.name != "posix", reason="signals and terminals of POSIX")


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Return a copy of the demo's shop under git, with a flag that is not named in Latin letters."""
    folder = tmp_path / "shop"
    shutil.copytree(shop_folder(), folder, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    registry = folder / "flags.yaml"
    fields = 'description: 新しい 🎉, owner: "@команда", type: release, serve: true, created: 2025-01-01'
    entry = f"flags:\n  {KEY}: {{{fields}}}\n"
    registry.write_text(registry.read_text(encoding="utf-8").replace("flags:\n", entry, 1), encoding="utf-8")
    (folder / "shop" / "cart.py").write_text(CODE, encoding="utf-8")
    assert commit(folder)
    return folder


def environment(**changes: str) -> dict[str, str]:
    """Return the environment of a process, without what would say how its streams are encoded."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHONIO", "FLAGLINT"))}
    return {**inherited, "PYTHONDONTWRITEBYTECODE": "1", **changes}


class TestLetters:
    @pytest.mark.parametrize(
        "words",
        [
            ("check", *DAY),
            ("check", "--output-format", "sarif", *DAY),
            ("refs",),
            ("refs", "--format", "csv"),
            ("graph", "--all"),
            ("report", *DAY),
            ("report", "--format", "html", *DAY),
            ("changelog", "HEAD"),
            ("remove", KEY, *DAY),
            ("rename", KEY, "release-cart", *DAY),
            ("kill", KEY, "--dry-run"),
            ("eval", KEY, "--env", "production", "--explain"),
            ("registry", "export", "--env", "production"),
            ("config", "--show"),
            ("rule", "FLG302"),
        ],
        ids=lambda words: " ".join(words[:3]),
    )
    def test_a_console_of_western_europe_takes_every_flag(self, shop: Path, words: tuple[str, ...]) -> None:
        ran = subprocess.run(
            [*PROGRAM, *words], cwd=shop, env=environment(PYTHONIOENCODING="cp1252"), capture_output=True, check=False
        )
        assert ran.returncode in {0, 1}, ran.stderr
        assert ran.stdout or words[0] == "changelog"
        assert b"Traceback" not in ran.stderr

    def test_what_goes_into_a_pipe_is_utf_8_whatever_the_locale(self, shop: Path) -> None:
        ascii_only = environment(PYTHONUTF8="0", PYTHONCOERCECLOCALE="0", LC_ALL="C")
        told = subprocess.run(
            [*PROGRAM, "refs", "--format", "json"], cwd=shop, env=ascii_only, capture_output=True, check=True
        )
        assert KEY in {reference["key"] for reference in json.loads(told.stdout.decode("utf-8"))["references"]}

    def test_a_diff_is_one_that_git_applies_whatever_the_console(self, shop: Path) -> None:
        diff = subprocess.run(
            [*PROGRAM, "remove", KEY, *DAY],
            cwd=shop,
            env=environment(PYTHONIOENCODING="cp1252"),
            capture_output=True,
            check=True,
        ).stdout
        subprocess.run(["git", "apply"], cwd=shop, input=diff, check=True)
        assert KEY not in (shop / "flags.yaml").read_text(encoding="utf-8")


@posix
class TestTerminal:
    def run_on_a_terminal(self, folder: Path, words: Sequence[str], **changes: str) -> tuple[int, str]:
        """Run a command with a terminal for its streams; return its exit code and all that it wrote there."""
        import pty

        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            [*PROGRAM, *words], cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs,
            env=environment(TERM="xterm", **changes),
        )  # fmt: skip
        os.close(theirs)
        written = b""
        with contextlib.suppress(OSError):  # what Linux says when the other end is gone
            while piece := os.read(ours, 65536):
                written += piece
        os.close(ours)
        return process.wait(), written.decode("utf-8", "replace")

    def test_colours_are_for_terminals(self, shop: Path) -> None:
        code, written = self.run_on_a_terminal(shop, ["check", *DAY])
        assert code == 1
        assert "\x1b[" in written
        code, written = self.run_on_a_terminal(shop, ["check", *DAY], NO_COLOR="1")
        assert code == 1
        assert "\x1b[" not in written


class TestCtrlC:
    """Wherever it comes: 130, one word, and every file as it was."""

    @pytest.mark.parametrize("place", ["_write_through", "_put", "_sync_folder"])
    @pytest.mark.parametrize("call", [1, 2, 3])
    @pytest.mark.parametrize(
        "words",
        [("remove", "--ready", "--write", *DAY), ("rename", "NewsletterPopup", "release-popup", "--write", *DAY)],
        ids=lambda words: words[0],
    )
    def test_between_the_files_that_are_written_none_is_changed(
        self,
        shop: Path,
        flaglint: Flaglint,
        monkeypatch: pytest.MonkeyPatch,
        words: tuple[str, ...],
        place: str,
        call: int,
    ) -> None:
        from flaglint.source import replace

        real, calls = getattr(replace, place), iter(range(1, 100))

        def interrupted(*given: object, **named: object) -> None:
            real(*given, **named)
            if next(calls) == call:
                raise KeyboardInterrupt

        monkeypatch.chdir(shop)
        before = content(shop)
        with monkeypatch.context() as patched:
            patched.setattr(replace, place, interrupted)
            ran = flaglint(*words)
        if next(calls) > call:
            assert (ran.code, ran.err.splitlines()[-1]) == (130, "interrupted")
            assert content(shop) == before
        else:
            assert words[0] == "rename"  # it writes two files only
            assert ran.code == 0

    @pytest.mark.parametrize("words", [("report", "-o", "r.html", *DAY), ("index", "-o", "i.json"), ("check", *DAY)])
    def test_while_a_page_is_made_no_page_is_left(
        self, shop: Path, flaglint: Flaglint, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
    ) -> None:
        import flaglint.pipeline as stages

        def interrupted(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.chdir(shop)
        monkeypatch.setattr(stages, "join", interrupted)
        before = content(shop)
        ran = flaglint(*words)
        assert (ran.code, ran.out, ran.err) == (130, "", "interrupted\n")
        assert content(shop) == before

    def test_while_it_is_loaded_it_is_one_word_too(
        self, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
    ) -> None:
        from flaglint import cli

        def interrupt(*_: object) -> bool:
            raise KeyboardInterrupt

        monkeypatch.setattr(cli, "has_nothing_to_say", interrupt)
        assert cli.run(["check"]) == 130
        assert capfd.readouterr().err == "interrupted\n"


def content(folder: Path) -> dict[str, bytes]:
    """Return the bytes of each file of the project by its path; the cache and git have their own."""
    inside = (path for path in folder.rglob("*") if path.is_file())
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in inside}
    return {path: data for path, data in files.items() if not path.startswith((".git/", ".flaglint_cache/"))}


@posix
def test_a_reader_that_has_enough_is_no_error(shop: Path) -> None:
    shell = f"{sys.executable} -m flaglint refs | head -1; echo ${{PIPESTATUS[0]}}"
    ran = subprocess.run(["bash", "-c", shell], cwd=shop, env=environment(), capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[0].endswith("override")
    assert "Traceback" not in ran.stderr
    assert "rror" not in ran.stderr


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
class TestCompletion:
    """In a bash that has loaded the function, as after a tab."""

    @pytest.mark.parametrize(
        ("words", "expected"),
        [
            (["flaglint", "ref"], ["refs"]),
            (["flaglint", "re"], ["refs", "report", "remove", "rename", "registry"]),
            (["flaglint", "refs", "--fo"], ["--format"]),
            (["flaglint", "refs", "--format", ""], ["text", "json", "csv"]),
            (["flaglint", "registry", "v"], ["validate"]),
        ],
    )
    def test_bash_offers_what_fits(self, tmp_path: Path, words: list[str], expected: list[str]) -> None:
        program = tmp_path / "flaglint"
        program.write_text(f'#!/bin/sh\nexec {sys.executable} -m flaglint "$@"\n', encoding="utf-8")
        program.chmod(0o755)
        typed = " ".join(f"'{word}'" for word in words)
        script = (
            'eval "$(_FLAGLINT_COMPLETE=bash_source flaglint)"\n'
            f"COMP_WORDS=({typed}); COMP_CWORD={len(words) - 1}\n"
            'function=$(complete -p flaglint | sed "s/.*-F \\([^ ]*\\) .*/\\1/")\n'
            '$function flaglint; printf "%s\\n" "${COMPREPLY[@]}"\n'
        )
        ran = subprocess.run(
            ["bash", "-c", script],
            env=environment(PATH=f"{tmp_path}{os.pathsep}{os.environ['PATH']}"),
            cwd=tmp_path, capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert ran.stdout.split() == expected, ran.stderr


@posix
class TestStreamsThatAreClosed:
    @staticmethod
    def ran(shop: Path, command: str, closed: str) -> subprocess.CompletedProcess[str]:
        line = f'"$0" -m flaglint {command} {closed}'
        return subprocess.run(["sh", "-c", line, sys.executable], cwd=shop, capture_output=True, text=True, check=False)

    @pytest.mark.parametrize("command", ["check", "refs", "report", "graph", "eval cart", "config --show", "--version"])
    def test_without_a_place_for_what_it_prints_no_command_begins(self, shop: Path, command: str) -> None:
        ran = self.ran(shop, command, ">&-")
        said = "error: stdout is closed\nhelp: `> /dev/null` discards what is printed there\n"
        assert (ran.returncode, ran.stdout, ran.stderr) == (2, "", said)

    def test_nothing_is_written_then(self, shop: Path) -> None:
        before = (shop / "flags.yaml").read_bytes()
        assert self.ran(shop, f"kill {KEY} --by me", ">&- 2>&-").returncode == 2
        assert (shop / "flags.yaml").read_bytes() == before

    @pytest.mark.parametrize("command", ["check", "refs", "report --format json", f"remove {KEY}", "add ops-new"])
    def test_notes_that_nobody_wants_and_answers_that_nobody_gives_change_nothing(
        self, shop: Path, command: str
    ) -> None:
        plain = self.ran(shop, f"{command} {' '.join(DAY) if 'add' not in command else ''}", "</dev/null")
        without = self.ran(shop, f"{command} {' '.join(DAY) if 'add' not in command else ''}", "2>&- <&-")
        assert (without.returncode, without.stdout) == (plain.returncode, plain.stdout)

    @pytest.mark.skipif(not os.path.exists("/dev/full"), reason="it has no device that is always full")  # noqa: PTH110 - short
    def test_a_full_disk_is_told_as_such(self, shop: Path) -> None:
        ran = self.ran(shop, "refs", ">/dev/full")
        assert ran.returncode == 2
        assert ran.stderr.endswith("error: what the command prints cannot be written: no space left on device\n")
