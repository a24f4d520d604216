"""Personal data is unreadable in the database, its log and backups; only the right keys decrypt it."""

from __future__ import annotations

import base64
import gzip
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake import App, Handle, open_app
from intake.config import load_settings
from intake.errors import BadSetting
from intake.keys import Keys, WrongKey
from intake.operations.backup import backup
from tests.offices import PROGRAMME, WHITE, Office, office
from tests.store.conftest import KEYS, Command
from tests.store.inside import ask, file_of

ZEROS = "A" * 43 + "="  # a key as good as any, and the same in every process of the tests
CHAT = "77409182650013"
CANARIES = {
    "name": "Kanariefågel Xqzwv", "email": "xqzwv.kanarie@example.org", "phone": "0708182650",
    "occupation": "Xqzwvsvarvare", "note": "Xqzwvs syster hjälper till", "letter": "Hej Xqzwv, vi ses", "chat": CHAT,
}  # fmt: skip


@pytest.fixture
def told(there: Office) -> Office:
    """The whole way: a chat begun, answers, sending, a pick-up, a note, a call, a letter."""
    there.app.desk.start(Handle("telegram", CHAT), PROGRAMME, "sv")
    said = {id: CANARIES[id] for id in ("name", "email", "phone", "occupation")}
    case, trr = there.sends(WHITE, ("trr",), union=True, **said), there.staff("trr")
    desk = there.app.casework
    desk.pick_up(trr, case.reference)
    desk.note(trr, case.reference, CANARIES["note"])
    desk.pressed("form-1").write(trr, case.reference, "book_time", CANARIES["letter"])
    contact = there.app.store.submissions.contact(case.id)
    assert contact is not None and (contact.name, contact.email) == (CANARIES["name"], CANARIES["email"])
    events = there.app.store.referrals.events(there.at(case, "trr").id)
    assert [event.note for event in events if event.what == "note"] == [CANARIES["note"]]
    assert CANARIES["occupation"] in str(case.sealed)
    assert there.letters(case, "book_time") == [CANARIES["letter"] + "\n"]
    return there


def stands_in(content: bytes) -> list[str]:
    """The canaries that can be read there, however they are written."""
    content = content.lower()
    found = []
    for id, canary in CANARIES.items():
        escaped = json.dumps(canary)[1:-1]
        kinds = [canary.encode(), canary.encode("utf-16-le"), escaped.encode(), base64.b64encode(canary.encode())]
        found += [id for kind in kinds if kind.lower() in content]
    return found


def files_of(url: str) -> Iterator[tuple[str, bytes]]:
    """Everything of a database that is on the disk, what is not yet in its tables' files included."""
    if url.startswith("sqlite"):
        paths = list(file_of(url).parent.glob(f"{file_of(url).name}*"))
        assert len(paths) == 3, "a write-ahead log is there to be searched"
    else:
        ask(url, "COMMIT", "CHECKPOINT")
        [(folder,)], [(own,)] = ask(url, "SHOW data_directory"), ask(url, "SELECT pg_relation_filepath('staff')")
        data = Path(folder)
        paths = [*(data / own).parent.iterdir(), *(path for path in (data / "pg_wal").iterdir() if path.is_file())]
    return ((path.name, path.read_bytes()) for path in paths)


def test_nothing_personal_can_be_read_in_the_database_files(told: Office, database_url: str) -> None:
    files = dict(files_of(database_url))
    assert any(b"book_time" in content for content in files.values()), "what is in clear is found, so the search works"
    assert {name: found for name, content in files.items() if (found := stands_in(content))} == {}


def test_nothing_personal_can_be_read_in_a_backup(told: Office, tmp_path: Path) -> None:
    backup(told.app.settings, tmp_path / "backup.gz")
    lines = gzip.decompress((tmp_path / "backup.gz").read_bytes()).splitlines()
    rows = [row for line in lines if (row := json.loads(line).get("row"))]
    sealed = [base64.b64decode(row[name]) for row in rows for name in row if name.endswith("sealed") and row[name]]
    assert len(sealed) > 10 and any(b"book_time" in line for line in lines)
    assert stands_in(b"\n".join([*lines, *sealed])) == []


def opened_with(url: str, var: Path, keys: str) -> App:
    return open_app(load_settings(database_url=url, var=var, secret_keys=keys))


def test_other_keys_are_refused_before_they_do_harm(told: Office, database_url: str, tmp_path: Path) -> None:
    before = ask(database_url, "SELECT * FROM installation ORDER BY name")
    for other in (Keys.new_text(), Keys.new_text("k2"), f"{Keys.new_text('k2')},{Keys.new_text()}"):
        with pytest.raises(WrongKey, match="INTAKE_SECRET_KEYS"):
            opened_with(database_url, tmp_path, other)
    assert ask(database_url, "SELECT * FROM installation ORDER BY name") == before


