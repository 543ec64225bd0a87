"""From counts to what may be published: rounded, thinned out, attacked, and withheld until the attack finds nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tenants.disclosure.attack import narrowed, narrowed_apart
from tenants.disclosure.rounding import BELOW, published
from tenants.disclosure.tables import Answer, Count, Edition, Key, Reason, Shape, Table
from tenants.disclosure.unknowns import Range

ENOUGH_COLLECTIVES = 3


class CannotProtect(Exception):
    """Even with all of the new edition withheld, the earlier ones reveal these cells."""


@dataclass
class _Bar:
    """Each attack takes half of what is left of the bar."""

    told: Callable[[float], None]
    left: float = 1.0

    def attack(self, share: float) -> None:
        self.told(1 - self.left + self.left / 2 * share)


def protect(table: Table, earlier: Sequence[Edition] = (), shielded: bool = True, told: Callable[[float], None] = lambda _share: None) -> Edition:
    """The table as an edition in which no cell of people can be narrowed to fewer than five values, earlier editions (oldest first) included.

    Raises CannotProtect. With `shielded=False` the edition says the exact counts: for the collective's own team, and for the test that
    shows that the attack would find something. `told` hears how much is done: how often the attack finds something, nobody knows before.
    """
    if not shielded:
        return Edition({key: Answer(count.value) for key, count in table.counts.items()}, table.shape)
    answers = {key: _answer(key, count, table.shape) for key, count in table.counts.items()}
    _hide_wholes(table, answers)
    bar = _Bar(told)
    while apart := narrowed_apart([*earlier, Edition(answers, table.shape)], told=bar.attack):
        bar.left /= 2
        # To withhold only loosens: until these are free, no other cell needs to be asked about again. Then all of them are, once more.
        for tied, found in apart:
            before = [each.only(tied) for each in earlier]
            while found:
                answers[_to_withhold(found, answers, table)] = Answer(None, Reason.narrowed)
                found = narrowed([*before, Edition(answers, table.shape).only(tied)], among=found.keys())
    told(1.0)
    return Edition(answers, table.shape)


def _answer(key: Key, count: Count, shape: Shape) -> Answer:
    if key.indicator not in shape.people:
        return Answer(count.value)
    if count.collectives < ENOUGH_COLLECTIVES and not count.publishes_itself:
        return Answer(None, Reason.few_collectives)
    number = published(count.value)
    return Answer(number, Reason.small if number is None else Reason.rounded if number else None)


def _hide_wholes(table: Table, answers: dict[Key, Answer]) -> None:
    """Hide a category that equals its total, with its sisters: their zeros would say the same."""
    for key, count in table.counts.items():
        total = table.shape.categories.get(key.indicator)
        if total and count.value and key.indicator in table.shape.people and table.counts[key._replace(indicator=total)].value == count.value:
            for sister, parent in table.shape.categories.items():
                other = key._replace(indicator=sister)
                if parent == total and not answers[other].withheld:
                    answers[other] = Answer(None, Reason.whole)


def _to_withhold(found: Mapping[Key, Range], answers: Mapping[Key, Answer], table: Table) -> Key:
    """The smallest shown cell of those found, else the smallest beside one of them: zeros after the others, acts last.

    One at a time, because to withhold one often frees the others.
    """
    shown = [each for each in answers if not answers[each].withheld]
    near = [each for each in shown if each in found]
    near = near or [each for each in shown if any(each.year == key.year and _tied(each, key, table.shape) for key in found)]
    near = near or [each for each in shown if any(each.year == key.year for key in found)]
    if not near:
        raise CannotProtect(f"{min(found)} is revealed by earlier editions.")
    value = {each: table.counts[each].value for each in near}
    return min(near, key=lambda each: (each.indicator not in table.shape.people, value[each] == 0, value[each], each))


def _tied(one: Key, other: Key, shape: Shape) -> bool:
    """Whether two cells stand in one sum, or one is the other's ceiling."""
    if one.area == other.area:
        families = {one.indicator, shape.categories.get(one.indicator)} & {other.indicator, shape.categories.get(other.indicator)}
        return bool(families - {None}) or shape.ceilings.get(one.indicator) == other.indicator or shape.ceilings.get(other.indicator) == one.indicator
    return one.indicator == other.indicator and bool({one.area, shape.areas.get(one.area)} & ({other.area, shape.areas.get(other.area)} - {None}))


def rate(edition: Edition, part: Key, whole: Key) -> Answer | Fraction:
    """The share of one cell in another, from what is published of both; an Answer without number where there is none to give.

    Rounding may lift a part above its whole: a share is 1 at most.
    """
    numbers: list[int] = []
    for key in (part, whole):
        answer = edition.answers[key]
        if answer.number is None:
            return Answer(None, answer.reason if answer.withheld else Reason.few_people)
        numbers.append(answer.number)
    if numbers[1] < BELOW:
        return Answer(None, Reason.few_people)
    return min(Fraction(numbers[0], numbers[1]), Fraction(1))
