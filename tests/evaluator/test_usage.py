"""Evaluations are counted per flag and variant, by thread and process, and nothing is lost."""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest
from evaluation_kit.build import flag, registry, rule, test

from flaglint import source
from flaglint.evaluator import Evaluator
from flaglint.evaluator.usage import UsageRecorder, Use, read_usage

if TYPE_CHECKING:
    from pathlib import Path

FLAGS = registry(flag("f", rule("enabled", when=test("country", "equals", "DE"))), flag("never", "enabled"))
NEVER = 10_000.0  # seconds: the tests flush by hand


def test_counts_by_flag_and_variant(tmp_path: Path) -> None:
    now = [100.0]
    recorder = UsageRecorder(tmp_path, interval=NEVER, clock=lambda: now[0])
    flags = Evaluator(FLAGS, usage=recorder)
    for now[0], country in ((100.0, "DE"), (200.0, "FR"), (300.0, "DE"), (400.0, "DE")):
        flags.boolean("f", {"country": country})
    flags.boolean("unknown")
    flags.close()
    usage = read_usage(tmp_path)
    assert usage.flags == {"f": {"enabled": Use(3, 100.0, 400.0), "disabled": Use(1, 200.0, 200.0)}}
    assert (usage.since, usage.skipped) == (100.0, ())
    assert (usage.last_evaluated("f"), usage.last_evaluated("never")) == (400.0, None)
    recorder.close()


def test_counting_changes_no_answer(tmp_path: Path) -> None:
    plain, counted = Evaluator(FLAGS), Evaluator(FLAGS, usage=UsageRecorder(tmp_path, interval=NEVER))
    for key in (*plain.keys, "unknown"):
        assert counted.evaluate(key, {"country": "DE"}) == plain.evaluate(key, {"country": "DE"})


