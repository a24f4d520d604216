"""One programme in one language: its texts, and what its parts are called when a picture names them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from intake.authoring.wording import SHOWN, choice_name, question_name, sentence
from intake.engine.conditions import Condition
from intake.engine.kinds import KINDS
from intake.engine.programme import Programme, Question
from intake.engine.sentences import parts_of, phrased
from intake.words import words_for

BETWEEN = "\N{NO-BREAK SPACE}· "  # the dot stays with what it ends


class Telling:
    """What a picture says about `programme` in `language`."""

    def __init__(self, programme: Programme, language: str) -> None:
        self.programme, self.language = programme, language
        self.words = words_for(language)

    def say(self, *path: str) -> str:
        return self.programme.texts.say(self.language, *path)

    def when(self, condition: Condition) -> str:
        return sentence(condition, self.programme, self.language)

    def subjects(self, conditions: Sequence[Condition]) -> str:
        """What conditions are about: the labels of their questions, or the group."""
        about = {part.question for condition in conditions for part in parts_of(phrased(condition))}
        labels = [self.label(question.id) for question in self.programme.questions if question.id in about]
        return ", ".join([*([self.words("Group")] if "group" in about else []), *labels])

    def label(self, question: str) -> str:
        return question_name(self.programme, question, self.language)

    def asks(self, question: Question) -> str:
        return self.say("question", question.id, "text").replace("{union}", self.words("the union"))

    def choice(self, question: Question, choice: str) -> str:
        return choice_name(self.programme, question, choice, self.language)

    def kind(self, question: Question) -> str:
        return self.words(KINDS[question.kind].answered)

    def choices(self, question: Question) -> str:
        """What can be answered; nothing for what is typed."""
        if question.of is not None:
            unions = question.of == "unions"
            return self.words("the unions that are offered") if unions else self.words("the partners that are offered")
        return BETWEEN.join(self.choice(question, choice.id) for choice in question.choices)

    def partner(self, id: str) -> str:
        name = self.say("partner", id, "name") or id
        return self.words("{name} (union)", name=name) if self.programme.partners[id].union else name

    def partners(self, templates: Sequence[str]) -> str:
        return ", ".join(map(self.meant, templates))

    def meant(self, template: str) -> str:
        """A partner, or for `town:{lives_in}` those it may become."""
        placed = re.search(r"{(\w+)}", template)
        if placed is None:
            return self.partner(template)
        possible = [template.replace(placed[0], one.id) for one in self.programme.by_id[placed[1]].choices]
        names = [self.partner(id) for id in possible if id in self.programme.partners]
        label = self.words("“{text}”", text=self.label(placed[1]))
        shown = ", ".join(names[:SHOWN]) + (" …" if len(names) > SHOWN else "")
        return self.words("one of {n}, by {question}: {names}", n=len(names), question=label, names=shown)

    def hints(self, ids: Sequence[str]) -> str:
        return " ".join(self.say("hint", id) for id in dict.fromkeys(ids))
