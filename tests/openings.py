"""Opening the product as tests need it: at a fixed time, with settings of the test's own, again and again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from intake import App, open_app
from intake.config import load_settings
from intake.keys import Keys
from tests.players import NOW

KEYS = Keys.new_text()


class Opener:
    """Call it: an app on the same database, as after a restart."""

    def __init__(self, url: str, var: Path, **settings: Any) -> None:
        self.given = {"database_url": url, "var": var, "secret_keys": KEYS, "demo": True, **settings}

    def __call__(self) -> App:
        return open_app(load_settings(**self.given), clock=lambda: NOW)
