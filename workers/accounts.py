"""Mails of accounts, the removal of lost second steps, and the forgetting of drafts."""

from uuid import UUID

from flask import current_app, render_template, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_mailman import EmailMessage

from app.accounts import drafts, removals
from app.accounts.factors import FactorRemoval
from app.accounts.models import Invitation, User, user_by_email
from app.accounts.tokens import invitation_token, removal_token, reset_token
from app.db import db
from tenants.models import Collective
from tenants.scope import here
from workers.queue import job


def send(to: str, subject: str, template: str, **values: object) -> None:
    """Send one plain-text mail."""
    EmailMessage(subject, render_template(f"mail/{template}.txt", **values), to=[to]).send()


def address(endpoint: str, **values: str) -> str:
    """A full address for a mail: a worker has no request to take the host from."""
    with current_app.test_request_context(base_url=current_app.config["PUBLIC_URL"]):
        return url_for(endpoint, _external=True, **values)


@job
def send_invitation(invitation_id: str) -> None:
    """Mail an invitation that still waits."""
    invitation = db.session.get(Invitation, (here(), UUID(invitation_id)))
    collective = db.session.get_one(Collective, here())
    if invitation is None or not invitation.waits:
        return
    known = user_by_email(invitation.email)
    inviter = db.session.get(User, invitation.invited_by) if invitation.invited_by else None
    link = address("accounts.show_invitation", token=invitation_token(here(), invitation.id))
    reader = known or inviter
    with force_locale(reader.language.value if reader else "fr"):
        send(
            invitation.email,
            _("Une place vous attend dans le collectif %(name)s", name=collective.name),
            "invitation",
            collective=collective,
            inviter=inviter,
            link=link,
            role=invitation.role,
        )


@job
def send_reset(user_id: str) -> None:
    """Mail the link for a new password."""
    user = db.session.get(User, UUID(user_id))
    if user is None:
        return
    link = address("accounts.edit_password", token=reset_token(user.id, user.password_hash))
    with force_locale(user.language.value):
        send(user.email, _("Choisir un nouveau mot de passe"), "reset", user=user, link=link)


@job
def send_removal(removal_id: str) -> None:
    """Tell an account at once that someone asked to take its second step away, with a link to say no."""
    removal = db.session.get(FactorRemoval, UUID(removal_id))
    if removal is None or not removal.waits:
        return
    user, asker = db.session.get_one(User, removal.user_id), db.session.get_one(User, removal.requested_by)
    link = address("accounts.show_removal", token=removal_token(removal.id))
    with force_locale(user.language.value):
        send(user.email, _("Votre deuxième étape de connexion va être retirée"), "removal", user=user, asker=asker, removal=removal, link=link)


@job
def send_removed(removal_id: str) -> None:
    """Tell an account that its second step is gone."""
    removal = db.session.get(FactorRemoval, UUID(removal_id))
    if removal is None:
        return
    user = db.session.get_one(User, removal.user_id)
    link = address("accounts.show_second_step")
    with force_locale(user.language.value):
        send(user.email, _("Votre deuxième étape de connexion est retirée"), "removed", user=user, link=link)


@job
def remove_due_second_steps() -> None:
    """Do the removals whose waiting time is over."""
    removals.remove_due()


@job
def forget_drafts() -> None:
    """Delete what was kept for more than seven days."""
    drafts.forget_old()
