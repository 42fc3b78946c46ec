"""What only a later run needs is kept by a process of its own, after a search of much Python."""

from __future__ import annotations

import errno
import multiprocessing
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from flaglint import pipeline, stages
from flaglint.config import load
from flaglint.refs import aside, crew, link, remembered, texts, whole

pytestmark = pytest.mark.skipif(
    "fork" not in multiprocessing.get_all_start_methods(), reason="processes are forked only where they can be"
)
SHOP = "from openfeature import api\n\nclient = api.get_client()\nclient.get_boolean_value('cart', False)\n"
KEPT = ("references", "standing", "texts")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "flags.yaml").write_text("version: 1\nflags:\n  cart: {}\n", encoding="utf-8")
    (tmp_path / "shop.py").write_text(SHOP, encoding="utf-8")
    (tmp_path / "page.html").write_text("<p data-flag='cart'>\n", encoding="utf-8")
    for path in tmp_path.iterdir():
        os.utime(path, (1_700_000_000, 1_700_000_000))
    monkeypatch.setattr(remembered, "YOUNG", 0)
    return tmp_path


@pytest.fixture
def forked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fork after however little."""
    monkeypatch.setattr(aside, "WORTH_IT", 1)
    monkeypatch.setattr(aside, "start_method", lambda **_: "fork")


def analysed(root: Path, jobs: int = 2) -> pipeline.Analysis:
    found = pipeline.analyse(load(root), now=1_790_000_000, jobs=jobs)
    aside.wait()
    return found


@pytest.fixture
def nameless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the name away that each search has for itself."""
    made = remembered.Memory.__init__

    def make(self: remembered.Memory, *arguments: object) -> None:
        made(self, *arguments)  # type: ignore[arg-type]
        self.known_as = "it"

    monkeypatch.setattr(remembered.Memory, "__init__", make)


def kept(root: Path) -> set[str]:
    return {path.name for path in (root / ".flaglint_cache").iterdir() if path.is_dir() and any(path.iterdir())}


