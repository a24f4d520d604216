"""A referral's life: statuses, who may move it where, and who is responsible. Pure. (docs/rules.md, "Sending")

`MOVES` is the one table of what can happen to a referral; the diagram in docs/referral-life.md is made from it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from intake.engine.programme import Programme
