"""Lays out a turn of the desk as a card, with the content of the web. Sends and stores nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import assert_never

from intake import (
    CheckPrompt,
    Dated,
    EndPrompt,
    Leg,
    Option,
    Problem,
    Programme,
    QuestionPrompt,
    Reason,
    ResultPrompt,
    Row,
    StartPrompt,
    StatusPrompt,
    Turn,
    Words,
    words_for,
)
from intake.chat.cards import TICKED, UNTICKED, Button, Card, Press
from intake.engine.kinds import KINDS

TICKS = ("several", "consents")  # the forms with tick boxes and a Done button
SHORT_LABEL = 17  # the longest label of which two fit in a row on a small phone
LONG_LABEL = 30  # a button cuts off longer labels, so the text lists them too
SIGNS = {"yes": "✓", "ask_staff": "?", "no": "–"}  # outcomes of a rule


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
        return Card(_text(self.refusal(prompt.problem, words), self.say(language, "chat", "hello")), tuple(rows))

    def about(self, language: str, words: Words) -> Card:
        """Shows the introduction to somebody who has already begun."""
        rows = [(Button(words("Go on where I was"), Press("now")),), *self.languages("speak", except_for=language)]
        return Card(self.say(language, "chat", "hello"), tuple(rows))

    def languages(self, verb: str, except_for: str = "") -> list[tuple[Button, ...]]:
        """Returns a button per language, labelled by its own name."""
        others = [one for one in self.programme.languages if one != except_for]
        buttons = [Button(_capital(words_for(one).locale.display_name), Press(verb, choice=one)) for one in others]
        return [tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)]

    # Questions

    def question(self, prompt: QuestionPrompt, turn: Turn, words: Words, ticked: Iterable[str] | None) -> Card:
        options = self.options(prompt, words)
        second_look = bool(prompt.notes or prompt.suggestions) and prompt.problem is None
        listed = _listed(options, always=bool(prompt.suggestions))
        text = _text(
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
        rows = _in_rows(buttons)
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
        also = _text(words("What else your answers say") if prompt.also else "", _reasons(prompt.also), between="\n")
        text = _text(
            words("Preliminary result"),
            prompt.title,
            prompt.text,
            _text(words("Why do you see this?") if prompt.why else "", _reasons(prompt.why), between="\n"),
            also,
            *self.settling(prompt, words),
            words("These can help you:") if offered else "",
            *(_text(f"• {one.name}", one.about, between="\n") for one in offered),
            words("Good to know:") if prompt.information else "",
            *(_text(f"• {one.name}", one.about, between="\n") for one in prompt.information),
            _advice(prompt.advice, words),
            _text(
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
            _text(words("What would settle it"), then, *facts, between="\n"),
            words("You do not have to find out first. You can send your answers, and a person looks at them.")
            if prompt.goes_on
            else "",
        ]

    def check(self, prompt: CheckPrompt, turn: Turn, words: Words) -> Card:
        """Shows all answers before they are sent, and who gets them."""
        title = words("Check before you send")
        sections = dict.fromkeys(row.section for row in prompt.rows)
        text = _text(
            self.refusal(prompt.problem, words),
            title,
            words("Nothing has been sent yet."),
            *(
                _text(
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
            _text(words("These get your answers:"), *(f"• {name}" for name in prompt.recipients), between="\n"),
            _text(
                words("Gets your name, how they reach you and if you need an interpreter:") if prompt.unions else "",
                *(f"• {name}" for name in prompt.unions),
                between="\n",
            ),
        )
        rows = [
            (Button(words("Send"), Press("x", revision=turn.revision)),),
            (Button(words("Change an answer"), Press("change")),),
        ]
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
        rows = _in_rows(buttons, short=LONG_LABEL)
        return Card(title, (*rows, (Button(words("Back"), Press("now")),)), strong=title)

    def end(self, prompt: EndPrompt, turn: Turn, words: Words) -> Card:
        rows: list[tuple[Button, ...]] = []
        if prompt.back is not None:
            rows.append((Button(words("Change my last answer"), Press("b", prompt.back, revision=turn.revision)),))
        if prompt.id != "call":
            rows.append((Button(words("Read the result again"), Press("b", "result", revision=turn.revision)),))
        rows.append((Button(words("Delete my answers"), Press("delete")),))
        return Card(_text(prompt.title, prompt.text), tuple(rows), strong=prompt.title)

    def status(self, prompt: StatusPrompt, turn: Turn, words: Words) -> Card:
        """Shows what became of a submission; right after sending it is the receipt."""
        link = self.base_url + prompt.status_path
        title = prompt.title if prompt.just_sent else words("What has happened")
        text = _text(
            title,
            words("Your case number: {reference}", reference=prompt.reference),
            prompt.next if prompt.just_sent else "",
            words("We write to your email address too, so that you have the number and the link.")
            if prompt.just_sent and prompt.email_known
            else "",
            _decided(prompt, words),
            _text(*(_leg(leg, words) for leg in prompt.legs), between="\n"),
            _advice(prompt.advice, words),
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


def _decided(prompt: StatusPrompt, words: Words) -> str:
    """Says what staff decided, or that they have not yet. The person's choice after it is made on the web."""
    if prompt.undecided:
        return words("A person goes through your answers and tells you what applies.")
    if prompt.no:
        reason, step = prompt.no
        said = words("A person has read your answers. Unfortunately it is a no.")
        return _text(said, reason, f"{words('What you can do now')}:\n{step}" if step else "")
    if prompt.choosing == "decided":
        yes = words("A person has read your answers, and it is a yes.")
        return f"{yes} {words('Now you choose yourself who else may see your answers.')}"
    return words("We ask if one more may get your answers.") if prompt.choosing == "asked" else ""


def can_take_back(prompt: StatusPrompt) -> bool:
    """Whether anybody still works with what was sent."""
    return any(leg.status in ("waiting", "accepted", "watching") for leg in prompt.legs)


def _reasons(reasons: Sequence[Reason]) -> str:
    return "\n".join(f"{SIGNS[one.outcome]} {one.text}" for one in reasons)


def _advice(advice: Sequence[Dated], words: Words) -> str:
    """What the person does without us, until when; empty if there is nothing."""
    said = (f"• {words.dated(one)}" for one in advice)
    return _text(f"{words('This is what you do yourself')}:", *said, between="\n") if advice else ""


def _leg(leg: Leg, words: Words) -> str:
    """Describes one referral: partner, status and outcome."""
    stands = f"• {leg.name}: {words.status(leg.status, leg.union, leg.coming)}."
    return f"{stands} {leg.outcome}" if leg.outcome else stands


def _text(*parts: str, between: str = "\n\n") -> str:
    return between.join(part.strip() for part in parts if part and part.strip())


def _listed(options: Sequence[Option], always: bool) -> str:
    """Lists choices by number if they are too long for buttons or have a help text; a number can be typed."""
    if not always and all(len(option.text) <= LONG_LABEL and not option.help for option in options):
        return ""
    return "\n".join(
        f"{number}. {option.text}" + (f"\n    {option.help}" if option.help else "")
        for number, option in enumerate(options, 1)
    )


def _in_rows(buttons: Sequence[Button], short: int = SHORT_LABEL) -> list[tuple[Button, ...]]:
    """Returns rows of two if all labels are short, else of one."""
    width = 2 if all(len(button.label) <= short for button in buttons) else 1
    return [tuple(buttons[at : at + width]) for at in range(0, len(buttons), width)]


def _capital(name: str | None) -> str:
    return name[:1].upper() + name[1:] if name else ""
