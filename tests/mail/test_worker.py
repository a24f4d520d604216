"""The running worker: beside another, stopped, without its database or mail server for a while."""

from __future__ import annotations

import asyncio
import re
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake import App, BadSetting, open_app
from intake.config import load_settings
from intake.operations.worker import run_worker
from tests.databases import Databases
from tests.mail.posting import REAL_KIM, REAL_SENDER, REAL_TRR, MailOffice, copies, mail_office
from tests.offices import WHITE
from tests.postbox import Postbox
from tests.postgres import Postgres
from tests.processes import Process, started


@pytest.fixture
def postgres_url(databases: Databases) -> Iterator[str]:
    with databases.lent("postgresql") as url:
        yield url


def environment(office: MailOffice, **more: str) -> dict[str, str]:
    """What `intake worker` needs to serve the same office."""
    return {
        "INTAKE_DATABASE_URL": str(office.settings["database_url"]),
        "INTAKE_SECRET_KEYS": str(office.settings["secret_keys"]),
        "INTAKE_SMTP_URL": office.app.settings.smtp_url,
        "INTAKE_DEMO": "1",
        "INTAKE_PROGRAMMES": str(office.settings["programmes"]),
        **more,
    }


def until(process: Process, office: MailOffice, **statuses: int) -> None:
    """Block until the outbox stands like this."""
    process.wait_until(lambda: office.statuses() == statuses, timeout=20)


def test_two_workers_on_one_outbox_send_each_letter_once(there: MailOffice, postbox: Postbox) -> None:
    there.owes(60)
    postbox.answer_slowly(0.005, times=10**6)
    settings = load_settings(**there.settings, demo=True, smtp_url=postbox.url)
    colleagues = [open_app(settings, clock=there.clock) for _ in range(2)]
    tried: list[int] = []
    there.tick(seconds=1)

    def works(app: App) -> None:
        tried.append(app.outbox.work_once())

    threads = [threading.Thread(target=works, args=(app,)) for app in colleagues]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for app in colleagues:
        app.close()
    assert there.statuses() == {"sent": 60} and sum(tried) == 60 and min(tried) > 5
    assert copies(postbox.letters) == {row.message_id: 1 for row in there.outbox()}


def test_told_to_stop_it_finishes_only_the_letter_in_hand(here: MailOffice, postbox: Postbox, tmp_path: Path) -> None:
    here.is_today()
    here.owes(5)
    postbox.answer_slowly(0.5, times=10**6)
    with started(tmp_path, "worker", ready=False, **environment(here)) as worker:
        worker.wait_until(lambda: postbox.attempts == 2)
        assert worker.stop() == 0
        assert worker.output == ""
    assert here.statuses() == {"sent": 2, "waiting": 3} and len(postbox.letters) == 2
    here.is_today()
    assert here.works() == 3  # nobody holds them
    assert set(copies(postbox.letters).values()) == {1}


async def test_a_stop_is_heard_while_resting(here: MailOffice) -> None:
    stop = asyncio.Event()
    working = asyncio.create_task(run_worker(here.app, stop))
    await asyncio.sleep(0.1)
    begun = time.monotonic()
    stop.set()
    await working
    assert time.monotonic() - begun < 0.5


# Away


def test_the_mail_server_goes_and_comes_back_while_it_works(here: MailOffice, postbox: Postbox, tmp_path: Path) -> None:
    here.is_today()
    with started(tmp_path, "worker", ready=False, **environment(here)) as worker:
        here.owes()
        until(worker, here, sent=1)
        postbox.down()
        here.owes(3)
        worker.wait_until(lambda: here.away_since is not None, timeout=20)
        postbox.up()
        here.owes()
        until(worker, here, sent=5)
        assert worker.stop() == 0
        away, back = worker.output.splitlines()
        assert "event=mail_server_away" in away and "event=mail_server_back" in back
    assert {row.attempts for row in here.outbox()} == {1} and here.away_since is None


def test_the_database_goes_and_comes_back_while_it_works(
    postgres_url: str, postgres: Postgres, postbox: Postbox, tmp_path: Path
) -> None:
    with (
        mail_office(postgres_url, tmp_path, smtp_url=postbox.url) as office,
        started(tmp_path, "worker", ready=False, **environment(office)) as worker,
    ):
        office.is_today()
        office.owes()
        until(worker, office, sent=1)
        postgres.kill()
        worker.wait_until(lambda: "worker_waits" in worker.output)
        time.sleep(2.5)  # long enough to fail more than once
        postgres.start()
        back = time.monotonic()
        office.owes()
        until(worker, office, sent=2)
        assert time.monotonic() - back < 10
        worker.wait_until(lambda: "worker_goes_on" in worker.output)
        assert worker.stop() == 0
        lines = worker.output.splitlines()
        assert len(lines) == 2, worker.output
        assert "event=worker_waits" in lines[0] and "database cannot be reached" in lines[0]
    assert set(copies(postbox.letters).values()) == {1}


def test_a_database_lost_after_acceptance_makes_no_double(
    postgres_url: str, postgres: Postgres, postbox: Postbox, tmp_path: Path
) -> None:
    with mail_office(postgres_url, tmp_path, smtp_url=postbox.url) as office:
        office.owes(2)
        office.tick(seconds=1)
        postbox.answer_slowly(0.5)
        failed: list[Exception] = []
        working = threading.Thread(target=_work, args=(office, failed))
        working.start()
        while postbox.attempts == 0:
            time.sleep(0.01)
        postgres.kill()
        working.join()
        assert failed and len(postbox.wait(1)) == 1
        postgres.start()
        assert office.works(hours=1) == 1  # only the other one
        assert copies(postbox.letters) == {row.message_id: 1 for row in office.outbox()}


