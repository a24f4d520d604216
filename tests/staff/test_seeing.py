"""What staff see: contact only after picking up, nothing of others, nothing at all of unions."""

from __future__ import annotations

from dataclasses import asdict

import pytest
from sqlalchemy import select

from intake import Asked, NotFound
from intake.store.tables import contacts, events, messages, referrals, submissions
from tests.offices import WHITE, Office


def shown(here: Office, partner: str, reference: str) -> str:
    return str(asdict(here.app.casework.see(here.staff(partner), reference, "sv")))


def test_name_and_contact_need_picking_up_and_are_logged(here: Office) -> None:
    case, trr = here.sends(WHITE, ("trr",)), here.staff("trr")
    queue = str(asdict(here.app.casework.queue(trr, Asked(), "sv")))
    for text in (shown(here, "trr", case.reference), queue):
        assert "Kim" not in text and "kim@" not in text
    here.app.casework.pick_up(trr, case.reference)
    assert "kim@example.org" in shown(here, "trr", case.reference)
    assert "Kim" not in str(asdict(here.app.casework.queue(trr, Asked(), "sv")))
    read = here.app.store.people.logged(here.at(case, "trr").id)
    assert [(what, who) for _, what, who in read] == [("read_contact", trr.id)]


def test_a_partner_does_not_see_whom_else_the_person_chose(here: Office) -> None:
    case = here.sends(WHITE, ("trr", "af"), union=True)
    here.app.casework.pick_up(here.staff("trr"), case.reference)
    text = shown(here, "trr", case.reference)
    assert "Arbetsförmedlingen" not in text and "nionen" not in text


def test_the_coordinator_sees_other_partners_but_never_a_union(here: Office) -> None:
    case = here.sends(WHITE, ("trr", "af"), union=True)
    seen = here.app.casework.see(here.coordinator, case.reference, "sv")
    assert {row.partner for row in seen.others} == {"trr", "af"}
    queue = here.app.casework.queue(here.coordinator, Asked(tab="all"), "sv")
    assert {row.partner for row in queue.rows} == {"trr", "af", "gr"} and queue.counts["all"] == 3
    assert "nionen" not in str(asdict(seen)) + str(asdict(queue))
    with pytest.raises(NotFound):
        here.app.casework.see(here.coordinator, case.reference, "sv", "unionen")
    with pytest.raises(NotFound):
        here.app.casework.see(here.coordinator, here.at(case, "unionen").reference, "sv", "unionen")
    at_trr = here.app.casework.see(here.coordinator, case.reference, "sv", "trr")
    assert at_trr.contact is None and at_trr.can == frozenset()


def test_a_union_sees_name_and_contact_and_no_answers(here: Office) -> None:
    case = here.sends(WHITE, ("trr",), union=True)
    union, referral = here.staff("unionen"), here.at(case, "unionen")
    before = here.app.casework.see(union, referral.reference, "sv")
    assert before.contact is None and {row.question for row in before.answers} <= {"interpreter"}
    here.app.casework.pick_up(union, referral.reference)
    after = here.app.casework.see(union, referral.reference, "sv")
    assert after.contact is not None and after.contact.email == "kim@example.org"
    assert {row.question for row in after.answers} <= {"interpreter"}
    assert case.reference not in str(asdict(after))
    with pytest.raises(NotFound):
        here.app.casework.see(union, case.reference, "sv")


def test_no_clear_column_leads_from_a_union_to_a_person(there: Office) -> None:
    """Every value of a union's rows, looked for among the person's rows: only what everybody shares is there."""
    case = there.sends(WHITE, ("trr",), union=True)
    union = there.at(case, "unionen")
    with there.app.store.db.transactions.connect() as connection:
        mine = [
            row
            for table, of in (
                (referrals, referrals.c.id),
                (events, events.c.referral_id),
                (messages, messages.c.referral_id),
            )
            for row in connection.execute(select(table).where(of == union.id)).all()
        ]
        others = [
            row
            for query in (
                select(submissions), select(contacts), select(referrals).where(referrals.c.id != union.id),
                select(events).where(events.c.referral_id != union.id),
                select(messages).where(messages.c.referral_id != union.id),
            )
            for row in connection.execute(query).all()
        ]  # fmt: skip
    theirs = {value for row in others for value in row if isinstance(value, str | bytes)}
    common = {value for row in mine for value in row if isinstance(value, str | bytes)} & theirs
    shared_by_all = {"vastkraft", "sv", "1", "form", "waiting", "created", "participant", "partner", "new_referral"}
    assert common <= shared_by_all, common


def test_filters_and_counts(here: Office) -> None:
    here.sends(WHITE, ("trr",))
    here.tick(days=8)
    here.sends({**WHITE, "home_municipality": "1407"}, ("trr",))
    trr = here.staff("trr")

    def rows(**asked: object) -> list[str]:
        return [row.municipality for row in here.app.casework.queue(trr, Asked(**asked), "sv").rows]  # type: ignore[arg-type]

    assert rows() == ["Mölndal", "Öckerö"]
    assert rows(municipality="1407") == ["Öckerö"]
    assert rows(days=7) == ["Mölndal"]
    assert rows(tab="accepted") == []
    queue = here.app.casework.queue(trr, Asked(), "sv")
    assert queue.counts["waiting"] == 2
    assert [name for _, name in queue.municipalities] == ["Mölndal", "Öckerö"]
