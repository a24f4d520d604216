"""The proof finds every planted fault with an example, and nothing in a correct programme."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from time import process_time
from typing import Any

import pytest

from intake.authoring.assessing import judge
from intake.authoring.catalog import checked
from intake.authoring.catalog.files import Files
from intake.authoring.proof import Examined, adds_only, examine
from intake.config import PACKAGED
from tests.cli.commands import call
from tests.proof.faults import FAULTS, OTHERWISE, PROGRAMME, Fault, edited

TODAY = date(2026, 11, 23)
SECONDS = 5.0  # of work, for VästKraft; it takes half of one
OWN = ("verdict", "group", "reason", "route", "lead", "offers", "information", "trace")


@pytest.fixture(scope="module", params=sorted(path.parent.name for path in PACKAGED.glob("*/programme.toml")))
def packaged(request: pytest.FixtureRequest) -> Examined:
    return examine(Files.of(PACKAGED / request.param), TODAY)


def test_what_comes_with_the_product_has_no_finding(packaged: Examined) -> None:
    assert packaged.proven
    assert [str(finding) for finding in packaged.findings] == []


def test_it_is_proven_in_time() -> None:
    files = Files.of(PACKAGED / "vastkraft")
    began = process_time()
    assert examine(files, TODAY).proven
    assert process_time() - began < SECONDS


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.id)
def test_each_fault_is_found_and_shown(fault: Fault) -> None:
    files = edited(fault)
    examined = examine(files, TODAY)
    found = [one for one in examined.findings if (one.code, one.key) == (fault.code, fault.key)]
    assert found, [str(one) for one in examined.findings]
    finding = found[0]  # two parts of one condition may say nothing
    assert finding.example is not None
    assert fault.shows(finding.example), finding.example
    assert replays(files, finding.example)


def replays(files: Files, example: Mapping[str, Any]) -> bool:
    """`intake assess` says of these answers what the example says, of the programme as it is written."""
    programme = checked(files)[1]
    assert programme is not None
    judged = judge(programme, example["answers"], TODAY)
    return all(judged[name] == example[name] for name in OWN)


# Edits that are no faults: they say something, for somebody.
RIGHT = {
    "only a no, and who skips it is fine": (
        '[[rule]]\nid = "no_need"',
        '[[rule]]\nid = "school"\nno_if = \'education_level == "doctoral"\'\n'
        "yes_if = 'education_level != \"doctoral\" or not known(education_level)'\n"
        'reason = "no_need"\n\n[[rule]]\nid = "no_need"',
    ),
    "a window of time: what keeps yes and no apart is no spare part": (
        '[[rule]]\nid = "no_need"',
        '[[rule]]\nid = "window"\nno_if = \'days_until(last_employment_date) < -365\'\n'
        "yes_if = 'not known(last_employment_date) or -365 <= days_until(last_employment_date) <= 400'\n"
        'reason = "no_need"\n\n[[rule]]\nid = "no_need"',
    ),
    "a route for whom staff decide about": (
        '[[route]]\nid = "R13"',
        '[[route]]\nid = "R20"\nwhen = \'group == "A" and home_municipality == "other"\'\nlead = "brg"\n\n'
        '[[route]]\nid = "R13"',
    ),
}


@pytest.mark.parametrize("edit", RIGHT)
def test_what_says_something_for_somebody_is_no_finding(edit: str) -> None:
    before, after = RIGHT[edit]
    examined = examine(edited(Fault(edit, ((PROGRAMME, before, after),), "", "", lambda one: True)), TODAY)
    assert examined.proven
    assert [str(one) for one in examined.findings if one.file == PROGRAMME] == []


def moved_first(question: str) -> str:
    """The programme with a question from after the result asked first of all."""
    text = (PACKAGED / "vastkraft" / PROGRAMME).read_text(encoding="utf-8")
    before, began, rest = text.partition(f'[[question]]\nid = "{question}"')
    table, following, after = rest.partition("\n[[")
    section = next(line for line in table.splitlines() if line.startswith("section = "))
    kept = (line for line in table.splitlines() if not line.startswith("ask_if = "))
    table = began + "\n".join(kept).replace(section, 'section = "situation"')
    return (before + following.lstrip("\n") + after).replace("[[question]]", f"{table}\n\n[[question]]", 1)


AFTER = (
    "want_referral", "protected_identity", "name", "email", "phone", "interpreter", "consent_partner", "consent_union",
)  # fmt: skip


@pytest.mark.parametrize("question", AFTER)
def test_what_belongs_after_the_result_is_found_before_it(question: str) -> None:
    """Identity, an end of the journey, consents: each an error with somebody who would be asked."""
    files = Files.of(PACKAGED / "vastkraft")
    examined = examine(Files({**files.texts, PROGRAMME: moved_first(question)}), TODAY)
    assert examined.proven
    found = [one for one in examined.findings if one.code == "too_early" and one.key.startswith(f"question.{question}")]
    if question == "interpreter":  # who needs one is not said by that
        assert found == []
    else:
        [finding] = found
        assert finding.severity == "error" and finding.example is not None


def test_a_last_route_with_a_condition_leaves_a_hole() -> None:
    edit = (PROGRAMME, OTHERWISE, OTHERWISE + "when = 'group == \"A\"'\n")
    examined = examine(edited(Fault("narrow", (edit,), "", "", lambda one: True)), TODAY)
    found = {(one.code, one.key): one.example for one in examined.findings}
    assert ("wrong_key", "route.R13") in found
    example = found["no_partner", "route"]
    assert example is not None and (example["verdict"], example["lead"]) == ("eligible", None)


NEVER_SAID = {
    "section.empty": ("[[section]]\nid = \"goal\"", "[[section]]\nid = \"empty\"\n\n[[section]]\nid = \"goal\""),
    "question.collar.settle": ('id = "collar"\n', 'id = "collar"\nfind_out = true\n'),
    "why.late.later": (
        '[[rule]]\nid = "no_need"',
        '[[rule]]\nid = "late"\nno_if = \'years_since(varsel_date) >= 1\'\nin_time = true\nreason = "no_need"\n\n'
        '[[rule]]\nid = "no_need"',
    ),
}


@pytest.mark.parametrize("key", NEVER_SAID)
def test_a_text_that_nobody_can_ever_read_is_found(key: str) -> None:
    edit = (PROGRAMME, *NEVER_SAID[key])
    examined = examine(edited(Fault(key, (edit,), "", "", lambda one: True)), TODAY)
    assert [(one.code, one.severity) for one in examined.findings if one.key == key and one.file == PROGRAMME] == [
        ("text_unreached", "error")
    ]


def test_what_means_nothing_for_whom_staff_decide_is_found() -> None:
    last = "ask_staff = true"
    edit = (PROGRAMME, last, f'{last}\noffer = ["brg"]\ntell = ["tsl"]')
    examined = examine(edited(Fault("idle", (edit,), "", "", lambda one: True)), TODAY)
    found = {(one.code, one.key) for one in examined.findings}
    assert {("wrong_key", "route.R0.offer"), ("wrong_key", "route.R0.tell")} <= found


def test_nothing_false_is_said_of_why() -> None:
    edit = (PROGRAMME, '[[route]]\nid = "R13"', '[[route]]\nid = "R20"\nwhen = \'count(needs) >= 8\'\nlead = "brg"\n\n'
            '[[route]]\nid = "R13"')  # fmt: skip
    examined = examine(edited(Fault("seven", (edit,), "", "", lambda one: True)), TODAY)
    [finding] = [one for one in examined.findings if one.key == "route.R20.when"]
    assert finding.message == "is never true (count(needs) >= 8), because no answers can make it so"


def test_the_cause_comes_first() -> None:
    """A no that everybody gets leaves nothing to be reached; that is said first of the no itself."""
    everybody = 'home_municipality == "other" or home_municipality != "other"'
    no_if = ("no_if = 'industry == \"other\"'", f"no_if = '{everybody}'")
    examined = examine(edited(Fault("all", ((PROGRAMME, *no_if),), "", "", lambda one: True)), TODAY)
    first = next(one for one in examined.findings if one.file == PROGRAMME)
    assert (first.code, first.key) == ("condition_always", "rule.no_industry.no_if")


def test_who_falls_into_the_hole_is_shown_of_what_lacks_too(tmp_path: Path) -> None:
    """The last route has a condition: the catalogue says what is missing, the proof who gets nobody. Both can be tried
    although the folder is refused."""
    hole = next(one for one in FAULTS if one.id == "hole in the routes")
    folder = put(tmp_path / "hole", edited(hole))
    told = json.loads(call("check", folder, "--json", "--today", "2026-11-23").out)
    found = {(one["code"], one["key"]): one.get("example") for one in told["findings"]}
    for key in (("missing_key", "route.R13.otherwise"), ("no_partner", "route")):
        example = found[key]
        assert example is not None and (example["verdict"], example["lead"]) == ("eligible", None)
        answers = json.dumps(example["answers"])
        assert "intake check" in call("assess", folder, "-", given=answers).refusal()
        said = call("assess", folder, "-", "--draft", "--json", "--today", "2026-11-23", given=answers)
        assert (said.code, said.json()["verdict"], said.json()["lead"]) == (0, "eligible", None)


def test_a_draft_that_does_not_say_what_is_meant_judges_nobody(tmp_path: Path) -> None:
    unreadable = (PROGRAMME, "no_if = 'industry == \"other\"'", "no_if = 'industry is other'")
    folder = put(tmp_path / "draft", edited(Fault("unreadable", (unreadable,), "", "", lambda one: True)))
    assert "rule.no_industry.no_if" in call("assess", folder, "-", "--draft", given="{}").refusal()


def test_a_set_that_nothing_names_concerns_nobody() -> None:
    edits = ((PROGRAMME, "[sets]\n", "[sets]\nunused = ['1440']\n"),)
    examined = examine(edited(Fault("unused", edits, "", "", lambda one: True)), TODAY)
    found = [(one.code, one.key, one.severity, one.example) for one in examined.findings]
    assert found == [("set_unused", "sets.unused", "warning", None)]


def test_a_condition_that_nothing_uses_concerns_nobody() -> None:
    edits = (("programme.toml", "[conditions]\n", "[conditions]\nunused = 'employment_status == \"resigned\"'\n"),)
    examined = examine(edited(Fault("unused", edits, "", "", lambda one: True)), TODAY)
    found = [(one.code, one.key, one.severity, one.example) for one in examined.findings]
    assert found == [("condition_unused", "conditions.unused", "warning", None)]


def test_there_are_twice_as_many_as_asked_for() -> None:
    assert len({fault.id for fault in FAULTS}) >= 20
    assert len({fault.code for fault in FAULTS}) >= 15


def test_routes_that_never_lead() -> None:
    programme = checked(Files.of(PACKAGED / "vastkraft"))[1]
    assert programme is not None
    assert adds_only(programme, TODAY) == {"R9", "R10"}


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A folder with an error, and one with a warning only."""
    for name, id in (("error", "dead question"), ("warning", "part that says nothing")):
        fault = next(one for one in FAULTS if one.id == id)
        put(tmp_path / name, edited(fault))
    return tmp_path


def put(folder: Path, files: Files) -> Path:
    for file, text in files.texts.items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(text, encoding="utf-8")
    return folder


def test_errors_fail_and_warnings_only_when_strict(broken: Path) -> None:
    assert call("check", str(broken / "error")).code == 1
    assert call("check", str(broken / "warning")).code == 0
    strict = call("check", str(broken / "warning"), "--strict")
    assert strict.code == 1
    assert "warning: programme.toml: route.R9.when" in strict.out


def test_the_json_has_an_example_that_can_be_replayed(broken: Path) -> None:
    told = json.loads(call("check", str(broken / "error"), "--json", "--today", "2026-11-23").out)
    assert told["proven"] is True
    [finding] = [one for one in told["findings"] if one["code"] == "question_unreached"]
    assert finding["severity"] == "error"
    answers = json.dumps(finding["example"]["answers"])
    said = call("assess", str(broken / "error"), "-", "--json", "--today", "2026-11-23", given=answers)
    assert json.loads(said.out)["verdict"] == finding["example"]["verdict"]


def test_the_person_stands_below_the_finding(broken: Path) -> None:
    out = call("check", str(broken / "error")).out
    assert "nobody is ever asked this, because" in out
    assert 'for example {"employment_status"' in out
