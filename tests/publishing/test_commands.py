"""Commands from draft to publication: publish, diff, versions, receipt."""

from __future__ import annotations

import json
import os
import pty
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from intake.authoring.assessing import judge
from intake.authoring.catalog import load
from intake.config import PACKAGED
from tests.cli.commands import Said, call, start
from tests.openings import KEYS
from tests.publishing.conftest import Opening
from tests.publishing.drafts import ID, Drafts
from tests.publishing.persons import sends
from tests.store.inside import ask, count

Command = Callable[..., Said]
SOON = {"last_employment_date": "2026-12-24", "collar": ""}  # 31 days ahead, and no partner of its own by collar


@pytest.fixture
def settings(database_url: str, tmp_path: Path, drafts: Drafts) -> dict[str, str]:
    """Outside a demo, the database and the drafts of this test."""
    return {
        "INTAKE_DATABASE_URL": database_url, "INTAKE_SECRET_KEYS": KEYS, "INTAKE_VAR": str(tmp_path / "var"),
        "INTAKE_PROGRAMMES": str(drafts.programmes),
    }  # fmt: skip


@pytest.fixture
def intake(settings: dict[str, str]) -> Command:
    return lambda *arguments, **more: call(*arguments, **{**settings, **more})


def changes_somebody(drafts: Drafts) -> None:
    drafts.looks_longer_ahead()
    drafts.raises_version("2")


# publish


def test_what_nobody_published_ends_every_server_with_one_line(intake: Command, drafts: Drafts) -> None:
    drafts.unstamped()
    for command in ("run", "web", "worker", "bot"):
        assert intake(command).refusal() == "vastkraft is not published: run `intake publish vastkraft`"
    said = intake("publish", ID)
    assert said.code == 0 and "the first version" in said.out and "is published" in said.out
    assert intake("staff", "list").code == 0


def test_published_twice_is_published_once(intake: Command, database_url: str) -> None:
    assert intake("publish", ID).code == 0
    again = intake("publish", ID)
    assert again.code == 0 and "served already" in again.out
    assert count(database_url, "versions") == 1
    assert intake("publish", ID, "--json").json() == {"programme": ID, "published": False}


def test_a_comma_is_published_without_a_question(intake: Command, opens: Opening, drafts: Drafts) -> None:
    sends(opens(demo=False))
    drafts.says("Ring")
    said = intake("publish", ID)
    assert said.code == 0 and "1 text has other words: sv programme.help" in said.out
    assert "Nobody changes" in said.out and "has other words now" in said.out


def test_a_version_that_changes_somebody_needs_a_yes(
    intake: Command, opens: Opening, drafts: Drafts, database_url: str
) -> None:
    sends(opens(demo=False), **SOON)
    changes_somebody(drafts)
    refused = intake("publish", ID, "--json")
    assert refused.code == 2 and "give --yes" in refused.err
    assert refused.json()["published"] is False and refused.json()["replay"]["changing"] == 0
    said = intake("publish", ID)
    assert said.code == 2 and "give --yes" in said.err and said.err.count("\n") == 1
    assert "at most 31 days away" in said.out and "fewer than 3 change verdict" in said.out
    assert count(database_url, "versions") == 1
    done = intake("publish", ID, "--yes")
    assert done.code == 0 and "version 2" in done.out
    assert count(database_url, "versions") == 2


@pytest.mark.parametrize(("answer", "published"), [(b"y\n", 2), (b"n\n", 1)])
def test_on_a_terminal_it_asks(
    opens: Opening, drafts: Drafts, settings: dict[str, str], database_url: str, answer: bytes, published: int
) -> None:
    sends(opens(demo=False), **SOON)
    changes_somebody(drafts)
    person, terminal = pty.openpty()
    with start("publish", ID, env=settings, stdin=terminal) as asking:
        os.write(person, answer)
        _, err = asking.communicate(timeout=60)
    os.close(person)
    os.close(terminal)
    assert asking.returncode == (0 if published == 2 else 2) and b"Publish it?" in err
    assert count(database_url, "versions") == published


