"""Parsing of typed text where buttons exist."""

import pytest

from intake.chat.cards import Button, Press
from intake.chat.parse_text import button_named, is_one_of, one_of, several_of

STATUS = [
    ("employed_at_risk", "Jag har jobb, men det finns risk för varsel"),
    ("uppsagd_left", "Jag är uppsagd och har slutat"),
    ("blue", "Arbetare (till exempel montör, operatör, svetsare)"),
    ("1407", "Öckerö"),
    ("1480", "Göteborg"),
    ("yes", "Ja, Unionen får kontakta mig"),
]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2", "uppsagd_left"),
        ("5.", "1480"),
        ("0", None),
        ("7", None),
        ("uppsagd_left", "uppsagd_left"),
        ("1480", "1480"),
        ("GÖTEBORG", "1480"),
        ("goteborg", "1480"),
        ("göt", "1480"),
        ("ocker", "1407"),
        ("Arbetare", "blue"),
        ("  jag är   uppsagd och har slutat! ", "uppsagd_left"),
        ("jag", None),  # two begin so
        ("jag har jobb", "employed_at_risk"),
        ("ja", "yes"),
        ("har slutat", "uppsagd_left"),
        ("risk för varsel", "employed_at_risk"),
        ("varsel", None),  # one word at the end may mean anything
        ("gö", None),  # too little to be certain of
        ("vad kostar det?", None),
        ("", None),
        ("...", None),
    ],
)
def test_one_choice(text: str, meant: str | None) -> None:
    assert one_of(text, STATUS) == meant


def test_a_number_is_text_where_numbers_are_answers() -> None:
    assert one_of("2", STATUS, numbers=False) is None


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("1, 5", ("employed_at_risk", "1480")),
        ("5 4", ("1480", "1407")),
        ("Göteborg och Öckerö", ("1480", "1407")),
        ("göteborg; 4\narbetare", ("1480", "1407", "blue")),
        ("göteborg, göteborg", ("1480",)),
        ("göteborg och paris", None),
        ("inget av det", None),
    ],
)
def test_several_choices(text: str, meant: tuple[str, ...] | None) -> None:
    assert several_of(text, STATUS) == meant


def test_a_whole_label_presses_its_button() -> None:
    back, skip = Button("Tillbaka", Press("b", "industry")), Button("Hoppa över", Press("s", "collar"))
    assert button_named("hoppa over", [back, skip]) is skip
    assert button_named("tillbaka till början", [back, skip]) is None
    assert button_named("?", [back, skip]) is None


def test_ways_to_say_it() -> None:
    ways = "I don't know, not sure"
    assert is_one_of("I DON’T KNOW!", ways)
    assert is_one_of("not  sure", ways)
    assert not is_one_of("sure", ways)
