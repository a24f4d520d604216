"""Finds the fewest facts that would turn an uncertain result into a yes, or a no into another result.

Only facts that a programme has marked: questions with `find_out` whose answer is not known, and rules with `in_time`
that time alone may fulfil. Situation and needs are never suggested. Each finding is verified by walking the programme
again; `intake.engine.explaining` words it. (docs/rules.md, "What would settle it")
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations, product

from intake.engine.conditions import Compare, Condition, Value, questions_of
from intake.engine.domains import Amount, Domain, OneOf
from intake.engine.journey import Journey, Step, travel
from intake.engine.kinds import KINDS
from intake.engine.programme import Programme, Question, Rule

MOST = 3  # a larger number of facts at once is no help to anybody
AHEAD = timedelta(days=731)  # two years: later than that the programme and the person's situation will have changed
NEXT_TO = (-1, 0, 1)

Said = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact that would be needed: an answer (`question` is one of `values`), or time (`rule` from `day`)."""

    question: str | None = None
    values: tuple[Value, ...] = ()
    rule: str | None = None
    day: date | None = None


def settle(journey: Journey) -> tuple[Fact, ...]:
    """Returns the smallest set of facts, all of them needed: of several the first asked about, then the earliest day.

    They turn an ask_staff into eligible, or a not_eligible into anything else. Empty if no marked facts would do so.
    """
    if journey.assessment.verdict == "eligible":
        return ()
    tried = {step.question.id: _values(journey, step) for step in journey.steps if _open(step)}
    marked = any(rule.in_time for rule in journey.programme.rules)
    needed = [followed(journey.programme, rule) for rule in journey.programme.rules if _stands(journey, rule)]
    for size in range(1, MOST + 1):
        for some in combinations((*tried, *((None,) if marked else ())), size):  # None: the day, counted as one fact
            if None not in some and not all(reads.intersection(some) for reads in needed):
                continue  # none of these can change one of the rules that stand in the way
            facts = _together(journey, {id: tried[id] for id in some if id is not None}, None in some)
            if facts:
                return facts
    return ()


def _stands(journey: Journey, rule: Rule) -> bool:
    """Whether this rule stands in the way: certainly a no, or for staff to decide."""
    if journey.assessment.verdict == "not_eligible":
        return rule.no_if is not None and rule.no_if.holds(journey.facts) is True
    return rule.yes_if.holds(journey.facts) is not True


def followed(programme: Programme, rule: Rule) -> set[str]:
    """The questions whose answers can change a rule: those it reads, and those that decide whether these are asked."""
    found: set[str] = set()
    waiting = [one for one in (rule.no_if, rule.yes_if) if one]
    while waiting:
        for id in set(questions_of(waiting.pop())) - found:
            found.add(id)
            waiting += _of_question(programme.by_id[id]) if id in programme.by_id else ()
    return found


def _open(step: Step) -> bool:
    return step.question.find_out and step.status == "blank"


def _together(journey: Journey, tried: Mapping[str, Sequence[Value]], later: bool) -> tuple[Fact, ...]:
    """Returns facts about exactly these questions and, if `later`, a day; all combinations of them turn the verdict."""
    best: tuple[date, dict[str, Value]] | None = None
    for values in product(*tried.values()):
        said = dict(zip(tried, values, strict=True))
        for day in _days(journey, said) if later else (journey.today,):
            if best is not None and day >= best[0]:
                break
            if _turned(journey, said, day):
                best = day, said
                break
    if best is None:
        return ()
    day, said = best
    kept: dict[str, tuple[Value, ...]] = {id: (value,) for id, value in said.items()}
    for id in tried:
        kept[id] = tuple(value for value in tried[id] if _all_turn(journey, kept | {id: (value,)}, day))
    facts = [Fact(id, values) for id, values in kept.items()]
    if later:
        brought = _brought(journey, said, day)
        facts.append(Fact(rule=brought.id if brought else None, day=day))
    return tuple(facts)


def _all_turn(journey: Journey, kept: Mapping[str, Sequence[Value]], day: date) -> bool:
    ways = (dict(zip(kept, way, strict=True)) for way in product(*kept.values()))
    return all(_turned(journey, way, day) for way in ways)


def _turned(journey: Journey, said: Said, day: date) -> bool:
    """Whether the verdict would change: from ask_staff to a yes, or from a no to anything else."""
    verdict = _walked(journey, said, day).assessment.verdict
    turned = verdict == "eligible" or (journey.assessment.verdict == "not_eligible" and verdict != "not_eligible")
    return turned and (day == journey.today or _brought(journey, said, day) is not None)


