"""What is known of the files of a project as they are: their texts, their modules, who imports whom, and who says what.

It is found out when someone asks, and kept: many removals of one project, and the attempts of each, share it. Nothing
here changes while a removal rewrites the files; that is in `project`.
"""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

from flaglint.patterns import late
from flaglint.refs.program import module_name
from flaglint.remove.bytewise import has_star, inheriting, is_quoted
from flaglint.remove.draft import Parses
from flaglint.remove.footprint import Footprint
from flaglint.remove.hierarchy import Hierarchy
from flaglint.remove.import_lines import import_lines, may_import
from flaglint.remove.search import Search
from flaglint.remove.spelled import imported_words
from flaglint.source import Text, decode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import TypeAlias

    from flaglint.remove.index import Index

    Import: TypeAlias = tuple[int, str, tuple[str, ...]]  # its level, the module, the names

_PYTHON = (".py", ".pyw")
_SETTINGS = (".toml", ".cfg", ".ini", ".yaml", ".yml", ".json", ".html", ".jinja", ".j2", ".txt", ".xml", ".pyi")
_TEMPLATES = (".html", ".htm", ".jinja", ".jinja2", ".j2", ".txt", ".xml")
_PROSE = (".md", ".rst", ".adoc", ".ipynb", ".sh")
_STAR = late(r"^[ \t]*from[ \t]+(\.*)([\w.]*)[ \t]+import[ \t]*\(?[ \t]*\*", re.MULTILINE)


