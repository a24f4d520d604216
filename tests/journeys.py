"""Made-up persons who answer on the web, with their answer to each question."""

from __future__ import annotations

from collections.abc import Mapping

from tests.visitor import Page, Visitor

Answers = Mapping[str, "str | list[str]"]

LAID_OFF: Answers = {
    "employment_status": "uppsagd_notice",
    "termination_reason": "arbetsbrist",
    "last_employment_date": "2027-03-31",
    "home_municipality": "1481",
    "industry": "teknik",
    "collar": "white",
    "collective_agreement": "yes",
    "occupation": "Maskinkonstruktör",
    "education_level": "",
    "needs": ["reemployment"],
    "goal": "new_job",
    "want_referral": "yes",
    "protected_identity": "no",
    "name": "Exempel Ett",
    "email": "exempel.ett@example.org",
    "phone": "031-123 45 67",
    "interpreter": "no",
    "consent_partner": ["trr"],
    "consent_union": "no",
    "info_ok": "yes",
}


async def goes_to(visitor: Visitor, place: str, answers: Answers = LAID_OFF, start: str = "/vastkraft/") -> Page:
    """Begin and answer until the page of this place (a question's id, `result`, `check`, `receipt`) is shown."""
    await visitor.opens(start)
    await visitor.fills_in()
    return await goes_on_to(visitor, place, answers)


async def goes_on_to(visitor: Visitor, place: str, answers: Answers = LAID_OFF) -> Page:
    """Answer from where the person is."""
    for _ in range(40):
        page = visitor.page
        here = page.path.rpartition("/")[2]
        if here == place:
            return page
        form = page.first_form
        names = form.names()
        if not names:
            await visitor.fills_in()
        elif here in answers and answers[here] != "":
            await visitor.fills_in(**{here: answers[here]})
        elif any(button.name == "skip" for button in form.buttons):
            await visitor.presses("skip")
        else:
            await visitor.fills_in()
        assert visitor.page.status == 200, f"{here}: {visitor.page.status} {visitor.page.errors}"
    raise AssertionError(f"never came to {place}; stopped at {visitor.page.path}")
