"""The Jinja environment, one per process because compiling takes a second: templates and their functions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from intake import words_for
from web.assets import assets
from web.paths import path_of
from web.staff_words import called, instead, why

TEMPLATES = Path(__file__).parent / "templates"

# Parts of a programme's text that become links, or must not be broken, besides its telephone number.
_FOUND = (
    r"|(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)|(?P<site>\b(?:[a-z0-9-]+\.)+(?:se|eu)\b(?:/[\w/-]+)?)|(?P<whole>\d+–\d+)"
)


@cache
def environment() -> Environment:
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        auto_reload=False,
    )
    env.globals |= {"asset": assets(), "language_name": language_name, "called": called, "why": why, "instead": instead}
    env.filters |= {"linked": linked, "moment": datetime.fromisoformat, "way_back": way_back, "groupby_kept": together}
    return env


def way_back(place: str | None, root: str) -> str:
    """Returns the address of a prompt's `back`."""
    return path_of(root.removeprefix("/"), place)


@pass_context
def linked(context: Context, text: str) -> Markup:
    """Returns a programme's text with its telephone number, addresses and sites as links."""
    phone = context["source"].phone
    return Markup(re.sub(rf"(?P<phone>{re.escape(phone)}){_FOUND}", _link, str(escape(text))))  # noqa: S704  escaped first


def _link(found: re.Match[str]) -> str:
    shown = found[0]
    match found.lastgroup:
        case "phone":
            return f'<a class="nobreak" href="tel:{re.sub("[^0-9+]", "", shown)}">{shown}</a>'
        case "mail":
            return f'<a href="mailto:{shown}">{shown}</a>'
        case "site":
            return f'<a href="https://{shown}">{shown}</a>'
        case _:
            return f'<span class="nobreak">{shown}</span>'


def together(rows: Iterable[Any], name: str) -> list[tuple[Any, list[Any]]]:
    """Groups neighbours with the same `name`, in order."""
    return [(value, list(group)) for value, group in groupby(rows, attrgetter(name))]


@cache
def language_name(code: str) -> str:
    """Returns the name of a language in that language."""
    name = words_for(code).locale.display_name or code
    return name[:1].upper() + name[1:]
