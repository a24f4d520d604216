"""What a programme is: frozen values, made from files by `intake.authoring.catalog` and never changed afterwards.

Ids, not words, are used everywhere; the words of a programme are in its `Texts`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from intake.engine.conditions import Condition, questions_of
from intake.engine.steps import Stop, stop_at

if TYPE_CHECKING:
    from intake.engine.prompts import QuestionPrompt


@dataclass(frozen=True, slots=True)
class Choice:
    """One permitted answer. `alone` never stands with others; `dont_know` settles a question without a value;
    `ends` names the text ([end.*]) that the journey ends with when this is chosen."""

    id: str
    hide_if: Condition | None = None
    alone: bool = False
    dont_know: bool = False
    ends: str | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """A contradiction between answers that is pointed out at the question and never refused."""

    when: Condition
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """One thing asked. How it is read and shown belongs to its kind (`intake.engine.kinds`).

    `of`: it asks about the partners, or the unions, on offer. `find_out`: who does not know the answer can find it out,
    and may be told what it would settle.
    """

    id: str
    kind: str
    section: str
    ask_if: Condition | None = None
    optional: bool = False
    choices: tuple[Choice, ...] = ()
    list: str | None = None
    of: str | None = None
    one_of: str | None = None
    max: int = 200
    notes: tuple[Note, ...] = ()
    after_result: bool = False
    find_out: bool = False

    def choice(self, id: str) -> Choice | None:
        for choice in self.choices:
            if choice.id == id:
                return choice
        return None


@dataclass(frozen=True, slots=True)
class Section:
    """Questions that belong together; those `after_result` are walked only when the verdict is not a no."""

    id: str
    after_result: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    id: str
    when: Condition


@dataclass(frozen=True, slots=True)
class Rule:
    """One eligibility requirement: `no_if` certainly true: no; `yes_if` certainly true: yes; else staff decide.

    `in_time`: time alone may bring it, and the person may be told from when.
    """

    id: str
    reason: str
    no_if: Condition | None
    yes_if: Condition
    in_time: bool = False


@dataclass(frozen=True, slots=True)
class Route:
    """Which partner leads and which are offered, for whom. With `{question}` in it: one partner per choice."""

    id: str
    lead: str
    when: Condition | None = None
    offer: tuple[str, ...] = ()
    tell: tuple[str, ...] = ()
    hint: tuple[str, ...] = ()
    otherwise: bool = False
    ask_staff: bool = False


@dataclass(frozen=True, slots=True)
class Partner:
    """An organisation. `sees` limits the answers it may read (None: all but consents)."""

    id: str
    takes_persons: bool = True
    union: bool = False
    hint: tuple[str, ...] = ()
    sees: frozenset[str] | None = None

    def reads(self, question: str) -> bool:
        return self.sees is None or question in self.sees


@dataclass(frozen=True, slots=True)
class Organisation:
    """Somebody the participant is told about; nothing is ever sent there."""

    id: str
    hint: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """`questions`: how many anybody is asked at most before the result; None: it is not promised. `union_batch`: how
    many people have sent in before what they want of unions is carried out for all of them. `keep_..._days`: how long a
    case that is over is kept, by how it ended; None: until somebody erases it.
    """

    interview_days: int = 30
    text: int = 200
    questions: int | None = None
    union_batch: int = 10
    keep_no_contact_days: int | None = None
    keep_closed_days: int | None = None
    keep_not_for_us_days: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a search list: an id, and per language the label followed by synonyms."""

    id: str
    words: Mapping[str, tuple[str, ...]]

    def label(self, language: str) -> str:
        return (self.words.get(language) or next(iter(self.words.values())))[0]


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter's text with `{placeholders}`; filled by `intake.letters.compose`."""

    subject: str
    body: str


class Texts:
    """All words of a programme, by language and path (`question.needs.text`): strings, lists or tables."""

    def __init__(self, by_language: Mapping[str, Mapping[str, object]]) -> None:
        self.by_language = by_language
        self._said: dict[tuple[str, ...], str] = {}  # what was looked up before

    def get(self, language: str, *path: str) -> object | None:
        """The value at `path`, or None when this language has none there."""
        value: object = self.by_language[language]
        for step in path:
            if not isinstance(value, dict) or step not in value:
                return None
            value = value[step]
        return value

    def say(self, language: str, *path: str) -> str:
        """The string at `path`; an empty string when it is left out (an optional help, say)."""
        said = self._said.get((language, *path))
        if said is None:
            value = self.get(language, *path)
            if isinstance(value, dict):
                value = value.get("text")
            said = self._said[language, *path] = value if isinstance(value, str) else ""
        return said

    def lines(self, language: str, *path: str) -> tuple[str, ...]:
        """The list of strings at `path`; empty when there is none."""
        value = self.get(language, *path)
        return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()

    def pairs(self, language: str, *path: str) -> tuple[tuple[str, str], ...]:
        """A list of {title, text} at `path` as pairs."""
        value = self.get(language, *path)
        return tuple((item["title"], item["text"]) for item in value) if isinstance(value, list) else ()


