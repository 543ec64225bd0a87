"""The head helps where a second step is lost and no coordination can: it asks for the removal, the account is told at once."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts.forms import LostSecondStepForm
from app.accounts.models import user_by_email
from app.accounts.removals import ask_removal, note_everywhere, said
from app.limits import by_user, limiter
from app.network import bp
from app.pages import page


@bp.get("/deuxieme-etape")
def new_removal() -> ResponseReturnValue:
    """Whose second step is lost?"""
    return page("network/removal.html", form=LostSecondStepForm())


@bp.post("/deuxieme-etape")
@limiter.limit("20 per hour", key_func=by_user)
def create_removal() -> ResponseReturnValue:
    """Ask for the removal, if the account has a second step and is not one's own."""
    form = LostSecondStepForm()
    user = user_by_email(form.email.data or "") if form.validate_on_submit() else None
    if user is None or user.second_step_since is None or user.id == current_user.id:
        form.email.errors = form.email.errors or [_("Aucun autre compte à cette adresse n’a de deuxième étape.")]
        return page("network/removal.html", form=form), 422
    flash(said(ask_removal(user, current_user.id)))
    note_everywhere(user.id, "asked to remove second step", current_user.id)
    return redirect(url_for("network.new_removal"))
