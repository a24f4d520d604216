"""What staff can do. The staff view calls `await app.run(app.casework.pick_up, ...)`; all of it is synchronous."""

from intake.casework.acting import CALLS, Acting, WrongText
from intake.casework.asking import Asking
from intake.casework.deciding import Deciding
from intake.casework.parts import Parts
from intake.casework.seeing import TABS, Seeing
from intake.casework.views import Asked, Case, Queue
from intake.casework.writing import TEMPLATES, Writing

__all__ = ["CALLS", "TABS", "TEMPLATES", "Asked", "Case", "Casework", "Parts", "Queue", "WrongText"]


class Casework(Seeing, Asking, Acting, Writing, Deciding):
    """Everything staff can do: see, ask, act, write, decide, erase."""
