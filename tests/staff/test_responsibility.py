"""Who is responsible, rule by rule (docs/rules.md, "Sending")."""

from __future__ import annotations

import pytest

from intake import NotAllowed, StatusPrompt, WrongText
from tests.offices import OWN_BUSINESS, WHITE, Office


def test_responsible_is_the_first_with_consent_that_is_no_union(there: Office) -> None:
    everyone = there.sends(WHITE, ("trr", "af"), union=True)
    assert there.standing(everyone) == {"trr": "waiting*", "af": "waiting", "unionen": "waiting", "gr": "watching"}
    second = there.sends(WHITE, ("af",), union=True)
    assert there.standing(second) == {"af": "waiting*", "unionen": "waiting", "gr": "watching"}
    only_union = there.sends(WHITE, (), union=True)
    assert there.standing(only_union) == {"unionen": "waiting", "gr": "waiting*"}
    nobody = there.sends(WHITE)
    assert there.standing(nobody) == {"gr": "waiting*"}


def test_declining_passes_to_the_next_open_referral(there: Office) -> None:
    case = there.sends(WHITE, ("trr", "af"))
    there.app.casework.decline(there.staff("trr"), case.reference, "no_capacity")
    assert there.standing(case) == {"trr": "declined", "af": "waiting*", "gr": "watching"}
    there.app.casework.decline(there.staff("af"), case.reference, "not_our_task")
    assert there.standing(case) == {"trr": "declined", "af": "declined", "gr": "waiting*"}
    first, second = sorted(there.letters(case, "moved"), key=lambda text: "TRR kunde" not in text)  # each time
    assert "Nu är det Arbetsförmedlingen som har ditt ärende." in first
    assert "Trygghetsrådet TRR kunde inte ta hand om det. Den här partnern har inte plats just nu." in first
    assert "Arbetsförmedlingen kunde inte ta hand om det." in second and "{" not in first + second


def test_declining_about_the_person_passes_to_the_owner(there: Office) -> None:
    case = there.sends(WHITE, ("trr", "af"))
    there.app.casework.decline(there.staff("trr"), case.reference, "not_target")
    assert there.standing(case) == {"trr": "declined", "af": "waiting", "gr": "waiting*"}


def test_declining_without_responsibility_moves_nothing(there: Office) -> None:
    case = there.sends(WHITE, ("trr", "af"))
    there.app.casework.decline(there.staff("af"), case.reference, "no_capacity")
    assert there.standing(case) == {"trr": "waiting*", "af": "declined", "gr": "watching"}
    assert there.letters(case, "moved") == []


def test_withdrawing_from_the_responsible_passes_to_the_next(there: Office) -> None:
    case = there.sends(WHITE, ("trr", "af"))
    there.app.desk.withdraw("vastkraft", case.sealed["status_token"], "trr")
    assert there.standing(case) == {"trr": "withdrawn", "af": "waiting*", "gr": "watching"}
    there.app.desk.withdraw("vastkraft", case.sealed["status_token"])
    assert there.standing(case) == {"trr": "withdrawn", "af": "withdrawn", "gr": "withdrawn"}
    there.app.desk.withdraw("vastkraft", case.sealed["status_token"])  # again: nothing happens
    assert len(there.letters(case, "withdrawn")) == 2


def test_the_owner_cannot_be_withdrawn_from_alone(there: Office) -> None:
    case = there.sends(WHITE, ("trr",))
    there.app.desk.withdraw("vastkraft", case.sealed["status_token"], "gr")
    assert there.standing(case) == {"trr": "waiting*", "gr": "watching"}


def test_a_partner_without_active_staff_is_skipped(there: Office) -> None:
    there.app.accounts.disable_staff(there.staff("af").email)
    case = there.sends(WHITE, ("trr", "af"))
    there.app.casework.decline(there.staff("trr"), case.reference, "no_capacity")
    assert there.standing(case) == {"trr": "declined", "af": "waiting", "gr": "waiting*"}
    there.app.accounts.disable_staff(there.staff("trr").email)
    assert there.standing(there.sends(WHITE, ("trr", "af")))["gr"] == "waiting*"


def test_closing_with_an_outcome_ends_the_owners_watching(there: Office) -> None:
    case, trr = there.sends(WHITE, ("trr",)), there.staff("trr")
    there.app.casework.pick_up(trr, case.reference)
    there.app.casework.close(trr, case.reference, "new_job")
    assert there.standing(case) == {"trr": "closed*", "gr": "closed"}
    assert len(there.letters(case, "closed")) == 1
    there.app.casework.reopen(trr, case.reference)
    assert there.standing(case) == {"trr": "accepted*", "gr": "watching"}
    there.app.casework.close(trr, case.reference, "new_job")
    assert there.standing(case) == {"trr": "closed*", "gr": "closed"}


