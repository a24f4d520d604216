"""Which functions of ours an act enters, in their order."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

OURS = ("bot.", "web.", "intake.")


@contextmanager
def entered() -> Iterator[list[str]]:
    """Filled with `module.Class.function` for every function that this thread enters inside; a coroutine or a generator
    that goes on is not entered once more.
    """
    names: list[str] = []
    frames: set[FrameType] = set()

    def look(frame: FrameType, event: str, _: Any) -> None:
        module = frame.f_globals.get("__name__", "")
        if event == "call" and module.startswith(OURS) and frame not in frames:
            frames.add(frame)
            names.append(f"{module}.{frame.f_code.co_qualname}")

    before = sys.getprofile()
    sys.setprofile(look)
    try:
        yield names
    finally:
        sys.setprofile(before)