def _work(office: MailOffice, failed: list[Exception]) -> None:
    try:
        office.app.outbox.work_once()
    except Exception as error:
        failed.append(error)


# At start, and what it says


def test_a_mail_server_away_at_start_is_waited_for_and_named(
    here: MailOffice, postbox: Postbox, tmp_path: Path
) -> None:
    here.is_today()
    here.owes(2)
    postbox.down()
    with started(tmp_path, "worker", ready=False, **environment(here)) as worker:
        worker.wait_until(lambda: here.away_since is not None)
        assert {row.attempts for row in here.outbox()} == {0}
        postbox.up()
        until(worker, here, sent=2)
        assert worker.stop() == 0
        away, back = worker.output.splitlines()
    assert f"cannot be reached (ConnectionRefusedError) (127.0.0.1:{postbox.port})" in away
    assert "event=mail_server_back" in back and here.away_since is None


@pytest.mark.parametrize("where", ["smtp://finns.inte.invalid", "smtps://127.0.0.1:{port}", "busy", "later"])
async def test_what_may_pass_does_not_end_it(here: MailOffice, where: str, capfd: pytest.CaptureFixture[str]) -> None:
    with Postbox() as plain, Grumbling({"busy": b"421 Busy\r\n", "later": b"554 Not now\r\n"}.get(where, b"")) as busy:
        smtp = where.format(port=plain.port) if "//" in where else f"smtp://127.0.0.1:{busy.port}"
        here.reopen(smtp_url=smtp)
        stop = asyncio.Event()
        working = asyncio.create_task(run_worker(here.app, stop))
        while here.away_since is None:
            assert not working.done()
            await asyncio.sleep(0.01)
        stop.set()
        await working
    assert "".join(capfd.readouterr()).count("mail_server_away") == 1


@pytest.mark.parametrize(
    ("smtp", "said"),
    [
        ("smtp://post..internal", "cannot be told this host"),
        ("smtp://intake:ålänning@127.0.0.1:{port}", "cannot be told this host, name or password"),
        ("smtp://intake:fel@127.0.0.1:{port}", "does not accept this name and password (it answered 535)"),
        ("smtp://127.0.0.1:{safe}", "certificate is not to be trusted"),
    ],
)
async def test_what_can_never_work_ends_it(here: MailOffice, smtp: str, said: str) -> None:
    with Postbox(login=("intake", "annat")) as postbox, Postbox(tls="starttls") as safe:
        here.reopen(smtp_url=smtp.format(port=postbox.port, safe=safe.port))
        with pytest.raises(BadSetting, match=re.escape(said)) as refused:
            await run_worker(here.app, asyncio.Event())
    assert str(refused.value).startswith("INTAKE_SMTP_URL: ") and "fel@" not in str(refused.value)


class Grumbling:
    """A server whose greeting is not the one that is hoped for."""

    def __init__(self, greeting: bytes) -> None:
        self.greeting = greeting
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        self.thread = threading.Thread(target=self._grumble)

    def _grumble(self) -> None:
        while True:
            try:
                caller, _ = self.listening.accept()
            except OSError:
                return
            caller.sendall(self.greeting)
            caller.close()

    def __enter__(self) -> Grumbling:
        self.thread.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self.listening.shutdown(socket.SHUT_RDWR)
        self.listening.close()
        self.thread.join()


def test_it_ends_with_one_line_without_the_password(here: MailOffice, tmp_path: Path) -> None:
    with Postbox(login=("intake", "annat")) as postbox:
        wrong = f"smtp://intake:hemligt@127.0.0.1:{postbox.port}"
        with started(tmp_path, "worker", ready=False, **environment(here, INTAKE_SMTP_URL=wrong)) as worker:
            assert worker.wait() == 2
            [line] = worker.output.splitlines()
            assert "does not accept this name and password (it answered 535)" in line and "hemligt" not in line


def test_its_log_holds_codes_and_names_nobody(here: MailOffice, postbox: Postbox, tmp_path: Path) -> None:
    here.goes_live(smtp_url=postbox.url)
    here.is_today()
    here.app.accounts.set_partner("trr", reply_to=REAL_TRR, notify=REAL_TRR)
    here.app.accounts.set_partner("unionen", notify="post@unionen.internal")
    case = here.sends(WHITE, ("trr",), union=True, email=REAL_KIM)
    here.sends(WHITE, ("trr",), email=REAL_KIM)
    here.app.unions.at_once = True
    assert here.app.unions.work_once() == 2
    postbox.refuse_next(550)
    postbox.refuse_next(451)
    live = environment(here, INTAKE_DEMO="0", INTAKE_MAIL_FROM=REAL_SENDER, INTAKE_BASE_URL="https://a.internal")
    with started(tmp_path, "worker", ready=False, **live) as worker:
        until(worker, here, sent=3, waiting=1, given_up=1)
        assert worker.stop() == 0
        said = worker.output
    rows = here.outbox()
    assert {line.split()[2] for line in said.splitlines()} == {
        "event=letter_sent", "event=letter_later", "event=letter_given_up"
    }  # fmt: skip
    assert "answered 451" in said
    lines = [line.split(maxsplit=1)[1].split() for line in said.splitlines() if "letter_sent" in line]
    assert len(lines) == 3 and len({tuple(line) for line in lines}) == 1  # a union's like everybody's
    names = [value for row in rows for value in (row.id, row.letter, row.message_id)]
    names += ["unionen", "trr", case.reference, case.sealed["status_token"]]
    personal = [*names, "Kim", "Exempel", "@", ".internal", "rende"]
    assert [word for word in personal if word.lower() in said.lower()] == []
