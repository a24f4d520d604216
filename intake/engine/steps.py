"""Stops and steps: a stop is a question of a programme on the walk, a step its outcome for one person."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from intake.engine.conditions import Condition, Value

if TYPE_CHECKING:
    from intake.engine.programme import Question, Rule


class Step(NamedTuple):
    """The outcome of a question on a walk. `status`: off, blank or known; `answered`: with a value, or skipped.

    `used`: the stored answer is used unchanged. `end`: the text with which this answer ends the journey.
    """

    question: Question
    status: str
    value: Value | None
    offered: tuple[str, ...]
    answered: bool
    required: bool
    used: bool
    end: str | None = None

    @property
    def asked(self) -> bool:
        return self.status != "off"

    @property
    def gap(self) -> bool:
        return self.status == "blank" and self.required and not self.settled

    @property
    def settled(self) -> bool:
        """Whether nothing is left to ask: a value, "I don't know", or a skipped optional question."""
        return self.status == "known" or self.used or (self.answered and not self.required)


class Stop(NamedTuple):
    """A question with everything about it that is the same for all persons.

    `offered`: its choices, if it never hides one. `off`: the step if it is not asked; `blank`: the step if it is not
    answered, if that is always the same. `rules`: the rules that an answer can turn into a no. `last_way`: it is the
    last of several questions of which one has to be answered.
    """

    question: Question
    id: str
    ask_if: Condition | None
    offered: tuple[str, ...] | None
    off: Step
    blank: Step | None
    rules: tuple[Rule, ...]
    last_way: bool


def stop_at(question: Question, rules: tuple[Rule, ...], last_way: bool) -> Stop:
    """Returns the stop of a question; see `Programme.stops`."""
    changes = question.of is not None or any(choice.hide_if for choice in question.choices)
    offered = None if changes else tuple(choice.id for choice in question.choices)
    off = Step(question, "off", None, (), False, False, False)
    blank = None
    if offered is not None and question.one_of is None:
        blank = Step(question, "blank", None, offered, False, not question.optional, False)
    return Stop(question, question.id, question.ask_if, offered, off, blank, rules, last_way)
