"""What goes in and out of the desk: who is speaking, and one exchange."""

from __future__ import annotations

from dataclasses import dataclass

from intake.channels import CHANNELS, UnknownChannel
from intake.engine.prompts import Prompt


@dataclass(frozen=True, slots=True)
class Handle:
    """How a channel knows a participant: ("telegram", chat id), ("web", cookie). Stored only as a keyed hash.

    Raises UnknownChannel, so that nobody answers questions in a channel in which they could not be sent in.
    """

    channel: str
    key: str

    def __post_init__(self) -> None:
        if self.channel not in CHANNELS:
            raise UnknownChannel(self.channel)

    def __repr__(self) -> str:
        return f"Handle({self.channel})"  # the key is nobody's business in a log


@dataclass(slots=True)  # not frozen: made several times for each answer
class Turn:
    """One exchange: what to show next. `revision` counts what was stored: a button drawn for another revision is old.

    `fresh`: an interview was begun. `stale`: what was said belonged elsewhere, and the present prompt is shown instead.
    `place` is the question id, "result", "check", "end", "start" or "status".
    """

    prompt: Prompt
    place: str
    language: str
    programme: str
    revision: int = 0
    fresh: bool = False
    stale: bool = False
