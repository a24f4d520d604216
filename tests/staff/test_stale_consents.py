"""Consents posted from an outdated page: a partner that was not on it gets no answer."""

from __future__ import annotations

from tests.databases import on_sqlite
from tests.offices import WHITE, WORKS_HERE, Office
from tests.staff.test_asking import consents, wished
from tests.web.conftest import browser_of


@on_sqlite
async def test_a_stale_own_page_answers_nothing_about_the_next_partner(there: Office) -> None:
    case, gr = wished(there), there.coordinator
    path = f"/vastkraft/consent/{case.sealed['status_token']}"
    there.app.casework.ask_by_letter(gr, case.reference, "af")
    before = consents(there, case)
    async with browser_of(there.app) as visitor:
        old = (await visitor.opens(path)).first_form
        assert old.values("consent_partner") == ["af", "no"]
        there.app.casework.answered_by_telephone(gr, case.reference, "af", False, "sv")
        there.app.casework.ask_by_letter(gr, case.reference, "brg")
        for said in ("af", "no", "yes"):
            page = await visitor.posts(path, [("consent_partner", said), *old.as_it_is()])
            assert page.status == 422 and "har ändrats" in page.errors[0], said
            assert consents(there, case) == [*before, ("af", False, "telephone")]
            assert page.first_form.values("consent_partner") == ["brg", "no"]
        await visitor.fills_in(consent_partner="brg")
    assert consents(there, case)[-1] == ("brg", True, "link")


async def test_the_letters_link_names_the_partner_and_works_once(there: Office) -> None:
    case = there.sends({**WHITE, "industry": "unknown"})
    there.app.casework.pick_up(there.coordinator, case.reference)
    there.app.casework.decide(there.coordinator, case.reference, "B")
    [letter] = there.letters(case, "decision_yes")
    path = "/vastkraft/consent/" + letter.partition("/consent/")[2].split()[0]
    async with browser_of(there.app) as visitor:
        await visitor.opens(path)
        page = await visitor.fills_in(consent_partner="trr")
        assert page.first_form.values("consent_union") == ["unionen", "no"]
        form = page.first_form
        page = await visitor.posts(path, form.filled({"consent_union": "if_metall"}))
        assert page.status == 422 and not consents(there, case)
        nameless = [(name, value) for name, value in form.as_it_is() if name != "said-asked"]
        page = await visitor.posts(path, [("consent_union", "unionen"), *nameless])
        assert page.status == 422 and not consents(there, case), "a page of an earlier version"
        said = form.filled({"consent_union": "unionen"})
        for _ in range(2):
            page = await visitor.posts(path, said)
            assert page.status == 200 and "/status/" in page.path
    assert {partner: yes for partner, yes, _ in consents(there, case)}["unionen"]
    assert len({partner for partner, _, _ in consents(there, case)}) == len(consents(there, case))


@on_sqlite
async def test_a_page_that_names_somebody_else_as_well_is_asked_anew(there: Office) -> None:
    case = there.sends({**WORKS_HERE, "needs": "specific_tasks"})
    there.app.casework.pick_up(there.coordinator, case.reference)
    there.app.casework.decide(there.coordinator, case.reference, "A")
    questions = there.app.desk.consent_questions("vastkraft", case.sealed["status_token"])
    [letter] = there.letters(case, "decision_yes")
    path = "/vastkraft/consent/" + letter.partition("/consent/")[2].split()[0]
    async with browser_of(there.app) as visitor:
        page = await visitor.opens(path)
        made_up = [("said-asked", "brg"), *page.first_form.as_it_is()]
        page = await visitor.posts(path, made_up)
        assert page.status == 422 and not consents(there, case) and questions

