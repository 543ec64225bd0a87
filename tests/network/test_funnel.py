"""From doors to people on their own feet: honest shares, and bars that say no more than the words beside them."""

import html
import re

from app.network.funnel import DOORS, PEOPLE, funnel
from app.wording import figure
from tenants.indicators import CATALOGUE
from tenants.months import EVER
from tests.servers import plain

STEP = re.compile(
    r'<li><p><span>([^<]+)</span> <span><strong(?: class="guarded")?>([^<]+)</strong>(?: <span class="text-secondary">([^<]+)</span>)?</span></p>'
    r'<svg.*?<rect class="of" width="(\d+)"',
    re.DOTALL,
)
VALUES = {
    "doors": 200,
    "conversations": 82,
    "people_noticed": 21,
    "people_met": 18,
    "people_accompanied": 14,
    "people_engaged": 5,
    "people_autonomous": 2,
}


def numbers(steps):
    return [(each.value, each.of, each.width) for each in steps]


def test_shares_are_of_those_among_whom_one_is_counted():
    doors, people = funnel(EVER, VALUES, exact=True)
    assert numbers(doors) == [(200, None, 100), (82, 200, 41)]
    assert numbers(people) == [(21, None, 100), (18, 21, 86), (14, 21, 67), (5, 21, 24), (2, 21, 10)]


def test_a_year_gives_no_share_of_people():
    doors, people = funnel("2026", VALUES, exact=True)
    assert doors[1].of == 200
    assert {each.of for each in people} == {None}


def test_a_bar_of_protected_people_tells_nothing_that_the_words_hide():
    one, other = ({**VALUES, "people_engaged": number} for number in (1, 7))
    for values in (one, other):
        assert numbers(funnel(EVER, values, exact=False)[1])[3][1:] == (None, 20)
    near = {**VALUES, "people_met": 17}
    assert [each.width for each in funnel(EVER, VALUES, exact=False)[1]][:3] == [100, 100, 75]
    assert [each.width for each in funnel(EVER, near, exact=False)[1]][1] == 75


def test_where_everything_is_small_no_bar_is_full():
    few = {"people_noticed": 5, "people_met": 2}
    assert [each.width for each in funnel(EVER, few, exact=False)[1]] == [50, 50, 0, 0, 0]
    assert [each.width for each in funnel(EVER, few, exact=True)[1]] == [100, 40, 0, 0, 0]


def test_nothing_yet_is_no_division_by_zero():
    assert {each.width for steps in funnel(EVER, {}, exact=True) for each in steps} == {0}


def drawn(someone):
    """[(label, figure, share)] of the page, the year's steps first."""
    return STEP.findall(html.unescape(someone.get("desk.figures").text))


def test_the_page_of_figures_draws_both_periods_for_the_team_and_the_commune(saint_mars, house):
    team, commune = drawn(saint_mars.coordinator), drawn(saint_mars.observer)
    assert len(team) == len(commune) == 2 * (len(DOORS) + len(PEOPLE))
    with house.test_request_context():
        labels = [str(CATALOGUE[code].label) for code in (*DOORS, *PEOPLE)]
        assert [each[0] for each in team] == labels * 2
        shown = {plain(figure("people_noticed", number)) for number in range(200)}
    assert [each[1] for each in team[:1]] == [commune[0][1]]
    assert all(each[1] in shown for each in commune[2:7])
    assert not [each for each in commune if each[0].startswith("personnes") and each[2]]
    assert [each for each in team[7:] if each[0].startswith("personnes") and each[2].startswith("sur ")]
