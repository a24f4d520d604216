"""What participants can do. Channels call `await app.run(app.desk.answer, ...)`; everything here is synchronous."""

from intake.participants.answering import Answering
from intake.participants.own_data import OwnData
from intake.participants.submitting import Submitting
from intake.participants.turns import Handle, Turn

__all__ = ["Desk", "Handle", "Turn"]


class Desk(Answering, Submitting, OwnData):
    """Everything a participant can do: before sending, sending, after it."""
