"""`intake partner` and `intake staff`: what they set, list as missing, and refuse."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.broken import Copy
from tests.cli.conftest import Office

TRR = {"reply_to": "svar@trr.internal", "notify": "nya@trr.internal", "phone": "08-000 00 00"}
OF = ("--programme", "vastkraft")


def set_trr(office: Office, *options: str, **env: str) -> object:
    said = office("partner", "set", "trr", *options, **env)
    return said.out if said.code == 0 else said.refusal()


def listed(office: Office, partner: str) -> dict[str, object]:
    [row] = [row for row in office("partner", "list", "--json").json() if row["id"] == partner]
    return dict(row)


def test_at_first_every_receiving_partner_lacks_everything(office: Office) -> None:
    rows = office("partner", "list", "--json").json()
    assert len(rows) == 19 and "teknikforetagen" not in {row["id"] for row in rows}
    assert all(row["lacks"] == ["reply-to", "notify", "phone", "staff"] for row in rows)
    assert list(rows[0]) == ["id", "name", "reply_to", "notify", "phone", "staff", "lacks", "paused_at"]


def test_a_partner_that_lacks_nothing_is_ready(office: Office) -> None:
    assert set_trr(office, "--reply-to", TRR["reply_to"], "--notify", TRR["notify"]) == "trr: set\n"
    half = {"phone": None, "staff": 0, "lacks": ["phone", "staff"], "paused_at": None}
    assert listed(office, "trr") == {"id": "trr", "name": "Trygghetsrådet TRR", **TRR, **half}
    set_trr(office, "--phone", TRR["phone"])
    office("staff", "add", "kim@trr.internal", "--partner", "trr")
    whole = {"staff": 1, "lacks": [], "paused_at": None}
    assert listed(office, "trr") == {"id": "trr", "name": "Trygghetsrådet TRR", **TRR, **whole}
    lines = office("partner", "list").lines
    assert [line.rpartition("  ")[2] for line in lines if line.startswith("trr ")] == ["ready"]
    assert next(line for line in lines if line.startswith("brg ")).endswith("lacks reply-to, notify, phone, staff")


@pytest.mark.parametrize(
    ("partner", "says"),
    [
        ("tr", 'no partner "tr" (did you mean "trr"?)'),
        ("municipality:1460", 'did you mean "municipality:14'),
        ("teknikforetagen", "never gets persons"),
    ],
)
def test_only_receiving_partners_have_addresses_and_staff(office: Office, partner: str, says: str) -> None:
    assert says in office("partner", "set", partner, "--phone", "031-000 00 00").refusal()
    assert says in office("staff", "add", "kim@gr.internal", "--partner", partner).refusal()
    assert says in office("partner", "pause", partner, *OF).refusal()
    assert says in office("partner", "resume", partner, *OF).refusal()


def test_a_partner_is_paused_and_resumed(office: Office) -> None:
    assert office("partner", "pause", "trr", *OF).out == "trr: paused; new cases go to the next in turn\n"
    since = listed(office, "trr")["paused_at"]
    assert since is not None and office("partner", "pause", "trr", *OF).out == "trr: was paused already\n"
    [line] = [line for line in office("partner", "list").lines if line.startswith("trr ")]
    assert f"paused since {str(since)[:10]}; lacks reply-to" in line
    set_trr(office, "--phone", TRR["phone"])  # its addresses can be changed meanwhile
    assert listed(office, "trr")["paused_at"] == since and listed(office, "af")["paused_at"] is None
    assert office("partner", "resume", "trr", *OF).out == "trr: takes persons again\n"
    assert office("partner", "resume", "trr", *OF).out == "trr: was not paused\n"
    assert listed(office, "trr")["paused_at"] is None


def test_the_owner_is_never_paused(office: Office) -> None:
    refused = office("partner", "pause", "gr", *OF).refusal()
    assert refused == "gr owns vastkraft: it is the last to take a case, and cannot be paused"


@pytest.mark.parametrize("address", ["", "kim", "kim@", "kim@localhost", "kim@gr.internal\nBcc: all@gr.internal"])
def test_what_is_no_address_is_refused(office: Office, address: str) -> None:
    for option in ("--reply-to", "--notify"):
        assert "is not an email address" in str(set_trr(office, option, address))
    assert "is not an email address" in office("staff", "add", address, "--partner", "trr").refusal()
    assert listed(office, "trr")["lacks"] == ["reply-to", "notify", "phone", "staff"]


@pytest.mark.parametrize("phone", ["abc", "12", "8" * 41, "031\n000"])
def test_what_is_no_phone_number_is_refused(office: Office, phone: str) -> None:
    assert "is not a phone number" in str(set_trr(office, "--phone", phone))


@pytest.mark.parametrize("address", ["kim@example.org", "kim@mail.example.com", "kim@trr.invalid", "kim@trr.test"])
def test_a_placeholder_is_refused_outside_demo_and_taken_in_it(office: Office, address: str) -> None:
    assert "is a placeholder that leads nowhere" in str(set_trr(office, "--reply-to", address))
    assert "is a placeholder that leads nowhere" in office("staff", "add", address, "--partner", "trr").refusal()
    assert set_trr(office, "--reply-to", address, INTAKE_DEMO="1") == "trr: set\n"
    assert office("staff", "add", address, "--partner", "trr", INTAKE_DEMO="1").code == 0
    # The same database served for real: the address counts as missing, because no letter goes to it.
    assert "reply-to" in listed(office, "trr")["lacks"]  # type: ignore[operator]


def test_a_coordinator_works_for_the_owner(office: Office) -> None:
    refused = office("staff", "add", "kim@gr.internal", "--partner", "trr", "--coordinator").refusal()
    assert refused == "a coordinator works for gr, who owns vastkraft: --partner gr --coordinator"
    assert office("staff", "list").out == "nobody yet: intake staff add EMAIL --partner ID\n"
    said = office("staff", "add", "Kim@gr.internal", "--partner", "gr", "--coordinator", "--name", "Kim")
    assert said.out == "kim@gr.internal: coordinator at gr; signs in at http://127.0.0.1:8000/staff/\n"


def test_staff_are_listed_moved_and_disabled(office: Office) -> None:
    office("staff", "add", "kim@gr.internal", "--partner", "gr", "--coordinator", "--name", "Kim")
    office("staff", "add", "ali@gr.internal", "--partner", "brg")
    office("staff", "add", "ali@gr.internal", "--partner", "af", "--name", "Ali")  # moved
    assert office("staff", "disable", "Kim@gr.internal").out == "kim@gr.internal: disabled; open sessions have ended\n"
    assert office("staff", "list", "--json").json() == [
        {"email": "ali@gr.internal", "name": "Ali", "programme": "vastkraft", "partner": "af", "coordinator": False,
         "disabled": False},
        {"email": "kim@gr.internal", "name": "Kim", "programme": "vastkraft", "partner": "gr", "coordinator": True,
         "disabled": True},
    ]  # fmt: skip
    assert [line.split() for line in office("staff", "list").lines] == [
        ["ali@gr.internal", "af", "staff"],
        ["kim@gr.internal", "gr", "coordinator", "(disabled)"],
    ]


def test_disabling_nobody_names_the_nearest(office: Office) -> None:
    office("staff", "add", "kim@gr.internal", "--partner", "gr")
    refused = office("staff", "disable", "kin@gr.internal").refusal()
    assert refused.endswith('with the address kin@gr.internal (did you mean "kim@gr.internal"?)')
    assert office("staff", "disable", "kim@gr.internal").code == 0
    assert "no active member of staff" in office("staff", "disable", "kim@gr.internal").refusal()


def test_of_several_programmes_one_has_to_be_named(office: Office, tmp_path: Path) -> None:
    for id in ("vastkraft", "ostkraft"):
        Copy(tmp_path / "programmes" / id).replace('id = "vastkraft"', f'id = "{id}"')
    several = {"INTAKE_PROGRAMMES": str(tmp_path / "programmes")}
    drafted = office("partner", "list", "--json", **several)
    assert drafted.err == "" and len(drafted.json()) == 19, "the other is a draft that nobody meets"
    assert office("publish", "ostkraft", **several).code == 0
    for command in (("partner", "list"), ("partner", "set", "trr", "--phone", "031-000 00 00")):
        assert office(*command, **several).refusal().startswith("say which programme: --programme ID")
        assert 'did you mean "ostkraft"' in office(*command, "--programme", "ostkrft", **several).refusal()
        assert office(*command, "--programme", "ostkraft", **several).code == 0
    assert office("partner", "list", "--programme", "vastkraft", "--json").json()[5]["phone"] is None


def test_the_operator_prints_a_link_for_who_gets_no_letters(office: Office) -> None:
    office("staff", "add", "kim@trr.internal", "--partner", "trr")
    said = office("staff", "link", "Kim@trr.internal")
    assert said.code == 0 and said.out.startswith("http://127.0.0.1:8000/staff/signin/") and said.out.count("\n") == 1
    shown = office("staff", "link", "kim@trr.internal", "--json").json()
    assert set(shown) == {"email", "link", "until"} and shown["email"] == "kim@trr.internal"
    assert shown["link"] != said.out.strip()


def test_no_link_for_those_who_may_not_sign_in(office: Office) -> None:
    office("staff", "add", "kim@trr.internal", "--partner", "trr")
    said = office("staff", "link", "kin@trr.internal").refusal()
    assert said == 'no active member of staff with the address kin@trr.internal (did you mean "kim@trr.internal"?)'
    office("staff", "disable", "kim@trr.internal")
    assert "no active member of staff" in office("staff", "link", "kim@trr.internal").refusal()
    assert "intake staff link" in office("staff", "link", "--help").out
