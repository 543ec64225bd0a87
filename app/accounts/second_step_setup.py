"""One's own second step: set up, look at, take away."""

import base64
import binascii
from datetime import datetime
from uuid import UUID

import segno
from flask import abort, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required
from pyotp import random_base32
from pyotp.totp import TOTP

from app.accounts import bp, gate
from app.accounts.factors import (
    CodeGenerator,
    Passkey,
    add_generator,
    generator_of,
    make_recovery_codes,
    passkeys_of,
    recovery_codes_left,
    settle,
    waiting_removals,
)
from app.accounts.forms import ConfirmForm, GeneratorForm, PasskeyForm
from app.accounts.models import own_account
from app.accounts.passkeys import add_passkey, new_options
from app.accounts.seals import seal_for, unseal_for
from app.accounts.tokens import removal_token
from app.db import db, now
from app.limits import by_user, limiter
from app.pages import own_address, page
from tenants.keys import SealBroken

NEXT = "after_second_step"


@bp.get("/compte/deuxieme-etape")
@login_required
def show_second_step() -> ResponseReturnValue:
    """What there is, and what can be added."""
    if target := own_address(request.args.get("next")):
        session[NEXT] = target
    return _page(PasskeyForm())


def _page(form: PasskeyForm) -> str:
    return page(
        "accounts/second_step_setup.html",
        form=form,
        options=new_options(current_user),
        generator=db.session.get(CodeGenerator, current_user.id),
        passkeys=db.session.scalars(passkeys_of(current_user.id)).all(),
        left=recovery_codes_left(current_user.id),
        due=_grace(),
        token_of=removal_token,
        removal=db.session.scalar(waiting_removals(current_user.id).limit(1)),
        target=session.get(NEXT),
    )


def _grace() -> datetime | None:
    """Until when files open without it, if that day is still to come."""
    due = gate.due_at(current_user)
    return due if due and due > now() else None


def _added(first: bool, message: str) -> ResponseReturnValue:
    """With the first comes paper: ten codes, shown in this answer and never again."""
    if first:
        return page("accounts/recovery_codes.html", codes=make_recovery_codes(current_user), target=session.pop(NEXT, None))
    flash(message)
    return redirect(url_for("accounts.show_second_step"))


# An application.


@bp.get("/compte/deuxieme-etape/application")
@login_required
def new_generator() -> ResponseReturnValue:
    """A picture to scan, the same as letters, and a field for the first code."""
    return _generator_page(GeneratorForm(formdata=None), random_base32())


def _generator_page(form: GeneratorForm, secret: str) -> str:
    form.secret.data = base64.urlsafe_b64encode(seal_for(current_user.id, "new-generator", secret)).decode()
    picture = segno.make(TOTP(secret, name=current_user.email, issuer="Essaimage").provisioning_uri(), error="m", micro=False)
    groups = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    # An address of its own content: a picture inside the page would have to be trusted as markup.
    return page("accounts/new_generator.html", form=form, picture=picture.svg_data_uri(scale=5, border=4, light="#fff"), groups=groups)


def _secret_of(form: GeneratorForm) -> str | None:
    """The secret that the form carries, sealed for this account; None if it was not made here."""
    try:
        return unseal_for(current_user.id, "new-generator", base64.urlsafe_b64decode(form.secret.data or ""))
    except (SealBroken, binascii.Error, ValueError):
        return None


@bp.post("/compte/deuxieme-etape/application")
@login_required
@limiter.limit("30 per hour", key_func=by_user)
def create_generator() -> ResponseReturnValue:
    """Take the application whose code fits."""
    form = GeneratorForm()
    secret = _secret_of(form)
    if secret is None:
        return _generator_page(form, random_base32()), 422
    known = generator_of(current_user.id)
    if known is not None and known.secret == secret:
        return redirect(url_for("accounts.show_second_step"))
    first = current_user.second_step_since is None
    if form.validate_on_submit() and add_generator(own_account(), secret, form.code.data or ""):
        return _added(first, _("L’application est enregistrée."))
    form.code.errors = form.code.errors or [_("Ce code ne va pas. Vérifiez que l’heure du téléphone est juste, puis tapez le code qui s’affiche.")]
    return _generator_page(form, secret), 422


