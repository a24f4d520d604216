"""Finds the faults of a small programme by walking everybody through it with the engine, without solver or formulas.

`expected` says for each finding what must be true of its example.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from intake.authoring.proof.conditions_z3 import parts_of, replaced
from intake.engine.advising import advised
from intake.engine.conditions import And, Condition, Facts, Is, Not, Or, Truth, Value
from intake.engine.journey import CHECK, SEEN, Journey, travel
from intake.engine.programme import Advice, Choice, Group, Programme, Question, Route, Rule
from intake.engine.routing import Routing, fitting, routes_as
from tests.proof.random_programmes import values

Answers = dict[str, Value | None]
Test = Callable[[Journey], bool]
Expected = dict[tuple[str, str], Test]
INSTEAD: tuple[Condition, ...] = (And(()), Or(()), Is("", frozenset()))


class TooMany(Exception):
    """More persons than one wants to wait for."""


def everybody(programme: Programme, today: date, most: int) -> list[Journey]:
    """Every person there is, who left out what must be answered too. Raises TooMany."""
    found: list[Journey] = []
    waiting: list[Answers] = [{}]
    while waiting:
        said = waiting.pop()
        journey = travel(programme, {**said, SEEN: travel(programme, said, today).seen()}, today)
        step = next((step for step in journey.asked() if step.question.id not in said), None)
        if step is None or (journey.judged.no is not None and step.question.after_result):
            found.append(journey)
        else:
            waiting += [{**said, step.question.id: value} for value in values(step.question, step.offered, today)]
            waiting.append({**said, step.question.id: None})
        if len(found) + len(waiting) > most:
            raise TooMany
    return found


def no_gap(journey: Journey, before: int | None = None) -> bool:
    place = journey.programme.place_of
    return not any(step.gap and (before is None or place[step.question.id] < before) for step in journey.steps)


def complete(journey: Journey) -> bool:
    return no_gap(journey, len(journey.programme.before_result))


def going_on(journey: Journey) -> bool:
    return complete(journey) and journey.judged.no is None


def eligible(journey: Journey) -> bool:
    return journey.assessment.verdict == "eligible"


class BruteForce:
    def __init__(self, programme: Programme, today: date, most: int) -> None:
        self.programme = programme
        self.everybody = everybody(programme, today, most)
        # Everybody, if no rule ended the walk.
        self.never_stopped = everybody(replace(programme, rules=(), questions=programme.before_result), today, most)
        self.found: Expected = {}

    def anybody(self, test: Test) -> bool:
        return any(test(one) for one in self.everybody)

    def unless(self, reached: Test, code: str, key: str, example: Test = lambda one: True) -> None:
        if not self.anybody(reached):
            self.found[code, key] = example

    def when(self, wrong: Test, code: str, key: str) -> None:
        if self.anybody(wrong):
            self.found[code, key] = wrong

    def expected(self) -> Expected:
        for question in self.programme.questions:
            self._question(question)
        self._verdicts()
        self._routes()
        self._promises()
        self._conditions()
        return self.found

    # Reached

    def met(self, question: Question) -> Test:
        """Asked, with everything before answered."""
        place = self.programme.place_of[question.id]
        return lambda one: asked(one, question.id) and no_gap(one, place)

    def _question(self, question: Question) -> None:
        id, met = question.id, self.met(question)
        self.unless(met, "question_unreached", f"question.{id}", lambda one: not asked(one, id))
        if not self.anybody(met):
            return
        for choice in question.choices:
            if choice.hide_if is not None:
                self._choice(question, choice)
        if question.choices and not question.optional:
            self.when(lambda one: met(one) and not offered(one, id), "nothing_to_choose", f"question.{id}.choices")

    def _choice(self, question: Question, choice: Choice) -> None:
        met, id = self.met(question), question.id
        self.unless(
            lambda one: met(one) and choice.id in offered(one, id),
            "choice_unreached", f"question.{id}.choices.{choice.id}",
            lambda one: asked(one, id) and choice.id not in offered(one, id),
        )  # fmt: skip

    def _rule(self, rule: Rule, no_if: Condition) -> None:
        def would(one: Journey) -> bool:
            return complete(one) and no_if.holds(one.facts) is True

        if self.anybody(would):
            gives: Test = lambda one: complete(one) and one.judged.no is rule  # noqa: E731
            self.unless(gives, "rule_unreached", f"rule.{rule.id}", would)
        if any(no_if.holds(one.facts) is rule.yes_if.holds(one.facts) is True for one in self.never_stopped):
            self.found["yes_and_no", f"rule.{rule.id}"] = lambda one: True

    def _overlap(self, group: Group, other: Group) -> None:
        self.when(
            lambda one: complete(one) and group.when.holds(one.facts) is other.when.holds(one.facts) is True,
            "groups_overlap", f"group.{group.id}.when",
        )  # fmt: skip

    def _verdicts(self) -> None:
        programme = self.programme
        for rule in programme.rules:
            if rule.no_if is not None:
                self._rule(rule, rule.no_if)
        for number, group in enumerate(programme.groups):
            for other in programme.groups[:number]:
                self._overlap(group, other)
            reached = lambda one, group=group: eligible(one) and one.assessment.group == group.id  # noqa: E731
            self.unless(reached, "text_unreached", f"result.eligible_{group.id}")
        for section in programme.sections:
            if all(question.section != section.id for question in programme.questions):
                self.found["text_unreached", f"section.{section.id}"] = lambda one: True
        for id in programme.organisations:
            told = lambda one, id=id: any(id in routing.information for routing in routings(one))  # noqa: E731
            self.unless(told, "text_unreached", f"organisation.{id}")
        for advice in programme.advice:
            reads = lambda one, advice=advice: complete(one) and any(advice in some for some in advices(one))  # noqa: E731
            self.unless(reads, "text_unreached", f"advice.{advice.id}")
        for partner in programme.partners.values():
            if partner.takes_persons and partner.id != programme.owner:
                sent = lambda one, id=partner.id: any(id in routing.partners() for routing in routings(one))  # noqa: E731
                self.unless(sent, "partner_unreached", f"partner.{partner.id}")

    # Routes

    def _routes(self) -> None:
        for route in self.programme.routes:
            if not route.ask_staff:
                self._route(route)

    def _route(self, route: Route) -> None:
        def fits(one: Journey) -> bool:
            return going_on(one) and route in fitting(one.programme, one.facts)

        def counts(one: Journey) -> bool:
            leads = any(routing.route == route.id for routing in routings(one))
            return leads or any(added(one, facts, offers, route) for facts, offers in ways(one))

        if self.anybody(fits) or route.when is None:
            self.unless(counts, "route_idle", f"route.{route.id}", fits)
        for key, template in (("lead", route.lead), *(("offer", one) for one in route.offer)):
            self._placed(route, key, template, fits)

    def _placed(self, route: Route, key: str, template: str, fits: Test) -> None:
        """`town:{q1}` for every choice but the last; town:a is there, town:b takes no persons, town:c is not there."""
        if "{" not in template:
            return
        id = template[template.index("{") + 1 : template.index("}")]
        choices = [choice.id for choice in self.programme.by_id[id].choices if not choice.dont_know][:-1]
        lost = {choice for choice in choices if choice != "a"}
        self.when(
            lambda one: eligible(one) and fits(one) and one.facts.values.get(id) in lost,
            "partner_missing", f"route.{route.id}.{key}",
        )  # fmt: skip

    # Promises

    def _promises(self) -> None:
        programme = self.programme
        for question in programme.before_result:
            if question.kind == "text":
                self.when(self.met(question), "own_words_early", f"question.{question.id}")
        most = programme.limits.questions or 0
        self.when(lambda one: complete(one) and len(before(one)) > most, "journey_too_long", "limits.questions")
        self.found["union_reads", "partner.union.sees"] = lambda one: True  # they have no `sees` here
        sends: Test = lambda one: one.place == CHECK and no_gap(one)  # noqa: E731
        self.when(sends, "contact_missing", "question.name")  # there is none here
        reached = {"email", "phone"}
        self.when(lambda one: sends(one) and not reached & one.facts.values.keys(), "contact_missing", "question")
        for of, partners in (("partners", ["school", "town:a", "club"]), ("unions", ["union"])):
            asking = [one.id for one in programme.questions if one.of == of]
            for id in partners:
                unasked = lambda one, id=id, asking=asking: (  # noqa: E731
                    sends(one) and id in one.routing.partners() and not any(asked(one, ask) for ask in asking)
                )
                if self.anybody(unasked):
                    self.found["consent_missing", f"partner.{id}"] = unasked
                    break

    # Conditions

    def places(self) -> Iterator[tuple[str, Condition, Test, Test]]:
        """Each with who comes to it as people do, and who comes to it at all."""
        for question in self.programme.questions:
            key, met = f"question.{question.id}", self.met(question)
            anyhow = lambda one, id=question.id: asked(one, id)  # noqa: E731
            if question.ask_if is not None:
                comes, wide = self._comes_to(question), self._comes_to(question, with_gaps=True)
                yield f"{key}.ask_if", question.ask_if, comes, wide
            for choice in question.choices:
                if choice.hide_if is not None:
                    yield f"{key}.choices.{choice.id}.hide_if", choice.hide_if, met, anyhow
            said = lambda one, met=met, id=question.id: met(one) and not one.step(id).gap  # noqa: E731
            for number, note in enumerate(question.notes, 1):
                yield f"{key}.note.{number}.when", note.when, said, anyhow
        for group in self.programme.groups:
            yield f"group.{group.id}.when", group.when, complete, lambda one: True
        not_stopped: Test = lambda one: one.judged.no is None  # noqa: E731
        for rule in self.programme.rules:
            if rule.no_if is not None:
                yield f"rule.{rule.id}.no_if", rule.no_if, complete, lambda one: True
            if rule.no_if is None or rule.yes_if != Not(rule.no_if):
                yield f"rule.{rule.id}.yes_if", rule.yes_if, going_on, not_stopped
        for route in self.programme.routes:
            if route.when is not None:
                yield f"route.{route.id}.when", route.when, going_on, not_stopped
        for advice in self.programme.advice:
            if advice.when is not None:
                yield f"advice.{advice.id}.when", advice.when, complete, lambda one: True

    def _comes_to(self, question: Question, with_gaps: bool = False) -> Test:
        """Asked, but for what its own condition says, and for an end: to say that again is no fault."""
        place = self.programme.place_of[question.id]
        unions = question.of == "unions"

        def comes(one: Journey) -> bool:
            if question.after_result:
                walked = going_on(one)
            else:
                walked = len(one.steps) > place
            partners = (one.programme.partners[id] for id in one.routing.partners() if id != one.programme.owner)
            somebody = question.kind != "consents" or any(partner.union == unions for partner in partners)
            return walked and somebody and (with_gaps or no_gap(one, place))

        return comes

    def _meets_no(self, no_if: Condition | None, yes_if: Condition, other: Condition) -> bool:
        """A rule's yes, written so, would hold together with its no; as it is it does not."""

        def together(yes: Condition) -> bool:
            return any(no_if.holds(one.facts) is yes.holds(one.facts) is True for one in self.never_stopped if no_if)

        return together(other) and not together(yes_if)

    def _conditions(self) -> None:
        inner = [(name, part) for name, one in self._named() for part in one.parts() if part is not one]
        names = {id(part): f"conditions.{name}" for name, part in inner}
        says: dict[tuple[str, int], set[str]] = {}
        for key, condition, comes, at_all in self.places():
            here, anyhow = [one for one in self.everybody if comes(one)], [one for one in self.everybody if at_all(one)]
            # What ends walks itself is looked at as if nothing did.
            free = [one for one in self.never_stopped if complete(one)] if key.startswith("rule.") else here
            constant = constantly(condition, here, free, here)
            if constant:
                if here and not (key.endswith("ask_if") and constant == "never"):
                    self.found[f"condition_{constant}", key] = comes
                continue
            no_ifs = {f"rule.{one.id}.yes_if": one.no_if for one in self.programme.rules}
            meets_no = partial(self._meets_no, no_ifs.get(key), condition)
            spare = {
                id(part)
                for part, left in without_each(condition)
                if same(condition, left, anyhow) and not meets_no(left)
            }
            for part in parts_of(condition):
                if part is not condition and not isinstance(part, Not):
                    others = [replaced(condition, part, instead) for instead in INSTEAD]
                    idle = id(part) in spare or not (matters(part, condition, here) or any(map(meets_no, others)))
                    said = constantly(part, here, free, free) or ("idle" if idle else "")
                    says.setdefault((names.get(id(part), key), id(part)), set()).add(said)
        for (key, _), said_everywhere in says.items():
            if len(said_everywhere) == 1 and "" not in said_everywhere:
                self.found[f"part_{said_everywhere.pop()}", key] = lambda one: True

    def _named(self) -> Sequence[tuple[str, Condition]]:
        return list(self.programme.named.items())[::-1]


