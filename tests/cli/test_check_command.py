"""`intake check` as a command: all findings at once, in words and as JSON, and the exit code."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from signal import SIG_DFL, SIGINT, signal
from typing import Any

import pytest

from intake.authoring.catalog import drafts
from intake.errors import BadProgramme
from tests.cli.broken import Copy
from tests.cli.commands import Said, call, process, start
from tests.openings import KEYS

# Faults of every kind, none of which may hide another: right, wrong, file.
EVERYTHING = [
    ("[limits]\n", "[limits]\nmaximum = 5\n", "programme.toml"),
    ("text = 200", 'text = "many"', "programme.toml"),
    ('section = "goal"', 'section = "gaol"', "programme.toml"),
    ("ask_if = '\"core_subjects\" in needs'", "ask_if = 'own_business == \"plan\"'", "programme.toml"),
    ("no_if = 'industry == \"other\"'", "no_if = 'industry == \"other\" and known(collar)'", "programme.toml"),
    ('{ id = "personal" }', '{ id = "personal_reasons_of_any_kind_whatsoever" }', "programme.toml"),
    ('lead = "trr"', 'lead = "ttr"', "programme.toml"),
    ('[[route]]\nid = "R4"\nwhen = \'', '[[route]]\nid = "R4"\nwhen = \'true or ', "programme.toml"),
    ("[question.goal]\n", "[question.gaol]\n", "texts/sv.toml"),
    ("[programme]\nname", "[programme]\nnames", "texts/en.toml"),
    ("{reference}", "{refrence}", "letters/en/moved.txt"),
    (
        '"student_other" }\nexpect = { verdict = "not_eligible"',
        '"student_other" }\nexpect = { verdict = "eligible"',
        "cases.toml",
    ),
]
FOUND = {
    ("unknown_key", "limits.maximum"),
    ("wrong_type", "limits.text"),
    ("unknown_id", "question.goal.section"),
    ("looks_forward", "question.core_subjects.ask_if"),
    ("known_in_no_if", "rule.no_industry.no_if"),
    ("id_too_long", "question.termination_reason.choices.personal_reasons_of_any_kind_whatsoever"),
    ("unknown_id", "route.R2.lead"),
    ("bad_condition", "route.R4.when"),
    ("missing_text", "question.goal.text"),
    ("unknown_key", "programme.names"),
    ("missing_text", "programme.name"),
    ("unknown_placeholder", "refrence"),
    ("case_failed", "case.no_layoff_student.expect.verdict"),
}


def broken(copy: Copy) -> Said:
    for right, wrong, file in EVERYTHING:
        copy.replace(right, wrong, file)
    return call("check", copy.folder, "--json")


def test_everything_is_found_at_once(copy: Copy) -> None:
    said = broken(copy)
    assert said.code == 1 and said.err == ""
    findings = said.json()["findings"]
    found = {(one["code"], one["key"]) for one in findings}
    assert found >= FOUND, FOUND - found
    assert all(list(one)[:5] == ["code", "severity", "file", "key", "message"] for one in findings)
    assert all(all(one.values()) for one in findings)


def test_in_words_each_finding_is_one_line(copy: Copy) -> None:
    copy.replace('lead = "trr"', 'lead = "ttr"')
    copy.replace("[limits]\n", "[limits]\nmaximum = 5\n")
    said = call("check", copy.folder)
    assert said.code == 1 and said.err == ""
    assert said.lines == [
        "programme.toml: limits.maximum: there is no such key (permitted: interview_days, text, questions, "
        "union_batch, keep_no_contact_days, keep_closed_days, keep_not_for_us_days)"
        " [unknown_key]",
        'programme.toml: route.R2.lead: there is no partner "ttr" (did you mean "trr"?) [unknown_id]',
        "vastkraft: 2 findings; not proven",
    ]


def test_a_good_programme_has_exit_code_0() -> None:
    in_words, as_json = call("check", "vastkraft"), call("check", "vastkraft", "--json")
    assert in_words.code == 0 and in_words.lines[-1].startswith("vastkraft: nothing found; proven in ")
    told = as_json.json()
    assert (as_json.code, told["programme"], told["findings"], told["proven"]) == (0, "vastkraft", [], True)


@pytest.mark.parametrize(
    ("right", "wrong", "line"),
    [
        ('owner = "gr"', "owner = gr", 7),
        ('owner = "gr"', 'id = "gr"', 7),
        ("[limits]", "[limits", 11),
        ("text = 200", f"text = {'[' * 5_000}", None),
    ],
)
def test_what_is_not_toml_has_exit_code_2_and_says_where(copy: Copy, right: str, wrong: str, line: int | None) -> None:
    copy.replace(right, wrong)
    refusal = call("check", copy.folder).refusal()
    assert "programme.toml" in refusal and "not TOML" in refusal
    assert line is None or f"line {line}" in refusal
    as_json = call("check", copy.folder, "--json")
    assert as_json.code == 2 and [one["code"] for one in as_json.json()["findings"]] == ["not_toml"]


def test_no_programme_there_has_exit_code_2(tmp_path: Path) -> None:
    assert 'did you mean "vastkraft"' in call("check", "vastkrft").refusal()
    assert "holds no programme.toml" in call("check", tmp_path).refusal()
    assert 'no programme "x' in call("check", "x" * 5_000).refusal()


@pytest.mark.parametrize(
    "source", ['id = "tiny"', "question = 5", "[[question]]", "", "[question]\nid = 5\nkind = []\nchoices = 'a'"]
)
def test_a_mere_beginning_of_a_programme_is_told_what_it_lacks(tmp_path: Path, source: str) -> None:
    (tmp_path / "programme.toml").write_text(source)
    said = call("check", tmp_path, "--json")
    keys = {one["key"] for one in said.json()["findings"] if one["code"] == "missing_key"}
    assert said.code == 1 and {"version", "owner", "partner", "rule"} <= keys


def test_a_broken_programme_is_not_served_and_says_why(copy: Copy) -> None:
    copy.replace('lead = "trr"', 'lead = "ttr"')
    copy.replace('tell = ["ooo"]', 'tell = ["oo"]')
    with pytest.raises(BadProgramme, match=r'route\.R2\.lead: .*"trr".* and 1 more; see: intake check'):
        [draft.programme for draft in drafts(copy.folder.parent)]


def test_two_programmes_with_one_id_are_not_served(tmp_path: Path) -> None:
    Copy(tmp_path / "one"), Copy(tmp_path / "two")
    with pytest.raises(BadProgramme, match="another folder beside it"):
        drafts(tmp_path)


def test_whichever_line_is_missing_it_is_said_what_is_wrong(copy: Copy, effort: int) -> None:
    """Or nothing is, where the line could be missing. Never a traceback."""
    path, draw = copy.folder / "programme.toml", Random(2027)
    lines = path.read_text().splitlines(keepends=True)
    for _ in range(20 * effort):
        gone = draw.sample(range(len(lines)), k=draw.choice([1, 2, 5]))
        path.write_text("".join(line for number, line in enumerate(lines) if number not in gone))
        said = call("check", copy.folder)
        assert said.code in (0, 1, 2), (gone, said)
        assert all(": " in line for line in said.lines)


def test_broken_conditions_do_not_fail_every_example_person(copy: Copy) -> None:
    """Nobody can say what such a programme gives: the persons it matters to are named together, in one line."""
    for name in ("still_employed", "given_notice", "agreement_or_unsure", "job_ends_now", "needs_of_a", "needs_of_b"):
        copy.replace(f"{name} = '", f"{name} = 'nonsense or ")
    findings = copy.findings()
    assert [one.code for one in findings] == ["bad_condition"] * 6 + ["case_undecided"]
    assert "P1, P2, " in findings[-1].message and "no_layoff_student" not in findings[-1].message


def test_watching_says_it_again_at_every_change(copy: Copy) -> None:
    """With --json a line each time, for programs."""
    # whoever runs the tests in the background has Ctrl-C switched off, and a child would inherit that
    with start("check", copy.folder, "--watch", "--json", preexec_fn=lambda: signal(SIGINT, SIG_DFL)) as running:
        assert running.stdout is not None
        assert json.loads(running.stdout.readline())["findings"] == []
        copy.replace('lead = "trr"', 'lead = "ttr"')
        again = json.loads(running.stdout.readline())
        assert [(one["code"], one["key"]) for one in again["findings"]] == [("unknown_id", "route.R2.lead")]
        running.send_signal(SIGINT)
        assert running.communicate(timeout=30) == (b"", b"") and running.returncode == 0


def test_a_solver_that_does_not_start_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "z3").mkdir()
    (tmp_path / "z3/__init__.py").write_text("raise OSError('libz3.so: wrong ELF class')\n")
    broken: dict[str, Any] = {"PYTHONPATH": str(tmp_path)}
    why = "the proof's solver does not start (libz3.so: wrong ELF class): install z3-solver again"
    said = process("check", "vastkraft", **broken)
    assert said.code == 0 and said.err == f"intake: not proven: {why}\n" and "not proven" in said.out
    drawn = process("graph", "vastkraft", "--format", "mermaid", **broken)
    assert (drawn.code, drawn.err) == (0, "") and "flowchart" in drawn.out
    broken |= {"INTAKE_DATABASE_URL": f"sqlite:///{tmp_path / 'new.sqlite'}", "INTAKE_SECRET_KEYS": KEYS}
    assert why in process("publish", "vastkraft", **broken).refusal()


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_at_the_end_of_the_calendar_proves_nothing(day: str) -> None:
    assert "is too far off: give a day from 1900 to 2199" in call("check", "vastkraft", "--today", day).refusal()
