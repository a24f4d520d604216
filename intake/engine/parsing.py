"""Parses conditions: a white-listed, typed subset of Python expressions, parsed with `ast`, never executed.

Length, depth and number of parts are limited first, so that no text can exhaust the parser.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from intake.engine.conditions import OPERATORS, And, Compare, Condition, Has, InGroup, Is, Known, Not, Or
from intake.engine.domains import AnyOf, OneOf
from intake.engine.findings import did_you_mean
from intake.engine.kinds import KINDS
from intake.engine.programme import Question
from intake.engine.spelling import misspelt

MAX_LENGTH, MAX_DEPTH, MAX_PARTS = 2_000, 20, 200
FILLED_DEPTH, FILLED_PARTS = 100, 4_000  # the same with named conditions filled in
SHOWN = 80  # characters of the faulty part that a message quotes
MAX_DIGITS = 9  # as many as an answer may have
ON_ONE_LINE = str.maketrans("\r\n\t", "   ")  # a condition may span several lines
SPLIT = "split it into named conditions"
PERMITTED = "permitted: a named condition, a comparison, known(q), and or not"
MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
MEASURES = ("days_until", "years_since", "count")


@dataclass(frozen=True)
class ConditionScope:
    """The names that a condition may use at its place: earlier questions, sets, named conditions, groups."""

    questions: Mapping[str, Question]
    sets: Mapping[str, Sequence[str]]
    named: Mapping[str, Condition]
    groups: Mapping[str, Condition]


class NotACondition(ValueError):
    """The text is not a permitted condition; the message names the part and what is permitted there."""


def parse(text: str, scope: ConditionScope) -> Condition:
    """Returns the typed tree of a condition, in milliseconds and without executing anything. Raises NotACondition."""
    if len(text) > MAX_LENGTH:
        raise NotACondition(f"{len(text)} characters; at most {MAX_LENGTH} are permitted: {SPLIT}")
    text = text.translate(ON_ONE_LINE).strip()
    if slip := misspelt(text):
        raise NotACondition(slip)
    try:
        tree = ast.parse(text, mode="eval").body
    except SyntaxError as error:
        raise NotACondition(_unreadable(text, error)) from None
    except (MemoryError, RecursionError):
        raise NotACondition(f"nested too deeply: {SPLIT}") from None
    if _more_than(FILLED_PARTS, ast.walk(tree)):
        raise NotACondition(f"more than {MAX_PARTS} parts: {SPLIT}")
    condition = _Reader(text, scope).read(tree, 1)
    if _more_than(FILLED_PARTS, condition.parts()):
        raise NotACondition(f"more than {FILLED_PARTS} parts when its names are filled in: name less in it")
    if _levels(condition) > FILLED_DEPTH:
        raise NotACondition(f"more than {FILLED_DEPTH} levels deep when its names are filled in: name less in it")
    return condition


def _unreadable(text: str, error: SyntaxError) -> str:
    """Returns the message for a syntax error: the place, and what is permitted there."""
    if not text:
        return f"an empty condition; {PERMITTED}"
    if "nested" in error.msg:
        return f"nested too deeply: {SPLIT}"
    place = min(error.offset or 1, len(text))
    return f'not an expression at character {place}, "{text[place - 1 :][:40]}"; {PERMITTED}'


def _more_than(most: int, parts: Iterable[object]) -> bool:
    """Whether there are more than `most` parts, counting no further than that."""
    return next(islice(parts, most, None), None) is not None


def _levels(condition: Condition) -> int:
    """The depth of the tree. Named conditions were limited when they were parsed, so this recursion is bounded too."""
    match condition:
        case Not(part=part):
            return 1 + _levels(part)
        case And(members=members) | Or(members=members):
            return 1 + max(map(_levels, members), default=0)
        case InGroup(meaning=meaning):
            return 1 + _levels(meaning)
    return 1


class _Reader:
    """Reads the text of one condition, node by node."""

    def __init__(self, text: str, scope: ConditionScope) -> None:
        self.text = text
        self.scope = scope
        self.count = 0

    def read(self, node: ast.expr, depth: int) -> Condition:
        self.count += 1
        if depth > MAX_DEPTH:
            raise NotACondition(f"more than {MAX_DEPTH} levels deep: {SPLIT}")
        if self.count > MAX_PARTS:
            raise NotACondition(f"more than {MAX_PARTS} parts: {SPLIT}")
        match node:
            case ast.BoolOp(op=op, values=values):
                members = tuple(self.read(value, depth + 1) for value in values)
                return And(members) if isinstance(op, ast.And) else Or(members)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return Not(self.read(operand, depth + 1))
            case ast.Compare(left=left, ops=ops, comparators=comparators):
                pairs = zip([left, *comparators], ops, comparators, strict=False)
                members = tuple(self.comparison(one, op, other) for one, op, other in pairs)
                return members[0] if len(members) == 1 else And(members)
            case ast.Name(id=name):
                return self.named(name)
            case ast.Call():
                name, question = self.call(node)
                if name != "known":
                    raise NotACondition(f"{self.source(node)} is a number: compare it, as in {self.source(node)} >= 1")
                return Known(question.id)
        raise NotACondition(f"{self.source(node)} is not permitted here; {PERMITTED}")

    def named(self, name: str) -> Condition:
        if name in self.scope.named:
            return self.scope.named[name]
        if name in self.scope.questions:
            raise NotACondition(f'"{name}" is a question: compare it with something, or write known({name})')
        raise NotACondition(f'unknown condition "{name[:SHOWN]}"{did_you_mean(name, self.scope.named)}')

    def comparison(self, left: ast.expr, op: ast.cmpop, right: ast.expr) -> Condition:
        self.count += 1
        if self.count > MAX_PARTS:
            raise NotACondition(f"more than {MAX_PARTS} parts: {SPLIT}")
        sign = SIGNS.get(type(op))
        if sign is None:
            raise NotACondition(f'"is" is not permitted; write == in {self.text[:SHOWN]}')
        if isinstance(left, ast.Name) and left.id == "group":
            return self.group(sign, right)
        if sign in ("in", "not in") and isinstance(left, ast.Constant):
            return _unless(sign == "in", self.membership(left, right))
        if isinstance(right, ast.Call) or (_number(left) is not None and isinstance(right, ast.Name)):
            if sign not in MIRRORED:
                raise NotACondition(f'"{sign}" cannot stand before {self.source(right)}')
            left, right, sign = right, left, MIRRORED[sign]
        if isinstance(left, ast.Call):
            return self.measure(left, sign, right)
        if not isinstance(left, ast.Name):
            raise NotACondition(
                f"{self.source(left)} cannot be compared; a question, days_until(q), years_since(q) or count(q) can"
            )
        question = self.question(left.id)
        domain = KINDS[question.kind].domain
        if "value" in domain.measures:
            return self.sized("value", question, sign, right)
        if not isinstance(domain, OneOf):
            raise NotACondition(f'"{question.id}" ({question.kind}) cannot be compared like that; {_ways(question)}')
        if sign in ("==", "!="):
            return _unless(sign == "==", Is(question.id, frozenset([self.constant(right, question)])))
        if sign in ("in", "not in"):
            return _unless(sign == "in", Is(question.id, self.constants(right, question)))
        raise NotACondition(f'"{sign}" compares numbers; "{question.id}" is a choice: use == or in')

    def group(self, sign: str, right: ast.expr) -> Condition:
        if sign not in ("==", "!=") or not (isinstance(right, ast.Constant) and isinstance(right.value, str)):
            raise NotACondition('a group is tested by group == "id"')
        if right.value not in self.scope.groups:
            raise NotACondition(f'unknown group "{right.value[:SHOWN]}"{did_you_mean(right.value, self.scope.groups)}')
        return _unless(sign == "==", InGroup(right.value, self.scope.groups[right.value]))

    def membership(self, left: ast.Constant, right: ast.expr) -> Condition:
        if not isinstance(right, ast.Name):
            raise NotACondition(f"{self.source(right)} is not a question with several choices")
        question = self.question(right.id)
        if not isinstance(KINDS[question.kind].domain, AnyOf):
            raise NotACondition(f'"{question.id}" ({question.kind}) does not hold several; {_ways(question)}')
        return Has(question.id, self.constant(left, question))

    def measure(self, left: ast.Call, sign: str, right: ast.expr) -> Condition:
        name, question = self.call(left)
        if name == "known":
            raise NotACondition(
                f"known({question.id}) is true or false already: write it alone, or not known({question.id})"
            )
        taken = [kind.name for kind in KINDS.values() if name in kind.domain.measures]
        if question.kind not in taken:
            raise NotACondition(f'{name}() takes a {" or ".join(taken)}; "{question.id}" is a {question.kind}')
        return self.sized(name, question, sign, right)

    def sized(self, measure: str, question: Question, sign: str, right: ast.expr) -> Condition:
        number = _number(right)
        if number is None or sign not in OPERATORS:
            raise NotACondition(
                f"{self.source(right)}: compare with a whole number, at most {MAX_DIGITS} digits, by < <= > >= == !="
            )
        return Compare(measure, question.id, sign, number)

    def call(self, node: ast.Call) -> tuple[str, Question]:
        name = node.func.id if isinstance(node.func, ast.Name) else self.source(node.func)
        if name not in ("known", *MEASURES):
            raise NotACondition(f"{name[:SHOWN]}() is not permitted{did_you_mean(name, ['known', *MEASURES])}")
        if len(node.args) != 1 or node.keywords or not isinstance(node.args[0], ast.Name):
            raise NotACondition(f"{name}() takes one question, as in {name}(q)")
        return name, self.question(node.args[0].id)

    def question(self, id: str) -> Question:
        if id in self.scope.questions:
            return self.scope.questions[id]
        if id == "group":
            raise NotACondition('a group is tested by group == "id"')
        if id in self.scope.named:
            raise NotACondition(f'"{id}" is a named condition: it stands by its name alone, without a comparison')
        raise NotACondition(f'unknown question "{id[:SHOWN]}"{did_you_mean(id, self.scope.questions)}')

    def constants(self, node: ast.expr, question: Question) -> frozenset[str]:
        if isinstance(node, ast.Name):
            if node.id not in self.scope.sets:
                raise NotACondition(f'unknown set "{node.id[:SHOWN]}"{did_you_mean(node.id, self.scope.sets)}')
            return frozenset(self.declared(value, question) for value in self.scope.sets[node.id])
        if isinstance(node, ast.List | ast.Tuple | ast.Set) and node.elts:
            return frozenset(self.constant(element, question) for element in node.elts)
        raise NotACondition(f'after "in" stands a set or a list of choices, not {self.source(node)}')

    def constant(self, node: ast.expr, question: Question) -> str:
        if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
            raise NotACondition(f'{self.source(node)} is no choice of "{question.id}": write a choice in quotes')
        return self.declared(node.value, question)

    def declared(self, value: str, question: Question) -> str:
        choice = question.choice(value)
        if choice is None:
            near = did_you_mean(value, [choice.id for choice in question.choices])
            raise NotACondition(f'"{value[:SHOWN]}" is no choice of "{question.id}"{near}')
        if choice.dont_know:
            raise NotACondition(
                f'"{value}" means "I don\'t know" and cannot be compared with: write not known({question.id})'
            )
        return value

    def source(self, node: ast.AST) -> str:
        return (ast.get_source_segment(self.text, node) or ast.dump(node))[:SHOWN]


SIGNS: Mapping[type[ast.cmpop], str] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
    ast.In: "in", ast.NotIn: "not in",
}  # fmt: skip


def _unless(positive: bool, condition: Condition) -> Condition:
    return condition if positive else Not(condition)


def _number(node: ast.expr) -> int | None:
    below_zero = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub)
    value = node.operand if isinstance(node, ast.UnaryOp) and below_zero else node
    if not isinstance(value, ast.Constant) or type(value.value) is not int or value.value >= 10**MAX_DIGITS:
        return None
    return -value.value if below_zero else value.value


def _ways(question: Question) -> str:
    ways = [way.format(q=question.id) for way in KINDS[question.kind].domain.ways[:2]]
    return f"write {', or '.join(ways)}" if ways else f"only known({question.id}) is possible"
