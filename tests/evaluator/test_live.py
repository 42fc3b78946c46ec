"""A registry that is followed on disk: good edits are served, broken ones are reported, nothing else changes."""

from __future__ import annotations

import gc
import logging
import os
import threading
import time
import weakref
from typing import TYPE_CHECKING, Any

import pytest

from flaglint.errors import RegistryError
from flaglint.evaluator import Evaluator
from flaglint.evaluator.loading import load_plan, signature

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

FAST = 0.01
PATIENCE = 20.0  # seconds until a test gives up; a machine may be busy


def registry(*entries: str) -> str:
    return "version: 1\nflags:\n" + "".join(f"  {entry}\n" for entry in entries)


def write(path: Path, text: str) -> None:
    """Write as an editor does: another file, renamed."""
    temporary = path.with_suffix(".tmp")
    temporary.write_text(text)
    temporary.replace(path)


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "nothing happened"
        time.sleep(FAST)


class Events:
    def __init__(self) -> None:
        self.changes: list[frozenset[str]] = []
        self.errors: list[str] = []


@pytest.fixture
def events() -> Events:
    return Events()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "flags.yaml"
    path.write_text(registry('checkout: {serve: "true"}', "banner: {}"))
    return path


@pytest.fixture
def flags(path: Path, events: Events) -> Iterator[Evaluator]:
    watched = Evaluator.from_path(
        path, watch=True, interval=FAST, on_change=events.changes.append, on_error=events.errors.append
    )
    with watched:
        yield watched


def test_a_kill_on_disk_is_served(flags: Evaluator, path: Path, events: Events) -> None:
    assert flags.boolean("checkout") is True
    write(path, registry('checkout: {serve: "true", kill: true}', "banner: {}"))
    wait_for(lambda: flags.evaluate("checkout").reason == "DISABLED")
    wait_for(lambda: bool(events.changes))
    assert events.changes == [frozenset({"checkout"})]


def test_a_comment_changes_no_flag(flags: Evaluator, path: Path, events: Events) -> None:
    write(path, "# a comment moves every line\n" + registry('checkout: {serve: "true"}', "banner: {}"))
    write(path, registry('checkout: {serve: "true"}', 'banner: {serve: "true"}'))
    wait_for(lambda: flags.boolean("banner"))
    wait_for(lambda: bool(events.changes))
    assert set().union(*events.changes) == {"banner"}


@pytest.mark.parametrize(
    "text", ["version: 1\nflags: [", "flags: {}\n", registry("checkout: {serve: maybe}"), "", "\xff\xfe\x00"]
)
def test_a_broken_edit_keeps_what_was_last_good(
    flags: Evaluator, path: Path, events: Events, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR, "flaglint.evaluator")
    write(path, text)
    wait_for(lambda: bool(events.errors))
    assert flags.boolean("checkout") is True
    assert not flags.health.ok
    assert flags.health.error == events.errors[0]
    assert events.errors[0] in caplog.text
    assert events.changes == []
    write(path, registry("checkout: {}", "banner: {}"))
    wait_for(lambda: flags.health.ok)
    assert flags.boolean("checkout") is False


