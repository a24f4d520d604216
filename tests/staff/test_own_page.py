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
