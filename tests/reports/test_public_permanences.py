"""Whoever comes by finds when and where the next permanences are; what is moved or cancelled is right a few seconds later."""

import html
import re
from datetime import time, timedelta

import pytest

from app.db import db, new_id
from app.followup.drop_ins import DropIn
from app.languages import written_date
from app.reports.public_pages import KEPT, PublicPage, _next
from tenants.months import today_in
from tests.mails import work_off
from tests.reports.test_public_pages import PAGE, look, shown  # noqa: F401  # a fixture
from workers.followup import tend_permanences

pytestmark = pytest.mark.committed
TODAY = today_in("Europe/Paris")
DAYS = re.compile(r"<strong>(?:<s>)?([^<]+)(?:</s>)?</strong>(?:, ([^<]+)<br><span class=\"text-secondary\">([^<]+)</span>|<br>(Annulée))")


def opens(crew, days_ahead, **changes):
    """A permanence so many days from now; returns its id."""
    form = {"id": str(new_id()), "day": f"{TODAY + timedelta(days=days_ahead)}", "begins": "10h", "ends": "12h30", "where": "salle des Cèdres"}
    answer = crew.coordinator.post("followup.create_drop_in", form | {"one": "", "other": "", "sure": "y"} | changes)
    assert answer.status_code == 302, answer.text
    return form["id"]


def told(crew):
    """What the page says of each day, once the worker has been by."""
    work_off(crew.house, crew.id)
    page = html.unescape(look(crew).text).replace("\u00a0", " ")
    return DAYS.findall(page.split('id="quand"')[1].split("</section>")[0]) if 'id="quand"' in page else []


def said(crew, days_ahead):
    with crew.house.test_request_context(headers={"Accept-Language": "fr"}):
        day = written_date(TODAY + timedelta(days=days_ahead), "EEEE d MMMM")
    return day[:1].upper() + day[1:]


def test_the_next_three_stand_below_the_phone(shown):  # noqa: F811
    for ahead in (30, 2, 9, 16):
        opens(shown, ahead)
    shown.coordinator.post("reports.update_page", PAGE)
    assert told(shown) == [(said(shown, ahead), "10 h – 12 h 30", "salle des Cèdres", "") for ahead in (2, 9, 16)]
    page = html.unescape(look(shown).text)
    assert page.index('href="tel:') < page.index('id="quand"')
    listed = html.unescape(shown.house.test_client().get("/decouvrir/", headers={"Accept-Language": "fr"}).text).replace("\u00a0", " ")
    assert f"Prochaine permanence {said(shown, 2)[:1].lower()}{said(shown, 2)[1:]}, 10 h – 12 h 30" in listed


def test_each_change_is_followed(shown):  # noqa: F811
    shown.coordinator.post("reports.update_page", PAGE)
    assert told(shown) == []
    first, second = opens(shown, 5), opens(shown, 12)
    assert [day for day, *_ in told(shown)] == [said(shown, 5), said(shown, 12)]
    move = {"begins": "15h", "ends": "17h", "where": "à la mairie", "one": "", "other": "", "sure": "y", "day": f"{TODAY + timedelta(days=6)}"}
    assert shown.coordinator.post("followup.update_drop_in", move, drop_in_id=first).status_code == 302
    assert told(shown)[0] == (said(shown, 6), "15 h – 17 h", "à la mairie", "")
    shown.coordinator.post("followup.create_cancellation", {"because": "no_host", "because_words": "Odile est malade"}, drop_in_id=first)
    assert told(shown) == [(said(shown, 6), "", "", "Annulée"), (said(shown, 12), "10 h – 12 h 30", "salle des Cèdres", "")]
    assert "Odile est malade" not in look(shown).text
    assert shown.coordinator.post("followup.update_drop_in", move | {"day": f"{TODAY + timedelta(days=20)}"}, drop_in_id=second).status_code == 302
    assert told(shown)[1][0] == said(shown, 20)


def test_a_rule_and_the_night_are_followed_too(shown):  # noqa: F811
    shown.coordinator.post("reports.update_page", PAGE)
    rule = {"id": str(new_id()), "nth": "every", "day_of_week": "1", "begins": "10h", "ends": "12h", "where": "au café", "since": f"{TODAY}"}
    rule |= {"until": "", "phone": "02 61 91 00 11", "on_holidays": "keep", "one": "", "other": ""}
    assert shown.coordinator.post("followup.create_rule", rule).status_code == 302
    assert [where for _day, _hours, where, _off in told(shown)] == ["au café"] * 3
    shown.coordinator.post("followup.update_rule", rule | {"where": "au foyer"}, rule_id=rule["id"])
    assert [where for _day, _hours, where, _off in told(shown)] == ["au foyer"] * 3
    with shown.at_home():
        known = db.session.get_one(PublicPage, (shown.id, shown.id))
        assert len(known.coming) == KEPT
        known.coming = []
        tend_permanences()
    assert len(told(shown)) == 3
    # When and where, and nothing of who hosts, why or whom to call.
    with shown.at_home():
        row = db.session.get_one(PublicPage, (shown.id, shown.id)).coming[0]
    assert [type(each) for each in row] == [str, str, str, str, bool]
    assert "02 61 91 00 11" not in look(shown).text


def test_what_is_over_is_told_no_more(shown):  # noqa: F811
    kept = [[f"{TODAY + timedelta(days=ahead)}", "10:00", "12:00", "ici", off] for ahead, off in ((-1, False), (0, False), (1, True), (2, False))]

    assert [each.day for each in _next(kept, TODAY, time(11, 59))] == [TODAY + timedelta(days=ahead) for ahead in (0, 1, 2)]
    assert [each.day for each in _next(kept, TODAY, time(12))] == [TODAY + timedelta(days=ahead) for ahead in (1, 2)]
    with shown.at_home():
        assert db.session.scalars(db.select(DropIn)).all() == []


def test_without_a_page_nothing_is_published(shown):  # noqa: F811
    opens(shown, 3)
    work_off(shown.house, shown.id)
    assert look(shown).status_code == 404
    with shown.at_home():
        assert db.session.get(PublicPage, (shown.id, shown.id)) is None
    shown.coordinator.post("reports.update_page", PAGE)
    assert len(told(shown)) == 1
    shown.coordinator.post("reports.delete_page")
    with shown.at_home():
        assert db.session.get(PublicPage, (shown.id, shown.id)) is None
