"""`intake receipt`: derives a result again and compares it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from intake.cli.opening import stored
from intake.cli.output import show_json
from intake.cli.programmes import AsJson
from intake.errors import NotFound
from intake.ids import Chance, as_reference
from intake.publishing.receipts import COMPARED, Receipt, derive, nameless
from intake.publishing.versions import Programmes, shown

DERIVED = "derived_receipt"  # in the access log


def receipt_command(
    reference: Annotated[str, typer.Argument(metavar="REFERENCE", help="A case number, as VK-7F3K-2M9Q.")],
    as_json: AsJson = False,
) -> None:
    """Derive a result again from what was stored: the answers, the day, the version at the time, this program.

    It is recorded in the access log. Contact details are not read, and no union is named.

    Exit code 0: the same, 1: this program gets another result, or the version was not kept, 2: unknown number, or the
    stored data cannot be read.

    Example: intake receipt VK-7F3K-2M9Q
    """
    with stored(reading=True) as (_, store):
        submission = store.submissions.by_reference(as_reference(reference))
        if submission is None:
            raise NotFound(f"{reference}: there is no such case number")
        store.people.log(Chance().id(), datetime.now(UTC), DERIVED, None)
        programmes = Programmes(store)
        receipt = derive(submission, programmes)
        unions = programmes.unions(submission.programme)
    then = nameless(receipt.then, unions)
    now = None if receipt.now is None else nameless(receipt.now, unions)
    if as_json:
        show_json(_figures(receipt, then, now))
    else:
        typer.echo("\n".join(_lines(receipt, then, now)))
    if receipt.differences:
        raise typer.Exit(1)


def _figures(receipt: Receipt, then: Mapping[str, Any], now: Mapping[str, Any] | None) -> dict[str, Any]:
    submission = receipt.submission
    return {
        "reference": submission.reference,
        "programme": submission.programme,
        "version": submission.version,
        "meaning": submission.meaning,
        "judged_on": submission.judged_on,
        "same": not receipt.differences,
        "differences": list(receipt.differences),
        "then": then,
        "now": now,
    }


def _lines(receipt: Receipt, then: Mapping[str, Any], now: Mapping[str, Any] | None) -> Iterator[str]:
    submission = receipt.submission
    by = f"{submission.programme} {shown(submission.version, submission.meaning)}"
    yield f"{submission.reference}: judged on {submission.judged_on} by {by}"
    yield "  " + "; ".join(f"{what} {_value(then[what])}" for what in COMPARED if what != "trace")
    for one in then["trace"]:
        yield f"  {one['rule']}: {one['outcome']}{' by ' if one['because'] else ''}{', '.join(one['because'])}"
    if now is None:
        yield "cannot be derived again: that version was not kept"
        return
    for what in receipt.differences:
        yield f"{what}: then {_value(then[what])}, this program reads {_value(now[what])}"
    yield "the same" if not receipt.differences else "not the same"


def _value(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(f"{one['rule']} {one['outcome']}" if isinstance(one, dict) else one for one in value) or "none"
    return str(value or "none")
