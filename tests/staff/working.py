"""A member of staff with a browser without script, signed in by the letter."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from intake import App
from tests.offices import Office
from tests.visitor import HtmlForm, Page, Visitor
from web import build_web

BASE = "http://127.0.0.1:8000"
LINK = re.compile(r"/staff/signin/[\w-]+(?:\?to=[\w-]+)?")


class Worker(Visitor):
    """Knows the pages by their addresses and the names of their fields."""

    async def sees(self, reference: str, partner: str = "") -> Page:
        return await self.opens(f"/staff/referrals/{reference}" + (f"?partner={partner}" if partner else ""))

    def form(self, action: str) -> HtmlForm:
        """The form that does this, on the page as it is."""
        found = [form for form in self.page.forms if form.action.rpartition("/")[2] == action]
        assert found, f"no form {action} on {self.page.path}: {[form.action for form in self.page.forms]}"
        return found[0]

    def can(self, action: str) -> bool:
        return any(form.action.endswith(f"/{action}") for form in self.page.forms)

    async def does(self, action: str, **answers: str) -> Page:
        """Fill in and press, and say yes when it is asked about once more."""
        page = await self.asks_to(action, **answers)
        return await self.asks_to(action) if page.h1 == "Stämmer det här?" else page

    async def asks_to(self, action: str, **answers: str) -> Page:
        """Fill in and press."""
        form = self.form(action)
        return await self.posts(form.action or self.page.path, form.filled(answers))


def browser_at(app: App) -> Worker:
    transport = httpx.ASGITransport(build_web(app), raise_app_exceptions=False)
    return Worker(httpx.AsyncClient(transport=transport, base_url=BASE))


def link_in_mail(office: Office, to: str) -> str:
    """The newest sign-in link that went to this address."""
    office.app.outbox.work_once()
    letters = [letter for letter in office.app.mailbox() if letter.letter == "sign_in" and letter.to == to]
    assert letters, f"no letter to {to}"
    found = LINK.search(letters[0].text)
    assert found is not None
    return found[0]


async def sign_in(worker: Worker, office: Office, email: str, start: str = "/staff/signin") -> Page:
    await worker.opens(start)
    await worker.fills_in(email=email)
    await worker.opens(link_in_mail(office, email))
    return await worker.fills_in()


@asynccontextmanager
async def at_work(office: Office, email: str) -> AsyncIterator[Worker]:
    """Somebody new at a computer of their own, signed in."""
    async with browser_at(office.app) as worker:
        await sign_in(worker, office, email)
        assert worker.page.path == "/staff/", worker.page.text
        yield worker
