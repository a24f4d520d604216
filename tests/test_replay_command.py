"""`intake replay` as a command: on submissions, in both databases, and on files."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from intake.config import PACKAGED
from intake.keys import Keys
from intake.store import Store
from tests.cli.commands import ELIGIBLE, Said, call
from tests.offices import PROGRAMME, WHITE, WORKS_HERE, Office, office
from tests.store.inside import ask

NOT_TEKNIK = ("no_if = 'industry == \"other\"'", "no_if = 'industry != \"supplier_or_staffing\"'")
NO_UNION = ('offer = ["af", "unionen"]', 'offer = ["af"]')
TRR_OFFERED = ('lead = "trr"\noffer = ["af", "unionen"]', 'lead = "gr"\noffer = ["trr", "unionen"]')


@pytest.fixture
def sent(database_url: str, tmp_path: Path) -> Iterator[Office]:
    """Six persons have sent in: five who look for work, one who works here and lives elsewhere."""
    with office(database_url, tmp_path / "var") as opened:
        for _ in range(5):
            opened.sends({**WHITE, "occupation": "Något helt eget"}, yes=("trr",), union=True)
        opened.sends(WORKS_HERE)
        yield opened


def edited(tmp_path: Path, *edits: tuple[str, str]) -> Path:
    folder = tmp_path / "edited"
    shutil.copytree(PACKAGED / PROGRAMME, folder)
    text = (folder / "programme.toml").read_text(encoding="utf-8")
    for before, after in edits:
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    (folder / "programme.toml").write_text(text, encoding="utf-8")
    return folder


def replay(url: str, *arguments: str | Path) -> Said:
    """Without keys: nothing sealed can be opened."""
    return call("replay", *arguments, INTAKE_DATABASE_URL=url)


def figures(url: str, *arguments: str | Path) -> Any:
    said = replay(url, *arguments, "--json")
    assert (said.code, said.err) == (0, "")
    return said.json()


def test_who_would_come_to_another_result(sent: Office, database_url: str, tmp_path: Path) -> None:
    found = figures(database_url, "vastkraft", edited(tmp_path, NOT_TEKNIK))
    assert (found["submissions"], found["changing"]) == (5, 5), "six, rounded"
    assert {move["from"]: (move["to"], move["count"]) for move in found["verdict"]} == {
        "eligible": ("not_eligible", 5)  # the one whom staff decide about is not told
    }
    assert found["work"]["old_judged_too"] == 0, "the old result is read"


def test_a_replay_in_words(sent: Office, database_url: str, tmp_path: Path) -> None:
    said = replay(database_url, "vastkraft", edited(tmp_path, TRR_OFFERED))
    assert (said.code, said.err) == (0, "")
    assert said.lines[1].startswith("Numbers of people are rounded to 5")
    assert "5 change verdict, group, lead or offers." in said.lines
    assert said.out.index("trr -> gr") < said.out.index("offers: 5 are offered others")
    assert any(line.split() == ["Mölndal", "5", "5"] for line in said.lines)
    assert "5 judged by the new version, their old result read; 5 times by the engine." in said.lines
    assert "reading" in said.lines[-1] and "judging" in said.lines[-1]
    assert "VK-" not in said.out, "nobody is named unless asked for"


def test_nobody_changes_and_nobody_sent_in(sent: Office, database_url: str, sqlite_url: str, tmp_path: Path) -> None:
    folder = edited(tmp_path, ("# Groups: docs", "# Groups, see docs"))
    nobody = "Nobody changes verdict, group, lead or offers: both versions mean the same."
    assert nobody in replay(database_url, "vastkraft", folder).lines
    empty = replay(sqlite_url, "vastkraft", edited(tmp_path / "other", NOT_TEKNIK)).lines
    assert empty[0].endswith("fewer than 3 submissions") or sqlite_url == database_url
    new = replay(f"sqlite:///{tmp_path / 'new.sqlite'}", "vastkraft", folder)
    assert new.code == 2 and "run `intake migrate`" in new.err, "who only looks makes no database"


def test_nothing_sealed_is_needed(sent: Office, database_url: str, tmp_path: Path) -> None:
    folder = edited(tmp_path, NOT_TEKNIK)
    before = figures(database_url, "vastkraft", folder)
    ask(database_url, "UPDATE submissions SET sealed = ''")
    after = figures(database_url, "vastkraft", folder)
    assert before | {"work": None} == after | {"work": None}


def test_persons_by_reference_for_the_coordinator(sent: Office, database_url: str, tmp_path: Path) -> None:
    folder = edited(tmp_path, TRR_OFFERED)
    rows = ask(database_url, "SELECT reference FROM submissions WHERE lead = 'trr' ORDER BY reference")
    references = [reference for (reference,) in rows]
    assert "persons" not in figures(database_url, "vastkraft", folder)
    found = figures(database_url, "vastkraft", folder, "--persons")
    assert [one["reference"] for one in found["persons"]] == references
    assert found["persons"][0]["changes"] == ["lead", "offers"]
    assert found["persons"][0]["before"]["offers"] == ["af"], "a union is never told"
    assert {*found} == {"programme", "old", "new", "damaged", "persons"}, "no figures beside them"
    said = replay(database_url, "vastkraft", folder, "--persons")
    assert f"{references[0]}  lead trr -> gr; offers af -> trr" in said.lines
    assert "unionen" not in said.out and "change verdict" not in said.out and len(said.lines) == 6
    logged = ask(database_url, "SELECT staff_id, referral_id FROM access_log WHERE what = 'replayed_persons'")
    assert logged == [(None, None), (None, None)]


def test_whose_only_change_is_a_union_is_counted_and_not_listed(
    sent: Office, database_url: str, tmp_path: Path
) -> None:
    folder = edited(tmp_path, NO_UNION)
    counted, listed = replay(database_url, "vastkraft", folder), replay(database_url, "vastkraft", folder, "--persons")
    assert "5 change verdict, group, lead or offers." in counted.lines
    assert "VK-" not in counted.out + listed.out and "unionen" not in counted.out + listed.out


@pytest.mark.parametrize("damage", ["coded = 'half a ro'", "coded = '[]'", "offers = 'half a ro'", "offers = '5'"])
def test_what_cannot_be_read_is_named_and_stops_nobody_else(
    sent: Office, database_url: str, tmp_path: Path, damage: str
) -> None:
    [(reference,)] = ask(database_url, "SELECT min(reference) FROM submissions WHERE lead = 'trr'")
    ask(database_url, f"UPDATE submissions SET {damage} WHERE reference = '{reference}'")
    folder = edited(tmp_path, NOT_TEKNIK)
    found = figures(database_url, "vastkraft", folder)
    assert (found["submissions"], found["changing"], found["damaged"]) == (5, 5, [reference])
    said = replay(database_url, "vastkraft", folder)
    assert f"cannot be read: {reference}. Restore it from a backup." in said.out


@pytest.mark.parametrize("coded", [{"employment_status": ["uppsagd_left"]}, {"last_employment_date": "9999-99-99"}])
def test_an_answer_of_another_kind_is_named_too(sent: Office, database_url: str, tmp_path: Path, coded: Any) -> None:
    [(reference,)] = ask(database_url, "SELECT min(reference) FROM submissions WHERE lead = 'trr'")
    whole = {"employment_status": "uppsagd_left", "needs": ["new_industry"], **coded}
    ask(database_url, f"UPDATE submissions SET coded = '{json.dumps(whole)}' WHERE reference = '{reference}'")
    folder = edited(tmp_path, ("days_until(last_employment_date) <= 30", "days_until(last_employment_date) <= 31"))
    found = figures(database_url, "vastkraft", folder)
    assert (found["submissions"], found["damaged"]) == (5, [reference])
    assert found["work"]["touched"] == 5


def test_a_day_is_for_a_file(tmp_path: Path) -> None:
    refused = call("replay", "vastkraft", edited(tmp_path, NOT_TEKNIK), "--today", "2026-11-23").refusal()
    assert refused.startswith("--today goes with --file")


def test_what_was_decided_by_staff_is_told_beside(sent: Office, database_url: str, tmp_path: Path) -> None:
    folder = edited(tmp_path, NOT_TEKNIK)
    ask(database_url, "UPDATE submissions SET decision = 'A' WHERE verdict = 'ask_staff'")
    listed = figures(database_url, "vastkraft", folder, "--persons")["persons"]
    assert [one["decided"] for one in listed].count(True) == 1
    assert figures(database_url, "vastkraft", folder)["decided"] == 0
    ask(database_url, "UPDATE submissions SET decision = 'A'")
    assert figures(database_url, "vastkraft", folder)["decided"] == 5


def test_rows_without_offers_are_judged_by_the_old_version(sent: Office, database_url: str, tmp_path: Path) -> None:
    folder = edited(tmp_path, TRR_OFFERED)
    before = figures(database_url, "vastkraft", folder)
    ask(database_url, "UPDATE submissions SET offers = NULL, meaning = NULL")
    after = figures(database_url, "vastkraft", folder)
    assert after["work"]["old_judged_too"] == 5
    assert before | {"work": None} == after | {"work": None}


def test_a_published_version_by_its_label(sent: Office, database_url: str, tmp_path: Path) -> None:
    assert figures(database_url, "vastkraft@2", edited(tmp_path, TRR_OFFERED))["changing"] == 5
    assert replay(database_url, "vastkraft@9", "vastkraft").refusal() == "vastkraft@9 is not published; published: 2"
    assert replay(database_url, "nobody@1", "vastkraft").refusal() == 'nobody@1: no version of "nobody" is published'


def test_own_words_are_known_of_and_kept_nowhere(sent: Office, database_url: str, tmp_path: Path) -> None:
    """Whoever answered in own words has answered: a condition that asks for it holds."""
    rows = ask(database_url, "SELECT coded FROM submissions WHERE lead = 'trr'")
    assert all(json.loads(coded)["@said"] == ["occupation"] for (coded,) in rows)
    assert all("eget" not in coded for (coded,) in rows)
    white = ('agreement_or_unsure\'\nlead = "trr"', 'agreement_or_unsure and not known(occupation)\'\nlead = "trr"')
    folder = edited(tmp_path, white)
    assert figures(database_url, "vastkraft", folder)["changing"] == 5


def test_rows_come_in_batches_and_each_once(sent: Office, database_url: str) -> None:
    store = Store(database_url, Keys.from_text(Keys.new_text("other")))
    try:
        batches = list(store.replays.rows(PROGRAMME, most=4))
        assert [len(batch) for batch in batches] == [4, 2]
        assert len({row.reference for batch in batches for row in batch}) == 6 == store.replays.count(PROGRAMME)
        assert list(store.replays.rows("another")) == []
    finally:
        store.close()


# Files


def lines(tmp_path: Path, *persons: Any) -> Path:
    file = tmp_path / "persons.jsonl"
    said = (one if isinstance(one, str) else json.dumps(one) for one in persons)
    file.write_text("".join(f"{one}\n" for one in said), encoding="utf-8")
    return file


def test_persons_of_a_file_are_judged_by_both(tmp_path: Path) -> None:
    left = {**WHITE, "collar": "unknown", "collective_agreement": "yes", "needs": ["new_industry"]}
    left["last_employment_date"] = "2026-12-31"
    early, late = {"answers": left, "today": "2026-11-23"}, {"answers": left, "reference": "VK-1"}
    file = lines(tmp_path, *[ELIGIBLE] * 10, early, late)
    folder = edited(tmp_path, ("days_until(last_employment_date) <= 30", "days_until(last_employment_date) <= 10"))
    asked = ("replay", "vastkraft", folder, "--file", file, "--today", "2026-12-14", "--json")
    found = call(*asked).json()
    assert (found["submissions"], found["changing"], found["work"]["old_judged_too"]) == (10, 0, 10)
    [one] = call(*asked, "--persons").json()["persons"]
    assert (one["reference"], one["changes"]) == ("VK-1", ["lead", "offers"])


def test_who_has_no_reference_is_known_by_the_line(tmp_path: Path) -> None:
    file = lines(tmp_path, *[ELIGIBLE] * 10)
    said = call("replay", "vastkraft", edited(tmp_path, NOT_TEKNIK), "--file", file, "--persons")
    assert [line.partition("  ")[0] for line in said.lines[-10:]] == [f"line {number}" for number in range(1, 11)]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"industry": "tecnik"}', 'line 2: industry: "tecnik" is not permitted (permitted: teknik)'),
        ("[1]", 'line 2: [1] is not permitted (permitted: a JSON object, as {"question": "answer"})'),
        (
            '{"answers": {}, "today": "soon"}',
            'line 2: today: "soon" is not permitted (permitted: a date that exists, as 2026-11-23)',
        ),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_read_is_one_line(tmp_path: Path, line: str, said: str) -> None:
    assert call("replay", "vastkraft", "vastkraft", "--file", lines(tmp_path, ELIGIBLE, line)).refusal() == said


def test_bad_input_is_one_line(tmp_path: Path, sqlite_url: str) -> None:
    assert "no programme" in replay(sqlite_url, "vastkraft", "nowhere").refusal()
    soon = replay(sqlite_url, "vastkraft", "vastkraft", "--file", "-", "--today", "soon")
    assert "--today soon is no date" in soon.refusal()
    missing = replay(sqlite_url, "vastkraft", "vastkraft", "--file", tmp_path / "none.jsonl").refusal()
    assert missing == f"{tmp_path / 'none.jsonl'} cannot be read: No such file or directory"
    other = edited(tmp_path, ('id = "vastkraft"\nversion', 'id = "other"\nversion'))
    assert "replay compares versions of one programme" in replay(sqlite_url, "vastkraft", other).refusal()
