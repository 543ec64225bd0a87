"""The second step of a sign-in: the code of an application, a passkey, or a recovery code."""

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts import bp, pending
from app.accounts.factors import recovery_codes_left, takes_code
from app.accounts.forms import SecondStepForm
from app.accounts.models import User
from app.accounts.passkeys import options_for, takes_passkey
from app.accounts.sign_in import arrival, begin_sign_in
from app.db import db
from app.limits import limiter
from app.pages import page

FEW = 3


def _failed(response: Response) -> bool:
    return response.status_code == 422


def _page(user: User, form: SecondStepForm, key_failed: bool = False) -> str:
    return page("accounts/second_step.html", form=form, options=options_for(user), key_failed=key_failed)


def _too_late() -> ResponseReturnValue:
    flash(_("Dix minutes ont passé depuis le mot de passe. Entrez-le de nouveau."), "warning")
    return redirect(url_for("accounts.new_sign_in"))


@bp.get("/connexion/etape")
def new_second_step() -> ResponseReturnValue:
    """Ask for the second step of whoever gave their password."""
    user = pending.waiting_user()
    return _too_late() if user is None else _page(user, SecondStepForm())


@bp.post("/connexion/etape")
@limiter.limit("10 per 15 minutes; 50 per day", key_func=pending.by_waiting, deduct_when=_failed)
@limiter.limit("100 per 15 minutes", deduct_when=_failed)
def create_second_step() -> ResponseReturnValue:
    """Sign in, in a session of its own; or ask again."""
    user, form = pending.waiting_user(), SecondStepForm()
    if user is None:
        return _too_late()
    answer = request.form.get("credential", "")
    if answer and not takes_passkey(user, answer):
        return _page(user, SecondStepForm(formdata=None), key_failed=True), 422
    if not answer and not (form.validate() and takes_code(user, form.code.data or "")):
        form.code.errors = form.code.errors or [_("Ce code n’ouvre pas, ou il a déjà servi. Attendez le suivant, ou prenez un code de secours.")]
        return _page(user, form), 422
    target = pending.target()
    begin_sign_in(user)
    # What was used up is counted.
    db.session.flush()
    left = recovery_codes_left(user.id)
    if left <= FEW:
        flash(
            ngettext(
                "Il vous reste un code de secours. Faites-en de nouveaux dans Mon compte.",
                "Il vous reste %(num)d codes de secours. Faites-en de nouveaux dans Mon compte.",
                left,
            ),
            "warning",
        )
    return redirect(arrival(user, target))
