"""The base class of all kinds of question: everything about a kind, from reading an answer to its documentation.

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
# How an answer is given, in every channel: typed; exactly one option; one or more options; a yes to any number of them;
# yes or no to a single one; a box that has to be ticked.
Form = Literal["typed", "one", "several", "consents", "yes_no", "confirm"]
MENDED = "@"  # stands for the suggested correction of an answer, because a button in a chat must hold no personal data


@dataclass(frozen=True, slots=True)
class Refused:
    """A refused answer: a code (worded by `intake.words`), and what would be permitted."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)


Answer = Value | Refused | None
Suggested = tuple[tuple[str, str], ...]


class Kind(ABC):
    """One kind of question. Attributes without a value must be set by each kind; the defaults are the safe choice."""

    name: ClassVar[str]
    # What an answer is: shown in docs/programme-format.md with an example from cases.toml, in the error of `intake
    # assess` for a value of another type, and in the picture of a programme.
    means: ClassVar[str]
    in_file: ClassVar[str]
    plain: ClassVar[str] = "a text"
    answered: ClassVar[str]
    # The kind's own refusal codes with their messages to the person. These and `answered` are product words, translated
    # in locale/<language>/kinds.po.
    refusals: ClassVar[Mapping[str, str]] = {}
    sample: ClassVar[Value | None] = None  # a valid answer that belongs to nobody; None: any text is valid

    domain: ClassVar[Domain] = Opaque()
    needs: ClassVar[Literal["", "choices", "list", "of"]] = ""  # the key of programme.toml that this kind must have
    flags: ClassVar[tuple[str, ...]] = ()  # the flags that its choices may have
    lists: ClassVar[bool] = False  # an answer is a list

    clear: ClassVar[bool] = False  # an answer may be stored unencrypted: it is not free text
    read_by_partners: ClassVar[bool]  # among the answers; contact and consents are shown apart
    after_result: ClassVar[bool] = False  # only after the result: nobody identifies themselves before it
    once: ClassVar[bool] = False  # asked of one person only once
    free: ClassVar[bool] = False  # any text is an answer, even "no"
    corrects: ClassVar[bool] = False  # its suggestion replaces what was written (`MENDED`)
    contact: ClassVar[Literal["", "email", "phone"]] = ""  # the way of contact that an answer is

    @abstractmethod
    def form(self, question: Question, offered: Sequence[str]) -> Form:
        """How the answer is given."""

    @abstractmethod
    def read(self, programme: Programme, question: Question, offered: Sequence[str], raw: Raw) -> Answer:
        """Reads the raw strings of a person. None: they hold no answer."""

    def keep(self, question: Question, offered: Sequence[str], value: Value) -> Value | None:
        """Returns the part of a stored answer that is valid for the choices now offered."""
        return value

    def show(self, programme: Programme, question: Question, value: Value, language: str) -> str:
        """The answer in words."""
        return str(value)

    def coded(self, programme: Programme, question: Question, value: Value) -> Value | None:
        """Returns the part of an answer that may be stored unencrypted. None: the answer is encrypted."""
        return value if self.clear else None

    def suggest(self, programme: Programme, question: Question, value: Value, language: str) -> Suggested:
        """Returns (id, label) pairs of what a stored answer may have meant."""
        return ()

    def said(self, programme: Programme, question: Question, value: object) -> Raw | None:
        """Converts an answer from a file or JSON to the strings a person would give; None: it has the wrong type."""
        return [value] if isinstance(value, str) else None

    def example(self, question: Question, offered: Sequence[str]) -> Value:
        """Returns a valid answer that belongs to nobody."""
        return question.id if self.sample is None else self.sample


def spoken(raw: Raw) -> list[str]:
    """Returns the strings without control characters and double spaces; empty strings are dropped."""
    return [tidy for one in raw if (tidy := clean(one))]


def unknown(value: str, permitted: Sequence[str]) -> Refused:
    return Refused("unknown_choice", {"value": value[:100], "nearest": nearest(value, permitted) or ""})
