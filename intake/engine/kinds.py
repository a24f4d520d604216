"""Every kind of question, by name."""

from __future__ import annotations

from collections.abc import Mapping

from intake.engine.chosen_kinds import CHOSEN
from intake.engine.chosen_kinds import choice_text as choice_text
from intake.engine.kind import Kind
from intake.engine.kind import Refused as Refused
from intake.engine.typed_kinds import TYPED

KINDS: Mapping[str, Kind] = {kind.name: kind for kind in (*CHOSEN, *TYPED)}
