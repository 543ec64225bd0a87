"""An address that was made once is the address that Flask makes."""

from uuid import UUID

import pytest
from flask import Flask, g, url_for

from app.db import new_id

ADDRESSES = [
    ("accounts.new_sign_in", {}),
    ("accounts.new_sign_in", {"next": "/c/saint-mars/"}),
    ("workspace.outreach.index", {"liste": "terminees", "page": 3}),
    ("workspace.outreach.index", {"liste": None, "page": 3}),
    ("workspace.outreach.index", {"page": 2}),
    ("workspace.outreach.show", {"round_id": UUID(int=7)}),
    ("workspace.outreach.show_building", {"building_id": UUID(int=0), "round_id": UUID(int=1), "_anchor": "etage-3"}),
    ("workspace.outreach.show_building", {"round_id": UUID(int=1), "building_id": UUID(int=0)}),
    ("workspace.people.index", {"recherche": "Marcel {0}"}),
]


@pytest.mark.parametrize(("endpoint", "values"), ADDRESSES)
def test_an_address_is_what_flask_makes(house, endpoint, values):
    for slug in ("ici", "à-côté", str(UUID(int=0)), "{0}"):
        with house.test_request_context("/"):
            g.slug = slug
            for _again in range(2):
                others = {name: new_id() if isinstance(each, UUID) and each.int == 1 else each for name, each in values.items()}
                assert url_for(endpoint, **others) == Flask.url_for(house, endpoint, **others)


def test_what_somebody_typed_is_not_remembered(house):
    with house.test_request_context("/"):
        g.slug = "ici"
        url_for("workspace.people.index", recherche="Marcelline")
        assert not any("Marcelline" in str(each) for pair in house.addresses.items() for each in pair)


def test_errands_are_handed_over_once_the_answer_is_on_its_way(house, monkeypatch):
    handed = []
    monkeypatch.setattr("app.transaction.on_committed", [handed.extend])
    with house.test_request_context("/"):
        house._once_answered([("fold",)])
        answer = house.process_response(house.make_response("Noté."))
    assert handed == []
    answer.close()
    assert handed == [("fold",)]
