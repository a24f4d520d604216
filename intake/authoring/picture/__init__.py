"""Pictures of a programme for those who own it: what is asked when, how it is judged, who gets whom. Knows no person.

`picture` finds the words and what belongs together; `svg` and `mermaid` only draw.
"""

from __future__ import annotations

from intake.authoring.picture.boxes import Box as Box
from intake.authoring.picture.boxes import BoxSection as BoxSection
from intake.authoring.picture.boxes import Picture as Picture
from intake.authoring.picture.mermaid import mermaid as mermaid
from intake.authoring.picture.picture import picture as picture
from intake.authoring.picture.svg import svg as svg