def asked(journey: Journey, question: str) -> bool:
    step = journey.step(question)
    return step is not None and step.asked


def offered(journey: Journey, question: str) -> tuple[str, ...]:
    step = journey.step(question)
    return () if step is None else step.offered


def before(journey: Journey) -> list[str]:
    return [step.question.id for step in journey.asked() if not step.question.after_result]


def after(journey: Journey) -> list[str]:
    return [step.question.id for step in journey.asked() if step.question.after_result]


def ways(journey: Journey) -> Iterator[tuple[Facts, bool]]:
    """By which facts routes are looked at, and whether partners are offered: by the answers and each group of staff."""
    if not going_on(journey):
        return
    yield journey.judged.facts, eligible(journey)
    if journey.assessment.verdict == "ask_staff":
        for group in journey.programme.groups:
            yield replace(journey.judged.facts, decided=group.id), True


def advices(journey: Journey) -> Iterator[tuple[Advice, ...]]:
    """What this person may be advised, by the answers and by every group that staff may decide."""
    facts = journey.judged.facts
    yield advised(journey.programme, facts)
    if journey.assessment.verdict == "ask_staff":
        yield from (advised(journey.programme, replace(facts, decided=one.id)) for one in journey.programme.groups)


def routings(journey: Journey) -> Iterator[Routing]:
    """What this person may be given, by the answers and by every group that staff may decide."""
    if not going_on(journey):
        return
    yield journey.routing
    if journey.assessment.verdict == "ask_staff":
        yield from (routes_as(journey.programme, journey.judged.facts, one.id) for one in journey.programme.groups)


