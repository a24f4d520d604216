"""From the tables of `programme.toml` to engine values: ids looked up, conditions parsed, every fault a finding."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from intake.catalog.format import PartnerTable, ProgrammeTable, QuestionTable, RouteTable
from intake.engine.conditions import All, Condition, Known, Not, NotACondition, Scope, parse, questions_of
from intake.engine.findings import Finding, did_you_mean
from intake.engine.programme import (
    Choice,
    Entry,
    Group,
    Letter,
    Limits,
    Note,
    Organisation,
    Partner,
    Programme,
    Question,
    Route,
    Rule,
    Section,
    Texts,
)

FILE = "programme.toml"
LONGEST_BUTTON = 64  # bytes of Telegram's callback_data: "q:<question>:<choice>:<revision>"


class Builder:
    """Collects findings while it builds; `programme` is only to be used when there are none."""

    def __init__(self, table: ProgrammeTable, lists: Mapping[str, tuple[Entry, ...]]) -> None:
        self.table = table
        self.lists = lists
        self.findings: list[Finding] = []
        self.sections = {section.id: Section(section.id, section.after_result) for section in table.section}
        self.asked: dict[str, Question] = {}
        self.questions: dict[str, Question] = {}
        self.named: dict[str, Condition] = {}
        self.groups: dict[str, Condition] = {}
        self.group_whens: list[Group] = []

    def build(self, texts: Texts, letters: Mapping[tuple[str, str], Letter]) -> Programme:
        table = self.table
        self._unique_ids()
        self.questions = {question.id: self._bare(question) for question in table.question}
        self._named()
        self._groups()
        questions = tuple(self._question(question) for question in table.question)
        return Programme(
            id=table.id,
            version=table.version,
            languages=tuple(table.languages),
            owner=self._one_of(table.owner, [partner.id for partner in table.partner], "owner", "partner"),
            phone=table.phone,
            reference=table.reference,
            limits=Limits(table.limits.interview_days, table.limits.text),
            sections=tuple(self.sections.values()),
            questions=questions,
            groups=tuple(self.group_whens),
            rules=self._rules(),
            routes=self._routes(),
            partners={partner.id: self._partner(partner) for partner in table.partner},
            organisations={one.id: Organisation(one.id, tuple(one.hint)) for one in table.organisation},
            texts=texts,
            letters=letters,
            lists=self.lists,
        )

    def say(self, code: str, key: str, message: str) -> None:
        self.findings.append(Finding(code, FILE, key, message))

    def _unique_ids(self) -> None:
        for name in ("section", "partner", "organisation", "question", "group", "rule", "route"):
            ids = [item.id for item in getattr(self.table, name)]
            for id in sorted({id for id in ids if ids.count(id) > 1}):
                self.say("double_id", f"{name} {id}", "this id is there more than once")

    def _one_of(self, id: str, permitted: Iterable[str], key: str, what: str) -> str:
        words = list(permitted)
        if id not in words:
            self.say("unknown_id", key, f'there is no {what} "{id}"{did_you_mean(id, words)}')
        return id

    def _bare(self, table: QuestionTable) -> Question:
        """A question without its conditions: what other conditions need to know of it."""
        section = self._one_of(table.section, self.sections, f"question {table.id}.section", "section")
        return Question(
            id=table.id,
            kind=table.kind,
            section=section,
            optional=table.optional,
            choices=tuple(
                Choice(choice.id, None, choice.alone, choice.dont_know, choice.ends) for choice in table.choices
            ),
            list=table.searched,
            of=table.of,
            one_of=table.one_of,
            max=table.max or self.table.limits.text,
            after_result=self.sections[section].after_result if section in self.sections else False,
        )

    def _named(self) -> None:
        for name, text in self.table.conditions.items():
            if name in self.questions:
                self.say("double_id", f"conditions.{name}", "a question has this name too")
            condition = self._parse(text, f"conditions.{name}", self.questions, {})
            if condition is not None:
                self.named[name] = condition

    def _groups(self) -> None:
        earlier: list[Condition] = []
        for group in self.table.group:
            when = self._parse(group.when, f"group {group.id}.when", self._before_result(), {})
            if when is None:
                continue
            self.group_whens.append(Group(group.id, when))
            self.groups[group.id] = All((when, *(Not(one) for one in earlier))) if earlier else when
            earlier.append(when)

    def _before_result(self) -> dict[str, Question]:
        return {id: question for id, question in self.questions.items() if not question.after_result}

    def _question(self, table: QuestionTable) -> Question:
        key = f"question {table.id}"
        bare = self.questions[table.id]
        earlier = dict(self.asked)
        ask_if = self._parse(table.ask_if, f"{key}.ask_if", earlier) if table.ask_if is not None else None
        choices = tuple(
            Choice(
                choice.id,
                self._parse(choice.hide_if, f"{key}.choices.{choice.id}.hide_if", earlier) if choice.hide_if else None,
                choice.alone,
                choice.dont_know,
                choice.ends,
            )
            for choice in table.choices
        )
        self.asked[table.id] = bare
        notes = [
            Note(when, note.text)
            for note in table.note
            if (when := self._parse(note.when, f"{key}.note.when", self.asked))
        ]
        self._fitting(table, key)
        self._in_order(bare, key)
        return Question(
            bare.id, bare.kind, bare.section, ask_if, bare.optional, choices, bare.list, bare.of, bare.one_of, bare.max,
            tuple(notes), bare.after_result,
        )  # fmt: skip

    def _fitting(self, table: QuestionTable, key: str) -> None:
        """What a question of this kind must have, and what it cannot have."""
        wants = {"choice": "choices", "choices": "choices", "search": "list", "consents": "of"}
        wanted = wants.get(table.kind)
        for name in ("choices", "list", "of"):
            has = bool(table.searched if name == "list" else getattr(table, name))
            if has and name != wanted:
                self.say("wrong_key", f"{key}.{name}", f"a question of kind {table.kind} has no {name}")
            if not has and name == wanted:
                self.say("missing_key", f"{key}.{name}", f"a question of kind {table.kind} needs {name}")
        if table.kind == "search" and table.searched and table.searched not in self.lists:
            self.say(
                "unknown_id",
                f"{key}.list",
                f"there is no lists/{table.searched}.csv{did_you_mean(table.searched, self.lists)}",
            )
        ids = [choice.id for choice in table.choices]
        for choice in table.choices:
            if ids.count(choice.id) > 1:
                self.say("double_id", f"{key}.choices.{choice.id}", "this id is there more than once")
        partners = [partner.id for partner in self.table.partner] if table.kind == "consents" else []
        for id in (*ids, *partners):
            if len(f"q:{table.id}:{id}:999999".encode()) > LONGEST_BUTTON:
                self.say(
                    "id_too_long",
                    f"{key}.choices.{id}",
                    f"a Telegram button holds {LONGEST_BUTTON} bytes: shorten an id",
                )

    def _in_order(self, question: Question, key: str) -> None:
        order = [section.id for section in self.table.section]
        before = [self.questions[id].section for id in self.asked]
        if any(
            order.index(one) > order.index(question.section)
            for one in before
            if one in order and question.section in order
        ):
            self.say("out_of_order", key, "questions stand in the order of their sections")

    def _rules(self) -> tuple[Rule, ...]:
        rules = []
        for table in self.table.rule:
            key = f"rule {table.id}"
            no_if = self._parse(table.no_if, f"{key}.no_if", self._before_result()) if table.no_if is not None else None
            yes_if = (
                self._parse(table.yes_if, f"{key}.yes_if", self._before_result()) if table.yes_if is not None else None
            )
            if no_if is not None and any(isinstance(part, Known) for part in no_if.parts()):
                self.say(
                    "known_in_no_if",
                    f"{key}.no_if",
                    "known() may not decide a no: what is not yet known may still be said",
                )
            if table.no_if is None and table.yes_if is None:
                self.say("missing_key", key, "a rule needs no_if or yes_if")
            elif yes_if is None and no_if is not None:
                yes_if = Not(no_if)
            if yes_if is not None:
                rules.append(Rule(table.id, table.reason, no_if, yes_if))
        return tuple(rules)

    def _routes(self) -> tuple[Route, ...]:
        last = self.table.route[-1]
        if not last.otherwise:
            self.say(
                "missing_key",
                f"route {last.id}.otherwise",
                "the last route needs otherwise = true: it fits when no other does",
            )
        if sum(route.ask_staff for route in self.table.route) != 1:
            self.say("missing_key", "route", "exactly one route needs ask_staff = true: who decides when staff must")
        return tuple(self._route(route, route is last) for route in self.table.route)

    def _route(self, table: RouteTable, last: bool) -> Route:
        key = f"route {table.id}"
        special = table.otherwise or table.ask_staff
        if table.when is None and not special:
            self.say("missing_key", f"{key}.when", "a route needs when, otherwise or ask_staff")
        if (table.when is not None and special) or (table.otherwise and not last):
            self.say("wrong_key", key, "otherwise stands alone on the last route; ask_staff stands without when")
        if table.lead in [partner.id for partner in self.table.partner if partner.union]:
            self.say(
                "union_leads",
                f"{key}.lead",
                f'"{table.lead}" is a union; unions are offered on a screen of their own and never lead',
            )
        for template in (table.lead, *table.offer):
            self._template(template, key, fixed=special)
        for id in table.tell:
            self._one_of(id, [one.id for one in self.table.organisation], f"{key}.tell", "organisation")
        when = self._parse(table.when, f"{key}.when", self._before_result()) if table.when is not None else None
        return Route(
            table.id,
            table.lead,
            when,
            tuple(table.offer),
            tuple(table.tell),
            tuple(table.hint),
            table.otherwise,
            table.ask_staff,
        )

    def _template(self, template: str, key: str, fixed: bool) -> None:
        """A partner, or one partner per choice of a question (`municipality:{home_municipality}`)."""
        partners = {partner.id: partner for partner in self.table.partner}
        before, brace, rest = template.partition("{")
        if not brace:
            id = self._one_of(template, partners, key, "partner")
            if id in partners and not partners[id].takes_persons:
                self.say("takes_no_persons", key, f'"{id}" never gets persons and cannot lead or be offered')
            return
        name, _, after = rest.partition("}")
        question = self._before_result().get(name)
        if fixed:
            self.say("wrong_key", key, f'"{template}" may have no partner; this route must always have one')
        if question is None or question.kind != "choice":
            self.say(
                "unknown_id",
                key,
                f"{{{name}}} is no choice question before the result{did_you_mean(name, self.questions)}",
            )
        elif not any(f"{before}{choice.id}{after}" in partners for choice in question.choices):
            self.say(
                "unknown_id", key, f'no choice of {name} gives a partner "{template}"{did_you_mean(before, partners)}'
            )

    def _partner(self, table: PartnerTable) -> Partner:
        for id in table.sees or ():
            self._one_of(id, self.questions, f"partner {table.id}.sees", "question")
        sees = None if table.sees is None else frozenset(table.sees)
        return Partner(table.id, table.takes_persons, table.union, tuple(table.hint), sees)

    def _parse(
        self,
        text: str,
        key: str,
        questions: Mapping[str, Question],
        groups: Mapping[str, Condition] | None = None,
    ) -> Condition | None:
        """The condition, or None with a finding. Named conditions and groups too may name only `questions`."""
        later = frozenset(self.questions) - frozenset(questions)
        scope = Scope(questions, self.table.sets, self.named, self.groups if groups is None else groups, later)
        try:
            condition = parse(text, scope)
        except NotACondition as error:
            self.say("bad_condition", key, str(error))
            return None
        for id in questions_of(condition):
            if id not in questions:
                self.say("looks_forward", key, f'"{id}" is asked later; a condition may only look back')
                return None
        return condition
