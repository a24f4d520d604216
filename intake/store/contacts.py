"""Contacts as they are kept: telephone numbers in one form, so that they are found however they were written.

`renew` brings what an older version stored into this form, once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import Connection, select, update
from sqlalchemy.exc import IntegrityError

from intake.engine.telephone import kept
from intake.keys import Keys, WrongKey
from intake.records import Contact
from intake.store.database import Database
from intake.store.tables import contacts as t
from intake.store.tables import installation

DONE = "contacts"  # the row of `installation` that says that everything stored is in this form
BATCH = 500  # rows in one transaction


@dataclass(frozen=True, slots=True)
class Renewed:
    """How many contacts were made anew, and how many no key opens: they stay as they are."""

    made: int
    unopened: int


def email_index(keys: Keys, email: str | None) -> str | None:
    """What a contact is found by, without the address being kept in clear."""
    return keys.blind(email.lower(), "email") if email else None


def phone_index(keys: Keys, phone: str | None) -> str | None:
    """The same, by a telephone number as it is kept."""
    return keys.blind(kept(phone), "phone") if phone else None


def contact_json(contact: Contact) -> dict[str, str | None]:
    return {
        "name": contact.name,
        "email": contact.email,
        "phone": contact.phone,
        "interpreter": contact.interpreter,
        "interpreter_language": contact.interpreter_language,
    }


def place(submission_id: str) -> str:
    """What a sealed contact is bound to."""
    return f"contacts.sealed:{submission_id}"


def renew(db: Database, keys: Keys, size: int = BATCH) -> Renewed | None:
    """Everything stored into this form, batch by batch; None when that is done already. Ended in between, or run twice
    at once: it goes on, and comes to the same.
    """
    if db.first(select(installation.c.name).where(installation.c.name == DONE)):
        return None
    made = unopened = 0
    last: str | None = ""
    while last is not None:
        with db.transaction() as connection:
            last, batch = _batch(connection, keys, last, size)
        made, unopened = made + batch.made, unopened + batch.unopened
    try:
        db.write(installation.insert().values(name=DONE, sealed=keys.seal(DONE.encode(), f"installation.{DONE}")))
    except IntegrityError:
        pass  # another process came to the same
    return Renewed(made, unopened)


def _batch(connection: Connection, keys: Keys, after: str, size: int) -> tuple[str | None, Renewed]:
    """One batch in one transaction; the last id of it, None when nothing is left."""
    rows = connection.execute(
        select(t.c.submission_id, t.c.sealed)
        .where(t.c.submission_id > after)
        .order_by(t.c.submission_id)
        .limit(size)
        .with_for_update()
    ).all()
    unopened = 0
    for row in rows:
        try:
            contact = Contact(**keys.open_json(row.sealed, place(row.submission_id)))
        except WrongKey:
            unopened += 1
            continue
        values: dict[str, object] = {
            "email_index": email_index(keys, contact.email),
            "phone_index": phone_index(keys, contact.phone),
        }
        if contact.phone and kept(contact.phone) != contact.phone:
            new = replace(contact, phone=kept(contact.phone))
            values["sealed"] = keys.seal_json(contact_json(new), place(row.submission_id))
        connection.execute(update(t).where(t.c.submission_id == row.submission_id).values(values))
    return (rows[-1].submission_id if rows else None), Renewed(len(rows) - unopened, unopened)
