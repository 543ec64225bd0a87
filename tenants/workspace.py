"""The door of every workspace: `/c/<collective>`.

It reads the slug, finds the membership, enters the collective; `url_for` fills the slug in. Views never mention the collective. A
stranger, a former member and someone who mistyped the address get the same 404.
"""

from typing import Any, cast

import sqlalchemy as sa
from flask import Blueprint, current_app, g, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.db import db
from tenants.access import refuse
from tenants.models import Collective, membership_in
from tenants.scope import enter

bp = Blueprint("workspace", __name__, url_prefix="/c/<string:collective>")


LONGEST = cast(sa.String, Collective.__table__.c.slug.type).length or 0


@bp.url_value_preprocessor
def read_slug(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Take the slug out of the arguments, so that no view receives it."""
    slug = (values or {}).pop("collective", None)
    # What no collective can be called is not looked up, and no address is remembered for it.
    g.slug = slug if slug and len(slug) <= LONGEST and "\x00" not in slug else None


@bp.before_request
def open_door() -> ResponseReturnValue | None:
    """Enter the collective as one of its members, or answer as if it did not exist."""
    if not current_user.is_authenticated:
        return current_app.login_manager.unauthorized()  # type: ignore[attr-defined]  # set by Flask-Login
    membership, collective = _entrance()
    if membership is None:
        refuse("not a member")
    enter(collective.id)
    g.membership, g.collective = membership, collective
    return None


def _entrance() -> Any:
    # Whoever came by a cookie was read together with the place that they ask for (accounts/sign_in.py).
    known = g.pop("entrance", None)
    return known or db.session.execute(membership_in(g.slug, current_user.id)).one_or_none() or (None, None)


def fill_slug(endpoint: str, values: dict[str, Any]) -> None:
    """Fill the present slug into addresses of the workspace."""
    if endpoint.startswith("workspace.") and "collective" not in values and g.get("slug"):
        values["collective"] = g.slug


def workspace_url(slug: str, endpoint: str = "workspace.desk.index", **values: Any) -> str:
    """An address inside the workspace of a collective that is not the present one."""
    return url_for(endpoint, collective=slug, **values)


def in_workspace() -> bool:
    """Whether the present request goes through the door."""
    return bool(request.blueprints) and "workspace" in request.blueprints
