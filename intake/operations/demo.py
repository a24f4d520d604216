"""INTAKE_DEMO=1: made-up staff, addresses and referrals, so that everything can be tried at once.

All names are invented and every address is at example.org. The referrals are made through the desk and the casework, as
in production, from the example persons of each programme.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from intake.authoring.catalog.files import CASES
from intake.engine.kinds import KINDS
from intake.engine.programme import Programme
from intake.engine.prompts import QuestionPrompt
from intake.participants import Handle
from intake.records import Staff

if TYPE_CHECKING:
    from intake.app import App

COORDINATOR = "koordinator@example.org"
NUMBER = 36
STAFF_NAMES = ("Astrid", "Bosse", "Cilla", "Dragan", "Elsa", "Farid", "Gun", "Hasse", "Iris", "Jonna")
NAMES = ("Ada Påhitt", "Bo Exempel", "Ceylan Påhitt", "Dan Provsson", "Eva Exempel", "Fatima Provsson", "Gösta Påhitt")

Answers = Mapping[str, object]


def staff_address(partner: str, host: str = "example.org") -> str:
    """Returns the address with which the partner's only member of staff signs in."""
    return f"{partner.replace(':', '-')}@{host}"


def host_of(app: App, programme: Programme) -> str:
    """Returns the host of addresses: plain for the first programme, else `vaxla.example.org`."""
    return "example.org" if programme.id == next(iter(app.programmes)) else f"{programme.id}.example.org"


def coordinator_address(host: str) -> str:
    return f"{COORDINATOR.partition('@')[0]}@{host}"


def fill_demo(app: App) -> None:
    """Creates addresses, staff and a few dozen referrals. A second start adds nothing."""
    for programme in app.programmes.values():
        _people(app, programme)
        if not app.store.referrals.any(programme.id):
            _referrals(app, programme)


def what_to_open(app: App) -> str:
    """Returns what `intake run` prints in demo."""
    base, programmes = app.settings.base, list(app.programmes.values())
    lines = ["", "Demo, with made-up people. Open:"]
    lines += [f"  the form      {base}/{programme.id}/" for programme in programmes]
    lines += [f"  staff         {base}/staff/       sign in as"]
    for programme in programmes:
        host = host_of(app, programme)
        some = [
            one.id for one in programme.partners.values() if one.takes_persons and not one.union and ":" not in one.id
        ]
        addresses = [*(staff_address(id, host) for id in some), coordinator_address(host)]
        lines += [f"                {', '.join(addresses)}"]
    lines += [f"  letters       {base}/demo/mail    sign-in links too"] if app.has_mailbox else []
    bot = (
        "running"
        if app.settings.telegram_bot_token
        else "not running (no TELEGRAM_BOT_TOKEN); make chat plays the same"
    )
    lines += [f"  the chat      {bot}", "", f"Stop with Ctrl-C. The data stay in {_where(app)}", ""]
    return "\n".join(lines)


def _where(app: App) -> str:
    """Describes where the data are, without credentials of a database."""
    kept = app.settings.database
    if not kept.startswith("sqlite"):
        return "the database of INTAKE_DATABASE_URL"
    return kept.partition("///")[2] if app.settings.database_url else f"{app.settings.var}/"


def _people(app: App, programme: Programme) -> None:
    now, host = app.clock(), host_of(app, programme)
    for place, partner in enumerate(one for one in programme.partners.values() if one.takes_persons):
        address = staff_address(partner.id, host)
        if app.store.people.partner(programme.id, partner.id).reply_to is None:
            app.accounts.set_partner(
                partner.id, programme=programme.id, reply_to=address, notify=address, phone=programme.phone
            )
        if app.store.people.staff_by_email(address) is None:
            name = STAFF_NAMES[place % len(STAFF_NAMES)]
            app.store.people.add_staff(
                Staff(app.chance.id(), address, name, programme.id, partner.id, False, now, None)
            )
    if app.store.people.staff_by_email(coordinator_address(host)) is None:
        coordinator = coordinator_address(host)
        app.store.people.add_staff(
            Staff(app.chance.id(), coordinator, "Karin", programme.id, programme.owner, True, now, None)
        )


