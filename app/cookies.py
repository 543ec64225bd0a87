"""The session's cookie and the token of its forms: what was signed is checked once, and what is to be signed is signed once a minute."""

import time
from datetime import datetime
from typing import Any

from flask import Flask, Request, Response, current_app, g, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_wtf.csrf import generate_csrf
from itsdangerous import BadSignature, URLSafeTimedSerializer

# Half a megabyte at most. Full, it begins anew.
MOST = 1000
PLAIN = (str, int, bool, type(None))
# A form that was opened just now may be sent for an hour less this, in seconds.
MINUTE = 60.0
_tokens: dict[tuple[object, str], tuple[float, str]] = {}


def signed_token() -> str:
    """The token that a form of this page carries. Signing it for each page takes as long as a fifth of the rows of a list."""
    key = (current_app.secret_key, session.get("csrf_token", ""))
    good_until, token = _tokens.get(key, (0.0, ""))
    if time.time() < good_until:
        g.csrf_token = token
        return token
    if "csrf_token" not in session:
        # Dropped in this request, as signing in does: what was signed before is of a session that is over.
        g.pop("csrf_token", None)
    token = str(generate_csrf())
    if len(_tokens) >= MOST:
        _tokens.clear()
    # The session has one now, if it had none.
    _tokens[current_app.secret_key, session["csrf_token"]] = (time.time() + MINUTE, token)
    return token


class Cookies(SecureCookieSessionInterface):
    """Flask's signed cookies. A browser sends the same one with each request, and checking it takes as long as asking the database who sends it."""

    def __init__(self) -> None:
        # The whole cookie with its signature, so that nothing is known here that was not checked; and until when it is good.
        self.known: dict[str, tuple[float, dict[str, Any]]] = {}
        self.serializers: dict[Any, URLSafeTimedSerializer | None] = {}

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Signs and checks with the key of the house."""
        key = app.secret_key
        if key not in self.serializers:
            self.serializers[key] = super().get_signing_serializer(app)
        return self.serializers[key]

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """What the cookie says; an empty session if it is not ours or too old."""
        text = request.cookies.get(self.get_cookie_name(app), "")
        good_until, values = self.known.get(text, (0.0, {}))
        if time.time() >= good_until:
            good_until, values = self._checked(app, text)
        return SecureCookieSession(values)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Set or take away what has changed. What has not needs no name, path and domain."""
        if session.modified or not session or self.should_set_cookie(app, session):
            super().save_session(app, session, response)
        elif session.accessed:
            response.vary.add("Cookie")

    def _checked(self, app: Flask, text: str) -> tuple[float, dict[str, Any]]:
        serializer = self.get_signing_serializer(app)
        if serializer is None or not text:
            return 0.0, {}
        longest = int(app.permanent_session_lifetime.total_seconds())
        signed_at: datetime
        try:
            values, signed_at = serializer.loads(text, max_age=longest, return_timestamp=True)
        except BadSignature:
            return 0.0, {}
        good_until = signed_at.timestamp() + longest
        # What can be changed in place belongs to one request alone.
        if all(isinstance(each, PLAIN) for each in values.values()):
            if len(self.known) >= MOST:
                self.known.clear()
            self.known[text] = (good_until, values)
        return good_until, values
