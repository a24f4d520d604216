"""What a person can do with what is stored about them: have a copy of it, and wish it erased (docs/person-data.md)."""

from __future__ import annotations

from typing import Any

from intake.participants.after_sending import AfterSending
from intake.participants.context import for_participant
from intake.participants.turns import Handle, Turn


class OwnData(AfterSending):
    """Behind the same links as the own page; `handle` is the browser at which they are opened."""

    @for_participant
    def export(self, programme: str, token: str, language: str = "", handle: Handle | None = None) -> dict[str, Any]:
        """All they gave or were sent; unions only where it was sent in. Raises NotFound for any other token."""
        submission = self.behind(programme, token)
        own = self.is_own(submission, token, handle)
        return self.parts.rights.of_person(submission, language or submission.language, own)

    @for_participant
    def union_answers(self, handle: Handle, programme: str, language: str) -> list[dict[str, Any]]:
        """The consents about unions in the copy, for the chat that sent in: the page it links to shows none."""
        submission = self.parts.store.submissions.of_handle(self.hash(handle, programme))
        if submission is None:
            return []
        whole, unions = self.parts.rights.of_person(submission, language, True), self.parts.programmes.unions(programme)
        return [one for one in whole["consents"] if one["partner"] in unions]

    @for_participant
    def wish_erased(self, programme: str, token: str, language: str = "", handle: Handle | None = None) -> Turn:
        """Taken back from everybody at once; the owner erases, or answers what must be kept and why."""
        submission = self.behind(programme, token)
        self.take_back(submission, None, erase=True)
        return self.opened(submission, token, language, handle)
