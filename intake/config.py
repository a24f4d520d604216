"""Settings from the environment (prefix INTAKE_). An invalid one is refused at start with one line of advice."""

from __future__ import annotations

import fcntl
import ipaddress
import os
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from intake.engine.email import is_email, is_placeholder
from intake.errors import BadSetting
from intake.keys import Keys
from intake.networks import plain_address

LEAST_RATE = 2000  # 200 people who answer within five minutes request about this many pages a minute
DEMO_SENDER = "VästKraft <vastkraft@example.org>"
# Errors of pydantic about numbers and switches, in words that say what to write.
MEANT = {
    "bool_parsing": "write 1 or 0",
    "int_parsing": "write a whole number",
    "greater_than_equal": "write a number from 1 upwards",
    "less_than_equal": "write a number up to 65535",
}
PACKAGED = Path(__file__).parent / "programmes"  # the programmes shipped with this program


class Settings(BaseSettings):
    """Every setting with its purpose. The table in docs/settings.md is this list; a test compares them."""

    model_config = SettingsConfigDict(
        env_prefix="INTAKE_", env_ignore_empty=True, extra="ignore", frozen=True, populate_by_name=True
    )

    demo: bool = Field(
        default=False, description="Made-up staff and referrals, letters in a mailbox page; loopback only"
    )
    database_url: str = Field(
        default="", repr=False, description="sqlite:///file or postgresql://user@host/name; default: a file in `var`"
    )
    base_url: str = Field(default="", description="The address people see, https://...; default http://127.0.0.1:PORT")
    secret_keys: str = Field(
        default="", repr=False, description='"id:base64 of 32 bytes", comma-separated, the sealing one first'
    )
    smtp_url: str = Field(
        default="", repr=False, description="smtp://user:password@host:587 (STARTTLS) or smtps://host"
    )
    mail_from: str = Field(default="", description="The sender of letters")
    programmes: Path = Field(default=PACKAGED, description="The folder of programmes")
    var: Path = Field(default=Path("var"), description="Where the embedded database and demo keys are kept")
    host: str = Field(default="127.0.0.1", description="The address the web listens on")
    port: int = Field(default=8000, alias="PORT", ge=1, le=65535, description="The port the web listens on")
    trusted_proxy: str = Field(default="", description="The address of a proxy whose X-Forwarded-For is believed")
    rate: int = Field(default=6000, ge=1, description="Requests a minute from one network address (IPv6: one /64)")
    telegram_bot_token: str = Field(
        default="", repr=False, alias="TELEGRAM_BOT_TOKEN", description="The bot's token from @BotFather"
    )
    telegram_api_url: str = Field(default="", alias="TELEGRAM_API_URL", description="Another Bot API server")

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        scheme, _, rest = value.partition("://")
        file = scheme == "sqlite" and rest.startswith("/") and rest.strip("/") not in ("", ":memory:")
        if value and not file and scheme not in ("postgresql", "postgresql+psycopg"):
            raise ValueError("write sqlite:///path/to/file or postgresql://user:password@host/name")
        return value

    @field_validator("base_url")
    @classmethod
    def _base(cls, value: str) -> str:
        if value and not _is_address(value, "http", "https"):
            raise ValueError("write the whole address, for example https://intake.example.org")
        return value.rstrip("/")

    @field_validator("smtp_url")
    @classmethod
    def _smtp(cls, value: str) -> str:
        if value and not _is_address(value, "smtp", "smtps"):
            raise ValueError("write smtp://user:password@host:587 or smtps://host; in a password / ? # as %2F %3F %23")
        return value

    @field_validator("mail_from")
    @classmethod
    def _sender(cls, value: str) -> str:
        if value and (not value.isprintable() or not is_email(parseaddr(value)[1])):
            raise ValueError("write an email address, with a name or without: VästKraft <vastkraft@your-region.se>")
        return value

    @field_validator("trusted_proxy")
    @classmethod
    def _proxy(cls, value: str) -> str:
        address = plain_address(value) if _is_ip(value) else ""
        if value and not address:
            raise ValueError("write one IP address, for example 127.0.0.1")
        return address

    @field_validator("telegram_api_url")
    @classmethod
    def _bot_api(cls, value: str) -> str:
        if value and not _is_address(value, "http", "https"):
            raise ValueError("write the whole address, for example https://telegram.example.org")
        return value

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{quote(str(self.var / 'intake.sqlite'))}"

    @property
    def base(self) -> str:
        return self.base_url or f"http://127.0.0.1:{self.port}"

    @property
    def secure(self) -> bool:
        """Whether people connect by https: cookies are then Secure."""
        return urlsplit(self.base).scheme == "https"

    @property
    def warnings(self) -> tuple[str, ...]:
        """Allowed settings that are probably a mistake, one line each, for those who start the web."""
        if self.rate >= LEAST_RATE:
            return ()
        return (
            f"INTAKE_RATE={self.rate}: a hall of people at one network address will have to wait;"
            f" take at least {LEAST_RATE}, or unset it",
        )

    def keys(self) -> Keys:
        """Returns the keys. In demo they are created under `var`, readable by this user only; else they must be set."""
        if self.secret_keys:
            return Keys.from_text(self.secret_keys)
        if not self.demo:
            raise BadSetting("INTAKE_SECRET_KEYS is not set: make a key with: intake new-key, keep it safe, and set it")
        return Keys.from_text(_demo_keys(self.var / "secret_keys"))


