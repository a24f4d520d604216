"""kill -9 of `intake worker` amid a hundred letters: none is lost, at most one per kill is sent twice."""

from __future__ import annotations

import random
import time
from pathlib import Path

from tests.mail.posting import MailOffice, copies
from tests.mail.test_worker import environment
from tests.offices import WHITE
from tests.postbox import Postbox
from tests.processes import started


def test_kills_lose_no_letter_and_double_at_most_one_each(
    there: MailOffice, postbox: Postbox, tmp_path: Path, effort: int
) -> None:
    chance, kills = random.Random(1), 3 * effort
    there.is_today()
    for _ in range(10 * effort):
        email = f"kim{there.persons}@example.org"
        there.sends(WHITE, ("trr", "af"), union=True, email=email)  # a receipt and three notices
    there.owes(80 * effort)
    all_of_them = {row.message_id for row in there.outbox()}
    assert len(all_of_them) == 120 * effort
    postbox.answer_slowly(0.01, times=10**6)  # so that most kills come while a letter is on its way
    with started(tmp_path, "worker", ready=False, **environment(there)) as worker:
        for _ in range(kills):
            goal = len(postbox.letters) + chance.randint(3, 15)
            worker.wait_until(lambda: len(postbox.letters) >= goal)  # noqa: B023
            time.sleep(chance.uniform(0, 0.03))
            worker.kill()
            worker.start()
        # What a killed worker had in hand waits for its lease: one letter a kill, no more.
        worker.wait_until(lambda: there.statuses().get("waiting", 0) <= kills, timeout=60)
        assert worker.stop() == 0
    there.is_today()
    there.works(minutes=16)
    assert there.statuses() == {"sent": len(all_of_them)}
    accepted = copies(postbox.letters)
    assert set(accepted) == all_of_them
    assert sum(accepted.values()) - len(accepted) <= kills
    assert all(letter.text == _first(postbox, letter.message["Message-ID"]) for letter in postbox.letters)


def _first(postbox: Postbox, message_id: str) -> str:
    return next(letter.text for letter in postbox.letters if letter.message["Message-ID"] == message_id)
