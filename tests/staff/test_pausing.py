"""A paused partner takes no new cases, and keeps those it has."""

from __future__ import annotations

import pytest
from sqlalchemy import delete

from intake import BadSetting, NotAllowed
from intake.store.tables import partners, staff
from tests.offices import WHITE, Office


def test_a_paused_partner_is_skipped_as_one_without_staff_is(there: Office) -> None:
    accounts = there.app.accounts
    assert accounts.pause("trr", "vastkraft")
    case = there.sends(WHITE, ("trr", "af"))
    assert there.standing(case) == {"trr": "waiting", "af": "waiting*", "gr": "watching"}
    accounts.pause("af", "vastkraft")
    there.app.casework.decline(there.staff("af"), case.reference, "no_capacity")
    assert there.standing(case) == {"trr": "waiting", "af": "declined", "gr": "waiting*"}  # nor is it passed on to
    accounts.resume("trr", "vastkraft")
    assert there.standing(there.sends(WHITE, ("trr", "af")))["trr"] == "waiting*"


def test_the_only_staffed_partner_gets_nothing_once_paused(there: Office) -> None:
    with there.app.store.transaction() as connection:
        connection.execute(delete(staff).where(staff.c.partner != "trr"))
    assert there.standing(there.sends(WHITE, ("trr", "af")))["trr"] == "waiting*"
    there.app.accounts.pause("trr", "vastkraft")
    case = there.sends(WHITE, ("trr", "af"))  # nor does anybody without staff: the owner does, as always then
    assert there.standing(case) == {"trr": "waiting", "af": "waiting", "gr": "waiting*"}


def test_before_the_first_staff_only_the_paused_take_no_case(there: Office) -> None:
    with there.app.store.transaction() as connection:
        connection.execute(delete(staff))
    assert there.standing(there.sends(WHITE, ("trr", "af")))["trr"] == "waiting*"
    there.app.accounts.pause("trr", "vastkraft")
    assert there.standing(there.sends(WHITE, ("trr", "af"))) == {"trr": "waiting", "af": "waiting*", "gr": "watching"}


def test_its_staff_go_on_with_the_cases_they_have(there: Office) -> None:
    had, trr = there.sends(WHITE, ("trr",)), there.staff("trr")
    there.app.accounts.pause("trr", "vastkraft")
    new = there.sends(WHITE, ("trr",))
    for case in (had, new):
        there.app.casework.pick_up(trr, case.reference)
        assert there.app.casework.see(trr, case.reference, "sv").contact is not None
    assert there.standing(had)["trr"] == "accepted*" and there.standing(new)["trr"] == "accepted"


def test_nobody_hands_over_to_it_or_asks_about_it(there: Office) -> None:
    case, coordinator = there.sends(WHITE, ("trr",)), there.coordinator
    there.app.accounts.pause("af", "vastkraft")
    there.app.casework.decline(there.staff("trr"), case.reference, "not_target")
    there.app.casework.pick_up(coordinator, case.reference)
    askable = [id for id, _ in there.app.casework.see(coordinator, case.reference, "sv").askable]
    assert "af" not in askable and "brg" in askable
    other = there.sends(WHITE, ("af",))
    there.app.casework.pick_up(coordinator, other.reference)
    with pytest.raises(NotAllowed, match="nobody works there"):
        there.app.casework.hand_over(coordinator, other.reference, "af", "De kan mer")


def test_setting_an_address_resumes_nobody(there: Office) -> None:
    people, accounts = there.app.store.people, there.app.accounts
    accounts.pause("trr", "vastkraft")
    since = people.partner("vastkraft", "trr").paused_at
    accounts.set_partner("trr", programme="vastkraft", phone="08-111 11 11")
    assert since is not None and people.partner("vastkraft", "trr").paused_at == since
    assert "trr" not in people.staffed("vastkraft") and "af" in people.staffed("vastkraft")
    assert (
        not accounts.pause("trr", "vastkraft")
        and accounts.resume("trr", "vastkraft")
        and not accounts.resume("trr", "vastkraft")
    )
    assert "trr" in people.staffed("vastkraft")


def test_a_partner_nothing_was_set_for_can_be_paused(there: Office) -> None:
    """It has no row of its own yet."""
    with there.app.store.transaction() as connection:
        connection.execute(delete(partners))
    assert there.app.accounts.pause("trr", "vastkraft")
    assert there.app.store.people.partner("vastkraft", "trr").paused_at is not None
    assert "trr" not in there.app.store.people.staffed("vastkraft")


def test_the_owner_is_never_paused(there: Office) -> None:
    with pytest.raises(BadSetting, match="the last to take a case"):
        there.app.accounts.pause("gr", "vastkraft")
