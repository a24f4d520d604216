"""The question that is open at a handle, so that the page a browser asks for after an answer is not worked out again.

It holds no answer: the question as everybody sees it who has not answered it, and when it is the one that is open.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from intake.engine.programme import Programme
from intake.engine.prompts import QuestionPrompt
from intake.participants.turns import Turn

MOST = 256  # handles; more than that forget all


class OpenQuestions:
    """The last turn of each handle, when it was an open question nobody has written anything to."""

    def __init__(self) -> None:
        self._turns: dict[str, tuple[Programme, date, Turn]] = {}

    def keep(self, handle_hash: str, programme: Programme, today: date, turn: Turn) -> None:
        if isinstance(turn.prompt, QuestionPrompt) and turn.prompt.blank:
            if len(self._turns) >= MOST:
                self._turns.clear()
            self._turns[handle_hash] = programme, today, turn

    def find(self, row: Mapping[Any, Any], programme: Programme, today: date) -> Turn | None:
        """The turn, if the interview (a row as it is stored) has not changed since."""
        kept = self._turns.get(row["handle_hash"])
        if kept is None or kept[0] is not programme or kept[1] != today or row["submission_id"] is not None:
            return None
        turn = kept[2]
        return turn if (turn.revision, turn.language) == (row["revision"], row["language"]) else None
