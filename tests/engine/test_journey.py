"""The walk: gaps, offers, an early no, questions after the result, and the person's place."""

from __future__ import annotations

from datetime import date

import pytest

from intake.authoring.catalog import load
from intake.config import PACKAGED
from intake.engine.conditions import Value
from intake.engine.journey import CHANGING, SEEN, Journey, accept, coded, travel
from intake.engine.kinds import Refused
from tests.engine.small import small

TODAY = date(2026, 11, 23)
PROGRAMME, VASTKRAFT = small(), load(PACKAGED / "vastkraft")
B: dict[str, Value | None] = {"status": "left", "last_day": "2026-12-01", "place": "here", "wishes": ["course", "job"]}


def walk(answers: dict[str, Value | None]) -> Journey:
    return travel(PROGRAMME, answers, TODAY)


def test_the_first_open_question_is_where_the_person_is() -> None:
    assert walk({}).place == "status"
    assert walk({"status": "working"}).place == "place"
    assert walk({"status": "left"}).place == "last_day"
    assert walk({"status": "left", "last_day": None}).place == "place"


def test_a_gap_does_not_hide_a_certain_no_behind_it() -> None:
    journey = walk({"place": "far"})
    assert (journey.assessment.verdict, journey.assessment.reason) == ("not_eligible", "no_place")
    assert journey.missing() == ("status",)
    assert journey.place == "result"


def test_after_a_certain_no_later_answers_are_ignored() -> None:
    journey = walk({"status": "neither", "place": "far", "wishes": ["none"]})
    assert journey.assessment.reason == "no_layoff"
    assert journey.ignored() == ("place", "wishes")
    assert [judged.outcome for judged in journey.trace()] == ["no", "not_reached", "not_reached"]


def test_dont_know_is_settled_but_not_known() -> None:
    journey = walk({"status": "working", "place": "unsure", "wishes": ["course"], "trade": None})
    assert journey.place == "result"
    assert journey.assessment.verdict == "ask_staff"
    assert journey.missing() == ()


def test_not_to_know_stands_alone_among_several() -> None:
    """Settled and without a value, as in a single choice; with another it is refused."""
    said: dict[str, Value | None] = {
        "employment_status": "employed_varslad", "home_municipality": "1480", "industry": "teknik", "collar": None,
        "varsel_date": None, "occupation": None, "education_level": None, "needs": ["unsure"], "training_forms": None,
    }  # fmt: skip
    journey = travel(VASTKRAFT, said, TODAY)
    step = journey.step("needs")
    assert step is not None and (step.status, step.settled, step.used) == ("blank", True, True)
    assert (journey.place, journey.assessment.verdict, journey.missing()) == ("result", "ask_staff", ())
    assert "needs" not in coded(journey) and journey.kept()["needs"] == ["unsure"]
    assert accept(journey, "needs", ("unsure", "core_subjects")) == Refused(
        "alone", {"question": "needs", "choice": "unsure"}
    )


def test_a_hidden_choice_is_dropped_and_comes_back() -> None:
    assert walk({**B, "status": "working"}).step("wishes").value == ["course"]  # type: ignore[union-attr]
    assert "wishes" in walk({**B, "status": "working"}).ignored()
    assert walk(B).step("wishes").value == ["course", "job"]  # type: ignore[union-attr]


def test_routes_lead_and_offers_in_order_without_doubles() -> None:
    journey = walk({**B, "trade": None})
    assert journey.assessment.reason == "eligible_B"
    assert (journey.routing.route, journey.routing.lead, journey.routing.offers) == (
        "R1",
        "school",
        ("union", "town:here"),
    )
    nowhere = walk({**B, "place": "nearby", "wishes": ["course"], "trade": None})
    assert (nowhere.routing.route, nowhere.routing.lead) == ("R3", "office")  # town:nearby is no partner: it drops out


def test_exactly_one_way_of_contact_is_required() -> None:
    seen = walk({**B, "trade": None}).seen()
    answers: dict[str, Value | None] = {**B, "trade": None, SEEN: seen, "send": "yes"}
    assert walk(answers).place == "email"
    assert walk({**answers, "email": None}).place == "phone"
    assert accept(walk({**answers, "email": None}), "phone", ()) == Refused("contact_needed", {"question": "phone"})
    assert walk({**answers, "email": "a@example.org"}).step("phone").required is False  # type: ignore[union-attr]


def test_consents_are_asked_again_only_for_new_partners() -> None:
    seen = walk({**B, "trade": None}).seen()
    answers: dict[str, Value | None] = {
        **B,
        "trade": None,
        SEEN: seen,
        "send": "yes",
        "email": "a@example.org",
        "phone": None,
    }
    journey = walk(answers)
    assert journey.place == "who"
    assert journey.step("who").offered == ("school", "town:here")  # type: ignore[union-attr]
    value = accept(journey, "who", ("school",))
    assert value == {"school": True, "town:here": False}
    union = accept(journey, "union_too", ("no",))
    assert not isinstance(value, Refused) and not isinstance(union, Refused)
    done = walk({**answers, "who": value, "union_too": union})
    assert done.place == "check"
    assert done.consented() == {"school": True, "town:here": False, "union": False}
    fewer = walk({**answers, "who": value, "union_too": union, "wishes": ["course"], SEEN: "eligible_B/town:here"})
    assert fewer.place == "check"  # the town was asked about before
    assert fewer.consented() == {"town:here": False}


