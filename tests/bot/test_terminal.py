"""The terminal: numbers press buttons, everything else is as in Telegram."""

from __future__ import annotations

import pty
import re
import subprocess
import sys
from os import close, read, write
from pathlib import Path
from select import select

from intake import App
from intake.chat import play_terminal
from tests.openings import KEYS, Opener
from tests.outcomes import journeys, outcome_of
from tests.processes import ROOT
from tests.terminals import typed


def played(app: App, *lines: str, language: str = "sv") -> list[str]:
    shown: list[str] = []
    play_terminal(app, language, typed(*lines), shown.append)
    return shown


TO_CHECK = (
    ("1", "3", "1", "2027-03-31", "9", "1", "2", "1", "inköpare", "hoppa över", "2", "klar", "hoppa över", "1")
    + ("hoppa över", "ja", "nej", "Exempel Ett", "ett@example.org", "hoppa över", "hoppa över", "1", "3", "2", "1")
)


def test_from_hello_to_receipt(app: App) -> None:
    shown = "\n".join(played(app, *TO_CHECK, "skicka"))
    assert "Ctrl-D avslutar" in shown
    assert "Ditt ärendenummer: VK-" in shown
    assert re.search(r"/status/[\w-]{24}$", shown, re.MULTILINE), "a link is not broken"
    assert outcome_of(app).referrals == {"gr": "watching", "trr": "waiting"}


def test_ctrl_d_leaves_kindly_and_the_next_start_goes_on(app: App) -> None:
    assert "sparat" in played(app, "1", "3")[-1]
    again = played(app)
    assert any("Fråga 2" in line for line in again)


def test_numbers_answer_where_one_writes_and_else_press_buttons(app: App) -> None:
    shown = played(app, "1", "2", "2026")
    assert any("Vi förstår inte månaden" in line for line in shown)
    shown = played(app, "2026-10", "99")
    assert any("Det är inget av svaren här" in line for line in shown)


def test_long_choices_are_listed_once(app: App) -> None:
    shown = "\n".join(played(app, "1"))
    assert shown.count("Jag har sagt upp mig själv") == 1


def test_commands_and_english(app: App) -> None:
    shown = "\n".join(played(app, "1", "/help", "/", "/cancel", "1", language="en"))
    assert "Question 1" in shown
    assert shown.count("/privacy") >= 2
    assert "knows nothing about your answers" in shown
    assert journeys(app) == []


def test_the_command_plays_in_a_real_terminal(sqlite_url: str, tmp_path: Path) -> None:
    opener = Opener(sqlite_url, tmp_path)
    opener().close()
    env = {"INTAKE_DATABASE_URL": sqlite_url, "INTAKE_SECRET_KEYS": KEYS, "PATH": "/usr/bin:/bin", "TERM": "xterm"}
    said = ""

    def until(words: str) -> None:
        nonlocal said
        while words not in said:
            assert select([ours], [], [], 20)[0], f"not within 20 s: {words!r} in {said}"
            said += read(ours, 65536).decode(errors="replace")

    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "intake", "chat", "--programme", "vastkraft"]
    with subprocess.Popen(command, cwd=ROOT, env=env, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        close(theirs)
        try:
            until("[Starta]")
            write(ours, b"1\n")
            until("[Tillbaka]\r\n> ")
            write(ours, b"\x04")
            until("Hej då.")
            assert process.wait(20) == 0
        finally:
            process.kill()
    close(ours)
    assert "\x1b[1mHur ser din situation" in said
