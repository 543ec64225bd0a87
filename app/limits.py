"""Rate limits, kept in Redis: how often one may try, and by what one is recognised."""

from flask import request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import current_user

limiter = Limiter(key_func=get_remote_address)


def by_email() -> str:
    """The address that was typed, so that one account cannot be tried from many places."""
    return f"email:{request.form.get('email', '').strip().lower()[:254]}"


def by_user() -> str:
    """Whoever is signed in, on all their devices together."""
    return f"user:{current_user.id}"
