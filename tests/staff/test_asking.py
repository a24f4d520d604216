"""One more partner: the case is passed on only once the person has said yes."""

from __future__ import annotations

import re
from typing import Any

import pytest

from intake import NotAllowed, NotFound
from intake.records import Submission
from tests.offices import WHITE, WORKS_HERE, Office


def wished(there: Office, **contact: Any) -> Submission:
    """TRR wished to hand a case to AF, whom the person has not said yes to; the coordinator has picked it up."""
    case, trr = there.sends(WHITE, ("trr",), **contact), there.staff("trr")
    there.app.casework.pick_up(trr, case.reference)
    there.app.casework.hand_over(trr, case.reference, "af", "Vill ha praktik")
    there.app.casework.pick_up(there.coordinator, case.reference)
    return case


def link(there: Office, case: Submission) -> str:
    found = re.search(r"/vastkraft/consent/([\w-]+)", there.letters(case, "consent_asked")[0])  # the newest
    assert found is not None
    return found[1]


def consents(there: Office, case: Submission) -> list[tuple[str, bool, str]]:
    renewed = there.app.store.submissions.by_id(case.id)
    assert renewed is not None
    return [(one["partner"], one["answer"], one["source"]) for one in renewed.sealed["consents"]]


def test_the_coordinator_sees_the_wish_and_why(there: Office) -> None:
    case = wished(there)
    seen = there.app.casework.see(there.coordinator, case.reference, "sv")
    [wish] = [event for event in seen.timeline if event.what == "wish"]
    assert (wish.code, wish.note, wish.who) == ("Arbetsförmedlingen", "Vill ha praktik", "TRR")
    assert seen.wished == "af" and "af" in dict(seen.askable)
    assert not {"gr", "trr", "unionen", "if_metall", "teknikforetagen"} & set(dict(seen.askable))


def test_a_yes_by_the_link_brings_the_case_there(there: Office) -> None:
    case = wished(there)
    there.app.casework.ask_by_letter(there.coordinator, case.reference, "af")
    [letter] = there.letters(case, "consent_asked")
    assert "Trygghetsrådet TRR tror att Arbetsförmedlingen kan hjälpa dig bättre" in letter
    assert there.standing(case) == {"trr": "handed_over", "gr": "accepted*"}  # nothing before the answer
    [turn] = there.app.desk.consent_questions("vastkraft", link(there, case))
    assert [option.id for option in getattr(turn.prompt, "options", ())] == ["af"]
    there.app.desk.send_consents("vastkraft", link(there, case), ["af"])
    assert there.standing(case) == {"trr": "handed_over", "af": "waiting*", "gr": "watching"}
    assert consents(there, case)[-1] == ("af", True, "link")
    assert len(there.letters(case, "moved")) == 2  # to GR, and on
    with pytest.raises(NotFound):
        there.app.desk.send_consents("vastkraft", link(there, case), ["af"])


def test_a_no_by_the_link_leaves_everything_as_it_is(there: Office) -> None:
    case = wished(there)
    there.app.casework.ask_by_letter(there.coordinator, case.reference, "af")
    there.app.desk.send_consents("vastkraft", link(there, case), [])
    assert there.standing(case) == {"trr": "handed_over", "gr": "accepted*"}
    assert consents(there, case)[-1] == ("af", False, "link")
    seen = there.app.casework.see(there.coordinator, case.reference, "sv")
    assert [event.code for event in seen.timeline if event.what == "said_no"] == ["Arbetsförmedlingen"]


@pytest.mark.parametrize("yes", [True, False])
def test_an_answer_on_the_phone_is_recorded_with_who_heard_it(there: Office, yes: bool) -> None:
    case = wished(there, email="", phone="031-123 45 67")
    _, name, text = there.app.casework.asking_about(there.coordinator, case.reference, "af", "sv")
    assert name in text
    with pytest.raises(NotAllowed):
        there.app.casework.ask_by_letter(there.coordinator, case.reference, "af")
    there.app.casework.answered_by_telephone(there.coordinator, case.reference, "af", yes, "sv")
    assert there.standing(case).get("af") == ("waiting*" if yes else None)
    assert consents(there, case)[-1] == ("af", yes, "telephone")
    if yes:
        consent = there.at(case, "af").consent
        assert consent is not None
        assert (consent.source, consent.version, consent.by) == ("telephone", "1", there.coordinator.id)
        assert there.at(case, "af").by_phone


