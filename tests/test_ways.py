"""The ways in docs/architecture.md, gone: each stop is entered once, in the order in which they stand there."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlencode

from intake.operations.demo import staff_address
from tests.bot_player import begins, bot_running
from tests.mail.posting import mail_office
from tests.offices import WHITE, office
from tests.openings import Opener
from tests.postbox import Postbox
from tests.staff.working import at_work
from tests.telegram_wire import Wire
from tests.visitor import Visitor
from tests.ways import entered
from tests.web.conftest import browser_of

PAGE = Path(__file__).parents[1] / "docs" / "architecture.md"
MOST = 12


def stops(way: str) -> list[str]:
    """The stops of a way, as they stand in the documentation."""
    part = PAGE.read_text(encoding="utf-8").partition(f"### {way}\n")[2].partition("\n## ")[0].partition("\n### ")[0]
    found = re.findall(r"^\d+\. `([\w.]+)`: ", part, re.MULTILINE)
    assert 6 <= len(found) <= MOST and len(found) == len(re.findall(r"^\d+\. ", part, re.MULTILINE)), way
    return found


def compare(way: str, names: list[str]) -> None:
    wanted = stops(way)
    assert [name for name in names if name in set(wanted)] == wanted


async def sends(visitor: Visitor, path: str, fields: list[tuple[str, str]]) -> list[str]:
    """What one POST enters, without the page that it leads to."""
    kind = {"content-type": "application/x-www-form-urlencoded"}
    with entered() as names:
        answer = await visitor.client.post(path, content=urlencode(fields), headers=kind, follow_redirects=False)
    assert answer.status_code == 303
    return names


async def test_the_way_of_one_answer_on_the_web(sqlite_url: str, tmp_path: Path) -> None:
    with office(sqlite_url, tmp_path) as there:
        async with browser_of(there.app) as visitor:
            await visitor.opens("/vastkraft/")
            page = await visitor.fills_in()
            fields = page.first_form.filled({page.path.rpartition("/")[2]: "uppsagd_notice"})
            compare("One answer on the web", await sends(visitor, page.path, fields))


async def test_the_way_of_one_pick_up(sqlite_url: str, tmp_path: Path) -> None:
    with office(sqlite_url, tmp_path) as there:
        case = there.sends(WHITE, ("trr",))
        async with at_work(there, staff_address("trr")) as worker:
            await worker.sees(case.reference)
            form = worker.form("pick_up")
            compare("One pick-up", await sends(worker, form.action, form.as_it_is()))


async def test_the_way_of_one_tap_in_telegram(wire: Wire, sqlite_url: str, tmp_path: Path) -> None:
    app = Opener(sqlite_url, tmp_path, TELEGRAM_BOT_TOKEN=wire.token, TELEGRAM_API_URL=wire.url)()
    async with bot_running(app):
        kim = wire.person(7)
        await begins(wire, kim)
        with entered() as names:
            await kim.taps(kim.sees().rows[0][0].label)
            await kim.settles()
    app.close()
    compare("One tap in Telegram", names)


def test_the_way_of_one_letter(sqlite_url: str, tmp_path: Path, postbox: Postbox) -> None:
    with mail_office(sqlite_url, tmp_path, smtp_url=postbox.url) as there:
        case = there.sends(WHITE, ("trr",))
        there.works()
        trr = there.staff("trr")
        there.app.casework.pick_up(trr, case.reference)
        with entered() as names:
            there.app.casework.close(trr, case.reference, "training")
            assert there.app.outbox.work_once() == 1
        compare("One letter", names)
