"""Renders pages: templates, the words of a language, and prompts as HTML.

A question without an answer looks the same for everybody, so its page is cached; only the token differs.
"""

from __future__ import annotations

import gzip
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from intake import App, CheckPrompt, Programme, QuestionPrompt, Turn, Words, words_for
from web.environment import environment
from web.security import header

MOST_BLANK = 512
MOST_KNOWN = 300  # longer lists are not sent with their question
_TOKEN_HERE = "\N{SYMBOL FOR NULL}token\N{SYMBOL FOR NULL}"  # noqa: S105  a place in a kept page
_REVISION_HERE = "\N{SYMBOL FOR NULL}revision\N{SYMBOL FOR NULL}"
_HOLE = "\N{SYMBOL FOR NULL}content\N{SYMBOL FOR NULL}"
_TYPE = (b"content-type", b"text/html; charset=utf-8")


class Sent(Response):
    """A response with prebuilt headers and body."""

    def __init__(self, status: int, headers: list[tuple[bytes, bytes]], body: bytes = b"") -> None:
        self.status_code, self.raw_headers, self.body = status, headers, body
        self.background = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": self.body})


def redirect(path: str) -> Response:
    """Redirects to another page of ours."""
    return Sent(303, [(b"location", path.encode("ascii")), (b"content-length", b"0")])


class Pages:
    """Renders templates; shared by everything that shows pages."""

    def __init__(self, app: App, preview: bool = False) -> None:
        """`preview`: every page says that it is a draft and that nothing is stored."""
        self.app = app
        self.preview = preview
        self._blank: OrderedDict[tuple[object, ...], tuple[bytes, ...]] = OrderedDict()

    def only(self) -> Programme | None:
        """Returns the programme if there is exactly one."""
        return next(iter(self.app.programmes.values())) if len(self.app.programmes) == 1 else None

    def spoken(self, request: Request, programme: Programme | None) -> str:
        """Returns the language before an interview has one: `?lang=`, the browser's, the programme's first."""
        wanted = request.query_params.get("lang") if request.scope["query_string"] else ""
        wanted = (wanted or header(request, b"accept-language"))[:200]
        programme = programme or next(iter(self.app.programmes.values()))
        return programme.negotiate_language(wanted)

    def words(self, language: str) -> Words:
        return words_for(language)

    def draw(self, template: str, programme: Programme | None, language: str, **shown: Any) -> str:
        """Renders a page. In templates `say(...)` returns texts of the programme, `_(...)` words of the product."""
        shared = [programme] if programme else list(self.app.programmes.values())  # a page of all programmes
        source = shared[0]

        def say(*path: str) -> str:
            return source.texts.say(language, *path)

        context = {
            "_": words_for(language),
            "preview": self.preview,
            "language": language,
            "programme": programme,
            "source": source,
            "say": say,
            "site": say("programme", "name" if len(shared) == 1 else "owner"),
            "helps": _helps(shared, language),
            "root": f"/{programme.id}" if programme else "",
            "title": "",
            "base": self.app.settings.base,
            "problem": None,
            "place": "",
            "in_interview": False,
            "content_only": False,
            "hole": "",
            **shown,
        }
        return environment().get_template(template).render(context)

    def question(self, programme: Programme, language: str, prompt: QuestionPrompt, token: str, revision: int) -> bytes:
        """Returns a question's page, cached if it holds nothing of a person; about consents with the revision."""
        page = self._drawn_or_kept(programme, language, prompt, token)
        return page.replace(_REVISION_HERE.encode(), b"%d" % revision) if prompt.kind == "consents" else page

    def _drawn_or_kept(self, programme: Programme, language: str, prompt: QuestionPrompt, token: str) -> bytes:
        if not prompt.blank:
            return self._question(programme, language, prompt, token).encode()
        # everything by which a blank page can differ; comparing whole prompts takes longer
        offered = tuple([option.id for option in prompt.options])
        key = (programme.fingerprint, language, prompt.question, prompt.optional, prompt.number, prompt.back, offered)
        return self.kept(key, token, lambda place: self._question(programme, language, prompt, place))

    def framed(self, template: str, programme: Programme, language: str, token: str, **shown: Any) -> bytes:
        """Returns a person's own page, with a cached frame around its content."""

        def frame(place: str) -> str:
            around = {**shown, "token": place, "hole": _HOLE, "prompt": None}
            return self.draw("participant/frame.html", programme, language, **around)

        key = ("frame", programme.fingerprint, language, shown["title"], shown["place"])
        above, _, below = self.kept(key, token, frame).partition(_HOLE.encode())
        content = self.draw(template, programme, language, content_only=True, token=token, **shown)
        return b"".join((above, content.encode(), below))

    def kept(self, key: tuple[object, ...], token: str, draw: Callable[[str], str]) -> bytes:
        """Returns a page that differs only in the token of its forms, from the cache or rendered by `draw`."""
        parts = self._blank.get(key)
        if parts is None:
            parts = tuple(part.encode() for part in draw(_TOKEN_HERE).split(_TOKEN_HERE))
            self._blank[key] = parts
            if len(self._blank) > MOST_BLANK:
                self._blank.popitem(last=False)
        return token.encode().join(parts)

    def _question(self, programme: Programme, language: str, prompt: QuestionPrompt, token: str) -> str:
        question = programme.by_id[prompt.question]
        return self.draw(
            "participant/question.html", programme, language, prompt=prompt, problem=prompt.problem, title=prompt.text,
            of_unions=question.of == "unions", known=known(programme, question.list, language), token=token,
            revision=_REVISION_HERE, place=prompt.question, in_interview=True,
        )  # fmt: skip

    def page(
        self,
        request: Request,
        template: str,
        programme: Programme | None,
        language: str,
        status: int = 200,
        **shown: Any,
    ) -> Response:
        """Returns the response of a rendered template."""
        return self.html(request, self.draw(template, programme, language, **shown), status)

    def html(self, request: Request, page: str | bytes, status: int = 200) -> Response:
        """Returns a page as a response, compressed if the browser accepts it."""
        body = page.encode() if isinstance(page, str) else page
        headers = [_TYPE]
        if "gzip" in header(request, b"accept-encoding"):
            body = gzip.compress(body, 5, mtime=0)
            headers.append((b"content-encoding", b"gzip"))
        headers.append((b"content-length", b"%d" % len(body)))
        return Sent(status, headers, body)


def _helps(programmes: Sequence[Programme], language: str) -> list[str]:
    """Returns the contact texts, each once if several programmes share it."""
    helps = (one.texts.say(one.negotiate_language(language), "programme", "help") for one in programmes)
    return list(dict.fromkeys(helps))


def known(programme: Programme, listed: str | None, language: str) -> tuple[str, ...]:
    """Returns the suggestions of a search question for the browser: its list, if it is short."""
    entries = programme.entries(listed)
    return tuple(entry.label(language) for entry in entries.values()) if len(entries) <= MOST_KNOWN else ()


def title_of(turn: Turn) -> str:
    """Returns the title of a page."""
    words = words_for(turn.language)
    if isinstance(turn.prompt, CheckPrompt):
        return words("Check before you send")
    return str(getattr(turn.prompt, "text" if isinstance(turn.prompt, QuestionPrompt) else "title", ""))
