"""The attack: between which two integers must each count of people lie, given everything published?

HiGHS answers by integer programming (https://highs.dev): for each cell the least and the greatest value that all published cells,
their rounding and their sums leave possible. A cell that a reader can narrow to fewer than five values is found.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from tenants.disclosure.rounding import STEP
from tenants.disclosure.tables import Edition, Key
from tenants.disclosure.unknowns import Group, Range, gather, groups

# How many times the cells are divided into halves before each is asked about by itself.
SWEEPS = 4


class Contradiction(Exception):
    """No counts fit all that was published: the editions were corrected in a way that only shows in their sums."""


def narrowed(
    editions: Sequence[Edition], among: Collection[Key] | None = None, told: Callable[[float], None] = lambda _share: None
) -> dict[Key, Range]:
    """The cells of people that a reader of these editions, oldest first, can narrow to fewer than five values, with what remains.

    A 0 is no secret: it is published as it is. `among` asks about these cells alone; `told` hears how much is done.
    """
    return {key: remains for _tied, found in narrowed_apart(editions, among, told) for key, remains in found.items()}


def narrowed_apart(
    editions: Sequence[Edition], among: Collection[Key] | None = None, told: Callable[[float], None] = lambda _share: None
) -> list[tuple[set[Key], dict[Key, Range]]]:
    """The same by groups that no sum ties together, each with all of its cells: what is withheld in one leaves the others as they are."""
    found = []
    apart = list(groups(gather(editions)))
    for number, group in enumerate(apart):
        told(number / len(apart))
        keys = set(group.keys.values())
        try:
            found.append((keys, dict(_tight(group, among))))
        except Contradiction:
            # Whoever takes the editions together learns nothing then, so the latest is read alone; the others were in their time.
            for alone in groups(gather([editions[-1].only(keys)])):
                found.append((set(alone.keys.values()), dict(_tight(alone, among))))
    return [each for each in found if each[1]]


def _tight(group: Group, among: Collection[Key] | None) -> Iterator[tuple[Key, Range]]:
    asked = [each for each in sorted(group.people) if among is None or group.keys[each] in among]
    if not asked:
        return
    import highspy

    class Silent(highspy.Highs):
        """Its constructor enables callbacks, and that already prints who it is: it is told to be silent before."""

        def enableCallbacks(self) -> None:  # noqa: N802  # its name in the library
            self.silent()
            super().enableCallbacks()  # type: ignore[no-untyped-call]

    numbers = list(group.keys)
    column = {number: place for place, number in enumerate(numbers)}
    # No reader knows a limit; one far above all that was published keeps the search finite and can only tell the reader more.
    cap = 2 * sum(high for _low, high in group.bounds.values()) + 100
    solver = Silent()  # type: ignore[no-untyped-call]  # its constructor alone has no types
    for option, value in (("threads", 1), ("mip_rel_gap", 0.0), ("mip_abs_gap", 0.5)):
        solver.setOptionValue(option, value)
    for number in numbers:
        low, high = group.bounds.get(number, (0, cap))
        solver.addCol(0.0, low, high, 0, [], [])
        solver.changeColIntegrality(column[number], highspy.HighsVarType.kInteger)
    for total, parts in sorted(group.sums, key=lambda each: (each[0], sorted(each[1]))):
        places = [column[total], *sorted(column[each] for each in parts)]
        solver.addRow(0.0, 0.0, len(places), places, [-1.0] + [1.0] * len(parts))
    for low_one, high_one in sorted(group.ceilings):
        solver.addRow(-highspy.kHighsInf, 0.0, 2, [column[low_one], column[high_one]], [1.0, -1.0])
    # Each solution is a table that fits: what it says of the other cells spares most of the questions about them.
    least, greatest = [cap + 1] * len(numbers), [-1] * len(numbers)

    def ask(costs: Mapping[int, float], *senses: highspy.ObjSense) -> None:
        for place, cost in costs.items():
            solver.changeColCost(place, cost)
        for sense in senses:
            solver.changeObjectiveSense(sense)
            solver.run()
            status = solver.getModelStatus()
            if status == highspy.HighsModelStatus.kInfeasible:
                raise Contradiction
            if status != highspy.HighsModelStatus.kOptimal:
                raise RuntimeError(f"HiGHS found no bound: {solver.modelStatusToString(status)}.")
            for each, value in enumerate(solver.getSolution().col_value):
                least[each], greatest[each] = min(least[each], round(value)), max(greatest[each], round(value))
        for place in costs:
            solver.changeColCost(place, 0.0)

    highest, lowest = highspy.ObjSense.kMaximize, highspy.ObjSense.kMinimize
    places = [column[number] for number in asked if group.bounds.get(number) != (0, 0)]
    for bit in range(SWEEPS if len(places) > SWEEPS else 0):
        # All at once, one half up and the other down, so that their sums stay: hundreds of cells are seen to be free in two questions.
        ask({place: 1.0 if order >> bit & 1 else -1.0 for order, place in enumerate(places)}, highest, lowest)
    for number in asked:
        place = column[number]
        if group.bounds.get(number) == (0, 0):
            continue
        for sense in (highest, lowest):
            if greatest[place] - least[place] + 1 < STEP:
                ask({place: 1.0}, sense)
        if greatest[place] - least[place] + 1 < STEP and greatest[place] > 0:
            yield group.keys[number], (least[place], greatest[place])
