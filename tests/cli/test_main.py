"""The manners of the whole command line: help, misspelt words, exit codes, pipes and interruptions."""

import ast
import errno
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest

from flaglint import __version__
from flaglint.cli import group
from flaglint.cli.demo import commit, shop_folder
from flaglint.cli.group import SECTIONS, root

Flaglint = Callable[..., object]
PROGRAM = [sys.executable, "-m", "flaglint"]


def test_tells_its_version(flaglint: Flaglint) -> None:
    ran = flaglint("--version")
    assert (ran.code, ran.out, ran.err) == (0, f"flaglint {__version__}\n", "")


def test_alone_it_shows_the_help(flaglint: Flaglint) -> None:
    assert flaglint() == flaglint("--help")


def test_every_command_says_on_its_own_what_the_list_says(flaglint: Flaglint) -> None:
    context = click.Context(root)
    listed = {name: text for names in SECTIONS.values() for name, text in names.items()}
    for name in root.list_commands(context):
        command = root.get_command(context, name)
        assert command is not None
        said = " ".join((command.help or "").split())
        assert said.startswith(listed[name].removesuffix(".")), name


def leaves(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    """Yield a command, or the commands of a group, with the words that call it."""
    if isinstance(command, click.Group):
        for inner, sub in command.commands.items():
            yield from leaves(f"{name} {inner}", sub)
    else:
        yield name, command


def test_the_help_of_every_command_has_an_example_that_it_understands() -> None:
    context = click.Context(root)
    for name in root.list_commands(context):
        command = root.get_command(context, name)
        assert command is not None
        for words, leaf in leaves(name, command):
            example = (leaf.epilog or "").removeprefix("\b\n")
            assert example.startswith(f"Example: flaglint {words}"), words
            assert "\n" not in example
            arguments = shlex.split(example.removeprefix(f"Example: flaglint {words}"))
            leaf.make_context(name, arguments, resilient_parsing=False)


def test_the_example_stands_in_one_line_so_that_it_can_be_copied(flaglint: Flaglint) -> None:
    said = flaglint("eval", "--help").out.splitlines()
    assert any(line.endswith("release-one-page-checkout -c country=DE --env production --explain") for line in said)


def examples() -> Iterator[list[str]]:
    """Yield the words of each example, of `... | git apply` what stands before the pipe."""
    context = click.Context(root)
    for name in root.list_commands(context):
        command = root.get_command(context, name)
        assert command is not None
        for _, leaf in leaves(name, command):
            yield shlex.split((leaf.epilog or "").partition("Example: flaglint ")[2].partition("|")[0])


@pytest.mark.parametrize("words", [words for words in examples() if words[0] != "demo"], ids=" ".join)
def test_the_example_works_in_the_shop_of_the_demo(flaglint: Flaglint, tmp_path: Path, words: list[str]) -> None:
    shutil.copytree(shop_folder(), tmp_path, ignore=shutil.ignore_patterns("__pycache__", ".*"), dirs_exist_ok=True)
    assert commit(tmp_path)
    for tag in ("v1.4", "v1.5"):
        subprocess.run(["git", "tag", tag], cwd=tmp_path, check=True)
    if words[0] == "init":
        (tmp_path / "pyproject.toml").unlink()
    if words[:2] == ["registry", "import"]:
        assert flaglint("registry", "export", "--env", "production", "-o", "flagd.json").code == 0
    ran = flaglint(*words)
    assert ran.code in {0, 1}, ran.err


def test_lists_no_command_that_does_not_exist(flaglint: Flaglint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SECTIONS["Start"], "imaginary", "Do what no module does.")
    assert "imaginary" not in flaglint("--help").out
    assert flaglint("imaginary").code == 2


def test_help_imports_no_command() -> None:
    code = (
        "import sys; from flaglint.cli import run; run(['--help']);"
        "print([name for name in sys.modules if name.startswith('flaglint.cli.')])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    modules = [f"flaglint.cli.{name}" for name in ("hook", "session", "failures", "group", "program")]
    assert sorted(ast.literal_eval(ran.stdout.splitlines()[-1])) == sorted(modules)


def test_a_misspelt_command_gets_a_suggestion(flaglint: Flaglint) -> None:
    ran = flaglint("confg")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "error: no such command `confg`\nhelp: did you mean `config`?\n"


@pytest.mark.parametrize(("word", "meant"), [("lint", "check"), ("find", "refs"), ("validate", "registry validate")])
def test_the_word_that_another_tool_has_for_a_command_leads_to_it(flaglint: Flaglint, word: str, meant: str) -> None:
    ran = flaglint(word)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == f"error: no such command `{word}`\nhelp: did you mean `{meant}`?\n"


def test_a_command_that_is_nothing_like_any_is_sent_to_the_list(flaglint: Flaglint) -> None:
    assert flaglint("zzzzzz").err == "error: no such command `zzzzzz`\nhelp: flaglint --help lists them\n"


def test_a_misspelt_option_gets_a_suggestion(flaglint: Flaglint) -> None:
    ran = flaglint("config", "--shwo")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "error: no such option `--shwo`\nhelp: did you mean `--show`?\n"


def test_a_wrong_value_names_those_that_are_right(flaglint: Flaglint) -> None:
    ran = flaglint("config", "--color", "red")
    assert ran.code == 2
    assert ran.err == (
        "error: invalid value for `--color`: `red` is not one of `auto`, `always`, `never`\n"
        "help: flaglint config --help shows what it takes\n"
    )


def test_too_many_words_are_named(flaglint: Flaglint) -> None:
    ran = flaglint("config", "extra")
    assert ran.code == 2
    assert ran.err == (
        "error: got unexpected extra argument (extra)\n"
        "help: such as: flaglint config --show; flaglint config --help shows what it takes\n"
    )


@pytest.mark.parametrize("place", ["before", "after"])
def test_shared_options_stand_before_or_after_the_command(flaglint: Flaglint, tmp_path: Path, place: str) -> None:
    (tmp_path / "other.toml").write_text("soak-days = 77\n")
    option = ["--config", "other.toml"]
    ran = flaglint(*option, "config", "--show") if place == "before" else flaglint("config", "--show", *option)
    assert "soak-days = 77\n" in ran.out


def test_an_option_can_come_from_the_environment(flaglint: Flaglint, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "soak-days" not in flaglint("config").out
    monkeypatch.setenv("FLAGLINT_CONFIG_SHOW", "1")
    assert "soak-days" in flaglint("config").out


def test_one_run_does_not_inherit_the_options_of_another(flaglint: Flaglint) -> None:
    assert "\x1b[" in flaglint("--color", "always", "confg").err
    assert "\x1b[" not in flaglint("confg").err


class TestTheEnd:
    ENDING = (
        "import atexit, sys\n"
        "from flaglint.cli import main\n"
        "class Held:\n"
        "    def __del__(self): print('taken apart')\n"
        "held = Held()\n"
        "atexit.register(print, 'at exit')\n"
        "sys.argv = ['flaglint', *sys.argv[1:]]\n"
        "main()\n"
    )

    @pytest.mark.parametrize(("arguments", "code"), [(["--version"], 0), (["no-such-command"], 2)])
    def test_what_wants_to_know_of_it_does_and_nothing_is_taken_apart(self, arguments: list[str], code: int) -> None:
        ran = subprocess.run(
            [sys.executable, "-c", self.ENDING, *arguments], capture_output=True, text=True, check=False
        )
        assert ran.returncode == code
        assert ran.stdout.splitlines()[-1] == "at exit"
        assert "taken apart" not in ran.stdout + ran.stderr

    def test_a_profiler_has_the_last_word(self) -> None:
        command = [sys.executable, "-m", "cProfile", "-m", "flaglint", "--version"]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        assert f"flaglint {__version__}" in ran.stdout
        assert "function calls" in ran.stdout

    @pytest.mark.skipif(sys.platform == "win32", reason="nobody sends such a signal to one process on Windows")
    def test_ctrl_c_while_its_processes_end_comes_too_late(self) -> None:
        interrupted = "atexit.register(lambda: os.kill(os.getpid(), signal.SIGINT))"
        code = self.ENDING.replace("atexit.register(print, 'at exit')", interrupted)
        code = f"import multiprocessing.process, os, signal\n{code}"
        ran = subprocess.run([sys.executable, "-c", code, "--version"], capture_output=True, text=True, check=False)
        assert (ran.returncode, ran.stdout, ran.stderr) == (0, f"flaglint {__version__}\n", "")

    def test_all_that_was_written_arrives(self, tmp_path: Path) -> None:
        (tmp_path / "flags.yaml").write_text(
            "version: 1\nflags:\n" + "".join(f"  Flag_{n}: {{}}\n" for n in range(800))
        )
        command = [*PROGRAM, "check", "--output-format", "concise", "--select", "FLG305"]
        ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert ran.returncode == 1
        assert len(ran.stdout) > 64 * 1024, "more than a pipe holds"
        assert all(f"`Flag_{n}`" in ran.stdout for n in range(800))


class TestCompletion:
    @pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
    def test_prints_the_function_for_the_shell(self, shell: str) -> None:
        environment = {**os.environ, "_FLAGLINT_COMPLETE": f"{shell}_source"}
        ran = subprocess.run(PROGRAM, env=environment, capture_output=True, text=True, check=False)
        assert ran.returncode == 0
        assert "_FLAGLINT_COMPLETE" in ran.stdout

    @pytest.mark.parametrize(
        ("typed", "word", "expected"),
        [
            ("flaglint ref", "1", "refs"),
            ("flaglint refs --fo", "2", "--format"),
            ("flaglint refs --format j", "3", "json"),
        ],
    )
    def test_completes_commands_options_and_values(self, typed: str, word: str, expected: str) -> None:
        environment = {**os.environ, "_FLAGLINT_COMPLETE": "bash_complete", "COMP_WORDS": typed, "COMP_CWORD": word}
        ran = subprocess.run(PROGRAM, env=environment, capture_output=True, text=True, check=False)
        assert f"plain,{expected}" in ran.stdout.split()


class TestFailures:
    @pytest.fixture
    def failing(self, monkeypatch: pytest.MonkeyPatch) -> Callable[[BaseException], None]:
        """Make `flaglint config` raise."""

        def fail_with(error: BaseException) -> None:
            def fail(**options: object) -> None:
                raise error

            monkeypatch.setattr(
                group.Commands,
                "get_command",
                lambda *_: click.Command("config", callback=fail, params=group.shared_options()),
            )

        return fail_with

    def test_a_defect_is_one_line_and_exit_2(self, flaglint: Flaglint, failing: Callable[..., None]) -> None:
        failing(KeyError("x"))
        ran = flaglint("config")
        assert (ran.code, ran.out) == (2, "")
        assert ran.err == (
            "error: flaglint failed: KeyError: 'x'\n"
            "help: this is a defect; run the command again with -vv, and report what it prints\n"
        )

    @pytest.mark.parametrize(
        ("error", "said"),
        [
            (MemoryError(), "error: there is not enough memory\n"),
            (
                OSError(errno.EMFILE, "Too many open files", "shop/a.py"),
                (
                    "error: the system gives this process no more: too many open files\n"
                    "help: `ulimit -a` shows its limits\n"
                ),
            ),
        ],
    )
    def test_what_the_system_does_not_give_is_no_defect(
        self, flaglint: Flaglint, failing: Callable[..., None], error: Exception, said: str
    ) -> None:
        failing(error)
        ran = flaglint("config")
        assert (ran.code, ran.out, ran.err) == (2, "", said)

    def test_a_defect_shows_its_traceback_when_asked(self, flaglint: Flaglint, failing: Callable[..., None]) -> None:
        failing(KeyError("x"))
        ran = flaglint("config", "-vv")
        assert ran.code == 2
        assert ran.err.startswith("Traceback (most recent call last):\n")
        assert ran.err.endswith("error: flaglint failed: KeyError\nhelp: please report it, with the lines above\n")

    def test_ctrl_c_exits_with_130(self, flaglint: Flaglint, failing: Callable[..., None]) -> None:
        failing(KeyboardInterrupt())
        ran = flaglint("config")
        assert (ran.code, ran.out, ran.err) == (130, "", "interrupted\n")

    @pytest.mark.skipif(sys.platform == "win32", reason="a folder that somebody is in cannot go on Windows")
    def test_a_working_folder_that_is_gone_is_told(self, tmp_path: Path) -> None:
        code = f"import os; os.chdir({str(tmp_path)!r}); os.rmdir(os.getcwd()); from flaglint.cli import main; main()"
        ran = subprocess.run([sys.executable, "-c", code, "check"], capture_output=True, text=True, check=False)
        assert (ran.returncode, ran.stdout) == (2, "")
        assert ran.stderr == "error: the working folder was deleted\nhelp: go to the folder of the project\n"

    def test_a_closed_pipe_is_quiet(self) -> None:
        read, write = os.pipe()
        os.close(read)
        ran = subprocess.run([*PROGRAM, "config", "--show"], stdout=write, stderr=subprocess.PIPE, check=False)
        os.close(write)
        assert (ran.returncode, ran.stderr) == (141, b"")


class TestColour:
    def test_is_off_when_it_is_not_a_terminal(self, flaglint: Flaglint) -> None:
        assert "\x1b[" not in flaglint("confg").err

    def test_can_be_forced_and_forbidden(self, flaglint: Flaglint, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("FORCE_COLOR", "1")
        assert "\x1b[" in flaglint("confg").err
        assert "\x1b[" not in flaglint("--color", "never", "confg").err
        monkeypatch.setenv("NO_COLOR", "1")
        assert "\x1b[" not in flaglint("confg").err
        assert "\x1b[" in flaglint("--color", "always", "confg").err
