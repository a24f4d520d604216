"""Email addresses: which are deliverable, and corrections of common slips."""

from __future__ import annotations

import pytest

from intake.engine.email import address, is_email, mended
from intake.engine.journey import SEEN, Journey, accept
from intake.engine.kind import MENDED, Refused
from intake.engine.prompting import points_out, prompt_for
from intake.engine.prompts import QuestionPrompt
from tests.engine.test_journey import B, walk


def at_the_address(said: str | None) -> Journey:
    answers = {**B, "trade": None, SEEN: walk({**B, "trade": None}).seen(), "send": "yes"}
    return walk(answers if said is None else {**answers, "email": said})


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("kim@example.org", "kim@example.org"),
        (" Kim.Ek+jobb@Example.ORG ", "Kim.Ek+jobb@example.org"),
        ("mailto:kim@example.org", "kim@example.org"),
        ("o'neil@example.org", "o'neil@example.org"),
        ("kim@exämple.org", "kim@xn--exmple-cua.org"),
        ("kim@gmial.com", "kim@gmial.com"),
    ],
)
def test_an_address_is_kept_as_letters_go_to_it(typed: str, kept: str) -> None:
    assert accept(at_the_address(None), "email", (typed,)) == kept


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("kim", "not_an_email"), ("kim@example", "not_an_email"), ("kim@@example.org", "not_an_email"),
        ("@", "not_an_email"),
        ("kim@firma.test", "not_an_email"), ("kim..ek@example.org", "not_an_email"),
        ("käm@example.org", "not_an_email"),
        ('"kim"@example.org', "not_an_email"), ("kim@[127.0.0.1]", "not_an_email"),
        ("kim@example.org.", "not_an_email"),
        ("kim@exam_ple.org", "not_an_email"), ("@gmail.com", "not_an_email"), ("x" * 65 + "@a.org", "too_long"),
        ("811218-9876@example.org", "personal_number"), ("81 12 18 98 76@example.org", "personal_number"),
    ],
)  # fmt: skip
def test_what_no_letter_can_go_to_is_refused(typed: str, code: str) -> None:
    refused = accept(at_the_address(None), "email", (typed,))
    assert isinstance(refused, Refused) and refused.code == code


@pytest.mark.parametrize("said", ["kim@trr.test", "kim@intake.invalid", "kim@printer.local", "kim@trr.example"])
def test_a_placeholder_is_written_as_an_address(said: str) -> None:
    """That it leads nowhere is said by who knows whether this is a demo."""
    assert is_email(said) and not is_email(said.replace("@", " "))


def test_a_slip_is_pointed_out_and_the_suggestion_is_one_tap() -> None:
    journey = at_the_address("Kim@gmial.com")
    assert points_out(journey, "email", "en") and not points_out(at_the_address("kim@gmail.com"), "email", "en")
    prompt = prompt_for(journey, "email", "en")
    assert isinstance(prompt, QuestionPrompt)
    [option] = prompt.suggestions
    assert (option.id, option.text) == (MENDED, "Kim@gmail.com"), "the button holds nothing personal"
    assert accept(journey, "email", (MENDED,)) == "Kim@gmail.com"
    assert accept(journey, "email", ("Kim@gmial.com", MENDED)) == "Kim@gmail.com", "as a form sends it"
    assert accept(journey, "email", ("Kim@gmial.com",)) == "Kim@gmial.com", "never refused"
    assert accept(journey, "email", ("robin@example.org", MENDED)) == "robin@example.org"


def test_what_is_suggested_is_an_address_and_no_slip_itself() -> None:
    for domain in ("gmial.com", "GMAIL.CON", "hotmial.com", "outlok.com", "iclod.com", "yahoo.con"):
        suggested = mended(f"kim@{domain}")
        assert suggested is not None and address(suggested) == suggested and mended(suggested) is None
    right = ("gmail.com", "example.org", "mail.com", "hotmail.se", "live.se")
    assert [mended(f"kim@{one}") for one in right] == [None] * 5
