"""Take the pictures of README.md: `make pictures`. A demo with made-up people is started, and a browser looks at it.

Clock and randomness are fixed, so a picture changes only when what it shows does - or the fonts of the machine do.
Telegram has no page to look at: the chat is the conversation's own cards, drawn as bubbles.
"""

from __future__ import annotations

import asyncio
import base64
import logging
import random
import struct
import tempfile
import zlib
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import structlog
from jinja2 import Environment
from playwright.async_api import Browser, Page, ViewportSize

from intake import App, Handle, open_app
from intake.chat import Card, Choosing, Heard
from intake.cli.running import listen, web_service
from intake.config import load_settings
from intake.ids import Chance
from intake.keys import Keys
from intake.operations.demo import fill_demo, staff_address
from intake.store import migrate
from tests.browsers import running
from tests.houses import only_vastkraft
from tests.postbox import unused_port
from web import build_web

PICTURES = Path(__file__).parents[1] / "docs/pictures"
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
STAFF = staff_address("af")
COLOURS, ALIKE = 48, 200  # of a picture, and what is one colour: enough for text on plain grounds
PHONE, DESK = ViewportSize(width=390, height=780), ViewportSize(width=1000, height=720)
TYPED = ("3", "1", "31 March 2027", "Mölndal", "1", "White collar", "Yes")  # by number or in words
PIXELS = """async png => {
  const image = new Image();
  image.src = 'data:image/png;base64,' + png;
  await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height), context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  const {data} = context.getImageData(0, 0, image.width, image.height);
  let text = '';
  for (let at = 0; at < data.length; at += 32768) text += String.fromCharCode(...data.subarray(at, at + 32768));
  return [image.width, btoa(text)];
}"""
CHAT = """<!doctype html><html lang="en"><meta charset="utf-8"><link rel="stylesheet" href="{{ style }}"><style>
body{background:var(--tint);padding:.75rem;font-size:.9375rem;line-height:1.4;display:flex;flex-direction:column;
justify-content:flex-end}
div{white-space:pre-line;padding:.625rem .875rem;border-radius:var(--r);background:var(--card);max-width:88%}
.me{align-self:flex-end;background:var(--sea);color:var(--on);margin:.625rem 0}
ul{list-style:none;padding:0;margin:.25rem 0;max-width:88%}ul li{display:flex;gap:.25rem;margin:.25rem 0}
ul b{flex:1;text-align:center;padding:.4rem .5rem;border-radius:.5rem;background:var(--deep);color:#fff;
font-weight:500;font-size:.875rem}
</style>{% for said, card in turns %}{% if said %}<div class="me">{{ said }}</div>{% endif %}
<div>{% if card.strong %}{{ card.text.partition(card.strong)[0] }}<strong>{{ card.strong }}</strong>
{{- card.text.partition(card.strong)[2] }}{% else %}{{ card.text }}{% endif %}</div>
<ul>{% for row in card.rows %}<li>{% for button in row %}<b>{{ button.label }}</b>{% endfor %}</li>{% endfor %}</ul>
{% endfor %}"""


@asynccontextmanager
async def demo(folder: Path) -> AsyncIterator[App]:
    """`make run` with the same people, numbers and times at every start."""
    url, passed = f"sqlite:///{folder}/demo.sqlite", count()
    migrate(url)
    given = {"database_url": url, "var": folder, "secret_keys": Keys.new_text(), "programmes": only_vastkraft()}
    settings = load_settings(**given, demo=True, port=unused_port())
    chance = Chance(random.Random(8))
    app = open_app(settings, clock=lambda: NOW + timedelta(milliseconds=next(passed)), chance=chance)
    fill_demo(app)
    stop = asyncio.Event()
    serving = asyncio.create_task(web_service(build_web(app), listen(settings))(stop))
    yield app
    stop.set()
    await serving
    app.close()


async def form(app: App, page: Page) -> None:
    """The first question, answered."""
    await page.goto(f"{app.settings.base}/vastkraft/?lang=en")
    await press(page)
    await page.locator("input[value=uppsagd_notice]").check()


async def chat(app: App, page: Page) -> None:
    """The last turns of a conversation."""
    await page.goto(app.settings.base)
    style = await page.locator('link[rel="stylesheet"]').first.get_attribute("href")
    drawn = Environment(autoescape=True).from_string(CHAT).render(turns=list(conversation(app))[-2:], style=style)
    await page.route("**/chat", lambda route: route.fulfill(body=drawn, content_type="text/html"))
    await page.goto(f"{app.settings.base}/chat")
    await page.evaluate("window.scrollTo(0, document.body.scrollHeight)")


def conversation(app: App) -> Iterator[tuple[str, Card]]:
    """What a person says in the chat, and the card that comes."""
    choosing, handle = Choosing(app), Handle("telegram", "1")
    [hello] = choosing.hear(handle, Heard.written("/start vastkraft", language="en")).cards
    choosing.hear(handle, Heard(pressed=hello.buttons[0].press, shown=hello, language="en"))
    for text in TYPED:
        for card in choosing.hear(handle, Heard.written(text, language="en")).cards:
            yield text, card


async def queue(app: App, page: Page) -> None:
    """What a partner's staff meet when they have signed in."""
    await page.goto(app.accounts.sign_in_link(STAFF)[0] + "?lang=en")
    await press(page)


async def case(app: App, page: Page) -> None:
    """A case that this member of staff has picked up."""
    await queue(app, page)
    await page.goto(f"{app.settings.base}/staff/?tab=mine")
    await page.locator(".list th a").first.click()


async def press(page: Page) -> None:
    async with page.expect_navigation():
        await page.locator("form[method=post] .btn").first.click()


def small(width: int, pixels: bytes) -> bytes:
    """A PNG of the commonest colours; every other becomes the nearest of them."""
    points = [pixels[at : at + 3] for at in range(0, len(pixels), 4)]
    common: list[bytes] = []
    for colour, _ in Counter(points).most_common():
        if len(common) < COLOURS and all(apart(colour, other) > ALIKE for other in common):
            common.append(colour)
    nearest = {point: min(range(len(common)), key=lambda at: apart(common[at], point)) for point in set(points)}
    indices = bytes(nearest[point] for point in points)
    rows = b"".join(b"\0" + indices[at : at + width] for at in range(0, len(indices), width))
    header = struct.pack(">IIBBBBB", width, len(points) // width, 8, 3, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"PLTE", b"".join(common)), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )


def apart(one: bytes, other: bytes) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


async def take(app: App, browser: Browser) -> None:
    shots = [(form, PHONE, 2.0), (chat, PHONE, 2.0), (queue, DESK, 1.5), (case, DESK, 1.5)]
    for shot, size, scale in shots:
        context = await browser.new_context(viewport=size, device_scale_factor=scale, locale="en-GB")
        page = await context.new_page()
        await shot(app, page)
        seen = base64.b64encode(await page.screenshot()).decode()
        await page.goto("about:blank")
        width, pixels = await page.evaluate(PIXELS, seen)
        picture = small(width, base64.b64decode(pixels))
        PICTURES.joinpath(f"{shot.__name__}.png").write_bytes(picture)
        print(f"docs/pictures/{shot.__name__}.png: {len(picture) / 1000:.0f} kB")
        await context.close()


async def main() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with tempfile.TemporaryDirectory() as folder:
        async with demo(Path(folder)) as app, running() as browser:
            await take(app, browser)


if __name__ == "__main__":
    asyncio.run(main())
