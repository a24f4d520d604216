"""An office for tests: persons who send in, and one member of staff for every partner."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from intake import App, Handle, open_app
from intake.config import load_settings
from intake.engine.conditions import Value
from intake.engine.journey import CHECK, RESULT, SEEN, accept, travel
from intake.engine.kinds import Refused
from intake.engine.prompts import StatusPrompt
from intake.keys import Keys, token_hash
from intake.operations.demo import COORDINATOR, staff_address
from intake.records import Changed, Referral, Staff, Submission
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
        """A person answers and sends in, saying yes to these partners. The answers are stored at once, as walked."""
        self.persons += 1
        handle, desk, store = self.browser, self.app.desk, self.app.store
        said = {**answers, **CONTACT, **contact, "consent_union": "yes" if union else "no"}
        desk.start(handle, PROGRAMME, language)
        begun = store.interviews.find(desk.hash(handle, PROGRAMME))
        assert begun is not None
        desk.save(begun, Changed(self._walked(said, yes, desk.today()), reached=CHECK, applied=()))
        turn = desk.submit(handle, PROGRAMME)
        assert isinstance(turn.prompt, StatusPrompt)
        token = turn.prompt.status_path.rpartition("/")[2]
        found = self.app.store.submissions.by_link_hash(token_hash(token))
        assert found is not None
        self.app.unions.work_once()  # at once, as in every demo
        return found

    def _walked(self, said: Mapping[str, str], yes: tuple[str, ...], today: date) -> dict[str, Value | None]:
        """What is said to each question that comes up, until everything may be sent."""
        programme, answers = self.app.programmes[PROGRAMME], dict[str, Value | None]()
        while (journey := travel(programme, answers, today)).place != CHECK:
            if journey.place == RESULT:
                answers[SEEN] = journey.seen()
                continue
            place = journey.place
            raw = yes if place == "consent_partner" else tuple(filter(None, [said.get(place)]))
            value = accept(journey, place, raw)
            assert not isinstance(value, Refused), (place, value)
            answers[place] = value
        return answers

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
