"""What is found is the same to the byte, however the work is shared out: processes, threads, a cluster, or nobody."""

import json
import multiprocessing
import os
import signal
from collections.abc import Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from reference_kit import whole_files

from flaglint import pipeline
from flaglint.config import load
from flaglint.model import keys_in
from flaglint.refs import ast_statements, crew, extract, ir, link, part, program, texts
from flaglint.refs.outline import Unit
from flaglint.render import references as render

FILES = 24
PART = """\
from shop.gates import client, enabled

KEY = 'release-{own}'


class View:
    key = KEY

    def get(self, request):
        if enabled('{other}') and not request.flag:
            return client.get_boolean_value(self.key, f'{{KEY}}' == 'a')
        return enabled(request.name)
"""
START_METHODS = [name for name in ("spawn", "fork") if name in multiprocessing.get_all_start_methods()]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a project of many files with wrappers, classes, constants, broken statements and other languages."""
    files = {
        "flags.yaml": "version: 1\nflags:\n" + "".join(f"  release-{n}: {{}}\n" for n in range(FILES)),
        "shop/__init__.py": "",
        "shop/gates.py": "from openfeature import api\nclient = api.get_client()\n\n\ndef enabled(key):\n"
        "    return client.get_boolean_value(f'release-{key}', False)\n",
        "page.html": "<p data-flag='release-3'>" + "x" * 200_000 + "</p>\n",
    }
    for n in range(FILES):
        broken = "\n\nx = client.get_boolean_value('release-1', = 2)\n" if n % 5 == 0 else ""
        files[f"shop/part_{n}.py"] = PART.format(own=n, other=(n + 1) % FILES) + broken
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def document(root: Path, **options: Any) -> str:
    """Return all that a search says, as text."""
    analysis = pipeline.analyse(load(root), now=1_790_000_000, cache=False, **options)
    graph = analysis.graph
    failures = "\n".join(f"{item.span} {item.message} {sorted(item.mentions)}" for item in graph.failures)
    return render.as_json(graph.references, graph, analysis.counts, ()) + failures + repr(graph.wrappers)


@pytest.fixture
def in_parts(monkeypatch: pytest.MonkeyPatch) -> list[set[int]]:
    """Cut also a small project into parts, and start processes for these; returns the parts of each one started."""
    monkeypatch.setattr(link, "PART", 1_000)
    monkeypatch.setattr(link, "PARALLEL_FROM", {"fork": 1, "spawn": 1})
    started: list[set[int]] = []

    class Noted(crew._Home):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments)
            started.append(self.parts)

    monkeypatch.setattr(crew, "_Home", Noted)
    return started


def test_one_process_and_several_say_the_same(root: Path, in_parts: list[set[int]]) -> None:
    alone = document(root, jobs=1)
    assert len(json.loads(alone.partition("\n}")[0] + "\n}")["references"]) > FILES * 2
    assert not in_parts
    for jobs in (2, 4):
        assert document(root, jobs=jobs) == alone
    assert len(in_parts) == 6
    count = len(in_parts[0] | in_parts[1])
    assert count > 4
    for started in (in_parts[:2], in_parts[2:]):  # whoever has a part, only one has it
        assert sorted(number for numbers in started for number in numbers) == list(range(count))


@pytest.mark.parametrize("method", START_METHODS)
def test_parts_say_the_same_however_their_processes_start(
    root: Path, in_parts: list[set[int]], monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    monkeypatch.setattr(link, "start_method", lambda **_: method)
    assert document(root, jobs=2) == document(root, jobs=1)
    assert len(in_parts) == 2


@pytest.mark.parametrize("question", ["look", "emit"])
def test_the_parts_of_a_process_that_dies_are_looked_at_here(
    root: Path, in_parts: list[set[int]], monkeypatch: pytest.MonkeyPatch, question: str
) -> None:
    alone = document(root, jobs=1)
    here = os.getpid()
    answer = getattr(part.Part, question)

    def deadly(self: part.Part, *arguments: Any, **options: Any) -> Any:
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer(self, *arguments, **options)

    monkeypatch.setattr(part.Part, question, deadly)
    monkeypatch.setattr(link, "start_method", lambda **_: "fork")
    assert document(root, jobs=2) == alone
    assert len(in_parts) == 2


@pytest.mark.parametrize("method", START_METHODS)
def test_what_is_not_python_is_searched_by_the_same_processes(
    root: Path, in_parts: list[set[int]], monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    alone = document(root, jobs=1)
    assert "page.html" in alone
    monkeypatch.setattr(link, "start_method", lambda **_: method)
    monkeypatch.setattr(texts, "_SOME", 1)
    said_by = texts.Searcher.said_by
    asked_here: list[str] = []

    def noted(self: texts.Searcher, paths: Sequence[str], *options: Any) -> dict[str, texts.Texts]:
        asked_here.extend(paths)
        return said_by(self, paths, *options)

    monkeypatch.setattr(texts.Searcher, "said_by", noted)
    assert document(root, jobs=2) == alone
    assert len(in_parts) == 2
    assert not asked_here


@pytest.mark.skipif("fork" not in START_METHODS, reason="there is no fork here")
@pytest.mark.parametrize("guessed", [set(), {"release-3", "never"}])
def test_what_is_not_python_is_searched_while_there_is_time(
    root: Path, in_parts: list[set[int]], monkeypatch: pytest.MonkeyPatch, guessed: set[str]
) -> None:
    alone = document(root, jobs=1)
    monkeypatch.setattr(texts, "_SOME", 1)
    monkeypatch.setattr(link, "start_method", lambda **_: "fork")  # other tests may have left threads
    begun: list[Any] = []
    later, rest = crew.Crew.later, crew.Crew.rest

    def noted(self: crew.Crew, name: str, several: Any) -> None:
        begun.append(name)
        later(self, name, several)

    def noted_rest(self: crew.Crew) -> Any:
        begun.append("rest")
        return rest(self)

    monkeypatch.setattr(crew.Crew, "later", noted)
    monkeypatch.setattr(crew.Crew, "rest", noted_rest)
    monkeypatch.setattr(link.Linker, "declares", lambda _self, _paths: guessed)
    assert document(root, jobs=2) == alone
    assert begun == (["said_by"] if guessed else ["said_by", "rest"])  # what code declares turned out not to be that


@pytest.mark.usefixtures("in_parts")
@pytest.mark.skipif("fork" not in START_METHODS, reason="there is no fork here")
def test_keys_that_code_declares_where_packs_say_are_known_in_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {
        "superset/__init__.py": "",
        "superset/config.py": "DEFAULT_FEATURE_FLAGS = {'THUMBNAILS': False, 'ALERT_REPORTS': True}\n",
        "superset/extensions.py": "from superset.utils import FeatureFlagManager\n",
        "page.html": "<p data-flag='THUMBNAILS'>\n",
        **{
            f"superset/part_{n}.py": f"from superset import is_feature_enabled\n\n\ndef page_{n}(user):\n"
            "    return 'new' if is_feature_enabled('THUMBNAILS') else 'old'\n"
            for n in range(FILES)
        },
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    alone = document(tmp_path, jobs=1)
    assert "page.html" in alone
    given: list[frozenset[str]] = []
    later = crew.Crew.later

    def noted(self: crew.Crew, name: str, several: Any) -> None:
        given.extend(keys for _, keys, _ in several)
        later(self, name, several)

    monkeypatch.setattr(texts, "_SOME", 1)
    monkeypatch.setattr(link, "start_method", lambda **_: "fork")  # other tests may have left threads
    monkeypatch.setattr(crew.Crew, "later", noted)
    assert document(tmp_path, jobs=2) == alone
    assert set(given) == {frozenset({"THUMBNAILS", "ALERT_REPORTS"})}


@pytest.mark.skipif("fork" not in START_METHODS, reason="there is no fork here")
def test_what_an_aide_that_dies_should_have_searched_is_searched_here(
    root: Path, in_parts: list[set[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = document(root, jobs=1)
    here, said_by = os.getpid(), texts.Searcher.said_by
    asked = root.parent / f"{root.name}-asked"

    def deadly(self: texts.Searcher, paths: Sequence[str], *options: Any) -> dict[str, texts.Texts]:
        if os.getpid() != here:
            asked.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return said_by(self, paths, *options)

    monkeypatch.setattr(texts.Searcher, "said_by", deadly)
    monkeypatch.setattr(texts, "_SOME", 1)
    monkeypatch.setattr(link, "start_method", lambda **_: "fork")  # other tests may have left threads
    assert document(root, jobs=2) == alone
    assert len(in_parts) == 2
    assert asked.exists()


@pytest.mark.skipif("fork" not in START_METHODS, reason="there is no fork here")
@pytest.mark.parametrize(
    ("aide", "parts", "workers", "started"),
    [
        (None, 2, 4, 2),
        (object, 2, 4, 4),
        (object, 2, 64, crew.AIDES),
        (object, crew.AIDES + 1, 64, crew.AIDES + 1),
        (object, 2, 1, 0),
    ],
)
def test_so_many_processes_are_started_as_parts_and_aides_pay_for(
    aide: type | None, parts: int, workers: int, started: int
) -> None:
    with crew.Crew(aide).begin(object, parts, workers, "fork") as made:
        homes = list(made._homes)
        assert len(homes) == started
        assert made.aides == (started if aide is not None else 0)
    assert not any(home.is_alive for home in homes)


@pytest.mark.skipif("fork" not in START_METHODS, reason="there is no fork here")
def test_processes_end_when_whoever_asked_them_is_killed(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    asking = os.fork()
    if asking == 0:
        made = crew.Crew().begin(part.Part, 4, 4, "fork")  # type: ignore[arg-type] - nothing is asked of the parts
        os.write(writing, " ".join(str(home._process.pid) for home in made._homes).encode())
        signal.pause()
    os.close(writing)
    pids = [int(pid) for pid in os.read(reading, 1000).split()]
    assert len(pids) == 4
    os.kill(asking, signal.SIGKILL)
    os.waitpid(asking, 0)
    assert os.read(reading, 1) == b""  # the last process that holds the other end is gone


def test_what_the_parts_wrap_and_set_counts_in_all_of_them(tmp_path: Path, in_parts: list[set[int]]) -> None:
    filling = "\n".join(f"def filling_{n}():\n    return enabled_{n}\n" for n in range(40))
    files = {
        "flags.yaml": "version: 1\nflags: {release-a: {}, release-b: {}}\n",
        "shop/__init__.py": "",
        "shop/a.py": f"from shop.m import View\n\n\nclass A(View):\n    key = 'release-a'\n\n\n{filling}",
        "shop/m.py": "from openfeature import api\nclient = api.get_client()\n\n\nclass View:\n"
        f"    def get(self):\n        return client.get_boolean_value(self.key, False)\n\n\n{filling}",
        "shop/n.py": "from shop.m import client\n\n\ndef is_on(key):\n    return client.get_boolean_value(key, False)\n"
        f"{filling}",
        "shop/z.py": f"from shop.n import is_on\n\n\ndef show():\n    return is_on('release-b')\n\n\n{filling}",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    for jobs in (1, 2):
        analysis = pipeline.analyse(load(tmp_path), now=1_790_000_000, cache=False, jobs=jobs)
        found = {(ref.span.path, *keys_in(ref.key)) for ref in analysis.graph.references if ref.kind == "read"}
        assert found == {("shop/m.py", "release-a"), ("shop/z.py", "release-b")}
    assert len(in_parts) == 2


@pytest.mark.parametrize(
    "method", [name for name in ("spawn", "fork") if name in multiprocessing.get_all_start_methods()]
)
def test_processes_say_the_same_however_they_start(root: Path, method: str) -> None:
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context(method)) as pool:
        assert document(root, executor=pool) == document(root, jobs=1)


def test_threads_say_the_same(root: Path) -> None:
    with ThreadPoolExecutor(3) as pool:
        assert document(root, executor=pool) == document(root, jobs=1)


class Losing(Executor):
    """Loses every second piece of work, as machines that go away do."""

    def __init__(self) -> None:
        self.number = 0

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.number += 1
        if self.number % 2:
            future.set_exception(OSError("the machine is gone"))
        else:
            future.set_result(fn(*args, **kwargs))
        return future


def test_what_does_not_come_back_is_read_here(root: Path) -> None:
    losing = Losing()
    assert document(root, executor=losing) == document(root, jobs=1)
    assert losing.number > 2


def _die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no SIGKILL here")
def test_a_worker_that_is_killed_costs_no_finding(root: Path) -> None:
    with ProcessPoolExecutor(2) as pool:
        pool.submit(_die)
        assert document(root, executor=pool) == document(root, jobs=1)


def test_a_cluster_that_loses_a_worker_in_the_middle_says_the_same(root: Path) -> None:
    """A local cluster of `dask.distributed` with three worker processes, of which one is killed while it works."""
    distributed = pytest.importorskip("distributed", reason="dask's `distributed` is not installed")
    alone = document(root, jobs=1)
    with (
        distributed.LocalCluster(
            n_workers=3, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        killed: list[int] = []

        def kill_one(done: int, _: int) -> None:
            if not killed and done >= 1:
                killed.append(next(iter(client.run(os.getpid).values())))
                os.kill(killed[0], signal.SIGKILL)

        with client.get_executor(pure=False) as executor:
            assert document(root, executor=executor, progress=kill_one) == alone
        assert killed


def test_statements_alone_and_files_as_a_whole_say_the_same(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sliced = document(root, jobs=1)
    read: list[str] = []

    def whole(text: str, unit: Unit, *, is_member: bool) -> ir.UnitFacts:
        read.append(text)
        return whole_files.read_unit(text, unit, is_member=is_member)

    monkeypatch.setattr(program, "read_unit", whole)
    assert document(root, jobs=1) == sliced
    assert len(read) > FILES


def test_both_parsers_say_the_same(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = document(root, jobs=1)

    def unsure(*_: object, **__: object) -> None:
        raise extract.UnsureError

    monkeypatch.setattr(ast_statements, "extract", unsure)
    assert document(root, jobs=1) == one


def test_tells_how_far_it_is(root: Path) -> None:
    told: list[tuple[int, int]] = []
    document(root, jobs=1, progress=lambda done, total: told.append((done, total)))
    assert told[-1][0] == told[-1][1] > 1
    assert all(done <= total for done, total in told)
