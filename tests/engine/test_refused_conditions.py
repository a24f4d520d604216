"""Invalid conditions are refused with the place and the nearest permitted form, in milliseconds, never executed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from time import process_time

import pytest

from intake.engine.conditions import Condition
from intake.engine.parsing import FILLED_DEPTH, MAX_DEPTH, MAX_LENGTH, ConditionScope, NotACondition, parse
from tests.engine.test_conditions import SCOPE

SECONDS = 0.05  # of work for each
PERMITTED = "permitted: a named condition, a comparison, known(q), and or not"
COMPARABLE = "cannot be compared; a question, days_until(q), years_since(q) or count(q) can"
CALLS = "is not permitted (permitted: known, days_until, years_since, count)"
NUMBER = "compare with a whole number, at most 9 digits, by < <= > >= == !="
SPLIT = "split it into named conditions"
SIGNS = "permitted: plain letters, digits, quotes and signs"

# the text, what the message says of the place, what it says to write instead
REFUSED: list[tuple[str, str, str]] = [
    # names
    ('statis == "left"', 'unknown question "statis"', 'did you mean "status"'),
    ('status == "lefd"', '"lefd" is no choice of "status"', 'did you mean "left"'),
    ('place == "unsure"', '"unsure" means "I don\'t know"', "write not known(place)"),
    ("wrking", 'unknown condition "wrking"', 'did you mean "working"'),
    ("status", '"status" is a question', "compare it with something"),
    ("place in nearr", 'unknown set "nearr"', 'did you mean "near"'),
    ('group == "C"', 'unknown group "C"', "(permitted: A, B)"),
    ("__class__", 'unknown condition "__class__"', "(permitted: working)"),
    ("status == left", "left is no choice", "write a choice in quotes"),
    ("status == place", "place is no choice", "write a choice in quotes"),
    # types
    ('"left" in status', '"status" (choice)', 'write status == "id"'),
    ('wishes == "job"', '"wishes" (choices)', 'write "id" in wishes'),
    ("wishes == []", '"wishes" (choices)', "count(wishes) >= n"),
    ("status < 3", '"<" compares numbers; "status" is a choice', "use == or in"),
    ("status == 3", '3 is no choice of "status"', "write a choice in quotes"),
    ("status == True", "True is no choice", "write a choice in quotes"),
    ("status == None", "None is no choice", "write a choice in quotes"),
    ('status == b"left"', 'b"left" is no choice', "write a choice in quotes"),
    ('b"job" in wishes', 'b"job" is no choice', "write a choice in quotes"),
    ('status in "left"', 'not "left"', "a set or a list of choices"),
    ("place in []", "not []", "a set or a list of choices"),
    ("days_until(status) < 3", '"status" is a choice', "days_until() takes a date"),
    ("days_until(last_day)", "days_until(last_day) is a number", "compare it"),
    ("days_until(last_day) < 1.5", "1.5", NUMBER),
    ('count(wishes) >= "2"', '"2"', NUMBER),
    ("count(wishes) >= 1j", "1j", NUMBER),
    ("known(status) == 1", "known(status) is true or false already", "write it alone"),
    ("known(status, place)", "known()", "takes one question, as in known(q)"),
    ("known(*status)", "known()", "takes one question, as in known(q)"),
    ('group in ["A"]', "a group is tested", 'by group == "id"'),
    ("True", "True is not permitted here", PERMITTED),
    ('"left"', '"left" is not permitted here', PERMITTED),
    ('"left" == status', '"left"', COMPARABLE),
    # what Python has and conditions have not
    ("1 / 0", "1 / 0 is not permitted here", PERMITTED),
    ("count(wishes) / 2 >= 1", "count(wishes) / 2", COMPARABLE),
    ("count(wishes) + 1 > 2", "count(wishes) + 1", COMPARABLE),
    ("days_until(last_day) <= 7 * 2", "7 * 2", NUMBER),
    ('status.upper() == "LEFT"', "status.upper()", CALLS),
    ("__import__('os').system('true')", "__import__('os').system()", CALLS),
    ('open("x")', "open()", CALLS),
    ("(lambda: 1)()", "lambda: 1()", CALLS),
    ('any(one == "job" for one in wishes)', "any()", CALLS),
    ("days_untl(last_day) < 3", "days_untl()", 'did you mean "days_until"'),
    ('status.value == "left"', "status.value", COMPARABLE),
    ("lambda: 1", "lambda: 1 is not permitted here", PERMITTED),
    ('(x := status) == "left"', '":=" at character 4', "write =="),
    ('f"{status}" == "left"', 'f"{status}"', COMPARABLE),
    ('status == f"left"', 'f"left" is no choice', "write a choice in quotes"),
    ("[one for one in wishes]", "[one for one in wishes] is not permitted here", PERMITTED),
    ("{1: 2}", "{1: 2} is not permitted here", PERMITTED),
    ('status[0] == "left"', "status[0]", COMPARABLE),
    ("status in [*near]", "*near is no choice", "write a choice in quotes"),
    ("await status", "await status is not permitted here", PERMITTED),
    ("(yield status)", "yield status is not permitted here", PERMITTED),
    ("known(status) if working else working", "known(status) if working", PERMITTED),
    ('status is "left"', '"is" is not permitted', "write =="),
    ("import os", 'at character 1, "import os"', PERMITTED),
    ('status == "left"; working', 'at character 17, "; working"', PERMITTED),
    # how it is spelt
    ("", "an empty condition", PERMITTED),
    ("status ==", "not an expression at character", PERMITTED),
    ("(known(status)", "not an expression at character 1", PERMITTED),
    ('status = "left"', '"=" at character 8', "write =="),
    ("days_until(last_day) =< 3", '"=<" at character 22', "write <="),
    ("working && known(place)", '"&&" at character 9', "write and"),
    ("working || known(place)", '"||" at character 9', "write or"),
    ("working OR known(place)", '"OR" at character 9', "write or"),
    ("!known(place)", '"!" at character 1', "write not"),
    ("working # and known(place)", "NUMBER SIGN (U+0023) at character 9", SIGNS),
    ("status == “left”", "LEFT DOUBLE QUOTATION MARK (U+201C) at character 11", 'write "'),
    ("days_until(last_day) ≤ 3", "LESS-THAN OR EQUAL TO (U+2264) at character 22", "write <="),
    ('\uff53tatus == "left"', "FULLWIDTH LATIN SMALL LETTER S (U+FF53) at character 1", "write s"),
    ('st\u0430tus == "left"', "CYRILLIC SMALL LETTER A (U+0430) at character 3", SIGNS),
    ('status\u200b == "left"', "ZERO WIDTH SPACE (U+200B) at character 7", SIGNS),
    ('status == "\u202eleft"', "RIGHT-TO-LEFT OVERRIDE (U+202E) at character 12", SIGNS),
    ('status == "\ud800"', "U+D800", SIGNS),
    ('status == "left"\x00', "U+0000", SIGNS),
    ('status == "le\x00ft"', "U+0000", SIGNS),
    (r'status == "\d"', "REVERSE SOLIDUS (U+005C) at character 12", SIGNS),
    # too long, too deep, too large
    ("x" * 50_000, "50000 characters", SPLIT),
    ('status == "left" and ' * 2_500 + "working", "at most 2000", SPLIT),
    ("(" * 1_000 + "working" + ")" * 1_000, "2007 characters", SPLIT),
    ("(" * 900 + "working" + ")" * 900, "nested too deeply", SPLIT),
    ("not " * 1_000 + "working", "4007 characters", SPLIT),
    ("not " * 480 + "working", "more than 20 levels deep", SPLIT),
    ("working and (working or (" * 40 + "working" + "))" * 40, "more than 20 levels deep", SPLIT),
    ('place=="far"or ' * 125 + "working", "more than 200 parts", SPLIT),
    ("1 < " * 250 + "count(wishes)", "1", COMPARABLE),
    ("count(wishes)" + " < count(wishes)" * 120, "count(wishes)", NUMBER),
    ("status in " + "[" * 180 + '"left"' + "]" * 180, "[[[", "write a choice in quotes"),
    ("status in " + "[" * 900 + '"left"' + "]" * 900, "nested too deeply", SPLIT),
    ("days_until(last_day) <= " + "-" * 1_900 + "1", "---", NUMBER),
    ("~" * 1_900 + "status", "~~~", PERMITTED),
    ("status" + ".a" * 900, "status.a.a", PERMITTED),
    ("status" + "[0]" * 600, "status[0][0]", PERMITTED),
    ("known" + "()" * 900, "known()()", CALLS),
    ("lambda: " * 240 + "1", "lambda: lambda:", PERMITTED),
    ("status if status else " * 90 + "status", "status if status", PERMITTED),
    ("2" + "**2" * 600, "2**2**2", PERMITTED),
    ("9" * 1_900 + " <= count(wishes)", "999", NUMBER),
    ("count(wishes) >= " + "9" * 1_900, "999", NUMBER),
    ("count(wishes) >= 1e999", "1e999", NUMBER),
    ("status == " + '"a" ' * 400, '"aaa', "permitted: working, left"),
    ("known(" + "q" * 1_900 + ")", "unknown question", "permitted: status"),
]


def tried(text: str, scope: ConditionScope) -> tuple[Condition | NotACondition, float]:
    """What it came to, and the work of the quickest of three tries: the collector may come in between once."""
    took = []
    for _ in range(3):
        began = process_time()
        try:
            found: Condition | NotACondition = parse(text, scope)
        except NotACondition as error:
            found = error
        took.append(process_time() - began)
    return found, min(took)


@pytest.mark.parametrize(("text", "place", "instead"), REFUSED, ids=[ascii(one[0][:30]) for one in REFUSED])
def test_refused_with_the_place_and_the_nearest_in_milliseconds(text: str, place: str, instead: str) -> None:
    refused, work = tried(text, SCOPE)
    assert isinstance(refused, NotACondition) and work < SECONDS
    message = str(refused)
    assert place in message and instead in message, message
    assert len(message) < 300 and message.isprintable()


def test_several_lines_are_read_as_one() -> None:
    assert parse("working\n\tor known(place)\r\n", SCOPE) == parse("working or known(place)", SCOPE)


def test_what_may_stand_up_to_the_caps() -> None:
    assert parse("(" * 190 + "working" + ")" * 190, SCOPE)  # brackets alone are no levels
    assert parse("not " * (MAX_DEPTH - 1) + "working", SCOPE)
    assert len(text := "working or " * 150 + "working") < MAX_LENGTH and parse(text, SCOPE)


@pytest.mark.parametrize(
    ("naming", "says"),
    [
        (" and ".join(["before"] * 60), "more than 4000 parts when its names are filled in"),
        ("not " * (MAX_DEPTH - 1) + "before", f"more than {FILLED_DEPTH} levels deep when its names are filled in"),
    ],
    ids=["wide", "deep"],
)
def test_names_that_name_names_cannot_grow_without_end(naming: str, says: str) -> None:
    """Each is short by itself; filled in they would be too much for whoever walks them."""
    named: dict[str, Condition] = {"before": SCOPE.named["working"]}
    for _ in range(FILLED_DEPTH):
        found, work = tried(naming, replace(SCOPE, named=named))
        assert work < SECONDS
        if isinstance(found, NotACondition):
            assert says in str(found)
            return
        named["before"] = found
    pytest.fail("it could grow on")


def test_nothing_is_run(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    for text in (
        f"open('{seen}', 'w')",
        f"__import__('pathlib').Path('{seen}').touch()",
        f"known(open('{seen}', 'w'))",
    ):
        for written in (text, f"{text} == 1", f"not {text}", f"count({text}) > 1", f"status in [{text}]"):
            with pytest.raises(NotACondition):
                parse(written, SCOPE)
    assert not seen.exists()
