"""A person with a browser who answers the questions, by mouse and keyboard, with script or without."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.async_api import ConsoleMessage, Page, Request

from tests.browser.site import Site
from tests.journeys import LAID_OFF, Answers

# Both groups, by what they say where LAID_OFF says something else.
AT_RISK: Answers = {
    **LAID_OFF,
    "employment_status": "employed_varslad",
    "varsel_date": "2026-10",
    "collar": "blue",
    "needs": ["specific_tasks", "core_subjects"],
    "core_subjects": ["maths", "english"],
    "training_forms": ["komvux", "labour_market_training"],
    "goal": "same_job",
    "interpreter": "yes",
    "interpreter_language": "Arabiska",
    "consent_partner": ["municipality:1481", "af"],
    "consent_union": "yes",
}
# Works in the region and lives elsewhere: a person has to decide.
FOR_STAFF: Answers = {**AT_RISK, "home_municipality": "other", "work_municipality": "1401", "needs": "specific_tasks"}


class Person:
    """One browser. Whatever goes to another host, or is complained about in the console, is kept in `strange`."""

    def __init__(self, page: Page, site: Site) -> None:
        self.page, self.site, self.url = page, site, site.url
        self.strange: list[str] = []
        page.on("request", self._asks)
        page.on("console", self._hears)

    @property
    def place(self) -> str:
        """The end of the address: a question's id, `result`, `check`, ... and nothing on the start page."""
        return urlsplit(self.page.url).path.rpartition("/")[2]

    async def forgets(self) -> None:
        """From now on this is the browser of somebody else."""
        await self.page.context.clear_cookies()

    async def opens(self, path: str) -> int:
        """Type an address; the status of the answer."""
        response = await self.page.goto(path if path.startswith("http") else f"{self.url}{path}")
        assert response is not None, path
        return response.status

    async def begins(self, language: str = "sv") -> None:
        await self.opens(f"/vastkraft/?lang={language}")
        await self.presses()

    async def is_at(self, place: str, answers: Answers = LAID_OFF, language: str = "sv") -> None:
        """Having answered before, in this browser, open the page of this place."""
        cookie = self.site.somebody_at(place, answers, language)
        await self.page.context.add_cookies([{"name": "intake", "value": cookie, "url": self.url}])
        await self.opens(f"/vastkraft/{place}" if place in ("result", "check", "end") else f"/vastkraft/q/{place}")
        assert self.place == place, f"{place}: {self.page.url}"

    async def presses(self, button: str = "form[method=post] .btn") -> None:
        """Press the first such button, and wait for the page that comes."""
        async with self.page.expect_navigation():
            await self.page.locator(button).first.click()

    async def follows(self, link: str) -> None:
        async with self.page.expect_navigation():
            await self.page.locator(link).first.click()

    async def says(self, answer: str | list[str]) -> None:
        """Choose, tick or write it, without pressing anything yet."""
        name = self.place
        for value in [answer] if isinstance(answer, str) else answer:
            choice = self.page.locator(f'main input[name="{name}"][value="{value}"]:not([type=text])')
            if value == "yes" and not await choice.count():  # a consent's yes is named after whom, and stands above no
                choice = self.page.locator(f'main input[name="{name}"][type=radio]').first
            if await choice.count():
                await choice.check()
            else:
                await self.page.locator(f'main input[name="{name}"]').first.fill(value)

    async def answers(self, answer: str | list[str]) -> None:
        await self.says(answer)
        await self.presses()

    async def goes_to(self, place: str, answers: Answers = LAID_OFF) -> None:
        """Answer until the page of this place is shown. What is not in `answers` is skipped."""
        for _ in range(40):
            if self.place == place:
                return
            await self.goes_on(answers)
        raise AssertionError(f"never came to {place}; stopped at {self.page.url}")

    async def goes_on(self, answers: Answers = LAID_OFF) -> None:
        """Answer what is asked here, or skip it; on a page that asks nothing, press its button."""
        here = self.place
        if await self.page.locator(f'main input[name="{here}"]').count() == 0:
            await self.presses()
        elif answers.get(here):
            await self.answers(answers[here])
        else:
            await self.presses("button[name=skip]")
        problem = self.page.locator(".bad")
        assert not await problem.count(), f"{here}: {await problem.all_inner_texts()}"

    async def posts_here(self) -> None:
        """Send an empty form to the very address that is open."""
        async with self.page.expect_navigation():
            await self.page.evaluate("document.body.appendChild(Object.assign(document.createElement('form'), "
                                     "{method: 'post', action: ''})).submit()")

    async def reads(self) -> str:
        """What stands on the page between its band and its foot."""
        return " ".join((await self.page.locator("main").inner_text()).split())

    async def focused(self, what: str) -> str:
        """An attribute of what has the focus, or its text."""
        script = "what => { const at = document.activeElement; return at.getAttribute(what) || at.innerText || ''; }"
        found: str = await self.page.evaluate(script, what)
        return found

    def _asks(self, request: Request) -> None:
        if not request.url.startswith(f"{self.url}/"):
            self.strange.append(f"asks another host: {request.url}")

    def _hears(self, message: ConsoleMessage) -> None:
        # that a page came with 404 or 422 is no complaint about it
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.strange.append(f"console: {message.text}")
