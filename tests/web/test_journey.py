"""A whole interview over HTTP, with a browser without script."""

from __future__ import annotations

import pytest

from intake import App
from tests.journeys import LAID_OFF, goes_on_to, goes_to
from tests.visitor import Visitor
from tests.web.conftest import browser_of


async def test_a_person_comes_from_the_start_to_a_reference(visitor: Visitor) -> None:
    page = await goes_to(visitor, "receipt")
    assert page.reference.startswith("VK-")
    page = await visitor.follows("Se ditt ärende")
    assert page.reference in page.text and "TRR" in page.text and "Göteborgsregionen" in page.text


async def test_the_result_comes_before_any_question_about_who_one_is(visitor: Visitor) -> None:
    page = await goes_to(visitor, "result")
    assert page.h1 and "exempel ett" not in page.text.lower()
    page = await goes_on_to(visitor, "protected_identity")
    assert page.first_form.values("protected_identity")[0] == "no", "here, and only here, no stands first"
    await visitor.fills_in(protected_identity="no")
    assert visitor.page.path == "/vastkraft/q/name", "protected identity is asked before anything else about a person"


async def test_the_front_page_leads_to_the_only_programme(visitor: Visitor) -> None:
    page = await visitor.opens("/?lang=en")
    assert (page.path, page.language) == ("/vastkraft/", "en")


@pytest.mark.parametrize(
    ("accepts", "query", "spoken"),
    [
        ("en-GB,en;q=0.9", "", "en"),
        ("fi", "", "sv"),
        ("", "", "sv"),
        ("sv", "?lang=en", "en"),
        ("en", "?lang=xx", "sv"),
    ],
)
async def test_the_language_is_asked_for_or_the_browsers_or_swedish(
    app: App, accepts: str, query: str, spoken: str
) -> None:
    async with browser_of(app, language=accepts) as visitor:
        assert (await visitor.opens(f"/vastkraft/{query}")).language == spoken


async def test_the_interview_keeps_its_language_and_answers(visitor: Visitor) -> None:
    await goes_to(visitor, "home_municipality")
    page = await visitor.presses("language", "en")
    assert (page.path, page.language) == ("/vastkraft/q/home_municipality", "en")
    page = await visitor.opens("/vastkraft/q/employment_status")
    assert page.language == "en"
    assert [one.value for one in page.first_form.fields if one.checked] == ["uppsagd_notice"]


async def test_back_goes_back_and_change_returns_to_the_check_page(visitor: Visitor) -> None:
    await goes_to(visitor, "last_employment_date")
    page = await visitor.follows("Tillbaka")
    assert page.path == "/vastkraft/q/termination_reason"
    assert [one.value for one in page.first_form.fields if one.checked] == ["arbetsbrist"]
    await goes_on_to(visitor, "check")
    page = await visitor.follows("Ändra")
    page = await visitor.opens("/vastkraft/q/name")
    page = await visitor.fills_in(name="Exempel Två")
    assert page.path == "/vastkraft/check" and "Exempel Två" in page.text


async def test_looking_changes_nothing(app: App, visitor: Visitor) -> None:
    await goes_to(visitor, "industry")
    for path in ("q/employment_status", "result", "check", "receipt", "end", "clear", "", "privacy"):
        await visitor.opens(f"/vastkraft/{path}")
    page = await visitor.opens("/vastkraft/q/industry")
    assert page.path == "/vastkraft/q/industry", "still at the question that is open"


async def test_nothing_is_ticked_in_advance(visitor: Visitor) -> None:
    await visitor.opens("/vastkraft/")
    await visitor.fills_in()
    for _ in range(40):
        page = visitor.page
        here = page.path.rpartition("/")[2]
        if here == "receipt":
            return
        assert not any(one.checked for one in page.first_form.fields), here
        await goes_one(visitor, here)
    raise AssertionError("never came to the receipt")


async def goes_one(visitor: Visitor, here: str) -> None:
    if here in LAID_OFF and visitor.page.first_form.names():
        await visitor.fills_in(**{here: LAID_OFF[here]})
    elif any(button.name == "skip" for button in visitor.page.first_form.buttons):
        await visitor.presses("skip")
    else:
        await visitor.fills_in()


async def test_an_unknown_occupation_is_suggested_once_then_kept(visitor: Visitor) -> None:
    await goes_to(visitor, "occupation")
    page = await visitor.fills_in(occupation="konstruktionsgrej")
    if page.path.endswith("/occupation"):
        assert page.first_form.values("occupation"), "suggestions as choices of the same name"
        page = await visitor.fills_in()
    assert page.path == "/vastkraft/q/education_level"
    page = await visitor.opens("/vastkraft/q/occupation")
    assert any(one.value == "konstruktionsgrej" for one in page.first_form.fields)


async def test_a_suggestion_wins_over_the_typed_text(visitor: Visitor) -> None:
    await goes_to(visitor, "occupation")
    page = await visitor.fills_in(occupation="konstru")
    suggestion = page.first_form.values("occupation")[0]
    page = await visitor.fills_in(occupation=["konstru", suggestion])
    assert page.path == "/vastkraft/q/education_level"


async def test_a_slip_in_an_address_is_pointed_out_once(visitor: Visitor) -> None:
    await goes_to(visitor, "email")
    page = await visitor.fills_in(email="kim@gmial.com")
    assert page.path == "/vastkraft/q/email" and "Menade du kim@gmail.com?" in page.text
    [suggestion] = [one for one in page.first_form.values("email") if one != "kim@gmial.com"]
    page = await visitor.fills_in(email=["kim@gmial.com", suggestion])
    assert page.path == "/vastkraft/q/phone"
    page = await visitor.opens("/vastkraft/q/email")
    assert any(one.value == "kim@gmail.com" for one in page.first_form.fields)
    await visitor.fills_in(email="kim@gmial.com")
    page = await visitor.fills_in(email="kim@gmial.com")
    assert page.path == "/vastkraft/q/phone", "it may be right"


