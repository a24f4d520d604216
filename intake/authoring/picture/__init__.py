"""Pictures of a programme for those who own it: `picture` finds what they say, `svg` and `mermaid` draw it."""

from intake.authoring.picture.mermaid import mermaid as mermaid
from intake.authoring.picture.picture import picture as picture
from intake.authoring.picture.svg import svg as svg
