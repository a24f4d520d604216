"""A programme as a picture: groups, questions with where they may end, rules, the result split, routes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from intake.authoring.picture.boxes import Box, BoxSection, Picture
from intake.authoring.picture.routes import routes
from intake.authoring.picture.telling import BETWEEN, Telling
from intake.engine.conditions import Condition, Not, questions_of
from intake.engine.programme import Programme, Question, Rule


def picture(programme: Programme, language: str, adds_only: Collection[str] | None) -> Picture:
    """The whole programme. `adds_only`: the routes that are proven never to lead; None when nothing was proven."""
    telling = Telling(programme, language)
    words = telling.words
    about = words(
        "Questions in their order, how the answers are judged, and which partners are given. "
        "Nothing happens on what is not known: staff decide then. Every result is preliminary."
    )
    return Picture(
        words("{programme}, version {version}", programme=telling.say("programme", "name"), version=programme.version),
        about,
        language,
        words.right_to_left,
        (
            *_groups(telling),
            *_questions(telling, programme.before_result),
            _rules(telling),
            _results(telling),
            routes(telling, adds_only),
            *_questions(telling, programme.after_result),
        ),
    )


def _groups(telling: Telling) -> Iterator[BoxSection]:
    words, before = telling.words, False
    boxes = []
    for group in telling.programme.groups:
        label = words("When, and no earlier group fits") if before else words("When")
        boxes.append(Box(words("Group {group}", group=group.id), ((label, telling.when(group.when)),), tone="group"))
        before = True
    if boxes:
        about = words("The answers decide which group somebody is in.")
        yield BoxSection(words("Groups"), tuple(boxes), about, flow=False)


def _questions(telling: Telling, questions: Sequence[Question]) -> Iterator[BoxSection]:
    """A section of the programme at a time; beside each question what may end the journey there."""
    number = telling.programme.place_of
    for section in telling.programme.sections:
        boxes = [_question(telling, one, number[one.id] + 1) for one in questions if one.section == section.id]
        if boxes:
            yield BoxSection(telling.say("section", section.id, "title"), tuple(boxes))


def _question(telling: Telling, question: Question, number: int) -> Box:
    words = telling.words
    lines = [("", telling.asks(question))]
    if question.ask_if is not None:
        lines.append((words("Asked when"), telling.when(question.ask_if)))
    lines.append((telling.kind(question), telling.choices(question)))
    hidden: dict[Condition, list[str]] = {}
    for choice in question.choices:
        if choice.hide_if is not None:
            hidden.setdefault(choice.hide_if, []).append(telling.choice(question, choice.id))
    for condition, choices in hidden.items():
        left_out = words("{choices}, when {when}", choices=BETWEEN.join(choices), when=telling.when(condition))
        lines.append((words("Left out"), left_out))
    if question.one_of:
        group = [one.id for one in telling.programme.questions if one.one_of == question.one_of]
        lines.append((words("One of these is enough"), ", ".join(map(telling.label, group))))
    for note in question.notes:
        said = words("when {when}: {text}", when=telling.when(note.when), text=telling.say("note", note.text))
        lines.append((words("Points out"), said))
    marks = (words("may be skipped"),) if question.optional else ()
    title = f"{number} · {telling.label(question.id)}"
    return Box(title, tuple(lines), marks, beside=(*_noes(telling, question), *_ends(telling, question)))


def _noes(telling: Telling, question: Question) -> Iterator[Box]:
    """The rules whose no is certain here at the latest."""
    words = telling.words
    for rule in telling.programme.rules:
        if rule.no_if is not None and _last_read(telling.programme, rule.no_if) == question.id:
            title = words("No: {result}", result=telling.say("result", rule.reason, "title"))
            yield Box(title, ((words("Ends when"), telling.when(rule.no_if)),), tone="no")


def _last_read(programme: Programme, condition: Condition) -> str:
    reads = questions_of(condition) or (programme.before_result[0].id,)
    return max(reads, key=lambda id: programme.place_of[id])


def _ends(telling: Telling, question: Question) -> Iterator[Box]:
    for choice in question.choices:
        if choice.ends:
            line = (telling.words("Ends when"), telling.words("“{text}”", text=telling.choice(question, choice.id)))
            yield Box(telling.say("end", choice.ends, "title"), (line,), tone="end")


def _rules(telling: Telling) -> BoxSection:
    words = telling.words
    about = words("All of them have to say yes. When one says neither yes nor no, staff decide.")
    boxes = [_rule(telling, rule, number) for number, rule in enumerate(telling.programme.rules, 1)]
    return BoxSection(words("Rules"), tuple(boxes), about)


def _rule(telling: Telling, rule: Rule, number: int) -> Box:
    words, lines = telling.words, []
    about = telling.subjects([one for one in (rule.no_if, rule.yes_if) if one is not None])
    title = words("Rule {number}: {about}", number=number, about=about)
    if rule.no_if is not None:
        lines.append((words("No when"), telling.when(rule.no_if)))
    if rule.no_if is not None and rule.yes_if == Not(rule.no_if):
        lines.append((words("Yes when"), words("it is answered otherwise")))
    else:
        lines.append((words("Yes when"), telling.when(rule.yes_if)))
    marks = (words("time may bring it"),) if rule.in_time else ()
    return Box(title, tuple(lines), marks)


def _results(telling: Telling) -> BoxSection:
    """The split in three: who is eligible, for whom staff decide, who gets a no."""
    words, programme = telling.words, telling.programme
    groups = [
        (words("Group {group}", group=group.id), telling.say("result", f"eligible_{group.id}", "title"))
        for group in programme.groups
    ]
    yes = Box(words("Yes"), ((words("When"), words("every rule says yes")), *groups), tone="yes")
    review = ("", telling.say("result", "review", "title"))
    unsure = words("no rule says no, and one does not say yes or an answer is missing")
    staff = Box(words("Staff decide"), ((words("When"), unsure), review), tone="staff")
    reasons = dict.fromkeys(rule.reason for rule in programme.rules if rule.no_if is not None)
    noes = [(f"{number}", telling.say("result", reason, "title")) for number, reason in enumerate(reasons, 1)]
    no = Box(words("No"), ((words("When"), words("a rule says no; the first one gives the text")), *noes), tone="no")
    return BoxSection(words("Result"), (yes, staff, no), words("Shown before anybody says who they are."), flow=False)
