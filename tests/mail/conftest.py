"""An office whose letters go to the mail server of the tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mail.posting import MailOffice, mail_office
from tests.postbox import Postbox


@pytest.fixture
def there(database_url: str, tmp_path: Path, postbox: Postbox) -> Iterator[MailOffice]:
    """On both kinds of database."""
    with mail_office(database_url, tmp_path, smtp_url=postbox.url) as opened:
        yield opened


@pytest.fixture
def here(sqlite_url: str, tmp_path: Path, postbox: Postbox) -> Iterator[MailOffice]:
    with mail_office(sqlite_url, tmp_path, smtp_url=postbox.url) as opened:
        yield opened
