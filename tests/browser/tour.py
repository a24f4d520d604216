"""Visits every kind of participant page, with every error that a person can make on it.

`async for kind in tour(person, language)` stops at each; the caller does the checks. One browser serves for all: it
forgets one person before the next, because a new browser costs seconds.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping

from intake import Handle
from tests.browser.person import AT_RISK, FOR_STAFF, Person
from tests.journeys import LAID_OFF, Answers
from tests.offices import WORKS_HERE

Stops = AsyncIterator[str]

# What cannot be taken, per kind of question.
WRONG: Mapping[str, tuple[str, str | list[str]]] = {
    "employment_status": ("choice", []),
    "last_employment_date": ("date", "2027-02-30"),
    "home_municipality": ("choice among short names", []),
    "occupation": ("search", "svarvare 19850709-9805"),
    "needs": ("choices", []),
    "name": ("text", "Exempel 19850709-9805"),
    "email": ("email", "exempel@"),
    "phone": ("phone", "ring mig"),
    "info_ok": ("confirm", []),
}
ASKED_TWICE = {"last_employment_date": "2024-03-31", "occupation": "konstruktionsgrej"}

# Everything that can be asked of somebody laid off.
EVERYTHING: Answers = {
    **LAID_OFF,
    "needs": ["reemployment", "new_industry", "own_business", "core_subjects"],
    "core_subjects": ["maths"],
    "training_forms": ["komvux", "labour_market_training", "guidance"],
    "own_business": "idea",
    "education_level": "tertiary",
    "interpreter": "yes",
    "interpreter_language": "Arabiska",
}
# Each certain no, by its reason.
NO: Mapping[str, Answers] = {
    "no_layoff": {"employment_status": "resigned"},
    "no_self_employed": {"employment_status": "self_employed"},
    "no_risk": {"employment_status": "employed_no_risk"},
    "no_municipality": {**LAID_OFF, "home_municipality": "other", "work_municipality": "no"},
    "no_industry": {**LAID_OFF, "industry": "other"},
    "no_need": {**LAID_OFF, "needs": "none"},
}


async def tour(person: Person, language: str) -> Stops:
    for part in (reading, whole_interview, at_risk, endings, results, decided, from_the_chat, faults):
        await person.forgets()
        async for stop in part(person, language):
            yield stop


async def reading(person: Person, language: str) -> Stops:
    for kind, path in [("start", ""), ("how data is handled", "privacy"), ("accessibility", "accessibility")]:
        await person.opens(f"/vastkraft/{path}?lang={language}")
        yield kind
    await person.opens(f"/vastkraft/q/name?lang={language}")
    yield "start: nothing is known here any more"


async def whole_interview(person: Person, language: str) -> Stops:
    """Every question, each with what can go wrong; then sending, following, taking back, clearing."""
    await person.begins(language)
    while (here := person.place) != "check":
        yield here
        if here in WRONG:
            kind, wrong = WRONG[here]
            await person.answers(wrong)
            yield f"error: {kind}"
        if here in ASKED_TWICE:
            await person.answers(ASKED_TWICE[here])
            yield f"second look: {here}"
        if here == "consent_partner":
            await person.page.locator("[type=checkbox]").first.evaluate("box => { box.value = 'nobody' }")
            await person.answers("nobody")
            yield "error: consents"
            await person.opens(f"/vastkraft/q/{here}")
        await person.goes_on(EVERYTHING)
    yield "check"
    await person.opens(f"/vastkraft/?lang={language}")
    yield "start: answers are still here"
    await person.opens("/vastkraft/check")
    await person.presses()
    yield "receipt"
    status = await person.page.locator("main a.btn").get_attribute("href") or ""
    await person.opens(f"{status}?lang={language}")
    yield "status"
    await person.presses("main li button")
    yield "take back from one?"
    await person.presses()
    yield "taken back"
    await person.presses("main [value=everything]")
    yield "take back everything?"
    await person.opens(f"/vastkraft/?lang={language}")
    yield "start: sent"
    await person.opens("/vastkraft/clear")
    yield "clear what was sent?"
    await person.presses()
    yield "cleared"


async def at_risk(person: Person, language: str) -> Stops:
    """What only somebody still employed is asked and shown."""
    await person.is_at("work_municipality", FOR_STAFF, language)
    yield "work_municipality"
    await person.is_at("varsel_date", AT_RISK, language)
    yield "varsel_date"
    await person.answers("2026-13")
    yield "error: month"
    await person.is_at("result", AT_RISK, language)
    yield "result: eligible_A"
    await person.is_at("consent_union", AT_RISK, language)
    await person.page.locator("[type=radio]").first.evaluate("box => { box.value = 'nobody' }")
    await person.answers("nobody")
    yield "error: union"
    await person.opens("/vastkraft/clear")
    yield "clear?"


async def endings(person: Person, language: str) -> Stops:
    for end, last in [("not sent", {"want_referral": "no"}), ("call", {"protected_identity": "yes"})]:
        await person.is_at("end", {**LAID_OFF, **last}, language)
        yield f"end: {end}"


async def results(person: Person, language: str) -> Stops:
    for reason, answers in {**NO, "review": FOR_STAFF}.items():
        await person.is_at("result", answers, language)
        yield f"result: {reason}"


async def decided(person: Person, language: str) -> Stops:
    """Staff have said yes: the consents by the letter's link, and what the person's own page says of it all."""
    office = person.site.office
    for offered, answers in [
        (True, {**WORKS_HERE, "training_forms": "labour_market_training"}),
        (False, {**WORKS_HERE, "collar": "unknown"}),
    ]:
        case = office.sends(answers)
        office.app.casework.pick_up(office.coordinator, case.reference)
        office.app.casework.decide(office.coordinator, case.reference, "A")
        await person.opens(f"{link('consent', office.letters(case, 'decision_yes'))}?lang={language}")
        if not offered:
            yield "consent after a decision: nobody to ask about"
            await person.presses()
            assert "/status/" in person.page.url
            break
        yield "consent after a decision: partners"
        await person.page.locator("[type=radio]").first.check()
        await person.presses()
        yield "consent after a decision: union"
        await person.presses()
        yield "error: consent after a decision"
        await person.page.locator("[type=radio]").first.check()
        await person.presses()
        office.app.casework.pick_up(office.staff("af"), case.reference)
        await person.page.reload()
        yield "status: decided"
        await person.opens(f"{link('status', office.letters(case, 'receipt'))}?lang={language}")
        yield "status: from a letter"
        for page in ("data", "erase"):
            await person.opens(f"{link('status', office.letters(case, 'receipt'))}/{page}?lang={language}")
            yield f"status: {page}"
    while office.app.outbox.work_once():
        pass
    await person.opens(f"/demo/mail?lang={language}")
    yield "the demonstration's letters"


def link(kind: str, letters: list[str]) -> str:
    found = re.search(rf"/vastkraft/{kind}/[\w-]+", letters[0])
    assert found is not None, letters[0]
    return found[0]


async def from_the_chat(person: Person, language: str) -> Stops:
    desk, chat = person.site.office.app.desk, Handle("telegram", f"tour {language}")
    desk.start(chat, "vastkraft", language)
    path = f"/vastkraft/continue/{desk.continue_link(chat, 'vastkraft')}?lang={language}"
    await person.opens(path)
    yield "go on here"
    await person.presses()
    assert person.place == "employment_status"
    await person.opens(path)
    yield "go on here: used"


async def faults(person: Person, language: str) -> Stops:
    assert await person.opens(f"/vastkraft/nothing?lang={language}") == 404
    yield "404"
    await person.opens(f"/vastkraft/privacy?lang={language}")
    await person.posts_here()
    yield "405"
    await person.is_at("name", LAID_OFF, language)
    await person.page.locator("#name").evaluate("field => { field.value = 'x'.repeat(70000) }")
    await person.presses()
    yield "413"
    guess = f"/vastkraft/status/guessed?lang={language}"
    for _ in range(10):
        await person.page.request.get(f"{person.url}{guess}")
    assert await person.opens(guess) == 503, "too many guesses"
    yield "503"
    person.site.office.tick(minutes=2)
    await person.opens("/vastkraft/q/name")
    with person.site.office.app.store.db.transactions.begin() as connection:  # what nobody can open any more
        connection.exec_driver_sql("UPDATE interviews SET answers_sealed = x'00' WHERE submission_id IS NULL")
    await person.answers("Exempel")
    yield "500"