def _brought(journey: Journey, said: Said, day: date) -> Rule | None:
    """Returns the rule that time fulfils by that day; None if time also changed a rule that is not marked."""
    stood = "no" if journey.assessment.verdict == "not_eligible" else "ask_staff"
    now, eve, then = (_outcomes(journey, said, one) for one in (journey.today, day - timedelta(days=1), day))
    changed = [rule for rule in journey.programme.rules if now[rule.id] == stood and then[rule.id] != stood]
    if not all(rule.in_time for rule in changed):
        return None
    on_the_day = (rule for rule in changed if eve[rule.id] != then[rule.id])
    return next(on_the_day, changed[0] if changed else None)


def _outcomes(journey: Journey, said: Said, day: date) -> dict[str, str]:
    return {judged.rule: judged.outcome for judged in _walked(journey, said, day).trace()}


def _walked(journey: Journey, said: Said, day: date) -> Journey:
    earlier = journey if day == journey.today else None
    return travel(journey.programme, {**journey.answers, **said}, day, earlier)


def _days(journey: Journey, said: Said) -> list[date]:
    """The days ahead on which a comparison of dates changes its outcome; on other days nothing changes by itself."""
    first, last = journey.today + timedelta(days=1), journey.today + AHEAD
    days: set[int] = set()
    for part in _comparisons(journey.programme):
        value = said.get(part.question, journey.answers.get(part.question))
        if value is not None and part.measure == "days_until":
            then = date.fromisoformat(str(value)).toordinal() - part.number
            days |= {then, then + 1}
        elif value is not None and part.measure == "years_since":
            year, month, day = (*(int(number) for number in str(value).split("-")), 1, 1)[:3]
            days |= {_day(year + part.number + more, month, day) for more in (0, 1)}
    return [date.fromordinal(day) for day in sorted(days) if first.toordinal() <= day <= last.toordinal()]


def _comparisons(programme: Programme) -> Iterator[Compare]:
    for condition in _conditions(programme):
        yield from (part for part in condition.parts() if isinstance(part, Compare))


def _conditions(programme: Programme) -> Iterator[Condition]:
    """All conditions that can change what is asked, offered and judged."""
    for question in programme.before_result:
        yield from _of_question(question)
    yield from (group.when for group in programme.groups)
    for rule in programme.rules:
        yield from (one for one in (rule.no_if, rule.yes_if) if one)


def _of_question(question: Question) -> Iterator[Condition]:
    yield from (one for one in (question.ask_if, *(choice.hide_if for choice in question.choices)) if one)


def _values(journey: Journey, step: Step) -> tuple[Value, ...]:
    """The values to try: known choices on offer; of dates and numbers those at and beside each condition's boundary."""
    question, kind = step.question, KINDS[step.question.kind]
    if isinstance(kind.domain, OneOf):
        known = [choice.id for choice in question.choices if not choice.dont_know]
        return tuple(id for id in known if id in step.offered)
    near = {
        value
        for part in _comparisons(journey.programme)
        if part.question == question.id
        for value in _near(kind.domain, part, journey.today)
    }
    taken = (value for value in near if kind.read(journey.programme, question, (), [str(value)]) == value)
    return tuple(sorted(taken, key=lambda value: (len(str(value)), str(value))))


def _near(domain: Domain, part: Compare, today: date) -> Iterator[Value]:
    """Yields the values at, just before and just after a boundary of this comparison."""
    if isinstance(domain, Amount):
        amounts = (border + more for border in _borders(domain, part, today) for more in NEXT_TO)
        yield from (domain.value(amount) for amount in amounts if domain.least <= amount <= domain.most)


def _borders(domain: Amount, part: Compare, today: date) -> tuple[int, ...]:
    years = today.year - part.number
    if part.measure == "value":
        return (part.number,)
    if domain.unit == "year":
        return (years,)
    if domain.unit == "month":
        return tuple(12 * year + today.month - 1 for year in (years, years - 1))
    if part.measure == "years_since":
        return tuple(_day(year, today.month, today.day) for year in (years, years - 1))
    return (today.toordinal() + part.number,)


def _day(year: int, month: int, day: int) -> int:
    """Returns the day of a year as an ordinal, 29 February as 1 March; 0 if there is no such year."""
    if not 1 <= year <= date.max.year:
        return 0
    leap = (month, day) == (2, 29)
    return date(year, 3, 1).toordinal() if leap else date(year, month, day).toordinal()
