"""Pictures of a programme for those who own it: what is asked when, how it is judged, who gets whom. Knows no person.

`picture` finds the words and what belongs together; `svg` and `mermaid` only draw.
"""

from __future__ import annotations

from intake.drawing.boxes import Box as Box
from intake.drawing.boxes import Picture as Picture
from intake.drawing.boxes import Section as Section
from intake.drawing.mermaid import mermaid as mermaid
from intake.drawing.picture import picture as picture
from intake.drawing.svg import svg as svg
