"""Logs: one line per event with ids, on standard error. Never an answer, a name, an address or a token."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

# Keys whose values could be personal or secret; they are removed if logged by mistake.
PERSONAL = frozenset(
    ("name", "email", "phone", "address", "to", "reply_to", "answers", "answer", "raw", "text")
    + ("body", "note", "subject", "token", "link", "url", "path", "handle", "key", "chat")
)


def configure_logs(level: int = logging.INFO) -> None:
    """Configures one format for our lines and the libraries'. HTTP libraries are silenced: they log whole URLs."""
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
    """Removes values that may be personal, and newlines that could forge a line."""
    for key in PERSONAL & event.keys():
        event[key] = "-"
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = value.replace("\n", "\\n").replace("\r", "\\r")
    return event
