"""Rate limits: a browser over its limit, an address only far above a hall of people, staff never."""

from __future__ import annotations

import logging
import socket
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from intake import App, Buckets, network_of, plain_address
from intake.access.buckets import MOST
from intake.config import load_settings
from intake.operations.demo import COORDINATOR, staff_address
from tests.offices import Office, office
from tests.processes import Process
from tests.staff.working import Worker, sign_in
from tests.web.conftest import OpenWeb
from web import build_web
from web.rate import BROWSER, HOUR, SIGNING_IN, Rate
from web.security import address

# the bucket


def test_a_bucket_gives_what_it_holds_and_then_what_comes_back() -> None:
    buckets = Buckets(3, 60)
    assert [buckets.wait("a", 100.0) for _ in range(4)] == [0, 0, 0, pytest.approx(1.0, abs=0.001)]
    assert buckets.wait("b", 100.0) == 0, "another's"
    assert [buckets.wait("a", 101.0) > 0 for _ in range(2)] == [False, True]
    assert [buckets.wait("a", 1000.0) > 0 for _ in range(4)] == [False, False, False, True], "never more than it holds"


def test_who_is_refused_loses_nothing_by_asking_again() -> None:
    buckets = Buckets(1, 60)
    waits = [buckets.wait("a", moment / 10) for moment in range(11)]
    assert [wait == 0 for wait in waits] == [True, *[False] * 9, True]


def test_the_number_of_buckets_is_bounded() -> None:
    buckets = Buckets(1, 1, most=10)
    for number in range(1000):
        buckets.wait(str(number), 0.0)
    assert len(buckets) == 10 and "999" in buckets and "0" not in buckets


# the address


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("192.0.2.7", "192.0.2.7"),
        (" 192.0.2.7 ", "192.0.2.7"),
        ("1.2.3.4:5678", "1.2.3.4"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("[::ffff:192.0.2.7]:443", "192.0.2.7"),
        ("2001:DB8::1", "2001:db8::1"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("unknown", ""),
        ("", ""),
        ("1.2.3.4:x", ""),
        ("[", ""),
        ("1.2.3", ""),
    ],
)
def test_an_address_has_one_spelling(said: str, plain: str) -> None:
    assert plain_address(said) == plain


def test_of_ipv6_a_subscriber_is_one() -> None:
    assert network_of("2001:db8:1:2:aaaa::1") == network_of("2001:db8:1:2:ffff::9") == "2001:db8:1:2::/64"
    assert network_of("2001:db8:1:3::1") != network_of("2001:db8:1:2::1")
    assert network_of("192.0.2.7") == "192.0.2.7"


@pytest.mark.parametrize(
    ("forwarded", "counted"),
    [
        (["203.0.113.9:5678"], "203.0.113.9"),
        (["198.51.100.1, [2001:db8::1]:443"], "2001:db8::/64"),
        (["192.0.2.1", "198.51.100.7"], "198.51.100.7"),
        (["nonsense"], "10.0.0.1"),
        ([], "10.0.0.1"),
    ],
)
@pytest.mark.parametrize("peer", ["10.0.0.1", "::ffff:10.0.0.1"])
def test_what_a_trusted_proxy_says_is_read_right(forwarded: list[str], counted: str, peer: str) -> None:
    headers = [(b"x-forwarded-for", one.encode()) for one in forwarded]
    for setting in ("10.0.0.1", "::ffff:10.0.0.1"):
        trusted = load_settings(trusted_proxy=setting).trusted_proxy
        assert address({"client": (peer, 1), "headers": headers}, trusted) == counted


# who is counted how

COOKIE = "abcdefghijklmnopqrstuvwx"


def asked(path: str = "/vastkraft/", cookie: str = "", peer: str = "192.0.2.7", **headers: str) -> dict[str, Any]:
    lines = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"path": path, "client": (peer, 1), "headers": [*lines, *([(b"cookie", cookie.encode())] if cookie else [])]}


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def rate(an_address: int = 6000, **given: Any) -> Rate:
    return Rate(an_address, **{"secure": False, "trusted_proxy": "", "marked": str, "timer": Clock(), **given})


