"""A recording of the terminal is a transcript that every player can play."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from intake import App
from intake.authoring.catalog import load
from intake.chat import play_terminal
from intake.chat.recording import RecordingDesk
from intake.config import PACKAGED
from tests.bot_player import BotPlayer
from tests.cli.commands import call
from tests.databases import Databases
from tests.openings import Opener
from tests.players import NOW, EnginePlayer, Player, Transcript, Turn, read_file
from tests.telegram_wire import Wire
from tests.terminals import typed
from tests.test_transcripts import play
from tests.web_player import WebPlayer

VASTKRAFT = load(PACKAGED / "vastkraft")
TO_RESULT = ("1", "3", "1", "2027-03-31", "9", "1", "2", "1", "inköpare", "hoppa över", "2", "klar", "hoppa över")
TO_CHECK = (*TO_RESULT, "1", "hoppa över", "ja", "nej", "Exempel Ett", "ett@example.org") + (
    ("hoppa över", "hoppa över", "1", "3", "2", "1")
)


class Recorder:
    """Plays lines in a terminal on a database of its own, and reads what was recorded."""

    def __init__(self, databases: Databases, folder: Path) -> None:
        self.databases, self.folder = databases, folder

    def __call__(self, *lines: str, language: str = "sv", at: datetime = NOW) -> tuple[Transcript, str]:
        with self.databases.lent("sqlite") as url:
            opener = Opener(url, self.folder)
            opener.moment = at
            app = opener()
            try:
                text = self.recorded(app, lines, language)
            finally:
                app.close()
        if not text:
            return Transcript("", language, (), {}), ""
        file = self.folder / "recorded.toml"
        file.write_text(text, encoding="utf-8")
        return read_file(file), text

    def recorded(self, app: App, lines: tuple[str, ...], language: str) -> str:
        app.desk = desk = RecordingDesk(app.desk.parts)
        play_terminal(app, language, typed(*lines), lambda _: None, kept=False, programme="vastkraft")
        return desk.transcript()


@pytest.fixture
def record(databases: Databases, tmp_path: Path) -> Recorder:
    return Recorder(databases, tmp_path)


async def played(transcript: Transcript, url: str, folder: Path, wire: Wire | None = None) -> None:
    """By the engine, and by a browser or in Telegram: the same outcome."""
    engine = EnginePlayer(VASTKRAFT, transcript.language, transcript.today)
    opener = Opener(url, folder)
    if wire is not None:
        opener = Opener(url, folder, TELEGRAM_BOT_TOKEN=wire.token, TELEGRAM_API_URL=wire.url)
    opener.moment = transcript.moment
    channel: Player = WebPlayer(opener, transcript.language)
    if wire is not None:
        channel = BotPlayer(wire, opener, transcript.language)
    assert await play(channel, transcript) == await play(engine, transcript)


CONVERSATIONS = {
    "sent": (*TO_CHECK, "skicka"),
    "taken back": (*TO_CHECK, "skicka", "1", "1", "1"),
    "a no": ("1", "7"),
    "nothing sent": (*TO_RESULT, "1", "hoppa över", "nej"),
    "the result seen again": (*TO_RESULT, "1", "hoppa över", "nej", "2", "1", "tillbaka"),
    "left in the middle": ("1", "1", "tillbaka", "2"),
    "changed at the check": (*TO_CHECK, "4", "1", "1"),
    "something alike in the list": ("1", "1", "3", "1", "1", "svetts", "1", "tillbaka"),
    "kept as typed": ("1", "1", "3", "1", "1", "svetts", "svetts"),
    "last day contradicts": ("1", "3", "1", "2026-10-31", "2026-10-31", "tillbaka", "2027-01-31"),
    "nonsense": ("1", "vad?", "3", "1", "i morgon", "hoppa över", "klar"),
    "in English later": ("1", "1", "/language", "2", "3"),
}


@pytest.mark.parametrize("lines", CONVERSATIONS.values(), ids=CONVERSATIONS.keys())
async def test_it_plays_as_it_is(lines: tuple[str, ...], record: Recorder, sqlite_url: str, tmp_path: Path) -> None:
    transcript, text = record(*lines)
    assert len(transcript.turns) >= 2, text
    await played(transcript, sqlite_url, tmp_path)


async def test_in_telegram_too(wire: Wire, record: Recorder, sqlite_url: str, tmp_path: Path) -> None:
    transcript, _ = record(*TO_CHECK, "skicka")
    assert transcript.turns[-1] == {"do": "submit", "asks": "status"}
    assert transcript.then["referrals"] == {"gr": "watching", "trr": "waiting"}
    await played(transcript, sqlite_url, tmp_path, wire)


async def test_another_day_is_played_on_that_day(record: Recorder, sqlite_url: str, tmp_path: Path) -> None:
    """In a few years this last day has passed, which is pointed out; today it has not."""
    transcript, text = record(
        "1", "3", "1", "2027-03-31", "2027-03-31", "1", "1", at=datetime(2029, 5, 2, 9, 0, tzinfo=UTC)
    )
    assert "today = 2029-05-02\n" in text and 'note = "last_day_passed"' in text
    await played(transcript, sqlite_url, tmp_path)


def test_a_personal_number_is_not_recorded(record: Recorder) -> None:
    """One of the Tax Agency's for tests; as an answer to choose, as words, and as an address."""
    number = "19850312-2389"
    lines = (*TO_RESULT[:8], f"svetsare {number}", number, "hoppa över", "hoppa över", number, "2", "klar")
    transcript, text = record(*lines)
    assert "2389" not in text and "personal_number" not in text
    assert transcript.turns[-1]["asks"] == "training_forms"


