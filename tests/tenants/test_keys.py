"""Sealed values: they open where they were sealed, and nowhere else."""

import pytest
import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from flask import g
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.accounts.drafts import Draft
from app.db import db, new_id
from tenants.keys import (
    CollectiveKey,
    KeyDestroyed,
    SealBroken,
    SealedComparison,
    destroy_keys,
    lost_reads_as_none,
    make_key,
    rewrap_keys,
    seal,
    unseal,
)
from tenants.masters import Tally
from tenants.scope import inside

ODD = ["", " ", "é", "🐝", "\0", "a" * 70_000, "«\u202fM.\u00a0X.\u202f»", "\u0301", "{}", "%(x)s"]
ABOUT = "drafts.fields/1"


@pytest.fixture
def home(house, saint_mars):
    """Inside Saint-Mars, until the test ends; all is rolled back."""
    with house.app_context():
        with inside(saint_mars.id):
            yield saint_mars
        db.session.rollback()


def draft(text="[]", **values):
    each = Draft(user_id=new_id(), path=f"/{new_id()}", fields=text, **values)
    db.session.add(each)
    db.session.flush()
    db.session.expire(each)
    return each


@pytest.mark.parametrize("text", ODD, ids=lambda text: ascii(text)[:12])
def test_what_is_sealed_opens_again(home, text):
    assert draft(text).fields == text
    assert len(text) < 3 or text.encode() not in draft(text).fields_sealed


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text())
def test_any_text_comes_back_as_it_was(home, text):
    assert unseal(seal(text, ABOUT), ABOUT) == text


def test_the_same_text_is_never_sealed_alike(home):
    assert seal("pareil", ABOUT) != seal("pareil", ABOUT)


def test_nothing_stays_nothing(home):
    each = draft()
    each.fields = None
    assert each.fields_sealed is None
    assert each.fields is None
    db.session.expunge(each)


@pytest.mark.parametrize("elsewhere", ["drafts.fields/2", "drafts.other/1", "persons.fields/1", ""])
def test_copied_to_another_row_or_column_it_refuses_to_open(home, elsewhere):
    sealed = seal("secret", ABOUT)
    with pytest.raises(SealBroken):
        unseal(sealed, elsewhere)
    assert unseal(sealed, ABOUT) == "secret"


def test_copied_to_another_row_by_the_back_door_it_refuses_to_open(home):
    first, second = draft("un"), draft("deux")
    second.fields_sealed = first.fields_sealed
    with pytest.raises(SealBroken):
        _ = second.fields
    assert first.fields == "un"


def test_copied_next_door_it_refuses_to_open(house, saint_mars, ranzay):
    with house.app_context():
        with inside(saint_mars.id):
            sealed = seal("secret", ABOUT)
            assert unseal(sealed, ABOUT) == "secret"
        with inside(ranzay.id), pytest.raises(SealBroken):
            unseal(sealed, ABOUT)
        db.session.rollback()


def test_a_key_copied_next_door_does_not_open_there(house, saint_mars, ranzay):
    with house.app_context():
        with inside(saint_mars.id):
            wrapped = db.session.scalars(sa.select(CollectiveKey.wrapped)).one()
        with inside(ranzay.id):
            db.session.add(CollectiveKey(number=7, wrapped=wrapped))
            with pytest.raises(InvalidTag):
                seal("secret", ABOUT)
            db.session.rollback()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_one_altered_byte_is_noticed(home, data):
    sealed = bytearray(seal("un texte", ABOUT))
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(SealBroken):
        unseal(bytes(sealed), ABOUT)


@pytest.mark.parametrize("length", range(40))
def test_what_was_cut_short_is_noticed(home, length):
    sealed = seal("un texte assez long pour cela", ABOUT)
    with pytest.raises(SealBroken):
        unseal(sealed[:length], ABOUT)


def test_a_new_key_seals_and_the_old_one_still_opens(home):
    sealed = [seal("premier", ABOUT)]
    for text in ("deuxième", "troisième"):
        make_key()
        db.session.flush()
        sealed.append(seal(text, ABOUT))
    assert [int.from_bytes(each[1:5], "big") for each in sealed] == [1, 2, 3]
    assert [unseal(each, ABOUT) for each in sealed] == ["premier", "deuxième", "troisième"]


def test_destroying_the_key_erases_at_once(house, saint_mars):
    with house.app_context():
        with inside(saint_mars.id):
            sealed = seal("secret", ABOUT)
            db.session.execute(sa.delete(CollectiveKey))
        db.session.commit()
    with house.app_context(), inside(saint_mars.id):
        with pytest.raises(SealBroken, match="No key opens this"):
            unseal(sealed, ABOUT)
        with pytest.raises(SealBroken, match="has no key"):
            seal("encore", ABOUT)


def test_without_a_key_attributes_read_as_none_where_that_is_asked_for_alone(home):
    each = draft("secret")
    destroy_keys()
    with pytest.raises(KeyDestroyed):
        _ = each.fields
    with lost_reads_as_none():
        assert each.fields is None
        assert Draft.fields.opened(each.fields_sealed, each.id) is None
        with pytest.raises(KeyDestroyed):
            each.fields = "encore"
    with pytest.raises(KeyDestroyed):
        _ = each.fields


def test_the_former_master_key_opens_and_never_closes(house, home, monkeypatch):
    sealed, former, other = seal("secret", ABOUT), house.config["MASTER_KEY"], bytes(range(32))
    monkeypatch.setitem(house.config, "MASTER_KEY", other)
    with pytest.raises(InvalidTag):
        make_key() and unseal(sealed, ABOUT)
    monkeypatch.setitem(house.config, "FORMER_MASTER_KEY", former)
    assert unseal(sealed, ABOUT) == "secret"
    # The key that was made meanwhile is under the present one: rewrapping finds one of each.
    db.session.flush()
    assert rewrap_keys(write=False) == Tally(former=1, present=1)
    assert rewrap_keys(write=True) == Tally(former=1, present=1)
    assert rewrap_keys(write=True) == Tally(present=2)
    monkeypatch.setitem(house.config, "FORMER_MASTER_KEY", None)
    g.pop("data_keys")
    assert unseal(sealed, ABOUT) == "secret"


@pytest.mark.parametrize(
    "compare",
    [
        lambda: Draft.fields == "x",
        lambda: Draft.fields != "x",
        lambda: Draft.fields < "x",
        lambda: Draft.fields >= "x",
        lambda: Draft.fields.in_(["x"]),
        lambda: Draft.fields.like("x%"),
        lambda: Draft.fields.ilike("x%"),
        lambda: Draft.fields.is_(None),
    ],
)
def test_a_sealed_attribute_is_not_compared(compare):
    with pytest.raises(SealedComparison, match="fields is sealed"):
        compare()
