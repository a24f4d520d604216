"""Words of staff in their language: every code of casework, every refusal, every problem of a letter."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.engine.moves import FACTS, MOVES, STAFF_MOVES
from intake.engine.referral import STATUSES
from intake.referrals import TABS, TEMPLATES
from intake.words import LOCALE, words_for
from web.staff_words import NAMES, TROUBLES, called, why

INTAKE = Path(__file__).parents[2] / "intake"


def refusals() -> Iterator[str]:
    """The texts of every NotAllowed that what staff can do raises."""
    for path in (INTAKE / "referrals").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "NotAllowed":
                yield from (str(one.value) for one in node.args if isinstance(one, ast.Constant))


@pytest.mark.parametrize("language", sorted(path.name for path in LOCALE.iterdir() if path.is_dir()))
def test_everything_has_its_words(language: str) -> None:
    texts = {text for table in NAMES.values() for text in table.values()} | set(TROUBLES.values()) | set(refusals())
    texts |= {refusal for _, refusal in FACTS.values()} - {""}
    assert len(texts) > 90
    same = {text for text in texts if words_for(language)(text) == text} - {"Status"}
    assert not same, f"not in locale/{language}/staff.po: {sorted(same)}"


def test_every_code_has_a_name() -> None:
    events = {name for _, name in MOVES} | {name for move in STAFF_MOVES.values() for name in move.events}
    assert set(STATUSES) == set(NAMES["status"]) and set(TABS) == set(NAMES["tab"])
    events |= {"created", "responsible", "passed_on", "send_again", "erase_wished", "erase_answered"}
    assert events == set(NAMES["event"])
    assert set(TEMPLATES) <= set(NAMES["letter"])
    done = {*STAFF_MOVES, "ask_letter", "ask_yes", "ask_no", "send_again", "pause", "resume", "erase", "keep"} - {"ask"}
    assert done == set(NAMES["done"])


def test_why_a_letter_did_not_go_out_is_said_in_plain_words() -> None:
    words = words_for("sv")
    for noted, read in {
        "no monitored reply address: intake partner set trr --reply-to ADDRESS": "ingen bevakad adress",
        "no address for notices: intake partner set trr --notify ADDRESS": "ingen adress för aviseringar",
        "the mail server answered 550": "Stämmer adressen? (550)",
        "the mail server answered 451": "gick inte att nå, eller tog inte emot det. (451)",
        "the mail server cannot be reached (ConnectionRefusedError)": "gick inte att nå",
        "a placeholder address: no real letter goes there": "påhittad",
        "something new": "Det gick inte att skicka.",
    }.items():
        assert read in why(words, noted), noted
    assert called(words, "done", "Ring oss") == "" and called(words, "letter", "new") == "new"