def test_whoever_reopens_what_nobody_works_on_is_responsible(there: Office) -> None:
    case, trr, af = there.sends(WHITE, ("trr", "af")), there.staff("trr"), there.staff("af")
    for staff in (af, trr):
        there.app.casework.pick_up(staff, case.reference)
        there.app.casework.close(staff, case.reference, "new_job")
    assert there.standing(case) == {"trr": "closed*", "af": "closed", "gr": "closed"}
    there.app.casework.reopen(af, case.reference)
    assert there.standing(case) == {"trr": "closed", "af": "accepted*", "gr": "watching"}
    there.app.casework.reopen(trr, case.reference)  # af is at work: nothing is taken from them
    assert there.standing(case) == {"trr": "accepted", "af": "accepted*", "gr": "watching"}
    [told] = there.letters(case, "moved")
    assert "Nu är det Arbetsförmedlingen som har" in told and "Arbetsförmedlingen har öppnat ditt ärende igen." in told


def test_the_owner_goes_on_with_what_was_closed(there: Office) -> None:
    case, trr = there.sends(WHITE, ("trr",)), there.staff("trr")
    there.app.casework.pick_up(trr, case.reference)
    there.app.casework.close(trr, case.reference, "new_job")
    assert there.app.casework.see(there.coordinator, case.reference, "sv").contact is None  # never picked up there
    there.app.casework.reopen(there.coordinator, case.reference)
    assert there.standing(case) == {"trr": "closed", "gr": "accepted*"}
    assert there.app.casework.see(there.coordinator, case.reference, "sv").contact is not None


def test_a_union_reopens_without_touching_anything_else(there: Office) -> None:
    case, union = there.sends(WHITE, ("trr",), union=True), there.staff("unionen")
    reference = there.at(case, "unionen").reference
    there.app.casework.pick_up(union, reference)
    there.app.casework.close(union, reference, "new_job")
    there.app.casework.reopen(union, reference)
    assert there.standing(case) == {"trr": "waiting*", "unionen": "accepted", "gr": "watching"}


def test_handing_over_to_a_partner_with_consent(there: Office) -> None:
    case, brg = there.sends(OWN_BUSINESS, ("brg", "af")), there.staff("brg")
    assert there.standing(case) == {"brg": "waiting*", "af": "waiting", "gr": "watching"}
    there.app.casework.pick_up(brg, case.reference)
    there.app.casework.hand_over(brg, case.reference, "af", "Behöver bidrag först")
    assert there.standing(case) == {"brg": "handed_over", "af": "waiting*", "gr": "watching"}


def test_handover_without_consent_goes_to_the_owner_who_asks(there: Office) -> None:
    case, trr = there.sends(WHITE, ("trr",)), there.staff("trr")
    there.app.casework.pick_up(trr, case.reference)
    there.app.casework.hand_over(trr, case.reference, "af", "De kan mer")
    assert there.standing(case) == {"trr": "handed_over", "gr": "waiting*"}  # nothing was given to af
    seen = there.app.casework.see(there.coordinator, case.reference, "sv")
    assert [event.code for event in seen.timeline if event.what == "wish"] == ["Arbetsförmedlingen"]


def test_a_handover_keeps_open_referrals_and_reopens_closed_ones(there: Office) -> None:
    case, trr, af = there.sends(WHITE, ("trr", "af")), there.staff("trr"), there.staff("af")
    there.app.casework.pick_up(af, case.reference)
    there.app.casework.pick_up(trr, case.reference)
    there.app.casework.hand_over(trr, case.reference, "af", "De kan mer")
    assert there.standing(case)["af"] == "accepted*"
    there.app.casework.hand_over(af, case.reference, "trr", "De kan mer")
    assert there.standing(case) == {"trr": "waiting*", "af": "handed_over", "gr": "watching"}


def test_a_partner_without_staff_is_not_handed_to_either(there: Office) -> None:
    case, trr = there.sends(WHITE, ("trr", "af")), there.staff("trr")
    there.app.casework.pick_up(trr, case.reference)
    there.app.accounts.disable_staff(there.staff("af").email)
    there.app.casework.hand_over(trr, case.reference, "af", "De kan mer")
    assert there.standing(case) == {"trr": "handed_over", "af": "waiting", "gr": "waiting*"}
    there.app.casework.pick_up(there.coordinator, case.reference)
    with pytest.raises(NotAllowed):
        there.app.casework.hand_over(there.coordinator, case.reference, "af", "De kan mer")