def test_for_programs(intake: Command, opens: Opening, drafts: Drafts) -> None:
    sends(opens(demo=False), **SOON)
    changes_somebody(drafts)
    told = intake("publish", ID, "--yes", "--json").json()
    assert (told["published"], told["version"], told["number"]) == (True, "2", 2)
    assert [one["place"] for one in told["changes"]["changes"]] == ["route.R5.when"]
    assert told["replay"]["changing"] == 0


def test_the_same_label_for_another_meaning_is_refused(intake: Command, drafts: Drafts) -> None:
    intake("publish", ID)
    drafts.looks_longer_ahead()
    assert "raise the version in programme.toml" in intake("publish", ID).refusal()


def test_findings_refuse(intake: Command, drafts: Drafts, database_url: str) -> None:
    drafts.edit("programme.toml", 'lead = "trr"', 'lead = "trrr"')
    said = intake("publish", ID)
    assert said.code == 2 and "unknown_id" in said.err and "vastkraft is not published" in said.err.splitlines()[-1]
    drafts.edit("programme.toml", 'lead = "trrr"', 'lead = "trr"')
    drafts.edit("programme.toml", "ask_if = 'home_municipality == \"other\"'", "ask_if = 'home_municipality in []'")
    assert intake("publish", ID).code == 2
    assert count(database_url, "versions") == 0


def test_what_the_proof_finds_refuses_too(intake: Command, drafts: Drafts, database_url: str) -> None:
    """Nothing in the files is wrong, and yet nobody can ever be asked this."""
    drafts.edit(
        "programme.toml",
        "ask_if = 'home_municipality == \"other\"'",
        'ask_if = \'home_municipality == "other" and home_municipality == "1480"\'',
    )
    (drafts.folder / "cases.toml").write_text(
        '[[case]]\nid = "one"\ntoday = 2026-11-23\nanswers = {}\nexpect = { verdict = "ask_staff" }\n'
    )
    said = intake("publish", ID)
    assert (said.code == 2 and "question_dead" in said.err) or "unreach" in said.err, said.err
    assert count(database_url, "versions") == 0


@pytest.mark.usefixtures("without_solver")
def test_without_the_solver_it_refuses(intake: Command) -> None:
    assert "intake[proof]" in intake("publish", ID).refusal()


def test_live_refuses_while_partners_lack_staff(intake: Command, drafts: Drafts) -> None:
    said = intake("publish", ID, "--live")
    assert said.code == 2 and "partner_without_staff" in said.err and "lack something" in said.err
    assert intake("publish", ID).code == 0


def test_a_stamp_lets_it_be_served_at_once_elsewhere(intake: Command, opens: Opening, drafts: Drafts) -> None:
    drafts.keeps_interviews(29)
    said = intake("publish", ID, "--stamp")
    assert said.code == 0 and "is proven" in said.out
    assert opens(demo=False).programmes[ID].limits.interview_days == 29


# diff and versions


def test_what_changed_in_plain_words(intake: Command, drafts: Drafts) -> None:
    intake("publish", ID)
    assert intake("diff", f"{ID}@1", ID).code == 0
    changes_somebody(drafts)
    drafts.edit("programme.toml", 'id = "collar"\nkind = "choice"\nsection = "work"\noptional = true\n',
                'id = "collar"\nkind = "choice"\nsection = "work"\n')  # fmt: skip
    drafts.says("Ring")
    said = intake("diff", f"{ID}@1", ID)
    assert said.code == 1
    assert said.lines[0].startswith("question “") and said.lines[0].endswith("(collar): optional is no (before: yes)")
    assert said.lines[1].startswith("route R5 holds when ") and "(before: when " in said.lines[1]
    assert said.lines[2] == "1 text has other words: sv programme.help"
    assert re.fullmatch(r"vastkraft 1 · \w{8} -> 2 · \w{8}: the meaning changed", said.lines[-1])
    assert "Situation" in said.out and "Situationen" not in said.out
    swedish = intake("diff", f"{ID}@1", drafts.folder, "--language", "sv")
    assert swedish.code == 1 and swedish.lines != said.lines
    figures = intake("diff", f"{ID}@1", ID, "--json").json()
    assert [one["place"] for one in figures["changes"]] == ["question.collar.optional", "route.R5.when"]
    assert figures["words"] == ["sv programme.help"]


