"""A consent names its partners: an outdated page records nothing for one that was not on it."""

from __future__ import annotations

import pytest

from intake import App, Handle
from tests.journeys import LAID_OFF, goes_on_to, goes_to
from tests.visitor import HtmlForm, Page, Visitor

UNION, PARTNERS = "/vastkraft/q/consent_union", "/vastkraft/q/consent_partner"


def stored(app: App, visitor: Visitor, question: str = "consent_union") -> object:
    found = app.store.interviews.find(app.desk.hash(Handle("web", visitor.client.cookies["intake"]), "vastkraft"))
    assert found is not None
    return found.answers.get(question)


async def in_another_tab(visitor: Visitor, question: str, answer: str) -> Page:
    """The same browser: the answer is changed, and the tab stays where that led."""
    await visitor.opens(f"/vastkraft/q/{question}")
    return await visitor.fills_in(**{question: answer})


def hidden(form: HtmlForm, name: str) -> list[str]:
    return [value for known, value in form.as_it_is() if known == name]


async def test_a_stale_tab_stores_nothing_about_another_union(app: App, visitor: Visitor) -> None:
    old = (await goes_to(visitor, "consent_union")).first_form
    assert hidden(old, "said-asked") == ["unionen"] and old.values("consent_union") == ["unionen", "no"]
    await in_another_tab(visitor, "collar", "blue")
    page = await goes_on_to(visitor, "consent_union", {**LAID_OFF, "collar": "blue"})
    assert page.first_form.values("consent_union") == ["if_metall", "no"]
    for said in ("unionen", "no", "yes"):
        page = await visitor.posts(UNION, [("consent_union", said), *old.as_it_is()])
        assert page.status == 422 and "har ändrats" in page.errors[0], said
        assert stored(app, visitor) is None
        assert page.first_form.values("consent_union") == ["if_metall", "no"]
        assert not [one for one in page.first_form.fields if one.checked], "nothing is chosen beforehand"
    page = await visitor.fills_in(consent_union="if_metall")
    assert page.path == "/vastkraft/q/info_ok" and stored(app, visitor) == {"if_metall": True}


@pytest.mark.parametrize("forged", ["yes alone", "no fields", "another's name"])
async def test_a_yes_that_does_not_say_for_whom_counts_for_nobody(app: App, visitor: Visitor, forged: str) -> None:
    form = (await goes_to(visitor, "consent_union")).first_form
    token = [one for one in form.as_it_is() if one[0] == "csrf-token"]
    posted = {
        "yes alone": [("consent_union", "yes"), *form.as_it_is()],  # as a page of an earlier version says it
        "no fields": [("consent_union", "unionen"), *token],
        "another's name": [("consent_union", "if_metall"), *form.as_it_is()],
    }[forged]
    page = await visitor.posts(UNION, posted)
    assert page.status == 422 and page.path == UNION and stored(app, visitor) is None
    await visitor.fills_in(consent_union="unionen")
    assert stored(app, visitor) == {"unionen": True}


async def test_pressed_twice_it_is_one_answer_and_no_error(app: App, visitor: Visitor) -> None:
    for place, answer in (("consent_partner", ["trr"]), ("consent_union", ["unionen"])):
        page = await goes_to(visitor, place) if place == "consent_partner" else visitor.page
        form = page.first_form.filled({place: answer})
        first = await visitor.posts(page.path, form)
        for _ in range(2):
            again = await visitor.posts(page.path, form)
            assert (again.status, again.path) == (first.status, first.path) == (200, first.path)
        assert stored(app, visitor, place) in ({"unionen": True}, {"trr": True, "af": False})


async def test_an_old_page_does_not_overrule_what_was_said_since(app: App, visitor: Visitor) -> None:
    old = (await goes_to(visitor, "consent_union")).first_form
    await visitor.fills_in(consent_union="no")
    page = await visitor.posts(UNION, old.filled({"consent_union": "unionen"}))
    assert page.status == 422 and page.path == UNION and stored(app, visitor) == {"unionen": False}
    page = await visitor.fills_in(consent_union="unionen")  # asked anew, this time it counts
    assert page.path == "/vastkraft/q/info_ok" and stored(app, visitor) == {"unionen": True}


async def test_who_was_not_on_the_page_gets_no_no_either(app: App, visitor: Visitor) -> None:
    old = (await goes_to(visitor, "consent_partner")).first_form
    await in_another_tab(visitor, "needs", "own_business")
    page = await goes_on_to(visitor, "consent_partner", {**LAID_OFF, "needs": ["own_business"], "own_business": "idea"})
    assert set(page.first_form.values("consent_partner")) != set(old.values("consent_partner"))
    page = await visitor.posts(PARTNERS, old.filled({"consent_partner": ["trr"]}))
    assert page.status == 422 and stored(app, visitor, "consent_partner") is None


async def test_other_questions_in_two_tabs_work_as_before(app: App, visitor: Visitor) -> None:
    old = (await goes_to(visitor, "name")).first_form
    await in_another_tab(visitor, "goal", "same_job")
    page = await visitor.posts("/vastkraft/q/name", old.filled({"name": "Robin Exempel"}))
    assert page.status == 200 and stored(app, visitor, "name") == "Robin Exempel"
