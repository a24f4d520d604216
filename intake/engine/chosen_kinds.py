"""The kinds of question that are answered by choosing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from intake.engine.conditions import Value
from intake.engine.domains import AnyOf, OneOf
from intake.engine.kind import Answer, Form, Kind, Raw, Refused, spoken, unknown

if TYPE_CHECKING:
    from intake.engine.programme import Programme, Question


def choice_text(programme: Programme, question: Question, id: str, language: str) -> str:
    return programme.texts.say(language, "choice", question.id, id) or id


class ChoiceKind(Kind):
    """One of several choices, by id."""

    name = "choice"
    means, in_file, answered = "one of `choices`", '`"cork"`', "One answer"
    domain, needs, flags = OneOf(), "choices", ("dont_know", "ends")
    read_by_partners = clear = True

    def form(self, question: Question, offered: Sequence[str]) -> Form:
        return "one"

    def read(self, programme: Programme, question: Question, offered: Sequence[str], raw: Raw) -> Answer:
        said = list(dict.fromkeys(spoken(raw)))
        if not said:
            return None
        for one in said:
            if one not in offered:
                return unknown(one, offered)
        return said[0] if len(said) == 1 else Refused("one_only")

    def keep(self, question: Question, offered: Sequence[str], value: Value) -> Value | None:
        return value if isinstance(value, str) and value in offered else None

    def show(self, programme: Programme, question: Question, value: Value, language: str) -> str:
        return choice_text(programme, question, str(value), language)

    def example(self, question: Question, offered: Sequence[str]) -> Value:
        return offered[0]


class ChoicesKind(Kind):
    """Any of several choices, by id; a choice marked `alone` excludes all others."""

    name = "choices"
    means, in_file, answered = "any of `choices`", '`["retrain", "digital"]`', "One or more answers"
    domain, needs, flags = AnyOf(), "choices", ("alone", "dont_know")
    read_by_partners = clear = lists = True

    def form(self, question: Question, offered: Sequence[str]) -> Form:
        return "several"

    def read(self, programme: Programme, question: Question, offered: Sequence[str], raw: Raw) -> Answer:
        said = set(spoken(raw))
        for one in sorted(said):
            if one not in offered:
                return unknown(one, offered)
        alone = next((choice.id for choice in question.choices if choice.alone and choice.id in said), None)
        if alone and len(said) > 1:
            return Refused("alone", {"question": question.id, "choice": alone})
        return [choice.id for choice in question.choices if choice.id in said] or None

    def keep(self, question: Question, offered: Sequence[str], value: Value) -> Value | None:
        return [id for id in value if id in offered] or None if isinstance(value, list) else None

    def show(self, programme: Programme, question: Question, value: Value, language: str) -> str:
        chosen = value if isinstance(value, list) else []
        return "; ".join(choice_text(programme, question, id, language) for id in chosen)  # a choice may hold a comma

    def said(self, programme: Programme, question: Question, value: object) -> Raw | None:
        several: list[object] = value if isinstance(value, list) else [value]
        said = [one for one in several if isinstance(one, str)]
        return said if len(said) == len(several) else None

    def example(self, question: Question, offered: Sequence[str]) -> Value:
        return [offered[0]]


class ConsentsKind(Kind):
    """A yes or no per offered partner; kept as {partner: bool}, so that a partner offered later is asked about.

    A single union is asked about by yes and no, several by tick boxes.
    """

    name = "consents"
    means, in_file = "a yes or no for each partner that is offered, after the result", "`{ intreo = true }`"
    answered = "A yes or no for each"
    needs, read_by_partners, after_result, once = "of", False, True, True

    def form(self, question: Question, offered: Sequence[str]) -> Form:
        return "yes_no" if question.of == "unions" and len(offered) == 1 else "consents"

    def read(self, programme: Programme, question: Question, offered: Sequence[str], raw: Raw) -> Answer:
        said = set(spoken(raw))
        if self.form(question, offered) == "yes_no":
            if not said:
                return None
            if len(said) > 1:
                return Refused("one_only")
            if said <= {"yes", "no"}:
                return {offered[0]: said == {"yes"}}
        for one in sorted(said):
            if one not in offered:
                return unknown(one, offered)
        return {partner: partner in said for partner in offered}

    def keep(self, question: Question, offered: Sequence[str], value: Value) -> Value | None:
        if not isinstance(value, dict) or not all(partner in value for partner in offered):
            return None
        return {partner: value[partner] for partner in offered}

    def show(self, programme: Programme, question: Question, value: Value, language: str) -> str:
        said_yes = [partner for partner, yes in value.items() if yes] if isinstance(value, dict) else []
        return ", ".join(programme.texts.say(language, "partner", partner, "name") for partner in said_yes)

    def said(self, programme: Programme, question: Question, value: object) -> Raw | None:
        return [partner for partner, yes in value.items() if yes] if isinstance(value, dict) else None

    def example(self, question: Question, offered: Sequence[str]) -> Value:
        return dict.fromkeys(offered, True)


class ConfirmKind(Kind):
    """One box that has to be ticked."""

    name = "confirm"
    means, in_file, answered, sample = "a box that has to be ticked", '`"yes"`', "A box to tick", "yes"
    read_by_partners, clear, once = False, True, True

    def form(self, question: Question, offered: Sequence[str]) -> Form:
        return "confirm"

    def read(self, programme: Programme, question: Question, offered: Sequence[str], raw: Raw) -> Answer:
        said = spoken(raw)
        if not said:
            return Refused("not_confirmed")
        return "yes" if set(said) <= {"yes", "on", "true", "1"} else unknown(said[0], ["yes"])

    def show(self, programme: Programme, question: Question, value: Value, language: str) -> str:
        return "\u2713"


CHOSEN: tuple[Kind, ...] = (ChoiceKind(), ChoicesKind(), ConsentsKind(), ConfirmKind())
