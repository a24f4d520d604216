"""Who has to wait: counted for each browser, for staff by themselves, and high for a whole network address.

A hall of people, or a whole municipality, may come from one address; so what an address may do is far above what one
person does. The order matters: a browser that asks too much is stopped before it uses anything up for its neighbours.
Everything is kept in memory only, and every table is bounded (`Buckets`).
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from functools import lru_cache
from math import ceil
from time import monotonic

from starlette.types import Scope

from intake import Buckets, plain_address
from web.security import address

log = logging.getLogger("intake.web")

BROWSER = 300, 300  # at once, and a minute: an intake is about 50 requests, half of them pages
SIGNING_IN = 600, 600  # of one address: the sign-in pages, and staff pages of those who are not signed in
HOUR = 3600.0
LONGEST_KEPT = 400  # bytes of a line of cookies that is remembered; ours need fewer
SIGNED_IN = "intake.signed_in"  # set in a request's scope by who has seen that it is so
_UNCOUNTED = ("/static/", "/healthz", "/readyz")
_STAFF = "/staff"


class Rate:
    """`an_address`: requests a minute. `marked`: the browser of a mark of ours, an empty string when it is none.
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
        self.staff = Buckets(*BROWSER)  # only of those who were seen signed in; a made-up cookie gets no bucket here
        self.colleagues = Buckets(*BROWSER)  # browsers where somebody has signed in before; a forged mark gets none
        self._quiet_until = 0.0
        self._known = lru_cache(4096)(self._read)  # a browser sends the same line every time

    def wait(self, scope: Scope) -> int:
        """Seconds to wait before this may be asked again; 0 when it may be asked now."""
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
        """Whoever floods these pages uses up what is everybody's; a browser with our mark then has its own."""
        wait = self.signing_in.wait(address(scope, self.trusted_proxy), now)
        if not wait or not (found := self._mark.search(cookies)):
            return wait
        browser = self.marked(found[1].decode("ascii"))
        return self.colleagues.wait(browser, now) if browser else wait

    def signed_in(self, scope: Scope) -> None:
        """The staff cookie of this request is a real one: from now on it is counted by itself."""
        cookies = next((value for name, value in scope["headers"] if name == b"cookie"), b"")
        if staff := self._who(cookies)[1]:
            self.staff.know(staff, self.timer())

    def _who(self, cookies: bytes) -> tuple[str, str]:
        """The cookies of a participant's browser and of staff; empty strings where there is none like ours."""
        return self._known(cookies) if len(cookies) <= LONGEST_KEPT else self._read(cookies)

    def _read(self, cookies: bytes) -> tuple[str, str]:
        browser = staff = ""
        for which, value in self._cookies.findall(cookies):
            if which == b"intake":
                browser = browser or value.decode("ascii")
            else:
                staff = staff or value.decode("ascii")
        return browser, staff

    def _says_for_whom(self, scope: Scope, now: float) -> None:
        """A proxy that is not named in the settings makes everybody one address: that is worth a line an hour."""
        client = scope.get("client")
        if now < self._quiet_until or (client and plain_address(str(client[0])) == self.trusted_proxy):
            return
        self._quiet_until = now + HOUR
        log.warning(
            "an X-Forwarded-For came from an address that is not INTAKE_TRUSTED_PROXY, and is not believed: "
            "if a proxy of yours sends it, set INTAKE_TRUSTED_PROXY to its address (said once an hour at most)"
        )
