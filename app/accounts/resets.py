"""A forgotten password: a link by mail, used once, for three hours."""

from flask import flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import update

from app.accounts import bp
from app.accounts.forms import NewPasswordForm, ResetRequestForm
from app.accounts.models import SignIn, User, user_by_email
from app.accounts.sign_in import admit
from app.accounts.tokens import read_reset
from app.db import db, now
from app.limits import by_email, limiter
from app.pages import page
from workers.queue import later


@bp.get("/mot-de-passe/oubli")
def new_reset() -> ResponseReturnValue:
    """Where should the link go?"""
    return page("accounts/reset_request.html", form=ResetRequestForm(), sent=False)


@bp.post("/mot-de-passe/oubli")
@limiter.limit("5 per hour", key_func=by_email)
@limiter.limit("30 per hour")
def create_reset() -> ResponseReturnValue:
    """Send the link, if the address has an account; the answer is the same if it has not."""
    form = ResetRequestForm()
    if not form.validate_on_submit():
        return page("accounts/reset_request.html", form=form, sent=False), 422
    user = user_by_email(form.email.data or "")
    if user is not None:
        later("send_reset", user.id)
    return page("accounts/reset_request.html", form=form, sent=True)


def _user_of(token: str) -> User | None:
    read = read_reset(token)
    user = db.session.get(User, read[0]) if read else None
    return user if user and read and user.password_hash.endswith(read[1]) else None


@bp.get("/mot-de-passe/<string:token>")
def edit_password(token: str) -> ResponseReturnValue:
    """A page with a button: the mail filters of town halls click on links."""
    if _user_of(token) is None:
        return page("accounts/link_over.html", what="reset"), 410
    return page("accounts/new_password.html", form=NewPasswordForm(), token=token)


@bp.post("/mot-de-passe/<string:token>")
@limiter.limit("30 per hour")
def update_password(token: str) -> ResponseReturnValue:
    """Set the new password, end every other sign-in, and sign in here."""
    user = _user_of(token)
    if user is None:
        return page("accounts/link_over.html", what="reset"), 410
    form = NewPasswordForm()
    if not form.validate_on_submit():
        return page("accounts/new_password.html", form=form, token=token), 422
    user.password = form.password.data or ""
    db.session.execute(update(SignIn).where(SignIn.user_id == user.id, SignIn.ended_at.is_(None)).values(ended_at=now()))
    answer = admit(user, None)
    flash(_("Votre nouveau mot de passe est enregistré. Vos autres appareils sont déconnectés."))
    return answer
