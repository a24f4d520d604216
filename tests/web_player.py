"""Plays a transcript as a person with a browser without script: real pages, opened anew for every turn."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urljoin

import httpx

from intake import App
from tests.outcomes import by_telephone, decide, letter_text, outcome_of
from tests.players import Outcome, Shown, Turn, recognise
from tests.visitor import HtmlForm, Page, Visitor
from web import build_web


class WebPlayer:
    """One person in one browser, which keeps its cookies and the page it shows. `built`: the web of an app."""

    def __init__(
        self,
        opened: Callable[[], App],
        language: str,
        programme: str = "vastkraft",
        built: Callable[[App], Any] = build_web,
    ) -> None:
        self.opened, self.language, self.programme, self.built = opened, language, programme, built
        self.cookies: dict[str, str] = {}
        self.page = Page("", 0, "")
        self.forms: dict[str, tuple[str, HtmlForm]] = {}  # each question's form, as it was when it was last shown

    async def play(self, turn: Turn) -> Shown:
        app = self.opened()
        programme = app.programmes[self.programme]
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=self.built(app)), base_url=app.settings.base, cookies=self.cookies
        )
        try:
            async with Visitor(client, self.language) as visitor:
                visitor.page = self.page
                await self.act(visitor, app, turn)
                self.page, self.cookies = visitor.page, dict(client.cookies)
        finally:
            app.close()
        assert self.page.status in (200, 422), f"{self.page.status} at {self.page.path}"
        shown = recognise(programme, self.page.text, self.language)
        if self.page.forms:
            self.forms[shown.place] = (self.page.url, self.page.first_form)
        return shown

    async def act(self, visitor: Visitor, app: App, turn: Turn, times: int = 1) -> None:
        match turn:
            case {"twice": again}:
                await self.act(visitor, app, again, times=2)
            case {"do": "start"}:
                await visitor.opens(f"/{self.programme}/?lang={self.language}")
                await visitor.fills_in()
            case {"go on here": link}:
                if (await visitor.opens(str(link))).status == 200:
                    await visitor.fills_in()
            case {"do": "skip"}:
                [skip] = [(one.name, one.value) for one in visitor.page.first_form.buttons if one.name == "skip"]
                await self.sends(visitor, {}, times, button=[skip])
            case {"do": "nothing"}:
                await self.sends(visitor, {self.asked(visitor.page): ()})
            case {"do": "go_on" | "submit"}:
                await self.sends(visitor, {}, times)
            case {"do": "back"}:
                back = {"sv": ("Tillbaka", "Ändra ett svar"), "en": ("Back", "Change an answer")}[self.language]
                await visitor.follows(next(label for label in back if label in visitor.page.links))
            case {"do": "see_result"}:
                await visitor.opens(next(url for url in visitor.page.links.values() if url.endswith("/result")))
            case {"change": question}:
                await visitor.opens(next(url for url in visitor.page.links.values() if url.endswith(f"/q/{question}")))
            case {"answer": question, "with": raw}:
                offered = visitor.page.first_form.values(str(question))
                named = {visitor.page.first_form.meant(str(question), one) for one in raw}
                assert offered and named <= set(offered), f"{question}: {raw} among {offered} on {visitor.page.path}"
                await self.sends(visitor, {str(question): raw}, times)
            case {"type": text} if self.asked(visitor.page):
                await self.sends(visitor, {self.asked(visitor.page): str(text)})
            case {"stale": question, "with": raw}:
                url, form = self.forms[str(question)]
                await visitor.posts(urljoin(url, form.action), form.filled({str(question): raw}))
            case {"language": language}:
                self.language = str(language)
                await visitor.presses("language", self.language)
            case {"withdraw": partner}:
                await self.sees_case(visitor)
                await visitor.presses("partner", str(partner))
                await visitor.fills_in()
            case {"decide": group}:
                decide(app, str(group))
                await self.sees_case(visitor)
            case {"telephone": partners}:
                by_telephone(app, partners)
                await self.sees_case(visitor)
            case {"consents": partners}:
                await self.consents(visitor, app, partners)

    async def sends(
        self,
        visitor: Visitor,
        answers: dict[str, str | Iterable[str]],
        times: int = 1,
        button: Iterable[tuple[str, str]] = (),
    ) -> None:
        """The first form, once or more: the browser still shows the page it was on when it is sent again."""
        url, form = visitor.page.url, visitor.page.first_form
        for _ in range(times):
            await visitor.posts(urljoin(url, form.action), [*form.filled(answers), *button])

    async def consents(self, visitor: Visitor, app: App, partners: Iterable[str]) -> None:
        """By the link in the letter about the decision: every screen, and only what is wanted ticked."""
        link = re.search(r"https?://\S+/consent/[\w-]+", letter_text(app, "decision_yes"))
        assert link, "the letter has a link"
        await visitor.opens(link[0])
        while "/consent/" in visitor.page.path:
            [question] = visitor.page.first_form.names()
            offered = visitor.page.first_form.values(question)
            wanted = [one for one in offered if one in partners] or (["no"] if "no" in offered else [])
            await visitor.fills_in(**{question: wanted})

    async def sees_case(self, visitor: Visitor) -> None:
        """The person's own page, by the link on the receipt."""
        links = [url for url in visitor.page.links.values() if re.search(r"/status/[\w-]+$", url)]
        await visitor.opens(links[0] if links else visitor.page.url)

    @staticmethod
    def asked(page: Page) -> str:
        found = re.search(r"/q/(\w+)$", page.first_form.action) if page.forms else None
        return found[1] if found else ""

    async def outcome(self) -> Outcome:
        app = self.opened()
        try:
            return outcome_of(app)
        finally:
            app.close()
