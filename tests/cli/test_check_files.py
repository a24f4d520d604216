"""`intake check`: texts, letters, search lists and example persons; and questions without an available choice."""

from __future__ import annotations

import pytest

from intake.authoring.catalog.format_page import CODES
from tests.cli.broken import Copy
from tests.cli.commands import ROOT

# file, right, wrong, code, key, what the message says
FAULTS = [
    ("texts/en.toml", "[question.needs]\n", "[question.need]\n", "missing_text", "question.needs.text", "is missing"),
    ("texts/sv.toml", "[start]\n", "[start]\nwelcome = 'Hej'\n", "unknown_key", "start.welcome", "no such text"),
    ("texts/sv.toml", "[start]\n", "[start]\nwho_titel = 'Hej'\n", "unknown_key", "start.who_titel",
     'did you mean "start.who_title"'),
    ("texts/sv.toml", "[advice.ooo]\n", "[advice.ooo]\nlate = 5\n", "unknown_key", "advice.ooo.late", "no such text"),
    ("texts/sv.toml", "[why.no_need]\nyes =", "[why.no_need]\nyess =", "missing_text", "why.no_need.yes", "is missing"),
    ("texts/en.toml", "{home_municipality}, is", "{home_town}, is", "unknown_placeholder", "why.no_municipality.yes",
     "{home_town} cannot be filled in"),
    ("texts/en.toml", "The company counts: {industry}", "The company counts: {want_referral}", "unknown_placeholder",
     "why.no_industry.yes", "{want_referral} cannot be filled in"),
    ("texts/en.toml", "company counts: {industry}", "company counts: {industry", "unknown_placeholder",
     "why.no_industry.yes", "other half"),
    ("texts/sv.toml", "{home_municipality}, är", "är", "missing_placeholder", "why.no_municipality.yes",
     "{home_municipality} stands in another language"),
    ("letters/en/receipt.txt", "{status_link}", "", "missing_placeholder", "receipt", "stands in another"),
    ("texts/en.toml", "[question.needs]\ntext = ", "[question.needs]\ntext = '{colour}?'\n# ", "unknown_placeholder",
     "question.needs.text", "{colour} cannot be filled in"),
    ("texts/en.toml", "(arbetsbrist).", "({arbetsbrist}).", "unknown_placeholder",
     "choice.termination_reason.arbetsbrist", "{arbetsbrist} cannot be filled in"),
    ("texts/en.toml", "text = \"10 to 15 minutes", "text = \"10 to {fifteen} minutes", "unknown_placeholder",
     "start.how_steps", "{fifteen} cannot be filled in"),
    ("texts/en.toml", "Do you want {union} to", "Do you want {onion} to", "unknown_placeholder",
     "question.consent_union.text", 'did you mean "union"'),
    ("texts/en.toml", "Do you want {union} to", "Do you want us to", "missing_placeholder",
     "question.consent_union.text", "{union} stands in another language"),
    ("texts/en.toml", "answers to {partner}?", "answers to {partners}?", "unknown_placeholder", "consent.telephone",
     'did you mean "partner"'),
    ("texts/sv.toml", "settle =", "setle =", "missing_text", "question.industry.settle", "is missing"),
    ("letters/en/receipt.txt", "Subject: ", "Subject: {why}, ", "unknown_placeholder", "why", "nothing personal"),
    ("letters/sv/receipt.txt", "Subject: ", "Ämne: ", "wrong_type", "line 1", 'begin with "Subject: ..."'),
    ("letters/en/receipt.txt", "{status_link}", "{status_lnk}", "unknown_placeholder", "status_lnk", '"status_link"'),
    ("letters/en/receipt.txt", "{status_link}", "{status link}", "unknown_placeholder", "status link", '"status_link"'),
    ("letters/en/receipt.txt", "{status_link}", "{status_link", "unknown_placeholder", "{", "other half"),
    ("letters/en/receipt.txt", "Subject: ", "Subject: {name}, ", "unknown_placeholder", "name", "nothing personal"),
    ("lists/languages.csv", "id,sv,en", "id,sv,eng", "bad_line", "line 1", "columns en"),
    ("lists/occupations.csv", "1220:personalchef", "1210:ekonomichef", "double_id", "line 3", "more than once"),
    ("lists/occupations.csv", "1220:personalchef", "", "bad_line", "line 3", "an id and a word in each language"),
    ("lists/occupations.csv", "1220:personalchef", f"1220:{'p' * 40}", "id_too_long", f"1220:{'p' * 40}", "occupation"),
    ("cases.toml", 'industry = "teknik"', 'industry = "tekni"', "case_unreadable", "case.P1.answers.industry",
     "'tekni' is not permitted (permitted: teknik)"),
    ("cases.toml", 'group = "A"', 'group = "B"', "case_failed", "case.P1.expect.group",
     "expected 'B', the programme gives 'A'"),
    ("cases.toml", 'id = "P2"', 'id = "P1"', "double_id", "case.P1", "more than once"),
    ("cases.toml", "verdict =", "verdikt =", "unknown_key", "case.P1.expect.verdikt", 'did you mean "verdict"'),
    ("cases.toml", "today = 2026-11-23", 'today = "2026-11-23"', "wrong_type", "case.P1.today", "without quotes"),
    ("cases.toml", "today = 2026-11-23", "", "missing_key", "case.P1.today", "is missing"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "right", "wrong", "code", "key", "says"), FAULTS)
