"""An office for tests: persons who send in, and one member of staff for every partner."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from intake import App, Handle, open_app
from intake.config import load_settings
from intake.engine.prompts import QuestionPrompt, StatusPrompt
from intake.keys import Keys, token_hash
from intake.operations.demo import COORDINATOR, staff_address
from intake.records import Referral, Staff, Submission
from intake.store.tables import partners, staff
from intake.store.times import to_text
from tests.houses import only_vastkraft

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PROGRAMME = "vastkraft"

# Answers of persons by what they lead to.
WHITE = {
    "employment_status": "uppsagd_notice", "termination_reason": "arbetsbrist", "last_employment_date": "2027-03-31",
    "home_municipality": "1481", "industry": "teknik", "collar": "white", "collective_agreement": "yes",
    "needs": "reemployment",
}  # fmt: skip
OWN_BUSINESS = {**WHITE, "employment_status": "uppsagd_left", "last_employment_date": "", "home_municipality": "1384",
                "collective_agreement": "no", "needs": "own_business", "own_business": "idea"}  # fmt: skip
WORKS_HERE = {"employment_status": "employed_varslad", "home_municipality": "other", "work_municipality": "1401",
              "industry": "teknik", "collar": "blue", "needs": "specific_tasks"}  # fmt: skip
CONTACT = {
    "want_referral": "yes", "protected_identity": "no", "name": "Kim Exempel", "email": "kim@example.org",
    "interpreter": "no", "info_ok": "yes",
}  # fmt: skip


class Office:
    """An app with staff; `tick` moves its clock."""

    def __init__(self, url: str, var: Path, **settings: Any) -> None:
        self.moment = NOW
        given = {"database_url": url, "var": var, "secret_keys": Keys.new_text(), "demo": True}
        house = {"programmes": only_vastkraft()}
        self.app: App = open_app(load_settings(**given | house | settings), clock=self.clock)
        self.persons = 0
        self._move_in()

    def _move_in(self) -> None:
        """As the commands would do it, in one transaction: an office is opened often."""
        taking = [one.id for one in self.app.programmes[PROGRAMME].partners.values() if one.takes_persons]
        now = to_text(self.clock())
        members = [(staff_address(id), id, id.upper(), False) for id in taking] + [(COORDINATOR, "gr", "KARIN", True)]
        with self.app.store.transaction() as connection:
            for id in taking:
                address = staff_address(id)
                mine = {"reply_to": address, "notify": address, "changed_at": now}
                connection.execute(insert(partners).values(programme=PROGRAMME, partner=id, **mine))
            for email, partner, name, coordinator in members:
                member = {"email": email, "partner": partner, "name": name, "coordinator": coordinator}
                known = {"id": self.app.chance.id(), "programme": PROGRAMME, "created_at": now}
                connection.execute(insert(staff).values(**member, **known))

    def clock(self) -> datetime:
        self.moment += timedelta(microseconds=1)
        return self.moment

    def tick(self, **later: float) -> None:
        self.moment += timedelta(**later)

    def staff(self, partner: str) -> Staff:
        found = self.app.store.people.staff_by_email(staff_address(partner))
        assert found is not None
        return found

    @property
    def coordinator(self) -> Staff:
        found = self.app.store.people.staff_by_email(COORDINATOR)
        assert found is not None
        return found

    @property
    def browser(self) -> Handle:
        """The one that sent in last."""
        return Handle("web", f"browser-{self.persons:0>20}")

    def sends(
        self,
        answers: Mapping[str, str],
        yes: tuple[str, ...] = (),
        union: bool = False,
        language: str = "sv",
        **contact: str,
    ) -> Submission:
        """A person answers and sends in, saying yes to these partners."""
        self.persons += 1
        handle, said = self.browser, {**answers, **CONTACT, **contact}
        turn = self.app.desk.start(handle, PROGRAMME, language)
        for _ in range(40):
            if turn.place == "result":
                turn = self.app.desk.go_on(handle, PROGRAMME)
            elif turn.place == "check":
                turn = self.app.desk.submit(handle, PROGRAMME)
                break
            else:
                assert isinstance(turn.prompt, QuestionPrompt), turn.place
                raw = tuple(filter(None, [said.get(turn.place, "")]))
                if turn.place == "consent_partner":
                    raw = yes
                if turn.place == "consent_union":
                    raw = ("yes" if union else "no",)
                turn = self.app.desk.answer(handle, PROGRAMME, turn.place, raw, skip=not raw and turn.prompt.optional)
                assert not getattr(turn.prompt, "problem", None), turn
        assert isinstance(turn.prompt, StatusPrompt)
        token = turn.prompt.status_path.rpartition("/")[2]
        found = self.app.store.submissions.by_link_hash(token_hash(token))
        assert found is not None
        self.app.unions.work_once()  # at once, as in every demo
        return found

    def all_of(self, submission: Submission) -> list[Referral]:
        """Every referral of a case, the unions' too, as the person sees them."""
        siblings = self.app.store.referrals.siblings(submission.id)
        return siblings + self.app.unions.referrals(submission)

    def at(self, submission: Submission, partner: str) -> Referral:
        return next(one for one in self.all_of(submission) if one.partner == partner)

    def standing(self, submission: Submission) -> dict[str, str]:
        """{partner: status}, the responsible one marked with a star."""
        return {one.partner: one.status + ("*" if one.responsible else "") for one in self.all_of(submission)}

    def letters(self, submission: Submission, letter: str) -> list[str]:
        """The texts of letters of this kind about a case."""
        messages = [
            message for one in self.all_of(submission) for message in self.app.store.messages.of_referral(one.id)
        ]
        return [message.text for message in messages if message.letter == letter]


@contextmanager
def office(url: str, var: Path, **settings: Any) -> Iterator[Office]:
    opened = Office(url, var, **settings)
    try:
        yield opened
    finally:
        opened.app.close()
