"""Rate limits, kept in Redis: how often one may try, and by what one is recognised."""

from flask import Flask, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import current_user

limiter = Limiter(key_func=get_remote_address)


def limit(house: Flask) -> None:
    """Put the limits in force. The views that have one check it themselves; no other has any, and is not asked before every request."""
    limiter.init_app(house)
    house.before_request_funcs[None].remove(limiter._check_request_limit)


def by_email() -> str:
    """The address that was typed, so that one account cannot be tried from many places."""
    return f"email:{request.form.get('email', '').strip().lower()[:254]}"


def by_user() -> str:
    """Whoever is signed in, on all their devices together."""
    return f"user:{current_user.id}"
