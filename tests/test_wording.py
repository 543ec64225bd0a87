"""Dates as they are written in each language."""

from datetime import UTC, date, datetime

import pytest
from flask_babel import force_locale, gettext, ngettext

from app import wording
from app.languages import dates, of
from tenants.indicators import CATALOGUE

FIRST, SECOND = date(2026, 3, 1), date(2026, 3, 2)


@pytest.mark.parametrize(
    ("language", "first", "second"),
    [("fr", "dimanche 1er mars", "lundi 2 mars"), ("en", "Sunday 1 March", "Monday 2 March")],
)
def test_the_first_of_a_month_has_its_own_number_in_french(house, language, first, second):
    with house.test_request_context(), force_locale(language):
        assert (wording.day(FIRST), wording.day(SECOND)) == (first, second)
        assert [dates("EEEE d MMMM")(each) for each in (FIRST, SECOND)] == [first, second]


def test_an_instant_is_told_in_the_time_of_its_reader(house):
    with house.test_request_context(), force_locale("fr"):
        assert wording.long_day(FIRST) == "1er mars 2026"
        assert wording.instant(datetime(2026, 2, 28, 23, 30, tzinfo=UTC)) == "1er mars, 0\u00a0h\u00a030"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Marcel", "de Marcel"),
        ("Anselme", "d’Anselme"),
        ("Élodie", "d’Élodie"),
        ("Huguette", "d’Huguette"),
        ("Hassan", "de Hassan"),
        ("Yvonne", "d’Yvonne"),
        ("Yann", "de Yann"),
        ("Le voisin du 3e", "du voisin du 3e"),
        ("les Martin", "des Martin"),
        ("", "de "),
    ],
)
def test_whose_something_is(house, name, said):
    with house.test_request_context(), force_locale("fr"):
        assert of(name) == said
    with house.test_request_context(), force_locale("en"):
        assert of(name) == name


def test_only_the_first_letter_becomes_large(house):
    with house.test_request_context(), force_locale("en"):
        assert house.jinja_env.from_string("{{ day | day | capitalize }}").render(day=date(2026, 12, 8)) == "Tuesday 8 December"


@pytest.mark.parametrize(
    ("language", "text", "printed"),
    [
        ("fr", "Et après ?", "Et après\u00a0?"),
        ("fr", "nous écrivons « moins de 8 » : trop peu", "nous écrivons «\u00a0moins de\u00a08\u00a0»\u00a0: trop peu"),
        ("en", "Et après ?", "What comes next?"),
    ],
)
def test_a_line_never_begins_with_a_high_sign(house, language, text, printed):
    with house.test_request_context(), force_locale(language):
        assert gettext(text) == house.jinja_env.from_string("{{ _(text) }}").render(text=text) == printed


@pytest.mark.parametrize(
    ("language", "number", "said"),
    [("fr", 0, "0 porte"), ("fr", 1, "1 porte"), ("fr", 2, "2 portes"), ("en", 0, "0 doors"), ("en", 1, "1 door"), ("en", 2, "2 doors")],
)
def test_french_counts_nothing_as_singular_in_pages_and_in_papers(house, language, number, said):
    forms = ("%(num)d porte", "%(num)d portes")
    with house.app_context(), force_locale(language):
        assert ngettext(*forms, number) == said
    with house.test_request_context(), force_locale(language):
        assert ngettext(*forms, number) == said
        assert house.jinja_env.from_string("{{ ngettext('%(num)d porte', '%(num)d portes', number) }}").render(number=number) == said


@pytest.mark.parametrize("context", ["app_context", "test_request_context"])
def test_one_and_a_half_is_singular_in_french_and_a_word_for_one_says_one(house, context):
    with getattr(house, context)(), force_locale("fr"):
        assert [ngettext("kilomètre", "kilomètres", each) for each in (0, 1, 1.5, 2)] == ["kilomètre"] * 3 + ["kilomètres"]
        assert [ngettext("Une porte", "%(num)d portes", each) for each in (0, 1, 2)] == ["0 portes", "Une porte", "2 portes"]


def test_outside_a_page_spaces_are_plain(house):
    with house.app_context(), force_locale("fr"):
        assert gettext("Et après ?") == "Et après ?"


def test_large_numbers_of_people_are_written_like_those_of_acts(house):
    """Beside each other on one page: thousands apart in both, on their own and in a table."""
    columns = [CATALOGUE["doors"], CATALOGUE["people_met"]]
    for language, number in (("fr", "12\u202f350"), ("en", "12,350")):
        with house.test_request_context(headers={"Accept-Language": language}):
            assert {wording.figure(each, 12_350) for each in columns} == {number}
            assert wording.cells(columns)({each.code: 12_350 for each in columns}).count(number) == 2
            assert wording.figure("people_met", 3).endswith("8")
