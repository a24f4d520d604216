"""Judging plain answers (JSON) by a programme, without a person: `intake assess`, and the cases of a programme."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from intake.engine.conditions import Value
from intake.engine.findings import nearest
from intake.engine.journey import travel
from intake.engine.kinds import KINDS, Refused
from intake.engine.programme import Programme, Question


class WrongAnswers(ValueError):
    """Answers that cannot be read; `errors` are {"question", "value", "permitted"}, one per fault."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__("; ".join(f"{error['question']}: {error['value']!r}" for error in errors))
        self.errors = errors


def judge(programme: Programme, raw: Mapping[str, Any], today: date) -> dict[str, Any]:
    """The result of DESIGN section 9 for one set of answers. Raises WrongAnswers with all faults at once."""
    answers = read_answers(programme, raw)
    journey = travel(programme, answers, today)
    assessment, routing = journey.assessment, journey.routing
    return {
        "verdict": assessment.verdict,
        "group": assessment.group,
        "reason": assessment.reason,
        "route": routing.route,
        "lead": routing.lead,
        "offers": list(routing.offers),
        "information": list(routing.information),
        "missing": list(journey.missing()),
        "ignored": list(journey.ignored()),
        "trace": [
            {"rule": judged.rule, "outcome": judged.outcome, "because": list(judged.because)}
            for judged in journey.trace()
        ],
    }


def read_answers(programme: Programme, raw: Mapping[str, Any]) -> dict[str, Value | None]:
    """Typed values of the answers before the result; those after it are accepted and left out."""
    answers: dict[str, Value | None] = {}
    errors: list[dict[str, Any]] = []
    for id, value in raw.items():
        question = programme.by_id.get(id)
        if question is None:
            errors.append(
                {"question": id, "value": value, "permitted": nearest(id, programme.by_id) or list(programme.by_id)}
            )
        elif question.after_result or value in (None, "", []):
            continue
        else:
            read = _read(programme, question, value)
            if isinstance(read, Refused):
                errors.append({"question": id, "value": value, "permitted": _permitted(question, read)})
            else:
                answers[id] = read
    if errors:
        raise WrongAnswers(errors)
    return answers


def judge_lines(programme: Programme, text: str, today: date) -> Iterator[tuple[dict[str, Any], bool]]:
    """Each JSON object of `text` (one object, or one a line) as (result, whether it was right), in order."""
    for number, source in enumerate(_documents(text), 1):
        try:
            answers = source if isinstance(source, dict) else json.loads(source)
            if not isinstance(answers, dict):
                raise WrongAnswers([{"question": None, "value": answers, "permitted": "an object {question: answer}"}])
            yield judge(programme, answers, today), True
        except WrongAnswers as error:
            yield {"line": number, "errors": error.errors}, False
        except json.JSONDecodeError as error:
            fault = {
                "question": None,
                "value": str(source)[:100],
                "permitted": f"a JSON object ({error.msg}, column {error.colno})",
            }
            yield {"line": number, "errors": [fault]}, False


def _documents(text: str) -> list[Any]:
    """One object over any number of lines is one document; else each line that is not empty is one."""
    try:
        whole = json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        return [line for line in text.splitlines() if line.strip()]
    return [whole] if isinstance(whole, dict) else [json.dumps(whole)]


def _read(programme: Programme, question: Question, value: Any) -> Value | Refused | None:
    several = value if isinstance(value, list) else [value]
    if isinstance(value, list) and question.kind not in ("choices", "consents"):
        return Refused("one_only")
    said = [str(one) if isinstance(one, int) and not isinstance(one, bool) else one for one in several]
    if not all(isinstance(one, str) for one in said):
        return Refused("unknown_choice")
    read = KINDS[question.kind].read(programme, question, tuple(choice.id for choice in question.choices), said)
    return (
        Refused("unknown_choice") if read is None and any(said) and not all(one.strip() == "" for one in said) else read
    )


def _permitted(question: Question, refused: Refused) -> Any:
    """The nearest permitted answer, else what is permitted in general."""
    near = refused.params.get("nearest")
    if near:
        return near
    match refused.code:
        case "alone":
            return f'"{refused.params["choice"]}" alone'
        case "one_only":
            return "one answer"
        case "too_long":
            return f"at most {question.max} characters"
        case "personal_number":
            return "no personal identity number"
    kinds = {"date": "a date that exists, as 2027-03-31", "month": "a month, as 2026-10", "number": "a whole number"}
    return kinds.get(question.kind, [choice.id for choice in question.choices] or "a text")
