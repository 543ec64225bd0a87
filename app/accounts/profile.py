"""One's own account: name, language, theme, the mail on Monday, and the devices one is signed in on."""

from uuid import UUID

from flask import abort, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_login import current_user, login_required
from sqlalchemy import select

from app.accounts import bp
from app.accounts.forms import DigestForm, ProfileForm
from app.accounts.models import Language, SignIn, Theme, User, own_account, sign_ins_of
from app.accounts.tokens import read_digest
from app.db import db
from app.limits import limiter
from app.pages import own_address, page
from tenants.models import Membership, memberships_of
from tenants.scope import inside


@bp.get("/compte")
@login_required
def edit_profile() -> ResponseReturnValue:
    """The form, and the list of devices."""
    values = {"name": current_user.name, "language": current_user.language.value, "theme": current_user.theme.value}
    form = ProfileForm(**values, weekly_digest=current_user.weekly_digest)
    return page("accounts/profile.html", form=form, sign_ins=db.session.scalars(sign_ins_of(current_user.id)).all())


@bp.post("/compte")
@login_required
def update_profile() -> ResponseReturnValue:
    """Change one's name, language and theme; the name follows into one's collectives."""
    form = ProfileForm()
    if not form.validate_on_submit():
        return page("accounts/profile.html", form=form, sign_ins=db.session.scalars(sign_ins_of(current_user.id)).all()), 422
    account = own_account()
    account.name = (form.name.data or "").strip()
    account.language, account.theme = Language(form.language.data), Theme(form.theme.data)
    account.weekly_digest = form.weekly_digest.data
    for membership, _collective in db.session.execute(memberships_of(current_user.id)).all():
        with inside(membership.collective_id):
            mine = db.session.scalars(select(Membership).where(Membership.user_id == current_user.id)).one()
            mine.display_name = account.name
    # In the language that was chosen just now.
    with force_locale(account.language.value):
        flash(_("C’est enregistré."))
    return redirect(url_for("accounts.edit_profile"))


@bp.post("/compte/connexions/<uuid:sign_in_id>/fin")
@login_required
def end_sign_in(sign_in_id: UUID) -> ResponseReturnValue:
    """End one of one's own sign-ins."""
    sign_in = db.session.get(SignIn, sign_in_id)
    if sign_in is None or sign_in.user_id != current_user.id:
        abort(404)
    sign_in.end()
    flash(_("Cet appareil est déconnecté."))
    return redirect(url_for("accounts.edit_profile"))


@bp.get("/mail-du-lundi/<string:token>")
@limiter.limit("60 per hour")
def edit_digest(token: str) -> ResponseReturnValue:
    """A page with a button: the mail filters of town halls click on links."""
    user = db.get_or_404(User, read_digest(token))
    return page("accounts/digest.html", form=DigestForm(), stopped=not user.weekly_digest)


@bp.post("/mail-du-lundi/<string:token>")
@limiter.limit("60 per hour")
def delete_digest(token: str) -> ResponseReturnValue:
    """No more of them, whoever is signed in."""
    user = db.get_or_404(User, read_digest(token))
    user.weekly_digest = False
    return page("accounts/digest.html", form=DigestForm(), stopped=True)


@bp.post("/langue/<string:code>")
def choose_language(code: str) -> ResponseReturnValue:
    """French or English, before or after signing in."""
    if code not in {each.value for each in Language}:
        abort(404)
    session["language"] = code
    if current_user.is_authenticated:
        own_account().language = Language(code)
    return redirect(own_address(request.form.get("next")) or url_for("accounts.new_sign_in"))
