"""Disclosure control: what rounding promises, and an attack on random networks that finds nothing; without protection it finds people."""

import itertools
import random
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tenants.disclosure import Answer, CannotProtect, Count, Edition, Key, Reason, Shape, Table, narrowed, protect, published, rate, rounded

counts = st.integers(min_value=0, max_value=10**6)
quick = settings(max_examples=200, deadline=None)


@quick
@given(counts)
def test_rounding_keeps_its_promises(count):
    for rule, limit in ((rounded, 8), (published, 13)):
        shown = rule(count)
        assert (shown is None) == (0 < count < limit)
        if shown is not None:
            assert shown % 5 == 0
            assert abs(shown - count) <= 2
            assert (shown == 0) == (count == 0)
            assert rule(shown) in (shown, None if shown < limit else shown)
            assert shown == 0 or shown >= limit - limit % 5


@quick
@given(counts, counts)
def test_more_people_are_never_shown_as_fewer(one, other):
    low, high = sorted((one, other))
    for rule in (rounded, published):
        assert (rule(low) or 0) <= (rule(high) or 0) or rule(high) is None


@quick
@given(st.integers(min_value=13, max_value=10**6))
def test_five_counts_are_published_as_one_number(count):
    number = published(count)
    assert [each for each in range(count - 9, count + 10) if published(each) == number] == list(range(number - 2, number + 3))


def network(seed, years=(2025,), largest=45):
    """A random network: one or two regions of departments, a count of households in two categories, and doors that it cannot exceed."""
    dice = random.Random(seed)  # noqa: S311  # the same networks each time
    areas = {f"D{number}": dice.choice(["R1", "R2"]) for number in range(dice.randint(2, 4))}
    areas |= dict.fromkeys(sorted(set(areas.values())), "FR")
    shape = Shape(frozenset({"situations", "alone", "two"}), areas, {"alone": "situations", "two": "situations"}, {"situations": "doors"})
    table = {}
    for year in years:
        for department in [each for each in areas if each.startswith("D")]:
            alone, two = (dice.choice([0, dice.randint(1, 12), dice.randint(1, largest)]) for _each in range(2))
            line = {"alone": alone, "two": two, "situations": alone + two, "doors": alone + two + dice.randint(0, 9) ** 2}
            fed = dice.randint(1, 6)
            for area in (department, areas[department], "FR"):
                for code, value in line.items():
                    key = Key(area, code, year)
                    before = table.get(key, Count(0, 0))
                    table[key] = Count(before.value + value, before.collectives + fed)
    return Table(table, shape)


def corrected(table, seed):
    """The same table with one late household in one department, and its sums."""
    dice, areas = random.Random(seed), table.shape.areas  # noqa: S311  # the same corrections each time
    department = dice.choice(sorted(each for each in areas if each.startswith("D")))
    year = min(key.year for key in table.counts)
    late = {(area, code) for area in (department, areas[department], "FR") for code in ("alone", "situations", "doors")}
    return Table(
        {key: Count(each.value + (key.year == year and (key.area, key.indicator) in late), each.collectives) for key, each in table.counts.items()},
        table.shape,
    )


def check_the_attack_finds_nothing(editions):
    found = narrowed(editions)
    assert not found, f"A reader can narrow {len(found)} counts of people: {dict(list(found.items())[:3])}."


NETWORKS = range(8)


@pytest.mark.parametrize("seed", NETWORKS)
def test_the_attack_finds_nothing_in_random_networks_and_editions(seed):
    first = network(seed, years=(2024, 2025) if seed % 4 == 0 else (2025,))
    second = corrected(first, seed)
    editions = [protect(first)]
    editions.append(protect(second, editions))
    for number in (1, 2):
        check_the_attack_finds_nothing(editions[:number])
    with pytest.raises(AssertionError, match="narrow"):
        check_the_attack_finds_nothing([protect(first, shielded=False)])
    assert protect(first, editions[:1]) == editions[0], "The same counts published again say the same."


