"""Conditions in words: questions and choices in the words of the programme, the rest in those of the product.

`intake.engine.sentences` decides the structure. A sentence begins in lower case and has no full stop, so that it can
follow "asked when".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from intake.engine.conditions import Condition
from intake.engine.kinds import KINDS, choice_text
from intake.engine.programme import Programme, Question
from intake.engine.sentences import Joined, Part, Phrase, phrased
from intake.words import words_for

LONGEST = 4  # at most so many choices are named; of more, those excluded, if they are fewer
SHOWN = 3  # of still more, this many, and their number


# Sentences by relation and operator; comparisons of days or years also by the sign of the number.
SAYINGS: Mapping[str, str] = {
    "all": "{most}, and {last}",
    "all short": "{most} and {last}",
    "any": "{most}, or {last}",
    "any short": "{most} or {last}",
    "answer": "“{text}”",
    "many": "one of {n}: {names} …",
    "group": "the group is {answers}",
    "not group": "the group is not {answers}",
    "is": "{question} is {answers}",
    "not is": "{question} is not {answers}",
    "has": "{question} includes {answers}",
    "not has": "{question} does not include {answers}",
    "is or unknown": "{question} is {answers} or is not answered",
    "known": "{question} is answered",
    "not known": "{question} is not answered",
    "value <=": "{question} is at most {n}",
    "value >=": "{question} is at least {n}",
    "value range": "{question} is {low} to {high}",
    "not value range": "{question} is not {low} to {high}",
    "value ==": "{question} is {n}",
    "value !=": "{question} is not {n}",
    "year <=": "{question} is {n} or earlier",
    "year >=": "{question} is {n} or later",
    "year ==": "{question} is {n}",
    "year !=": "{question} is not {n}",
    "count <=": "the number of answers chosen in {question} is at most {n}",
    "count >=": "the number of answers chosen in {question} is at least {n}",
    "count range": "the number of answers chosen in {question} is {low} to {high}",
    "count ==": "the number of answers chosen in {question} is {n}",
    "count !=": "the number of answers chosen in {question} is not {n}",
    "days_until <= before": "{question} was at least {time} ago",
    "days_until >= before": "{question} was at most {time} ago, or is still to come",
    "days_until == before": "{question} was exactly {time} ago",
    "days_until != before": "{question} was not exactly {time} ago",
    "days_until range before": "{question} was {low} to {time} ago",
    "days_until range around": "{question} was at most {low} ago, or is at most {time} away",
    "days_until range after": "{question} is {low} to {time} away",
    "days_until has passed": "{question} has passed",
    "days_until is to come": "{question} is still to come",
    "days_until <= now": "{question} is today or earlier",
    "days_until >= now": "{question} is today or later",
    "days_until == now": "{question} is today",
    "days_until != now": "{question} is not today",
    "days_until <= after": "{question} is at most {time} away, or has passed",
    "days_until >= after": "{question} is at least {time} away",
    "days_until == after": "{question} is exactly {time} away",
    "days_until != after": "{question} is not exactly {time} away",
    "years_since <= before": "{question} was less than {time} ago, or is still to come",
    "years_since >= before": "{question} was at least {time} ago",
    "years_since range": "{question} was at least {low} and less than {time} ago",
    "year range": "{question} was {low} to {time} ago",
    "not year range": "{question} was not {low} to {time} ago",
    "years_since <= now": "{question} is still to come",
    "years_since >= now": "{question} is not in the future",
    "years_since <= after": "{question} is more than {time} away",
    "years_since >= after": "{question} is at most {time} away, or has passed",
    "years_since ==": "the whole years since {question} are {n}",
    "years_since !=": "the whole years since {question} are not {n}",
}
PLAIN = {("<=", -1): "days_until has passed", (">=", 1): "days_until is to come"}


def sentence(condition: Condition, programme: Programme, language: str) -> str:
    """Returns a condition of `programme` in one of its languages: `“Lives in” is “Ale”, and the group is A or B`."""
    return said(phrased(condition), programme, language)


def said(phrase: Phrase, programme: Programme, language: str) -> str:
    """Returns a phrase in words."""
    return _Speaker(programme, language).say(phrase)


def question_name(programme: Programme, question: str, language: str) -> str:
    """Returns the label of a question as in summaries, or its id if it has none yet."""
    return programme.texts.say(language, "question", question, "short") or question


def choice_name(programme: Programme, question: Question, choice: str, language: str) -> str:
    """Returns the text of a choice, without examples in brackets unless another choice begins alike."""
    names = {one.id: choice_text(programme, question, one.id, language) for one in question.choices}
    short = [_without_brackets(name) for name in names.values()]
    name = names.get(choice, choice)
    return _without_brackets(name) if short.count(_without_brackets(name)) == 1 else name


def _without_brackets(text: str) -> str:
    before, bracket, _ = text.partition(" (")
    return before if bracket and text.endswith(")") else text


class _Speaker:
    """One programme in one language."""

    def __init__(self, programme: Programme, language: str) -> None:
        self.programme, self.language = programme, language
        self.words = words_for(language)

    def say(self, phrase: Phrase) -> str:
        """Returns a phrase. Nested joins are in brackets; "and" and "or" follow a comma unless both parts are short."""
        if isinstance(phrase, Part):
            return self.part(phrase)
        said = self.members(phrase)
        if len(said) == 1:
            return said[0]
        single = all(isinstance(one, Part) and len(one.choices) <= 1 for one in phrase.members)
        return self.joined(phrase.join + (" short" if single and len(said) == 2 else ""), said)

    def members(self, phrase: Joined) -> list[str]:
        said, left = [], list(phrase.members)
        while left:
            one = left.pop(0)
            for other in left:
                if text := self.both(phrase.join, one, other):
                    left.remove(other)
                    break
            else:
                inner = [] if isinstance(one, Part) else self.members(one)
                text = f"({self.say(one)})" if len(inner) > 1 else self.say(one)
            said.append(text)
        return said

    def both(self, join: str, one: Phrase, other: Phrase) -> str:
        """Returns one sentence for two parts about a question: 18 to 66, yes or not answered. Empty if not plainer."""
        if not isinstance(one, Part) or not isinstance(other, Part) or one.question != other.question:
            return ""
        first, last = sorted((one, other), key=lambda part: (part.relation, part.operator))
        if (join, first.relation, last.relation, last.negated) == ("any", "is", "known", True):
            answers, negated = self.answers(first)
            return "" if negated else self.fill("is or unknown", first, answers=answers)
        if first.relation != last.relation or (first.operator, last.operator) != ("<=", ">="):
            return ""
        if join == "all":
            return self.between(one, last.number, first.number)
        return self.between(one, first.number + 1, last.number - 1, negated=True)

    def between(self, part: Part, low: int, high: int, negated: bool = False) -> str:
        """Returns a sentence for a range from `low` to `high`, or its negation. Empty if two parts are plainer."""
        years = self.programme.by_id[part.question].kind == "year"
        shown: object = low
        saying, time = f"{part.relation} range", ""
        match part.relation:
            case "years_since" if years and low >= 0:
                saying, time = "year range", self.words.n("{n} year", "{n} years", high)
            case "years_since" if low >= 0:  # 5 completed years are less than 6
                time = self.words.n("{n} year", "{n} years", high + 1)
            case "days_until" if low >= 0:
                saying, time = "days_until range after", self.words.n("{n} day", "{n} days", high)
            case "days_until" if high <= 0:
                saying, shown = "days_until range before", -high
                time = self.words.n("{n} day", "{n} days", -low)
            case "days_until":
                saying, shown = "days_until range around", self.words.n("{n} day", "{n} days", -low)
                time = self.words.n("{n} day", "{n} days", high)
        if low >= high or (f"not {saying}" if negated else saying) not in SAYINGS:
            return ""
        return self.fill(saying, part, negated, low=shown, high=high, time=time)

    def part(self, part: Part) -> str:
        words = self.words
        match part.relation:
            case "is" | "has":
                answers, negated = self.answers(part)
                return self.fill(part.relation, part, negated, answers=answers)
            case "group":
                groups = [group.id for group in self.programme.groups if group.id in part.choices]
                return self.fill("group", part, part.negated, answers=self.either(groups))
            case "known":
                return self.fill("known", part, part.negated)
            case "days_until" if (part.operator, part.number) in PLAIN:
                return self.fill(PLAIN[part.operator, part.number], part)
            case "days_until":
                days = words.n("{n} day", "{n} days", abs(part.number))
                return self.timed(part, part.number, days)
            case "years_since" if part.operator in ("==", "!="):
                return self.fill(f"years_since {part.operator}", part, n=part.number)
            case "years_since":  # at most 1 completed year is less than 2 years
                number = part.number + (part.operator == "<=")
                return self.timed(part, number, words.n("{n} year", "{n} years", abs(number)))
            case "value" if KINDS[self.programme.by_id[part.question].kind].domain.unit == "year":
                return self.fill(f"year {part.operator}", part, n=part.number)
        return self.fill(f"{part.relation} {part.operator}", part, n=part.number)

    def answers(self, part: Part) -> tuple[str, bool]:
        """Returns the choices in order, and whether negated: of many, the excluded ones are named if they are fewer."""
        question, negated = self.programme.by_id[part.question], part.negated
        all = [one.id for one in question.choices if not one.dont_know]
        choices, others = [id for id in all if id in part.choices], [id for id in all if id not in part.choices]
        if part.relation == "is" and len(choices) > LONGEST and 0 < len(others) < len(choices):
            choices, negated = others, not negated
        return self.named([choice_name(self.programme, question, id, self.language) for id in choices]), negated

    def named(self, answers: Sequence[str]) -> str:
        said = [self.words(SAYINGS["answer"], text=text) for text in answers]
        if len(said) > LONGEST:
            return self.words(SAYINGS["many"], n=len(said), names=", ".join(said[:SHOWN]))
        return self.either(said)

    def either(self, items: Sequence[str]) -> str:
        return items[0] if len(items) == 1 else self.joined("any short", items)

    def joined(self, join: str, said: Sequence[str]) -> str:
        return self.words(SAYINGS[join], most=", ".join(said[:-1]), last=said[-1])

    def timed(self, part: Part, number: int, time: str) -> str:
        """Returns a comparison of days or years with today: before, now or after. They count in opposite directions."""
        since = part.relation == "years_since"
        when = "now" if number == 0 else "before" if (number > 0) == since else "after"
        return self.fill(f"{part.relation} {part.operator} {when}", part, time=time)

    def fill(self, saying: str, part: Part, negated: bool = False, **blanks: object) -> str:
        text = SAYINGS[f"not {saying}" if negated else saying]
        label = self.words(SAYINGS["answer"], text=question_name(self.programme, part.question, self.language))
        return self.words(text, question=label, **blanks)
