"""The shape of `programme.toml` and `cases.toml`: what keys there are and of which type. Unknown keys are findings."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

# How ids are written is said by `build`, which goes on with a wrong one: what names it need not be wrong too.
Id = Annotated[str, StringConstraints(min_length=1)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]  # also the name of a file
Kind = Literal[
    "choice", "choices", "date", "month", "year", "number", "text", "email", "phone", "search", "consents", "confirm"
]


class Table(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class LimitsTable(Table):
    interview_days: int = Field(default=30, ge=1, le=3650, description="days an unfinished interview is kept")
    text: int = Field(default=200, ge=1, le=2000, description="longest typed text where a question does not say `max`")
    questions: int | None = Field(
        default=None, ge=1, le=200, description="most questions that anybody is asked before the result"
    )


class SectionTable(Table):
    id: Id
    after_result: bool = Field(
        default=False, description="walked only when the verdict is not a no; may ask for identity"
    )


class PartnerTable(Table):
    id: Id
    takes_persons: bool = True
    union: bool = Field(default=False, description="asked about on a screen of its own; seen by nobody else")
    hint: list[Id] = Field(default=[], description="texts shown when this partner leads or is offered")
    sees: list[Id] | None = Field(default=None, description="questions it may read; left out: all but consents")


class OrganisationTable(Table):
    id: Id
    hint: list[Id] = []


class ChoiceTable(Table):
    id: Id
    hide_if: str | None = Field(default=None, description="not offered when this condition is certainly true")
    alone: bool = Field(default=False, description="never stands with other choices")
    dont_know: bool = Field(default=False, description="settles the question without a value")
    ends: Id | None = Field(default=None, description="the text the journey ends with when this is chosen")


class NoteTable(Table):
    when: Id
    text: Id


class QuestionTable(Table):
    id: Id
    kind: Kind
    section: Id
    ask_if: str | None = Field(default=None, description="asked only when this condition is certainly true")
    optional: bool = False
    choices: list[ChoiceTable] = []
    searched: Id | None = Field(default=None, alias="list", description="lists/<name>.csv, for kind search")
    of: Literal["partners", "unions"] | None = Field(default=None, description="whose consents, for kind consents")
    one_of: Id | None = Field(default=None, description="one of the questions with this word is required")
    max: int | None = Field(default=None, ge=1, le=2000, description="longest typed text")
    find_out: bool = Field(
        default=False, description="who does not know can find it out: may be told what it would settle"
    )
    note: list[NoteTable] = Field(default=[], description="contradictions pointed out at the question, never refused")


class GroupTable(Table):
    id: Id
    when: Id


class RuleTable(Table):
    id: Id
    reason: Id
    no_if: str | None = None
    yes_if: str | None = Field(default=None, description="left out: not (no_if)")
    in_time: bool = Field(
        default=False, description="time alone may bring it: may be told from which day; compares a date"
    )


class RouteTable(Table):
    id: Id
    lead: Id
    when: str | None = None
    offer: list[str] = []
    tell: list[Id] = []
    hint: list[Id] = []
    otherwise: bool = False
    ask_staff: bool = False


class ProgrammeTable(Table):
    id: Id
    version: str = Field(min_length=1, max_length=40)
    languages: list[Language] = Field(min_length=1)
    owner: Id = Field(description="the partner that watches every referral")
    phone: str = Field(min_length=3, max_length=40, description="reaches a human; on every page")
    reference: Id = Field(description="how references begin: 2 to 4 capital letters")
    limits: LimitsTable = LimitsTable()
    sets: dict[str, list[str]] = {}
    conditions: dict[str, str] = {}
    section: list[SectionTable] = Field(min_length=1)
    partner: list[PartnerTable] = Field(min_length=1)
    organisation: list[OrganisationTable] = []
    question: list[QuestionTable] = Field(min_length=1)
    group: list[GroupTable] = Field(min_length=1)
    rule: list[RuleTable] = Field(min_length=1)
    route: list[RouteTable] = Field(min_length=1)


class ExpectTable(Table):
    verdict: Literal["eligible", "not_eligible", "ask_staff"] | None = None
    group: str | None = None
    reason: str | None = None
    route: str | None = None
    lead: str | None = None
    offers: list[str] | None = None
    information: list[str] | None = None
    missing: list[str] | None = None
    ignored: list[str] | None = None
    asked: list[str] | None = Field(default=None, description="the questions asked before the result, in order")
    notes: list[str] | None = Field(default=None, description="the notes pointed out at the questions")


class CaseTable(Table):
    id: Id
    note: str = ""
    today: date
    answers: dict[str, Any]
    expect: ExpectTable


class CasesTable(Table):
    case: list[CaseTable] = Field(min_length=1)
