"""The format of `programme.toml` and `cases.toml`: the keys and their types. Unknown keys are findings."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from intake.engine import lengths
from intake.engine.kinds import KINDS

# `build` checks the spelling of ids, so that a misspelt id does not make every reference to it a finding too.
Id = Annotated[str, StringConstraints(min_length=1)]
Language = Annotated[str, StringConstraints(pattern=rf"^[a-z]{{2,{lengths.LANGUAGE}}}$")]  # also the name of a file
if TYPE_CHECKING:
    KindName = str
else:
    KindName = Literal[tuple(KINDS)]


def _for_kinds(key: str) -> str:
    """Returns which kinds of question have this key, for its description."""
    names = [kind.name for kind in KINDS.values() if kind.needs == key]
    return f"for {'kinds' if len(names) > 1 else 'kind'} {' and '.join(names)}"


class TomlTable(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class LimitsTable(TomlTable):
    interview_days: int = Field(default=30, ge=1, le=3650, description="days an unfinished interview is kept")
    text: int = Field(default=200, ge=1, le=2000, description="longest typed text where a question does not say `max`")
    questions: int | None = Field(
        default=None, ge=1, le=200, description="most questions that anybody is asked before the result"
    )
    union_batch: int = Field(
        default=10,
        ge=1,
        le=100,
        description="people who have sent in before what they want of unions is carried out; after three days "
        "in any case",
    )
    keep_no_contact_days: int | None = Field(
        default=None, ge=1, le=36500, description="days a case is kept that ended because nobody reached the person; "
        "left out: until somebody erases it"
    )  # fmt: skip
    keep_closed_days: int | None = Field(
        default=None, ge=1, le=36500, description="the same of every other case that is over, taken back ones too"
    )
    keep_not_for_us_days: int | None = Field(
        default=None, ge=1, le=36500, description="the same of a case that staff decided is not for the programme"
    )


class SectionTable(TomlTable):
    id: Id
    after_result: bool = Field(
        default=False, description="walked only when the verdict is not a no; may ask for identity"
    )


class PartnerTable(TomlTable):
    id: Id
    takes_persons: bool = Field(default=True, description="`false`: told about only in texts, never gets a person")
    union: bool = Field(default=False, description="asked about on a screen of its own; seen by nobody else")
    sees: list[Id] | None = Field(
        default=None,
        description="questions it may read; left out: all but consents. A union may read none before the result",
    )


class OrganisationTable(TomlTable):
    id: Id


class ChoiceTable(TomlTable):
    id: Id
    hide_if: str | None = Field(default=None, description="not offered when this condition is certainly true")
    alone: bool = Field(default=False, description="never stands with other choices")
    dont_know: bool = Field(default=False, description="settles the question without a value")
    ends: Id | None = Field(default=None, description="the text the journey ends with when this is chosen")


class NoteTable(TomlTable):
    when: Id = Field(description="a condition; may name this question too")
    text: Id = Field(description="the text `note.X`")


class QuestionTable(TomlTable):
    id: Id
    kind: KindName = Field(description='what an answer is: see "Kinds of question"')
    section: Id = Field(description="questions stand in the order of their sections")
    ask_if: str | None = Field(default=None, description="asked only when this condition is certainly true")
    optional: bool = Field(default=False, description="may be skipped")
    choices: list[ChoiceTable] = Field(default=[], description=_for_kinds("choices"))
    searched: Id | None = Field(default=None, alias="list", description=f"lists/<name>.csv, {_for_kinds('list')}")
    of: Literal["partners", "unions"] | None = Field(default=None, description=f"whose consents, {_for_kinds('of')}")
    one_of: Id | None = Field(default=None, description="one of the questions with this word is required")
    max: int | None = Field(default=None, ge=1, le=2000, description="longest typed text")
    find_out: bool = Field(
        default=False, description="who does not know can find it out: may be told what it would settle"
    )
    note: list[NoteTable] = Field(default=[], description="contradictions pointed out at the question, never refused")


class GroupTable(TomlTable):
    id: Id = Field(description="its result is `result.eligible_ID`")
    when: Id = Field(description="nobody may belong to two groups; whoever belongs to none is for staff to decide")


class RuleTable(TomlTable):
    id: Id
    reason: Id = Field(description="the result of its no, `result.REASON`; of a rule without `no_if`: `review`")
    no_if: str | None = Field(default=None, description="certainly true: not eligible, and the questions end")
    yes_if: str | None = Field(
        default=None, description="left out: not (no_if); neither a no nor certainly a yes: staff decide"
    )
    in_time: bool = Field(
        default=False, description="time alone may bring it: may be told from which day; compares a date"
    )


class RouteTable(TomlTable):
    id: Id
    lead: Id = Field(description="a partner, or `board:{county}`: completed by the answer to a question")
    when: str | None = Field(default=None, description="fits when certainly true; the first that fits leads")
    offer: list[str] = Field(default=[], description="more partners, of every route that fits; written as `lead`")
    tell: list[Id] = Field(default=[], description="organisations told about; nothing is sent there")
    otherwise: bool = Field(default=False, description="fits when no other does: exactly one, the last")
    ask_staff: bool = Field(default=False, description="leads when staff decide: exactly one, without `when`")


class LastDayTable(TomlTable):
    question: Id = Field(description="a question before the result whose answer is a day")
    days: int = Field(default=0, ge=0, le=3650, description="days after it; one of these three is given")
    months: int = Field(default=0, ge=0, le=120)
    years: int = Field(default=0, ge=0, le=10)


class AdviceTable(TomlTable):
    id: Id = Field(description="its texts are `advice.ID.text`, with `by` also `undated` and `past`")
    when: str | None = Field(
        default=None, description="read by whom this is certainly true of, whatever the verdict; left out: by everybody"
    )
    by: LastDayTable | None = Field(default=None, description="until when, counted from an answer")


class ProgrammeTable(TomlTable):
    id: Id
    version: str = Field(min_length=1, max_length=lengths.ID, description="a name of yours; what is published keeps it")
    languages: list[Language] = Field(min_length=1, description="only such as the product itself speaks: `en`, `sv`")
    owner: Id = Field(description="the partner that watches every referral")
    phone: str = Field(min_length=3, max_length=lengths.PHONE, description="reaches a human; on every page")
    reference: Id = Field(description="how references begin: 2 to 4 capital letters")
    limits: LimitsTable = LimitsTable()
    sets: dict[str, list[str]] = Field(default={}, description="choices under one name, for `q in name`")
    conditions: dict[str, str] = Field(default={}, description="conditions under a name; a later one may name earlier")
    section: list[SectionTable] = Field(min_length=1, description="in the order they are walked")
    partner: list[PartnerTable] = Field(min_length=1)
    organisation: list[OrganisationTable] = Field(default=[], description="told about only; no partner")
    question: list[QuestionTable] = Field(min_length=1, description="in the order they are asked")
    group: list[GroupTable] = Field(min_length=1, description="who the programme is for")
    rule: list[RuleTable] = Field(min_length=1, description="each has to be a yes; the first no gives the reason")
    route: list[RouteTable] = Field(min_length=1, description="in the order they are looked at")
    advice: list[AdviceTable] = Field(default=[], description="what people do without us, in the order they read it")


class ExpectTable(TomlTable):
    verdict: Literal["eligible", "not_eligible", "ask_staff"] | None = None
    group: str | None = Field(default=None, description='`"null"` here and below: there is none')
    reason: str | None = None
    route: str | None = None
    lead: str | None = None
    offers: list[str] | None = None
    information: list[str] | None = None
    missing: list[str] | None = None
    ignored: list[str] | None = None
    asked: list[str] | None = Field(default=None, description="the questions asked before the result, in order")
    notes: list[str] | None = Field(default=None, description="the notes pointed out at the questions")
    advice: list[str] | None = Field(default=None, description='advice with its last day: `"first_day 2027-04-01"`')


class CaseTable(TomlTable):
    id: Id
    note: str = ""
    today: date
    answers: dict[str, Any]
    expect: ExpectTable


class CasesTable(TomlTable):
    case: list[CaseTable] = Field(min_length=1)