def test_a_choice_can_end_the_journey() -> None:
    journey = walk({**B, "trade": None, SEEN: walk({**B, "trade": None}).seen(), "send": "no"})
    assert (journey.place, journey.end) == ("end", "not_sent")


def test_another_result_is_shown_again() -> None:
    seen = walk({**B, "trade": None}).seen()
    assert walk({**B, "trade": None, SEEN: seen}).place == "send"
    assert walk({**B, "trade": None, "wishes": ["course"], SEEN: seen}).place == "result"


def test_changing_brings_back_one_question_if_it_is_asked() -> None:
    assert walk({**B, CHANGING: "place"}).place == "place"
    assert walk({**B, "status": "working", CHANGING: "last_day"}).place == "trade"


@pytest.mark.parametrize(
    ("question", "raw", "code"),
    [
        ("status", (), "required"),
        ("status", ("working", "left"), "one_only"),
        ("status", ("workin",), "unknown_choice"),
        ("last_day", ("2027-02-30",), "no_such_date"),
        ("last_day", ("tomorrow",), "not_a_date"),
        ("last_day", ("0001-01-01",), "date_out_of_range"),
        ("wishes", ("none", "job"), "alone"),
        ("wishes", (), "required"),
        ("trade", ("x" * 41,), "too_long"),
        ("trade", ("welder 800101-1234",), "personal_number"),
        ("trade", ("19800101 1234",), "personal_number"),
        ("trade", ("Född 80 01 61-1234",), "personal_number"),
    ],
)
def test_what_cannot_be_taken(question: str, raw: tuple[str, ...], code: str) -> None:
    refused = accept(walk({"status": "left", "last_day": None, "place": "here", "wishes": ["job"]}), question, raw)
    assert isinstance(refused, Refused)
    assert refused.code == code


@pytest.mark.parametrize(
    ("question", "raw", "value"),
    [
        ("last_day", (" 2027-03-31 ",), "2027-03-31"),
        ("last_day", ("31/3 2027",), "2027-03-31"),
        ("last_day", ("20270331",), "2027-03-31"),
        ("last_day", ("31 mars 2027",), "2027-03-31"),
        ("wishes", ("job", "course", "job"), ["course", "job"]),
        ("trade", ("welder",), "7212:welder"),
        ("trade", ("LATHE operator",), "7223:turner"),
        ("trade", ("Robot  whisperer\n",), "Robot whisperer"),
        ("trade", ("own words", "7212:welder"), "7212:welder"),
    ],
)
def test_what_is_kept(question: str, raw: tuple[str, ...], value: Value) -> None:
    journey = walk({"status": "left", "last_day": None, "place": "here", "wishes": ["job"]})
    assert accept(journey, question, raw) == value


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("070-123 45 67", "+46701234567"),
        ("+46 (0)70 123 45 67", "+46701234567"),
        ("0046701234567", "+46701234567"),
        ("0701234567", "+46701234567"),
        ("(070) 123 45 67", "+46701234567"),
        ("tel:+46701234567", "+46701234567"),
        ("Tel. 070–123 45 67 (kväll)", "+46701234567"),
        ("٠٧٠١٢٣٤٥٦٧", "+46701234567"),
        ("０７０ー１２３４５６７", "+46701234567"),
        ("070-123 45 67 ext 12", "+46701234567"),
        ("070-123 45 67 anknytning 12", "+46701234567"),
        ("031-12 34 56", "+4631123456"),
        ("+358 40 123 4567", "+358401234567"),
        ("070427-9348", "+46704279348"),  # a right check digit, and yet: in this field it is a telephone number
        ("0101011234", "+46101011234"),
        ("010101-1234", "+46101011234"),
        ("800101-1234", "personal_number"),
        ("198001011234", "personal_number"),
        ("81 12 18 98 76", "personal_number"),
        ("811218,9876", "personal_number"),
        ("050312-1239", "+46503121239"),
        ("call me", "not_a_phone"),
        ("12", "not_a_phone"),
        ("112", "not_a_phone"),
        ("1177", "not_a_phone"),
        ("701234567", "not_a_phone"),
        ("070123", "not_a_phone"),
        ("070-123 45 67, 031-12 34 56", "one_phone_only"),
        ("070-123 45 67 / 031-12 34 56", "one_phone_only"),
        ("070-123 45 67 eller 031-12 34 56", "one_phone_only"),
        ("0701234567 0311234567", "one_phone_only"),
    ],
)
def test_phone_numbers_and_personal_numbers_are_told_apart(typed: str, kept: str) -> None:
    seen = walk({**B, "trade": None}).seen()
    journey = walk({**B, "trade": None, SEEN: seen, "send": "yes"})
    read = accept(journey, "phone", (typed,))
    assert (read.code if isinstance(read, Refused) else read) == kept


def test_coded_answers_hold_no_words() -> None:
    assert coded(walk({**B, "trade": "7212:welder"}))["trade"] == "7212"
    assert "trade" not in coded(walk({**B, "trade": "Robot whisperer"}))


def test_coded_answers_say_what_was_answered_in_own_words() -> None:
    assert coded(walk({**B, "trade": "Robot whisperer"}))["@said"] == ["trade"]
    assert "@said" not in coded(walk({**B, "trade": "7212:welder"}))
    assert "@said" not in coded(walk({**B, "trade": None}))
