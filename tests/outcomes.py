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


def decide(app: App, group: str) -> None:
    raise NotImplementedError


def send_consents(app: App, partners: list[str]) -> None:
    raise NotImplementedError
