"""Creates the folder of a new programme: what most programmes share, and empty texts for the author to write.

`intake check` lists every empty text and all that is missing. Questions, rules and routes are for the author to add.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from intake.authoring.catalog.build import ID
from intake.engine import lengths
from intake.errors import BadSetting

BLANK = Path(__file__).parents[1] / "blank"
LANGUAGES = tuple(sorted(path.stem for path in (BLANK / "texts").glob("*.toml")))
_HOLE = re.compile(r"«(\w+)»")


def begin(programmes: Path, id: str, languages: Sequence[str], said: Mapping[str, str]) -> list[Path]:
    """Writes the programme's folder and returns its files. `said`: values of the «name» placeholders.

    Raises BadSetting if the folder exists, or a value could not be written to the files.
    """
    for what, text in said.items():
        if not text.strip() or not text.isprintable() or re.search(r'["\\{}«»]', text):
            raise BadSetting(
                f'--{what.replace("_", "-")} "{text}" cannot be used: plain text on one line, without quotes or braces'
            )
    if len(said["phone"].strip()) < 3:
        raise BadSetting(f'--phone "{said["phone"]}" is no number that reaches anybody: at least 3 characters')
    for one in (id, said["owner"]):
        if len(one) > lengths.ID or not ID.fullmatch(one):
            raise BadSetting(
                f'"{one}" is no id: at most {lengths.ID} small letters, digits and _, a letter first, as summer_jobs'
            )
    if not re.fullmatch(r"[A-Z]{2,4}", said["reference"]):
        raise BadSetting(f'--reference "{said["reference"]}" should be 2 to 4 capital letters')
    for language in languages:
        if language not in LANGUAGES:
            raise BadSetting(f'there is nothing to begin with in "{language}", only in {", ".join(LANGUAGES)}')
    folder = programmes / id
    if folder.exists():
        raise BadSetting(f"{folder} is there already; nothing was written")
    filled = {**said, "id": id, "languages": ", ".join(f'"{language}"' for language in languages)}
    sources = [BLANK / "programme.toml"]
    for language in languages:
        sources += [BLANK / "texts" / f"{language}.toml", *sorted((BLANK / "letters" / language).glob("*.txt"))]
    return [_written(source, folder / source.relative_to(BLANK), filled) for source in sources]


def _written(source: Path, file: Path, filled: Mapping[str, str]) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    text = source.read_text(encoding="utf-8")
    file.write_text(_HOLE.sub(lambda hole: filled[hole[1]], text), encoding="utf-8")
    return file
