"""The browser of the tests is real, and its checks can fail."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from playwright.async_api import Browser, Page

from tests import browsers
from tests.browsers import Browse, axe_findings, browsing, overflows

PAGE = """<!doctype html><html lang="sv"><head><meta charset="utf-8"><title>Sida</title></head>
<body><main><h1>Rubrik</h1>{}</main></body></html>"""


@pytest.fixture
async def site() -> AsyncIterator[str]:
    """A page whose body is what the address says, with a strict content policy at /strict."""

    async def show(request: web.Request) -> web.Response:
        headers = {"Content-Security-Policy": "default-src 'self'"} if request.path == "/strict" else {}
        return web.Response(text=PAGE.format(request.query["body"]), content_type="text/html", headers=headers)

    app = web.Application()
    app.router.add_get("/{kind}", show)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def test_a_page_is_seen(page: Page, site: str) -> None:
    await page.goto(f"{site}/plain?body=<p>Hej hopp</p>")
    assert await page.inner_text("p") == "Hej hopp"
    assert await axe_findings(page) == []
    assert await overflows(page) == 0
    assert await page.evaluate("navigator.language") == "sv-SE"


async def test_axe_finds_an_image_without_words(page: Page, site: str) -> None:
    await page.goto(f"{site}/plain?body=<img src=/plain?body=>")
    [finding] = await axe_findings(page)
    assert finding.startswith("image-alt:")


async def test_a_page_too_wide_for_a_phone(browse: Browse, site: str) -> None:
    page = await browse(width=320)
    await page.goto(f"{site}/plain?body=<div style='width:400px'>brett</div>")
    assert await overflows(page) > 0


async def test_without_script_nothing_runs(browse: Browse, site: str) -> None:
    page = await browse(script=False)
    await page.goto(f"{site}/plain?body=<script>document.title='ändrad'</script>")
    assert await page.title() == "Sida"


@pytest.mark.parametrize(
    ("path", "body", "problem"),
    [
        ("plain", "<script>throw new Error('oj')</script>", "script error: oj"),
        ("strict", "<script>1</script>", "Content Security Policy"),
        ("strict", "<p style='color:red'>x</p>", "Content Security Policy"),
    ],
)
async def test_what_goes_wrong_in_a_page_fails_the_test(
    browser: Browser, site: str, path: str, body: str, problem: str
) -> None:
    with pytest.raises(AssertionError, match=problem):
        async with browsing(browser) as browse:
            page = await browse()
            await page.goto(f"{site}/{path}?body={body}")


async def test_each_page_is_another_person(browse: Browse, site: str) -> None:
    one, other = await browse(), await browse()
    await one.goto(f"{site}/plain?body=")
    await other.goto(f"{site}/plain?body=")
    await one.evaluate("document.cookie = 'a=1'")
    assert await other.evaluate("document.cookie") == ""


def test_the_systems_browser_is_found_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "chromium"
    own.write_text("#!/bin/sh\n")
    own.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert browsers.find() == browsers.install() == str(own)
