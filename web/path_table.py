"""Finds participants' routes in a dictionary, the only shortcut of the web. (docs/decisions.md has its figure)"""

from __future__ import annotations

from collections.abc import Iterable

from starlette.requests import Request
from starlette.routing import BaseRoute, Match, Route
from starlette.types import Receive, Scope, Send


class PathTable(BaseRoute):
    """Stands before the routes that it knows, and dispatches to them without matching a regular expression each.

    It knows routes without a parameter, and those with one as their last part. All other requests, and other methods,
    fall through to the routes themselves. Exceptions go to the application's handlers.
    """

    def __init__(self, prefix: str, routes: Iterable[Route]) -> None:
        self.known: dict[tuple[str, str], tuple[Route, str]] = {}  # by method and path, or path above the parameter
        for route in routes:
            above, _, last = f"{prefix}{route.path}".rpartition("/")
            parameter = last[1:-1] if last.startswith("{") else ""
            for method in () if "{" in above else route.methods or ():
                self.known[method, above if parameter else f"{above}/{last}"] = route, parameter

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        method, path, value = scope.get("method", ""), scope["path"], ""
        found = self.known.get((method, path))
        if found is None:
            above, _, value = path.rpartition("/")
            found = self.known.get((method, above))
        if found is None or bool(found[1]) != bool(value):
            return Match.NONE, {}
        return Match.FULL, {"endpoint": found[0].endpoint, "path_params": {found[1]: value} if value else {}}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await scope["endpoint"](Request(scope, receive))
        await response(scope, receive, send)