@pytest.mark.parametrize("until", ["    serve: new", "{new"], ids=["makes sense", "is broken"])
def test_half_of_a_file_is_neither_served_nor_reported(
    path: Path, events: Events, until: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Evaluator.from_path(path, on_change=events.changes.append, on_error=events.errors.append) as flags:
        live = flags._live
        assert live is not None
        whole = (
            registry("checkout:").rstrip() + "\n    variants: {new: 1, old: 2}\n    off_variant: old\n    serve: new\n"
        )
        path.write_text(whole[: whole.index(until)])

        def load(*arguments: Any) -> Any:
            try:
                return load_plan(*arguments)
            finally:
                path.write_text(whole)  # the other half comes while the first one is parsed

        monkeypatch.setattr("flaglint.evaluator.live.load_plan", load)
        live.poll(flags)
        assert (flags.evaluate("checkout").value, flags.health.ok) == (True, True)
        monkeypatch.undo()
        live.poll(flags)
        assert flags.evaluate("checkout").value == 1
        assert events.errors == []
        assert len(events.changes) == 1


def test_a_file_that_is_written_without_end_is_served_all_the_same(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Evaluator.from_path(path) as flags:
        live = flags._live
        assert live is not None

        def load(*arguments: Any) -> Any:
            plan = load_plan(*arguments)
            write(path, registry("checkout: {}") + "#" * next(sizes))
            return plan

        sizes = iter(range(1, 100))
        write(path, registry("checkout: {}"))
        monkeypatch.setattr("flaglint.evaluator.live.load_plan", load)
        looks = 0
        while flags.boolean("checkout"):
            live.poll(flags)
            looks += 1
        assert looks == 4


def test_a_vanished_file_keeps_what_was_last_good(flags: Evaluator, path: Path, events: Events) -> None:
    path.unlink()
    wait_for(lambda: bool(events.errors))
    assert flags.boolean("checkout") is True
    assert not flags.health.ok


def test_a_broken_start_is_refused(path: Path) -> None:
    path.write_text(registry("checkout: {serve: maybe}"))
    with pytest.raises(RegistryError) as raised:
        Evaluator.from_path(path)
    assert (raised.value.path, raised.value.line) == ("flags.yaml", 3)


def test_a_listener_that_fails_stops_nothing(flags: Evaluator, path: Path, events: Events) -> None:
    def fail(_: Any) -> None:
        raise RuntimeError

    flags.listen(on_change=fail)
    seen: list[frozenset[str]] = []
    stop = flags.listen(on_change=seen.append)
    write(path, registry("checkout: {}", "banner: {}"))
    wait_for(lambda: bool(seen))
    stop()
    write(path, registry("checkout: {}", 'banner: {serve: "true"}'))
    wait_for(lambda: len(events.changes) == 2)
    assert seen == [frozenset({"checkout"})]


def test_a_changed_segment_or_parent_changes_the_flags_that_use_it(tmp_path: Path, events: Events) -> None:
    path = tmp_path / "flags.yaml"
    text = (
        "version: 1\n"
        "segments:\n"
        "  staff: {email: {ends_with: '@example.com'}}\n"
        "  inner: {segment: staff}\n"
        "flags:\n"
        "  a: {rules: [{segment: inner, serve: 'true'}]}\n"
        "  b: {needs: {a: 'true'}, serve: 'true'}\n"
        "  c: {serve: 'true'}\n"
    )
    path.write_text(text)
    with Evaluator.from_path(path, watch=True, interval=FAST, on_change=events.changes.append):
        write(path, text.replace("@example.com", "@example.org"))
        wait_for(lambda: bool(events.changes))
    assert events.changes == [frozenset({"a", "b"})]


def test_a_folder_is_followed_file_by_file(tmp_path: Path, events: Events) -> None:
    (tmp_path / "a.yaml").write_text(registry("a: {}"))
    with Evaluator.from_path(tmp_path, watch=True, interval=FAST, on_change=events.changes.append) as flags:
        write(tmp_path / "b.yaml", registry('b: {serve: "true"}'))
        wait_for(lambda: flags.boolean("b"))
        (tmp_path / "a.yaml").unlink()
        wait_for(lambda: flags.keys == ("b",))
    assert set().union(*events.changes) == {"a", "b"}


def test_a_swapped_link_of_a_mounted_config_map_is_followed(tmp_path: Path) -> None:
    """As a cluster mounts it: the file is a link into `..data`, which is a link to a generation."""
    for generation, value in (("..2026_1", "false"), ("..2026_2", "true")):
        (tmp_path / generation).mkdir()
        file = tmp_path / generation / "flags.yaml"
        file.write_text(registry(f"checkout: {{serve: '{value}'}}".ljust(30)))  # of the same size
        os.utime(file, ns=(1, 1))  # and time
    (tmp_path / "..data").symlink_to("..2026_1")
    (tmp_path / "flags.yaml").symlink_to("..data/flags.yaml")
    with Evaluator.from_path(tmp_path, watch=True, interval=FAST) as flags:
        assert flags.boolean("checkout") is False
        (tmp_path / "..data_tmp").symlink_to("..2026_2")
        (tmp_path / "..data_tmp").replace(tmp_path / "..data")
        wait_for(lambda: flags.boolean("checkout"))


def test_what_is_hidden_is_no_part_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "flags.yaml").write_text(registry("a: {}"))
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden" / "flags.yaml").write_text(registry("b: {}"))
    (tmp_path / "notes.txt").write_text("no registry")
    assert Evaluator.from_path(tmp_path).keys == ("a",)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RegistryError):
        Evaluator.from_path(tmp_path)


def test_a_name_full_of_wildcards_is_a_name(tmp_path: Path) -> None:
    path = tmp_path / "flags[1]*.yaml"
    path.write_text(registry("a: {}"))
    assert Evaluator.from_path(path).keys == ("a",)


