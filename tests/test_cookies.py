"""A cookie that was checked is known again, and only that."""

import time

import pytest
from flask import flash, get_flashed_messages, session
from flask_wtf.csrf import generate_csrf, validate_csrf
from wtforms import ValidationError

from app.cookies import Cookies, signed_token


@pytest.fixture
def cookies(house, monkeypatch):
    monkeypatch.setattr(house, "session_interface", Cookies())
    return house.session_interface


def signed(house, **values):
    return house.session_interface.get_signing_serializer(house).dumps(values)


def opened(house, text):
    with house.test_request_context(headers={"Cookie": f"session={text}"}):
        return dict(session)


def test_what_was_signed_is_read_twice_and_checked_once(house, cookies):
    text = signed(house, user="a.b", language="fr")
    assert opened(house, text) == {"user": "a.b", "language": "fr"}
    assert list(cookies.known) == [text]
    assert opened(house, text) == {"user": "a.b", "language": "fr"}


@pytest.mark.parametrize(
    "spoil",
    [lambda text: text[:-1] + ("A" if text[-1] != "A" else "B"), lambda text: "x" + text, lambda text: text.rpartition(".")[0], lambda text: ""],
)
def test_a_cookie_that_is_not_ours_is_empty_also_beside_one_that_is(house, cookies, spoil):
    text = signed(house, user="a.b")
    assert opened(house, text)
    assert opened(house, spoil(text)) == {}
    assert list(cookies.known) == [text]


def test_a_known_cookie_grows_old(house, cookies, monkeypatch):
    text = signed(house, user="a.b")
    longest = house.permanent_session_lifetime.total_seconds()
    assert opened(house, text)
    there = time.time()
    monkeypatch.setattr(time, "time", lambda: there + longest - 5)
    assert opened(house, text)
    monkeypatch.setattr(time, "time", lambda: there + longest + 5)
    assert opened(house, text) == {}


def test_what_a_request_changes_is_its_own(house, cookies):
    text = signed(house, user="a.b")
    with house.test_request_context(headers={"Cookie": f"session={text}"}):
        session["user"] = "c.d"
        assert session.modified
    assert opened(house, text) == {"user": "a.b"}
    with_messages = signed(house, user="a.b", _flashes=[("message", "Bonjour")])
    with house.test_request_context(headers={"Cookie": f"session={with_messages}"}):
        flash("Encore")
        assert get_flashed_messages() == ["Bonjour", "Encore"]
    assert opened(house, with_messages)["_flashes"] == [("message", "Bonjour")]


def test_it_forgets_what_is_too_much(house, cookies, monkeypatch):
    monkeypatch.setattr("app.cookies.MOST", 3)
    for number in range(10):
        assert opened(house, signed(house, user=str(number))) == {"user": str(number)}
    assert len(cookies.known) <= 3


def test_a_token_is_signed_once_a_minute_and_for_one_session_alone(house, monkeypatch):
    def token(raw):
        with house.test_request_context():
            if raw:
                session["csrf_token"] = raw
            shown = signed_token()
            validate_csrf(shown)
            # A field of a form carries the same.
            assert generate_csrf() == shown
            return shown

    first = token("one")
    assert token("one") == first
    assert token("two") != first
    there = time.time()
    monkeypatch.setattr(time, "time", lambda: there + 61)
    assert token("one") != first
    assert token("") != token("")


def test_a_token_of_another_session_is_refused(house):
    with house.test_request_context():
        session["csrf_token"] = "one"
        shown = signed_token()
    with house.test_request_context():
        session["csrf_token"] = "two"
        with pytest.raises(ValidationError):
            validate_csrf(shown)


def test_a_page_after_the_session_was_dropped_carries_the_token_of_the_new_one(house):
    """Signing in and out drop the session; when their transaction fails, a page says so."""
    with house.test_request_context():
        before = generate_csrf()
        session.clear()
        shown = signed_token()
        assert shown != before
        validate_csrf(shown)
