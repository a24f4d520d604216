"""The checks fail for bad pages and pass for a good one."""

from __future__ import annotations

from playwright.async_api import Page

from tests.browser import checks
from tests.browser.checks import CHECKS, Check, prepare

PAGE = """<!doctype html><html lang="sv"><head><meta charset="utf-8"><title>{title}</title><style>
@media (prefers-color-scheme: dark) {{ html {{ background: #000; color: #eee }} }}
a {{ color: inherit }}</style></head>
<body><main><h1>Rubrik</h1>{body}</main><footer>Ring 031-000 00 00</footer></body></html>"""

BAD: list[tuple[Check, str, str]] = [
    (checks.axe_finds_nothing, '<img src="x">', "image-alt"),
    (checks.axe_finds_nothing, '<p style="color:#333">svagt</p>', "dark, 320 px: color-contrast"),
    (checks.fits_a_narrow_phone, '<div style="width:400px">brett</div>', "wider than 320 px"),
    (checks.fits_a_narrow_phone, '<p style="width:60px">Arbetsmarknadsutbildning</p>', "in 60"),
    (checks.bears_wider_text, '<p style="height:1.4em;line-height:1.2;overflow:hidden">Kort rad</p>', "Kort rad"),
    (checks.can_be_hit, '<button style="height:30px">Liten</button>', "Liten"),
    (checks.turns_around, '<p style="margin-left:50px">fast</p>', "both ways"),
    (checks.says_what_it_is, "<h1>En till</h1>", "2 headings"),
    (checks.says_what_it_is, '<div class="err">Något stämmer inte</div>', "an error on the page: True"),
]


async def test_a_bad_page_is_noticed(page: Page) -> None:
    await prepare(page)
    for check, body, said in BAD:
        await page.goto("about:blank")
        await page.set_content(PAGE.format(title="Sida", body=body))
        assert said in "\n".join(await check(page)), body


async def test_a_good_page_passes(page: Page) -> None:
    await prepare(page)
    await page.goto("about:blank")
    await page.set_content(PAGE.format(title="Sida", body="<p>Text</p><p><a href='#x'>Länk i en mening</a></p>"))
    assert [found for check in CHECKS for found in await check(page)] == []


async def test_axe_looks_once_at_pages_that_differ_in_words_only(page: Page) -> None:
    await prepare(page)

    async def finds(body: str) -> str:
        await page.goto("about:blank")
        await page.set_content(PAGE.format(title="Sida", body=body))
        return "\n".join(await checks.axe_finds_nothing(page))

    assert await finds('<p>Ord</p><p><a href="#a">Länk</a></p>') == ""
    before = checks.passed.looked
    assert await finds('<p>Andra</p><p>ord</p><p><a href="#b">hit</a></p>') == "" and checks.passed.looked == before
    assert "link-name" in await finds('<p>Ord</p><p><a href="#a"></a></p>')
    assert "color-contrast" in await finds('<p style="color:#333">Ord</p><p><a href="#a">Länk</a></p>')
    assert "image-alt" in await finds('<p>Ord</p><p><a href="#a">Länk</a></p><img src="x">')
    assert await finds('<p><label for="a">Namn</label><input id="a"></p>') == ""
    assert "label" in await finds('<p><label for="b">Namn</label><input id="a"></p>')
    assert await finds('<p id="c">Namn</p><input aria-labelledby="c">') == ""
    assert "label" in await finds('<p id="c">Namn</p><input aria-labelledby="d">')
    assert await finds('<p lang="en">Word</p>') == "" and "valid-lang" in await finds('<p lang="zzq">Word</p>')