def test_wrong_or_no_keys_are_one_line(sqlite_url: str, tmp_path: Path, intake: Command) -> None:
    opened_with(sqlite_url, tmp_path, KEYS).close()
    for keys in (Keys.new_text(), ""):
        code, said = intake("staff", "list", INTAKE_DATABASE_URL=sqlite_url, INTAKE_SECRET_KEYS=keys)
        [line] = said.splitlines()
        assert code == 2 and line.startswith("intake: INTAKE_SECRET_KEYS")
        assert not keys or keys[3:] not in line


def test_a_new_first_key_seals_new_rows_and_old_ones_open(database_url: str, tmp_path: Path) -> None:
    kim = Handle("web", "a browser")
    with office(database_url, tmp_path, secret_keys=KEYS) as before:
        case = before.sends(WHITE, ("trr",))
        before.app.desk.start(kim, PROGRAMME, "sv")
        before.app.desk.answer(kim, PROGRAMME, "employment_status", ("uppsagd_notice",))
    after = opened_with(database_url, tmp_path, f"{Keys.new_text('k2')},{KEYS}")
    assert after.desk.now(kim, PROGRAMME).place == "termination_reason"  # found by the same hash
    after.desk.answer(kim, PROGRAMME, "termination_reason", ("arbetsbrist",))
    [(sealed,)] = ask(database_url, "SELECT answers_sealed FROM interviews WHERE submission_id IS NULL")
    assert bytes(sealed).startswith(b"k2:")
    contact = after.store.submissions.contact(case.id)
    assert contact is not None and contact.name == "Kim Exempel"
    assert len(after.store.referrals.siblings(case.id)) == 2
    after.close()


def test_keys_in_another_order_or_without_the_oldest_are_refused(database_url: str, tmp_path: Path) -> None:
    newer = Keys.new_text("k2")
    opened_with(database_url, tmp_path, KEYS).close()
    opened_with(database_url, tmp_path, f"{newer},{KEYS}").close()
    with pytest.raises(WrongKey, match="oldest key must stay the last"):
        opened_with(database_url, tmp_path, f"{KEYS},{newer}")
    with pytest.raises(WrongKey, match="lacks key 'k1'"):
        opened_with(database_url, tmp_path, newer)


def test_what_is_sealed_opens_only_in_its_own_place() -> None:
    keys = Keys.from_text(KEYS)
    sealed = keys.seal(b"Kim", "contacts.sealed:1")
    assert keys.open(sealed, "contacts.sealed:1") == b"Kim"
    assert keys.seal(b"Kim", "contacts.sealed:1") != sealed  # the same twice does not look the same
    for broken in (sealed[:-1], sealed[:-1] + bytes([sealed[-1] ^ 1]), sealed[:5], b"k1", b""):
        with pytest.raises(WrongKey):
            keys.open(broken, "contacts.sealed:1")
    with pytest.raises(WrongKey):
        keys.open(sealed, "contacts.sealed:2")


def sealed_by_a_child(keys: Keys, times: int) -> list[bytes]:
    """What a forked process seals, as it says through a pipe."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        os.write(writing, b"".join(keys.seal(b"Kim", "contacts.sealed:1") for _ in range(times)))
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as said:
        content = said.read()
    assert os.waitpid(child, 0)[1] == 0
    each = len(content) // times
    return [content[at : at + each] for at in range(0, len(content), each)]


def test_two_forked_processes_never_seal_with_the_same_nonce() -> None:
    keys = Keys.from_text(KEYS)
    first = keys.seal(b"Kim", "contacts.sealed:1")  # before they part: what was drawn ahead would be shared
    sealed = [first, *sealed_by_a_child(keys, 3), *sealed_by_a_child(keys, 3), keys.seal(b"Kim", "contacts.sealed:1")]
    assert [keys.open(one, "contacts.sealed:1") for one in sealed] == [b"Kim"] * 8
    assert len({one[len(b"k1:") :][:12] for one in sealed}) == 8


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        (" , ", "is empty"),
        ("k1", "32 bytes"),
        ("k1:c2hvcnQ=", "32 bytes"),
        ("k1:not base64 at all", "32 bytes"),
        (f"k-1:{ZEROS}", "32 bytes"),
        (f"{'k' * 17}:{ZEROS}", "32 bytes"),
        (f"nyckelå:{ZEROS}", "32 bytes"),
        (f"k1:{ZEROS},k1:{ZEROS}", 'two keys are named "k1"'),
    ],
)
def test_bad_keys_are_said_without_showing_them(text: str, said: str) -> None:
    with pytest.raises(BadSetting, match=said) as refused:
        Keys.from_text(text)
    assert "INTAKE_SECRET_KEYS" in str(refused.value) and ZEROS not in str(refused.value)
