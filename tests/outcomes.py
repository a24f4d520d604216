"""Reads from the database what became of a participant, in any channel; and simulates staff in between."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from intake import App
from intake.engine.journey import Journey, travel
from intake.engine.prompting import prompt_for
from intake.engine.prompts import EndPrompt
from intake.store.tables import interviews, messages, referrals, submissions
from tests.players import Outcome

COORDINATOR = "koordinator@example.org"


def journeys(app: App) -> list[Journey]:
    """Of everybody who has not sent in."""
    with app.store.db.transactions.connect() as connection:
        handles = connection.execute(select(interviews.c.handle_hash).where(interviews.c.submission_id.is_(None)))
        found = [app.store.interviews.find(handle) for handle in handles.scalars().all()]
    return [travel(app.programmes[one.programme], one.answers, app.desk.today()) for one in found if one is not None]


def outcome_of(app: App) -> Outcome:
    """The one participant of this database, once what they want of unions is carried out."""
    app.unions.work_once()
    with app.store.db.transactions.connect() as connection:
        sent = connection.execute(select(submissions.c.id)).scalars().all()
        ids = connection.execute(select(referrals.c.id)).scalars().all()
        owed = connection.execute(select(messages.c.letter, messages.c.recipient, messages.c.to_partner)).all()
    made = [app.store.referrals.get(id) for id in ids]
    if not sent:
        assert not made, "referrals without a submission"
        assert not owed, "letters without a submission"
        [journey] = journeys(app)
        prompt = prompt_for(journey, journey.place, journey.programme.languages[0])
        return Outcome(
            answers=dict(journey.kept()),
            verdict=journey.assessment.verdict,
            reason=journey.assessment.reason,
            group=journey.assessment.group,
            route=journey.routing.route,
            end=prompt.id if isinstance(prompt, EndPrompt) else None,
        )
    [id] = sent
    submission, contact = app.store.submissions.by_id(id), app.store.submissions.contact(id)
    assert submission is not None
    said, owner = submission.sealed["answers"], app.programmes[submission.programme].owner
    without_consent = [one.partner for one in made if one.consent is None]
    assert without_consent == [owner], f"no consent is recorded: {without_consent}"
    assert contact is not None
    assert [contact.name, contact.email, contact.phone] == [said.get(one) for one in ("name", "email", "phone")]
    return Outcome(
        answers=said,
        verdict=submission.verdict,
        reason=submission.reason,
        group=submission.group,
        route=submission.route,
        referrals={one.partner: one.status for one in made},
        responsible=next((one.partner for one in made if one.responsible), None),
        consents={one["partner"]: one["answer"] for one in submission.sealed["consents"]},
        letters=tuple(
            sorted(
                f"{letter} to {partner}" if recipient == "partner" else f"{letter} to the person from {partner}"
                for letter, recipient, partner in owed
            )
        ),
        sources=frozenset(one.consent.source for one in made if one.consent is not None),
    )


def letter_text(app: App, letter: str) -> str:
    """The letter of that kind that we owe the one participant."""
    with app.store.db.transactions.connect() as connection:
        ids = connection.execute(select(referrals.c.id)).scalars().all()
    letters = [message for id in ids for message in app.store.messages.of_referral(id) if message.letter == letter]
    assert len(letters) == 1, f"{len(letters)} letters {letter}"
    return letters[0].text


def decide(app: App, decision: str) -> None:
    """The coordinator decides the one case there is; every partner has somebody who works there."""
    reference = reference_of(app)
    with app.store.db.transactions.connect() as connection:
        programme = app.programmes[connection.execute(select(submissions.c.programme)).scalar_one()]
    for partner in programme.partners.values():
        if partner.takes_persons and partner.id != programme.owner:
            app.accounts.add_staff(f"{partner.id.replace(':', '-')}@example.org", partner.id, programme=programme.id)
    coordinator = app.accounts.add_staff(COORDINATOR, programme.owner, programme=programme.id, coordinator=True)
    reason, step = ("review", "Ring din kommun.") if decision == "no" else ("", "")
    app.casework.pick_up(coordinator, reference)
    app.casework.decide(coordinator, reference, decision, reason, step)


def by_telephone(app: App, said_yes: Iterable[str]) -> None:
    """The coordinator reads the consent texts out to the person and records what is said. Unions are not asked."""
    coordinator = app.store.people.staff_by_email(COORDINATOR)
    assert coordinator is not None
    questions = app.casework.telephone_questions(coordinator, reference_of(app), "sv")
    assert set(said_yes) <= {partner for partner, name, text in questions if name in text}
    app.casework.consents_by_telephone(coordinator, reference_of(app), tuple(said_yes), "sv")


def reference_of(app: App) -> str:
    with app.store.db.transactions.connect() as connection:
        [reference] = connection.execute(select(submissions.c.reference)).scalars().all()
    return str(reference)
