"""Commands beside the questions: status, language, privacy, deleting, withdrawing, going on on the web.

Irreversible actions ask for confirmation; the confirming button names the case or revision that it was made for.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from intake import Handle, Leg, StartPrompt, StatusPrompt, Turn, Words
from intake.chat.cards import Button, Card, Heard, Press, Reply
from intake.chat.lines import can_take_back
from intake.chat.showing import Showing


class ChatCommands(Showing):
    """Commands and buttons that answer no question."""

    def status(self, handle: Handle, heard: Heard) -> Reply:
        turn, words = self.here(handle, heard)
        if isinstance(turn.prompt, StatusPrompt):
            return self.show(turn, in_place=False)
        return Reply((Card(words("You have not sent anything yet."), self.onward(turn, words)),))

    def language(self, handle: Handle, heard: Heard) -> Reply:
        turn, words = self.here(handle, heard)
        verb = "hello" if isinstance(turn.prompt, StartPrompt) else "speak"
        return Reply((Card(words("Which language do you want?"), tuple(self.drawing.languages(verb))),))

    def set_language(self, handle: Handle, heard: Heard, language: str) -> Reply:
        """Changes the language from now on."""
        turn = self.desk.set_language(handle, self.programme.id, language, update=heard.update)
        return self.show(turn, pressed=True)

    def privacy(self, handle: Handle, heard: Heard) -> Reply:
        turn, words = self.here(handle, heard)
        title = self.say(turn, "privacy", "title")
        sections = self.programme.texts.pairs(turn.language, "privacy", "sections")
        parts = [title, self.say(turn, "privacy", "intro"), *(f"{head.upper()}\n{text}" for head, text in sections)]
        text = "\n\n".join(part for part in parts if part)
        return Reply((Card(text, self.onward(turn, words), strong=title),))

    # Deleting

    def ask_to_delete(self, handle: Handle, heard: Heard) -> Reply:
        """Asks for confirmation before anything is deleted."""
        turn, words = self.here(handle, heard)
        in_place = heard.pressed is not None
        if isinstance(turn.prompt, StartPrompt):
            text = words("There is nothing to delete. We have no answers from you here.")
            return Reply((Card(text, self.onward(turn, words)),), in_place=in_place)
        if isinstance(turn.prompt, StatusPrompt):
            text = words(
                "You have sent your answers. You can take them back, so that nobody works with them any more. "
                "Or this chat can forget them, and you can answer once more: "
                "then /status shows nothing here, and what you sent stays sent."
            )
            link = f"{self.drawing.base_url}{turn.prompt.status_path}"
            told = words("To see everything we have about you, or to have it erased: {link}", link=link)
            text = "\n\n".join(filter(None, (text, told, self._of_unions(handle, turn, words))))
            rows = [(Button(words("Forget here"), _forgetting(turn)),)]
            if can_take_back(turn.prompt):
                rows.insert(0, (Button(words("Take my answers back"), Press("withdraw")),))
        else:
            text = words("Do you want to stop and delete your answers? It cannot be undone.")
            rows = [(Button(words("Yes, delete"), _forgetting(turn)),)]
        rows.append((Button(words("No, keep them"), Press("now")),))
        return Reply((Card(text, tuple(rows)),), in_place=in_place)

    def _of_unions(self, handle: Handle, turn: Turn, words: Words) -> str:
        """Lists the answers about unions, which the page behind the link omits because a link can be passed on."""
        given = self.desk.union_answers(handle, self.programme.id, turn.language)
        if not given:
            return ""
        lines = [
            f"• {one['name']}: {words('Yes') if one['yes'] else words('No')}, "
            f"{words.time(datetime.fromisoformat(one['at']))}"
            for one in given
        ]
        return "\n".join([words("Only this chat shows what you answered about a union:"), *lines])

    def forget(self, handle: Handle, heard: Heard, press: Press) -> Reply:
        turn, words = self.here(handle, heard)
        if press != _forgetting(turn):
            return self.show(replace(turn, stale=True), pressed=True)
        self.desk.forget(handle, self.programme.id)
        text = words("Done. This chat knows nothing about your answers any more.")
        again = Button(words("Start again"), Press("hello", choice=turn.language))
        return Reply((Card(text, ((again,),)),), in_place=True)

    # Withdrawing

    def withdraw(self, handle: Handle, turn: Turn, words: Words, press: Press) -> Reply:
        """Withdraws answers: asks from whom, then for confirmation, then does it."""
        prompt = turn.prompt
        asked = press.verb == "withdraw"
        if not isinstance(prompt, StatusPrompt) or not (asked or press.question == prompt.reference):
            return self.show(replace(turn, stale=True), pressed=True)
        if press.verb == "withdrawn":
            done = self.desk.withdraw_as(handle, self.programme.id, press.choice or None, turn.language)
            return self.show(done)
        legs = {leg.partner: leg for leg in prompt.legs if leg.can_withdraw}
        keep = (Button(words("No, keep them"), Press("now")),)
        if asked and legs:
            choices = [*((leg.partner, leg.name) for leg in legs.values()), ("", words("From everybody"))]
            rows = [(Button(name, Press("withdraw_one", prompt.reference, partner)),) for partner, name in choices]
            return Reply((Card(words("From whom do you want to take your answers back?"), (*rows, keep)),))
        if press.choice and press.choice not in legs:
            return self.show(turn)
        text = _once_more(legs.get(press.choice), words)
        yes = Button(words("Yes, take them back"), Press("withdrawn", prompt.reference, press.choice))
        return Reply((Card(text, ((yes,), keep)),), in_place=not asked)

    # Going on on the web

    def web(self, handle: Handle, turn: Turn, words: Words) -> Reply:
        """Replies with a link, valid once and briefly, that moves this interview to the web."""
        here = (Button(words("Go on here"), Press("now")),)
        if not self.allows(handle, "continue_link"):
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
        rows = ((Button(words("Open the web page"), url=url),), here)
        return Reply((Card(text, rows),), in_place=True)


def _forgetting(turn: Turn) -> Press:
    """Returns the button that deletes what is here now, and nothing that comes later."""
    if isinstance(turn.prompt, StatusPrompt):
        return Press("forget", turn.prompt.reference)
    return Press("forget", revision=turn.revision)


def _once_more(leg: Leg | None, words: Words) -> str:
    """Explains withdrawing, from everybody if there is no leg. A union never had the answers."""
    if leg is None:
        asked = words("Take your answers back from everybody?")
        told = words(
            "Everybody is told to stop, and your case ends. "
            "They may have to keep what they already have, if the law says so."
        )
    else:
        asked = (
            words("Take back that {partner} may contact you?", partner=leg.name)
            if leg.union
            else words("Take your answers back from {partner}?", partner=leg.name)
        )
        told = words("They are told to stop. They may have to keep what they already have, if the law says so.")
    return f"{asked}\n\n{told}"
