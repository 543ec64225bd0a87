"""What a reader of all editions knows, as unknown integers, bounds and sums.

A cell is one unknown through all editions, until an edition visibly says something else of it: then it was corrected, and is another
unknown from there on. Unknowns that no sum ties together fall apart into groups, which are attacked one by one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count

from tenants.disclosure.tables import Edition, Key

Sum = tuple[int, frozenset[int]]
Range = tuple[int, int]


@dataclass
class Group:
    """Unknowns tied by sums. `bounds` holds what was published of each; `keys` and `people` say what they are."""

    keys: dict[int, Key] = field(default_factory=dict)
    people: set[int] = field(default_factory=set)
    bounds: dict[int, Range] = field(default_factory=dict)
    sums: set[Sum] = field(default_factory=set)
    # (a, b): a never exceeds b.
    ceilings: set[tuple[int, int]] = field(default_factory=set)


def gather(editions: Sequence[Edition]) -> Group:
    """All unknowns of these editions, oldest first, tied or not."""
    whole, numbers = Group(), count()
    # The unknown that a cell is at present, and the bounds that were last said of it.
    present: dict[Key, tuple[int, Range | None]] = {}
    for edition in editions:
        people, ceilings = edition.shape.people, edition.shape.ceilings
        for key, answer in edition.answers.items():
            bounds = answer.bounds
            number, said = present.get(key, (None, None))
            if number is None or (said and bounds and said != bounds):
                number = next(numbers)
                whole.keys[number] = key
            present[key] = number, bounds or said
            if bounds:
                whole.bounds[number] = bounds
            if key.indicator in people:
                whole.people.add(number)
        for key in edition.answers:
            for parts in edition.shape.parts(key):
                if all(each in edition.answers for each in parts):
                    whole.sums.add((present[key][0], frozenset([present[each][0] for each in parts])))
            if (limit := ceilings.get(key.indicator, key.indicator)) != key.indicator and (above := key._replace(indicator=limit)) in edition.answers:
                whole.ceilings.add((present[key][0], present[above][0]))
    return whole


def groups(whole: Group) -> Iterator[Group]:
    """The whole, taken apart where nothing ties it together; groups without people are left out."""
    leader = {number: number for number in whole.keys}

    def lead(number: int) -> int:
        while leader[number] != number:
            leader[number] = leader[leader[number]]
            number = leader[number]
        return number

    for total, parts in whole.sums:
        for each in parts:
            leader[lead(each)] = lead(total)
    for low, high in whole.ceilings:
        leader[lead(low)] = lead(high)
    apart: dict[int, Group] = {}
    for number, key in whole.keys.items():
        group = apart.setdefault(lead(number), Group())
        group.keys[number] = key
        if number in whole.people:
            group.people.add(number)
        if number in whole.bounds:
            group.bounds[number] = whole.bounds[number]
    for total, parts in whole.sums:
        apart[lead(total)].sums.add((total, parts))
    for low, high in whole.ceilings:
        apart[lead(low)].ceilings.add((low, high))
    yield from (group for group in apart.values() if group.people)
