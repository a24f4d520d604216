"""The web as served, with short timeouts: `python -m tests.web.impatient`, settings by environment.

Started by tests/web/test_connections.py as a process of its own, so that connections end as in production.
"""

from __future__ import annotations

import asyncio
import os

import uvloop

from intake import open_app
from intake.cli.connections import ConnectionLimits
from intake.cli.running import listen, serve, web_service
from intake.config import load_settings
from intake.logs import configure_logs
from intake.store import migrate
from web import build_web

PATIENCE = ConnectionLimits(headers=0.6, body=0.8, idle=1.6, most=8)

if __name__ == "__main__":
    configure_logs()
    settings = load_settings()
    migrate(settings.database)
    app = open_app(settings)
    service = web_service(build_web(app), listen(settings), PATIENCE, settings.trusted_proxy)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve([service]))
    app.close()
    os._exit(0)
