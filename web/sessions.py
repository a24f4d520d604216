"""Staff sessions, by a cookie of which only the hash is stored."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from intake import App, Staff
from web.rate import SIGNED_IN

MOST = 12 * 3600  # seconds a staff cookie may live; the server ends sessions earlier
MARKED = 90 * 24 * 3600  # seconds for which a browser is known to have signed in


class Sessions:
    """Reads and writes the cookies of staff."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.secure = app.settings.secure
        self.name = "__Host-staff" if self.secure else "staff"
        self.marks = "__Host-known" if self.secure else "known"

    def secret(self, request: Request) -> str:
        return request.cookies.get(self.name, "")

    async def who(self, request: Request) -> Staff | None:
        found = await self.app.run(self.app.accounts.who, self.secret(request))
        if found is not None:
            request.scope[SIGNED_IN] = True
        return found

    def keep(self, response: Response, secret: str) -> None:
        self._set(response, self.name, secret, MOST)

    def drop(self, response: Response) -> None:
        self._set(response, self.name, "", 0)

    def mark(self, request: Request) -> str:
        """Returns the browser's mark of earlier sign-ins, which grants no access (`intake.access.marks`)."""
        return request.cookies.get(self.marks, "")

    def keep_mark(self, response: Response, mark: str) -> None:
        self._set(response, self.marks, mark, MARKED)

    def _set(self, response: Response, name: str, value: str, seconds: int) -> None:
        response.set_cookie(name, value, max_age=seconds, path="/", secure=self.secure, httponly=True, samesite="lax")
