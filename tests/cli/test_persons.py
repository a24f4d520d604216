"""`intake person export|erase`: by case number, without unions, refused while somebody has the case in hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.commands import Said, call
from tests.databases import on_sqlite
from tests.engine.personal_numbers import DAY, LAST
from tests.everything import everything
from tests.houses import only_vastkraft
from tests.offices import WHITE, Office, office
from tests.openings import KEYS


@pytest.fixture
def there(database_url: str, tmp_path: Path) -> Iterator[Office]:
    with office(database_url, tmp_path, secret_keys=KEYS) as opened:
        yield opened


def person(there: Office, *arguments: str | Path) -> Said:
    settings = there.app.settings
    env: dict[str, Any] = {"INTAKE_DATABASE_URL": settings.database_url, "INTAKE_VAR": str(settings.var)}
    env |= {"INTAKE_SECRET_KEYS": KEYS, "INTAKE_PROGRAMMES": str(only_vastkraft()), "INTAKE_DEMO": "1"}
    return call("person", *arguments, **env)


def test_an_export_is_logged_and_knows_no_union(there: Office, tmp_path: Path) -> None:
    case = there.sends(WHITE, ("trr",), union=True)
    stored = person(there, "export", case.reference.lower(), "--json").json()
    assert stored["contact"]["email"] == "kim@example.org"
    assert {one["partner"] for one in stored["partners"]} == {"trr", "gr"}
    shown = person(there, "export", case.reference)
    file = tmp_path / "copy.json"
    assert person(there, "export", case.reference, "--out", file).out == f"{file}: everything about {case.reference}\n"
    again = person(there, "export", case.reference, "--out", file).refusal()
    assert file.stat().st_mode & 0o077 == 0 and "is there already" in again
    for text in (str(stored), shown.out, file.read_text(encoding="utf-8")):
        assert "union" not in text.lower()
    assert sum("person_export" in row for row in everything(there.app)["access_log"]) == 3


def test_erasing_says_the_same_whether_there_is_a_union_or_not(there: Office) -> None:
    said = []
    for union in (True, False):
        case = there.sends(WHITE, ("trr",), union=union)
        unions = there.at(case, "unionen").reference if union else "VK-2222-2222"
        assert "there is no such case number" in person(there, "erase", unions, "--yes").refusal()
        erased = person(there, "erase", case.reference, "--yes")
        said.append((erased.out.replace(case.reference, ""), erased.err, erased.code))
        assert person(there, "erase", case.reference, "--yes").refusal().endswith("there is no such case number")
    assert said[0] == said[1] == (": erased\n", "", 0)
    there.app.unions.work_once()
    assert not everything(there.app)["submissions"] and not everything(there.app)["referrals"]
    assert sum("person_erase" in row for row in everything(there.app)["access_log"]) == 2


@on_sqlite
def test_a_case_in_hand_is_erased_only_by_force_and_reason(there: Office) -> None:
    case = there.sends(WHITE, ("trr",))
    there.app.casework.pick_up(there.staff("trr"), case.reference)
    refused = person(there, "erase", case.reference).refusal()
    assert f"{case.reference} is in hand at Trygghetsrådet TRR (TRR)" in refused
    assert "--force needs a reason" in person(there, "erase", case.reference, "--yes", "--force").refusal()
    assert there.app.store.submissions.by_id(case.id) is not None
    reason = f"begärt av {DAY}-{LAST}"
    refused = person(there, "erase", case.reference, "--yes", "--force", "--reason", reason).refusal()
    assert "personal identity number" in refused and LAST not in refused
    erased = person(there, "erase", case.reference, "--yes", "--force", "--reason", "beslut 14")
    assert erased.out == f"{case.reference}: erased\n" and there.app.store.submissions.by_id(case.id) is None


@on_sqlite
def test_without_a_yes_nothing_is_erased(there: Office) -> None:
    case = there.sends(WHITE, ("trr",))
    assert person(there, "erase", case.reference).code == 1
    assert there.app.store.submissions.by_id(case.id) is not None
