"""Bad input: a plain sentence at the field, the value kept there, nothing of it stored."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest

from intake import App
from tests.journeys import goes_to
from tests.visitor import Visitor
from tests.web.conftest import OpenWeb, browser_of
from web.security import TOKEN_FIELD

LONG = "x" * 201

# where the person is, what is posted there, what is said at the field
REFUSED = [
    ("name", LONG, "för långt"),
    ("last_employment_date", "2027-02-30", "finns inte"),
    ("last_employment_date", "snart", "förstår inte datumet"),
    ("last_employment_date", "3021-01-01", "Kontrollera året"),
    ("employment_status", "astronaut", "inget av svaren"),
    ("employment_status", "", "Välj eller skriv"),
    ("employment_status", ["uppsagd_notice", "uppsagd_left"], "bara ett svar"),
    ("needs", ["none", "reemployment"], "kan inte stå tillsammans"),
    ("needs", [], "Välj eller skriv"),
    ("name", "Exempel 850709-9805", "personnummer"),
    ("occupation", "svarvare 19850709-9805", "personnummer"),
    ("email", "exempel@", "e-postadress"),
    ("phone", "ring mig", "telefonnummer"),
    ("info_ok", [], "Kryssa"),
    ("consent_partner", ["nobody"], "inget av svaren"),
    ("consent_union", ["yes", "no"], "bara ett svar"),
]


@pytest.mark.parametrize(("place", "posted", "said"), REFUSED, ids=lambda value: str(value)[:24])
async def test_what_cannot_be_taken_is_said_at_the_field_and_kept(
    visitor: Visitor, place: str, posted: str | list[str], said: str
) -> None:
    await goes_to(visitor, place)
    page = await visitor.fills_in(**{place: posted})
    assert page.status == 422 and page.path == f"/vastkraft/q/{place}"
    assert page.title.startswith("Fel: ")
    [error] = page.errors
    assert said in error
    assert page.html.count(error.removeprefix("Fel: ")) >= 2, "in the summary and at the field"
    assert page.links.get(error.removeprefix("Fel: ")) == f"#{place}" and place in page.ids, "the summary leads there"
    values = [posted] if isinstance(posted, str) else posted
    kept = [one.value for one in page.first_form.fields if one.checked or one.type not in ("radio", "checkbox")]
    offered = page.first_form.values(place)
    if place != "consent_union":  # of a yes and a no at once, no browser can show both
        assert all(value in kept for value in values if not offered or value in offered)
    page = await visitor.opens(f"/vastkraft/q/{place}")
    assert page.status == 200 and page.path.endswith(place), "nothing was stored"
    assert all(value not in page.html for value in (LONG, "850709", "astronaut"))


async def test_neither_an_address_nor_a_number_is_said_at_once(visitor: Visitor) -> None:
    await goes_to(visitor, "email")
    await visitor.presses("skip")
    assert visitor.page.path == "/vastkraft/q/phone"
    page = await visitor.fills_in(phone="")
    assert page.status == 422 and "e-post" in page.errors[0]


async def test_html_in_an_answer_is_text(visitor: Visitor) -> None:
    await goes_to(visitor, "name")
    await visitor.fills_in(name='"><script>alert(1)</script>')
    page = await visitor.opens("/vastkraft/q/name")
    assert "<script>alert" not in page.html
    assert any(one.value == '"><script>alert(1)</script>' for one in page.first_form.fields)


# the form was not drawn for this browser, or the browser lost its cookie


def _without_token(fields: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in fields if name != TOKEN_FIELD]


@pytest.mark.parametrize("token", ["", "nonsense", "k1:AAAA", "å"])
async def test_a_bad_token_gives_the_question_again_with_the_answer(visitor: Visitor, token: str) -> None:
    page = await goes_to(visitor, "name")
    posted = [*_without_token(page.first_form.filled({"name": "Exempel Ett"})), (TOKEN_FIELD, token)]
    page = await visitor.posts("/vastkraft/q/name", posted)
    assert page.status == 403 and "för länge" in page.errors[0]
    assert any(one.value == "Exempel Ett" for one in page.first_form.fields)
    page = await visitor.fills_in()
    assert page.path == "/vastkraft/q/email"


async def test_somebody_elses_token_is_a_bad_token(app: App, visitor: Visitor) -> None:
    await goes_to(visitor, "industry")
    async with browser_of(app) as other:
        theirs = (await goes_to(other, "industry")).first_form.filled({"industry": "teknik"})
    page = await visitor.posts("/vastkraft/q/industry", theirs)
    assert page.status == 403
    assert [one.value for one in page.first_form.fields if one.checked] == ["teknik"]


async def test_a_cookie_that_did_not_come_back_loses_nothing(visitor: Visitor) -> None:
    page = await goes_to(visitor, "occupation")
    visitor.client.cookies.clear()
    page = await visitor.posts("/vastkraft/q/occupation", page.first_form.filled({"occupation": "Svetsare"}))
    assert page.status == 403 and page.path == "/vastkraft/q/occupation"
    assert "kaka" in page.errors[0] or "cookie" in page.errors[0]
    page = await visitor.fills_in()
    assert page.path == "/vastkraft/q/education_level", "the next press works, in the same interview"
    page = await visitor.opens("/vastkraft/q/employment_status")
    assert [one.value for one in page.first_form.fields if one.checked] == ["uppsagd_notice"]


@pytest.mark.parametrize(("place", "posted"), [("consent_union", "no"), ("consent_union", "yes"), ("info_ok", "yes")])
async def test_a_ticked_answer_is_kept_too(visitor: Visitor, place: str, posted: str) -> None:
    page = await goes_to(visitor, place)
    page = await visitor.posts(page.path, _without_token(page.first_form.filled({place: posted})))
    assert page.status == 403
    assert [one.value for one in page.first_form.fields if one.checked] == [page.first_form.meant(place, posted)]


async def test_another_site_cannot_give_a_browser_a_cookie(app: App, visitor: Visitor) -> None:
    async with browser_of(app) as attacker:
        theirs = (await goes_to(attacker, "name")).first_form.filled({"name": "Exempel"})
    for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
        page = await visitor.posts("/vastkraft/q/name", theirs, headers)
        assert page.status == 403 and not visitor.client.cookies
        assert all(one.value != "Exempel" for one in page.first_form.fields)


async def test_another_site_cannot_answer_for_somebody(visitor: Visitor) -> None:
    page = await goes_to(visitor, "industry")
    posted = page.first_form.filled({"industry": "other"})
    assert (await visitor.posts("/vastkraft/q/industry", posted, {"origin": "https://evil.example"})).status == 403
    page = await visitor.opens("/vastkraft/q/industry")
    assert not any(one.checked for one in page.first_form.fields)


@pytest.mark.parametrize("path", ["", "q/industry", "result", "check", "language", "clear"])
async def test_a_post_with_nothing_at_all_is_a_page_that_says_why(visitor: Visitor, path: str) -> None:
    page = await visitor.posts(f"/vastkraft/{path}", [])
    assert page.status == 403 and page.h1
    page = await visitor.fills_in()
    assert page.path == "/vastkraft/q/employment_status", "and begins"


async def test_an_interview_that_is_gone_is_said_on_the_start_page(app: App, visitor: Visitor) -> None:
    page = await goes_to(visitor, "industry")
    posted = page.first_form.filled({"industry": "teknik"})
    for _ in range(3):
        with app.store.db.transactions.begin() as connection:
            connection.exec_driver_sql("DELETE FROM interviews")
    page = await visitor.posts("/vastkraft/q/industry", posted)
    assert page.status == 422 and "finns inte kvar" in page.text
    assert (await visitor.opens("/vastkraft/q/industry")).first_form.action == "/vastkraft/"


async def test_an_answer_not_asked_for_leads_to_the_current_question(visitor: Visitor) -> None:
    page = await goes_to(visitor, "industry")
    token = dict(page.first_form.as_it_is())[TOKEN_FIELD]
    page = await visitor.posts("/vastkraft/q/name", [(TOKEN_FIELD, token), ("name", "Exempel")])
    assert page.status == 200 and page.path == "/vastkraft/q/industry"
    page = await visitor.posts("/vastkraft/check", [(TOKEN_FIELD, token)])
    assert page.path == "/vastkraft/q/industry", "nothing is sent before it is complete"


# what is not a page of ours


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/vastkraft/nothing", 404),
        ("GET", "/vastkraft/q/nothing", 404),
        ("POST", "/vastkraft/q/nothing", 404),
        ("GET", "/nothing/", 404),
        ("GET", "/nothing/q/name", 404),
        ("GET", "/vastkraft/status/guessed", 404),
        ("GET", "/vastkraft/status/guessed/withdraw", 404),
        ("GET", "/vastkraft/consent/guessed", 404),
        ("POST", "/vastkraft/consent/guessed", 404),
        ("GET", "/vastkraft/continue/guessed", 404),
        ("GET", "/static/nothing.css", 404),
        ("GET", "/static/../app.py", 404),
        ("GET", "/demo/mail", 404),
        ("GET", "/vastkraft/%00", 404),
        ("GET", "/vastkraft/" + "a" * 5000, 404),
        ("PUT", "/vastkraft/", 405),
        ("DELETE", "/vastkraft/q/name", 405),
        ("POST", "/vastkraft/privacy", 405),
        ("POST", "/healthz", 405),
    ],
)
async def test_the_unknown_is_a_page_with_a_telephone_number(
    visitor: Visitor, method: str, path: str, status: int
) -> None:
    answer = await visitor.client.request(method, path, headers={"accept-language": "sv"})
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert "031-000 00 00" in answer.text and '<html lang="sv"' in answer.text and "<h1>" in answer.text


@pytest.mark.parametrize("body", [b"a=" + b"x" * 70_000, b"&".join(b"a=1" for _ in range(500))])
async def test_too_much_at_once_is_said(visitor: Visitor, body: bytes) -> None:
    await goes_to(visitor, "name")
    answer = await visitor.client.post(
        "/vastkraft/q/name", content=body, headers={"content-type": "application/x-www-form-urlencoded"}
    )
    assert answer.status_code == 413 and "031-000 00 00" in answer.text


async def test_too_much_in_pieces_without_a_length_is_said(visitor: Visitor) -> None:
    async def endless() -> Iterable[bytes]:  # type: ignore[misc]
        for _ in range(100):
            yield b"a" * 10_000

    answer = await visitor.client.post(
        "/vastkraft/q/name",
        content=endless(),
        headers={"content-type": "application/x-www-form-urlencoded"},
    )
    assert answer.status_code == 413


@pytest.mark.parametrize("body", [b"\xff\xfe=%ff%fe&name=%e5", b"%", b"=&&==", b"name", b"name=%00%01"])
async def test_bytes_that_are_no_text_are_no_fault(visitor: Visitor, body: bytes) -> None:
    await goes_to(visitor, "name")
    answer = await visitor.client.post(
        "/vastkraft/q/name", content=body, headers={"content-type": "application/x-www-form-urlencoded"}
    )
    assert answer.status_code == 403


async def test_another_kind_of_body_is_an_empty_form(visitor: Visitor) -> None:
    await goes_to(visitor, "name")
    answer = await visitor.client.post("/vastkraft/q/name", json={"name": "Exempel"})
    assert answer.status_code == 403 and "Exempel" not in answer.text


@pytest.mark.parametrize("cookie", ["intake=", "intake=<script>", "intake=../../etc", "intake=" + "a" * 4000, "x;;;=y"])
async def test_a_corrupt_cookie_is_no_cookie(visitor: Visitor, cookie: str) -> None:
    answer = await visitor.client.get("/vastkraft/q/name", headers={"cookie": cookie})
    assert answer.status_code == 200 and "Vem är det för?" in answer.text


# for the moment not


async def test_an_address_over_its_limit_waits_and_keeps_the_answer(web_with: OpenWeb) -> None:
    async with web_with(rate=5) as visitor:
        page = await visitor.opens("/vastkraft/")
        page = await visitor.fills_in()
        posted = page.first_form.filled({"employment_status": "uppsagd_left"})
        for _ in range(5):
            page = await visitor.opens("/vastkraft/privacy")
        assert page.status == 429
        page = await visitor.posts("/vastkraft/q/employment_status", posted)
        assert page.status == 429 and 1 <= int(visitor.response.headers["retry-after"]) <= 61
        kept = {one.name: one.value for one in page.first_form.fields}
        assert kept["employment_status"] == "uppsagd_left" and kept[TOKEN_FIELD]
        assert "031-000 00 00" in page.text
        assert (await visitor.client.get("/healthz")).status_code == 200, "watching is not counted"


async def test_a_page_over_the_limit_is_asked_for_at_its_full_address(web_with: OpenWeb) -> None:
    async with web_with(rate=5) as visitor:
        for _ in range(6):
            page = await visitor.opens("/vastkraft/privacy?lang=en&x=%22%3E%3Ci%3E&x=2")
        assert page.status == 429 and page.language == "en" and "<i>" not in page.html
        assert next(form.as_it_is() for form in page.forms if form.method == "get") == [
            ("lang", "en"), ("x", '"><i>'), ("x", "2")
        ]  # fmt: skip


async def test_a_fault_of_ours_has_a_number_and_tells_nothing(
    app: App, visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    page = await goes_to(visitor, "name")
    posted = page.first_form.filled({"name": "Exempel Hemlig"})
    with app.store.db.transactions.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE interviews RENAME TO gone")
    page = await visitor.posts("/vastkraft/q/name", posted)
    assert page.status in (500, 503) and "031-000 00 00" in page.text
    assert "Hemlig" not in caplog.text and "gone" not in page.text
    if page.status == 500:
        [number] = re.findall(r"E-\w{4}-\w{4}", page.text)
        assert number in caplog.text
