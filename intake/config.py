"""Settings, from the environment (prefix INTAKE_). A bad one is refused at start with one line that says what to do."""

from __future__ import annotations

import ipaddress
import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from intake.errors import BadSetting
from intake.keys import Keys

PACKAGED = Path(__file__).parent / "programmes"  # the programmes that come with this program


class Settings(BaseSettings):
    """Every setting, with what it is for. README's table is this list; a test holds them equal."""

    model_config = SettingsConfigDict(env_prefix="INTAKE_", extra="ignore", frozen=True, populate_by_name=True)

    demo: bool = Field(
        default=False, description="Made-up staff and referrals, letters in a mailbox page; loopback only"
    )
    database_url: str = Field(
        default="", description="sqlite:///file or postgresql://user@host/name; default: a file in `var`"
    )
    base_url: str = Field(default="", description="The address people see, https://...; default http://127.0.0.1:PORT")
    secret_keys: str = Field(default="", description='"id:base64 of 32 bytes", comma-separated, the sealing one first')
    smtp_url: str = Field(default="", description="smtp://user:password@host:587 (STARTTLS) or smtps://host")
    mail_from: str = Field(default="", description="The sender of letters")
    programmes: Path = Field(default=PACKAGED, description="The folder of programmes")
    var: Path = Field(default=Path("var"), description="Where the embedded database and demo keys are kept")
    host: str = Field(default="127.0.0.1", description="The address the web listens on")
    port: int = Field(default=8000, alias="PORT", ge=1, le=65535, description="The port the web listens on")
    trusted_proxy: str = Field(default="", description="The address of a proxy whose X-Forwarded-For is believed")
    rate: int = Field(default=600, ge=1, description="Requests a minute from one network address")
    telegram_bot_token: str = Field(
        default="", alias="TELEGRAM_BOT_TOKEN", description="The bot's token from @BotFather"
    )
    telegram_api_url: str = Field(default="", alias="TELEGRAM_API_URL", description="Another Bot API server")

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        if value and not value.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
            raise ValueError("write sqlite:///path/to/file or postgresql://user:password@host/name")
        return value

    @field_validator("base_url")
    @classmethod
    def _base(cls, value: str) -> str:
        if value and (urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).hostname):
            raise ValueError("write the whole address, for example https://intake.example.org")
        return value.rstrip("/")

    @field_validator("smtp_url")
    @classmethod
    def _smtp(cls, value: str) -> str:
        if value and (urlsplit(value).scheme not in ("smtp", "smtps") or not urlsplit(value).hostname):
            raise ValueError("write smtp://user:password@host:587 or smtps://host")
        return value

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.var / 'intake.sqlite'}"

    @property
    def base(self) -> str:
        return self.base_url or f"http://127.0.0.1:{self.port}"

    @property
    def secure(self) -> bool:
        """Whether people come by https: cookies are then Secure."""
        return self.base.startswith("https:")

    def keys(self) -> Keys:
        """The keys. In demo they are made once under `var`, readable by this user only; elsewhere they must be set."""
        if self.secret_keys:
            return Keys.from_text(self.secret_keys)
        if not self.demo:
            raise BadSetting("INTAKE_SECRET_KEYS is not set: make a key with: intake new-key, keep it safe, and set it")
        return Keys.from_text(_demo_keys(self.var / "secret_keys"))


def load_settings(**given: Any) -> Settings:
    """Settings from the environment, with `given` above it. Raises BadSetting with one line."""
    try:
        settings = Settings(**given)
    except ValidationError as error:
        fault = error.errors()[0]
        name = str(fault["loc"][0])
        variable = name if name.isupper() else f"INTAKE_{name.upper()}"
        raise BadSetting(f"{variable}: {fault['msg'].removeprefix('Value error, ')}") from None
    if settings.demo and not (_loopback(settings.host) and _loopback(urlsplit(settings.base).hostname or "")):
        raise BadSetting(
            "INTAKE_DEMO=1 serves this machine only: take INTAKE_HOST and INTAKE_BASE_URL on 127.0.0.1, or unset it"
        )
    return settings


def _loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _demo_keys(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii")
    with os.fdopen(file, "w", encoding="ascii") as opened:
        opened.write(Keys.new_text())
    return path.read_text(encoding="ascii")
