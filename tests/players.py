"""Players: each plays a transcript in its own way and reports what it was shown. The engine's is the reference.

A transcript (tests/transcripts/*.toml; `intake chat --record` writes one) is what a person does, turn by turn, on one
day, with the expected outcome. A player plays one turn and opens the product anew for the next, so that nothing is kept
in memory.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from intake.engine.journey import CHANGING, CHECK, END, RESULT, SEEN, Journey, accept, travel
from intake.engine.kinds import Refused
from intake.engine.moves import move
from intake.engine.programme import Programme
from intake.engine.prompting import points_out, prompt_for
from intake.engine.prompts import EndPrompt
from intake.engine.referral import Planned, next_responsible, plan
from intake.engine.routing import Routing, routes_as
from intake.words import PROBLEMS, words_for

FOLDER = Path(__file__).parent / "transcripts"
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)

Turn = Mapping[str, Any]


@dataclass(frozen=True)
class Transcript:
    id: str
    language: str
    turns: tuple[Turn, ...]
    then: Mapping[str, Any]
    today: date = TODAY
    programme: str = "vastkraft"

    @property
    def moment(self) -> datetime:
        """What the product's clock shows when it is played."""
        return datetime.combine(self.today, NOW.timetz())


@dataclass(frozen=True)
class Shown:
    """What a player was shown: where the person is, and what was wrong with what they said."""

    place: str
    problem: str | None = None
    noted: bool = False


@dataclass(frozen=True)
class Outcome:
    """What came of it. `referrals` by partner; `responsible` is the one whose turn it is.

    `letters` as "receipt to the person from trr" (whom an answer goes to) and "new_referral to af". `sources` is where
    consents were given: the only thing in which channels differ.
    """

    answers: Mapping[str, Any]
    verdict: str
    reason: str
    group: str | None = None
    end: str | None = None
    route: str | None = None
    referrals: Mapping[str, str] = field(default_factory=dict)
    responsible: str | None = None
    consents: Mapping[str, bool] = field(default_factory=dict)
    letters: tuple[str, ...] = ()
    sources: frozenset[str] = field(default=frozenset(), compare=False)


class Player(Protocol):
    async def play(self, turn: Turn) -> Shown: ...

    async def outcome(self) -> Outcome: ...


def transcripts() -> list[Transcript]:
    return [read(path.stem) for path in sorted(FOLDER.glob("*.toml"))]


def read(id: str) -> Transcript:
    """A transcript; one that begins as another does has its turns until it asks something."""
    return read_file(FOLDER / f"{id}.toml")


def read_file(path: Path) -> Transcript:
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    turns = list(table["turns"])
    language = table.get("language", "sv")
    if "begin" in table:
        before = read(table["begin"])
        language = before.language
        asks = [turn["asks"] for turn in before.turns]
        turns = [*before.turns[: asks.index(table["until"]) + 1], *turns]
    given = {key: table[key] for key in ("today", "programme") if key in table}
    return Transcript(path.stem, language, tuple(turns), table["then"], **given)


def recognise(programme: Programme, text: str, language: str) -> Shown:
    """Where somebody is who reads `text`, by the words of the programme and the product."""
    flat = " ".join(text.split())
    return Shown(_place(programme, flat, language), _problem(flat, language), _noted(programme, flat, language))


def _place(programme: Programme, text: str, language: str) -> str:
    say, words = programme.texts.say, words_for(language)
    known: list[tuple[str, str]] = [
        (say(language, "question", question.id, "text"), question.id) for question in programme.questions
    ]
    known += [(say(language, "result", rule.reason, "title"), RESULT) for rule in programme.rules]
    known += [(say(language, "result", f"eligible_{group.id}", "title"), RESULT) for group in programme.groups]
    ends = {choice.ends for question in programme.questions for choice in question.choices if choice.ends}
    known += [(say(language, "end", end, "title"), END) for end in ends]
    known += [(words("Check before you send"), CHECK)]
    known += [(say(language, "receipt", "title"), "status"), (words("What has happened"), "status")]
    known += [(words("Your case"), "status")]
    known += [(words("Which of these programmes fits you?"), "start")]
    known += [(say(language, "chat", "hello"), "start"), (say(language, "programme", "title"), "start")]
    found = [(at, -len(words), place) for words, place in known if words and (at := _where(words, text)) >= 0]
    assert found, f"nobody would know where they are: {text[:400]}"
    return min(found)[2]  # what comes first says it; of two there the longer


def _where(words: str, text: str) -> int:
    found = _pattern(words).search(text)
    return found.start() if found else -1


@cache
def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(re.escape(" ".join(words.split())).replace(re.escape("{union}"), ".{1,60}"))


def _problem(text: str, language: str) -> str | None:
    words = words_for(language)
    for code, english in PROBLEMS.items():
        pattern = re.sub(r"\\\{\w+\\\}", ".{1,80}", re.escape(words(english)))
        if re.search(pattern, text):
            return code
    return None


def _noted(programme: Programme, text: str, language: str) -> bool:
    notes = (note.text for question in programme.questions for note in question.notes)
    return any(_where(programme.texts.say(language, "note", note), text) >= 0 for note in notes)