def let_in(counted: Rate, *scopes: dict[str, Any]) -> int:
    return sum(counted.wait(scope) == 0 for scope in scopes)


def test_one_browser_is_limited_before_its_whole_address() -> None:
    counted = rate(1000)
    mine = asked(cookie=f"intake={COOKIE}")
    assert let_in(counted, *[mine] * 5000) == BROWSER[0]
    others = [asked(cookie=f"intake={number:024}") for number in range(700)]
    assert let_in(counted, *others) == 700


def test_a_person_at_the_pace_of_a_person_never_waits() -> None:
    counted = rate()
    for _ in range(2000):  # five requests a second, for as long as one likes
        assert counted.wait(asked(cookie=f"intake={COOKIE}")) == 0
        counted.timer.now += 0.2  # type: ignore[attr-defined]


def test_invented_cookies_count_for_the_address() -> None:
    counted = rate(6000)
    flood = (asked(cookie=f"intake=invented{number:020}") for number in range(MOST + 5000))
    assert let_in(counted, *flood) == 6000
    assert len(counted.browsers) <= MOST
    assert counted.wait(asked(peer="198.51.100.1", cookie=f"intake={COOKIE}")) == 0, "another address"


@pytest.mark.parametrize("cookie", ["", "intake=short", "intake=<script>aaaaaaaaaaaaaaaaaaaaaa", f"other={COOKIE}"])
def test_without_a_cookie_like_ours_only_the_address_counts(cookie: str) -> None:
    counted = rate(1000)
    assert let_in(counted, *[asked(cookie=cookie)] * 2000) == 1000
    assert len(counted.browsers) == 0


def test_with_https_it_is_the_cookie_of_https_that_counts() -> None:
    counted = rate(secure=True)
    assert let_in(counted, *[asked(cookie=f"a=b; __Host-intake={COOKIE}; c=d")] * 1000) == BROWSER[0]
    assert let_in(counted, *[asked(cookie=f"intake={COOKIE}")] * 1000) == 1000


def test_an_invented_staff_cookie_does_not_evade_the_sign_in_cap() -> None:
    counted = rate(100)
    assert let_in(counted, *[asked()] * 500) == 100
    made_up = [asked("/staff/", cookie=f"staff=invented{number:020}") for number in range(5000)]
    tries = [asked("/staff/signin"), asked("/staff/signin/token"), asked("/staff"), *made_up]
    assert let_in(counted, *tries * 2) == SIGNING_IN[0]
    assert len(counted.staff) == 0
    assert let_in(counted, *[asked("/staffan/", cookie=f"staff={COOKIE}")] * 10) == 0, "no page of staff"


def test_who_was_seen_signed_in_is_counted_alone() -> None:
    counted = rate(100)
    known = asked("/staff/", cookie=f"staff={COOKIE}; intake={COOKIE}")
    counted.signed_in(known)
    assert let_in(counted, *[asked("/staff/signin")] * 1000, *[asked()] * 1000) == SIGNING_IN[0] + 100
    assert let_in(counted, *[known] * 250) == 250
    assert let_in(counted, asked("/vastkraft/", cookie=f"staff={COOKIE}")) == 1


def test_an_untrusted_proxy_is_logged_once_an_hour(
    caplog: pytest.LogCaptureFixture,
) -> None:
    counted = rate(trusted_proxy="10.0.0.1")
    with caplog.at_level(logging.WARNING):
        counted.wait(asked(peer="::ffff:10.0.0.1", x_forwarded_for="203.0.113.9"))
        assert not caplog.records, "it is the trusted one"
        for _ in range(100):
            counted.wait(asked(x_forwarded_for="203.0.113.9"))
            counted.timer.now += HOUR / 100 - 0.001  # type: ignore[attr-defined]
        assert len(caplog.records) == 1
        counted.timer.now += HOUR  # type: ignore[attr-defined]
        counted.wait(asked(x_forwarded_for="203.0.113.9"))
    assert len(caplog.records) == 2
    assert "INTAKE_TRUSTED_PROXY" in caplog.text and "203.0.113" not in caplog.text and "192.0.2" not in caplog.text


