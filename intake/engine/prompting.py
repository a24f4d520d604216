"""Turns a journey into a prompt in one language: the programme's words filled in, without product words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from intake.engine.advising import advice_for
from intake.engine.conditions import Value
from intake.engine.explaining import decisive, explained, settled_by
from intake.engine.journey import CHECK, END, RESULT, RETURNED, Journey, Step, offered_partners, returned
from intake.engine.kinds import KINDS
from intake.engine.programme import Programme, Question
from intake.engine.prompts import (
    CheckPrompt,
    EndPrompt,
    Option,
    PartnerCard,
    Problem,
    Prompt,
    QuestionPrompt,
    ResultPrompt,
    Row,
)
from intake.engine.routing import Routing
from intake.engine.settling import settle

MOST_BLANK = 512  # questions of a programme as those see them who have not answered; more than that forget all


def prompt_for(
    journey: Journey, place: str, language: str, problem: Problem | None = None, typed: Sequence[str] | None = None
) -> Prompt:
    """Returns the prompt for a place. Raises ValueError. `typed`: refused answers, shown with their `problem`."""
    if place == RESULT:
        return result_prompt(journey, language)
    if place == END and journey.end is not None:
        return end_prompt(journey, language)
    if place == CHECK:
        return check_prompt(journey, language, problem)
    step = journey.step(place)
    if step is None:
        raise ValueError(f"{place} is no place on this journey")
    return question_prompt(journey, step, language, problem, typed)


def question_prompt(
    journey: Journey, step: Step, language: str, problem: Problem | None = None, typed: Sequence[str] | None = None
) -> QuestionPrompt:
    programme, question = journey.programme, step.question
    asked = [other.question for other in journey.asked()]
    position = asked.index(question)
    sections = [section.id for section in programme.sections]  # over the whole journey: it never begins again
    number, before = position + 1, _before(question, asked, position)
    part, parts = sections.index(question.section) + 1, len(sections)
    back = RETURNED in journey.answers and question.id in returned(journey.answers)
    blank = step.value is None and typed is None and problem is None and not question.notes and not back
    key = (language, question.id, step.offered, step.required, number, part, before)
    if blank and key in programme.blank_prompts:
        return programme.blank_prompts[key]
    chosen = _chosen(step.value) if typed is None else set(typed)
    written = _typed(programme, step, language) if typed is None else " ".join(typed)
    prompt = replace(
        _question_prompt(programme, step, language, chosen, written),
        suggestions=_suggestions(programme, step, language) if typed is None else (),
        notes=_notes(journey, question, language),
        problem=problem,
        number=number,
        part=part,
        parts=parts,
        back=before,
        returned=back,
    )
    if blank:
        if len(programme.blank_prompts) >= MOST_BLANK:
            programme.blank_prompts.clear()
        programme.blank_prompts[key] = prompt
    return prompt


def _question_prompt(programme: Programme, step: Step, language: str, chosen: set[str], written: str) -> QuestionPrompt:
    """The parts of a question's prompt that do not depend on its position in the journey."""
    question, say = step.question, programme.texts.say
    union = _unions_named(programme, step, language)

    def text(key: str) -> str:
        return say(language, "question", question.id, key).replace("{union}", union)

    details = text("details")
    partners = question.of == "partners"
    return QuestionPrompt(
        question=question.id,
        kind=question.kind,
        form=KINDS[question.kind].form(question, step.offered),
        title=say(language, "section", question.section, "title"),
        text=text("text"),
        help=text("help"),
        why=text("why"),
        details=(text("details_title"), details) if details else None,
        options=_options(programme, step, language, chosen),
        typed=written,
        optional=not step.required,
        gets=programme.texts.lines(language, "consent", "partners_gets") if partners else (),
        gets_not=programme.texts.lines(language, "consent", "not_gets") if partners else (),
        explained=_explained(programme, question, language).replace("{union}", union),
    )


def consent_prompt(programme: Programme, question: Question, routing: Routing, language: str) -> QuestionPrompt | None:
    """A consent question asked outside a journey (staff have decided); None if no partner is left to ask about."""
    offered = offered_partners(programme, question, routing)
    step = Step(question, "blank", None, offered, answered=False, required=True, used=False)
    return _question_prompt(programme, step, language, set(), "") if offered else None


def result_prompt(journey: Journey, language: str) -> ResultPrompt:
    programme, assessment, routing = journey.programme, journey.assessment, journey.routing
    texts = programme.texts
    shown = [id for id in routing.partners() if not programme.partners[id].union]
    cards = {id: _card(programme, "partner", id, language) for id in shown}
    asked = journey.asked()
    why, also = decisive(explained(programme, journey.kept(), journey.trace(), language))
    return ResultPrompt(
        verdict=assessment.verdict,
        reason=assessment.reason,
        title=texts.say(language, "result", assessment.reason, "title"),
        text=texts.say(language, "result", assessment.reason, "text"),
        why=why,
        also=also,
        settling=settled_by(programme, settle(journey), language),
        steps=texts.lines(language, "result", assessment.reason, "steps"),
        lead=cards.get(routing.lead or ""),
        offers=tuple(cards[id] for id in shown if id != routing.lead),
        information=tuple(_card(programme, "organisation", id, language) for id in routing.information),
        advice=advice_for(programme, journey.judged.facts, language),
        goes_on=assessment.verdict != "not_eligible",
        back=next((step.question.id for step in reversed(asked) if not step.question.after_result), None),
        rows=tuple(
            answer_row(programme, step.question, step.value, language)
            for step in asked
            if not step.question.after_result
        ),
    )


