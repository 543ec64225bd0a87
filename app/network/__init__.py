"""The network: figures of all collectives side by side, never people.

It reads through a database role that may read figures and what is published, and nothing else of a collective.
"""

from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tenants.access import refuse

bp = Blueprint("network", __name__, url_prefix="/reseau")


@bp.before_request
def open_door() -> ResponseReturnValue | None:
    """Let the network's staff in; to everybody else this page does not exist."""
    if not current_user.is_authenticated:
        return current_app.login_manager.unauthorized()  # type: ignore[attr-defined]  # set by Flask-Login
    if not current_user.is_network:
        refuse("not of the network")
    return None
