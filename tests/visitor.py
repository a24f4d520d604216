"""A person with a browser without script: parses HTML, fills in forms, follows redirects, keeps cookies.

It knows nothing of our templates: it finds in a page what a browser would find.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from types import TracebackType
from typing import Self
from urllib.parse import urlencode, urljoin

import httpx


@dataclass
class Field:
    name: str
    value: str
    type: str
    checked: bool = False
    described: str = ""


@dataclass
class HtmlForm:
    method: str
    action: str
    fields: list[Field] = field(default_factory=list)
    buttons: list[Field] = field(default_factory=list)

    def names(self) -> set[str]:
        return {one.name for one in self.fields if one.name and one.type != "hidden"}

    def values(self, name: str) -> list[str]:
        """What may be chosen for a name, in order."""
        return [one.value for one in self.fields if one.name == name and one.type in ("radio", "checkbox")]

    def as_it_is(self) -> list[tuple[str, str]]:
        """What a browser would post if the person only pressed the first button."""
        return [
            (one.name, one.value)
            for one in self.fields
            if one.name and (one.checked or one.type not in ("radio", "checkbox"))
        ]

    def filled(self, answers: Mapping[str, str | Iterable[str]]) -> list[tuple[str, str]]:
        """As it is, with these names answered instead."""
        posted = [(name, value) for name, value in self.as_it_is() if name not in answers]
        for name, value in answers.items():
            posted += [(name, self.meant(name, one)) for one in ([value] if isinstance(value, str) else value)]
        return posted

    def meant(self, name: str, value: str) -> str:
        """A yes is the choice above a no, whatever it is called in the form: a consent's yes is named after whom."""
        offered = self.values(name)
        return offered[0] if value == "yes" and len(offered) == 2 and offered[1] == "no" else value


class Page(HTMLParser):
    """One page as read."""

    def __init__(self, url: str, status: int, text: str) -> None:
        super().__init__()
        self.url, self.status, self.html = url, status, text
        self.language = self.direction = self.title = self.h1 = self.reference = ""
        self.forms: list[HtmlForm] = []
        self.links: dict[str, str] = {}
        self.ids: set[str] = set()
        self.words: list[str] = []
        self.errors: list[str] = []
        self._open: list[str] = []
        self._link: tuple[str, list[str]] | None = None
        self._marks: list[tuple[str, str, list[str]]] = []
        self._form: HtmlForm | None = None
        self._written: Field | None = None
        self.feed(text)

    @property
    def path(self) -> str:
        return httpx.URL(self.url).path

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    @property
    def first_form(self) -> HtmlForm:
        """The first form that posts: on a page that goes on, the one that goes on."""
        return next(form for form in self.forms if form.method == "post")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = {name: value or "" for name, value in attrs}
        if "id" in a:
            self.ids.add(a["id"])
        if tag == "html":
            self.language, self.direction = a.get("lang", ""), a.get("dir", "")
        elif tag == "form":
            self._form = HtmlForm(a.get("method", "get").lower(), a.get("action", ""))
            self.forms.append(self._form)
        elif tag == "input" and self._form is not None:
            self._form.fields.append(
                Field(
                    a.get("name", ""),
                    a.get("value", ""),
                    a.get("type", "text"),
                    "checked" in a,
                    a.get("aria-describedby", ""),
                )
            )
        elif tag == "textarea" and self._form is not None:
            self._written = Field(a.get("name", ""), "", "textarea", described=a.get("aria-describedby", ""))
            self._form.fields.append(self._written)
        elif tag == "button" and self._form is not None and a.get("type", "submit") == "submit":
            self._form.buttons.append(Field(a.get("name", ""), a.get("value", ""), "submit"))
        elif tag == "a":
            self._link = (a.get("href", ""), [])
        if tag in ("h1", "title", "strong", "p"):
            mark = {"h1": "h1", "title": "title"}.get(tag, "")
            if tag == "strong" and "data-reference" in a:
                mark = "reference"
            if tag == "p" and a.get("class") == "bad":
                mark = "error"
            if mark:
                self._marks.append((tag, mark, []))
        if tag in ("script", "style"):
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        if tag == "textarea":
            self._written = None
        if tag == "a" and self._link is not None:
            self.links[" ".join("".join(self._link[1]).split())] = self._link[0]
            self._link = None
        if self._open and self._open[-1] == tag:
            self._open.pop()
        if self._marks and self._marks[-1][0] == tag:
            _, mark, words = self._marks.pop()
            said = " ".join("".join(words).split())
            if mark == "error":
                self.errors.append(said)
            elif mark == "reference":
                self.reference = said
            else:
                setattr(self, mark, said)

    def handle_data(self, data: str) -> None:
        if self._open:
            return
        self.words.append(data)
        if self._written is not None:
            self._written.value += data
        if self._link is not None:
            self._link[1].append(data)
        for _, _, words in self._marks:
            words.append(data)


class Visitor:
    """Uses the pages as a person would. `client` may speak to a real server or to an application in this process."""

    def __init__(self, client: httpx.AsyncClient, language: str = "sv") -> None:
        self.client = client
        self.headers = {"accept-language": language}
        self.page: Page
        self.response: httpx.Response

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, _t: type[BaseException] | None, _e: BaseException | None, _b: TracebackType | None
    ) -> None:
        await self.client.aclose()

    async def opens(self, path: str) -> Page:
        return self._read(await self.client.get(path, headers=self.headers, follow_redirects=True))

    async def posts(self, path: str, fields: Iterable[tuple[str, str]], headers: Mapping[str, str] = {}) -> Page:
        sent = await self.client.post(
            path,
            content=urlencode(list(fields)),
            headers={"content-type": "application/x-www-form-urlencoded", **self.headers, **headers},
            follow_redirects=True,
        )
        return self._read(sent)

    async def fills_in(self, **answers: str | Iterable[str]) -> Page:
        """Answers what is named, leaves the rest as it is, presses the first button of the first form."""
        form = self.page.first_form
        return await self.posts(self._where(form), form.filled(answers))

    async def presses(self, name: str, value: str | None = None) -> Page:
        """Presses the button with this name, whichever form it is in."""
        for form in self.page.forms:
            for button in form.buttons:
                if button.name == name and value in (None, button.value):
                    return await self.posts(self._where(form), [*form.as_it_is(), (button.name, button.value)])
        raise AssertionError(f"no button {name}={value} on {self.page.path}")

    async def follows(self, label: str) -> Page:
        """The link whose words begin so."""
        href = next((href for words, href in self.page.links.items() if words.startswith(label)), None)
        assert href is not None, f"no link {label!r} on {self.page.path}: {list(self.page.links)}"
        return await self.opens(urljoin(self.page.url, href))

    def _where(self, form: HtmlForm) -> str:
        return urljoin(self.page.url, form.action)

    def _read(self, response: httpx.Response) -> Page:
        self.response = response
        self.page = Page(str(response.url), response.status_code, response.text)
        return self.page
