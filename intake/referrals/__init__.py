"""The operations of staff. All are synchronous; the staff view calls `await app.run(app.casework.pick_up, ...)`."""

from intake.referrals.actions import TEMPLATES, Acting, WrongText
from intake.referrals.case_access import ACTS
from intake.referrals.consent_requests import Asking
from intake.referrals.decisions import Deciding
from intake.referrals.letters_to_person import LetterDraft, Writing
from intake.referrals.queries import TABS, Seeing
from intake.referrals.views import Asked, Case, Queue

__all__ = ["ACTS", "TABS", "TEMPLATES", "Asked", "Case", "Casework", "LetterDraft", "Queue", "WrongText"]


class Casework(Seeing, Asking, Acting, Writing, Deciding):
    """All operations of staff: see, ask, act, write, decide, erase."""
