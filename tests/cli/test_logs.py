"""Logs name events and ids; personal data logged by mistake is removed."""

from __future__ import annotations

import subprocess
import sys

from intake.logs import PERSONAL, drop_personal
from tests.cli.commands import ROOT


def test_logs_hold_nothing_personal_and_cannot_be_forged() -> None:
    event = dict.fromkeys(PERSONAL, "Kim") | {"event": "sent", "id": "m1", "why": "550 no\nlevel=info event=forged\r"}
    logged = drop_personal(None, "info", event)
    assert {logged[key] for key in PERSONAL} == {"-"}
    assert logged["event"] == "sent" and logged["id"] == "m1"
    assert logged["why"] == "550 no\\nlevel=info event=forged\\r"


def test_logs_go_to_standard_error_without_libraries_addresses() -> None:
    program = """
import logging, structlog
from intake.logs import configure_logs
configure_logs()
structlog.get_logger().info("picked_up", referral="r1", name="Kim", link="https://secret")
for name in ("httpx", "aiohttp", "telegram", "uvicorn.access"):
    logging.getLogger(name).info("GET https://secret")
logging.getLogger("other").warning("seen")
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    first, second = done.stderr.splitlines()
    assert done.stdout == "" and "secret" not in done.stderr and "Kim" not in done.stderr
    assert first.endswith("level=info event=picked_up referral=r1 name=- link=-") and second.endswith("other seen")
