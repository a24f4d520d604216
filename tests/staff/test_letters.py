"""Letters by staff, letters given up, and letters that cannot be sent."""

from __future__ import annotations

import pytest

from intake import NotAllowed, NotFound
from tests.offices import WHITE, Office


def test_a_letter_is_drafted_edited_and_owed_once(here: Office) -> None:
    case, trr = here.sends(WHITE, ("trr",)), here.staff("trr")
    here.app.casework.pick_up(trr, case.reference)
    draft = here.app.casework.draft(trr, case.reference, "book_time", "tisdag kl. 9")
    assert "Kim Exempel" in draft.text and "tisdag kl. 9" in draft.text and "Kim" not in draft.subject
    for _ in range(2):  # pressed twice
        here.app.casework.pressed("form-1").write(trr, case.reference, "book_time", draft.text + "\nVälkommen!")
    assert [text.endswith("Välkommen!\n") for text in here.letters(case, "book_time")] == [True]
    [message] = [m for m in here.app.store.messages.of_referral(here.at(case, "trr").id) if m.letter == "book_time"]
    assert (message.to, message.reply_to, message.status) == ("kim@example.org", "trr@example.org", "waiting")


def test_without_a_monitored_address_staff_see_why_nothing_goes(here: Office) -> None:
    case, trr = here.sends(WHITE, ("trr",)), here.staff("trr")
    settings = here.app.store.people.partner("vastkraft", "trr")
    here.app.store.people.set_partner(type(settings)("vastkraft", "trr", None, "trr@example.org", None), here.clock())
    here.app.casework.pick_up(trr, case.reference)
    assert here.app.casework.see(trr, case.reference, "sv").reply_to == ""
    with pytest.raises(NotAllowed):
        here.app.casework.write(trr, case.reference, "reminder", "Hej")
    other = here.sends(WHITE, ("trr",))
    [receipt] = [m for m in here.app.store.messages.of_referral(here.at(other, "trr").id) if m.letter == "receipt"]
    assert receipt.status == "stopped" and "--reply-to" in (receipt.problem or "")
    assert receipt.id in [trouble.message.id for trouble in here.app.casework.troubled(here.coordinator)]
    assert here.app.accounts.set_partner("trr", reply_to="svar@example.org") == 1
    renewed = here.app.store.messages.get(receipt.id)
    assert renewed is not None and (renewed.status, renewed.reply_to) == ("waiting", "svar@example.org")


def test_a_letter_given_up_is_listed_and_sent_again(here: Office) -> None:
    case = here.sends(WHITE, ("trr",))
    message = _give_up(here, case.reference)
    assert [trouble.message.id for trouble in here.app.casework.troubled(here.coordinator)] == [message]
    seen = here.app.casework.see(here.staff("trr"), case.reference, "sv")
    assert "given_up" in [event.letter.status for event in seen.timeline if event.letter]
    with pytest.raises(NotFound):
        here.app.casework.send_again(here.staff("brg"), message)
    here.app.casework.send_again(here.coordinator, message)
    renewed = here.app.store.messages.get(message)
    assert renewed is not None and (renewed.status, renewed.attempts) == ("waiting", 0)
    with pytest.raises(NotAllowed):
        here.app.casework.send_again(here.coordinator, message)


def test_the_coordinator_hears_of_no_union_letter(here: Office) -> None:
    case = here.sends(WHITE, ("trr",), union=True)
    here.tick(seconds=1)
    for letter in here.app.store.messages.claim("lease", here.clock(), here.moment, 50):
        here.app.store.messages.give_up(letter.id, "lease", "550")
    troubled = here.app.casework.troubled(here.coordinator)
    assert troubled and {trouble.partner for trouble in troubled} == {"trr"}
    union = here.at(case, "unionen")
    [letter] = here.app.store.messages.of_referral(union.id)
    with pytest.raises(NotFound):
        here.app.casework.send_again(here.coordinator, letter.id)
    here.app.casework.send_again(here.staff("unionen"), letter.id)


def _give_up(here: Office, reference: str) -> str:
    here.tick(seconds=1)
    due = here.app.store.messages.claim("lease", here.clock(), here.moment, 50)
    [receipt] = [letter for letter in due if letter.letter == "receipt"]
    here.app.store.messages.give_up(receipt.id, "lease", "the mail server answered 550")
    return receipt.id
