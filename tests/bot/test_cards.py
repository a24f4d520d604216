"""Cards: data of buttons, ticks of keyboards, splitting of long texts."""

from hypothesis import given
from hypothesis import strategies as st

from bot.splitting import LONGEST_TEXT, split, utf16
from intake.authoring.catalog import load
from intake.chat.cards import TICKED, UNTICKED, Heard, Press, ticked_in
from intake.config import PACKAGED

IDS = st.from_regex(r"[a-z0-9_]{1,20}", fullmatch=True)
PARTNERS = st.one_of(IDS, IDS.map(lambda id: f"municipality:{id}"), st.just(""))


@given(IDS, IDS, PARTNERS, st.none() | st.integers(0, 999_999))
def test_a_press_comes_back_as_it_was_packed(verb: str, question: str, choice: str, revision: int | None) -> None:
    press = Press(verb, question, choice, revision)
    assert Press.unpack(press.pack()) == press


def test_every_button_fits_even_after_a_hundred_million_changes() -> None:
    """Telegram takes 64 bytes; `municipality:1440` is the longest of the partners."""
    programme = load(PACKAGED / "vastkraft")
    late = 99_999_999
    for question in programme.questions:
        for choice in (*(one.id for one in question.choices), *programme.partners, *programme.entries(question.list)):
            assert len(Press("t", question.id, choice, late).pack().encode()) <= 64, f"{question.id} {choice}"
    for partner in programme.partners:
        assert len(Press("withdraw_one", "VK-AAAA-AAAA", partner, late).pack().encode()) <= 64


@given(st.text())
def test_forged_data_is_read_as_something(data: str) -> None:
    press = Press.unpack(data)
    assert press.revision is None or press.revision >= 0


def test_ticks_are_read_from_the_keyboard() -> None:
    keyboard = [
        (TICKED + "Ale", Press("t", "consent_partner", "municipality:1440", 7).pack()),
        (UNTICKED + "TRR", Press("t", "consent_partner", "trr", 7).pack()),
        (TICKED + "Ja", Press("q", "consent_union", "yes", 7).pack()),
        ("Klar", Press("d", "consent_partner", revision=7).pack()),
    ]
    assert ticked_in(keyboard) == {"municipality:1440"}


@given(st.text(st.characters(blacklist_categories=["Cs"]), max_size=400), st.integers(4, 40))
def test_every_part_of_a_split_text_fits_and_no_word_is_lost(text: str, longest: int) -> None:
    parts = split(text, longest)
    assert all(utf16(part) <= longest for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_a_text_is_cut_between_paragraphs_when_it_can_be() -> None:
    paragraphs = ["å" * 3000, "🙂" * 1500, "slut"]
    assert split("\n\n".join(paragraphs)) == ("å" * 3000, "🙂" * 1500 + "\n\nslut")
    assert split("ord " * 2000, LONGEST_TEXT)[0].endswith("ord")


def test_what_was_heard_is_not_printed() -> None:
    assert "hemligt" not in repr(Heard(text="hemligt"))