def _referrals(app: App, programme: Programme) -> None:
    """Creates persons who answer through the desk, and staff who handle some of them. Times lie in the past."""
    source = random.Random(programme.id)  # noqa: S311 - the same demo every time
    persons = _persons(app.settings.programmes / programme.id / CASES) or [{}]
    source.shuffle(persons)
    real = app.clock
    for number in range(NUMBER):
        began = real() - timedelta(days=source.choice((0, 0, 1, 2, 3, 5, 8, 13, 20)), minutes=source.randrange(1, 600))
        with app.at(began):
            sent = _answer_all(app, programme, source, number, persons[number % len(persons)])
            app.unions.work_once()
        if sent and source.random() < 0.6:
            with app.at(min(began + timedelta(hours=source.randrange(1, 60)), real())):
                _work(app, programme, source, sent)


def _persons(file: Path) -> list[Answers]:
    """Returns the example persons who have something to send. What they leave open is answered at random."""
    if not file.is_file():
        return []
    cases = tomllib.loads(file.read_text(encoding="utf-8"))["case"]
    return [case["answers"] for case in cases if case["expect"].get("verdict") != "not_eligible"]


def _answer_all(app: App, programme: Programme, source: random.Random, number: int, person: Answers) -> str | None:
    """Answers for one person until sending in. Returns the reference, or None if nothing could be sent."""
    handle = Handle("demo", f"person {number}")
    turn = app.desk.start(handle, programme.id, source.choice(("sv", "sv", "sv", "en")), afresh=True)
    email = f"person{number}@example.org" if source.random() < 0.8 else ""
    typed = {"text": NAMES[number % len(NAMES)], "email": email, "phone": "" if email else "031-000 00 00"}
    for _ in range(60):
        if turn.place == "result":
            before = turn.place
            turn = app.desk.go_on(handle, programme.id)
            if turn.place == before:
                break  # not eligible
        elif turn.place == "check":
            turn = app.desk.submit(handle, programme.id)
            return getattr(turn.prompt, "reference", None)
        elif isinstance(turn.prompt, QuestionPrompt):
            raw = _example_answer(turn.prompt, person) or _answer(turn.prompt, programme, typed, source)
            turn = app.desk.answer(handle, programme.id, turn.place, raw, skip=not raw and turn.prompt.optional)
        else:
            break
    app.desk.forget(handle, programme.id)
    return None


def _example_answer(prompt: QuestionPrompt, person: Answers) -> tuple[str, ...]:
    """Returns the example person's answer to this question, as far as it is offered."""
    said = person.get(prompt.question, [])
    permitted = [option.id for option in prompt.options]
    return tuple(str(one) for one in (said if isinstance(said, list) else [said]) if one in permitted or not permitted)


def _answer(
    prompt: QuestionPrompt, programme: Programme, typed: Mapping[str, str], source: random.Random
) -> tuple[str, ...]:
    """Returns an arbitrary answer that does not end the journey."""
    question = programme.by_id[prompt.question]
    permitted = [option.id for option in prompt.options]
    match prompt.form:
        case "confirm":
            return ("yes",)
        case "one":
            ending = {choice.id for choice in question.choices if choice.ends}
            return (source.choice([id for id in permitted if id not in ending]),)
        case "several":
            able = [option.id for option in prompt.options if not option.alone]
            return tuple(sorted(source.sample(able, k=min(len(able), source.choice((1, 1, 2))))))
        case "yes_no":
            return (source.choice(("yes", "no")),)
        case "consents":
            return tuple(id for id in permitted if source.random() < 0.8)
    if prompt.kind in typed:
        return (typed[prompt.kind],) if typed[prompt.kind] else ()
    kind = KINDS[prompt.kind]
    if kind.domain.unit == "number":
        return (str(source.randrange(5, 30)),)
    if question.list is not None and source.random() < 0.9:
        return (source.choice(list(programme.searched(question.list).values())).label("sv"),)
    return () if prompt.optional else tuple(kind.said(programme, question, kind.example(question, permitted)) or ())


def _work(app: App, programme: Programme, source: random.Random, reference: str) -> None:
    """Lets the responsible partner's member of staff handle the case."""
    referral = app.store.referrals.responsible(reference)
    member = app.store.people.staff_by_email(staff_address(referral.partner, host_of(app, programme)))
    if member is None:
        return
    app.casework.pick_up(member, reference)
    if source.random() < 0.5:
        app.casework.call(member, reference, source.choice(("spoke", "no_answer", "left_message")))
    if source.random() < 0.3:
        app.casework.close(member, reference, source.choice(("training", "new_job", "support_elsewhere")))
    elif source.random() < 0.2 and referral.partner != programme.owner:
        app.casework.decline(member, reference, "no_capacity")
