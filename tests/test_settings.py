"""A bad setting is refused at start: one line that names it and says what to do, exit code 2, no password."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from intake import BadSetting
from intake.config import PACKAGED, Settings, load_settings
from intake.keys import Keys
from intake.store import migrate
from tests.houses import only_vastkraft
from tests.postbox import unused_port
from tests.processes import Process

SECRET = "hemlighet7"
KEYS = Keys.new_text()


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Only what a test says: a developer's own settings must not leak in."""
    for name, field in Settings.model_fields.items():
        monkeypatch.delenv(field.alias or f"INTAKE_{name.upper()}", raising=False)
    yield


def refused(**given: Any) -> str:
    """The line with which these settings are refused."""
    with pytest.raises(BadSetting) as error:
        load_settings(**given)
    line = str(error.value)
    assert "\n" not in line and SECRET not in line
    return line


def started(folder: Path, *arguments: str, **env: str) -> str:
    """The line with which a real process ends."""
    process = Process(folder, arguments, {"INTAKE_SECRET_KEYS": KEYS, **env})
    process.start()
    code, said = process.wait(), process.output
    assert code == 2 and said.count("\n") == 1 and said.startswith("intake: "), said
    assert SECRET not in said
    return said


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("INTAKE_DEMO", "maybe", "write 1 or 0"),
        ("INTAKE_DATABASE_URL", f"mysql://intake:{SECRET}@db/intake", "sqlite:///path/to/file or postgresql://"),
        ("INTAKE_DATABASE_URL", "intake.sqlite", "sqlite:///path/to/file or postgresql://"),
        ("INTAKE_DATABASE_URL", "sqlite:///", "sqlite:///path/to/file"),
        ("INTAKE_DATABASE_URL", "sqlite://", "sqlite:///path/to/file"),
        ("INTAKE_DATABASE_URL", "sqlite:///:memory:", "sqlite:///path/to/file"),
        ("INTAKE_BASE_URL", "intake.example.org", "https://intake.example.org"),
        ("INTAKE_BASE_URL", "ftp://intake.example.org", "https://intake.example.org"),
        ("INTAKE_BASE_URL", "https://intake.example.org:https", "https://intake.example.org"),
        ("INTAKE_BASE_URL", "https://[::1", "https://intake.example.org"),
        ("INTAKE_SMTP_URL", "mail.example.org:587", "smtp://user:password@host:587"),
        ("INTAKE_SMTP_URL", f"smtp://intake:{SECRET}/x@mail.example.org", "in a password / ? # as %2F %3F %23"),
        ("INTAKE_SMTP_URL", f"smtp://intake:{SECRET}@mail.example.org:smtp", "smtp://user:password@host:587"),
        ("INTAKE_MAIL_FROM", "VästKraft", "an email address, with a name or without"),
        ("INTAKE_MAIL_FROM", "a@intake.se\nBcc: b@intake.se", "an email address, with a name or without"),
        ("INTAKE_TRUSTED_PROXY", "10.0.0.0/8", "one IP address"),
        ("INTAKE_TRUSTED_PROXY", "proxy", "one IP address"),
        ("INTAKE_RATE", "many", "write a whole number"),
        ("INTAKE_RATE", "0", "from 1 upwards"),
        ("PORT", "http", "write a whole number"),
        ("PORT", "0", "from 1 upwards"),
        ("PORT", "65536", "up to 65535"),
        ("TELEGRAM_API_URL", "telegram.example.org", "https://telegram.example.org"),
    ],
)
def test_a_bad_value_is_named_with_what_to_write(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, says: str
) -> None:
    monkeypatch.setenv(variable, value)
    line = refused()
    assert line.startswith(f"{variable}: ") and says in line


def test_what_is_left_empty_is_as_if_it_were_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = load_settings()
    for name, field in Settings.model_fields.items():
        monkeypatch.setenv(field.alias or f"INTAKE_{name.upper()}", "")
    assert load_settings() == plain
    assert (plain.programmes, plain.base, plain.database) == (
        PACKAGED, "http://127.0.0.1:8000", "sqlite:///var/intake.sqlite"
    )  # fmt: skip


