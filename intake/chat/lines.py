"""The lines and rows that cards are made of."""

from __future__ import annotations

from collections.abc import Sequence

from intake import Dated, Leg, Option, Reason, StatusPrompt, Words
from intake.chat.cards import Button

SHORT_LABEL = 17  # the longest label of which two fit in a row on a small phone
LONG_LABEL = 30  # a button cuts off longer labels, so the text lists them too
SIGNS = {"yes": "✓", "ask_staff": "?", "no": "–"}  # outcomes of a rule


def decided_lines(prompt: StatusPrompt, words: Words) -> str:
    """Says what staff decided, or that they have not yet. The person's choice after it is made on the web."""
    if prompt.undecided:
        return words("A person goes through your answers and tells you what applies.")
    if prompt.no:
        reason, step = prompt.no
        said = words("A person has read your answers. Unfortunately it is a no.")
        return joined(said, reason, f"{words('What you can do now')}:\n{step}" if step else "")
    if prompt.choosing == "decided":
        yes = words("A person has read your answers, and it is a yes.")
        return f"{yes} {words('Now you choose yourself who else may see your answers.')}"
    return words("We ask if one more may get your answers.") if prompt.choosing == "asked" else ""


def can_take_back(prompt: StatusPrompt) -> bool:
    """Whether anybody still works with what was sent."""
    return any(leg.status in ("waiting", "accepted", "watching") for leg in prompt.legs)


def reasons_lines(reasons: Sequence[Reason]) -> str:
    return "\n".join(f"{SIGNS[one.outcome]} {one.text}" for one in reasons)


def advice_lines(advice: Sequence[Dated], words: Words) -> str:
    """What the person does without us, until when; empty if there is nothing."""
    said = (f"• {words.dated(one)}" for one in advice)
    return joined(f"{words('This is what you do yourself')}:", *said, between="\n") if advice else ""


def leg_line(leg: Leg, words: Words) -> str:
    """Describes one referral: partner, status and outcome."""
    stands = f"• {leg.name}: {words.status(leg.status, leg.union, leg.coming)}."
    return f"{stands} {leg.outcome}" if leg.outcome else stands


def joined(*parts: str, between: str = "\n\n") -> str:
    return between.join(part.strip() for part in parts if part and part.strip())


def listed_choices(options: Sequence[Option], always: bool) -> str:
    """Lists choices by number if they are too long for buttons or have a help text; a number can be typed."""
    if not always and all(len(option.text) <= LONG_LABEL and not option.help for option in options):
        return ""
    return "\n".join(
        f"{number}. {option.text}" + (f"\n    {option.help}" if option.help else "")
        for number, option in enumerate(options, 1)
    )


def in_rows(buttons: Sequence[Button], short: int = SHORT_LABEL) -> list[tuple[Button, ...]]:
    """Returns rows of two if all labels are short, else of one."""
    width = 2 if all(len(button.label) <= short for button in buttons) else 1
    return [tuple(buttons[at : at + width]) for at in range(0, len(buttons), width)]


def capital(name: str | None) -> str:
    return name[:1].upper() + name[1:] if name else ""
