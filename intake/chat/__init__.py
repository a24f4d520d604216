"""The conversation, whatever carries it: what is heard, what is answered, cards, typed text, the terminal.

What carriers may use is exported here.
"""

from intake.chat.cards import LONGEST_TOAST as LONGEST_TOAST
from intake.chat.cards import Card as Card
from intake.chat.cards import Heard as Heard
from intake.chat.cards import Press as Press
from intake.chat.cards import Reply as Reply
from intake.chat.cards import Rows as Rows
from intake.chat.cards import split as split
from intake.chat.cards import ticked_in as ticked_in
from intake.chat.cards import ticks_of as ticks_of
from intake.chat.cards import utf16 as utf16
from intake.chat.conversation import command_menu as command_menu
from intake.chat.programme_choice import Choosing as Choosing
from intake.chat.terminal import play_terminal as play_terminal