@pytest.mark.parametrize(
    "given",
    [
        {"host": "0.0.0.0"},
        {"host": "::"},
        {"host": "192.0.2.1"},
        {"host": "intake.example.org"},
        {"host": ""},
        {"base_url": "https://intake.example.org"},
        {"base_url": "http://127.0.0.1.example.org"},
        {"base_url": "http://192.0.2.1:8000"},
    ],
    ids=lambda given: str(*given.values()),
)
def test_demo_is_for_this_machine_only(given: dict[str, str]) -> None:
    assert refused(demo=True, **given).startswith("INTAKE_DEMO=1 serves this machine only")
    if given != {"host": ""}:  # outside demo it is what people do, by https
        load_settings(**{**given, "base_url": "https://intake.example.org"})


def test_demo_on_loopback_by_any_name() -> None:
    for host in ("127.0.0.1", "127.0.0.2", "::1", "localhost"):
        at = f"[{host}]" if ":" in host else host
        assert load_settings(demo=True, host=host, base_url=f"http://{at}:8123").demo


def test_letters_need_a_sender_outside_demo() -> None:
    smtp = "smtp://mail.intake.se"
    assert refused(smtp_url=smtp).startswith("INTAKE_MAIL_FROM is not set")
    for placeholder in ("vastkraft@example.org", "VästKraft <vastkraft@intake.invalid>"):
        assert "placeholder" in refused(smtp_url=smtp, mail_from=placeholder)
    sender = "VästKraft <vastkraft@intake.se>"
    assert load_settings(smtp_url=smtp, mail_from=sender).mail_from == sender
    assert load_settings().mail_from == ""


def test_in_demo_letters_have_a_made_up_sender() -> None:
    assert load_settings(demo=True, smtp_url="smtp://127.0.0.1:2525").mail_from == "VästKraft <vastkraft@example.org>"
    assert load_settings(demo=True, mail_from="jag@intake.se").mail_from == "jag@intake.se"


def test_cookies_are_secure_whenever_people_come_by_https() -> None:
    assert load_settings(base_url="HTTPS://intake.se/").secure
    assert load_settings(base_url="https://intake.se").base == "https://intake.se"
    assert not load_settings().secure


def test_what_settings_look_like_in_a_log_gives_nothing_away() -> None:
    settings = load_settings(
        database_url=f"postgresql://intake:{SECRET}@db/intake", smtp_url=f"smtp://intake:{SECRET}@mail.intake.se",
        mail_from="post@intake.se", secret_keys=SECRET, TELEGRAM_BOT_TOKEN=f"7:{SECRET}",
    )  # fmt: skip
    assert SECRET not in repr(settings) and SECRET not in str(settings)


def test_without_keys_nothing_starts_outside_demo(tmp_path: Path) -> None:
    line = started(tmp_path, "web", INTAKE_SECRET_KEYS="")
    assert "INTAKE_SECRET_KEYS is not set" in line and "intake new-key" in line


def test_demo_keys_are_made_once_and_for_this_user_only(tmp_path: Path) -> None:
    settings = load_settings(demo=True, var=tmp_path / "new" / "var")
    sealed = settings.keys().seal(b"Kim", "x")
    file = tmp_path / "new" / "var" / "secret_keys"
    assert file.stat().st_mode & 0o777 == 0o600
    written = file.read_bytes()
    assert settings.keys().open(sealed, "x") == b"Kim" and file.read_bytes() == written


def test_several_first_starts_at_once_have_the_same_demo_keys(tmp_path: Path) -> None:
    for number in range(20):
        settings, barrier = load_settings(demo=True, var=tmp_path / str(number)), threading.Barrier(4, timeout=30)

        def hash(settings: Settings = settings, barrier: threading.Barrier = barrier) -> str:
            barrier.wait()
            return settings.keys().blind("Kim", "x")

        with ThreadPoolExecutor(4) as threads:
            assert len({made.result() for made in [threads.submit(hash) for _ in range(4)]}) == 1


