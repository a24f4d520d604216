"""Random conditions and facts by hypothesis: every kind, every measure, each state of a question."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import strategies as st

from intake.engine.conditions import And, Compare, Condition, Facts, Has, InGroup, Is, Known, Not, Or, Value

TODAY = date(2028, 2, 29)  # a leap day, or completed years would never be odd
CHOICES = tuple("abcdef")
SINGLE, SEVERAL, DATES, YEARS, NUMBERS = ("q1", "q2"), ("m1", "m2"), ("d1", "d2"), ("y1",), ("n1",)
MEANINGS: dict[str, Condition] = {
    "A": Is("q1", frozenset("ab")),
    "B": And((Has("m1", "a"), Not(Is("q1", frozenset("ab"))))),
}

is_one_of = st.builds(Is, st.sampled_from(SINGLE), st.frozensets(st.sampled_from(CHOICES), min_size=1))
has = st.builds(Has, st.sampled_from(SEVERAL), st.sampled_from(CHOICES))
operators = st.sampled_from(["<", "<=", ">", ">=", "==", "!="])
numbers = st.integers(-3, 3)
compared = (
    st.builds(Compare, st.just("count"), st.sampled_from(SEVERAL), operators, numbers)
    | st.builds(Compare, st.just("days_until"), st.sampled_from(DATES), operators, numbers)
    | st.builds(Compare, st.just("years_since"), st.sampled_from((*DATES, *YEARS)), operators, numbers)
    | st.builds(Compare, st.just("value"), st.sampled_from(NUMBERS), operators, numbers)
)
known = st.builds(Known, st.sampled_from((*SINGLE, *SEVERAL, *DATES, *YEARS, *NUMBERS)))
in_group = st.sampled_from([InGroup(id, meaning) for id, meaning in MEANINGS.items()])

conditions: st.SearchStrategy[Condition] = st.recursive(
    is_one_of | has | compared | known | in_group,
    lambda parts: (
        st.builds(Not, parts)
        | st.builds(And, st.lists(parts, min_size=1, max_size=4).map(tuple))
        | st.builds(Or, st.lists(parts, min_size=1, max_size=4).map(tuple))
    ),
    max_leaves=12,
)

days = st.sampled_from((-1, 1)).flatmap(
    lambda sign: st.sampled_from([0, 1, 2, 3, 4, 364, 365, 366, 367, 730, 1096, 1461]).map(
        lambda n: (TODAY + timedelta(sign * n)).isoformat()
    )
)


def _values(question: str) -> st.SearchStrategy[Value]:
    match question[0]:
        case "q":
            return st.sampled_from(CHOICES)
        case "m":
            return st.lists(st.sampled_from(CHOICES), min_size=1, unique=True)
        case "d":
            return days | days.map(lambda day: day[:7])
        case "y":
            return st.integers(TODAY.year - 4, TODAY.year + 4)
    return st.integers(0, 4)


@st.composite
def facts(draw: st.DrawFn) -> Facts:
    """Some questions answered, some settled without a value, some pending; now and then staff have decided."""
    found = Facts(TODAY, decided=draw(st.sampled_from([None, None, "A", "B"])))
    for question in (*SINGLE, *SEVERAL, *DATES, *YEARS, *NUMBERS):
        state = draw(st.sampled_from(["value", "value", "settled", "pending"]))
        if state == "value":
            found.values[question] = draw(_values(question))
        elif state == "settled":
            found.settled.add(question)
    return found
