"""Pictures of a programme for its owner: `picture` collects the words, `svg` and `mermaid` draw them."""

from intake.authoring.picture.mermaid import mermaid as mermaid
from intake.authoring.picture.picture import picture as picture
from intake.authoring.picture.svg import svg as svg
