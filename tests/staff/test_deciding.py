"""Decisions of the coordinator where the rules could not decide (docs/rules.md, "When staff decide")."""

from __future__ import annotations

import re
from typing import Any

import pytest

from intake import Asked, NotAllowed, NotFound, WrongText
from intake.records import Submission
from tests.offices import WHITE, WORKS_HERE, Office


def renewed(there: Office, case: Submission) -> Submission:
    found = there.app.store.submissions.by_id(case.id)
    assert found is not None
    return found


def link(there: Office, case: Submission) -> str:
    [text] = there.letters(case, "decision_yes")
    found = re.search(r"/vastkraft/consent/([\w-]+)", text)
    assert found is not None
    return found[1]


def decided(there: Office, **contact: Any) -> Submission:
    case = there.sends(WORKS_HERE, **contact)
    there.app.casework.pick_up(there.coordinator, case.reference)
    there.app.casework.decide(there.coordinator, case.reference, "A")
    return case


def test_it_stands_in_the_review_queue_until_the_consents_are_in(there: Office) -> None:
    case = there.sends(WORKS_HERE)
    assert there.standing(case) == {"gr": "waiting*"}

    def review() -> list[str]:
        return [row.reference for row in there.app.casework.queue(there.coordinator, Asked(review=True), "sv").rows]

    assert review() == [case.reference]
    there.app.casework.pick_up(there.coordinator, case.reference)
    there.app.casework.decide(there.coordinator, case.reference, "A")
    assert review() == [case.reference]
    there.app.desk.send_consents("vastkraft", link(there, case), [])
    assert review() == []


def test_a_decision_sends_nothing_before_consent(there: Office) -> None:
    case = decided(there)
    now = renewed(there, case)
    assert (now.verdict, now.reason, now.decision, now.decided_by) == ("ask_staff", "review", "A", there.coordinator.id)
    assert there.standing(case) == {"gr": "accepted*"}
    with pytest.raises(NotAllowed):
        there.app.casework.decide(there.coordinator, case.reference, "no", "no_municipality", "Ring")


def test_consents_by_link_make_the_referrals_once(there: Office) -> None:
    case = decided(there)
    token = link(there, case)
    asked = there.app.desk.consent_questions("vastkraft", token)
    assert [turn.place for turn in asked] == ["consent_union"]  # R8: gr leads; R10 offers if_metall
    there.app.desk.send_consents("vastkraft", token, ["if_metall"])
    assert there.standing(case) == {"gr": "accepted*", "if_metall": "waiting"}
    with pytest.raises(NotFound):
        there.app.desk.send_consents("vastkraft", token, [])
    assert renewed(there, case).consents_sent_at is not None


def test_a_link_lives_fourteen_days(there: Office) -> None:
    case = decided(there)
    there.tick(days=13, hours=23)
    assert there.app.desk.consent_questions("vastkraft", link(there, case))
    there.tick(hours=2)
    with pytest.raises(NotFound):
        there.app.desk.consent_questions("vastkraft", link(there, case))


def test_telephone_consents_record_source_version_and_staff(there: Office) -> None:
    unsure = {**WHITE, "industry": "unknown"}
    case = there.sends(unsure, email="", phone="031-123 45 67")
    there.app.casework.pick_up(there.coordinator, case.reference)
    there.app.casework.decide(there.coordinator, case.reference, "B")
    assert there.letters(case, "decision_yes") == []  # no address: the coordinator calls
    questions = there.app.casework.telephone_questions(there.coordinator, case.reference, "sv")
    assert [partner for partner, _, _ in questions] == ["trr", "af"]
    assert all(name in text for _, name, text in questions)
    there.app.casework.consents_by_telephone(there.coordinator, case.reference, ["trr", "unionen"], "sv")
    assert there.standing(case) == {"trr": "waiting*", "gr": "watching"}  # a union never by telephone
    consent = there.at(case, "trr").consent
    assert consent is not None
    assert (consent.source, consent.version, consent.by) == ("telephone", "1", there.coordinator.id)
    answers = {one["partner"]: one["answer"] for one in renewed(there, case).sealed["consents"]}
    assert answers == {"trr": True, "af": False}, "nobody asked about a union on the phone"
    with pytest.raises(NotAllowed):
        there.app.casework.consents_by_telephone(there.coordinator, case.reference, ["af"], "sv")


def test_not_for_us_tells_the_person_why_and_what_next(there: Office) -> None:
    case = there.sends(WORKS_HERE)
    there.app.casework.pick_up(there.coordinator, case.reference)
    with pytest.raises(WrongText):
        there.app.casework.decide(there.coordinator, case.reference, "no", "no_municipality", " ")
    there.app.casework.decide(there.coordinator, case.reference, "no", "no_municipality", "Ring vägledningen i Borås.")
    [text] = there.letters(case, "decision_no")
    assert "Ring vägledningen i Borås." in text and "13 kommunerna" in text
    assert there.standing(case) == {"gr": "closed*"}


def test_only_the_coordinator_decides_and_only_what_is_undecided(there: Office) -> None:
    case = there.sends(WORKS_HERE)
    there.app.casework.pick_up(there.staff("gr"), case.reference)
    with pytest.raises(NotAllowed):
        there.app.casework.decide(there.staff("gr"), case.reference, "A")
    sure = there.sends(WHITE)
    there.app.casework.pick_up(there.coordinator, sure.reference)
    with pytest.raises(NotAllowed):
        there.app.casework.decide(there.coordinator, sure.reference, "A")
