"""The head rewrites the plan: written for real, by the network's role, and taken away again."""

import pytest

from app.db import new_id
from app.training.plans import WORDS
from tenants import bootstrap

TEXTS = {name: f"Texte {name}" for word in WORDS for name in (word, f"{word}_en")}


@pytest.fixture
def afterwards(addresses):
    yield
    with bootstrap.connect(addresses.superuser) as superuser:
        superuser.execute("delete from session_plans where plan_id in (select id from course_plans where version > 1)")
        superuser.execute("delete from course_plans where version > 1")


@pytest.mark.committed
def test_a_change_is_a_new_version_and_sent_twice_is_one(afterwards, house, saint_mars, helene):
    before = saint_mars.coordinator.get("training.index").text
    known = str(new_id())
    for _time in range(2):
        assert helene.post("network.update_session_plan", {"id": known, "minutes": "90", **TEXTS}, position=2).status_code == 302
    page = helene.get("network.index_plans").text
    assert "Texte title" in page
    assert "version 2" in page
    assert "version 3" not in page
    assert "Ce plan est une proposition" not in page
    assert helene.post("network.create_plan", {"id": str(new_id()), "title": "Autre", "title_en": "Other", "needed": "9"}).status_code == 422
    assert "De 30 à 480 minutes" in helene.post("network.update_session_plan", {"id": str(new_id()), "minutes": "5", **TEXTS}, position=2).text
    # A course that has begun keeps its own.
    assert "Texte title" not in before
    link = before.split('<ul class="list mb-4"><li><a href="')[1].split('"')[0]
    assert "version 1" in saint_mars.coordinator.client.get(link).text
    assert "La porte et la rue" in saint_mars.coordinator.client.get(link).text
