"""Information pages: privacy and accessibility."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from web.programme_pages import ProgrammePages


class InformationPages(ProgrammePages):
    """The information pages of one programme, the same for everybody."""

    def routes(self) -> list[Route]:
        return [
            Route("/privacy", self.privacy, methods=["GET"]),
            Route("/accessibility", self.accessibility, methods=["GET"]),
        ]

    async def privacy(self, request: Request) -> Response:
        language = self.pages.spoken(request, self.programme)
        title = self.programme.texts.say(language, "privacy", "title")
        return self.pages.page(request, "participant/privacy.html", self.programme, language, title=title)

    async def accessibility(self, request: Request) -> Response:
        language = self.pages.spoken(request, self.programme)
        title = self.pages.words(language)("Accessibility")
        return self.pages.page(request, "participant/accessibility.html", self.programme, language, title=title)
