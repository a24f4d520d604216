"""Letters as they arrive: recipients, wording, and that input of a person is never more than text."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from intake.letters.compose import ToPerson
from intake.records import Contact, Message
from tests.mail.posting import SENDER, MailOffice, only
from tests.offices import CONTACT, WHITE
from tests.postbox import Letter, Postbox


def html(letter: Letter) -> str:
    part = letter.message.get_body(("html",))
    assert part is not None
    return str(part.get_content())


def everything(letter: Letter) -> str:
    """Headers as they went over the wire and decoded, and both bodies."""
    headers = " ".join(f"{name}: {value}" for name, value in letter.message.items())
    return "\n".join([letter.raw.decode("ascii"), headers, letter.text, html(letter)])


def test_sending_in_writes_to_the_person_and_to_the_partner(there: MailOffice, postbox: Postbox) -> None:
    case = there.sends(WHITE, ("trr",))
    assert there.works() == 2
    receipt, notice = only(postbox, "kim@example.org"), only(postbox, "trr@example.org")
    assert (receipt.message["From"], receipt.sender) == (SENDER, "vastkraft@example.org")
    assert receipt.message["Reply-To"] == "trr@example.org"
    assert case.reference in receipt.subject and "Kim" not in receipt.subject
    for said in (
        "Hej Kim Exempel!",
        case.reference,
        "- Trygghetsrådet TRR",
        "031-000 00 00",
        case.sealed["letter_token"],
    ):
        assert said in receipt.text
    assert case.reference in notice.subject
    assert f"/staff/referrals/{case.reference}\n" in notice.text
    assert there.statuses() == {"sent": 2}
    assert there.works() == 0


def test_a_letter_is_automatic_plain_first_and_self_contained(here: MailOffice, postbox: Postbox) -> None:
    here.sends_in()
    here.works()
    kept = {row.message_id for row in here.outbox()}
    assert {letter.message["Message-ID"] for letter in postbox.letters} == kept and len(kept) == 2
    for letter in postbox.letters:
        message = letter.message
        assert (message["Auto-Submitted"], message["Content-Language"]) == ("auto-generated", "sv")
        assert message["Message-ID"].endswith("@example.org>")
        assert message["Date"].datetime.utcoffset() is not None
        assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
        page = html(letter)
        assert '<html lang="sv">' in page and not re.search(r"<(?:img|link|script|iframe)|url\(|src=", page)
        assert set(re.findall(r'href="([^"]+)"', page)) == set(re.findall(r"https?://\S+", letter.text))


def test_a_partners_letter_says_nothing_about_the_person(here: MailOffice, postbox: Postbox) -> None:
    case = here.sends(WHITE, ("trr",), union=True, phone="031-123 45 67")
    here.works()
    for partner in ("trr", "unionen"):
        letter = only(postbox, f"{partner}@example.org")
        seen = everything(letter)
        for chance in (letter.message["Message-ID"], letter.message.get_boundary()):
            seen = seen.replace(str(chance), "")  # random digits may be a year by accident
        for personal in ("Kim", "Exempel", "kim@example", "12345", "Mölndal", "2027", case.sealed["status_token"]):
            assert personal not in seen, (partner, personal)


def test_a_unions_letter_has_a_number_unknown_to_others(here: MailOffice, postbox: Postbox) -> None:
    case = here.sends(WHITE, ("trr",), union=True)
    here.works()
    for letter in postbox.letters:
        to_the_union = letter.recipients == ("unionen@example.org",)
        assert (case.reference in everything(letter)) != to_the_union
        assert ("nion" in everything(letter)) == to_the_union
        assert "nion" not in letter.subject


def test_withdrawing_is_told_to_the_partner_without_the_name(here: MailOffice, postbox: Postbox) -> None:
    case = here.sends(WHITE, ("trr",))
    here.works()
    postbox.clear()
    here.app.desk.withdraw("vastkraft", case.sealed["status_token"])
    here.works()
    letter = only(postbox, "trr@example.org")
    assert "återtaget" in letter.subject and "Kim" not in everything(letter)


def test_a_person_who_reads_english_gets_english(here: MailOffice, postbox: Postbox) -> None:
    case = here.sends(WHITE, ("trr",))
    english = replace(case, language="en")
    letter = ToPerson(here.programme, english, here.at(case, "trr"), "receipt", "in English")
    contact = Contact("Kim Exempel", "kim.en@example.org", None)
    here.app.store.messages.add(here.app.letters.to_person(letter, contact), here.clock())
    here.works()
    got = only(postbox, "kim.en@example.org")
    assert got.message["Content-Language"] == "en" and "Hello Kim Exempel," in got.text and 'lang="en"' in html(got)


def test_staff_who_ask_get_a_link_to_sign_in(here: MailOffice, postbox: Postbox) -> None:
    here.app.accounts.ask_to_sign_in(" TRR@example.org", "browser", "sv")
    here.app.accounts.ask_to_sign_in("nobody@example.org", "browser", "sv")
    here.works()
    [letter] = postbox.letters
    assert letter.recipients == ("trr@example.org",) and letter.message["Reply-To"] is None
    assert re.search(r"/staff/signin/\S{20,}\n", letter.text) and "10 minuter" in letter.text


# What a person types


def test_a_name_arrives_as_it_was_written(here: MailOffice, postbox: Postbox) -> None:
    names = ["Åsa Öberg-Ñandú", "Nguyễn Thị 李 محمد", 'Kim <b>& "Co"</b>', "{reference} {phone}", "." * 100, "%s =3D"]
    for name in names:
        postbox.clear()
        here.sends_in(name=name, email=f"kim{here.persons}@example.org")
        here.works()
        letter = only(postbox, f"kim{here.persons - 1}@example.org")
        assert f"Hej {name}!" in letter.text
        assert "<b>" not in html(letter)


def test_a_letter_carries_nobody_elses_web_address(here: MailOffice, postbox: Postbox) -> None:
    """Staff see the name as it was written; the letter greets without it, and reads well."""
    for language, hello in (("sv", "\nHej!\n"), ("en", "\nHello,\n")):
        postbox.clear()
        case = here.sends(WHITE, ("trr",), language=language, name="Kim bit．ly/pris", email=f"{language}@example.org")
        here.works()
        letter = only(postbox, f"{language}@example.org")
        assert hello in f"\n{letter.text}" and "bit" not in letter.text + html(letter)
        here.app.casework.pick_up(here.staff("trr"), case.reference)
        seen = here.app.casework.see(here.staff("trr"), case.reference, "sv").contact
        assert seen is not None and seen.name == "Kim bit．ly/pris"
        draft = here.app.casework.draft(here.staff("trr"), case.reference, "first_contact")
        assert hello in f"\n{draft.text}" and "bit" not in draft.text


def test_a_name_cannot_add_a_header_or_a_recipient(here: MailOffice, postbox: Postbox) -> None:
    case = here.sends(WHITE, ("trr",), name="Kim\r\nBcc: alla@example.org\r\n\r\nHej")
    evil = {"name": "Kim\r\n.\r\nMAIL FROM:<a@example.org>", "reference": "VK\r\nBcc: alla@example.org"}
    letter = ToPerson(here.programme, case, here.at(case, "trr"), "receipt", "evil", evil)
    contact = Contact("Kim", "annan@example.org", None)
    here.app.store.messages.add(here.app.letters.to_person(letter, contact), here.clock())
    here.works()
    assert len(postbox.letters) == 3
    for got in postbox.letters:
        assert len(got.recipients) == 1 and got.message["Bcc"] is None and "\n" not in got.subject


@pytest.mark.parametrize("to", ["kim@example.org\r\nRCPT TO:<alla@example.org>", "kim@exämple.org"])
def test_an_impossible_address_is_given_up_and_delays_nobody(here: MailOffice, postbox: Postbox, to: str) -> None:
    here.owes(1, to=to)
    here.owes(2)
    here.works()
    assert [row.status for row in here.outbox()] == ["given_up", "sent", "sent"]
    assert len(postbox.letters) == 2 and "cannot be written" in here.outbox()[0].problem


def test_dots_long_lines_and_odd_ends_arrive_unchanged(here: MailOffice, postbox: Postbox) -> None:
    case, trr = here.sends(WHITE, ("trr",)), here.staff("trr")
    here.app.casework.pick_up(trr, case.reference)
    body = "\n".join([".", "..", ".dold kopia", "From Kim", "å" * 1500, "x" * 1500, "=20", "slut."])
    here.app.casework.write(trr, case.reference, "reminder", body)
    here.works()
    [letter] = [one for one in postbox.letters_to("kim@example.org") if "påminnelse" in one.subject]
    assert letter.text == body + "\n"
    assert max(map(len, letter.raw.split(b"\r\n"))) <= 78  # none is near the 998 of RFC 5322
    assert b"\n" not in letter.raw.replace(b"\r\n", b"")


def test_the_longest_addresses_fit(here: MailOffice, postbox: Postbox) -> None:
    long = f"{'k' * 64}@{'.'.join(['d' * 60] * 3)}.org"[:254]
    here.reopen(smtp_url=postbox.url, mail_from=f"VästKraft <{long}>")
    here.app.accounts.set_partner("trr", reply_to=long)
    here.sends_in(email=long)
    here.works()
    letter = only(postbox, long)
    assert letter.message["To"] == letter.message["Reply-To"] == letter.sender == long
    assert letter.message["Message-ID"] == here.receipt().message_id


def test_what_is_kept_of_a_letter_does_not_show_in_its_repr(here: MailOffice) -> None:
    here.sends_in()
    letter = here.app.store.messages.get(here.receipt().id)
    assert isinstance(letter, Message) and CONTACT["email"] not in repr(letter) and "Hej Kim" not in repr(letter)
