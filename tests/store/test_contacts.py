"""Stored contacts: numbers in one form however they were written; older ones are converted."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete, select, update

from intake import App
from intake.engine.prompts import CheckPrompt
from intake.engine.telephone import e164
from intake.keys import Keys
from intake.records import Changed
from intake.store.contacts import DONE, Renewed, place, renew
from intake.store.tables import contacts, installation
from tests.cli.commands import call
from tests.offices import PROGRAMME, WHITE, Office
from tests.store.conftest import KEYS
from tests.store.inside import ask
from tests.store.sending import KIM, at_the_check

OLD = {"phone": "0701740605", "email": "Kim@Example.org"}  # as they were kept before


def stored(office: Office, **old: str) -> str:
    """A submission whose contact is as an older version kept it."""
    case = office.sends(WHITE, ("trr",), phone="070-174 06 05")
    values = {"name": "Kim Exempel", "interpreter": None, "interpreter_language": None, **OLD, **old}
    with office.app.store.transaction() as connection:
        sealed = office.app.keys.seal_json(values, place(case.id))
        index = office.app.keys.blind(values["phone"] or "", "phone")
        connection.execute(
            update(contacts).where(contacts.c.submission_id == case.id).values(sealed=sealed, phone_index=index)
        )
        connection.execute(delete(installation).where(installation.c.name == DONE))
    return case.id


def test_a_number_is_kept_and_found_however_it_was_written(there: Office) -> None:
    for typed in ("070-174 06 05", "+46 70 174 06 05", "0046701740605", "+46 (0)70-1740605", "٠٧٠١٧٤٠٦٠٥"):
        case = there.sends(WHITE, ("trr",), phone=typed)
        contact = there.app.store.submissions.contact(case.id)
        assert contact is not None and contact.phone == "+46701740605", typed
        assert rows(there)[case.id].phone_index == there.app.keys.blind("+46701740605", "phone"), typed


@pytest.mark.parametrize("typed", ["+46 7O 174 O6 O5", "070-l74 O6 l5", "070FLOWERS", "+1-800-FLOWERS", "070abcdefg"])
def test_a_letter_is_no_digit(typed: str) -> None:
    """An O for a zero is refused: by the letters of old dials it would be the number of somebody else."""
    assert e164(typed) is None


def test_what_was_stored_before_is_made_anew_once(there: Office) -> None:
    ids = [stored(there, phone=one) for one in ("0701740605", "0046701740605", "+460701740605", "12345")]
    assert there.app.store.renew() == Renewed(4, 0)
    kept = [there.app.store.submissions.contact(id) for id in ids]
    assert [one and one.phone for one in kept] == ["+46701740605"] * 3 + ["12345"]
    assert all(one and (one.name, one.email) == ("Kim Exempel", OLD["email"]) for one in kept), "the rest stays"
    found, keys = rows(there), there.app.keys
    assert [found[id].phone_index for id in ids] == [keys.blind(n, "phone") for n in ("+46701740605",) * 3 + ("12345",)]
    assert {row.email_index for row in found.values()} == {keys.blind("kim@example.org", "email")}
    assert there.app.store.renew() is None, "once"


def test_a_second_run_changes_nothing(there: Office) -> None:
    """In several batches, and as if it had ended before it could say that it was done."""
    ids = [stored(there) for _ in range(5)]
    lost = Keys.from_text(Keys.new_text("lost")).seal_json({"name": "Kim"}, place(ids[2]))
    with there.app.store.transaction() as connection:
        connection.execute(update(contacts).where(contacts.c.submission_id == ids[2]).values(sealed=lost))
    store, keys = there.app.store, there.app.keys
    assert renew(store.db, keys, size=2) == Renewed(4, 1)
    before = rows(there)
    with store.transaction() as connection:
        connection.execute(delete(installation).where(installation.c.name == DONE))
    assert renew(store.db, keys, size=3) == Renewed(4, 1)
    assert rows(there) == before and before[ids[2]].sealed == lost
    assert {one.phone_index for id, one in before.items() if id != ids[2]} == {keys.blind("+46701740605", "phone")}


def rows(office: Office) -> dict[str, Any]:
    with office.app.store.transaction() as connection:
        return {row.submission_id: row for row in connection.execute(select(contacts))}


def test_the_command_does_it_and_says_so(there: Office, database_url: str) -> None:
    stored(there)
    env = {"INTAKE_DATABASE_URL": database_url, "INTAKE_SECRET_KEYS": KEYS}
    first, again = call("migrate", **env), call("migrate", **env)
    assert first.code == 0 and "1 contacts" in first.out + first.err, first
    assert again.code == 0 and "contacts" not in again.out + again.err, again
    assert ask(database_url, "SELECT phone_index FROM contacts") == [(there.app.keys.blind("+46701740605", "phone"),)]


def test_an_interview_from_before_goes_on(app: App) -> None:
    """Its number is shown as people write it, and sent in as it is kept now."""
    at_the_check(app)
    interview = app.desk.find(KIM, PROGRAMME)
    assert interview is not None
    old = Changed(answers={**interview.answers, "phone": "0701740605"}, reached="check", applied=())
    app.store.interviews.save(interview, old, app.clock())
    turn = app.desk.now(KIM, PROGRAMME)
    assert isinstance(turn.prompt, CheckPrompt)
    assert "070-174 06 05" in [row.shown for row in turn.prompt.rows]
    app.desk.submit(KIM, PROGRAMME)
    sent = app.desk.find(KIM, PROGRAMME)
    assert sent is not None and sent.submission_id is not None
    contact = app.store.submissions.contact(sent.submission_id)
    assert contact is not None and contact.phone == "+46701740605"