@bp.route("/compte/deuxieme-etape/application/retrait", methods=["GET", "POST"])
@login_required
@limiter.limit("20 per hour", key_func=by_user, methods=["POST"])
def delete_generator() -> ResponseReturnValue:
    """Take the application away, with the password."""
    generator, form = generator_of(current_user.id), ConfirmForm()
    if generator is None:
        return redirect(url_for("accounts.show_second_step"))
    if not _confirmed(form):
        return _ask(form, _("Retirer l’application"), _("Elle ne servira plus à entrer."), _("Retirer l’application"))
    db.session.delete(generator)
    return _taken_away()


# Passkeys.


@bp.post("/compte/deuxieme-etape/cles")
@login_required
@limiter.limit("30 per hour", key_func=by_user)
def create_passkey() -> ResponseReturnValue:
    """Take the passkey that the browser made."""
    form, first = PasskeyForm(), current_user.second_step_since is None
    if form.validate_on_submit() and add_passkey(own_account(), form.credential.data or ""):
        return _added(first, _("La clé d’accès est enregistrée."))
    form.credential.errors = [_("La clé d’accès n’a pas été créée. Essayez encore, ou choisissez une application.")]
    return _page(form), 422


@bp.route("/compte/deuxieme-etape/cles/<uuid:passkey_id>/retrait", methods=["GET", "POST"])
@login_required
@limiter.limit("20 per hour", key_func=by_user, methods=["POST"])
def delete_passkey(passkey_id: UUID) -> ResponseReturnValue:
    """Take a passkey of one's own away, with the password. The second of two taps leads where the first did, as any id does."""
    # Locked, so that the second of two that come at once finds it gone.
    passkey = db.session.scalar(passkeys_of(current_user.id).where(Passkey.id == passkey_id).with_for_update())
    form = ConfirmForm()
    confirmed = _confirmed(form)
    if passkey is None:
        # No journal knows what an account had: of one taken away, of another's and of none the same is said.
        if not confirmed:
            abort(404)
        flash(_("Cette clé d’accès n’est pas dans votre compte."))
        return redirect(url_for("accounts.show_second_step"))
    if not confirmed:
        return _ask(form, _("Retirer la clé d’accès"), _("Cet appareil ne servira plus à entrer avec elle."), _("Retirer la clé d’accès"))
    db.session.delete(passkey)
    return _taken_away()


# Paper.


@bp.route("/compte/deuxieme-etape/codes", methods=["GET", "POST"])
@login_required
@limiter.limit("20 per hour", key_func=by_user, methods=["POST"])
def create_recovery_codes() -> ResponseReturnValue:
    """Ten new codes, with the password. The former ones are void."""
    if current_user.second_step_since is None:
        return redirect(url_for("accounts.show_second_step"))
    form = ConfirmForm()
    if not _confirmed(form):
        return _ask(form, _("De nouveaux codes de secours"), _("Les anciens n’ouvriront plus rien."), _("Faire dix nouveaux codes"))
    return page("accounts/recovery_codes.html", codes=make_recovery_codes(current_user), target=None)


def _confirmed(form: ConfirmForm) -> bool:
    if not form.validate_on_submit():
        return False
    if current_user.opens_with(form.password.data or ""):
        return True
    form.password.errors = [_("Ce n’est pas votre mot de passe.")]
    return False


def _ask(form: ConfirmForm, title: str, text: str, button: str) -> ResponseReturnValue:
    status = 422 if request.method == "POST" else 200
    return page("accounts/confirm.html", form=form, heading=title, text=text, button=button), status


def _taken_away() -> ResponseReturnValue:
    # What is left is looked up.
    db.session.flush()
    settle(own_account())
    flash(_("C’est retiré."))
    return redirect(url_for("accounts.show_second_step"))
