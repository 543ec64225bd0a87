"""Street walks: two large buttons, undo, what was noticed; and what goes wrong."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.db import db, new_id
from app.outreach.models import Round
from app.outreach.record_figures import count_street
from app.outreach.street import StreetMeeting, StreetNotice
from tenants import bootstrap
from tenants.months import today_in
from workers.outreach import forget_words


def today():
    return today_in("Europe/Paris")


@pytest.fixture
def round_id(saint_mars):
    return saint_mars.plans(kind="street_walk")


@pytest.fixture
def tap(saint_mars, round_id):
    def count(what="met", number="1", who=None, gesture=None, of=None):
        data = {"what": what, "number": number, "gesture": str(gesture or new_id())}
        return (who or saint_mars.volunteer).post("outreach.create_meeting", data, round_id=of or round_id)

    return count


def shown(crew, round_id):
    return crew.volunteer.get("outreach.show_street", round_id=round_id).text


def lines(crew, round_id):
    return crew.scalar(select(func.count()).select_from(StreetMeeting).where(StreetMeeting.round_id == round_id))


def test_one_tap_a_person_and_an_exchange_is_a_meeting_too(saint_mars, round_id, tap):
    assert tap("met").status_code == 302
    assert "<dt>personne rencontrée</dt><dd>1</dd>" in shown(saint_mars, round_id)
    tap("talked")
    tap("met", "12")
    page = saint_mars.volunteer.get("outreach.new_closure", round_id=round_id).text
    assert "14 personnes rencontrées, dont 1 échange." in page
    assert saint_mars.scalar(select(Round.state).where(Round.id == round_id)) == "running"
    assert "<dt>personnes rencontrées</dt><dd>14</dd>" in shown(saint_mars, round_id)


def test_the_same_tap_twice_counts_once(saint_mars, round_id, tap):
    gesture = new_id()
    tap(gesture=gesture)
    tap(gesture=gesture)
    assert lines(saint_mars, round_id) == 1


def test_undo_takes_one_tap_back_and_only_ones_own(saint_mars, round_id, tap):
    gesture = new_id()
    tap("talked", gesture=gesture)
    tap("talked", who=saint_mars.second)
    for who in (saint_mars.second, saint_mars.volunteer, saint_mars.volunteer):
        who.post("outreach.create_meeting_undo", {"undone": str(gesture)}, round_id=round_id)
    assert "<dt>dont échange</dt><dd>1</dd>" in shown(saint_mars, round_id)


@pytest.mark.parametrize(
    ("what", "number"), [("met", "0"), ("met", "51"), ("met", "-1"), ("met", "²"), ("met", "beaucoup"), ("gone", "1"), ("", "1")]
)
def test_a_number_that_cannot_be(saint_mars, round_id, tap, what, number):
    answer = tap(what, number)
    assert answer.status_code == 422
    assert "Un nombre de 1 à 50" in answer.text
    assert lines(saint_mars, round_id) == 0


def test_nothing_is_counted_in_a_closed_walk_or_before_its_day(saint_mars, round_id, tap):
    saint_mars.closes(round_id, days_ago=4)
    assert "La tournée est terminée" in tap().text
    later = saint_mars.plans(kind="street_walk", days=2)
    answer = tap(of=later)
    assert answer.status_code == 422
    assert "On note le jour même" in answer.text
    assert lines(saint_mars, later) == lines(saint_mars, round_id) == 0


def test_signs_are_ticked_and_unticked(saint_mars, round_id):
    def tick(sign, seen="1"):
        return saint_mars.volunteer.post("outreach.create_notice", {"sign": sign, "seen": seen}, round_id=round_id)

    for _ in range(2):
        assert tick("no_bench").status_code == 302
    tick("closed_shop")
    tick("closed_shop", "0")
    assert [each.sign for each in saint_mars.rows(StreetNotice) if each.round_id == round_id] == ["no_bench"]
    assert "Pas de banc où s’asseoir" in saint_mars.volunteer.get("outreach.show", round_id=round_id).text
    assert "n’est plus dans la liste" in tick("made_up").text


def test_next_door_and_another_kind_have_no_counter(saint_mars, ranzay, round_id, tap):
    assert ranzay.volunteer.get("outreach.show_street", round_id=round_id).status_code == 404
    assert tap(who=ranzay.volunteer).status_code == 404
    assert tap(who=saint_mars.third).status_code == 404
    doors = saint_mars.plans()
    assert tap(of=doors).status_code == 404
    assert saint_mars.volunteer.get("outreach.show_street", round_id=doors).status_code == 404


def test_taps_sent_after_closing_are_kept_and_shown(saint_mars, round_id, tap):
    saint_mars.closes(round_id)
    assert tap("met", "3").status_code == 302
    assert tap("talked").status_code == 302
    page = saint_mars.coordinator.get("outreach.show", round_id=round_id).text
    assert "2 lignes sont arrivées après la clôture" in page


def test_figures_stay_when_who_counted_is_forgotten(saint_mars, tap):
    old = saint_mars.plans(kind="street_walk", days=-40)
    tap("met", "7", of=old)
    tap("talked", "2", of=old)
    day = today() - timedelta(days=40)
    saint_mars.closes(old, days_ago=31)
    with saint_mars.at_home():
        before = count_street(day, day + timedelta(days=1))
        forget_words()
        after = count_street(day, day + timedelta(days=1))
        left = db.session.scalars(select(StreetMeeting.by_user).where(StreetMeeting.round_id == old)).all()
    assert before == after == {"street_met": 9, "street_talked": 2}
    assert left == [None, None]


@pytest.fixture
def signs_as_before(addresses):
    """The head's list is the same for all: what a test does to it is put back."""
    with bootstrap.connect(addresses.superuser) as superuser:
        before = superuser.execute("select code, position from street_signs").fetchall()
    yield
    with bootstrap.connect(addresses.superuser) as superuser:
        superuser.execute("delete from street_signs where code <> all(%s)", [[code for code, _place in before]])
        for code, place in before:
            superuser.execute("update street_signs set position = %s, retired_at = null where code = %s", [place, code])


@pytest.mark.committed
def test_the_head_keeps_the_list(helene, saint_mars, signs_as_before):
    def labels():
        return [line.split("</strong>")[0] for line in helene.get("network.index_signs").text.split("<strong>")[1:]]

    first = labels()
    assert len(first) >= 8
    for label in ("Fontaine à sec", "fontaine à sec."):
        assert helene.post("network.create_sign", {"label": label, "label_en": "Dry fountain"}).status_code == 302
    assert labels() == [*first, "Fontaine à sec"]
    helene.post("network.update_sign", {"move": "down"}, sign="no_bench")
    assert labels()[:2] == [first[1], first[0]]
    helene.post("network.delete_sign", sign="no_bench")
    assert first[0] not in labels()
    walk = saint_mars.plans(kind="street_walk")
    assert "Fontaine à sec" in shown(saint_mars, walk)
    assert "Pas de banc" not in shown(saint_mars, walk)
    helene.post("network.delete_sign", {"back": "1"}, sign="no_bench")
    assert first[0] in labels()
    assert "Il manque l’anglais" in helene.post("network.create_sign", {"label": "Rien"}).text
    assert helene.post("network.delete_sign", sign="made_up").status_code == 404
    assert saint_mars.coordinator.get("network.index_signs").status_code == 404
