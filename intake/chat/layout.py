"""Lays out a turn of the desk as a card, with the content of the web. Sends and stores nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import assert_never

from intake import (
    CheckPrompt,
    EndPrompt,
    Option,
    Problem,
    Programme,
    QuestionPrompt,
    ResultPrompt,
    Row,
    StartPrompt,
    StatusPrompt,
    Turn,
    Words,
    words_for,
)
from intake.chat.cards import TICKED, UNTICKED, Button, Card, Press
from intake.chat.lines import (
    LONG_LABEL,
    advice_lines,
    can_take_back,
    capital,
    decided_lines,
    in_rows,
    joined,
    leg_line,
    listed_choices,
    reasons_lines,
)
from intake.engine.kinds import KINDS

TICKS = ("several", "consents")  # the forms with tick boxes and a Done button


@dataclass(frozen=True)
class Drawing:
    """Draws for one programme. `base_url` is the address of its web pages."""

    programme: Programme
    base_url: str

    def card(self, turn: Turn, ticked: Iterable[str] | None = None) -> Card:
        """Returns the card of a turn; `ticked` overrides the ticked choices."""
        words, prompt = words_for(turn.language), turn.prompt
        match prompt:
            case QuestionPrompt():
                return self.question(prompt, turn, words, ticked)
            case ResultPrompt():
                return self.result(prompt, turn, words)
            case CheckPrompt():
                return self.check(prompt, turn, words)
            case EndPrompt():
                return self.end(prompt, turn, words)
            case StatusPrompt():
                return self.status(prompt, turn, words)
            case StartPrompt():
                return self.hello(prompt, turn.language, words)
        assert_never(prompt)

    # The start

    def hello(self, prompt: StartPrompt, language: str, words: Words) -> Card:
        """Introduces the programme before any question: who, why, how long, voluntary, what is stored."""
        rows: list[tuple[Button, ...]] = [(Button(words("Start"), Press("start", choice=language)),)]
        rows += self.languages("hello", except_for=language)
        return Card(joined(self.refusal(prompt.problem, words), self.say(language, "chat", "hello")), tuple(rows))

    def about(self, language: str, words: Words) -> Card:
        """Shows the introduction to somebody who has already begun."""
        rows = [(Button(words("Go on where I was"), Press("now")),), *self.languages("speak", except_for=language)]
        return Card(self.say(language, "chat", "hello"), tuple(rows))

    def languages(self, verb: str, except_for: str = "") -> list[tuple[Button, ...]]:
        """Returns a button per language, labelled by its own name."""
        others = [one for one in self.programme.languages if one != except_for]
        buttons = [Button(capital(words_for(one).locale.display_name), Press(verb, choice=one)) for one in others]
        return [tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)]

    # Questions

    def question(self, prompt: QuestionPrompt, turn: Turn, words: Words, ticked: Iterable[str] | None) -> Card:
        options = self.options(prompt, words)
        second_look = bool(prompt.notes or prompt.suggestions) and prompt.problem is None
        listed = listed_choices(options, always=bool(prompt.suggestions))
        text = joined(
            self.refusal(prompt.problem, words, bool(listed)),
            words(
                "We have changed this question since you answered it, so please answer it again. "
                "Your answers to unchanged questions are saved."
            )
            if prompt.returned
            else "",
            f"{words('Question {n}', n=prompt.number)} · {prompt.title} "
            f"({words('part {part} of {parts}', part=prompt.part, parts=prompt.parts)})",
            prompt.text,
            prompt.help,
            words("Why do we ask? {why}", why=prompt.why) if prompt.why else "",
            *self.consent(prompt, words),
            words("You wrote: {answer}", answer=prompt.typed) if prompt.typed else "",
            *prompt.notes,
            self.alike(prompt, words),
            listed,
            self.how(prompt, words),
        )
        rows = self.answers(prompt, turn, words, options, ticked)
        if prompt.details is not None:
            rows.append((Button(prompt.details[0], Press("details")),))
        rows += self.ways(prompt, turn, words)
        return Card(text, tuple(rows), strong=prompt.text, typing=prompt.form == "typed" and not second_look)

    def alike(self, prompt: QuestionPrompt, words: Words) -> str:
        """Introduces suggestions for free text."""
        if not prompt.suggestions:
            return ""
        if KINDS[prompt.kind].corrects:
            return words("Did you mean {address}?", address=prompt.suggestions[0].text)
        return words("Do you mean one of these?")

    def refusal(self, problem: Problem | None, words: Words, listed: bool = False) -> str:
        """Says why the answer was refused, and what to do. Only the person can delete what Telegram keeps."""
        if problem is None:
            return ""
        if problem.code == "gone":
            return words(
                "Your answers are not in this chat any more. If you went on at our website, you find them there. "
                "Otherwise you can begin again."
            )
        said = words.problem(problem)
        if problem.code == "personal_number":
            said += " " + words("Please delete your message here in the chat too.")
        if problem.code == "unknown_choice" and listed:
            said += " " + words("Press a button, or write the number of the answer.")
        return said

    def options(self, prompt: QuestionPrompt, words: Words) -> tuple[Option, ...]:
        """Returns the options as a chat shows them: one union is a yes or no, a confirmation is one button."""
        if prompt.form == "yes_no":
            union = prompt.options[0]
            yes = Option("yes", words("Yes, {name} may contact me", name=union.text), chosen=union.chosen)
            return (yes, Option("no", words("No, do not contact me")))
        if prompt.form == "confirm":
            return (Option("yes", words("Yes, I have read it")),)
        return prompt.suggestions or prompt.options

    def consent(self, prompt: QuestionPrompt, words: Words) -> list[str]:
        """Says what ticked partners get and do not get, and what a yes means."""
        told = [f"• {one}" for one in (*prompt.gets, *prompt.gets_not)]
        return ["\n".join((words("Each one you tick gets:"), *told)) if told else "", prompt.explained]

    def how(self, prompt: QuestionPrompt, words: Words) -> str:
        match prompt.form:
            case "typed":
                return words("Or write another answer here.") if prompt.typed else words("Write your answer here.")
            case "consents":
                return words("Tick those you want, or none, and then press Done.")
            case "several":
                return words("Tick what fits, and then press Done.")
        return ""

    def answers(
        self, prompt: QuestionPrompt, turn: Turn, words: Words, options: Sequence[Option], ticked: Iterable[str] | None
    ) -> list[tuple[Button, ...]]:
        question, revision = prompt.question, turn.revision
        if prompt.form in TICKS:
            chosen = {option.id for option in options if option.chosen} if ticked is None else set(ticked)
            buttons = [
                Button(
                    (TICKED if option.id in chosen else UNTICKED) + option.text,
                    Press("t", question, option.id, revision),
                )
                for option in options
            ]
            done = Button(words("Done"), Press("d", question, revision=revision))
            return [*((button,) for button in buttons), (done,)]
        buttons = [
            Button((TICKED if option.chosen else "") + option.text, Press("q", question, option.id, revision))
            for option in options
        ]
        rows = in_rows(buttons)
        if prompt.form == "confirm":
            rows.append((Button(words("How we handle your data"), Press("privacy")),))
        if prompt.typed and prompt.form == "typed":
            label = words("Yes, that is right") if prompt.notes else words("Keep my answer")
            rows.append((Button(label, Press("k", question, revision=revision)),))
        return rows

    def ways(self, prompt: QuestionPrompt, turn: Turn, words: Words) -> list[tuple[Button, ...]]:
        """Returns the buttons Back and, if allowed, Skip."""
        back = Press("about") if prompt.back is None else Press("b", prompt.back, revision=turn.revision)
        row = [Button(words("Back"), back)]
        if prompt.optional and prompt.form != "yes_no":
            row.append(Button(words("Skip"), Press("s", prompt.question, revision=turn.revision)))
        return [tuple(row)]

    # After the questions

    def result(self, prompt: ResultPrompt, turn: Turn, words: Words) -> Card:
        """Shows the preliminary verdict: why, who can help, what to do next."""
        offered = [partner for partner in (prompt.lead, *prompt.offers) if partner is not None]
        more = words("What else your answers say") if prompt.also else ""
        also = joined(more, reasons_lines(prompt.also), between="\n")
        text = joined(
            words("Preliminary result"),
            prompt.title,
            prompt.text,
            joined(words("Why do you see this?") if prompt.why else "", reasons_lines(prompt.why), between="\n"),
            also,
            *self.settling(prompt, words),
            words("These can help you:") if offered else "",
            *(joined(f"• {one.name}", one.about, between="\n") for one in offered),
            words("Good to know:") if prompt.information else "",
            *(joined(f"• {one.name}", one.about, between="\n") for one in prompt.information),
            advice_lines(prompt.advice, words),
            joined(
                words("What you can do now:") if prompt.steps else "",
                *(f"{number}. {step}" for number, step in enumerate(prompt.steps, 1)),
                between="\n",
            ),
            words("Next: if you want to be contacted, and by whom. You choose. Nothing is sent before you press Send.")
            if prompt.goes_on
            else "",
        )
        rows: list[tuple[Button, ...]] = []
        if prompt.goes_on:
            rows.append((Button(words("Continue"), Press("g", revision=turn.revision)),))
        if prompt.back is not None:
            label = words("Back") if prompt.goes_on else words("Change my last answer")
            rows.append((Button(label, Press("b", prompt.back, revision=turn.revision)),))
        if not prompt.goes_on:
            rows.append((Button(words("Delete my answers"), Press("delete")),))
        return Card(text, tuple(rows), strong=prompt.title, folded=also)

    def settling(self, prompt: ResultPrompt, words: Words) -> list[str]:
        """Says what would settle the result; empty if nothing would."""
        if not prompt.settling:
            return []
        then = (
            words("You would seem to belong to the target group:")
            if prompt.goes_on
            else words("The result could be another:")
        )
        first, *more = (words.dated(one) for one in prompt.settling)
        facts = (f"• {first}", *(f"• {words('and')} {one}" for one in more))
        return [
            joined(words("What would settle it"), then, *facts, between="\n"),
            words("You do not have to find out first. You can send your answers, and a person looks at them.")
            if prompt.goes_on
            else "",
        ]

    def check(self, prompt: CheckPrompt, turn: Turn, words: Words) -> Card:
        """Shows all answers before they are sent, and who gets them."""
        title = words("Check before you send")
        sections = dict.fromkeys(row.section for row in prompt.rows)
        text = joined(
            self.refusal(prompt.problem, words),
            title,
            words("Nothing has been sent yet."),
            *(
                joined(
                    section.upper(),
                    *(
                        f"{row.label}: {row.shown or self.nothing(row, words)}"
                        for row in prompt.rows
                        if row.section == section
                    ),
                    between="\n",
                )
                for section in sections
            ),
            joined(words("These get your answers:"), *(f"• {name}" for name in prompt.recipients), between="\n"),
            words(
                "Only {owner} gets your answers. None of the others who could help you gets them.",
                owner=prompt.recipients[0],
            )
            if prompt.nobody_else
            else "",
            joined(
                words("Gets your name, how they reach you and if you need an interpreter:") if prompt.unions else "",
                *(f"• {name}" for name in prompt.unions),
                between="\n",
            ),
        )
        rows = [
            (Button(words("Send"), Press("x", revision=turn.revision)),),
            (Button(words("Change an answer"), Press("change")),),
        ]
        if prompt.nobody_else:
            press = Press("b", prompt.nobody_else, revision=turn.revision)
            rows.insert(1, (Button(words("Change who gets them"), press),))
        if prompt.back is not None:
            rows.append((Button(words("Back"), Press("b", prompt.back, revision=turn.revision)),))
        return Card(text, tuple(rows), strong=title)

    def nothing(self, row: Row, words: Words) -> str:
        """Words a missing answer; to have ticked nobody is an answer."""
        return words("nobody") if self.programme.by_id[row.question].of else words("no answer")

    def change(self, prompt: CheckPrompt, turn: Turn) -> Card:
        """Returns one button per answer that can be changed."""
        words = words_for(turn.language)
        title = words("Which answer do you want to change?")
        buttons = [Button(row.label, Press("b", row.question, revision=turn.revision)) for row in prompt.rows]
        rows = in_rows(buttons, short=LONG_LABEL)
        return Card(title, (*rows, (Button(words("Back"), Press("now")),)), strong=title)

    def end(self, prompt: EndPrompt, turn: Turn, words: Words) -> Card:
        rows: list[tuple[Button, ...]] = []
        if prompt.back is not None:
            rows.append((Button(words("Change my last answer"), Press("b", prompt.back, revision=turn.revision)),))
        if prompt.id != "call":
            rows.append((Button(words("Read the result again"), Press("b", "result", revision=turn.revision)),))
        rows.append((Button(words("Delete my answers"), Press("delete")),))
        return Card(joined(prompt.title, prompt.text), tuple(rows), strong=prompt.title)

    def status(self, prompt: StatusPrompt, turn: Turn, words: Words) -> Card:
        """Shows what became of a submission; right after sending it is the receipt."""
        link = self.base_url + prompt.status_path
        title = prompt.title if prompt.just_sent else words("What has happened")
        text = joined(
            title,
            words("Your case number: {reference}", reference=prompt.reference),
            prompt.next if prompt.just_sent else "",
            words("We write to your email address too, so that you have the number and the link.")
            if prompt.just_sent and prompt.email_known
            else "",
            decided_lines(prompt, words),
            joined(*(leg_line(leg, words) for leg in prompt.legs), between="\n"),
            advice_lines(prompt.advice, words),
            words("See what happens, or take your answers back: {link}", link=link),
            prompt.keep_link if prompt.just_sent else "",
            words("Questions and rules: version {version}", version=prompt.version),
        )
        rows = [(Button(words("See what happens"), url=link),)]
        if prompt.choosing:
            rows.append((Button(words("Choose who gets your answers"), url=self.base_url + prompt.choose_path),))
        if can_take_back(prompt):
            rows.append((Button(words("Take my answers back"), Press("withdraw")),))
        return Card(text, tuple(rows), strong=title)

    def say(self, language: str, *path: str) -> str:
        return self.programme.texts.say(language, *path)
