"""Who a browser is and what protects it: one cookie, one token per form, the headers of every answer.

The token of a form is the cookie's value sealed with our key. So a form proves that we drew it for this browser, every
drawing looks different (nothing to guess from compressed lengths), and when a browser loses its cookie while a question
is open, the form itself says whose it was. What a sealed value is worth is decided with `same_site`.
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
    """Knows browsers by a random cookie. Nothing about them is stored here; the desk keeps a keyed hash."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.secure = app.settings.secure
        self.name = "__Host-intake" if self.secure else "intake"
        longest = max((programme.limits.interview_days for programme in app.programmes.values()), default=30)
        self.seconds = longest * 24 * 3600

    def cookie(self, request: Request) -> str:
        """The cookie that came with the request; an empty string when there is none that we could have made."""
        for part in header(request, b"cookie").split(";"):
            name, _, value = part.strip().partition("=")
            if name == self.name and _COOKIE_VALUE.fullmatch(value):
                return value
        return ""

    def new(self) -> str:
        return self.app.chance.token()

    def keep(self, response: Response, cookie: str) -> None:
        """Give the browser its cookie."""
        response.raw_headers.append((b"set-cookie", self._header(cookie, self.seconds)))

    def drop(self, response: Response) -> None:
        """Make the browser forget its cookie."""
        response.raw_headers.append((b"set-cookie", self._header("", 0)))

    def _header(self, value: str, seconds: int) -> bytes:
        secure = "; Secure" if self.secure else ""
        return f"{self.name}={value}; Max-Age={seconds}; Path=/; HttpOnly; SameSite=Lax{secure}".encode("ascii")

    def token(self, cookie: str) -> str:
        """The token of a form drawn for this browser."""
        sealed = self.app.keys.seal(cookie.encode(), _CONTEXT)
        return base64.urlsafe_b64encode(sealed).decode("ascii").rstrip("=")  # nothing in it that a form would quote

    def owner(self, token: str) -> str:
        """The cookie a token was drawn for; an empty string when it is none of ours."""
        try:
            return self.app.keys.open(base64.urlsafe_b64decode(token.encode("ascii") + b"=="), _CONTEXT).decode()
        except (ValueError, BadSetting):
            return ""

    def trusted(self, request: Request, cookie: str, token: str) -> bool:
        """Whether a posted form was drawn by us for this browser."""
        drawn_for = self.owner(token).encode()
        return bool(cookie) and self.same_site(request) and hmac.compare_digest(drawn_for, cookie.encode())

    def same_site(self, request: Request) -> bool:
        """Whether a browser says that one of our own pages sent this. Programs that are no browsers say nothing."""
        if fetch := header(request, b"sec-fetch-site"):
            return fetch in ("same-origin", "none")
        origin = header(request, b"origin")
        if self.says_little(request):  # no other site's post brings our cookie
            return bool(self.cookie(request))
        return not origin or origin.partition("://")[2] == header(request, b"host")

    def says_little(self, request: Request) -> bool:
        """An older browser: as our pages give no referrer it says "null" where others say which site they post from."""
        return not header(request, b"sec-fetch-site") and header(request, b"origin") == "null"

    def address(self, request: Request) -> str:
        """The network address of a visitor: what the trusted proxy says, when it is the one that calls."""
        return address(request.scope, self.app.settings.trusted_proxy)


def header(request: Request, name: bytes) -> str:
    """The first header of that name; an empty string when there is none."""
    for key, value in request.scope["headers"]:
        if key == name:
            return str(value, "latin-1")
    return ""


def address(scope: Scope, trusted_proxy: str) -> str:
    """Behind a trusted proxy it is the last one that proxy saw; anybody else's word counts for nothing.

    As it is counted: of IPv6 the /64 (`network_of`).
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
    """The headers of every answer, whatever it is."""
    return _ALWAYS + _HTTPS if secure else _ALWAYS


def with_caching(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """An answer that does not say otherwise is kept by nobody."""
    sent = list(headers)
    for name, _ in sent:
        if name == b"cache-control":
            return sent
    sent.append(_NO_STORE)
    return sent