def added(journey: Journey, facts: Facts, offers: bool, route: Route) -> set[str]:
    """What this person has by the route and by no other that fits so."""
    fits = fitting(journey.programme, facts)
    if route not in fits:
        return set()
    others = [one for one in fits if one is not route]
    given = gives(journey, offers, route).difference(*(gives(journey, offers, one) for one in others))
    last = [one for one in journey.programme.routes if one.otherwise]
    if not any(names(journey, [one.lead]) for one in fits) and last != [route]:  # the last resort leads
        given -= names(journey, [one.lead for one in last])
    return given


def gives(journey: Journey, offers: bool, route: Route) -> set[str]:
    return {*route.tell} | (names(journey, [route.lead, *route.offer]) if offers else set())


def names(journey: Journey, templates: Sequence[str]) -> set[str]:
    """The partners that leads or offers mean for this person."""
    places = {id: str(value) for id, value in journey.facts.values.items()}
    blanks = {**dict.fromkeys(journey.programme.by_id, ""), **places}
    named = {template.format_map(blanks) for template in templates}
    return {id for id in named if id in journey.programme.partners and journey.programme.partners[id].takes_persons}


def constantly(condition: Condition, *people: Sequence[Journey]) -> str:
    """`people`: those who come to it, those who show that it is not always true, those who show that it ever is."""
    here, free, ever = people
    if not any(condition.holds(one.facts) for one in here):
        return "" if any(condition.holds(one.facts) for one in ever) else "never"
    return "always" if all(condition.holds(one.facts) for one in free) else ""


def without_each(condition: Condition) -> Iterator[tuple[Condition, Condition]]:
    """Every member of an and or an or, with the condition when it is left out."""
    for whole in parts_of(condition):
        if isinstance(whole, And | Or):
            for place, part in enumerate(whole.members):
                left = type(whole)(tuple(one for other, one in enumerate(whole.members) if other != place))
                yield part, replaced(condition, whole, left)


def same(condition: Condition, other: Condition, here: Sequence[Journey]) -> bool:
    return all(condition.holds(one.facts) is other.holds(one.facts) for one in here)


def matters(part: Condition, condition: Condition, here: Sequence[Journey]) -> bool:
    """Whether anybody's truth would be another if the part said something else."""
    others = [replaced(condition, part, instead) for instead in INSTEAD]
    truth: Callable[[Condition, Journey], Truth] = lambda one, person: one.holds(person.facts)  # noqa: E731
    return any(truth(condition, person) is not truth(other, person) for other in others for person in here)