def test_handing_over_needs_a_reason(there: Office) -> None:
    case, trr = there.sends(WHITE, ("trr", "af")), there.staff("trr")
    there.app.casework.pick_up(trr, case.reference)
    with pytest.raises(WrongText):
        there.app.casework.hand_over(trr, case.reference, "af", " ")
    assert there.standing(case)["trr"] == "accepted*"


def test_a_withdrawn_referral_never_comes_back(there: Office) -> None:
    case, trr = there.sends(WHITE, ("trr", "af")), there.staff("trr")
    there.app.desk.withdraw("vastkraft", case.sealed["status_token"], "af")
    there.app.casework.pick_up(trr, case.reference)
    there.app.casework.hand_over(trr, case.reference, "af", "De kan mer")
    assert there.standing(case) == {"trr": "handed_over", "af": "withdrawn", "gr": "waiting*"}


def test_only_the_responsible_partner_hands_over(there: Office) -> None:
    case, af = there.sends(WHITE, ("trr", "af")), there.staff("af")
    there.app.casework.pick_up(af, case.reference)
    with pytest.raises(NotAllowed):
        there.app.casework.hand_over(af, case.reference, "trr", "De kan mer")
    assert there.standing(case)["trr"] == "waiting*"


def test_the_owner_hands_over_and_watches_again(there: Office) -> None:
    case = there.sends(WHITE, ("trr", "af"))
    there.app.casework.decline(there.staff("trr"), case.reference, "not_target")
    there.app.casework.pick_up(there.coordinator, case.reference)
    there.app.casework.hand_over(there.coordinator, case.reference, "af", "De kan mer")
    assert there.standing(case) == {"trr": "declined", "af": "waiting*", "gr": "watching"}


def test_a_union_is_never_handed_to_and_never_responsible(there: Office) -> None:
    case, trr = there.sends(WHITE, ("trr",), union=True), there.staff("trr")
    there.app.casework.pick_up(trr, case.reference)
    with pytest.raises(NotAllowed):
        there.app.casework.hand_over(trr, case.reference, "unionen", "De kan mer")
    there.app.casework.decline(trr, case.reference, "no_capacity")
    assert there.standing(case) == {"trr": "declined", "unionen": "waiting", "gr": "waiting*"}


def test_nobody_was_tried_to_be_reached_without_a_note_of_it(there: Office) -> None:
    """The letter says on which days: nobody writes "we have tried to reach you" when nobody has."""
    case, trr = there.sends(WHITE, ("trr",)), there.staff("trr")
    there.app.casework.pick_up(trr, case.reference)
    there.app.casework.call(trr, case.reference, "spoke")
    with pytest.raises(WrongText, match="no_tries"):
        there.app.casework.close(trr, case.reference, "not_reached")
    assert there.standing(case) == {"trr": "accepted*", "gr": "watching"} and there.letters(case, "closed") == []
    for result, later in (("no_answer", 0), ("left_message", 1), ("no_answer", 0)):
        there.tick(days=later)
        there.app.casework.call(trr, case.reference, result)
    there.app.casework.write(trr, case.reference, "first_contact", "Hej!")
    there.app.casework.close(trr, case.reference, "not_reached")
    [letter] = there.letters(case, "closed")
    days = "Vi ringde måndag 23 november 2026, tisdag 24 november 2026. Vi skrev tisdag 24 november 2026."
    assert days in letter
    status = there.app.desk.status("vastkraft", case.sealed["status_token"])
    assert isinstance(status.prompt, StatusPrompt)
    [leg] = [one for one in status.prompt.legs if one.partner == "trr"]
    assert leg.outcome.endswith(days)


def test_a_withdrawal_and_a_handing_over_say_so(there: Office) -> None:
    case = there.sends(WHITE, ("trr", "af"))
    there.app.desk.withdraw("vastkraft", case.sealed["letter_token"], "trr")
    [told] = there.letters(case, "moved")
    assert "Du har tagit tillbaka dina svar från Trygghetsrådet TRR." in told
    other = there.sends(WHITE, ("trr", "af"))
    there.app.casework.pick_up(there.staff("trr"), other.reference)
    there.app.casework.hand_over(there.staff("trr"), other.reference, "af", "De kan mer")
    [told] = there.letters(other, "moved")
    assert "Trygghetsrådet TRR har lämnat det vidare." in told and "De kan mer" not in told