def test_a_fault_is_found_in_its_file(
    copy: Copy, file: str, right: str, wrong: str, code: str, key: str, says: str
) -> None:
    copy.replace(right, wrong, file)
    found = [one for one in copy.findings() if (one.code, one.file, one.key) == (code, file, key)]
    assert len(found) == 1 and says in found[0].message, copy.findings()
    assert code in CODES


def test_a_text_is_needed_in_each_language(copy: Copy) -> None:
    """Also one that could be left out in all: who reads English gets the help that others get."""
    for language, text in (("sv", "Hjälp"), ("en", " ")):
        copy.add(f'[question.{language}]\nhelp = "{text}"', f"texts/{language}.toml")
    copy.replace("[question.own_business]\n", "[question.own_business]\nwhy = 'Because'\n", "texts/en.toml")
    found = {(one.code, one.file, one.key) for one in copy.findings()}
    assert found == {
        ("unknown_key", "texts/sv.toml", "question.sv.help"),
        ("unknown_key", "texts/en.toml", "question.en.help"),
        ("missing_text", "texts/sv.toml", "question.own_business.why"),
    }


@pytest.mark.parametrize(
    ("value", "code"), [('""', "missing_text"), ('"  "', "missing_text"), ("5", "wrong_type"), ("[]", "wrong_type")]
)
def test_a_text_is_words(copy: Copy, value: str, code: str) -> None:
    source = (copy.folder / "texts/en.toml").read_text()
    line = next(line for line in source.splitlines() if line.startswith("last_day_passed ="))
    copy.replace(line, f"last_day_passed = {value}", "texts/en.toml")
    found = copy.only()
    assert (found.code, found.key) == (code, "note.last_day_passed")


def test_missing_files_are_named_once_each(copy: Copy) -> None:
    for file in ("texts/en.toml", "letters/sv/closed.txt", "lists/languages.csv", "cases.toml"):
        (copy.folder / file).unlink()
    assert {(one.code, one.file) for one in copy.findings()} == {
        ("missing_file", "texts/en.toml"),
        ("missing_text", "letters/sv/closed.txt"),
        ("unknown_id", "programme.toml"),
        ("missing_file", "cases.toml"),
    }


def test_a_letter_that_nobody_sends_is_named(copy: Copy) -> None:
    (copy.folder / "letters/sv/closed.txt").rename(copy.folder / "letters/sv/close.txt")
    found = {(one.code, one.file): one.message for one in copy.findings()}
    assert set(found) == {("missing_text", "letters/sv/closed.txt"), ("unknown_key", "letters/sv/close.txt")}
    assert 'did you mean "closed"' in found["unknown_key", "letters/sv/close.txt"]


