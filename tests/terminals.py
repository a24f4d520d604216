"""A person at a terminal, who types line by line until they leave."""

from __future__ import annotations

from collections.abc import Callable, Iterator


def typed(*lines: str) -> Callable[[str], str]:
    """What `play_terminal` reads its lines with; after the last one the input is at its end."""
    left: Iterator[str] = iter(lines)

    def read_line(_: str) -> str:
        try:
            return next(left)
        except StopIteration:
            raise EOFError from None

    return read_line
