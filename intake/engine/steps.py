"""What a walk is made of: a stop for each question of a programme, and the step that a person makes there."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from intake.engine.conditions import Condition, Value

if TYPE_CHECKING:
    from intake.engine.programme import Question, Rule


class Step(NamedTuple):
    """One question met on the walk. `status` is off, blank or known; `answered`: something was said, if only "skip".

    `used`: the stored answer counts as it stands. `end`: the text that this answer ends the journey with.
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
        """Nothing more to ask here: a value, "I don't know", or a skipped optional question."""
        return self.status == "known" or self.used or (self.answered and not self.required)


class Stop(NamedTuple):
    """A question with all that is the same for everybody who comes to it.

    `offered`: its choices, when it never hides one. `off` is the step of those who are not asked, `blank` of those who
    have not answered yet, when it is always the same. `rules`: those that an answer can turn into a no. `last_way`: it
    is the last of several questions of which one has to be answered.
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
    """The stop at a question of a programme; see `Programme.stops`."""
    changes = question.of is not None or any(choice.hide_if for choice in question.choices)
    offered = None if changes else tuple(choice.id for choice in question.choices)
    off = Step(question, "off", None, (), False, False, False)
    blank = None
    if offered is not None and question.one_of is None:
        blank = Step(question, "blank", None, offered, False, not question.optional, False)
    return Stop(question, question.id, question.ask_if, offered, off, blank, rules, last_way)
