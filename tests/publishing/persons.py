"""Kim, who answers and sends in, with a yes to a union among others."""

from __future__ import annotations

from intake import App, Handle, QuestionPrompt
from intake.participants.turns import Turn
from tests.offices import CONTACT, WHITE
from tests.publishing.drafts import ID

KIM = Handle("web", "a browser")


def answers_up_to(app: App, place: str, **said: str) -> Turn:
    """Kim has come here."""
    answers = {**WHITE, **CONTACT, "consent_partner": "trr", "consent_union": "yes", **said}
    turn = app.desk.start(KIM, ID, "sv")
    while turn.place != place:
        if turn.place == "result":
            turn = app.desk.go_on(KIM, ID)
            continue
        assert isinstance(turn.prompt, QuestionPrompt), turn.place
        raw = tuple(filter(None, [answers.get(turn.place)]))
        turn = app.desk.answer(KIM, ID, turn.place, raw, skip=not raw)
    return turn


def sends(app: App, **said: str) -> str:
    """The case number."""
    answers_up_to(app, "check", **said)
    return str(getattr(app.desk.submit(KIM, ID).prompt, "reference", ""))
