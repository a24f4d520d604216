"""Prompts: what a channel shows of a journey, in one language, independent of how it is shown.

The product's words ("Continue", "Back", refusals) are not here: channels take them from `intake.words`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from intake.engine.kind import Form


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an answer was refused: a code with its parameters, worded by `intake.words` in the person's language."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Option:
    id: str
    text: str
    help: str = ""
    chosen: bool = False
    alone: bool = False


@dataclass(frozen=True, slots=True)
class QuestionPrompt:
    """One question.

    `form`: how the answer is given. `typed`: the content of a text field, including a refused value. `options` carry
    what is chosen. `suggestions` are options found for typed text in a search list. `number` counts the questions shown
    so far; `part` of `parts` is the section. `back` is the previous question, "result", or None for the start.
    `returned`: the question was answered and has been changed since.
    """

    question: str
    kind: str
    form: Form
    title: str
    text: str
    help: str = ""
    why: str = ""
    details: tuple[str, str] | None = None
    options: tuple[Option, ...] = ()
    typed: str = ""
    suggestions: tuple[Option, ...] = ()
    optional: bool = False
    notes: tuple[str, ...] = ()
    problem: Problem | None = None
    number: int = 1
    part: int = 1
    parts: int = 1
    back: str | None = None
    gets: tuple[str, ...] = ()
    gets_not: tuple[str, ...] = ()
    explained: str = ""
    returned: bool = False

    @property
    def blank(self) -> bool:
        """Nothing of a person is in it: everybody who is asked this, and has not answered, sees the same."""
        of_a_person = self.typed or self.problem or self.notes or self.returned or self.suggestions
        return not of_a_person and not any(option.chosen for option in self.options)


@dataclass(frozen=True, slots=True)
class PartnerCard:
    """A partner or organisation as the participant sees it."""

    id: str
    name: str
    about: str


@dataclass(frozen=True, slots=True)
class Reason:
    """The outcome of one rule (`yes`, `no` or `ask_staff`) as a sentence.

    `tells_of`: the questions whose answers it reveals; `quotes`: it repeats one of them.
    """

    rule: str
    outcome: str
    text: str
    tells_of: tuple[str, ...] = ()
    quotes: bool = False


@dataclass(frozen=True, slots=True)
class Dated:
    """A sentence of a programme; `day` fills its `{date}`. Channels write the day (`Words.dated`)."""

    text: str
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One answer on a page that lists all answers. `shown` is empty if the question was skipped."""

    question: str
    label: str
    shown: str
    section: str


@dataclass(frozen=True, slots=True)
class ResultPrompt:
    """The preliminary verdict, before any identity. Unions never appear here: they have a screen of their own.

    `why`: what decided; `also`: the outcomes of the other rules. `settling`: the facts that together would settle it.
    `advice`: what the person does without us. `rows`: the answers so far, each of which can be changed.
    """

    verdict: str
    reason: str
    title: str
    text: str
    why: tuple[Reason, ...] = ()
    also: tuple[Reason, ...] = ()
    settling: tuple[Dated, ...] = ()
    steps: tuple[str, ...] = ()
    lead: PartnerCard | None = None
    offers: tuple[PartnerCard, ...] = ()
    information: tuple[PartnerCard, ...] = ()
    advice: tuple[Dated, ...] = ()
    goes_on: bool = False
    back: str | None = None
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckPrompt:
    """All answers before they are sent, and who gets them (`unions` apart, on no list that others see).

    `nobody_else`: the question about partners, if the person chose none of them: only the owner gets the answers.
    """

    rows: tuple[Row, ...]
    recipients: tuple[str, ...]
    unions: tuple[str, ...]
    back: str | None = None
    problem: Problem | None = None
    nobody_else: str = ""


@dataclass(frozen=True, slots=True)
class EndPrompt:
    """The end of a journey by a choice: nothing is sent ("not_sent"), or a human takes over ("call")."""

    id: str
    title: str
    text: str
    back: str | None = None


@dataclass(frozen=True, slots=True)
class StartPrompt:
    """The introduction, while no interview is open. `problem` says why the person is back here."""

    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Leg:
    """One referral as the participant sees it. Its status is a product word, by code.

    `coming`: the union is told within three days. `holder`: who has it in hand, by name.
    """

    partner: str
    name: str
    status: str
    responsible: bool
    reference: str
    can_withdraw: bool
    union: bool = False
    outcome: str = ""
    coming: bool = False
    holder: str = ""


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that happened in a case, with its day in Sweden."""

    day: date
    text: str


@dataclass(frozen=True, slots=True)
class StatusPrompt:
    """What became of a submission; right after sending it is the receipt (`just_sent`).

    `undecided`: staff have not decided yet. `no`: why they said no, and what the person can do. `choosing`: the person
    says at `choose_path` who may get the answers, because staff have "decided" on a yes or have "asked" about one more
    partner. `elsewhere`: this is not the channel of the submission, so unions are not shown. `erasing`: the person
    asked for erasure: ("wished", "") until somebody answers, then ("kept", why). `advice`: what the person does
    without us. `happened`: the history of the case, oldest first.
    """

    reference: str
    submitted: str
    verdict: str
    decision: str
    legs: tuple[Leg, ...]
    status_path: str
    undecided: bool = False
    no: tuple[str, str] | None = None
    choosing: str = ""
    choose_path: str = ""
    version: str = ""  # with the hash of its meaning: `1 · 3fa2c1d0`
    elsewhere: bool = False
    erasing: tuple[str, str] | None = None
    just_sent: bool = False
    email_known: bool = False
    title: str = ""
    next: str = ""
    keep_link: str = ""
    advice: tuple[Dated, ...] = ()
    happened: tuple[Happened, ...] = ()


Prompt = QuestionPrompt | ResultPrompt | CheckPrompt | EndPrompt | StartPrompt | StatusPrompt
