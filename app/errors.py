"""Answers when something is not as it should be: short, in plain words, with a way on."""

import logging
from urllib.parse import quote

from flask import Flask, abort, g, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import AnonymousUserMixin
from flask_wtf.csrf import CSRFError
from psycopg import OperationalError as DriverError
from psycopg.errors import ForeignKeyViolation, UniqueViolation
from redis import RedisError
from sqlalchemy.exc import IntegrityError, NotSupportedError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from app.bodies import DRAINED
from app.pages import page
from tenants.keys import KeyDestroyed
from tenants.scope import forget_connections

log = logging.getLogger("essaimage.errors")


def _page(status: int, title: str, text: str) -> ResponseReturnValue:
    # One page for all of them, without the workspace's navigation: an address next door must not even change the colour of the sky.
    g.pop("collective", None)
    g.pop("membership", None)
    return page("error.html", title=title, text=text, status=status), status


def not_found(error: Exception) -> ResponseReturnValue:
    """Nothing here, or not for us: the same words."""
    return _page(404, _("Cette page n’existe pas"), _("Ou elle n’est pas pour vous. L’adresse a peut-être été mal recopiée."))


def too_large(error: Exception) -> ResponseReturnValue:
    """A body over the limit. It is read to its end and thrown away: a browser that is still sending would else never see the answer."""
    left = min(request.content_length or 0, DRAINED)
    while left > 0 and (piece := request.environ["wsgi.input"].read(min(left, 1 << 16))):
        left -= len(piece)
    return _page(
        413,
        _("C’est trop lourd"),
        _(
            "Une photo ou un document pèse 10 Mo au plus. Revenez en arrière : ce que vous avez écrit y est encore. "
            "Choisissez un fichier plus petit ; rien n’a été enregistré."
        ),
    )


def too_often(error: Exception) -> ResponseReturnValue:
    """A rate limit."""
    if request.blueprint == "accounts":
        return _page(429, _("Un instant"), _("Il y a eu trop d’essais. Attendez un quart d’heure, ou demandez un nouveau mot de passe."))
    return _page(429, _("Un instant"), _("Il y a eu trop d’essais. Réessayez dans une heure ; si cela presse, appelez."))


def token_lost(error: Exception) -> ResponseReturnValue:
    """A form whose token does not fit the session: signed in again elsewhere, or cookies refused."""
    return _page(
        400,
        _("Cette page a trop attendu"),
        _(
            "Rien n’a été enregistré. Revenez en arrière : ce que vous avez écrit y est encore. Si c’est long, copiez-le ; puis rechargez la "
            "page et envoyez de nouveau."
        ),
    )


def at_once(error: Exception) -> ResponseReturnValue:
    """Two of the same at the same instant: the database kept the first."""
    log.warning("integrity: %s %s", request.method, quote(request.path))
    # What one was writing about is no longer there: in this house only the files of people are ever deleted.
    cause = getattr(error, "orig", None)
    if isinstance(cause, ForeignKeyViolation):
        return gone(error)
    if not isinstance(cause, UniqueViolation):
        # A value that no form of ours lets through.
        log.error("refused by the database: %s", type(cause).__name__)
        return _page(500, _("Cela n’a pas fonctionné"), _("Revenez en arrière et réessayez. Si cela recommence, appelez le réseau."))
    return _page(409, _("C’est déjà enregistré"), _("La même chose est arrivée deux fois en même temps. La première est gardée."))


def gone(error: Exception) -> ResponseReturnValue:
    """A file that was erased while someone had it open, or was writing to it."""
    return _page(410, _("Cette fiche a été effacée"), _("Ce que vous veniez d’écrire n’est pas gardé. Parlez-en avec la coordination."))


def key_destroyed(error: Exception) -> ResponseReturnValue:
    """What a collective had sealed, after its end: nobody can read it any more, and nothing can be added."""
    return _page(
        410,
        _("Ce collectif a pris fin"),
        _("Ce qui était écrit ici est effacé pour toujours : la clé qui l’ouvrait a été détruite. Rien n’a été enregistré."),
    )


def database_away(error: Exception) -> ResponseReturnValue:
    """The database does not answer."""
    log.error("database: %s", error)
    # Whoever is signed in cannot be read either: the page is said to nobody in particular.
    g._login_user = AnonymousUserMixin()
    return _page(
        503, _("Nous revenons tout de suite"), _("La base de données ne répond pas. Gardez cette page ouverte et réessayez dans une minute.")
    )


def redis_away(error: Exception) -> ResponseReturnValue:
    """Redis does not answer, and whoever tries a password cannot be counted: nobody signs in without."""
    log.error("redis: %s", error)
    return _page(
        503, _("Nous revenons tout de suite"), _("Un de nos serveurs ne répond pas. Gardez cette page ouverte et réessayez dans une minute.")
    )


def remade(error: Exception) -> ResponseReturnValue:
    """A table was changed by a migration since this process first asked it: PostgreSQL keeps no plan whose answer has another shape."""
    # All connections that wait hold such plans. One request is told, and the next begins anew.
    forget_connections()
    return database_away(error)


def other(error: HTTPException) -> ResponseReturnValue:
    """Any other answer of HTTP, in the same page."""
    if error.code is not None and error.code < 400:
        return error.get_response()
    # Away while the page of another error was made.
    if isinstance(original := getattr(error, "original_exception", None), OperationalError | DriverError):
        return database_away(original)
    if error.code == 500 and "_login_user" not in g:
        # What failed may be the reading of who is signed in, and would fail again for this page.
        g._login_user = AnonymousUserMixin()
    return _page(error.code or 500, _("Cela n’a pas fonctionné"), _("Revenez en arrière et réessayez. Si cela recommence, appelez le réseau."))


def refuse_what_is_no_text() -> None:
    """No text of PostgreSQL holds a NUL, and no keyboard makes one: who sends it does not sit before a form."""
    told = [request.args, request.form] if request.method == "POST" else [request.args]
    if "\x00" in request.path or any("\x00" in each for values in told for _name, several in values.lists() for each in several):
        abort(400)


def register(house: Flask) -> None:
    """Hang the answers on the application."""
    house.before_request(refuse_what_is_no_text)
    house.register_error_handler(404, not_found)
    house.register_error_handler(405, not_found)
    house.register_error_handler(410, gone)
    house.register_error_handler(StaleDataError, gone)
    house.register_error_handler(KeyDestroyed, key_destroyed)
    house.register_error_handler(413, too_large)
    house.register_error_handler(429, too_often)
    house.register_error_handler(CSRFError, token_lost)
    house.register_error_handler(IntegrityError, at_once)
    house.register_error_handler(OperationalError, database_away)
    # More at once than there are connections: in a minute there is one.
    house.register_error_handler(PoolTimeout, database_away)
    house.register_error_handler(NotSupportedError, remade)
    # Where we are is told through the driver itself (tenants/scope.py).
    house.register_error_handler(DriverError, database_away)
    house.register_error_handler(RedisError, redis_away)
    house.register_error_handler(HTTPException, other)
