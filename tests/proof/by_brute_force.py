"""What there is to find in a small programme, by walking everybody through it with the engine. No solver, no formulas.

`expected` says of each finding what must be true of the example it comes with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from intake.engine.conditions import All, Condition, Either, Is, Not, Truth, Value
from intake.engine.journey import CHECK, SEEN, Journey, travel
from intake.engine.programme import Programme, Question, Route
from intake.engine.routing import fitting
from intake.proof.reading import parts_of, replaced
from tests.proof.random_programmes import values

Answers = dict[str, Value | None]
Test = Callable[[Journey], bool]
Expected = dict[tuple[str, str], Test]
INSTEAD: tuple[Condition, ...] = (All(()), Either(()), Is("", frozenset()))


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
                self.unless(
                    lambda one, choice=choice: met(one) and choice.id in offered(one, id),
                    "choice_unreached", f"question.{id}.choices.{choice.id}",
                    lambda one, choice=choice: asked(one, id) and choice.id not in offered(one, id),
                )  # fmt: skip
        if question.choices and not question.optional:
            self.when(lambda one: met(one) and not offered(one, id), "nothing_to_choose", f"question.{id}.choices")

    def _verdicts(self) -> None:
        programme = self.programme
        for rule in programme.rules:
            no_if = rule.no_if
            if no_if is None:
                continue
            would = lambda one, no_if=no_if: complete(one) and no_if.holds(one.facts) is True  # noqa: E731
            if self.anybody(would):
                gives = lambda one, rule=rule: complete(one) and one.judged.no is rule  # noqa: E731
                self.unless(gives, "rule_unreached", f"rule.{rule.id}", would)
            both = lambda one, no=no_if, yes=rule.yes_if: no.holds(one.facts) is yes.holds(one.facts) is True  # noqa: E731
            if any(both(one) for one in self.never_stopped):
                self.found["yes_and_no", f"rule.{rule.id}"] = lambda one: True
        for number, group in enumerate(programme.groups):
            for other in programme.groups[:number]:
                self.when(
                    lambda one, a=group, b=other: a.when.holds(one.facts) is b.when.holds(one.facts) is True,
                    "groups_overlap", f"group.{group.id}.when",
                )  # fmt: skip
            reached = lambda one, group=group: eligible(one) and one.assessment.group == group.id  # noqa: E731
            self.unless(reached, "text_unreached", f"result.eligible_{group.id}")
        for id in programme.organisations:
            told = lambda one, id=id: complete(one) and id in one.routing.information  # noqa: E731
            self.unless(told, "text_unreached", f"organisation.{id}")
        hinting = (*programme.routes, *programme.partners.values(), *programme.organisations.values())
        for hint in {hint for one in hinting for hint in one.hint}:
            hinted = lambda one, hint=hint: complete(one) and hint in one.routing.hints  # noqa: E731
            self.unless(hinted, "text_unreached", f"hint.{hint}")
        for partner in programme.partners.values():
            if partner.takes_persons and partner.id != programme.owner:
                sent = lambda one, id=partner.id: complete(one) and id in one.routing.partners()  # noqa: E731
                self.unless(sent, "partner_unreached", f"partner.{partner.id}")

    # Routes

    def _routes(self) -> None:
        for route in self.programme.routes:
            if route.ask_staff:
                continue
            fits = lambda one, route=route: one.judged.no is None and route in fitting(one.programme, one.facts)  # noqa: E731
            leads = lambda one, route=route: eligible(one) and one.routing.route == route.id  # noqa: E731
            adds = lambda one, route=route, fits=fits: fits(one) and bool(added(one, route))  # noqa: E731
            if self.anybody(fits) or route.when is None:
                self.unless(lambda one, a=leads, b=adds: a(one) or b(one), "route_idle", f"route.{route.id}", fits)
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
                early = lambda one, id=question.id: asked(one, id)  # noqa: E731
                self.when(early, "own_words_early", f"question.{question.id}")
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

    def places(self) -> Iterator[tuple[str, Condition, Test]]:
        """Each with who comes to it."""
        for question in self.programme.questions:
            key, met = f"question.{question.id}", self.met(question)
            if question.ask_if is not None:
                yield f"{key}.ask_if", question.ask_if, self._comes_to(question)
            for choice in question.choices:
                if choice.hide_if is not None:
                    yield f"{key}.choices.{choice.id}.hide_if", choice.hide_if, met
            for number, note in enumerate(question.notes, 1):
                yield f"{key}.note.{number}.when", note.when, met
        yield from ((f"group.{group.id}.when", group.when, complete) for group in self.programme.groups)
        for rule in self.programme.rules:
            if rule.no_if is not None:
                yield f"rule.{rule.id}.no_if", rule.no_if, complete
            if rule.no_if is None or rule.yes_if != Not(rule.no_if):
                yield f"rule.{rule.id}.yes_if", rule.yes_if, going_on
        yield from ((f"route.{one.id}.when", one.when, going_on) for one in self.programme.routes if one.when)

    def _comes_to(self, question: Question) -> Test:
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
            return walked and somebody and no_gap(one, place)

        return comes

    def _conditions(self) -> None:
        names = {id(part): f"conditions.{name}" for name, one in self._named() for part in one.parts()}
        says: dict[tuple[str, int], set[str]] = {}
        for key, condition, comes in self.places():
            here = [one for one in self.everybody if comes(one)]
            constant = constantly(condition, here)
            if constant:
                if here and not (key.endswith("ask_if") and constant == "never"):
                    self.found[f"condition_{constant}", key] = comes
                continue
            for part in parts_of(condition):
                if part is not condition and not isinstance(part, Not):
                    said = constantly(part, here) or ("" if matters(part, condition, here) else "idle")
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


def added(journey: Journey, route: Route) -> set[str]:
    """What this person has by the route and by no other that fits."""
    others = [one for one in fitting(journey.programme, journey.facts) if one is not route]
    return gives(journey, route).difference(*(gives(journey, one) for one in others))


def gives(journey: Journey, route: Route) -> set[str]:
    places = {id: str(value) for id, value in journey.facts.values.items()}
    blanks = {**dict.fromkeys(journey.programme.by_id, ""), **places}
    named = {template.format_map(blanks) for template in (route.lead, *route.offer)}
    able = {id for id in named if id in journey.programme.partners and journey.programme.partners[id].takes_persons}
    return {*route.tell, *route.hint} | (able if eligible(journey) else set())


def constantly(condition: Condition, here: Sequence[Journey]) -> str:
    truths = {condition.holds(one.facts) is True for one in here}
    return "never" if True not in truths else "always" if False not in truths else ""


def matters(part: Condition, condition: Condition, here: Sequence[Journey]) -> bool:
    """Whether anybody's truth would be another if the part said something else."""
    others = [replaced(condition, part, instead) for instead in INSTEAD]
    truth: Callable[[Condition, Journey], Truth] = lambda one, person: one.holds(person.facts)  # noqa: E731
    return any(truth(condition, person) is not truth(other, person) for other in others for person in here)
