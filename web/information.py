"""Pages to read: how data is handled, and how accessible this is."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from web.programme_pages import ProgrammePages


class InformationPages(ProgrammePages):
    """For one programme; the same for everybody."""

    def routes(self) -> list[Route]:
        return [
            Route("/privacy", self.privacy, methods=["GET"]),
            Route("/accessibility", self.accessibility, methods=["GET"]),
        ]

    async def privacy(self, request: Request) -> Response:
        language = self.pages.spoken(request, self.programme)
        title = self.programme.texts.say(language, "privacy", "title")
        return self._page(request, "participant/privacy.html", language, title)

    async def accessibility(self, request: Request) -> Response:
        language = self.pages.spoken(request, self.programme)
        return self._page(
            request, "participant/accessibility.html", language, self.pages.words(language)("Accessibility")
        )

    def _page(self, request: Request, template: str, language: str, title: str) -> Response:
        return self.pages.html(request, self.pages.draw(template, self.programme, language, title=title))