# the settings


@pytest.mark.parametrize(("value", "warned"), [(1, True), (1999, True), (2000, False), (6000, False)])
def test_a_low_rate_is_warned_about(value: int, warned: bool) -> None:
    lines = load_settings(rate=value).warnings
    assert bool(lines) == warned
    assert all(line.startswith(f"INTAKE_RATE={value}: ") and "2000" in line for line in lines)


def test_the_warning_is_said_at_start_and_refuses_nothing(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:  # so that it ends by itself
        env = {"INTAKE_DEMO": "1", "INTAKE_RATE": "1999", "PORT": str(taken.getsockname()[1])}
        process = Process(tmp_path, ("web",), env)
        process.start()
        process.wait(timeout=60)
    first, second = process.output.splitlines()
    assert first.startswith("INTAKE_RATE=1999: ") and second.startswith("intake: PORT="), process.output


def test_the_rate_is_6000_when_nothing_is_said() -> None:
    assert load_settings().rate == 6000


# by pages


@pytest.fixture
def there(sqlite_url: str, tmp_path: Path) -> Iterator[Office]:
    with office(sqlite_url, tmp_path, rate=1) as opened:
        yield opened


def at(web: Any) -> Worker:
    return Worker(httpx.AsyncClient(transport=httpx.ASGITransport(web), base_url="http://127.0.0.1:8000"))


async def test_a_flood_of_participants_does_not_stop_staff(there: Office) -> None:
    web = build_web(there.app)
    async with at(web) as staff, at(web) as newcomer, at(web) as hall:
        await sign_in(staff, there, COORDINATOR)
        pages = [await hall.opens("/vastkraft/") for _ in range(60)]
        assert [page.status for page in pages].count(429) >= 30
        assert (await staff.opens("/staff/")).status == 200
        assert (await newcomer.opens("/staff/signin")).status == 200
        await sign_in(newcomer, there, staff_address("trr"))
        assert (await newcomer.opens("/staff/")).status == 200
        assert (await hall.opens("/vastkraft/")).status == 429, "those who are stopped are stopped still"


def flooded(app: App) -> Any:
    """A server that has just begun, so that nobody was seen signed in, and whose sign-in pages are used up."""
    web: Any = build_web(app)
    web.app.rate.timer = Clock()
    while not web.app.rate.signing_in.wait("127.0.0.1", Clock.now):
        pass
    return web


async def test_a_sign_in_flood_stops_no_browser_that_signed_in_before(there: Office) -> None:
    async with at(build_web(there.app)) as before:
        await sign_in(before, there, COORDINATOR)
        session, mark = before.client.cookies["staff"], before.client.cookies["known"]
    web = flooded(there.app)
    async with at(web) as staff, at(web) as returning, at(web) as stranger:
        assert (await stranger.opens("/staff/signin")).status == 429
        staff.client.cookies.update({"staff": session, "known": mark})
        assert (await staff.opens("/staff/")).status == 200
        returning.client.cookies.set("known", mark, domain="127.0.0.1", path="/")
        await sign_in(returning, there, COORDINATOR)
        assert (await returning.opens("/staff/")).status == 200
        for forged in ("A" * len(mark), mark[:-4] + "AAAA", mark[:40], "short"):
            answer = await stranger.client.get("/staff/signin", headers={"cookie": f"known={forged}; staff=x"})
            assert answer.status_code == 429


async def test_those_who_wait_together_come_back_apart(web_with: OpenWeb) -> None:
    async with web_with(rate=1) as visitor:
        await visitor.opens("/vastkraft/")
        seconds = Counter[int]()
        for _ in range(200):
            page = await visitor.opens("/vastkraft/")
            assert page.status == 429
            told = int(visitor.response.headers["retry-after"])
            assert f'data-wait="{told}"' in page.html
            seconds[told] += 1
    assert len(seconds) > 20 and max(seconds.values()) < 30