class Sources:
    """The files of a project as they are. `roots` are the folders below which modules have their names.

    What an `index` of all these files tells is not looked for in them.
    """

    def __init__(
        self, files: Mapping[str, bytes], roots: tuple[str, ...] = ("", "src/"), index: Index | None = None
    ) -> None:
        self._bytes = files
        self.files: Mapping[str, bytes] = _Noted(files, self)
        self.footprint = Footprint()
        self.roots = roots
        self.index = index
        self.parses = Parses()
        self._before: Sources | None = None  # what this differs from in some files
        self._differing: frozenset[str] = frozenset()
        self._texts: dict[str, Text] = {}
        self._searches: dict[str, Search] = {}
        self._patching: dict[str, tuple[str, ...]] = {}
        self._packages: dict[str, str] = {}  # the dotted name of the one in each folder
        self._naming: dict[str, list[str]] = {}
        self._readers: dict[tuple[str, str], tuple[str, ...]] = {}
        self._importing: dict[str, dict[str, bool]] = {}
        self._import_lines: dict[str, tuple[Import, ...]] = {}
        self._words: dict[str, list[frozenset[str]]] = {}
        self._holding: dict[str, frozenset[str] | None] = {}  # as the index says
        self._modules_noted: dict[str, tuple[str, str]] = {}
        self.hierarchy = Hierarchy(self)

    def changed(self, contents: Mapping[str, bytes]) -> Sources:
        """Return the same project with other bytes in some files; what is known of the others is not found out anew."""
        made = Sources(ChainMap(dict(contents), self._bytes), self.roots)  # type: ignore[arg-type] # it is only read
        made._before, made._differing = self, frozenset(contents)
        made.parses = self.parses
        made._texts = {path: text for path, text in self._texts.items() if path not in contents}
        made._import_lines = {path: found for path, found in self._import_lines.items() if path not in contents}
        known = self.hierarchy.by_path
        made.hierarchy = Hierarchy(made, {path: known[path] for path in known if path not in contents})
        return made

    @cached_property
    def python(self) -> tuple[str, ...]:
        """The Python files, sorted."""
        if self._before is not None and all(path in self._before.files for path in self._differing):
            return self._before.python
        return tuple(sorted(path for path in self.files if path.endswith(_PYTHON)))

    @cached_property
    def _conftests(self) -> tuple[str, ...]:
        return tuple(path for path in self.python if path.endswith("conftest.py"))

    def conftests(self, path: str) -> Iterator[str]:
        """Yield the files of fixtures that a test in `path` may ask for, itself among them if it is one."""
        return (other for other in self._conftests if path.startswith(other.removesuffix("conftest.py")))

    @cached_property
    def settings(self) -> tuple[str, ...]:
        """The files that are no Python and may name what is in it, sorted."""
        return tuple(sorted(path for path in self.files if path.endswith(_SETTINGS + _PROSE)))

    @cached_property
    def _folders(self) -> frozenset[str]:
        return frozenset(path.rpartition("/")[0] for path in self.files if path.endswith("/__init__.py"))

    @cached_property
    def modules(self) -> dict[str, str]:
        """The path of each module of the project, by its dotted name."""
        if self._before is not None and self.python is self._before.python:
            return self._before.modules
        found: dict[str, str] = {}
        for path in self.python:
            found.setdefault(self.name_of(path), path)
        return found

    def name_of(self, path: str) -> str:
        """Return the dotted name of the module in `path`."""
        folder, _, leaf = path.rpartition("/")
        if leaf == "__init__.py":
            package = self._package_of(folder)
        elif (package := self._package_of(folder)) and leaf.endswith(".py"):
            package = f"{package}.{leaf.removesuffix('.py')}"
        else:
            package = ""
        return package or module_name(path, lambda other: other.rpartition("/")[0] in self._folders, self.roots)[0]

    def _package_of(self, folder: str) -> str:
        """Return the dotted name of the package in a folder, or an empty text when it is none."""
        if folder not in self._packages:
            above, _, last = folder.rpartition("/")
            outer = self._package_of(above) if above else ""
            self._packages[folder] = (f"{outer}.{last}" if outer else last) if folder in self._folders else ""
        return self._packages[folder]

    def text(self, path: str) -> Text | None:
        """Return the decoded file, or None when it has no text."""
        self.footprint.read.add(path)
        if path not in self._texts:
            data = self._bytes.get(path)
            found = decode(path, data) if data is not None else None
            if not isinstance(found, Text):
                return None
            self._texts[path] = found
        return self._texts[path]

    def with_word(self, word: str, *, passing_over: bool = False) -> tuple[str, ...]:
        """Return the Python files whose bytes hold `word`, sorted; see `search` for `passing_over`."""
        return self.search(word, passing_over=passing_over).all()

    def holding(self, word: str, first: Iterable[str] = (), *, passing_over: bool = False) -> Iterator[str]:
        """Yield what `with_word` returns, those of `first` before all others; no file is read before it is asked for.

        For questions that one file can answer.
        """
        return self.search(word, passing_over=passing_over).some(first)

    def search(self, word: str, *, passing_over: bool = False) -> Search:
        """Return the search for the Python files that hold a word.

        Who is `passing_over` files reads none of those in which the word is neither that of an import, before a quote
        or a base class, nor beside the name of its module: see `Footprint`.
        """
        (self.footprint.names if passing_over else self.footprint.words).add(word)
        if word not in self._searches:
            before = self._before.search(word, passing_over=True) if self._before is not None else None
            known = self.index.holding(word) if self.index is not None else None
            self._searches[word] = Search(word, self.python, self._bytes, before, self._differing, known)
        return self._searches[word]

    def patching(self, name: str) -> tuple[str, ...]:
        """Return the Python files in which a quote follows `name`, and something may be replaced by its name."""
        self.footprint.names.add(name)
        if name not in self._patching:
            needle = name.encode()
            some = frozenset(self.index.patching) if self.index is not None else None
            found = (path for path in self.with_word(name, passing_over=True) if some is None or path in some)
            self._patching[name] = tuple([path for path in found if is_quoted(self._bytes[path], needle)])
        self.footprint.read.update(self._patching[name])
        return self._patching[name]

    def spells(self, path: str, word: str, needles: Iterable[bytes]) -> bool:
        """Whether a file spells one of `needles`, which hold `word` each."""
        return self.may_hold(path, word) and any(needle in self._bytes[path] for needle in needles)

    def may_hold(self, path: str, word: str) -> bool:
        """Whether a file may hold a word, as far as that is known without reading it."""
        if self._before is not None:
            return path in self._differing or self._before.may_hold(path, word)
        if word not in self._holding:
            known = self.index.holding(word) if self.index is not None else None
            self._holding[word] = frozenset(known) if known is not None else None
        known_in = self._holding[word]
        return known_in is None or path in known_in

    def inheriting(self, base: str) -> Iterator[str]:
        """Yield the Python files in which a class may name `base` among its bases, sorted."""
        if self._before is not None:
            known: Iterable[str] | None = sorted({*self._before.inheriting(base), *self._differing} & {*self.python})
        else:
            known = self.index.inheriting(base) if self.index is not None else None
        inherits = inheriting([base.encode()])
        self.footprint.names.add(base)
        for path in self.holding(base, passing_over=True) if known is None else known:
            if inherits.search(self._bytes[path]) is not None:  # most that name it do not
                self.footprint.read.add(path)
                yield path

    def naming(self, target: str, name: str) -> list[str]:
        """Return the files that are no Python and spell `module:name` or `module.name` for a name of a module."""
        last = self.name_of(target).rpartition(".")[2]
        key = f"{last}.{name}"
        self.footprint.names.add(name)  # stubs are Python to who asks whether a plan stands
        self.note_module(target)
        if self._before is not None and self._differing.isdisjoint(self.settings):
            return self._before.naming(target, name)
        if key not in self._naming:
            found = self.index.spelling(f"{last}:{name}", key) if self.index is not None else None
            if found is None:
                needles = f"{last}:{name}".encode(), key.encode()
                files = self._bytes
                found = [path for path in self.settings if any(needle in files[path] for needle in needles)]
            self._naming[key] = found
        self.footprint.read.update(self._naming[key])
        return self._naming[key]

    def template_asking(self, name: str) -> str:
        """Return a template that asks some object for `name`, `{{ page.name }}`, or nothing."""
        asks = re.compile(rb"\{[{%%][^{}]*\.%b\b" % re.escape(name.encode()))
        files, needle = self._bytes, f".{name}".encode()
        templates = (path for path in sorted(files) if path.endswith(_TEMPLATES))
        return next((path for path in templates if needle in files[path] and asks.search(files[path])), "")

    def readers_of(self, target: str, name: str) -> tuple[str, ...]:
        """Return the files that hold `name` and may import the module `target`, that module first."""
        key = target, name
        self.footprint.names.add(name)
        self.note_module(target)
        if key not in self._readers:
            found = self.with_word(name, passing_over=True)
            own = (target,) if target in found else ()
            self._readers[key] = own + tuple(
                path for path in found if path != target and self.is_importer(path, target)
            )
        self.footprint.read.update(self._readers[key])
        return self._readers[key]

    def is_importer(self, path: str, target: str) -> bool:
        """Whether a file imports the module, something from it, or a package around it."""
        self.note_module(target)
        if self.index is not None:
            return path in self.index.importers(target)
        if self._before is not None and path not in self._differing and self.modules is self._before.modules:
            return self._before.is_importer(path, target)
        known = self._importing.setdefault(target, {})
        if path not in known:
            last = self.name_of(target).rpartition(".")[2]
            known[path] = self._may_import(path, target, last) and self._imports(path, target, last)
        return known[path]

    def note_module(self, target: str) -> None:
        """Note that it matters who imports a module, or spells its last name before one of the words."""
        if target not in self._modules_noted:
            folder = target.removesuffix("__init__.py") if target.endswith("/__init__.py") else ""
            self._modules_noted[target] = self.name_of(target).rpartition(".")[2], folder
        self.footprint.modules.add(self._modules_noted[target])

    @contextmanager
    def noting(self) -> Iterator[Footprint]:
        """Give what is looked at meanwhile; whoever noted before does so again afterwards, this with the rest."""
        around, own = self.footprint, Footprint()
        self.footprint = own
        try:
            yield own
        finally:
            self.footprint = around
            around.add(own)

    @cached_property
    def _packages_and_modules(self) -> frozenset[str]:
        """The dotted names of the modules and of all that is around them."""
        parts = [name.split(".") for name in self.modules]
        return frozenset([".".join(some[:size]) for some in parts for size in range(1, len(some) + 1)])

    def imported_by(self, path: str) -> Iterator[str]:
        """Yield the modules of which a file is an importer."""
        found: set[str] = set()
        known = self._packages_and_modules
        folder = path.rpartition("/")[0].replace("/", ".")
        for level, module, names in self._statements(path):
            first = module.partition(".")[0]
            if not level and first not in known and f"{folder}.{first}" not in known:
                continue  # it is from outside, as most are
            for name, depth in _dotted_names(level, module, names):
                target = self.resolve(path, name, depth)
                if not target or target in found:
                    continue
                last = self.name_of(target).rpartition(".")[2]
                if _may_name(last, level, module, names) and self._may_import(path, target, last):
                    found.add(target)
                    yield target

    def _may_import(self, path: str, target: str, last: str) -> bool:
        around = target.rpartition("/")[0] if target.endswith("__init__.py") else ""
        return bool(around and path.startswith(f"{around}/")) or may_import(self._bytes[path], last.encode())

    def _imports(self, path: str, target: str, last: str) -> bool:
        """Whether a file imports a module, something from it, or from what is in it; `last` is its last name."""
        return any(
            self.resolve(path, name, depth) == target
            for level, module, names in self._statements(path)
            if _may_name(last, level, module, names)
            for name, depth in _dotted_names(level, module, names)
        )

    def _statements(self, path: str) -> tuple[Import, ...]:
        if path not in self._import_lines:
            text = self.text(path)
            self._import_lines[path] = tuple(import_lines(text.text)) if text is not None else ()
        return self._import_lines[path]

    def resolve(self, path: str, module: str, level: int) -> str:
        """Return the path of the module that an import in `path` names, or an empty text for one from outside."""
        if level:
            parts = self.name_of(path).split(".")
            parts = parts[: len(parts) - level + path.endswith("__init__.py")]
            module = ".".join((*parts, *([module] if module else [])))
        elif module not in self.modules:
            folder = path.rpartition("/")[0].replace("/", ".")
            return self.modules.get(f"{folder}.{module}", "")
        return self.modules.get(module, "")

    def imported_with(self, path: str, word: str) -> frozenset[str]:
        """Return the words among which all names are that a file imports by a statement that holds `word`."""
        self.footprint.read.add(path)
        if path not in self._words:
            text = self.text(path)
            self._words[path] = imported_words(text.text) if text is not None else []
        return frozenset().union(*(words for words in self._words[path] if word in words))

    @cached_property
    def starring(self) -> tuple[str, ...]:
        """The Python files that have a star import."""
        if self.index is not None:
            return self.index.starring
        if self._before is None:
            return tuple([path for path in self.python if has_star(self._bytes[path])])
        changed = [path for path in self._differing if path in self.python and has_star(self._bytes[path])]
        return tuple(sorted({*changed, *(path for path in self._before.starring if path not in self._differing)}))

    def stars_of(self, target: str) -> Iterator[str]:
        """Yield the files that take all names of the module `target` by a star import."""
        last = self.name_of(target).rpartition(".")[2]
        self.footprint.read.update(self.starring)
        for path in self.starring:
            text = self.text(path) if last.encode() in self._bytes[path] else None
            for found in _STAR.finditer(text.text) if text is not None else ():
                if self.resolve(path, found[2], len(found[1])) == target:
                    yield path


def _may_name(last: str, level: int, module: str, names: Iterable[str]) -> bool:
    """Whether an import statement may name a module that is called `last`."""
    return bool(level) or last in module or any(last in name for name in names)


def _dotted_names(level: int, module: str, names: Iterable[str]) -> list[tuple[str, int]]:
    """Return the names, with the level of each, that may be those of modules in an import statement."""
    found = [(module, level), *((f"{module}.{name}" if module else name, level) for name in names)]
    parts = module.split(".") if not level else []
    return found + [(".".join(parts[:length]), 0) for length in range(1, len(parts))]


class _Noted(Mapping[str, bytes]):
    """Files, of which is noted who is read."""

    def __init__(self, files: Mapping[str, bytes], sources: Sources) -> None:
        self._files = files
        self._sources = sources

    def __getitem__(self, path: str) -> bytes:
        self._sources.footprint.read.add(path)
        return self._files[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    def __contains__(self, path: object) -> bool:
        return path in self._files
