"""INTAKE_DEMO=1: made-up staff, addresses and referrals, so that everything can be tried at once.

All names are invented and every address leads to example.org. Made by the same desk and casework as the real thing.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from intake.desk import Handle
from intake.engine.programme import Programme
from intake.engine.prompts import QuestionPrompt
from intake.records import Staff

if TYPE_CHECKING:
    from intake.app import App

COORDINATOR = "koordinator@example.org"
NUMBER = 36
STAFF_NAMES = ("Astrid", "Bosse", "Cilla", "Dragan", "Elsa", "Farid", "Gun", "Hasse", "Iris", "Jonna")
NAMES = ("Ada Påhitt", "Bo Exempel", "Ceylan Påhitt", "Dan Provsson", "Eva Exempel", "Fatima Provsson", "Gösta Påhitt")

# Made-up persons: what they answer where it matters; anything else is answered at random.
PERSONS: tuple[Mapping[str, str], ...] = (
    {"employment_status": "uppsagd_notice", "termination_reason": "arbetsbrist", "collar": "white"},
    {"employment_status": "uppsagd_left", "termination_reason": "konkurs", "collar": "blue"},
    {"employment_status": "employed_varslad", "collar": "blue"},
    {"employment_status": "employed_at_risk", "collar": "white"},
    {
        "employment_status": "uppsagd_notice",
        "termination_reason": "agreement_arbetsbrist",
        "collective_agreement": "no",
    },
    {"employment_status": "employed_varslad", "industry": "unknown"},
    {"employment_status": "fixed_term_ended"},
)


def staff_address(partner: str) -> str:
    """The demo's one member of staff of a partner signs in with this."""
    return f"{partner.replace(':', '-')}@example.org"


def fill_demo(app: App) -> None:
    """Addresses, staff and a few dozen referrals. What is there already stays: a second start adds nothing."""
    for programme in app.programmes.values():
        _people(app, programme)
        if not app.store.referrals.any(programme.id):
            _referrals(app, programme)


def what_to_open(app: App) -> str:
    """What `intake run` prints in demo."""
    base, programmes = app.settings.base, list(app.programmes.values())
    lines = ["", "Demo, with made-up people. Open:"]
    lines += [f"  the form      {base}/{programme.id}/" for programme in programmes]
    lines += [f"  staff         {base}/staff/       sign in as {staff_address('gr')}, {staff_address('trr')}"]
    lines += [f"                {' ' * len(base)}               or {COORDINATOR}"]
    lines += [f"  letters       {base}/demo/mail    sign-in links too"] if app.has_mailbox else []
    bot = (
        "running"
        if app.settings.telegram_bot_token
        else "not running (no TELEGRAM_BOT_TOKEN); make chat plays the same"
    )
    lines += [f"  the chat      {bot}", "", "Stop with Ctrl-C. The data stay in " + str(app.settings.var) + "/", ""]
    return "\n".join(lines)


def _people(app: App, programme: Programme) -> None:
    now = app.clock()
    for place, partner in enumerate(one for one in programme.partners.values() if one.takes_persons):
        address = staff_address(partner.id)
        if app.store.people.partner(programme.id, partner.id).reply_to is None:
            app.accounts.set_partner(
                partner.id, programme=programme.id, reply_to=address, notify=address, phone=programme.phone
            )
        if app.store.people.staff_by_email(address) is None:
            name = STAFF_NAMES[place % len(STAFF_NAMES)]
            app.store.people.add_staff(
                Staff(app.chance.id(), address, name, programme.id, partner.id, False, now, None)
            )
    if app.store.people.staff_by_email(COORDINATOR) is None:
        app.store.people.add_staff(
            Staff(app.chance.id(), COORDINATOR, "Karin", programme.id, programme.owner, True, now, None)
        )


def _referrals(app: App, programme: Programme) -> None:
    """Made-up persons answer through the desk; staff do something with some of what comes in. Times lie in the past."""
    source = random.Random(programme.id)  # noqa: S311 - the same demo every time
    real = app.clock
    for number in range(NUMBER):
        began = real() - timedelta(days=source.choice((0, 0, 1, 2, 3, 5, 8, 13, 20)), minutes=source.randrange(1, 600))
        with app.at(began):
            sent = _answer_all(app, programme, source, number)
        if sent and source.random() < 0.6:
            with app.at(min(began + timedelta(hours=source.randrange(1, 60)), real())):
                _work(app, programme, source, sent)


def _answer_all(app: App, programme: Programme, source: random.Random, number: int) -> str | None:
    """One made-up person, from the first question to sending. The reference; None when there was nothing to send."""
    handle, person = Handle("demo", f"person {number}"), PERSONS[number % len(PERSONS)]
    turn = app.desk.start(handle, programme.id, source.choice(("sv", "sv", "sv", "en")), afresh=True)
    name = NAMES[number % len(NAMES)]
    email = f"person{number}@example.org" if source.random() < 0.8 else ""
    typed = {"name": name, "email": email, "phone": "" if email else "031-000 00 00"}
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
            raw = _answer(turn.prompt, person, typed, source)
            turn = app.desk.answer(handle, programme.id, turn.place, raw, skip=not raw and turn.prompt.optional)
        else:
            break
    app.desk.forget(handle, programme.id)
    return None


def _answer(
    prompt: QuestionPrompt, person: Mapping[str, str], typed: Mapping[str, str], source: random.Random
) -> tuple[str, ...]:
    permitted = [option.id for option in prompt.options]
    if prompt.question in person and person[prompt.question] in permitted:
        return (person[prompt.question],)
    if prompt.question in typed:
        return (typed[prompt.question],) if typed[prompt.question] else ()
    fixed = {"want_referral": "yes", "protected_identity": "no", "interpreter": "no", "info_ok": "yes"}
    if prompt.question in fixed:
        return (fixed[prompt.question],)
    match prompt.kind:
        case "choice":
            likely = permitted[:-1] if prompt.question.endswith("municipality") else permitted
            return ("teknik",) if "teknik" in permitted else (source.choice(likely),)
        case "choices":
            able = [option.id for option in prompt.options if not option.alone]
            return tuple(sorted(source.sample(able, k=min(len(able), source.choice((1, 1, 2))))))
        case "consents":
            if len(permitted) == 1 and prompt.gets == ():
                return (source.choice(("yes", "no")),)
            return tuple(id for id in permitted if source.random() < 0.8)
        case "search" if source.random() < 0.9:
            return (source.choice(("svetsare", "inköpare", "maskinoperatör", "mjukvaruutvecklare", "konstruktör")),)
    return ()


def _work(app: App, programme: Programme, source: random.Random, reference: str) -> None:
    """The responsible partner's member of staff does what one might."""
    referral = app.store.referrals.responsible(programme.id, reference)
    member = app.store.people.staff_by_email(staff_address(referral.partner))
    if member is None:
        return
    app.casework.pick_up(member, reference)
    if source.random() < 0.5:
        app.casework.call(member, reference, source.choice(("spoke", "no_answer", "left_message")))
    if source.random() < 0.3:
        app.casework.close(member, reference, source.choice(("training", "new_job", "support_elsewhere")))
    elif source.random() < 0.2 and referral.partner != programme.owner:
        app.casework.decline(member, reference, "no_capacity")
