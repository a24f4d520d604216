"""Telegram as a carrier of `intake.chat`: `Hearing.hear` handles one update, `run_bot` polls for them."""

from bot.starting import run_bot as run_bot

__all__ = ["run_bot"]
