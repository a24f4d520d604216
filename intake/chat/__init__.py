"""The conversation, whatever carries it: what is heard, what is answered, cards, typed text, the terminal.

What channels may use is exported here. A channel makes a `Heard` of what arrives (`Heard.written`, `Heard.of_button`),
gives it to `Choosing(app).hear` with a `Handle`, and shows the cards of the `Reply`. docs/extend.md has the recipe.
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
