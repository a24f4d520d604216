"""Logs: what happened to which id, one line each on standard error. Never an answer, a name, an address or a token."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

# Keys that could only hold something personal or secret; a slip is dropped here, not printed.
PERSONAL = frozenset(
    ("name", "email", "phone", "address", "to", "reply_to", "answers", "answer", "raw", "text")
    + ("body", "note", "subject", "token", "link", "url", "path", "handle", "key", "chat")
)


def configure_logs(level: int = logging.INFO) -> None:
    """One format for our own lines and the libraries'. The HTTP libraries are quiet: their lines hold whole URLs."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            drop_personal,
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"], drop_missing=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(
        level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s", stream=sys.stderr
    )
    for name in ("httpx", "httpcore", "aiohttp", "telegram", "uvicorn.access", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)


def drop_personal(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Removes what may be personal, and newlines that could forge a line."""
    for key in PERSONAL & event.keys():
        event[key] = "-"
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = value.replace("\n", "\\n").replace("\r", "\\r")
    return event
