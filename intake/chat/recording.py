"""Records what is done at the desk as a transcript, in the format of tests/transcripts/.

Refused personal identity numbers are not recorded, nor input without effect (an old button).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from intake.engine.kinds import KINDS
from intake.engine.programme import Programme
from intake.engine.prompts import EndPrompt, QuestionPrompt, StatusPrompt
from intake.participants import Desk, Handle, Turn
from intake.referrals.deps import Deps


class RecordingDesk(Desk):
    """A desk that records what its only participant does."""

    def __init__(self, parts: Deps) -> None:
        super().__init__(parts)
        self._done: list[tuple[dict[str, Any], Turn]] = []  # the actions, and what was shown after each
        self._handle: Handle | None = None
        self._programme = ""
        self._language = ""

    def start(self, handle: Handle, programme: str, language: str, **how: Any) -> Turn:
        turn = super().start(handle, programme, language, **how)
        if programme != self._programme:
            self._done.clear()  # a transcript has one programme
        self._handle, self._programme, self._language = handle, programme, turn.language
        return self._did({"do": "start"}, turn)

    def answer(
        self, handle: Handle, programme: str, question: str, raw: Sequence[str], *, skip: bool = False, **how: Any
    ) -> Turn:
        turn = super().answer(handle, programme, question, raw, skip=skip, **how)
        return self._did(self._answering(question, () if skip else raw, turn, skip), turn)

    def go_on(self, handle: Handle, programme: str, **how: Any) -> Turn:
        return self._did({"do": "go_on"}, super().go_on(handle, programme, **how))

    def reopen(self, handle: Handle, programme: str, place: str, **how: Any) -> Turn:
        """Records going back, or elsewhere from the check or the end. A second look at a question is not recorded."""
        before = self._done[-1][1] if self._done else None
        turn = super().reopen(handle, programme, place, **how)
        if before is None or before.place == place:
            return turn
        if before.place == "check":
            return self._did({"change": place}, turn)
        back = getattr(before.prompt, "back", None) == place
        return self._did({"do": "back"} if back else {"do": "see_result"}, turn)

    def submit(self, handle: Handle, programme: str, **how: Any) -> Turn:
        return self._did({"do": "submit"}, super().submit(handle, programme, **how))

    def set_language(self, handle: Handle, programme: str, language: str, **how: Any) -> Turn:
        return self._did({"language": language}, super().set_language(handle, programme, language, **how))

    def withdraw_as(self, handle: Handle, programme: str, partner: str | None = None, language: str = "") -> Turn:
        turn = super().withdraw_as(handle, programme, partner, language)
        return self._did({"withdraw": partner or "everything"}, turn)

    def forget(self, handle: Handle, programme: str) -> None:
        """Clears the record: whatever comes now is somebody new."""
        super().forget(handle, programme)
        self._done.clear()

    def transcript(self) -> str:
        """Returns the file; empty if nothing was done. Trailing steps that only look are left out."""
        while self._done and _only_looks(self._done[-1][0]):
            self._done.pop()
        if not self._done or self._handle is None:
            return ""
        programme = self.programme(self._programme)
        lines = [
            f"note = {_toml(f'Recorded with intake chat --record, version {programme.version}.')}",
            f"programme = {_toml(programme.id)}",
            f"today = {self.today().isoformat()}",
            f"language = {_toml(self._language)}",
            "turns = [",
            *(f"    {_toml(done)}," for done, _ in self._done),
            "]",
            "[then]",
            *(f"{key} = {_toml(value)}" for key, value in self._outcome(self._handle, programme).items()),
        ]
        return "\n".join(lines) + "\n"

    def _did(self, done: Mapping[str, Any], turn: Turn) -> Turn:
        prompt = turn.prompt
        problem = prompt.problem if isinstance(prompt, QuestionPrompt) else None
        if turn.stale or (problem is not None and problem.code == "personal_number"):
            return turn
        recorded = {**done, "asks": turn.place}
        if problem is not None:
            recorded["problem"] = problem.code
        if isinstance(prompt, QuestionPrompt) and prompt.notes:
            recorded["note"] = self._note_of(prompt, turn.language)
        self._done.append((recorded, turn))
        return turn

    def _answering(self, question: str, raw: Sequence[str], turn: Turn, skip: bool) -> dict[str, Any]:
        """Returns the action for an answer: a choice, typed text, or a skip."""
        asked = self.programme(self._programme).by_id[question]
        refused = isinstance(turn.prompt, QuestionPrompt) and turn.prompt.problem is not None
        if not skip and not refused and KINDS[asked.kind].form(asked, raw) in ("consents", "yes_no", "confirm"):
            return {"answer": question, "with": list(raw)}
        if not raw:
            return {"do": "nothing" if refused else "skip"}
        listed = self.programme(self._programme).entries(asked.list)
        if all(asked.choice(one) is not None or one in listed for one in raw):
            return {"answer": question, "with": list(raw)}
        return {"type": raw[0]}

    def _note_of(self, prompt: QuestionPrompt, language: str) -> str:
        programme = self.programme(self._programme)
        notes = (note.text for note in programme.by_id[prompt.question].notes)
        return next(id for id in notes if programme.texts.say(language, "note", id) in prompt.notes)

    def _outcome(self, handle: Handle, programme: Programme) -> dict[str, Any]:
        """Returns the outcome: as submitted, or by the current answers."""
        interview = self.find(handle, programme.id)
        if interview is None:
            return {}
        prompt, submission = self._done[-1][1].prompt, self.parts.store.submissions.of_interview(interview.id)
        if submission is not None and isinstance(prompt, StatusPrompt):
            then: dict[str, Any] = {"verdict": submission.verdict, "reason": submission.reason}
            responsible = [leg.partner for leg in prompt.legs if leg.responsible]
            if responsible:
                then["responsible"] = responsible[0]
            return then | {"referrals": {leg.partner: leg.status for leg in prompt.legs}}
        assessment = self.journey(interview).assessment
        then = {"verdict": assessment.verdict, "reason": assessment.reason}
        return then | ({"end": prompt.id} if isinstance(prompt, EndPrompt) else {})


def _only_looks(done: Mapping[str, Any]) -> bool:
    return done.get("do") in ("back", "see_result") or "change" in done


def _toml(value: Any) -> str:
    """Writes a value on one line; a JSON string is valid TOML except for DEL."""
    match value:
        case str():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case list():
            return f"[{', '.join(map(_toml, value))}]"
        case dict():
            pairs = (f"{_key(key)} = {_toml(one)}" for key, one in value.items())
            return f"{{ {', '.join(pairs)} }}"
    raise TypeError(f"nothing of this kind stands in a transcript: {type(value).__name__}")


def _key(name: str) -> str:
    return name if re.fullmatch(r"[\w-]+", name, re.ASCII) else _toml(name)
