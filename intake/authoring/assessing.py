"""Judges plain answers (JSON) by a programme, without a person: `intake assess`, and the cases of a programme."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator, Mapping
from datetime import date
from math import isfinite
from typing import Any, NoReturn

from intake.engine.conditions import Value
from intake.engine.findings import nearest
from intake.engine.journey import Journey, travel
from intake.engine.kinds import KINDS, Refused
from intake.engine.personal import looks_like_personal_number
from intake.engine.programme import Programme, Question
from intake.engine.settling import Fact, settle

LONGEST_SHOWN = 200  # characters of a wrong answer that its error repeats
NO_OBJECT = 'a JSON object, as {"question": "answer"}'


class WrongAnswers(ValueError):
    """Answers that cannot be read; `errors` are {"question", "value", "permitted"}, one per fault."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__("; ".join(f"{error['question']}: {error['value']!r}" for error in errors))
        self.errors = errors


def judge(programme: Programme, raw: Mapping[str, Any], today: date) -> dict[str, Any]:
    """Returns the result of `intake assess` for one set of answers. Raises WrongAnswers with all faults at once."""
    answers = read_answers(programme, raw)
    journey = travel(programme, answers, today)
    return {
        **judged(journey),
        "missing": list(journey.missing()),
        "ignored": list(journey.ignored()),
        "trace": traced(journey),
        "settle": [_fact(fact) for fact in settle(journey)],
    }


def judged(journey: Journey) -> dict[str, Any]:
    """Returns the verdict and the routing, as JSON has them."""
    assessment, routing = journey.assessment, journey.routing
    return {
        "verdict": assessment.verdict,
        "group": assessment.group,
        "reason": assessment.reason,
        "route": routing.route,
        "lead": routing.lead,
        "offers": list(routing.offers),
        "information": list(routing.information),
    }


def traced(journey: Journey) -> list[dict[str, Any]]:
    """Returns every rule with its outcome."""
    return [{"rule": one.rule, "outcome": one.outcome, "because": list(one.because)} for one in journey.trace()]


def _fact(fact: Fact) -> dict[str, Any]:
    if fact.day is None:
        return {"question": fact.question, "values": list(fact.values)}
    return {"rule": fact.rule, "from": fact.day.isoformat()}


def judge_documents(programme: Programme, source: bytes, today: date) -> Iterator[dict[str, Any]]:
    """Yields one result per document of `source`, in order; {"line", "errors"} for one that cannot be read."""
    for number, document in enumerate(documents_in(source), 1):
        try:
            yield judge(programme, read_object(document), today)
        except WrongAnswers as error:
            yield {"line": number, "errors": error.errors}


def read_answers(programme: Programme, raw: Mapping[str, Any]) -> dict[str, Value | None]:
    """Returns typed values of the answers before the result; later ones are ignored. Raises WrongAnswers."""
    answers: dict[str, Value | None] = {}
    errors: list[dict[str, Any]] = []
    for id, value in raw.items():
        question = programme.by_id.get(id)
        if question is None:
            errors.append(_error(id, value, nearest(id, programme.by_id) or list(programme.by_id)))
        elif question.after_result or value in (None, "", []):
            continue
        else:
            try:
                answers[id] = _read(programme, question, value)
            except WrongAnswers as error:
                errors += error.errors
    if errors:
        raise WrongAnswers(errors)
    return answers


def _read(programme: Programme, question: Question, value: Any) -> Value | None:
    """Reads one answer as its kind stores it; unlike from people, codes and dates only in the stored form."""
    kind, ids = KINDS[question.kind], [choice.id for choice in question.choices]
    several = isinstance(value, list)
    if several and not kind.lists:
        raise WrongAnswers([_error(question.id, value, "one answer")])
    if ids and (wrong := [one for one in (value if several else [value]) if one not in ids]):
        raise WrongAnswers([_error(question.id, one, _like(one, ids) or ids) for one in wrong])
    said = kind.said(programme, question, value)
    if said is None:
        raise WrongAnswers([_error(question.id, value, kind.plain)])
    read = kind.read(programme, question, ids, said)
    if isinstance(read, Refused):
        raise WrongAnswers([_error(question.id, value, _permitted(question, read))])
    return read


def _permitted(question: Question, refused: Refused) -> Any:
    match refused.code:
        case "alone":
            return f'"{refused.params["choice"]}" alone'
        case "too_long":
            return f"at most {question.max} characters"
        case "personal_number":
            return "a text without a personal identity number"
    return KINDS[question.kind].plain


def _like(said: Any, ids: list[str]) -> str | None:
    """Returns the code that was probably meant; a municipality's code may come as a number."""
    return nearest(said, ids) if isinstance(said, str | int | float) and not isinstance(said, bool) else None


def _error(question: Any, value: Any, permitted: Any) -> dict[str, Any]:
    return {"question": _shown(question), "value": _shown(value), "permitted": permitted}


def _shown(value: Any) -> Any:
    """Returns the part of a wrong answer that its error may repeat: shortened, and no personal identity number."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    if looks_like_personal_number(text):
        return None
    return value if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}..."


def documents_in(source: bytes) -> list[bytes]:
    """Splits the source into documents: one object over several lines is one, otherwise each line is one.

    Results can then be matched to lines. Only newlines end a line, because JSON may contain other separators.
    """
    source = source.removeprefix(codecs.BOM_UTF8).rstrip()
    lines = source.split(b"\n") if source else []
    if len(lines) > 1 and (_is_object(source) or (lines[0].strip() == b"{" and not any(map(_is_object, lines)))):
        return [source]
    return lines


def _is_object(document: bytes) -> bool:
    try:
        return isinstance(json.loads(document.decode()), dict)
    except (ValueError, RecursionError):
        return False


def read_object(document: bytes) -> dict[str, Any]:
    """Returns the JSON object of one document. Raises WrongAnswers."""
    try:
        found = json.loads(document.decode(), parse_constant=_refuse, parse_float=_finite, object_pairs_hook=_each_once)
    except UnicodeDecodeError:
        raise WrongAnswers([_error(None, document.decode(errors="replace"), "UTF-8 text")]) from None
    except (ValueError, RecursionError) as error:
        if isinstance(error, WrongAnswers):
            raise
        where = f" ({error.msg}, {_place(error)})" if isinstance(error, json.JSONDecodeError) else ""
        raise WrongAnswers([_error(None, document.decode(), NO_OBJECT + where)]) from None
    if not isinstance(found, dict):
        raise WrongAnswers([_error(None, found, NO_OBJECT)])
    return found


def _place(error: json.JSONDecodeError) -> str:
    return f"line {error.lineno} column {error.colno}" if "\n" in error.doc else f"column {error.colno}"


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Returns an object's answers. Raises WrongAnswers for duplicate keys, of which the last would silently win."""
    answers = dict(pairs)
    twice = [id for id in answers if sum(id == other for other, _ in pairs) > 1] if len(answers) < len(pairs) else []
    if twice:
        raise WrongAnswers([_error(id, [said for other, said in pairs if other == id], "one answer") for id in twice])
    return answers


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")


def _finite(number: str) -> float:
    return float(number) if isfinite(float(number)) else _refuse(number)
