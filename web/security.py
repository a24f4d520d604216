"""Identifies and protects browsers: one cookie, one token per form, and the security headers.

The token of a form is the cookie's value, encrypted with our key. It proves that we made the form for this browser; it
differs each time, so that compressed lengths reveal nothing; and if a browser loses its cookie while a question is
open, the form still says whose it was. `same_site` decides how far a token is trusted.
"""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Iterable

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from intake import App, BadSetting, network_of, plain_address

TOKEN_FIELD = "csrf-token"  # noqa: S105  a name of a field, with a dash so that no question can have it
_COOKIE_VALUE = re.compile(r"[A-Za-z0-9_-]{22,64}")
_CONTEXT = "web.form"


class Visitors:
    """Identifies browsers by a random cookie. Nothing is stored here; the desk stores a keyed hash."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.secure = app.settings.secure
        self.name = "__Host-intake" if self.secure else "intake"
        longest = max((programme.limits.interview_days for programme in app.programmes.values()), default=30)
        self.seconds = longest * 24 * 3600

    def cookie(self, request: Request) -> str:
        """Returns the request's cookie, or an empty string if there is none that we could have made."""
        for part in header(request, b"cookie").split(";"):
            name, _, value = part.strip().partition("=")
            if name == self.name and _COOKIE_VALUE.fullmatch(value):
                return value
        return ""

    def new(self) -> str:
        return self.app.chance.token()

    def keep(self, response: Response, cookie: str) -> None:
        """Sets the browser's cookie."""
        response.raw_headers.append((b"set-cookie", self._header(cookie, self.seconds)))

    def drop(self, response: Response) -> None:
        """Deletes the browser's cookie."""
        response.raw_headers.append((b"set-cookie", self._header("", 0)))

    def _header(self, value: str, seconds: int) -> bytes:
        secure = "; Secure" if self.secure else ""
        return f"{self.name}={value}; Max-Age={seconds}; Path=/; HttpOnly; SameSite=Lax{secure}".encode("ascii")

    def token(self, cookie: str) -> str:
        """Returns a token for a form of this browser."""
        sealed = self.app.keys.seal(cookie.encode(), _CONTEXT)
        return base64.urlsafe_b64encode(sealed).decode("ascii").rstrip("=")  # needs no escaping in forms

    def owner(self, token: str) -> str:
        """Returns the cookie that a token was made for, or an empty string if it is not ours."""
        try:
            return self.app.keys.open(base64.urlsafe_b64decode(token.encode("ascii") + b"=="), _CONTEXT).decode()
        except (ValueError, BadSetting):
            return ""

    def trusted(self, request: Request, cookie: str, token: str) -> bool:
        """Whether a posted form was made by us for this browser."""
        drawn_for = self.owner(token).encode()
        return bool(cookie) and self.same_site(request) and hmac.compare_digest(drawn_for, cookie.encode())

    def same_site(self, request: Request) -> bool:
        """Whether, by the browser's headers, one of our own pages sent this. Other programs send no such headers."""
        if fetch := header(request, b"sec-fetch-site"):
            return fetch in ("same-origin", "none")
        origin = header(request, b"origin")
        if self.says_little(request):  # posts of other sites do not carry our cookie
            return bool(self.cookie(request))
        return not origin or origin.partition("://")[2] == header(request, b"host")

    def says_little(self, request: Request) -> bool:
        """Whether an older browser sent this: without a referrer it sends the origin "null", as from any other site."""
        return not header(request, b"sec-fetch-site") and header(request, b"origin") == "null"

    def address(self, request: Request) -> str:
        """Returns a visitor's network address: from the trusted proxy if it is the caller."""
        return address(request.scope, self.app.settings.trusted_proxy)


def header(request: Request, name: bytes) -> str:
    """Returns the first header of that name, or an empty string."""
    for key, value in request.scope["headers"]:
        if key == name:
            return str(value, "latin-1")
    return ""


def address(scope: Scope, trusted_proxy: str) -> str:
    """Returns the client's address as it is counted: of IPv6 the /64 (`network_of`).

    Behind the trusted proxy it is the last address that the proxy saw; X-Forwarded-For of others is ignored.
    """
    client = scope.get("client")
    host = plain_address(str(client[0])) if client else ""
    if trusted_proxy and host == trusted_proxy:
        said = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
        host = (plain_address(said[-1].decode("latin-1").rpartition(",")[2].strip()[:64]) if said else "") or host
    return network_of(host)


_ALWAYS: tuple[tuple[bytes, bytes], ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; "
        b"base-uri 'none'; frame-ancestors 'none'",
    ),
)
_HTTPS = ((b"strict-transport-security", b"max-age=31536000; includeSubDomains"),)
_NO_STORE = (b"cache-control", b"no-store")


def protecting(secure: bool) -> tuple[tuple[bytes, bytes], ...]:
    """Returns the headers of every response."""
    return _ALWAYS + _HTTPS if secure else _ALWAYS


def with_caching(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Returns the headers, with no-store if they do not control caching."""
    sent = list(headers)
    for name, _ in sent:
        if name == b"cache-control":
            return sent
    sent.append(_NO_STORE)
    return sent
