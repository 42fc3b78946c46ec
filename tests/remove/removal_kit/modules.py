"""Random programs of two modules: wrappers, classes, private functions and constants around what `programs` writes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from removal_kit.programs import WORDS, Writer

if TYPE_CHECKING:
    from random import Random


@dataclass(frozen=True)
class Program:
    """The sources of a program by their paths, and what its two flags are pinned to: `k` and `v`."""

    files: dict[str, str]
    enabled: bool
    word: str

    @property
    def source(self) -> str:
        """All files, for people."""
        return "\n".join(f"### {path}\n{text}" for path, text in self.files.items())


def program(random: Random, size: int = 60, *, constants: bool = True) -> Program:
    """Make up a program whose functions have about `size` lines at most.

    Without `constants`, nothing in it is there for both flags: no constants beside them, no class that keeps one.
    """
    writer = ModuleWriter(random, size=size, constants=constants)
    files = {"gates.py": writer.gates(), "program.py": writer.write()}
    return Program(files, random.random() < 0.5, random.choice(WORDS))


class ModuleWriter(Writer):
    """Writes what stands at the top level of the two modules."""

    def gates(self) -> str:
        """Return a module of wrappers."""
        lines = [
            "import flags",
            "from effects import ae, e0, e1, e2, e3, later_pair, later_plain, pair, plain, spin, swallow",
            "",
            'KEY = "k"',
            "",
        ]
        shapes = [
            ("gates.on()", ["def on(user=None):", "    return flags.is_enabled(KEY)"]),
            ("gates.off(u)", ["def off(user):", "    return not flags.is_enabled(KEY, user)"]),
            ("gates.either(e2(u))", ["def either(user):", '    return flags.is_enabled("k", user)']),
            ("gates.short()", ['short = lambda: flags.is_enabled("k")']),
            ('gates.generic("k")', ["def generic(key):", "    return flags.is_enabled(key)"]),
            ("gates.loud(u)", ["def loud(user):", "    e1(user)", '    return flags.is_enabled("k")']),
            (
                "gates.guarded()",
                [
                    "def guarded():",
                    "    try:",
                    "        return flags.is_enabled(KEY)",
                    "    except Exception:",
                    "        return False",
                ],
            ),
            ('gates.word() == "red"', ["def word():", '    return flags.variation("v")']),
            ("gates.Gate.ON", ["class Gate:", '    ON = flags.is_enabled("k")', "    LIMIT = 3"]),
            (
                "gates.Switch(u).on",
                [
                    "class Switch:",
                    "    def __init__(self, user):",
                    "        self.user = user",
                    "",
                    "    @property",
                    "    def on(self):",
                    '        return flags.is_enabled("k", self.user)',
                ],
            ),
        ]
        for use, definition in self.random.sample(shapes, self.random.randint(0, 3)):
            lines += ["", *definition, ""]
            self.wrappers.append(use)
        return "\n".join(lines).rstrip("\n") + "\n"

    def write(self) -> str:
        """Return the program itself."""
        for line in (
            "import flags",
            "import gates",
            "from effects import ae, e0, e1, e2, e3, later_pair, later_plain, pair, plain, spin, swallow",
            "",
            'KEY = "k"',
            "COUNT = 0",
        ):
            self.emit(line)
        self.emit('TABLE = {"red": e0, "green": e1, "blue": e2}')
        if self.chance(0.3):
            self.emit("ON = flags.is_enabled(KEY)")
            self.flag_locals.append("ON")
        module_flags = list(self.flag_locals)
        self._gap()
        parts = [self._wrapper, self._helper]
        if self.constants:
            parts += [self._branching, self._class]
        for part in parts:
            if self.chance(0.3):
                part()
                self._gap()
                self.flag_locals = list(module_flags)
        for _ in range(self.random.randint(1, 2)):
            self.function()
            self.flag_locals = list(module_flags)
        self.emit(f"FUNCTIONS = {list(self.functions)!r}")
        return "\n".join(self.lines) + "\n"

    def _gap(self) -> None:
        self.lines += ["", ""]

    def _wrapper(self) -> None:
        self.emit("def enabled():")
        self.emit(f"    return {self.random.choice([self.flag_call(), 'not ' + self.flag_call()])}")
        self.wrappers.append("enabled()")

    def _branching(self) -> None:
        """Functions that the flag chooses when the module is imported."""
        test = re.sub(r"\bu\b", "1", self.condition(1)) if self.chance(0.2) else self.flag_call()
        self.emit(f"if {test}:")
        self.emit("    def pick(u):")
        self.emit(f"        return {self.effect()}")
        self.emit("else:")
        self.emit("    def pick(u):")
        self.emit("        return e1(u)")
        self.helpers.append("pick")

    def _helper(self) -> None:
        """A private function that is given the flag by every caller."""
        name = self.fresh("_p")
        on = self.random.choice(["on", "*, on", "on=False"])
        self._body(f"def {name}(u, {on}):", ["on"])
        self._gap()
        given = f"on={self.flag_call()}" if "*" in on or self.chance(0.5) else self.flag_call()
        caller = self.fresh("f")
        self.emit(f"def {caller}(u):")
        self.emit(f"    e0({name}(u, {given}))")
        self.emit(f"    return {name}({self.effect()}, {given})")
        self.functions.append(f"plain:{caller}")

    def _class(self) -> None:
        """A class that keeps the flag in an attribute, a property or a method."""
        name = self.fresh("C")
        self.emit(f"class {name}:")
        self.depth += 1
        self.emit(f"LEVEL = {self.flag_call()}")
        self.emit("")
        self.emit("def __init__(self, u):")
        self.emit("    self.u = u")
        self.emit(f"    self.on = {self.flag_call()}")
        self.emit("")
        self.emit("@property")
        self.emit("def _ready(self):")
        self.emit(f"    return {self.random.choice(['', 'not '])}{self.flag_call()}")
        self.emit("")
        self.emit("def _is_on(self, level):")
        self.emit(f"    return {self.flag_call()}")
        self.emit("")
        self._body("def run(self, u):", ["self.on", "self._ready", "self._is_on(u)", "self.LEVEL"])
        self.depth -= 1
        self._gap()
        caller = self.fresh("f")
        self.emit(f"def {caller}(u):")
        self.emit(f"    return {name}(u).run(u)")
        self.functions.append(f"plain:{caller}")

    def _body(self, header: str, flags: list[str]) -> None:
        self.kind, self.in_function, self.budget = "plain", True, self.size // 2
        self.names, self.own = ["u"], ["u"]
        self.flag_locals = self.flag_locals + flags
        self.emit(header)
        if self.chance(0.3):
            self.emit("    global COUNT")
            self.emit(f"    if {self.flag_call()}: COUNT = {self.effect()}")
            self.emit("    e2(COUNT)")
        self.block(4)
