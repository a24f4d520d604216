"""Checks that a programme has all required texts and letters in every language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from intake.authoring.catalog.shape import UNSAID
from intake.engine import lengths
from intake.engine.advising import NOW, PAST, UNDATED
from intake.engine.explaining import BECAUSE, BLANK
from intake.engine.findings import Finding, did_you_mean
from intake.engine.programme import Programme, Rule
from intake.engine.referral import DECLINES, OUTCOMES

# Letters and the placeholders that each may use.
LETTERS: Mapping[str, tuple[str, ...]] = {
    "receipt": ("name", "reference", "partners", "status_link", "phone", "responsible", "why", "advice", "version"),
    "new_referral": ("reference", "link", "partner"),
    "moved": ("name", "reference", "from_partner", "to_partner", "why", "status_link", "phone"),
    "decision_yes": ("name", "reference", "link", "advice", "status_link", "phone"),
    "decision_no": ("name", "reference", "reason", "next_step", "advice", "status_link", "phone"),
    "withdrawn": ("reference", "link"),
    "consent_asked": ("name", "reference", "from_partner", "to_partner", "link", "status_link", "phone"),
    "first_contact": ("name", "staff", "partner", "reference", "time", "status_link", "phone"),
    "reminder": ("name", "staff", "partner", "reference", "time", "status_link", "phone"),
    "book_time": ("name", "staff", "partner", "reference", "time", "status_link", "phone"),
    "closed": ("name", "reference", "partner", "outcome", "status_link", "phone"),
    "erase_answer": ("name", "reference", "answer", "status_link", "phone"),
}

CONSENT_VERSION = ("consent", "version")  # stored with every consent
PERSONAL = {"name", "why", "advice"}  # never in a subject

PLAIN = {
    "programme": ("name", "owner", "funding", "help", "title", "lead", "time"),
    "start": ("who_title", "who", "how_title", "store_title", "protected_title", "protected_text"),
    "chat": ("hello", "web_first"),
    "privacy": ("title", "intro", "version"),
    "consent": ("who_is_responsible", "union_note", "version", "telephone"),
    "receipt": ("title", "next", "keep_link"),
    "erase": ("kept",),
    "why": ("unsaid",),
}
LINES = {"start": ("who_points",), "consent": ("partners_gets", "not_gets")}
PAIRS = {"start": ("how_steps", "store"), "privacy": ("sections",)}

# The texts shown with a question.
EXTRA = ("help", "why", "details_title", "details")
SHOWN = ("text", *EXTRA)

Path = tuple[str, ...]


def text_findings(programme: Programme, languages: Sequence[str]) -> Iterator[Finding]:
    """Yields missing, malformed and unknown texts by language. A text that one language has is required of all."""
    needed = {path: shape for path, shape in _needed(programme) if not _unsaid(path)}
    vague = {path[0] for path, _ in _needed(programme) if _unsaid(path)}  # the texts used of these cannot be known
    optional = {path: shape for path, shape in _optional(programme) if path not in needed}
    get = programme.texts.get
    for language in languages:
        file = f"texts/{language}.toml"
        for path, shape in (needed | optional).items():
            value = get(language, *path)
            if value is None and (path in needed or any(get(other, *path) is not None for other in languages)):
                yield Finding("missing_text", file, ".".join(path), "this text is missing")
            elif value is not None and not _fits(value, shape):
                yield Finding("wrong_type", file, ".".join(path), f"should be {SHAPES[shape]}")
            elif value is not None and _is_empty(value):
                yield Finding("missing_text", file, ".".join(path), "this text is empty")
            elif path == CONSENT_VERSION and len(str(value)) > lengths.CODE:
                yield Finding("wrong_type", file, ".".join(path), f"should be at most {lengths.CODE} characters")
        yield from _filled(programme, language, file, needed | optional)
        known = sorted(".".join(path) for path in needed | optional)
        for path in _leaves(programme.texts.by_language[language], needed):
            if path not in needed and path not in optional and path[0] not in vague:
                near = did_you_mean(".".join(path), known)
                yield Finding("unknown_key", file, ".".join(path), f"no such text is used{near}")


def _unsaid(path: Path) -> bool:
    """Whether the path belongs to an item whose own id is missing."""
    return any(step.endswith(UNSAID) for step in path)


def _filled(programme: Programme, language: str, file: str, paths: Iterable[Path]) -> Iterator[Finding]:
    """Yields placeholders in texts that are never filled in, and would be shown as written."""
    for path in paths:
        said = {one: "\n".join(_strings(programme.texts.get(one, *path))) for one in programme.languages}
        permitted, key = _blanks_of(programme, path), ".".join(path)
        yield from _blanks(said[language], permitted, file, key)
        yield from _lacking(said, language, permitted, file, key)


def _blanks_of(programme: Programme, path: Path) -> Sequence[str]:
    """Returns the placeholders of a text: answers before the result in a reason, the partner's name in a consent."""
    match path:
        case ("why", _, "later"):
            return ["date"]
        case ("advice", id, key) if key != UNDATED and any(one.id == id and one.by for one in programme.advice):
            return ["date"]
        case ("why", _, _):
            return [BECAUSE, *(question.id for question in programme.before_result)]
        case ("question", id, key) if key in SHOWN and programme.by_id[id].of == "unions":
            return ["union"]
        case ("consent", "telephone"):
            return ["partner"]
    return []


