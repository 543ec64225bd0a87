"""Between the password and the second step: nobody is signed in, and the browser carries who is on the way in, for ten minutes."""

from uuid import UUID

from flask import session

from app.accounts.models import User
from app.db import db, now

LASTS = 600
KEY = "second_step"


def hold(user: User, target: str | None) -> None:
    """Remember who gave the right password, in a session of its own. It opens nothing."""
    session.clear()
    session["language"] = user.language.value
    # The end of the hash: a password that is changed meanwhile has to be given anew.
    session[KEY] = {"user": user.id.hex, "since": int(now().timestamp()), "ending": user.password_hash[-12:], "next": target or ""}


def waiting_user() -> User | None:
    """Who is on the way in, if the password was given less than ten minutes ago."""
    held = session.get(KEY)
    if not held or int(now().timestamp()) - held["since"] > LASTS:
        return None
    user = db.session.get(User, UUID(held["user"]))
    return user if user and user.second_step_since and user.password_hash.endswith(held["ending"]) else None


def target() -> str | None:
    """Where they wanted to go."""
    return session.get(KEY, {}).get("next") or None


def by_waiting() -> str:
    """Whoever is on the way in, so that one account cannot be tried from many places."""
    return f"second-step:{session.get(KEY, {}).get('user', 'nobody')}"
