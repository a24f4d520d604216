"""Telegram: it carries the conversation of `intake.chat`."""

from bot.starting import run_bot as run_bot

__all__ = ["run_bot"]
