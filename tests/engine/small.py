"""A small programme for tests of the engine."""

from __future__ import annotations

import tomllib
from typing import Any

from intake.authoring.catalog.build import Builder
from intake.authoring.catalog.format import ProgrammeTable
from intake.engine.findings import Finding
from intake.engine.programme import Entry, Programme, Texts

SMALL = """
id = "small"
version = "1"
languages = ["en"]
owner = "office"
phone = "031-000 00 00"
reference = "SM"
[limits]
text = 40
[sets]
near = ["here", "nearby"]
[conditions]
working = 'status == "working"'
[[section]]
id = "about"
[[section]]
id = "contact"
after_result = true
[[partner]]
id = "office"
[[partner]]
id = "school"
[[partner]]
id = "town:here"
[[partner]]
id = "union"
union = true
[[partner]]
id = "employers"
takes_persons = false
[[question]]
id = "status"
kind = "choice"
section = "about"
choices = [{id = "working"}, {id = "left"}, {id = "neither"}]
[[question]]
id = "last_day"
kind = "date"
section = "about"
ask_if = 'status == "left"'
optional = true
note = [{when = 'days_until(last_day) > 0', text = "not_yet"}]
[[question]]
id = "place"
kind = "choice"
section = "about"
choices = [{id = "here"}, {id = "nearby"}, {id = "far"}, {id = "unsure", dont_know = true}]
[[question]]
id = "wishes"
kind = "choices"
section = "about"
choices = [{id = "course"}, {id = "job", hide_if = 'group == "A"'}, {id = "none", alone = true}]
[[question]]
id = "trade"
kind = "search"
list = "trades"
section = "about"
optional = true
[[question]]
id = "send"
kind = "choice"
section = "contact"
choices = [{id = "yes"}, {id = "no", ends = "not_sent"}]
[[question]]
id = "email"
kind = "email"
section = "contact"
one_of = "contact"
[[question]]
id = "phone"
kind = "phone"
section = "contact"
one_of = "contact"
[[question]]
id = "who"
kind = "consents"
of = "partners"
section = "contact"
[[question]]
id = "union_too"
kind = "consents"
of = "unions"
section = "contact"
[[group]]
id = "A"
when = 'working'
[[group]]
id = "B"
when = 'status == "left"'
[[rule]]
id = "layoff"
no_if = 'status == "neither"'
reason = "no_layoff"
[[rule]]
id = "place"
no_if = 'place == "far"'
yes_if = 'place in near'
reason = "no_place"
[[rule]]
id = "need"
no_if = '"none" in wishes'
yes_if = '"course" in wishes or "job" in wishes'
reason = "no_need"
[[route]]
id = "R0"
lead = "office"
ask_staff = true
[[route]]
id = "R1"
when = 'group == "B" and "job" in wishes'
lead = "school"
offer = ["union"]
[[route]]
id = "R2"
when = '"course" in wishes'
lead = "town:{place}"
[[route]]
id = "R3"
otherwise = true
lead = "office"
"""

TRADES = (
    Entry("7212:welder", {"en": ("Welder",), "sv": ("Svetsare",)}),
    Entry("7223:turner", {"en": ("Turner", "lathe operator"), "sv": ("Svarvare",)}),
)


def build(source: str = SMALL) -> tuple[Programme, list[Finding]]:
    """The programme of a TOML text, with the findings about it."""
    table: dict[str, Any] = tomllib.loads(source)
    builder = Builder(ProgrammeTable.model_validate(table), {"trades": TRADES})
    return builder.build(Texts({"en": {}}), {}), builder.findings


def small() -> Programme:
    programme, findings = build()
    assert not findings, findings
    return programme
