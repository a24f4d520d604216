"""Intake and referral for labour-market programmes. What channels may use is exported here and nowhere else.

The names are looked up when first used, so that a command that needs only the engine stays quick.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from intake.access.buckets import Buckets as Buckets
    from intake.app import App as App
    from intake.app import open_app as open_app
    from intake.engine.moves import OWN_WORDS as OWN_WORDS
    from intake.engine.moves import STAFF_MOVES as STAFF_MOVES
    from intake.engine.moves import StaffMove as StaffMove
    from intake.engine.personal import looks_like_personal_number as looks_like_personal_number
    from intake.engine.programme import Programme as Programme
    from intake.engine.prompts import CheckPrompt as CheckPrompt
    from intake.engine.prompts import Dated as Dated
    from intake.engine.prompts import EndPrompt as EndPrompt
    from intake.engine.prompts import Leg as Leg
    from intake.engine.prompts import Option as Option
    from intake.engine.prompts import PartnerCard as PartnerCard
    from intake.engine.prompts import Problem as Problem
    from intake.engine.prompts import Prompt as Prompt
    from intake.engine.prompts import QuestionPrompt as QuestionPrompt
    from intake.engine.prompts import Reason as Reason
    from intake.engine.prompts import ResultPrompt as ResultPrompt
    from intake.engine.prompts import Row as Row
    from intake.engine.prompts import StartPrompt as StartPrompt
    from intake.engine.prompts import StatusPrompt as StatusPrompt
    from intake.errors import BadSetting as BadSetting
    from intake.errors import NotAllowed as NotAllowed
    from intake.errors import NotFound as NotFound
    from intake.errors import SomebodyElse as SomebodyElse
    from intake.errors import TryLater as TryLater
    from intake.networks import network_of as network_of
    from intake.networks import plain_address as plain_address
    from intake.participants import Handle as Handle
    from intake.participants import Turn as Turn
    from intake.records import Staff as Staff
    from intake.referrals import ACTS as ACTS
    from intake.referrals import TABS as TABS
    from intake.referrals import TEMPLATES as TEMPLATES
    from intake.referrals import Asked as Asked
    from intake.referrals import Case as Case
    from intake.referrals import LetterDraft as LetterDraft
    from intake.referrals import WrongText as WrongText
    from intake.words import Words as Words
    from intake.words import words_for as words_for


@cache
def _modules() -> dict[str, str]:
    """{export: its module}, read from the imports above, which name each export once."""
    return {name: module for module, name in re.findall(r"from (\S+) import (\w+) as", Path(__file__).read_text())}


def __getattr__(name: str) -> Any:
    if name not in _modules():
        raise AttributeError(f"intake exports no {name}")
    return getattr(import_module(_modules()[name]), name)
