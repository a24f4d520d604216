"""`intake assess`: one line of result per set of answers."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.commands import ELIGIBLE, RESULT, ROOT, Said, assess, call, judged, lines_of, process

RESIGNED = {"employment_status": "resigned"}
GIVEN_NOTICE = {"employment_status": "uppsagd_left", "termination_reason": "arbetsbrist", "home_municipality": "1440"}


def test_a_result_has_all_of_its_parts_in_the_stated_order() -> None:
    [result] = assess(ELIGIBLE)
    assert list(result) == RESULT
    assert result == {
        "verdict": "eligible",
        "group": "A",
        "reason": "eligible_A",
        "route": "R8",
        "lead": "gr",
        "offers": [],
        "information": [],
        "missing": [],
        "ignored": [],
        "trace": result["trace"],
        "settle": [],
    }
    assert [rule["rule"] for rule in result["trace"]] == [
        "no_layoff", "no_self_employed", "no_risk", "no_municipality", "no_industry", "group", "no_need",
    ]  # fmt: skip
    assert all(list(rule) == ["rule", "outcome", "because"] for rule in result["trace"])
    assert result["trace"][3] == {"rule": "no_municipality", "outcome": "yes", "because": ["home_municipality"]}


def test_what_would_settle_it_is_told_as_values_and_in_words() -> None:
    unsure = ELIGIBLE | {"industry": "unknown"}
    [result] = assess(unsure)
    assert result["settle"] == [{"question": "industry", "values": ["teknik", "supplier_or_staffing"]}]
    said = judged(unsure, as_json=False)
    assert "settled if industry is teknik or supplier_or_staffing" in said.out


def test_a_no_has_no_group_no_route_and_no_partners() -> None:
    [result] = assess(ELIGIBLE | {"industry": "other", "collar": "blue"})
    assert (result["verdict"], result["reason"]) == ("not_eligible", "no_industry")
    assert [result[part] for part in ("group", "route", "lead", "offers", "information")] == [None, None, None, [], []]
    assert [rule["outcome"] for rule in result["trace"]][:5] == ["yes", "yes", "yes", "yes", "no"]


def test_staff_are_asked_about_a_missing_answer_by_name() -> None:
    [result] = assess(GIVEN_NOTICE)
    assert (result["verdict"], result["reason"], result["route"], result["lead"]) == ("ask_staff", "review", "R0", "gr")
    assert result["missing"] == ["industry", "needs"]


def test_a_choice_that_is_not_offered_is_dropped_and_listed() -> None:
    [part, whole] = assess(
        ELIGIBLE | {"needs": ["specific_tasks", "reemployment"]}, ELIGIBLE | {"needs": ["reemployment"]}
    )
    assert (part["verdict"], part["ignored"], part["missing"]) == ("eligible", ["needs"], [])
    assert (whole["verdict"], whole["ignored"], whole["missing"]) == ("ask_staff", ["needs"], ["needs"])


def test_an_answer_to_a_question_that_is_not_asked_is_ignored() -> None:
    [result] = assess(ELIGIBLE | {"work_municipality": "no", "own_business": "idea"})
    assert result["verdict"] == "eligible"
    assert result["ignored"] == ["work_municipality", "own_business"]


@pytest.mark.parametrize("nothing", [None, "", []])
def test_null_empty_text_and_empty_list_are_no_answer(nothing: object) -> None:
    [absent, given] = assess(
        {"employment_status": "employed_at_risk"},
        {"employment_status": "employed_at_risk", "needs": nothing, "industry": nothing, "varsel_date": nothing},
    )
    assert given == absent and absent["ignored"] == []


def test_answers_after_the_result_leave_no_trace() -> None:
    after = {"want_referral": "perhaps", "email": 5, "name": ["a", {}], "consent_union": True, "info_ok": "yes"}
    assert assess(ELIGIBLE | after) == assess(ELIGIBLE)


@pytest.mark.parametrize("occupation", ["7212", "7212:svetsare", "Svetsare", "drakdresör", "99999 🐉", "x" * 5000])
def test_an_occupation_is_a_code_or_any_text_and_never_judged(occupation: str) -> None:
    [result] = assess(ELIGIBLE | {"occupation": occupation})
    assert [result] == assess(ELIGIBLE)


def test_one_code_may_stand_alone_where_several_are_allowed() -> None:
    assert assess(ELIGIBLE | {"needs": "specific_tasks"}) == assess(ELIGIBLE)


def test_days_are_counted_from_the_day_that_is_given() -> None:
    person = GIVEN_NOTICE | {
        "employment_status": "uppsagd_notice", "last_employment_date": "2026-12-23", "industry": "teknik",
        "needs": ["reemployment"],
    }  # fmt: skip
    assert [assess(person, today=day)[0]["route"] for day in ("2026-11-22", "2026-11-23")] == ["R13", "R5"]


def test_each_line_gives_one_line_in_order() -> None:
    said = judged(ELIGIBLE, "oops", RESIGNED, "", {}, "[]")
    assert lines_of(said.documents()) == ["eligible", "errors", "not_eligible", "errors", "ask_staff", "errors"]
    assert [result["line"] for result in said.documents() if "errors" in result] == [2, 4, 6]
    assert said.code == 2 and said.err == ""


def test_all_lines_right_is_exit_code_0() -> None:
    assert judged(ELIGIBLE, RESIGNED, {}).code == 0


def test_one_object_may_stand_on_many_lines(tmp_path: Path) -> None:
    file = tmp_path / "answers.json"
    file.write_text(json.dumps(ELIGIBLE, indent=4) + "\n\n")
    said = call("assess", "vastkraft", file, "--json")
    assert lines_of(said.documents()) == ["eligible"] and said.code == 0


def test_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "answers.jsonl"
    file.write_bytes(b"\xef\xbb\xbf" + b"".join(json.dumps(one).encode() + b"\r\n" for one in (ELIGIBLE, RESIGNED)))
    assert lines_of(call("assess", "vastkraft", file, "--json").documents()) == ["eligible", "not_eligible"]


def test_only_a_newline_ends_a_line() -> None:
    odd = '{"employment_status": "resigned", "occupation": "a\u2028b\u0085c"}'
    assert lines_of(assess(odd, odd)) == ["not_eligible", "not_eligible"]


def test_in_words_a_result_is_one_line_that_can_be_read() -> None:
    person = ELIGIBLE | {"collar": "blue", "needs": ["core_subjects"], "core_subjects": ["maths"]}
    said = judged(person, {"employment_status": "resined"}, as_json=False)
    assert said.lines == [
        "eligible (eligible_A); group A; route R6; lead municipality:1480; offers gr, if_metall; information tsl",
        'line 2: employment_status: "resined" is not permitted (permitted: resigned)',
    ]
    assert said.code == 2


def test_a_programme_may_be_named_by_its_folder(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "intake/programmes/vastkraft", tmp_path / "folder-name")
    given = json.dumps(ELIGIBLE)
    by_folder = call("assess", tmp_path / "folder-name", "-", "--json", given=given)
    by_id = call("assess", "vastkraft", "-", "--json", "--programmes", tmp_path, given=given)
    by_setting = call("assess", "vastkraft", "-", "--json", given=given, INTAKE_PROGRAMMES=str(tmp_path))
    assert by_folder.documents() == by_id.documents() == by_setting.documents() == assess(ELIGIBLE)


def refused(*arguments: str | Path, given: str = "{}") -> str:
    return call("assess", *arguments, given=given).refusal()


def test_what_cannot_be_read_at_all_is_one_line(tmp_path: Path) -> None:
    missing = tmp_path / "none.json"
    assert refused("vastkraft", missing) == f"{missing} cannot be read: No such file or directory"
    assert refused("vastkraft", tmp_path) == f"{tmp_path} cannot be read: Is a directory"
    assert refused("vastkraft", "-", given=" \n\n").startswith("standard input holds no answers")
    assert refused("vastkraft", "-", "--today", "2027-02-30") == "--today 2027-02-30 is no date: write it as 2026-11-23"
    assert 'no programme "vastkaft"' in refused("vastkaft", "-")
    assert refused("vastkaft", "-").endswith('(did you mean "vastkraft"?)')
    assert refused(tmp_path, "-") == f"{tmp_path} holds no programme.toml: a programme is a folder with one"


def test_a_broken_programme_judges_nobody(tmp_path: Path) -> None:
    folder = tmp_path / "vastkraft"
    folder.mkdir()
    (folder / "programme.toml").write_text('id = "vastkraft"\nversion =\n')
    said = refused(folder, "-")
    assert "programme.toml: line 2: this is not TOML" in said and f"intake check {folder}" in said


def test_the_output_is_utf8_wherever_it_goes() -> None:
    """A terminal set to plain ASCII, as on many servers; a half character is written as JSON writes it."""
    wrong = json.dumps({"employment_status": "avgått 🐉"}, ensure_ascii=False) + '\n{"employment_status": "\\ud83d"}'
    plain = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0", "PYTHONIOENCODING": ""}
    said: Said = process("assess", "vastkraft", "-", "--json", given=wrong.encode(), **plain)
    assert said.code == 2 and said.err == ""
    assert "avgått 🐉" in said.out
    assert [result["errors"][0]["value"] for result in said.documents()] == ["avgått 🐉", "\ud83d"]
