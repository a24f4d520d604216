"""Older browsers with fewer headers, lost responses, and unusual addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake import App, Handle
from tests.journeys import goes_to
from tests.offices import WORKS_HERE, Office, office
from tests.visitor import Visitor
from tests.web.conftest import browser_of
from web import build_web
from web.security import address

NULL = {"origin": "null"}


async def test_a_browser_with_origin_null_begins_at_the_second_press(visitor: Visitor) -> None:
    await visitor.opens("/vastkraft/")
    form = visitor.page.first_form
    page = await visitor.posts("/vastkraft/", form.as_it_is(), NULL)
    assert page.status == 403 and visitor.client.cookies, "the page again, and a cookie to come back with"
    page = await visitor.posts("/vastkraft/", page.first_form.as_it_is(), NULL)
    assert page.path == "/vastkraft/q/employment_status"
    filled = page.first_form.filled({"employment_status": "resigned"})
    page = await visitor.posts("/vastkraft/q/employment_status", filled, NULL)
    assert page.path == "/vastkraft/result"


async def test_origin_null_does_not_let_a_foreign_form_through(app: App, visitor: Visitor) -> None:
    async with browser_of(app) as attacker:
        theirs = (await goes_to(attacker, "home_municipality")).first_form.filled({"home_municipality": "1480"})
    await goes_to(visitor, "home_municipality")
    page = await visitor.posts("/vastkraft/q/home_municipality", theirs, NULL)
    assert page.status == 403


async def test_a_chat_link_works_again_after_a_lost_response(app: App) -> None:
    chat = Handle("telegram", "7")
    app.desk.start(chat, "vastkraft", "sv")
    app.desk.answer(chat, "vastkraft", "employment_status", ("employed_at_risk",))
    token = app.desk.continue_link(chat, "vastkraft")
    async with browser_of(app) as visitor:
        page = await visitor.opens(f"/vastkraft/continue/{token}")
        posted = page.first_form.as_it_is()
        await visitor.posts(f"/vastkraft/continue/{token}", posted)
        visitor.client.cookies.clear()  # as if the answer with the cookie had never come
        page = await visitor.posts(f"/vastkraft/continue/{token}", posted)
        assert page.path == "/vastkraft/q/home_municipality"
    async with browser_of(app) as stranger:
        page = await stranger.opens(f"/vastkraft/continue/{token}")
        assert page.status == 404


@pytest.fixture
def there(sqlite_url: str, tmp_path: Path) -> Iterator[Office]:
    with office(sqlite_url, tmp_path) as opened:
        yield opened


async def test_consents_sent_twice_lead_to_the_case_and_show_no_union(there: Office) -> None:
    case = there.sends(WORKS_HERE)
    there.app.casework.pick_up(there.coordinator, case.reference)
    there.app.casework.decide(there.coordinator, case.reference, "A")
    [letter] = there.letters(case, "decision_yes")
    path = re.findall(r"/vastkraft/consent/[\w-]+", letter)[0]
    async with browser_of(there.app) as visitor:
        page = await visitor.opens(path)
        form = page.first_form.as_it_is()
        for _ in range(2):
            page = await visitor.posts(path, form)
            while "/consent/" in page.path:
                page = await visitor.fills_in(**dict.fromkeys(page.first_form.names(), "yes"))
            assert page.status == 200 and page.path.startswith("/vastkraft/status/")
            assert case.sealed["status_token"] not in page.html
    assert len([one for one in there.standing(case) if one != "gr"]) <= 2


@pytest.mark.parametrize("path", ["/vastkraft/continue/%C3%A5", "/vastkraft/consent/%C3%A5", "/vastkraft/status/%00"])
async def test_a_nonsense_address_is_not_found(visitor: Visitor, path: str) -> None:
    for answer in (await visitor.client.get(path), await visitor.client.post(path, content="csrf-token=%C3%A5")):
        assert answer.status_code in (403, 404, 405)


async def test_a_cookie_and_a_token_with_odd_letters_are_none_of_ours(visitor: Visitor) -> None:
    for headers in ({"cookie": "intake=åäö"}, {"cookie": "staff=é"}, {"origin": "http://["}):
        encoded = {name.encode(): value.encode("latin-1") for name, value in headers.items()}
        for path in ("/vastkraft/", "/staff/signout", "/vastkraft/q/needs"):
            answer = await visitor.client.post(path, content="csrf-token=%C3%A5", headers=encoded)
            assert answer.status_code in (303, 403), (headers, path)


async def test_an_asterisk_is_no_page(app: App) -> None:
    asked = {"type": "http", "http_version": "1.1", "scheme": "http", "method": "GET", "root_path": ""}
    scope = asked | {"path": "*", "raw_path": b"*", "query_string": b"", "headers": [], "client": ("127.0.0.1", 1)}
    said = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, object]) -> None:
        said.append(message)

    await build_web(app)(scope, receive, send)  # type: ignore[arg-type]
    assert said[0]["status"] == 404


def test_of_several_forwarded_lines_the_last_counts() -> None:
    headers = [(b"x-forwarded-for", b"192.0.2.1"), (b"x-forwarded-for", b"192.0.2.2, 198.51.100.7")]
    scope = {"client": ("127.0.0.1", 1), "headers": headers}
    assert address(scope, "127.0.0.1") == "198.51.100.7"
    assert address(scope, "") == "127.0.0.1"


async def test_a_no_after_contact_was_given_keeps_nothing_of_it(app: App, visitor: Visitor) -> None:
    await goes_to(visitor, "check")
    await visitor.opens("/vastkraft/q/employment_status")
    await visitor.fills_in(employment_status="resigned")
    assert visitor.page.path == "/vastkraft/result"
    handle = Handle("web", visitor.client.cookies["intake"])
    kept = app.store.interviews.find(app.desk.hash(handle, "vastkraft"))
    assert kept is not None
    assert not {"name", "email", "phone", "consent_partner", "consent_union", "info_ok"} & set(kept.answers)
    assert "industry" in kept.answers, "what is before the result comes back when the person changes back"


async def test_a_strangers_mailbox_is_not_filled_through_us(app: App) -> None:
    for _ in range(7):
        async with browser_of(app) as visitor:
            await goes_to(visitor, "receipt")
            assert visitor.page.reference
    with app.store.db.autocommit.connect() as connection:
        owed = connection.exec_driver_sql("SELECT count(*) FROM messages WHERE letter = 'receipt'").scalar_one()
    assert owed == 5
