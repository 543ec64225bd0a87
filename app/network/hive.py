"""France drawn as a hive: one hexagon per department, in a layout of our own.

Who lies beside whom matters more than who lies where: of 237 pairs of neighbours on the ground 202 touch here, and none is further apart
than one hexagon between them (tests/network/test_hive.py). A name takes two characters, a hexagon four.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from app.network.departments import NAMES

MAP = (
    "                      62  59",
    "                76  60  80  02  08",
    "          14  27  95  93  75  51  55  54  57",
    "        50  61  78  92  77  10  52  88  67",
    "  22  35  53  72  28  91  94  21  70  90  68",
    "29  56  44  49  37  41  45  89  39  25",
    "      85  79  86  36  18  58  71",
    "        17  16  87  23  03  69  01  74",
    "          33  24  19  63  42  38  73",
    "        40  47  46  15  43  26  05",
    "      64  32  82  12  48  07  04  06",
    "        65  31  81  34  30  84  83",
    "          09  11  66          13          2B",
    "                                        2A",
)
OVERSEAS = (("971", "972", "973", "974", "976"), ("975", "977", "978", "986", "987", "988"))
# Half a hexagon's width, its side, and the rows between their middles.
HALF, SIDE, ROW = 19.5, 22.0, 34.0
WIDTH, TOP = 460, 26
HEIGHT = 576
# From how many collectives on a hexagon is darker: one, two, four.
LEVELS = (1, 2, 4)


class Hexagon(NamedTuple):
    """A department on the map: where it lies, and how many collectives it has."""

    code: str
    name: str
    x: float
    y: float
    points: str
    collectives: int
    level: int


def places() -> Iterator[tuple[str, int, int]]:
    """Every department of the mainland and of Corsica: its half-column and its row."""
    for row, line in enumerate(MAP):
        for column in range(0, len(line), 2):
            if code := line[column : column + 2].strip():
                yield code, column // 2, row


def _corners(x: float, y: float) -> str:
    around = ((0, -SIDE), (HALF, -SIDE / 2), (HALF, SIDE / 2), (0, SIDE), (-HALF, SIDE / 2), (-HALF, -SIDE / 2))
    return " ".join(f"{x + right:g},{y + down:g}" for right, down in around)


def hexagons(counts: Mapping[str, int]) -> list[Hexagon]:
    """All departments, mainland first, row by row."""
    middles = [(code, HALF * (column + 1.5), TOP + ROW * row) for code, column, row in places()]
    below = TOP + ROW * (len(MAP) + 1.4)
    left = 1.0
    for some in OVERSEAS:
        middles += [(code, HALF * (left + 2 * number), below) for number, code in enumerate(some)]
        left += 2 * len(some) + 0.6
    return [
        Hexagon(code, NAMES[code], x, y, _corners(x, y), counts.get(code, 0), sum(counts.get(code, 0) >= least for least in LEVELS))
        for code, x, y in middles
    ]
