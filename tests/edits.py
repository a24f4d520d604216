"""Random single edits of a programme, as an author might make them in programme.toml."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace
from random import Random
from typing import Any

from pydantic import ValidationError

from intake.authoring.catalog.build import Builder
from intake.authoring.catalog.format import ProgrammeTable
from intake.engine.conditions import OPERATORS, And, Compare, Condition, Has, InGroup, Is, Known, Not, Or
from intake.engine.programme import Programme, Question
from intake.engine.written import written

Table = dict[str, Any]
Edit = Callable[["Editing"], str]


class Editing:
    """One edit on a copy of the tables."""

    def __init__(self, programme: Programme, table: Table, chance: Random) -> None:
        self.programme, self.table, self.chance = programme, deepcopy(table), chance

    def one(self, what: str) -> Table:
        found: Table = self.chance.choice(self.table[what])
        return found

    def question(self) -> Table:
        before = {question.id for question in self.programme.before_result}
        found: Table = self.chance.choice([one for one in self.table["question"] if one["id"] in before])
        return found

    def leaf(self) -> Condition:
        return leaf(self.chance.choice(self.programme.before_result), self.chance)


def edits(programme: Programme, table: Table, chance: Random) -> Iterator[tuple[str, Programme]]:
    """Edited programmes without end, each with what was done; only such as the format permits."""
    while True:
        editing = Editing(programme, table, chance)
        done = chance.choice(EDITS)(editing)
        edited = _built(programme, editing.table)
        if edited is not None:
            yield done, edited


def _built(programme: Programme, table: Table) -> Programme | None:
    try:
        builder = Builder(ProgrammeTable.model_validate(table), programme.lists)
        edited = builder.build(programme.texts, programme.letters)
    except (ValidationError, ValueError, LookupError, StopIteration):
        return None
    return None if builder.findings else edited


def leaf(question: Question, chance: Random) -> Condition:
    """Something one can ask of an answer."""
    ids = [choice.id for choice in question.choices if not choice.dont_know]
    ways: list[Condition] = [Known(question.id), Not(Known(question.id))]
    if question.kind == "choice":
        ways += [Is(question.id, frozenset(chance.sample(ids, k=chance.randint(1, len(ids))))) for _ in range(3)]
    if question.kind == "choices":
        ways += [Has(question.id, chance.choice(ids)), Compare("count", question.id, ">=", chance.randint(1, 3))]
    if question.kind == "date":
        ways.append(Compare("days_until", question.id, "<=", chance.randint(-60, 60)))
    return chance.choice(ways)


def mutated(condition: Condition, chance: Random, spare: Condition) -> Condition:
    """One part of it changed. `spare`: something to put in."""
    if isinstance(condition, And | Or) and chance.random() < 0.6:
        place = chance.randrange(len(condition.members))
        parts = list(condition.members)
        parts[place] = mutated(parts[place], chance, spare)
        return replace(condition, members=tuple(parts))
    match condition:
        case And(members):
            less = And(members[1:]) if members[2:] else spare
            return _one_of(chance, Or(members), And((*members, spare)), less)
        case Or(members):
            fewer = Or(members[1:]) if members[2:] else spare
            return _one_of(chance, And(members), Or((*members, spare)), fewer)
        case Not(part):
            return _one_of(chance, part, Not(mutated(part, chance, spare)))
        case Is(question, choices) if len(choices) > 1:
            return Is(question, choices - {chance.choice(sorted(choices))})
        case Compare(measure, question, operator, number):
            other = chance.choice([one for one in OPERATORS if one != operator])
            return chance.choice(
                [Compare(measure, question, other, number), Compare(measure, question, operator, number + 1)]
            )
        case InGroup(group, meaning):
            return _one_of(chance, InGroup("B" if group == "A" else "A", meaning), Not(condition))
    return _one_of(chance, Not(condition), Or((condition, spare)), And((condition, spare)), spare)


def _one_of(chance: Random, *conditions: Condition) -> Condition:
    return chance.choice(conditions)


def _condition(editing: Editing) -> str:
    programme, chance = editing.programme, editing.chance
    places: list[tuple[Table, str, Condition]] = []
    for table in editing.table["question"]:
        question = programme.by_id[table["id"]]
        if not question.after_result:
            places += [(table, "ask_if", question.ask_if)] if question.ask_if else []
            for choice, inner in zip(question.choices, table.get("choices", ()), strict=True):
                places += [(inner, "hide_if", choice.hide_if)] if choice.hide_if else []
    for what, key, items in (
        ("group", "when", programme.groups), ("rule", "no_if", programme.rules),
        ("rule", "yes_if", programme.rules), ("route", "when", programme.routes),
    ):  # fmt: skip
        for table, item in zip(editing.table[what], items, strict=True):
            places += [(table, key, getattr(item, key))] if key in table else []
    places += [(editing.table["conditions"], name, programme.named[name]) for name in editing.table["conditions"]]
    table, key, condition = chance.choice(places)
    before = table[key]
    table[key] = written(mutated(condition, chance, editing.leaf()))
    return f"{table.get('id', 'conditions')}.{key}: {before} -> {table[key]}"


def _dropped_condition(editing: Editing) -> str:
    what, key = editing.chance.choice([("question", "ask_if"), ("rule", "no_if"), ("route", "when")])
    table = editing.one(what)
    return f"{what} {table['id']}: no {key} any more, was {table.pop(key, None)}"


def _added_condition(editing: Editing) -> str:
    question, text = editing.question(), written(editing.leaf())
    if question.get("choices") and editing.chance.random() < 0.5:
        choice = editing.chance.choice(question["choices"])
        choice["hide_if"] = text
        return f"{question['id']}.{choice['id']}: hide_if {text}"
    question["ask_if"] = text
    return f"{question['id']}: ask_if {text}"


def _choice(editing: Editing) -> str:
    question = editing.question()
    choices = question.get("choices")
    if not choices:
        return "nothing"
    place = editing.chance.randrange(len(choices))
    match editing.chance.choice(["add", "remove", "dont_know", "alone", "move"]):
        case "add":
            choices.insert(place, {"id": "quite_new"})
        case "remove":
            return f"{question['id']}: without {choices.pop(place)}"
        case "move":
            choices.append(choices.pop(place))
        case flag:
            choices[place][flag] = not choices[place].get(flag, False)
    return f"{question['id']}: choices {choices}"


def _question(editing: Editing) -> str:
    questions = editing.table["question"]
    question = editing.question()
    place = questions.index(question)
    match editing.chance.choice(["optional", "add", "add", "remove", "move", "section"]):
        case "optional":
            question["optional"] = not question.get("optional", False)
            return f"{question['id']}: optional {question['optional']}"
        case "add":
            added: Table = {
                "id": "quite_new", "kind": "choice", "section": question["section"],
                "optional": editing.chance.random() < 0.3, "choices": [{"id": "yes"}, {"id": "no"}],
            }  # fmt: skip
            if editing.chance.random() < 0.7:
                added["ask_if"] = written(editing.leaf())
            questions.insert(place, added)
            return f"added {added}"
        case "remove":
            questions.remove(question)
            return f"removed {question['id']}"
        case "move":
            questions.remove(question)
            questions.insert(editing.chance.randrange(len(questions)), question)
            return f"moved {question['id']}"
    question["section"] = "needs"
    return f"{question['id']} in another section"


def _item(editing: Editing) -> str:
    what = editing.chance.choice(["rule", "rule", "route", "route", "route", "group"])
    items, item = editing.table[what], editing.one(what)
    match editing.chance.choice(["remove", "move", "copy"]):
        case "remove":
            items.remove(item)
            return f"removed {what} {item['id']}"
        case "move":
            items.remove(item)
            items.insert(editing.chance.randrange(len(items) + 1), item)
            return f"moved {what} {item['id']}"
    key = "yes_if" if what == "rule" else "when"
    copy = {**item, "id": "quite_new" if what == "rule" else "N", key: written(editing.leaf())}
    items.insert(editing.chance.randrange(len(items) + 1), copy)
    return f"added {what} {copy}"


def _partners(editing: Editing) -> str:
    partners = [partner["id"] for partner in editing.table["partner"]]
    route, partner = editing.one("route"), editing.one("partner")
    match editing.chance.choice(["lead", "offer", "offer", "takes_persons", "union", "tell", "gone", "come"]):
        case "lead":
            route["lead"] = editing.chance.choice([*partners, "municipality:{home_municipality}"])
        case "offer":
            route["offer"] = editing.chance.sample(partners, k=editing.chance.randint(0, 2))
        case "tell":
            route["tell"] = ["tsl"]
        case "takes_persons":
            partner["takes_persons"] = not partner.get("takes_persons", True)
        case "union":
            partner["union"] = not partner.get("union", False)
        case "gone":
            editing.table["partner"].remove(partner)
        case "come":
            editing.table["partner"].append({"id": "municipality:other"})
    return f"{route} or {partner}"


EDITS: list[Edit] = [
    _condition, _condition, _condition, _condition, _dropped_condition, _added_condition, _choice, _question, _item,
    _partners,
]  # fmt: skip
