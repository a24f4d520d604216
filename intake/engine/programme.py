"""A programme as frozen values, built from files by `intake.authoring.catalog` and never changed afterwards.

Everything refers to ids; the words of a programme are in its `Texts`.
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
    """One permitted answer. `alone` excludes all others.

    `dont_know` settles a question without a value; `ends` names the text ([end.*]) with which it ends the journey.
    """

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
    """One question. Its kind (`intake.engine.kinds`) reads and shows the answer.

    `of`: the question is about the partners, or the unions, on offer. `find_out`: a person who does not know the answer
    can find it out, and may be told what it would settle.
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
    """Questions that belong together; those `after_result` are asked only if the verdict is not `not_eligible`."""

    id: str
    after_result: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    id: str
    when: Condition


@dataclass(frozen=True, slots=True)
class Rule:
    """One eligibility requirement. `no_if` holds: no; `yes_if` holds: yes; otherwise staff decide.

    `in_time`: the passing of time may fulfil it, and the person may be told from which day.
    """

    id: str
    reason: str
    no_if: Condition | None
    yes_if: Condition
    in_time: bool = False


@dataclass(frozen=True, slots=True)
class Route:
    """Which partner leads and which are offered, and to whom. A `{question}` in a name gives one partner per choice."""

    id: str
    lead: str
    when: Condition | None = None
    offer: tuple[str, ...] = ()
    tell: tuple[str, ...] = ()
    otherwise: bool = False
    ask_staff: bool = False


@dataclass(frozen=True, slots=True)
class Partner:
    """An organisation that takes referrals. `sees` limits the answers it may read (None: all but consents)."""

    id: str
    takes_persons: bool = True
    union: bool = False
    sees: frozenset[str] | None = None

    def reads(self, question: str) -> bool:
        return self.sees is None or question in self.sees


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation that participants are told about; nothing is ever sent to it."""

    id: str


@dataclass(frozen=True, slots=True)
class LastDay:
    """A last day, counted from the day that is the answer to a question. One of `days`, `months`, `years` is given."""

    question: str
    days: int = 0
    months: int = 0
    years: int = 0


@dataclass(frozen=True, slots=True)
class Advice:
    """What a person does without us, read by everybody for whom `when` is certainly true (None: by
    everybody), whatever the verdict.

    `by`: until when; its text then has a day in it, and others for whom no day is known or it has passed.
    """

    id: str
    when: Condition | None = None
    by: LastDay | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a programme.

    `questions`: the most questions anybody is asked before the result; None: no promise is made. `union_batch`: how
    many people must have sent in before their union notes are carried out together. `keep_..._days`: how long a closed
    case is kept, by how it ended; None: until somebody erases it.
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
    """The text of a letter with `{placeholders}`, filled by `intake.letters.compose`."""

    subject: str
    body: str


class Texts:
    """All words of a programme, by language and path (`question.needs.text`): strings, lists or tables."""

    def __init__(self, by_language: Mapping[str, Mapping[str, object]]) -> None:
        self.by_language = by_language
        self._said: dict[tuple[str, ...], str] = {}  # strings looked up before

    def get(self, language: str, *path: str) -> object | None:
        """Returns the value at `path`, or None if this language has none."""
        value: object = self.by_language[language]
        for step in path:
            if not isinstance(value, dict) or step not in value:
                return None
            value = value[step]
        return value

    def say(self, language: str, *path: str) -> str:
        """Returns the string at `path`, or an empty string if there is none (an optional help, for example)."""
        said = self._said.get((language, *path))
        if said is None:
            value = self.get(language, *path)
            if isinstance(value, dict):
                value = value.get("text")
            said = self._said[language, *path] = value if isinstance(value, str) else ""
        return said

    def lines(self, language: str, *path: str) -> tuple[str, ...]:
        """Returns the strings at `path`; empty if there are none."""
        value = self.get(language, *path)
        return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()

    def pairs(self, language: str, *path: str) -> tuple[tuple[str, str], ...]:
        """Returns a list of {title, text} at `path` as pairs."""
        value = self.get(language, *path)
        return tuple((item["title"], item["text"]) for item in value) if isinstance(value, list) else ()


@dataclass(frozen=True)
class Programme:
    """Everything that is data. `owner` is the partner that watches every referral; `phone` reaches a human.

    `meaning` and `wording` are hashes of what the programme means and of its words (`intake.authoring.catalog.hashes`).
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
    advice: tuple[Advice, ...] = ()
    letters: Mapping[tuple[str, str], Letter] = field(default_factory=dict)
    lists: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)
    former: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)  # replaced by an import: shown, not found
    meaning: str = ""
    wording: str = ""
    named: Mapping[str, Condition] = field(default_factory=dict)  # [conditions]: filled in wherever they are used
    spare_sets: tuple[str, ...] = ()  # [sets] that no condition names

    @cached_property
    def fingerprint(self) -> str:
        """Identifies the meaning and the words: what was derived from this programme is valid while it is unchanged."""
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
        """The position of each question in a walk."""
        return {question.id: place for place, question in enumerate((*self.before_result, *self.after_result))}

    @cached_property
    def turning(self) -> Mapping[tuple[str, object], Choice]:
        """The choices with a further effect: "I don't know", and those that end the journey."""
        return {
            (question.id, choice.id): choice
            for question in self.questions
            for choice in question.choices
            if choice.dont_know or choice.ends
        }

    @cached_property
    def watched(self) -> Mapping[str, tuple[Rule, ...]]:
        """The questions that can turn a rule into a no, each with its rules in order."""
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
        """The question whose answer names a local partner: the `{question}` of a route's lead or offer."""
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
        """Every word of a list, casefolded, with the id of the first entry that has it."""
        labels: dict[str, dict[str, str]] = {name: {} for name in self.lists}
        for name, entries in self.lists.items():
            for position in (0, 1):  # labels take precedence over synonyms
                for entry in entries:
                    for words in entry.words.values():
                        for word in words[:1] if position == 0 else words[1:]:
                            labels[name].setdefault(word.casefold(), entry.id)
        return labels

    def entries(self, list: str | None) -> Mapping[str, Entry]:
        """Every entry that an answer may be, including those chosen before a list was replaced."""
        return self._entries.get(list or "", {})

    def searched(self, list: str | None) -> Mapping[str, Entry]:
        """The entries that a search can find."""
        return self._searched.get(list or "", {})

    def labels(self, list: str | None) -> Mapping[str, str]:
        return self._labels.get(list or "", {})

    def letter(self, id: str, language: str) -> Letter:
        return self.letters[(id, language)]

    def negotiate_language(self, wanted: str | None) -> str:
        """Returns the most wanted language that this programme has, else its first.

        `wanted` is a tag (also `en-GB`) or an Accept-Language header: `de, en;q=0.5, sv;q=0.9`. Among equals the first
        wins; q=0 excludes a language, and `*` is any that is not named.
        """
        if wanted in self.languages:
            return wanted
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
    """Returns the q of a wanted language; 1 if it is missing or not a number."""
    said = next((one.partition("=")[2].strip() for one in parameters if one.strip().startswith("q")), "1")
    return float(said) if re.fullmatch(r"[01](\.[0-9]{0,3})?", said) else 1.0
