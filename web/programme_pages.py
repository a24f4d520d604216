"""What the pages of one programme work with."""

from __future__ import annotations

from intake import App, Programme
from web.pages import Pages
from web.security import Visitors


class ProgrammePages:
    """Base of those who serve the pages of one programme."""

    def __init__(self, app: App, pages: Pages, visitors: Visitors, programme: Programme) -> None:
        self.app = app
        self.desk = app.desk
        self.pages = pages
        self.visitors = visitors
        self.id = programme.id

    @property
    def programme(self) -> Programme:
        """As it is served now."""
        return self.app.programmes[self.id]
