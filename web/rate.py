"""Rate limits: per browser, apart for staff, and high for a whole network address.

A factory hall or a municipality may share one address, so its limit is far above what one person needs. The order
matters: a browser over its limit is stopped before it uses up anything of its neighbours'. Everything is in memory, and
every table is bounded (`Buckets`).
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from math import ceil
from time import monotonic

from starlette.types import Scope

from intake import Buckets, plain_address
from web.security import address

log = logging.getLogger("intake.web")

BROWSER = 300, 300  # at once, and per minute: an interview is about 50 requests, half of them pages
SIGNING_IN = 600, 600  # per address: the sign-in pages, and staff pages of those not signed in
HOUR = 3600.0
SIGNED_IN = "intake.signed_in"  # key in a request's scope, set when a staff session was verified
_UNCOUNTED = ("/static/", "/healthz", "/readyz")
_STAFF = "/staff"


class Rate:
    """`an_address`: requests per minute. `marked`: returns the browser of a mark of ours, or an empty string.

    `timer` is any steady clock, in seconds.
    """

    def __init__(
        self,
        an_address: int,
        *,
        secure: bool,
        trusted_proxy: str,
        marked: Callable[[str], str],
        timer: Callable[[], float] = monotonic,
    ) -> None:
        self.marked = marked
        self.trusted_proxy = trusted_proxy
        self.timer = timer
        prefix = "__Host-" if secure else ""
        self._cookies = re.compile(rf"(?:^|; ?){prefix}(intake|staff)=([A-Za-z0-9_-]{{22,64}})(?![^;])".encode())
        self._mark = re.compile(rf"(?:^|; ?){prefix}known=([A-Za-z0-9_-]{{22,1000}})(?![^;])".encode())
        self.addresses = Buckets(an_address, an_address)
        self.browsers = Buckets(*BROWSER)
        self.signing_in = Buckets(*SIGNING_IN)
        self.staff = Buckets(*BROWSER)  # only of verified sessions, so that an invented cookie gets no bucket
        self.colleagues = Buckets(*BROWSER)  # browsers in which staff have signed in; a forged mark gets no bucket
        self._quiet_until = 0.0

    def wait(self, scope: Scope) -> int:
        """Returns the seconds to wait before this request is allowed; 0 if it is allowed now."""
        path = scope["path"]
        if path.startswith(_UNCOUNTED):
            return 0
        now, cookies, forwarded = self.timer(), b"", False
        for name, value in scope["headers"]:
            if name == b"cookie":
                cookies = cookies or value
            elif name == b"x-forwarded-for":
                forwarded = True
        if forwarded:
            self._says_for_whom(scope, now)
        browser, staff = self._who(cookies)
        if staff and staff in self.staff:
            return ceil(self.staff.wait(staff, now))
        if path.startswith(_STAFF) and path[6:7] in ("", "/"):
            return ceil(self._signing_in(scope, cookies, now))
        wait = self.browsers.wait(browser, now) if browser else 0.0
        return ceil(wait or self.addresses.wait(address(scope, self.trusted_proxy), now))

    def _signing_in(self, scope: Scope, cookies: bytes, now: float) -> float:
        """Returns the wait without a session, so that a flood does not lock out staff whose browser has our mark."""
        wait = self.signing_in.wait(address(scope, self.trusted_proxy), now)
        if not wait or not (found := self._mark.search(cookies)):
            return wait
        browser = self.marked(found[1].decode("ascii"))
        return self.colleagues.wait(browser, now) if browser else wait

    def signed_in(self, scope: Scope) -> None:
        """Gives the verified staff cookie of this request a bucket of its own."""
        cookies = next((value for name, value in scope["headers"] if name == b"cookie"), b"")
        if staff := self._who(cookies)[1]:
            self.staff.know(staff, self.timer())

    def _who(self, cookies: bytes) -> tuple[str, str]:
        """Returns the cookies of a participant's browser and of staff; empty strings if there are none of ours."""
        browser = staff = ""
        for which, value in self._cookies.findall(cookies):
            if which == b"intake":
                browser = browser or value.decode("ascii")
            else:
                staff = staff or value.decode("ascii")
        return browser, staff

    def _says_for_whom(self, scope: Scope, now: float) -> None:
        """Warns once an hour about a proxy that is not in the settings: it makes all visitors one address."""
        client = scope.get("client")
        if now < self._quiet_until or (client and plain_address(str(client[0])) == self.trusted_proxy):
            return
        self._quiet_until = now + HOUR
        log.warning(
            "an X-Forwarded-For came from an address that is not INTAKE_TRUSTED_PROXY, and is not believed: "
            "if a proxy of yours sends it, set INTAKE_TRUSTED_PROXY to its address (said once an hour at most)"
        )
