"""What the pages of one programme work with."""

from __future__ import annotations

from intake import Programme
from web.site import Site


class ProgrammePages:
    """Base of those who serve the pages of one programme."""

    def __init__(self, site: Site, programme: Programme) -> None:
        self.app = site.app
        self.desk = site.app.desk
        self.pages = site.pages
        self.visitors = site.visitors
        self.id = programme.id

    @property
    def programme(self) -> Programme:
        """As it is served now."""
        return self.app.programmes[self.id]
