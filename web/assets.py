"""Static files: read once, named by their content, compressed once."""

from __future__ import annotations

import gzip
import hashlib
import re
from functools import cache
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

FOLDER = Path(__file__).parent / "static"
_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
_FOR_EVER = {"cache-control": "public, max-age=31536000, immutable", "vary": "accept-encoding"}


class Assets:
    """`assets("style.css")` is the file's address. It changes with the content, so browsers may cache it for ever."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._addresses: dict[str, str] = {}
        self._answers: dict[str, tuple[str, bytes, bytes]] = {}
        # pictures first, because the style sheet names them
        for path in sorted(folder.iterdir(), key=lambda path: (path.suffix == ".css", path.name)):
            if path.suffix in _TYPES:
                self._add(path.name, self._with_addresses(path.read_bytes(), path.suffix))

    def __call__(self, name: str) -> str:
        return self._addresses[name]

    async def answer(self, request: Request) -> Response:
        kept = self._answers.get(request.path_params["name"])
        if kept is None:
            raise HTTPException(404)
        kind, plain, packed = kept
        if "gzip" in request.headers.get("accept-encoding", ""):
            return Response(packed, media_type=kind, headers={**_FOR_EVER, "content-encoding": "gzip"})
        return Response(plain, media_type=kind, headers=_FOR_EVER)

    def _add(self, name: str, content: bytes) -> None:
        stem, suffix = name.rsplit(".", 1)
        named = f"{stem}-{hashlib.sha256(content).hexdigest()[:10]}.{suffix}"
        self._addresses[name] = f"/static/{named}"
        self._answers[named] = (_TYPES[f".{suffix}"], content, gzip.compress(content, 9, mtime=0))

    def _with_addresses(self, content: bytes, suffix: str) -> bytes:
        if suffix != ".css":
            return content
        style = re.sub(r"/\*.*?\*/", "", content.decode(), flags=re.DOTALL)
        style = re.sub(r"url\(([\w.-]+)\)", lambda found: f"url({self(found[1])})", style)
        return re.sub(r"\n+", "\n", style).encode()


@cache
def assets() -> Assets:
    """Returns the assets of this program."""
    return Assets()