def test_no_count_of_any_thread_is_lost(tmp_path: Path) -> None:
    recorder = UsageRecorder(tmp_path, interval=0.001)  # flushes all the while
    flags = Evaluator(FLAGS, usage=recorder)

    def evaluate() -> None:
        for _ in range(3000):
            flags.boolean("f", {"country": "DE"})

    for _ in range(2):
        threads = [threading.Thread(target=evaluate) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    recorder.close()
    assert read_usage(tmp_path).flags["f"]["enabled"].count == 24_000


def test_counts_are_written_again_and_again_without_being_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = threading.Event()
    flush = UsageRecorder.flush

    def counted(self: UsageRecorder) -> None:
        flush(self)
        written.set()

    monkeypatch.setattr(UsageRecorder, "flush", counted)
    flags = Evaluator(FLAGS, usage=UsageRecorder(tmp_path, interval=0.001))
    for count in (1, 2):
        flags.boolean("never", {}, default=False)
        for _ in range(2):  # one may have begun before this was counted
            written.clear()
            assert written.wait(timeout=30)
        assert read_usage(tmp_path).flags["never"]["enabled"].count == count


def test_nobody_writes_for_a_recorder_that_is_gone(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    recorder = UsageRecorder(tmp_path, interval=0.001)
    (thread,) = set(threading.enumerate()) - before
    assert thread.is_alive()
    del recorder
    gc.collect()
    thread.join(timeout=30)
    assert not thread.is_alive()


def test_a_slow_write_does_not_undo_a_later_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = UsageRecorder(tmp_path, interval=NEVER)
    flags = Evaluator(FLAGS, usage=recorder)
    flags.boolean("f")
    written, begun, go_on = source.replace_atomically, threading.Event(), threading.Event()

    def slow(path: Path, data: bytes) -> None:
        begun.set()
        go_on.wait(0.5)  # the other one waits for this, or has written by then
        written(path, data)

    monkeypatch.setattr(source, "replace_atomically", slow)
    first = threading.Thread(target=recorder.flush)
    first.start()
    begun.wait()
    monkeypatch.setattr(source, "replace_atomically", written)
    flags.boolean("f")
    recorder.flush()
    go_on.set()
    first.join()
    assert read_usage(tmp_path).flags["f"]["disabled"].count == 2


def test_threads_that_ended_take_no_room(tmp_path: Path) -> None:
    recorder = UsageRecorder(tmp_path, interval=NEVER)
    flags = Evaluator(FLAGS, usage=recorder)
    for _ in range(10):
        thread = threading.Thread(target=flags.boolean, args=("f",))
        thread.start()
        thread.join()
    assert recorder.totals()["f"]["disabled"].count == 10
    assert recorder._tallies == []
    assert recorder.totals()["f"]["disabled"].count == 10


def test_flushing_twice_counts_once(tmp_path: Path) -> None:
    recorder = UsageRecorder(tmp_path, interval=NEVER)
    flags = Evaluator(FLAGS, usage=recorder)
    for count in (1, 2):
        flags.boolean("f")
        recorder.flush()
        assert read_usage(tmp_path).flags["f"]["disabled"].count == count
    assert len(list(tmp_path.iterdir())) == 1


def test_processes_are_added_up(tmp_path: Path) -> None:
    for first in (100.0, 50.0):
        recorder = UsageRecorder(tmp_path, interval=NEVER, clock=lambda first=first: first)  # type: ignore[misc] # mypy cannot infer the default
        Evaluator(FLAGS, usage=recorder).boolean("f")
        recorder.close()
    usage = read_usage(tmp_path)
    assert usage.flags["f"]["disabled"] == Use(2, 50.0, 100.0)
    assert usage.since == 50.0


def test_a_process_writes_at_its_exit(tmp_path: Path) -> None:
    (tmp_path / "flags.yaml").write_text("version: 1\nflags: {f: {serve: 'true'}}\n")
    code = (
        "from flaglint.evaluator import Evaluator\n"
        "from flaglint.evaluator.usage import UsageRecorder\n"
        "flags = Evaluator.from_path('flags.yaml', usage=UsageRecorder('usage'))\n"
        "flags.boolean('f')\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=tmp_path)
    assert read_usage(tmp_path / "usage").flags["f"]["true"].count == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_child_process_counts_for_itself(tmp_path: Path) -> None:
    recorder = UsageRecorder(tmp_path, interval=NEVER)
    flags = Evaluator(FLAGS, usage=recorder)
    flags.boolean("f")
    child = os.fork()
    if child == 0:  # pragma: no cover - the child is not measured
        try:
            flags.boolean("f")
            flags.boolean("f")
            recorder.flush()
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    recorder.flush()
    assert read_usage(tmp_path).flags["f"]["disabled"].count == 3
    assert len(list(tmp_path.iterdir())) == 2


def test_what_is_no_usage_file_is_named_and_skipped(tmp_path: Path) -> None:
    recorder = UsageRecorder(tmp_path, interval=NEVER)
    Evaluator(FLAGS, usage=recorder).boolean("f")
    recorder.close()
    (tmp_path / "usage-a.json").write_text("{")
    (tmp_path / "usage-b.json").write_text(json.dumps({"version": 9, "started": 1, "flags": {}}))
    (tmp_path / "usage-c.json").write_text("[]")
    (tmp_path / "notes.json").write_text("{}")
    usage = read_usage(tmp_path)
    assert usage.skipped == ("usage-a.json", "usage-b.json", "usage-c.json")
    assert usage.flags["f"]["disabled"].count == 1


@pytest.mark.parametrize("number", ["Infinity", "-Infinity", "NaN", "1e300", "-1e15"])
@pytest.mark.parametrize("place", ["started", "written", "first", "last"])
def test_a_time_that_is_none_makes_no_record(tmp_path: Path, place: str, number: str) -> None:
    times = dict.fromkeys(("started", "written", "first", "last"), "1") | {place: number}
    uses = f'{{"count": 1, "first": {times["first"]}, "last": {times["last"]}}}'
    head = f'"version": 1, "started": {times["started"]}, "written": {times["written"]}'
    (tmp_path / "usage-a.json").write_text(f'{{{head}, "flags": {{"f": {{"enabled": {uses}}}}}}}')
    usage = read_usage(tmp_path)
    assert (usage.skipped, usage.flags, usage.since) == (("usage-a.json",), {}, None)


@pytest.mark.parametrize("number", ["Infinity", "NaN", '"many"', "null"])
def test_a_count_that_is_none_makes_no_record(tmp_path: Path, number: str) -> None:
    uses = f'{{"enabled": {{"count": {number}, "first": 1, "last": 1}}}}'
    (tmp_path / "usage-a.json").write_text(f'{{"version": 1, "started": 1, "written": 1, "flags": {{"f": {uses}}}}}')
    assert read_usage(tmp_path).skipped == ("usage-a.json",)


def test_a_folder_that_does_not_exist_holds_nothing(tmp_path: Path) -> None:
    assert read_usage(tmp_path / "nowhere").flags == {}


def test_a_folder_that_cannot_be_written_stops_no_service(tmp_path: Path) -> None:
    (tmp_path / "usage").write_text("a file")
    flags = Evaluator(FLAGS, usage=UsageRecorder(tmp_path / "usage", interval=NEVER))
    assert flags.boolean("f") is False
    flags.close()
