"""The browser that tests drive: found on the system, or installed by `python -m tests.browsers` (`make test` does).

A missing browser is a failure, never a reason to skip.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Protocol

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, ConsoleMessage, Error, Page, async_playwright
from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = {"DEBIAN_FRONTEND": "noninteractive"}
PATIENCE = 15_000  # milliseconds: a busy machine is no fault of ours
AXE_RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}


class Browse(Protocol):
    """Opens a page in a browser of its own: fresh cookies, one person's screen."""

    def __call__(
        self, script: bool = True, width: int = 1280, height: int = 800, locale: str = "sv-SE", **context: Any
    ) -> Awaitable[Page]: ...


def on_system() -> str | None:
    """The browser on PATH."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def find() -> str | None:
    """The program to run: the system's, else the one that playwright fetched earlier."""
    if system := on_system():
        return system
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


def install() -> str:
    """Find a browser or get one; what was tried is printed only if all of it failed."""
    ways = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        apt = ["apt-get", "-o", "DPkg::Lock::Timeout=300", "-qq"]
        ways = [[*apt, "update"], [*apt, "install", "-y", "--no-install-recommends", "chromium"], *ways]
    said = ""
    for way in ways:
        if found := find():
            return found
        print(f"No browser yet: {' '.join(way)}", flush=True)
        done = subprocess.run(way, capture_output=True, text=True, env=os.environ | QUIET)
        said += done.stdout + done.stderr
    if found := find():
        return found
    sys.exit(f"{said}\nThe tests need a browser: install Chromium (apt install chromium) so that it is on PATH.")


@asynccontextmanager
async def running() -> AsyncIterator[Browser]:
    """One headless browser; chromium refuses its sandbox to root."""
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=on_system(), args=arguments)
        yield browser
        await browser.close()


@asynccontextmanager
async def browsing(browser: Browser) -> AsyncIterator[Browse]:
    """Pages for one test. At the end it fails if a script failed or the content policy stopped something."""
    problems: list[str] = []

    def said(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or "Content-Security-Policy" in message.text:
            problems.append(message.text)

    def failed(error: Error) -> None:
        problems.append(f"script error: {error}")

    async def browse(
        script: bool = True, width: int = 1280, height: int = 800, locale: str = "sv-SE", **context: Any
    ) -> Page:
        opened = await browser.new_context(
            java_script_enabled=script, viewport={"width": width, "height": height}, locale=locale, **context
        )
        opened.set_default_timeout(PATIENCE)
        page = await opened.new_page()
        page.on("console", said)
        page.on("pageerror", failed)
        return page

    yield browse
    for context in browser.contexts:
        await context.close()
    assert not problems, problems


async def axe_findings(page: Page) -> list[str]:
    """What axe has against the page as it is now, one line each; an empty list is right."""
    found = await Axe().run(page, options=AXE_RULES)
    return [
        f"{violation['id']}: {violation['help']}: {node['html']} {node.get('failureSummary', '')}"
        for violation in found.response["violations"]
        for node in violation["nodes"]
    ]


async def overflows(page: Page) -> int:
    """By how many pixels the page is wider than the window; 0 is right."""
    width: int = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return width


if __name__ == "__main__":
    install()