def test_rounding_alone_is_not_enough():
    found = 0
    for seed in NETWORKS:
        table = network(seed)
        alone = {
            key: Answer(count.value) if key.indicator == "doors" else Answer(published(count.value), rounding_reason(count.value))
            for key, count in table.counts.items()
        }
        found += bool(narrowed([Edition(alone, table.shape)]))
    assert found > len(NETWORKS) / 4


@settings(max_examples=40, deadline=None)
@given(st.tuples(*[st.integers(min_value=0, max_value=40)] * 3))
def test_the_attack_finds_what_trying_every_table_finds(parts):
    """Three departments and their sum, rounded: every table that fits, one by one, against what HiGHS says."""
    keys = [Key(area, "x", 2025) for area in ("D1", "D2", "D3", "FR")]
    answers = {
        key: Answer(published(value), rounding_reason(value)) if value else Answer(0) for key, value in zip(keys, [*parts, sum(parts)], strict=True)
    }
    *bounds, (least, greatest) = [answer.bounds for answer in answers.values()]
    tables = [(*each, sum(each)) for each in itertools.product(*(range(low, high + 1) for low, high in bounds)) if least <= sum(each) <= greatest]
    ranges = {key: (min(column), max(column)) for key, column in zip(keys, zip(*tables, strict=True), strict=True)}
    tight = {key: (low, high) for key, (low, high) in ranges.items() if high - low < 4 and high > 0}
    assert narrowed([Edition(answers, Shape(frozenset({"x"}), dict.fromkeys(("D1", "D2", "D3"), "FR")))]) == tight


def rounding_reason(value):
    return Reason.small if 0 < value < 13 else Reason.rounded if value else None


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(min_value=100, max_value=10**6))
def test_what_is_published_never_lies_and_never_says_1_to_12(seed):
    table = network(seed)
    edition = protect(table)
    assert edition.answers.keys() == table.counts.keys()
    for key, answer in edition.answers.items():
        value = table.counts[key].value
        if key.indicator == "doors":
            assert answer.withheld or answer == Answer(value)
            continue
        assert answer.number is None or answer.number == 0 or answer.number >= 15
        assert answer.reason or value == 0, f"{key} does not say why."
        if answer.bounds:
            low, high = answer.bounds
            assert low <= value <= high
        if table.counts[key].collectives < 3:
            assert answer.reason in (Reason.few_collectives, Reason.whole)


def one(value, collectives=9, **more):
    key = Key("FR", "situations", 2025)
    return protect(Table({key: Count(value, collectives, **more)}, Shape(frozenset({"situations"})))).answers[key]


def test_few_collectives_are_shown_for_the_wider_area_only_unless_they_publish():
    assert one(40, collectives=2) == Answer(None, Reason.few_collectives)
    assert one(40, collectives=3) == Answer(40, Reason.rounded)
    assert one(41, collectives=1, publishes_itself=True) == Answer(40, Reason.rounded)
    assert [one(value) for value in (0, 1, 12, 13)] == [Answer(0), Answer(None, Reason.small), Answer(None, Reason.small), Answer(15, Reason.rounded)]


def test_a_category_that_is_everybody_is_hidden_with_its_sisters():
    shape = Shape(frozenset({"all", "a", "b"}), categories={"a": "all", "b": "all"})
    values = {"all": 40, "a": 40, "b": 0}
    answers = protect(Table({Key("FR", code, 2025): Count(value, 9) for code, value in values.items()}, shape)).answers
    assert [answers[Key("FR", code, 2025)] for code in values] == [Answer(40, Reason.rounded), Answer(None, Reason.whole), Answer(None, Reason.whole)]


def test_what_sums_to_the_edge_of_its_rounding_is_withheld():
    """13 and 13 read 15 and 15; their sum of 26 reads 25, which leaves 26 and 27 alone."""
    shape = Shape(frozenset({"x"}), {"D1": "FR", "D2": "FR"})
    edition = protect(Table({Key(area, "x", 2025): Count(value, 9) for area, value in (("D1", 13), ("D2", 13), ("FR", 26))}, shape))
    assert sum(each.reason is Reason.narrowed for each in edition.answers.values()) == 1