def _strings(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            yield from (text for item in value for text in _strings(item))
        case dict():
            yield from (text for item in value.values() for text in _strings(item))


def letter_findings(programme: Programme) -> Iterator[Finding]:
    """Yields missing and unknown letters, and placeholders that are never filled in."""
    for language in programme.languages:
        for id, permitted in LETTERS.items():
            letter = programme.letters.get((id, language))
            file = f"letters/{language}/{id}.txt"
            if letter is None:
                yield Finding("missing_text", file, id, 'the letter is missing; its first line is "Subject: ..."')
            else:
                yield from _blanks(f"{letter.subject}\n{letter.body}", permitted, file)
                bodies = {one: text.body for (other, one), text in programme.letters.items() if other == id}
                yield from _lacking(bodies, language, permitted, file, id)
                for name in PERSONAL & set(BLANK.findall(letter.subject)):
                    yield Finding("unknown_placeholder", file, name, "a subject holds nothing personal")
    for id, language in programme.letters:
        if id not in LETTERS:
            why = f"nobody sends this letter{did_you_mean(id, LETTERS)}"
            yield Finding("unknown_key", f"letters/{language}/{id}.txt", id, why)


def _blanks(text: str, permitted: Sequence[str], file: str, key: str = "") -> Iterator[Finding]:
    """Yields placeholders that are not permitted. `key` is the text's place in the file; None in a letter."""
    for name in dict.fromkeys(BLANK.findall(text)):
        if name not in permitted:
            why = f"cannot be filled in{did_you_mean(name, permitted)}"
            yield Finding("unknown_placeholder", file, key or name or "{}", f"{{{name}}} {why}" if key else why)
    if re.search(r"[{}]", BLANK.sub("", text)):
        yield Finding("unknown_placeholder", file, key or "{", "a brace without its other half")


def _lacking(
    said: Mapping[str, str], language: str, permitted: Sequence[str], file: str, key: str
) -> Iterator[Finding]:
    """Yields placeholders that another language's text has, unless this text is missing or has a misspelt one."""
    here = BLANK.findall(said[language])
    if not said[language] or not set(here) <= set(permitted):
        return
    there = [name for other, text in said.items() if other != language for name in BLANK.findall(text)]
    for name in dict.fromkeys(there):
        if name in permitted and name not in here:
            yield Finding("missing_placeholder", file, key, f"{{{name}}} stands in another language and not here")


SHAPES = {
    "text": "a text",
    "choice": "a text, or a table with text and help",
    "lines": "a list of texts",
    "pairs": "a list of {title, text}",
}


def _fits(value: object, shape: str) -> bool:
    match shape:
        case "lines":
            return isinstance(value, list) and all(isinstance(item, str) for item in value)
        case "pairs":
            return isinstance(value, list) and all(
                isinstance(item, dict) and item.keys() == {"title", "text"} and _are_texts(item.values())
                for item in value
            )
        case "choice" if isinstance(value, dict):
            return "text" in value and value.keys() <= {"text", "help"} and _are_texts(value.values())
    return isinstance(value, str)


def _are_texts(values: Iterable[object]) -> bool:
    return all(isinstance(value, str) for value in values)


def _is_empty(value: object) -> bool:
    """Whether a value, or part of it, is empty."""
    match value:
        case str():
            return not value.strip()
        case list():
            return not value or any(_is_empty(item) for item in value)
        case dict():
            return any(_is_empty(item) for item in value.values())
    return False


def _needed(programme: Programme) -> Iterator[tuple[Path, str]]:
    for table, keys in PLAIN.items():
        yield from (((table, key), "text") for key in keys)
    for table, keys in LINES.items():
        yield from (((table, key), "lines") for key in keys)
    for table, keys in PAIRS.items():
        yield from (((table, key), "pairs") for key in keys)
    for section in programme.sections:
        yield ("section", section.id, "title"), "text"
    for question in programme.questions:
        yield ("question", question.id, "text"), "text"
        yield ("question", question.id, "short"), "text"
        if question.find_out:
            yield ("question", question.id, "settle"), "text"
        for choice in question.choices:
            yield ("choice", question.id, choice.id), "choice"
            if choice.ends:
                yield ("end", choice.ends, "title"), "text"
                yield ("end", choice.ends, "text"), "text"
        yield from ((("note", note.text), "text") for note in question.notes)
    for rule in programme.rules:
        yield ("result", rule.reason, "title"), "text"
        yield ("result", rule.reason, "text"), "text"
        if rule.no_if is not None:
            yield ("result", rule.reason, "steps"), "lines"
        yield from ((("why", rule.id, outcome), "text") for outcome in _outcomes(rule))
    for reason in ("review", *(f"eligible_{group.id}" for group in programme.groups)):
        yield ("result", reason, "title"), "text"
        yield ("result", reason, "text"), "text"
    for what, ids in (("partner", programme.partners), ("organisation", programme.organisations)):
        for id in ids:
            yield (what, id, "name"), "text"
            yield (what, id, "about"), "text"
    for advice in programme.advice:
        yield from ((("advice", advice.id, key), "text") for key in ((NOW, UNDATED, PAST) if advice.by else (NOW,)))
    for code in OUTCOMES:
        yield from ((("outcome", code, who), "text") for who in ("staff", "person"))
    for code in DECLINES:
        yield from ((("decline", code, who), "text") for who in ("staff", "person"))


def _outcomes(rule: Rule) -> Iterator[str]:
    """Yields the outcomes of a rule that need a sentence: staff's no if only they can say it, `later` if time may."""
    yield from ("yes", "ask_staff")
    yield "no" if rule.no_if is not None else "staff_no"
    if rule.in_time:
        yield "later"


def _optional(programme: Programme) -> Iterator[tuple[Path, str]]:
    for question in programme.questions:
        yield from ((("question", question.id, key), "text") for key in EXTRA)
    for rule in programme.rules:
        yield ("result", rule.reason, "steps"), "lines"
        yield ("why", rule.id, "staff_no"), "text"
    for reason in ("review", *(f"eligible_{group.id}" for group in programme.groups)):
        yield ("result", reason, "steps"), "lines"


def _leaves(table: Mapping[str, object], needed: Mapping[Path, str], path: Path = ()) -> Iterator[Path]:
    for key, value in table.items():
        here = (*path, key)
        if isinstance(value, Mapping) and needed.get(here) != "choice":
            yield from _leaves(value, needed, here)
        else:
            yield here
