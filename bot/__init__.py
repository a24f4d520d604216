"""The chat: one conversation, carried by Telegram (`run_bot`) or a terminal (`play_terminal`)."""

from bot.starting import run_bot as run_bot
from bot.terminal import play_terminal as play_terminal

__all__ = ["play_terminal", "run_bot"]