def load_settings(**given: Any) -> Settings:
    """Returns settings from the environment, overridden by `given`. Raises BadSetting with one line."""
    try:
        settings = Settings(**given)
    except ValidationError as error:
        fault = error.errors()[0]
        name = str(fault["loc"][0])
        variable = name if name.isupper() else f"INTAKE_{name.upper()}"
        meant = MEANT.get(fault["type"], fault["msg"].removeprefix("Value error, "))
        raise BadSetting(f"{variable}: {meant}") from None
    if settings.demo:
        return _of_demo(settings)
    if not settings.secure and not _loopback(urlsplit(settings.base).hostname or ""):
        raise BadSetting("INTAKE_BASE_URL: answers and cookies go over https only: write https://...")
    if not settings.base_url and not _loopback(settings.host):
        raise BadSetting("INTAKE_BASE_URL is not set: letters need the address that people see, https://...")
    if settings.smtp_url and not settings.mail_from:
        raise BadSetting("INTAKE_MAIL_FROM is not set: letters by INTAKE_SMTP_URL need a sender, NAME <ADDRESS>")
    if is_placeholder(settings.mail_from):
        raise BadSetting(f"INTAKE_MAIL_FROM: {settings.mail_from} is a placeholder that leads nowhere: take a real one")
    return settings


def _of_demo(settings: Settings) -> Settings:
    if not (_loopback(settings.host) and _loopback(urlsplit(settings.base).hostname or "")):
        raise BadSetting(
            "INTAKE_DEMO=1 serves this machine only: take INTAKE_HOST and INTAKE_BASE_URL on 127.0.0.1, or unset it"
        )
    return settings.model_copy(update={"mail_from": settings.mail_from or DEMO_SENDER})


def _is_address(value: str, *schemes: str) -> bool:
    """Whether the value has one of these schemes, a host, and a numeric port or none."""
    try:
        parts = urlsplit(value)
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _is_ip(value: str) -> bool:
    """Whether the value is an address and nothing else, such as a port."""
    try:
        return bool(ipaddress.ip_address(value))
    except ValueError:
        return False


def _loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _demo_keys(path: Path) -> str:
    """Returns the keys of the demo. The first start creates them while others wait; they are never overwritten."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        target = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(target, "r+", encoding="ascii", errors="replace") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            text = file.read()
            if not text:
                text = Keys.new_text()
                file.write(text)
            return text
    except OSError as error:
        raise BadSetting(f"INTAKE_VAR: {path} cannot be used: {error.strerror}") from None
