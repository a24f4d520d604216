"""Security headers of every response."""

from __future__ import annotations

import re

import pytest

from intake import App
from tests.journeys import goes_to
from tests.visitor import Visitor
from tests.web.conftest import OpenWeb, browser_of

ALWAYS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
}
ADDRESSES = [
    ("GET", "/"),
    ("GET", "/vastkraft"),
    ("GET", "/vastkraft/"),
    ("POST", "/vastkraft/"),
    ("GET", "/vastkraft/q/employment_status"),
    ("POST", "/vastkraft/q/employment_status"),
    ("GET", "/vastkraft/result"),
    ("GET", "/vastkraft/check"),
    ("GET", "/vastkraft/receipt"),
    ("GET", "/vastkraft/clear"),
    ("GET", "/vastkraft/privacy"),
    ("GET", "/vastkraft/accessibility"),
    ("GET", "/vastkraft/status/x"),
    ("GET", "/vastkraft/consent/x"),
    ("GET", "/vastkraft/continue/x"),
    ("GET", "/demo/mail"),
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/static/nothing"),
    ("GET", "/nothing"),
    ("PATCH", "/vastkraft/"),
    ("GET", "/staff/"),
    ("GET", "/staff/signin"),
    ("POST", "/staff/signin"),
]


@pytest.mark.parametrize(("method", "path"), ADDRESSES, ids=lambda value: str(value))
async def test_every_address_is_protected_and_kept_by_nobody(visitor: Visitor, method: str, path: str) -> None:
    answer = await visitor.client.request(method, path)
    for name, value in ALWAYS.items():
        assert answer.headers.get_list(name) == [value]
    assert answer.headers["cache-control"] == "no-store"
    assert "strict-transport-security" not in answer.headers, "http only"
    assert "server" not in answer.headers


async def test_with_https_everything_is_for_https_only(web_with: OpenWeb) -> None:
    async with web_with(base_url="https://intake.example.org") as visitor:
        await visitor.opens("/vastkraft/")
        assert visitor.response.headers["strict-transport-security"].startswith("max-age=31536000")
        await visitor.fills_in()
        [cookie] = visitor.response.history[0].headers.get_list("set-cookie")
        assert cookie.startswith("__Host-intake=")
        for part in ("; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/"):
            assert part in cookie
        assert "Domain" not in cookie


async def test_the_one_cookie_is_random_and_hidden_from_scripts(app: App, visitor: Visitor) -> None:
    await visitor.opens("/vastkraft/")
    assert not visitor.client.cookies, "looking gives none"
    await goes_to(visitor, "result")
    [(name, value)] = visitor.client.cookies.items()
    assert name == "intake" and re.fullmatch(r"[\w-]{22,}", value)
    async with browser_of(app) as other:
        await goes_to(other, "termination_reason")
        assert other.client.cookies["intake"] != value


async def test_the_cookie_is_nowhere_in_the_database_in_clear(app: App, visitor: Visitor) -> None:
    await goes_to(visitor, "check")
    value = visitor.client.cookies["intake"].encode()
    with app.store.db.transactions.begin() as connection:
        connection.exec_driver_sql("UPDATE interviews SET reached = reached")
    path = app.settings.database.removeprefix("sqlite:///")
    for suffix in ("", "-wal"):
        with open(path + suffix, "rb") as file:  # noqa: ASYNC230, PTH123
            content = file.read()
            assert value not in content and b"Exempel Ett" not in content and b"exempel.ett" not in content


async def test_no_two_drawings_of_a_form_are_alike(visitor: Visitor) -> None:
    await goes_to(visitor, "industry")
    tokens = set()
    for _ in range(3):
        page = await visitor.opens("/vastkraft/q/industry")
        tokens.add(dict(page.first_form.as_it_is())["csrf-token"])
    assert len(tokens) == 3


async def test_assets_are_kept_for_ever_and_named_by_their_content(visitor: Visitor) -> None:
    page = await visitor.opens("/vastkraft/")
    addresses = re.findall(r'(?:href|src)="(/static/[^"]+)"', page.html)
    assert len(addresses) >= 3
    for address in addresses:
        plain = await visitor.client.get(address, headers={"accept-encoding": "identity"})
        packed = await visitor.client.get(address, headers={"accept-encoding": "gzip"})
        assert plain.status_code == 200 and re.search(r"-[0-9a-f]{10}\.\w+$", address)
        assert "immutable" in plain.headers["cache-control"] and plain.headers["x-content-type-options"] == "nosniff"
        assert packed.headers["content-encoding"] == "gzip" and packed.content == plain.content


async def test_pages_are_compressed_for_those_who_take_it(visitor: Visitor) -> None:
    packed = await visitor.client.get("/vastkraft/", headers={"accept-encoding": "gzip"})
    plain = await visitor.client.get("/vastkraft/", headers={"accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip" and "content-encoding" not in plain.headers
    assert int(packed.headers["content-length"]) < len(plain.content) / 2


async def test_healthz_and_readyz_answer(visitor: Visitor) -> None:
    assert (await visitor.client.get("/healthz")).text == "ok"
    assert (await visitor.client.get("/readyz")).status_code == 200


async def test_no_machine_readable_description_of_the_site_is_given(visitor: Visitor) -> None:
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert (await visitor.client.get(path)).status_code == 404


@pytest.mark.parametrize("path", ["/vastkraft/", "/vastkraft/privacy", "/staff/signin", "/staff/", "/staff/letters"])
async def test_head_answers_where_get_does(visitor: Visitor, path: str) -> None:
    head, get = [await visitor.client.request(method, path) for method in ("HEAD", "GET")]
    assert head.status_code == get.status_code != 405
    assert head.headers.get("content-type") == get.headers.get("content-type")


@pytest.mark.parametrize("path", ["/staff/", "/staff/coverage/pause", "/staff/referrals/VK-AAAA-AAAA/close"])
async def test_another_method_is_told_which_are_allowed(visitor: Visitor, path: str) -> None:
    answer = await visitor.client.request("DELETE", path)
    assert answer.status_code == 405 and answer.headers["allow"] and "031-000 00 00" in answer.text
