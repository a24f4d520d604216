"""Sending in: everything in one transaction, then a reference. (docs/rules.md, "Sending")

What is sent to whom follows from the verdict and the consents; letters are only written here, the outbox sends them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from intake.desk.answering import Answering
from intake.desk.turns import Handle, Turn
from intake.engine.journey import CHECK, Journey, coded
from intake.engine.programme import Programme
from intake.engine.prompting import prompt_for
from intake.engine.prompts import Problem, QuestionPrompt, CheckPrompt
from intake.engine.referral import Planned, plan
from intake.records import Consent, Interview, NewContact, NewMessage, NewReferral, Submission, SubmissionDraft

if TYPE_CHECKING:
    from datetime import datetime
