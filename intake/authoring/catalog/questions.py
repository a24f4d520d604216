"""Checks the keys that a question of each kind must and may have, and the lengths that Telegram's buttons allow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from intake.authoring.catalog.format import PartnerTable, QuestionTable
from intake.channels import CHANNELS
from intake.engine.domains import Amount, OneOf
from intake.engine.findings import Finding, did_you_mean
from intake.engine.kind import Kind
from intake.engine.kinds import KINDS
from intake.engine.programme import Entry

FILE = "programme.toml"
# Telegram's buttons hold "q~<programme>:<question>:<choice>:<revision>".
LONGEST_BUTTON = min(channel.button for channel in CHANNELS.values() if channel.button)
NAME = "name"  # the id of the question that asks for it


def fits_a_button(question: str, choice: str) -> bool:
    """Whether a button of Telegram can hold this answer: the question, the choice and the revision of the interview."""
    return len(f"q~ABCD:{question}:{choice}:999999".encode()) <= LONGEST_BUTTON


def question_findings(
    table: QuestionTable,
    after_result: bool,
    partners: Sequence[PartnerTable],
    lists: Mapping[str, tuple[Entry, ...]],
) -> Iterator[Finding]:
    """Yields the findings about one question that its own table shows; conditions are checked elsewhere."""
    key = f"question.{table.id}"
    kind = KINDS[table.kind]
    if (kind.after_result or table.id == NAME) and not after_result:
        what = f"a question of kind {table.kind}" if kind.after_result else "the name"
        why = f"{what} stands after the result: nobody says who they are before it"
        yield Finding("too_early", FILE, f"{key}.section", why)
    yield from _holds(table, key)
    yield from _choices(table, after_result, key)
    if table.find_out and (why := _nothing_to_find_out(table, after_result)):
        yield Finding("wrong_key", FILE, f"{key}.find_out", why)
    if kind.needs == "list" and table.searched:
        if table.searched not in lists:
            why = f"there is no lists/{table.searched}.csv{did_you_mean(table.searched, lists)}"
            yield Finding("unknown_id", FILE, f"{key}.list", why)
        entries = (entry.id for entry in lists.get(table.searched, ()))
        yield from _buttons(table.id, entries, f"lists/{table.searched}.csv", "")
    if kind.needs == "of":
        yield from _buttons(table.id, (partner.id for partner in partners), FILE, f"{key}.partner.")
    yield from _buttons(table.id, (choice.id for choice in table.choices), FILE, f"{key}.choices.")


def _holds(table: QuestionTable, key: str) -> Iterator[Finding]:
    wanted = KINDS[table.kind].needs
    for name in ("choices", "list", "of"):
        has = bool(table.searched if name == "list" else getattr(table, name))
        if has and name != wanted:
            yield Finding("wrong_key", FILE, f"{key}.{name}", f"a question of kind {table.kind} has no {name}")
        if not has and name == wanted:
            yield Finding("missing_key", FILE, f"{key}.{name}", f"a question of kind {table.kind} needs {name}")


def _choices(table: QuestionTable, after_result: bool, key: str) -> Iterator[Finding]:
    ids = [choice.id for choice in table.choices]
    for id in dict.fromkeys(ids):
        if ids.count(id) > 1:
            yield Finding("double_id", FILE, f"{key}.choices.{id}", "this id is there more than once")
    if not table.optional and ids and all(choice.hide_if is not None for choice in table.choices):
        why = "one choice needs no hide_if: somebody could be left with nothing to choose"
        yield Finding("nothing_to_choose", FILE, f"{key}.choices", why)
    for choice in table.choices:
        here = f"{key}.choices.{choice.id}"
        for flag in ("alone", "dont_know", "ends"):
            if getattr(choice, flag) and flag not in KINDS[table.kind].flags:
                why = f"means nothing in a question of kind {table.kind}"
                yield Finding("wrong_key", FILE, f"{here}.{flag}", why)
        if choice.dont_know and not choice.alone and "alone" in KINDS[table.kind].flags:
            why = "I don't know stands alone: write alone = true too"
            yield Finding("missing_key", FILE, f"{here}.alone", why)
        if choice.ends and not after_result:
            why = "only a question after the result can end the journey; before it a rule's no_if does"
            yield Finding("too_early", FILE, f"{here}.ends", why)


def _nothing_to_find_out(table: QuestionTable, after_result: bool) -> str:
    """Returns why an unknown answer here could never settle a result; empty if it could."""
    if after_result:
        return "an answer after the result settles nothing"
    if not _settles(KINDS[table.kind]):
        able = ", ".join(kind.name for kind in KINDS.values() if _settles(kind))
        return f"an answer of kind {table.kind} settles nothing; one of kind {able} can"
    if not table.optional and not any(choice.dont_know for choice in table.choices):
        return "the answer is always known: make the question optional, or give it a choice with dont_know"
    return ""


def _settles(kind: Kind) -> bool:
    return isinstance(kind.domain, OneOf | Amount)


def _buttons(question: str, ids: Iterable[str], file: str, key: str) -> Iterator[Finding]:
    for id in ids:
        if not fits_a_button(question, id):
            why = (
                f"too long for a Telegram button of {LONGEST_BUTTON} bytes, with the question {question}: shorten an id"
            )
            yield Finding("id_too_long", file, f"{key}{id}", why)
