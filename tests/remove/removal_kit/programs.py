"""Random programs around one flag, in every shape that a removal folds, follows or prunes.

Programs are finite: every loop asks `spin()`, which says stop after a few rounds. The flag is `k`, pinned to a boolean
or, in `flags.variation`, to one of three words.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

WORDS = ("red", "green", "blue")


@dataclass
class Writer:
    """Writes one program, making every choice with `random`."""

    random: Random
    lines: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=lambda: ["u"])
    own: list[str] = field(default_factory=lambda: ["u"])  # those that may be rebound here: no read comes before
    functions: list[str] = field(default_factory=list)
    depth: int = 0
    counter: int = 0
    in_loop: bool = False
    size: int = 120  # lines of a function, beyond which only simple statements are written
    budget: int = 120
    constants: bool = True  # whether constants and arguments with effects stand in conditions
    in_function: bool = False
    kind: str = "plain"
    wrappers: list[str] = field(default_factory=list)  # expressions that read the flag through something else
    helpers: list[str] = field(default_factory=list)  # private functions that want to be given the flag
    flag_locals: list[str] = field(default_factory=list)

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def fresh(self, stem: str) -> str:
        self.counter += 1
        return f"{stem}{self.counter}"

    def emit(self, text: str) -> None:
        self.budget -= 1
        self.lines.append("    " * self.depth + text)

    # ------------------------------------------------------------------------------------------------- expressions

    def flag(self) -> str:
        options = ['flags.is_enabled("k")', 'flags.is_enabled("k", u)', "KEYED()", 'not flags.is_enabled("k")']
        options += self.wrappers
        options += self.flag_locals * 2
        options += [self.word_test() for _ in range(2)]
        if self.chance(0.04) and self.constants:
            return f'flags.is_enabled("k", {self.effect()})'
        return self.random.choice(options).replace("KEYED()", "flags.is_enabled(KEY)")

    def word_test(self) -> str:
        word = f'"{self.random.choice(WORDS)}"'
        return self.random.choice(
            [
                f'flags.variation("v") == {word}',
                f'flags.variation("v") != {word}',
                'flags.variation("v") in ("red", "blue")',
                'flags.variation("v") not in {"red"}',
                f'flags.details("v").value == {word}',
                f'flags.details("v").variant == {word}',
                f'flags.variant("v").name == {word}',
                f'flags.variation("v").startswith({word[:2]}")',
            ]
        )

    def effect(self) -> str:
        return f"e{self.random.randrange(4)}({self.random.choice([*self.names, '1', '0'])})"

    def atom(self) -> str:
        constants = ["1", "0", "''"] if self.constants else []
        return self.random.choice([*self.names, *constants, "u"]) if self.chance(0.5) else self.effect()

    def condition(self, level: int = 2) -> str:
        if level == 0 or self.chance(0.2):
            return self.flag() if self.chance(0.6) else self.atom()
        roll = self.random.randrange(9)
        if roll < 2:
            return f"not {self.operand(level - 1)}"
        if roll < 7:
            word = self.random.choice(["and", "or"])
            count = self.random.choice([2, 2, 3])
            return f" {word} ".join(self.operand(level - 1) for _ in range(count))
        if roll == 7:
            return f"{self.operand(level - 1)} if {self.operand(level - 1)} else {self.operand(level - 1)}"
        return self.random.choice(
            [f"bool({self.condition(level - 1)})", f"{self.flag_call()} is True", f"{self.flag_call()} == False"]
        )

    def flag_call(self) -> str:
        return 'flags.is_enabled("k")'

    def operand(self, level: int) -> str:
        inner = self.condition(level)
        plain = inner.replace("_", "a").replace(".", "a")
        return inner if plain.isalnum() or (inner.endswith(")") and " " not in inner) else f"({inner})"

    def value(self) -> str:
        roll = self.random.randrange(18)
        if roll < 4:
            return self.atom()
        if roll < 6:
            return self.condition()
        if roll == 6:
            return f"{self.operand(1)} if {self.operand(1)} else {self.operand(1)}"
        if roll == 7:
            return f"[i for i in pair({self.atom()}) if {self.operand(1)}]"
        if roll == 8:
            flag = "flags.is_enabled('k')"
            return f"f\"{{{self.random.choice(['u', flag])}}} {{'a' if {flag} else 'b'}}\""
        if roll == 9:
            return f"(lambda z: {self.condition(1)})({self.atom()})"
        if roll == 10:
            return f'{{"red": {self.atom()}, "green": {self.atom()}, "blue": 3}}[flags.variation("v")]'
        if roll == 11:
            return f"any([{self.operand(1)}, {self.flag()}])"
        if roll == 12:
            return f"{self.random.choice(['e0', 'e1'])}({self.condition(1)}, {self.flag()})"
        if roll == 13:
            return f"all(({self.operand(1)}, {self.flag()}))"
        if roll == 14:
            made = self.random.choice(["sorted", "set", "any"])
            return f"{made}(1 for i in pair({self.atom()}) if {self.operand(1)})"
        if roll == 15:
            return f"{{i: {self.operand(1)} for i in pair({self.atom()}) for j in pair(i) if {self.operand(1)}}}"
        if roll == 16:
            word = 'flags.variation("v")'
            called = self.random.choice([f"TABLE[{word}]", f"TABLE.get({word}, e3)", f"(e0 if {self.flag()} else e1)"])
            return f"{called}(u)"
        return f"{self.random.choice(self.helpers)}({self.atom()})" if self.helpers else self.atom()

    # -------------------------------------------------------------------------------------------------- statements

    def block(self, size: int, *, loop: bool | None = None) -> None:
        before = (list(self.names), self.in_loop, list(self.flag_locals))
        if loop is not None:
            self.in_loop = loop
        self.depth += 1
        for _ in range(self.random.randint(1, size)):
            self.statement()
        self.depth -= 1
        self.names, self.in_loop, self.flag_locals = before

    def statement(self) -> None:
        deep = self.depth >= 4
        roll = self.random.randrange(34)
        if roll < 5 or deep or self.budget < 0:
            self.simple()
        elif roll < 13:
            self.conditional()
        elif roll < 15:
            self.loop()
        elif roll == 15:
            self.attempt()
        elif roll == 16:
            self.emit(f"with {self.random.choice(['swallow()', 'plain()'])}:")
            self.block(2)
        elif roll == 17:
            self.match()
        elif roll == 18:
            self.nested()
        elif roll == 19:
            self.emit(f"assert {self.condition()}, {self.effect()}")
        elif roll < 23:
            self.local()
        elif roll == 23:
            name = self.fresh("w")
            self.emit(f"if ({name} := {self.condition(1)}):")
            self.block(2)
        elif roll == 24:
            self.emit(f"if {self.condition(1)}: {self.effect()}; {self.effect()}")
        elif roll == 25:
            self.emit(f"{self.condition()}")
        elif roll == 26 and self.kind == "async":
            self.emit(f'if await flags.is_enabled_async("k"): await ae({self.atom()})')
        elif roll == 27 and self.kind in {"generator", "asyncgen"}:
            self.emit(f"yield {self.value()}")
        elif roll == 28 and self.kind == "generator":
            self.emit(f"x = yield from pair({self.value()})")
        elif roll == 29 and self.kind in {"async", "asyncgen"}:
            self.emit(f"async with later_plain({self.atom()}):")
            self.block(2)
        elif roll == 30 and self.kind in {"async", "asyncgen"}:
            self.emit(f"async for {self.fresh('i')} in later_pair({self.atom()}):")
            self.block(2, loop=True)
        elif roll == 31 and "u" in self.own:
            self.emit(f"u = {self.flag()} and {self.effect()} or {self.atom()}")
        elif roll == 32 and "u" in self.own:
            chosen = f"u if {self.operand(1)} else {self.atom()}"
            self.emit(f"u = {chosen}" if self.chance(0.7) else f"u += 1 if {self.operand(1)} else 2")
        else:
            self.simple()

    def simple(self) -> None:
        roll = self.random.randrange(12)
        if roll < 4:
            self.emit(self.effect())
        elif roll < 6:
            name = self.random.choice([*(name for name in self.names if name in self.own), self.fresh("x")])
            self.emit(f"{name} = {self.value()}")
            if name not in self.names:
                self.names.append(name)
                self.own.append(name)
        elif roll == 6:
            self.emit(f"e1({self.value()})")
        elif roll == 7 and self.in_loop:
            self.emit(self.random.choice(["break", "continue"]))
        elif roll == 8:
            self.emit("raise ValueError(u)" if self.chance(0.4) else f"e2({self.value()})")
        elif roll == 9:
            self.leave()
        else:
            self.emit(self.effect())

    def leave(self) -> None:
        if self.kind == "asyncgen":
            self.emit("return")
        else:
            self.emit(f"return {self.value()}")

    def local(self) -> None:
        name = self.fresh("on")
        self.emit(f"{name} = {self.flag_call()}" if self.chance(0.7) else f"{name} = {self.flag()}")
        self.flag_locals.append(name)

    def conditional(self) -> None:
        self.emit(f"if {self.condition()}:")
        self.block(3)
        while self.chance(0.3):
            self.emit(f"elif {self.condition()}:")
            self.block(2)
        if self.chance(0.5):
            self.emit("else:")
            self.block(2)

    def loop(self) -> None:
        if self.chance(0.5):
            name = self.fresh("i")
            self.emit(f"for {name} in pair({self.atom()}):")
        else:
            self.emit(f"while {self.condition()}:")
            self.depth += 1
            self.emit("if spin(): break" if self.chance(0.6) else "spin(2)")
            self.depth -= 1
        self.block(3, loop=True)
        if self.chance(0.3):
            self.emit("else:")
            self.block(2, loop=False)

    def attempt(self) -> None:
        self.emit("try:")
        if self.chance(0.3):
            self.depth += 1
            name = self.fresh("on")
            self.emit(f"{name} = {self.flag_call()}")
            self.depth -= 1
            self.emit("except Exception:")
            self.depth += 1
            self.emit(f"{name} = False")
            self.depth -= 1
            self.flag_locals.append(name)
            return
        self.block(3)
        final = self.chance(0.4)
        if not final or self.chance(0.5):
            self.emit(f"except {self.random.choice(['ValueError', 'Exception'])}:")
            self.block(2)
            if self.chance(0.3):
                self.emit("else:")
                self.block(2)
        if final:
            self.emit("finally:")
            before = self.in_loop, self.kind
            self.in_loop = False
            self.depth += 1
            self.emit(self.effect() if self.chance(0.6) else f"if {self.condition(1)}: {self.effect()}")
            self.depth -= 1
            self.in_loop, self.kind = before

    def match(self) -> None:
        self.emit(
            f"match {self.random.choice(['flags.variation(' + chr(34) + 'v' + chr(34) + ')', self.flag_call(), 'u'])}:"
        )
        self.depth += 1
        for word in self.random.sample(WORDS, self.random.randint(1, 2)):
            guard = f" if {self.condition(1)}" if self.chance(0.3) else ""
            pattern = f'"{word}" | "grey"' if self.chance(0.3) else self.random.choice([f'"{word}"', "True", "False"])
            self.emit(f"case {pattern}{guard}:")
            self.block(2)
        if self.chance(0.6):
            name = self.fresh("m")
            if self.chance(0.4):
                self.emit(f"case {name}:")
                self.names.append(name)
                self.block(2)
                self.names.remove(name)
            else:
                self.emit("case _:")
                self.block(2)
        self.depth -= 1

    def nested(self) -> None:
        name = self.fresh("g")
        saved = self.kind, self.in_loop, list(self.names), self.own
        self.own = []
        self.emit(f"def {name}():")
        self.kind, self.in_loop = "plain", False
        changes = self.random.choice(["", "", "u"])
        self.depth += 1
        if changes and self.in_function:
            self.emit(f"nonlocal {changes}")
            self.own = [changes]
            if self.chance(0.7):
                self.emit(f"if {self.condition(1)}: u = {self.effect()}")
        self.depth -= 1
        self.block(3)
        self.kind, self.in_loop, self.names, self.own = saved
        self.emit(f"e3({name}())")

    # ---------------------------------------------------------------------------------------------------- functions

    def function(self) -> None:
        name = self.fresh("f")
        self.budget = self.size
        self.kind = self.random.choice(["plain", "plain", "plain", "plain", "generator", "async", "asyncgen"])
        start = "async def" if self.kind in {"async", "asyncgen"} else "def"
        default = f", on={self.flag_call()}" if self.chance(0.1) else ""
        self.emit(f"{start} {name}(u{default}):")
        self.names, self.own, self.in_function, self.flag_locals = ["u"], ["u"], True, []
        if self.chance(0.1):
            self.depth += 1
            self.emit('"""Does something."""')
            self.depth -= 1
        if self.kind in {"generator", "asyncgen"}:
            self.depth += 1
            self.emit(f"if {self.condition(1)}:")
            self.emit(f"    yield {self.atom()}")
            self.depth -= 1
        self.block(6)
        self.emit("")
        self.emit("")
        self.functions.append(f"{self.kind}:{name}")