def test_a_diffs_example_is_judged_as_each_version_does(intake: Command, drafts: Drafts) -> None:
    """What is said of the example is what each version says of these answers."""
    intake("publish", ID)
    changes_somebody(drafts)
    said = intake("diff", f"{ID}@1", ID)
    assert said.lines[1].startswith("for example {") and re.search(r"lead \S+ -> af", said.lines[2])
    example = intake("diff", f"{ID}@1", ID, "--json").json()["example"]
    old, new = (
        judge(programme, example["answers"], date.fromisoformat(example["today"]))
        for programme in (load(PACKAGED / ID), load(drafts.folder))
    )
    told = {one["what"]: (one["old"], one["new"]) for one in example["differs"]}
    assert told["lead"] == (old["lead"], new["lead"]) and told["route"] == (old["route"], "R5")
    shown = intake("publish", ID)
    assert shown.code == 0 and "\nfor example {" in shown.out


def test_where_the_solver_finds_nobody_it_is_said(intake: Command, drafts: Drafts) -> None:
    intake("publish", ID)
    drafts.keeps_interviews(29)
    drafts.raises_version("2")
    assert intake("diff", f"{ID}@1", ID).lines[1].startswith("for nobody ")
    assert intake("diff", f"{ID}@1", ID, "--json").json()["example"] is None
    drafts.edit("programme.toml", 'id = "varsel_date"\nkind = "month"', 'id = "varsel_date"\nkind = "date"')
    changed = intake("diff", f"{ID}@1", ID)
    assert changed.code == 1 and "nobody" not in changed.out  # of those who are asked it otherwise nothing is proven


def test_who_has_more_to_answer_comes_to_no_other_result_yet(intake: Command, drafts: Drafts) -> None:
    drafts.lets_collar_be_required()
    said = intake("diff", PACKAGED / ID, ID)
    assert said.lines[2].endswith(": has to answer collar first")


def test_a_union_is_named_to_nobody_in_an_example(intake: Command, drafts: Drafts) -> None:
    drafts.edit("programme.toml", 'offer = ["af", "unionen"]', 'offer = ["af"]')
    said = intake("diff", PACKAGED / ID, ID)
    _, answers, became, _ = said.lines
    assert "a union" in became and "unionen" not in (answers + became).lower()
    example = intake("diff", PACKAGED / ID, ID, "--json").json()["example"]
    assert "unionen" not in json.dumps(example) and any(one["what"] == "offers" for one in example["differs"])


@pytest.mark.usefixtures("without_solver")
def test_without_the_solver_only_the_example_is_missing(intake: Command, drafts: Drafts) -> None:
    changes_somebody(drafts)
    said = intake("diff", PACKAGED / ID, ID)
    assert said.code == 1 and len(said.lines) == 2 and "for example" not in said.out
    assert "example" not in intake("diff", PACKAGED / ID, ID, "--json").json()


def test_names_that_are_none(intake: Command) -> None:
    assert "no version of" in intake("diff", f"{ID}@1", ID).refusal()
    intake("publish", ID)
    assert "published: 1" in intake("diff", f"{ID}@7", ID).refusal()
    assert "vastkraft" in intake("diff", "vastkraf", ID).refusal()
    assert "fi" in intake("diff", ID, ID, "--language", "fi").refusal()
    assert "versions of one programme" in intake("diff", ID, PACKAGED / "vaxla").refusal()
    assert "vastkraft" in intake("versions", "vastkraf").refusal()


