"""Faults in a copy of VästKraft: the edit, the expected finding, and what must be true of its example."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from intake.authoring.catalog.files import Files
from intake.config import PACKAGED

FOLDER = PACKAGED / "vastkraft"
PROGRAMME = "programme.toml"
Example = Mapping[str, Any]


@dataclass(frozen=True)
class Fault:
    """`edits` are (file, old, new). `code` at `key` has to be found with an example that `shows` the fault."""

    id: str
    edits: tuple[tuple[str, str, str], ...]
    code: str
    key: str
    shows: Callable[[Example], bool]


def edited(fault: Fault, folder: Path = FOLDER) -> Files:
    """The files with the fault in them. Every edit must change something."""
    texts = dict(Files.of(folder).texts)
    for file, old, new in fault.edits:
        assert old in texts[file], f"{fault.id}: {file} holds no {old!r}"
        texts[file] = texts[file].replace(old, new, 1)
    return Files(texts)


def _in_programme(*pairs: tuple[str, str]) -> tuple[tuple[str, str, str], ...]:
    return tuple((PROGRAMME, old, new) for old, new in pairs)


def _new_before(question: str, id: str, kind: str, section: str, ask_if: str = "") -> tuple[str, str]:
    """A new question, put before another."""
    before = f'[[question]]\nid = "{question}"\n'
    asked = f"ask_if = '{ask_if}'\noptional = true\n" if ask_if else ""
    return before, f'[[question]]\nid = "{id}"\nkind = "{kind}"\nsection = "{section}"\n{asked}\n{before}'


def _choice(id: str, hide_if: str) -> tuple[str, str]:
    return f'{{ id = "{id}" }}', f"{{ id = \"{id}\", hide_if = '{hide_if}' }}"


def _trace(example: Example, rule: str) -> str:
    return str(next(one["outcome"] for one in example["trace"] if one["rule"] == rule))


def _said(example: Example, question: str) -> Any:
    return example["answers"].get(question)


OTHERWISE = '[[route]]\nid = "R13"\nlead = "gr"\notherwise = true\n'

FAULTS: tuple[Fault, ...] = (
    Fault(
        "dead question",
        _in_programme(
            ("ask_if = '\"core_subjects\" in needs'", 'ask_if = \'"core_subjects" in needs and "none" in needs\'')
        ),
        "question_unreached",
        "question.core_subjects",
        lambda one: "core_subjects" not in one["journey"] and "training_forms" in one["journey"],
    ),
    Fault(
        "dead choice",
        _in_programme(_choice("labour_market_training", "known(needs) or not known(needs)")),
        "choice_unreached",
        "question.training_forms.choices.labour_market_training",
        lambda one: "training_forms" in one["journey"],
    ),
    Fault(
        "shadowed route",
        _in_programme(
            (
                """when = 'group == "B" and "new_industry" in needs'\nlead = "gr"\noffer = ["af"]""",
                """when = 'group == "B" and "own_business" in needs and "new_industry" in needs'\n"""
                'lead = "brg"\noffer = ["af"]',
            )
        ),
        "route_idle",
        "route.R12",
        lambda one: one["route"] == "R1" and {"own_business", "new_industry"} <= set(_said(one, "needs")),
    ),
    Fault(
        "hole in the routes",
        _in_programme((OTHERWISE, """[[route]]\nid = "R13"\nlead = "gr"\nwhen = 'group == "A"'\n""")),
        "no_partner",
        "route",
        lambda one: one["verdict"] == "eligible" and one["lead"] is None and one["group"] == "B",
    ),
    Fault(
        "always-true condition",
        _in_programme(
            (
                "ask_if = 'employment_status == \"employed_varslad\"'",
                "ask_if = 'known(employment_status) or not known(employment_status)'",
            )
        ),
        "condition_always",
        "question.varsel_date.ask_if",
        lambda one: "varsel_date" in one["journey"],
    ),
    Fault(
        "contradiction",
        _in_programme(("no_if = '\"none\" in needs'\n", 'no_if = \'"none" in needs or "specific_tasks" in needs\'\n')),
        "yes_and_no",
        "rule.no_need",
        lambda one: "specific_tasks" in _said(one, "needs") and one["reason"] == "no_need",
    ),
    Fault(
        "missing fallback",
        _in_programme((OTHERWISE, "")),
        "no_partner",
        "route",
        lambda one: one["verdict"] == "eligible" and one["lead"] is None,
    ),
    Fault(
        "identity before the result",
        _in_programme(_new_before("occupation", "your_mail", "email", "work")),
        "too_early",
        "question.your_mail.section",
        lambda one: "your_mail" in one["journey"],
    ),
    Fault(
        "text missing in one language",
        (("texts/en.toml", "[advice.before_you_start]", "[advice.before_you_star]"),),
        "missing_text",
        "advice.before_you_start.text",
        lambda one: one["group"] == "B" and "own_business" in _said(one, "needs"),
    ),
    Fault(
        "name before the result",
        _in_programme(_new_before("occupation", "full_name", "text", "work")),
        "own_words_early",
        "question.full_name",
        lambda one: "full_name" in one["journey"],
    ),
    Fault(
        "no route for staff",
        _in_programme(("ask_staff = true\n", 'when = \'group == "A" and group == "B"\'\n')),
        "no_partner",
        "route",
        lambda one: one["verdict"] == "ask_staff" and one["lead"] is None,
    ),
    Fault(
        "lead that takes no persons",
        _in_programme(('lead = "brg"', 'lead = "teknikforetagen"')),
        "takes_no_persons",
        "route.R1.lead",
        lambda one: "own_business" in _said(one, "needs") and one["lead"] != "teknikforetagen",
    ),
    Fault(
        "groups that overlap",
        _in_programme(
            ("when = 'still_employed'", "when = 'still_employed or employment_status == \"uppsagd_notice\"'")
        ),
        "groups_overlap",
        "group.B.when",
        lambda one: _said(one, "employment_status") == "uppsagd_notice" and one["group"] != "B",
    ),
    Fault(
        "rule that an earlier one hides",
        _in_programme(
            ("""no_if = 'employment_status == "employed_no_risk"'""", """no_if = 'employment_status == "resigned"'""")
        ),
        "rule_unreached",
        "rule.no_risk",
        lambda one: one["reason"] == "no_layoff" and _said(one, "employment_status") == "resigned",
    ),
    Fault(
        "rule that can never be a no",
        _in_programme(
            ("no_if = 'industry == \"other\"'", 'no_if = \'industry == "other" and employment_status == "resigned"\'')
        ),
        "condition_never",
        "rule.no_industry.no_if",
        lambda one: _trace(one, "no_industry") != "no",
    ),
    Fault(
        "rule nobody can meet",
        _in_programme(
            (
                "yes_if = 'home_municipality in gr13'",
                "yes_if = 'home_municipality in gr13 and work_municipality in gr13'",
            )
        ),
        "condition_never",
        "rule.no_municipality.yes_if",
        lambda one: _trace(one, "no_municipality") == "ask_staff",
    ),
    Fault(
        "route nobody fits",
        _in_programme(
            (
                'when = \'group == "A" and "specific_tasks" in needs\'',
                'when = \'group == "A" and "reemployment" in needs\'',
            )
        ),
        "condition_never",
        "route.R8.when",
        lambda one: one["route"] != "R8",
    ),
    Fault(
        "choice hidden from those it is for",
        _in_programme(
            (
                """{ id = "reemployment", hide_if = 'group == "A"' }""",
                """{ id = "reemployment", hide_if = 'known(employment_status) or not known(employment_status)' }""",
            )
        ),
        "choice_unreached",
        "question.needs.choices.reemployment",
        lambda one: "needs" in one["journey"],
    ),
    Fault(
        "nothing to choose",
        _in_programme(
            (
                '{ id = "idea" }, { id = "plan" }, { id = "started" }',
                "".join(
                    f'{{ id = "{id}", hide_if = \'industry == "teknik"{more}\' }}, '
                    for id, more in (("idea", ""), ("plan", ""), ("started", ' and collar == "blue"'))
                ),
            )
        ),
        "nothing_to_choose",
        "question.own_business.choices",
        lambda one: (
            _said(one, "industry") == "teknik" and _said(one, "collar") == "blue" and "own_business" in one["journey"]
        ),
    ),
    Fault(
        "longer than it says",
        _in_programme(("questions = 14", "questions = 12")),
        "journey_too_long",
        "limits.questions",
        lambda one: len(one["journey"]) > 12,
    ),
    Fault(
        "the same identity twice",
        _in_programme(_new_before("interpreter", "other_mail", "email", "contact", "may_be_contacted")),
        "identity_twice",
        "question.other_mail",
        lambda one: {"email", "other_mail"} <= set(one["journey"]),
    ),
    Fault(
        "partner nobody is referred to",
        _in_programme(('lead = "brg"\noffer = ["af", "gr"]', 'lead = "af"\noffer = ["gr"]')),
        "partner_unreached",
        "partner.brg",
        lambda one: one["lead"] != "brg" and "brg" not in one["offers"],
    ),
    Fault(
        "text nobody reads",
        _in_programme(
            ('tell = ["ooo"]', "tell = []"),
        ),
        "text_unreached",
        "organisation.ooo",
        lambda one: "ooo" not in one["information"],
    ),
    Fault(
        "advice nobody reads",
        _in_programme(
            ('own_business in ["idea", "plan"]\'', 'own_business == "plan" and own_business == "idea"\''),
        ),
        "text_unreached",
        "advice.before_you_start",
        lambda one: True,
    ),
    Fault(
        "question after the end",
        _in_programme(("ask_if = 'want_referral == \"yes\"'", "ask_if = 'want_referral == \"no\"'")),
        "question_unreached",
        "question.protected_identity",
        lambda one: "protected_identity" not in one["journey"],
    ),
    Fault(
        "part that says nothing",
        _in_programme(
            (
                'when = \'group == "A" and collar == "white"\'',
                'when = \'group == "A" and collar == "white" and (collar != "blue" or industry == "teknik")\'',
            )
        ),
        "part_idle",
        "route.R9.when",
        lambda one: one["verdict"] != "not_eligible",
    ),
    Fault(
        "no that everybody gets",
        _in_programme(
            ("no_if = '\"none\" in needs'", "no_if = 'home_municipality in gr13 or home_municipality not in gr13'")
        ),
        "condition_always",
        "rule.no_need.no_if",
        lambda one: one["verdict"] == "not_eligible",
    ),
    Fault(
        "said twice",
        _in_programme(
            (
                """when = 'group == "B" and "new_industry" in needs'""",
                """when = 'group == "B" and "new_industry" in needs and "new_industry" in needs'""",
            )
        ),
        "part_idle",
        "route.R12.when",
        lambda one: one["verdict"] != "not_eligible",
    ),
    Fault(
        "part that follows from another",
        _in_programme(
            (
                """when = 'group == "B" and "new_industry" in needs'""",
                """when = 'group == "B" and given_notice and "new_industry" in needs'""",
            )
        ),
        "part_idle",
        "route.R12.when",
        lambda one: one["verdict"] != "not_eligible",
    ),
    Fault(
        "group nobody eligible belongs to",
        _in_programme(
            ("""(group == "A" and needs_of_a) or (group == "B" and needs_of_b)'""", """group == "B" and needs_of_b'""")
        ),
        "text_unreached",
        "result.eligible_A",
        lambda one: one["group"] != "A",
    ),
)
