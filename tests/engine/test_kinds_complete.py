"""Every kind of question is complete: attributes, words, templates and documentation."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

import pytest
import z3
from jinja2 import TemplateNotFound

from intake.authoring.assessing import WrongAnswers, read_answers
from intake.authoring.catalog.format_page import describe
from intake.authoring.proof.conditions_z3 import ConditionFormulas
from intake.chat.layout import Drawing
from intake.engine import chosen_kinds, typed_kinds
from intake.engine.domains import NUMBERS, Amount, AnyOf, Domain, OneOf
from intake.engine.journey import SEEN, Journey, Step, travel
from intake.engine.kind import Form, Kind, Refused
from intake.engine.kinds import KINDS
from intake.engine.programme import Choice, Programme, Question, Texts
from intake.engine.prompting import question_prompt
from intake.participants import Turn
from intake.words import LOCALE, PROBLEMS, words_for
from tests.engine.small import small
from web.environment import environment

TODAY = date(2026, 11, 23)
SAID = {"status": "left", "last_day": None, "place": "here", "wishes": ["job"], "trade": None}
TEXTS = Texts({"en": {"partner": {"school": {"name": "The school"}}}})
HAS_TO_SAY = ("name", "means", "in_file", "answered", "read_by_partners")
NUMBERS_OF_A_PERSON = ("811218-9876", "19811218-9876", "8112189876")  # made up
PAGE = Path(__file__).parents[2] / "docs" / "programme-format.md"


def question_of(kind: Kind) -> Question:
    """A question of this kind, with what the kind needs."""
    needed: Mapping[str, Any] = {"list": "trades", "of": "partners", "choices": (Choice("a"), Choice("b"))}
    own = {key: value for key, value in needed.items() if key == kind.needs}
    return Question("asked", kind.name, "contact", max=40, after_result=True, **own)


def met(kind: Kind) -> tuple[Programme, Journey, Step]:
    """A journey that has come to a question of this kind."""
    programme = small()
    questions = (*programme.questions, question_of(kind))
    programme = replace(programme, questions=questions, texts=TEXTS, meaning=repr(kind))  # a prompt is kept by meaning
    seen = travel(programme, SAID, TODAY).seen()
    journey = travel(programme, {**SAID, SEEN: seen}, TODAY)
    step = journey.step("asked")
    assert step is not None
    return programme, journey, step


def lacking(kind: Kind) -> list[str]:
    """What a kind lacks, each in a few words; nothing when it is complete."""
    untold = [name for name in HAS_TO_SAY if not hasattr(kind, name)]
    if untold:
        return [f"says no {name}" for name in untold]
    if not isinstance(kind.domain, Domain) or (kind.needs == "choices") != isinstance(kind.domain, OneOf | AnyOf):
        return ["its domain is none, or does not fit what it needs"]
    programme, journey, step = met(kind)
    if kind.form(step.question, step.offered) not in get_args(Form):
        return ["its form is none"]
    return [
        *_answers(kind, programme, step),
        *_persons(kind, programme, step),
        *_words(kind),
        *_drawn(kind, programme, journey, step),
        *_formulas(kind, programme, step),
        *_row(kind),
    ]


def _answers(kind: Kind, programme: Programme, step: Step) -> Iterator[str]:
    """The example, and the least and most of an amount, are read as they were said, kept, shown and assessed."""
    values = [kind.example(step.question, step.offered)]
    if isinstance(kind.domain, Amount):
        values += [kind.domain.value(kind.domain.least), kind.domain.value(kind.domain.most)]
    for value in values:
        said = kind.said(programme, step.question, value)
        if said is None:
            yield f"{value!r} is not said as in a file"
            continue
        if kind.read(programme, step.question, step.offered, said) != value:
            yield f"{value!r} does not read back"
        if kind.keep(step.question, step.offered, value) != value:
            yield f"{value!r} is not kept"
        if not kind.show(programme, step.question, value, "en"):
            yield f"{value!r} is not shown"
        if kind.needs != "of" and not _assessed(programme, step.question, value):
            yield f"{value!r} is not taken by `intake assess`"


def _persons(kind: Kind, programme: Programme, step: Step) -> Iterator[str]:
    for number in NUMBERS_OF_A_PERSON:
        if not isinstance(kind.read(programme, step.question, step.offered, [number]), Refused):
            yield "it takes a personal identity number"
            return


def _assessed(programme: Programme, question: Question, value: object) -> bool:
    before = replace(question, after_result=False)
    try:
        return read_answers(replace(programme, questions=(before,)), {"asked": value}) == {"asked": value}
    except WrongAnswers:
        return False


def _words(kind: Kind) -> Iterator[str]:
    """Its words are in every language, and every code it refuses with has words."""
    for language in (path.name for path in LOCALE.iterdir() if path.is_dir()):
        for text in (kind.answered, *kind.refusals.values()):
            if words_for(language)(text) == text:
                yield f"“{text}” is not in locale/{language}"
    mine = (part for one in type(kind).__mro__ for part in vars(one).values() if inspect.isfunction(part))
    for code in {code for part in mine for code in re.findall(r'Refused\(\s*"(\w+)"', inspect.getsource(part))}:
        if code not in {**PROBLEMS, **kind.refusals}:
            yield f"the refusal {code} has no words"


def _drawn(kind: Kind, programme: Programme, journey: Journey, step: Step) -> Iterator[str]:
    """A card on which it can be answered, and a page with a field of its name."""
    prompt = question_prompt(journey, step, "en")
    card = Drawing(programme, "").card(Turn(prompt, "asked", "en", "small"))
    if not card.typing and not any(one.press and one.press.verb in ("q", "t") for one in card.buttons):
        yield "its card has neither a field nor a button"
    try:
        template: Any = environment().get_template(f"participant/kinds/{kind.name}.html").module
    except TemplateNotFound:
        yield "it has no page"
        return
    if 'name="asked"' not in template.field(words_for("en"), prompt, "", (), "", "en"):
        yield "its page has no field"


def _formulas(kind: Kind, programme: Programme, step: Step) -> Iterator[str]:
    formulas, solver = ConditionFormulas(programme, TODAY), z3.Solver()
    solver.add(formulas.limits(step.question), formulas.has["asked"])
    if solver.check() != z3.sat:
        yield "by its formula nobody can answer it"


def _row(kind: Kind) -> Iterator[str]:
    row = f"| `{kind.name}` | {kind.means} | {kind.in_file} |"
    if row not in describe() or row not in PAGE.read_text(encoding="utf-8"):
        yield "it has no row in docs/programme-format.md: run make docs"


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_kind_is_complete(kind: Kind) -> None:
    found = lacking(kind)
    assert not found, "\n".join(found)
    assert set(type(kind).refusals) <= set(PROBLEMS)


@pytest.mark.parametrize("written", [chosen_kinds, typed_kinds], ids=["chosen", "typed"])
def test_every_kind_that_is_written_is_one(written: ModuleType) -> None:
    classes = [one for one in vars(written).values() if inspect.isclass(one) and issubclass(one, Kind)]
    known = {type(one) for one in KINDS.values()}
    forgotten = [one.__name__ for one in classes if "name" in vars(one) and one not in known]
    assert not forgotten, "write it in the tuple at the end of its file"


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_own_words_are_sealed(kind: Kind) -> None:
    """Only what a kind says is coded goes into the clear column; of what is typed only amounts can be."""
    programme, _, step = met(kind)
    coded = kind.coded(programme, step.question, kind.example(step.question, step.offered))
    typed = kind.form(step.question, step.offered) == "typed"
    amount = isinstance(kind.domain, Amount)
    assert coded is None or not typed or amount, f"{kind.name} is kept in clear: give it a domain, or clear = False"


class _MadeUp:
    """A complete kind, whose parts are left out in turn. It borrows the page and the row of `number`."""

    name = "number"
    means, in_file, answered = "a whole number, at most 9 digits", "`39`", "A number"
    domain, read_by_partners, sample = NUMBERS, True, 39

    def form(self, question: Question, offered: Any) -> str:
        return "typed"

    def read(self, programme: Programme, question: Question, offered: Any, raw: Any) -> Any:
        return int(raw[0]) if raw[0].isdigit() and len(raw[0]) <= 9 else Refused("not_a_number")

    def said(self, programme: Programme, question: Question, value: object) -> Any:
        return [str(value)]


def made_up(without: str = "", **instead: Any) -> Kind:
    parts = {name: part for name, part in vars(_MadeUp).items() if not name.startswith("__") and name != without}
    made: Kind = type("MadeUp", (Kind,), parts | instead)()
    return made


def silent(*_: Any) -> str:
    return ""


def refusing(*_: Any) -> Refused:
    return Refused("not_a_number")


def taking(*said: Any) -> Any:
    return said[-1][0] if isinstance(said[-1], list) else [said[-1]]


def dial(*_: Any) -> str:
    return "dial"


@pytest.mark.parametrize(
    ("kind", "what"),
    [
        (made_up("name"), "says no name"),
        (made_up("means"), "says no means"),
        (made_up("in_file"), "says no in_file"),
        (made_up("answered"), "says no answered"),
        (made_up("read_by_partners"), "says no read_by_partners"),
        (made_up(domain=None), "its domain is none, or does not fit what it needs"),
        (made_up(domain=OneOf()), "its domain is none, or does not fit what it needs"),
        (made_up(form=dial), "its form is none"),
        (made_up(read=refusing), "39 does not read back"),
        (made_up(read=taking, said=taking, sample="39"), "it takes a personal identity number"),
        (made_up("said"), "39 is not said as in a file"),
        (made_up("sample"), "'asked' does not read back"),
        (made_up(keep=silent), "39 is not kept"),
        (made_up(show=silent), "39 is not shown"),
        (made_up(answered="A percentage"), "“A percentage” is not in locale/sv"),
        (made_up(refusals={"odd": "That is odd."}), "“That is odd.” is not in locale/sv"),
        (made_up(name="made_up"), "it has no page"),
        (made_up(name="made_up"), "it has no row in docs/programme-format.md: run make docs"),
        (made_up(means="a percentage"), "it has no row in docs/programme-format.md: run make docs"),
        (made_up(domain=Amount("number", 7, 3)), "by its formula nobody can answer it"),
        (made_up(form=lambda *_: "several"), "its card has neither a field nor a button"),
    ],
)
def test_a_half_done_kind_is_noticed(kind: Kind, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if hasattr(kind, "name"):
        monkeypatch.setitem(KINDS, kind.name, kind)
    assert what in lacking(kind)


@pytest.mark.parametrize("part", ["form", "read"])
def test_what_nothing_works_without_is_noticed_at_once(part: str) -> None:
    with pytest.raises(TypeError, match=f"abstract method '?{part}"):
        made_up(part)


def test_what_a_kind_does_not_call_coded_is_sealed() -> None:
    kind = made_up()
    programme, _, step = met(KINDS["number"])
    assert kind.coded(programme, step.question, 39) is None


def test_a_made_up_kind_is_complete(monkeypatch: pytest.MonkeyPatch) -> None:
    kind = made_up()
    monkeypatch.setitem(KINDS, kind.name, kind)
    assert lacking(kind) == []


def test_a_refusal_without_words_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    class Odd(type(KINDS["number"])):  # type: ignore[misc]
        def value(self, programme: Programme, question: Question, text: str) -> Any:
            return Refused("oddly_said") if text == "odd" else super().value(programme, question, text)

    monkeypatch.setitem(KINDS, "number", Odd())
    assert "the refusal oddly_said has no words" in lacking(Odd())
