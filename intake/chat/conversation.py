"""The conversation about one programme: input becomes calls of the desk, and the turn becomes cards.

It holds no state: the database has the position, and the card's keyboard has the ticks. It is synchronous like the
desk: a channel calls `hear` through `app.run`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from intake import (
    CheckPrompt,
    Handle,
    Problem,
    QuestionPrompt,
    StartPrompt,
    StatusPrompt,
    Turn,
    Words,
    looks_like_personal_number,
    words_for,
)
from intake.chat.cards import Button, Card, Heard, Press, Reply
from intake.chat.commands import ChatCommands
from intake.chat.layout import TICKS
from intake.chat.parse_text import button_named, is_one_of, one_of, several_of
from intake.engine.kinds import KINDS

COMMANDS = {
    "start": "Begin, or go on where you were",
    "help": "Help, and a phone number to a person",
    "status": "What has happened with what you sent",
    "language": "Change language",
    "privacy": "How we handle your data",
    "cancel": "Stop and delete your answers",
    "delete": "Delete what this chat knows",
    "programmes": "Choose another programme",
}
ANSWERS = ("q", "k", "s", "t", "d")  # verbs of buttons that answer a question: choose, keep, skip, tick, done


def command_menu(programmes: int) -> dict[str, str]:
    """Returns the commands, for the number of programmes served."""
    return {name: what for name, what in COMMANDS.items() if programmes > 1 or name != "programmes"}


class Conversation(ChatCommands):
    """Everything a chat can do with one programme."""

    def hear(self, handle: Handle, heard: Heard) -> Reply:
        """Handles one input. Its effect, if any, is stored when this returns."""
        if heard.command:
            return self.command(handle, heard)
        if heard.pressed is not None:
            return self.press(handle, heard, heard.pressed)
        return self.type(handle, heard) if heard.text.strip() else self.puzzled(handle, heard)

    # Commands

    def command(self, handle: Handle, heard: Heard) -> Reply:
        actions: dict[str, Callable[[Handle, Heard], Reply]] = {
            "start": self.start,
            "help": self.help,
            "status": self.status,
            "language": self.language,
            "privacy": self.privacy,
            "cancel": self.ask_to_delete,
            "delete": self.ask_to_delete,
        }
        return actions.get(heard.command, self.help)(handle, heard)

    def start(self, handle: Handle, heard: Heard) -> Reply:
        """Shows the current position. Nothing begins before the person has read the introduction and pressed Start."""
        return self.show(self.now(handle, heard))

    def help(self, handle: Handle, heard: Heard) -> Reply:
        turn, words = self.here(handle, heard)
        text = "\n\n".join(
            (
                self.say(turn, "programme", "name"),
                words("Answer with the buttons, or write your answer. You can go back and change it at any time."),
                self.say(turn, "programme", "help"),
                "\n".join(f"/{name} – {words(what)}" for name, what in command_menu(self.programmes).items()),
            )
        )
        return Reply((Card(text, self.onward(turn, words)),))

    # Buttons

    def press(self, handle: Handle, heard: Heard, press: Press) -> Reply:
        """Handles a button. An unknown verb belongs to an old or forged button, and changes nothing."""
        match press.verb:
            case "q" | "k" | "s" | "d":
                return self.answer(handle, heard, press)
            case "t":
                return self.tick(handle, heard, press)
            case "b":
                turn = self.desk.reopen(
                    handle, self.programme.id, press.question, update=heard.update, revision=press.revision
                )
                return self.show(turn, pressed=True)
            case "g" | "x":
                return self.onwards(handle, heard, press)
            case "start":
                return self.begin(handle, heard, press)
            case "hello":
                return self.show(self.desk.now(handle, self.programme.id, press.choice))
            case "begin":
                return self.show(self.desk.now(handle, self.programme.id, press.choice), in_place=False)
            case "speak":
                return self.set_language(handle, heard, press.choice)
        return self.press_aside(handle, heard, press)

    def press_aside(self, handle: Handle, heard: Heard, press: Press) -> Reply:
        turn, words = self.here(handle, heard)
        match press.verb:
            case "now" | "new":
                return self.show(turn, pressed=True, in_place=press.verb == "now")
            case "about" if not isinstance(turn.prompt, StartPrompt):
                return Reply((self.drawing.about(turn.language, words),), in_place=True)
            case "web":
                return self.web(handle, turn, words)
            case "change" if isinstance(turn.prompt, CheckPrompt):
                return Reply((self.drawing.change(turn.prompt, turn),), in_place=True)
            case "details" if isinstance(turn.prompt, QuestionPrompt) and turn.prompt.details is not None:
                title, text = turn.prompt.details
                back = ((Button(words("Back to the question"), Press("now")),),)
                return Reply((Card(f"{title}\n\n{text}", back, strong=title),), in_place=True)
            case "privacy":
                return Reply((*self.privacy(handle, heard).cards, self.card(turn)))
            case "delete":
                return self.ask_to_delete(handle, heard)
            case "forget":
                return self.forget(handle, heard, press)
            case "withdraw" | "withdraw_one" | "withdrawn":
                return self.withdraw(handle, turn, words, press)
        return self.show(replace(turn, stale=True), pressed=True)

    def begin(self, handle: Handle, heard: Heard, press: Press) -> Reply:
        """Starts an interview with the first question, within a limit."""
        turn, words = self.here(handle, heard)
        if isinstance(turn.prompt, StartPrompt) and not self.allows(handle, "interviews"):
            text = words("You have begun very many times. Wait an hour, and try again.")
            return Reply((Card(f"{text}\n\n{self.say(turn, 'programme', 'help')}", self.onward(turn, words)),))
        turn = self.desk.start(handle, self.programme.id, press.choice, update=heard.update)
        return self.show(turn, in_place=False)

    def answer(self, handle: Handle, heard: Heard, press: Press) -> Reply:
        raw: tuple[str, ...] = (press.choice,)
        if press.verb == "d":
            raw = tuple(sorted(heard.ticks or ()))
        elif press.verb == "k":
            now = self.now(handle, heard)
            raw = (now.prompt.typed,) if isinstance(now.prompt, QuestionPrompt) else ()
        return self.said(handle, heard, press.question, raw, press.revision, skip=press.verb == "s")

    def said(
        self,
        handle: Handle,
        heard: Heard,
        question: str,
        raw: tuple[str, ...],
        revision: int | None,
        *,
        skip: bool = False,
    ) -> Reply:
        """Answers a question. A second look (a contradiction, a suggestion) stays until it is answered again."""
        pressed = heard.pressed is not None
        turn = self.desk.answer(
            handle,
            self.programme.id,
            question,
            raw,
            skip=skip,
            update=heard.update,
            revision=revision,
            language=heard.language,
        )
        prompt = turn.prompt
        if isinstance(prompt, QuestionPrompt) and prompt.problem is not None:
            return self.show(self.refused(handle, heard, turn, prompt.problem), pressed=pressed, ticked=heard.ticks)
        if isinstance(prompt, QuestionPrompt) and prompt.question == question and not turn.stale:
            turn = self.desk.reopen(handle, self.programme.id, question)
        return self.show(turn, pressed=pressed)

    def refused(self, handle: Handle, heard: Heard, turn: Turn, problem: Problem) -> Turn:
        """Returns the turn with the reason at the question and its earlier answer; the refused text is not repeated."""
        now = self.now(handle, heard)
        same = isinstance(now.prompt, QuestionPrompt) and now.place == turn.place
        prompt = now.prompt if same and isinstance(now.prompt, QuestionPrompt) else turn.prompt
        if not isinstance(prompt, QuestionPrompt):
            return turn
        return replace(turn, prompt=replace(prompt, problem=problem, typed=prompt.typed if same else ""))

    def tick(self, handle: Handle, heard: Heard, press: Press) -> Reply:
        """Ticks or unticks one box. Nothing is stored: the redrawn keyboard has the state."""
        turn = self.now(handle, heard)
        prompt = turn.prompt
        if (
            not isinstance(prompt, QuestionPrompt)
            or (prompt.question, turn.revision) != (press.question, press.revision)
            or press.choice not in {option.id for option in prompt.options}
        ):
            return self.show(replace(turn, stale=True), pressed=True)
        ticked = set(heard.ticks or ()) ^ {press.choice}
        if press.choice in ticked:
            alone = {option.id for option in prompt.options if option.alone}
            ticked = {press.choice} if press.choice in alone else ticked - alone
        return self.show(turn, ticked=ticked)

    def onwards(self, handle: Handle, heard: Heard, press: Press) -> Reply:
        """Goes past the result, which stays visible, or sends the answers as they were when the button was made."""
        turn = self.now(handle, heard)
        if turn.revision != press.revision and turn.place != "status":
            return self.show(replace(turn, stale=True), pressed=True)
        if press.verb == "g":
            turn = self.desk.go_on(handle, self.programme.id, update=heard.update, revision=press.revision)
            return self.show(turn, in_place=False)
        turn = self.desk.submit(handle, self.programme.id, update=heard.update, revision=press.revision)
        if isinstance(turn.prompt, StatusPrompt):  # a second tap, or a repeated update: the same receipt
            turn = replace(turn, prompt=replace(turn.prompt, just_sent=True))
        return self.show(turn, pressed=True)

    # Typed text

    def type(self, handle: Handle, heard: Heard) -> Reply:
        """Handles typed text: it presses the button that it names, or answers the current question."""
        turn = self.now(handle, heard)
        prompt, words = turn.prompt, words_for(turn.language)
        press = self.named(heard, turn)
        if press is not None and press.verb == "d" and heard.ticks is None:
            return self.puzzled(handle, heard)  # "Done" in words, and the ticks are unknown
        if press is not None:
            return replace(self.press(handle, replace(heard, pressed=press), press), in_place=False)
        personal = looks_like_personal_number(heard.text)
        if not isinstance(prompt, QuestionPrompt):
            return self.show(turn) if isinstance(prompt, StartPrompt) and not personal else self.puzzled(handle, heard)
        if personal and prompt.form != "typed":
            refused = replace(turn, prompt=replace(prompt, problem=Problem("personal_number")))
            return self.show(refused, in_place=False, ticked=heard.ticks)
        skip = self.has_no_answer(prompt, words, heard.text)
        raw = () if skip else self.meant(prompt, words, heard.text)
        reply = self.said(handle, heard, prompt.question, raw, turn.revision, skip=skip)
        return replace(reply, in_place=False, toast="")

    def named(self, heard: Heard, turn: Turn) -> Press | None:
        """Returns the action of the button that typed text names; None for answers, which are parsed as such.

        At a card beside the questions ("Delete your answers?") a "yes" means its button, not the question behind it.
        """
        present, shown = self.card(turn), heard.shown
        if shown is not None and shown.rows != present.rows:
            beside = [button for button in shown.buttons if button.press is not None]
            if not any(button.press.verb in ANSWERS for button in beside if button.press is not None):
                labels = [(str(place), button.label) for place, button in enumerate(beside)]
                found = one_of(heard.text, labels, numbers=not isinstance(turn.prompt, QuestionPrompt))
                if found is not None:
                    return beside[int(found)].press
        button = button_named(heard.text, present.buttons)
        return button.press if button is not None and button.press and button.press.verb not in ("t", "q") else None

    def has_no_answer(self, prompt: QuestionPrompt, words: Words, text: str) -> bool:
        """Whether the text skips the question. For numbers, days and addresses "no" does so too."""
        said, typed = words("Skip"), prompt.form == "typed"
        if typed and not KINDS[prompt.kind].free:
            said += ", " + words("no, none, nothing") + ", " + self.unsure(words)
        elif prompt.optional and self.dont_know(prompt) is None:
            said += ", " + self.unsure(words)
        return (prompt.optional or typed) and is_one_of(text, said)

    def meant(self, prompt: QuestionPrompt, words: Words, text: str) -> tuple[str, ...]:
        """Returns what typed text answers: ids if the meaning is certain, else the text itself."""
        named = [(option.id, option.text) for option in self.drawing.options(prompt, words)]
        dont_know = self.dont_know(prompt)
        if prompt.form == "typed":
            found = one_of(text, named) if prompt.suggestions else None
            return (found or text,)
        if dont_know is not None and is_one_of(text, self.unsure(words)):
            return (dont_know,)
        if prompt.form in TICKS:
            return several_of(text, named) or (text,)
        if prompt.form == "confirm" and is_one_of(text, words("yes, ok, okay")):
            return ("yes",)
        return (one_of(text, named) or text,)

    def unsure(self, words: Words) -> str:
        return words("I do not know, do not know, I don't know, don't know, not sure, no idea")

    def dont_know(self, prompt: QuestionPrompt) -> str | None:
        """Returns the choice of this question that means "I do not know"."""
        offered = {option.id for option in prompt.options}
        choices = self.programme.by_id[prompt.question].choices
        return next((choice.id for choice in choices if choice.dont_know and choice.id in offered), None)

    def puzzled(self, handle: Handle, heard: Heard) -> Reply:
        """Replies to input that is no answer: a picture, a voice message, text where none is expected."""
        turn, words = self.here(handle, heard)
        sentence = words("Here I can only read text and buttons. Nothing you sent was saved.")
        if looks_like_personal_number(heard.text):
            sentence = self.drawing.refusal(Problem("personal_number"), words)
        elif heard.text:
            sentence = words("Use the buttons below, or write /help.")
        return Reply((Card(sentence), *self.show(turn).cards))
