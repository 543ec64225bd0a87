"""The hive of France: every department once, neighbours kept, and a table that says the same."""

from app.network.departments import NAMES
from app.network.hive import HEIGHT, OVERSEAS, WIDTH, hexagons, places
from tenants.communes import _all

# Which departments share a border on the ground, each pair once.
NEIGHBOURS = {
    "01": "38 39 69 71 73 74",
    "02": "08 51 59 60 77 80",
    "03": "18 23 42 58 63 71",
    "04": "05 06 26 83 84",
    "05": "26 38 73",
    "06": "83",
    "07": "26 30 38 42 43 48",
    "08": "51 55",
    "09": "11 31 66",
    "10": "21 51 52 77 89",
    "11": "31 34 66 81",
    "12": "15 30 34 46 48 81 82",
    "13": "30 83 84",
    "14": "27 50 61",
    "15": "19 43 46 48 63",
    "16": "17 24 79 86 87",
    "17": "24 33 79 85",
    "18": "23 36 41 45 58",
    "19": "23 24 46 63 87",
    "21": "39 52 58 70 71 89",
    "22": "29 35 56",
    "23": "36 63 87",
    "24": "33 46 47 87",
    "25": "39 70 90",
    "26": "38 84",
    "27": "28 60 61 76 78 95",
    "28": "41 45 61 72 78 91",
    "29": "56",
    "2A": "2B",
    "30": "34 48 84",
    "31": "32 65 81 82",
    "32": "40 47 64 65 82",
    "33": "40 47",
    "34": "81",
    "35": "44 49 50 53 56",
    "36": "37 41 86 87",
    "37": "41 49 72 86",
    "38": "42 69 73",
    "39": "70 71",
    "40": "47 64",
    "41": "45 72",
    "42": "43 63 69 71",
    "43": "48 63",
    "44": "49 56 85",
    "45": "58 77 89 91",
    "46": "47 82",
    "47": "82",
    "49": "53 72 79 85 86",
    "50": "53 61",
    "51": "52 55 77",
    "52": "55 70 88",
    "53": "61 72",
    "54": "55 57 67 88",
    "55": "88",
    "57": "67",
    "58": "71 89",
    "59": "62 80",
    "60": "76 77 80 95",
    "61": "72",
    "62": "80",
    "64": "65",
    "67": "68 88",
    "68": "88 90",
    "69": "71",
    "70": "88 90",
    "73": "74",
    "75": "92 93 94",
    "76": "80",
    "77": "89 91 93 94 95",
    "78": "91 92 95",
    "79": "85 86",
    "81": "82",
    "83": "84",
    "86": "87",
    "88": "90",
    "91": "92 94",
    "92": "93 94 95",
    "93": "94 95",
}


def distance(one, other):
    """Steps from hexagon to hexagon."""
    across, down = abs(one[0] - other[0]), abs(one[1] - other[1])
    return down + max(0, (across - down) // 2)


def test_every_department_with_a_commune_has_one_hexagon():
    drawn = [each.code for each in hexagons({})]
    assert len(drawn) == len(set(drawn))
    inhabited = {each.department for each in _all().values() if each.population} | {code for some in OVERSEAS for code in some}
    assert set(drawn) == inhabited
    assert inhabited <= NAMES.keys()


def test_no_two_hexagons_overlap_and_all_are_in_the_picture():
    middles = {each.code: (each.x, each.y) for each in hexagons({})}
    for code, (x, y) in middles.items():
        assert 19.5 <= x <= WIDTH - 19.5
        assert 22 <= y <= HEIGHT - 22
        near = [other for other, (left, top) in middles.items() if other != code and abs(left - x) < 38 and abs(top - y) < 33]
        assert not near, f"{code} covers {near}."


def test_neighbours_on_the_ground_are_neighbours_here():
    where = {code: (column, row) for code, column, row in places()}
    pairs = [(one, other) for one, others in NEIGHBOURS.items() for other in others.split()]
    apart = {(one, other): distance(where[one], where[other]) for one, other in pairs}
    assert len(pairs) == 237
    assert sum(steps == 1 for steps in apart.values()) >= 202
    assert max(apart.values()) <= 2
