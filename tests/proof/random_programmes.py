"""Random valid programmes by hypothesis, written as programme.toml and built from that.

Every kind of question, every relation, named conditions, sets, groups, rules with and without a no, routes with a place
in their partner's name, information, and questions after the result with ends and consents. Numbers are small and days
near, so that boundaries are reached.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from itertools import combinations
from typing import Any

from hypothesis import strategies as st

from intake.authoring.catalog.build import Builder
from intake.authoring.catalog.format import ProgrammeTable
from intake.engine.conditions import Condition, Value
from intake.engine.journey import SEEN, Journey, travel
from intake.engine.programme import Entry, Programme, Question, Texts
from intake.engine.written import written

Table = dict[str, Any]
Draw = st.DrawFn
DAYS = (date(2026, 11, 23), date(2028, 2, 29), date(2027, 2, 28), date(2027, 3, 1), date(2026, 12, 31))
LISTS = {"trades": (Entry("7212:welder", {"en": ("Welder",)}),)}
KINDS = ("choice", "choice", "choices", "choices", "number", "date", "month", "year", "search", "text")
COMPARED = {
    "choices": ("count({})",), "number": ("{}",), "date": ("days_until({})", "years_since({})"),
    "month": ("years_since({})",), "year": ("years_since({})",),
}  # fmt: skip
OPERATORS = (">=", "<", "==", "<=", ">", "!=")
FROM, TO = -1, 2  # the numbers that conditions compare with


@dataclass
class Words:
    """What a condition may name at one place, and how it is written there."""

    draw: Draw
    questions: Sequence[Table]
    named: Mapping[str, frozenset[str]] = field(default_factory=dict)  # with the questions each reads
    groups: Sequence[str] = ()
    known: bool = True

    def one(self, of: Sequence[Any]) -> Any:
        return self.draw(st.sampled_from(of))

    def condition(self, depth: int = 2) -> str:
        """Between nothing but a leaf and a nest of `depth`."""
        shape = self.one(("leaf", "leaf", "and", "or", "not")) if depth else "leaf"
        if shape == "leaf":
            return self.leaf()
        if shape == "not":
            return f"not ({self.condition(depth - 1)})"
        return f" {shape} ".join(f"({self.condition(depth - 1)})" for _ in range(self.draw(st.integers(2, 3))))

    def leaf(self) -> str:
        ids = {question["id"] for question in self.questions}
        permitted = [name for name, reads in self.named.items() if reads <= ids]
        what = self.one(("question",) * 6 + ("named",) * bool(permitted) + ("group",) * bool(self.groups))
        if what == "named":
            return str(self.one(permitted))
        if what == "group":
            return f'group {self.one(("==", "!="))} "{self.one(self.groups)}"'
        return self.about(self.one(self.questions))

    def about(self, question: Table) -> str:
        id, kind = question["id"], question["kind"]
        plain = [choice["id"] for choice in question.get("choices", ()) if not choice.get("dont_know")]
        ways = [way.format(id) for way in COMPARED.get(kind, ())]
        shapes = ["choice"] * 3 * bool(plain) + ["compared"] * bool(ways) + ["known"] * self.known
        if not shapes:  # own words, where known() is not permitted: ask about another
            return self.about(next(one for one in self.questions if one["kind"] in ("choice", "choices")))
        match self.one(shapes):
            case "known":
                return f"known({id})"
            case "compared" if self.one((True, True, False)):
                return f"{self.one(ways)} {self.one(OPERATORS)} {self.number()}"
            case "compared":
                return f"{self.number()} {self.one(('<', '<='))} {self.one(ways)} {self.one(('<', '<=', '!='))} {TO}"
        if kind == "choices":
            return f'"{self.one(plain)}" {self.one(("in", "not in"))} {id}'
        match self.one(("is", "list", "set") if "a" in plain else ("is", "list")):
            case "is":
                return f'{id} {self.one(("==", "!="))} "{self.one(plain)}"'
            case "list":
                some = self.draw(st.lists(st.sampled_from(plain), min_size=1, unique=True))
                return f"{id} {self.one(('in', 'not in'))} [{', '.join(f'{one!r}' for one in some)}]"
        return f"{id} {self.one(('in', 'not in'))} first_two"

    def number(self) -> int:
        return self.draw(st.integers(FROM, TO))

    def sometimes(self, of: int = 3) -> bool:
        """Once in so many; not, when it can be left out."""
        return bool(self.one((False,) * (of - 1) + (True,)))


class Legible(Programme):
    """A programme that shows itself as its questions and conditions, which is what one wants to read of a failure."""

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """How hypothesis shows it."""
        printer.text(str(self))

    def __str__(self) -> str:
        lines = [f"{one.id}: {one.kind}{_may(one)}{_choices(one)}" for one in self.questions]
        lines += [f"{key}: {written(condition)}" for key, condition in conditions(self)]
        lines += [f"{one.id}: {one.lead} {' '.join((*one.offer, *one.tell))}" for one in self.routes]
        return "\n" + "\n".join(lines) + "\n"


def _may(question: Question) -> str:
    return " optional" * question.optional + " one of" * bool(question.one_of)


def _choices(question: Question) -> str:
    return "".join(f" {one.id}{'!' * one.alone}{'?' * one.dont_know}{'.' * bool(one.ends)}" for one in question.choices)


def conditions(programme: Programme) -> Iterator[tuple[str, Condition]]:
    """Every condition there is, with its place."""
    for question in programme.questions:
        if question.ask_if is not None:
            yield f"{question.id}.ask_if", question.ask_if
        yield from ((f"{question.id}.{one.id}.hide_if", one.hide_if) for one in question.choices if one.hide_if)
        yield from ((f"{question.id}.note", note.when) for note in question.notes)
    yield from ((f"group.{group.id}", group.when) for group in programme.groups)
    for rule in programme.rules:
        yield from ((f"{rule.id}.{name}", one) for name in ("no_if", "yes_if") if (one := getattr(rule, name)))
    yield from ((f"{route.id}.when", route.when) for route in programme.routes if route.when)
    yield from ((f"{advice.id}.when", advice.when) for advice in programme.advice if advice.when)


@st.composite
def programmes(draw: Draw, most: int = 6) -> Programme:
    """A programme with up to `most` questions before the result."""
    table = _Table(draw)
    before = [table.question(number) for number in range(1, draw(st.integers(1, most)) + 1)]
    table.questions = before
    table.need_one()
    table.name()
    for place, question in enumerate(before):
        table.conditions(question, before[:place])
    table.judge()
    table.route()
    after = table.after()
    builder = Builder(ProgrammeTable.model_validate(table.written(before, after)), LISTS)
    built = builder.build(Texts({"en": {}}), {})
    assert not builder.findings, [str(one) for one in builder.findings]
    return Legible(**{one.name: getattr(built, one.name) for one in fields(built)})


class _Table:
    """programme.toml as it comes to be."""

    def __init__(self, draw: Draw) -> None:
        self.draw = draw
        self.questions: list[Table] = []
        self.named: dict[str, str] = {}
        self.reads: dict[str, frozenset[str]] = {}
        self.groups: list[Table] = []
        self.rules: list[Table] = []
        self.routes: list[Table] = []
        self.advice: list[Table] = []

    def words(self, questions: Sequence[Table], groups: bool = True, known: bool = True) -> Words:
        """Groups may be named once every question they read has been asked; a no may not rest on known()."""
        ids = {question["id"] for question in questions}
        named = {name: reads for name, reads in self.reads.items() if known or not self.rests_on_known(name)}
        read = frozenset().union(*(_reads(group["when"], self.questions, self.reads) for group in self.groups))
        unsure = any(self.rests_on_known(group["when"]) for group in self.groups)
        usable = groups and read <= ids and (known or not unsure)
        return Words(self.draw, questions, named, [one["id"] for one in self.groups] if usable else (), known)

    def rests_on_known(self, text: str) -> bool:
        return "known" in text or any(self.rests_on_known(one) for name, one in self.named.items() if name in text)

    def question(self, number: int) -> Table:
        one = Words(self.draw, ())
        kind = "choice" if number == 1 else one.one(KINDS)
        question: Table = {"id": f"q{number}", "kind": kind, "section": "before"}
        if kind in ("choice", "choices"):
            ids = "abc"[: self.draw(st.integers(2, 3))]
            question["choices"] = [{"id": id} for id in ids]
            if kind == "choice" and one.sometimes():
                question["choices"].append({"id": "unsure", "dont_know": True})
            if kind == "choices" and one.sometimes():
                question["choices"].append({"id": "none", "alone": True})
            if kind == "choices" and one.sometimes():
                question["choices"].append({"id": "unsure", "alone": True, "dont_know": True})
        if kind == "search":
            question["list"] = "trades"
        if one.sometimes():
            question["optional"] = True
        return question

    def need_one(self) -> None:
        """Now and then one of some questions has to be answered, whichever."""
        if len(self.questions) > 1 and Words(self.draw, ()).sometimes(4):
            for question in self.draw(st.lists(st.sampled_from(self.questions), min_size=2, unique_by=_id)):
                question["one_of"] = "either"

    def name(self) -> None:
        """Named conditions, each of which may name the ones before, and then groups."""
        for number in range(1, self.draw(st.integers(0, 2)) + 1):
            text = self.words(self.questions, groups=False).condition(1)
            self.reads[f"name{number}"] = _reads(text, self.questions, self.reads)
            self.named[f"name{number}"] = text
        words = self.words(self.questions, groups=False)
        self.groups = [{"id": id, "when": words.condition()} for id in "AB"[: self.draw(st.integers(1, 2))]]

    def conditions(self, question: Table, earlier: list[Table]) -> None:
        if not earlier:
            return
        words = self.words(earlier)
        if words.sometimes():
            question["ask_if"] = words.condition()
        for choice in question.get("choices", ())[:-1]:  # one at least is never hidden, unless none need be chosen
            if words.sometimes():
                choice["hide_if"] = words.condition(1)
        if words.sometimes(4):
            whole = self.words([*earlier, question])
            question["note"] = [{"when": whole.condition(1), "text": "odd"}]

    def judge(self) -> None:
        for number in range(1, self.draw(st.integers(1, 3)) + 1):
            shape = self.draw(st.sampled_from(("no", "both", "yes")))
            rule: Table = {"id": f"r{number}", "reason": f"reason{number}"}
            if shape != "yes":
                rule["no_if"] = self.words(self.questions, known=False).condition(1)
            if shape != "no":
                rule["yes_if"] = self.words(self.questions).condition()
            self.rules.append(rule)

    def route(self) -> None:
        words = self.words(self.questions)
        placing = next(one["id"] for one in self.questions if one["kind"] == "choice")
        partners = ("school", "union", f"town:{{{placing}}}", "office")
        asking: Table = {"id": "R0", "ask_staff": True, "lead": words.one(("office", "office", "school"))}
        self.routes = [asking]
        for number in range(1, self.draw(st.integers(0, 3)) + 1):
            route: Table = {"id": f"R{number}", "when": words.condition()}
            route["lead"] = words.one(("school", f"town:{{{placing}}}", "office", "club"))
            route["offer"] = self.draw(st.lists(st.sampled_from(partners), max_size=2, unique=True))
            route["tell"] = ["helpline"] * words.sometimes()
            self.routes.append(route)
        for number in range(1, self.draw(st.integers(0, 2)) + 1):
            self.advice.append({"id": f"a{number}", "when": words.condition()})
        last = words.one(("office", "school"))
        self.routes.append({"id": "R9", "otherwise": True, "lead": last})

    def after(self) -> list[Table]:
        """After the result: whether to send, how to be reached, whom to."""
        one = Words(self.draw, ())
        found: list[Table] = []
        if one.sometimes(2):
            choices: list[Table] = [{"id": "yes"}, {"id": "no", "ends": "not_sent"}]
            found.append({"id": "send", "kind": "choice", "choices": choices})
        if one.sometimes(2):
            found += [{"id": id, "kind": id, "one_of": "contact"} for id in ("email", "phone")]
        for id, of in (("who", "partners"), ("union_too", "unions")):
            if one.sometimes(2):
                found.append({"id": id, "kind": "consents", "of": of, "optional": one.sometimes()})
        if one.sometimes(2):
            found.append({"id": "sure", "kind": "confirm"})
        for place, question in enumerate(found):
            question["section"] = "after"
            if self.draw(st.sampled_from((False, False, True))):
                asked = [one for one in found[:place] if one["kind"] in ("choice", "email")]
                question["ask_if"] = self.words([*self.questions, *asked]).condition(1)
        return found

    def written(self, before: list[Table], after: list[Table]) -> Table:
        return {
            "id": "random", "version": "1", "languages": ["en"], "owner": "office", "phone": "031-000 00 00",
            "reference": "RA", "limits": {"questions": 3}, "sets": {"first_two": ["a", "b"]},
            "conditions": self.named,
            "section": [{"id": "before"}, {"id": "after", "after_result": True}],
            "partner": [
                {"id": "office"}, {"id": "school"}, {"id": "town:a"}, {"id": "club"},
                {"id": "town:b", "takes_persons": False}, {"id": "union", "union": True},
            ],
            "organisation": [{"id": "helpline"}],
            "question": [*before, *after], "group": self.groups, "rule": self.rules, "route": self.routes,
            "advice": self.advice,
        }  # fmt: skip


def _id(question: Table) -> str:
    return str(question["id"])


def _reads(text: str, questions: Sequence[Table], named: Mapping[str, frozenset[str]]) -> frozenset[str]:
    found = {question["id"] for question in questions if question["id"] in text}
    return frozenset(found.union(*(reads for name, reads in named.items() if name in text)))


def values(question: Question, offered: Sequence[str], today: date) -> Iterator[Value]:
    """What tells the programmes of this file apart: every choice, and of the rest every side of every border."""
    match question.kind:
        case "choice":
            yield from offered
        case "choices":
            alone = {choice.id for choice in question.choices if choice.alone}
            for size in range(1, len(offered) + 1):
                yield from (list(some) for some in combinations(offered, size) if size == 1 or not alone & set(some))
        case "number":
            yield from range(TO + 2)
        case "year":
            yield from (today.year - number for number in range(FROM - 1, TO + 2))
        case "month":
            yield from _months(today)
        case "date":
            yield from _days(today)
        case "consents":
            yield dict.fromkeys(offered, True)
        case _:
            yield {"email": "person@example.org", "phone": "0310000000", "confirm": "yes"}.get(question.kind, "words")


def _months(today: date) -> Iterator[str]:
    """One for each number of completed years."""
    yield from (f"{today.year - years}-{today.month:02}" for years in range(FROM - 1, TO + 2))


def _days(today: date) -> Iterator[str]:
    """The days around today, and around the day years ago or ahead on which one more is completed."""
    yield from ((today + timedelta(days)).isoformat() for days in range(FROM - 1, TO + 2))
    for years in (FROM, *range(1, TO + 2)):
        first = date(today.year - years, today.month, 1)
        yield from ((first + timedelta(today.day - 1 + more)).isoformat() for more in (-1, 0, 1))


@st.composite
def answers(draw: Draw, programme: Programme, today: date) -> dict[str, Value | None]:
    """Of one person, odd ones too: missing, skipped, to questions that are not asked, choices that are hidden."""
    found: dict[str, Value | None] = {}
    partners = tuple(programme.partners)
    for question in programme.questions:
        state = draw(st.sampled_from(("said",) * 6 + ("skipped", "missing")))
        if state == "missing":
            continue
        offered = partners if question.kind == "consents" else tuple(choice.id for choice in question.choices)
        said = st.sampled_from(list(values(question, offered, today)))
        found[question.id] = None if state == "skipped" else draw(said)
    return found


def walked(programme: Programme, said: Mapping[str, Value | None], today: date) -> Journey:
    """As far as it goes: what need not be answered is skipped, also where the answer is not offered any more, and the
    person has gone on from the result.
    """
    skippable = [one.id for one in programme.questions if one.optional or one.one_of]
    whole = {**dict.fromkeys(skippable), **said}
    while True:
        journey = travel(programme, {**whole, SEEN: travel(programme, whole, today).seen()}, today)
        if journey.place not in skippable or whole[journey.place] is None:
            return journey
        whole[journey.place] = None
