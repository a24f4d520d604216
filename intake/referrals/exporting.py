"""Exports all data about one person as plain values, for a page and for JSON (docs/person-data.md).

What the reader must not see is left out entirely, not shown as an empty field: an export without unions has the same
keys whether or not there is one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from intake.engine.explaining import explained
from intake.engine.programme import Programme, Question
from intake.engine.prompting import answer_row
from intake.records import Contact, Event, Message, Referral, Submission

FORMAT = "intake-person-1"
# The events that the person caused, was told of or can see. Names of staff are not exported.
TOLD = frozenset(
    {"created", "pick_up", "decline", "hand_over", "close", "reopen", "withdraw", "decided", "asked", "said_yes"}
    | {"said_no", "telephone", "letter", "call", "erase_wished", "erase_answered"}
)

CASE = ("reference", "programme", "version", "meaning", "language", "channel")


@dataclass(frozen=True, slots=True)
class CopyPart:
    """One partner's part in a case: its referral, with its events and the letters to the person that are included."""

    referral: Referral
    events: Sequence[Event]
    letters: Sequence[Message]


def export(
    programme: Programme,
    submission: Submission,
    contact: Contact | None,
    parts: Sequence[CopyPart],
    language: str,
    made: datetime,
    *,
    hidden: Collection[str],
    notes: Iterable[Event] | None = None,
) -> dict[str, Any]:
    """Returns the export. `hidden`: partners left out. `notes`: staff's notes, if the reader may see them."""
    letters = [letter for part in parts for letter in part.letters]
    whole = {
        "format": FORMAT,
        "made": made.isoformat(),
        "case": {name: getattr(submission, name) for name in CASE} | {"sent": submission.submitted_at.isoformat()},
        "contact": {} if contact is None else asdict(contact),
        "result": _result(programme, submission, language),
        "answers": _answers(programme, submission, language, hidden),
        "consents": _consents(programme, submission, language, hidden),
        "partners": [_partner(programme, part, language) for part in parts if part.referral.partner not in hidden],
        "letters": [_letter(programme, one, language) for one in sorted(letters, key=lambda one: one.created_at)],
    }
    if notes is not None:
        whole["notes"] = [{"at": one.at.isoformat(), "what": one.what, "text": one.note} for one in notes if one.note]
    return whole


def _result(programme: Programme, submission: Submission, language: str) -> dict[str, Any]:
    told = explained(programme, submission.sealed["answers"], submission.trace(), language)
    return {
        "verdict": submission.verdict,
        "title": programme.texts.say(language, "result", submission.reason, "title"),
        "group": submission.group,
        "judged_on": submission.judged_on,
        "why": [{"rule": one.rule, "outcome": one.outcome, "text": one.text} for one in told],
        "decision": submission.decision,
        "decided_at": None if submission.decided_at is None else submission.decided_at.isoformat(),
    }


def _answers(
    programme: Programme, submission: Submission, language: str, hidden: Collection[str]
) -> list[dict[str, Any]]:
    answers, rows = submission.sealed["answers"], []
    for id in submission.sealed["asked"]:
        question = programme.by_id.get(id)
        if question is None or (hidden and _of_unions(question)):
            continue
        value = answers.get(id)
        shown = answer_row(programme, question, value, language).shown
        text = _asked(programme, submission, question, language)
        rows.append({"question": id, "text": text, "answer": shown, "value": value})
    return rows


def _asked(programme: Programme, submission: Submission, question: Question, language: str) -> str:
    """Returns the question as it was shown: the one about unions names them."""
    text = programme.texts.say(language, "question", question.id, "text")
    if not _of_unions(question):
        return text
    value = submission.sealed["answers"].get(question.id)
    asked = value if isinstance(value, dict) else [one["partner"] for one in submission.sealed["consents"]]
    unions = [id for id in asked if id in programme.partners and programme.partners[id].union]
    names = (programme.texts.say(language, "partner", id, "name") for id in unions)
    return text.replace("{union}", ", ".join(names))


def _of_unions(question: Question) -> bool:
    """Whether the question is about unions; even that it was asked is not shown to everybody."""
    return question.of == "unions"


def _consents(
    programme: Programme, submission: Submission, language: str, hidden: Collection[str]
) -> list[dict[str, Any]]:
    given: Sequence[Mapping[str, Any]] = submission.sealed["consents"]
    return [
        {
            "partner": one["partner"],
            "name": programme.texts.say(language, "partner", one["partner"], "name"),
            "yes": one["answer"],
            "text_version": one["version"],
            "language": one["language"],
            "how": one["source"],
            "at": one["at"],
        }
        for one in given
        if one["partner"] not in hidden
    ]


def _partner(programme: Programme, part: CopyPart, language: str) -> dict[str, Any]:
    referral, say = part.referral, programme.texts.say
    why = ""
    if referral.status == "closed" and referral.outcome:
        why = say(language, "outcome", referral.outcome, "person")
    elif referral.status == "declined" and referral.decline_reason:
        why = say(language, "decline", referral.decline_reason, "person")
    return {
        "partner": referral.partner,
        "name": say(language, "partner", referral.partner, "name"),
        "reference": referral.reference,
        "status": referral.status,
        "coming": referral.coming,
        "why": why,
        "since": referral.created_at.isoformat(),
        "changed": referral.changed_at.isoformat(),
        "happened": [{"at": one.at.isoformat(), "what": one.what} for one in part.events if one.what in TOLD],
    }


def _letter(programme: Programme, letter: Message, language: str) -> dict[str, Any]:
    return {
        "letter": letter.letter,
        "from": programme.texts.say(language, "partner", letter.to_partner or "", "name"),
        "to": letter.to,
        "subject": letter.subject,
        "text": letter.text,
        "state": letter.status,
        "written": letter.created_at.isoformat(),
        "sent": None if letter.sent_at is None else letter.sent_at.isoformat(),
    }
