"""Opens the product at a fixed time, with settings of the test, any number of times."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from intake import App, open_app
from intake.config import load_settings
from intake.keys import Keys
from tests.houses import only_vastkraft
from tests.players import NOW

KEYS = Keys.new_text()


class Opener:
    """Call it: an app on the same database, as after a restart. `moment`: what its clock shows.

    It serves VästKraft alone, unless `programmes` says otherwise.
    """

    def __init__(self, url: str, var: Path, **settings: Any) -> None:
        house = {"database_url": url, "var": var, "secret_keys": KEYS, "demo": True, "programmes": only_vastkraft()}
        self.given = {**house, **settings}
        self.moment, self.opened = NOW, 0

    def __call__(self) -> App:
        self.opened += 1
        app = open_app(load_settings(**self.given), clock=lambda: self.moment)
        app.unions.work_once()  # as a demo's worker does within a second
        return app