def test_the_phone_is_quicker_than_the_link(there: Office) -> None:
    case = wished(there)
    there.app.casework.ask_by_letter(there.coordinator, case.reference, "af")
    there.app.casework.answered_by_telephone(there.coordinator, case.reference, "af", False, "sv")
    with pytest.raises(NotFound):
        there.app.desk.consent_questions("vastkraft", link(there, case))


def test_one_partner_is_asked_about_while_its_link_lasts(there: Office) -> None:
    case = wished(there)
    there.app.casework.ask_by_letter(there.coordinator, case.reference, "af")
    with pytest.raises(NotAllowed):
        there.app.casework.ask_by_letter(there.coordinator, case.reference, "brg")
    there.tick(days=14, minutes=1)
    there.app.casework.ask_by_letter(there.coordinator, case.reference, "brg")
    assert there.app.desk.consent_questions("vastkraft", link(there, case))


def test_after_a_decision_a_letter_asks_about_one_more_partner(there: Office) -> None:
    case, gr = there.sends(WORKS_HERE), there.coordinator
    there.app.casework.pick_up(gr, case.reference)
    there.app.casework.decide(gr, case.reference, "A")
    [decided] = there.letters(case, "decision_yes")
    old = re.search(r"/vastkraft/consent/([\w-]+)", decided)
    assert old is not None
    there.app.desk.send_consents("vastkraft", old[1], [])
    there.app.casework.ask_by_letter(gr, case.reference, "brg")
    there.app.desk.send_consents("vastkraft", link(there, case), ["brg"])
    assert there.standing(case) == {"brg": "waiting*", "gr": "watching"}
    with pytest.raises(NotFound):
        there.app.desk.consent_questions("vastkraft", old[1])


def test_a_link_is_void_once_everything_is_withdrawn(there: Office) -> None:
    case = wished(there)
    there.app.casework.ask_by_letter(there.coordinator, case.reference, "af")
    there.app.desk.withdraw("vastkraft", case.sealed["status_token"])
    with pytest.raises(NotFound):
        there.app.desk.send_consents("vastkraft", link(there, case), ["af"])
    assert set(there.standing(case).values()) == {"withdrawn"}


def test_only_partners_that_can_take_the_case_are_asked_about(there: Office) -> None:
    case = there.sends(WHITE, ("trr", "af"))
    there.app.desk.withdraw("vastkraft", case.sealed["status_token"], "af")
    there.app.casework.decline(there.staff("trr"), case.reference, "not_target")
    there.app.casework.pick_up(there.coordinator, case.reference)
    there.app.accounts.disable_staff(there.staff("brg").email)
    for partner in ("trr", "af", "brg", "gr", "unionen", "teknikforetagen", "nobody"):
        with pytest.raises(NotAllowed):
            there.app.casework.asking_about(there.coordinator, case.reference, partner, "sv")


def test_only_the_coordinator_asks_with_a_decided_case_in_hand(here: Office) -> None:
    case = here.sends(WHITE)
    gr = here.staff("gr")
    here.app.casework.pick_up(gr, case.reference)
    for staff in (gr, here.coordinator):  # one is no coordinator, the other has not picked it up
        with pytest.raises(NotAllowed):
            here.app.casework.asking_about(staff, case.reference, "af", "sv")
    undecided = here.sends(WORKS_HERE)
    here.app.casework.pick_up(here.coordinator, undecided.reference)
    with pytest.raises(NotAllowed):
        here.app.casework.asking_about(here.coordinator, undecided.reference, "af", "sv")
    here.app.casework.decide(here.coordinator, undecided.reference, "A")
    with pytest.raises(NotAllowed):  # the consents of the decision come first
        here.app.casework.asking_about(here.coordinator, undecided.reference, "af", "sv")


def test_declined_by_the_new_partner_it_comes_back_to_the_owner(there: Office) -> None:
    case = wished(there)
    there.app.casework.answered_by_telephone(there.coordinator, case.reference, "af", True, "sv")
    there.app.casework.decline(there.staff("af"), case.reference, "no_capacity")
    assert there.standing(case) == {"trr": "handed_over", "af": "declined", "gr": "waiting*"}
