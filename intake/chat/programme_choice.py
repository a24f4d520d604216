"""Chooses the programme of a chat if several are served: asked at the beginning, then part of every button.

It holds no state. A button names its programme; typed text belongs to the card above it, else to the interview used
last. So an answer to one programme never reaches another.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from functools import partial

from intake import App, Handle, Programme, words_for
from intake.chat.cards import Button, Card, Heard, Press, Reply
from intake.chat.conversation import Conversation


class Choosing:
    """A chat with all programmes. The link `t.me/<bot>?start=<programme>` sends `/start <programme>`: no question."""

    def __init__(self, app: App) -> None:
        self._app = app

    def hear(self, handle: Handle, heard: Heard) -> Reply:
        """Handles one input with its programme, or asks for one."""
        if heard.pressed is not None and heard.pressed.verb == "programme":
            heard = replace(heard, command="start", rest=heard.pressed.choice, pressed=None)
        programme = self._meant(handle, heard)
        if programme is None:
            return self.choice(heard.language)
        reply = Conversation(self._app, programme, handle.channel).hear(handle, _plain(heard))
        return replace(reply, cards=tuple(_marked(card, mark_of(programme.id)) for card in reply.cards))

    def choice(self, language: str) -> Reply:
        """Lists the programmes and whom they are for, with a button each."""
        programmes = list(self._app.programmes.values())
        spoken = programmes[0].negotiate_language(language)
        words = words_for(spoken)
        say = [partial(one.texts.say, one.negotiate_language(spoken)) for one in programmes]
        names = {one.id: said("programme", "name") for one, said in zip(programmes, say, strict=True)}
        about = [f"{said('programme', 'name')}\n{said('start', 'who')}" for said in say]
        phones = dict.fromkeys(said("programme", "help") for said in say)
        text = "\n\n".join((words("Which of these programmes fits you?"), *about, *phones))
        return Reply((Card(text, tuple((Button(name, Press("programme", choice=id)),) for id, name in names.items())),))

    def _meant(self, handle: Handle, heard: Heard) -> Programme | None:
        """Returns the programme of this input; None if it has to be asked."""
        programmes = self._app.programmes
        if len(programmes) == 1:
            return next(iter(programmes.values()))
        if heard.command == "start" and heard.rest in programmes:
            return programmes[heard.rest]
        if heard.command == "programmes" or (heard.pressed is not None and heard.pressed.verb == "programmes"):
            return None
        said_on = [heard.pressed] if heard.pressed is not None else _presses(heard.shown)
        marked = {press.of for press in said_on if press.of}
        by_card = next((one for one in programmes.values() if mark_of(one.id) in marked), None)
        return by_card if by_card is not None and heard.command != "start" else self._under_way(handle)

    def _under_way(self, handle: Handle) -> Programme | None:
        """Returns the programme that this chat used last."""
        found = {id: self._app.desk.find(handle, id) for id in self._app.programmes}
        touched = {id: interview.touched_at for id, interview in found.items() if interview is not None}
        return self._app.programmes[max(touched, key=touched.__getitem__)] if touched else None


def mark_of(programme: str) -> str:
    """Shortens a programme's id to the four characters that fit on a button."""
    return base64.urlsafe_b64encode(hashlib.sha256(programme.encode()).digest()[:3]).decode()


def _plain(heard: Heard) -> Heard:
    """Removes the marks of programmes from an input."""
    return replace(
        heard, pressed=heard.pressed and heard.pressed._replace(of=""), shown=heard.shown and _marked(heard.shown, "")
    )


def _marked(card: Card, mark: str) -> Card:
    """Returns the card with a programme's mark on every button."""
    rows = tuple(
        tuple(
            button if button.press is None else replace(button, press=button.press._replace(of=mark)) for button in row
        )
        for row in card.rows
    )
    return replace(card, rows=rows)


def _presses(card: Card | None) -> list[Press]:
    return [] if card is None else [button.press for button in card.buttons if button.press is not None]