def test_versions_are_listed_the_served_one_first(intake: Command, drafts: Drafts) -> None:
    intake("publish", ID)
    drafts.says("Ring")
    intake("publish", ID)
    lines = intake("versions", ID).lines
    assert len(lines) == 2 and lines[0].endswith("served") and not lines[1].endswith("served")
    rows = intake("versions", ID, "--json").json()
    assert [(row["version"], row["served"]) for row in rows] == [("1", True), ("1", False)]
    assert rows[0]["meaning"] == rows[1]["meaning"] and rows[0]["wording"] != rows[1]["wording"]


def test_of_what_is_a_draft_still_no_version_is_listed(intake: Command) -> None:
    said = intake("versions", ID)
    assert said.code == 0 and said.lines == [f"{ID}: nothing is published yet; see: intake publish {ID}"]
    assert intake("versions", ID, "--json").json() == []


# receipt


def test_a_receipt_is_derived_again_without_any_unions_name(
    intake: Command, opens: Opening, drafts: Drafts, database_url: str
) -> None:
    reference = sends(opens(demo=False))
    changes_somebody(drafts)
    intake("publish", ID, "--yes")
    said = intake("receipt", f" {reference.lower().replace('-', ' ')}")
    assert intake("receipt", reference.replace("-", "")).out == said.out
    assert said.code == 0 and said.lines[-1] == "the same"
    assert "by vastkraft 1 · " in said.lines[0] and "lead trr" in said.lines[1]
    told = intake("receipt", reference, "--json")
    assert told.json()["same"] is True and told.json()["then"] == told.json()["now"]
    for out in (said.out, told.out):
        assert "a union" in out and "unionen" not in out.lower() and "Exempel" not in out and "@" not in out
    assert ask(database_url, "SELECT DISTINCT what FROM access_log") == [("derived_receipt",)]


@pytest.mark.parametrize(
    ("column", "value", "what"),
    [("verdict", "ask_staff", "verdict"), ("lead", "af", "lead"), ("offers", "[]", "offers"), ("route", "R9", "route")],
)
def test_what_is_read_otherwise_is_said(
    intake: Command, opens: Opening, database_url: str, column: str, value: str, what: str
) -> None:
    reference = sends(opens(demo=False))
    ask(database_url, f"UPDATE submissions SET {column} = '{value}'")
    said = intake("receipt", reference)
    assert said.code == 1 and said.lines[-1] == "not the same"
    assert [line.partition(":")[0] for line in said.lines if ": then " in line] == [what]
    assert "unionen" not in said.out.lower()


@pytest.mark.parametrize("column", ["coded", "offers", "judged_on"])
def test_what_was_written_over_is_said_in_one_line(
    intake: Command, opens: Opening, database_url: str, column: str
) -> None:
    reference = sends(opens(demo=False))
    ask(database_url, f"UPDATE submissions SET {column} = 'half a ro'")
    refusal = intake("receipt", reference).refusal()
    assert refusal.startswith(f"what is stored of {reference} was written over") and "backup" in refusal


def test_a_version_that_was_not_kept_cannot_be_derived(intake: Command, opens: Opening, database_url: str) -> None:
    reference = sends(opens(demo=False))
    ask(database_url, "UPDATE submissions SET meaning = 'another'")
    said = intake("receipt", reference)
    assert said.code == 1 and "not kept" in said.out
    assert intake("receipt", reference, "--json").json()["differences"] == ["version"]


def test_an_old_submission_is_derived_from_its_sealed_answers(
    intake: Command, opens: Opening, database_url: str
) -> None:
    reference = sends(opens(demo=False))
    ask(database_url, "UPDATE submissions SET meaning = NULL, lead = NULL, offers = NULL")
    assert intake("receipt", reference).lines[-1] == "the same"


def test_a_unions_own_number_is_unknown(intake: Command, opens: Opening, database_url: str) -> None:
    app = opens(demo=True)
    sends(app)
    app.unions.work_once()
    [(own,)] = ask(database_url, "SELECT reference FROM referrals WHERE partner = 'unionen'")
    assert "no such case number" in intake("receipt", own).refusal()
    assert "no such case number" in intake("receipt", "VK-0000-0000").refusal()
