"""Every way that an evaluation can go: its questions are answered one way after the other, until none is left.

A walk through a flag's rules asks instead of looking at a context: does `country` equal DE, is there a bucketing key,
which share does the bucket hit. `explore` runs the walk again and again, depth first, so that each combination of
answers is seen once. Answers that contradict earlier ones are left out where `attributes` knows that they do; to
leave one in is no harm, for then more seems possible than is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from flaglint.evaluator.attributes import Comparisons, Facts
from flaglint.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_Answer = TypeVar("_Answer")


class TooManyWaysError(Exception):
    """The rules combine into more cases than are worth looking at."""


@dataclass(slots=True)
class Questions:
    """The answers of one walk: those of earlier turns are given again, new questions get their first answer."""

    script: list[list[Any]]  # per question that was left open: the answers still to give, the current one last
    comparisons: Comparisons = field(default_factory=Comparisons)  # shared by all walks
    position: int = 0
    answers: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Facts] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)  # question -> what it depends on, in words

    def choose(self, question: str, options: list[_Answer], about: str) -> _Answer:
        """Return one of the options, the same whenever the same question is asked on this walk."""
        if question in self.answers:
            answer: _Answer = self.answers[question]
            return answer
        if len(options) > 1:
            self.asked[question] = about
            if self.position == len(self.script):
                self.script.append(options[::-1])
            answer = self.script[self.position][-1]
            self.position += 1
        else:
            answer = options[0]
        self.answers[question] = answer
        return answer

    def holds(self, attribute: str, operation: str, operand: Any) -> bool:
        """Return whether a comparison holds; `key` as operation asks for a text that is not empty."""
        facts = self.facts.get(attribute)
        if facts is None:
            facts = self.facts[attribute] = Facts(self.comparisons)
        known = facts.implied(operation, operand)
        if known is None:
            question = f"{attribute}\0{self.comparisons.spelled(operation, operand)}"
            about = f"whether `{attribute}` is given" if operation == "key" else f"`{attribute}`"
            known = self.choose(question, [True, False], about)
        facts.add(operation, operand, holds=known)
        return known


def explore(walk: Callable[[Questions], _Answer], limit: int) -> Iterator[tuple[_Answer, Questions]]:
    """Yield the result of the walk for each combination of answers; raises TooManyWaysError beyond `limit`."""
    script: list[list[Any]] = []
    comparisons = Comparisons()
    for _ in range(limit):
        questions = Questions(script, comparisons)
        yield walk(questions), questions
        while script and len(script[-1]) == 1:
            script.pop()
        if not script:
            return
        script[-1].pop()
    raise TooManyWaysError
