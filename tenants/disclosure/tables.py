"""What is published: counts before protection, answers after it, and the sums that tie them together."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import NamedTuple

from tenants.disclosure.rounding import BELOW, interval


class Key(NamedTuple):
    """Where a count stands: an area (a collective, a department, the network), an indicator or one of its categories, a year."""

    area: str
    indicator: str
    year: int


class Reason(Enum):
    """Why a cell does not say its count as it is."""

    rounded = "rounded"
    small = "small"
    few_collectives = "few_collectives"
    whole = "whole"
    narrowed = "narrowed"
    few_people = "few_people"


WITHHELD = {Reason.few_collectives, Reason.whole, Reason.narrowed, Reason.few_people}


@dataclass(frozen=True, slots=True)
class Count:
    """An exact count, how many collectives feed it, and whether the only ones concerned publish it themselves."""

    value: int
    collectives: int
    publishes_itself: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What a cell says: a number, "fewer than 13" (no number, Reason.small), or nothing (no number, another reason)."""

    number: int | None
    reason: Reason | None = None

    @property
    def withheld(self) -> bool:
        """Whether the cell says nothing at all."""
        return self.reason in WITHHELD

    @property
    def bounds(self) -> tuple[int, int] | None:
        """The counts that it leaves possible, both ends included; None when it says nothing."""
        if self.withheld:
            return None
        if self.number is None:
            return 1, BELOW - 1
        return interval(self.number) if self.reason is Reason.rounded else (self.number, self.number)


@dataclass(frozen=True)
class Shape:
    """How counts belong together; everybody is taken to know it.

    `people` are the indicators that count people or households; all others count acts. `areas` and `categories` name the parent of each
    area and of each category: children add up to their parent. `ceilings` names, for an indicator, another that it never exceeds.
    """

    people: frozenset[str]
    areas: Mapping[str, str] = field(default_factory=dict)
    categories: Mapping[str, str] = field(default_factory=dict)
    ceilings: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def _families(self) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
        both: tuple[dict[str, list[str]], dict[str, list[str]]] = ({}, {})
        for parents, families in zip((self.areas, self.categories), both, strict=True):
            for child, parent in parents.items():
                families.setdefault(parent, []).append(child)
        return both

    @cached_property
    def _parts(self) -> dict[Key, list[list[Key]]]:
        return {}

    def parts(self, key: Key) -> list[list[Key]]:
        """The cells that add up to this one: its areas, and its categories. Kept, because an attack asks again for each cell that it withholds."""
        found = self._parts.get(key)
        if found is None:
            areas, categories = self._families
            by_area = [key._replace(area=each) for each in areas.get(key.area, ())]
            by_kind = [key._replace(indicator=each) for each in categories.get(key.indicator, ())]
            found = self._parts[key] = [each for each in (by_area, by_kind) if each]
        return found


@dataclass(frozen=True)
class Table:
    """Exact counts with their shape. Raises ValueError when a sum does not add up: a wrong sum would be attacked in vain."""

    counts: Mapping[Key, Count]
    shape: Shape

    def __post_init__(self) -> None:
        for key, count in self.counts.items():
            if count.value < 0:
                raise ValueError(f"{key} is negative.")
            for parts in self.shape.parts(key):
                known = [each for each in parts if each in self.counts]
                if known and (len(known) < len(parts) or sum(self.counts[each].value for each in known) != count.value):
                    raise ValueError(f"{key} is not the sum of its parts: give all of them, 0 included.")
            above = self.shape.ceilings.get(key.indicator)
            limit = self.counts.get(key._replace(indicator=above)) if above else None
            if limit and count.value > limit.value:
                raise ValueError(f"{key} exceeds {above}.")


@dataclass(frozen=True)
class Edition:
    """What one publication says of each cell, in the order of its table, with the shape it was published in."""

    answers: Mapping[Key, Answer]
    shape: Shape

    def only(self, keys: Collection[Key]) -> "Edition":
        """What it says of some cells alone."""
        return Edition({key: answer for key, answer in self.answers.items() if key in keys}, self.shape)
