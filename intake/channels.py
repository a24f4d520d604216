"""The channels by which participants reach the desk. A channel is known by its row here, and by nothing else.

A channel that was given up keeps its row as long as interviews that were begun in it can be sent in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Channel:
    """`id` is stored with every interview. `source`: how a consent was given here, recorded with it.

    `private`: what is written is read by nobody between the person and us; else a chat says so before it asks who
    somebody is, and shows the way to the web. `button`: bytes that a button can carry, where that is limited.
    """

    id: str
    source: Literal["form", "chat"]
    private: bool
    button: int = 0


CHANNELS: dict[str, Channel] = {
    channel.id: channel
    for channel in (
        Channel("web", "form", private=True),
        Channel("demo", "form", private=True),  # made-up persons, by `intake.operations.demo`
        Channel("telegram", "chat", private=False, button=64),  # callback_data
        Channel("terminal", "chat", private=False),  # says all that Telegram says
    )
}


class UnknownChannel(LookupError):
    """A channel without a row: a fault of whoever wrote the channel."""

    def __init__(self, id: str) -> None:
        super().__init__(f'no channel is called "{id}": add its row to CHANNELS in intake/channels.py')