def test_exact_acts_that_hem_people_in_are_withheld_last():
    """Three doors hold three households at most, whatever is said of the households."""
    shape = Shape(frozenset({"x"}), ceilings={"x": "doors"})
    people, doors = Key("FR", "x", 2025), Key("FR", "doors", 2025)
    answers = protect(Table({people: Count(2, 9), doors: Count(3, 9)}, shape)).answers
    assert answers == {people: Answer(None, Reason.narrowed), doors: Answer(None, Reason.narrowed)}
    answers = protect(Table({people: Count(14, 9), doors: Count(300, 9)}, shape)).answers
    assert answers == {people: Answer(15, Reason.rounded), doors: Answer(300)}


def test_an_earlier_edition_is_remembered():
    """Parts published one year and their total in the next edition meet in one reader."""
    shape = Shape(frozenset({"x"}), {"D1": "FR", "D2": "FR"})
    parts = {Key("D1", "x", 2025): Count(13, 9), Key("D2", "x", 2025): Count(13, 9)}
    first = protect(Table(parts, shape))
    total = Table({**parts, Key("FR", "x", 2025): Count(26, 9)}, shape)
    second = protect(total, [first])
    check_the_attack_finds_nothing([first, second])
    assert second.answers[Key("FR", "x", 2025)].withheld, "What was said stays said: the new number is the one to withhold."


def test_what_earlier_editions_reveal_cannot_be_protected_any_more():
    shape, key = Shape(frozenset({"x"})), Key("FR", "x", 2025)
    table = Table({key: Count(40, 9)}, shape)
    bare = Edition({key: Answer(40)}, shape)
    with pytest.raises(CannotProtect):
        protect(Table({key: Count(40, 1)}, shape), [bare])
    assert narrowed([bare]) == {key: (40, 40)}
    assert narrowed([protect(table)]) == {}


def test_rates_come_from_published_numbers():
    values = {"all": 40, "a": 17, "b": 23, "few": 12, "none": 0, "tall": 38}
    table = Table({Key("FR", code, 2025): Count(value, 9) for code, value in values.items()}, Shape(frozenset(values)))
    edition = protect(table)
    share = lambda part, whole: rate(edition, Key("FR", part, 2025), Key("FR", whole, 2025))  # noqa: E731
    assert share("a", "all") == Fraction(15, 40)
    assert share("none", "all") == 0
    assert share("all", "tall") == 1
    for part, whole in (("none", "few"), ("a", "few"), ("few", "all"), ("none", "none")):
        assert share(part, whole) == Answer(None, Reason.few_people)
    hidden = Edition({**edition.answers, Key("FR", "a", 2025): Answer(None, Reason.few_collectives)}, edition.shape)
    assert rate(hidden, Key("FR", "a", 2025), Key("FR", "all", 2025)) == Answer(None, Reason.few_collectives)


@pytest.mark.parametrize(
    ("values", "said"),
    [({"FR": 3, "D1": 1, "D2": 1}, "not the sum"), ({"FR": 1, "D1": 1}, "not the sum"), ({"FR": -1}, "negative")],
)
def test_a_table_that_does_not_add_up_is_refused(values, said):
    shape = Shape(frozenset({"x"}), {"D1": "FR", "D2": "FR"})
    with pytest.raises(ValueError, match=said):
        Table({Key(area, "x", 2025): Count(value, 9) for area, value in values.items()}, shape)


def test_a_ceiling_that_is_exceeded_is_refused():
    with pytest.raises(ValueError, match="exceeds"):
        Table({Key("FR", "x", 2025): Count(3, 9), Key("FR", "doors", 2025): Count(2, 9)}, Shape(frozenset({"x"}), ceilings={"x": "doors"}))


def test_the_solver_says_nothing_to_the_worker(capfd):
    """HiGHS greets whoever calls it; a worker's output is for what it has to say."""
    keys = [Key(area, "x", 2025) for area in ("D1", "D2", "FR")]
    edition = Edition(
        {key: Answer(number, Reason.rounded) for key, number in zip(keys, (20, 20, 40), strict=True)},
        Shape(frozenset({"x"}), dict.fromkeys(("D1", "D2"), "FR")),
    )
    narrowed([edition])
    assert capfd.readouterr() == ("", "")