def test_a_start_that_died_before_writing_its_keys_is_repaired(tmp_path: Path) -> None:
    (tmp_path / "secret_keys").touch(mode=0o600)
    settings = load_settings(demo=True, var=tmp_path)
    assert settings.keys().blind("Kim", "x") == settings.keys().blind("Kim", "x")


@pytest.mark.parametrize("content", ["k1:damaged", "åäö", "\x00" * 40])
def test_damaged_demo_keys_are_said_and_kept(tmp_path: Path, content: str) -> None:
    (tmp_path / "secret_keys").write_text(content, encoding="utf-8")
    with pytest.raises(BadSetting, match="INTAKE_SECRET_KEYS"):
        load_settings(demo=True, var=tmp_path).keys()
    assert (tmp_path / "secret_keys").read_text(encoding="utf-8") == content


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BadSetting, match="INTAKE_VAR: .*file/secret_keys cannot be used: File exists"):
        load_settings(demo=True, var=tmp_path / "file").keys()
    for file, why in ((tmp_path / "file" / "a" / "b.sqlite", "Not a directory"), (tmp_path, "unable to open")):
        with pytest.raises(BadSetting, match=f"INTAKE_DATABASE_URL: .*{why}"):
            migrate(f"sqlite:///{file}")


def test_a_file_that_is_no_database_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Hej!\n" * 1000)
    line = started(tmp_path, "migrate", INTAKE_DATABASE_URL=f"sqlite:///{tmp_path / 'letter.txt'}")
    assert "INTAKE_DATABASE_URL" in line and "letter.txt" in line and "not a database" in line
    assert (tmp_path / "letter.txt").read_text() == "Hej!\n" * 1000


def test_a_folder_with_any_name_holds_the_database(tmp_path: Path) -> None:
    settings = load_settings(var=tmp_path / "100 % säkert?#1")
    migrate(settings.database)
    assert [path.name for path in settings.var.glob("*.sqlite")] == ["intake.sqlite"]


@pytest.mark.parametrize("command", ["migrate", "web"])
def test_a_server_that_cannot_be_reached_is_one_line(tmp_path: Path, command: str) -> None:
    port = unused_port()
    line = started(tmp_path, command, INTAKE_DATABASE_URL=f"postgresql://intake:{SECRET}@127.0.0.1:{port}/intake")
    assert "INTAKE_DATABASE_URL" in line and f"127.0.0.1:{port}" in line and "refused" in line


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://intake:{SECRET}@127.0.0.1:1/intake?password={SECRET}",
        f"postgresql://intake:{SECRET}@db:{SECRET}/intake",
        f"postgresql://intake:p@{SECRET}:x@db/intake",
        f"postgresql://127.0.0.1:1/intake?user=intake&password={SECRET}",
        f"postgresql://127.0.0.1:1/intake?sslkey=key&sslpassword={SECRET}",
        f"postgresql://intake:{SECRET}@127.0.0.1:1/intake?no_such_option=1",
    ],
)
def test_a_password_is_never_shown(url: str) -> None:
    with pytest.raises(BadSetting, match="INTAKE_DATABASE_URL") as error:
        migrate(url)
    assert SECRET not in str(error.value) and "\n" not in str(error.value)


def test_an_empty_folder_and_a_busy_port_are_told_in_one_line(tmp_path: Path) -> None:
    assert str(tmp_path) in started(tmp_path, "web", INTAKE_PROGRAMMES=str(tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as busy:
        (tmp_path / "second").mkdir()
        port = str(busy.getsockname()[1])
        one = str(only_vastkraft())
        assert f"PORT={port}" in started(tmp_path / "second", "web", PORT=port, INTAKE_PROGRAMMES=one)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"base_url": "http://intake.your-region.se"}, "over https only"),
        ({"host": "0.0.0.0"}, "INTAKE_BASE_URL is not set"),
    ],
)
def test_outside_demo_people_come_by_https(given: dict[str, str], says: str) -> None:
    with pytest.raises(BadSetting, match=says):
        load_settings(**given)
    assert load_settings(base_url="https://intake.your-region.se", host="0.0.0.0").secure
    assert not load_settings().secure, "on this machine http will do"
