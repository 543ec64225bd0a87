"""Whether all is well, for whoever watches the machine, and whether the guard can be fooled."""

import logging
import sys
from urllib.parse import urlsplit

import redis
import sqlalchemy as sa
from flask import Blueprint, Flask, current_app
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from app.db import db
from app.limits import limiter
from app.settings import UnsafeSettings
from workers.queue import CLOCK, HEARTBEAT, connection

bp = Blueprint("health", __name__)
log = logging.getLogger("essaimage.health")


# Whether the application's role may not call set_config(), which would let injected SQL choose its collective.
IS_REVOKED = sa.text("select not has_function_privilege(current_user, 'pg_catalog.set_config(text, text, boolean)', 'execute')")


def closes_it() -> bool:
    """Whether this is `flask database bootstrap`: the command that revokes has to start where nothing is revoked yet."""
    return " database bootstrap " in f" {' '.join(sys.argv)} "


def refuse_open_database(house: Flask) -> None:
    """At start in production: say whether set_config() is revoked, and refuse to run if not.

    Raises UnsafeSettings, unless the operator states that the host does not allow it (HOST_LEAVES_SET_CONFIG_OPEN=yes). A database
    that does not answer yet is no reason to refuse: it is asked again by /healthz.
    """
    with house.app_context():
        try:
            with db.engine.connect() as connection_:
                revoked = connection_.scalar(IS_REVOKED)
        except SQLAlchemyError as error:
            log.warning("The database does not answer at start: %s", error)
            return
    if not revoked and closes_it():
        return
    if revoked:
        log.warning("set_config() is revoked from the application's role: good.")
    elif house.config["SET_CONFIG_OPEN"]:
        log.warning("set_config() is open to the application's role; the operator stated that the host does not allow otherwise.")
    else:
        raise UnsafeSettings(
            "The application's role may call set_config(). Run `flask database bootstrap` as a superuser, "
            "or state HOST_LEAVES_SET_CONFIG_OPEN=yes if your host does not allow it."
        )


def warn_of_local_links(house: Flask) -> None:
    """At start in production: an invitation whose link leads to its reader's own machine opens nothing, and nobody is told."""
    if urlsplit(house.config["PUBLIC_URL"]).hostname in {"127.0.0.1", "localhost"}:
        log.warning("PUBLIC_URL is not set: the links of mails lead to %s.", house.config["PUBLIC_URL"])


@bp.get("/healthz")
@limiter.exempt
def healthz() -> ResponseReturnValue:
    """JSON with database, redis, worker and scheduler; 200 only when all are well. A database restored without its guard is `open`."""
    state = {"database": _database(), "redis": _redis(), "worker": _alive(HEARTBEAT), "scheduler": _alive(CLOCK)}
    return state, 200 if all(value == "ok" for value in state.values()) else 503


def _database() -> str:
    try:
        return "ok" if db.session.scalar(IS_REVOKED) or current_app.config["SET_CONFIG_OPEN"] else "open"
    except SQLAlchemyError:
        db.session.rollback()
        return "away"


def _redis() -> str:
    try:
        return "ok" if connection().ping() else "odd"
    except redis.RedisError:
        return "away"


def _alive(heartbeat: str) -> str:
    try:
        return "ok" if connection().exists(heartbeat) else "away"
    except redis.RedisError:
        return "unknown"