class EnginePlayer:
    """Plays with the pure engine alone: a dictionary of answers, `travel`, `accept`."""

    def __init__(self, programme: Programme, language: str, today: date = TODAY) -> None:
        self.programme, self.language, self.today = programme, language, today
        self.answers: dict[str, Any] = {}
        self.second_look: str | None = None
        self.sent: Journey | None = None
        self.referrals: tuple[Planned, ...] = ()
        self.decided: Routing | None = None
        self.consents: dict[str, bool] = {}
        self.letters: list[str] = []

    @property
    def journey(self) -> Journey:
        return travel(self.programme, self.answers, self.today)

    @property
    def place(self) -> str:
        return "status" if self.sent is not None else self.second_look or self.journey.place

    async def play(self, turn: Turn) -> Shown:
        match turn:
            case {"twice": again}:
                return await self.play(again)
            case {"do": "go_on"}:
                self.answers[SEEN] = self.journey.seen()
            case {"do": "back"}:
                back = prompt_for(self.journey, self.place, self.language)
                self.go_to(str(getattr(back, "back", None)))
            case {"do": "see_result"}:
                self.go_to(RESULT)
            case {"do": "submit"}:
                assert self.journey.complete()
                self.sent = self.journey
                self.consents = self.sent.consented()
                yes = [partner for partner, said in self.consents.items() if said]
                self.referrals = plan(self.programme, self.sent.routing.partners(), yes)
                self.notices(one for one in self.referrals if one.status == "waiting")
                self.writes("receipt")
            case {"decide": group} if self.sent is not None:
                self.moves("pick_up")
                if group == "no":
                    self.moves("close")
                else:
                    self.decided = routes_as(self.programme, self.sent.facts, str(group))
                self.writes("decision_no" if group == "no" else "decision_yes")
            case {"consents": partners} | {"telephone": partners} if self.decided is not None:
                asked = [id for id in self.decided.partners() if id != self.programme.owner]
                self.consents |= {id: id in partners for id in asked}
                planned = plan(self.programme, self.decided.partners(), partners)
                [owner] = self.referrals
                watching = all(not one.responsible for one in planned if one.partner == owner.partner)
                self.moves("watch" if watching else "")
                self.referrals = tuple(self.referrals[0] if one.partner == owner.partner else one for one in planned)
                self.notices(one for one in self.referrals if one.partner != owner.partner)
            case {"withdraw": "everything"}:
                for one in self.referrals:
                    self.withdraw(one)
                self.referrals = tuple(replace(one, responsible=False) for one in self.referrals)
            case {"withdraw": partner}:
                [gone] = [one for one in self.referrals if one.partner == partner]
                self.withdraw(gone)
                if gone.responsible:
                    self.pass_on(gone)
            case {"do": "skip" | "nothing"}:
                return self.say(self.place, ())
            case {"change": question}:
                self.go_to(str(question))
            case {"answer": question, "with": raw}:
                return self.say(str(question), raw)
            case {"type": text} if self.place in self.programme.by_id:
                return self.say(self.place, (text,))
            case {"language": language}:
                self.language = str(language)
        return self.shown()

    def go_to(self, place: str) -> None:
        self.second_look = None
        self.answers.pop(CHANGING, None)
        if place == RESULT:
            self.answers.pop(SEEN, None)
        elif place in self.programme.by_id:
            self.answers[CHANGING] = place

    def say(self, question: str, raw: Iterable[str]) -> Shown:
        value = accept(self.journey, question, tuple(raw))
        if isinstance(value, Refused):
            return Shown(question, value.code)
        first = value is not None and self.answers.get(question) != value
        self.answers.pop(CHANGING, None)
        self.answers[question] = value
        if self.journey.end is not None:
            met = {step.question.id for step in self.journey.steps}
            later = {one.id for one in self.programme.after_result} - met
            self.answers = {id: kept for id, kept in self.answers.items() if id not in later}
        noted = first and points_out(self.journey, question, self.language)
        self.second_look = question if noted else None
        return self.shown()

    def moves(self, name: str) -> None:
        """The owner's referral, the only one before a decision, by the table of moves."""
        [owner] = self.referrals
        self.referrals = (replace(owner, status=move(owner.status, name) or owner.status),)

    def withdraw(self, gone: Planned) -> None:
        if gone.status != "watching":
            self.letters.append(f"withdrawn to {gone.partner}")
        status = str(move(gone.status, "withdraw"))
        self.referrals = tuple(replace(one, status=status) if one is gone else one for one in self.referrals)

    def pass_on(self, left: Planned) -> None:
        turn = next_responsible(self.programme, self.referrals, left.partner)
        self.referrals = tuple(
            replace(one, responsible=one.partner == turn, status=move(one.status, "take_on") or one.status)
            if one.partner == turn
            else replace(one, responsible=False)
            for one in self.referrals
        )
        self.notices(one for one in self.referrals if one.responsible)
        self.writes("moved")

    def notices(self, referrals: Iterable[Planned]) -> None:
        self.letters += [f"new_referral to {one.partner}" for one in referrals]

    def writes(self, letter: str) -> None:
        """To the person, who may have no address; an answer goes to whoever is responsible."""
        responsible = next(one.partner for one in self.referrals if one.responsible)
        if self.answers.get("email"):
            self.letters.append(f"{letter} to the person from {responsible}")

    def shown(self) -> Shown:
        step = self.journey.step(self.place)
        notes = step.question.notes if step is not None else ()
        return Shown(self.place, None, any(note.when.holds(self.journey.facts) for note in notes))

    async def outcome(self) -> Outcome:
        journey = self.sent or self.journey
        prompt = prompt_for(journey, journey.place, self.language)
        return Outcome(
            answers=dict(journey.kept()),
            verdict=journey.assessment.verdict,
            reason=journey.assessment.reason,
            group=journey.assessment.group,
            route=journey.routing.route,
            end=prompt.id if isinstance(prompt, EndPrompt) else None,
            referrals={one.partner: one.status for one in self.referrals},
            responsible=next((one.partner for one in self.referrals if one.responsible), None),
            consents=self.consents,
            letters=tuple(sorted(self.letters)),
        )
