"""The product's own words in the person's language: gettext catalogues shared by web, bot and letters.

English is in the code, other languages in `locale/<language>/*.po`. A programme's words are in its texts.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from intake.engine.kinds import KINDS
from intake.engine.prompts import Dated, Problem
from intake.sweden import STOCKHOLM

LOCALE = Path(__file__).parent / "locale"

# Messages for refused answers, by code (engine/journey.py, channels); each kind of question adds its own.
PROBLEMS: Mapping[str, str] = {
    "required": "Choose or write an answer.",
    "unknown_choice": "That is not one of the answers here. Choose one of them.",
    "one_only": "Choose only one answer.",
    "alone": "This answer cannot stand together with others. Choose either that one or the others.",
    "too_long": "That is too long: {length} characters. Write at most {max}.",
    "day_passed": "That day has passed. Choose today or a later day.",
    "personal_number": "That looks like a personal identity number. Never write one here. We have not saved it.",
    "contact_needed": "We need either an email address or a phone number to reach you.",
    "no_tries": "Nobody has noted trying to reach the person. Note the calls first, or choose another outcome.",
    "not_confirmed": "Tick the box when you have read this.",
    "not_asked": "That question is not asked any more. Here is where you are now.",
    "asked_anew": "This question has changed since you opened the page. Nothing was saved: please answer it again.",
    "expired": "The page had been open for too long, or your browser did not send its cookie back. "
    "Your answer is still here: press the button again.",
    "gone": "Your earlier answers are no longer saved here. You can begin again.",
    "not_complete": "Some answers are still missing.",
    "busy": "Many people are answering right now. Your answer is still here: wait a moment and press the button again.",
    **{code: text for kind in KINDS.values() for code, text in kind.refusals.items()},
}

# The status of a referral as the participant reads it after the partner's name (codes: engine/referral.py).
STATUSES: Mapping[str, str] = {
    "waiting": "has received your answers",
    "waiting union": "has received your name and how to reach you",
    "waiting union coming": "is told within three days that you want to be contacted",
    "accepted": "is taking care of it and will contact you",
    "watching": "follows your case",
    "declined": "could not help this time",
    "handed_over": "has handed it on",
    "withdrawn": "you have taken your answers back",
    "withdrawn union": "you have taken back that they may contact you",
    "closed": "is finished",
}


class Words:
    """The words of one language. Called with the English text, returns the translation, with `{names}` filled in."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.locale = Locale.parse(language)
        self.right_to_left = self.locale.text_direction == "rtl"
        self._said = _translations(language)

    def __call__(self, text: str, /, **names: object) -> str:
        said = self._said.gettext(text)
        return said.format(**names) if names else said

    def n(self, one: str, many: str, number: int, /, **names: object) -> str:
        """Returns the form for `number` by the language's plural rule; `{n}` is the number."""
        return self._said.ngettext(one, many, number).format(n=number, **names)

    def problem(self, problem: Problem) -> str:
        """Returns why an answer was refused, in a plain sentence."""
        return self(
            PROBLEMS[problem.code], **{name: value for name, value in problem.params.items() if name != "question"}
        )

    def status(self, status: str, union: bool = False, coming: bool = False) -> str:
        """Returns a referral's status for the participant. A union never gets answers, and nothing before its batch."""
        of_union = STATUSES.get(f"{status} union" if union else status, STATUSES[status])
        return self(STATUSES.get(f"{status} union coming", of_union) if coming else of_union)

    def date(self, day: date) -> str:
        """Formats a day: `tisdag 24 november 2026`."""
        return format_date(day, "EEEE d MMMM y", locale=self.locale)

    def dated(self, said: Dated) -> str:
        """Returns a sentence with its `{date}` filled in."""
        return said.text if said.day is None else said.text.replace("{date}", self.date(said.day))

    def time(self, moment: datetime) -> str:
        """Formats a moment in Swedish time: `24 november 2026 09:10`."""
        return format_datetime(moment, "d MMMM y HH:mm", tzinfo=STOCKHOLM, locale=self.locale)


@cache
def words_for(language: str) -> Words:
    return Words(language)


def _translations(language: str) -> NullTranslations:
    """Merges every .po file of a language into one catalogue."""
    merged = Catalog(locale=language)
    for path in sorted((LOCALE / language).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                if message.id and message.string:
                    merged[message.id] = message
    if not len(merged):
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, merged)
    compiled.seek(0)
    return GNUTranslations(compiled)
