"""Before the file of a person: whoever may read files has a second step at sign-in, seven days after the account was made at the latest.

Everything else works without it. An account is made by the invitation that gives it its first place.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts.models import User
from app.db import now
from tenants import workspace
from tenants.access import READS_FILES, allowed, reads_files

GRACE = timedelta(days=7)
DEMONSTRATION = "@demo.essaimage.fr"


def exempt(user: User) -> bool:
    """Accounts of the demonstration need none, in the demonstration alone."""
    return current_app.config["MODE"] == "demonstration" and user.email.endswith(DEMONSTRATION)


def due_at(user: User) -> datetime | None:
    """Until when someone may read files without a second step; None once there is one, or where none is needed."""
    return None if user.second_step_since or exempt(user) else user.created_at + GRACE


@dataclass(frozen=True, slots=True)
class Reminder:
    """What the home page says of a second step that is missing: until which day, and whether that is over."""

    day: datetime
    over: bool


def reminder() -> Reminder | None:
    """What the present member is reminded of, if anything."""
    due = due_at(current_user) if reads_files(g.membership.role) else None
    return Reminder(due, due < now()) if due else None


def closed() -> bool:
    """Whether the present request asks for the file of a person and a second step is overdue."""
    action = getattr(current_app.view_functions.get(request.endpoint or ""), "permission", None)
    if action not in READS_FILES or not allowed(action):
        return False
    due = due_at(current_user)
    return due is not None and due < now()


@workspace.bp.before_request
def ask_for_second_step() -> ResponseReturnValue | None:
    """Lead to where a second step is set up, and back afterwards."""
    if not closed():
        return None
    flash(_("Les fiches des personnes s’ouvrent avec une deuxième étape à la connexion. Elle se prépare ici, en trois minutes."), "warning")
    target = request.full_path.rstrip("?") if request.method == "GET" else workspace.workspace_url(g.slug)
    return redirect(url_for("accounts.show_second_step", next=target))
