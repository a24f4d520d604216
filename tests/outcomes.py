"""What a database says came of one participant, whatever channel they used; and what staff do in between."""

from __future__ import annotations

from sqlalchemy import select

from intake import App
from intake.engine.journey import Journey, travel
from intake.engine.prompting import prompt_for
from intake.engine.prompts import EndPrompt
from intake.store.tables import interviews, referrals, submissions
from tests.players import TODAY, Outcome


def journeys(app: App) -> list[Journey]:
    """Of everybody who has not sent in."""
    with app.store.steady.connect() as connection:
        handles = connection.execute(select(interviews.c.handle_hash).where(interviews.c.submission_id.is_(None)))
        found = [app.store.interviews.find(handle) for handle in handles.scalars().all()]
    return [travel(app.programmes[one.programme], one.answers, TODAY) for one in found if one is not None]


def outcome_of(app: App) -> Outcome:
    """The one participant of this database."""
    with app.store.steady.connect() as connection:
        sent = connection.execute(select(submissions.c.id)).scalars().all()
        made = connection.execute(select(referrals.c.partner, referrals.c.status, referrals.c.responsible)).all()
    if sent:
        submission = app.store.submissions.by_id(sent[0])
        assert submission is not None
        return Outcome(
            answers=submission.sealed["answers"],
            verdict=submission.verdict,
            reason=submission.reason,
            referrals={partner: status for partner, status, _ in made},
            responsible=next((partner for partner, _, responsible in made if responsible), None),
        )
    assert not made, "referrals without a submission"
    [journey] = journeys(app)
    prompt = prompt_for(journey, journey.place, journey.programme.languages[0])
    end = prompt.id if isinstance(prompt, EndPrompt) else None
    return Outcome(dict(journey.kept()), journey.assessment.verdict, journey.assessment.reason, end)


def letter_text(app: App, letter: str) -> str:
    """The letter of that kind that we owe the one participant."""
    with app.store.steady.connect() as connection:
        ids = connection.execute(select(referrals.c.id)).scalars().all()
    letters = [message for id in ids for message in app.store.messages.of_referral(id) if message.letter == letter]
    assert len(letters) == 1, f"{len(letters)} letters {letter}"
    return letters[0].text


def decide(app: App, decision: str) -> None:
    """The coordinator decides the one case there is; every partner has somebody who works there."""
    programme = next(iter(app.programmes.values()))
    for partner in programme.partners.values():
        if partner.takes_persons and partner.id != programme.owner:
            app.accounts.add_staff(f"{partner.id.replace(':', '-')}@example.org", partner.id)
    coordinator = app.accounts.add_staff("koordinator@example.org", programme.owner, coordinator=True)
    with app.store.steady.connect() as connection:
        [reference] = connection.execute(select(submissions.c.reference)).scalars().all()
    reason, step = ("no_risk", "Ring din kommun.") if decision == "no" else ("", "")
    app.casework.pick_up(coordinator, reference)
    app.casework.decide(coordinator, reference, decision, reason, step)
