"""A broken programme is refused with the place and the nearest permitted value, all findings at once."""

from __future__ import annotations

import pytest

from tests.engine.small import SMALL, build

FAULTS = [
    ("""when = 'working'""", """when = 'workin'""", "bad_condition", 'did you mean "working"'),
    (
        """section = "about"\nask_if = 'status""",
        """section = "abut"\nask_if = 'status""",
        "unknown_id",
        'did you mean "about"',
    ),
    ("""ask_if = 'status == "left"'""", """ask_if = 'place == "far"'""", "looks_forward", "is asked later"),
    ("""hide_if = 'group == "A"'""", """hide_if = '"job" in wishes'""", "looks_forward", "or right here"),
    ("""no_if = 'place == "far"'""", """no_if = 'not known(place)'""", "known_in_no_if", "may not decide a no"),
    ('''lead = "school"''', '''lead = "scool"''', "unknown_id", 'did you mean "school"'),
    ('''lead = "school"''', '''lead = "employers"''', "takes_no_persons", "never gets persons"),
    ('''lead = "school"''', '''lead = "union"''', "union_leads", "never lead"),
    ('''lead = "town:{place}"''', '''lead = "town:{plase}"''', "unknown_id", "choice question"),
    ('''lead = "town:{place}"''', '''lead = "village:{place}"''', "unknown_id", "no choice of place gives a partner"),
    ('''owner = "office"''', '''owner = "ofice"''', "unknown_id", 'did you mean "office"'),
    (
        '''id = "trade"\nkind = "search"\nlist = "trades"''',
        '''id = "trade"\nkind = "search"\nlist = "trade"''',
        "unknown_id",
        "lists/trade.csv",
    ),
    ('''kind = "search"\nlist = "trades"''', '''kind = "text"\nlist = "trades"''', "wrong_key", "has no list"),
    ("""id = "R3"\notherwise = true""", '''id = "R3"\nwhen = "working"''', "missing_key", "last route needs otherwise"),
    (
        """id = "R0"\nlead = "office"\nask_staff = true""",
        '''id = "R0"\nlead = "office"\nwhen = "working"''',
        "missing_key",
        "exactly one route",
    ),
    ("""{id = "nearby"}""", """{id = "here"}""", "double_id", "more than once"),
    ('id = "wishes"', 'id = "wishes"\nfind_out = true', "wrong_key", "of kind choices settles nothing"),
    ('id = "status"', 'id = "status"\nfind_out = true', "wrong_key", "always known"),
    ('id = "send"', 'id = "send"\nfind_out = true', "wrong_key", "after the result settles nothing"),
    ('id = "layoff"', 'id = "layoff"\nin_time = true', "wrong_key", "time alone changes nothing"),
    ('id = "layoff"', 'id = "unsaid"', "bad_id", "means something else"),
    (
        """{id = "nearby"}""",
        """{id = "near_but_with_a_name_that_is_far_too_lo"}, {id = "nearby"}""",
        "id_too_long",
        "64 bytes",
    ),
]


@pytest.mark.parametrize(("right", "wrong", "code", "says"), FAULTS)
def test_each_fault_is_found(right: str, wrong: str, code: str, says: str) -> None:
    source = SMALL.replace(right, wrong, 1)
    if code == "id_too_long":
        source = source.replace('id = "place"\nkind', 'id = "place_where_the_person_lives"\nkind', 1)
    assert source != SMALL
    found = [finding for finding in build(source)[1] if finding.code == code]
    assert any(says in finding.message for finding in found), build(source)[1]
    assert all(finding.file == "programme.toml" and finding.key for finding in found)


def test_all_findings_at_once() -> None:
    source = SMALL
    for right, wrong, _, _ in FAULTS[:2]:
        source = source.replace(right, wrong, 1)
    codes = {finding.code for finding in build(source)[1]}
    assert {"bad_condition", "unknown_id"} <= codes
