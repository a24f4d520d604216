"""`intake check`: each fault is found at its place, with the nearest permitted value, and nothing else is."""

from __future__ import annotations

import pytest

from tests.cli.broken import Copy

# right, wrong, code, key, what the message says
FAULTS = [
    # keys and types
    ('id = "brg"', 'id = "brg"\nuniom = false', "unknown_key", "partner.brg.uniom", 'did you mean "union"'),
    ("[limits]", "[limit]", "unknown_key", "limit", 'did you mean "limits"'),
    ('list = "occupations"', 'lst = "occupations"', "unknown_key", "question.occupation.lst", 'did you mean "list"'),
    ("text = 200", 'text = "200"', "wrong_type", "limits.text", "whole number (it is '200')"),
    ("text = 200", "text = 0", "wrong_type", "limits.text", "greater than or equal to 1 (it is 0)"),
    ('offer = ["if_metall"]', 'offer = "if_metall"', "wrong_type", "route.R3.offer", "should be a list"),
    ("union = true", 'union = "yes"', "wrong_type", "partner.unionen.union", "true or false (it is 'yes')"),
    ('kind = "month"', 'kind = "mouth"', "wrong_type", "question.varsel_date.kind", 'did you mean "month"'),
    ('id = "goal"\nkind = "choice"', 'id = "goal"', "missing_key", "question.goal.kind", "is missing"),
    ('choices = [{ id = "idea" },', 'choices = ["idea",', "wrong_type", "question.own_business.choices.1", "a table"),
    ('version = "2"', 'version = ""', "wrong_type", "version", "may not be empty"),
    # ids
    ('reference = "VK"', 'reference = "vk"', "bad_id", "reference", "capital letters"),
    ('id = "vastkraft"', 'id = "staff"', "bad_id", "id", "means something else here"),
    ('id = "R7"', 'id = "R6"', "double_id", "route.R6", "more than once"),
    ('languages = ["sv", "en"]', 'languages = ["sv", "en", "sv"]', "double_id", "languages", '"sv"'),
    ('owner = "gr"', 'owner = "gor"', "unknown_id", "owner", 'did you mean "gr"'),
    ('owner = "gr"', 'owner = "unionen"', "takes_no_persons", "owner", "cannot watch"),
    ('lead = "trr"', 'lead = "tr"', "unknown_id", "route.R2.lead", 'did you mean "trr"'),
    ('lead = "trr"', 'lead = "teknikforetagen"', "takes_no_persons", "route.R2.lead", "never gets persons"),
    ('lead = "brg"', 'lead = "if_metall"', "union_leads", "route.R1.lead", "never lead"),
    ('tell = ["ooo"]', 'tell = ["oo"]', "unknown_id", "route.R4.tell", 'did you mean "ooo"'),
    ('sees = ["name"', 'sees = ["nam"', "unknown_id", "partner.unionen.sees", 'did you mean "name"'),
    ('list = "languages"', 'list = "language"', "unknown_id", "question.interpreter_language.list", '"languages"'),
    ('section = "goal"', 'section = "gaol"', "unknown_id", "question.goal.section", 'did you mean "goal"'),
    ('"municipality:{home_municipality}"', '"municipality:{home_munic}"', "unknown_id", "route.R6.lead",
     'did you mean "home_municipality"'),
    ('"municipality:{home_municipality}"', '"kommun:{home_municipality}"', "unknown_id", "route.R6.lead",
     "no choice of home_municipality gives a partner"),
    # conditions
    ("when = 'still_employed'", "when = 'still_employd'", "bad_condition", "group.A.when", '"still_employed"'),
    ("\"own_business\" in needs'\nchoices", "\"own_busines\" in needs'\nchoices", "bad_condition",
     "question.own_business.ask_if", 'did you mean "own_business"'),
    ("collar == \"white\" and agreement", "collar == \"unknown\" and agreement", "bad_condition", "route.R2.when",
     "not known(collar)"),
    ("ask_if = '\"core_subjects\" in needs'", "ask_if = '\"komvux\" in training_forms'", "looks_forward",
     "question.core_subjects.ask_if", '"training_forms" is asked later'),
    ("hide_if = 'group == \"B\"'", "hide_if = '\"none\" in needs'", "looks_forward",
     "question.needs.choices.specific_tasks.hide_if", '"needs" is asked later, or right here'),
    ("no_if = 'industry == \"other\"'", "no_if = 'industry == \"other\" or goal == \"training\"'", "looks_forward",
     "rule.no_industry.no_if", "after the result"),
    ("when = 'still_employed'", f"when = '{'x' * 50_000}'", "bad_condition", "group.A.when", "at most 2000"),
    ("when = 'still_employed'", f"when = '{'(' * 900}still_employed{')' * 900}'", "bad_condition", "group.A.when",
     "nested too deeply"),
    ("when = 'still_employed'", "when = 'employment_status = \"resigned\"'", "bad_condition", "group.A.when",
     '"=" at character 19; write =='),
    ("still_employed = '", "still_employed = 'given_notice or ", "looks_forward", "conditions.still_employed",
     "further down"),
    ("still_employed = '", "still_employed = 'still_employed or ", "looks_forward", "conditions.still_employed",
     "is this one"),
    ("still_employed = '", "still_employed = 'group == \"B\" or ", "bad_condition", "conditions.still_employed",
     "a group is made of conditions"),
    ("no_if = 'industry == \"other\"'", "no_if = 'industry == \"other\" and known(home_municipality)'",
     "known_in_no_if", "rule.no_industry.no_if", "may still be said"),
    # what a question of its kind cannot have
    ("choices = [{ id = \"blue\" }", "choices = [{ id = \"blue\", alone = true }", "wrong_key",
     "question.collar.choices.blue.alone", "means nothing"),
    ('{ id = "validation" }', '{ id = "validation", dont_know = true }', "missing_key",
     "question.training_forms.choices.validation.alone", "stands alone"),
    ('{ id = "yes" }, { id = "no", ends', '{ id = "yes", alone = true }, { id = "no", ends', "wrong_key",
     "question.want_referral.choices.yes.alone", "means nothing"),
    ('{ id = "doctoral" }', '{ id = "doctoral", ends = "call" }', "too_early",
     "question.education_level.choices.doctoral.ends", "after the result"),
    ('kind = "date"', 'kind = "date"\nmax = 9999', "wrong_type", "question.last_employment_date.max", "2000"),
    ("otherwise = true", "", "missing_key", "route.R13.otherwise", "last route"),
]  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "code", "key", "says"), FAULTS)
def test_one_fault_is_one_finding(copy: Copy, right: str, wrong: str, code: str, key: str, says: str) -> None:
    copy.replace(right, wrong)
    [found] = [one for one in copy.findings() if one.file != "cases.toml"]
    assert (found.code, found.file, found.key) == (code, "programme.toml", key), found
    assert says in found.message, found


SLIPS = [fault for fault in FAULTS if fault[2] in ("unknown_key", "wrong_type", "bad_condition", "looks_forward")]


@pytest.mark.parametrize(("right", "wrong", "code", "key", "says"), SLIPS)
def test_example_persons_do_not_repeat_a_programmes_finding(
    copy: Copy, right: str, wrong: str, code: str, key: str, says: str
) -> None:
    copy.replace(right, wrong)
    assert copy.only().code == code
