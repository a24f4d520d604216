"""`intake assess` with answers that cannot be read: each fault is named, with what is permitted."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.commands import ELIGIBLE, errors, judged

STATUSES = [
    "employed_at_risk", "employed_varslad", "uppsagd_notice", "uppsagd_left", "fixed_term_ended", "employed_no_risk",
    "resigned", "unemployed_other", "self_employed", "student_other", "unsure",
]  # fmt: skip
DATE, MONTH, TEXT = "a date that exists, as 2027-03-31", "a month, as 2026-10", "a text"
NUMBER = "19850101-1234"  # looks like a personal identity number


@pytest.mark.parametrize(
    ("question", "value", "permitted"),
    [
        ("employment_statu", "resigned", "employment_status"),
        ("Needs", ["none"], "needs"),
        ("employment_status", "resined", "resigned"),
        ("employment_status", "Resigned", "resigned"),
        ("employment_status", " resigned", "resigned"),
        ("employment_status", "???", STATUSES),
        ("home_municipality", 1480, "1480"),  # a code is a text: the number is refused, and the text named
        ("home_municipality", 1480.0, "1480"),
        ("home_municipality", "0180", "1480"),
        ("work_municipality", "none", "no"),
        ("employment_status", True, STATUSES),
        ("employment_status", {"id": "x"}, STATUSES),
        ("employment_status", ["resigned"], "one answer"),
        ("employment_status", ["resigned", "self_employed"], "one answer"),
        ("needs", ["none", "core_subjects"], '"none" alone'),
        ("last_employment_date", "2027-02-30", DATE),
        ("last_employment_date", "31/3/2027", DATE),
        ("last_employment_date", "20270331", DATE),
        ("last_employment_date", 20270331, DATE),
        ("last_employment_date", "2027", DATE),
        ("last_employment_date", ["2027-03-31"], "one answer"),
        ("last_employment_date", "0027-03-31", DATE),
        ("varsel_date", "2026-13", MONTH),
        ("varsel_date", "2026-00", MONTH),
        ("varsel_date", "2026-10-15", MONTH),
        ("varsel_date", "oktober 2026", MONTH),
        ("varsel_date", 202610, MONTH),
        ("occupation", 7212, TEXT),
        ("occupation", False, TEXT),
        ("occupation", ["7212"], "one answer"),
    ],
)
def test_a_wrong_answer_is_named_with_what_is_permitted(question: str, value: Any, permitted: Any) -> None:
    assert errors({question: value}) == [{"question": question, "value": value, "permitted": permitted}]


def test_every_wrong_code_of_several_is_named() -> None:
    found = errors({"training_forms": ["komvux", "valdation", 5, None, ["komvux"]]})
    assert [error["value"] for error in found] == ["valdation", 5, None, ["komvux"]]
    assert found[0]["permitted"] == "validation"
    assert all("komvux" in error["permitted"] for error in found[1:])


def test_all_wrong_answers_of_a_line_are_named_at_once() -> None:
    found = errors(ELIGIBLE | {"industry": "tek", "bogus": 1, "varsel_date": "then", "needs": ["none", "new_industry"]})
    assert [error["question"] for error in found] == ["industry", "needs", "bogus", "varsel_date"]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{'employment_status': 'resigned'}", "Expecting property name"),
        ('{"employment_status": "resigned"', "delimiter"),
        ('{"employment_status": "resigned"} {}', "Extra data"),
        ('{"employment_status": NaN}', ""),
        ('{"employment_status": 1e999}', ""),
        ('{"needs": ' + "1" * 5_000 + "}", ""),
        ("[" * 100_000, ""),
        ("[{}]", ""),
        ('"resigned"', ""),
        ("null", ""),
        ("17", ""),
    ],
)
def test_a_line_that_is_no_object_is_an_error(line: str, says: str) -> None:
    [error] = errors(line)
    assert error["question"] is None
    assert error["permitted"].startswith('a JSON object, as {"question": "answer"}') and says in error["permitted"]
    assert len(str(error["value"])) < 250


def test_a_line_that_is_not_utf8_spoils_no_other() -> None:
    said = judged(ELIGIBLE, b'{"occupation": "sm\xe5land"}', ELIGIBLE)
    first, second, third = said.documents()
    assert first == third and first["verdict"] == "eligible" and said.code == 2
    assert second["errors"] == [{"question": None, "value": '{"occupation": "sm�land"}', "permitted": "UTF-8 text"}]


def test_a_slip_in_a_long_object_is_one_error_with_its_place() -> None:
    [error] = errors('{\n  "employment_status": "resigned",\n  "needs": [none]\n}')
    assert "line 3 column 13" in error["permitted"]


def test_of_two_answers_to_one_question_none_wins_silently() -> None:
    [error] = errors('{"industry": "other", "employment_status": "resigned", "industry": "teknik"}')
    assert error == {"question": "industry", "value": ["other", "teknik"], "permitted": "one answer"}


@pytest.mark.parametrize(
    "line",
    [
        {"occupation": f"svetsare {NUMBER}"},
        {"employment_status": NUMBER},
        {"needs": ["none", NUMBER]},
        {"last_employment_date": NUMBER},
        {NUMBER: "x"},
        f'{{"occupation": "{NUMBER}"',
        f'"{NUMBER}"',
    ],
)
@pytest.mark.parametrize("as_json", [True, False])
def test_a_personal_number_is_refused_and_not_repeated(line: Any, as_json: bool) -> None:
    said = judged(line, as_json=as_json)
    assert said.code == 2 and ('"errors"' if as_json else "line 1: ") in said.out
    assert NUMBER not in said.out + said.err


def test_a_personal_number_in_free_text_is_named_as_such() -> None:
    [error] = errors({"occupation": NUMBER})
    assert error == {"question": "occupation", "value": None, "permitted": "a text without a personal identity number"}


def test_a_huge_line_is_judged_or_refused_like_any_other() -> None:
    huge = {"occupation": "x" * 2_000_000}
    said = judged(huge, ELIGIBLE | {"name": "x" * 2_000_000})
    assert [len(line) < 2_000 for line in said.lines] == [True, True]
    assert said.documents()[1]["verdict"] == "eligible"