def test_the_signature_sees_a_change_of_the_same_size_and_time(path: Path) -> None:
    before = signature(path)
    status = path.stat()
    write(path, path.read_text())
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert signature(path) != before  # another inode


def test_evaluation_goes_on_while_the_registry_changes(flags: Evaluator, path: Path) -> None:
    stop = threading.Event()
    wrong: list[Any] = []

    def evaluate() -> None:
        while not stop.is_set():
            result = flags.evaluate("checkout")
            if result.error_code is not None:
                wrong.append(result)

    threads = [threading.Thread(target=evaluate) for _ in range(4)]
    for thread in threads:
        thread.start()
    for round_number in range(20):
        write(path, registry(f"checkout: {{serve: '{'true' if round_number % 2 else 'false'}'}}", "banner: {}"))
        time.sleep(FAST)
    stop.set()
    for thread in threads:
        thread.join()
    assert wrong == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_child_process_follows_the_registry_too(flags: Evaluator, path: Path) -> None:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:  # pragma: no cover - the child is not measured
        try:
            deadline = time.monotonic() + PATIENCE
            os.write(writing, b"ready")
            while not flags.boolean("banner") and time.monotonic() < deadline:
                time.sleep(FAST)
            os.write(writing, b" served" if flags.boolean("banner") else b" stale")
        finally:
            os._exit(0)
    assert os.read(reading, 5) == b"ready"
    write(path, registry('checkout: {serve: "true"}', 'banner: {serve: "true"}'))
    assert os.read(reading, 7) == b" served"
    os.waitpid(child, 0)


def test_nobody_follows_for_an_evaluator_that_is_gone(path: Path) -> None:
    before = threading.active_count()
    flags = Evaluator.from_path(path, watch=True, interval=FAST)
    gone = weakref.ref(flags)
    assert threading.active_count() == before + 1
    del flags
    wait_for(lambda: gc.collect() >= 0 and gone() is None)
    wait_for(lambda: threading.active_count() == before)


def test_closing_stops_following(path: Path) -> None:
    before = threading.active_count()
    flags = Evaluator.from_path(path, watch=True, interval=FAST)
    flags.close()
    flags.close()
    assert threading.active_count() == before
    write(path, registry("checkout: {}"))
    time.sleep(5 * FAST)
    assert flags.boolean("checkout") is True


# ------------------------------------------------------------------------------------------------------- cache


def test_only_what_was_watched_is_watched_again(path: Path) -> None:
    watched = Evaluator.from_path(path, watch=True, interval=FAST)
    plain = Evaluator.from_path(path)
    for flags in (watched, plain):
        flags.close()
        flags.resume()
    write(path, registry("checkout: {}"))
    wait_for(lambda: watched.boolean("checkout") is False)
    assert plain.boolean("checkout") is True
    watched.close()


def test_a_parsed_registry_is_kept(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = tmp_path / "cache"
    first = Evaluator.from_path(path, cache=cache)
    monkeypatch.setattr("flaglint.registry.load", lambda *_: pytest.fail("the file was parsed again"))
    second = Evaluator.from_path(path, cache=cache)
    assert second.keys == first.keys
    assert second.evaluate("checkout") == first.evaluate("checkout")
    assert second.metadata("checkout") == first.metadata("checkout")


def test_the_cache_follows_the_content(path: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    assert Evaluator.from_path(path, cache=cache).boolean("checkout") is True
    status = path.stat()
    path.write_text(registry("checkout: {}             ", "banner: {}"))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert Evaluator.from_path(path, cache=cache).boolean("checkout") is False


def test_each_environment_has_its_own_cache(tmp_path: Path) -> None:
    path = tmp_path / "flags.yaml"
    path.write_text("version: 1\nenvironments: [a, b]\nflags: {f: {serve: 'true', environments: {a: {kill: true}}}}\n")
    for _ in range(2):
        for environment, expected in (("a", False), ("b", True)):
            flags = Evaluator.from_path(path, environment=environment, cache=tmp_path / "cache")
            assert flags.boolean("f") is expected


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b'{"content": 1}', b"\xff"])
def test_a_spoiled_cache_costs_nothing_but_time(path: Path, tmp_path: Path, data: bytes) -> None:
    cache = tmp_path / "cache"
    Evaluator.from_path(path, cache=cache)
    for file in cache.iterdir():
        file.write_bytes(data)
    assert Evaluator.from_path(path, cache=cache).boolean("checkout") is True


def test_a_cache_that_cannot_be_written_costs_nothing_but_time(path: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    assert Evaluator.from_path(path, cache=tmp_path / "cache").boolean("checkout") is True
