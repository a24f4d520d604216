"""The conversation, independent of its carrier: input, replies, cards, typed text, the terminal.

This module exports what channels may use. A channel turns input into a `Heard` (`Heard.written`, `Heard.of_button`),
passes it to `Choosing(app).hear` with a `Handle`, and shows the cards of the `Reply`. docs/extend.md has the recipe.
"""

from intake.chat.cards import Button as Button
from intake.chat.cards import Card as Card
from intake.chat.cards import Heard as Heard
from intake.chat.cards import Reply as Reply
from intake.chat.cards import Rows as Rows
from intake.chat.cards import ticks_of as ticks_of
from intake.chat.conversation import command_menu as command_menu
from intake.chat.programme_choice import Choosing as Choosing
from intake.chat.terminal import play_terminal as play_terminal