@pytest.mark.usefixtures("forked")
def test_another_process_keeps_what_the_next_run_needs(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = os.getpid()
    keep = remembered.Memory.keep

    def keep_elsewhere(self: remembered.Memory, *arguments: object, **options: object) -> None:
        assert os.getpid() != here
        keep(self, *arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(remembered.Memory, "keep", keep_elsewhere)
    found = analysed(root)
    assert kept(root) > set(KEPT)
    monkeypatch.setattr(whole, "find_references", None)  # nothing is searched again
    assert analysed(root).graph == found.graph


@pytest.mark.usefixtures("forked", "nameless")
@pytest.mark.parametrize("jobs", [1, 2])
def test_what_is_kept_is_the_same_whoever_keeps_it(root: Path, monkeypatch: pytest.MonkeyPatch, jobs: int) -> None:
    def entries() -> dict[str, bytes]:
        folder = root / ".flaglint_cache"
        return {str(path.relative_to(folder)): path.read_bytes() for name in KEPT for path in folder.glob(f"{name}/*")}

    analysed(root, jobs)
    before = entries()
    assert len(before) == len(KEPT)
    monkeypatch.setattr(aside, "WORTH_IT", 1_000_000)
    for path in before:
        (root / ".flaglint_cache" / path).unlink()
    analysed(root, jobs)
    assert entries() == before


@pytest.mark.usefixtures("forked")
def test_a_process_that_dies_meanwhile_costs_the_next_run_time_and_nothing_else(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = os.getpid()

    def deadly(*_arguments: object, **_options: object) -> None:
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)

    with monkeypatch.context() as patched:
        patched.setattr(remembered.Memory, "_write", deadly)
        found = analysed(root)
    assert "references" not in kept(root)
    assert analysed(root).graph == found.graph
    assert "references" in kept(root)


def test_little_is_kept_at_once(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aside, "start_method", lambda **_: "fork")
    pipeline.analyse(load(root), now=1_790_000_000, jobs=2)
    assert not multiprocessing.active_children()
    assert kept(root) > set(KEPT)


@pytest.mark.usefixtures("forked")
def test_where_no_process_can_be_started_all_is_done_in_this_one(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> int:
        raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")

    alone = analysed(root, jobs=1)
    for path in (root / ".flaglint_cache").glob("*/*"):
        path.unlink()
    monkeypatch.setattr(texts, "_MANY", 1)
    monkeypatch.setattr(texts, "start_method", lambda **_: "fork")
    monkeypatch.setattr(link, "PARALLEL_FROM", {"fork": 0})
    monkeypatch.setattr(link, "start_method", lambda **_: "fork")
    monkeypatch.setattr(os, "fork", refuse)
    assert analysed(root).graph == alone.graph
    assert kept(root) > set(KEPT)


@pytest.mark.usefixtures("forked")
def test_where_no_process_can_be_started_no_file_is_left_open(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> None:
        raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(multiprocessing.process.BaseProcess, "start", refuse)
    before = set(Path("/dev/fd").iterdir())
    assert not aside.meanwhile(lambda: None, 2)
    assert set(Path("/dev/fd").iterdir()) == before


def daemon(root: Path, answers: multiprocessing.Queue[object]) -> None:
    answers.put(analysed(root).graph)


@pytest.mark.usefixtures("forked")
def test_a_daemon_which_may_start_no_process_does_all_itself(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = analysed(root, jobs=1)
    for path in (root / ".flaglint_cache").glob("*/*"):
        path.unlink()
    monkeypatch.setattr(texts, "_MANY", 1)
    monkeypatch.setattr(link, "PARALLEL_FROM", {"fork": 0, "spawn": 0})
    monkeypatch.setattr(aside, "start_method", crew.start_method)
    context = multiprocessing.get_context("fork")
    answers = context.Queue()
    process = context.Process(target=daemon, args=(root, answers), daemon=True)
    process.start()
    assert answers.get(timeout=60) == alone.graph
    process.join()
    assert kept(root) > set(KEPT)


INTERRUPTED = """
import os, signal, sys, time
from flaglint.refs import aside, remembered, whole
aside.WORTH_IT = 1
begin = whole.aside
whole.aside = lambda work, *more: begin(work, *more) if getattr(work, "func", None) is whole._remember else work()
aside.start_method = lambda **_: "fork"
def write(*_):
    print("writing", file=sys.stderr, flush=True)
    time.sleep(60)
remembered.Memory._write = write
wait = aside.wait
def waiting():
    print("waiting", file=sys.stderr, flush=True)
    return wait()
aside.wait = waiting
sys.argv = ["flaglint", "check", "-j", "2"]
from flaglint.cli import main
main()
"""


def test_ctrl_c_while_something_is_kept_ends_it_without_a_word(root: Path) -> None:
    command = [sys.executable, "-c", INTERRUPTED]
    with subprocess.Popen(
        command, cwd=root, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, start_new_session=True
    ) as running:
        assert running.stderr is not None
        left = {"writing\n", "waiting\n"}
        while left:
            line = running.stderr.readline()
            assert line, "it ended before"
            left.discard(line)
        os.killpg(running.pid, signal.SIGINT)
        assert running.stderr.read().splitlines() == ["interrupted"]
    assert running.returncode == 130


@pytest.mark.usefixtures("forked", "interrupted_early")
def test_ctrl_c_before_another_process_is_ready_ends_it_without_a_word(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert aside.meanwhile((tmp_path / "kept").touch, 2)
    assert aside.wait() == []
    assert not (tmp_path / "kept").exists()
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("forked")
@pytest.mark.parametrize("gives_way", [False, True])
def test_another_process_leaves_the_cores_to_others_where_nobody_waits_for_it(tmp_path: Path, gives_way: bool) -> None:
    told = tmp_path / "told"
    assert aside.meanwhile(lambda: told.write_text(str(os.nice(0))) and None, 2, gives_way=gives_way)
    assert aside.wait() == []
    assert (int(told.read_text()) > os.nice(0)) is gives_way


@pytest.mark.usefixtures("forked")
def test_who_wants_to_know_how_long_it_takes_has_it_done_at_once() -> None:
    stages.start()
    assert not aside.meanwhile(lambda: None, 2)
    stages.stop()


@pytest.mark.usefixtures("forked")
def test_a_defect_in_another_process_is_told_to_who_waits_for_it(
    root: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise ZeroDivisionError("→" * 100_000)

    with monkeypatch.context() as patched:
        patched.setattr(remembered.Memory, "_write", fail)
        found = pipeline.analyse(load(root), now=1_790_000_000, jobs=2)
        (told,) = aside.wait()
    assert told.startswith("Traceback")
    assert told.rstrip().endswith("→")
    assert capfd.readouterr() == ("", "")
    assert aside.wait() == []
    assert analysed(root).graph == found.graph


@pytest.mark.usefixtures("forked")
def test_a_defect_that_nobody_is_left_to_hear_of_ends_its_process_without_a_word(
    capfd: pytest.CaptureFixture[str],
) -> None:
    reading, writing = os.pipe()
    beginning = os.fork()
    if beginning == 0:
        here = os.getpid()

        def fail() -> None:
            os.write(writing, str(os.getpid()).encode())
            while os.getppid() == here:
                time.sleep(0.001)
            raise ZeroDivisionError("x" * 1_000_000)  # more than a pipe holds

        aside.meanwhile(fail, 2)
        os.kill(here, signal.SIGKILL)
    os.close(writing)
    os.waitpid(beginning, 0)
    failing = int(os.read(reading, 100))
    ended, _, _ = select.select([reading], [], [], 20)  # seconds
    os.close(reading)
    if not ended:
        os.kill(failing, signal.SIGKILL)
    assert ended
    assert capfd.readouterr() == ("", "")
