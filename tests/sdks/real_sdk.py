"""Holds what a pack says against the SDK itself: every name leads somewhere, every argument is where the pack says."""

from __future__ import annotations

import importlib
import inspect
import os
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from flaglint.refs.packs import read_pack
from flaglint.rulesdata import rules_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from types import ModuleType

    from flaglint.refs.spec import Argument, Call, Pack

BY_POSITION = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


def pack_called(name: str) -> Pack:
    return read_pack(Path(rules_folder() / "sdks" / f"{name}.yaml"))


def installed(module: str, distribution: str) -> ModuleType:
    """Return the module of an SDK, or skip with the command that installs it.

    Where FLAGLINT_REQUIRE_SDKS is set, as where all of them are installed on purpose, nothing is skipped.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if os.environ.get("FLAGLINT_REQUIRE_SDKS"):
            return importlib.import_module(module)
        return pytest.importorskip(
            module,
            reason=f"{distribution} is not installed, so its pack is not checked: pip install {distribution}",
            exc_type=ImportError,
        )


@dataclass
class RealSdk:
    """A pack and the SDK that it describes.

    `results` says what a call or an attribute of the SDK gives, by its qualified name, where no annotation tells:
    `{"ldclient.get": ldclient.client.LDClient}`. `absent` are names of other distributions than the one installed.
    """

    pack: Pack
    results: Mapping[str, Any] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()

    # ----------------------------------------------------------------------------------------------------- checking

    def check(self) -> None:
        """Fail with every name that leads nowhere and every argument that is not where the pack says."""
        if problems := list(self.problems()):
            pytest.fail("\n".join(problems), pytrace=False)

    def problems(self) -> Iterator[str]:
        pack = self.pack
        yield from self.unknown_names()
        for call in pack.calls:
            for name in call.functions:
                yield from self.of_callable(name, call.key, call.default, is_coroutine=call.coroutine)
            for method in call.methods:
                yield from self.of_method(method, call)
        described = [
            *((item.constructors, item.key, item.default) for item in pack.objects),
            *((item.functions, item.key, item.state) for item in pack.decorators),
            *((item.functions, item.key or item.mapping, item.value) for item in pack.overrides),
            *((item.calls, item.key, item.default) for item in pack.declarations),
        ]
        for names, key, other in described:
            for name in names:
                yield from self.of_callable(name, key, other)
        for method in (method for export in pack.exports for method in export.methods):
            if not any(hasattr(client, method) for client in self.clients()):
                yield f"no client has `{method}`"

    def unknown_names(self) -> Iterator[str]:
        pack = self.pack
        named = [
            *pack.clients,
            *(name for call in pack.calls for name in (*call.functions, *call.clients)),
            *(name for item in pack.objects for name in item.constructors),
            *(name for item in pack.attributes for name in item.bases),
            *(name for item in pack.decorators for name in item.functions),
            *(name for item in pack.overrides for name in item.functions),
            *(name for item in pack.declarations for name in item.calls),
            *(name for item in pack.exports for name in item.functions),
            *(name for item in pack.rows for name in item.models),
        ]
        for name in dict.fromkeys(named):
            if name not in self.absent:
                try:
                    self.resolve(name)
                except (ImportError, AttributeError) as error:
                    yield f"`{name}` leads nowhere: {error}"
        for item in pack.attributes:
            for base in item.bases:
                for name in item.names:
                    if not hasattr(self.resolve(base), name):
                        yield f"`{base}` has no attribute `{name}`"
        for item in pack.objects:
            for constructor in item.constructors:
                if constructor not in self.absent:
                    made = self.result(constructor)
                    if not any(hasattr(made, read.name) for read in item.reads):
                        yield f"what `{constructor}` makes has none of {[read.name for read in item.reads]}"

    def of_method(self, method: str, call: Call) -> Iterator[str]:
        """Yield what is wrong with a method; it must be one of at least one client, and right for all that have it."""
        names = [name for name in call.clients or self.pack.clients if name not in self.absent]
        having = [name for name in names if hasattr(self.result(name), method)]
        if not having:
            yield f"no client has a method `{method}`"
        if call.clients and len(having) != len(names):
            yield f"not all of {names} have a method `{method}`"
        for name in having:
            function = getattr(self.result(name), method)
            yield from self.of_function(
                f"{name}.{method}", function, call.key, call.default, skip=1, is_coroutine=call.coroutine
            )

    def of_callable(
        self, name: str, key: Argument | None, other: Argument | None, *, is_coroutine: bool = False
    ) -> Iterator[str]:
        if name in self.absent:
            return
        function = self.resolve(name)
        owner, _, _ = name.rpartition(".")
        is_method = inspect.isfunction(function) and inspect.isclass(self._owner(owner))
        yield from self.of_function(name, function, key, other, skip=int(is_method), is_coroutine=is_coroutine)

    def of_function(
        self,
        name: str,
        function: Callable[..., Any],
        key: Argument | None,
        other: Argument | None,
        *,
        skip: int,
        is_coroutine: bool,
    ) -> Iterator[str]:
        signature = inspect.signature(function)
        parameters = list(signature.parameters.values())
        if parameters and parameters[0].name != "self" and not inspect.ismethoddescriptor(function):
            skip = 0
        for argument in (key, other):
            if argument is not None:
                yield from self.of_argument(f"{name}{signature}", parameters[skip:], argument)
        if inspect.iscoroutinefunction(function) != is_coroutine:
            yield f"`{name}` is {'a' if not is_coroutine else 'no'} coroutine function"

    def of_argument(self, where: str, parameters: list[inspect.Parameter], argument: Argument) -> Iterator[str]:
        by_name = {parameter.name: parameter for parameter in parameters}
        takes_any = any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters)
        if argument.keyword and argument.keyword not in by_name and not takes_any:
            yield f"{where} has no parameter `{argument.keyword}`"
        if argument.position is None:
            return
        positional = [parameter for parameter in parameters if parameter.kind in BY_POSITION]
        if argument.position >= len(positional):
            yield f"{where} has no positional parameter {argument.position}"
        elif argument.keyword and positional[argument.position].name != argument.keyword:
            yield f"{where}: parameter {argument.position} is `{positional[argument.position].name}`"

    # ---------------------------------------------------------------------------------------------------- resolving

    def clients(self) -> Iterator[Any]:
        """Yield what each client of the pack is."""
        for name in self.pack.clients:
            if name not in self.absent:
                yield self.result(name)

    def result(self, name: str) -> Any:
        """Return the class of what calling (or reading) a qualified name gives."""
        if name in self.results:
            return self.results[name]
        found = self.resolve(name)
        if inspect.isclass(found):
            return found
        annotation = inspect.signature(found).return_annotation
        if not inspect.isclass(annotation):
            raise AttributeError(f"nothing says what `{name}` gives: name it in `results`")
        return annotation

    def resolve(self, name: str) -> Any:
        """Return what a qualified name leads to; a step behind a call goes on with what the call gives."""
        owner, _, last = name.rpartition(".")
        if not owner:
            return importlib.import_module(name)
        if name in self.results and inspect.isclass(self._owner(owner)) and not hasattr(self._owner(owner), last):
            return self.results[name]  # an attribute that only instances have
        return getattr(self._owner(owner), last)

    def _owner(self, name: str) -> Any:
        try:
            return importlib.import_module(name)
        except ImportError:
            found = self.resolve(name)
        if inspect.isclass(found) or inspect.ismodule(found):
            return found
        return self.result(name)
