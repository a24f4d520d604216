"""The person's own page, and what the link in a letter shows to a partner to whom it is quoted."""

from __future__ import annotations

import re

import pytest

from intake import NotFound, StatusPrompt, Turn
from intake.records import Submission
from tests.offices import WHITE, Office


def in_letter(text: str) -> str:
    """The secret of the link in a letter."""
    found = re.search(r"/vastkraft/status/([\w-]+)", text)
    assert found is not None
    return found[1]


def partners(turn: Turn) -> list[str]:
    assert isinstance(turn.prompt, StatusPrompt)
    return [leg.partner for leg in turn.prompt.legs]


def receipt(there: Office, case: Submission) -> str:
    [text] = there.letters(case, "receipt")
    return in_letter(text)


def test_a_letters_link_shows_no_union_and_the_own_page_does(there: Office) -> None:
    case = there.sends(WHITE, ("trr",), union=True)
    own = there.app.desk.status("vastkraft", case.sealed["status_token"], handle=there.browser)
    quoted = there.app.desk.status("vastkraft", receipt(there, case))
    assert set(partners(own)) == {"trr", "unionen", "gr"}
    assert set(partners(quoted)) == {"trr", "gr"}
    assert "unionen" not in str(quoted).lower() and case.sealed["status_token"] not in str(quoted)


def test_no_letter_carries_the_persons_own_link(there: Office) -> None:
    case, trr = there.sends(WHITE, ("trr", "af"), union=True), there.staff("trr")
    there.app.casework.pick_up(trr, case.reference)
    draft = there.app.casework.draft(trr, case.reference, "first_contact")
    there.app.casework.write(trr, case.reference, "first_contact", draft.text)
    there.app.casework.decline(trr, case.reference, "no_capacity")
    af = there.staff("af")
    there.app.casework.pick_up(af, case.reference)
    there.app.casework.close(af, case.reference, "new_job")
    for letter in ("receipt", "first_contact", "moved", "closed"):
        [text] = there.letters(case, letter)
        assert in_letter(text) == case.sealed["letter_token"] != case.sealed["status_token"]


def test_a_unions_letter_has_its_own_number_and_telephone(there: Office) -> None:
    there.app.accounts.set_partner("unionen", programme="vastkraft", phone="08-000 00 00")
    case, union = there.sends(WHITE, ("trr",), union=True), there.staff("unionen")
    own = there.at(case, "unionen").reference
    there.app.casework.pick_up(union, own)
    text = there.app.casework.draft(union, own, "first_contact").text
    assert own in text and "08-000 00 00" in text and case.reference not in text


def test_everything_can_be_taken_back_by_a_letters_link_too(there: Office) -> None:
    case = there.sends(WHITE, ("trr",), union=True)
    turn = there.app.desk.withdraw("vastkraft", receipt(there, case))
    assert set(there.standing(case).values()) == {"withdrawn"}
    assert "unionen" not in partners(turn)
    with pytest.raises(NotFound):
        there.app.desk.status("another", receipt(there, case))


def test_withdrawing_from_a_finished_partner_begins_nothing(there: Office) -> None:
    case, trr = there.sends(WHITE, ("trr", "af")), there.staff("trr")
    there.app.casework.pick_up(trr, case.reference)
    there.app.casework.close(trr, case.reference, "new_job")
    there.app.desk.withdraw("vastkraft", case.sealed["status_token"], "trr")
    assert there.standing(case) == {"trr": "withdrawn", "af": "waiting", "gr": "closed"}
    assert there.letters(case, "moved") == []


def test_the_order_of_partners_tells_nothing_of_a_union(there: Office) -> None:
    ranks = []
    for union in (True, False):
        case = there.sends(WHITE, ("trr", "af"), union=union)
        ranks.append({partner: there.at(case, partner).rank for partner in ("trr", "af", "gr")})
    assert ranks[0] == ranks[1]


def test_after_withdrawing_all_an_answer_makes_no_referral(there: Office) -> None:
    case = there.sends(WHITE, ("trr",))
    there.app.desk.withdraw("vastkraft", case.sealed["status_token"])
    with pytest.raises(NotFound):
        there.app.consenting.record_one(case, "brg", True, source="link", language="sv")
    assert set(there.standing(case)) == {"trr", "gr"}


def happened(there: Office, token: str) -> list[tuple[str, str]]:
    turn = there.app.desk.status("vastkraft", token, handle=there.browser)
    assert isinstance(turn.prompt, StatusPrompt)
    return [(one.day.isoformat(), one.text) for one in turn.prompt.happened]


def test_the_own_page_says_what_happened_and_who_has_it(there: Office) -> None:
    case, trr = there.sends(WHITE, ("trr", "af"), union=True), there.staff("trr")
    there.tick(days=1)
    there.app.casework.pick_up(trr, case.reference)
    there.app.casework.note(trr, case.reference, "En anteckning")
    there.app.casework.call(trr, case.reference, "no_answer", "Ringer igen")
    turn = there.app.desk.status("vastkraft", case.sealed["status_token"])
    assert isinstance(turn.prompt, StatusPrompt)
    assert {leg.partner: leg.holder for leg in turn.prompt.legs} == {"trr": "TRR", "af": "", "gr": ""}
    there.app.casework.decline(trr, case.reference, "no_capacity", "Fullt")
    number = case.reference
    assert happened(there, case.sealed["letter_token"]) == [
        ("2026-11-23", "Du skickade dina svar."),
        ("2026-11-23", f"Brev till dig: Ärende {number}: vi har tagit emot dina svar"),
        ("2026-11-24", "TRR på Trygghetsrådet TRR har ditt ärende."),
        ("2026-11-24", "Trygghetsrådet TRR ringde och fick inte tag på dig."),
        ("2026-11-24", "Trygghetsrådet TRR kunde inte ta hand om det."),
        ("2026-11-24", "Nu är det tur för Arbetsförmedlingen."),
        ("2026-11-24", f"Brev till dig: Ärende {number} har gått vidare"),
    ]


def test_nothing_a_union_does_stands_among_what_happened(there: Office) -> None:
    case, union = there.sends(WHITE, ("trr",), union=True), there.staff("unionen")
    before = happened(there, case.sealed["status_token"])
    reference = there.at(case, "unionen").reference
    there.app.casework.pick_up(union, reference)
    there.app.casework.write(union, reference, "first_contact", "Hej!")
    there.app.casework.close(union, reference, "new_job")
    assert happened(there, case.sealed["status_token"]) == before
    assert not [text for _, text in before if "nion" in text]


def test_a_union_that_did_not_reach_anybody_says_when_it_tried(there: Office) -> None:
    case, union = there.sends(WHITE, ("trr",), union=True), there.staff("unionen")
    reference = there.at(case, "unionen").reference
    there.app.casework.pick_up(union, reference)
    there.app.casework.call(union, reference, "no_answer")
    there.app.casework.close(union, reference, "not_reached")
    turn = there.app.desk.status("vastkraft", case.sealed["status_token"], handle=there.browser)
    assert isinstance(turn.prompt, StatusPrompt)
    [leg] = [one for one in turn.prompt.legs if one.union]
    assert leg.outcome.endswith("Vi ringde måndag 23 november 2026.")
