"""Whoever clicked sees how far the edition has come, with or without a script."""

import re

import pytest

from app.db import new_id
from tests.mails import work_off
from tests.reports.conftest import YEAR, draft, editions
from workers import progress

pytestmark = pytest.mark.committed
BAR = re.compile(r'<progress [^>]*data-waits value="(\d+)" max="100"')


@pytest.fixture
def shown(monkeypatch):
    """What the bar is told, in order."""
    told = []
    monkeypatch.setattr(progress, "tell", lambda _about, done, whole: told.append(100 * done // whole))
    return told


def test_the_bar_only_grows_and_passes_through_each_part(gueret, shown):
    gueret.coordinator.post("reports.create_edition", {"id": str(new_id())}, year=YEAR)
    work_off(gueret.house, gueret.id)
    assert len(editions(gueret)) == 1
    assert shown == sorted(shown)
    assert len(set(shown)) >= 4
    assert shown[-1] < 100


def test_the_page_shows_what_the_worker_told(gueret):
    assert BAR.search(gueret.coordinator.get("reports.show", year=YEAR).text) is None
    gueret.coordinator.post("reports.create_edition", {"id": str(new_id())}, year=YEAR)
    assert BAR.search(gueret.coordinator.get("reports.show", year=YEAR).text)[1] == "0"
    with gueret.house.app_context():
        progress.tell(draft(gueret).asked_edition_id, 63, 100)
    for page in (gueret.coordinator.get("reports.show", year=YEAR), gueret.coordinator.get("reports.index")):
        assert BAR.search(page.text)[1] == "63"
        assert "Voir s’il est prêt" in page.text
        assert "waiting.js" in page.text
    work_off(gueret.house, gueret.id)
    done = gueret.coordinator.get("reports.show", year=YEAR).text
    assert BAR.search(done) is None
    assert "waiting.js" not in done


def test_the_head_sees_it_too(house, helene, silent):
    helene.post("network.create_network_edition", {"id": str(new_id()), "correction": "Des saisies tardives"}, year=YEAR)
    assert BAR.search(helene.get("network.show_report", year=YEAR).text)
    work_off(house)
    assert BAR.search(helene.get("network.show_report", year=YEAR).text) is None


def test_a_click_that_is_refused_meanwhile_leads_to_a_page_that_can_be_read(gueret):
    for _time in range(2):
        gueret.coordinator.post("reports.create_edition", {"id": str(new_id())}, year=YEAR)
        work_off(gueret.house, gueret.id)
    gueret.coordinator.post("reports.create_edition", {"id": str(new_id()), "correction": "Des saisies tardives"}, year=YEAR)
    refused = gueret.coordinator.post("reports.create_edition", {"id": str(new_id()), "correction": ""}, year=YEAR)
    assert refused.status_code == 422
    assert f'data-place="{gueret.coordinator.address("reports.show", year=YEAR)}"' in refused.text
    work_off(gueret.house, gueret.id)