async def test_the_union_is_asked_on_a_screen_of_its_own_yes_before_no(visitor: Visitor) -> None:
    page = await goes_to(visitor, "consent_partner")
    assert "unionen" not in page.first_form.values("consent_partner")
    page = await visitor.fills_in(consent_partner=["trr"])
    assert page.path == "/vastkraft/q/consent_union"
    assert page.first_form.values("consent_union") == ["unionen", "no"]


async def test_info_ok_links_to_how_data_is_handled(visitor: Visitor) -> None:
    page = await goes_to(visitor, "info_ok")
    page = await visitor.follows("Läs hur dina uppgifter hanteras")
    assert page.path == "/vastkraft/privacy" and "GR" in page.text


async def test_resuming_beginning_again_and_clearing(app: App, visitor: Visitor) -> None:
    await goes_to(visitor, "industry")
    page = await visitor.opens("/vastkraft/")
    page = await visitor.fills_in()
    assert page.path == "/vastkraft/q/industry", "the first form goes on"
    await visitor.opens("/vastkraft/")
    page = await visitor.presses("afresh")
    assert page.path == "/vastkraft/q/employment_status"
    assert not any(one.checked for one in page.first_form.fields)
    page = await visitor.follows("Avsluta och rensa")
    page = await visitor.fills_in()
    assert page.path == "/vastkraft/" and not visitor.client.cookies
    page = await visitor.opens("/vastkraft/q/industry")
    assert "inte kvar" in page.text, "nothing is known any more, and it is said"
    assert page.first_form.action == "/vastkraft/"


async def test_sending_twice_gives_one_reference(visitor: Visitor) -> None:
    page = await goes_to(visitor, "check")
    posted = page.first_form.as_it_is()
    first = (await visitor.posts("/vastkraft/check", posted)).reference
    second = (await visitor.posts("/vastkraft/check", posted)).reference
    assert first == second != ""


async def test_after_sending_an_old_question_leads_to_the_receipt(visitor: Visitor) -> None:
    await goes_to(visitor, "receipt")
    assert (await visitor.opens("/vastkraft/q/name")).path == "/vastkraft/receipt"


async def test_a_second_interview_leaves_the_case_as_it_is(visitor: Visitor) -> None:
    page = await goes_to(visitor, "receipt")
    reference, status = page.reference, page.links["Se ditt ärende"]
    await visitor.opens("/vastkraft/")
    page = await visitor.presses("afresh")
    assert page.path == "/vastkraft/q/employment_status"
    assert (await visitor.opens(status)).reference == reference


async def test_a_journey_ended_by_choice_keeps_and_sends_nothing(visitor: Visitor) -> None:
    page = await goes_to(visitor, "want_referral")
    page = await visitor.fills_in(want_referral="no")
    assert page.path == "/vastkraft/end" and "skickat" in page.text


async def test_a_protected_identity_is_told_to_call_before_any_name(visitor: Visitor) -> None:
    await goes_to(visitor, "protected_identity")
    page = await visitor.fills_in(protected_identity="yes")
    assert page.path == "/vastkraft/end" and "031-000 00 00" in page.text


async def test_a_no_is_a_signpost_with_a_way_back(visitor: Visitor) -> None:
    page = await goes_to(visitor, "result", {"employment_status": "self_employed"})
    assert page.path == "/vastkraft/result"
    page = await visitor.follows("Ändra Situation")
    assert page.path == "/vastkraft/q/employment_status"


async def test_any_answer_can_be_changed_from_the_result(visitor: Visitor) -> None:
    """Not only the last one, back by back."""
    page = await visitor.opens("/vastkraft/")
    page = await visitor.fills_in()
    for question, answer in {
        "employment_status": "employed_at_risk", "home_municipality": "1480", "industry": "other",
    }.items():  # fmt: skip
        assert page.path.endswith(f"/q/{question}")
        page = await visitor.fills_in(**{question: answer})
    assert page.path.endswith("/result")
    ways = {f"/vastkraft/q/{id}" for id in ("employment_status", "home_municipality", "industry")}
    assert ways <= set(page.links.values())
    page = await visitor.opens("/vastkraft/q/employment_status")
    page = await visitor.fills_in(employment_status="resigned")
    assert page.path.endswith("/result") and "sagt upp" in page.text


@pytest.mark.parametrize("union", ["yes", "no"])
async def test_it_is_said_plainly_when_only_the_owner_gets_it(visitor: Visitor, union: str) -> None:
    """Beside it stands the way to change it; about a union nothing is said, whatever was answered."""
    only = "Bara Göteborgsregionen (GR) får dina svar."
    page = await goes_to(visitor, "check", {**LAID_OFF, "consent_partner": [], "consent_union": union})
    assert only in page.text
    page = await visitor.follows("Ändra vilka som får dem")
    assert page.path == "/vastkraft/q/consent_partner"
    await visitor.fills_in(consent_partner="trr")
    assert visitor.page.path == "/vastkraft/check" and only not in visitor.page.text


async def test_who_is_led_to_the_owner_alone_has_nothing_to_change(visitor: Visitor) -> None:
    """Nobody else was offered: there is nobody of whom it could be said that they get nothing."""
    alone = {**LAID_OFF, "employment_status": "fixed_term_ended"}
    page = await goes_to(visitor, "check", alone)
    assert "Ändra vilka som får dem" not in page.text and "Göteborgsregionen (GR)" in page.text
