"""Random input in any order: nothing breaks or is done twice, and every card can be used."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from sqlalchemy import select

from bot.splitting import LONGEST_TEXT, split, utf16
from intake import App
from intake.chat.cards import Button, Press
from intake.store.tables import referrals, submissions
from tests.bot.talking import TO_CHECK, Talk

WORDS = (
    ("ja", "nej", "klar", "tillbaka", "hoppa över", "fortsätt", "skicka", "behåll mitt svar", "2027-03-31", "1", "2")
    + ("1, 2", "Exempel", "ett@example.org", "031-123 45 67", "850312-2389", "vad?", "å" * 300, "<b>&amp;", "\u202e1")
    + ("inköpare", "svetts", "/start", "/help", "/status", "/language", "/privacy", "/cancel", "/delete", "/")
)
LIKED = ("q", "t", "d", "g", "x", "start")  # what most people press: otherwise nobody would ever get anywhere


def wander(talk: Talk, chance: random.Random, steps: int) -> None:
    old: list[Button] = []
    for _ in range(steps):
        buttons = [button for button in talk.buttons if button.press is not None] if talk.cards else []
        old += buttons
        what = chance.random()
        if buttons and what < 0.65:
            liked = [button for button in buttons if button.press and button.press.verb in LIKED]
            press = chance.choice(liked if liked and chance.random() < 0.8 else buttons).press
        elif old and what < 0.75:
            press = chance.choice(old).press
        else:
            press = None
        if press is None:
            talk.says(chance.choice((*WORDS, *TO_CHECK)))
        else:
            talk.presses(press)
        can_be_shown(talk)


def can_be_shown(talk: Talk) -> None:
    assert talk.cards, "there is always something to show"
    assert len(talk.reply.toast) <= 200
    for card in talk.cards:
        assert card.text.strip()
        assert "2389" not in card.text, "a personal number is not repeated"
        assert all(0 < utf16(part) <= LONGEST_TEXT for part in split(card.text))
        for row in card.rows:
            assert 1 <= len(row) <= 8
            for button in row:
                assert button.label.strip()
                assert (button.press is None) != (not button.url)
                if button.press is not None:
                    assert len(button.press.pack().encode()) <= 64
                    assert Press.unpack(button.press.pack()) == button.press


@pytest.mark.parametrize("seed", range(12))
def test_wandering_breaks_nothing(app: App, seed: int, effort: int) -> None:
    chance = random.Random(seed)
    for key in range(2 * effort):
        talk = Talk(app, str(key), chance.choice(("sv", "en", "fi", "")))
        talk.says("/start")
        if seed % 2:
            talk.taps("Start" if talk.language == "en" else "Starta").says(*TO_CHECK)
        wander(talk, chance, 150)
    with app.store.db.transactions.connect() as connection:
        made = connection.execute(select(referrals.c.submission_id, referrals.c.partner)).all()
        sent = connection.execute(select(submissions.c.id, submissions.c.interview_id)).all()
    assert max(Counter((row[0], row[1]) for row in made if row[0]).values(), default=1) == 1
    assert len({interview for _, interview in sent}) == len(sent)


def test_wanderers_do_get_somewhere(app: App) -> None:
    """Otherwise the test above would try little."""
    for seed in range(6):
        talk = Talk(app, str(seed)).begin().says(*TO_CHECK)
        wander(talk, random.Random(seed), 150)
    with app.store.db.transactions.connect() as connection:
        assert connection.execute(select(submissions.c.id)).all()