async def test_who_deletes_begins_anew(record: Recorder, sqlite_url: str, tmp_path: Path) -> None:
    transcript, _ = record("1", "1", "3", "/delete", "1", "1", "1", "7")
    assert [turn.get("with") for turn in transcript.turns] == [None, ["resigned"]]
    await played(transcript, sqlite_url, tmp_path)


def test_nothing_done_is_nothing_written(record: Recorder, databases: Databases, tmp_path: Path) -> None:
    with databases.lent("sqlite") as url:
        app = Opener(url, tmp_path)()
        assert record.recorded(app, ("/help",), "sv") == ""
        app.close()


@pytest.mark.parametrize("seed", range(4))
async def test_whoever_wanders(seed: int, record: Recorder, databases: Databases, tmp_path: Path, effort: int) -> None:
    """Somebody who presses and types anything at all: what they did, played again, comes out the same."""
    for round in range(effort):
        chance = Random(seed + 4 * round)
        said = [
            "hoppa över",
            "klar",
            "ja",
            "nej",
            "2026-12-24",
            "Exempel Två",
            "tva@example.org",
            "svets",
            "0311234567",
        ]
        said += ["tillbaka", "skicka", "/status", "/help", "blä", "/start"]
        lines = [str(chance.randint(1, 6)) if chance.random() < 0.65 else chance.choice(said) for _ in range(50)]
        transcript, text = record("1", *lines)
        if not text:
            continue  # who deleted everything in the end
        try:
            await play(EnginePlayer(VASTKRAFT, transcript.language, transcript.today), transcript)
            if not any(back(turn) for turn in transcript.turns):
                with databases.lent("sqlite") as url:
                    await played(transcript, url, tmp_path)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{text}") from error


def back(turn: Turn) -> bool:
    """To the result: a browser only looks there, while a chat goes there, and so they go on from different places."""
    return turn["asks"] == "result" and turn.get("do") in ("back", "see_result")


# the command


def test_the_command_records_and_asks_before_it_replaces(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    said = call("chat", "--programme", "vastkraft", "--record", file, given="1\n7\n")
    assert said.code == 0 and "put" in said.out and file.read_text(encoding="utf-8").startswith("note = ")
    assert read_file(file).then["reason"] == "no_layoff"
    before = file.read_text(encoding="utf-8")
    refused = call("chat", "--programme", "vastkraft", "--record", file, given="n\n1\n8\n")
    assert refused.code == 1 and "is there already. Replace it?" in refused.err
    assert file.read_text(encoding="utf-8") == before
    assert call("chat", "--record", file, given="").code == 1, "nobody there to ask"
    assert call("chat", "--programme", "vastkraft", "--record", file, given="y\n1\n9\n").code == 0
    assert read_file(file).then["reason"] == "no_self_employed"


def test_the_command_says_at_once_what_cannot_be(tmp_path: Path) -> None:
    assert "is no folder" in call("chat", "--record", tmp_path / "no" / "where.toml").refusal()
    said = call("chat", "--record", tmp_path / "empty.toml", given="")
    assert said.code == 0 and "not written" in said.err and not (tmp_path / "empty.toml").exists()
    assert "names too" in call("chat", "--help").out.replace("\n", " ").replace("  ", "")