@dataclass(frozen=True)
class Programme:
    """Everything that is data. `owner` is the partner that watches every referral; `phone` reaches a human.

    `meaning` and `wording` are the hashes of what it means and of its words (`intake.authoring.catalog.hashes`).
    """

    id: str
    version: str
    languages: tuple[str, ...]
    owner: str
    phone: str
    reference: str
    limits: Limits
    sections: tuple[Section, ...]
    questions: tuple[Question, ...]
    groups: tuple[Group, ...]
    rules: tuple[Rule, ...]
    routes: tuple[Route, ...]
    partners: Mapping[str, Partner]
    organisations: Mapping[str, Organisation]
    texts: Texts
    letters: Mapping[tuple[str, str], Letter] = field(default_factory=dict)
    lists: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)
    former: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)  # replaced by an import: shown, never found
    meaning: str = ""
    wording: str = ""
    named: Mapping[str, Condition] = field(default_factory=dict)  # [conditions]: filled in already wherever they stand
    spare_sets: tuple[str, ...] = ()  # [sets] that no condition names

    @cached_property
    def fingerprint(self) -> str:
        """What was made of this programme is good as long as this stays: its meaning and its words."""
        return f"{self.id} {self.version} {self.meaning} {self.wording}"

    @cached_property
    def by_id(self) -> Mapping[str, Question]:
        return {question.id: question for question in self.questions}

    @cached_property
    def before_result(self) -> tuple[Question, ...]:
        return tuple(question for question in self.questions if not question.after_result)

    @cached_property
    def after_result(self) -> tuple[Question, ...]:
        return tuple(question for question in self.questions if question.after_result)

    @cached_property
    def place_of(self) -> Mapping[str, int]:
        """Where in a walk each question is met."""
        return {question.id: place for place, question in enumerate((*self.before_result, *self.after_result))}

    @cached_property
    def turning(self) -> Mapping[tuple[str, object], Choice]:
        """The choices that do more than answer: "I don't know", and those a journey ends with."""
        return {
            (question.id, choice.id): choice
            for question in self.questions
            for choice in question.choices
            if choice.dont_know or choice.ends
        }

    @cached_property
    def watched(self) -> Mapping[str, tuple[Rule, ...]]:
        """The questions that can turn a rule into a no, with the rules to look at after each, in their order."""
        watched: dict[str, tuple[Rule, ...]] = {}
        for rule in self.rules:
            reads = () if rule.no_if is None else questions_of(rule.no_if) or (self.before_result[0].id,)
            for id in reads:
                watched[id] = (*watched.get(id, ()), rule)
        return watched

    @cached_property
    def blank_prompts(self) -> dict[tuple[object, ...], QuestionPrompt]:
        """Questions nobody has answered, as everybody sees them: kept by `intake.engine.prompting`."""
        return {}

    @cached_property
    def stops(self) -> tuple[Stop, ...]:
        """Where a walk comes by, in its order; those before the result first."""
        questions = (*self.before_result, *self.after_result)
        last: dict[str | None, str] = {one.one_of: one.id for one in questions if one.one_of is not None}
        return tuple(
            stop_at(question, self.watched.get(question.id, ()), last.get(question.one_of) == question.id)
            for question in questions
        )

    @cached_property
    def placed_by(self) -> str | None:
        """The question whose answer names a partner of a place: the `{question}` of a route's lead or offer."""
        templates = (template for route in self.routes for template in (route.lead, *route.offer))
        return next((found[1] for template in templates if (found := re.search(r"{(\w+)}", template))), None)

    @cached_property
    def _entries(self) -> Mapping[str, Mapping[str, Entry]]:
        return {
            name: {entry.id: entry for entry in (*self.former.get(name, ()), *entries)}
            for name, entries in self.lists.items()
        }

    @cached_property
    def _searched(self) -> Mapping[str, Mapping[str, Entry]]:
        return {name: {entry.id: entry for entry in entries} for name, entries in self.lists.items()}

    @cached_property
    def _labels(self) -> Mapping[str, Mapping[str, str]]:
        """Every word of a list, casefolded, with the first entry that has it."""
        labels: dict[str, dict[str, str]] = {name: {} for name in self.lists}
        for name, entries in self.lists.items():
            for position in (0, 1):  # labels win over synonyms
                for entry in entries:
                    for words in entry.words.values():
                        for word in words[:1] if position == 0 else words[1:]:
                            labels[name].setdefault(word.casefold(), entry.id)
        return labels

    def entries(self, list: str | None) -> Mapping[str, Entry]:
        """Every entry that an answer may be, also one chosen before a list was replaced."""
        return self._entries.get(list or "", {})

    def searched(self, list: str | None) -> Mapping[str, Entry]:
        """The entries that a search finds."""
        return self._searched.get(list or "", {})

    def labels(self, list: str | None) -> Mapping[str, str]:
        return self._labels.get(list or "", {})

    def letter(self, id: str, language: str) -> Letter:
        return self.letters[(id, language)]

    def negotiate_language(self, wanted: str | None) -> str:
        """The language this programme has that is wanted most, else its first. `wanted` is one (also `en-GB`), or the
        list of a browser: `de, en;q=0.5, sv;q=0.9`. Of those wanted alike the first counts; q=0 says not this one, and
        `*` is any that is not named.
        """
        said: dict[str, float] = {}
        for part in (wanted or "").replace("_", "-").lower().split(","):
            tag, *more = part.split(";")
            spoken, weight = tag.strip().split("-")[0], _weight(more)
            said[spoken] = max(weight, said.get(spoken, 0.0))
        unnamed = [language for language in self.languages if language not in said]
        known = {unnamed[0] if tag == "*" and unnamed else tag: weight for tag, weight in said.items()}
        best = max((tag for tag in known if tag in self.languages), key=lambda tag: known[tag], default="")
        return best if best and known[best] else [*unnamed, self.languages[0]][0]

    def unions(self) -> Iterator[str]:
        return (partner.id for partner in self.partners.values() if partner.union)


def _weight(parameters: list[str]) -> float:
    """The q of a wanted language; 1 where none is said, or none that is a number."""
    said = next((one.partition("=")[2].strip() for one in parameters if one.strip().startswith("q")), "1")
    return float(said) if re.fullmatch(r"[01](\.[0-9]{0,3})?", said) else 1.0
