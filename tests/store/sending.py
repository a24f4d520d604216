"""A person about to send in, and what must be stored afterwards."""

from __future__ import annotations

from intake import App, Handle
from intake.engine.prompts import QuestionPrompt
from tests.offices import CONTACT, PROGRAMME, WHITE
from tests.store.inside import ask, count

KIM = Handle("web", "a browser")


def at_the_check(app: App) -> None:
    """Kim has answered everything, says yes to TRR, and has not sent it."""
    for partner in ("gr", "trr"):
        app.accounts.add_staff(f"{partner}@example.org", partner, programme=PROGRAMME)
        address = f"{partner}@example.org"
        app.accounts.set_partner(partner, reply_to=address, notify=address, programme=PROGRAMME)
    said = {**WHITE, **CONTACT, "consent_partner": "trr", "consent_union": "yes"}
    turn = app.desk.start(KIM, PROGRAMME, "sv")
    while turn.place != "check":
        if turn.place == "result":
            turn = app.desk.go_on(KIM, PROGRAMME)
        else:
            assert isinstance(turn.prompt, QuestionPrompt)
            raw = tuple(filter(None, [said.get(turn.place)]))
            turn = app.desk.answer(KIM, PROGRAMME, turn.place, raw, skip=not raw)


def sent_once(url: str) -> None:
    assert count(url, "submissions") == count(url, "contacts") == 1
    assert sorted(ask(url, "SELECT partner FROM referrals")) == [("gr",), ("trr",)]
    assert sorted(ask(url, "SELECT letter FROM messages")) == [("new_referral",), ("receipt",)]
    assert count(url, "union_notes") == 1, "of the union there is a sealed note"
    [(submission,)] = ask(url, "SELECT id FROM submissions")
    assert ask(url, "SELECT submission_id FROM interviews WHERE submission_id IS NOT NULL") == [(submission,)]
