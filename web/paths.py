"""The addresses of pages."""

from __future__ import annotations


def path_of(programme: str, place: str | None) -> str:
    """Returns the path of a place of the journey."""
    match place:
        case None | "" | "start":
            return f"/{programme}/"
        case "result" | "check" | "end":
            return f"/{programme}/{place}"
        case "status":
            return f"/{programme}/receipt"
        case question:
            return f"/{programme}/q/{question}"
