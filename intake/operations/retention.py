"""Deletes data whose time is over. Deletions are logged as numbers only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog

from intake.engine.programme import Programme
from intake.store import Store

LINKS_KEPT = timedelta(days=1)  # after they expired, so that an old link can still say that it is old
ATTEMPTS_KEPT = timedelta(days=1)
PRESSES_KEPT = timedelta(days=30)  # how long a page may stay open without its form acting twice

log = structlog.get_logger()


def purge(programmes: Mapping[str, Programme], store: Store, now: datetime) -> int:
    """Deletes unfinished interviews after the programme's days, and expired records; returns how many interviews."""
    deleted = 0
    for programme in programmes.values():
        gone = store.interviews.purge(programme.id, now - timedelta(days=programme.limits.interview_days))
        if gone:
            log.info("interviews_deleted", programme=programme.id, number=gone)
        deleted += gone
    store.links.purge(now - LINKS_KEPT)
    store.attempts.purge(now - ATTEMPTS_KEPT)
    store.presses.purge(now - PRESSES_KEPT)
    store.people.purge_sessions(now)
    store.overwrite_deleted()
    return deleted