def check_prompt(journey: Journey, language: str, problem: Problem | None = None) -> CheckPrompt:
    programme = journey.programme
    yes = [partner for partner, answer in journey.consented().items() if answer]
    asked = journey.asked()
    others = [step.question.id for step in asked if step.question.of == "partners"]
    chosen = any(not programme.partners[id].union and id != programme.owner for id in yes)
    return CheckPrompt(
        rows=tuple(answer_row(programme, step.question, step.value, language) for step in asked),
        recipients=tuple(
            programme.texts.say(language, "partner", id, "name")
            for id in [programme.owner, *(id for id in yes if not programme.partners[id].union)]
        ),
        unions=tuple(
            programme.texts.say(language, "partner", id, "name") for id in yes if programme.partners[id].union
        ),
        back=asked[-1].question.id if asked else None,
        problem=problem,
        nobody_else=others[0] if others and not chosen else "",
    )


def answer_row(programme: Programme, question: Question, value: Value | None, language: str) -> Row:
    """One answer in words, as on the check page and for staff."""
    shown = "" if value is None else KINDS[question.kind].show(programme, question, value, language)
    label = programme.texts.say(language, "question", question.id, "short")
    return Row(question.id, label, shown, programme.texts.say(language, "section", question.section, "title"))


def end_prompt(journey: Journey, language: str) -> EndPrompt:
    texts, end = journey.programme.texts, str(journey.end)
    back = journey.asked()[-1].question.id
    return EndPrompt(end, texts.say(language, "end", end, "title"), texts.say(language, "end", end, "text"), back)


def points_out(journey: Journey, question: str, language: str) -> bool:
    """Whether an answer just given is shown again: a contradiction, free text similar to a list's entry, a slip."""
    step = journey.step(question)
    return step is not None and bool(
        _notes(journey, step.question, language) or _suggestions(journey.programme, step, language)
    )


def _before(question: Question, asked: list[Question], position: int) -> str | None:
    if position == 0:
        return None
    before = asked[position - 1]
    return RESULT if question.after_result and not before.after_result else before.id


def _options(programme: Programme, step: Step, language: str, chosen: set[str]) -> tuple[Option, ...]:
    question = step.question
    texts = programme.texts
    if question.of is not None:
        return tuple(
            Option(
                id,
                texts.say(language, "partner", id, "name"),
                texts.say(language, "partner", id, "about"),
                id in chosen,
            )
            for id in step.offered
        )
    return tuple(
        Option(
            choice.id,
            texts.say(language, "choice", question.id, choice.id),
            texts.say(language, "choice", question.id, choice.id, "help"),
            choice.id in chosen,
            choice.alone,
        )
        for choice in question.choices
        if choice.id in step.offered
    )


def _chosen(value: Value | None) -> set[str]:
    if isinstance(value, dict):
        return {id for id, yes in value.items() if yes}
    return set(value) if isinstance(value, list) else {value} if isinstance(value, str) else set()


def _typed(programme: Programme, step: Step, language: str) -> str:
    kind = KINDS[step.question.kind]
    if step.value is None or kind.form(step.question, step.offered) != "typed":
        return ""
    return kind.show(programme, step.question, step.value, language)


def _suggestions(programme: Programme, step: Step, language: str) -> tuple[Option, ...]:
    if step.value is None:
        return ()
    found = KINDS[step.question.kind].suggest(programme, step.question, step.value, language)
    return tuple(Option(id, text) for id, text in found)


def _notes(journey: Journey, question: Question, language: str) -> tuple[str, ...]:
    texts = journey.programme.texts
    return tuple(texts.say(language, "note", note.text) for note in question.notes if note.when.holds(journey.facts))


def _card(programme: Programme, what: str, id: str, language: str) -> PartnerCard:
    say = programme.texts.say
    return PartnerCard(id, say(language, what, id, "name"), say(language, what, id, "about"))


def _unions_named(programme: Programme, step: Step, language: str) -> str:
    if step.question.of != "unions":
        return ""
    return ", ".join(programme.texts.say(language, "partner", id, "name") for id in step.offered)


def _explained(programme: Programme, question: Question, language: str) -> str:
    """The text beside a consent question that says what consenting means."""
    if question.of is None:
        return ""
    return programme.texts.say(language, "consent", "union_note" if question.of == "unions" else "who_is_responsible")
