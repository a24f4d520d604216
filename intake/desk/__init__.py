"""What participants can do. Channels call `await app.run(app.desk.answer, ...)`; everything here is synchronous."""

from intake.desk.answering import Answering
from intake.desk.owning import Owning
from intake.desk.sending import Sending
from intake.desk.turns import Handle, Turn

__all__ = ["Desk", "Handle", "Turn"]


class Desk(Answering, Sending, Owning):
    """Everything a participant can do: before sending, sending, after it."""
