"""One conversation, whatever carries it: what was heard becomes calls of the desk, and the turn becomes cards.

Holds no state. Where the person is, the database knows; which boxes are ticked, the card's own keyboard knows.
Synchronous like the desk: a channel calls `hear` through `app.run`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.cards import LONGEST_TOAST, Button, Card, Heard, Press, Reply
from bot.drawing import TYPED_KINDS, Drawing, link_row
from bot.reading import button_named, one_of, several_of
from intake import (
    App,
    CheckPrompt,
    Handle,
    Problem,
    Programme,
    QuestionPrompt,
    StartPrompt,
    StatusPrompt,
    Turn,
    Words,
    looks_like_personal_number,
    words_for,
)

COMMANDS = {
    "start": "Begin, or go on where you were",
    "help": "Help, and a phone number to a person",
    "status": "What has happened with what you sent",
    "language": "Change language",
    "privacy": "How we handle your data",
    "cancel": "Stop and delete your answers",
    "delete": "Delete what this chat knows",
}


class Conversation:
    """Everything a chat can do with one programme."""

    def __init__(self, app: App, programme: Programme) -> None:
        self.desk, self.limits, self.programme = app.desk, app.limits, programme
        self.drawing = Drawing(programme, app.settings.base)

    def hear(self, handle: Handle, heard: Heard) -> Reply:
        """One exchange. Its effect, if any, is stored when this returns."""
        if heard.command:
            return self.command(handle, heard)
        if heard.pressed is not None:
            return self.press(handle, heard, heard.pressed)
        return self.type(handle, heard) if heard.text.strip() else self.puzzled(handle, heard)

    # --- commands ----------------------------------------------------------------------------------------------------

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
        """Where the person is. Nothing is begun before they have read what this is and pressed Start."""
        return self.show(self.now(handle, heard))

    def help(self, handle: Handle, heard: Heard) -> Reply:
        turn, words = self.here(handle, heard)
        commands = "\n".join(f"/{name} – {words(what)}" for name, what in COMMANDS.items())
        text = "\n\n".join(
            (
                self.say(turn, "programme", "name"),
                words("Answer with the buttons, or write your answer. You can go back and change it at any time."),
                self.say(turn, "programme", "help"),
                commands,
            )
        )
        return Reply((Card(text, self.onward(turn, words)),))

    def status(self, handle: Handle, heard: Heard) -> Reply:
        sent = self.desk.status_of(handle, self.programme.id)
        if sent is not None:
            return self.show(sent)
        turn, words = self.here(handle, heard)
        return Reply((Card(words("You have not sent anything yet."), self.onward(turn, words)),))

    def language(self, handle: Handle, heard: Heard) -> Reply:
        turn, words = self.here(handle, heard)
        verb = "hello" if isinstance(turn.prompt, StartPrompt) else "speak"
        return Reply((Card(words("Which language do you want?"), tuple(self.drawing.languages(verb))),))

    def privacy(self, handle: Handle, heard: Heard) -> Reply:
        turn, words = self.here(handle, heard)
        texts = self.programme.texts
        sections = texts.pairs(turn.language, "privacy", "sections")
        title = self.say(turn, "privacy", "title")
        parts = [title, self.say(turn, "privacy", "intro"), *(f"{head.upper()}\n{text}" for head, text in sections)]
        text = "\n\n".join(part for part in parts if part)
        return Reply((Card(text, self.onward(turn, words), strong=title),))

    def ask_to_delete(self, handle: Handle, heard: Heard) -> Reply:
        """Nothing is deleted before the person has said so once more."""
        turn, words = self.here(handle, heard)
        if isinstance(turn.prompt, StartPrompt):
            text = words("There is nothing to delete. We have no answers from you here.")
            return Reply((Card(text, self.onward(turn, words)),), in_place=heard.pressed is not None)
        if isinstance(turn.prompt, StatusPrompt):
            text = words(
                "You have sent your answers. You can take them back, so that nobody works with them any more. "
                "Or this chat can forget them: then /status shows nothing here, and what you sent stays sent."
            )
            rows = [(Button(words("Forget here"), Press("forget")),)]
            if any(leg.can_withdraw for leg in turn.prompt.legs):
                rows.insert(0, (Button(words("Take my answers back"), Press("withdraw")),))
        else:
            text = words("Do you want to stop and delete your answers? It cannot be undone.")
            rows = [(Button(words("Yes, delete"), Press("forget", revision=turn.revision)),)]
        rows.append((Button(words("No, keep them"), Press("now")),))
        return Reply((Card(text, tuple(rows)),), in_place=heard.pressed is not None)

    # --- buttons -----------------------------------------------------------------------------------------------------

    def press(self, handle: Handle, heard: Heard, press: Press) -> Reply:
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
                turn = self.desk.start(handle, self.programme.id, press.choice, update=heard.update)
                return self.show(turn, in_place=False)
            case "hello":
                turn = self.desk.now(handle, self.programme.id, press.choice)
                return self.show(turn, in_place=True)
            case "speak":
                turn = self.desk.speak(handle, self.programme.id, press.choice, update=heard.update)
                return self.show(turn, in_place=True)
        return self.press_other(handle, heard, press)

    def press_other(self, handle: Handle, heard: Heard, press: Press) -> Reply:
        """Buttons that answer nothing; a verb we do not know is an old or forged button."""
        turn, words = self.here(handle, heard)
        match press.verb:
            case "now":
                return self.show(turn, in_place=True)
            case "new":
                return self.show(turn, in_place=False)
            case "about":
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

    def answer(self, handle: Handle, heard: Heard, press: Press) -> Reply:
        raw: tuple[str, ...] = (press.choice,)
        if press.verb == "d":
            raw = tuple(sorted(heard.ticked or ()))
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
        """Answer. A second look (a contradiction, something alike in a list) stays until it is answered again."""
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
        looks_again = isinstance(prompt, QuestionPrompt) and prompt.question == question and prompt.problem is None
        if looks_again and not turn.stale:
            turn = self.desk.reopen(handle, self.programme.id, question)
        return self.show(turn, pressed=heard.pressed is not None)

    def tick(self, handle: Handle, heard: Heard, press: Press) -> Reply:
        """One box ticked or unticked. Nothing is stored: the redrawn keyboard remembers."""
        turn = self.now(handle, heard)
        prompt = turn.prompt
        if (
            not isinstance(prompt, QuestionPrompt)
            or (prompt.question, turn.revision) != (press.question, press.revision)
            or press.choice not in {option.id for option in prompt.options}
        ):
            return self.show(replace(turn, stale=True), pressed=True)
        ticked = set(heard.ticked or ()) ^ {press.choice}
        if press.choice in ticked:
            alone = {option.id for option in prompt.options if option.alone}
            ticked = {press.choice} if press.choice in alone else ticked - alone
        return Reply((self.drawing.card(turn, ticked),), in_place=True)

    def onwards(self, handle: Handle, heard: Heard, press: Press) -> Reply:
        """Past the result, which stays to be read; or the answers are sent, as they were when the button was drawn."""
        turn = self.now(handle, heard)
        if turn.revision != press.revision and turn.place != "status":
            return self.show(replace(turn, stale=True), pressed=True)
        if press.verb == "g":
            turn = self.desk.go_on(handle, self.programme.id, update=heard.update, revision=press.revision)
            return self.show(turn, in_place=False)
        turn = self.desk.submit(handle, self.programme.id, update=heard.update, revision=press.revision)
        if isinstance(turn.prompt, StatusPrompt):  # a second tap, or the update once more: the same receipt
            turn = replace(turn, prompt=replace(turn.prompt, just_sent=True))
        return self.show(turn, pressed=True)

    def forget(self, handle: Handle, heard: Heard, press: Press) -> Reply:
        turn, words = self.here(handle, heard)
        if press.revision not in (None, turn.revision):
            return self.show(replace(turn, stale=True), pressed=True)
        self.desk.forget(handle, self.programme.id)
        text = words("Done. This chat knows nothing about your answers any more.")
        return Reply((Card(text, ((Button(words("Start again"), Press("now")),),)),), in_place=True)

    def withdraw(self, handle: Handle, turn: Turn, words: Words, press: Press) -> Reply:
        """Take answers back: first from whom, then once more, then it is done."""
        if not isinstance(turn.prompt, StatusPrompt):
            return self.show(replace(turn, stale=True), pressed=True)
        legs = {leg.partner: leg.name for leg in turn.prompt.legs if leg.can_withdraw}
        if press.verb == "withdrawn":
            done = self.desk.withdraw_as(handle, self.programme.id, press.choice or None)
            return self.show(done, in_place=True)
        keep = (Button(words("No, keep them"), Press("now")),)
        if press.verb == "withdraw_one" and (press.choice in legs or not press.choice):
            text = (
                words("Take your answers back from {partner}?", partner=legs[press.choice])
                if press.choice
                else words("Take your answers back from everybody? Then nobody works with them any more.")
            )
            yes = Button(words("Yes, take them back"), Press("withdrawn", choice=press.choice))
            return Reply((Card(text, ((yes,), keep)),), in_place=True)
        rows = [(Button(name, Press("withdraw_one", choice=partner)),) for partner, name in legs.items()]
        rows.append((Button(words("From everybody"), Press("withdraw_one")),))
        return Reply((Card(words("From whom do you want to take your answers back?"), (*rows, keep)),))

    # --- typed text --------------------------------------------------------------------------------------------------

    def type(self, handle: Handle, heard: Heard) -> Reply:
        """Typed text presses a button when it is one's whole label; else it answers the present question."""
        turn = self.now(handle, heard)
        card = self.card(turn)
        prompt = turn.prompt
        named = button_named(heard.text, (button for row in card.rows for button in row))
        if named is not None and named.press is not None and named.press.verb not in ("t", "q"):
            if named.press.verb == "d" and heard.ticked is None:
                return self.puzzled(handle, heard)  # "Done" in words, and nobody knows any more what was ticked
            return replace(self.press(handle, replace(heard, pressed=named.press), named.press), in_place=False)
        if not isinstance(prompt, QuestionPrompt):
            return self.show(turn, in_place=False) if isinstance(prompt, StartPrompt) else self.puzzled(handle, heard)
        if prompt.kind not in TYPED_KINDS and looks_like_personal_number(heard.text):
            refused = replace(turn, prompt=replace(prompt, problem=Problem("personal_number")))
            return self.show(refused, in_place=False)
        reply = self.said(handle, heard, prompt.question, self.meant(prompt, turn, heard.text), turn.revision)
        return replace(reply, in_place=False, toast="")

    def meant(self, prompt: QuestionPrompt, turn: Turn, text: str) -> tuple[str, ...]:
        """What typed text says to a question: ids where something certain was meant, else the text itself."""
        named = [(option.id, option.text) for option in self.drawing.options(prompt, words_for(turn.language))]
        if prompt.kind in TYPED_KINDS:
            found = one_of(text, named, numbers=bool(prompt.suggestions)) if prompt.suggestions else None
            return (found or text,)
        if self.drawing.has_ticks(prompt):
            return several_of(text, named) or (text,)
        return (one_of(text, named) or text,)

    def puzzled(self, handle: Handle, heard: Heard) -> Reply:
        """Something that is no answer: a picture, a voice message, words where none are asked for."""
        turn, words = self.here(handle, heard)
        sentence = words("Here I can only read text and buttons. Nothing you sent was saved.")
        if heard.text:
            sentence = words("Use the buttons below, or write /help.")
        return Reply((Card(sentence), *self.show(turn).cards))

    # --- showing -----------------------------------------------------------------------------------------------------

    def now(self, handle: Handle, heard: Heard) -> Turn:
        return self.desk.now(handle, self.programme.id, heard.language)

    def here(self, handle: Handle, heard: Heard) -> tuple[Turn, Words]:
        turn = self.now(handle, heard)
        return turn, words_for(turn.language)

    def show(self, turn: Turn, *, pressed: bool = False, in_place: bool = True) -> Reply:
        """The card of a turn. After a press on an old button: said so, and the present question."""
        toast = words_for(turn.language)("Already answered")[:LONGEST_TOAST] if turn.stale and pressed else ""
        return Reply((self.card(turn),), toast, in_place)

    def card(self, turn: Turn) -> Card:
        """At the first question about identity the way to the web stands first, with the reason."""
        card = self.drawing.card(turn)
        if not self.is_before_contact(turn):
            return card
        to_web = Button(words_for(turn.language)("Go on on the web instead"), Press("web"))
        text = f"{self.say(turn, 'chat', 'web_first')}\n\n{card.text}"
        return replace(card, text=text, rows=((to_web,), *card.rows))

    def is_before_contact(self, turn: Turn) -> bool:
        """Whether the present question is the first of the section that asks how to reach the person."""
        prompt = turn.prompt
        if not isinstance(prompt, QuestionPrompt):
            return False
        sections = {one.section for one in self.programme.after_result if one.kind in ("email", "phone")}
        first = next((one for one in self.programme.after_result if one.section in sections), None)
        return first is not None and first.id == prompt.question

    def web(self, handle: Handle, turn: Turn, words: Words) -> Reply:
        """A link, good for one use and a short time, that takes this interview to the web."""
        here = (Button(words("Go on here"), Press("now")),)
        if not self.limits.allow("continue_link", f"{handle.channel}|{handle.key}"):
            return Reply((Card(words("You have asked for many links. Wait an hour, or go on here."), (here,)),))
        token = self.desk.continue_link(handle, self.programme.id)
        if token is None:
            return self.show(replace(turn, stale=True), pressed=True)
        url = f"{self.drawing.base_url}/{self.programme.id}/continue/{token}"
        text = words(
            "Open this link within 15 minutes. Your answers come along, and you go on where you are. "
            "The link works once: {link}",
            link=url,
        )
        rows = (*link_row(words("Open the web page"), url), here)
        return Reply((Card(text, rows),), in_place=True)

    def onward(self, turn: Turn, words: Words) -> tuple[tuple[Button, ...], ...]:
        """Below what only informs: the way back to the conversation."""
        label = words("Begin") if isinstance(turn.prompt, StartPrompt) else words("Go on where I was")
        return ((Button(label, Press("new")),),)

    def say(self, turn: Turn, *path: str) -> str:
        return self.programme.texts.say(turn.language, *path)

