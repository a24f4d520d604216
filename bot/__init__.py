"""Telegram: it carries the conversation of `intake.chat`. `Hearing.hear` takes one update, `run_bot` polls for them."""

from bot.starting import run_bot as run_bot

__all__ = ["run_bot"]
