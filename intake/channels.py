"""The channels by which participants come. Each is defined by its row here, and nowhere else.

A discontinued channel keeps its row while interviews begun in it can be sent in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Channel:
    """`id` is stored with every interview. `source`: how a consent was given, recorded with it.

    `private`: nobody between the person and us can read what is written; a chat that is not says so before it asks for
    identity, and links to the web. `button`: the bytes that a button can hold, if limited.
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
        Channel("terminal", "chat", private=False),  # says the same as Telegram
    )
}


class UnknownChannel(LookupError):
    """A channel without a row, which is an error in the channel's code."""

    def __init__(self, id: str) -> None:
        super().__init__(f'no channel is called "{id}": add its row to CHANNELS in intake/channels.py')
