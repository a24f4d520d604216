"""What a kind of question is: everything about one, from reading an answer to what the documentation says of it.

The kinds themselves are in `chosen_kinds` and `typed_kinds`; `KINDS` in `kinds` holds them all.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Literal

from intake.engine.conditions import Value
from intake.engine.domains import Domain, Opaque
from intake.engine.findings import nearest
from intake.engine.typed import clean

if TYPE_CHECKING:
    from intake.engine.programme import Programme, Question

Raw = Sequence[str]
# How an answer is given, on every channel: written; one of the options; any of them, at least one; a yes to any of
# them or to none; yes or no to a single one; a box that has to be ticked.
Form = Literal["typed", "one", "several", "consents", "yes_no", "confirm"]
MENDED = "@"  # stands for what was suggested in place of an answer: a button in a chat holds nothing personal


@dataclass(frozen=True, slots=True)
class Refused:
    """An answer that cannot be taken: why (a code, said in words by `intake.words`) and what would be permitted."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)


Answer = Value | Refused | None
Suggested = tuple[tuple[str, str], ...]


class Kind(ABC):
    """One kind of question. What has no value here has to be given by each kind; the rest is what is safe."""

    name: ClassVar[str]
    # What an answer is: in docs/programme-format.md with an example from cases.toml, to who gave `intake assess`
    # something else, and in a picture of the programme.
    means: ClassVar[str]
    in_file: ClassVar[str]
    plain: ClassVar[str] = "a text"
    answered: ClassVar[str]
    # Codes of its own with which it refuses, and what a person is told then. This and `answered` are product words:
    # their translations are in locale/<language>/kinds.po.
    refusals: ClassVar[Mapping[str, str]] = {}
    sample: ClassVar[Value | None] = None  # an answer of nobody that is taken; None: any words are

    domain: ClassVar[Domain] = Opaque()
    needs: ClassVar[Literal["", "choices", "list", "of"]] = ""  # the key that it has in programme.toml, and no other
    flags: ClassVar[tuple[str, ...]] = ()  # what its choices may say of themselves
    lists: ClassVar[bool] = False  # an answer is a list

    clear: ClassVar[bool] = False  # an answer may be stored unencrypted: it is nobody's own words
    read_by_partners: ClassVar[bool]  # among the answers; contact and consents are told apart from these
    after_result: ClassVar[bool] = False  # nobody is asked before the result, where nobody says who they are
    once: ClassVar[bool] = False  # nobody is asked for it twice
    free: ClassVar[bool] = False  # any words are an answer, also "no"
    corrects: ClassVar[bool] = False  # what it suggests stands in place of what was written (`MENDED`)
    contact: ClassVar[Literal["", "email", "phone"]] = ""  # the way to reach somebody that an answer is

    @abstractmethod
    def form(self, question: Question, offered: Sequence[str]) -> Form:
        """How the answer is given."""

    @abstractmethod
    def read(self, programme: Programme, question: Question, offered: Sequence[str], raw: Raw) -> Answer:
        """The answer that a person gave as raw strings. None: there is no answer in them."""

    def keep(self, question: Question, offered: Sequence[str], value: Value) -> Value | None:
        """What of a stored answer still counts when only some choices are offered."""
        return value

    def show(self, programme: Programme, question: Question, value: Value, language: str) -> str:
        """The answer in words."""
        return str(value)

    def coded(self, programme: Programme, question: Question, value: Value) -> Value | None:
        """What of an answer may be stored unencrypted. None: nothing, it is sealed."""
        return value if self.clear else None

    def suggest(self, programme: Programme, question: Question, value: Value, language: str) -> Suggested:
        """(id, label) of what may have been meant by a kept answer."""
        return ()

    def said(self, programme: Programme, question: Question, value: object) -> Raw | None:
        """An answer as it stands in a file or in JSON, as a person would say it; None: it is of another type."""
        return [value] if isinstance(value, str) else None

    def example(self, question: Question, offered: Sequence[str]) -> Value:
        """An answer that is taken: of nobody."""
        return question.id if self.sample is None else self.sample


def spoken(raw: Raw) -> list[str]:
    """What was said, tidied: no control characters, single spaces; empty strings are nothing."""
    return [tidy for one in raw if (tidy := clean(one))]


def unknown(value: str, permitted: Sequence[str]) -> Refused:
    return Refused("unknown_choice", {"value": value[:100], "nearest": nearest(value, permitted) or ""})