@pytest.mark.parametrize("file", ["texts/sv.toml", "letters/en/closed.txt", "lists/occupations.csv", "cases.toml"])
def test_a_file_that_is_not_utf8_is_named_with_its_line(copy: Copy, file: str) -> None:
    path = copy.folder / file
    path.write_bytes(path.read_bytes().replace(b"\n", b"\n\xe5", 1))
    found = [one for one in copy.findings() if one.code == "unreadable_file"]
    assert [(one.file, one.key) for one in found] == [(file, "line 2")]


def test_what_windows_adds_to_files_does_no_harm(copy: Copy) -> None:
    for path in [*copy.folder.rglob("*.toml"), *copy.folder.rglob("*.txt"), *copy.folder.rglob("*.csv")]:
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert copy.findings() == []


def test_a_language_is_one_that_product_and_programme_have(copy: Copy) -> None:
    (copy.folder / "texts/fi.toml").write_text("")
    (copy.folder / "letters/fi").mkdir()
    (copy.folder / "letters/fi/receipt.txt").write_text("Subject: Hei\n\nHei\n")
    assert {one.file for one in copy.findings() if one.code == "unknown_language"} == {"texts/fi.toml", "letters/fi"}
    copy.replace('["sv", "en"]', '["sv", "en", "fi"]')
    found = [one for one in copy.findings() if one.code == "unknown_language"]
    assert [(one.file, one.key) for one in found] == [("programme.toml", "languages")]
    assert 'no words in "fi"' in found[0].message


def test_a_case_has_to_expect_something(copy: Copy) -> None:
    copy.add('[[case]]\nid = "empty"\ntoday = 2026-11-23\nanswers = {}\nexpect = {}', "cases.toml")
    assert copy.only().key == "case.empty.expect"


def test_dates_of_a_case_may_stand_without_quotes(copy: Copy) -> None:
    copy.replace('last_employment_date = "2027-03-31"', "last_employment_date = 2027-03-31", "cases.toml")
    assert copy.findings() == []


def test_a_required_question_always_has_something_to_choose(copy: Copy) -> None:
    for choice in ("idea", "plan"):
        copy.replace(f'{{ id = "{choice}" }}', f"{{ id = \"{choice}\", hide_if = 'group == \"A\"' }}")
    assert copy.findings() == []
    copy.replace('{ id = "started" }', "{ id = \"started\", hide_if = 'collar == \"blue\"' }")
    assert copy.only().code == "nothing_to_choose"
    copy.replace("ask_if = '\"own_business\" in needs'\n", "ask_if = '\"own_business\" in needs'\noptional = true\n")
    assert "nothing_to_choose" not in copy.codes()


def test_a_question_to_choose_in_has_choices(copy: Copy) -> None:
    copy.replace('choices = [{ id = "idea" }, { id = "plan" }, { id = "started" }]', "choices = []")
    [found] = [one for one in copy.findings() if one.code == "missing_key"]
    assert found.key == "question.own_business.choices"


def test_nobody_says_who_they_are_before_the_result(copy: Copy) -> None:
    for kind in ("email", "phone"):
        copy.add(f'[[question]]\nid = "my_{kind}"\nkind = "{kind}"\nsection = "needs"')
    found = [(one.code, one.key) for one in copy.findings() if one.code == "too_early"]
    assert found == [("too_early", "question.my_email.section"), ("too_early", "question.my_phone.section")]


def test_sections_after_the_result_must_stand_last(copy: Copy) -> None:
    copy.replace('[[section]]\nid = "situation"\n', '[[section]]\nid = "situation"\nafter_result = true\n')
    assert "out_of_order" in copy.codes()


def test_a_partner_id_too_long_for_a_button_is_found(copy: Copy) -> None:
    copy.replace('id = "consent_partner"', 'id = "consent_of_each_partner_that_may_help_us"')
    keys = [one.key for one in copy.findings() if one.code == "id_too_long"]
    assert "question.consent_of_each_partner_that_may_help_us.partner.municipality:1480" in keys
    assert not any(key.endswith(".brg") for key in keys)


def test_every_code_is_documented_and_found() -> None:
    catalog = (ROOT / "intake/authoring/catalog").glob("*.py")
    sources = "".join(path.read_text() for path in catalog if path.stem != "format_page")
    assert [code for code in CODES if f'"{code}"' not in sources] == []
