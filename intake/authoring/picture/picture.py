"""Builds the picture of a programme: groups, questions with possible ends, rules, results, routes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from intake.authoring.picture.boxes import Box, BoxSection, Line, Picture
from intake.authoring.wording import SHOWN, choice_name, question_name, sentence
from intake.engine.advising import NOW, UNDATED
from intake.engine.conditions import Condition, Not, questions_of
from intake.engine.kinds import KINDS
from intake.engine.programme import LastDay, Programme, Question, Route
from intake.engine.sentences import parts_of, phrased
from intake.words import words_for

BETWEEN = "\N{NO-BREAK SPACE}· "  # the dot stays on the line of the word before it


def picture(programme: Programme, language: str, adds_only: Collection[str] | None) -> Picture:
    """Returns the whole programme. `adds_only`: routes proven never to lead; None if nothing was proven."""
    tell = _Teller(programme, language)
    words, name = tell.words, tell.say("programme", "name")
    about = words(
        "Questions in their order, how the answers are judged, and which partners are given. "
        "Nothing happens on what is not known: staff decide then. Every result is preliminary."
    )
    before, after = tell.questions(programme.before_result), tell.questions(programme.after_result)
    sections = (*tell.groups(), *before, tell.rules(), tell.results(), tell.routes(adds_only), *tell.advice(), *after)
    title = words("{programme}, version {version}", programme=name, version=programme.version)
    return Picture(title, about, language, words.right_to_left, sections)


class _Teller:
    """Words of a picture of one programme in one language."""

    def __init__(self, programme: Programme, language: str) -> None:
        self.programme, self.language, self.words = programme, language, words_for(language)

    def say(self, *path: str) -> str:
        return self.programme.texts.say(self.language, *path)

    def when(self, condition: Condition) -> str:
        return sentence(condition, self.programme, self.language)

    def labels(self, questions: Collection[str]) -> list[str]:
        ids = (one.id for one in self.programme.questions if one.id in questions)
        return [question_name(self.programme, id, self.language) for id in ids]

    def choices(self, question: Question, *ids: str) -> str:
        return BETWEEN.join(choice_name(self.programme, question, id, self.language) for id in ids)

    def groups(self) -> Iterator[BoxSection]:
        words, label, boxes = self.words, self.words("When"), []
        for group in self.programme.groups:
            boxes.append(Box(words("Group {group}", group=group.id), (Line(label, self.when(group.when)),), "group"))
            label = words("When, and no earlier group fits")
        if boxes:
            about = words("The answers decide which group somebody is in.")
            yield BoxSection(words("Groups"), tuple(boxes), about, flow=False)

    def questions(self, questions: Sequence[Question]) -> Iterator[BoxSection]:
        """Yields one section of the programme at a time."""
        for section in self.programme.sections:
            boxes = tuple(self.question(one) for one in questions if one.section == section.id)
            if boxes:
                yield BoxSection(self.say("section", section.id, "title"), boxes)

    def question(self, question: Question) -> Box:
        words, choices = self.words, question.choices
        lines = [Line("", self.say("question", question.id, "text").replace("{union}", words("the union")))]
        if question.ask_if is not None:
            lines.append(Line(words("Asked when"), self.when(question.ask_if)))
        answers = self.choices(question, *(one.id for one in choices))
        if question.of is not None:
            unions = question.of == "unions"
            answers = words("the unions that are offered") if unions else words("the partners that are offered")
        lines.append(Line(words(KINDS[question.kind].answered), answers))
        for condition in dict.fromkeys(one.hide_if for one in choices if one.hide_if is not None):
            hidden = self.choices(question, *(one.id for one in choices if one.hide_if == condition))
            said = words("{choices}, when {when}", choices=hidden, when=self.when(condition))
            lines.append(Line(words("Left out"), said))
        if question.one_of:
            group = {one.id for one in self.programme.questions if one.one_of == question.one_of}
            lines.append(Line(words("One of these is enough"), ", ".join(self.labels(group))))
        for note in question.notes:
            said = words("when {when}: {text}", when=self.when(note.when), text=self.say("note", note.text))
            lines.append(Line(words("Points out"), said))
        title = f"{self.programme.place_of[question.id] + 1} · {self.labels([question.id])[0]}"
        title += f" ({words('may be skipped')})" if question.optional else ""
        return Box(title, (*lines, *self.ends(question)))

    def ends(self, question: Question) -> Iterator[Line]:
        """Yields the ends of the journey here: rules whose last question this is, and choices that end it."""
        words, place_of = self.words, self.programme.place_of
        for rule in self.programme.rules:
            read = [-1] if rule.no_if is None else [place_of[id] for id in questions_of(rule.no_if)] or [0]
            if rule.no_if is not None and max(read) == place_of[question.id]:
                title = words("No: {result}", result=self.say("result", rule.reason, "title"))
                yield Line(title, words("when {when}", when=self.when(rule.no_if)), "no")
        for choice in question.choices:
            if choice.ends:
                chosen = words("“{text}”", text=self.choices(question, choice.id))
                yield Line(self.say("end", choice.ends, "title"), words("when {when}", when=chosen), "end")

    def rules(self) -> BoxSection:
        words, boxes = self.words, []
        for number, rule in enumerate(self.programme.rules, 1):
            no_if, yes = rule.no_if, self.when(rule.yes_if)
            if no_if is not None and rule.yes_if == Not(no_if):
                yes = words("it is answered otherwise")
            no = [] if no_if is None else [Line(words("No when"), self.when(no_if))]
            read = {part.question for one in (no_if, rule.yes_if) if one for part in parts_of(phrased(one))}
            about = ", ".join([*([words("Group")] if "group" in read else []), *self.labels(read)])
            title = words("Rule {number}: {about}", number=number, about=about)
            title += f" ({words('time may bring it')})" if rule.in_time else ""
            boxes.append(Box(title, (*no, Line(words("Yes when"), yes))))
        about = words("All of them have to say yes. When one says neither yes nor no, staff decide.")
        return BoxSection(words("Rules"), tuple(boxes), about)

    def results(self) -> BoxSection:
        """The three results: eligible, decided by staff, not eligible."""
        words, when, yes = self.words, self.words("When"), []
        for group in (one.id for one in self.programme.groups):
            yes.append(Line(words("Group {group}", group=group), self.say("result", f"eligible_{group}", "title")))
        reasons = dict.fromkeys(rule.reason for rule in self.programme.rules if rule.no_if is not None)
        no = [Line(str(number), self.say("result", reason, "title")) for number, reason in enumerate(reasons, 1)]
        unsure = words("no rule says no, and one does not say yes or an answer is missing")
        boxes = (
            Box(words("Yes"), (Line(when, words("every rule says yes")), *yes), "yes"),
            Box(words("Staff decide"), (Line(when, unsure), Line("", self.say("result", "review", "title"))), "staff"),
            Box(words("No"), (Line(when, words("a rule says no; the first one gives the text")), *no), "no"),
        )
        return BoxSection(words("Result"), boxes, words("Shown before anybody says who they are."), flow=False)

    def routes(self, adds_only: Collection[str] | None) -> BoxSection:
        """The routes in order: whom each fits, who leads, who is offered, what the person is told."""
        words = self.words
        about = words(
            "The first route that fits gives the partner that leads. Every other that fits adds its partners."
        )
        if any(self.programme.unions()):
            about += " " + words("A union is asked about on a page of its own; nobody else sees the answer.")
        if adds_only is None:
            about += " " + words("It is not proven here which routes never lead: the solver is not installed.")
        boxes = tuple(self.route(route, route.id in (adds_only or ())) for route in self.programme.routes)
        return BoxSection(words("Routes"), boxes, about)

    def route(self, route: Route, adds: bool) -> Box:
        words, title = self.words, self.words("Route {route}", route=route.id)
        when = words("staff decide") if route.ask_staff else words("no other route fits")
        given = {
            words("Also offered") if adds else words("Leads"): self.meant(route.lead),
            words("Offers"): BETWEEN.join(map(self.meant, route.offer)),
            words("Tells about"): BETWEEN.join(self.say("organisation", id, "name") or id for id in route.tell),
        }
        lines = [Line(words("When"), when if route.when is None else self.when(route.when))]
        lines += [Line(label, text, "partner") for label, text in given.items() if text]
        title += f" ({words('never leads, only adds')})" if adds else ""
        return Box(title, tuple(lines), "staff" if route.ask_staff else "plain")

    def advice(self) -> Iterator[BoxSection]:
        """What people do without us, and who reads it."""
        words, boxes = self.words, []
        for advice in self.programme.advice:
            when = words("everybody") if advice.when is None else words("when {when}", when=self.when(advice.when))
            said = self.say("advice", advice.id, NOW if advice.by is None else UNDATED)
            lines = [Line(words("Who reads it"), when), Line("", said)]
            if advice.by is not None:
                lines.append(Line(words("Until when"), self.last_day(advice.by)))
            boxes.append(Box(advice.id, tuple(lines)))
        if boxes:
            about = words("Shown with the result and afterwards, whatever the result is.")
            yield BoxSection(words("What people do themselves"), tuple(boxes), about, flow=False)

    def last_day(self, by: LastDay) -> str:
        words, label = self.words, self.words("“{text}”", text=self.labels([by.question])[0])
        days = words.n("one day after {day}", "{n} days after {day}", by.days, day=label)
        months = words.n("one month after {day}", "{n} months after {day}", by.months, day=label)
        years = words.n("one year after {day}", "{n} years after {day}", by.years, day=label)
        return days if by.days else months if by.months else years

    def meant(self, template: str) -> str:
        """Names a partner; for `town:{lives_in}` the partners that it may become."""
        words, placed = self.words, re.search(r"{(\w+)}", template)
        if placed is None:
            name = self.say("partner", template, "name") or template
            return words("{name} (union)", name=name) if self.programme.partners[template].union else name
        possible = [template.replace(placed[0], one.id) for one in self.programme.by_id[placed[1]].choices]
        names = [self.meant(id) for id in possible if id in self.programme.partners]
        shown, rest = BETWEEN.join(names[:SHOWN]), len(names) - SHOWN
        named = words("{names} and {n} more", names=shown, n=rest) if rest > 0 else shown
        question = words("“{text}”", text=self.labels([placed[1]])[0])
        return words("one of {n}, by {question}: {names}", n=len(names), question=question, names=named)
