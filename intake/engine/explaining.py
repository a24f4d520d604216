"""Explains a result, and what would settle it, in the programme's own sentences, the same in every channel.

Pure: answers, a trace and a language in, sentences out. Callers decide who may read which of them (`readable`) and fill
in `{date}`, because dates are written with the product's words (`Words.dated`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from intake.engine.assessment import Judged
from intake.engine.conditions import Facts, Value, questions_of
from intake.engine.kinds import KINDS
from intake.engine.programme import Programme, Rule
from intake.engine.prompts import Dated, Reason
from intake.engine.settling import Fact

BLANK = re.compile(r"{(.*?)}")
BECAUSE = "because"  # the placeholder for the answers that decided a rule
WEIGHT = ("no", "ask_staff", "yes")  # outcomes by their weight for the verdict, the heaviest first


def explained(
    programme: Programme, answers: Mapping[str, Value | None], trace: Iterable[Judged], language: str
) -> tuple[Reason, ...]:
    """Returns the sentence `why.RULE.OUTCOME` of every judged rule; a rule that was not reached has none."""
    rules = {rule.id: rule for rule in programme.rules}
    reasons = []
    for judged in trace:
        text = programme.texts.say(language, "why", judged.rule, judged.outcome)
        if text and judged.rule in rules:
            quoted = BLANK.findall(text)
            said = _filled(programme, answers, text, judged.because, language)
            tells_of = dict.fromkeys((*(id for id in quoted if id != BECAUSE), *_reads(rules[judged.rule])))
            reasons.append(Reason(judged.rule, judged.outcome, said, tuple(tells_of), bool(quoted)))
    return tuple(reasons)


def reasons_for_no(
    programme: Programme,
    answers: Mapping[str, Value | None],
    trace: Iterable[Judged],
    language: str,
    facts: Facts | None = None,
) -> tuple[tuple[str, str], ...]:
    """Returns (the rule's reason, a sentence) for every no that staff can decide; those of rules left open first.

    `facts`: only sentences that can be true of this person. `why.RULE.staff_no` says whom the programme is for, which
    is true of everybody; `why.RULE.no` says something of the person, which is untrue if the rule is certainly no no.
    """
    rules, reasons = {rule.id: rule for rule in programme.rules}, dict[str, str]()
    for judged in sorted(trace, key=lambda one: one.outcome == "yes"):
        text = _staff_no(programme, judged, language, facts)
        if text and judged.rule in rules:
            said = _filled(programme, answers, text, judged.because, language)
            reasons.setdefault(rules[judged.rule].reason, said)
    return tuple(reasons.items())


def _staff_no(programme: Programme, judged: Judged, language: str, facts: Facts | None) -> str:
    say, rule = programme.texts.say, next((one for one in programme.rules if one.id == judged.rule), None)
    if said := say(language, "why", judged.rule, "staff_no"):
        return said
    possible = facts is None or rule is None or rule.no_if is None or rule.no_if.holds(facts) is not False
    return say(language, "why", judged.rule, "no") if possible else ""


def decisive(reasons: Sequence[Reason]) -> tuple[tuple[Reason, ...], tuple[Reason, ...]]:
    """Returns (what decided, the rest): the heaviest outcome; if all are a yes, the sentences that quote an answer."""
    heaviest = next((one for one in WEIGHT if any(reason.outcome == one for reason in reasons)), "")
    first = [one for one in reasons if one.outcome == heaviest and (heaviest != "yes" or one.quotes)] or list(reasons)
    return tuple(first), tuple(one for one in reasons if one not in first)


def readable(reasons: Iterable[Reason], may_read: Callable[[str], bool]) -> tuple[Reason, ...]:
    """The reasons of which every answer may be read, including the answers that the sentence only implies."""
    return tuple(one for one in reasons if all(may_read(question) for question in one.tells_of))


def settled_by(programme: Programme, facts: Iterable[Fact], language: str) -> tuple[Dated, ...]:
    """Each fact in the programme's words: `question.X.settle`, or `why.RULE.later` with its day."""
    say = programme.texts.say
    return tuple(
        Dated(say(language, "question", fact.question, "settle"))
        if fact.question is not None
        else Dated(say(language, "why", str(fact.rule), "later"), fact.day)
        for fact in facts
    )


def _reads(rule: Rule) -> tuple[str, ...]:
    return (*(questions_of(rule.no_if) if rule.no_if is not None else ()), *questions_of(rule.yes_if))


def _filled(
    programme: Programme, answers: Mapping[str, Value | None], text: str, because: Sequence[str], language: str
) -> str:
    def said(found: re.Match[str]) -> str:
        if found[1] == BECAUSE:
            return _decided(programme, answers, because, language)
        return _shown(programme, answers, found[1], language)

    return BLANK.sub(said, text)


def _decided(programme: Programme, answers: Mapping[str, Value | None], because: Sequence[str], language: str) -> str:
    """The answers that decided a rule, each with its question: `Situation: I have been given notice; Cause: ...`."""
    say, there = programme.texts.say, (id for id in because if answers.get(id) is not None)
    said = (f"{say(language, 'question', id, 'short')}: {_shown(programme, answers, id, language)}" for id in there)
    return "; ".join(said) or say(language, "why", "unsaid")


def _shown(programme: Programme, answers: Mapping[str, Value | None], id: str, language: str) -> str:
    question, value = programme.by_id.get(id), answers.get(id)
    if question is None or value is None:
        return programme.texts.say(language, "why", "unsaid")
    return KINDS[question.kind].show(programme, question, value, language)
