"""Builds engine values from the tables of `programme.toml`: resolves ids, parses conditions, collects findings."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import repeat

from intake.authoring.catalog.format import (
    AdviceTable,
    ChoiceTable,
    PartnerTable,
    ProgrammeTable,
    QuestionTable,
    RouteTable,
    RuleTable,
)
from intake.authoring.catalog.questions import question_findings
from intake.engine import lengths
from intake.engine.conditions import And, Compare, Condition, Is, Known, Not, Or, questions_of
from intake.engine.domains import DAYS, OneOf
from intake.engine.findings import Finding, did_you_mean, nearest
from intake.engine.kinds import KINDS
from intake.engine.parsing import ConditionScope, NotACondition, parse
from intake.engine.programme import (
    Advice,
    Choice,
    Entry,
    Group,
    LastDay,
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
UNKNOWN: Condition = Is("", frozenset())  # a condition that is always unknown
GUESSES: tuple[Condition, ...] = (UNKNOWN, And(()), Or(()))  # the outcomes that a condition may have
TIME = ("days_until", "years_since")  # measures that change as time passes
ID = re.compile(r"[a-z][a-z0-9_]*")
CODE = re.compile(r"[A-Za-z0-9_]+(:[A-Za-z0-9_]+)?")  # also codes of others: 1480, municipality:1480
# Names that have another meaning where the id of a question, rule or programme is written.
TAKEN = {
    "question": frozenset({"group", "because", "known", "count", "days_until", "years_since", "skip", *keyword.kwlist}),
    "rule": frozenset({"unsaid"}),
    "programme": frozenset({"staff", "static", "demo", "healthz", "readyz", "api", "metrics"}),
}


class Builder:
    """Collects findings while building; a programme with findings serves only to find more of them.

    An unknown id is read as the nearest one; conditions that cannot be read are replaced by the `guesses`, in order.
    """

    def __init__(
        self,
        table: ProgrammeTable,
        lists: Mapping[str, tuple[Entry, ...]],
        guesses: Iterable[Condition] = repeat(UNKNOWN),
    ) -> None:
        self.table = table
        self.lists = lists
        self.guesses = iter(guesses)
        self.guessed = 0
        self.findings: list[Finding] = []
        self.sections = {section.id: Section(section.id, section.after_result) for section in table.section}
        self.asked: dict[str, Question] = {}
        self.questions: dict[str, Question] = {}
        self.named: dict[str, Condition] = {}
        self.groups: dict[str, Condition] = {}
        self.group_whens: list[Group] = []
        self.words: set[str] = set()  # of all conditions

    def build(self, texts: Texts, letters: Mapping[tuple[str, str], Letter]) -> Programme:
        table = self.table
        self._ids()
        self._sections()
        self.questions = {question.id: self._bare(question) for question in table.question}
        self._named()
        self._groups()
        questions = tuple(self._question(question) for question in table.question)
        return Programme(
            id=table.id,
            version=table.version,
            languages=tuple(table.languages),
            owner=self._owner(),
            phone=table.phone,
            reference=table.reference,
            limits=Limits(**table.limits.model_dump()),
            sections=tuple(self.sections.values()),
            questions=questions,
            groups=tuple(self.group_whens),
            rules=self._rules(),
            routes=self._routes(),
            partners={partner.id: self._partner(partner) for partner in table.partner},
            organisations={one.id: Organisation(one.id) for one in table.organisation},
            texts=texts,
            advice=tuple(self._advice(one) for one in table.advice),
            letters=letters,
            lists=self.lists,
            named=self.named,
            spare_sets=tuple(name for name in table.sets if name not in self.words),
        )

    def say(self, code: str, key: str, message: str) -> None:
        self.findings.append(Finding(code, FILE, key, message))

    def _ids(self) -> None:
        """Checks the spelling of ids, and that they are unique."""
        table = self.table
        self._id("programme", "id", table.id, ID)
        if not re.fullmatch(r"[A-Z]{2,4}", table.reference):
            self.say("bad_id", "reference", f'"{table.reference}" should be 2 to 4 capital letters')
        for language in sorted({one for one in table.languages if table.languages.count(one) > 1}):
            self.say("double_id", "languages", f'"{language}" is there more than once')
        for what, names in (("sets", table.sets), ("conditions", table.conditions)):
            for name in names:
                self._id(what, f"{what}.{name}", name, ID)
        for what in ("section", "partner", "organisation", "question", "group", "rule", "route", "advice"):
            ids = [item.id for item in getattr(table, what)]
            for id in dict.fromkeys(ids):
                self._id(what, f"{what}.{id}.id", id, CODE if what in ("partner", "group", "route") else ID)
                if ids.count(id) > 1:
                    self.say("double_id", f"{what}.{id}", "this id is there more than once")
        for rule in table.rule:
            if len(rule.reason) > lengths.CODE:
                why = f'"{rule.reason}" should be at most {lengths.CODE} characters'
                self.say("bad_id", f"rule.{rule.id}.reason", why)
        for question in table.question:
            for choice in question.choices:
                self._id("choice", f"question.{question.id}.choices.{choice.id}", choice.id, CODE)

    def _id(self, what: str, key: str, id: str, written: re.Pattern[str]) -> None:
        if len(id) > lengths.ID or not written.fullmatch(id):
            how = "small letters, digits and _, a letter first" if written is ID else "letters, digits, _ and one :"
            self.say("bad_id", key, f'"{id}" should be at most {lengths.ID} characters: {how}')
        elif id in TAKEN.get(what, ()):
            self.say("bad_id", key, f'"{id}" means something else here: choose another id')

    def _sections(self) -> None:
        after = [section.after_result for section in self.table.section]
        if after != sorted(after):
            self.say("out_of_order", "section", "sections after the result stand last")

    def _one_of(self, id: str, permitted: Iterable[str], key: str, what: str) -> str:
        """Returns the id; if it does not exist, adds a finding and returns the nearest one."""
        words = list(permitted)
        if id in words:
            return id
        self.say("unknown_id", key, f'there is no {what} "{id}"{did_you_mean(id, words)}')
        return nearest(id, words) or id

    def _owner(self) -> str:
        partners = {partner.id: partner for partner in self.table.partner}
        owner = self._one_of(self.table.owner, partners, "owner", "partner")
        if owner in partners and (partners[owner].union or not partners[owner].takes_persons):
            self.say("takes_no_persons", "owner", f'"{owner}" cannot watch every referral: the owner gets all persons')
        return owner

    def _bare(self, table: QuestionTable) -> Question:
        """A question without its conditions: the part of it that other conditions refer to."""
        section = self._one_of(table.section, self.sections, f"question.{table.id}.section", "section")
        return Question(
            id=table.id,
            kind=table.kind,
            section=section,
            optional=table.optional,
            choices=tuple(
                Choice(choice.id, None, choice.alone, choice.dont_know, choice.ends) for choice in _choices(table)
            ),
            list=table.searched,
            of=(table.of or "partners") if KINDS[table.kind].needs == "of" else None,
            one_of=table.one_of,
            max=table.max or self.table.limits.text,
            after_result=self.sections[section].after_result if section in self.sections else False,
            find_out=table.find_out,
        )

    def _named(self) -> None:
        for name, text in self.table.conditions.items():
            if name in self.questions:
                self.say("double_id", f"conditions.{name}", "a question has this name too")
            self.named[name] = self._parse(text, f"conditions.{name}", self.questions, {})

    def _groups(self) -> None:
        earlier: list[Condition] = []
        for group in self.table.group:
            when = self._parse(group.when, f"group.{group.id}.when", self._before_result(), {})
            self.group_whens.append(Group(group.id, when))
            self.groups[group.id] = And((when, *(Not(one) for one in earlier))) if earlier else when
            earlier.append(when)

    def _before_result(self) -> dict[str, Question]:
        return {id: question for id, question in self.questions.items() if not question.after_result}

    def _question(self, table: QuestionTable) -> Question:
        key = f"question.{table.id}"
        bare = self.questions[table.id]
        earlier = dict(self.asked)
        ask_if = None if table.ask_if is None else self._parse(table.ask_if, f"{key}.ask_if", earlier)
        choices = tuple(
            Choice(
                choice.id,
                None
                if choice.hide_if is None
                else self._parse(choice.hide_if, f"{key}.choices.{choice.id}.hide_if", earlier),
                choice.alone,
                choice.dont_know,
                choice.ends,
            )
            for choice in _choices(table)
        )
        self.asked[table.id] = bare
        notes = [
            Note(self._parse(note.when, f"{key}.note.{number}.when", self.asked), note.text)
            for number, note in enumerate(table.note, 1)
        ]
        self.findings += question_findings(table, bare.after_result, self.table.partner, self.lists)
        self._in_order(bare, key)
        return replace(bare, ask_if=ask_if, choices=choices, notes=tuple(notes))

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
        return tuple(rule for table in self.table.rule for rule in self._rule(table))

    def _rule(self, table: RuleTable) -> Iterator[Rule]:
        key, before = f"rule.{table.id}", self._before_result()
        no_if = None if table.no_if is None else self._parse(table.no_if, f"{key}.no_if", before)
        yes_if = None if table.yes_if is None else self._parse(table.yes_if, f"{key}.yes_if", before)
        if no_if is not None and any(isinstance(part, Known) for part in no_if.parts()):
            self.say(
                "known_in_no_if", f"{key}.no_if", "known() may not decide a no: what is not yet known may still be said"
            )
        if yes_if is None:
            if no_if is None:
                self.say("missing_key", key, "a rule needs no_if or yes_if")
                return
            yes_if = Not(no_if)
        read = (*yes_if.parts(), *(no_if.parts() if no_if is not None else ()))
        if table.in_time and not any(isinstance(part, Compare) and part.measure in TIME for part in read):
            why = f"time alone changes nothing here: its conditions have no {' or '.join(TIME)}"
            self.say("wrong_key", f"{key}.in_time", why)
        yield Rule(table.id, table.reason, no_if, yes_if, table.in_time)

    def _routes(self) -> tuple[Route, ...]:
        last = self.table.route[-1]
        if not last.otherwise:
            self.say(
                "missing_key",
                f"route.{last.id}.otherwise",
                "the last route needs otherwise = true: it fits when no other does",
            )
        if sum(route.ask_staff for route in self.table.route) != 1:
            self.say("missing_key", "route", "exactly one route needs ask_staff = true: who decides when staff must")
        return tuple(self._route(route, route is last) for route in self.table.route)

    def _route(self, table: RouteTable, last: bool) -> Route:
        key = f"route.{table.id}"
        special = table.otherwise or table.ask_staff
        if table.when is None and not special and not last:
            self.say("missing_key", f"{key}.when", "a route needs when, otherwise or ask_staff")
        if (table.when is not None and special) or (table.otherwise and not last):
            self.say("wrong_key", key, "otherwise stands alone on the last route; ask_staff stands without when")
        for name in ("offer", "tell"):
            if table.ask_staff and getattr(table, name):
                why = "means nothing on the route for whom staff decide: they get what the routes that fit tell"
                self.say("wrong_key", f"{key}.{name}", why)
        if table.lead in [partner.id for partner in self.table.partner if partner.union]:
            self.say(
                "union_leads",
                f"{key}.lead",
                f'"{table.lead}" is a union; unions are offered on a screen of their own and never lead',
            )
        return Route(
            table.id,
            self._template(table.lead, f"{key}.lead", fixed=special),
            None if table.when is None else self._parse(table.when, f"{key}.when", self._before_result()),
            tuple(self._template(template, f"{key}.offer", fixed=special) for template in table.offer),
            tuple(
                self._one_of(id, [one.id for one in self.table.organisation], f"{key}.tell", "organisation")
                for id in table.tell
            ),
            table.otherwise,
            table.ask_staff,
        )

    def _advice(self, table: AdviceTable) -> Advice:
        key, by = f"advice.{table.id}", None
        if table.by is not None:
            days = [id for id, one in self._before_result().items() if KINDS[one.kind].domain == DAYS]
            question = self._one_of(table.by.question, days, f"{key}.by.question", "question about a day")
            by = LastDay(question, table.by.days, table.by.months, table.by.years)
            if sum(bool(one) for one in (by.days, by.months, by.years)) != 1:
                self.say("wrong_key", f"{key}.by", "needs exactly one of days, months and years, and not 0")
        when = None if table.when is None else self._parse(table.when, f"{key}.when", self._before_result())
        return Advice(table.id, when, by)

    def _template(self, template: str, key: str, fixed: bool) -> str:
        """Checks a partner, or a template for one partner per choice (`municipality:{home_municipality}`)."""
        partners = {partner.id: partner for partner in self.table.partner}
        before, brace, rest = template.partition("{")
        if not brace:
            id = self._one_of(template, partners, key, "partner")
            if id in partners and not partners[id].takes_persons:
                self.say("takes_no_persons", key, f'"{id}" never gets persons and cannot lead or be offered')
            return id
        name, _, after = rest.partition("}")
        placing = [id for id, one in self._before_result().items() if isinstance(KINDS[one.kind].domain, OneOf)]
        question = self.questions.get(name) if name in placing else None
        if fixed:
            self.say("wrong_key", key, f'"{template}" may have no partner; this route must always have one')
        if question is None:
            self.say(
                "unknown_id",
                key,
                f"{{{name}}} is no choice question before the result{did_you_mean(name, placing)}",
            )
        elif not any(f"{before}{choice.id}{after}" in partners for choice in question.choices):
            self.say(
                "unknown_id", key, f'no choice of {name} gives a partner "{template}"{did_you_mean(before, partners)}'
            )
        return template

    def _partner(self, table: PartnerTable) -> Partner:
        for id in table.sees or ():
            self._one_of(id, self.questions, f"partner.{table.id}.sees", "question")
        sees = None if table.sees is None else frozenset(table.sees)
        return Partner(table.id, table.takes_persons, table.union, sees)

    def _parse(
        self,
        text: str,
        key: str,
        permitted: Mapping[str, Question],
        groups: Mapping[str, Condition] | None = None,
    ) -> Condition:
        """Returns the condition; if unreadable, or if it (or its groups) reads more than `permitted`, a guess."""
        words = set(re.findall(r"\w+", text))
        self.words |= words
        try:
            known = self.groups if groups is None else groups
            condition = parse(text, ConditionScope(self.questions, self.table.sets, self.named, known))
        except NotACondition as error:
            ahead = [name for name in self.table.conditions if name not in self.named and name in words]
            if ahead:
                why = "is this one, or stands further down: conditions are read in order"
                self.say("looks_forward", key, f'"{ahead[0]}" {why}')
            elif groups is not None and re.search(r"\bgroup\b", text):
                self.say("bad_condition", key, "a group is made of conditions, so these cannot name one")
            else:
                self.say("bad_condition", key, str(error))
            return self._guess()
        later = [id for id in questions_of(condition) if id and id not in permitted]
        if later:
            why = "is asked later, or right here" if key.startswith("question.") else "is asked after the result"
            self.say("looks_forward", key, f'"{later[0]}" {why}: a condition may only look back')
            return self._guess()
        return condition

    def _guess(self) -> Condition:
        self.guessed += 1
        return next(self.guesses)


def _choices(table: QuestionTable) -> list[ChoiceTable]:
    """Returns the choices of a question whose kind has any; of other kinds they are a finding, and ignored."""
    return table.choices if KINDS[table.kind].needs == "choices" else []
