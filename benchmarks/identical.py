"""Whether all ways to search a tree say the same, to the byte: `python -m benchmarks.identical TREE...`.

With one process and with several, started by fork and by spawn, in threads, on a cluster of `dask.distributed` of which
a worker is killed in the middle (where that is installed), from the cache, with statements read alone and files read
whole, and with libcst alone instead of the interpreter's own parser.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import signal
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

from flaglint import config, pipeline
from flaglint.refs import ast_statements, link, program
from flaglint.refs.ast_places import UnsureError
from flaglint.render import references as render

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "refs"))


def main() -> int:
    """Print a line for each way and tree; returns 1 when two ways differ."""
    differs = False
    for tree in map(Path, sys.argv[1:]):
        known = ""
        for name, search in WAYS.items():
            began = time.perf_counter()
            try:
                text = search(tree)
            except ImportError as error:
                print(f"{tree.name:12} {name:28} left out: {error}")
                continue
            found = hashlib.sha256(text.encode()).hexdigest()[:16]
            known = known or found
            differs |= found != known
            verdict = "" if found == known else "  DIFFERS"
            print(f"{tree.name:12} {name:28} {found} {time.perf_counter() - began:7.1f} s{verdict}", flush=True)
    return int(differs)


def document(tree: Path, **options: Any) -> str:
    """Return all that a search of a tree says."""
    analysis = pipeline.analyse(config.load(tree), now=1_790_000_000, **{"cache": False, **options})
    graph = analysis.graph
    failures = [(item.span, item.message, sorted(item.mentions)) for item in graph.failures]
    rest = (failures, graph.wrappers, analysis.commented)
    return render.as_json(graph.references, graph, analysis.counts, ()) + repr(rest)


@contextmanager
def everything_in_parallel() -> Iterator[None]:
    """Share out any work, however little."""
    with mock.patch.object(link, "PARALLEL_FROM", dict.fromkeys(link.PARALLEL_FROM, 1)):
        yield


def in_processes(jobs: int) -> Callable[[Path], str]:
    """Return a search with so many processes of our own."""

    def search(tree: Path) -> str:
        with everything_in_parallel():
            return document(tree, jobs=jobs)

    return search


def started_by(method: str) -> Callable[[Path], str]:
    """Return a search in processes that are started in one way."""

    def search(tree: Path) -> str:
        with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context(method)) as pool:
            return document(tree, executor=pool)

    return search


def in_threads(tree: Path) -> str:
    """Search with threads for an executor."""
    with ThreadPoolExecutor(3) as pool:
        return document(tree, executor=pool)


def remembered(tree: Path) -> str:
    """Search once, and then from the cache."""
    document(tree, cache=True)
    with mock.patch.object(pipeline, "find_references", side_effect=AssertionError("it was searched again")):
        return document(tree, cache=True)


def read_whole(tree: Path) -> str:
    """Search with each file parsed as a whole."""
    from reference_kit import whole_files

    with mock.patch.object(program, "read_unit", whole_files.read_unit):
        return document(tree, jobs=1)


def with_libcst(tree: Path) -> str:
    """Search with libcst as the only parser."""
    with mock.patch.object(ast_statements, "extract", side_effect=UnsureError):
        return document(tree, jobs=1)


def on_a_cluster(tree: Path) -> str:
    """Search on a local cluster of three worker processes, of which one is killed when the first answer is there."""
    import distributed

    with (
        distributed.LocalCluster(n_workers=3, threads_per_worker=1, dashboard_address=None, silence_logs=50) as cluster,
        distributed.Client(cluster) as client,
    ):
        killed: list[int] = []

        def kill_one(done: int, _: int) -> None:
            if done and not killed:
                killed.append(next(iter(client.run(os.getpid).values())))
                os.kill(killed[0], signal.SIGKILL)

        with client.get_executor(pure=False) as executor:
            return document(tree, executor=executor, progress=kill_one)


WAYS: dict[str, Callable[[Path], str]] = {
    "one process": lambda tree: document(tree, jobs=1),
    "two processes": in_processes(2),
    "four processes": in_processes(4),
    "processes by spawn": started_by("spawn"),
    "threads": in_threads,
    "a cluster that loses a worker": on_a_cluster,
    "remembered": remembered,
    "files read whole": read_whole,
    "libcst alone": with_libcst,
}

if __name__ == "__main__":
    sys.exit(main())
